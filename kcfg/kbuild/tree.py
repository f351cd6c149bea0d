"""Which options build which object files: a kernel tree's Kbuild files and Makefiles, read without make.

`read_kbuild` follows what scripts/Makefile.build and scripts/Makefile.lib do with obj-y, obj-m, lib-y, extra-y,
subdir-y and composite objects (foo-y, foo-objs, foo-m), from the top Makefile and arch/*/Makefile down. One reading
stands for every configuration: each object carries the condition under which it is built.

Objects that are linked by rules of their own (the vDSO, the real mode code, the compressed boot image) are found by
`rules.py`, which follows the rules' prerequisites.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from functools import cached_property

import msgspec

from kcfg.kbuild.condition import ALWAYS, NEVER, Condition, Undecidable, both, describe, either, holds, leaves, positive
from kcfg.kbuild.modules import fold


class MakeLine(msgspec.Struct, frozen=True):
    """One line of a Makefile: what it says is built in when `builtin` holds, and made a module when `module` does."""

    file: str
    line: int
    builtin: Condition
    module: Condition


class Descent(msgspec.Struct, frozen=True):
    """How make comes into a folder: from `parent` (an index; -1 is the top) by one line."""

    parent: int
    line: MakeLine


class Folder(msgspec.Struct, frozen=True):
    """A folder that make descends into: `visited` at all, or so that its obj-y is linked into the kernel."""

    path: str
    ways: tuple[Descent, ...]
    builtin: Condition
    visited: Condition


class Listing(msgspec.Struct, frozen=True):
    """One place that names an object: the lines from the inside out (part of a composite, the object itself).

    `target` is the object that it becomes part of (itself when it is no part); `linked` says that it needs a folder
    that is built in (obj-y), not only a visited one (lib-y, extra-y, obj-m).
    """

    folder: int
    target: str
    linked: bool
    lines: tuple[MakeLine, ...]
    builtin: Condition
    module: Condition


class Object(msgspec.Struct, frozen=True):
    """An object file, such as drivers/xen/balloon.o, and when it is built in and when built for a module."""

    path: str
    builtin: Condition
    module: Condition
    listings: tuple[Listing, ...]

    @property
    def condition(self) -> Condition:
        """When it is built at all."""
        return either(self.builtin, self.module)

    @property
    def file(self) -> str:
        """The Makefile that names it first."""
        return self.listings[0].lines[0].file

    @property
    def line(self) -> int:
        return self.listings[0].lines[0].line


class BuiltObject(msgspec.Struct, frozen=True):
    """An object that a configuration builds: y or m, and what decides it.

    `symbols` and the line are of the innermost line that has a condition; no symbols: it is always built.
    """

    path: str
    value: str
    symbols: tuple[str, ...]
    condition: str
    file: str
    line: int


class Built(msgspec.Struct, frozen=True):
    """What a configuration builds, by path; and what nobody can tell, with what stands in the way."""

    objects: dict[str, BuiltObject]
    undecidable: dict[str, tuple[Undecidable, ...]]


class Kbuild(msgspec.Struct, frozen=True, dict=True):
    """What the Makefiles of one tree say for one architecture. `undecidable` is what they ask of the outside."""

    arch: str
    objects: dict[str, Object]
    folders: tuple[Folder, ...]
    undecidable: tuple[Undecidable, ...]
    files: tuple[str, ...]

    def built(self, config: Mapping[str, str]) -> Built:
        """The object files (of C and assembler sources) that are built for the symbols' values (y, m, text)."""
        verdicts: dict[Condition, bool | None] = {}

        def decide(condition: Condition) -> bool | None:
            if condition not in verdicts:
                verdicts[condition] = holds(condition, config)
            return verdicts[condition]

        objects: dict[str, BuiltObject] = {}
        undecidable: dict[str, tuple[Undecidable, ...]] = {}
        for path, it in self.objects.items():
            verdict = decide(it.builtin)
            value = "y"
            if verdict is not True:
                module = decide(it.module)
                value, verdict = ("m", True) if module else ("", None if verdict is None or module is None else False)
            if verdict is None:
                undecidable[path] = tuple(dict.fromkeys(reasons(it.condition)))
            elif verdict:
                listing = next(
                    ls for ls in it.listings if decide(self.whole(ls, value)) is True or ls is it.listings[-1]
                )
                line, condition = self.decider(listing, value, config)
                objects[path] = BuiltObject(path, value, positive(condition), describe(condition), line.file, line.line)
        return Built(objects, undecidable)

    def whole(self, listing: Listing, value: str) -> Condition:
        """When a listing builds its object, as y or m, its folder included."""
        folder = self.folders[listing.folder]
        if value == "m":
            return both(folder.visited, listing.module)
        return both(folder.builtin if listing.linked else folder.visited, listing.builtin)

    def decider(
        self, listing: Listing, value: str, config: Mapping[str, str] | None = None
    ) -> tuple[MakeLine, Condition]:
        """The innermost line whose condition is not always true, and that condition.

        Of several ways into a folder it is the first that holds for `config` (without one: the first). Without any
        condition it is the line that names the object.
        """
        for line in listing.lines:
            condition = line.module if value == "m" else line.builtin
            if condition != ALWAYS:
                return line, condition
        folder = self.folders[listing.folder]
        for _ in self.folders:
            ways = [w for w in folder.ways if config is None or holds(either(w.line.builtin, w.line.module), config)]
            if not ways:
                break
            line = ways[0].line
            condition = line.builtin if value != "m" and listing.linked else either(line.builtin, line.module)
            if condition != ALWAYS:
                return line, condition
            if ways[0].parent < 0:
                break
            folder = self.folders[ways[0].parent]
        return listing.lines[0], ALWAYS

    def conditions(self) -> dict[Condition, int]:
        """Condition -> how many object files are built exactly when it holds, as y or m."""
        found: dict[Condition, int] = {}
        for it in self.objects.values():
            found[it.condition] = found.get(it.condition, 0) + 1
        return found

    @cached_property
    def _charge_of_folder(self) -> list[str]:
        out = []
        for folder in self.folders:
            name = ""
            for _ in self.folders:
                if not folder.ways:
                    break
                way = folder.ways[0]
                names = positive(either(way.line.builtin, way.line.module))
                if names or way.parent < 0:
                    name = names[-1] if names else ""
                    break
                folder = self.folders[way.parent]
            out.append(name)
        return out

    def module_symbols(
        self, names: Iterable[str], tristate: Container[str] | None = None
    ) -> dict[str, tuple[str, ...] | None]:
        """Module -> the symbols that build it, each of them enough where several lines do; None: no such module.

        "-" and "_" are the same in a module's name. The answer has the names as they were given. Makefiles do not
        know a symbol's type: without `tristate` (the symbols that can be m) an object of a bool passes for a module.
        """
        out: dict[str, tuple[str, ...] | None] = {}
        for name in names:
            symbols = self.modules.get(fold(name))
            if symbols is not None and tristate is not None:
                symbols = tuple(symbol for symbol in symbols if symbol in tristate) or None
            out[name] = symbols
        return out

    @cached_property
    def modules(self) -> dict[str, tuple[str, ...]]:
        """Module name (with underscores) -> symbols of the lines that make it a module."""
        found: dict[str, dict[str, None]] = {}
        for it in self.objects.values():
            for listing in it.listings:
                if listing.module == NEVER or not listing.target.endswith(".o"):
                    continue
                symbols = found.setdefault(fold(listing.target[:-2].rpartition("/")[2]), {})
                names = positive(listing.lines[-1].module)
                if not names and (name := self._charge_of_folder[listing.folder]):
                    names = (name,)
                symbols.update(dict.fromkeys(names[-1:]))
        return {name: tuple(symbols) for name, symbols in sorted(found.items())}


def reasons(condition: Condition) -> Iterable[Undecidable]:
    """What makes a condition undecidable."""
    return (leaf for leaf in leaves(condition) if isinstance(leaf, Undecidable))
