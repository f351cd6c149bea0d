"""What to act on in a queue: the findings of a report, by which CI may fail."""

from __future__ import annotations

from collections.abc import Iterable

from patches.findings import ApplyOutcome, FindingKind, PatchResult, QueueFinding, Verdict
from patches.queues.reasons import Stale, StaleKind
from patches.verdicts.checks import is_wrong
from patches.verdicts.witnesses import can_be_dropped


def findings(stale: Iterable[Stale], results: Iterable[PatchResult], target: str) -> Iterable[QueueFinding]:
    """What to act on: by patch in the queue's order, then the follow-ups by their weight, then the series'."""
    every = list(results)
    for one in every:
        dropped = can_be_dropped(one)
        if dropped:
            commit = one.commits[0] if one.commits else None
            yield QueueFinding(
                FindingKind.MERGED, one.name, one.where, target=target, commit=commit, certainty=one.certainty
            )
        for claim in one.claims:
            if is_wrong(claim):
                yield QueueFinding(FindingKind.CLAIMS_WRONG, one.name, one.where, claim=claim)
        if one.applies and one.applies.outcome is ApplyOutcome.CONFLICTS and not dropped:  # that nobody has to apply
            yield QueueFinding(FindingKind.CONFLICT, one.name, one.where, target=target, applies=one.applies)
        if one.verdict is Verdict.UNKNOWN:
            yield QueueFinding(FindingKind.UNREADABLE, one.name, one.where, notes=one.notes)
    yield from follow_up_findings(every)
    yield from map(stale_finding, stale)


def follow_up_findings(results: Iterable[PatchResult]) -> list[QueueFinding]:
    """What upstream did that the queue lacks, the heaviest first; those of one weight in the queue's order."""
    found = [(follow_up, one) for one in results for follow_up in one.follow_ups]
    found.sort(key=lambda pair: pair[0].weight.rank)
    return [QueueFinding(FindingKind.FOLLOW_UP, one.name, one.where, follow_up=told) for told, one in found]


def stale_finding(stale: Stale) -> QueueFinding:
    """A series that does not fit its files, as a finding."""
    unreadable = stale.kind in (StaleKind.UNREADABLE, StaleKind.OUTSIDE)
    kind = FindingKind.UNREADABLE if unreadable else FindingKind.STALE
    return QueueFinding(kind, stale.name, stale.where, stale=stale)
