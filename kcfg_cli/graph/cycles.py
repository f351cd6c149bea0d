"""`kcfg graph cycles`."""

from __future__ import annotations

import sys

import click

from kcfg_cli.graph.options import graph_of, tell
from kcfg_cli.options import KernelChoice, format_option, kernel_options, open_judge


@click.command("cycles")
@kernel_options
@format_option(("text", "json"))
def command(choice: KernelChoice, form: str) -> None:
    """Circles: recursive dependencies, which Kconfig refuses, and options that turn on what they depend on.

    Exit status 1 where there is a recursive dependency.

    \b
    Examples:
        kcfg graph cycles --kernel 6.12
    """
    from graphs.cycles import find_cycles
    from kcfg import __version__

    judge = open_judge((), choice)
    report = find_cycles(graph_of(judge), kernel=judge.kernel.used, version=__version__)
    tell(report, form)
    sys.exit(1 if report.recursive else 0)
