"""Configurations in which conditions hold or not: the one that was given, and the modes' own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from kcfg.answers.facts import Location
from kcfg.kbuild.condition import AllOf, AnyOf, Condition, Undecidable, holds, leaves
from patches.relevance.queue_tree import QueueOption

if TYPE_CHECKING:
    from kcfg.answers.judge import Judge

Unknown = Mapping[str, Location | None]
"""Options whose value nobody can tell, and where that is written."""


class World(msgspec.Struct, frozen=True, dict=True):
    """A configuration: what holds in it. With a judge, also what its compiler would have to say is not known."""

    values: Mapping[str, str]
    unknown: Unknown
    judge: Judge | None = None

    @cached_property
    def _known(self) -> dict[Condition, bool | None]:
        return {}

    @cached_property
    def _doubts(self) -> dict[str, Unknown]:
        return {}

    def holds(self, condition: Condition) -> bool | None:
        """Whether it holds; None where it cannot be told."""
        if condition not in self._known:
            self._known[condition] = holds(self.told(condition), self.values)
        return self._known[condition]

    def told(self, condition: Condition) -> Condition:
        """The condition, undecidable where it asks for an option that is not known."""
        if self.judge is None:
            return without(condition, self.unknown)
        unknown = dict(self.unknown)
        for leaf in leaves(condition):
            if not isinstance(leaf, Undecidable):
                unknown.update(self.doubt(self.judge, leaf.symbol))
        return without(condition, unknown)

    def doubt(self, judge: Judge, symbol: str) -> Unknown:
        """The option and where the doubt comes from, if there is one."""
        if symbol not in self._doubts:
            doubt = judge.doubt(symbol) if judge.number(symbol) is not None else None
            self._doubts[symbol] = {} if doubt is None else {symbol: doubt.where}
        return self._doubts[symbol]


class Worlds(msgspec.Struct, frozen=True):
    """The configuration that was given, if one was, and the modes' own in their order."""

    kernel: World | None
    modes: tuple[World, ...]

    @property
    def every(self) -> tuple[World, ...]:
        """All of them."""
        return (*self.modes, *((self.kernel,) if self.kernel else ()))

    @property
    def here(self) -> tuple[World, ...]:
        """Those that "this kernel" means: the configuration, without one the modes' own."""
        return (self.kernel,) if self.kernel else self.modes


def kernel_world(judge: Judge, options: Mapping[str, QueueOption]) -> World:
    """The configuration of a judge: an option that only the queue defines has the value that its line gives."""
    model = judge.model
    values = {model.symbols[number].name: text for number, text in judge.resolver.lines()}
    unknown: dict[str, Location | None] = {}
    for name, it in options.items():
        if model.defined(name) is None:
            line = judge.lines.get(name)
            if line is not None:
                values[name] = line.value
            elif it.on or not judge.config.is_complete:
                unknown[name] = it.where
    return World(values, unknown, judge)


def without(condition: Condition, unknown: Unknown) -> Condition:
    """A condition whose tests of unknown options are undecidable."""
    if not unknown:
        return condition
    if isinstance(condition, AllOf | AnyOf):
        return type(condition)(tuple(without(part, unknown) for part in condition.parts))
    if not isinstance(condition, Undecidable) and condition.symbol in unknown:
        where = unknown[condition.symbol]
        return Undecidable(condition.symbol, where.path if where else "", where.line if where else 0)
    return condition
