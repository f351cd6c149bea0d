"""A folder of patches without a series."""

from __future__ import annotations

from pathlib import Path

import pytest

from patches.queues.formats.folder import FORMAT, section
from tests.patches.queues.formats.folders import files_of, listed, names

FILES = {"0002-b.patch": "", "0001-a.patch.gz": "", "sub/x.diff": "", "README": "", ".hidden/c.patch": ""}


def test_patches_are_in_the_order_of_their_names_with_their_sub_folder(tmp_path: Path) -> None:
    listing = listed(FORMAT, tmp_path, FILES, "")
    assert [(it.name, it.path, it.section, it.line) for it in listing.items] == [
        ("0001-a.patch.gz", "0001-a.patch.gz", "", 0),
        ("0002-b.patch", "0002-b.patch", "", 0),
        ("sub/x.diff", "sub/x.diff", "sub", 0),
    ]


def test_names_are_told_from_the_folder_that_was_asked_for(tmp_path: Path) -> None:
    listing = listed(FORMAT, tmp_path, {"q/a.patch": "", "b.patch": ""}, "q")
    assert (names(listing), listing.items[0].path) == (["a.patch"], "q/a.patch")


def test_a_folder_without_patches_is_no_queue(tmp_path: Path) -> None:
    assert not FORMAT.recognises(files_of(tmp_path, {"README": "", "a.c": ""}), "")


@pytest.mark.parametrize(("name", "folder"), [("a", ""), ("a/b", "a"), ("a/b/c", "a/b")])
def test_a_section_is_the_sub_folder(name: str, folder: str) -> None:
    assert section(name) == folder
