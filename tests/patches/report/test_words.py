"""Notes, evidence, claims and findings in words."""

from __future__ import annotations

import msgspec
import pytest

from patches.evidence import KINDS, ClaimOutcome, ClaimResult, Evidence, Fact, NamedCommit, Note, NoteKind
from patches.findings import (
    Answer,
    Applies,
    ApplyOutcome,
    Certainty,
    FindingKind,
    FollowUp,
    FollowUpKind,
    MatchWitness,
    PatchResult,
    QueueFinding,
    Release,
    TargetWitness,
    UpstreamCommit,
    Witnesses,
)
from patches.followups import Waived, WaiverFault, WaiverFaultKind, Weight
from patches.queues.reasons import Stale, StaleKind
from patches.report.json import WORDS
from patches.report.plan import applies_said, match_said
from patches.report.words import (
    EVIDENCE,
    FINDINGS,
    LIMITS,
    NOTES,
    claim_detail,
    claim_words,
    evidence_words,
    finding_words,
    limits_words,
    note_words,
)
from patches.text.kinds import ClaimKind
from patches.text.problems import Problem, ProblemKind
from patches.upstreams.limits import Limit, read, stored

SHA = "0123456789abcdef" * 2 + "01234567"
ONE, TWO = NamedCommit(SHA, "net: one"), NamedCommit("f" * 40, "net: two")
ONE_SAID, TWO_SAID = "0123456789ab (net: one)", "ffffffffffff (net: two)"


def test_every_kind_has_words() -> None:
    assert set(NOTES) == set(NoteKind)
    assert set(EVIDENCE) == set(KINDS) == set(Fact)
    assert set(FINDINGS) == set(FindingKind)
    assert set(LIMITS) == set(Limit)


def test_limits_are_kept_as_kinds_and_told_in_one_line() -> None:
    assert read(stored(Limit)) == tuple(Limit)
    assert read(stored(())) == ()
    assert limits_words(()) == ""
    assert limits_words((Limit.NO_TAGS, Limit.PART)) == (
        "the repository has no tags: no release can be named; only a part of the history is indexed"
    )


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (Note(NoteKind.NO_DIFF), "the patch holds no diff"),
        (Note(NoteKind.NOTHING_TELLS), "no changed line says enough to be compared, and there is no header"),
        (Note(NoteKind.NO_HUNK), "no hunk that content can be compared with"),
        (Note(NoteKind.UNREADABLE, text="f: leads out"), "f: leads out"),
        (Note(NoteKind.PROBLEM, problem=Problem(3, ProblemKind.REFUSED, "cut off")), "line 3: cut off"),
        (Note(NoteKind.PROBLEM, problem=Problem(0, ProblemKind.REFUSED, "cut off")), "cut off"),
        (Note(NoteKind.BY_CLAIM), "matched by the header's claim; few of the lines are the same"),
        (Note(NoteKind.BY_LINES), "matched by the lines alone, which are the same"),
        (Note(NoteKind.BY_ONE_SIDE), "matched by the lines alone, of which one side has all"),
        (
            Note(NoteKind.BY_NAMES, renamed=(("a", "b"), ("c", "d"))),
            "matched once names are upstream's: a is b, c is d",
        ),
        (Note(NoteKind.REVERTED, (ONE,)), f"reverted upstream by {ONE_SAID}"),
        (Note(NoteKind.APPLIED_AGAIN, (ONE, TWO)), f"reverted by {ONE_SAID} and applied again by {TWO_SAID}"),
        (Note(NoteKind.TOLD_MERGED), "the header says that it was merged; later changes may hide that here"),
        (Note(NoteKind.ADDRESS_MISSING, sha=SHA), f"its address names no commit of this upstream: {SHA}"),
        (
            Note(NoteKind.ADDRESS_AMBIGUOUS, sha=SHA),
            f"its address names more than one commit of this upstream: {SHA}",
        ),
    ],
)
def test_notes(note: Note, said: str) -> None:
    assert note_words(note) == WORDS[Note](note) == said


@pytest.mark.parametrize(
    ("one", "kind", "said"),
    [
        (Evidence(Fact.SAME_PATCH_ID, names=(SHA,)), "patch-id", "git's patch-id is the same: 0123456789ab"),
        (
            Evidence(Fact.SAME_PATCH_ID, names=(SHA,), commit=TWO),
            "patch-id",
            f"git's patch-id is the same as that of {TWO_SAID}: 0123456789ab",
        ),
        (Evidence(Fact.SHARED_LINES, 3, 4, 5), "lines", "3 of the patch's 4 telling lines, of the commit's 5"),
        (
            Evidence(Fact.OTHER_VERSION, commit=ONE),
            "lines",
            f"{ONE_SAID} has the author and nearly the title, and few of the lines: another version of the patch",
        ),
        (
            Evidence(Fact.OTHER_WAY, commit=ONE),
            "lines",
            f"{ONE_SAID} changes the same lines of the same files in another way",
        ),
        (Evidence(Fact.SAME_SUBJECT), "subject", "the same subject"),
        (Evidence(Fact.LIKE_SUBJECT, names=("x",)), "subject", "a similar subject: x"),
        (Evidence(Fact.SAME_AUTHOR), "author", "the same author"),
        (Evidence(Fact.SAME_SECOND), "date", "written at the same second"),
        (Evidence(Fact.HEADER_NAMES), "trailer", "the header names it"),
        (Evidence(Fact.ADDRESS_NAMES, commit=TWO), "trailer", f"its address names {TWO_SAID}"),
        (Evidence(Fact.REFERENCES, names=("XSA-1", "XSA-2")), "reference", "XSA-1, XSA-2"),
        (Evidence(Fact.HUNKS_THERE, 1, 2), "content", "1 of 2 hunks stand in the tree as the patch leaves them"),
        (Evidence(Fact.ADDED_THERE, 1, 2), "content", "1 of 2 telling added lines are in the files"),
    ],
)
def test_evidence(one: Evidence, kind: str, said: str) -> None:
    told = WORDS[Evidence](one)
    assert (one.kind, evidence_words(one), told.kind, told.text) == (kind, said, kind, said)


@pytest.mark.parametrize(
    ("claim", "said", "detail"),
    [
        (ClaimResult(ClaimKind.MERGED, ClaimOutcome.CONFIRMED, SHA, 3, "title"), "merged 0123456789ab", "title"),
        (ClaimResult(ClaimKind.MERGED, ClaimOutcome.NOT_CHECKED, detail="soon"), "merged", "soon"),
        (ClaimResult(ClaimKind.MERGED, ClaimOutcome.FOREIGN, SHA), "merged 0123456789ab", "of another project"),
        (
            ClaimResult(ClaimKind.MERGED, ClaimOutcome.NOT_CHECKED, "0123", ambiguous=2),
            "merged 0123",
            "ambiguous: 2 commits begin with it",
        ),
    ],
)
def test_claims(claim: ClaimResult, said: str, detail: str) -> None:
    told = WORDS[ClaimResult](claim)
    assert (claim_words(claim), claim_detail(claim)) == (told.text, told.detail) == (said, detail)
    assert (told.kind, told.outcome, told.line) == (claim.kind, claim.outcome, claim.line)


IN_MAINLINE = UpstreamCommit(sha=SHA, subject="s", releases=(Release("4.17", "4.17.3"), Release("mainline", "4.18.0")))
WRONG, MISSING = (
    ClaimResult(ClaimKind.MERGED, outcome, SHA, 3, detail)
    for outcome, detail in ((ClaimOutcome.ANOTHER_CHANGE, "title"), (ClaimOutcome.NOT_IN_UPSTREAM, ""))
)
FIX = FollowUp(FollowUpKind.FIXES, UpstreamCommit(sha=SHA, subject="s"), "b" * 40, Weight.CODE)
REVERT = msgspec.structs.replace(FIX, kind=FollowUpKind.REVERT, weight=Weight.REVERT)
DOCS = msgspec.structs.replace(
    FIX, weight=Weight.DOCUMENTATION, waived=Waived("no docs here", "2027-03-31", "w.toml:3")
)

STABLE = msgspec.structs.replace(
    REVERT, commit=UpstreamCommit(sha=SHA, subject="s", mainline=False, releases=(Release("4.17", "4.17.3"),))
)


def fault(kind: WaiverFaultKind, *lacking: str) -> QueueFinding:
    told = WaiverFault(kind, lacking=lacking) if lacking else WaiverFault(kind, "why", "2027-03-31")
    return QueueFinding(FindingKind.WAIVER, "a", waiver=told)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (QueueFinding(FindingKind.MERGED, "a", certainty=Certainty.HIGH), "the tree has it (high certainty)"),
        (
            QueueFinding(FindingKind.MERGED, "a", target="v1", commit=IN_MAINLINE),
            "v1 has it: 0123456789ab, first in 4.18.0",
        ),
        (
            QueueFinding(FindingKind.MERGED, "a", commit=UpstreamCommit(sha=SHA, subject="s")),
            "upstream has it: 0123456789ab, in no release yet",
        ),
        (QueueFinding(FindingKind.CLAIMS_WRONG, "a", claim=WRONG), "merged 0123456789ab is another change: title"),
        (QueueFinding(FindingKind.CLAIMS_WRONG, "a", claim=MISSING), "merged 0123456789ab is not in this upstream"),
        (QueueFinding(FindingKind.FOLLOW_UP, "a", follow_up=FIX), "code fixed upstream by 0123456789ab (s)"),
        (QueueFinding(FindingKind.FOLLOW_UP, "a", follow_up=REVERT), "reverted upstream by 0123456789ab (s)"),
        (
            QueueFinding(FindingKind.FOLLOW_UP, "a", follow_up=DOCS),
            "documentation fixed upstream by 0123456789ab (s); waived until 2027-03-31 by w.toml:3: no docs here",
        ),
        (
            QueueFinding(FindingKind.FOLLOW_UP, "a", follow_up=STABLE),
            "reverted upstream on 4.17 only by 0123456789ab (s)",
        ),
        (fault(WaiverFaultKind.EXPIRED), "it ended on 2027-03-31 (why)"),
        (fault(WaiverFaultKind.UNUSED), "no follow-up needs it (why)"),
        (fault(WaiverFaultKind.INCOMPLETE, "date", "reason"), "No-Fix without a date and a reason"),
        (
            QueueFinding(
                FindingKind.CONFLICT, "a", target="v1", applies=Applies(outcome=ApplyOutcome.CONFLICTS, detail="f:1")
            ),
            "does not apply at v1: f:1",
        ),
        (
            QueueFinding(FindingKind.UNREADABLE, "a", notes=(Note(NoteKind.NO_DIFF), Note(NoteKind.NO_HUNK))),
            "the patch holds no diff; no hunk that content can be compared with",
        ),
        (QueueFinding(FindingKind.STALE, "a", stale=Stale(StaleKind.UNREADABLE, "a", error="not there")), "not there"),
    ],
)
def test_findings(one: QueueFinding, said: str) -> None:
    told = WORDS[QueueFinding](one)
    assert (finding_words(one), told.text) == (said, said)
    assert (told.kind, told.patch, told.where) == (one.kind, one.patch, one.where)


@pytest.mark.parametrize(
    ("outcome", "detail", "said"),
    [
        (ApplyOutcome.FUZZ, "fuzz 1", "fuzz 1"),
        (ApplyOutcome.OFFSET, "up to 3 lines off", "offset: up to 3 lines off"),
        (ApplyOutcome.APPLIES, "", "applies"),
    ],
)
def test_what_becomes_of_a_patch_is_said_once(outcome: ApplyOutcome, detail: str, said: str) -> None:
    assert applies_said(Applies(outcome=outcome, detail=detail)) == said


def test_a_tree_has_no_history() -> None:
    told = Witnesses(match=MatchWitness(has=Answer.YES), target=TargetWitness(has=Answer.YES), agree=True)
    one = PatchResult(name="a", position=1, subject="", witnesses=told)
    assert match_said(one) == "the history has it"
    assert match_said(msgspec.structs.replace(one, evidence=(Evidence(Fact.HUNKS_THERE, 1, 1),))) == "the tree has it"
    assert match_said(msgspec.structs.replace(one, notes=(Note(NoteKind.OTHER_TREE),))) == "the tree has it"
    assert match_said(msgspec.structs.replace(one, witnesses=None)) == ""
