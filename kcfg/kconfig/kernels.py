"""Find the model to judge by: a kernel source that the user names, or the built-in snapshot nearest to the config.

A parsed source is cached under `$XDG_CACHE_HOME/kcfg`, with the state of every file that went into it; deleting the
cache loses nothing, and a damaged or foreign entry is made anew.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from kcfg.base.errors import CannotEvaluate, UserError
from kcfg.base.version import ARCHES, KernelUsed, KernelVersion
from kcfg.kconfig.config import Config
from kcfg.kconfig.model import Model
from kcfg.kconfig.models import Snapshot, built_in, cached_parse, parse_source, snapshots
from kcfg.kconfig.snapshot import is_snapshot, load
from kcfg.sources.open import open_source
from kcfg.sources.source import Source

DEFAULT_ARCH = "x86_64"


@dataclass(frozen=True, slots=True)
class Kernel:
    """An opened kernel. `exact`: the model is of the configuration's own series, or the user chose it."""

    model: Model
    used: KernelUsed
    exact: bool
    source: Source | None = None
    tree: Path | None = None


def open_kernel(
    config: Config | None = None, *, tree: str = "", kernel: str = "", arch: str = "", cache: bool = True
) -> Kernel:
    """The kernel that judges a configuration: `tree` (anything `open_source` takes), else the built-in snapshot of
    `kernel`, else the one closest to the configuration. Either may name the file of a snapshot. `arch` overrides what
    the configuration says.

    Raises UserError for an unknown kernel or architecture, CannotEvaluate where there is no model for it.
    """
    if tree and kernel:
        raise UserError("--tree and --kernel at once", hint="each says which kernel judges: give one of them")
    given = (("--tree", tree), ("--kernel", kernel), ("--arch", arch))
    options = tuple(word for pair in given if pair[1] for word in pair)
    file = next((name for name in (tree, kernel) if name and is_snapshot(name)), "")
    if file:
        return open_snapshot(file, config, arch, options)
    known, guess = which_arch(config, arch)
    if tree:
        source = open_source(tree)
        model = cached_parse(source, known) if cache else parse_source(source, known)
        own = Path(tree) if source.origin == "tree" else None
        return Kernel(model, used_for(model, source.origin, tree, guess, options), True, source, own)
    one, exact, note = choose(config, kernel, known)
    model = built_in(one)
    if guess and config is not None:
        guess += other_arch(config, one, model)
    notes = "; ".join(part for part in (guess, note) if part)
    return Kernel(model, used_for(model, "snapshot", f"linux-{one.series}", notes, options), exact)


def refuse_unknown(tree: str = "", kernel: str = "", arch: str = "") -> None:
    """UserError for a kernel or architecture by which no configuration can be judged, so that it is said once."""
    which_arch(None, arch)
    if tree:
        if not os.path.lexists(tree) and "@" not in tree:
            open_source(tree)
    elif kernel and not is_snapshot(kernel):
        wanted = KernelVersion.parse(kernel)
        if arch or all(one.number != (wanted.major, wanted.minor) for one in snapshots()):
            choose(None, kernel, arch or DEFAULT_ARCH)


def used_for(model: Model, origin: str, name: str, note: str, options: tuple[str, ...]) -> KernelUsed:
    """What a report says of the kernel."""
    return KernelUsed(version=model.version, arch=model.arch, origin=origin, name=name, note=note, options=options)


def open_snapshot(name: str, config: Config | None, arch: str, options: tuple[str, ...]) -> Kernel:
    """The kernel of a snapshot's file, which `kcfg snapshot` made. CannotEvaluate where it is of another architecture
    than the configuration, UserError where it is of another one than `arch`."""
    model = load(Path(name))
    if arch and arch != model.arch:
        raise UserError(f"this snapshot is of {model.arch}, not of {arch}", where=name)
    found = config.arch() if config else None
    if found and not arch and found != model.arch:
        raise CannotEvaluate(f"this snapshot is of {model.arch}, the configuration is of {found}", where=name)
    own = config.header_version if config else None
    differs = own is not None and own.series != KernelVersion.parse(model.version).series
    note = f"the configuration is of {own}, judged by {model.version} as asked" if differs else ""
    return Kernel(model, used_for(model, "snapshot", name, note, options), True)


def other_arch(config: Config, one: Snapshot, judged: Model) -> str:
    """What to add where another architecture makes something else of a configuration that names none."""
    from kcfg.kconfig.arches import disagreements

    for other in snapshots():
        if other.series == one.series and other.arch != one.arch:
            names = disagreements(config, judged, built_in(other))
            if names:
                more = f" and {len(names) - 3} more" if len(names) > 3 else ""
                return f" (--arch {other.arch} gives another value to {', '.join(names[:3])}{more})"
    return ""


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
    note = (
        f"the configuration is of {own}; of the built-in models next to it {one.series} has most of its symbols "
        "(--tree names a source)"
    )
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
