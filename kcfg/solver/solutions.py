"""Questions and answers of the solver, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kcfg.solver.statements import OWN_KINDS, Statement


class DriftError(Exception):
    """The clauses and the resolver disagree: a bug in one of them."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A symbol and what it is to be: y, m, n, or enabled (m or y)."""

    symbol: str
    value: str

    def __str__(self) -> str:
        return f"{self.symbol}={'y or m' if self.value == 'enabled' else self.value}"


Ways = Sequence[Sequence[Goal]]  # alternatives, each a conjunction


@dataclass(frozen=True, slots=True)
class Configuration:
    """A complete configuration. `values` has the lines of its .config, strings without quotes.

    `answers` are those of the probes that were free; `unmet` the symbols that are selected over unmet dependencies.
    """

    values: dict[str, str]
    answers: dict[str, str]
    unmet: tuple[str, ...] = ()

    @property
    def enabled(self) -> int:
        """How many symbols are y or m."""
        return sum(value in ("y", "m") for value in self.values.values())


@dataclass(frozen=True, slots=True)
class Core:
    """Why it is impossible: goals and statements that contradict each other, none of which can be left out."""

    goals: tuple[Goal, ...]
    statements: tuple[Statement, ...]
    seconds: float

    @property
    def lines(self) -> tuple[Statement, ...]:
        """The statements without "nothing else turns it on" of symbols that another statement speaks of."""
        told = {one.symbol for one in self.statements if one.kind not in OWN_KINDS}
        return tuple(one for one in self.statements if one.kind not in OWN_KINDS or one.symbol not in told)


@dataclass(frozen=True, slots=True)
class Witness:
    """A configuration that reaches the goals."""

    configuration: Configuration
    seconds: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line that a user changes; `old` is "" where the configuration had none."""

    symbol: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Change:
    """The fewest changed lines that reach the goals, each assignable once those before it are made.

    `bound` <= the true minimum <= `cost`, which counts lines; equal where it is proven.
    """

    lines: tuple[Line, ...]
    configuration: Configuration
    cost: int
    bound: int
    proven: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Smallest:
    """A smallest configuration. `bound` <= the true minimum <= `cost`; equal where it is proven."""

    configuration: Configuration
    cost: int
    bound: int
    proven: bool
    seconds: float
