"""Commits of a partial clone, as far as they are here."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.sources.gitrepo import open_repo
from patches.findings import Certainty, StatusReport, Verdict
from patches.upstreams.commits import diff_of, with_diffs
from patches.upstreams.index import Index
from patches.upstreams.indexing import update
from patches.upstreams.limits import Limit
from patches.verdicts.audit import AuditQuestion, audit
from tests.patches.upstream import Upstream, git

FILTERS = {"no blob": "blob:none", "no tree": "tree:0", "no large blob": "blob:limit=3700"}


def clone(upstream: Upstream, folder: Path, what: str) -> Path:
    """A bare partial clone."""
    git(upstream.path, "config", "uploadpack.allowFilter", "true")
    git(folder, "clone", "-q", "--bare", f"--filter={FILTERS[what]}", f"file://{upstream.path}", "repo")
    return folder / "repo"


def objects(repository: Path) -> list[str]:
    return sorted(path.name for path in (repository / "objects").rglob("*"))


def judged(queue: Path, repository: Path, folder: Path) -> StatusReport:
    return audit(AuditQuestion(str(queue), (str(repository),), index=str(folder / "index")))


@pytest.mark.parametrize("what", FILTERS)
def test_a_partial_clone_is_indexed_and_judged_and_nothing_is_fetched(
    what: str, upstream: Upstream, queue: Path, tmp_path: Path
) -> None:
    repository = clone(upstream, tmp_path, what)
    before = objects(repository)
    done = update(str(repository), tmp_path / "index")
    assert done.added == done.total > 10
    assert Limit.PARTIAL in done.limits
    report = judged(queue, repository, tmp_path)
    assert report.upstream[0].limits == (Limit.PARTIAL,)
    found = {one.name: (one.verdict, one.certainty) for one in report.patches}
    assert found["not-upstream.patch"] == (Verdict.UNKNOWN, Certainty.LOW)
    assert found["merged.patch"][0] in (Verdict.MERGED, Verdict.MODIFIED)
    assert objects(repository) == before


def test_no_claim_is_wrong_because_a_diff_is_missing(upstream: Upstream, queue: Path, tmp_path: Path) -> None:
    report = judged(queue, clone(upstream, tmp_path, "no blob"), tmp_path)
    assert Verdict.CLAIMS_WRONG not in {one.verdict for one in report.patches}
    assert "claims-wrong" not in {one.kind.value for one in report.findings}


def test_diffs_are_read_where_both_sides_are_here(upstream: Upstream, tmp_path: Path) -> None:
    repository = open_repo(str(clone(upstream, tmp_path, "no large blob")))
    whole = open_repo(str(upstream.path))
    commits = whole.text("rev-list", "--all").split()
    here = with_diffs(repository, commits)
    assert set() < here < set(commits)
    for one in commits:
        assert diff_of(repository, one) == (whole.diff(one) if one in here else b"")
    assert with_diffs(whole, commits) == set(commits)


def test_an_index_of_a_clone_that_lacks_nothing_any_more_is_made_anew(
    upstream: Upstream, index_file: Path, tmp_path: Path
) -> None:
    repository = clone(upstream, tmp_path, "no blob")
    update(str(repository), tmp_path / "index")
    git(repository, "fetch", "-q", "--refetch", "--no-filter", "origin", "+refs/*:refs/*")
    git(repository, "config", "--unset", "remote.origin.promisor")
    assert update(str(repository), tmp_path / "index").rebuilt == "of a clone that lacked objects"
    assert judged_lines(tmp_path / "index") == judged_lines(index_file)


def judged_lines(index: Path) -> int:
    return Index.open(index).total
