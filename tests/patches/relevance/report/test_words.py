"""What decides about a file, and what there is to know, in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kcfg.base.version import KernelUsed
from kcfg.show.terminal import Look
from patches.queues.reasons import Stale, StaleKind
from patches.relevance.data import PatchRelevance, Relevance, RelevanceNote, RelevanceNoteKind, RelevanceReport
from patches.relevance.report import RENDERERS
from patches.relevance.report.words import NOTES, note_words
from patches.text.problems import Problem, ProblemKind

MERGE = Problem(3, ProblemKind.MERGE)
SOME = RelevanceNote(RelevanceNoteKind.PROBLEM, MERGE)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        (SOME, "the diff of a merge is not read"),
        (RelevanceNote(RelevanceNoteKind.NO_DIFF), "the patch holds no diff"),
        (RelevanceNote(RelevanceNoteKind.CONDITION, text="+x86"), "applied only under +x86"),
        (
            RelevanceNote(RelevanceNoteKind.STALE, stale=Stale(StaleKind.UNLISTED, "a.patch")),
            "unlisted: a.patch there, and not listed",
        ),
        (
            RelevanceNote(RelevanceNoteKind.STALE, stale=Stale(StaleKind.OUTSIDE, "", error="it leads out")),
            "outside: it leads out",
        ),
        (
            RelevanceNote(RelevanceNoteKind.NO_C_FILES),
            "the source has no C files: headers cannot be judged, and no file is said to be gone",
        ),
        (
            RelevanceNote(RelevanceNoteKind.UNREAD, names=("a.c",)),
            "what 1 file of the tree may include is not known, for they cannot be read: a.c",
        ),
        (
            RelevanceNote(RelevanceNoteKind.UNREAD, names=("a.c", "b.c", "c.c", "d.c")),
            "what 4 files of the tree may include is not known, for they cannot be read: a.c, b.c, c.c, ...",
        ),
        (
            RelevanceNote(RelevanceNoteKind.NOT_FULFILLED, mode="pvh-domu", text="XEN is n"),
            "the configuration does not fulfil pvh-domu: XEN is n",
        ),
        (
            RelevanceNote(RelevanceNoteKind.NOT_PROVEN, mode="pvh-domu"),
            "the time did not suffice to prove that pvh-domu's configuration is the smallest",
        ),
        (
            RelevanceNote(RelevanceNoteKind.LEFT_OUT, mode="pvh-domu", names=("A", "B")),
            "pvh-domu recommends what this kernel cannot have besides: A, B",
        ),
    ],
)
def test_a_note_in_words(note: RelevanceNote, said: str) -> None:
    assert note_words(note) == said


def test_every_kind_of_note_has_words() -> None:
    assert set(NOTES) == set(RelevanceNoteKind)


def test_every_format_tells_the_notes_and_json_as_texts() -> None:
    used = KernelUsed(version="6.12", arch="x86_64", origin="tree", name="linux")
    one = PatchRelevance(name="a", position=1, verdict=Relevance.UNDECIDABLE, notes=(SOME,))
    whole = (RelevanceNote(RelevanceNoteKind.NOT_PROVEN, mode="pvh"),)
    report = RelevanceReport(version="0", queue="q", format="quilt", kernel=used, patches=(one,), notes=whole)
    said = "the diff of a merge is not read"
    for form in ("text", "csv", "json", "html"):
        assert said in RENDERERS[form](report, Look(), False)
    for form in ("text", "markdown", "json", "html"):
        assert "to prove that pvh" in RENDERERS[form](report, Look(), False)
    made: dict[str, Any] = json.loads(RENDERERS["json"](report, Look(), False))
    assert made["patches"][0]["notes"] == [said]
    assert len(made["notes"]) == 1
