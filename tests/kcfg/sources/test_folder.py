"""A kernel source in a directory."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.sources.folder import TreeSource
from tests.kcfg.sources.sources import folder


def test_a_folder_without_kconfig_is_refused_and_a_repository_is_told_how_to_name_a_revision(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        TreeSource(str(tmp_path))
    assert (caught.value.message, caught.value.hint) == ("not a kernel source: no Kconfig file in it", "")
    (tmp_path / "objects").mkdir()
    with pytest.raises(UserError) as caught:
        TreeSource(f"{tmp_path}/")
    assert caught.value.hint == f"for a revision of a git repository write {tmp_path}@REVISION"


def test_files_are_read_and_named(tmp_path: Path) -> None:
    source = TreeSource(str(folder(tmp_path)))
    assert source.read("sub/./Kconfig") == b"sub\n"
    assert (source.origin, sorted(source.names("sub")), source.names("none")) == ("tree", ["Kconfig", "a.c"], ())
    assert [source.exists(path) for path in ("sub/a.c", "sub", "none")] == [True, False, False]


@pytest.mark.parametrize(
    ("path", "said"),
    [("none", "no such file in the kernel source"), ("sub", "not a regular file"), ("Kconfig/x", "not a directory")],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, path: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        TreeSource(str(folder(tmp_path))).read(path)
    assert (caught.value.message, caught.value.where) == (said, f"{tmp_path}:{path}")


def test_a_link_is_followed_inside_and_refused_outside(tmp_path: Path) -> None:
    top = folder(tmp_path / "top")
    (top / "in").symlink_to("sub")
    (top / "out").symlink_to("..")
    (tmp_path / "Kconfig").write_bytes(b"secret")
    source = TreeSource(str(top))
    assert source.read("in/Kconfig") == b"sub\n"
    with pytest.raises(UserError, match="leads out"):
        source.read("out/Kconfig")


def test_all_files_are_regular_ones_outside_the_folders_that_are_skipped(tmp_path: Path) -> None:
    source = TreeSource(str(folder(tmp_path)))
    (tmp_path / "link").symlink_to("Kconfig")
    os.mkfifo(tmp_path / "pipe")
    assert source.all_files(lambda path: False) == ["Kconfig", "Makefile", "sub/Kconfig", "sub/a.c"]
    assert source.all_files(lambda path: path == "sub") == ["Kconfig", "Makefile"]


def test_a_fingerprint_changes_with_a_file_and_with_its_coming_and_going(tmp_path: Path) -> None:
    source = TreeSource(str(folder(tmp_path)))
    asked = ["sub/Kconfig", "none"]
    found = [source.fingerprint(asked)]
    (tmp_path / "sub/Kconfig").write_bytes(b"longer\n")
    found.append(source.fingerprint(asked))
    (tmp_path / "none").touch()
    found.append(source.fingerprint(asked))
    assert len(set(found)) == 3
    assert source.fingerprint(reversed([*asked, *asked])) == found[-1]
