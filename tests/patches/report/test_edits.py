"""Words for what an edit left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def test_a_file_is_named_as_one_opens_it_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "debian" / "patches"
    folder.mkdir(parents=True)
    (folder / "series").touch()
    left = (
        LeftAlone("a.patch", LeftKind.TWICE, "series:1", "series:3"),
        LeftAlone("", LeftKind.FORMAT, "s.nix", "nix"),
    )
    kept = (KeptFile("series", "another ebuild"),)
    for here, root, said in (
        (tmp_path, "debian/patches", "debian/patches/series"),
        (tmp_path, str(folder), "debian/patches/series"),
        (folder, ".", "series"),
        (folder.parent, "../debian/patches/", "../debian/patches/series"),
        (folder / "..", str(folder), "patches/series"),
    ):
        monkeypatch.chdir(here)
        edit = EditResult(root=root, removed=("b",), changed=("series",), kept=kept, left=left, written=True)
        assert edit_notes(edit) == [
            f"left alone: a.patch  {said}:1: {said}:3 lists it, too",
            "left alone: s.nix: a queue of the format nix cannot be edited",
            f"stays: {said}, which another ebuild names",
            f"dropped 1 patch: edited {said}",
        ]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (LeftKind.COMMAND, "the line does more than to apply it"),
        (LeftKind.SEVERAL, "its line applies others, too"),
        (LeftKind.CONTINUED, "its line is a part of a longer line"),
        (LeftKind.NOT_PARSED, "the file cannot be read from there on"),
        (LeftKind.CHECKSUMS, "the checksums there do not belong to the sources one to one"),
    ],
)
def test_a_place_is_not_told_twice(kind: LeftKind, said: str) -> None:
    assert left_words(LeftAlone("a.patch", kind, "PKGBUILD:22", "PKGBUILD:22")) == said
    assert "PKGBUILD:9" in left_words(LeftAlone("a.patch", kind, "PKGBUILD:22", "PKGBUILD:9"))
