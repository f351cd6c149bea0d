"""What decides about a file, and what there is to know, in words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kcfg.answers.facts import Location
from kcfg.base.version import KernelUsed
from kcfg.show.terminal import Look
from patches.queues.reasons import Stale, StaleKind
from patches.relevance.data import (
    FileKind,
    FileReason,
    FileReasonKind,
    FileResult,
    PatchRelevance,
    Relevance,
    RelevanceNote,
    RelevanceNoteKind,
    RelevanceReport,
)
from patches.relevance.report import RENDERERS
from patches.relevance.report.words import NOTES, REASONS, SIGNS, WORDS, deciding, note_words, reasons_said, why
from patches.text.problems import Problem, ProblemKind

MERGE = Problem(3, ProblemKind.MERGE)
SO = (FileReason(FileReasonKind.DOCUMENTATION),)
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
            "pvh-domu wants besides what its rules or this kernel do not admit: A, B",
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


# Files.


def file(**more: object) -> FileResult:
    return FileResult(path="d/a.c", kind=FileKind.SOURCE, verdict=Relevance.BUILT, **more)  # type: ignore[arg-type]


def test_every_verdict_has_words_and_signs() -> None:
    assert set(WORDS) == set(SIGNS) == set(Relevance)
    assert all(len(sign) == len(plain) == 1 and plain.isascii() for sign, plain in SIGNS.values())


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (None, ""),
        (file(), ""),
        (file(reason=SO), "documentation"),
        (file(owner="d/a.o", where=Location("d/Makefile", 3), condition="A"), "A, d/Makefile:3"),
        (file(owner="d/a.o", where=Location("d/Makefile", 3)), "d/Makefile:3"),
        (file(owner="d/b.o", where=Location("d/Makefile", 3), condition="A"), "as d/b.o, A, d/Makefile:3"),
        (file(owner="d/b.o", via=("d/b.c",), where=Location("d/Makefile", 3)), "by d/b.o, d/Makefile:3"),
        (
            file(where=Location("M", 1), condition="A && " * 20, symbols=("A", "B"), reason=SO),
            "A B, M:1 (documentation)",
        ),
    ],
)
def test_what_decides_about_a_file(one: FileResult | None, said: str) -> None:
    assert why(one) == said


def test_the_deciding_file_is_the_one_with_the_patch_s_verdict() -> None:
    patch = PatchRelevance(name="p", position=1, verdict=Relevance.BUILT, decided_by="d/a.c", files=(file(),))
    assert deciding(patch) == file()
    assert deciding(PatchRelevance(name="p", position=1, verdict=Relevance.UNDECIDABLE)) is None


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("unreadable", "x: denied", "the tree cannot be read: x: denied"),
        ("architecture", "arm", "of another architecture: arm"),
        ("documentation", "", "documentation"),
        ("beside", "tools", "tools beside the kernel: no part of its image or modules"),
        ("every-object", "", "part of every object"),
        ("device-tree", "", "device trees are not followed"),
        ("tarball", "", "what includes it is not known: of a tarball no C file is kept: unpack it"),
        ("no-c-files", "", "what includes it is not known: the source has no C files"),
        ("program", "", "a program that the build of its folder runs"),
        ("linker-script", "", "a linker script of its folder"),
        ("named", "", "the Makefile of its folder names it"),
        ("not-included", "x86_64", "nothing that is of x86_64 includes it"),
        ("may-name", "$(shell)", "d/Makefile:0 may name it: $(shell)"),
        ("no-makefile", "x86_64", "no Makefile names it for x86_64"),
        ("new-kconfig", "", "a Kconfig file that the tree does not have"),
        ("not-sourced", "x86_64", "no Kconfig file of x86_64 sources it"),
        ("no-option", "", "it defines no option"),
        ("new-makefile", "", "a Makefile that the tree does not have, and no folder's"),
        ("unknown-objects", "", "it names a, b, which this tree's Makefiles do not know there"),
        ("whole-kernel", "", "it builds the whole kernel"),
        ("listed", "", "what it lists"),
        ("not-visited", "x86_64", "make does not come into this folder for x86_64"),
        ("gone", "", "not in this tree: removed or renamed; of the same name, with other lines: a, b, c"),
        ("not-in-source", "", "not in this source, which has no C files"),
        ("no-file", "", "no file"),
        ("moved", "a.c", "not in this tree; judged as a.c, which has its lines"),
        ("new-source", "", "a new file, and no Makefile of the tree or the queue names its object"),
        ("new-header", "", "a new file, and no object is known that includes it"),
        ("new-other", "", "a new file of which nobody can tell what uses it"),
        ("own-option", "NEW", "the queue adds the option NEW, which the tree's Kconfig files do not have"),
        ("compiler", "GCC", "GCC depends on what a compiler answers"),
        ("asks", "$(shell)", "d/Makefile:0 asks the outside: $(shell)"),
    ],
)
def test_a_reason_in_words(kind: str, text: str, said: str) -> None:
    reason = FileReason(FileReasonKind(kind), text, ("a", "b", "c"), Location("d/Makefile"))
    assert reasons_said([reason]) == said


def test_every_kind_of_reason_has_words() -> None:
    assert set(REASONS) == set(FileReasonKind)


def test_a_file_that_is_gone_may_have_none_of_its_name() -> None:
    assert reasons_said([FileReason(FileReasonKind.GONE)]) == "not in this tree: removed or renamed"


def test_in_json_and_csv_the_reasons_of_a_file_are_one_text_and_none_is_left_out() -> None:
    used = KernelUsed(version="6.12", arch="x86_64", origin="tree", name="linux")
    files = (file(reason=(*SO, FileReason(FileReasonKind.LISTED))), file())
    one = PatchRelevance(name="a", position=1, verdict=Relevance.BUILT, decided_by="d/a.c", files=files)
    report = RelevanceReport(version="0", queue="q", format="quilt", kernel=used, patches=(one,))
    made: dict[str, Any] = json.loads(RENDERERS["json"](report, Look(), False))
    assert [each.get("reason") for each in made["patches"][0]["files"]] == ["documentation; what it lists", None]
    assert "documentation; what it lists" in RENDERERS["csv"](report, Look(), False)
