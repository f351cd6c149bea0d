"""What the readers of a tree's Makefiles share: the folders found so far, and what each of them lists."""

from __future__ import annotations

from collections.abc import Iterable

from kcfg.base.errors import UserError
from kcfg.base.version import ARCHES
from kcfg.kbuild.condition import ALWAYS, NEVER, AskedKind, Condition, N, Undecidable, Y, both, leaves
from kcfg.kbuild.make import Make
from kcfg.kbuild.text import clean
from kcfg.kbuild.tree import Descent, Listing, MakeLine
from kcfg.kbuild.words import OPEN, UNKNOWN, MakeWord, fixed
from kcfg.sources.source import Source

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


FIXED: dict[str, dict[str, int]] = {
    "x86_64": {"X86_64": Y, "64BIT": Y, "X86_32": N, "X86": Y},
    "i386": {"X86_64": N, "64BIT": N, "X86_32": Y, "X86": Y},
    "arm64": {"ARM64": Y, "64BIT": Y, "ARM": N},
    "arm": {"ARM": Y, "64BIT": N, "ARM64": N},
}
"""What ARCH itself decides; a condition on it would only be noise."""


class FoundFolder:
    """A folder in the making."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.ways: dict[Descent, None] = {}


class MakefileReader:
    """Folders by number, and the objects that their Makefiles list."""

    def __init__(self, source: Source, arch: str) -> None:
        if arch not in ARCHES:
            raise UserError(f"no such architecture: {arch}", hint=", ".join(ARCHES))
        self.source = source
        self.arch = ARCHES[arch]
        self.index: dict[str, int] = {}
        self.edges: list[FoundFolder] = []
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

    def note(self, word: MakeWord) -> None:
        """Remember what could not be evaluated."""
        found = [leaf for leaf in leaves(word.condition) if isinstance(leaf, Undecidable)]
        self.undecidable.extend(found)
        if not found:
            self.undecidable.append(Undecidable("", *word.place, AskedKind.NAME))

    def enter(self, path: str, way: Descent) -> None:
        """A folder that make descends into by a line."""
        number = self.index.get(path)
        if number is None:
            number = self.index[path] = len(self.edges)
            self.edges.append(FoundFolder(path))
        self.edges[number].ways.setdefault(way)

    def open(self, path: str) -> Make:
        """The Makefile of a folder, read."""
        make = self.make(path)
        prefix = f"{path}/" if path else ""
        name = f"{prefix}Kbuild"
        if not make.include(name) and (not path or not make.include(f"{prefix}Makefile")):
            self.undecidable.append(Undecidable("", f"{prefix}Makefile", 0, AskedKind.MAKEFILE))
        self.undecidable.extend(make.unread)
        self.files.update(dict.fromkeys(make.files))
        return make

    def known(self, words: Iterable[MakeWord]) -> list[MakeWord]:
        """The words that are known; the others are noted."""
        out = []
        for word in words:
            if UNKNOWN in word.text or OPEN in word.text:
                self.note(word)
            else:
                out.append(word)
        return out

    def list_object(self, path: str, number: int, target: str, linked: bool, lines: tuple[MakeLine, ...]) -> None:
        """Enter one listing of an object."""
        builtin: Condition = ALWAYS
        module: Condition = ALWAYS
        for line in reversed(lines):
            builtin, module = both(builtin, line.builtin), both(module, line.module)
        if builtin != NEVER or module != NEVER:
            self.listings.setdefault(clean(path), []).append(
                Listing(number, clean(target), linked, lines, builtin, module)
            )
