"""`kcfg graph cycles`."""

from __future__ import annotations

import sys

import click

from kcfg_cli.graph.options import graph_of, judge_of, tell
from kcfg_cli.options import KernelChoice, format_option, kernel_options


@click.command("cycles")
@kernel_options
@format_option(("text", "json"))
def command(tree: str, kernel: str, arch: str, probes: bool, cache: bool, form: str) -> None:
    """Circles: recursive dependencies, which Kconfig refuses, and options that turn on what they depend on.

    Exit status 1 where there is a recursive dependency.

    \b
    Examples:
        kcfg graph cycles --kernel 6.12
    """
    from graphs.cycles import find_cycles
    from kcfg import __version__

    judge = judge_of((), KernelChoice(tree, kernel, arch, probes, cache))
    report = find_cycles(graph_of(judge), kernel=judge.kernel.used, version=__version__)
    tell(report, form)
    sys.exit(1 if report.recursive else 0)
