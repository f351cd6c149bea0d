"""Find the model to judge by: a kernel source that the user names, or the built-in snapshot nearest to the config.

A parsed source is cached under `$XDG_CACHE_HOME/kcfg`, with the state of every file that went into it; deleting the
cache loses nothing, and a damaged or foreign entry is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import msgspec

from kcfg import snapshot
from kcfg.atomic import write_atomic
from kcfg.config import Config
from kcfg.errors import CannotEvaluate, UserError
from kcfg.findings import KernelUsed
from kcfg.model import Model
from kcfg.source import ARCHES, KernelVersion, Source, open_source

DEFAULT_ARCH = "x86_64"
SNAPSHOT_NAME = re.compile(r"linux-(\d+\.\d+)-(\w+)\.kcfg")
CACHE_LEVEL = 3  # zstd: quick to write


@dataclass(frozen=True, slots=True)
class Kernel:
    """An opened kernel. `exact`: the model is of the configuration's own series, or the user chose it."""

    model: Model
    used: KernelUsed
    exact: bool
    source: Source | None = None
    tree: Path | None = None


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


def open_kernel(
    config: Config | None = None, *, tree: str = "", kernel: str = "", arch: str = "", cache: bool = True
) -> Kernel:
    """The kernel that judges a configuration: `tree` (anything `open_source` takes), else the built-in snapshot of
    `kernel`, else the one closest to the configuration. `arch` overrides what the configuration says.

    Raises UserError for an unknown kernel or architecture, CannotEvaluate where there is no model for it.
    """
    known, guess = which_arch(config, arch)
    given = (("--tree", tree), ("--kernel", "" if tree else kernel), ("--arch", arch))
    options = tuple(word for pair in given if pair[1] for word in pair)
    if tree:
        source = open_source(tree)
        model = cached_parse(source, known) if cache else parse_source(source, known)
        used = KernelUsed(
            version=model.version, arch=known, origin=source.origin, name=tree, note=guess, options=options
        )
        own = Path(tree) if source.origin == "tree" else None
        return Kernel(model, used, True, source, own)
    one, exact, note = choose(config, kernel, known)
    model = built_in(one)
    used = KernelUsed(
        version=model.version,
        arch=known,
        origin="snapshot",
        name=f"linux-{one.series}",
        note="; ".join(part for part in (guess, note) if part),
        options=options,
    )
    return Kernel(model, used, exact)


def which_arch(config: Config | None, arch: str) -> tuple[str, str]:
    """The architecture to judge for, and a note when nothing but a default says so."""
    hint = f"known are {', '.join(ARCHES)}"
    if arch:
        if arch not in ARCHES:
            raise UserError(f"unknown architecture '{arch}'", hint=hint)
        return arch, ""
    found = config.arch() if config else None
    if not config or not found:
        return DEFAULT_ARCH, f"nothing names the architecture: judged for {DEFAULT_ARCH}"
    if found not in ARCHES:
        text = f"this is a configuration for '{found}', for which there is no model"
        raise CannotEvaluate(text, where=config.name, hint=hint)
    return found, ""


def choose(config: Config | None, kernel: str, arch: str) -> tuple[Snapshot, bool, str]:
    """(snapshot, whether it is the configuration's own series, note)."""
    have = [one for one in snapshots() if one.arch == arch]
    if not have:
        raise CannotEvaluate(f"there is no built-in model for {arch}", hint="name a kernel source with --tree")
    names = ", ".join(one.series for one in have)
    own = config.header_version if config else None
    if kernel:
        wanted = KernelVersion.parse(kernel)
        for one in have:
            if one.number == (wanted.major, wanted.minor):
                differs = own is not None and (own.major, own.minor) != one.number
                note = f"the configuration is of {own}, judged by {one.series} as asked" if differs else ""
                return one, True, note
        raise UserError(
            f"no built-in model of Linux {kernel}", hint=f"built in for {arch}: {names}; others with --tree"
        )
    if config is None or own is None:
        return have[-1], False, f"nothing names the kernel's version: judged by {have[-1].series} (--kernel, --tree)"
    one = closest(have, own, config)
    if one.number == (own.major, own.minor):
        return one, True, ""
    note = f"the configuration is of {own}; {one.series} is the closest built-in model (--tree names a source)"
    return one, False, note


def closest(have: list[Snapshot], version: KernelVersion, config: Config) -> Snapshot:
    """The snapshot of a configuration's own series; else, of the last one before it and the first one after it, that
    which defines more of the configuration's symbols: distributions carry newer features in older kernels.
    """
    number = (version.major, version.minor)
    near = [one for one in have if one.number <= number][-1:] + [one for one in have if one.number > number][:1]
    if near[0].number == number or len(near) == 1:
        return near[0]
    return min(near, key=lambda one: len(config.values().keys() - built_in(one).index.keys()))


@lru_cache(maxsize=2)
def built_in(one: Snapshot) -> Model:
    """The model of a built-in snapshot; the last ones are kept, since many configurations may follow each other."""
    return snapshot.loads(one.file.read_bytes(), one.file.name)


def parse_source(source: Source, arch: str) -> Model:
    """The model of a source, with the answers of the nearest snapshot's toolchain to the probes that both have."""
    from kcfg.parse import parse

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


class Entry(msgspec.Struct):
    """What a cached model was made of."""

    fingerprint: str
    files: tuple[str, ...]


def cache_folder() -> Path:
    """`$XDG_CACHE_HOME/kcfg`; it need not exist. For a user without a home it is where nothing can be."""
    base = os.environ.get("XDG_CACHE_HOME") or ""
    home = os.path.expanduser("~")
    own = Path(home, ".cache") if os.path.isabs(home) else Path(os.devnull)
    return (Path(base) if os.path.isabs(base) else own) / "kcfg"


def cached_parse(source: Source, arch: str) -> Model:
    """The model of a source, from the cache when no file that went into it has changed since."""
    where = os.path.abspath(source.name.rpartition("@")[0] or source.name)
    text = f"{snapshot.FORMAT} {maker()} {source.origin} {source.name} {where} {arch}"
    key = hashlib.sha256(text.encode()).hexdigest()[:24]
    note, data = cache_folder() / "models" / f"{key}.json", cache_folder() / "models" / f"{key}.kcfg"
    with contextlib.suppress(OSError, msgspec.DecodeError, UserError):
        entry = msgspec.json.decode(note.read_bytes(), type=Entry)
        if source.fingerprint(entry.files) == entry.fingerprint:
            return snapshot.load(data)
    model = parse_source(source, arch)
    used = (*model.files, "Makefile")
    with contextlib.suppress(OSError):  # a full or read-only disk costs speed, nothing else
        entry = Entry(source.fingerprint(used), used)
        note.parent.mkdir(parents=True, exist_ok=True)
        note.unlink(missing_ok=True)
        write_atomic(data, snapshot.dumps(model, CACHE_LEVEL))
        write_atomic(note, msgspec.json.encode(entry))
    return model


def maker() -> str:
    """Changes with the code that makes models, so that another version's cache entries are not taken."""
    parts = [Path(__file__).with_name(name).stat() for name in ("parse.py", "build.py", "kernels.py")]
    return " ".join(f"{part.st_size} {part.st_mtime_ns}" for part in parts)
