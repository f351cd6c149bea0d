"""Facts of the burn-down of a backlog, over a queue repository's own history."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.sources.gitrepo import open_repo
from patches.findings import TrendPoint, TrendReport
from patches.report import render
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


def test_csv(report: TrendReport) -> None:
    rows = list(csv.DictReader(io.StringIO(render(report, "csv"))))
    assert [(row["name"], row["patches"], row["merged"], row["not-upstream"]) for row in rows] == [
        ("1.0", "3", "1", "1"), ("1.1", "2", "0", "1"), ("2.0", "2", "0", "1"),
    ]  # fmt: skip


def test_the_chart_stacks_what_there_is(report: TrendReport) -> None:
    root = ET.fromstring(render(report, "svg"))
    told = [one.text for one in root.iter("{http://www.w3.org/2000/svg}title")]
    assert told[1:] == [
        "merged, identical: 1 at first, 0 at last",
        "merged, changed: 1 at first, 0 at last",
        "reverted or superseded: 0 at first, 1 at last",
        "not upstream: 1 at first, 1 at last",
    ]
    words = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "2021-06-10: 2 patches" in words
    assert "2021-01" in words


def test_a_chart_of_one_revision_and_hostile_names() -> None:
    point = TrendPoint(name="<b>", rev="0", date="2020-01-01T00:00:00Z", patches=1, verdicts={"merged": 1})
    report = TrendReport(version="1", queue='<script>"&\x1b[31m', upstream=(), points=(point,))
    text = render(report, "svg")
    assert ET.fromstring(text) is not None
    assert "<script>" not in text
    assert "\x1b" not in text


def test_a_chart_names_the_versions_that_the_queue_moved_to() -> None:
    bases = ("4.7.1", "4.7.6", "4.11.0", "4.11.1", "")
    made = [
        TrendPoint(name=str(n), rev="0", date=f"20{20 + n}-01-01T00:00:00Z", patches=n, verdicts={"merged": n}, base=b)
        for n, b in enumerate(bases)
    ]
    report = TrendReport(version="1", queue="q", upstream=(), points=tuple(made))
    root = ET.fromstring(render(report, "svg"))
    words = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert [word for word in words if word in {"4.7", "4.11"}] == ["4.7", "4.11"]
    assert "4.11.0" in render(report, "text")


def test_text(report: TrendReport) -> None:
    lines = render(report, "text").splitlines()
    assert [line.split()[1:3] for line in lines if line.startswith("20")] == [["1.0", "3"], ["1.1", "2"], ["2.0", "2"]]
