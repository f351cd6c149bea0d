"""`kcfg patches show`."""

from __future__ import annotations

import sys

import click

from kcfg_cli.complete import complete_file
from kcfg_cli.options import format_option
from kcfg_cli.patches.options import progress, question, upstream_options, waivers_option
from patches.report import SHOW_FORMATS


@click.command("show")
@click.argument("queue", shell_complete=complete_file)
@click.argument("patch")
@upstream_options
@waivers_option
@format_option(SHOW_FORMATS)
def command(
    queue: str, patch: str, upstreams: tuple[str, ...], archives: tuple[str, ...], base: str, target: str,
    main_branch: str, index: str, jobs: int, waivers: str, form: str,
) -> None:  # fmt: skip
    """One PATCH of QUEUE: evidence, claims, hunks, follow-ups, and the difference to the upstream change.

    \b
    Examples:
        kcfg patches show debian/patches bugfix/x86/fix-it.patch --upstream ~/src/linux
    """
    from patches.findings import PatchDetail
    from patches.report import write
    from patches.verdicts.audit import detail, exit_status

    asked = question(queue, upstreams, archives, base, target, main_branch, index, jobs, waivers)
    with progress() as tell:
        report, difference = detail(asked, patch, tell)
    write(PatchDetail(status=report, difference=difference), form, sys.stdout)
    sys.exit(exit_status(report, ()))
