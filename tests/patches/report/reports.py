"""A small report of a queue, as every format renders it."""

from __future__ import annotations

from patches.evidence import ClaimOutcome, ClaimResult, Evidence, Fact, Note, NoteKind
from patches.findings import (
    Answer,
    Applies,
    ApplyOutcome,
    Certainty,
    FindingKind,
    FollowUp,
    FollowUpKind,
    HunkResult,
    MatchWitness,
    PatchResult,
    Plan,
    PlanReport,
    QueueFinding,
    Release,
    StatusReport,
    Submission,
    TargetWitness,
    TrendPoint,
    TrendReport,
    UpstreamCommit,
    UpstreamKind,
    UpstreamUsed,
    Verdict,
    Witnesses,
)
from patches.followups import Weight
from patches.queues.reasons import Stale, StaleKind
from patches.text.kinds import ClaimKind

SHA, OTHER = "0123456789abcdef" * 2 + "01234567", "fedcba9876543210" * 2 + "fedcba98"
COMMIT = UpstreamCommit(
    sha=SHA, subject="net: check", author="Ann", date="2024-05-06T07:08:09Z",
    releases=(Release("mainline", "4.18.0"), Release("4.17", "")),
)  # fmt: skip
HISTORY = UpstreamUsed(
    name="xen.git", kind=UpstreamKind.HISTORY, commits=62156, newest_tag="4.20.0", main="origin/master"
)
ARCHIVE = UpstreamUsed(name="list.git", kind=UpstreamKind.ARCHIVE, commits=9, head="2024-01-01")

MERGED = PatchResult(
    name="a.patch",
    position=1,
    subject="net: check",
    author="Ann",
    where="series:1",
    verdict=Verdict.MERGED,
    score=0.987654,
    certainty=Certainty.CERTAIN,
    commits=(COMMIT,),
    in_target=True,
    in_base=False,
    witnesses=Witnesses(match=MatchWitness(has=Answer.YES), target=TargetWitness(has=Answer.YES), agree=True),
)
FIXED = FollowUp(FollowUpKind.FIXES, UpstreamCommit(sha=OTHER, subject="fix it"), SHA, Weight.CODE)
MODIFIED = PatchResult(
    name="b|<b>.patch", position=2, subject="block: | <script>", where="series:2", verdict=Verdict.MODIFIED, score=0.5,
    certainty=Certainty.LOW, commits=(COMMIT, UpstreamCommit(sha=OTHER, subject="more")),
    claims=(ClaimResult(ClaimKind.CHERRY_PICKED, ClaimOutcome.CONFIRMED, "012", 3, "by its lines"),),
    follow_ups=(FIXED,),
    hunks=(HunkResult("f.c", 7, 0.25), HunkResult("g.c", 9, -1.0)), evidence=(Evidence(Fact.SHARED_LINES, 3, 4, 5),),
    applies=Applies(outcome=ApplyOutcome.CONFLICTS, detail="f.c", where=("b.patch:7",)),
    notes=(Note(NoteKind.UNREADABLE, text="said"),),
    witnesses=Witnesses(match=MatchWitness(has=Answer.YES), target=TargetWitness(has=Answer.NO), agree=False),
)  # fmt: skip
SENT = PatchResult(
    name="c.patch",
    position=3,
    subject="page: count",
    verdict=Verdict.SUBMITTED,
    score=0.9,
    certainty=Certainty.HIGH,
    submissions=(
        Submission(message_id="m@x", subject="page", date="2024-02-03", version=2, later=("n@x",), commit=OTHER),
    ),
)
FINDINGS = (
    QueueFinding(FindingKind.MERGED, "a.patch", "series:1", commit=COMMIT),
    QueueFinding(FindingKind.FOLLOW_UP, "b|<b>.patch", "series:2", follow_up=FIXED),
    QueueFinding(FindingKind.STALE, "", "series", stale=Stale(StaleKind.UNLISTED, "left.patch", "series")),
)


def status(
    *patches: PatchResult, target: str = "", base: str = "", findings: tuple[QueueFinding, ...] = FINDINGS
) -> StatusReport:
    """The queue's report."""
    return StatusReport(
        version="9", queue="xen.spec", format="spec", upstream=(HISTORY, ARCHIVE), base=base, target=target,
        patches=patches or (MERGED, MODIFIED, SENT), findings=findings,
    )  # fmt: skip


PLAN = PlanReport(
    status=status(target="4.20"),
    decisions=(),
    plan=Plan(drop=("a.patch",), refresh=("b|<b>.patch",), watch=("c.patch",)),
)


def point(date: str, merged: int, left: int, base: str = "") -> TrendPoint:
    """One revision."""
    verdicts = {Verdict.MERGED.value: merged, Verdict.NOT_UPSTREAM.value: left}
    return TrendPoint(
        name=f"v{date}", rev="r", date=f"{date}T00:00:00Z", patches=merged + left, verdicts=verdicts, base=base
    )


def trend(*points: TrendPoint) -> TrendReport:
    """A backlog over time."""
    return TrendReport(version="9", queue="a<b", upstream=(HISTORY,), points=points)
