"""What the commands on queues share: the options that choose upstreams and revisions, and progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

from kcfg.base.errors import UserError
from kcfg_cli.complete import complete_file
from kcfg_cli.options import need_value
from kcfg_cli.outputs import IndexFile

if TYPE_CHECKING:
    from kcfg.base.progress import Progress
    from patches.verdicts.audit import AuditQuestion

F = TypeVar("F", bound=Callable[..., object])


def upstream_options(function: F) -> F:
    """--upstream, --archive, --base, --target, --main-branch, --index, --jobs."""
    for option in (
        jobs_option,
        click.option(
            "--index",
            cls=IndexFile,
            default="",
            metavar="FILE",
            help="The first upstream's index, instead of the cached.",
            shell_complete=complete_file,
        ),
        click.option(
            "--main-branch",
            default="",
            callback=need_value,
            metavar="BRANCH",
            help="The upstream's main branch; else its own.",
        ),
        click.option(
            "--target",
            default="",
            callback=need_value,
            metavar="REV",
            help="The revision that the queue shall move to.",
        ),
        click.option(
            "--base",
            default="",
            callback=need_value,
            metavar="REV",
            help="The upstream revision that the queue is made for.",
        ),
        click.option(
            "--archive",
            "archives",
            multiple=True,
            metavar="INBOX",
            shell_complete=complete_file,
            help="A mailing list: public-inbox git or mbox.",
        ),
        click.option(
            "--upstream",
            "-u",
            "upstreams",
            multiple=True,
            required=True,
            metavar="REPO",
            help="A git repository; or a source tree, a tarball, REPO@revision, judged by content alone.",
            shell_complete=complete_file,
        ),
    ):
        function = option(function)
    return function


waivers_option = click.option(
    "--waivers",
    default="",
    metavar="FILE",
    help="TOML file of follow-ups that the queue shall lack.",
    shell_complete=complete_file,
)
jobs_option = click.option("--jobs", "-j", default=0, type=click.IntRange(0, 256), help="Processes that index.")


def question(
    queue: str, upstreams: tuple[str, ...], archives: tuple[str, ...], base: str, target: str, main_branch: str,
    index: str, jobs: int, waivers: str = "",
) -> AuditQuestion:  # fmt: skip
    """The options as the question that they are."""
    from patches.verdicts.audit import AuditQuestion as Asked

    if not queue:
        raise UserError("no queue given")
    return Asked(queue, upstreams, archives, base, target, index, jobs, main_branch, waivers)


@contextmanager
def progress() -> Iterator[Progress]:
    """Progress on the terminal, one line that changes with the stage."""
    from kcfg.show.terminal import working

    with working("reading") as work:
        yield work.set
