"""How the burn-down of a backlog looks."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET

import pytest

from patches.findings import TrendPoint, TrendReport
from patches.report import render


@pytest.fixture
def report() -> TrendReport:
    """Three revisions."""
    told = (
        ("1.0", "2020-12-12", {"merged": 1, "modified": 1, "not-upstream": 1}),
        ("1.1", "2021-03-11", {"modified": 1, "not-upstream": 1}),
        ("2.0", "2021-06-10", {"reverted": 1, "not-upstream": 1}),
    )
    made = [
        TrendPoint(name=name, rev="0", date=f"{date}T00:00:00Z", patches=sum(found.values()), verdicts=found)
        for name, date, found in told
    ]
    return TrendReport(version="1", queue="q", upstream=(), points=tuple(made))


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
