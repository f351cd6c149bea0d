"""Facts of verdicts: one patch for each, against an upstream that has just that."""

from __future__ import annotations

from pathlib import Path

import pytest

from patches.evidence import Fact, NamedCommit, NoteKind
from patches.findings import FindingKind, PatchResult, Release, StatusReport, Verdict
from patches.report.plan import new_series
from patches.verdicts.audit import AuditQuestion, audit, detail
from patches.verdicts.plan import plan
from tests.patches.upstream import Upstream, file_diff, git, make, patch_of, source


@pytest.fixture(scope="session")
def report(upstream: Upstream, queue: Path, index_file: Path) -> StatusReport:
    return audit(AuditQuestion(str(queue), (str(upstream.path),), index=str(index_file)))


@pytest.fixture(scope="session")
def at_target(upstream: Upstream, queue: Path, index_file: Path) -> StatusReport:
    asked = AuditQuestion(str(queue), (str(upstream.path),), base="v1.0", target="v1.1", index=str(index_file))
    return audit(asked)


def one(report: StatusReport, name: str) -> PatchResult:
    return next(found for found in report.patches if found.name == name)


def shas(report: StatusReport, name: str) -> list[str]:
    return [commit.sha for commit in one(report, name).commits]


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.SUBMITTED])
def test_each_verdict(report: StatusReport, verdict: Verdict) -> None:
    assert one(report, f"{verdict}.patch").verdict is verdict


def test_the_commits_are_named(report: StatusReport, upstream: Upstream) -> None:
    for name, word in (("merged", "same"), ("modified", "changed"), ("split", "large"), ("partial", "small"),
                       ("reverted", "risky"), ("stable-only", "stable"), ("superseded", "other")):  # fmt: skip
        assert shas(report, f"{name}.patch") == [upstream.shas[word]], name
    assert sorted(shas(report, "squashed.patch")) == sorted([upstream.shas["half1"], upstream.shas["half2"]])
    assert shas(report, "not-upstream.patch") == []


def test_the_first_release_on_mainline_and_on_each_stable_branch(report: StatusReport) -> None:
    assert one(report, "merged.patch").commits[0].releases == (Release("mainline", "v1.1"), Release("1.0", "v1.0.1"))
    assert one(report, "stable-only.patch").commits[0].releases == (Release("1.0", "v1.0.2"),)


def test_what_was_reverted_and_applied_again_is_merged_and_says_so(report: StatusReport, upstream: Upstream) -> None:
    found = one(report, "reapplied.patch")
    assert found.verdict is Verdict.MERGED
    (note,) = found.notes
    assert (note.kind, note.commits[0].sha) == (NoteKind.APPLIED_AGAIN, upstream.shas["back"])


def test_a_wrong_claim_is_told_with_what_the_commit_is(report: StatusReport, upstream: Upstream) -> None:
    (claim,) = one(report, "claims-wrong.patch").claims
    assert (claim.outcome, claim.detail) == ("another-change", "bus: announce the backend")
    assert claim.commit == upstream.shas["half1"]


def test_claims_without_a_commit_are_told_and_one_of_never_keeps_a_patch(
    upstream: Upstream, queue: Path, index_file: Path, tmp_path: Path
) -> None:
    text = (queue / "not-upstream.patch").read_text()
    (tmp_path / "1-never.patch").write_text(text.replace("\n\n", "\nForwarded: not-needed\n\n", 1))
    (tmp_path / "2-sent.patch").write_text(text.replace("\n\n", "\nForwarded: https://lists.example.org/1\n\n", 1))
    found = audit(AuditQuestion(str(tmp_path), (str(upstream.path),), index=str(index_file)))
    assert [[(one.kind, one.outcome) for one in patch.claims] for patch in found.patches] == [
        [("never", "not-checked")],
        [("submitted", "not-checked")],
    ]
    made = plan(found)
    assert (made.keep, made.watch, made.send) == (("1-never.patch",), ("2-sent.patch",), ())


def test_a_fix_that_the_queue_lacks_is_a_follow_up(report: StatusReport, upstream: Upstream) -> None:
    (follow,) = one(report, "merged.patch").follow_ups
    assert (follow.kind, follow.commit.sha) == ("fixes", upstream.shas["fix"])
    (revert,) = one(report, "reverted.patch").follow_ups
    assert (revert.kind, revert.commit.sha) == ("revert", upstream.shas["revert"])


def test_a_fix_that_the_queue_carries_is_none(upstream: Upstream, index_file: Path, tmp_path: Path) -> None:
    for word in ("same", "fix"):
        (tmp_path / f"{word}.patch").write_text(upstream.patch(word))
    report = audit(AuditQuestion(str(tmp_path), (str(upstream.path),), index=str(index_file)))
    assert [found.follow_ups for found in report.patches] == [(), ()]


def test_a_fix_that_the_base_has_is_none(upstream: Upstream, queue: Path, index_file: Path) -> None:
    asked = AuditQuestion(str(queue), (str(upstream.path),), base="v1.2", index=str(index_file))
    assert one(audit(asked), "merged.patch").follow_ups == ()


def test_hunks_of_a_partial_patch_tell_which_are_upstream(report: StatusReport) -> None:
    shares = {hunk.file: hunk.upstream for hunk in one(report, "partial.patch").hunks}
    assert shares == {"drivers/page.c": 1.0, "drivers/disk.c": 0.0}


def test_a_hunk_that_was_adapted_in_a_backport_is_not_one_more(
    upstream: Upstream, index_file: Path, tmp_path: Path
) -> None:
    """Where the older release has the lines elsewhere and in another form, all of the change is still upstream."""
    disk = upstream.diff("large")[: upstream.diff("large").index("diff --git a/drivers/timer.c")]
    old = source("timer")
    new = list(old)
    new[12] = "    timer_shared_clock(timer, CLOCK_SHARED);"
    new[50:52] = ["    timer_old_private_clock(timer, STOPPED);", "    timer_old_account(timer, false);"]
    patch = patch_of("disk, timer: use the shared clock", disk + file_diff("drivers/timer.c", old, new))
    (tmp_path / "a.patch").write_text(patch)
    (found,) = audit(AuditQuestion(str(tmp_path), (str(upstream.path),), index=str(index_file))).patches
    assert [hunk.upstream for hunk in found.hunks][-1] == 0
    assert found.verdict is Verdict.MODIFIED


def test_what_the_base_and_the_target_have(at_target: StatusReport) -> None:
    has = {found.name: (found.in_base, found.in_target) for found in at_target.patches}
    assert has["merged.patch"] == (False, True)
    assert has["reapplied.patch"] == (False, False)
    assert has["not-upstream.patch"] == (None, None)


def test_what_becomes_of_patches_at_the_target(at_target: StatusReport) -> None:
    became = {found.name: found.applies.outcome for found in at_target.patches if found.applies}
    assert became["merged.patch"] == "already-there"
    assert became["squashed.patch"] == "already-there"
    assert became["not-upstream.patch"] == "applies"
    assert became["partial.patch"] == "partly-there"
    assert became["unknown.patch"] == "cannot-tell"
    assert became["modified.patch"] == "conflicts"
    found = one(at_target, "modified.patch").applies
    assert found is not None
    assert found.where == ("drivers/block.c:38",)


def test_the_plan_has_each_patch_once(at_target: StatusReport) -> None:
    made = plan(at_target)
    every = [name for field in made.__struct_fields__ for name in getattr(made, field)]
    assert sorted(every) == sorted(found.name for found in at_target.patches)
    assert set(made.drop) == {"merged.patch", "squashed.patch", "split.patch"}
    assert made.send == ("not-upstream.patch",)
    assert "reapplied.patch" in made.keep
    # a line of the modified one calls another function than upstream's
    doubtful = ("partial", "reverted", "superseded", "claims-wrong", "unknown")
    assert made.watch == ("modified.patch", *(f"{name}.patch" for name in doubtful))


def test_a_new_series_has_what_stays(at_target: StatusReport) -> None:
    lines = new_series(at_target).splitlines()
    kept = [line.split("  #")[0] for line in lines if not line.startswith("#")]
    assert "not-upstream.patch" in kept
    assert "merged.patch" not in kept
    assert len(kept) == 9


def test_findings_are_what_ci_fails_on(report: StatusReport) -> None:
    kinds = {(found.kind, found.patch) for found in report.findings}
    assert (FindingKind.MERGED, "merged.patch") in kinds
    assert (FindingKind.CLAIMS_WRONG, "claims-wrong.patch") in kinds
    assert (FindingKind.FOLLOW_UP, "reverted.patch") in kinds
    assert (FindingKind.UNREADABLE, "unknown.patch") in kinds
    assert (FindingKind.MERGED, "not-upstream.patch") not in kinds


def test_the_difference_to_upstream(upstream: Upstream, queue: Path, index_file: Path) -> None:
    asked = AuditQuestion(str(queue), (str(upstream.path),), index=str(index_file))
    found, difference = detail(asked, "modified.patch")
    assert [patch.name for patch in found.patches] == ["modified.patch"]
    assert "-+    return block_flush_batch(block, count);" in difference
    assert "++    return block_flush_all(block, count);" in difference


def test_an_identical_patch_has_no_difference(upstream: Upstream, queue: Path, index_file: Path) -> None:
    asked = AuditQuestion(str(queue), (str(upstream.path),), index=str(index_file))
    assert detail(asked, "merged.patch")[1] == ()


def test_the_base_branch_is_the_users_choice(upstream: Upstream, queue: Path, tmp_path: Path) -> None:
    asked = AuditQuestion(str(queue), (str(upstream.path),), index=str(tmp_path / "i"), main_branch="stable-1.0")
    found = one(audit(asked), "stable-only.patch")
    assert found.verdict is Verdict.MERGED


def test_the_second_upstream_is_asked_for_what_the_first_lacks(upstream: Upstream, queue: Path, tmp_path: Path) -> None:
    empty = tmp_path / "first"
    git(tmp_path, "init", "-q", "-b", "master", "first")
    git(empty, "commit", "-q", "--allow-empty", "-m", "nothing")
    asked = AuditQuestion(str(queue), (str(empty), str(upstream.path)), index=str(tmp_path / "i"))
    report = audit(asked)
    assert one(report, "merged.patch").verdict is Verdict.MERGED
    assert report.upstream[0].commits == 1


def test_a_range_of_commits_is_a_queue(upstream: Upstream, index_file: Path) -> None:
    spec = f"{upstream.path}@v1.0..stable-1.0"
    report = audit(AuditQuestion(spec, (str(upstream.path),), index=str(index_file)))
    assert [found.verdict for found in report.patches] == [Verdict.MERGED, Verdict.STABLE_ONLY]


def test_a_revert_before_the_second_application_is_no_follow_up(report: StatusReport) -> None:
    assert one(report, "reapplied.patch").follow_ups == ()


def test_lines_that_are_only_indented_supersede_nothing(tmp_path: Path) -> None:
    up = make(tmp_path / "repo")
    moved = [f"        {line}" if 30 <= n < 40 else line for n, line in enumerate(up.files["drivers/grant.c"])]
    up.commit("indent", "grant: indent our steps", {"drivers/grant.c": moved})
    old = source("grant")
    new = [*old[:32], "    grant_own_way(grant);", *old[36:]]
    (tmp_path / "q").mkdir()
    (tmp_path / "q/a.patch").write_text(patch_of("grant: go another way", file_diff("drivers/grant.c", old, new)))
    report = audit(AuditQuestion(str(tmp_path / "q"), (str(up.path),), index=str(tmp_path / "i")))
    assert one(report, "a.patch").verdict is Verdict.NOT_UPSTREAM


def test_a_rewritten_version_of_a_patch_supersedes_it(upstream: Upstream, index_file: Path, tmp_path: Path) -> None:
    old = source("block")
    new = [*old[:6], *(f"    block_first_try_{n}(block, TRY);" for n in range(9)), *old[6:20],
           "    block_queue_request(block, BLOCK_BATCHED);", *old[21:]]  # fmt: skip
    text = patch_of("drivers/block: batch the requests", file_diff("drivers/block.c", old, new))
    (tmp_path / "a.patch").write_text(text.replace("Mon, 14 Sep 2020", "Sun, 13 Sep 2020"))
    report = audit(AuditQuestion(str(tmp_path), (str(upstream.path),), index=str(index_file)))
    found = one(report, "a.patch")
    assert (found.verdict, shas(report, "a.patch")) == (Verdict.SUPERSEDED, [upstream.shas["changed"]])
    assert found.evidence[0].fact is Fact.OTHER_VERSION


@pytest.fixture(scope="module")
def squashed(tmp_path_factory: pytest.TempPathFactory) -> Upstream:
    """An upstream whose stable branch has one commit for a change and the fix of it."""
    up = make(tmp_path_factory.mktemp("squashed") / "repo")
    big = up.changed("drivers/page.c", {n: f"    page_cache_entry_{n}(page, CACHE);" for n in range(20, 30)})
    up.commit("big", "page: a cache", {"drivers/page.c": big})
    small = up.changed("drivers/page.c", {24: "    page_cache_entry_unlocked(page, CACHE);"})
    up.commit(
        "mend", "page: no lock there", {"drivers/page.c": small}, f'Fixes: {up.shas["big"][:12]} ("page: a cache")'
    )
    git(up.path, "checkout", "-q", "-b", "stable-1.2", "v1.2")
    git(up.path, "cherry-pick", "-n", up.shas["big"], up.shas["mend"])
    body = "".join(f"(cherry picked from commit {up.shas[word]})\n" for word in ("big", "mend"))
    git(up.path, "commit", "-q", "-F", "-", stdin=f"page: a cache\n\n{body}", date=up.time + 500)
    up.shas["both"] = git(up.path, "rev-parse", "HEAD").strip()
    up.tag("v1.2.1")
    git(up.path, "checkout", "-q", "master")
    return up


def judged(up: Upstream, text: str, tmp_path: Path) -> PatchResult:
    (tmp_path / "q").mkdir()
    (tmp_path / "q/a.patch").write_text(text)
    return audit(AuditQuestion(str(tmp_path / "q"), (str(up.path),), index=str(tmp_path / "i"))).patches[0]


def test_a_stable_branchs_squash_is_a_squash_of_its_parts(squashed: Upstream, tmp_path: Path) -> None:
    found = judged(squashed, squashed.patch("both").replace("(cherry picked", "(taken"), tmp_path)
    assert found.verdict is Verdict.SQUASHED
    assert [commit.sha for commit in found.commits] == [squashed.shas["big"], squashed.shas["mend"]]
    assert [commit.releases[-1] for commit in found.commits] == [Release("1.2", "v1.2.1")] * 2


def test_one_part_of_a_squash_is_not_the_squash(squashed: Upstream, tmp_path: Path) -> None:
    found = judged(squashed, squashed.patch("big"), tmp_path)
    assert (found.verdict, [commit.sha for commit in found.commits]) == (Verdict.MERGED, [squashed.shas["big"]])


def test_a_stable_commit_that_names_more_than_it_brings_is_no_squash(squashed: Upstream, tmp_path: Path) -> None:
    git(squashed.path, "checkout", "-q", "-b", "stable-1.1", "v1.2")
    git(squashed.path, "cherry-pick", "-n", squashed.shas["big"])
    body = "".join(f"(cherry picked from commit {squashed.shas[word]})\n" for word in ("big", "mend"))
    git(squashed.path, "commit", "-q", "-F", "-", stdin=f"page: a cache\n\n{body}", date=squashed.time + 600)
    git(squashed.path, "checkout", "-q", "master")
    found = judged(squashed, squashed.patch("big"), tmp_path)
    git(squashed.path, "branch", "-q", "-D", "stable-1.1")
    assert (found.verdict, [commit.sha for commit in found.commits]) == (Verdict.MERGED, [squashed.shas["big"]])


def test_a_fix_that_was_folded_in_makes_a_squash(squashed: Upstream, tmp_path: Path) -> None:
    git(squashed.path, "branch", "-q", "-D", "stable-1.2")
    git(squashed.path, "tag", "-d", "v1.2.1")
    text = patch_of("page: a cache", git(squashed.path, "diff", f"{squashed.shas['big']}~", squashed.shas["mend"]))
    found = judged(squashed, text, tmp_path)
    assert found.verdict is Verdict.SQUASHED
    assert [commit.sha for commit in found.commits] == [squashed.shas["big"], squashed.shas["mend"]]


def test_the_commit_whose_patch_id_it_is_is_named_where_another_one_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "repo"
    path.mkdir()
    git(path, "init", "-q", "-b", "master")
    up = Upstream(path)
    up.commit("start", "Start", {"net.c": source("net")})
    up.commit("near", "net: near", {"net.c": up.changed("net.c", {12: "    net_near_it(net);"})})
    body = {10: "    net_check_length(net, NET_FRAME_LIMIT);", 11: "    net_reject_too_long(net, NET_TOO_LONG);"}
    up.commit("same", "net: check the length", {"net.c": up.changed("net.c", body)})
    git(path, "checkout", "-q", "-b", "stable-1.0", up.shas["start"])
    up.files = {"net.c": source("net")}
    said = f"(cherry picked from commit {up.shas['same']})"
    up.commit("picked", "net: check the length", {"net.c": up.changed("net.c", body)}, said)
    git(path, "checkout", "-q", "master")
    queue = tmp_path / "queue"
    queue.mkdir()
    for word in ("same", "picked"):
        (queue / f"{word}.patch").write_text(up.diff(word))
    picked, same = audit(AuditQuestion(str(queue), (str(path),), index=str(tmp_path / "index"))).patches
    assert [one.verdict for one in (same, picked)] == [Verdict.MERGED] * 2
    assert [one.commits[0].sha for one in (same, picked)] == [up.shas["same"]] * 2
    assert (same.evidence[0].fact, same.evidence[0].commit) == (Fact.SAME_PATCH_ID, None)
    assert (picked.evidence[0].fact, picked.evidence[0].commit) == (
        Fact.SAME_PATCH_ID, NamedCommit(up.shas["picked"], "net: check the length"),
    )  # fmt: skip
