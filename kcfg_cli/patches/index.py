"""`kcfg patches index`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from kcfg.base.text import visible
from kcfg_cli.complete import complete_file
from kcfg_cli.options import need_value
from kcfg_cli.outputs import IndexFile
from kcfg_cli.patches.options import jobs_option, progress


@click.command("index")
@click.argument("repo", shell_complete=complete_file)
@click.option(
    "--paths",
    multiple=True,
    metavar="PATH",
    help="Only commits that touch these folders; repeatable.",
    shell_complete=complete_file,
)
@click.option("--since", default="", metavar="DATE", help="Only commits since a date, such as 2019-01-01.")
@click.option(
    "--main-branch",
    default="",
    callback=need_value,
    metavar="BRANCH",
    help="The main branch; else the repository's own.",
)
@click.option("--archive", is_flag=True, help="REPO is a mailing list: public-inbox git or mbox.")
@click.option(
    "--index",
    "--output",
    "-o",
    "output",
    cls=IndexFile,
    default="",
    metavar="FILE",
    help="The index file, instead of the cached one.",
    shell_complete=complete_file,
)
@jobs_option
def command(
    repo: str, paths: tuple[str, ...], since: str, main_branch: str, archive: bool, output: str, jobs: int
) -> None:
    """Make or update the index of an upstream REPO; the other commands do it by themselves.

    An update reads only what is new. It may be interrupted at any moment; the next one goes on from there. What --paths
    and --since limit stays limited for the other commands, until another index command says something else.

    \b
    Examples:
        kcfg patches index ~/src/xen
        kcfg patches index ~/src/linux --paths drivers/xen --paths arch/x86/xen --since 2015-01-01
        kcfg patches index ~/lists/xen-devel.git --archive
    """
    from pathlib import Path

    from kcfg.base.errors import UserError
    from patches.report.words import limits_words
    from patches.upstreams.indexing import default_jobs, update
    from patches.upstreams.scope import IndexScope, is_date
    from patches.verdicts.archive import update_archive

    if since and not is_date(since):
        raise UserError(f"--since {since!r}: not a date", hint="such as 2019-01-01 or '2 years ago'")
    file = Path(output) if output else None
    with progress() as tell:
        if archive:
            done = update_archive(repo, file, jobs or default_jobs(), tell, look=True)
        else:
            scope = IndexScope(paths, since, main_branch)
            done = update(repo, file, scope, jobs or default_jobs(), tell, look=True)
    if done.rebuilt:
        click.echo(f"kcfg: the index was {done.rebuilt}, and was made anew", err=True)
    if done.limits:
        click.echo(f"kcfg: {limits_words(done.limits)}", err=True)
    if not done.total and (paths or since):
        click.echo(f"kcfg: {nothing_in(paths, since)}", err=True)
    what = "messages" if archive else "commits"
    sys.stdout.write(f"{done.path}: {done.total:,} {what}, {done.added:,} new\n")


def nothing_in(paths: Sequence[str], since: str) -> str:
    """That no commit is within these limits."""
    when = f" since {since}" if since else ""
    return f"no commit{when} touches {', '.join(map(visible, paths))}" if paths else f"there is no commit{when}"
