"""What was read of a kernel source's Makefiles and #include lines, cached as its model is.

An entry is one file under `$XDG_CACHE_HOME/kcfg/trees`: a zstd frame with the state of every file that went into it. It
is taken only when none of them has changed, none is new, and the code that reads is the same.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Container
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from kcfg.base import caches
from kcfg.base.garbage import uncollected
from kcfg.base.packed import zstd
from kcfg.kbuild import CODE
from kcfg.kconfig.models import CACHE_LEVEL
from kcfg.sources.source import Source

if TYPE_CHECKING:
    from kcfg.kbuild.includes import Includes
    from kcfg.kbuild.tree import Kbuild

T = TypeVar("T")

KEPT = 24
"""Entries of some megabytes; the oldest go."""


class StoredTree(msgspec.Struct, array_like=True):
    """An entry: the files that it was made of, their state, and the result, encoded."""

    files: tuple[str, ...]
    fingerprint: str
    data: msgspec.Raw


def cached_kbuild(
    source: Source, arch: str, *, cache: bool = True, extra: str = "", without: Container[str] = ()
) -> Kbuild:
    """`read_kbuild`, from the cache where the tree's Makefiles are as they were. `extra` tells sources apart that have
    the same files: what a queue changes in them; `without` are objects that are not wanted of it.
    """
    from kcfg.kbuild.read import read_kbuild
    from kcfg.kbuild.store import pack, unpack

    path = path_of("kbuild", source, arch, extra)
    if cache:
        found = taken(path, lambda stored: source.fingerprint(stored.files) == stored.fingerprint, unpack)
        if found is not None:
            return found
    made = read_kbuild(source, arch)
    if without:
        objects = {name: it for name, it in made.objects.items() if name not in without}
        made = msgspec.structs.replace(made, objects=objects)
    if cache:
        # Folders are looked at for a Kbuild file first: that it is missing is part of the state.
        files = dict.fromkeys(made.files)
        files.update(dict.fromkeys(f"{folder.path}/Kbuild".lstrip("/") for folder in made.folders))
        keep(path, source, tuple(files), pack(made))
    return made


def cached_includes(source: Source, arch: str, *, cache: bool = True) -> Includes:
    """`scan`, from the cache where no source file has changed, and none has come or gone."""
    from kcfg.kbuild.includes import scan, tree_files
    from kcfg.kbuild.store import pack_includes, unpack_includes

    files = tree_files(source, arch)
    path = path_of("includes", source, arch)

    def fresh(stored: StoredTree) -> bool:
        return source.fingerprint(files) == stored.fingerprint  # of the files that are there now: none has come or gone

    if cache:
        found: Includes | None = taken(path, fresh, unpack_includes)
        if found is not None:
            return found
    made = scan(source, arch, files)
    if cache and not made.unread and not made.lost:
        keep(path, source, made.files, pack_includes(made))
    return made


def path_of(kind: str, source: Source, arch: str, extra: str = "") -> Path:
    """The entry's file: another one when the source's name or the code that reads it changes."""
    where = os.path.abspath(source.name.rpartition("@")[0] or source.name)
    state = caches.code_state(*CODE)
    name = caches.key(kind, source.origin, source.name, where, arch, state, extra)
    return caches.cache_folder() / "trees" / f"{name}.tree"


def taken(path: Path, fresh: Callable[[StoredTree], bool], unpack: Callable[[bytes], T]) -> T | None:
    """What an entry holds, when it is there, whole and fresh."""
    import zstandard

    with contextlib.suppress(msgspec.DecodeError, zstandard.ZstdError, ValueError, LookupError, MemoryError):
        data = caches.read_entry(path)
        if data is not None:
            stored = msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(data), type=StoredTree)
            if fresh(stored):
                with uncollected():
                    return unpack(bytes(stored.data))
    return None


def keep(path: Path, source: Source, files: tuple[str, ...], data: bytes) -> None:
    """Write an entry."""
    stored = StoredTree(files, source.fingerprint(files), msgspec.Raw(data))
    caches.keep_entry(path, zstd(msgspec.msgpack.encode(stored), CACHE_LEVEL), KEPT)
