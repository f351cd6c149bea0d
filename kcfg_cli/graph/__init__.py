"""`kcfg graph`: the commands on the dependency graph. Without a sub-command's name it is `kcfg graph picture`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import click

from kcfg_cli.cli import Commands

DEFAULT = "picture"
HELP = ("-h", "--help")


class GraphCommands(Commands):
    """The sub-commands of `kcfg graph`; options without a sub-command are those of the default one."""

    table: ClassVar[Mapping[str, str]] = {
        "picture": "Draw modes: one interactive page, SVG, or PNG; also without this word.",
        "path": "How one option depends on another: the shortest ways, and what is certain.",
        "needs": "What an option needs, and every minimal set of lines that turns it on.",
        "needed-by": "What goes when an option goes, and the line that does it.",
        "dominators": "The options that every way to a mode passes.",
        "compare": "Two modes side by side on several kernels.",
        "history": "How an option's definition changed from kernel to kernel.",
        "cycles": "Circles of dependencies and selects.",
        "export": "The graph for other programs: DOT, GraphML, JSON, Mermaid.",
    }
    package = "kcfg_cli.graph"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """`kcfg graph --modes ...` is `kcfg graph picture --modes ...`."""
        if args and args[0].startswith("-") and args[0] not in HELP and DEFAULT in self.table:
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)


@click.group("graph", cls=GraphCommands)
def command() -> None:
    """The graph of a kernel's options, choices and the modes under Xen: a picture of it, and questions to it.

    \b
    Examples:
        kcfg graph --modes pv-domu,pvh-domu --kernel 6.12 -o xen.html
        kcfg graph path XEN_DOM0 PARAVIRT_XXL --kernel 6.12
        kcfg graph needed-by PARAVIRT_XXL --kernel 6.12
        kcfg graph compare pv-domu pvh-domu
    """
