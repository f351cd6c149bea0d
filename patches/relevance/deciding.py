"""The line of a Makefile or Kconfig file that decides whether a file is built, with its options."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from kcfg.answers.facts import Location
from kcfg.kbuild.condition import NEVER, Condition, Undecidable, describe, either, leaves, positive
from kcfg.kbuild.tree import Kbuild, Line, Listing
from kcfg.kconfig.model import Model
from patches.relevance.data import FileResult, Kind
from patches.relevance.owner import Way
from patches.relevance.worlds import World, without


class Deciding:
    """The Makefiles of a tree, and those that a queue changes: `added_lines` are the patches' own lines in them.

    `can` says whether any configuration has a condition.
    """

    def __init__(
        self,
        model: Model,
        kbuild: Kbuild,
        added: Kbuild,
        changed: Mapping[str, bytes],
        added_lines: Mapping[tuple[str, str], Location],
        own_options: Mapping[str, Location],
        can: Callable[[Condition], bool | None],
    ) -> None:
        self.model = model
        self.kbuild = kbuild
        self.added = added
        self.changed = changed
        self.added_lines = added_lines
        self.own_options = own_options
        self.can = can

    def told(self, result: FileResult, way: Way, world: World, state: bool | None) -> FileResult:
        """A result with its owner, the line that decides, and its options."""
        reason = result.reason
        if state is None:
            reason = "; ".join(part for part in (reason, self.open_questions(way, world)) if part)
        common = msgspec.structs.replace(result, owner=way.owner, via=way.via, reason=reason)
        for kbuild in (self.kbuild, self.added):
            it = kbuild.objects.get(way.owner)
            if it is None or result.kind is Kind.KCONFIG:
                continue
            value = "y" if world.holds(it.builtin) else "m" if world.holds(it.module) else ""
            line, condition = self.deciding(kbuild, it.listings, value, world)
            return msgspec.structs.replace(
                common,
                value=value if state else "",
                where=self.place(line, kbuild),
                symbols=positive(condition),
                condition=describe(condition),
            )
        symbols = positive(way.condition)
        value = world.values.get(symbols[0], "") if result.kind is Kind.KCONFIG and symbols and state else ""
        where = way.where or (self.own_options.get(symbols[0]) if symbols else None)
        if where is None and way.owner.endswith("/"):
            where, symbols, shown = self.folder_line(way.owner[:-1], world)
        else:
            shown = describe(way.condition)
        return msgspec.structs.replace(common, value=value, where=where, symbols=symbols, condition=shown)

    def open_questions(self, way: Way, world: World) -> str:
        """What cannot be told of a condition."""
        names = [leaf for leaf in leaves(without(way.condition, world.unknown)) if isinstance(leaf, Undecidable)]
        texts = []
        for leaf in dict.fromkeys(names):
            if leaf.why in self.own_options:
                texts.append(f"the queue adds the option {leaf.why}, which the tree's Kconfig files do not have")
            elif leaf.why in self.model.index:
                texts.append(f"{leaf.why} depends on what a compiler answers")
            else:
                texts.append(f"{leaf.file}:{leaf.line} asks the outside: {leaf.why}")
        return "; ".join(texts[:2])

    def deciding(self, kbuild: Kbuild, listings: Sequence[Listing], value: str, world: World) -> tuple[Line, Condition]:
        """The innermost line with a condition of the way that holds; of one that does not hold, the line that fails."""
        if value:
            listing = next((ls for ls in listings if world.holds(kbuild.whole(ls, value))), listings[0])
            return kbuild.decider(listing, value, world.values)
        if len(listings) > 1:  # the line by which another configuration can have it says more
            listings = sorted(listings, key=lambda ls: not any(self.can(kbuild.whole(ls, it)) for it in "ym"))
        for listing in listings:
            lines = [*listing.lines, *self.lines_to(kbuild, listing.folder)]
            for line in lines:
                condition = either(line.builtin, line.module)
                if world.holds(condition) is not True:
                    return line, condition
        listing = listings[0]
        return kbuild.decider(listing, "y" if listing.builtin != NEVER else "m")

    def lines_to(self, kbuild: Kbuild, number: int) -> Iterator[Line]:
        """The lines that lead into a folder, from the inside out."""
        for _ in kbuild.folders:
            ways = kbuild.folders[number].ways
            if not ways:
                return
            yield ways[0].line
            number = ways[0].parent
            if number < 0:
                return

    def folder_line(self, path: str, world: World) -> tuple[Location | None, tuple[str, ...], str]:
        """(the line by which make comes into a folder, its options, its condition)."""
        for kbuild in (self.kbuild, self.added):
            number = next((i for i, one in enumerate(kbuild.folders) if one.path == path), -1)
            if number >= 0:
                lines = list(self.lines_to(kbuild, number))
                pairs = [(line, either(line.builtin, line.module)) for line in lines]
                told = [pair for pair in pairs if describe(pair[1]) != "always"] or pairs[:1]
                failing = [pair for pair in told if not world.holds(pair[1])]
                line, condition = (failing or told)[0]
                return self.place(line, kbuild), positive(condition), describe(condition)
        return None, (), ""

    @cached_property
    def changed_lines(self) -> dict[str, list[str]]:
        """The lines of the changed Makefiles."""
        return {path: data.decode("utf-8", "replace").split("\n") for path, data in self.changed.items()}

    def place(self, line: Line, kbuild: Kbuild) -> Location:
        """Where a line is: in the tree, or in the patch that adds it."""
        if kbuild is not self.kbuild and line.file in self.changed_lines:
            texts = self.changed_lines[line.file]
            text = texts[line.line - 1].strip() if 0 < line.line <= len(texts) else ""
            if (line.file, text) in self.added_lines:
                return self.added_lines[line.file, text]
        return Location(line.file, line.line)
