"""Configurations in which conditions hold or not: the one that was given, and the modes' own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from kcfg.answers.facts import Location
from kcfg.kbuild.condition import ENABLED, AllOf, AnyOf, Condition, Undecidable, ValueTest, holds, leaves
from patches.relevance.queue_tree import QueueOption

if TYPE_CHECKING:
    from kcfg.answers.judge import Judge

UnknownValue = Mapping[str, Location | None]
"""Options whose value nobody can tell, and where that is written."""


class World(msgspec.Struct, frozen=True, dict=True):
    """A configuration: what holds in it. With a judge, also what its compiler would have to say is not known."""

    values: Mapping[str, str]
    unknown: UnknownValue
    judge: Judge | None = None

    @cached_property
    def _known(self) -> dict[Condition, bool | None]:
        return {}

    @cached_property
    def _doubts(self) -> dict[str, UnknownValue]:
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

    def doubt(self, judge: Judge, symbol: str) -> UnknownValue:
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
    """The configuration of a judge: an option that only the queue defines has the value that its line gives. Without a
    line it is off in a complete configuration, unless a default or a select of the queue may turn it on.
    """
    model = judge.model
    values = {model.symbols[number].name: text for number, text in judge.resolver.lines()}
    own = {name: it for name, it in options.items() if model.defined(name) is None}
    values |= {name: judge.lines[name].value for name in own if name in judge.lines}
    known = World(values, {}, judge)
    without_line = [name for name in own if name not in judge.lines]
    unknown = {
        name: own[name].where
        for name in without_line
        if not judge.config.is_complete or may_be_on(name, own, known, frozenset())
    }
    return World(values, unknown, judge)


def may_be_on(name: str, own: Mapping[str, QueueOption], known: World, asking: frozenset[str]) -> bool:
    """Whether an option may be on in a complete configuration: one of the queue's own by its default, or an option that
    selects it, any other by its value. `asking` are the options that are asked for already.
    """
    if not name:
        return True
    if name not in own or name in known.values:
        return known.holds(ValueTest(name, ENABLED)) is not False
    selectors = own[name].selectors if name not in asking else ()
    return own[name].default or any(may_be_on(one, own, known, asking | {name}) for one in selectors)


def without(condition: Condition, unknown: UnknownValue) -> Condition:
    """A condition whose tests of unknown options are undecidable."""
    if not unknown:
        return condition
    if isinstance(condition, AllOf | AnyOf):
        return type(condition)(tuple(without(part, unknown) for part in condition.parts))
    if not isinstance(condition, Undecidable) and condition.symbol in unknown:
        where = unknown[condition.symbol]
        return Undecidable(condition.symbol, where.path if where else "", where.line if where else 0)
    return condition
