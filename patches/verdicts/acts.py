"""What to act on in a queue: the findings of a report, by which CI may fail."""

from __future__ import annotations

from collections.abc import Iterable

from patches.findings import ApplyOutcome, ClaimOutcome, FindingKind, FollowUpKind, PatchResult, QueueFinding, Verdict
from patches.notes import Unread
from patches.queues.reasons import Stale, StaleKind
from patches.verdicts.checks import is_wrong
from patches.verdicts.witnesses import can_be_dropped


def findings(stale: Iterable[Stale], results: Iterable[PatchResult], target: str) -> Iterable[QueueFinding]:
    """What to act on: by patch in the queue's order, then the series'."""
    for one in results:
        if can_be_dropped(one) and one.in_base is not True:
            yield QueueFinding(FindingKind.MERGED, one.name, merged_text(one, target), one.where)
        for claim in one.claims:
            if is_wrong(claim):
                another = claim.outcome is ClaimOutcome.ANOTHER_CHANGE
                what = "is another change" if another else "is not in this upstream"
                detail = f": {claim.detail}" if claim.detail else ""
                yield QueueFinding(FindingKind.CLAIMS_WRONG, one.name, f"{claim.text} {what}{detail}", one.where)
        for follow_up in one.follow_ups:
            did = "fixed" if follow_up.kind is FollowUpKind.FIXES else "reverted"
            text = f"{did} upstream by {follow_up.commit.sha[:12]} ({follow_up.commit.subject})"
            yield QueueFinding(FindingKind.FOLLOW_UP, one.name, text, one.where)
        if one.applies and one.applies.outcome is ApplyOutcome.CONFLICTS:
            yield QueueFinding(
                FindingKind.CONFLICT, one.name, f"does not apply at {target}: {one.applies.detail}", one.where
            )
        if one.verdict is Verdict.UNKNOWN:
            yield QueueFinding(FindingKind.UNREADABLE, one.name, Unread(notes=one.notes), one.where)
    yield from map(stale_finding, stale)


def merged_text(one: PatchResult, target: str) -> str:
    """Where a merged patch is."""
    if not one.commits:
        return f"the tree has it ({one.certainty} certainty)"
    commit = one.commits[0]
    first = next((release.tag for release in commit.releases if release.branch == "mainline" and release.tag), "")
    release = f", first in {first}" if first else ", in no release yet"
    return f"{target or 'upstream'} has it: {commit.sha[:12]}{release}"


def stale_finding(stale: Stale) -> QueueFinding:
    """A series that does not fit its files, as a finding."""
    unreadable = stale.kind in (StaleKind.UNREADABLE, StaleKind.OUTSIDE)
    kind = FindingKind.UNREADABLE if unreadable else FindingKind.STALE
    return QueueFinding(kind, stale.name, Unread(stale), stale.where)
