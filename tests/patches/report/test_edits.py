"""Words for what an edit left alone."""

from __future__ import annotations

from patches.queues.edits import EditResult, KeptFile, LeftAlone, LeftKind
from patches.report.edits import LEFT, edit_notes, left_words


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
        "dropped 1 patch: series and 1 file removed",
    ]
    kept = EditResult(root="q", removed=("b.patch",), changed=("series",), kept=(KeptFile("b.patch", "series.arm"),))
    assert edit_notes(kept) == ["stays: b.patch, which series.arm names"]
