"""Takes patches out of a queue: its own lines and files, and nothing else. Nothing is written here.

The edited texts are read again by the reader of their format, before anybody sees them: what it lists must be the queue
without the patches that went, in the same order, with the same levels and conditions. Otherwise there is no edit.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from kcfg.base.errors import UserError
from kcfg.base.paths import clean_path
from patches.queues.edits import Editing, Editor, KeptFile, LeftAlone, LeftKind, named
from patches.queues.entries import Queue, QueueEntry, check
from patches.queues.files import DiskFiles, Files
from patches.queues.formats import Format, ListedPatch, QueueListing, folder_of, is_patch_name, openwrt
from patches.queues.formats.lines_edit import remove as lines
from patches.queues.formats.recipe_edit import remove as recipe
from patches.queues.formats.spec_edit import remove as spec
from patches.queues.formats.yocto_edit import remove as yocto
from patches.queues.overlay import EditedFiles
from patches.queues.queue import FORMATS, HINTS, open_queue

EDITORS: Mapping[str, Editor] = {
    "quilt": lines, "suse": lines, "folder": lines, "openwrt": lines, "buildroot": lines, "spec": spec, "yocto": yocto,
    "apkbuild": recipe, "pkgbuild": recipe, "ebuild": recipe,
}  # fmt: skip
"""Format -> what takes patches out of its lists. Others are not edited."""
GUARDED = ("quilt", "suse")
"""Formats in which a condition stands on the patch's own line."""


SIBLINGS = 60
"""Other series of a folder that are asked which patches they have."""
OTHERS = "another ebuild"
"""What names a file that ebuilds have in common; their reader has asked them all."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of the queue, by its path below the root: `lines` are (line, what is left of it), for a text that
    changes; `after` is None for a file that goes."""

    path: str
    before: bytes
    after: bytes | None
    mode: int
    lines: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class QueueEdit:
    """An edit that can be shown and written. `root`: the queue's folder; `removed`: names, in the queue's order."""

    root: str
    removed: tuple[str, ...] = ()
    left: tuple[LeftAlone, ...] = ()
    changes: tuple[FileChange, ...] = ()
    kept: tuple[KeptFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Drop:
    """A patch that shall go: its position in the queue, its name and place, by which it is known again."""

    position: int
    name: str
    where: str


def edit_queue(where: str, drops: Sequence[Drop]) -> QueueEdit:
    """The queue at `where` without these patches, as far as that is safe.

    UserError when the queue is not what it was when it was judged. What is left alone is told with its place.
    """
    if not os.path.exists(where):
        return QueueEdit(where, left=(LeftAlone("", LeftKind.REVISION, where),))
    queue = open_queue(where)
    form = next(one for one in FORMATS if one.name == queue.format)
    editor = EDITORS.get(form.name)
    if editor is None:
        return QueueEdit(queue.root, left=(LeftAlone("", LeftKind.FORMAT, queue.series or where, form.name),))
    files = DiskFiles(queue.root)
    listing = form.read(files, queue.series)
    items = listed(queue, listing)
    chosen = [items[one.position] for one in (known(queue, drop) for drop in drops)]
    editing = Editing(files, listing)
    places: dict[str, list[str]] = {}
    for item in listing.items:
        places.setdefault(item.path, []).append(editing.place(item))
    others_have = openwrt.shared(files, queue.series) if form is openwrt.FORMAT else []
    still = applied_still(editing, items, drops)
    told = [
        in_the_way(editing, form, item, places[item.path], others_have)
        or (
            LeftAlone(item.name, LeftKind.KEPT, editing.place(item), place) if (place := still.get(item.path)) else None
        )
        for item in chosen
    ]
    taken = [item for item, why in zip(chosen, told, strict=True) if why is None]
    left = [why for why in told if why is not None]
    left += editor(editing, taken) if taken else []
    staying = {(one.patch, one.where) for one in left}
    taken = [item for item in taken if (item.name, editing.place(item)) not in staying]
    return finished(editing, form, queue, taken, left)


def known(queue: Queue, drop: Drop) -> QueueEntry:
    """The entry that was judged. UserError when the queue has another there by now."""
    entry = queue.entries[drop.position - 1] if drop.position <= len(queue.entries) else None
    if entry is None or (entry.name, entry.where) != (drop.name, drop.where):
        raise UserError("the queue has changed since it was judged", where=queue.root)
    return entry


def listed(queue: Queue, listing: QueueListing) -> dict[int, ListedPatch]:
    """Position -> what the series lists there: entries are the items that can be read, in their order."""
    found: dict[int, ListedPatch] = {}
    rest = iter(listing.items)
    for entry in queue.entries:
        for item in rest:
            place = item.file or listing.file
            at = f"{place}:{item.line}" if item.line else place
            if (item.name, item.path, at, item.reverse) == (entry.name, entry.path, entry.where, entry.reverse):
                found[entry.position] = item
                break
        else:
            raise UserError("the queue has changed since it was judged", where=queue.root)
    return found


def applied_still(editing: Editing, items: Mapping[int, ListedPatch], drops: Sequence[Drop]) -> dict[str, str]:
    """Path -> the place of an entry that is kept: what lists a patch, and its file, serve all entries that have it."""
    going = {one.position for one in drops}
    return {item.path: editing.place(item) for at, item in items.items() if at not in going}


def in_the_way(
    editing: Editing, form: Format, item: ListedPatch, places: Sequence[str], others_have: Sequence[tuple[str, str]]
) -> LeftAlone | None:
    """What keeps a patch where it is in every format; `places`: all that list its file.

    `others_have`: folders whose patches other queues have, too, and the file of each.
    """
    place = editing.place(item)
    if item.condition and form.name not in GUARDED:
        return LeftAlone(item.name, LeftKind.CONDITION, place, item.condition)
    second = next((one for one in places if one != place), "")
    if second:
        return LeftAlone(item.name, LeftKind.TWICE, place, second)
    for path in (item.path, editing.file(item)):
        if path and behind_link(editing.files, path):
            return LeftAlone(item.name, LeftKind.LINK, place, path)
    other = next((by for folder, by in others_have if item.path.startswith(f"{folder}/")), "")
    if other:
        return LeftAlone(item.name, LeftKind.SHARED, place, other)
    if item.file.endswith((".inc", ".bb", ".bbappend")):
        other = named_by(others(editing.files, [item.file, editing.listing.file]), item.file)
        if other:
            return LeftAlone(item.name, LeftKind.SHARED, place, other)
    return None


def behind_link(files: Files, path: str) -> bool:
    """Whether a path, if it is there, is a symbolic link or lies behind one."""
    found = files.find(path)
    return bool(found) and found != clean_path(path, files.name)


def others(files: Files, but: Collection[str]) -> dict[str, str]:
    """The texts of the series and recipes beside those that are edited, by path."""
    found = {}
    for folder in dict.fromkeys(folder_of(one) for one in but):
        for other in files.walk(folder, deep=False):
            base = other.rsplit("/", 1)[-1]
            if other in but or is_patch_name(base) or not any(hint in base for hint in (*HINTS, ".inc")):
                continue
            with suppress(UserError):
                found[other] = files.read(other).decode("utf-8", "surrogateescape")
    return found


def used_by(form: Format, files: Files, beside: Iterable[str]) -> dict[str, str]:
    """The patch files of queues beside this one, of its own format, and which has them: their names may be macros."""
    found: dict[str, str] = {}
    for other in list(beside)[:SIBLINGS]:
        with suppress(UserError):
            if form.recognises(files, other):
                found |= {item.path: other for item in form.read(files, other).items}
    return found


def named_by(texts: Mapping[str, str], path: str) -> str:
    """Which of the texts names a file; "" when none does."""
    name = path.rsplit("/", 1)[-1]
    wanted = named(name)
    return next((other for other, text in texts.items() if name in text and wanted.search(text)), "")


def finished(
    editing: Editing, form: Format, queue: Queue, taken: Sequence[ListedPatch], left: Iterable[LeftAlone]
) -> QueueEdit:
    """The changes, after they were read again."""
    changes: dict[str, FileChange] = {}
    for path, text in editing.texts.items():
        lines_changed = tuple(text.changes())
        if lines_changed:
            before = editing.files.read(path)
            changes[path] = FileChange(path, before, text.data(), mode_of(queue.root, path), lines_changed)
    kept: list[KeptFile] = []
    series = [one for one in dict.fromkeys([*editing.texts, editing.listing.file]) if one]
    beside = others(editing.files, series)
    elsewhere = used_by(form, editing.files, beside) if form.name != "ebuild" else {}
    for item in taken:
        if not editing.files.find(item.path):
            continue  # only its address is known
        path = clean_path(item.path, queue.root)
        by = elsewhere.get(item.path) or named_by(beside, path)
        if not by and path in editing.listing.known and form.name in ("spec", "ebuild"):
            by = editing.listing.file if form.name == "spec" else OTHERS  # it is a source, too
        if by:
            kept.append(KeptFile(path, by))
        else:
            changes[path] = FileChange(path, editing.files.read(path), None, mode_of(queue.root, path))
    after = EditedFiles(editing.files, {path: one.after for path, one in changes.items()})
    wrong = read_back(editing, form, after, taken)
    if wrong:
        why = LeftAlone("", LeftKind.READ_BACK, editing.listing.file or queue.root, wrong)
        return QueueEdit(queue.root, left=(*left, why))
    return QueueEdit(queue.root, tuple(one.name for one in taken), tuple(left), tuple(changes.values()), tuple(kept))


def mode_of(root: str, path: str) -> int:
    """A file's permissions."""
    return stat.S_IMODE(os.lstat(os.path.join(root, path)).st_mode)


def read_back(editing: Editing, form: Format, after: Files, taken: Sequence[ListedPatch]) -> str:
    """What the edited queue has or lacks that it should not, "" when it is the queue without what was taken."""
    try:
        told = form.read(after, editing.listing.file)
    except UserError as error:
        return error.message
    gone = {(item.path, editing.place(item)) for item in taken}  # a spec may apply what a line declares twice
    before = [
        (bare(one), said(one, editing.files))
        for one in editing.listing.items
        if (one.path, editing.place(one)) not in gone
    ]
    now = [(bare(one), said(one, after)) for one in told.items]
    for old, new in zip(before, now, strict=False):
        if old != new:
            return new[0].name if old[0].name != new[0].name else old[0].name
    if len(before) != len(now):
        return (before[len(now)] if len(before) > len(now) else now[len(before)])[0].name
    if told.version != editing.listing.version:
        return editing.listing.version
    return ""


def bare(item: ListedPatch) -> ListedPatch:
    """What of a listed patch does not change when another one goes: not its line, nor the comments around it."""
    return replace(item, line=0, section="", comment="")


def said(item: ListedPatch, files: Files) -> str:
    """What is stale about it."""
    told = check(item, files, "", {})
    return told.kind.value if told else ""
