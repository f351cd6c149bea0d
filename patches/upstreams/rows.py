"""What stands in the tables of an index: rows of documents and of their lines, and sorted blocks of keys."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from patches.text.shas import span
from patches.upstreams.history import HistoryDocument
from patches.upstreams.store import StaleError, block_crc, lines_crc

Keys = npt.NDArray[np.uint32]
BLOCK = 4096
"""Pairs in one block of a segment."""


def lines_row(ident: int, keys: Keys) -> tuple[int, bytes, int]:
    """The keys of a document's lines as their row."""
    blob = keys.tobytes()
    return ident, blob, lines_crc(ident, blob)


def row(given: tuple[int, HistoryDocument]) -> tuple[object, ...]:
    """A document as its row."""
    ident, one = given
    return (
        ident, bytes.fromhex(one.name), clean(one.author), clean(one.email), one.author_date, one.commit_date,
        clean(one.subject), clean(one.subject_key), one.diff.patch_id, clean("\0".join(one.diff.paths)),
    )  # fmt: skip


def names_of(base: sqlite3.Connection) -> dict[bytes, int]:
    """The names of all documents, and their numbers. StaleError for one that is no name."""
    found = {name: ident for ident, name in base.execute("SELECT id, name FROM documents")}
    if not all(isinstance(name, bytes) for name in found):
        raise StaleError("damaged: a row is torn")
    return found


def clean(text: str) -> str:
    """Text that SQLite can hold: bytes that are no UTF-8 become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def by_prefix(ordered: Sequence[bytes], prefix: str) -> bytes | None:
    """The one name that begins with these hex digits; None where there is none, or more than one."""
    if (names := span(prefix)) is None:
        return None
    low, high = names
    at = bisect_left(ordered, low)
    if at == len(ordered) or ordered[at] > high or (at + 1 < len(ordered) and ordered[at + 1] <= high):
        return None
    return ordered[at]


def write_segment(base: sqlite3.Connection, keys: Keys, ids: Keys) -> None:
    """Sorted blocks of pairs, as a new segment."""
    if not len(keys):
        return
    pairs = keys.astype(np.uint64) << np.uint64(32)
    pairs |= ids
    pairs.sort()
    segment = (base.execute("SELECT max(segment) FROM blocks").fetchone()[0] or 0) + 1
    for number, at in enumerate(range(0, len(pairs), BLOCK)):
        part = pairs[at : at + BLOCK]
        theirs = (part >> np.uint64(32)).astype(np.uint32)
        blobs = theirs.tobytes(), part.astype(np.uint32).tobytes()
        base.execute(
            "INSERT INTO blocks VALUES(?,?,?,?,?,?,?)",
            (segment, number, int(theirs[0]), int(theirs[-1]), *blobs, block_crc(*blobs)),
        )
