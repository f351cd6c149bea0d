"""Configurations in which conditions hold or not: the one that was given, and the modes' own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from kcfg.answers.facts import Location
from kcfg.kbuild.condition import AllOf, AnyOf, Condition, Undecidable, holds, leaves
from profiles.fulfil.modes import ModeSet
from profiles.fulfil.reach import Reach as Reachable

if TYPE_CHECKING:
    from kcfg.answers.judge import Judge


class World:
    """A configuration: what holds in it. Options in `unknown` have no value that anybody could tell."""

    def __init__(self, values: Mapping[str, str], unknown: Mapping[str, Location | None]) -> None:
        self.values = values
        self.unknown = unknown
        self._known: dict[Condition, bool | None] = {}

    def holds(self, condition: Condition) -> bool | None:
        """Whether it holds; None where it cannot be told."""
        if condition not in self._known:
            self._known[condition] = holds(without(condition, self.unknown), self.values)
        return self._known[condition]


class KernelWorld(World):
    """A configuration that was given: also what its compiler would have to say is not known."""

    def __init__(self, judge: Judge, options: Mapping[str, tuple[bool, Location]]) -> None:
        self.judge = judge
        model = judge.model
        values = {model.symbols[number].name: text for number, text in judge.resolver.lines()}
        unknown: dict[str, Location | None] = {}
        for name, (on, where) in options.items():
            if model.defined(name) is None:
                line = judge.lines.get(name)
                if line is not None:
                    values[name] = line.value
                elif on or not judge.config.is_complete:
                    unknown[name] = where
        super().__init__(values, unknown)
        self._asked: set[str] = set()

    def holds(self, condition: Condition) -> bool | None:
        if condition not in self._known:
            for leaf in leaves(condition):
                if not isinstance(leaf, Undecidable) and leaf.symbol not in self._asked:
                    self._asked.add(leaf.symbol)
                    doubt = self.judge.doubt(leaf.symbol) if self.judge.number(leaf.symbol) is not None else None
                    if doubt is not None:
                        self.unknown = {**self.unknown, leaf.symbol: doubt.where}
        return super().holds(condition)


def without(condition: Condition, unknown: Mapping[str, Location | None]) -> Condition:
    """A condition whose tests of unknown options are undecidable."""
    if not unknown:
        return condition
    if isinstance(condition, AllOf | AnyOf):
        return type(condition)(tuple(without(part, unknown) for part in condition.parts))
    if not isinstance(condition, Undecidable) and condition.symbol in unknown:
        where = unknown[condition.symbol]
        return Undecidable(condition.symbol, where.path if where else "", where.line if where else 0)
    return condition


class ModeWorld(NamedTuple):
    """A mode: its own configuration, and what its others can have."""

    used: ModeSet
    world: World
    reach: Reachable
