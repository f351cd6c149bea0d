"""Facts of Change-Id: it counts as a claim where the patch and the upstream commit have it, and never alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from patches.evidence import ClaimOutcome, ClaimResult, Fact, NoteKind
from patches.findings import PatchResult, Verdict
from patches.text.claims import Claim, hide_claims, read_claims
from patches.text.kinds import ClaimKind
from patches.upstreams.history import read_message
from patches.upstreams.index import Index
from patches.upstreams.indexing import update
from patches.verdicts.acts import findings
from patches.verdicts.audit import AuditQuestion, audit
from patches.verdicts.checks import is_wrong
from patches.verdicts.plan import plan
from tests.patches.upstream import Upstream, file_diff, git, patch_of, source

ONE, OTHER, UNKNOWN = (f"I{digit * 40}" for digit in "1ab")


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Upstream:
    """An upstream with Change-Ids: a change that was rewritten in review, its pick, and one that has another's file."""
    path = tmp_path_factory.mktemp("reviewed") / "repo"
    path.mkdir()
    git(path, "init", "-q", "-b", "master")
    up = Upstream(path)
    up.commit("start", "Start", {"net.c": source("net"), "disk.c": source("disk")})
    up.tag("v1.0")
    lines = {n: f"    net_rewritten_in_review_{n}(net, NET_LATER);" for n in range(10, 18)}
    up.commit(
        "one", "net: queue requests by their age", {"net.c": up.changed("net.c", lines)}, f"Text.\n\nChange-Id: {ONE}"
    )
    up.commit("other", "disk: flush", {"disk.c": up.changed("disk.c", {5: "    disk_flush_it(disk, DISK_ALL);"})},
              f"Change-Id: {OTHER}")  # fmt: skip
    up.tag("v1.1")
    git(path, "checkout", "-q", "-b", "stable", "v1.0")
    git(path, "cherry-pick", "-x", up.shas["one"])
    git(path, "checkout", "-q", "master")
    return up


@pytest.fixture(scope="module")
def indexed(reviewed: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reviewed-index") / "index"
    update(str(reviewed.path), path)
    return path


def judged(
    up: Upstream,
    index: Path,
    folder: Path,
    extra: str,
    subject: str = "net: sort requests",
    shared: int = 3,
    at: int = 10,
) -> PatchResult:
    """The verdict on a first version of "one", with some lines of the last."""
    new = list(source("net"))
    last = [f"    net_rewritten_in_review_{n}(net, NET_LATER);" for n in range(10, 10 + shared)]
    new[at : at + 8] = last + [f"    net_first_version_{n}(net, NET_SOONER);" for n in range(8 - shared)]
    text = patch_of(subject, file_diff("net.c", source("net"), new), extra, ("Ann", "ann@old.example.org"))
    (folder / "a.patch").write_text(text)
    (found,) = audit(AuditQuestion(str(folder), (str(up.path),), index=str(index))).patches
    return found


def claim(found: PatchResult) -> ClaimResult:
    (told,) = found.claims
    assert told.kind is ClaimKind.CHANGE_ID
    return told


def test_a_change_id_is_a_claim_and_is_hidden_as_one() -> None:
    lines = [
        "Subject: a",
        "",
        f"Change-Id: {ONE}",
        f"change-id: {OTHER} ",
        f"Change-Id: {ONE}1",
        f"see Change-Id: {ONE}",
    ]
    assert read_claims(lines) == (
        Claim(ClaimKind.CHANGE_ID, ONE, "", 3),
        Claim(ClaimKind.CHANGE_ID, OTHER, "", 4),
    )
    assert hide_claims(f"Subject: a\nChange-Id: {ONE}\nReviewed-by: B") == "Subject: a\nReviewed-by: B"


def test_a_commit_s_change_id_is_a_link_that_names_no_commit() -> None:
    message = f"net: a\n\nText.\n\nChange-Id: {ONE}\nSigned-off-by: A\n"
    assert read_message(message)[1] == (("change", ONE),)
    assert read_message(f"net: a\n\nThis is Change-Id: {ONE}\n")[1] == ()
    assert read_message(f"net: a\n\nChange-Id: {ONE[:-1]}\n")[1] == ()


def test_the_index_finds_commits_by_their_change_id(reviewed: Upstream, indexed: Path) -> None:
    index = Index.open(indexed)
    assert [index.commit(one).subject for one in index.find_change(ONE)] == ["net: queue requests by their age"] * 2
    assert index.find_claimed(OTHER) == index.find_claimed(reviewed.shas["other"]) != []
    assert index.find_change(UNKNOWN) == index.find_change(ONE[:20]) == []


def test_a_change_id_in_both_brings_a_match_that_lines_speak_for(
    reviewed: Upstream, indexed: Path, tmp_path: Path
) -> None:
    without = judged(reviewed, indexed, tmp_path, "")
    assert without.verdict in (Verdict.NOT_UPSTREAM, Verdict.SUPERSEDED)
    found = judged(reviewed, indexed, tmp_path, f"Change-Id: {ONE}")
    assert found.verdict is Verdict.MODIFIED
    assert [one.sha for one in found.commits] == [reviewed.shas["one"]]
    assert claim(found).outcome is ClaimOutcome.CONFIRMED
    assert Fact.HEADER_NAMES in [one.fact for one in found.evidence]
    assert NoteKind.BY_CLAIM in [one.kind for one in found.notes]


def test_a_change_id_alone_is_no_match_and_no_wrong_claim(reviewed: Upstream, indexed: Path, tmp_path: Path) -> None:
    found = judged(reviewed, indexed, tmp_path, f"Change-Id: {ONE}", shared=0, at=40)
    assert found.verdict is Verdict.NOT_UPSTREAM
    assert not is_wrong(claim(found))


def test_a_change_id_brings_a_commit_that_no_line_and_no_whole_title_does(
    reviewed: Upstream, indexed: Path, tmp_path: Path
) -> None:
    title = "net: queue the requests by their age"
    found = judged(reviewed, indexed, tmp_path, f"Change-Id: {ONE}", title, shared=0, at=40)
    assert (found.verdict, claim(found).outcome) == (Verdict.MODIFIED, ClaimOutcome.CONFIRMED)
    assert judged(reviewed, indexed, tmp_path, "", title, shared=0, at=40).verdict is Verdict.NOT_UPSTREAM


def test_a_change_id_that_upstream_lacks_says_nothing(reviewed: Upstream, indexed: Path, tmp_path: Path) -> None:
    found = judged(reviewed, indexed, tmp_path, f"Change-Id: {UNKNOWN}")
    assert claim(found).outcome is ClaimOutcome.NOT_CHECKED
    assert found.verdict is judged(reviewed, indexed, tmp_path, "").verdict
    other = judged(reviewed, indexed, tmp_path, f"Change-Id: {OTHER}")
    assert (other.verdict, claim(other).outcome) == (found.verdict, ClaimOutcome.ANOTHER_CHANGE)


def test_a_match_by_change_id_is_dropped_only_when_the_target_s_files_agree(
    reviewed: Upstream, indexed: Path, tmp_path: Path
) -> None:
    judged(reviewed, indexed, tmp_path, f"Change-Id: {ONE}")
    report = audit(AuditQuestion(str(tmp_path), (str(reviewed.path),), target="v1.1", index=str(indexed)))
    assert (plan(report).drop, plan(report).watch) == ((), ("a.patch",))
    assert [one.kind.value for one in findings((), report.patches, "v1.1") if one.kind.value == "merged"] == []
