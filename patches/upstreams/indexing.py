"""Builds and updates an index. Every transaction leaves one that is whole as far as it goes.

Commits that are not in the file are read in batches; a batch's rows and its lines' keys are written together, so that
a process killed at any moment has lost at most the batches in flight, and the next one goes on from there.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from kcfg.base.errors import UserError
from kcfg.base.progress import Progress, silent
from kcfg.base.workers import workers
from kcfg.sources.gitrepo import DIFF, lines, open_repo
from patches.upstreams.commits import logged, with_diffs
from patches.upstreams.history import NOTHING, HistoryDocument
from patches.upstreams.limits import Limit, stored
from patches.upstreams.rows import by_prefix, lines_row, names_of, row, write_segment
from patches.upstreams.scope import IndexScope
from patches.upstreams.store import (
    TORN_BLOCK,
    StaleError,
    block_crc,
    broken,
    cache_file,
    connect,
    followed,
    locked,
    look_through,
    remove,
    scope_of,
    version,
)  # fmt: skip
from patches.upstreams.tags import ORDER_VERSION, containing

D = TypeVar("D", bound=HistoryDocument)

BATCH = 1000
"""Commits that one git process prints."""
SEGMENT = 2_500_000
"""Pairs of (key, commit) that are collected before they are sorted and written."""
SEGMENTS = 8
"""More segments than this are merged into one."""
MERGE_LIMIT = 40_000_000
"""Segments with more pairs in all are left as they are: merging holds them in memory."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What came of it. `limits`: a shallow or partial repository, one without tags."""

    path: Path
    total: int
    added: int
    limits: tuple[Limit, ...]
    rebuilt: str = ""
    """Why it was made anew; "" where it was gone on with."""


def update(
    repository: str, path: Path | None = None, scope: IndexScope | None = None, jobs: int = 1,
    progress: Progress = silent,
    main_branch: str = "", look: bool = False,
) -> Indexed:  # fmt: skip
    """Makes the index of a repository, or adds what is new. UserError in one line for all that can be wrong.

    `scope` None keeps the one that the index was made with, or is all of a new one. `main_branch` counts for this once.
    `look`: what is there is looked through first. A damaged index is made anew.
    """
    repo = open_repo(repository)
    path = followed(path or cache_file(repo.folder))
    with locked(path, progress):
        return IndexWriter(repo, path, scope, jobs, progress, main_branch).run(look)


class Origin(Protocol):
    """What is indexed: a repository, or something that looks like one. `folder` names it."""

    path: str
    folder: str

    def refs(self) -> dict[str, str]:
        """Branches and tags -> commits."""

    def main_branch(self, wanted: str = "") -> str:
        """The ref of the main branch."""

    @property
    def cut_off(self) -> frozenset[str]:
        """The commits whose parents are missing in a shallow repository."""

    @property
    def partial(self) -> bool:
        """Whether objects are missing on purpose."""


class IndexWriter:
    """One update of one index. `patches.verdicts.archive` derives from it for mailing lists."""

    kind = "history"

    def __init__(
        self, repo: Origin, path: Path, scope: IndexScope | None, jobs: int, progress: Progress, main_branch: str = ""
    ) -> None:
        self.repo, self.path, self.jobs, self.tell = repo, path, max(1, jobs), progress
        self.asked, self.scope, self.main_branch = scope, scope or IndexScope(), main_branch
        self.rebuilt = ""
        self.waiting: list[tuple[int, HistoryDocument]] = []
        self.size = 0

    def run(self, look: bool = False) -> Indexed:
        """The whole update; an index that proves damaged is made anew, once."""
        refs = self.repo.refs()
        if not refs:
            raise UserError(
                "no branch and no tag", where=self.repo.path, hint="an empty repository has nothing to index"
            )
        if self.asked:
            self.need(self.asked, refs)
        try:
            return self.updated(refs, look)
        except StaleError as error:
            self.rebuilt = str(error)
            self.waiting, self.size = [], 0
            remove(self.path)
        try:
            return self.updated(refs, False)
        except StaleError as error:
            hint = "it was made anew, and is damaged again: the disk may fail"
            raise UserError(f"the index is {error}", where=str(self.path), hint=hint) from None

    def need(self, scope: IndexScope, refs: dict[str, str]) -> None:
        """UserError for limits that git refuses, or a branch that is not there, before what is stored is changed."""
        if scope.main_branch:
            self.repo.main_branch(scope.main_branch)
        if arguments := scope.arguments():
            tip = next(iter(refs.values()))
            open_repo(self.repo.path).git("rev-list", "--ignore-missing", "--max-count=0", tip, *arguments)

    def updated(self, refs: dict[str, str], look: bool) -> Indexed:
        """One update. StaleError for a damaged index."""
        try:
            with closing(self.open(refs)) as base:
                self.base = base
                if look:
                    self.tell("looking through the index", 0, 0)
                    look_through(base)
                added = self.add_commits(refs)
                self.relate(refs)
                self.merge()
                total = base.execute("SELECT count(*) FROM documents").fetchone()[0]
                base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.DatabaseError as error:
            raise broken(error, self.path) from None
        return Indexed(self.path, total, added, self.limits(refs), self.rebuilt)

    def open(self, refs: dict[str, str]) -> sqlite3.Connection:
        """The database, made anew where it is of another version, torn, or of another scope."""
        try:
            base = connect(self.path, write=True)
        except StaleError as error:
            self.rebuilt = str(error)
            self.scope = self.asked or self.salvaged(refs)
            remove(self.path)
            base = connect(self.path, write=True)
        found = dict(base.execute("SELECT key, value FROM meta"))
        ends = " ".join(sorted(self.repo.cut_off))
        kept = IndexScope.read(found.get("scope", ""))
        if self.asked is None and found:
            self.scope = kept
        if found and (kept.paths, kept.since) != (self.scope.paths, self.scope.since):
            self.rebuilt = "of other paths or dates"
        elif found and found.get("cut_off", ends) != ends:
            self.rebuilt = "of a shallow history that ended elsewhere"
        elif Limit.PARTIAL in found.get("limits", "").split() and not self.repo.partial:
            self.rebuilt = "of a clone that lacked objects"
        if found and self.rebuilt:
            base.close()
            remove(self.path)
            base = connect(self.path, write=True)
        meta = {
            "format": version(), "scope": self.scope.told(), "kind": self.kind, "repository": self.repo.folder,
            "cut_off": ends,
        }  # fmt: skip
        base.executemany("INSERT OR REPLACE INTO meta VALUES(?, ?)", meta.items())
        return base

    def salvaged(self, refs: dict[str, str]) -> IndexScope:
        """The limits of an index that is to be made anew; none where they cannot be read, or hold no more."""
        scope = IndexScope.read(scope_of(self.path))
        try:
            self.need(scope, refs)
        except UserError:
            return IndexScope()
        return scope

    def limits(self, refs: dict[str, str]) -> tuple[Limit, ...]:
        """What limits the index."""
        found = {
            Limit.SHALLOW: bool(self.repo.cut_off),
            Limit.PARTIAL: self.repo.partial,
            Limit.NO_TAGS: not any(name.startswith("refs/tags/") for name in refs),
            Limit.PART: bool(self.scope.paths or self.scope.since),
        }
        return tuple(limit for limit, holds in found.items() if holds)

    # Commits

    def add_commits(self, refs: dict[str, str]) -> int:
        """Reads what is not there yet; how many that were."""
        known = names_of(self.base)
        missing = [sha for sha in self.wanted(refs) if bytes.fromhex(sha) not in known]
        self.next = (self.base.execute("SELECT max(id) FROM documents").fetchone()[0] or 0) + 1
        if not missing:
            return 0
        self.base.execute("INSERT OR REPLACE INTO meta VALUES('complete', '0')")
        done = 0
        ends = self.repo.cut_off
        self.tell("indexing commits", 0, len(missing))
        batches = [missing[at : at + BATCH] for at in range(0, len(missing), BATCH)]
        for read in self.read(batches):
            for found in read:
                one = replace(found, diff=NOTHING) if found.name in ends else found
                self.waiting.append((self.next, one))
                self.size += len(one.diff.keys)
                self.next += 1
            done += len(read)
            if self.size >= SEGMENT or len(self.waiting) >= 20 * BATCH:
                self.flush()
            self.tell("indexing commits", done, len(missing))
        self.flush()
        return done

    def read(self, batches: Sequence[Sequence[str]]) -> Iterator[Sequence[HistoryDocument]]:
        """What is in the batches, in their order."""
        return read_batches(self.repo.path, batches, self.jobs, read_batch)

    def more_rows(self) -> None:
        """Rows beside those that every document has, for `self.waiting`; in the same transaction."""

    def wanted(self, refs: dict[str, str]) -> list[str]:
        """The commits of all branches and tags, the oldest first; of a whole index only what its tips do not reach."""
        meta = dict(self.base.execute("SELECT key, value FROM meta"))
        done = meta.get("tips", "").split() if meta.get("complete") == "1" else []
        with tempfile.TemporaryFile() as given:
            given.write(lines([*sorted(set(refs.values())), *(f"^{tip}" for tip in done)]))
            given.seek(0)
            arguments = ["rev-list", "--ignore-missing", "--reverse", "--topo-order", "--stdin"]
            arguments += self.scope.arguments()
            with open_repo(self.repo.path).stream(*arguments, stdin=given) as out:
                return [line.strip().decode() for line in out]

    def flush(self) -> None:
        """Writes what was read: rows, and a segment of its lines' keys, in one transaction."""
        if not self.waiting:
            return
        base = self.base
        base.execute("BEGIN IMMEDIATE")
        try:
            kept = [(ident, one.diff.keys) for ident, one in self.waiting if len(one.diff.keys)]
            links = ((kind, ident, sha) for ident, one in self.waiting for kind, sha in one.links)
            advisories = ((name, ident) for ident, one in self.waiting for name in one.references)
            base.executemany("INSERT INTO documents VALUES(?,?,?,?,?,?,?,?,?,?,0,'','')", map(row, self.waiting))
            base.executemany("INSERT INTO lines VALUES(?,?,?)", (lines_row(*one) for one in kept))
            base.executemany("INSERT INTO links VALUES(?,?,?,NULL)", links)
            base.executemany("INSERT OR IGNORE INTO advisories VALUES(?,?)", advisories)
            self.more_rows()
            idents = np.fromiter((ident for ident, _ in kept), np.uint32, len(kept))
            ids = np.repeat(idents, [len(keys) for _, keys in kept])
            keys = np.concatenate([keys for _, keys in kept]) if kept else np.empty(0, np.uint32)
            write_segment(base, keys, ids)
            base.execute("COMMIT")
        except BaseException:
            base.execute("ROLLBACK") if base.in_transaction else None
            raise
        self.waiting, self.size = [], 0

    def merge(self) -> None:
        """Makes one segment of many small ones."""
        base = self.base
        count, pairs = base.execute("SELECT count(DISTINCT segment), sum(length(keys)) / 4 FROM blocks").fetchone()
        if count <= SEGMENTS or pairs > MERGE_LIMIT:
            return
        self.tell("merging", 0, 0)
        parts = base.execute("SELECT keys, ids, crc FROM blocks ORDER BY segment, number").fetchall()
        if any(block_crc(*blobs) != told for *blobs, told in parts):
            raise StaleError(TORN_BLOCK)
        keys = np.concatenate([np.frombuffer(part[0], np.uint32) for part in parts])
        ids = np.concatenate([np.frombuffer(part[1], np.uint32) for part in parts])
        del parts
        base.execute("BEGIN IMMEDIATE")
        base.execute("DELETE FROM blocks")
        write_segment(base, keys, ids)
        base.execute("COMMIT")

    # Relations

    def relate(self, refs: dict[str, str]) -> None:
        """Which commit each link means, and the first release, branch and mainline of each commit."""
        base = self.base
        self.tell("finding releases", 0, 0)
        ids = names_of(base)
        base.execute("BEGIN IMMEDIATE")
        ordered = sorted(ids)
        unknown = "SELECT rowid, named FROM links WHERE target IS NULL AND kind != 'change'"
        for link, named in base.execute(unknown).fetchall():
            if (target := by_prefix(ordered, named)) is not None:
                base.execute("UPDATE links SET target = ? WHERE rowid = ?", (ids[target], link))
        main = self.repo.main_branch(self.main_branch or self.scope.main_branch)
        state = f"{ORDER_VERSION} {main} {sorted(refs.items())}"
        meta = dict(base.execute("SELECT key, value FROM meta"))
        if meta.get("refs") != state:
            before = {
                ident: (mainline, tag, branch)
                for ident, mainline, tag, branch in base.execute("SELECT id, mainline, tag, branch FROM documents")
            }
            places = containing(self.parents(refs), refs, main)
            changed = []
            for name, ident in ids.items():
                place = places.get(name)
                now = (int(place.mainline), place.tag, place.branch) if place else (0, "", "")
                if before[ident] != now:
                    changed.append((*now, ident))
            base.executemany("UPDATE documents SET mainline = ?, tag = ?, branch = ? WHERE id = ?", changed)
        done = {
            "refs": state, "complete": "1", "main": main, "head": refs.get(main, ""),
            "limits": stored(self.limits(refs)), "tips": " ".join(sorted(set(refs.values()))),
        }  # fmt: skip
        base.executemany("INSERT OR REPLACE INTO meta VALUES(?, ?)", done.items())
        base.execute("COMMIT")

    def parents(self, refs: dict[str, str]) -> dict[bytes, tuple[bytes, ...]]:
        """Commit -> its parents, for all of history."""
        with tempfile.TemporaryFile() as given:
            given.write(lines(sorted(set(refs.values()))))
            given.seek(0)
            with open_repo(self.repo.path).stream("rev-list", "--parents", "--stdin", stdin=given) as out:
                found = {}
                for line in out:
                    name, *parents = map(bytes.fromhex, line.decode().split())
                    found[name] = tuple(parents)
                return found


def read_batch(repository: str, shas: Sequence[str]) -> list[HistoryDocument]:
    """Some commits, reduced; without their diffs where a partial clone lacks what is in them."""
    repo = open_repo(repository)
    whole = with_diffs(repo, shas)
    found = {one.name: one for one in logged(repo, [sha for sha in shas if sha in whole], *DIFF)}
    found |= {one.name: one for one in logged(repo, [sha for sha in shas if sha not in whole], "--no-patch")}
    return [found[sha] for sha in shas if sha in found]


def read_batches(
    repository: str, batches: Sequence[Sequence[str]], jobs: int, read: Callable[[str, Sequence[str]], Sequence[D]]
) -> Iterator[Sequence[D]]:
    """The batches in their order, read by several processes."""
    if jobs == 1 or len(batches) == 1:
        yield from (read(repository, batch) for batch in batches)
        return
    with workers(min(jobs, len(batches))) as pool:
        running: list[Future[Sequence[D]]] = []
        rest = iter(batches)
        for batch in rest:
            running.append(pool.submit(read, repository, batch))
            if len(running) > jobs:
                yield running.pop(0).result()
        for one in running:
            yield one.result()


def default_jobs() -> int:
    """One process a processor, at most four."""
    return min(4, os.cpu_count() or 1)
