"""Where in a TOML text a table or a key is: tomllib gives values without lines, and an error has to name one.

The text is known to be valid TOML. Strings and comments are blanked first, so that what looks like a table or a key
inside them is not taken for one. A key that is found nowhere (dotted, quoted, written as an inline table) gets the line
of what encloses it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

_OPAQUE = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL)
_TABLE = re.compile(r"^[ \t]*\[(\[?)[ \t]*([A-Za-z0-9_-]+)[ \t]*\]\]?", re.MULTILINE)
_KEY = re.compile(r"^[ \t]*([A-Za-z0-9_-]+)[ \t]*=", re.MULTILINE)
_NOT_NEWLINE = re.compile(r"[^\n]")


class TomlLines:
    """Lines, counted from 1, of the tables and keys of one TOML text."""

    def __init__(self, text: str) -> None:
        self._blank = _OPAQUE.sub(lambda found: _NOT_NEWLINE.sub(" ", found.group()), text)
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self._tables: dict[tuple[str, int], tuple[int, int, int]] = {}
        self._top_end = len(self._blank)
        self._find_tables()

    def table(self, name: str, index: int = 0) -> int:
        """The line of the table's header: the index-th [[name]], from 0, or [name]."""
        return self._line(self._span(name, index)[0])

    def key(self, key: str, table: str = "", index: int = 0, element: int | None = None) -> int:
        """The line of a key of a table (of the top level for ""); with `element`, of that inline table in its array."""
        header, start, end = self._span(table, index)
        at, depth = start, 0
        for found in _KEY.finditer(self._blank, start, end):
            depth += self._depth(at, found.start(1))
            at = found.start(1)
            if found.group(1) == key and depth == 0:
                return self._line(found.start(1) if element is None else self._element(found.end(), end, element))
        return self._line(header)

    def _find_tables(self) -> None:
        headers = []
        at = depth = 0
        for header in _TABLE.finditer(self._blank):
            depth += self._depth(at, header.start())
            at = header.start()
            if depth == 0:
                headers.append(header)
        count: dict[str, int] = {}
        for n, header in enumerate(headers):
            name = header.group(2)
            index = count.get(name, 0)
            count[name] = index + 1
            end = headers[n + 1].start() if n + 1 < len(headers) else len(self._blank)
            self._tables[name, index] = (header.start(2), header.end(), end)
        if headers:
            self._top_end = headers[0].start()

    def _span(self, table: str, index: int) -> tuple[int, int, int]:
        """Offsets of a table's header, of what follows the header, and of the end."""
        return self._tables.get((table, index), (0, 0, self._top_end)) if table else (0, 0, self._top_end)

    def _depth(self, start: int, end: int) -> int:
        """How many more brackets are open at `end` than at `start`: a long array can hold what looks like a key."""
        count = self._blank.count
        return sum(count(one, start, end) for one in "[{") - sum(count(one, start, end) for one in "]}")

    def _element(self, start: int, end: int, element: int) -> int:
        depth, seen = 0, -1
        for at in range(start, end):
            char = self._blank[at]
            if char in "]}":
                depth -= 1
            elif char in "[{":
                if char == "{" and depth == 1:
                    seen += 1
                    if seen == element:
                        return at
                depth += 1
        return start

    def _line(self, offset: int) -> int:
        return bisect_right(self._starts, offset)
