"""Words for what an edit left alone."""

from __future__ import annotations

from patches.evidence import Note, NoteKind
from patches.findings import PatchResult, StatusReport
from patches.queues.edits import EditResult, KeptFile, LeftAlone, LeftKind
from patches.report.edits import LEFT, edit_notes, left_words, untold_note


def test_each_kind_has_words_of_its_own_on_one_line() -> None:
    assert set(LEFT) == set(LeftKind)
    words = [left_words(LeftAlone("a.patch", kind, "series:1", "x\ny\x1b")) for kind in LeftKind]
    assert len(set(words)) == len(words)
    assert not any(set(one) & set("\n\x1b") for one in words)


def test_notes_are_a_line_each() -> None:
    left = (LeftAlone("a\n.patch", LeftKind.TWICE, "series:1", "series:3"),)
    edit = EditResult(
        root="q", removed=("b.patch",), changed=("series",), deleted=("b.patch",), left=left, written=True
    )
    assert edit_notes(edit) == [
        "left alone: a\\n.patch  series:1: series:3 lists it, too",
        "dropped 1 patch: edited series, removed 1 file",
    ]
    kept = EditResult(root="q", removed=("b.patch",), changed=("series",), kept=(KeptFile("b.patch", "series.arm"),))
    assert edit_notes(kept) == ["stays: b.patch, which series.arm names"]


def test_files_alone_that_go_are_no_edit_of_a_file() -> None:
    edit = EditResult(root="q", removed=("a.patch", "b.patch"), deleted=("a.patch", "b.patch"), written=True)
    assert edit_notes(edit) == ["dropped 2 patches: removed 2 files"]


def test_what_cannot_be_told_is_named_in_one_line() -> None:
    def report(count: int) -> StatusReport:
        notes = (Note(NoteKind.NO_DIFF),)
        unknown = [PatchResult(name=f"{n}\n.patch", position=n, subject="", notes=notes) for n in range(count)]
        return StatusReport(version="0", queue="q", format="quilt", upstream=(), patches=tuple(unknown), findings=())

    assert untold_note(report(0)) == ""
    assert untold_note(report(1)) == "1 patch cannot be told, and stays: 0\\n.patch: the patch holds no diff"
    assert untold_note(report(5)).endswith("2\\n.patch: the patch holds no diff; and 2 more")
