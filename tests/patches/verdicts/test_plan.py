"""What to do with a patch, whatever comes first."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from patches.evidence import ClaimResult
from patches.findings import (
    Action,
    Answer,
    Applies,
    ApplyOutcome,
    MatchWitness,
    PatchResult,
    PlanReason,
    TargetWitness,
    UpstreamCommit,
    Verdict,
    Witnesses,
)
from patches.verdicts.plan import decide

BOTH, ONE, NONE = (Answer.YES, Answer.YES), (Answer.YES, Answer.NO), (Answer.NO, Answer.NO)
COMMIT = UpstreamCommit(sha="a" * 40, subject="s")


def patch(
    verdict: Verdict, said: tuple[Answer, Answer] = NONE, outcome: ApplyOutcome | None = None, claim: str = "",
    back: bool = False,
) -> PatchResult:  # fmt: skip
    match, target = said
    both = Witnesses(match=MatchWitness(has=match), target=TargetWitness(has=target), agree=match is target)
    found = PatchResult(name="p", position=3, subject="", verdict=verdict, witnesses=both)
    return replace(
        found, applies=Applies(outcome=outcome) if outcome else None, takes_back=(COMMIT,) if back else (),
        claims=(ClaimResult(claim, "not-checked", ""),) if claim else (),
    )  # fmt: skip


OURS, FITS, OPEN = Verdict.NOT_UPSTREAM, ApplyOutcome.APPLIES, ApplyOutcome.CONFLICTS


@pytest.mark.parametrize(
    ("one", "action", "reason"),
    [
        (patch(Verdict.MERGED, BOTH, OPEN), Action.DROP, PlanReason.BOTH),
        (patch(Verdict.SUPERSEDED, BOTH), Action.DROP, PlanReason.BOTH),
        (patch(Verdict.MERGED, ONE, OPEN), Action.WATCH, PlanReason.DISAGREE),
        (patch(Verdict.MERGED, (Answer.YES, Answer.PART)), Action.WATCH, PlanReason.DISAGREE),
        (patch(Verdict.MERGED, (Answer.UNKNOWN, Answer.YES)), Action.WATCH, PlanReason.DISAGREE),
        (patch(OURS, (Answer.NO, Answer.YES)), Action.WATCH, PlanReason.DISAGREE),
        (patch(OURS, (Answer.NO, Answer.PART)), Action.SEND, PlanReason.NOT_SENT),
        *((patch(verdict, NONE, OPEN), Action.WATCH, PlanReason.VERDICT) for verdict in (
            Verdict.REVERTED, Verdict.SUPERSEDED, Verdict.SUBMITTED, Verdict.CLAIMS_WRONG, Verdict.UNKNOWN,
            Verdict.PARTIAL,
        )),
        (patch(Verdict.PARTIAL, (Answer.PART, Answer.PART)), Action.WATCH, PlanReason.VERDICT),
        (patch(OURS, NONE, OPEN), Action.REFRESH, PlanReason.WORK),
        (patch(OURS, NONE, ApplyOutcome.FUZZ, "never"), Action.REFRESH, PlanReason.WORK),
        (patch(OURS, NONE, ApplyOutcome.PARTLY_THERE), Action.REFRESH, PlanReason.WORK),
        (patch(Verdict.MERGED, NONE, OPEN), Action.REFRESH, PlanReason.WORK),
        (patch(OURS, NONE, ApplyOutcome.OFFSET), Action.SEND, PlanReason.NOT_SENT),
        (patch(OURS, NONE, ApplyOutcome.CANNOT_TELL), Action.SEND, PlanReason.NOT_SENT),
        *((patch(verdict, NONE, FITS, "submitted"), Action.KEEP, PlanReason.LATER) for verdict in (
            Verdict.MERGED, Verdict.MODIFIED, Verdict.SQUASHED, Verdict.SPLIT, Verdict.STABLE_ONLY,
        )),
        (patch(OURS, NONE, FITS, "never", back=True), Action.KEEP, PlanReason.NEVER),
        (patch(OURS, NONE, FITS, "submitted", back=True), Action.WATCH, PlanReason.SENT),
        (patch(OURS, NONE, FITS, "queued"), Action.WATCH, PlanReason.SENT),
        (patch(OURS, NONE, FITS, "cherry-picked"), Action.SEND, PlanReason.NOT_SENT),
        (patch(OURS, NONE, FITS, back=True), Action.WATCH, PlanReason.TAKES_BACK),
        (patch(OURS, NONE, OPEN, back=True), Action.WATCH, PlanReason.TAKES_BACK),
        (patch(OURS, NONE, OPEN, "never", back=True), Action.REFRESH, PlanReason.WORK),
        (replace(patch(Verdict.MERGED, BOTH), undoes=("a",)), Action.WATCH, PlanReason.UNDOES),
        (patch(OURS), Action.SEND, PlanReason.NOT_SENT),
    ],
)  # fmt: skip
def test_the_first_that_holds_decides(one: PatchResult, action: Action, reason: PlanReason) -> None:
    found = decide(one)
    assert (found.action, found.reason, found.patch, found.position) == (action, reason, "p", 3)
