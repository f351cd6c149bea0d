"""A kernel tree with a queue's Makefiles: which objects its new files become, and which options it adds.

Only Makefiles are changed, in memory, as patch(1) would; the added lines of a hunk that does not fit are put at the
file's end. Nothing else of the queue is applied.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from kcfg.answers.facts import Location
from kcfg.base.errors import UserError
from kcfg.base.version import KernelVersion
from kcfg.sources.source import Source

if TYPE_CHECKING:
    from patches.queues.queue import Entry
    from patches.text.patch import FileDiff, Hunk

OPTION = re.compile(r"^(?:menu)?config\s+([A-Za-z0-9_]+)\s*$")
DEFAULT = re.compile(r"\s+(?:default\s+(?!n\b)|def_bool\s+(?!n\b)|def_tristate\s+(?!n\b))")
SELECT = re.compile(r"\s+(?:select|imply)\s+([A-Za-z0-9_]+)")
LIST_LINE = re.compile(r"\s*(?:[\w$().-]*-(?:y|m|objs|\$\([^)]*\))|ccflags\S*)\s*[:+?]?=|\s*(?:if|else|endif)")


def is_makefile(path: str) -> bool:
    """Whether a file is read by make."""
    name = path.rpartition("/")[2]
    return name in ("Makefile", "Kbuild") or name.startswith(("Makefile.", "Kbuild.")) or name.endswith(".mk")


def is_kconfig(path: str) -> bool:
    """Whether a file is read by Kconfig."""
    return path.rpartition("/")[2].startswith("Kconfig")


class TreeWith:
    """A source whose Makefiles are other ones; a `Source`."""

    def __init__(self, source: Source, changed: dict[str, bytes]) -> None:
        self.name = source.name
        self.origin = source.origin
        self._source = source
        self._changed = changed

    def read(self, path: str) -> bytes:
        return self._changed[path] if path in self._changed else self._source.read(path)

    def exists(self, path: str) -> bool:
        return path in self._changed or self._source.exists(path)

    def glob(self, pattern: str) -> list[str]:
        return self._source.glob(pattern)

    def all_files(self, skip: Callable[[str], bool]) -> list[str]:
        return self._source.all_files(skip)

    def fingerprint(self, paths: Iterable[str]) -> str:
        return self._source.fingerprint(paths)

    def kernel_version(self) -> KernelVersion:
        return self._source.kernel_version()


class QueueTree:
    """What a queue adds to a tree."""

    def __init__(self, source: Source, entries: Sequence[Entry]) -> None:
        self.source = source
        self.created: dict[str, str] = {}  # path -> the first patch that makes it
        self.options: dict[str, tuple[bool, Location]] = {}  # option -> (whether anything turns it on, where)
        self.including: dict[str, list[str]] = {}  # name of a header -> the files in which a line is added for it
        self._diffs: list[tuple[Entry, FileDiff]] = []
        selected: set[str] = set()
        for entry in entries:
            for one in entry.patch.files:
                if one.new and (not one.old or one.renamed or one.copied):
                    self.created.setdefault(one.new, entry.name)
                if is_makefile(one.path):
                    self._diffs.append((entry, one))
                elif is_kconfig(one.path):
                    self._options(entry, one, selected)
                else:
                    self._includes(one)
        for name in selected & self.options.keys():
            self.options[name] = (True, self.options[name][1])

    def _options(self, entry: Entry, one: FileDiff, selected: set[str]) -> None:
        """The options that a patch defines, and whether a default or a select can turn them on."""
        for hunk in one.hunks:
            name = ""
            for number, line in enumerate(hunk.lines, hunk.line + 1):
                if line[:1] == "-":
                    continue
                found = OPTION.match(line[1:])
                if found or (line[1:2].strip() and line[1:2] != "#"):
                    name = found[1] if found and line[0] == "+" else ""
                    if name:
                        on = self.options.get(name, (False, None))[0]
                        self.options[name] = (on, Location(entry.path or entry.name, number))
                elif name and DEFAULT.match(line[1:]):
                    self.options[name] = (True, self.options[name][1])
                if line[0] == "+" and (target := SELECT.match(line[1:])):
                    selected.add(target[1])

    def _includes(self, one: FileDiff) -> None:
        for hunk in one.hunks:
            for line in hunk.lines:
                if line[:1] == "+" and "include" in line:
                    found = re.match(r'\+\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
                    if found:
                        self.including.setdefault(found[1].rpartition("/")[2], []).append(one.path)

    def makefiles(self) -> tuple[dict[str, bytes], dict[tuple[str, str], Location]]:
        """(the changed Makefiles, (Makefile, line) -> the patch that adds it)."""
        from patches.verdicts.apply import Lines, Outcome, apply_hunks, lines_of

        changed: dict[str, Lines] = {}
        added: dict[tuple[str, str], Location] = {}
        for entry, one in self._diffs:
            path = one.path
            if path not in changed:
                try:
                    changed[path] = lines_of(self.source.read(one.old or path))
                except UserError:
                    changed[path] = []
            for hunk in one.hunks:
                told = Outcome()
                lines = apply_hunks(path, [hunk], changed[path], told)
                if told.conflicts:
                    end = [] if not changed[path] or changed[path][-1].endswith(b"\n") else [b"\n"]
                    lines = [*changed[path], *end, *fitting(hunk)]
                changed[path] = lines
                for number, line in enumerate(hunk.lines, hunk.line + 1):
                    if line[:1] == "+" and line[1:].strip():
                        added.setdefault((path, line[1:].strip()), Location(entry.path or entry.name, number))
        return {path: b"".join(lines) for path, lines in changed.items()}, added

    def digest(self, changed: dict[str, bytes]) -> str:
        """Changes with the changed Makefiles."""
        digest = hashlib.sha256()
        for path, data in sorted(changed.items()):
            digest.update(f"{path}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
        return digest.hexdigest()


def fitting(hunk: Hunk) -> list[bytes]:
    """The added lines that list something, each whole, so that they can stand anywhere."""
    out = []
    depth = 0
    for line in hunk.lines:
        text = line[1:]
        if line[:1] != "+" or not LIST_LINE.match(text) or text.rstrip().endswith("\\"):
            continue
        word = text.split()[0]
        depth += word.startswith("if")
        if word in ("else", "endif") and not depth:
            continue
        depth -= word == "endif"
        out.append(text.encode("utf-8", "surrogateescape") + b"\n")
    return out + [b"endif\n"] * depth
