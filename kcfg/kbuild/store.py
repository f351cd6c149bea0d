"""Kbuild and Includes as bytes, for the cache: conditions become rows of a table, each written once.

Reading makes equal conditions one object again, and ALWAYS and NEVER the constants that `condition.py` compares by.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kcfg.kbuild.condition import ALWAYS, NEVER, AllOf, AnyOf, AskedKind, Condition, TextTest, Undecidable, ValueTest
from kcfg.kbuild.includes import Includes
from kcfg.kbuild.tree import Descent, Folder, Kbuild, Listing, MakeLine, Object

ALL, ANY, VALUE, TEXT, ASKED = range(5)


class PackedRow(msgspec.Struct, array_like=True, frozen=True):
    """A condition: what it is, its texts, and its numbers (values, a line, or the rows of its parts)."""

    kind: int
    texts: tuple[str, ...]
    numbers: tuple[int, ...]


StoredLine = tuple[int, int, int, int]
"""File, line, built in when, module when."""
StoredListing = tuple[int, str, bool, tuple[int, ...], int, int]


class StoredKbuild(msgspec.Struct, array_like=True, frozen=True):
    """A Kbuild with numbers in the place of what it repeats."""

    arch: str
    rows: tuple[PackedRow, ...]
    files: tuple[str, ...]
    lines: tuple[StoredLine, ...]
    objects: tuple[tuple[str, int, int, tuple[StoredListing, ...]], ...]
    folders: tuple[tuple[str, tuple[tuple[int, int], ...], int, int], ...]
    undecidable: tuple[int, ...]
    read: tuple[str, ...]


class StoredIncludes(msgspec.Struct, array_like=True, frozen=True):
    """Includes, its conditions as rows; a file's includers are (file, condition) in one flat list."""

    files: tuple[str, ...]
    rows: tuple[PackedRow, ...]
    conditions: tuple[int, ...]
    includers: tuple[tuple[int, ...], ...]


class Packer:
    """Numbers conditions, files and lines."""

    def __init__(self) -> None:
        self.rows: dict[Condition, int] = {}
        self.made: list[PackedRow] = []
        self.files: dict[str, int] = {}
        self.lines: dict[StoredLine, int] = {}

    def row(self, condition: Condition) -> int:
        """The row of a condition; its parts' rows come before it."""
        found = self.rows.get(condition)
        if found is None:
            if isinstance(condition, AllOf | AnyOf):
                parts = tuple(map(self.row, condition.parts))
                made = PackedRow(ALL if isinstance(condition, AllOf) else ANY, (), parts)
            elif isinstance(condition, ValueTest):
                made = PackedRow(VALUE, (condition.symbol,), (condition.values,))
            elif isinstance(condition, TextTest):
                made = PackedRow(TEXT, (condition.symbol, condition.text), (int(condition.same),))
            else:
                made = PackedRow(ASKED, (condition.text, condition.file, condition.kind), (condition.line,))
            found = self.rows[condition] = len(self.made)
            self.made.append(made)
        return found

    def line(self, line: MakeLine) -> int:
        """The number of a line."""
        file = self.files.setdefault(line.file, len(self.files))
        key = (file, line.line, self.row(line.builtin), self.row(line.module))
        return self.lines.setdefault(key, len(self.lines))


def conditions(rows: Iterable[PackedRow]) -> list[Condition]:
    """The conditions of a table."""
    out: list[Condition] = []
    for kind, texts, numbers in ((row.kind, row.texts, row.numbers) for row in rows):
        made: Condition
        if kind in (ALL, ANY):
            parts = tuple(out[number] for number in numbers)
            made = (AllOf(parts) if parts else ALWAYS) if kind == ALL else (AnyOf(parts) if parts else NEVER)
        elif kind == VALUE:
            made = ValueTest(texts[0], numbers[0])
        elif kind == TEXT:
            made = TextTest(texts[0], texts[1], bool(numbers[0]))
        else:
            made = Undecidable(texts[0], texts[1], numbers[0], AskedKind(texts[2]))
        out.append(made)
    return out


def pack(kbuild: Kbuild) -> bytes:
    """A Kbuild as msgpack."""
    to = Packer()
    objects = tuple(
        (
            it.path,
            to.row(it.builtin),
            to.row(it.module),
            tuple(
                (ls.folder, ls.target, ls.linked, tuple(map(to.line, ls.lines)), to.row(ls.builtin), to.row(ls.module))
                for ls in it.listings
            ),
        )
        for it in kbuild.objects.values()
    )
    folders = tuple(
        (it.path, tuple((way.parent, to.line(way.line)) for way in it.ways), to.row(it.builtin), to.row(it.visited))
        for it in kbuild.folders
    )
    asked = tuple(map(to.row, kbuild.undecidable))
    stored = StoredKbuild(
        kbuild.arch, tuple(to.made), tuple(to.files), tuple(to.lines), objects, folders, asked, kbuild.files
    )
    return msgspec.msgpack.encode(stored)


def unpack(data: bytes) -> Kbuild:
    """What `pack` made. Raises msgspec.DecodeError, LookupError or ValueError for something else."""
    stored = msgspec.msgpack.decode(data, type=StoredKbuild)
    table = conditions(stored.rows)
    lines = [MakeLine(stored.files[file], line, table[b], table[m]) for file, line, b, m in stored.lines]
    objects = {
        path: Object(
            path,
            table[builtin],
            table[module],
            tuple(
                Listing(folder, target, linked, tuple([lines[n] for n in numbers]), table[b], table[m])
                for folder, target, linked, numbers, b, m in listings
            ),
        )
        for path, builtin, module, listings in stored.objects
    }
    folders = tuple(
        Folder(path, tuple(Descent(parent, lines[line]) for parent, line in ways), table[builtin], table[visited])
        for path, ways, builtin, visited in stored.folders
    )
    asked = [table[number] for number in stored.undecidable]
    undecidable = tuple(it for it in asked if isinstance(it, Undecidable))
    return Kbuild(stored.arch, objects, folders, undecidable, stored.read)


def pack_includes(includes: Includes) -> bytes:
    """Includes as msgpack."""
    to = Packer()
    numbers = tuple(map(to.row, includes.conditions))
    return msgspec.msgpack.encode(StoredIncludes(includes.files, tuple(to.made), numbers, includes.includers))


def unpack_includes(data: bytes) -> Includes:
    """What `pack_includes` made. Raises msgspec.DecodeError or LookupError for something else."""
    stored = msgspec.msgpack.decode(data, type=StoredIncludes)
    table = conditions(stored.rows)
    return Includes(stored.files, tuple(table[number] for number in stored.conditions), stored.includers)
