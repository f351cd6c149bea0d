"""Kconfig files and Makefiles of a patch: the options, and the objects, on the lines that it touches.

Where there are none, a Kconfig file belongs to all that it defines, a Makefile to its folder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kcfg.answers.facts import Location
from kcfg.kbuild.condition import ALWAYS, ENABLED, ValueTest
from kcfg.kbuild.includes import shared
from kcfg.kbuild.tree import Kbuild, MakeLine, Object
from patches.relevance.data import FileKind, FileReasonKind
from patches.relevance.names import base, is_kconfig, is_makefile
from patches.relevance.queue_tree import OPTION
from patches.relevance.tree import Tree, visited
from patches.relevance.variables import assignments, expanded, used
from patches.relevance.ways import FileWays, Way, Ways, because

if TYPE_CHECKING:
    from patches.text.patch import FileDiff

OBJECT = re.compile(r"[\w./+-]+\.o\b|[\w.+-]+(?:/[\w.+-]+)*/(?=[\s\\]|$)")
ABOUT = re.compile(r"\s*(?:[A-Z][A-Z0-9]*_)+(\S+\.o)\s*[:+?]?=")
"""An object's own flags: CFLAGS_foo.o, KASAN_SANITIZE_foo.o."""
FLAGS = re.compile(r"flags|-I", re.I)


# Kconfig


def kconfig_ways(tree: Tree, path: str, one: FileDiff) -> FileWays:
    """The options on the touched lines, else all that the file defines."""
    ways = [
        Way(ValueTest(name, ENABLED), name, (), where)
        for name in touched_options(one)
        if (where := defined_at(tree, name, path)) is not None or name in tree.queue.options
    ]
    if ways:
        return FileWays(one.path, FileKind.KCONFIG, Ways(ways), new=not tree.there(path))
    if not tree.there(path):
        if path in tree.queue.created:
            return FileWays(one.path, FileKind.UNKNOWN, reason=because(FileReasonKind.NEW_KCONFIG), new=True)
        return gone(tree, path, one)
    if path not in tree.model.files:
        return FileWays(one.path, FileKind.UNNAMED, reason=because(FileReasonKind.NOT_SOURCED, tree.model.arch))
    every = [
        Way(ValueTest(symbol.name, ENABLED), symbol.name, (), place)
        for symbol in tree.model.symbols
        if symbol.definitions and (place := defined_at(tree, symbol.name, path)) and place.path == path
    ]
    reason = () if every else because(FileReasonKind.NO_OPTION)
    return FileWays(one.path, FileKind.KCONFIG, Ways(every or [Way(ALWAYS, path)]), reason)


def touched_options(one: FileDiff) -> Sequence[str]:
    """The options whose definitions have a changed line."""
    names: dict[str, None] = {}
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
                names.setdefault(name)
    return tuple(names)


def defined_at(tree: Tree, name: str, path: str) -> Location | None:
    """Where a file defines an option; elsewhere, if it does not; None where nothing does."""
    model = tree.model
    symbol = model.defined(name)
    if symbol is None:
        return None
    places = [model.definitions[number] for number in symbol.definitions]
    here = [one for one in places if model.files[one.file] == path] or places
    return Location(model.files[here[0].file], here[0].line)


# Makefiles


def makefile_ways(tree: Tree, path: str, one: FileDiff) -> FileWays:
    """The objects on the touched lines, else the folder."""
    folder = path.rpartition("/")[0]
    changed = [line[1:] for hunk in one.hunks for line in hunk.changed]
    plain = tuple({name: None for line in changed for name in named(line)})
    values = makefile_variables(tree, path) if used(changed) else {}
    names = tuple({name: None for line in changed for name in named(expanded(line, values))})
    ways = next(
        (
            ways
            for asked in (names, plain)
            for kbuild in (tree.kbuild, tree.added)
            if (ways := ways_of(kbuild, folder, asked))
        ),
        [],
    )
    there = tree.there(path)
    if ways:
        return FileWays(one.path, FileKind.MAKEFILE, Ways(ways), new=not there)
    if not there:
        if path in tree.queue.created:
            return FileWays(one.path, FileKind.UNKNOWN, reason=because(FileReasonKind.NEW_MAKEFILE), new=True)
        return gone(tree, path, one)
    if names := plain:
        return FileWays(one.path, FileKind.UNKNOWN, reason=because(FileReasonKind.UNKNOWN_OBJECTS, names=names))
    return whole_makefile(tree, path, one)


def makefile_variables(tree: Tree, path: str) -> Mapping[str, str]:
    """The variables that a Makefile assigns, as the queue makes it, and those that the queue's patches show in it."""
    return {**tree.queue.variables.get(path, {}), **assignments(tree.queue.makefile_lines.get(path, ()))}


def whole_makefile(tree: Tree, path: str, one: FileDiff) -> FileWays:
    """A Makefile of the tree by its place: its folder, the whole kernel, or what it lists."""
    folder = path.rpartition("/")[0]
    if folder in tree.folders and base(path) in ("Makefile", "Kbuild"):
        return FileWays(one.path, FileKind.MAKEFILE, Ways([Way(tree.folders[folder], f"{folder}/")]))
    if folder in ("", *(f"arch/{name}" for name in tree.arch_folders)):
        return FileWays(one.path, FileKind.MAKEFILE, Ways([Way(ALWAYS, path)]), because(FileReasonKind.WHOLE_KERNEL))
    if path in tree.kbuild.files:
        own = (it for it in tree.kbuild.objects.values() if any(path == line.file for line in lines_of(it)))
        listed = Ways(Way(it.condition, it.path) for it in own)
        return FileWays(one.path, FileKind.MAKEFILE, listed, because(FileReasonKind.LISTED))
    return FileWays(one.path, FileKind.UNNAMED, reason=because(FileReasonKind.NOT_VISITED, tree.model.arch))


def named(line: str) -> Iterator[str]:
    """The objects and folders that a line of a Makefile lists, or is about."""
    text = line.partition("#")[0]
    if about := ABOUT.match(text):
        yield about[1]
    elif not FLAGS.search(text):
        yield from (name.lstrip("/") for name in OBJECT.findall(text))


def ways_of(kbuild: Kbuild, folder: str, names: Sequence[str]) -> list[Way]:
    """The ways of objects, composite objects and folders that a Makefile of a folder names."""
    prefix = f"{folder}/" if folder else ""
    folders = visited(kbuild) if any(name.endswith("/") for name in names) else {}
    ways: list[Way] = []
    for name in names:
        target = f"{prefix}{name}"
        if name.endswith("/"):
            if target[:-1] in folders:
                ways.append(Way(folders[target[:-1]], target))
        elif target in kbuild.objects:
            ways.append(Way(kbuild.objects[target].condition, target))
        else:
            ways += [Way(kbuild.objects[part].condition, part) for part in parts(kbuild).get(target, ())]
    return ways


def parts(kbuild: Kbuild) -> Mapping[str, Sequence[str]]:
    """Composite object -> its parts, made once for one reading."""
    known: dict[str, list[str]] | None = vars(kbuild).get("parts of composites")
    if known is None:
        known = vars(kbuild)["parts of composites"] = {}
        for path, it in kbuild.objects.items():
            for listing in it.listings:
                known.setdefault(listing.target, []).append(path)
    return known


def lines_of(it: Object) -> Iterator[MakeLine]:
    """The lines that name an object."""
    return (line for listing in it.listings for line in listing.lines)


def gone(tree: Tree, path: str, one: FileDiff) -> FileWays:
    """A file that the tree has no more, or has elsewhere: nobody can tell which."""
    same = () if is_makefile(path) or is_kconfig(path) else tree.names.get(base(path), ())
    near = sorted((other for other in same if shared(other, path)), key=lambda other: -shared(other, path))[:2]
    return FileWays(one.path, FileKind.GONE, reason=because(FileReasonKind.GONE, names=near))
