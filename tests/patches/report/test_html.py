"""Pages of the patch half: each patch is a row with its verdict in words, and text stays text."""

from __future__ import annotations

import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patches.evidence import ClaimOutcome, ClaimResult, Evidence, Fact, Note, NoteKind
from patches.findings import (
    Answer,
    Applies,
    FindingKind,
    FollowUp,
    FollowUpKind,
    HunkResult,
    MatchWitness,
    PatchDetail,
    PatchResult,
    Plan,
    PlanReport,
    QueueFinding,
    Release,
    StatusReport,
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
from patches.report import html, render
from patches.report.plan import why
from patches.text.kinds import ClaimKind
from tests.pages import parsed

UPSTREAM = (UpstreamUsed(name="xen.git", kind=UpstreamKind.HISTORY, commits=62156, newest_tag="RELEASE-4.22.0"),)
GONE = Stale(StaleKind.MISSING, "gone.patch", "series:4")
FIXED = FollowUp(FollowUpKind.FIXES, UpstreamCommit(sha="ab" * 20, subject="fix"), "cd" * 20, Weight.CODE)
NASTY = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "a" * 10_000,
    "\x1b[31m\udc80",
    "{{ 7 * 7 }}",
    "",
)


def patch(position: int, verdict: Verdict, name: str = "", **more: object) -> PatchResult:
    return PatchResult(
        name=name or f"{position}.patch", position=position, subject=f"subject {position}", verdict=verdict, **more
    )


@pytest.fixture(scope="module")
def report() -> StatusReport:
    commit = UpstreamCommit(sha="ab" * 20, subject="upstream's", releases=(Release("mainline", "4.18.0"),))
    found = (
        patch(1, Verdict.MERGED, commits=(commit,), evidence=(Evidence(Fact.SAME_PATCH_ID, names=("12ab",)),)),
        patch(2, Verdict.NOT_UPSTREAM, claims=(ClaimResult(ClaimKind.MERGED, ClaimOutcome.NOT_IN_UPSTREAM, "1234"),)),
        patch(3, Verdict.NOT_UPSTREAM, applies=Applies(outcome="conflicts", detail="1 of 2", where=("a.c:3",))),
    )
    findings = (
        QueueFinding(FindingKind.MERGED, "1.patch", commit=commit),
        QueueFinding(FindingKind.STALE, "gone.patch", "series:4", stale=GONE),
    )
    return StatusReport(
        version="1",
        queue="debian/patches",
        format="quilt",
        upstream=UPSTREAM,
        patches=found,
        findings=findings,
        target="v2",
    )


def test_each_patch_is_a_row_with_its_verdict_and_release(report):
    page = parsed(render(report, "html"))
    rows = [[" ".join(cell.split()) for cell in row] for row in page.rows[1:]]
    assert [row[2] for row in rows] == ["✓ merged", "· not-upstream", "· not-upstream"]
    assert rows[0][1] == "1.patchsubject 1"
    assert rows[0][3:5] == ["abababababab upstream's", "4.18.0"]
    assert rows[2][5] == "conflicts"


def test_a_finding_links_to_its_patch_and_to_nothing_where_the_queue_has_none(report):
    page = parsed(render(report, "html"))
    assert "#p1" in page.hrefs
    assert page.lost_links() == []
    assert "gone.patch listed, and there is no such file" in " ".join(page.text.split())


def test_verdict_and_outcome_can_be_chosen_from_a_list(report):
    assert 'data-facets="2,5"' in render(report, "html")


def test_what_can_be_dropped_is_told_by_its_commit_and_not_by_how_it_applies(report):
    told = Witnesses(match=MatchWitness(has=Answer.YES), target=TargetWitness(has=Answer.YES), agree=True)
    one = msgspec.structs.replace(
        report.patches[0], witnesses=told, applies=Applies(outcome="conflicts", detail="its lines are there")
    )
    assert why(one) == "merged: abababababab in 4.18.0"


def test_the_bar_says_how_many_patches_have_each_verdict(report):
    assert 'aria-label="Patches by verdict: merged 1, not-upstream 2"' in render(report, "html")
    assert "#patches=merged" in parsed(render(report, "html")).hrefs


def test_the_plan_has_its_lists_with_the_reasons(report):
    made = PlanReport(status=report, plan=Plan(drop=("1.patch",), refresh=("3.patch",), send=("2.patch",)))
    page = parsed(render(made, "html"))
    assert [id for id in page.ids if id in ("drop", "refresh", "send", "watch", "keep")] == ["drop", "refresh", "send"]
    assert next(row for row in page.rows if row[0] == "3")[3].startswith("conflicts: 1 of 2")
    assert page.lost_links() == []


def test_show_has_hunks_and_the_difference(report):
    one = StatusReport(
        version="1", queue="q", format="quilt", upstream=UPSTREAM,
        patches=(patch(1, Verdict.PARTIAL, hunks=(HunkResult("a/b.c", 7, 0.5), HunkResult("c.c", 9, -1))),),
    )  # fmt: skip
    page = parsed(render(PatchDetail(status=one, difference=("@@", "-<b>", "+\tx")), "html"))
    assert [row[1:] for row in page.rows[1:]] == [["7", "50 %"], ["9", "not known"]]
    assert "-<b>\n+       x" in page.text


def test_the_trend_is_drawn_and_told(report):
    points = (
        TrendPoint(
            name="v1", rev="a", date="2020-01-01T00:00:00Z", patches=10, verdicts={"merged": 4, "not-upstream": 6}
        ),
        TrendPoint(name="v2", rev="b", date="2021-01-01T00:00:00Z", patches=5, verdicts={"not-upstream": 5}),
    )
    text = render(TrendReport(version="1", queue="q", upstream=UPSTREAM, points=points), "html")
    assert "From 10 patches on 2020-01-01 to 5 on 2021-01-01: merged, identical 0, not upstream 5" in text
    # From the bottom: merged, then not upstream on top of it; the last revision is drawn for a fiftieth of the time.
    assert 'class="good" d="M0.0 600.0L980.4 600.0' in text
    assert 'class="bad" d="M0.0 0.0L980.4 0.0L980.4 500.0L1000.0 500.0' in text
    page = parsed(text)
    assert page.rows[1][:4] == ["2021-01-01", "v2", "5", ""]
    assert page.rows[2][2:] == ["10", "4", "6"]


def test_a_trend_of_one_revision_has_a_chart():
    point = TrendPoint(name="v1", rev="a", date="2020-01-01T00:00:00Z", patches=3, verdicts={"merged": 3})
    text = render(TrendReport(version="1", queue="q", upstream=UPSTREAM, points=(point,)), "html")
    assert 'd="M0 400.0H1000V1000.0H0Z"' in text


def test_every_verdict_has_a_tone():
    assert {html.tone_of(verdict) for verdict in Verdict} == set(html.GROUP_TONES)


@settings(max_examples=40)
@given(st.lists(st.sampled_from(NASTY) | st.text(max_size=20), min_size=6, max_size=6))
def test_any_text_stays_text(words):
    name, subject, note, queue, text, where = words
    one = PatchResult(
        name=name, position=1, subject=subject, author=note, where=where, verdict=Verdict.UNKNOWN,
        notes=(Note(NoteKind.UNREADABLE, text=note),), evidence=(Evidence(Fact.LIKE_SUBJECT, names=(subject,)),),
        commits=(UpstreamCommit(sha="a" * 40, subject=note, author=where),),
    )  # fmt: skip
    found = (QueueFinding(FindingKind.UNREADABLE, name, where, notes=(Note(NoteKind.UNREADABLE, text=text),)),)
    status = StatusReport(
        version="1",
        queue=queue,
        format=note,
        upstream=(UpstreamUsed(name=where, kind=text),),
        patches=(one,),
        findings=found,
    )
    for report in (
        status,
        PatchDetail(status=status, difference=(text,)),
        PlanReport(status=status, plan=Plan(watch=(name,))),
    ):
        page = parsed(render(report, "html"))
        assert len(page.scripts) == 2
        assert page.handlers == []
        assert "img" not in page.tags
        assert all(href.startswith(("#", "data:")) for href in page.hrefs)


def test_a_thousand_patches_and_five_thousand_findings_take_seconds_at_most():
    verdicts = list(Verdict)
    patches = tuple(
        patch(n, verdicts[n % len(verdicts)], notes=(Note(NoteKind.UNREADABLE, text="x" * 80),) * 3)
        for n in range(1, 1001)
    )
    findings = tuple(QueueFinding(FindingKind.FOLLOW_UP, f"{n % 1000 + 1}.patch", follow_up=FIXED) for n in range(5000))
    report = StatusReport(version="1", queue="q", format="quilt", upstream=UPSTREAM, patches=patches, findings=findings)
    start = time.process_time()
    text = render(report, "html")
    assert time.process_time() - start < 3
    assert len(text) < 3_000_000
