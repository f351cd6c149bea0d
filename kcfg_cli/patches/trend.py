"""`kcfg patches trend`."""

from __future__ import annotations

import sys

import click

from kcfg_cli.complete import complete_file
from kcfg_cli.options import format_option, need_value, output_option
from kcfg_cli.outputs import IndexFile, write_output
from kcfg_cli.patches.options import jobs_option, progress
from patches.report import TREND_FORMATS


@click.command("trend")
@click.argument("queue", metavar="REPO[:FOLDER]", shell_complete=complete_file)
@click.option(
    "--upstream",
    "-u",
    required=True,
    metavar="REPO",
    help="The upstream's git repository.",
    shell_complete=complete_file,
)
@click.option("--branch", default="", metavar="BRANCH", help="The queue's branch; else its main branch.")
@click.option("--by", default="auto", type=click.Choice(("auto", "tags", "commits")), help="What counts as a release.")
@click.option("--points", default=60, show_default=True, type=click.IntRange(1, 5000), help="Revisions at most.")
@click.option(
    "--main-branch", default="", callback=need_value, metavar="BRANCH", help="The upstream's main branch; else its own."
)
@click.option(
    "--index",
    cls=IndexFile,
    default="",
    metavar="FILE",
    help="The upstream's index, instead of the cached.",
    shell_complete=complete_file,
)
@output_option("Write there, instead of to standard output.")
@jobs_option
@format_option(TREND_FORMATS)
def command(
    queue: str, upstream: str, branch: str, by: str, points: int, main_branch: str, index: str, output: str,
    jobs: int, form: str,
) -> None:  # fmt: skip
    """How many patches a queue carried at each release of its own history, by what is upstream today.

    \b
    Examples:
        kcfg patches trend ~/src/xen-queue --upstream ~/src/xen
        kcfg patches trend ~/src/xen-queue --upstream ~/src/xen --format svg -o trend.svg
    """
    from patches.report import render, write
    from patches.verdicts.trend import trend

    with progress() as tell:
        report = trend(
            queue, upstream, branch=branch, count=points, by=by, index=index, main_branch=main_branch, jobs=jobs,
            progress=tell,
        )  # fmt: skip
    if output:
        write_output(output, render(report, form).encode("utf-8", "backslashreplace"))
        return
    write(report, form, sys.stdout)
