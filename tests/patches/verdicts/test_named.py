"""Facts of patches of which only an address is known: the commit that it names is the patch, and nothing is dropped."""

from __future__ import annotations

from pathlib import Path

import pytest

from patches.findings import Action, Answer, FindingKind, PatchResult, StatusReport
from patches.verdicts.audit import AuditQuestion, audit, exit_status
from patches.verdicts.plan import decide
from tests.patches.upstream import Upstream


def judged(upstream: Upstream, index_file: Path, folder: Path, sha: str, target: str = "") -> StatusReport:
    """A spec with one patch, which is an address."""
    (folder / "x.spec").write_text(
        f"Name: x\nPatch0: https://github.com/o/r/commit/{sha}.patch\n%prep\n%autosetup -p1\n"
    )
    return audit(AuditQuestion(str(folder), (str(upstream.path),), index=str(index_file), target=target))


def only(report: StatusReport) -> PatchResult:
    (one,) = report.patches
    return one


@pytest.mark.parametrize(
    ("word", "verdict"),
    [("same", "merged"), ("picked", "merged"), ("risky", "reverted"), ("second", "merged"), ("stable", "stable-only")],
)
def test_the_commit_that_the_address_names_is_the_patch(
    upstream: Upstream, index_file: Path, tmp_path: Path, word: str, verdict: str
) -> None:
    report = judged(upstream, index_file, tmp_path, upstream.shas[word])
    one = only(report)
    assert (one.verdict, one.certainty, exit_status(report, ())) == (verdict, "medium", 0)
    assert [(said.kind, said.outcome) for said in one.claims] == [("address", "confirmed")]
    assert any(note.startswith("not fetched: https://") for note in one.notes)


def test_what_was_not_fetched_is_never_dropped(upstream: Upstream, index_file: Path, tmp_path: Path) -> None:
    one = only(judged(upstream, index_file, tmp_path, upstream.shas["same"], "v1.2"))
    assert one.witnesses is not None
    assert (one.witnesses.match.has, one.witnesses.target.has) == (Answer.YES, Answer.UNKNOWN)
    assert decide(one).action is Action.WATCH
    one = only(judged(upstream, index_file, tmp_path, upstream.shas["same"], "v1.0"))
    assert decide(one).action is Action.KEEP


def test_an_address_of_another_repository_s_commit_cannot_be_told(
    upstream: Upstream, index_file: Path, tmp_path: Path
) -> None:
    report = judged(upstream, index_file, tmp_path, "f" * 40)
    one = only(report)
    assert (one.verdict, exit_status(report, ())) == ("unknown", 3)
    assert [(said.kind, said.outcome) for said in one.claims] == [("address", "not-in-upstream")]
    assert [(said.kind, said.where) for said in report.findings] == [(FindingKind.UNREADABLE, "x.spec:2")]
    assert "not fetched: https://" in report.findings[0].text
