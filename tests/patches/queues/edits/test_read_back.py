"""Facts of the second reading: an edit that would change more than it should is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from patches.queues import edit as edits
from patches.queues.edits import Editing, LeftAlone
from patches.queues.formats import ListedPatch
from tests.patches.queues.edits.edited import edited, left, put

SPEC = "Name: x\nPatch0: a.patch\nPatch10: b.patch\nPatch: c.patch\nPatch7: d.patch\n%prep\n%autosetup\n"


def test_a_file_that_another_line_needs_under_another_name_stays(tmp_path: Path) -> None:
    put(tmp_path, {"series": "a.patch\n./a.patch\n"}, ("a.patch",))
    edit = edited(tmp_path, "a.patch")
    assert (left(edit), edit.changes) == ([("", "read-back", "series", "./a.patch")], ())


def test_an_order_that_would_change_is_no_edit(tmp_path: Path) -> None:
    put(tmp_path, {"x.spec": SPEC}, ("a.patch", "b.patch", "c.patch", "d.patch"))
    edit = edited(tmp_path / "x.spec", "b.patch")
    assert (left(edit), edit.changes, edit.removed) == ([("", "read-back", "x.spec", "c.patch")], (), ())
    assert edited(tmp_path / "x.spec", "d.patch").left == ()


def test_patches_that_nothing_applied_do_not_come_to_be_applied(tmp_path: Path) -> None:
    text = "Name: x\nPatch1: a.patch\nPatch2: b.patch\n%prep\n%patch -P 1\n"
    put(tmp_path, {"x.spec": text}, ("a.patch", "b.patch"))
    edit = edited(tmp_path / "x.spec", "a.patch")
    assert (left(edit), edit.changes) == ([("", "read-back", "x.spec", "b.patch")], ())


@pytest.mark.parametrize("line", [1, 3])
def test_an_editor_that_takes_out_too_much_or_too_little_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: int
) -> None:
    def wrong(editing: Editing, drops: list[ListedPatch]) -> list[LeftAlone]:
        for _ in drops:
            editing.text("series").drop(line)
        return []

    monkeypatch.setitem(edits.EDITORS, "quilt", wrong)
    put(tmp_path, {"series": "a.patch\nb.patch\nc.patch -p0\n"}, ("a.patch", "b.patch", "c.patch"))
    edit = edited(tmp_path, "b.patch")
    assert ([one[1] for one in left(edit)], edit.changes) == (["read-back"], ())


def test_an_editor_that_takes_the_version_out_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(editing: Editing, drops: list[ListedPatch]) -> list[LeftAlone]:
        editing.text("x.spec").drop(2, 3)
        return []

    monkeypatch.setitem(edits.EDITORS, "spec", wrong)
    text = "Name: x\nVersion: 4\nPatch1: a.patch\nPatch2: b.patch\n%prep\n%autosetup\n"
    put(tmp_path, {"x.spec": text}, ("a.patch", "b.patch"))
    edit = edited(tmp_path / "x.spec", "a.patch")
    assert ([one[1] for one in left(edit)], edit.changes) == (["read-back"], ())


def test_an_editor_that_changes_a_level_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(editing: Editing, drops: list[ListedPatch]) -> list[LeftAlone]:
        editing.text("series").drop(2)
        editing.text("series").cut(3, 8, 11)
        return []

    monkeypatch.setitem(edits.EDITORS, "quilt", wrong)
    put(tmp_path, {"series": "a.patch\nb.patch\nc.patch -p0\n"}, ("a.patch", "b.patch", "c.patch"))
    assert left(edited(tmp_path, "b.patch")) == [("", "read-back", "series", "c.patch")]
