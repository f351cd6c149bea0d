"""A queue of patches: opened in whatever format it has, each patch read, and what is stale in its series told."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass, replace

from kcfg.base.errors import UserError
from patches.queues.entries import Cache, Queue, QueueEntry, build
from patches.queues.files import DiskFiles, Files, joined
from patches.queues.formats import (
    Format,
    QueueListing,
    apkbuild,
    buildroot,
    ebuild,
    folder,
    gitrange,
    is_there,
    mailbox,
    nix,
    openwrt,
    pkgbuild,
    quilt,
    spec,
    suse,
    yamlfile,
    yocto,
)
from patches.queues.gitfiles import GitFiles
from patches.queues.reasons import OtherSeries, Stale, StaleKind
from patches.thresholds import GROUND

__all__ = ["FORMATS", "Cache", "Queue", "QueueEntry", "open_queue"]

FORMATS: tuple[Format, ...] = (
    quilt.FORMAT, spec.FORMAT, suse.FORMAT, yamlfile.FORMAT, yocto.FORMAT, apkbuild.FORMAT, pkgbuild.FORMAT,
    ebuild.FORMAT, buildroot.FORMAT, openwrt.FORMAT, nix.FORMAT,
    mailbox.FORMAT, folder.FORMAT,
)  # fmt: skip
"""All formats of files, in the order in which a file is tried."""

SERIES = tuple(one for one in FORMATS if one not in (folder.FORMAT, mailbox.FORMAT))
"""The formats whose files list patches that are elsewhere."""

RECIPES = (yocto.FORMAT, ebuild.FORMAT, openwrt.FORMAT, nix.FORMAT)
"""Formats of which a folder may have several files that are equals: one must be named."""

HINTS = (
    "series", ".spec", ".conf", ".yaml", ".yml", ".bb", ".bbappend", "APKBUILD", "PKGBUILD", ".ebuild", ".mk",
    "Makefile", "config-", ".nix",
)  # fmt: skip
"""What the names of series and recipes have: only such files of a folder are read to find its queue."""

DEEPER = 20
"""How many files named series are looked at, where they are in no usual place."""

NAMED = (
    (re.compile(r"\.spec(?:\.in|\.tmpl|\.template)?$"), "an RPM spec"),
    (re.compile(r"(?:^|/)APKBUILD$"), "an APKBUILD"),
    (re.compile(r"(?:^|/)PKGBUILD$"), "a PKGBUILD"),
    (re.compile(r"\.ebuild$"), "an ebuild"),
    (re.compile(r"\.bb(?:append)?$"), "a recipe"),
)
"""What a file says that it is by its name, whether or not it names a patch."""

USUAL = ("", "patches", "debian/patches", "SPECS", "SOURCES")
"""Folders in which a series is looked for, when a folder is given."""


def open_queue(spec: str, cache: Cache | None = None) -> Queue:
    """The queue at `spec`: a folder, a series or other file, `REPO@base..branch`, `REPO@revision[:folder or file]`.

    `cache` keeps parsed patches from one call to the next: a queue's revisions have most of theirs in common.
    UserError when there is none. Single patches that cannot be read are told in their entries and in `findings`.
    """
    if not spec or "\0" in spec:
        raise UserError("no queue given")
    if os.path.isdir(spec):
        above, name = os.path.split(os.path.abspath(spec))
        if is_target(above):
            return open_folder(DiskFiles(above), name, cache)
        return open_folder(DiskFiles(spec), "", cache)
    if os.path.isfile(spec):
        files, path = rooted(spec)
        return open_file(files, path, cache)
    if os.path.lexists(spec) and not os.path.exists(spec):
        raise UserError("a symbolic link that leads nowhere", where=spec)
    at = spec.find("@")
    while at >= 0:
        if os.path.isdir(spec[:at]):
            return open_revision(spec[:at], spec[at + 1 :], cache)
        at = spec.find("@", at + 1)
    if os.path.exists(spec):
        raise UserError("neither a folder nor a file", where=spec)
    raise UserError(
        "no such queue", where=spec, hint="a folder, a series or spec file, REPO@base..branch, REPO@rev:folder"
    )


def open_revision(repository: str, revision: str, cache: Cache | None) -> Queue:
    """A queue in git: a range of commits, or a folder or file of a revision, read without a checkout."""
    name, colon, path = revision.partition(":")
    if ".." in name and not colon:
        where = f"{repository}@{revision}"
        return build("git-range", where, gitrange.listing(repository, name), DiskFiles(repository), cache)
    files = GitFiles(repository, name)
    path = path.strip("/")
    if path and files.find(path):
        return open_file(files, path, cache)
    if path and not files.walk(path):
        raise UserError("no such file or folder", where=joined(files.name, path))
    return open_folder(files, path, cache)


def is_target(folder: str) -> bool:
    """Whether a folder is OpenWrt's target/linux, whose targets have patches in common."""
    return os.path.abspath(folder).endswith(os.path.join("", "target", "linux")) and os.path.isdir(
        os.path.join(folder, "generic")
    )


def root_of(spec: str) -> str:
    """The folder that a queue on disk has its files in."""
    if os.path.isdir(spec):
        above = os.path.dirname(os.path.abspath(spec))
        return above if is_target(above) else spec
    return rooted(spec)[0].name


def rooted(path: str) -> tuple[DiskFiles, str]:
    """A file of a queue as its root and path: SPECS/x.spec and OpenWrt's targets have patches in folders beside."""
    parent, name = os.path.split(os.path.abspath(path))
    if os.path.basename(parent) == "SPECS":
        return DiskFiles(os.path.dirname(parent)), f"SPECS/{name}"
    if is_target(os.path.dirname(parent)):
        return DiskFiles(os.path.dirname(parent)), f"{os.path.basename(parent)}/{name}"
    shown = os.path.dirname(path) or "."
    return DiskFiles(shown), name


def open_file(files: Files, path: str, cache: Cache | None) -> Queue:
    """A queue whose series, or whose only file, is known."""
    for one in FORMATS:
        if one is not folder.FORMAT and one.recognises(files, path):
            return build(one.name, files.name, one.read(files, path), files, cache)
    if yocto.is_recipe(path) and (listing := yocto.read(files, path)).items:  # of what it requires
        return build(yocto.FORMAT.name, files.name, listing, files, cache)
    what = next((words for name, words in NAMED if name.search(path)), "")
    near = series_beside(files, path) if what else ""
    hint = f"a series lies beside it: {joined(files.name, near)}" if near else known()
    message = f"{what} that names no patch itself" if what else "neither a series nor a patch"
    raise UserError(message, where=joined(files.name, path), hint=hint)


def series_beside(files: Files, path: str) -> str:
    """The series in one of the usual folders beside a file; "" without one."""
    above = path.rpartition("/")[0]
    for here in dict.fromkeys("/".join(filter(None, (above, usual))) for usual in USUAL):
        others = [one for one in names_in(files, here) if one.rsplit("/", 1)[-1] == "series"]
        with suppress(UserError):
            if found := candidates(files, others):
                return found[0].listing.file
    return ""


def known() -> str:
    """What users may point at."""
    return "formats: " + ", ".join(one.name for one in FORMATS)


@dataclass(frozen=True, slots=True)
class FormatCandidate:
    """A series that may be the folder's: the share of its patches that are there decides."""

    format: Format
    listing: QueueListing
    found: int

    @property
    def missing(self) -> int:
        """How many listed patches are not there."""
        return len(self.listing.items) - self.found


def open_folder(files: Files, top: str, cache: Cache | None) -> Queue:
    """The series in a folder, or in those below it where series usually are; without one, its patches by name.

    Where there are several, the one with the most patches that are there is the queue; Qubes' series.conf lists files
    that are long gone, and its spec is what is built. The others are told.
    """
    for usual in USUAL:
        here = "/".join(one for one in (top, usual) if one)
        found = candidates(files, names_in(files, here))
        if found:
            return with_faults(chosen(files, found, cache), files, here)
    deeper = [path for path in files.walk(top) if path.rsplit("/", 1)[-1] in ("series", "series.conf")]
    found = candidates(files, deeper[:DEEPER])
    if found:
        return chosen(files, found, cache)
    for usual in USUAL:  # a series that lists nothing, where patches lie beside it
        path = "/".join(one for one in (top, usual, "series") if one)
        if is_there(files, path) and may(quilt.FORMAT, files, path):
            listing = quilt.read(files, path)
            if listing.present:
                return build(quilt.FORMAT.name, files.name, listing, files, cache)
    if folder.recognises(files, top):
        name = "/".join(one for one in (files.name, top) if one)
        return with_faults(build("folder", name, folder.read(files, top), files, cache), files, top)
    raise UserError("no queue of patches in this folder", where=joined(files.name, top), hint=known())


def with_faults(queue: Queue, files: Files, here: str) -> Queue:
    """The queue, and whatever is named as a series in its folder and is none."""
    faults = []
    for name in ("series", "series.conf"):
        path = "/".join(one for one in (here, name) if one)
        if path != queue.series and (error := fault_of(files, path)):
            faults.append(Stale(StaleKind.UNREADABLE, "", path, error=error))
    return replace(queue, findings=queue.findings + tuple(faults))


def fault_of(files: Files, path: str) -> str:
    """Why what has a series' name is none; "" where it is one, or nothing is there."""
    there = path in names_in(files, path.rpartition("/")[0])
    if not there:
        return "a folder, where a series is a file; it was not read as one" if is_folder(files, path) else ""
    try:
        recognised = any(one.recognises(files, path) for one in SERIES)
    except UserError as error:
        return error.message
    return "" if recognised else "this is no series of patches; it was not read"


def is_folder(files: Files, path: str) -> bool:
    """Whether a folder is there; git has none without files."""
    try:
        return bool(files.walk(path, deep=False)) or isinstance(files, DiskFiles)
    except UserError:
        return False


def candidates(files: Files, paths: list[str]) -> list[FormatCandidate]:
    """Those of the files that are series, and list anything."""
    found = []
    made = any(path.rsplit("/", 1)[-1] == "Makefile" and may(openwrt.FORMAT, files, path) for path in paths)
    for path in paths:
        if made and path.rsplit("/", 1)[-1].startswith("config-"):
            continue  # an OpenWrt target's Makefile says which kernel is meant
        reader = next((one for one in SERIES if may(one, files, path)), None)
        listing = reader.read(files, path) if reader else None
        if reader and listing and listing.items:
            found.append(FormatCandidate(reader, listing, sum(is_there(files, item.path) for item in listing.items)))
    return found


def chosen(files: Files, found: list[FormatCandidate], cache: Cache | None) -> Queue:
    """The queue of the best candidate, with a word on the others."""
    best = max(found, key=lambda one: (one.found > 0, one.found / len(one.listing.items) >= GROUND.listed, one.found))
    rivals = [one for one in found if one is not best]
    if best.format in RECIPES and any(
        one.format is best.format and one.listing.items != best.listing.items for one in rivals
    ):
        names = ", ".join(sorted(one.listing.file for one in found))
        raise UserError(f"several recipes: {names}", where=joined(files.name, ""), hint="name the one that is meant")
    queue = build(best.format.name, files.name, best.listing, files, cache)
    more = tuple(
        Stale(StaleKind.SERIES, "", one.listing.file, series=other(one)) for one in rivals if one.format not in RECIPES
    )
    return replace(queue, findings=queue.findings + more)


def other(one: FormatCandidate) -> OtherSeries:
    """A series that was not taken."""
    return OtherSeries(one.format.name, len(one.listing.items), one.missing)


def names_in(files: Files, path: str) -> list[str]:
    """The files right in a folder that may be missing."""
    try:
        return files.walk(path, deep=False)
    except UserError:
        return []


def may(reader: Format, files: Files, path: str) -> bool:
    """Whether a file of a folder is a series of a format, judged by its name first: not every file is read."""
    name = path.rsplit("/", 1)[-1]
    if not any(hint in name for hint in HINTS) or name.endswith((".patch", ".diff")):
        return False
    try:
        return reader.recognises(files, path)
    except UserError:
        return False
