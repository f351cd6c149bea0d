"""What a queue's reading says, as every format tells it, and in JSON, where each is a text."""

from __future__ import annotations

import json
from typing import Any

from msgspec.structs import replace

from kcfg.show.terminal import Look
from patches.evidence import Note, NoteKind
from patches.findings import FindingKind, QueueFinding
from patches.queues.reasons import Stale, StaleKind
from patches.report import render
from patches.report.words import finding_words
from patches.text.problems import Problem, ProblemKind
from tests.patches.report.reports import MERGED, status

MERGE = Note(NoteKind.PROBLEM, problem=Problem(3, ProblemKind.MERGE))
FOUND = (
    QueueFinding(FindingKind.STALE, "z.patch", "series:9", stale=Stale(StaleKind.MISSING, "z.patch", "series:9")),
    QueueFinding(FindingKind.UNREADABLE, "a.patch", "series:1", notes=(Note(NoteKind.NO_DIFF), MERGE)),
)
SAID = [
    "listed, and there is no such file",
    "the patch holds no diff; line 3: the diff of a merge is not read",
]


def test_a_finding_says_what_was_not_read_or_not_judged() -> None:
    assert [finding_words(one) for one in FOUND] == SAID


def test_in_json_notes_and_findings_are_texts() -> None:
    report = status(replace(MERGED, notes=(MERGE,)), findings=FOUND)
    made: dict[str, Any] = json.loads(render(report, "json", Look()))
    assert made["patches"][0]["notes"] == ["line 3: the diff of a merge is not read"]
    assert [one["text"] for one in made["findings"]] == SAID


def test_every_format_tells_them() -> None:
    report = status(replace(MERGED, notes=(MERGE,)), findings=FOUND)
    for form in ("text", "markdown", "sarif", "html"):
        assert "the diff of a merge is not read" in render(report, form, Look())
        assert "there is no such file" in render(report, form, Look())
