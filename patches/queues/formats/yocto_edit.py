"""Edits of Yocto recipes: the words of SRC_URI, with the lines that they stand on alone.

A statement that only added them goes as a whole; one that sets SRC_URI stays, empty if need be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from patches.queues.edits import Editing, LeftAlone, LeftKind, Text, named_at
from patches.queues.formats import ListedPatch

_STATEMENT = re.compile(r"\s*SRC_URI[\w:.${}+-]*?\s*(\?\?=|\?=|:=|\+=|=\+|\.=|=\.|=)\s*[\"']")
_ADDS = re.compile(r"\s*SRC_URI(?:(?:[:_](?:append|prepend))\s*=|\s*(?:\+=|=\+|\.=|=\.))")
_WORD = re.compile(r"[^\s\"']+")


def remove(editing: Editing, drops: Sequence[ListedPatch]) -> list[LeftAlone]:
    """Take the words out, in the recipe or in what it requires."""
    left: list[LeftAlone] = []
    touched: dict[str, set[int]] = {}
    own = {(editing.file(item), item.line) for item in drops}
    for item in drops:
        file = editing.file(item)
        text = editing.text(file)
        why, other = LeftKind.ADDRESS, 0
        if not item.url:
            places = words(text, item)
            inline = expression(text, item.line)
            first = start(text, item.line)
            why, other = LeftKind.MACRO, 0
            if len(places) == 1 and first and not inline:
                lines = [text.line(n) for n in range(1, len(text.lines) + 1)]
                other = named_at(lines, item.name, [line for path, line in own if path == file])
                if not other:
                    text.cut(item.line, *places[0])
                    touched.setdefault(file, set()).add(first)
                    continue
                why = LeftKind.NAMED
            elif len(places) > 1:
                why, other = LeftKind.TWICE, item.line
        left.append(LeftAlone(item.name, why, editing.place(item), editing.place(item, other) if other else ""))
    for file, starts in touched.items():
        for first in starts:
            emptied(editing.text(file), first)
    return left


def words(text: Text, item: ListedPatch) -> list[tuple[int, int]]:
    """Where a line has `file://name`, as begin and end."""
    line = text.line(item.line)
    found = []
    for word in _WORD.finditer(line):
        address = word[0].removesuffix("\\") if word.end() == len(line) else word[0]
        if address.split(";")[0] == f"file://{item.name}":
            found.append((word.start(), word.start() + len(address)))
    return found


def start(text: Text, line: int) -> int:
    """The first line of the statement that a line belongs to; 0 when this sets no SRC_URI."""
    while line > 1 and text.line(line - 1).rstrip().endswith("\\") and not text.line(line - 1).lstrip().startswith("#"):
        line -= 1
    return line if _STATEMENT.match(text.line(line)) else 0


def expression(text: Text, line: int) -> bool:
    """Whether a line stands inside `${@...}`, or has one."""
    first = start(text, line) or line
    before = "\n".join(text.line(number) for number in range(first, line + 1))
    at = before.rfind("${@")
    return at >= 0 and (at > before.rfind("\n") or before[at:].count("{") > before[at:].count("}"))


def emptied(text: Text, first: int) -> None:
    """Takes out a statement that only added words, and has none left."""
    last = first
    while text.line(last).rstrip().endswith("\\") and last < len(text.lines):
        last += 1
    rest = "".join(text.left(number) for number in range(first, last + 1))
    found = _STATEMENT.match(rest)
    if found and _ADDS.match(rest) and not re.sub(r"[\\\s\"']", "", rest[found.end() :]):
        text.drop(first, last)
