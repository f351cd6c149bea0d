"""Facts of the burn-down of a backlog, over a queue repository's own history."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.sources.gitrepo import open_repo
from patches.findings import TrendReport
from patches.verdicts.trend import QueueRevision, points, thinned, trend
from tests.patches.upstream import START, Upstream, git

HISTORY = (
    ("1.0", ["merged.patch", "not-upstream.patch", "modified.patch"]),
    ("1.1", ["not-upstream.patch", "modified.patch"]),
    ("2.0", ["not-upstream.patch", "reverted.patch"]),
)


@pytest.fixture(scope="module")
def repo(queue: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A queue's repository: first nothing, then three states, each with a tag."""
    path = tmp_path_factory.mktemp("trend") / "repo"
    path.mkdir()
    git(path, "init", "-q", "-b", "main")
    (path / "README").write_text("a queue\n")
    git(path, "add", "-A")
    git(path, "commit", "-q", "-m", "start", date=START)
    for number, (tag, names) in enumerate(HISTORY, 1):
        for old in path.glob("*.patch"):
            old.unlink()
        for name in names:
            (path / name).write_bytes((queue / name).read_bytes())
        (path / "series").write_text("".join(f"{name}\n" for name in names))
        git(path, "add", "-A")
        git(path, "commit", "-q", "-m", f"state {tag}", date=START + number * 90 * 86_400)
        git(path, "tag", tag)
    return path


@pytest.fixture(scope="module")
def report(repo: Path, upstream: Upstream, index_file: Path) -> TrendReport:
    return trend(str(repo), str(upstream.path), index=str(index_file), by="tags")


def test_every_tag_by_verdict(report: TrendReport) -> None:
    assert [(one.name, one.patches, one.verdicts) for one in report.points] == [
        ("1.0", 3, {"merged": 1, "modified": 1, "not-upstream": 1}),
        ("1.1", 2, {"modified": 1, "not-upstream": 1}),
        ("2.0", 2, {"reverted": 1, "not-upstream": 1}),
    ]


def test_commits_without_a_queue_are_left_out(repo: Path, upstream: Upstream, index_file: Path) -> None:
    report = trend(str(repo), str(upstream.path), index=str(index_file))
    assert [one.patches for one in report.points] == [3, 2, 2]
    assert report.points[0].date.startswith("2020-12-12")


def test_a_repository_without_any_queue(upstream: Upstream, index_file: Path) -> None:
    with pytest.raises(UserError, match="no revision of it has a queue"):
        trend(str(upstream.path), str(upstream.path), index=str(index_file), count=2)


def test_tags_that_are_wanted_and_not_there(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "r")
    git(tmp_path / "r", "commit", "-q", "--allow-empty", "-m", "x")
    with pytest.raises(UserError, match="no tags"):
        points(open_repo(str(tmp_path / "r")), "", 9, "tags")


def test_thinning_keeps_both_ends() -> None:
    every = [QueueRevision(str(n), "", n) for n in range(100)]
    assert [one.date for one in thinned(every, 4)] == [0, 33, 66, 99]
    assert len(thinned(every, 200)) == 100
