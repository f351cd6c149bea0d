"""Facts of what counts as mainline, and of what a history says of commits that are the queue's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.sources.gitrepo import open_repo
from patches.findings import StatusReport, Verdict
from patches.upstreams.index import Index
from patches.upstreams.indexing import update
from patches.upstreams.limits import Limit
from patches.upstreams.scope import IndexScope
from patches.verdicts.audit import AuditQuestion, audit
from patches.verdicts.plan import plan
from tests.patches.upstream import Upstream, git, source


def started(path: Path, branch: str = "master") -> Upstream:
    path.mkdir()
    git(path, "init", "-q", "-b", branch)
    up = Upstream(path)
    up.commit("start", "Start", {f"{name}.c": source(name) for name in ("one", "two", "three")})
    up.tag("v1.0")
    return up


@pytest.fixture
def up(tmp_path: Path) -> Upstream:
    return started(tmp_path / "repo")


def grown(up: Upstream) -> None:
    """One more commit, and a release of it."""
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    up.tag("v1.1")


def report(queue: Path | str, up: Path, tmp_path: Path) -> StatusReport:
    return audit(AuditQuestion(str(queue), (str(up),), index=str(tmp_path / "index")))


def test_a_stale_local_master_is_not_mainline_where_the_remote_says_main(tmp_path: Path) -> None:
    origin = started(tmp_path / "origin", "main")
    git(tmp_path, "clone", "-q", str(origin.path), "clone")
    clone = tmp_path / "clone"
    git(clone, "branch", "-q", "master")
    grown(origin)
    git(clone, "fetch", "-q", "--tags", "origin")
    assert open_repo(str(clone)).main_branch() == "refs/remotes/origin/main"
    (tmp_path / "q").mkdir()
    (tmp_path / "q/a.patch").write_text(origin.patch("same"))
    found = report(tmp_path / "q", clone, tmp_path)
    assert found.patches[0].verdict is Verdict.MERGED
    assert found.upstream[0].main == "origin/main"


def test_a_stale_local_main_branch_is_not_mainline_where_origin_s_is_newer(tmp_path: Path) -> None:
    origin = started(tmp_path / "origin")
    git(tmp_path, "clone", "-q", str(origin.path), "clone")
    grown(origin)
    git(tmp_path / "clone", "fetch", "-q", "origin")
    git(tmp_path / "clone", "remote", "set-head", "origin", "--delete")
    assert open_repo(str(tmp_path / "clone")).main_branch() == "refs/remotes/origin/master"


def test_main_is_mainline_where_a_stale_local_master_is_all_that_is_left_of_another_name(tmp_path: Path) -> None:
    """A clone without origin/HEAD, of a repository that called its branch main meanwhile; nothing local is new."""
    origin = started(tmp_path / "origin", "main")
    git(tmp_path, "clone", "-q", str(origin.path), "clone")
    clone = tmp_path / "clone"
    git(clone, "checkout", "-q", "-b", "master")
    grown(origin)
    git(clone, "fetch", "-q", "--tags", "origin")
    git(clone, "remote", "set-head", "origin", "--delete")
    assert open_repo(str(clone)).main_branch() == "refs/remotes/origin/main"
    git(clone, "checkout", "-q", "--detach", "origin/main")
    assert open_repo(str(clone)).main_branch() == "refs/remotes/origin/main"


def test_a_branch_of_one_s_own_called_main_is_not_mainline_on_top_of_a_mirror_s_master(up: Upstream) -> None:
    git(up.path, "checkout", "-q", "-b", "main")
    up.commit("ours", "one: ours alone", {"one.c": [*up.files["one.c"], "int ours;"]})
    git(up.path, "checkout", "-q", "master")
    assert open_repo(str(up.path)).main_branch() == "refs/heads/master"
    git(up.path, "checkout", "-q", "--detach", "main")
    assert open_repo(str(up.path)).main_branch() == "refs/heads/master"


def test_the_only_remote_s_main_branch_is_mainline_whatever_the_remote_is_called(tmp_path: Path) -> None:
    origin = started(tmp_path / "origin")
    git(tmp_path, "clone", "-q", "--origin", "xen", str(origin.path), "clone")
    grown(origin)
    git(tmp_path / "clone", "fetch", "-q", "xen")
    git(tmp_path / "clone", "remote", "set-head", "xen", "--delete")
    assert open_repo(str(tmp_path / "clone")).main_branch() == "refs/remotes/xen/master"


def test_main_and_master_that_went_apart_are_not_one_branch(up: Upstream) -> None:
    git(up.path, "branch", "-q", "main")
    grown(up)
    git(up.path, "checkout", "-q", "main")
    up.files = {name: source(name.removesuffix(".c")) for name in up.files}
    up.commit("apart", "two: apart", {"two.c": up.changed("two.c", {2: "    two_apart(two);"})})
    assert open_repo(str(up.path)).main_branch() == "refs/heads/main"


def test_what_a_bare_repository_calls_head_is_mainline(up: Upstream, tmp_path: Path) -> None:
    git(up.path, "checkout", "-q", "-b", "xen-unstable")
    grown(up)
    git(tmp_path, "clone", "-q", "--bare", str(up.path), "bare")
    assert open_repo(str(tmp_path / "bare")).main_branch() == "refs/heads/xen-unstable"
    (tmp_path / "bare/config").unlink()
    assert open_repo(str(tmp_path / "bare")).main_branch() == "refs/heads/xen-unstable"


def test_a_mirror_s_own_head_is_mainline_beside_the_stale_remotes_of_whoever_published_it(tmp_path: Path) -> None:
    origin = started(tmp_path / "origin")
    git(tmp_path, "clone", "-q", str(origin.path), "published")
    published = tmp_path / "published"
    git(published, "config", "user.name", "Pub Lisher")
    grown(origin)
    git(published, "pull", "-q", "--tags", str(origin.path), "master")
    git(tmp_path, "clone", "-q", "--mirror", str(published), "mirror")
    assert open_repo(str(tmp_path / "mirror")).main_branch() == "refs/heads/master"
    git(tmp_path / "mirror", "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/master")
    assert open_repo(str(tmp_path / "mirror")).main_branch() == "refs/heads/master"
    assert open_repo(str(published)).main_branch() == "refs/remotes/origin/master"


def test_a_bare_repository_s_head_is_not_mainline_where_its_remote_has_more(tmp_path: Path) -> None:
    origin = started(tmp_path / "origin")
    git(tmp_path, "clone", "-q", "--bare", str(origin.path), "bare")
    bare = tmp_path / "bare"
    grown(origin)
    git(bare, "fetch", "-q", str(origin.path), "+refs/heads/*:refs/remotes/origin/*")
    git(bare, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/master")
    assert open_repo(str(bare)).main_branch() == "refs/remotes/origin/master"


def test_a_checked_out_main_branch_is_mainline_beside_a_stale_master(up: Upstream) -> None:
    git(up.path, "checkout", "-q", "-b", "main")
    grown(up)
    assert open_repo(str(up.path)).main_branch() == "refs/heads/main"


def test_a_checked_out_branch_with_a_release_of_its_own_beyond_master_is_mainline(up: Upstream) -> None:
    git(up.path, "checkout", "-q", "-b", "work")
    up.commit("own", "one: own", {"one.c": up.changed("one.c", {2: "    one_own(one);"})})
    assert open_repo(str(up.path)).main_branch() == "refs/heads/master"
    up.tag("v1.1")
    assert open_repo(str(up.path)).main_branch() == "refs/heads/work"


@pytest.mark.parametrize("tag", ["v1.0-ours", "sent-1", "topic"])
def test_a_tag_of_another_form_makes_no_release_of_a_topic(up: Upstream, tmp_path: Path, tag: str) -> None:
    """One's own tag on the branch that is checked out: its patches are not upstream by that."""
    git(up.path, "checkout", "-q", "-b", "topic-branch")
    up.commit("own", "one: own", {"one.c": up.changed("one.c", {2: "    one_own_step(one, OWN);"})})
    up.tag(tag)
    assert open_repo(str(up.path)).main_branch() == "refs/heads/master"
    (tmp_path / "q").mkdir()
    (tmp_path / "q/a.patch").write_text(up.patch("own"))
    for queue in (tmp_path / "q", f"{up.path}@v1.0..topic-branch"):
        assert plan(report(queue, up.path, tmp_path)).drop == ()


def test_the_branch_that_is_the_queue_is_not_mainline_by_a_release_of_its_own(up: Upstream, tmp_path: Path) -> None:
    git(up.path, "checkout", "-q", "-b", "topic")
    up.commit("own", "one: own", {"one.c": up.changed("one.c", {2: "    one_own_step(one, OWN);"})})
    up.tag("v1.0.1")
    assert open_repo(str(up.path)).main_branch() == "refs/heads/topic"
    found = report(f"{up.path}@v1.0..topic", up.path, tmp_path)
    assert found.upstream[0].main == "master"
    assert plan(found).drop == ()


def test_a_stable_branch_that_is_checked_out_is_not_mainline(up: Upstream) -> None:
    grown(up)
    git(up.path, "checkout", "-q", "-b", "stable-1.0", "v1.0")
    up.files = {name: source(name.removesuffix(".c")) for name in up.files}
    up.commit("fix", "two: fix", {"two.c": up.changed("two.c", {2: "    two_fix(two);"})})
    up.tag("v1.0.1")
    assert open_repo(str(up.path)).main_branch() == "refs/heads/master"


def test_a_range_of_the_upstream_s_own_repository_does_not_match_itself(up: Upstream, tmp_path: Path) -> None:
    """Of two commits of a topic one was picked to mainline."""
    git(up.path, "checkout", "-q", "-b", "topic")
    for word, name in (("sent", "one"), ("own", "two")):
        lines = up.changed(f"{name}.c", {20: f"    {name}_check_length({name}, LIMIT);"})
        up.commit(word, f"{name}: check", {f"{name}.c": lines})
    git(up.path, "checkout", "-q", "master")
    git(up.path, "cherry-pick", up.shas["sent"], date=up.time + 100)
    picked = git(up.path, "rev-parse", "HEAD").strip()
    found = report(f"{up.path}@v1.0..topic", up.path, tmp_path)
    assert [one.verdict for one in found.patches] == [Verdict.MERGED, Verdict.NOT_UPSTREAM]
    assert [commit.sha for commit in found.patches[0].commits] == [picked]
    made = plan(found)
    assert (made.drop, made.send) == ((found.patches[0].name,), (found.patches[1].name,))


def test_a_range_of_mainline_is_upstream(up: Upstream, tmp_path: Path) -> None:
    grown(up)
    found = report(f"{up.path}@v1.0..v1.1", up.path, tmp_path)
    assert [one.verdict for one in found.patches] == [Verdict.MERGED]


def test_a_limited_index_stays_limited(up: Upstream, tmp_path: Path) -> None:
    grown(up)
    up.commit("other", "two: more", {"two.c": up.changed("two.c", {2: "    two_more(two);"})})
    file = tmp_path / "index"
    assert update(str(up.path), file, IndexScope(paths=("one.c",))).total == 2
    (tmp_path / "q").mkdir()
    (tmp_path / "q/a.patch").write_text(up.patch("same"))
    found = report(tmp_path / "q", up.path, tmp_path)
    assert found.upstream[0].commits == 2
    assert Limit.PART in found.upstream[0].limits
    assert found.patches[0].verdict is Verdict.MERGED
    assert update(str(up.path), file).rebuilt == ""
    assert update(str(up.path), file, IndexScope()).total == 3


def test_another_main_branch_for_one_question_makes_no_index_anew(up: Upstream, tmp_path: Path) -> None:
    grown(up)
    git(up.path, "branch", "-q", "old", "v1.0")
    file = tmp_path / "index"
    update(str(up.path), file, IndexScope(paths=("one.c",)))
    done = update(str(up.path), file, main_branch="old")
    assert (done.rebuilt, done.added) == ("", 0)
    assert Index.open(file).meta["main"] == "refs/heads/old"
    update(str(up.path), file)
    assert Index.open(file).meta["main"] == "refs/heads/master"
