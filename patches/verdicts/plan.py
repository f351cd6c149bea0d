"""What to do with each patch of a queue when it moves to a target: drop, refresh, send, watch or keep."""

from __future__ import annotations

from patches.findings import (
    UPSTREAM,
    Action,
    ApplyOutcome,
    Decision,
    PatchResult,
    Plan,
    PlanReason,
    StatusReport,
    Verdict,
)
from patches.text.kinds import ClaimKind
from patches.verdicts.witnesses import can_be_dropped, disagree

DOUBT = frozenset(
    {Verdict.REVERTED, Verdict.SUPERSEDED, Verdict.SUBMITTED, Verdict.CLAIMS_WRONG, Verdict.UNKNOWN, Verdict.PARTIAL}
)
"""Verdicts that a person has to look at, where neither the target nor the way to apply it settles the matter."""
WORK = frozenset({ApplyOutcome.CONFLICTS, ApplyOutcome.FUZZ, ApplyOutcome.PARTLY_THERE})
"""What becomes of a patch at the target that makes somebody work on it."""
NEVER = frozenset({ClaimKind.NEVER})
"""Claims by which a patch says of itself that it does not go upstream."""
SENT = frozenset({ClaimKind.SUBMITTED, ClaimKind.QUEUED})
"""Claims by which it was sent already."""


def plan(report: StatusReport) -> Plan:
    """Every patch in one list, in the queue's order."""
    lists: dict[str, list[str]] = {action.value: [] for action in Action}
    for one in decisions(report):
        lists[one.action.value].append(one.patch)
    return Plan(**{name: tuple(found) for name, found in lists.items()})


def decisions(report: StatusReport) -> tuple[Decision, ...]:
    """What to do with each patch, and why, in the queue's order."""
    return tuple(map(decide, report.patches))


def decide(one: PatchResult) -> Decision:
    """What to do with one patch. It is dropped where two witnesses say so, and watched where they disagree."""
    action, reason = choice(one)
    return Decision(patch=one.name, position=one.position, action=action, reason=reason)


def choice(one: PatchResult) -> tuple[Action, PlanReason]:
    """The first that holds."""
    if can_be_dropped(one):
        return Action.DROP, PlanReason.BOTH
    if one.undoes:
        return Action.WATCH, PlanReason.UNDOES
    if disagree(one):
        return Action.WATCH, PlanReason.DISAGREE
    if one.verdict in DOUBT or is_not_fetched(one):
        return Action.WATCH, PlanReason.VERDICT
    claims = {claim.kind for claim in one.claims}
    if one.takes_back and one.verdict not in UPSTREAM and not (NEVER | SENT) & claims:
        return Action.WATCH, PlanReason.TAKES_BACK
    if one.applies and one.applies.outcome in WORK:
        return Action.REFRESH, PlanReason.WORK
    if one.verdict in UPSTREAM or one.verdict is Verdict.STABLE_ONLY:
        return Action.KEEP, PlanReason.LATER
    if NEVER & claims:
        return Action.KEEP, PlanReason.NEVER
    if SENT & claims:
        return Action.WATCH, PlanReason.SENT
    return Action.SEND, PlanReason.NOT_SENT


def is_not_fetched(one: PatchResult) -> bool:
    """Whether all that is known of a patch is the commit that its address names: nothing says how it would apply."""
    return not one.paths and any(claim.kind is ClaimKind.ADDRESS for claim in one.claims)
