"""Models of kernels: those that are built in, and those parsed from a source, from the cache where it has not changed.

A cache entry is keyed by the source's name and the code, and checked against the state of every file that went into it.
"""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from kcfg.base import caches
from kcfg.base.errors import UserError
from kcfg.base.version import KernelVersion
from kcfg.kconfig import CODE, snapshot
from kcfg.kconfig.model import Model
from kcfg.sources.source import Source

SNAPSHOT_NAME = re.compile(r"linux-(\d+\.\d+)-(\w+)\.kcfg")


CACHE_LEVEL = 3  # zstd: quick to write


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A built-in snapshot's file."""

    series: str
    arch: str
    file: Traversable

    @property
    def number(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.series.split("."))


def snapshots() -> tuple[Snapshot, ...]:
    """The built-in snapshots, oldest kernel first."""
    found = []
    for file in files("kcfg").joinpath("snapshots").iterdir():
        match = SNAPSHOT_NAME.fullmatch(file.name)
        if match:
            found.append(Snapshot(match[1], match[2], file))
    return tuple(sorted(found, key=lambda one: (one.number, one.arch)))


@lru_cache(maxsize=2)
def built_in(one: Snapshot) -> Model:
    """The model of a built-in snapshot; the last ones are kept, since many configurations may follow each other."""
    return snapshot.loads(one.file.read_bytes(), one.file.name)


def parse_source(source: Source, arch: str) -> Model:
    """The model of a source, with the answers of the nearest snapshot's toolchain to the probes that both have."""
    from kcfg.kconfig.parse import parse

    model = parse(source, arch)
    answers, toolchain = borrowed_answers(model)
    return msgspec.structs.replace(model, answers=answers, toolchain=toolchain)


def borrowed_answers(model: Model) -> tuple[dict[str, str], str]:
    """(answers, toolchain) of the built-in snapshot nearest in version; probes are the same when their keys are."""
    have = [one for one in snapshots() if one.arch == model.arch]
    if not have:
        return {}, ""
    one = nearest(have, KernelVersion.parse(model.version))
    recorded = built_in(one)
    keys = {probe.key for probe in model.probes}
    answers = {key: text for key, text in recorded.answers.items() if key in keys}
    return answers, f"{recorded.toolchain} (recorded with Linux {one.series})"


def nearest(have: list[Snapshot], version: KernelVersion) -> Snapshot:
    """The newest snapshot that is not newer, else the oldest."""
    older = [one for one in have if one.number <= (version.major, version.minor)]
    return older[-1] if older else have[0]


class StoredModel(msgspec.Struct, array_like=True):
    """A cached model, and what it was made of."""

    files: tuple[str, ...]
    fingerprint: str
    model: bytes


MODELS_KEPT = 48
"""Entries of half a megabyte; the oldest go."""


def cached_parse(source: Source, arch: str) -> Model:
    """The model of a source, from the cache when no file that went into it has changed since."""
    where = os.path.abspath(source.name.rpartition("@")[0] or source.name)
    name = caches.key(str(snapshot.FORMAT), caches.code_state(*CODE), source.origin, source.name, where, arch)
    path = caches.cache_folder() / "models" / f"{name}.model"
    with contextlib.suppress(msgspec.DecodeError, UserError):
        data = caches.read_entry(path)
        entry = msgspec.msgpack.decode(data, type=StoredModel) if data is not None else None
        if entry is not None and source.fingerprint(entry.files) == entry.fingerprint:
            return snapshot.loads(entry.model, path.name)
    model = parse_source(source, arch)
    used = (*model.files, "Makefile")
    entry = StoredModel(used, source.fingerprint(used), snapshot.dumps(model, CACHE_LEVEL))
    caches.keep_entry(path, msgspec.msgpack.encode(entry), MODELS_KEPT)
    return model
