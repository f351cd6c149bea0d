"""The burn-down of a backlog: how many patches a queue's own history carried at each release, and what became of them.

A queue's repository is walked tag by tag, or commit by commit where it has few tags; each patch is judged once, by
today's upstream.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kcfg import __version__
from kcfg.base.errors import UserError
from kcfg.base.progress import Progress, silent
from kcfg.base.text import iso_date
from kcfg.sources.gitrepo import Repo, open_repo
from patches.findings import TrendPoint, TrendReport, Verdict
from patches.queues.queue import Cache, open_queue
from patches.verdicts.upstream import is_repository, open_upstream

POINTS = 60
"""How many revisions are drawn, unless asked otherwise."""
FEW_TAGS = 5
YEAR = 365 * 86_400
"""Tags of a queue whose newest is older than the branch by more than this are no longer made."""


@dataclass(frozen=True, slots=True)
class QueueRevision:
    """A revision of the queue."""

    name: str
    rev: str
    date: int


def points(repo: Repo, branch: str, count: int, by: str) -> tuple[QueueRevision, ...]:
    """The revisions to look at, the oldest first, evenly chosen: tags, or commits of a branch by first parent."""
    tags = tagged(repo) if by in ("auto", "tags") else []
    if by == "tags" and not tags:
        raise UserError("the queue's repository has no tags", where=repo.path, hint="--by commits walks its commits")
    if by == "tags":
        return thinned(tags, count)
    commits = committed(repo, branch)
    kept_up = len(tags) >= FEW_TAGS and commits and tags[-1].date >= commits[-1].date - YEAR
    return thinned(tags if kept_up else commits, count)


def tagged(repo: Repo) -> list[QueueRevision]:
    """The tags with the dates of their commits, the oldest first."""
    refs = repo.refs()
    names = {sha: name[10:] for name, sha in sorted(refs.items()) if name.startswith("refs/tags/")}
    found = [QueueRevision(name, sha, int(repo.text("show", "-s", "--format=%ct", sha))) for sha, name in names.items()]
    return sorted(found, key=lambda one: (one.date, one.name))


def committed(repo: Repo, branch: str) -> list[QueueRevision]:
    """The commits of a branch, by first parent, the oldest first."""
    text = repo.text("log", "--first-parent", "--format=%H %ct", repo.commit(branch or repo.main_branch()), "--")
    out = []
    for line in text.splitlines():
        sha, date = line.split(" ")
        out.append(QueueRevision(sha[:12], sha, int(date)))
    return sorted(out, key=lambda one: one.date)


def history_of(queue: str) -> tuple[str, str] | None:
    """(REPO or REPO:folder, branch) whose history a queue has, as `trend` takes them; None where it is in no git.

    A queue that is a range of commits is made anew with each rebase: it has no history of its own.
    """
    repository, at, revision = queue.rpartition("@")
    if at and os.path.isdir(repository):
        branch, _, folder = revision.partition(":")
        return None if ".." in branch else (repository + (f":{folder}" if folder else ""), branch)
    path = os.path.abspath(queue)
    for parent in (path, *map(str, Path(path).parents)):
        if is_repository(parent):
            inside = os.path.relpath(path, parent)
            return (parent if inside == "." else f"{parent}:{inside}"), "HEAD"
    return None


def thinned(every: Sequence[QueueRevision], count: int) -> tuple[QueueRevision, ...]:
    """At most `count` of them, evenly, the first and the last among them."""
    if count < 2 or len(every) <= count:
        return tuple(every)
    return tuple(every[round(i * (len(every) - 1) / (count - 1))] for i in range(count))


def trend(
    queue: str, upstream: str, *, branch: str = "", count: int = POINTS, by: str = "auto", index: str = "",
    main_branch: str = "", jobs: int = 0, progress: Progress | None = None,
) -> TrendReport:  # fmt: skip
    """The queue at each point of its history. `queue`: REPO or REPO:folder. UserError when it has no queue anywhere."""
    tell = progress or silent
    path, _, folder = queue.partition(":")
    repo = open_repo(path)
    history = open_upstream(upstream, index, main_branch, jobs, (), tell)
    cache: Cache = {}
    known: dict[str, Verdict] = {}
    out: list[TrendPoint] = []
    chosen = points(repo, branch, count, by)
    for number, one in enumerate(chosen):
        tell("walking the queue's history", number, len(chosen))
        try:
            found = open_queue(f"{path}@{one.rev}" + (f":{folder}" if folder else ""), cache)
        except UserError:
            continue  # a revision without a queue: before it was one, or a branch for something else
        verdicts: dict[str, int] = {}
        for entry in found.entries:
            verdict = known.get(entry.patch.sha256)
            if verdict is None:
                verdict = known[entry.patch.sha256] = history.judge(entry.patch, entry.header).verdict
            verdicts[verdict.value] = verdicts.get(verdict.value, 0) + 1
        ordered = {str(verdict): verdicts[verdict] for verdict in Verdict if verdict in verdicts}
        out.append(
            TrendPoint(
                name=one.name,
                rev=one.rev,
                date=iso_date(one.date),
                patches=len(found.entries),
                verdicts=ordered,
                base=found.version,
            )
        )
    if not out:
        raise UserError("no revision of it has a queue of patches", where=queue)
    return TrendReport(version=__version__, queue=queue, upstream=(history.used,), points=tuple(out))
