"""`kcfg report`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from kcfg.base.errors import UserError
from kcfg_cli.complete import complete_file, complete_profile
from kcfg_cli.options import KernelChoice, configs_option, kernel_options, need_value, open_judge
from kcfg_cli.outputs import FolderOutput, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kcfg.answers.judge import Judge
    from kcfg_cli.site.site import Graph
    from patches.findings import StatusReport, TrendReport
    from patches.relevance.data import RelevanceReport
    from profiles import Profile


@click.command("report")
@configs_option("A configuration; repeatable.")
@click.option(
    "--mode",
    "-m",
    "modes",
    multiple=True,
    metavar="MODE",
    help="A mode, or another profile; else all.",
    shell_complete=complete_profile,
)
@click.option(
    "--queue",
    "-q",
    default="",
    metavar="QUEUE",
    help="A patch queue, as `kcfg patches` takes it.",
    shell_complete=complete_file,
)
@click.option(
    "--upstream",
    "-u",
    "upstreams",
    multiple=True,
    metavar="REPO",
    help="What to judge the queue by.",
    shell_complete=complete_file,
)
@click.option(
    "--archive",
    "archives",
    multiple=True,
    metavar="INBOX",
    shell_complete=complete_file,
    help="A mailing list to look for patches in.",
)
@click.option(
    "--base", default="", callback=need_value, metavar="REV", help="The upstream revision that the queue is made for."
)
@click.option(
    "--target",
    default="",
    callback=need_value,
    metavar="REV",
    help="The upstream revision that the queue shall move to.",
)
@click.option(
    "--points", default=30, show_default=True, type=click.IntRange(0, 5000), help="Revisions of the trend; 0: none."
)
@click.option("--all-kernels", is_flag=True, help="Graphs with a slider over all built-in kernels; takes longer.")
@click.option("--title", default="Xen kernel report", show_default=True, help="The site's title.")
@click.option(
    "--output",
    "-o",
    cls=FolderOutput,
    required=True,
    metavar="FOLDER",
    shell_complete=complete_file,
    help="Where to write; a site there is replaced.",
)
@kernel_options
def command(
    configs: tuple[str, ...],
    modes: tuple[str, ...],
    queue: str,
    upstreams: tuple[str, ...],
    archives: tuple[str, ...],
    base: str,
    target: str,
    points: int,
    all_kernels: bool,
    title: str,
    output: str,
    choice: KernelChoice,
) -> None:
    """Write a small site: configurations against modes, their findings and graphs, and a queue's backlog and trend.

    With --tree it also says which patches matter for each configuration and mode.

    The pages load nothing, so the folder can be sent or served as it is. It is written whole or not at all; a folder
    with other files in it is refused. The same input gives the same bytes.

    Exit status: 0 the site is written, 1 a mode that was named does not exist for a configuration's kernel or cannot be
    had there, 2 a configuration is unreadable, 3 something cannot be evaluated. The site is written all the same.

    \b
    Examples:
        kcfg report --config .config -o site
        kcfg report -c amd64.config -c arm64.config --queue debian/patches --upstream ~/src/linux -o site
    """
    from kcfg.answers.report.sentences import error_line
    from kcfg.base.text import visible
    from kcfg.kconfig.kernels import refuse_unknown
    from kcfg.show.sitefolder import check_folder
    from kcfg_cli.site.site import Site, files
    from profiles.check.side import side_by_side
    from profiles.check.verdicts import CLEAN, FOUND, UNEVALUATED, UNREADABLE

    if bool(queue) != bool(upstreams):
        raise UserError("--queue and --upstream go together", hint="the queue is judged by the upstream")
    if not configs and not queue:
        raise UserError("nothing to report on", hint="--config CONFIG, --queue QUEUE, or both")
    if configs.count("-") > 1:
        raise UserError("standard input can be read only once")
    refuse_unknown(choice.tree, choice.kernel, choice.arch)
    folder = Path(output)
    check_folder(folder)
    configs = tuple(dict.fromkeys(configs))
    side, judges = side_by_side(configs, modes, lambda config: open_judge(config, choice))
    wanted, failed = wanted_of(judges, modes)
    graphs = tuple(graphs_of(wanted, all_kernels))
    backlog = trend = None
    relevant: dict[str, RelevanceReport] = {}
    if queue:
        backlog, trend = queue_reports(queue, upstreams, archives, base, target, points)
        if choice.tree:
            relevant, more = relevance_of(queue, wanted)
            failed += more
    site = Site(title=title, side=side, graphs=graphs, relevance=relevant, backlog=backlog, trend=trend)
    write_site(output, files(site))
    errors = [part.result for part in side.configs if part.result.error]
    for text in [one.error for one in errors] + [error_line(one) for one in failed]:
        click.echo(f"kcfg: {visible(text)}", err=True)
    click.echo(visible(str(folder / "index.html")))
    unsure = backlog is not None and any(one.verdict == "unknown" for one in backlog.patches)
    unsure |= any(row is not None and row.verdict == "unknown" for part in side.configs for row in part.rows)
    statuses = (
        {one.error_status for one in errors} | {one.status for one in failed} | ({UNEVALUATED} if unsure else set())
    )
    sys.exit(next((one for one in (UNREADABLE, FOUND, UNEVALUATED) if one in statuses), CLEAN))


class Wanted(NamedTuple):
    """What a site asks of one configuration: its judge, and the modes that exist for its kernel, by the name given."""

    judge: Judge
    modes: dict[str, Profile]


def wanted_of(judges: Mapping[str, Judge], modes: tuple[str, ...]) -> tuple[dict[str, Wanted], list[UserError]]:
    """What to ask of each configuration, by slug, and why it cannot be asked for a mode that was named.

    A mode of another configuration's architecture is meant for that one. Where none is named, they are the
    architecture's usual ones that exist.
    """
    from graphs.compose import named_modes, usual_modes
    from profiles import load_profile

    arches = {judge.model.arch for judge in judges.values()}
    meant = {name: arches.intersection(load_profile(name).arch) or arches for name in modes}
    out: dict[str, Wanted] = {}
    missing: list[UserError] = []
    for slug, judge in judges.items():
        version, arch = judge.own_version, judge.model.arch
        asked = [name for name in modes if arch in meant[name]]
        found = named_modes(asked, arch, version, judge.config.name) if modes else usual_modes(arch, version)
        out[slug] = Wanted(judge, found.modes)
        missing += found.missing if modes else ()
    return out, missing


def graphs_of(wanted: Mapping[str, Wanted], all_kernels: bool) -> Iterator[Graph]:
    """The graphs of the first configurations; none where no mode is drawn for an architecture."""
    from functools import partial

    from graphs.compose import compose
    from graphs.report.page import graph_page
    from kcfg_cli.site.site import MANY, Graph

    for slug, (judge, modes) in list(wanted.items())[:MANY]:
        if modes:
            drawn = compose(judge, tuple(modes.values()), valued=True, others=all_kernels)
            symbols = frozenset(node.key for node in drawn.picture.nodes if node.key in judge.model.index)
            yield Graph(slug, partial(graph_page, drawn), symbols)


def relevance_of(queue: str, wanted: Mapping[str, Wanted]) -> tuple[dict[str, RelevanceReport], list[UserError]]:
    """Which patches matter for each of the first configurations, by slug; and what could not be told."""
    from functools import partial

    from kcfg import __version__
    from kcfg.show.terminal import working
    from kcfg_cli.site.site import MANY
    from patches.queues.queue import open_queue
    from patches.relevance.relevance import RelevanceQuestion, relevance

    out: dict[str, RelevanceReport] = {}
    failed: list[UserError] = []
    opened = open_queue(queue)
    for slug, (judge, modes) in list(wanted.items())[:MANY]:
        with working("joining the queue with the kernel") as work:
            try:
                asked = RelevanceQuestion(opened, judge.kernel, judge, tuple(modes), name=queue)
                out[slug] = relevance(asked, __version__, partial(work.advance, 0))
            except UserError as error:
                failed.append(error)
    return out, failed


def queue_reports(
    queue: str, upstreams: tuple[str, ...], archives: tuple[str, ...], base: str, target: str, points: int
) -> tuple[StatusReport, TrendReport | None]:
    """The backlog, and the trend where the queue has a history."""
    from kcfg_cli.patches.options import progress, question
    from patches.verdicts.audit import audit
    from patches.verdicts.trend import history_of
    from patches.verdicts.trend import trend as walk

    with progress() as tell:
        status = audit(question(queue, upstreams, archives, base, target, "", "", 0), tell)
        found = history_of(queue) if points else None
        if found is None:
            return status, None
        repo, branch = found
        return status, walk(repo, upstreams[0], branch=branch, count=points, progress=tell)
