"""Stage 2. In: a tree with a queue's additions, and the files of a patch. Out: a `FileWays` for each, its ways into the
kernel by the objects, options or folders that own it.

A C or assembler file is its object. A header, and a C file that no Makefile names, belongs to the files that include
it, over other headers where need be, the nearest first. A Kconfig file belongs to the options on the lines that a patch
touches, a Makefile to the objects on them; where there are none, to all that the file defines, or to its folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from kcfg.answers.facts import Location
from kcfg.base.errors import UserError
from kcfg.kbuild.condition import ALWAYS, Undecidable
from kcfg.kbuild.includes import FORCED, is_scanned
from patches.relevance.absent import absent_ways
from patches.relevance.data import FileKind, FileReasonKind
from patches.relevance.inclusions import inclusions
from patches.relevance.names import (
    DEVICE_TREES,
    SOURCES,
    TOOL_FOLDERS,
    base,
    is_document,
    is_kconfig,
    is_makefile,
)
from patches.relevance.touched import gone, kconfig_ways, makefile_ways
from patches.relevance.tree import Tree
from patches.relevance.ways import FileWays, Way, Ways, because

if TYPE_CHECKING:
    from patches.text.patch import FileDiff

OFFSETS = ("kernel/bounds.c", "arch/{}/kernel/asm-offsets.c", "kernel/time/timeconst.bc")
"""What the top Kbuild makes headers of, for every kernel."""
PROGRAM = re.compile(r"\s*(?:host|user)(?:progs|libs|-progs)|[\w.-]+-objs\s*[:+]?=")
FOLDERS_UP = 2
"""The folders in which a Makefile is looked for that makes something of a file: its own, and the next above."""


def owners_of(tree: Tree, files: Iterable[FileDiff]) -> tuple[FileWays, ...]:
    """The ways of each file of a patch, under its old name where the tree has that.

    A file of which nobody can tell since something of the tree cannot be read is unknown, and says what that is.
    """
    return tuple(told_ways(tree, one) for one in files)


def told_ways(tree: Tree, one: FileDiff) -> FileWays:
    """The ways of one file, or what could not be read."""
    try:
        return ways_of_file(tree, one)
    except UserError as error:
        return FileWays(one.path, FileKind.UNKNOWN, reason=because(FileReasonKind.UNREADABLE, str(error)))


def ways_of_file(tree: Tree, one: FileDiff) -> FileWays:
    """The ways of one file."""
    path = judged_path(tree, one)
    if (beside := beside_kernel(tree, path, one)) is not None:
        return beside
    if is_elsewhere(tree, path):
        return gone(tree, path, one)
    if is_kconfig(path):
        return kconfig_ways(tree, path, one)
    if is_makefile(path):
        return makefile_ways(tree, path, one)
    if tree.there(path) or (tree.partial and tree.objects_of(path)):
        return known_ways(tree, path, one)
    return absent_ways(tree, path, one, known_ways)


def judged_path(tree: Tree, one: FileDiff) -> str:
    """The name under which a file is judged: the old one, where the tree has it."""
    return one.old if one.old and (tree.there(one.old) or not one.new) else one.new or one.old


def is_elsewhere(tree: Tree, path: str) -> bool:
    """Whether the tree has nothing of a file's top folder, so that what has its name is another file."""
    top, slash, _ = path.partition("/")
    return bool(slash) and top not in tree.tops and path not in tree.queue.created and not tree.partial


def beside_kernel(tree: Tree, path: str, one: FileDiff) -> FileWays | None:
    """What is no part of this architecture's kernel by its name; None for what may be."""
    top, _, rest = path.partition("/")
    if top == "arch" and rest.partition("/")[0] not in tree.arch_folders and "/" in rest:
        if tree.objects_of(path):
            return None
        reason = because(FileReasonKind.ARCHITECTURE, rest.partition("/")[0])
        return FileWays(one.path, FileKind.ARCHITECTURE, reason=reason)
    if is_document(path):
        return FileWays(one.path, FileKind.DOCUMENTATION, reason=because(FileReasonKind.DOCUMENTATION))
    if top in TOOL_FOLDERS:
        return FileWays(one.path, FileKind.TOOLS, reason=because(FileReasonKind.BESIDE, top))
    return None


def known_ways(tree: Tree, path: str, one: FileDiff) -> FileWays:
    """A file of the tree. `path` is not the patch's own where the file has moved."""
    if names := tree.objects_of(path):
        own = [Way(tree.kbuild.objects[name].condition, name) for name in names]
        ways = Ways(chain(own, inclusions(tree, path)))  # a few are included by others besides
        return FileWays(one.path, FileKind.SOURCE, ways)
    if path in FORCED or path in (offsets.format(tree.own_folder) for offsets in OFFSETS):
        every = Ways([Way(ALWAYS, "every object")])
        return FileWays(one.path, FileKind.HELPER, every, because(FileReasonKind.EVERY_OBJECT))
    if path.endswith(DEVICE_TREES):
        return FileWays(one.path, FileKind.UNKNOWN, reason=because(FileReasonKind.DEVICE_TREE))
    if is_scanned(path):
        if tree.partial and path.endswith(".h"):
            return FileWays(one.path, FileKind.UNKNOWN, reason=because(unread(tree)))
        if ways := Ways(chain(inclusions(tree, path), unread_ways(tree))):
            return FileWays(one.path, FileKind.HEADER, ways)
    if (named := folder_that_names(tree, path)) is not None:
        folder, how = named
        return FileWays(one.path, FileKind.HELPER, Ways([Way(tree.folders[folder], f"{folder}/")]), because(how))
    if is_scanned(path) and not path.endswith(SOURCES):
        return FileWays(one.path, FileKind.UNNAMED, reason=because(FileReasonKind.NOT_INCLUDED, tree.model.arch))
    if asked := not_told(tree, path):
        reason = because(FileReasonKind.MAY_NAME, asked.why, where=Location(asked.file, asked.line))
        return FileWays(one.path, FileKind.UNKNOWN, reason=reason)
    return FileWays(one.path, FileKind.UNNAMED, reason=because(FileReasonKind.NO_MAKEFILE, tree.model.arch))


def unread_ways(tree: Tree) -> Iterator[Way]:
    """What a header may be included by besides: the files that cannot be read."""
    return (Way(Undecidable("what it includes", file, 0), file) for file in tree.includes.lost)


def not_told(tree: Tree, path: str) -> Undecidable | None:
    """What the Makefile of a file's folder, or of one above it, asks of the outside."""
    for one in tree.kbuild.undecidable:
        folder = one.file.rpartition("/")[0]
        if folder and path.startswith(f"{folder}/") and one.line:
            return one
    return None


def unread(tree: Tree) -> FileReasonKind:
    """Why nobody knows what includes a header."""
    return FileReasonKind.TARBALL if tree.includes.unread else FileReasonKind.NO_C_FILES


def folder_that_names(tree: Tree, path: str) -> tuple[str, FileReasonKind] | None:
    """(the folder whose Makefile makes something of a file that is no object's source, how), if there is one."""
    name = base(path)
    linked = name.endswith(".lds.S")
    folder = path.rpartition("/")[0]
    for _ in range(FOLDERS_UP):
        if folder not in tree.folders:
            return None
        for line in tree.makefile_text(folder).splitlines():
            if how := how_named(line, path):
                return folder, how
        if linked:
            return folder, FileReasonKind.LINKER_SCRIPT
        folder = folder.rpartition("/")[0]
    return None


def how_named(line: str, path: str) -> FileReasonKind | None:
    """How a line of a Makefile makes something of a file: None where it does not."""
    name = base(path)
    front = name.rpartition(".")[0] or name
    words = re.findall(r"[\w.+-]+", line)
    if path.endswith((".c", ".h", ".S")):
        if PROGRAM.match(line) and (front in words or f"{front}.o" in words):
            return FileReasonKind.PROGRAM
    elif name in words or f"{name}.o" in words or (front in words and name.endswith(".lds.S")):
        return FileReasonKind.NAMED
    return None
