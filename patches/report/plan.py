"""A plan's sentences, and the series that it makes."""

from __future__ import annotations

import os
from collections.abc import Iterable

from kcfg.base.text import plural
from patches.evidence import Fact, NoteKind
from patches.findings import (
    UPSTREAM,
    Action,
    Answer,
    Applies,
    Nearest,
    PatchResult,
    PlanReason,
    PlanReport,
    Standing,
    StatusReport,
    TargetWitness,
    UpstreamCommit,
    Verdict,
    Witnesses,
)
from patches.report.common import command, options
from patches.report.queues import entries_words
from patches.report.words import notes_words
from patches.verdicts.plan import NEVER, SENT, decide, decisions

STANDINGS = {
    Standing.STANDS: "stand there",
    Standing.STOOD: "stood there before later changes",
    Standing.PICKED: "stand in upstream's own pick",
    Standing.ADAPTED: "have upstream's lines in another context",
    Standing.EXTRA: "have lines of their own",
    Standing.ABSENT: "would apply",
    Standing.MISSING: "are not there",
    Standing.TRIVIAL: "say nothing",
    Standing.UNCLEAR: "cannot be told",
}
ONE = {
    Standing.STANDS: "stands there",
    Standing.STOOD: "stood there before later changes",
    Standing.PICKED: "stands in upstream's own pick",
    Standing.ADAPTED: "has upstream's lines in another context",
    Standing.EXTRA: "has lines of its own",
    Standing.ABSENT: "would apply",
    Standing.MISSING: "is not there",
    Standing.TRIVIAL: "says nothing",
    Standing.UNCLEAR: "cannot be told",
}
MATCH = {
    Answer.YES: "has it",
    Answer.PART: "has a part of it",
    Answer.NO: "does not have it",
    Answer.UNKNOWN: "does not tell",
}

OF_TREE = frozenset({Fact.HUNKS_THERE, Fact.ADDED_THERE})
NOTES_OF_TREE = frozenset({NoteKind.OTHER_TREE, NoteKind.GONE_ALONE, NoteKind.NO_HUNK, NoteKind.UNREADABLE})
"""What only a tree has to say of a patch."""


def why(one: PatchResult) -> str:
    """One clause for a person."""
    reason = decide(one).reason
    if reason is PlanReason.DISAGREE and one.witnesses:
        return both_said(one, one.witnesses)
    if reason is PlanReason.WORK and one.applies:
        upstream = f"{where(one)}; " if one.commits and one.verdict in UPSTREAM else ""
        return f"{upstream}{applies_said(one.applies)}"
    if reason is PlanReason.UNDOES:
        stay = "which stays" if len(one.undoes) == 1 else "which stay"
        return f"{where(one) if one.commits else one.verdict}; takes back {', '.join(one.undoes)}, {stay}"
    if reason is PlanReason.TAKES_BACK:
        return f"{one.verdict}: {takes_back(one.takes_back[0])}"
    if one.commits:
        return where(one)
    sent = next((sent for sent in one.submissions if sent.commit or sent.applied), None)
    if one.verdict is Verdict.SUBMITTED and sent:
        return (
            f"submitted: merged as {sent.commit[:12]}, says the list" if sent.commit else f"submitted: {sent.applied}"
        )
    if one.verdict is Verdict.UNKNOWN and one.notes:
        return f"{one.verdict}: {notes_words(one.notes)}"
    claim = next((claim for claim in one.claims if claim.kind in NEVER | SENT), None)
    return f"{one.verdict}: {claim.kind}, says its header" if claim else one.verdict.value


def where(one: PatchResult) -> str:
    """What a patch was matched with, and the first release that has it."""
    first = one.commits[0]
    release = next((rel.tag for rel in first.releases if rel.tag), "")
    return f"{one.verdict}: {first.sha[:12]}" + (f" in {release}" if release else "")


def takes_back(commit: UpstreamCommit) -> str:
    """What a patch reverts, in words."""
    return f"takes back {commit.sha[:12]} ({commit.subject}), which upstream has"


def nearest_said(nearest: Nearest) -> str:
    """The commit that is most like a patch, in words."""
    commit = nearest.commit
    return f"{commit.sha[:12]} ({commit.subject}): score {nearest.score:.2f}, {nearest.threshold:.2f} is a match"


def both_said(one: PatchResult, told: Witnesses) -> str:
    """What the two witnesses say, where they disagree."""
    first = f"{one.verdict}: {one.commits[0].sha[:12]}" if one.commits else one.verdict.value
    sure = f", {told.match.certainty}" if told.match.certainty else ""
    return f"{first}{sure}; at the target {places(told.target)}"


def applies_said(told: Applies) -> str:
    """What becomes of a patch at the target, in words."""
    if told.detail.startswith(f"{told.outcome} "):  # fuzz 1
        return told.detail
    return f"{told.outcome}: {told.detail}" if told.detail else told.outcome.value


def match_said(one: PatchResult) -> str:
    """The first witness, for a person; "" where nobody was asked. Of a tree there is no history."""
    if not one.witnesses:
        return ""
    match = one.witnesses.match
    by_tree = any(found.fact in OF_TREE for found in one.evidence) or any(
        note.kind in NOTES_OF_TREE for note in one.notes
    )
    sure = f", {match.certainty}" if match.certainty else ""
    return f"the {'tree' if by_tree else 'history'} {MATCH[match.has]}{sure}"


def target_said(told: Witnesses) -> str:
    """The second witness, for a person."""
    revision = f"{told.target.revision}: " if told.target.revision else ""
    stood = [sha[:12] for sha in told.target.commits]
    more = f" (looked at in {', '.join(stood[:3])}{', ...' if len(stood) > 3 else ''})" if stood else ""
    return f"{revision}{places(told.target)}{more}"


def places(target: TargetWitness) -> str:
    """ "2 of 3 hunks stand there, 1 would apply"."""
    total = len(target.places)
    parts: list[str] = []
    for standing in Standing:
        count = sum(place.standing is standing for place in target.places)
        if count:
            words = ONE[standing] if count == 1 else STANDINGS[standing]
            parts.append(f"{count} of {plural(total, 'hunk')} {words}" if not parts else f"{count} {words}")
    return ", ".join(parts) or "there is nothing to look for"


def following_plan(report: PlanReport) -> tuple[str, ...]:
    """What to type next, behind `kcfg patches`: the edit of the queue, or a new series where it cannot be edited; where
    nothing is to be dropped, or that is done, the first patch that wants a person.
    """
    queue, given = report.status.queue, options(report.status)
    if report.plan.drop and not (report.written or (report.edit and report.edit.written)):
        return ("plan", queue, *given, *(("--edit",) if editable(report.status) else ("--write", "series.new")))
    left = [*report.plan.refresh, *report.plan.watch, *report.plan.send, *report.plan.keep]
    return ("show", queue, left[0], *given) if left else ()


def not_in_plan(report: StatusReport) -> list[str]:
    """What of the queue no list of a plan has, one line a kind, and the command that lists it."""
    found = [one.stale for one in report.findings if one.stale]
    lines = entries_words(found)
    if lines:
        again = command("kcfg", "patches", "status", report.queue, *options(report))
        lines[-1] += f": `{again}` lists {'it' if len(found) == 1 else 'them'}"
    return lines


def editable(report: StatusReport) -> bool:
    """Whether `plan --edit` knows the queue's format, and it lies in files, not in git."""
    from patches.queues.edit import EDITORS

    return report.format in EDITORS and ("@" not in report.queue or os.path.exists(report.queue))


def new_series(report: StatusReport) -> str:
    """A quilt series of what stays; what needs work is marked by a comment, and what goes is one.

    Bytes of names that are no UTF-8 are surrogates, as everywhere.
    """
    made = decisions(report)
    count = sum(one.action is Action.DROP for one in made)
    lines = [f"# {report.queue} for {report.target or 'upstream'}: {count} of {len(report.patches)} dropped\n"]
    for one, decided in zip(report.patches, made, strict=True):
        said = " ".join(why(one).split())
        name = f"{one.name} -R" if one.reverse else one.name
        if decided.action is Action.DROP:
            lines.append(f"# dropped: {name}  # {said}\n")
        elif decided.action in (Action.REFRESH, Action.WATCH):
            lines.append(f"{name}  # {decided.action.value}: {said}\n")
        else:
            lines.append(f"{name}\n")
    return "".join(one_line(lines))


def one_line(lines: Iterable[str]) -> Iterable[str]:
    """The lines; a line end inside one would make two entries of it."""
    for line in lines:
        yield line[:-1].replace("\n", " ").replace("\r", " ") + "\n"
