"""What editing a queue works with: the lines of its files, what is cut out of them, and what is left, with the reason.

A format's editor takes whole lines or words out, and adds nothing, so that all else stays as it is, byte by byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from patches.queues.files import Files
from patches.queues.formats import ListedPatch, QueueListing

_CLOSES = re.compile(r"[)\\#]|[\"'](?:[\s)]|$)")
"""What stands behind the last word of a list."""


class LeftKind(StrEnum):
    """Why a patch, or a whole queue, is left as it is."""

    FORMAT = "format"  # other: a format that is not edited
    REVISION = "revision"  # the queue is a revision or a range of git's, and no folder
    CONDITION = "condition"  # other: the condition that it stands under
    TWICE = "twice"  # other: the second place that lists it
    KEPT = "kept"  # other: the place of another application of it, which is kept
    NAMED = "named"  # other: the place that names it, too
    LINK = "link"  # other: the file that is a symbolic link, or lies behind one
    INCLUDED = "included"  # other: the series that includes the file
    SHARED = "shared"  # other: another recipe that requires the file, or target that has its patch, too
    MACRO = "macro"  # the name is made by macros or variables
    SEVERAL = "several"  # other: the line that applies others, too
    COMMAND = "command"  # other: the line with a command that is more than an application of it
    EMPTIED = "emptied"  # without it, a function would have no command
    CONTINUED = "continued"  # the line is a part of a longer one
    NUMBERS = "numbers"  # without it, patches that are applied by number would have others
    LIST = "list"  # the list that has it is built in several steps
    CHECKSUMS = "checksums"  # other: the checksums that do not belong to the sources one to one
    ADDRESS = "address"  # it is fetched
    NOT_PARSED = "not-parsed"  # other: from where on the file cannot be read
    READ_BACK = "read-back"  # other: what the edited queue would have, or lack, beside what shall go


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A patch that is not taken out (`patch` is "" for the whole queue). `where` is file:line, `other` the kind's."""

    patch: str
    kind: LeftKind
    where: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A patch file that stays, because `by` names it, too."""

    path: str
    by: str


class EditResult(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The queue itself without what can be dropped. `removed`: patches; `changed`, `deleted`: files below `root`.

    `kept`: patch files that others need; `left`: what could not be taken out. `written`: it was, and not only shown.
    """

    root: str
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    kept: tuple[KeptFile, ...] = ()
    left: tuple[LeftAlone, ...] = ()
    written: bool = False


@dataclass(slots=True)
class Text:
    """A file's lines with their ends, and what is cut out of them; lines count from 1, columns from 0."""

    lines: list[str]
    gone: set[int] = field(default_factory=set)
    cuts: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, data: bytes) -> Text:
        """A file's text; bytes that are no UTF-8 come back as they were."""
        lines = data.decode("utf-8", "surrogateescape").split("\n")
        return cls([f"{one}\n" for one in lines[:-1]] + ([lines[-1]] if lines[-1] else []))

    def line(self, number: int) -> str:
        """A line without its end; "" beyond the last."""
        return self.lines[number - 1].rstrip("\r\n") if 0 < number <= len(self.lines) else ""

    def drop(self, first: int, last: int = 0) -> None:
        """Take whole lines out."""
        self.gone.update(range(first, (last or first) + 1))

    def cut(self, number: int, begin: int, end: int) -> None:
        """Take a word out of a line, with the blanks that separate it from its neighbour."""
        self.cuts.setdefault(number, []).append((begin, end))

    def left(self, number: int) -> str:
        """What is left of a line, with its end; "" when nothing but its continuation or its own comment would be."""
        if number in self.gone:
            return ""
        text = self.lines[number - 1]
        if number not in self.cuts:
            return text
        spans: list[tuple[int, int]] = []
        for begin, end in sorted(self.cuts[number]):
            if spans and not text[spans[-1][1] : begin].strip(" \t"):
                begin = spans.pop()[0]
            spans.append((begin, end))
        for begin, end in reversed([with_blanks(text.rstrip("\r\n"), *one) for one in spans]):
            text = text[:begin] + text[end:]
        bare = text.strip()
        return "" if bare in ("", "\\") or bare.startswith("#") else text

    def changes(self) -> list[tuple[int, str]]:
        """(line, what is left of it) for each line that changes, in order."""
        return [(number, self.left(number)) for number in sorted(self.gone | self.cuts.keys())]

    def data(self) -> bytes:
        """The file after all cuts."""
        changed = dict(self.changes())
        whole = "".join(changed.get(number, line) for number, line in enumerate(self.lines, 1))
        return whole.encode("utf-8", "surrogateescape")


def with_blanks(line: str, begin: int, end: int) -> tuple[int, int]:
    """A word's place with the blanks behind it; where it is the last one, with those before it, unless they indent."""
    rest = line[end:].lstrip(" \t")
    if rest and not _CLOSES.match(rest):
        return begin, len(line) - len(rest)
    before = len(line[:begin].rstrip(" \t"))
    if before and line[before - 1] not in "\"'(":
        return before, end
    return begin, len(line) - len(rest) if before < begin and rest else end


@dataclass(slots=True)
class Editing:
    """A queue that is being edited: its files, what was read of it, and the texts that were looked at, by path."""

    files: Files
    listing: QueueListing
    texts: dict[str, Text] = field(default_factory=dict)

    def text(self, path: str) -> Text:
        """A file's text."""
        if path not in self.texts:
            self.texts[path] = Text.of(self.files.read(path))
        return self.texts[path]

    def file(self, item: ListedPatch) -> str:
        """The file that lists a patch, "" where only its own file does."""
        return (item.file or self.listing.file) if item.line else ""

    def place(self, item: ListedPatch, line: int = 0) -> str:
        """file:line of a patch, or of another line of its file."""
        file = self.file(item)
        return f"{file}:{line or item.line}" if file else item.path


Editor = Callable[[Editing, Sequence[ListedPatch]], list[LeftAlone]]
"""Takes patches out of the texts; what it gives back is left as it is."""


def named(name: str) -> re.Pattern[str]:
    """Where a text names a file: the name is no part of a longer one."""
    return re.compile(rf"(?<![\w.+-]){re.escape(name)}(?![\w+-]|\.\w)")


def named_at(lines: Sequence[str], name: str, own: Iterable[int], comment: str = "#") -> int:
    """The first line beside one's own, comments apart, that names a file; 0 when none does."""
    wanted, mine = named(name), set(own)
    for number, line in enumerate(lines, 1):
        if number not in mine and name in line and not line.lstrip().startswith(comment) and wanted.search(line):
            return number
    return 0
