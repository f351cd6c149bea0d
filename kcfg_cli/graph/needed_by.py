"""`kcfg graph needed-by`."""

from __future__ import annotations

import sys

import click

from kcfg_cli.complete import complete_symbol
from kcfg_cli.graph.options import tell
from kcfg_cli.options import KernelChoice, configs_option, format_option, kernel_options, open_judge


@click.command("needed-by")
@click.argument("symbol", shell_complete=complete_symbol)
@configs_option("Ask it of this configuration; several are merged. Else of the kernel's defaults.")
@kernel_options
@format_option(("text", "json", "markdown"))
def command(symbol: str, configs: tuple[str, ...], choice: KernelChoice, form: str) -> None:
    """What goes when SYMBOL goes: exactly the options that lose their value when it is n, and the line that does it.

    Both configurations are resolved, before and after; nothing is guessed from the graph. Exit status 1 where nothing
    turns SYMBOL off, or nothing turns it on.

    \b
    Examples:
        kcfg graph needed-by PARAVIRT_XXL --kernel 6.12
        kcfg graph needed-by XEN_PV --config .config
    """
    from graphs.losses import find_needed_by
    from kcfg import __version__
    from kcfg.show.terminal import working
    from kcfg.solver.store import open_solver

    judge = open_judge(configs, choice)
    with working("solving"):
        solver = open_solver(judge.model, judge.resolver.answers, cache=choice.cache)
        report = find_needed_by(judge, solver, symbol, version=__version__, given=bool(configs))
    tell(report, form)
    sys.exit(1 if report.core else 0)
