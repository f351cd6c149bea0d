"""Notes and findings in words, and in JSON, where each is a text."""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import replace

from kcfg.show.terminal import Look
from patches.findings import FindingKind, QueueFinding
from patches.notes import Unread
from patches.queues.reasons import Stale, StaleKind
from patches.report import render
from patches.report.notes import finding_words, note_words, unread_words
from patches.text.problems import Problem, ProblemKind
from tests.patches.report.reports import MERGED, status

MERGE = Problem(3, ProblemKind.MERGE)
GONE = Unread(Stale(StaleKind.MISSING, "z.patch", "series:9"))
FOUND = (
    QueueFinding(FindingKind.STALE, "z.patch", GONE, "series:9"),
    QueueFinding(FindingKind.UNREADABLE, "a.patch", Unread(notes=("no header", MERGE)), "series:1"),
    QueueFinding(FindingKind.MERGED, "a.patch", "in 4.18.0", "series:1"),
)
SAID = [
    "listed, and there is no such file",
    "no header; line 3: the diff of a merge is not read",
    "in 4.18.0",
]


def test_a_note_is_a_problem_with_its_line_or_what_the_judging_says() -> None:
    assert [note_words(one) for one in (MERGE, "so")] == ["line 3: the diff of a merge is not read", "so"]


def test_a_finding_says_what_was_not_read_or_not_judged() -> None:
    assert [finding_words(one) for one in FOUND] == SAID
    assert unread_words(Unread()) == ""


def test_in_json_notes_and_findings_are_texts() -> None:
    report = status(replace(MERGED, notes=(MERGE, "so")), findings=FOUND)
    made: dict[str, Any] = json.loads(render(report, "json", Look()))
    assert made["patches"][0]["notes"] == ["line 3: the diff of a merge is not read", "so"]
    assert [one["text"] for one in made["findings"]] == SAID


def test_every_format_tells_them() -> None:
    report = status(replace(MERGED, notes=(MERGE,)), findings=FOUND)
    for form in ("text", "markdown", "sarif", "html"):
        assert "the diff of a merge is not read" in render(report, form, Look())
        assert "there is no such file" in render(report, form, Look())
