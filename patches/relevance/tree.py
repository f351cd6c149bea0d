"""A kernel tree with what a queue adds to it, as one value: what the stage of the owners looks into."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import msgspec

from kcfg.answers.facts import Location
from kcfg.base.errors import UserError
from kcfg.base.version import ARCHES
from kcfg.kbuild.cache import cached_includes, cached_kbuild
from kcfg.kbuild.condition import Condition
from kcfg.kbuild.includes import SHARED, Includes
from kcfg.kbuild.tree import Kbuild
from kcfg.kconfig.model import Model
from kcfg.sources.source import Source
from patches.relevance.names import base, object_names
from patches.relevance.queue_tree import QueueTree, TreeWith


class Tree(msgspec.Struct, frozen=True, dict=True):
    """One tree, and what a queue adds. `added`: the objects that only the queue's Makefiles name."""

    source: Source
    model: Model
    kbuild: Kbuild
    includes: Includes
    queue: QueueTree
    added: Kbuild

    @cached_property
    def own_options(self) -> Mapping[str, Location]:
        """The options that only the queue defines, and where."""
        return {name: it.where for name, it in self.queue.options.items() if self.model.defined(name) is None}

    @property
    def own_folder(self) -> str:
        """The folder of the architecture, below arch/."""
        return ARCHES[self.model.arch].srcarch

    @cached_property
    def arch_folders(self) -> frozenset[str]:
        """The folders below arch/ that have a part in it."""
        return frozenset((self.own_folder, *SHARED.get(self.model.arch, ())))

    @cached_property
    def partial(self) -> bool:
        """Whether the source has no C files: a part of a tree, or a tarball."""
        return self.includes.unread or "init/main.c" not in self.includes.number

    @cached_property
    def folders(self) -> Mapping[str, Condition]:
        """Folder -> when make comes into it."""
        return visited(self.kbuild)

    @cached_property
    def tops(self) -> frozenset[str]:
        """The folders at the top, as far as files of them are read."""
        return frozenset(
            path.partition("/")[0] for path in (*self.includes.files, *self.model.files, *self.kbuild.files)
        )

    @cached_property
    def names(self) -> Mapping[str, Sequence[str]]:
        """File name -> the tree's files of that name."""
        out: dict[str, list[str]] = {}
        for path in self.includes.files:
            out.setdefault(base(path), []).append(path)
        return out

    @cached_property
    def _asked(self) -> dict[str, bool]:
        return {}

    def there(self, path: str) -> bool:
        """Whether the tree has a file."""
        if path not in self._asked:
            try:
                self._asked[path] = self.source.exists(path)
            except UserError:
                self._asked[path] = False
        return self._asked[path]

    @cached_property
    def _texts(self) -> dict[str, str]:
        return {}

    def makefile_text(self, folder: str) -> str:
        """The Makefiles of a folder. UserError where one is there and cannot be read."""
        if folder not in self._texts:
            paths = [path for name in ("Kbuild", "Makefile") if self.there(path := f"{folder}/{name}")]
            self._texts[folder] = "".join(self.source.read(path).decode("utf-8", "replace") + "\n" for path in paths)
        return self._texts[folder]

    def objects_of(self, path: str, *, added: bool = False) -> list[str]:
        """The objects of a source file, none when no Makefile (of the tree, or as the queue makes it) names it."""
        known = (self.added if added else self.kbuild).objects
        return [name for name in object_names(path) if name in known]


def visited(kbuild: Kbuild) -> dict[str, Condition]:
    """Folder -> when make comes into it."""
    return {folder.path: folder.visited for folder in kbuild.folders}


def tree_with(source: Source, model: Model, queue: QueueTree, *, cache: bool, tell: Callable[[str], None]) -> Tree:
    """Read a source's Makefiles and #include lines, and its Makefiles again as the queue makes them."""
    tell("reading the kernel's Makefiles")
    kbuild = added = cached_kbuild(source, model.arch, cache=cache)
    if queue.makefiles:
        changed = TreeWith(source, queue.makefiles)
        known = kbuild.objects.keys()
        added = cached_kbuild(changed, model.arch, cache=cache, extra=queue.digest, without=known)
    tell("reading the kernel's #include lines")
    return Tree(source, model, kbuild, cached_includes(source, model.arch, cache=cache), queue, added)
