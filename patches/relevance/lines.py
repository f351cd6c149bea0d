"""The line of a Makefile or Kconfig file that decides whether a file is built, with its options: a part of stage 5."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kcfg.answers.facts import Location
from kcfg.kbuild.condition import NEVER, Condition, Undecidable, describe, either, leaves, positive
from kcfg.kbuild.tree import Kbuild, MakeLine, Object
from patches.relevance.data import FileKind, FileReason, FileReasonKind
from patches.relevance.settled import Settled, object_of, value_in
from patches.relevance.tree import Tree
from patches.relevance.ways import because
from patches.relevance.worlds import World

QUESTIONS_TOLD = 2
"""Open questions of one condition that are told."""


class Decided(NamedTuple):
    """The line that decides, its options, the whole of its condition; y or m where it builds the file here."""

    value: str
    where: Location | None
    symbols: tuple[str, ...]
    condition: str


def decided(tree: Tree, kind: FileKind, it: Settled) -> Decided:
    """What decides about a file."""
    found = object_of(tree, kind, it.way)
    if found is not None:
        kbuild, owner = found
        line, condition = deciding_line(kbuild, owner, it)
        value = value_in(it.world, owner) if it.here else ""
        return Decided(value, place(tree, line, kbuild), positive(condition), describe(condition))
    way = it.way
    symbols = positive(way.condition)
    value = it.world.values.get(symbols[0], "") if kind is FileKind.KCONFIG and symbols and it.here else ""
    where = way.where or (tree.own_options.get(symbols[0]) if symbols else None)
    if where is None and way.owner.endswith("/"):
        return Decided(value, *folder_line(tree, way.owner[:-1], it.world))
    return Decided(value, where, symbols, describe(way.condition))


def open_questions(tree: Tree, condition: Condition, world: World) -> tuple[FileReason, ...]:
    """What cannot be told of a condition."""
    names = [leaf for leaf in leaves(world.told(condition)) if isinstance(leaf, Undecidable)]
    found: list[FileReason] = []
    for leaf in dict.fromkeys(names):
        if leaf.why in tree.own_options:
            found += because(FileReasonKind.OWN_OPTION, leaf.why)
        elif leaf.why in tree.model.index:
            found += because(FileReasonKind.COMPILER, leaf.why)
        else:
            found += because(FileReasonKind.ASKS, leaf.why, where=Location(leaf.file, leaf.line))
    return tuple(found[:QUESTIONS_TOLD])


def deciding_line(kbuild: Kbuild, owner: Object, it: Settled) -> tuple[MakeLine, Condition]:
    """The innermost line with a condition of the way that holds; of one that does not hold, the line that fails."""
    value, world, listings = value_in(it.world, owner), it.world, owner.listings
    if value:
        listing = next((ls for ls in listings if world.holds(kbuild.whole(ls, value))), listings[0])
        return kbuild.decider(listing, value, world.values)
    if it.able:  # the line by which another configuration can have it says more
        order = sorted(range(len(listings)), key=lambda number: not it.able[number])
        listings = tuple(listings[number] for number in order)
    for listing in listings:
        for line in (*listing.lines, *lines_to(kbuild, listing.folder)):
            condition = either(line.builtin, line.module)
            if world.holds(condition) is not True:
                return line, condition
    listing = listings[0]
    return kbuild.decider(listing, "y" if listing.builtin != NEVER else "m")


def lines_to(kbuild: Kbuild, number: int) -> Iterator[MakeLine]:
    """The lines that lead into a folder, from the inside out."""
    for _ in kbuild.folders:
        ways = kbuild.folders[number].ways
        if not ways:
            return
        yield ways[0].line
        number = ways[0].parent
        if number < 0:
            return


def folder_line(tree: Tree, path: str, world: World) -> tuple[Location | None, tuple[str, ...], str]:
    """(the line by which make comes into a folder, its options, its condition)."""
    for kbuild in (tree.kbuild, tree.added):
        number = next((i for i, one in enumerate(kbuild.folders) if one.path == path), -1)
        if number >= 0:
            pairs = [(line, either(line.builtin, line.module)) for line in lines_to(kbuild, number)]
            told = [pair for pair in pairs if describe(pair[1]) != "always"] or pairs[:1]
            failing = [pair for pair in told if not world.holds(pair[1])]
            line, condition = (failing or told)[0]
            return place(tree, line, kbuild), positive(condition), describe(condition)
    return None, (), ""


def place(tree: Tree, line: MakeLine, kbuild: Kbuild) -> Location:
    """Where a line is: in the tree, or in the patch that adds it."""
    if kbuild is not tree.kbuild and line.file in tree.queue.makefile_lines:
        texts = tree.queue.makefile_lines[line.file]
        text = texts[line.line - 1].strip() if 0 < line.line <= len(texts) else ""
        if (line.file, text) in tree.queue.added_lines:
            return tree.queue.added_lines[line.file, text]
    return Location(line.file, line.line)
