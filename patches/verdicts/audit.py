"""A whole queue against its upstreams: reads both, judges every patch, and puts the answers into one report.

The order of the upstreams is the user's, and a history decides before a mailing list: only what is not found in one is
looked for in the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from kcfg import __version__
from kcfg.base.errors import UserError
from kcfg.base.progress import Progress, silent
from kcfg.sources.gitrepo import open_repo
from patches.evidence import Note, NoteKind
from patches.findings import (
    Nearest,
    PatchResult,
    StatusReport,
    Submission,
    UpstreamCommit,
    Verdict,
)
from patches.queues.files import joined
from patches.queues.gitfiles import GitFiles
from patches.queues.queue import open_queue
from patches.queues.reasons import StaleKind
from patches.upstreams.commits import diff_of
from patches.upstreams.store import DamagedError
from patches.verdicts.acts import findings
from patches.verdicts.apply import apply_queue
from patches.verdicts.archive import Archive, open_archive
from patches.verdicts.commits import undoing, upstream_commit
from patches.verdicts.followups import family, follow_ups_of, waive
from patches.verdicts.pairs import add_undone
from patches.verdicts.rangediff import range_diff
from patches.verdicts.tree import ContentTree
from patches.verdicts.upstream import History, is_repository, open_upstream
from patches.verdicts.waivers import load_waivers
from patches.verdicts.witnesses import Revision, at, can_be_dropped, mainline, witnesses

if TYPE_CHECKING:
    from patches.queues.entries import Queue, QueueEntry
    from patches.verdicts.judgement import Judgement


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """What is asked: a queue, the upstreams that may have its patches, archives of mailing lists, two revisions.

    `base` is the revision that the queue is made for, `target` the one that it shall move to. `index`: the file of the
    first upstream's index, "" for the cache. `main_branch`: its main branch, "" for the repository's own choice.
    `waivers`: a file of follow-ups that the queue shall lack, "" for none.
    """

    queue: str
    upstreams: tuple[str, ...]
    archives: tuple[str, ...] = ()
    base: str = ""
    target: str = ""
    index: str = ""
    jobs: int = 0
    main_branch: str = ""
    waivers: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One patch with what was found of it, the upstream that told, and the history that has it (None: none has)."""

    entry: QueueEntry
    found: Judgement
    upstream: History | ContentTree
    history: History | None


NOTHING = frozenset({Verdict.NOT_UPSTREAM, Verdict.CLAIMS_WRONG, Verdict.UNKNOWN, Verdict.SUPERSEDED})
"""Verdicts with which the next upstream is asked."""


def audit(question: AuditQuestion, progress: Progress | None = None, only: str = "") -> StatusReport:
    """The report on a queue, or on one patch of it. UserError when the queue or an upstream is unreadable.

    Where an index proves damaged on the way, all are looked through, and it is asked once more.
    """
    try:
        return reported(question, progress or silent, only)
    except DamagedError:
        return reported(question, progress or silent, only, look=True)


def reported(question: AuditQuestion, tell: Progress, only: str, look: bool = False) -> StatusReport:
    """The report; `look`: indexes are looked through first."""
    tell("reading the queue", 0, 0)
    queue = open_queue(question.queue)
    waivers = load_waivers(question.waivers, queue.entries)
    if not question.upstreams:
        raise UserError("no upstream", hint="--upstream REPO names one")
    paths = {path for entry in queue.entries for path in entry.patch.paths}
    own = [entry.commit for entry in queue.entries if entry.commit]
    upstreams = [
        open_upstream(
            path, "" if number else question.index, main_beside(path, question, own), question.jobs, paths, tell, look
        )
        for number, path in enumerate(question.upstreams)
    ]
    upstreams = [one.leaving_out(own) if isinstance(one, History) else one for one in upstreams]
    histories = [one for one in upstreams if isinstance(one, History)]
    if (question.base or question.target) and not histories:
        raise UserError("--base and --target need an upstream with a history")
    archives = [open_archive(path, question.jobs, tell, look) for path in question.archives]
    every = judge_all(queue, upstreams, tell)
    asked = [one for one in every if not only or only in (one.entry.name, one.entry.path, one.entry.patch.sha256)]
    if only and not asked:
        from kcfg.base.text import nearest

        names = [one.entry.name for one in every]
        raise UserError(f"no patch {only!r}", where=joined(queue.root, ""), hint=nearest(only, names))
    # What becomes of one patch at the target hangs on which of the others the target has.
    chosen = every if question.target else asked
    results = [result_of(one, archives if one in asked else ()) for one in chosen]
    results = add_follow_ups(results, chosen, carried(every))
    reached = reach(results, chosen, question, histories)
    results = add_revisions(results, chosen, question, histories, reached)
    results, used = waive(results, [one.history for one in chosen], waivers)
    results = add_witnesses(results, chosen, question, histories, reached, tell)
    if len(chosen) == len(every):
        results = add_undone(results, queue.entries)
    if question.target:
        results = add_target(results, queue, question, histories, tell)
        shown = {one.entry.position for one in asked}
        results = [one for one in results if one.position in shown]
    # Without a history no follow-up can be known; of one patch, only its own waivers can be.
    about = [*waivers.findings(used, unused=bool(histories))]
    about = [one for one in about if not only or one.patch in {one.entry.name for one in asked}]
    return StatusReport(
        version=__version__,
        queue=question.queue,
        format=queue.format,
        upstream=tuple(one.used for one in (*upstreams, *archives)),
        base=question.base,
        target=question.target,
        main_branch=question.main_branch,
        index=question.index,
        patches=tuple(results),
        findings=(*findings(queue.findings, results, question.target), *about),
    )


def main_beside(path: str, question: AuditQuestion, own: Sequence[str]) -> str:
    """The main branch to ask for: a branch that is the queue itself is not upstream's; "" for the usual one."""
    if question.main_branch or not own or not is_repository(path):
        return question.main_branch
    repo = open_repo(path)
    found = repo.main_branch(own=own)
    return "" if found == repo.main_branch() else found


# Judging


def judge_all(queue: Queue, upstreams: Sequence[History | ContentTree], tell: Progress) -> list[Judged]:
    """Every patch by the first upstream that has it, else by the first."""
    out = []
    for number, entry in enumerate(queue.entries):
        tell("judging patches", number, len(queue.entries))
        out.append(judge_entry(entry, upstreams))
    return out


def judge_entry(entry: QueueEntry, upstreams: Sequence[History | ContentTree]) -> Judged:
    """One patch."""
    first: Judged | None = None
    for upstream in upstreams:
        found = upstream.judge(entry.patch, entry.header)
        judged = Judged(entry, found, upstream, upstream if isinstance(upstream, History) and found.commits else None)
        if found.verdict not in NOTHING:
            return judged
        first = first or judged
    assert first is not None
    return first


def carried(every: Iterable[Judged]) -> dict[int, set[int]]:
    """For each history, by its identity, the commits that the queue carries."""
    out: dict[int, set[int]] = {}
    for one in every:
        if one.history is not None:
            out.setdefault(id(one.history), set()).update(*one.found.changes)
    return out


def result_of(one: Judged, archives: Sequence[Archive]) -> PatchResult:
    """What is known of one patch, without what needs the whole queue."""
    entry, found = one.entry, one.found
    submissions: tuple[Submission, ...] = ()
    verdict = found.verdict
    if not found.changes and entry.patch.files:
        submissions = tuple(sent for archive in archives for sent in archive.find(entry.patch, entry.header))
        if submissions and verdict in NOTHING:
            verdict = Verdict.SUBMITTED
    problems = tuple(Note(NoteKind.PROBLEM, problem=one) for one in entry.patch.problems)
    commits: tuple[UpstreamCommit, ...] = ()
    if one.history is not None:
        changes = found.changes or (frozenset[int](),) * len(found.commits)
        commits = tuple(
            upstream_commit(one.history.index, ident, change)
            for ident, change in zip(found.commits, changes, strict=True)
        )
    nearest = None
    takes_back: tuple[UpstreamCommit, ...] = ()
    if isinstance(one.upstream, History):
        index = one.upstream.index
        takes_back = tuple(upstream_commit(index, ident, index.equivalents(ident)) for ident in found.takes_back)
        if found.nearest:
            ident, score = found.nearest
            commit = upstream_commit(index, ident, index.equivalents(ident))
            nearest = Nearest(commit=commit, score=round(score, 4), threshold=found.threshold)
    return PatchResult(
        name=entry.name,
        position=entry.position,
        subject=entry.header.subject,
        author=entry.header.author,
        where=entry.where,
        condition=entry.condition,
        section=entry.section,
        verdict=verdict,
        score=round(found.score, 4),
        certainty=found.certainty,
        commits=commits,
        evidence=found.evidence,
        claims=found.claims,
        hunks=found.hunks,
        submissions=submissions,
        references=entry.header.references,
        nearest=nearest,
        takes_back=takes_back,
        reverse=entry.reverse,
        paths=tuple(sorted(entry.patch.paths)),
        notes=found.notes + problems,
    )


# Follow-ups and revisions


def add_follow_ups(
    results: Sequence[PatchResult], judged: Sequence[Judged], carried: dict[int, set[int]]
) -> list[PatchResult]:
    """Adds upstream's fixes and reverts of what is carried, unless the queue carries these, too."""
    out = []
    for result, one in zip(results, judged, strict=True):
        if one.history is not None and one.found.changes:
            found = follow_ups_of(one.history, one.found.changes, carried[id(one.history)])
            result = msgspec.structs.replace(result, follow_ups=found)
        out.append(result)
    return out


def reach(
    results: Sequence[PatchResult], judged: Sequence[Judged], question: AuditQuestion, histories: Sequence[History]
) -> dict[str, frozenset[str]]:
    """Base and target -> which of the commits that matter they have."""
    if not (question.base or question.target):
        return {}
    history = histories[0]
    index = history.index
    idents = {ident for one in judged if one.history is history for change in one.found.changes for ident in change}
    wanted = {index.commit(one).sha for one in (*idents, *(ident for ident, _ in undoing(idents, index)))}
    wanted |= {same.sha for result in results for one in result.follow_ups for same in family(history, one.commit.sha)}
    return {name: history.reached(name, wanted) for name in (question.base, question.target) if name}


def add_revisions(
    results: Sequence[PatchResult], judged: Sequence[Judged], question: AuditQuestion, histories: Sequence[History],
    reached: dict[str, frozenset[str]],
) -> list[PatchResult]:  # fmt: skip
    """Says what the base and the target have, and drops follow-ups that the base has already."""
    if not reached:
        return list(results)
    history = histories[0]
    out = []
    for result, one in zip(results, judged, strict=True):
        follow_ups = result.follow_ups
        in_base = in_target = None
        if one.history is history and one.found.changes:
            in_base = has(history, one.found.changes, reached[question.base]) if question.base else None
            in_target = has(history, one.found.changes, reached[question.target]) if question.target else None
        if question.base:
            follow_ups = tuple(
                one
                for one in follow_ups
                if not any(same.sha in reached[question.base] for same in family(history, one.commit.sha))
            )
        out.append(msgspec.structs.replace(result, in_base=in_base, in_target=in_target, follow_ups=follow_ups))
    return out


def add_witnesses(
    results: Sequence[PatchResult], judged: Sequence[Judged], question: AuditQuestion, histories: Sequence[History],
    reached: dict[str, frozenset[str]], tell: Progress,
) -> list[PatchResult]:  # fmt: skip
    """Says of each patch what the match and the files of the target say to dropping it."""
    target = at(histories[0], question.target, reached[question.target]) if question.target else None
    newest: dict[int, Revision] = {}
    out = []
    for number, (result, one) in enumerate(zip(results, judged, strict=True)):
        tell("looking at the target", number, len(results))
        asked = target or newest.get(id(one.upstream))
        if asked is None:
            upstream = one.upstream
            asked = mainline(upstream) if isinstance(upstream, History) else Revision(upstream.target(), None, None)
            newest[id(upstream)] = asked
        # A patch that was not fetched has no hunk, and a match: the commit that its address names.
        compared = one.entry.patch.files or one.found.changes
        told = witnesses(result, one.entry.patch, one.found, one.history, asked) if compared else None
        out.append(msgspec.structs.replace(result, witnesses=told))
    return out


def has(history: History, changes: Sequence[frozenset[int]], reached: frozenset[str]) -> bool:
    """Whether a revision has all changes of a patch."""
    return all(any(history.index.commit(ident).sha in reached for ident in change) for change in changes)


def add_target(
    results: Sequence[PatchResult], queue: Queue, question: AuditQuestion, histories: Sequence[History], tell: Progress
) -> list[PatchResult]:
    """Says of each patch what becomes of it at the target, after those before it that the target lacks."""
    tree = GitFiles(histories[0].repo.path, question.target)
    gone = {one.position for one in results if can_be_dropped(one)}
    dropped = {number for number, entry in enumerate(queue.entries) if entry.position in gone}
    told = apply_queue([one.patch for one in queue.entries], tree, tell, dropped)
    by_position = {entry.position: applies for entry, applies in zip(queue.entries, told, strict=True)}
    return [msgspec.structs.replace(one, applies=by_position[one.position]) for one in results]


def detail(
    question: AuditQuestion, name: str, progress: Progress | None = None
) -> tuple[StatusReport, tuple[str, ...]]:
    """The report on one patch, and the difference between it and the upstream commits, line by line."""
    report = audit(question, progress, name)
    (result,) = report.patches[:1]
    entry = next(one for one in open_queue(question.queue).entries if one.position == result.position)
    for path in question.upstreams if entry.patch.files else ():
        if not is_repository(path):
            continue
        repo = open_repo(path)
        texts = [diff_of(repo, one.sha) for one in result.commits if repo.has(one.sha)]
        if texts:
            return report, tuple(range_diff(entry.patch, texts))
    return report, ()


def exit_status(report: StatusReport, fail_on: Sequence[str]) -> int:
    """0, 1 when there are findings of these kinds that nobody waived, 3 when a patch cannot be told, or none of those
    listed is there."""
    if any(one.kind.value in fail_on and not one.waived for one in report.findings):
        return 1
    missing = any(one.stale and one.stale.kind in (StaleKind.MISSING, StaleKind.OUTSIDE) for one in report.findings)
    return 3 if any(one.verdict is Verdict.UNKNOWN for one in report.patches) or (missing and not report.patches) else 0
