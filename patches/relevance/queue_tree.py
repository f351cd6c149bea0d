"""Stage 1. In: a kernel source and a queue's patches. Out: a `QueueTree`, what the queue adds to the tree.

Only Makefiles are changed, in memory, as patch(1) would; the added lines of a hunk that does not fit are put at the
file's end. Nothing else of the queue is applied.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from kcfg.answers.facts import Location
from kcfg.base.errors import UserError
from kcfg.base.version import KernelVersion
from kcfg.sources.source import Source
from patches.relevance.names import base, is_kconfig, is_makefile
from patches.relevance.variables import assignments, expanded, used
from patches.text.lines import bytes_of

if TYPE_CHECKING:
    from patches.queues.queue import QueueEntry
    from patches.text.patch import FileDiff, Hunk

OPTION = re.compile(r"^(?:menu)?config\s+([A-Za-z0-9_]+)\s*$")
DEFAULT = re.compile(r"\s+(?:default\s+(?!n\b)|def_bool\s+(?!n\b)|def_tristate\s+(?!n\b))")
SELECT = re.compile(r"\s+(?:select|imply)\s+([A-Za-z0-9_]+)")
INCLUDE = re.compile(r'\+\s*#\s*include\s*[<"]([^>"]+)[>"]')
LIST_LINE = re.compile(r"\s*(?:[\w$().-]*-(?:y|m|objs|\$\([^)]*\))|ccflags\S*)\s*[:+?]?=|\s*(?:if|else|endif)")


class QueueOption(msgspec.Struct, frozen=True):
    """An option that a queue defines: where, whether a default can turn it on, and the options that the queue lets
    select or imply it ("" for one that the patch does not show).
    """

    where: Location
    default: bool = False
    selectors: tuple[str, ...] = ()


class QueueTree(msgspec.Struct, frozen=True, dict=True):
    """What a queue adds to a tree.

    `created`: path -> the first patch that makes it. `options`: option -> where and how it is defined. `including`: a
    header's name -> the files in which a line is added for it. `makefiles`: the changed ones, whole. `added_lines`:
    (Makefile, line) -> the patch that adds it. `variables`: Makefile -> the variables that patches show in it.
    """

    created: Mapping[str, str]
    options: Mapping[str, QueueOption]
    including: Mapping[str, Sequence[str]]
    makefiles: Mapping[str, bytes]
    added_lines: Mapping[tuple[str, str], Location]
    variables: Mapping[str, Mapping[str, str]] = {}

    @cached_property
    def makefile_lines(self) -> Mapping[str, Sequence[str]]:
        """The lines of the changed Makefiles."""
        return {path: data.decode("utf-8", "replace").split("\n") for path, data in self.makefiles.items()}

    @property
    def digest(self) -> str:
        """Changes with the changed Makefiles."""
        digest = hashlib.sha256()
        for path, data in sorted(self.makefiles.items()):
            digest.update(f"{path}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
        return digest.hexdigest()


class TreeWith:
    """A source whose Makefiles are other ones; a `Source`."""

    def __init__(self, source: Source, changed: Mapping[str, bytes]) -> None:
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


def queue_tree(source: Source, entries: Sequence[QueueEntry]) -> QueueTree:
    """What the patches add to a tree."""
    diffs = [(entry, one) for entry in entries for one in entry.patch.files]
    created: dict[str, str] = {}
    for entry, one in diffs:
        if one.new and (not one.old or one.renamed or one.copied):
            created.setdefault(one.new, entry.name)
    of_makefiles = [pair for pair in diffs if is_makefile(pair[1].path)]
    variables = shown_variables(one for _, one in of_makefiles)
    makefiles, added_lines = changed_makefiles(source, of_makefiles, variables)
    return QueueTree(
        created=created,
        options=added_options([pair for pair in diffs if is_kconfig(pair[1].path) and not is_makefile(pair[1].path)]),
        including=added_includes(one for _, one in diffs if not is_makefile(one.path) and not is_kconfig(one.path)),
        makefiles=makefiles,
        added_lines=added_lines,
        variables=variables,
    )


def place(entry: QueueEntry, number: int) -> Location:
    """A line of a patch."""
    return Location(entry.path or entry.name, number)


def added_options(diffs: Iterable[tuple[QueueEntry, FileDiff]]) -> dict[str, QueueOption]:
    """The options that patches define, and what can turn them on."""
    found: dict[str, QueueOption] = {}
    selectors: dict[str, dict[str, None]] = {}
    for entry, one in diffs:
        for hunk in one.hunks:
            name = ""
            block = OPTION.match(hunk.section)
            for number, line in enumerate(hunk.lines, hunk.line + 1):
                if line[:1] == "-":
                    continue
                option = OPTION.match(line[1:])
                if option or (line[1:2].strip() and line[1:2] != "#"):
                    block = option
                    name = option[1] if option and line[0] == "+" else ""
                    if name:
                        found[name] = QueueOption(place(entry, number), name in found and found[name].default)
                elif name and DEFAULT.match(line[1:]):
                    found[name] = QueueOption(found[name].where, True)
                if line[0] == "+" and (target := SELECT.match(line[1:])):
                    selectors.setdefault(target[1], {})[block[1] if block else ""] = None
    return {name: QueueOption(it.where, it.default, tuple(selectors.get(name, ()))) for name, it in found.items()}


def added_includes(diffs: Iterable[FileDiff]) -> dict[str, list[str]]:
    """A header's name -> the files to which patches add a line that includes it."""
    found: dict[str, list[str]] = {}
    for one in diffs:
        for hunk in one.hunks:
            for line in hunk.lines:
                if line[:1] == "+" and "include" in line and (named := INCLUDE.match(line)):
                    found.setdefault(base(named[1]), []).append(one.path)
    return found


def shown_variables(diffs: Iterable[FileDiff]) -> dict[str, dict[str, str]]:
    """Makefile -> the variables that the patches' lines in it assign, removed ones left out."""
    found: dict[str, dict[str, str]] = {}
    for one in diffs:
        for hunk in one.hunks:
            lines = [hunk.section, *(line[1:] for line in hunk.lines if line[:1] in " +")]
            found[one.path] = assignments(lines) | found.get(one.path, {})
    return found


def changed_makefiles(
    source: Source, diffs: Iterable[tuple[QueueEntry, FileDiff]], variables: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, bytes], dict[tuple[str, str], Location]]:
    """(the changed Makefiles, (Makefile, line) -> the patch that adds it)."""
    from patches.verdicts.apply import FileLines, Outcome, apply_hunks, lines_of

    changed: dict[str, FileLines] = {}
    added: dict[tuple[str, str], Location] = {}
    for entry, one in diffs:
        path = one.path
        if path not in changed:
            try:
                changed[path] = lines_of(source.read(one.old or path))
            except UserError:
                changed[path] = []
        for hunk in one.hunks:
            told = Outcome()
            lines = apply_hunks(path, [hunk], changed[path], told)
            if told.conflicts:
                end = [] if not changed[path] or changed[path][-1].endswith(b"\n") else [b"\n"]
                more = fitting(hunk)
                lines = [*changed[path], *end, *lacking(more, changed[path], variables[path]), *map(encoded, more)]
            changed[path] = lines
            for number, line in enumerate(hunk.lines, hunk.line + 1):
                if line[:1] == "+" and line[1:].strip():
                    added.setdefault((path, line[1:].strip()), place(entry, number))
    return {path: b"".join(lines) for path, lines in changed.items()}, added


def encoded(line: str) -> bytes:
    """A line of a Makefile."""
    return bytes_of(line) + b"\n"


def lacking(more: Iterable[str], there: Iterable[bytes], shown: Mapping[str, str]) -> Iterator[bytes]:
    """The assignments of the variables that more lines of a Makefile use and its own lines do not make."""
    wanted = used(more) & shown.keys()
    known = assignments(line.decode("utf-8", "surrogateescape") for line in there) if wanted else {}
    values = {name: value for name, value in shown.items() if name not in known}
    return (encoded(f"{name} := {expanded(values[name], values)}") for name in sorted(wanted & values.keys()))


def fitting(hunk: Hunk) -> list[str]:
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
        out.append(text)
    return out + ["endif"] * depth
