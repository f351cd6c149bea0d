"""What was read of a kernel source's Makefiles and #include lines, cached as its model is.

An entry is one file under `$XDG_CACHE_HOME/kcfg/trees`: a magic line, then a zstd frame with the state of every file
that went into it. It is taken only when none of them has changed, none is new, and the code that reads is the same.
Deleting the folder loses nothing; a damaged or foreign entry is made anew.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
from collections.abc import Callable, Container, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from kcfg.atomic import write_atomic
from kcfg.kernels import CACHE_LEVEL, cache_folder
from kcfg.source import Source

if TYPE_CHECKING:
    from kcfg.includes import Includes
    from kcfg.kbuild import Kbuild

T = TypeVar("T")

MAGIC = b"kcfg-tree 1\n"
KEPT = 24
"""Entries of some megabytes; the oldest go."""


class Stored(msgspec.Struct, array_like=True):
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
    from kcfg.kbuild import read_kbuild
    from kcfg.kbuild_store import pack, unpack

    code = tuple(sorted(path.name for path in Path(__file__).parent.glob("kbuild*.py")))
    key = key_of("kbuild", source, arch, code, extra)
    if cache:
        found = taken(key, lambda stored: source.fingerprint(stored.files) == stored.fingerprint, unpack)
        if found is not None:
            return found
    made = read_kbuild(source, arch)
    if without:
        objects = {path: it for path, it in made.objects.items() if path not in without}
        made = msgspec.structs.replace(made, objects=objects)
    if cache:
        # Folders are looked at for a Kbuild file first: that it is missing is part of the state.
        files = dict.fromkeys(made.files)
        files.update(dict.fromkeys(f"{folder.path}/Kbuild".lstrip("/") for folder in made.folders))
        keep(key, source, tuple(files), pack(made))
    return made


def cached_includes(source: Source, arch: str, *, cache: bool = True) -> Includes:
    """`scan`, from the cache where no source file has changed, and none has come or gone."""
    from kcfg.includes import scan, tree_files
    from kcfg.kbuild_store import pack_includes, unpack_includes

    files = tree_files(source, arch)
    code = ("includes.py", "kbuild_condition.py", "kbuild_store.py", "source.py")
    key = key_of("includes", source, arch, code)

    def fresh(stored: Stored) -> bool:
        return source.fingerprint(files) == stored.fingerprint  # of the files that are there now: none has come or gone

    if cache:
        found: Includes | None = taken(key, fresh, unpack_includes)
        if found is not None:
            return found
    made = scan(source, arch, files)
    if cache and not made.unread:
        keep(key, source, made.files, pack_includes(made))
    return made


def key_of(kind: str, source: Source, arch: str, code: Sequence[str], extra: str = "") -> str:
    """Changes with the source's name and with the code that reads it."""
    where = os.path.abspath(source.name.rpartition("@")[0] or source.name)
    states = [Path(__file__).with_name(name).stat() for name in code]
    made = " ".join(f"{state.st_size} {state.st_mtime_ns}" for state in states)
    text = f"{kind} {source.origin} {source.name} {where} {arch} {made} {extra}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:24]


def taken(key: str, fresh: Callable[[Stored], bool], unpack: Callable[[bytes], T]) -> T | None:
    """What an entry holds, when it is there, whole and fresh."""
    import zstandard

    path = cache_folder() / "trees" / f"{key}.tree"
    with contextlib.suppress(OSError, msgspec.DecodeError, zstandard.ZstdError, ValueError, LookupError, MemoryError):
        data = path.read_bytes()
        if data.startswith(MAGIC):
            stored = msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(data[len(MAGIC) :]), type=Stored)
            if fresh(stored):
                running = gc.isenabled()
                gc.disable()  # only long-lived objects are made: collecting doubles the time
                try:
                    found = unpack(bytes(stored.data))
                finally:
                    if running:
                        gc.enable()
                path.touch()
                return found
    return None


def keep(key: str, source: Source, files: tuple[str, ...], data: bytes) -> None:
    """Write an entry; a full or read-only disk costs speed, nothing else."""
    import zstandard

    stored = Stored(files, source.fingerprint(files), msgspec.Raw(data))
    packed = zstandard.ZstdCompressor(level=CACHE_LEVEL).compress(msgspec.msgpack.encode(stored))
    with contextlib.suppress(OSError):
        path = cache_folder() / "trees" / f"{key}.tree"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, MAGIC + packed)
        entries = sorted(path.parent.glob("*.tree"), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in entries[KEPT:]:
            old.unlink(missing_ok=True)
