"""Edits of recipes in shell: APKBUILD, PKGBUILD and ebuilds.

A patch goes out of its list (`source`, `PATCHES`), with its checksums, by name or by place, and with the command that
applies it, where this stands by itself in a function that has others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from patches.queues.addresses import file_of, is_address
from patches.queues.edits import Editing, LeftAlone, LeftKind, Text, named_at
from patches.queues.formats import ListedPatch
from patches.queues.formats.ebuild import versions
from patches.queues.formats.shellchanges import tail
from patches.queues.formats.shelllex import ShellError
from patches.queues.formats.shellparse import Assign, Command, Compound, Parser, ShellTree, ShellWord
from patches.queues.formats.shellrun import Shell
from patches.queues.formats.shellwords import MARK, UNKNOWN, Expander, Field, printed

SUMS = ("cksums", "md5sums", "sha1sums", "sha224sums", "sha256sums", "sha384sums", "sha512sums", "b2sums")
"""The lists of checksums that PKGBUILD(5) and abuild know."""
FOLDERS = {name: f"@{name.lower()}@" for name in ("srcdir", "startdir", "builddir", "FILESDIR", "DISTDIR", "WORKDIR")}
_UNSURE = re.compile(r"\$[({]?[@*(`]|`|\[[@*]\]")
"""What of a word may become any number of words."""
_APPLY = ("patch", "git", "eapply", "epatch")


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One word of a list: its place in the text, the list's assignment, its number there, what it is expanded to.

    `plain`: it stands in the text as it is, and is one word. `count`: how many it is, 0 where that is not sure.
    """

    begin: int
    end: int
    assign: Assign
    number: int
    name: str
    plain: bool
    count: int = 1


class RecipeText:
    """A recipe's text as the shell reads it."""

    def __init__(self, path: str, text: Text, lists: Sequence[str]) -> None:
        self.whole = "".join(text.lines).replace("\r\n", "\n")
        self.trees: list[ShellTree] = Parser(re.sub("[\0\1\2]", "?", self.whole)).script()
        known = FOLDERS | (versions(path) if path.endswith(".ebuild") else {})
        shell = Shell(self.whole, known, lambda _: True, printed, ())
        shell.follow()
        self._expander = Expander(shell.variables, printed)
        self.assigns = [one for tree in walk(self.trees) if isinstance(tree, Command) for one in tree.assigns]
        top = [one for one in self.trees if isinstance(one, Command) and not one.words]
        self.top = {id(one) for tree in top for one in tree.assigns}
        self.entries = [
            entry for one in self.assigns if any(list_of(one.name, name) for name in lists) for entry in self.words(one)
        ]

    def position(self, at: int) -> tuple[int, int]:
        """Line and column of a place in the text."""
        return self.whole.count("\n", 0, at) + 1, at - self.whole.rfind("\n", 0, at) - 1

    def lists(self, line: int) -> bool:
        """Whether a line is one of an assignment."""
        spans = ((one.at, one.at + len(one.raw)) for assign in self.assigns for one in assign.values)
        return any(self.position(begin)[0] <= line <= self.position(end)[0] for begin, end in spans)

    def words(self, assign: Assign) -> Iterator[ListEntry]:
        """The words of a list, an array or a text."""
        if assign.array:
            number = 0
            for word in assign.values:
                fields = self._expander.fields(word)
                one = fields[0] if len(fields) == 1 else Field(UNKNOWN)
                unsure = _UNSURE.search(word.raw) or any(one.pattern and "://" not in one.text for one in fields)
                unset = any(UNKNOWN in one.text for one in fields) and not word.raw.startswith('"')
                count = 0 if unsure or unset else len(fields)
                yield self.entry(assign, number, word.at, word.raw, one.text, count)
                number += count
        for value in () if assign.array else assign.values:
            for number, part in enumerate(re.finditer(r"[^\s\"']+", value.raw)):
                told = self._expander.one(ShellWord(f'"{part[0]}"', value.line))
                yield self.entry(assign, number, value.at + part.start(), part[0], told.text, 1)

    def entry(self, assign: Assign, number: int, at: int, raw: str, text: str, count: int) -> ListEntry:
        """One word of the text, which becomes `count`."""
        text = MARK.sub("", text)
        name, colons, _ = text.partition("::")
        shown = name if colons else file_of(text) if is_address(text) else tail(text)
        plain = count == 1 and UNKNOWN not in text and self.whole.startswith(raw, at)
        return ListEntry(at, at + len(raw), assign, number, shown, plain, count)


def list_of(name: str, wanted: str) -> bool:
    """Whether a variable is a list, or the one of an architecture: `source_x86_64`."""
    return name == wanted or (wanted == "source" and name.startswith("source_"))


def walk(trees: Sequence[ShellTree]) -> Iterator[ShellTree]:
    """All commands, outer ones first."""
    todo = list(reversed(trees))
    while todo:
        one = todo.pop()
        yield one
        if isinstance(one, Compound):
            todo += reversed(one.parts)


def remove(editing: Editing, drops: Sequence[ListedPatch]) -> list[LeftAlone]:
    """Take the patches out of the lists, the checksums and the functions."""
    path = editing.listing.file
    text = editing.text(path)
    try:
        recipe = RecipeText(path, text, ("PATCHES",) if path.endswith(".ebuild") else ("source",))
    except ShellError as error:
        place = f"{path}:{error.line}"
        return [LeftAlone(item.name, LeftKind.NOT_PARSED, editing.place(item), place) for item in drops]
    left = []
    for item in drops:
        why = one_out(editing, recipe, text, item)
        if why:
            left.append(why)
    staying = {one.patch for one in left}
    return left + restored(editing, text, recipe, [one for one in drops if one.name not in staying])


def one_out(editing: Editing, recipe: RecipeText, text: Text, item: ListedPatch) -> LeftAlone | None:
    """Takes one patch out, or says why not."""

    def stays(kind: LeftKind, line: int = 0) -> LeftAlone:
        return LeftAlone(item.name, kind, editing.place(item), editing.place(item, line) if line else "")

    found = [one for one in recipe.entries if one.name == item.name]
    if len(found) > 1:
        return stays(LeftKind.TWICE, recipe.position(found[1].begin)[0])
    cuts: list[tuple[int, int]] = []
    if found:
        entry = found[0]
        if not entry.plain:
            return stays(LeftKind.MACRO)
        cuts.append((entry.begin, entry.end))
        sums = by_place(recipe, entry) if entry.assign.array else by_name(recipe, item.name)
        if isinstance(sums, Assign):
            return stays(LeftKind.CHECKSUMS, sums.line)
        if sums is None:
            return stays(LeftKind.LIST)
        cuts += sums
    else:
        cuts += by_name(recipe, item.name)
    own = {recipe.position(begin)[0] for begin, _ in cuts}
    command = 0
    if not (found and item.line in own):
        command = alone(recipe, text, item.line)
        if not command and not found and recipe.lists(item.line):
            return stays(LeftKind.LIST)
        if not command:
            return stays(LeftKind.COMMAND, item.line)
    lines = [text.line(number) for number in range(1, len(text.lines) + 1)]
    other = named_at(lines, item.name, own | {command})
    if other:
        return stays(LeftKind.NAMED, other)
    for begin, end in cuts:
        first, column = recipe.position(begin)
        if "\n" in recipe.whole[begin:end]:
            return stays(LeftKind.CONTINUED, first)
    for begin, end in cuts:
        first, column = recipe.position(begin)
        text.cut(first, column, column + end - begin)
    if command:
        text.drop(command)
    return None


def by_name(recipe: RecipeText, name: str) -> list[tuple[int, int]]:
    """The checksums of a file in texts of lines: sum and name."""
    found = []
    for one in recipe.assigns:
        if one.name in SUMS and not one.array:
            for value in one.values:
                found += [
                    (value.at + line.start(), value.at + line.end())
                    for line in re.finditer(r"[^\s\"']+[ \t]+\*?([^\s\"']+)", value.raw)
                    if line[1] == name and recipe.whole.startswith(line[0], value.at + line.start())
                ]
    return found


def by_place(recipe: RecipeText, entry: ListEntry) -> list[tuple[int, int]] | Assign | None:
    """The checksums at an entry's place in arrays: those whose number is another are given back. None where the list
    is built in several steps, or by expansion."""
    name = entry.assign.name
    if name == "PATCHES":
        return []
    arch = name.removeprefix("source")
    same = [one for one in recipe.entries if one.assign is entry.assign]
    lists = [one for one in recipe.assigns if one.name == name]
    if len(lists) > 1 or id(entry.assign) not in recipe.top or not all(one.count for one in same):
        return None
    total = sum(one.count for one in same)
    found = []
    for one in recipe.assigns:
        if one.name not in [f"{sums}{arch}" for sums in SUMS]:
            continue
        several = [other for other in recipe.assigns if other.name == one.name]
        if len(several) > 1 or not one.array or id(one) not in recipe.top or len(one.values) != total:
            return one
        value = one.values[entry.number]
        if not re.fullmatch(r"(['\"]?)(?:SKIP|[0-9a-fA-F]{1,128})\1", value.raw):
            return one
        found.append((value.at, value.at + len(value.raw)))
    return found


def alone(recipe: RecipeText, text: Text, line: int) -> int:
    """The line of a command that applies one patch and does no more, in a function that has others; 0 if it is not."""
    here = [one for one in walk(recipe.trees) if isinstance(one, Command) and one.line == line]
    if len(here) != 1 or here[0].assigns or not here[0].words or here[0].words[0].raw not in _APPLY:
        return 0
    bodies = [
        one.parts[0] for one in walk(recipe.trees) if isinstance(one, Compound) and one.kind == "function" and one.parts
    ]
    inside = [one for one in bodies if isinstance(one, Compound) and any(part is here[0] for part in one.parts)]
    shown = text.line(line)
    if not inside or shown.rstrip().endswith("\\") or text.line(line - 1).rstrip().endswith("\\"):
        return 0
    if re.search(r"[;&|{}()`]", re.sub(r"\$\{\w+\}", "", shown)) or "<<" in shown:
        return 0
    given = [one for one in here[0].words[1:] if not one.raw.startswith("-")]
    files = len(given) + (here[0].stdin is not None) - (here[0].words[0].raw == "git")
    return line if files == 1 or (files == 2 and re.search(r"\s-[idpFC]\s", shown)) else 0


def restored(editing: Editing, text: Text, recipe: RecipeText, taken: Sequence[ListedPatch]) -> list[LeftAlone]:
    """Puts commands back where a function would have none left: the shell does not take an empty one."""
    left: list[LeftAlone] = []
    for one in walk(recipe.trees):
        if not isinstance(one, Compound) or one.kind != "function" or not isinstance(one.parts[0], Compound):
            continue
        lines = {part.line for part in one.parts[0].parts}
        if lines and lines <= text.gone:
            needed = [item for item in taken if item.line in lines]
            left += [LeftAlone(item.name, LeftKind.EMPTIED, editing.place(item)) for item in needed]
    if left:
        # Their sources and checksums are needed again, too.
        text.gone.clear()
        text.cuts.clear()
        names = {one.patch for one in left}
        for item in taken:
            if item.name not in names:
                one_out(editing, recipe, text, item)
    return left
