"""Which objects, options or folders a file of a patch belongs to: `Owners.of` gives each way into the kernel.

A C or assembler file is its object. A header, and a C file that no Makefile names, belongs to the files that include
it, over other headers where need be, the nearest first. A Kconfig file belongs to the options on the lines that a patch
touches, a Makefile to the objects on them; where there are none, to all that the file defines, or to its folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from kcfg.base.errors import UserError
from kcfg.base.version import ARCHES
from kcfg.kbuild.condition import ALWAYS, NEVER, Condition, both, either
from kcfg.kbuild.includes import FORCED, is_scanned, shared
from kcfg.kbuild.tree import Kbuild
from patches.relevance.data import Kind
from patches.relevance.owner import Owner, Way
from patches.relevance.owners_build import BuildOwners
from patches.relevance.queue_tree import is_kconfig, is_makefile

if TYPE_CHECKING:
    from patches.text.patch import FileDiff

SOURCES = (".c", ".S", ".s", ".rs")
VARIANTS = ("nvhe",)
"""A second object of a source by a pattern rule: arch/arm64/kvm/hyp/nvhe/Makefile has %.nvhe.o: %.c."""
MADE_OF = {"asn1": "asn1", "dts": "dtb", "dtso": "dtbo"}
"""What the object of a file that is no source is called (scripts/Makefile.build, scripts/Makefile.lib)."""
DOCUMENTS = (".rst", ".txt", ".md", ".gitignore", ".mailmap", ".editorconfig", ".clang-format")
DOCUMENT_NAMES = frozenset(("MAINTAINERS", "CREDITS", "COPYING", "README", "TODO", "Changes"))
TOOL_FOLDERS = ("tools", "scripts")
OFFSETS = ("kernel/bounds.c", "arch/{}/kernel/asm-offsets.c", "kernel/time/timeconst.bc")
"""What the top Kbuild makes headers of, for every kernel."""
MOVED_SHARE = 0.6
"""Of a patch's telling old lines, those that a file of the same name must have to count as the file, renamed."""
CANDIDATES = 30


def stem(path: str) -> str:
    """A file's name without its end, "-" and "_" being the same."""
    return path.rpartition("/")[2].rpartition(".")[0].replace("-", "_")


class Owners(BuildOwners):
    """Finds the owners of all files."""

    @cached_property
    def partial(self) -> bool:
        """Whether the source has no C files: a part of a tree, or a tarball."""
        return self.includes.unread or "init/main.c" not in self.includes.number

    def of(self, one: FileDiff) -> Owner:
        """The owner of a file of a patch, under its old name where the tree has that."""
        old, new = one.old, one.new
        path = old if old and (self.there(old) or not new) else new or old
        if (beside := self.beside(path)) is not None:
            return beside
        if is_kconfig(path):
            return self.kconfig(path, one)
        if is_makefile(path):
            return self.makefile(path, one)
        if self.there(path) or (self.partial and self.objects_of(path, self.kbuild)):
            return self.known(path)
        if path in self.queue.created:
            return self.new(path)
        return self.missing(path, one)

    def beside(self, path: str) -> Owner | None:
        """What is no part of this architecture's kernel by its name."""
        top, _, rest = path.partition("/")
        name = path.rpartition("/")[2]
        if top == "arch" and rest.partition("/")[0] not in self.own and "/" in rest:
            if self.objects_of(path, self.kbuild):
                return None
            return Owner(Kind.ARCHITECTURE, reason=f"of another architecture: {rest.partition('/')[0]}")
        if top in ("Documentation", "LICENSES") or name in DOCUMENT_NAMES:
            return Owner(Kind.DOCUMENTATION, reason="documentation")
        if name.endswith(DOCUMENTS) and not is_kconfig(path):
            return Owner(Kind.DOCUMENTATION, reason="documentation")
        if top in TOOL_FOLDERS:
            return Owner(Kind.TOOLS, reason=f"{top} beside the kernel: no part of its image or modules")
        return None

    # Files that the tree has

    def objects_of(self, path: str, kbuild: Kbuild) -> list[str]:
        """The objects of a source file, none when no Makefile names it."""
        stem, _, end = path.rpartition(".")
        if f".{end}" in SOURCES:
            names = [f"{stem}.o", *(f"{stem}.{variant}.o" for variant in VARIANTS)]
        else:
            names = [f"{stem}.{MADE_OF[end]}.o"] if end in MADE_OF else []
        return [name for name in names if name in kbuild.objects]

    def known(self, path: str) -> Owner:
        """A file of the tree."""
        if names := self.objects_of(path, self.kbuild):
            own = [Way(self.kbuild.objects[name].condition, name) for name in names]
            return Owner(Kind.SOURCE, chain(own, self.inclusions(path)))  # a few are included by others besides
        if path in FORCED or path in (one.format(self.own_folder) for one in OFFSETS):
            return Owner(Kind.HELPER, [Way(ALWAYS, "every object")], "part of every object")
        if path.endswith((".dts", ".dtsi", ".dtso")):
            return Owner(Kind.UNKNOWN, reason="device trees are not followed")
        if is_scanned(path):
            if self.partial and path.endswith(".h"):
                return self.unread()
            found = Owner(Kind.HEADER, self.inclusions(path))
            if next(found.ways(), None) is not None:
                return found
        folder = self.folder_that_names(path)
        if folder is not None:
            at, how = folder
            return Owner(Kind.HELPER, [Way(self.folders[at], f"{at}/")], how)
        if is_scanned(path) and not path.endswith(SOURCES):
            return Owner(Kind.UNNAMED, reason=f"nothing that is of {self.model.arch} includes it")
        return Owner(Kind.UNNAMED, reason=f"no Makefile names it for {self.model.arch}")

    @property
    def own_folder(self) -> str:
        return ARCHES[self.model.arch].srcarch

    def unread(self) -> Owner:
        """A header, where the C files are not there to be looked at."""
        what = "of a tarball no C file is kept: unpack it" if self.includes.unread else "the source has no C files"
        return Owner(Kind.UNKNOWN, reason=f"what includes it is not known: {what}")

    def inclusions(self, path: str) -> Iterator[Way]:
        """The objects that a file is compiled into: over its includers, by how far away they are."""
        start = self.includes.number.get(path)
        if start is None:
            return
        reached: dict[int, Condition] = {start: ALWAYS}
        level = [(start, ALWAYS, ())]  # type: list[tuple[int, Condition, tuple[str, ...]]]
        while level:
            found: list[tuple[int, Condition, tuple[str, ...]]] = []
            for number, condition, via in level:
                for includer, asked in self.includes.of(number):
                    joined = both(condition, asked)
                    before = reached.get(includer, NEVER)
                    if joined == NEVER or before in (ALWAYS, joined):
                        continue
                    if before != NEVER and (either(before, joined) == before or len(via) > 3):
                        continue
                    reached[includer] = either(before, joined)
                    found.append((includer, joined, (*via, self.includes.files[includer])))
            found.sort(key=lambda one: self.nearness(path, one[0]))
            for number, condition, via in found:
                for name in self.objects_of(self.includes.files[number], self.kbuild):
                    joined = both(condition, self.kbuild.objects[name].condition)
                    if joined != NEVER:
                        yield Way(joined, name, via)
            level = found

    def nearness(self, path: str, number: int) -> tuple[int, bool, bool, str]:
        """What the includers of a file are sorted by: folders in common, the same name, that it is always built."""
        includer = self.includes.files[number]
        conditions = [self.kbuild.objects[name].condition for name in self.objects_of(includer, self.kbuild)]
        return (-shared(includer, path), stem(includer) != stem(path), ALWAYS not in conditions, includer)

    def folder_that_names(self, path: str) -> tuple[str, str] | None:
        """(the folder whose Makefile makes something of a file that is no object's source, how), if there is one."""
        name = path.rpartition("/")[2]
        stem = name.rpartition(".")[0] or name
        source = path.endswith((".c", ".h", ".S"))
        folder = path.rpartition("/")[0]
        for _ in range(2):
            if folder not in self.folders:
                return None
            for line in self.makefile_text(folder).splitlines():
                words = re.findall(r"[\w.+-]+", line)
                if source:
                    if re.match(r"\s*(?:host|user)(?:progs|libs|-progs)|[\w.-]+-objs\s*[:+]?=", line) and (
                        stem in words or f"{stem}.o" in words
                    ):
                        return folder, "a program that the build of its folder runs"
                elif name in words or f"{name}.o" in words or (stem in words and name.endswith(".lds.S")):
                    return folder, "the Makefile of its folder names it"
            if name.endswith(".lds.S"):
                return folder, "a linker script of its folder"
            folder = folder.rpartition("/")[0]
        return None

    def makefile_text(self, folder: str) -> str:
        """The Makefiles of a folder."""
        if folder not in self._texts:
            text = ""
            for name in ("Kbuild", "Makefile"):
                try:
                    text += self.source.read(f"{folder}/{name}").decode("utf-8", "replace") + "\n"
                except UserError:
                    continue
            self._texts[folder] = text
        return self._texts[folder]

    # Files that it does not have

    def new(self, path: str) -> Owner:
        """A file that the queue adds."""
        if names := self.objects_of(path, self.added):
            return Owner(Kind.SOURCE, [Way(self.added.objects[name].condition, name) for name in names], new=True)
        if path.endswith((".dts", ".dtsi", ".dtso")):
            return Owner(Kind.UNKNOWN, reason="device trees are not followed", new=True)
        ways = list(self.new_inclusions(path, {path}))
        if ways:
            return Owner(Kind.HEADER, ways, new=True)
        if path.endswith(SOURCES):
            reason = "a new file, and no Makefile of the tree or the queue names its object"
        elif is_scanned(path):
            reason = "a new file, and no object is known that includes it"
        else:
            reason = "a new file of which nobody can tell what uses it"
        return Owner(Kind.UNKNOWN, reason=reason, new=True)

    def new_inclusions(self, path: str, seen: set[str]) -> Iterator[Way]:
        """What a new header is compiled into, by the lines that the queue adds."""
        for includer in dict.fromkeys(self.queue.including.get(path.rpartition("/")[2], ())):
            if includer in seen:
                continue
            seen.add(includer)
            kbuild = self.kbuild if self.there(includer) else self.added
            if names := self.objects_of(includer, kbuild):
                yield from (Way(kbuild.objects[name].condition, name, (includer,)) for name in names)
            elif self.there(includer):
                yield from (way._replace(via=(includer, *way.via)) for way in self.inclusions(includer))
            else:
                yield from (way._replace(via=(includer, *way.via)) for way in self.new_inclusions(includer, seen))

    def missing(self, path: str, one: FileDiff) -> Owner:
        """A file that neither the tree nor the queue has."""
        if self.partial:
            return Owner(Kind.UNKNOWN, reason="not in this source, which has no C files" if path else "no file")
        moved = self.moved(path, one)
        if not moved:
            return self.gone(path)
        found = self.known(moved)
        told = f"not in this tree; judged as {moved}, which has its lines"
        return Owner(found.kind, found.ways(), "; ".join(part for part in (told, found.reason) if part))

    def moved(self, path: str, one: FileDiff) -> str:
        """A file that has the lines which the patch expects: of the same name, or in a folder that the file has become
        (kernel/module.c is kernel/module/main.c since 5.19); "" when there is none.
        """
        from patches.text.lines import is_telling

        lines = {
            line[1:].strip().encode("utf-8", "surrogateescape")
            for hunk in one.hunks
            for line in hunk.lines
            if line[:1] in " -"
        }
        telling = {line for line in lines if is_telling(b"-" + line)}
        if len(telling) < 3:
            return ""
        best, most = "", 0.0
        become = f"{path.rpartition('.')[0]}/"
        inside = [other for other in self.includes.files if other.startswith(become)]
        for other in (*self.names.get(path.rpartition("/")[2], ())[:CANDIDATES], *inside[:CANDIDATES]):
            try:
                have = {line.strip() for line in self.source.read(other).split(b"\n")}
            except UserError:
                continue
            share = len(telling & have) / len(telling)
            if share > most:
                best, most = other, share
        return best if most >= MOVED_SHARE else ""
