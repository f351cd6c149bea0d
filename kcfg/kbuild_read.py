"""From a tree's Makefiles to a `Kbuild`: which folders make visits, and what each lists."""

from __future__ import annotations

from collections.abc import Iterable

import kcfg.kbuild_functions  # noqa: F401 (fills make's table of functions)
from kcfg.errors import UserError
from kcfg.kbuild import Folder, Kbuild, Line, Listing, Object, Way
from kcfg.kbuild_condition import ALWAYS, NEVER, Condition, N, Undecidable, Y, any_of, both, either, leaves, negate
from kcfg.kbuild_make import Make
from kcfg.kbuild_rules import follow
from kcfg.kbuild_text import clean
from kcfg.kbuild_words import OPEN, UNKNOWN, Place, Word, fixed, present
from kcfg.source import ARCHES, Source

SEEDS = {
    "sub_make_done": "1",
    "srctree": ".",
    "objtree": ".",
    "abs_srctree": "/",
    "abs_objtree": "/",
    "CURDIR": "/",
    "srcroot": ".",
    "KBUILD_BUILTIN": "y",
    "KBUILD_MODULES": "y",
    "Q": "@",
    "MAKE": "make",
    "build": "build",
    "MAKEFLAGS": "rR --no-print-directory",
    ".FEATURES": "output-sync undefine",
    "empty": "",
}
"""Variables that make or the first pass of the top Makefile sets before anything else."""

ROOTS = ("head", "init", "core", "drivers", "net", "virt", "libs")
"""core-y and its like: kernels before 5.18 name all folders so, later ones only those of the architecture."""

FIXED: dict[str, dict[str, int]] = {
    "x86_64": {"X86_64": Y, "64BIT": Y, "X86_32": N, "X86": Y},
    "i386": {"X86_64": N, "64BIT": N, "X86_32": Y, "X86": Y},
    "arm64": {"ARM64": Y, "64BIT": Y, "ARM": N},
    "arm": {"ARM": Y, "64BIT": N, "ARM64": N},
}
"""What ARCH itself decides; a condition on it would only be noise."""


class Edge:
    """A folder in the making."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.ways: list[Way] = []


class Reader:
    """Walks a tree once."""

    def __init__(self, source: Source, arch: str) -> None:
        if arch not in ARCHES:
            raise UserError(f"no such architecture: {arch}", hint=", ".join(ARCHES))
        self.source = source
        self.arch = ARCHES[arch]
        self.index: dict[str, int] = {}
        self.edges: list[Edge] = []
        self.makes: list[Make | None] = []  # of the folders that have rules of their own
        self.listings: dict[str, list[Listing]] = {}
        self.undecidable: list[Undecidable] = []
        self.files: dict[str, None] = {}
        seeds = {**SEEDS, "SRCARCH": self.arch.srcarch, "ARCH": self.arch.name, "SUBARCH": self.arch.name}
        self.seeds = {name: fixed(text) for name, text in seeds.items()}
        self.top = self.make("")

    def read(self, path: str) -> str | None:
        """A file's text; None when there is none."""
        try:
            if path.startswith("/") or not path:
                return None
            return self.source.read(path).decode("utf-8", "replace")
        except UserError:
            return None

    def make(self, folder: str) -> Make:
        """A reader of the Makefile of a folder."""
        top = getattr(self, "top", None)
        make = Make(self.read, FIXED[self.arch.name], top, self.seeds)
        make.variables["obj"] = make.variables["src"] = fixed(folder or ".")
        return make

    def run(self) -> Kbuild:
        """The whole tree."""
        if not self.top.include("Makefile"):
            raise self.missing()
        place = Place("Makefile", 0)
        roots: list[tuple[Word, bool]] = []
        for name in ROOTS:
            for value in "ym":
                roots.extend((word, value == "y") for word in self.top.value(f"{name}-{value}", place))
        for word, builtin in roots:
            self.root(word, builtin)
        if self.source.exists("Kbuild"):
            always = Line("Kbuild", 1, ALWAYS, NEVER)
            self.enter("", Way(-1, always))
        at = 0
        while at < len(self.edges):
            self.folder(at)
            at += 1
        follow(self)
        return self.result()

    def missing(self) -> UserError:
        return UserError("no Makefile in the kernel source", where=self.source.name)

    def root(self, word: Word, builtin: bool) -> None:
        """A folder of core-y and its like."""
        if UNKNOWN in word.text:
            self.note(word)
        elif word.text.endswith("/"):
            yes, no = word.condition, NEVER
            line = Line(*word.place, yes, no) if builtin else Line(*word.place, no, yes)
            self.enter(clean(word.text).rstrip("/"), Way(-1, line))

    def note(self, word: Word) -> None:
        """Remember what could not be evaluated."""
        found = [leaf for leaf in leaves(word.condition) if isinstance(leaf, Undecidable)]
        self.undecidable.extend(found)
        if not found:
            self.undecidable.append(Undecidable("a name that is not known", *word.place))

    def enter(self, path: str, way: Way) -> None:
        """A folder that make descends into by a line."""
        number = self.index.get(path)
        if number is None:
            number = self.index[path] = len(self.edges)
            self.edges.append(Edge(path))
        if way not in self.edges[number].ways:
            self.edges[number].ways.append(way)

    def open(self, path: str) -> Make:
        """The Makefile of a folder, read."""
        make = self.make(path)
        prefix = f"{path}/" if path else ""
        name = f"{prefix}Kbuild"
        if not make.include(name) and (not path or not make.include(f"{prefix}Makefile")):
            self.undecidable.append(Undecidable("no Makefile in the source", f"{prefix}Makefile", 0))
        self.undecidable.extend(make.unread)
        self.files.update(dict.fromkeys(make.files))
        return make

    def folder(self, number: int) -> None:
        """What one folder lists."""
        path = self.edges[number].path
        make = self.open(path)
        self.makes.append(make if make.rules else None)
        prefix = f"{path}/" if path else ""
        place = Place(f"{prefix}Makefile", 0)
        lists = {
            name: self.known(make.value(name, place))
            for name in ("obj-y", "obj-m", "lib-y", "lib-m", "extra-y", "subdir-y", "subdir-m", "always-y", "always-m")
        }
        yes, modules = gather(lists["obj-y"]), gather(lists["obj-m"])
        for name in dict.fromkeys((*yes, *modules)):
            for line in listed(yes.get(name, {}), modules.get(name, {})):
                if name.endswith("/"):
                    self.enter(clean(prefix + name).rstrip("/"), Way(number, line))
                elif name.endswith(".o"):
                    self.object(make, number, prefix, name, line)
        for name, lines_ in gather([*lists["lib-y"], *lists["lib-m"]]).items():
            without = negate(any_of(yes.get(name, {}).values()))
            for where, condition in lines_.items():
                line = Line(*where, both(condition, without), NEVER)
                if name.endswith(".o") and line.builtin != NEVER:
                    self.list_object(prefix + name, number, prefix + name, False, (line,))
        for name, lines_ in gather([*lists["extra-y"], *lists["always-y"], *lists["always-m"]]).items():
            for where, condition in lines_.items():
                if name.endswith(".o"):
                    self.list_object(prefix + name, number, prefix + name, False, (Line(*where, condition, NEVER),))
        for name, lines_ in gather([*lists["subdir-y"], *lists["subdir-m"]]).items():
            for where, condition in lines_.items():
                self.enter(clean(prefix + name).rstrip("/"), Way(number, Line(*where, NEVER, condition)))

    def known(self, words: Iterable[Word]) -> list[Word]:
        """The words that are known; the others are noted."""
        out = []
        for word in words:
            if UNKNOWN in word.text or OPEN in word.text:
                self.note(word)
            else:
                out.append(word)
        return out

    def object(self, make: Make, number: int, prefix: str, name: str, line: Line) -> None:
        """An object of obj-y or obj-m: its parts if it has any, else itself (`real-search` in Makefile.lib)."""
        stem = name[:-2]
        if not any(make.lookup(f"{stem}-{end}") for end in ("objs", "y", "m", "")):
            self.list_object(prefix + name, number, prefix + name, True, (line,))
            return
        place = Place(line.file, line.line)
        objs, yes, modules = (self.known(make.value(f"{stem}-{end}", place)) for end in ("objs", "y", "m"))
        others = present(make.value(f"{stem}-", place))
        common = either(present([*objs, *yes]), others)
        parts: dict[tuple[str, Place], tuple[Condition, Condition]] = {}
        for words, builtin in (([*objs, *yes], True), (modules, False)):
            for word in words:
                inside, whole = parts.get((word.text, word.place), (NEVER, NEVER))
                if builtin:
                    inside = either(inside, word.condition)
                parts[word.text, word.place] = (inside, either(whole, word.condition))
        for (text, where), (inside, whole) in parts.items():
            if text.endswith(".o"):
                lines = (Line(*where, inside, whole), line)
                self.list_object(prefix + text, number, prefix + name, True, lines)
        without, without_any = negate(common), negate(either(common, present(modules)))
        alone = Line(line.file, line.line, both(line.builtin, without), both(line.module, without_any))
        if alone.builtin != NEVER or alone.module != NEVER:
            self.list_object(prefix + name, number, prefix + name, True, (alone,))

    def list_object(self, path: str, number: int, target: str, linked: bool, lines: tuple[Line, ...]) -> None:
        """Enter one listing of an object."""
        builtin: Condition = ALWAYS
        module: Condition = ALWAYS
        for line in reversed(lines):
            builtin, module = both(builtin, line.builtin), both(module, line.module)
        if builtin != NEVER or module != NEVER:
            self.listings.setdefault(clean(path), []).append(
                Listing(number, clean(target), linked, lines, builtin, module)
            )

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


def listed(yes: dict[Place, Condition], modules: dict[Place, Condition]) -> list[Line]:
    """The lines that list a name in obj-y and in obj-m; what obj-y has is no module."""
    if not modules:
        return [Line(*place, condition, NEVER) for place, condition in yes.items()]
    without = negate(any_of(yes.values()))
    return [
        Line(*place, yes.get(place, NEVER), both(without, modules.get(place, NEVER)))
        for place in dict.fromkeys((*yes, *modules))
    ]


def gather(words: Iterable[Word]) -> dict[str, dict[Place, Condition]]:
    """Word -> the lines that list it, each with the condition."""
    out: dict[str, dict[Place, Condition]] = {}
    for text, condition, place in words:
        lines = out.setdefault(text, {})
        lines[place] = either(lines.get(place, NEVER), condition)
    return out
