"""`kcfg patches status`."""

from __future__ import annotations

import sys
from collections import Counter

import click

from kcfg_cli.complete import complete_file
from kcfg_cli.options import format_option
from kcfg_cli.patches.options import progress, question, upstream_options, waivers_option
from patches.report import STATUS_FORMATS

FAIL_ON = ("merged", "claims-wrong", "follow-up", "stale", "conflict", "unreadable", "waiver")


@click.command("status")
@click.argument("queue", shell_complete=complete_file)
@upstream_options
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice(FAIL_ON),
    help="Findings that make the exit status 1, unless they are waived; repeatable.",
)
@waivers_option
@format_option(STATUS_FORMATS)
def command(
    queue: str, upstreams: tuple[str, ...], archives: tuple[str, ...], base: str, target: str, main_branch: str,
    index: str, jobs: int, fail_on: tuple[str, ...], waivers: str, form: str,
) -> None:  # fmt: skip
    """What has become of each patch of QUEUE upstream.

    Exit status: 0, 1 findings that --fail-on names, 2 unreadable input, 3 a patch cannot be told.

    \b
    Examples:
        kcfg patches status debian/patches --upstream ~/src/linux
        kcfg patches status ~/src/xen.spec -u ~/src/xen --base RELEASE-4.17.3 --fail-on claims-wrong --format sarif
        kcfg patches status debian/patches -u ~/src/linux --fail-on follow-up --waivers waivers.toml
        kcfg patches status series.conf -u linux-6.12.tar.xz --archive ~/lists/xen-devel.git
    """
    from patches.report import write
    from patches.verdicts.audit import audit, exit_status

    asked = question(queue, upstreams, archives, base, target, main_branch, index, jobs, waivers)
    with progress() as tell:
        report = audit(asked, tell)
    write(report, form, sys.stdout)
    failed = Counter(one.kind.value for one in report.findings if one.kind.value in fail_on and not one.waived)
    if failed:
        told = ", ".join(f"{name} ({count})" for name, count in failed.items())
        click.echo(f"kcfg: failed on {told}", err=True)
    sys.exit(exit_status(report, fail_on))
