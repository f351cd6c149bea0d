"""Files of a patch that the tree does not have: new ones, moved ones, and those that are gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from kcfg.base.errors import UserError
from kcfg.kbuild.includes import is_scanned
from patches.relevance.data import FileKind, FileReasonKind
from patches.relevance.inclusions import new_inclusions
from patches.relevance.names import DEVICE_TREES, SOURCES, base
from patches.relevance.touched import gone
from patches.relevance.tree import Tree
from patches.relevance.ways import FileWays, Way, Ways, because
from patches.thresholds import GROUND

if TYPE_CHECKING:
    from patches.text.patch import FileDiff

CANDIDATES = 30
"""Files of the same name that are looked into."""


def absent_ways(tree: Tree, path: str, one: FileDiff, known: Callable[[Tree, str, FileDiff], FileWays]) -> FileWays:
    """The ways of a file that the tree does not have; `known` gives those of one that it has."""
    if path in tree.queue.created:
        return new_ways(tree, path, one)
    if tree.partial:
        kind = FileReasonKind.NOT_IN_SOURCE if path else FileReasonKind.NO_FILE
        return FileWays(one.path, FileKind.UNKNOWN, reason=because(kind))
    moved = moved_to(tree, path, one)
    if not moved:
        return gone(tree, path, one)
    found = known(tree, moved, one)
    return msgspec.structs.replace(found, reason=(*because(FileReasonKind.MOVED, moved), *found.reason))


def new_ways(tree: Tree, path: str, one: FileDiff) -> FileWays:
    """A file that the queue adds."""
    if names := tree.objects_of(path, added=True):
        ways = Ways(Way(tree.added.objects[name].condition, name) for name in names)
        return FileWays(one.path, FileKind.SOURCE, ways, new=True)
    if path.endswith(DEVICE_TREES):
        return FileWays(one.path, FileKind.UNKNOWN, reason=because(FileReasonKind.DEVICE_TREE), new=True)
    if ways := Ways(list(new_inclusions(tree, path))):
        return FileWays(one.path, FileKind.HEADER, ways, new=True)
    if path.endswith(SOURCES):
        kind = FileReasonKind.NEW_SOURCE
    else:
        kind = FileReasonKind.NEW_HEADER if is_scanned(path) else FileReasonKind.NEW_OTHER
    return FileWays(one.path, FileKind.UNKNOWN, reason=because(kind), new=True)


def moved_to(tree: Tree, path: str, one: FileDiff) -> str:
    """A file that has the lines which the patch expects: of the same name, or in a folder that the file has become
    (kernel/module.c is kernel/module/main.c since 5.19); "" when there is none. UserError when one cannot be read, and
    none of the others is it.
    """
    from patches.text.lines import bytes_of, is_telling

    lines = {bytes_of(line[1:].strip()) for hunk in one.hunks for line in hunk.lines if line[:1] in " -"}
    telling = {line for line in lines if is_telling(b"-" + line)}
    if len(telling) < GROUND.moved_least:
        return ""
    best, most = "", 0.0
    unread: UserError | None = None
    become = f"{path.rpartition('.')[0]}/"
    inside = [other for other in tree.includes.files if other.startswith(become)]
    for other in (*tree.names.get(base(path), ())[:CANDIDATES], *inside[:CANDIDATES]):
        try:
            have = {line.strip() for line in tree.source.read(other).split(b"\n")}
        except UserError as error:
            unread = unread or error
            continue
        share = len(telling & have) / len(telling)
        if share > most:
            best, most = other, share
    if most >= GROUND.moved:
        return best
    if unread is not None:
        raise unread
    return ""
