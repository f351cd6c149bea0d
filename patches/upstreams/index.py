"""What is known of an upstream: commits by their lines, subjects and patch-ids, and how they hang together.

Only reading; `indexing.py` writes. Line keys stand in sorted blocks of (key, id) pairs, in segments that each update
adds; a block is read when a key in it is asked for.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from kcfg.base.errors import UserError
from kcfg.base.text import iso_date, visible
from patches.text.shas import span
from patches.thresholds import GROUND
from patches.upstreams.limits import Limit
from patches.upstreams.limits import read as read_limits
from patches.upstreams.store import DamagedError, StaleError, block_crc, connect, lines_crc
from patches.upstreams.tags import is_date, is_release, tag_order

Keys = npt.NDArray[np.uint32]
CLASS_LIMIT = 64
"""Commits of one change beyond which no more are looked for."""
BLOCKS = 4096
POSTINGS = 500_000
"""Keys whose postings are kept in memory."""
NO_BLOCKS = np.empty(0, np.int64)
NO_KEYS: Keys = np.empty(0, np.uint32)
NOWHERE: tuple[int, Keys] = (0, NO_KEYS)
COLUMNS = (
    "id, name, author, email, author_date, commit_date, subject, subject_key, patch_id, paths, mainline, tag, branch"
)


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. Dates in seconds since 1970; `tag` is the first release that has it, "" for none yet.

    `branch` is a branch that has it, where no tag does.
    """

    ident: int
    sha: str
    author: str
    email: str
    author_date: int
    commit_date: int
    subject: str
    subject_key: str
    patch_id: bytes
    paths: tuple[str, ...]
    mainline: bool
    tag: str
    branch: str


@dataclass(frozen=True, slots=True)
class Mail:
    """What a message is besides its patch.

    `notice`: the commit that it says was merged; `applied`: a maintainer's word.
    """

    message_id: str
    version: int
    number: int
    reply_to: str
    notice: str
    applied: str


class Index:
    """An index, read only. Not safe for several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._base = connect(path, write=False)
        except StaleError as error:
            raise UserError(f"the index is {error}", where=str(path), hint="kcfg patches index makes it anew") from None
        try:
            self._read()
        except BaseException:
            self.close()
            raise
        self._postings: dict[int, tuple[int, Keys]] = {}
        self.commit = lru_cache(1 << 14)(self._commit)
        self.lines = lru_cache(1 << 12)(self._lines)
        self.equivalents = lru_cache(1 << 13)(self._equivalents)
        self._block = lru_cache(BLOCKS)(self._read_block)

    def _read(self) -> None:
        """What is needed of it at once."""
        self.meta = {str(key): str(value) for key, value in self._rows("SELECT key, value FROM meta")}
        if self.meta.get("complete") != "1":
            hint = "kcfg patches index goes on with it"
            raise UserError("the index is not complete", where=str(self.path), hint=hint)
        self.lacks_diffs = Limit.PARTIAL in read_limits(self.meta.get("limits", ""))
        self.total = int(self._one("SELECT count(*) FROM lines") or 0)
        self.count = int(self._one("SELECT count(*) FROM documents") or 0)
        self._segments = self._read_segments()

    @classmethod
    def open(cls, path: Path | str) -> Index:
        """The index in a file."""
        return cls(Path(path))

    def _read_segments(self) -> dict[int, tuple[Keys, Keys]]:
        """For each segment the first and the last key of its blocks, in the blocks' order."""
        found: dict[int, list[tuple[int, int]]] = {}
        for segment, first, last in self._rows("SELECT segment, first, last FROM blocks ORDER BY segment, number"):
            if not (isinstance(first, int) and isinstance(last, int) and 0 <= first <= last < 1 << 32):
                raise self._damaged("a block is torn")
            found.setdefault(segment, []).append((first, last))
        return {
            segment: (np.array([one for one, _ in pairs], np.uint32), np.array([one for _, one in pairs], np.uint32))
            for segment, pairs in found.items()
        }

    def close(self) -> None:
        self._base.close()

    def has_diff(self, ident: int) -> bool:
        """Whether a commit's change is known; those of a partial clone may be missing."""
        return not self.lacks_diffs or bool(self.commit(ident).patch_id)

    def leaving_out(self, idents: frozenset[int]) -> Index:
        """The same index as if these documents were not in it; lines still count in how many documents they are."""
        return LeftOut(self, idents)

    # Documents

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        try:
            return self._base.execute(sql, values).fetchall()
        except (sqlite3.DatabaseError, OverflowError, UnicodeDecodeError) as error:
            raise self._damaged(visible(str(error))) from None  # it quotes what stands in the file

    def _one(self, sql: str, *values: Any) -> Any:
        rows = self._rows(sql, *values)
        return rows[0][0] if rows else None

    def _ids(self, sql: str, *values: Any) -> list[int]:
        found = [row[0] for row in self._rows(sql, *values)]
        self._need(int, *found)
        return found

    def _damaged(self, why: str) -> UserError:
        return DamagedError(f"the index is damaged: {why}", where=str(self.path), hint="delete it; it is made anew")

    def _need(self, kind: type, *values: object) -> None:
        """UserError for a value of another kind: a row is torn."""
        if not all(isinstance(one, kind) for one in values):
            raise self._damaged("a row is torn")

    def _keys(self, blob: object) -> Keys:
        if not isinstance(blob, bytes) or len(blob) % 4:
            raise self._damaged("keys are torn")
        return np.frombuffer(blob, np.uint32)

    def _commit(self, ident: int) -> Commit:
        rows = self._rows(f"SELECT {COLUMNS} FROM documents WHERE id = ?", int(ident))
        if not rows:
            raise self._damaged(f"no document {ident}")
        _, name, author, email, written, committed, subject, key, patch_id, paths, mainline, tag, branch = rows[0]
        self._need(str, author, email, subject, key, paths, tag, branch)
        self._need(int, written, committed, mainline)
        self._need(bytes, name, patch_id)
        return Commit(
            ident, name.hex(), author, email, written, committed, subject, key, patch_id,
            tuple(paths.split("\0")) if paths else (), bool(mainline), tag, branch,
        )  # fmt: skip

    def _lines(self, ident: int) -> Keys:
        for keys, told in self._rows("SELECT keys, crc FROM lines WHERE id = ?", int(ident)):
            if lines_crc(ident, keys) != told:
                raise self._damaged("a commit's lines are torn")
            return self._keys(keys)
        return NO_KEYS

    def find_sha(self, prefix: str) -> list[int]:
        """The commits whose name begins with these hex digits, at least 7."""
        if (names := span(prefix.lower())) is None:
            return []
        return self._ids("SELECT id FROM documents WHERE name BETWEEN ? AND ?", *names)

    def find_change(self, name: str) -> list[int]:
        """The commits with a Change-Id: one change's picks, and maybe what somebody made of it."""
        return self._ids("SELECT DISTINCT source FROM links WHERE named = ? AND kind = 'change' ORDER BY source", name)

    def find_claimed(self, name: str) -> list[int]:
        """The commits that a header names: by their names' beginning, or by a Change-Id."""
        return self.find_change(name) if name[:1] == "I" else self.find_sha(name)

    def by_subject(self, key: str) -> list[int]:
        """The commits with this subject's key."""
        return self._ids("SELECT id FROM documents WHERE subject_key = ? ORDER BY id", key) if key else []

    def by_patch_id(self, patch_id: bytes) -> list[int]:
        """The commits with this stable patch-id."""
        if not patch_id:
            return []
        return self._ids("SELECT id FROM documents WHERE patch_id = ? AND patch_id != x'' ORDER BY id", patch_id)

    def touching(self, path: str) -> list[int]:
        """Mainline's commits that change a file of this path, the oldest first."""
        keys, idents = self._paths
        key = path_key(path)
        found = idents[np.searchsorted(keys, key) : np.searchsorted(keys, key, "right")].tolist()
        commits = [one for one in map(self.commit, dict.fromkeys(found)) if path in one.paths]
        return [one.ident for one in sorted(commits, key=lambda one: (one.commit_date, one.ident))]

    @cached_property
    def _paths(self) -> tuple[Keys, Keys]:
        """The keys of all paths that mainline's commits change, in order, and for each the commit."""
        keys, idents = array("I"), array("I")
        for ident, paths in self._rows("SELECT id, paths FROM documents WHERE mainline"):
            self._need(str, paths)
            for path in paths.split("\0"):
                keys.append(path_key(path))
                idents.append(ident)
        order = np.argsort(np.frombuffer(keys, np.uint32), kind="stable")
        return np.frombuffer(keys, np.uint32)[order], np.frombuffer(idents, np.uint32)[order]

    def by_reference(self, name: str) -> list[int]:
        """The commits that are for an advisory, such as XSA-333."""
        return self._ids("SELECT id FROM advisories WHERE name = ? ORDER BY id", name.upper())

    def newest_tag(self) -> str:
        """The newest release by its number, "" without tags."""
        names = [str(row[0]) for row in self._rows("SELECT DISTINCT tag FROM documents WHERE tag != ''")]
        numbered = [name for name in names if is_release(name)] or [name for name in names if is_date(name)]
        return max(numbered, key=tag_order, default="")

    # Lines

    def postings(self, keys: Sequence[int]) -> dict[int, tuple[int, Keys]]:
        """Key -> (in how many documents it is, and in which); none are told where they are more than `common`.

        Unknown keys are left out.
        """
        missing = [key for key in keys if key not in self._postings]
        if missing:
            if len(self._postings) > POSTINGS:
                self._postings.clear()
                missing = list(keys)
            self._postings.update(dict.fromkeys(missing, NOWHERE))
            self._postings.update(self._look_up(np.unique(np.array(missing, np.uint32))))
        return {key: found for key in keys if (found := self._postings[key])[0]}

    def _look_up(self, keys: Keys) -> dict[int, tuple[int, Keys]]:
        """The postings of keys, sorted."""
        found: dict[int, list[Keys]] = {}
        for segment, blocks in self._segments.items():
            first, last = blocks
            begin = np.searchsorted(last, keys, "left")
            end = np.searchsorted(first, keys, "right")
            for number in np.unique(
                np.concatenate([np.arange(b, e) for b, e in zip(begin, end, strict=True)] or [NO_BLOCKS])
            ):
                theirs, ids = self._block(segment, int(number))
                some = keys[(begin <= number) & (number < end)]
                low, high = np.searchsorted(theirs, some, "left"), np.searchsorted(theirs, some, "right")
                for key, at, to in zip(some.tolist(), low.tolist(), high.tolist(), strict=True):
                    if to > at:
                        found.setdefault(key, []).append(ids[at:to])
        out = {}
        for key, parts in found.items():
            every = parts[0] if len(parts) == 1 else np.concatenate(parts)
            out[key] = (len(every), every if len(every) <= GROUND.common else every[:0])
        return out

    def _read_block(self, segment: int, number: int) -> tuple[Keys, Keys]:
        rows = self._rows("SELECT keys, ids, crc FROM blocks WHERE segment = ? AND number = ?", segment, number)
        *blobs, told = rows[0] if rows else (b"", b"", 0)
        keys, ids = map(self._keys, blobs)
        if not len(keys) or len(keys) != len(ids) or block_crc(*blobs) != told:
            raise self._damaged("a block is torn")
        return keys, ids

    # Relations

    def picks(self, ident: int) -> list[int]:
        """The commits that say they are cherry-picks of this one."""
        return self._ids("SELECT source FROM links WHERE target = ? AND kind = 'pick'", ident)

    def picked_from(self, ident: int) -> list[int]:
        """The commits that this one says it is a cherry-pick of."""
        return self._ids("SELECT target FROM links WHERE source = ? AND kind = 'pick' AND target IS NOT NULL", ident)

    def parts(self, ident: int) -> tuple[int, ...]:
        """The changes that a commit says it was made of, where it picked several; empty for all others.

        `(cherry picked from A)` above `(cherry picked from B)` is no squash where A itself was picked from B.
        """
        named = dict.fromkeys(self.picked_from(ident))
        if len(named) < 2:
            return ()
        same = {two for one in named for two in self.picked_from(one)}
        left: list[int] = []
        for one in named:
            titles = {self.commit(two).subject_key for two in left}
            if one not in same and self.commit(one).subject_key not in titles:
                left.append(one)
        return tuple(left) if len(left) > 1 else ()

    def squashes_with(self, ident: int) -> list[int]:
        """The commits that hold this change, and others."""
        return [one for one in self.picks(ident) if self.parts(one)]

    def fixing(self, ident: int) -> list[int]:
        """The commits whose Fixes: names exactly this one."""
        return self._ids("SELECT DISTINCT source FROM links WHERE target = ? AND kind = 'fixes'", ident)

    def reverts_of(self, ident: int) -> list[int]:
        """The commits that say they revert exactly this one."""
        return self._ids("SELECT DISTINCT source FROM links WHERE target = ? AND kind = 'revert'", ident)

    def _equivalents(self, ident: int) -> frozenset[int]:
        """The same change on all branches, itself included: by trailers, patch-id, or author, subject and lines."""
        found = {ident}
        waiting = [ident]
        while waiting and len(found) < CLASS_LIMIT:
            one = waiting.pop()
            near = {pick for pick in self.picks(one) if not self.parts(pick)} | set(self._alike(one))
            near |= set(self.picked_from(one)) if not self.parts(one) else set()
            waiting += near - found
            found |= near
        return frozenset(found)

    def _alike(self, ident: int) -> Iterable[int]:
        commit = self.commit(ident)
        keys = self.lines(ident)
        for other in self.by_patch_id(commit.patch_id)[:CLASS_LIMIT]:
            # Trivial changes have one patch-id for different purposes.
            if self.commit(other).subject_key == commit.subject_key:
                yield other
        for other in self.by_subject(commit.subject_key)[:CLASS_LIMIT]:
            if other == ident or self.commit(other).author != commit.author:
                continue
            theirs = self.lines(other)
            both = len(np.intersect1d(keys, theirs, assume_unique=True))
            if both and both >= GROUND.same_change * max(len(keys), len(theirs)):
                yield other

    # Mailing lists

    def mail(self, ident: int) -> Mail | None:
        """What a message is, in an archive's index."""
        row = self._rows("SELECT message_id, version, number, reply_to, notice, applied FROM mails WHERE id = ?", ident)
        if not row:
            return None
        message_id, version, number, reply_to, notice, applied = row[0]
        self._need(str, message_id, reply_to, notice, applied)
        self._need(int, version, number)
        return Mail(message_id, version, number, reply_to, notice, applied)

    def by_message_id(self, message_id: str) -> list[int]:
        """The messages with this Message-ID."""
        return self._ids("SELECT id FROM mails WHERE message_id = ?", message_id)

    def newest_mail(self) -> str:
        """The day of the newest message, "" when there is none."""
        newest = self._one("SELECT max(commit_date) FROM documents")
        if newest is None:
            return ""
        self._need(int, newest)
        return iso_date(newest)[:10] if newest else ""

    def replies(self, message_id: str) -> list[int]:
        """The messages that answer one."""
        return self._ids("SELECT id FROM mails WHERE reply_to = ?", message_id)


def path_key(path: str) -> int:
    """The key by which a path is looked up: 32 bits."""
    return crc32(path.encode("utf-8", "surrogatepass"))


class LeftOut(Index):
    """An index without some of its documents. It shares the other's file and caches."""

    def __init__(self, index: Index, idents: frozenset[int]) -> None:
        self.__dict__.update(index.__dict__)
        self._left = idents
        self.equivalents = lru_cache(1 << 13)(self._equivalents)

    def _ids(self, sql: str, *values: Any) -> list[int]:
        return [one for one in super()._ids(sql, *values) if one not in self._left]
