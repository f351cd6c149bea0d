"""Definitions and declarations of C: what stands for itself in a file, wherever it stands there.

A function, a prototype or a variable means the same before and behind another one, as long as the same #if's are open
there, and the macros that it names are defined. A comment says the same anywhere in its function.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from patches.verdicts.based import Change
from patches.verdicts.runs import plain

_C_FILE = re.compile(r"\.[ch]$")
_ASIDE = re.compile(rb"/\*.*?(?:\*/|\Z)|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?", re.DOTALL)
"""What is no code: comments and texts."""
_DIRECTIVE = re.compile(rb"\s*#\s*(\w+)\s*(.*)")
_WORD = re.compile(rb"[A-Za-z_]\w*")
_ORDERED = re.compile(
    rb"structor|section|\basm\b|^\w{0,40}(?:init|exit)\w{0,40}\s{0,9}\(", re.IGNORECASE | re.MULTILINE
)
"""What depends on the order in a file: calls that are made in it, sections, assembler."""

WAYS = 50
"""Forms of a change that are tried."""


class Definition(NamedTuple):
    """Lines as they are compared, whether they are put in, and what is so at their place.

    `conditions`: the #if's that are open there; `macros`: those of the file that it names and that are defined there.
    """

    text: tuple[bytes, ...]
    is_put: bool
    conditions: tuple[bytes, ...]
    macros: frozenset[bytes]


@dataclass(frozen=True)
class Margin:
    """A file, and where its definitions may stand. Lines are without their ends; `path` is the file's."""

    lines: Sequence[bytes]
    path: str

    def definitions(self, change: Change) -> list[Definition]:
        """What a change of the file puts in or takes out; none where that is anything else than whole definitions."""
        if not _C_FILE.search(self.path) or self._is_read_otherwise or (change.new and change.start != change.end):
            return []
        for at, text in islice(ways(change, self.lines), WAYS):
            units = split(text) if self._is_open(at) else []
            if units and not any(self._unsteady & words_of(unit) for unit in units):
                return [self._definition(unit, at, is_put=bool(change.new)) for unit in units]
        return []

    def _definition(self, unit: Sequence[bytes], at: int, *, is_put: bool) -> Definition:
        text = tuple(filter(None, plain(unit, self.path)))
        macros = frozenset(word for word in words_of(unit) if self._macros.get(word, at) < at)
        return Definition(text, is_put, self._conditions[at], macros)

    def _is_open(self, at: int) -> bool:
        """Whether a place before a line is between definitions."""
        return self._opened[at] == 0 and not (at and self.lines[at - 1].endswith(b"\\"))

    @cached_property
    def _opened(self) -> list[int]:
        return opened(b"\n".join(self.lines))

    @cached_property
    def _conditions(self) -> list[tuple[bytes, ...]]:
        out: list[tuple[bytes, ...]] = []
        now: tuple[bytes, ...] = ()
        for line in self.lines:
            out.append(now)
            word, rest = directive(line)
            if word.startswith(b"if"):
                now = (*now, word + b" " + rest)
            elif word.startswith(b"el"):
                now = (*now[:-1], b"; ".join([*now[-1:], word + b" " + rest]))
            elif word == b"endif":
                now = now[:-1]
        return [*out, now]

    @cached_property
    def _macros(self) -> dict[bytes, int]:
        """Where each macro of the file is first defined."""
        return {name: lines[0] for name, lines in self._defines.items()}

    @cached_property
    def _unsteady(self) -> frozenset[bytes]:
        """The macros that the file defines more than once, or takes back."""
        return frozenset(name for name, lines in self._defines.items() if len(lines) > 1)

    @cached_property
    def _defines(self) -> dict[bytes, list[int]]:
        """Of each macro the lines that define it, or take it back: these count twice."""
        out: dict[bytes, list[int]] = {}
        for at, line in enumerate(self.lines):
            word, rest = directive(line)
            if word in (b"define", b"undef") and (name := _WORD.match(rest)):
                out.setdefault(name[0], []).extend([at] * (2 if word == b"undef" else 1))
        return out

    @cached_property
    def _is_read_otherwise(self) -> bool:
        """Whether lines of the file say how others are to be read."""
        return any(directive(line)[0] in (b"pragma", b"line") for line in self.lines)


def ways(change: Change, base: Sequence[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """(place, lines) in all forms of a change that does the same to a file, from the one that is farthest up."""
    start, end, new = change
    if not new:
        yield start, list(base[start:end])
        while end < len(base) and base[start] == base[end]:
            start, end = start + 1, end + 1
            yield start, list(base[start:end])
        return
    yield start, list(new)
    while start < len(base) and base[start] == new[0]:
        start, new = start + 1, (*new[1:], new[0])
        yield start, list(new)


def split(lines: Sequence[bytes]) -> list[list[bytes]]:
    """Lines as whole definitions, each with the comments before it; none where they are anything else.

    Each begins at the margin and ends with its brace or a semicolon.
    """
    text = b"\n".join(lines)
    bare = bared(text)
    if any(directive(line)[0] or line.endswith(b"\\") for line in lines) or _ORDERED.search(bare):
        return []
    depths = opened(text)
    out: list[list[bytes]] = []
    unit: list[bytes] = []
    begun = False
    for line, code, depth in zip(lines, bare.split(b"\n"), depths[1:], strict=True):
        unit.append(line)
        code = code.rstrip()
        if code and not begun and not _WORD.match(code):
            return []
        begun = begun or bool(code)
        if begun and depth == 0 and code[-1:] in (b"}", b";"):
            out.append(unit)
            unit, begun = [], False
    if begun or depths[-1]:
        return []
    return [*out[:-1], out[-1] + unit] if out else []


def is_remark(lines: Sequence[bytes]) -> bool:
    """Whether lines are whole comments of C, and nothing else."""
    text = b"\n".join(lines)
    return bool(text.strip()) and not bared(text).strip() and not opened(text)[-1] and not text.endswith(b"\\")


def words_of(lines: Sequence[bytes]) -> set[bytes]:
    """The names in some lines."""
    return set(_WORD.findall(b"\n".join(lines)))


def bared(text: bytes) -> bytes:
    """A text of C without its comments and texts; the lines stay."""
    return _ASIDE.sub(lambda found: re.sub(rb"[^\n]", b" ", found[0]), text)


def opened(text: bytes) -> list[int]:
    """Of the place before each line, and of the end, how many braces, parentheses and comments are open."""
    ends = Counter[int]()  # how the number of open comments changes with a line
    at = number = 0
    for found in _ASIDE.finditer(text):
        number += text.count(b"\n", at, found.start())
        ends[number] += 1
        at = found.end()
        number += found[0].count(b"\n")
        ends[number] -= found[0][:2] != b"/*" or (found[0].endswith(b"*/") and len(found[0]) > 3)
    out, depth = [], 0
    for number, line in enumerate(bared(text).split(b"\n")):
        out.append(depth)
        depth += sum(map(line.count, (b"{", b"(", b"["))) - sum(map(line.count, (b"}", b")", b"]"))) + ends[number]
    return [*out, depth]


def directive(line: bytes) -> tuple[bytes, bytes]:
    """(the word of a preprocessor's line, what follows); both empty for other lines."""
    found = _DIRECTIVE.match(line)
    return (found[1], found[2].rstrip()) if found else (b"", b"")
