"""A kernel source in a git repository, read through its objects."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.sources.git import GitSource
from tests.kcfg.sources.sources import repository
from tests.patches.upstream import git


@pytest.fixture
def source(tmp_path: Path) -> GitSource:
    top = repository(tmp_path / "linux")
    (top / "Kconfig").write_bytes(b"not committed\n")
    return GitSource("linux@v1", str(top), "v1")


def stored(at: Path, kind: str, data: bytes) -> str:
    """An object of a repository, by its name."""
    put = ["git", "-C", str(at), "hash-object", "-w", "-t", kind, "--stdin"]
    return subprocess.run(put, input=data, check=True, capture_output=True, text=False).stdout.decode().strip()


def test_trees_that_share_their_subtrees_are_no_endless_listing(tmp_path: Path) -> None:
    repository(tmp_path)
    blob = bytes.fromhex(stored(tmp_path, "blob", b""))
    tree = stored(tmp_path, "tree", b"".join(b"100644 f%d\0" % n + blob for n in range(10)))
    for _ in range(8):
        tree = stored(tmp_path, "tree", b"".join(b"40000 d%d\0" % n + bytes.fromhex(tree) for n in range(10)))
    top = stored(tmp_path, "tree", b"100644 Kconfig\0" + blob + b"40000 d\0" + bytes.fromhex(tree))
    source = GitSource("r", str(tmp_path), top)
    for listed in (lambda: source.all_files(lambda path: False), lambda: source.glob("*/*/*/*/*/*/*/*/K")):
        with pytest.raises(UserError, match=r"more than [0-9]+0,000 files and folders"):
            listed()


def test_what_is_committed_is_read(source: GitSource) -> None:
    assert (source.read("Kconfig"), source.read("sub/../sub/Kconfig")) == (b"top\n", b"sub\n")
    assert [source.exists(path) for path in ("sub/a.c", "sub", "none", "Kconfig/x")] == [True, False, False, False]
    assert source.kernel_version().series == "6.1"


def test_a_missing_file_is_named_after_the_source(source: GitSource) -> None:
    with pytest.raises(UserError) as caught:
        source.read("sub/none")
    assert caught.value.where == "linux@v1:sub/none"


def test_a_link_is_followed_inside_and_refused_outside(source: GitSource) -> None:
    assert source.read("link/Kconfig") == b"sub\n"
    assert sorted(source.names("link")) == ["Kconfig", "a.c"]
    with pytest.raises(UserError, match="leads out"):
        source.exists("out/Kconfig")


def test_names_are_those_of_a_folder(source: GitSource) -> None:
    assert set(source.names("")) == {"Kconfig", "Makefile", "sub", "link", "out"}
    assert list(source.names("none")) == list(source.names("Kconfig")) == []


def test_all_files_leave_out_links_and_what_is_skipped(source: GitSource) -> None:
    assert source.all_files(lambda path: False) == ["Kconfig", "Makefile", "sub/Kconfig", "sub/a.c"]
    assert source.all_files(lambda path: path == "sub") == ["Kconfig", "Makefile"]


def test_a_fingerprint_is_of_the_contents(source: GitSource, tmp_path: Path) -> None:
    top = tmp_path / "linux"
    (top / "Kconfig").write_bytes(b"changed\n")
    git(top, "commit", "-q", "-a", "-m", "y")
    later = GitSource("linux@HEAD", str(top), "HEAD")
    assert later.fingerprint(["sub/Kconfig"]) == source.fingerprint(["sub/Kconfig"])
    assert later.fingerprint(["Kconfig"]) != source.fingerprint(["Kconfig"])


def test_a_revision_without_kconfig_or_without_a_tree_is_refused(tmp_path: Path) -> None:
    top = repository(tmp_path / "linux")
    git(top, "rm", "-q", "Kconfig")
    git(top, "commit", "-q", "-m", "y")
    with pytest.raises(UserError, match="no Kconfig file in it"):
        GitSource("x", str(top), "HEAD")
    with pytest.raises(UserError):
        GitSource("x", str(top), "v1:Makefile")
    with pytest.raises(UserError):
        GitSource("x", str(top), "gone")
