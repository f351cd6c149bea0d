"""`kcfg graph path`."""

from __future__ import annotations

import sys

import click

from kcfg_cli.complete import complete_symbol
from kcfg_cli.graph.options import graph_of, tell
from kcfg_cli.options import KernelChoice, format_option, kernel_options, open_judge

KINDS = ("depends", "choice", "requires", "select", "selected-by", "default", "imply", "prompt")


@click.command("path")
@click.argument("source", shell_complete=complete_symbol)
@click.argument("target", shell_complete=complete_symbol)
@click.option("--via", "kinds", multiple=True, type=click.Choice(KINDS), help="Only along these; repeatable.")
@click.option("--limit", default=8, show_default=True, type=click.IntRange(1, 1000), help="Shortest paths to show.")
@kernel_options
@format_option(("text", "json"))
def command(
    source: str, target: str, kinds: tuple[str, ...], limit: int, choice: KernelChoice, form: str,
) -> None:  # fmt: skip
    """How SOURCE depends on TARGET: the shortest paths, and one that passes no alternative, if there is any.

    SOURCE and TARGET are options, modes, or choices. An option without a prompt depends on those that select it.
    Exit status 1 where there is no path.

    \b
    Examples:
        kcfg graph path XEN_DOM0 PARAVIRT_XXL --kernel 6.12
        kcfg graph path pvh-domu ACPI --kernel 6.12
    """
    from graphs.nodes import NEEDS
    from graphs.paths import find_paths
    from kcfg import __version__

    judge = open_judge((), choice)
    report = find_paths(
        graph_of(judge), source, target,
        kernel=judge.kernel.used, version=__version__, kinds=kinds or NEEDS, limit=limit,
    )  # fmt: skip
    tell(report, form)
    sys.exit(0 if report.length or report.source == report.target else 1)
