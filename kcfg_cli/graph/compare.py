"""`kcfg graph compare`."""

from __future__ import annotations

import sys

import click

from kcfg_cli.complete import complete_profile
from kcfg_cli.graph.options import kernels_options, mode_of, open_kernels, tell
from kcfg_cli.options import format_option


@click.command("compare")
@click.argument("left", shell_complete=complete_profile)
@click.argument("right", shell_complete=complete_profile)
@kernels_options
@format_option(("text", "json", "markdown"))
def command(
    left: str, right: str, kernels: tuple[str, ...], trees: tuple[str, ...], arch: str, cache: bool, form: str
) -> None:
    """What the modes LEFT and RIGHT have in common, and what only one of them needs, on each kernel.

    Counted is what every configuration of a mode has on: what its rules ask for, and what follows from that. Exit
    status 1 where no kernel has both modes, each by itself.

    \b
    Examples:
        kcfg graph compare pv-domu pvh-domu
        kcfg graph compare pv-dom0 pvh-dom0 --kernel 6.12 --format markdown
    """
    from graphs.dominators import compare
    from kcfg import __version__

    profiles = mode_of(left), mode_of(right)
    report = compare(open_kernels(kernels, trees, arch, cache=cache), *profiles, version=__version__)
    tell(report, form)
    sys.exit(1 if all(row.left_why or row.right_why for row in report.rows) else 0)
