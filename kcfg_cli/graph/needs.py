"""`kcfg graph needs`."""

from __future__ import annotations

import sys

import click

from kcfg_cli.complete import complete_symbol
from kcfg_cli.graph.options import graph_of, tell
from kcfg_cli.options import KernelChoice, format_option, kernel_options, open_judge


@click.command("needs")
@click.argument("symbol", shell_complete=complete_symbol)
@click.option("--depth", default=2, show_default=True, type=click.IntRange(0, 50), help="Steps of the cone.")
@click.option("--ways", "limit", default=8, show_default=True, type=click.IntRange(1, 200), help="Ways to look for.")
@kernel_options
@format_option(("text", "json", "markdown"))
def command(symbol: str, depth: int, limit: int, choice: KernelChoice, form: str) -> None:
    """What SYMBOL needs: the statements below it, and every minimal set of lines that turns it on.

    A way is a set of lines that a user sets while every other line is n, and none of which can be left out. Ways come
    from the solver, and each is resolved. Exit status 1 where the symbol can never be on.

    \b
    Examples:
        kcfg graph needs XEN_DOM0 --kernel 6.12
        kcfg graph needs XEN_PVH --kernel 5.10 --depth 4
    """
    from graphs.needs import find_needs
    from graphs.nodes import find_node
    from kcfg import __version__
    from kcfg.show.terminal import working
    from kcfg.solver.store import open_solver

    judge = open_judge((), choice)
    graph = graph_of(judge)
    find_node(graph, symbol)
    with working("solving"):
        solver = open_solver(judge.model, judge.resolver.answers, cache=choice.cache)
        report = find_needs(graph, judge, solver, symbol, version=__version__, depth=depth, limit=limit)
    tell(report, form)
    sys.exit(1 if report.core else 0)
