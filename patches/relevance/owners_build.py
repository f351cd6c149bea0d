"""Which options a Kconfig file of a patch belongs to, and which objects a Makefile: those on the lines it touches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from kcfg.answers.facts import Location
from kcfg.base.errors import UserError
from kcfg.base.version import ARCHES
from kcfg.kbuild.condition import ALWAYS, ENABLED, Condition, ValueTest
from kcfg.kbuild.includes import SHARED, Includes, shared
from kcfg.kbuild.tree import Kbuild, Line, Object
from kcfg.kconfig.model import Model
from kcfg.sources.source import Source
from patches.relevance.data import Kind
from patches.relevance.owner import Owner, Way
from patches.relevance.queue_tree import OPTION, QueueTree, is_kconfig, is_makefile

if TYPE_CHECKING:
    from patches.text.patch import FileDiff

OBJECT = re.compile(r"[\w./+-]+\.o\b|[\w.+-]+(?:/[\w.+-]+)*/(?=[\s\\]|$)")
ABOUT = re.compile(r"\s*(?:[A-Z][A-Z0-9]*_)+(\S+\.o)\s*[:+?]?=")
"""An object's own flags: CFLAGS_foo.o, KASAN_SANITIZE_foo.o."""
FLAGS = re.compile(r"flags|-I", re.I)


def named(line: str) -> Iterator[str]:
    """The objects and folders that a line of a Makefile lists, or is about."""
    text = line.partition("#")[0]
    if about := ABOUT.match(text):
        yield about[1]
    elif not FLAGS.search(text):
        yield from (name.lstrip("/") for name in OBJECT.findall(text))


def lines_of(it: Object) -> Iterator[Line]:
    """The lines that name an object."""
    return (line for listing in it.listings for line in listing.lines)


class BuildOwners:
    """One tree, with what a queue adds to it. `added`: the objects that only the queue's Makefiles name."""

    def __init__(
        self, source: Source, model: Model, kbuild: Kbuild, includes: Includes, queue: QueueTree, added: Kbuild
    ) -> None:
        self.source = source
        self.model = model
        self.kbuild = kbuild
        self.includes = includes
        self.queue = queue
        self.added = added
        self.own = {ARCHES[model.arch].srcarch, *SHARED.get(model.arch, ())}
        self._there: dict[str, bool] = {}
        self._texts: dict[str, str] = {}

    @cached_property
    def folders(self) -> dict[str, Condition]:
        """Folder -> when make comes into it."""
        return {folder.path: folder.visited for folder in self.kbuild.folders}

    def there(self, path: str) -> bool:
        """Whether the tree has a file."""
        if path not in self._there:
            try:
                self._there[path] = self.source.exists(path)
            except UserError:
                self._there[path] = False
        return self._there[path]

    def kconfig(self, path: str, one: FileDiff) -> Owner:
        """The options on the touched lines, else all that the file defines."""
        names: dict[str, Location | None] = {}
        for hunk in one.hunks:
            current = OPTION.match(hunk.section)
            name = current[1] if current else ""
            for line in hunk.lines:
                found = OPTION.match(line[1:])
                if found:
                    name = found[1]
                elif line[1:2].strip() and line[1:2] != "#":
                    name = ""
                if line[:1] in "+-" and line[1:].strip() and name:
                    names.setdefault(name, None)
        known = {name: self.defined_at(name, path) for name in names}
        ways = [
            Way(ValueTest(name, ENABLED), name, (), where)
            for name, where in known.items()
            if where is not None or name in self.queue.options
        ]
        if ways:
            return Owner(Kind.KCONFIG, ways, new=not self.there(path))
        if not self.there(path):
            if path in self.queue.created:
                return Owner(Kind.UNKNOWN, reason="a Kconfig file that the tree does not have", new=True)
            return self.gone(path)
        if path not in self.model.files:
            return Owner(Kind.UNNAMED, reason=f"no Kconfig file of {self.model.arch} sources it")
        every = [
            Way(ValueTest(symbol.name, ENABLED), symbol.name, (), place)
            for symbol in self.model.symbols
            if symbol.definitions and (place := self.defined_at(symbol.name, path)) and place.path == path
        ]
        reason = "" if every else "it defines no option"
        return Owner(Kind.KCONFIG, every or [Way(ALWAYS, path)], reason)

    def defined_at(self, name: str, path: str) -> Location | None:
        """Where a file defines an option; elsewhere, if it does not; None where nothing does."""
        symbol = self.model.defined(name)
        if symbol is None:
            return None
        places = [self.model.definitions[number] for number in symbol.definitions]
        here = [one for one in places if self.model.files[one.file] == path] or places
        return Location(self.model.files[here[0].file], here[0].line)

    def makefile(self, path: str, one: FileDiff) -> Owner:
        """The objects on the touched lines, else the folder."""
        folder = path.rpartition("/")[0]
        prefix = f"{folder}/" if folder else ""
        names = {name: None for hunk in one.hunks for line in hunk.changed for name in named(line[1:])}
        ways: list[Way] = []
        for kbuild in (self.kbuild, self.added):
            visited = self.folders if kbuild is self.kbuild else {f.path: f.visited for f in kbuild.folders}
            for name in names:
                target = f"{prefix}{name}"
                if name.endswith("/"):
                    if target[:-1] in visited:
                        ways.append(Way(visited[target[:-1]], target))
                elif target in kbuild.objects:
                    ways.append(Way(kbuild.objects[target].condition, target))
                else:
                    ways += [Way(kbuild.objects[part].condition, part) for part in self.parts(kbuild).get(target, ())]
            if ways or self.added is self.kbuild:
                break
        there = self.there(path)
        if ways:
            return Owner(Kind.MAKEFILE, ways, new=not there)
        if not there:
            if path in self.queue.created:
                return Owner(Kind.UNKNOWN, reason="a Makefile that the tree does not have, and no folder's", new=True)
            return self.gone(path)
        if names:
            shown = ", ".join(list(names)[:2])
            return Owner(Kind.UNKNOWN, reason=f"it names {shown}, which this tree's Makefiles do not know there")
        if folder in self.folders and path.rpartition("/")[2] in ("Makefile", "Kbuild"):
            return Owner(Kind.MAKEFILE, [Way(self.folders[folder], f"{folder}/")])
        if folder in ("", *(f"arch/{name}" for name in self.own)):
            return Owner(Kind.MAKEFILE, [Way(ALWAYS, path)], "it builds the whole kernel")
        if path in self.kbuild.files:
            own = (it for it in self.kbuild.objects.values() if any(path == line.file for line in lines_of(it)))
            return Owner(Kind.MAKEFILE, (Way(it.condition, it.path) for it in own), "what it lists")
        return Owner(Kind.UNNAMED, reason=f"make does not come into this folder for {self.model.arch}")

    def parts(self, kbuild: Kbuild) -> dict[str, list[str]]:
        """Composite object -> its parts."""
        known = self.__dict__.setdefault(f"parts {id(kbuild)}", {})
        if not known:
            for path, it in kbuild.objects.items():
                for listing in it.listings:
                    known.setdefault(listing.target, []).append(path)
        out: dict[str, list[str]] = known
        return out

    def gone(self, path: str) -> Owner:
        """A file that the tree has no more, or has elsewhere: nobody can tell which."""
        same = [] if is_makefile(path) or is_kconfig(path) else self.names.get(path.rpartition("/")[2], [])
        near = sorted((other for other in same if shared(other, path)), key=lambda other: -shared(other, path))[:2]
        more = f"; of the same name, with other lines: {', '.join(near)}" if near else ""
        return Owner(Kind.GONE, reason=f"not in this tree: removed or renamed{more}")

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """File name -> the tree's files of that name."""
        out: dict[str, list[str]] = {}
        for path in self.includes.files:
            out.setdefault(path.rpartition("/")[2], []).append(path)
        return out
