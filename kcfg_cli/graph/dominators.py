"""`kcfg graph dominators`."""

from __future__ import annotations

import sys

import click

from kcfg_cli.complete import complete_profile
from kcfg_cli.graph.options import mode_of, tell
from kcfg_cli.options import KernelChoice, format_option, kernel_options, open_judge


@click.command("dominators")
@click.argument("mode", shell_complete=complete_profile)
@kernel_options
@format_option(("text", "json", "markdown"))
def command(mode: str, choice: KernelChoice, form: str) -> None:
    """The options that every way to MODE passes: on in every configuration that fulfils its rules.

    MODE is a profile's name or file. Exit status 1 where the mode does not exist on the kernel.

    \b
    Examples:
        kcfg graph dominators pvh-domu --kernel 6.12
    """
    from graphs.dominators import find_dominators
    from kcfg import __version__
    from kcfg.show.terminal import working
    from kcfg.solver.store import open_solver

    profile = mode_of(mode)
    judge = open_judge((), choice)
    with working("solving"):
        solver = open_solver(judge.model, judge.resolver.answers, cache=choice.cache)
        report = find_dominators(judge.kernel, solver, profile, version=__version__)
    tell(report, form)
    sys.exit(1 if report.why_not else 0)
