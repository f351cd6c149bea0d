"""`kcfg patches plan`."""

from __future__ import annotations

import os
import sys

import click

from kcfg.base.errors import UserError
from kcfg_cli.complete import complete_file
from kcfg_cli.options import format_option
from kcfg_cli.patches.options import progress, question, upstream_options
from patches.report import PLAN_FORMATS


@click.command("plan")
@click.argument("queue", shell_complete=complete_file)
@upstream_options
@click.option(
    "--write",
    "output",
    default="",
    metavar="FILE",
    help="Write a new series; never over an existing file.",
    shell_complete=complete_file,
)
@format_option(PLAN_FORMATS)
def command(
    queue: str, upstreams: tuple[str, ...], archives: tuple[str, ...], base: str, target: str, main_branch: str,
    index: str, jobs: int, output: str, form: str,
) -> None:  # fmt: skip
    """What to drop, refresh, send and watch of QUEUE, on its way to --target (or as of today's mainline).

    Exit status: 0, 2 unreadable input or the file of --write exists, 3 a patch cannot be told.

    \b
    Examples:
        kcfg patches plan debian/patches --upstream ~/src/linux --base v6.1 --target v6.12
        kcfg patches plan xen.spec -u ~/src/xen --target RELEASE-4.20.0 --write series.new
    """
    from patches.findings import PlanReport
    from patches.report import write
    from patches.report.plan import new_series
    from patches.verdicts.audit import audit, exit_status
    from patches.verdicts.plan import decisions, plan

    if output and os.path.lexists(output):
        raise UserError("the file exists already", where=output, hint="nothing is written over; name a new file")
    asked = question(queue, upstreams, archives, base, target, main_branch, index, jobs)
    with progress() as tell:
        report = audit(asked, tell)
    made = PlanReport(status=report, plan=plan(report), decisions=decisions(report), written=output)
    write(made, form, sys.stdout)
    if output:
        from kcfg.base.atomic import write_new

        write_new(output, new_series(report).encode("utf-8", "surrogateescape"))
        click.echo(f"kcfg: wrote {output}", err=True)
    sys.exit(exit_status(report, ()))
