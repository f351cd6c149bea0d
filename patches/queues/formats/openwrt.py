"""OpenWrt's kernels: the generic folders backport, pending and hack, and then the target's patches.

Source: OpenWrt's include/target.mk, kernel.mk and quilt.mk (Kernel/Patch/Default): each folder is the one
of the kernel's version (`hack-6.12`) where it exists, is applied with -p1 by name, or by its `series`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kcfg.base.errors import UserError
from patches.queues.files import Files
from patches.queues.formats import Format, ListedPatch, QueueListing, folder_of, is_there, join, text_lines
from patches.queues.formats.quilt import read as read_series

GENERIC = ("backport", "pending", "hack")
"""The folders of what all targets have, in the order of application."""

_CONFIG = re.compile(r"(?:^|/)config-(\d+\.\d+)$")
_VERSION = re.compile(r"KERNEL_PATCHVER\s*:?=\s*(\d+\.\d+)\s*$")

_ANY_VERSION = re.compile(r"KERNEL_(?:\w+_)?PATCHVER\s*[:?+]*=\s*([^#]*?)\s*(?:#|$)")
_PLAIN = re.compile(r"\d+\.\d+")


def recognises(files: Files, path: str) -> bool:
    """A target's Makefile, or its config-6.12, where it or `generic` beside it has patches for that kernel."""
    version, _ = version_of(files, path)
    return bool(version) and any(names(files, one) for one in folders(files, path, version))


def version_of(files: Files, path: str) -> tuple[str, int]:
    """The kernel that a target's file is for, and the line that says so."""
    found = _CONFIG.search(path)
    if found:
        return found[1], 0
    if path.rsplit("/", 1)[-1] == "Makefile":
        for number, line in enumerate(text_lines(files.read(path)), 1):
            if told := _VERSION.match(line[:200]):
                return told[1], number
    return "", 0


def folders(files: Files, path: str, version: str) -> list[str]:
    """The folders that are applied, in their order."""
    target = folder_of(path)
    generic = join(folder_of(target), "generic") if target else ""
    every = [join(generic, one) for one in GENERIC] if generic else []
    if not generic or target == generic:
        every = [join(target, one) for one in GENERIC]
    if target != generic:
        every.append(join(target, "patches"))
    return [f"{one}-{version}" if names(files, f"{one}-{version}") else one for one in every]


def shared(files: Files, path: str) -> list[tuple[str, str]]:
    """(folder of `generic`, the file of another target that has its patches applied), of all targets beside one.

    A target may be built with a second kernel (KERNEL_TESTING_PATCHVER); one whose kernel cannot be read may have any.
    """
    own = folder_of(path)
    generic = join(folder_of(own), "generic") if own else ""
    if not generic or own == generic:
        return []
    found: list[tuple[str, str]] = []
    for other in files.walk(folder_of(own)):
        top, _, name = other.rpartition("/")
        if top in (own, generic) or folder_of(top) != folder_of(own):
            continue
        versions = [told[1]] if (told := _CONFIG.search(other)) else []
        if name == "Makefile":
            lines = (line[:200].strip() for line in text_lines(files.read(other)))
            versions = [told[1] for line in lines if (told := _ANY_VERSION.match(line))]
        for version in versions:
            every = folders(files, other, version) if _PLAIN.fullmatch(version) else [generic]
            found += [(one, other) for one in every if one == generic or one.startswith(f"{generic}/")]
    return found


def names(files: Files, folder: str) -> list[str]:
    """The files of a folder; none when it is missing."""
    try:
        return [one for one in files.walk(folder, deep=False) if not one.rsplit("/", 1)[-1].startswith(".")]
    except UserError:
        return []


def read(files: Files, path: str) -> QueueListing:
    """The patches of all folders."""
    version, _ = version_of(files, path)
    items: list[ListedPatch] = []
    for folder in folders(files, path, version):
        shown = folder.rsplit("/", 2)[-2:]
        series = join(folder, "series")
        if is_there(files, series):
            told = read_series(files, series).items
            items += [
                replace(one, name=f"{shown[-1]}/{one.name}", section="/".join(shown), file=series) for one in told
            ]
            continue
        for one in names(files, folder):
            items.append(ListedPatch(f"{shown[-1]}/{one.rsplit('/', 1)[-1]}", one, 0, 1, section="/".join(shown)))
    return QueueListing(path, tuple(items), version=version)


FORMAT = Format(
    "openwrt", "an OpenWrt target's Makefile or config-6.12: backport, pending, hack, the target's", recognises, read
)
