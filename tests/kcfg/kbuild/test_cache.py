"""The cache of Makefiles and #include lines: what it keeps, and when it is not believed."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

from kcfg.kbuild import cache as treecache
from kcfg.kbuild.cache import cached_includes, cached_kbuild
from kcfg.kbuild.condition import ALWAYS, NEVER
from kcfg.kbuild.read import read_kbuild
from kcfg.kbuild.store import pack, pack_includes, unpack, unpack_includes
from kcfg.kbuild.tree import Kbuild
from kcfg.sources.open import open_source
from kcfg.sources.source import FILE_LIMIT
from tests.patches.relevance.queues import small_tree


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "kcfg" / "trees"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return small_tree(
        tmp_path / "tree", {"xen/Makefile": 'obj-y += core.o $(shell x)\nobj-$(subst "",,$(CONFIG_T)) += t.o'}
    )


def kbuild(tree: Path) -> Kbuild:
    return cached_kbuild(open_source(str(tree)), "x86_64")


def test_a_kbuild_comes_back_as_it_was(tree: Path) -> None:
    made = read_kbuild(open_source(str(tree)), "x86_64")
    assert made.undecidable
    assert unpack(pack(made)) == made
    assert kbuild(tree) == kbuild(tree) == made


def test_always_and_never_come_back_as_the_constants(tree: Path) -> None:
    back = unpack(pack(read_kbuild(open_source(str(tree)), "x86_64")))
    assert back.objects["init/main.o"].builtin is ALWAYS
    assert back.objects["init/main.o"].module is NEVER


def test_includes_come_back_as_they_were(tree: Path) -> None:
    made = cached_includes(open_source(str(tree)), "x86_64", cache=False)
    assert unpack_includes(pack_includes(made)) == made
    assert (
        cached_includes(open_source(str(tree)), "x86_64") == cached_includes(open_source(str(tree)), "x86_64") == made
    )


def test_a_changed_makefile_is_read_again(tree: Path) -> None:
    assert "init/more.o" not in kbuild(tree).objects
    (tree / "init/Makefile").write_text("obj-y += main.o more.o\n")
    assert "init/more.o" in kbuild(tree).objects


def test_a_kbuild_file_that_comes_before_a_makefile_is_seen(tree: Path) -> None:
    kbuild(tree)
    (tree / "init/Kbuild").write_text("obj-y += instead.o\n")
    assert "init/instead.o" in kbuild(tree).objects


def test_a_changed_or_new_source_file_is_scanned_again(tree: Path) -> None:
    source = open_source(str(tree))
    before = cached_includes(source, "x86_64")
    assert list(before.of(before.number["drivers/stray.h"])) == []
    (tree / "drivers/one.c").write_text('#include "stray.h"\n')
    changed = cached_includes(source, "x86_64")
    assert [changed.files[n] for n, _ in changed.of(changed.number["drivers/stray.h"])] == ["drivers/one.c"]
    (tree / "drivers/another.c").write_text('#include "stray.h"\n')
    more = cached_includes(source, "x86_64")
    assert [more.files[n] for n, _ in more.of(more.number["drivers/stray.h"])] == ["drivers/another.c", "drivers/one.c"]


@pytest.mark.parametrize("damage", [b"", b"kcfg-tree 0\nx", b"kcfg-tree 1\n", b"kcfg-tree 1\nnot zstd"])
def test_a_damaged_entry_is_made_anew(tree: Path, cache: Path, damage: bytes) -> None:
    made = kbuild(tree)
    entry = next(cache.iterdir())
    entry.write_bytes(damage)
    assert kbuild(tree) == made
    assert len(entry.read_bytes()) > 100


def test_a_cut_off_entry_is_made_anew(tree: Path, cache: Path) -> None:
    made = kbuild(tree)
    entry = next(cache.iterdir())
    entry.write_bytes(entry.read_bytes()[:-20])
    assert kbuild(tree) == made


def test_a_cache_that_cannot_be_written_costs_nothing_but_time(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert "init/main.o" in kbuild(tree).objects


def test_architectures_have_entries_of_their_own(tree: Path) -> None:
    (tree / "init/Makefile").write_text("obj-$(CONFIG_X86_64) += long.o\n")
    source = open_source(str(tree))
    assert "init/long.o" in cached_kbuild(source, "x86_64").objects
    assert "init/long.o" not in cached_kbuild(source, "i386").objects


def test_the_oldest_entries_go(tree: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(treecache, "KEPT", 2)
    source = open_source(str(tree))
    for number, extra in enumerate(("a", "b", "c")):
        cached_kbuild(source, "x86_64", extra=extra)
        for path in cache.iterdir():
            if path.stat().st_mtime > 1000:
                os.utime(path, (number + 1, number + 1))
    assert len(list(cache.iterdir())) == 2


def test_a_tarball_s_c_files_are_not_read_and_that_is_said(tree: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "linux.tar", "w") as archive:
        archive.add(tree, "linux")
    source = open_source(str(tmp_path / "linux.tar"))
    found = cached_includes(source, "x86_64")
    assert found.unread
    assert "init/main.c" in found.files
    assert "init/main.o" in cached_kbuild(source, "x86_64").objects


def test_includes_are_not_kept_while_a_file_cannot_be_read(tree: Path, cache: Path) -> None:
    os.truncate(tree / "init/main.c", FILE_LIMIT + 1)
    assert cached_includes(open_source(str(tree)), "x86_64").lost == ("init/main.c",)
    assert not cache.exists() or not list(cache.iterdir())
    os.truncate(tree / "init/main.c", 0)
    assert cached_includes(open_source(str(tree)), "x86_64").lost == ()
    assert list(cache.iterdir())
