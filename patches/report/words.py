"""Notes, evidence, claims and findings in words: all formats share them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from patches.evidence import ClaimOutcome, ClaimResult, Evidence, Fact, NamedCommit, Note, NoteKind
from patches.findings import FindingKind, FollowUpKind, QueueFinding
from patches.followups import Waived, WaiverFaultKind, Weight
from patches.report.problems import placed_problem
from patches.report.queues import stale_words
from patches.upstreams.limits import Limit

SHA = 12  # characters of a commit's name


def commit_words(commit: NamedCommit | None) -> str:
    """A commit in a sentence."""
    return f"{commit.sha[:SHA]} ({commit.subject})" if commit else ""


def _problem(note: Note) -> str:
    return placed_problem(note.problem) if note.problem else note.text


NOTES: dict[NoteKind, Callable[[Note], str]] = {
    NoteKind.NO_DIFF: lambda _: "the patch holds no diff",
    NoteKind.NOTHING_TELLS: lambda _: "no changed line says enough to be compared, and there is no header",
    NoteKind.NO_HUNK: lambda _: "no hunk that content can be compared with",
    NoteKind.UNREADABLE: lambda note: note.text,
    NoteKind.PROBLEM: _problem,
    NoteKind.BY_CLAIM: lambda _: "matched by the header's claim; few of the lines are the same",
    NoteKind.BY_LINES: lambda _: "matched by the lines alone, which are the same",
    NoteKind.BY_ONE_SIDE: lambda _: "matched by the lines alone, of which one side has all",
    NoteKind.BY_NAMES: lambda note: (
        f"matched once names are upstream's: {', '.join(f'{ours} is {theirs}' for ours, theirs in note.renamed)}"
    ),
    NoteKind.REVERTED: lambda note: f"reverted upstream by {commit_words(note.commits[0])}",
    NoteKind.APPLIED_AGAIN: lambda note: (
        f"reverted by {commit_words(note.commits[0])} and applied again by {commit_words(note.commits[1])}"
    ),
    NoteKind.TOLD_MERGED: lambda _: "the header says that it was merged; later changes may hide that here",
    NoteKind.OTHER_TREE: lambda _: "the tree has neither a file nor a folder that the patch is about",
    NoteKind.GONE_ALONE: lambda _: "it only removes files that the tree lacks; whether it ever had them cannot be told",
    NoteKind.ADDRESS_MISSING: lambda note: f"its address names no commit of this upstream: {note.sha}",
    NoteKind.ADDRESS_AMBIGUOUS: lambda note: f"its address names more than one commit of this upstream: {note.sha}",
    NoteKind.NOT_WHOLE: lambda _: "not found, and a part of the history is missing here; a whole clone can tell",
}
EVIDENCE: dict[Fact, Callable[[Evidence], str]] = {
    Fact.SAME_PATCH_ID: lambda one: (
        f"git's patch-id is the same{f' as that of {commit_words(one.commit)}' if one.commit else ''}: "
        f"{one.names[0][:SHA]}"
    ),
    Fact.SHARED_LINES: lambda one: (
        f"{one.count} of the patch's {one.total} telling lines, of the commit's {one.theirs}"
    ),
    Fact.OTHER_VERSION: lambda one: (
        f"{commit_words(one.commit)} has the author and nearly the title, and few of the lines: "
        "another version of the patch"
    ),
    Fact.OTHER_WAY: lambda one: f"{commit_words(one.commit)} changes the same lines of the same files in another way",
    Fact.SAME_SUBJECT: lambda _: "the same subject",
    Fact.LIKE_SUBJECT: lambda one: f"a similar subject: {one.names[0]}",
    Fact.SAME_AUTHOR: lambda _: "the same author",
    Fact.SAME_SECOND: lambda _: "written at the same second",
    Fact.HEADER_NAMES: lambda _: "the header names it",
    Fact.ADDRESS_NAMES: lambda one: f"its address names {commit_words(one.commit)}",
    Fact.REFERENCES: lambda one: ", ".join(one.names),
    Fact.HUNKS_THERE: lambda one: f"{one.count} of {one.total} hunks stand in the tree as the patch leaves them",
    Fact.ADDED_THERE: lambda one: f"{one.count} of {one.total} telling added lines are in the files",
}
"""Kind -> the words for it. A kind without words is a fault that a test finds."""


LIMITS = {
    Limit.SHALLOW: "the repository is shallow: older commits are missing",
    Limit.PARTIAL: "the repository is a partial clone: diffs of missing objects are not read",
    Limit.NO_TAGS: "the repository has no tags: no release can be named",
    Limit.PART: "only a part of the history is indexed",
    Limit.THIS_RUN: "the cache cannot be written: the index is for this run alone; --index FILE keeps one",
    Limit.REMADE: "its index was damaged, and was made anew",
    Limit.CONTENT: "content alone: no commit can be named",
    Limit.OTHER_TREE: "it has few of the queue's files and folders, or none: is this the right tree?",
}


def limits_words(limits: Iterable[Limit]) -> str:
    """What limits an upstream, in one line; "" for nothing."""
    return "; ".join(LIMITS[one] for one in limits)


def note_words(note: Note) -> str:
    """One note."""
    return NOTES[note.kind](note)


def notes_words(notes: Iterable[Note]) -> str:
    """Several in one line."""
    return "; ".join(map(note_words, notes))


def evidence_words(one: Evidence) -> str:
    """One piece of evidence."""
    return EVIDENCE[one.fact](one)


def claim_words(claim: ClaimResult) -> str:
    """What the header says."""
    return f"{claim.kind} {claim.commit[:SHA]}" if claim.commit else str(claim.kind)


def claim_detail(claim: ClaimResult) -> str:
    """What there is to know of the commit that it names; "" for nothing."""
    if claim.outcome is ClaimOutcome.FOREIGN:
        return "of another project"
    return f"ambiguous: {claim.ambiguous} commits begin with it" if claim.ambiguous else claim.detail


WEIGHTS = {
    Weight.REVERT: "revert",
    Weight.CODE: "code",
    Weight.COMMENTS: "comments",
    Weight.DOCUMENTATION: "documentation",
    Weight.SPACE: "white space",
}
"""What a follow-up changes, and nothing else, but for a revert and code."""


def _merged(one: QueueFinding) -> str:
    if one.commit is None:
        return f"the tree has it ({one.certainty} certainty)"
    first = next((release.tag for release in one.commit.releases if release.branch == "mainline" and release.tag), "")
    release = f", first in {first}" if first else ", in no release yet"
    return f"{one.target or 'upstream'} has it: {one.commit.sha[:SHA]}{release}"


def _claims_wrong(one: QueueFinding) -> str:
    if one.claim is None:
        return ""
    another = one.claim.outcome is ClaimOutcome.ANOTHER_CHANGE
    what = "is another change" if another else "is not in this upstream"
    detail = claim_detail(one.claim)
    return f"{claim_words(one.claim)} {what}{f': {detail}' if detail else ''}"


def _follow_up(one: QueueFinding) -> str:
    if one.follow_up is None:
        return ""
    told, fixed = one.follow_up, f"{WEIGHTS[one.follow_up.weight]} fixed"
    did = fixed if told.kind is FollowUpKind.FIXES else "reverted"
    waived = f"; {waived_words(told.waived)}" if told.waived else ""
    branches = ", ".join(release.branch for release in told.commit.releases)
    only = f" on {branches} only" if branches and not told.commit.mainline else ""
    return f"{did} upstream{only} by {told.commit.sha[:SHA]} ({told.commit.subject}){waived}"


def waived_words(waived: Waived) -> str:
    """By whom a follow-up is waived, why, and until when."""
    return f"waived until {waived.until} by {waived.where}: {waived.reason}"


def _waiver(one: QueueFinding) -> str:
    fault = one.waiver
    if fault is None:
        return ""
    if fault.kind is WaiverFaultKind.INCOMPLETE:
        return f"No-Fix without a {' and a '.join(fault.lacking)}"
    what = f"it ended on {fault.until}" if fault.kind is WaiverFaultKind.EXPIRED else "no follow-up needs it"
    return f"{what} ({fault.reason})"


def _conflict(one: QueueFinding) -> str:
    return f"does not apply at {one.target}: {one.applies.detail if one.applies else ''}"


def _series(one: QueueFinding) -> str:
    return stale_words(one.stale) if one.stale else notes_words(one.notes)


FINDINGS: dict[FindingKind, Callable[[QueueFinding], str]] = {
    FindingKind.MERGED: _merged,
    FindingKind.CLAIMS_WRONG: _claims_wrong,
    FindingKind.FOLLOW_UP: _follow_up,
    FindingKind.CONFLICT: _conflict,
    FindingKind.UNREADABLE: _series,
    FindingKind.STALE: _series,
    FindingKind.WAIVER: _waiver,
}
"""Kind -> the words for it."""


def finding_words(one: QueueFinding) -> str:
    """One finding, without the patch's name."""
    return FINDINGS[one.kind](one)
