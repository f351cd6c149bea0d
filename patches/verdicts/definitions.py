"""Definitions and declarations of C: what stands for itself in a file, wherever it stands there.

A function, a prototype or a variable means the same before and behind another one, as long as the same #if's are open
there, and no line between the two places includes, defines or says how others are to be read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

from patches.verdicts.based import Change
from patches.verdicts.runs import plain

_C_FILE = re.compile(r"\.[ch]$")
_ASIDE = re.compile(rb"/\*.*?(?:\*/|\Z)|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?", re.DOTALL)
"""What is no code: comments and texts."""
_DIRECTIVE = re.compile(rb"\s*#\s*(\w+)\s*(.*)", re.DOTALL)
_NAME = re.compile(rb"\w+")
_SETS = re.compile(rb"_Pragma|^\w+\s*$")
"""What may say how the lines behind it are read: a word that stands alone may be a macro."""
_TYPED = re.compile(rb"[A-Za-z_]\w*[\s*]+[A-Za-z_*]")
"""What a declaration begins with: a call at the margin is none, and may depend on the order."""
_ORDERED = re.compile(rb"structor|section|\b_*asm(?:_*|\b)|_Pragma|__COUNTER__", re.IGNORECASE)
"""What depends on the order in a file: calls that are made in it, sections, assembler."""
WAYS = 50
"""Forms of a change that are tried."""


class Definition(NamedTuple):
    """Lines as they are compared, whether they are put in, and what is so at their place.

    `conditions`: what stands for the #if's that are open there; `setting`: the line before it that last included or
    defined something.
    """

    text: tuple[bytes, ...]
    is_put: bool
    conditions: bytes
    setting: bytes


class Place(NamedTuple):
    """What is so before a line of a file; `depth`: how many braces, parentheses and comments are open."""

    depth: int
    conditions: bytes
    setting: bytes


class Conditions:
    """The #if's that are open, and one hash of them all."""

    def __init__(self) -> None:
        self._open: list[tuple[bytes, bytes]] = []  # the hash of those around it, and its lines
        self.hash = b""

    def read(self, word: bytes, rest: bytes) -> None:
        """A directive that opens, changes or closes one; others change nothing."""
        text = word + b" " + rest
        if word.startswith(b"if"):
            self._open.append((self.hash, text))
        elif word.startswith(b"el") and self._open:
            around, lines = self._open[-1]
            self._open[-1] = (around, sha256(lines).digest() + text)
        elif word == b"endif" and self._open:
            self.hash = self._open.pop()[0]
            return
        else:
            return
        around, lines = self._open[-1]
        self.hash = sha256(around + lines).digest()


@dataclass(frozen=True)
class Margin:
    """A file, and where its definitions may stand. Lines are without their ends; `path` is the file's."""

    lines: Sequence[bytes]
    path: str

    def definitions(self, change: Change) -> list[Definition]:
        """What a change of the file puts in or takes out; none where that is anything else than whole definitions."""
        if not _C_FILE.search(self.path) or (change.new and change.start != change.end):
            return []
        for at, text in islice(ways(change, self.lines), WAYS):
            depth, conditions, setting = self._places[at]
            units = split(text) if not depth and self._settings[setting] < 2 else []
            if units:
                told = (tuple(filter(None, plain(unit, self.path))) for unit in units)
                return [Definition(unit, bool(change.new), conditions, setting) for unit in told]
        return []

    @cached_property
    def _settings(self) -> Counter[bytes]:
        """How often each such line is in the file."""
        return Counter(line for _, line in self._logical if _sets(line))

    @cached_property
    def _logical(self) -> list[tuple[int, bytes]]:
        """The lines without comments and texts, each with those that it goes on in, and how many these are."""
        out: list[tuple[int, bytes]] = []
        held: list[bytes] = []
        for line in bared(b"\n".join(self.lines)).split(b"\n"):
            held.append(line.removesuffix(b"\\"))
            if not line.endswith(b"\\"):
                out.append((len(held), b" ".join(held)))
                held = []
        return [*out, (len(held), b" ".join(held))]

    @cached_property
    def _places(self) -> list[Place]:
        """Before each line, and at the end."""
        depths = opened(b"\n".join(self.lines))
        out: list[Place] = []
        conditions = Conditions()
        active: dict[tuple[bytes, bytes | int], bytes] = {}  # a macro that is defined and taken back is none
        begun = False  # a definition, whose end comes on another line: its head, or its type
        for count, line in self._logical:
            setting = next(reversed(active.values()), b"")
            first = depths[len(out) : len(out) + count]
            out += [Place(depth + (i > 0 or begun), conditions.hash, setting) for i, depth in enumerate(first)]
            word, rest = directive(line)
            conditions.read(word, rest)
            if line.strip() and not word:
                begun = line.rstrip()[-1:] not in (b";", b"}")
            if _sets(line):
                name = _NAME.match(rest)
                key = (b"define", name[0]) if name and word in (b"define", b"undef") else (word, len(out))
                known = active.pop(key, None)
                if word != b"undef" or known is None:
                    active[key] = line
        return [*out, Place(depths[-1] + begun, conditions.hash, next(reversed(active.values()), b""))]


def _sets(line: bytes) -> bool:
    """Whether a line may say how those behind it are read."""
    word = directive(line)[0]
    return bool(_SETS.search(line)) or (bool(word) and word[:2] not in (b"if", b"el", b"en"))


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
        if code and not begun and not _TYPED.match(code):
            return []
        begun = begun or bool(code)
        if begun and depth == 0 and code[-1:] in (b"}", b";"):
            out.append(unit)
            unit, begun = [], False
    if begun or depths[-1]:
        return []
    return [*out[:-1], out[-1] + unit] if out else []


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
