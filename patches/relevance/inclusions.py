"""Over which files a header, or a C file that no Makefile names, comes into the objects that are compiled of it."""

from __future__ import annotations

from collections.abc import Iterator

from kcfg.kbuild.condition import ALWAYS, NEVER, Condition, both, either
from kcfg.kbuild.includes import shared
from patches.relevance.names import base, stem
from patches.relevance.tree import Tree
from patches.relevance.ways import Way

Level = list[tuple[int, Condition, tuple[str, ...]]]
"""Includers by number, with the condition under which they lead to the file, and the files on the way."""

VIA_LIMIT = 3
"""Files on the way beyond which a second way to the same includer is not followed."""


def inclusions(tree: Tree, path: str) -> Iterator[Way]:
    """The objects that a file is compiled into: over its includers, by how far away they are."""
    start = tree.includes.number.get(path)
    if start is None:
        return
    reached: dict[int, Condition] = {start: ALWAYS}
    level: Level = [(start, ALWAYS, ())]
    while level:
        level = farther(tree, level, reached)
        level.sort(key=lambda one: nearness(tree, path, one[0]))
        for number, condition, via in level:
            for name in tree.objects_of(tree.includes.files[number]):
                joined = both(condition, tree.kbuild.objects[name].condition)
                if joined != NEVER:
                    yield Way(joined, name, via)


def farther(tree: Tree, level: Level, reached: dict[int, Condition]) -> Level:
    """The includers of a level's files, where they add anything to what `reached` knows; it is told of them."""
    found: Level = []
    for number, condition, via in level:
        for includer, asked in tree.includes.of(number):
            joined = both(condition, asked)
            before = reached.get(includer, NEVER)
            if joined == NEVER or before in (ALWAYS, joined):
                continue
            if before != NEVER and (either(before, joined) == before or len(via) > VIA_LIMIT):
                continue
            reached[includer] = either(before, joined)
            found.append((includer, joined, (*via, tree.includes.files[includer])))
    return found


def nearness(tree: Tree, path: str, number: int) -> tuple[int, bool, bool, str]:
    """What the includers of a file are sorted by: folders in common, the same name, that it is always built."""
    includer = tree.includes.files[number]
    conditions = [tree.kbuild.objects[name].condition for name in tree.objects_of(includer)]
    return (-shared(includer, path), stem(includer) != stem(path), ALWAYS not in conditions, includer)


def new_inclusions(tree: Tree, path: str) -> Iterator[Way]:
    """What a new header is compiled into, by the lines that the queue adds."""
    return added_inclusions(tree, path, {path})


def added_inclusions(tree: Tree, path: str, seen: set[str]) -> Iterator[Way]:
    """The same, without the files that were `seen` on the way; it is told of more."""
    for includer in dict.fromkeys(tree.queue.including.get(base(path), ())):
        if includer in seen:
            continue
        seen.add(includer)
        there = tree.there(includer)
        if names := tree.objects_of(includer, added=not there):
            objects = (tree.kbuild if there else tree.added).objects
            yield from (Way(objects[name].condition, name, (includer,)) for name in names)
        else:
            further = inclusions(tree, includer) if there else added_inclusions(tree, includer, seen)
            yield from (way._replace(via=(includer, *way.via)) for way in further)
