"""The patches of a queue: each listed file is read and parsed, and what is stale in the series is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from kcfg.base.errors import UserError
from kcfg.base.packed import Damaged, capped, chunks, compression, expand
from patches.queues.addresses import not_fetched
from patches.queues.files import Files, OutsideError
from patches.queues.formats import ListedPatch, QueueListing, is_there, mailbox
from patches.queues.reasons import Stale, StaleKind, Unclear, UnclearKind
from patches.text.headers import Header, parse_header
from patches.text.parse import PATCH_LIMIT, parse_patch
from patches.text.patch import Patch
from patches.text.problems import Problem, ProblemKind

PACKED = {"gz": "gzip", "xz": "xz", "bz2": "bzip2", "zst": "zstd", "lzma": "lzma"}
"""Suffix -> compression of a patch."""


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One patch of a queue; `position` counts from 1 in the order of application.

    `path` is the patch file's, relative to the queue's root. `strip` is the -p level, None when it is not told.
    `condition`: guards or version limits under which it is applied. `parts`: the messages, where the file is a mailbox
    of several; `patch` then has the files of all, and `header` is the first message's. `reverse`: the queue applies it
    with -R; `patch` and `header` are then those of the change that this makes. `commit`: see `Item`.
    """

    name: str
    patch: Patch
    header: Header
    position: int
    strip: int | None = None
    where: str = ""
    condition: str = ""
    section: str = ""
    comment: str = ""
    path: str = ""
    parts: tuple[Patch, ...] = ()
    reverse: bool = False
    commit: str = ""


@dataclass(frozen=True)
class Queue:
    """What was opened: `root` as the user knows it, `series` the file that lists the patches ("" for a folder).

    `version`: of what is patched, where the series tells it.
    """

    format: str
    root: str
    entries: tuple[QueueEntry, ...]
    findings: tuple[Stale, ...] = ()
    series: str = ""
    version: str = ""


Parsed = tuple[Patch, Header, tuple[Patch, ...]]
Cache = dict[tuple[str, str, int | None, str], Parsed]
"""Parsed patches of git revisions, by their blob, name, -p level and folder."""


def build(format_name: str, root: str, listing: QueueListing, files: Files, cache: Cache | None = None) -> Queue:
    """Read the listed patches, and find what is stale."""
    entries: list[QueueEntry] = []
    findings: list[Stale] = []
    seen: dict[tuple[str, bool, str], list[tuple[str, str]]] = {}
    for item in doubted(listing.items):
        place = item.file or listing.file
        at = f"{place}:{item.line}" if item.line else place
        stale = check(item, files, at, seen)
        if stale:
            findings.append(stale)
            continue
        try:
            patch, header, parts = parsed(item, files, {} if cache is None else cache)
        except UserError as error:
            findings.append(Stale(StaleKind.UNREADABLE, item.name, at, error=error.message))
            patch, parts = Patch(item.name, "", (), (Problem(0, ProblemKind.REFUSED, error.message),)), ()
            header = parse_header("", item.name)
        if item.reverse:
            patch, header = patch.reversed, header.reversed
            parts = tuple(part.reversed for part in reversed(parts))
        entry = QueueEntry(
            item.name, patch, header, len(entries) + 1, item.strip, at,
            item.condition, item.section, item.comment, item.path, parts, item.reverse, item.commit,
        )  # fmt: skip
        entries.append(entry)
    findings += unlisted(listing)
    return Queue(format_name, root, tuple(entries), tuple(findings), listing.file, listing.version)


def doubted(items: Sequence[ListedPatch]) -> list[ListedPatch]:
    """The items; where it is unclear how a patch is applied in one place, none of its other places is certain.

    Nor is it where a patch is applied, and taken back in another place.
    """
    doubts = {item.path: item.unclear for item in items if item.path and item.unclear and not item.never}
    used = {(item.path, item.reverse) for item in items if item.path and not item.never}
    both = [path for path, reverse in used if reverse and (path, False) in used]
    doubts = dict.fromkeys(both, Unclear(UnclearKind.BOTH_WAYS)) | doubts
    return [replace(item, unclear=item.unclear or doubts[item.path]) if item.path in doubts else item for item in items]


def check(
    item: ListedPatch, files: Files, where: str, seen: dict[tuple[str, bool, str], list[tuple[str, str]]]
) -> Stale | None:
    """What keeps an item from being read; it is noted as seen."""
    if item.raw is not None:
        return None
    if item.never:
        return Stale(StaleKind.NEVER, item.name, where, never=item.never)
    if item.unclear:
        return Stale(StaleKind.MISSING, item.name, where, unclear=item.unclear)
    if ".." in item.name.split("/"):
        return Stale(StaleKind.OUTSIDE, item.name, where)
    try:
        if not files.find(item.path) and not item.url:
            return Stale(StaleKind.MISSING, item.name, where)
    except OutsideError as error:
        return Stale(StaleKind.OUTSIDE, item.name, where, error=error.message)
    before = seen.setdefault((item.path, item.reverse, item.folder), [])
    same = next((place for told, place in before if told == item.condition or not told or not item.condition), "")
    before.append((item.condition, where))
    if same:
        return Stale(StaleKind.TWICE, item.name, where, first=same)
    return None


def unlisted(listing: QueueListing) -> Iterator[Stale]:
    """The patches that lie there and are not listed; that a comment names them is said."""
    listed = {item.path for item in listing.items}
    for path in listing.present:
        if path in listed or path in listing.known:
            continue
        line = listing.disabled.get(path, 0)
        where = f"{listing.file}:{line}" if line else listing.file
        yield Stale(StaleKind.UNLISTED, path, where, commented=bool(line))


def parsed(item: ListedPatch, files: Files, cache: Cache) -> Parsed:
    """A patch, its header, and its messages where it is a mailbox of several."""
    if item.url and not is_there(files, item.path):
        return *not_fetched(item.name, item.url), ()
    ident = files.ident(item.path) if item.raw is None else ""
    key = (ident, item.name, item.strip, item.folder)
    if ident and key in cache:
        return cache[key]
    data = item.raw if item.raw is not None else unpacked(files.read(item.path), item.path)
    mails = mailbox.split_mailbox(data) if item.raw is None else []
    patch = parse_patch(item.name, data if mails else mailbox.plain_mail(data), item.strip)
    parts = tuple(parse_patch(f"{item.name}#{i}", one, item.strip) for i, one in enumerate(mails, 1))
    if parts:
        diffs = tuple(one for part in parts for one in part.files)
        patch = Patch(item.name, parts[0].header, diffs, patch.problems, patch.sha256)
    if item.folder:
        patch, parts = patch.below(item.folder), tuple(part.below(item.folder) for part in parts)
    header = parse_header(patch.header, item.name if item.raw is None else "")
    if ident:
        cache[key] = (patch, header, parts)
    return patch, header, parts


def unpacked(data: bytes, path: str) -> bytes:
    """A patch that was packed, with all its members. UserError when it cannot be unpacked, or is too large."""
    kind = PACKED.get(path.rpartition(".")[2], "")
    if not kind:
        return data
    if compression(data) != kind:
        raise UserError(f"cannot unpack it: this is no {kind} data", where=path)
    try:
        return b"".join(capped(expand(kind, chunks(data)), PATCH_LIMIT, path))
    except Damaged as error:
        raise UserError(f"cannot unpack it: {' '.join(str(error).split())[:200]}", where=path) from None
