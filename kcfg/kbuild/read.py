"""From a tree's Makefiles to a `Kbuild`: which folders make visits, and what each lists."""

from __future__ import annotations

from collections.abc import Iterable

import kcfg.kbuild.functions  # noqa: F401 (fills make's table of functions)
from kcfg.base.errors import UserError
from kcfg.kbuild.condition import ALWAYS, NEVER, Condition, any_of, both, either, negate
from kcfg.kbuild.make import Make
from kcfg.kbuild.rules import follow
from kcfg.kbuild.text import clean
from kcfg.kbuild.tree import Descent, Folder, Kbuild, MakeLine, Object
from kcfg.kbuild.walk import MakefileReader
from kcfg.kbuild.words import UNKNOWN, MakePlace, MakeWord, present
from kcfg.sources.source import Source

ROOTS = ("head", "init", "core", "drivers", "net", "virt", "libs")
"""core-y and its like: kernels before 5.18 name all folders so, later ones only those of the architecture."""


class TreeReader(MakefileReader):
    """Walks a tree once."""

    def run(self) -> Kbuild:
        """The whole tree."""
        if not self.top.include("Makefile"):
            raise self.missing()
        place = MakePlace("Makefile", 0)
        roots: list[tuple[MakeWord, bool]] = []
        for name in ROOTS:
            for value in "ym":
                roots.extend((word, value == "y") for word in self.top.value(f"{name}-{value}", place))
        for word, builtin in roots:
            self.root(word, builtin)
        if self.source.exists("Kbuild"):
            always = MakeLine("Kbuild", 1, ALWAYS, NEVER)
            self.enter("", Descent(-1, always))
        at = 0
        while at < len(self.edges):
            self.folder(at)
            at += 1
        follow(self)
        return self.result()

    def missing(self) -> UserError:
        return UserError("no Makefile in the kernel source", where=self.source.name)

    def root(self, word: MakeWord, builtin: bool) -> None:
        """A folder of core-y and its like."""
        if UNKNOWN in word.text:
            self.note(word)
        elif word.text.endswith("/"):
            yes, no = word.condition, NEVER
            line = MakeLine(*word.place, yes, no) if builtin else MakeLine(*word.place, no, yes)
            self.enter(clean(word.text).rstrip("/"), Descent(-1, line))

    def folder(self, number: int) -> None:
        """What one folder lists."""
        path = self.edges[number].path
        make = self.open(path)
        self.makes.append(make if make.rules else None)
        prefix = f"{path}/" if path else ""
        place = MakePlace(f"{prefix}Makefile", 0)
        lists = {
            name: self.known(make.value(name, place))
            for name in ("obj-y", "obj-m", "lib-y", "lib-m", "extra-y", "subdir-y", "subdir-m", "always-y", "always-m")
        }
        yes, modules = gather(lists["obj-y"]), gather(lists["obj-m"])
        for name in dict.fromkeys((*yes, *modules)):
            for line in listed(yes.get(name, {}), modules.get(name, {})):
                if name.endswith("/"):
                    self.enter(clean(prefix + name).rstrip("/"), Descent(number, line))
                elif name.endswith(".o"):
                    self.object(make, number, prefix, name, line)
        for name, lines_ in gather([*lists["lib-y"], *lists["lib-m"]]).items():
            without = negate(any_of(yes.get(name, {}).values()))
            for where, condition in lines_.items():
                line = MakeLine(*where, both(condition, without), NEVER)
                if name.endswith(".o") and line.builtin != NEVER:
                    self.list_object(prefix + name, number, prefix + name, False, (line,))
        for name, lines_ in gather([*lists["extra-y"], *lists["always-y"], *lists["always-m"]]).items():
            for where, condition in lines_.items():
                if name.endswith(".o"):
                    self.list_object(prefix + name, number, prefix + name, False, (MakeLine(*where, condition, NEVER),))
        for name, lines_ in gather([*lists["subdir-y"], *lists["subdir-m"]]).items():
            for where, condition in lines_.items():
                self.enter(clean(prefix + name).rstrip("/"), Descent(number, MakeLine(*where, NEVER, condition)))

    def object(self, make: Make, number: int, prefix: str, name: str, line: MakeLine) -> None:
        """An object of obj-y or obj-m: its parts if it has any, else itself (`real-search` in Makefile.lib)."""
        stem = name[:-2]
        if not any(make.lookup(f"{stem}-{end}") for end in ("objs", "y", "m", "")):
            self.list_object(prefix + name, number, prefix + name, True, (line,))
            return
        place = MakePlace(line.file, line.line)
        objs, yes, modules = (self.known(make.value(f"{stem}-{end}", place)) for end in ("objs", "y", "m"))
        others = present(make.value(f"{stem}-", place))
        common = either(present([*objs, *yes]), others)
        parts: dict[tuple[str, MakePlace], tuple[Condition, Condition]] = {}
        for words, builtin in (([*objs, *yes], True), (modules, False)):
            for word in words:
                inside, whole = parts.get((word.text, word.place), (NEVER, NEVER))
                if builtin:
                    inside = either(inside, word.condition)
                parts[word.text, word.place] = (inside, either(whole, word.condition))
        for (text, where), (inside, whole) in parts.items():
            if text.endswith(".o"):
                lines = (MakeLine(*where, inside, whole), line)
                self.list_object(prefix + text, number, prefix + name, True, lines)
        without, without_any = negate(common), negate(either(common, present(modules)))
        alone = MakeLine(line.file, line.line, both(line.builtin, without), both(line.module, without_any))
        if alone.builtin != NEVER or alone.module != NEVER:
            self.list_object(prefix + name, number, prefix + name, True, (alone,))

    def result(self) -> Kbuild:
        """All of it, with the folders' conditions joined to those of the objects."""
        totals: dict[int, tuple[Condition, Condition]] = {}

        def total(number: int) -> tuple[Condition, Condition]:
            if number < 0:
                return ALWAYS, ALWAYS
            if number not in totals:
                totals[number] = (NEVER, NEVER)  # a folder that lists itself adds nothing
                builtin: Condition = NEVER
                visited: Condition = NEVER
                for way in self.edges[number].ways:
                    above_builtin, above_visited = total(way.parent)
                    builtin = either(builtin, both(above_builtin, way.line.builtin))
                    visited = either(visited, both(above_visited, either(way.line.builtin, way.line.module)))
                totals[number] = (builtin, visited)
            return totals[number]

        folders = tuple(Folder(edge.path, tuple(edge.ways), *total(n)) for n, edge in enumerate(self.edges))
        objects = {}
        for path in sorted(self.listings):
            builtin: Condition = NEVER
            module: Condition = NEVER
            for it in self.listings[path]:
                folder = folders[it.folder]
                builtin = either(builtin, both(folder.builtin if it.linked else folder.visited, it.builtin))
                module = either(module, both(folder.visited, it.module))
            if builtin != NEVER or module != NEVER:
                objects[path] = Object(path, builtin, module, tuple(self.listings[path]))
        files = (*self.top.files, *(file for file in self.files if file not in self.top.files))
        return Kbuild(self.arch.name, objects, folders, tuple(dict.fromkeys(self.undecidable)), files)


def listed(yes: dict[MakePlace, Condition], modules: dict[MakePlace, Condition]) -> list[MakeLine]:
    """The lines that list a name in obj-y and in obj-m; what obj-y has is no module."""
    if not modules:
        return [MakeLine(*place, condition, NEVER) for place, condition in yes.items()]
    without = negate(any_of(yes.values()))
    return [
        MakeLine(*place, yes.get(place, NEVER), both(without, modules.get(place, NEVER)))
        for place in dict.fromkeys((*yes, *modules))
    ]


def gather(words: Iterable[MakeWord]) -> dict[str, dict[MakePlace, Condition]]:
    """Word -> the lines that list it, each with the condition."""
    out: dict[str, dict[MakePlace, Condition]] = {}
    for text, condition, place in words:
        lines = out.setdefault(text, {})
        lines[place] = either(lines.get(place, NEVER), condition)
    return out


def read_kbuild(source: Source, arch: str) -> Kbuild:
    """Read the Makefiles of a kernel source for an architecture of `kcfg.base.version.ARCHES`.

    UserError for another architecture, and for a source without a top Makefile.
    """

    return TreeReader(source, arch).run()
