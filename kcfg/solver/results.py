"""Questions and answers of the solver, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from kcfg.base.errors import CannotEvaluate
from kcfg.kconfig.assign import word_for
from kcfg.kconfig.model import Type
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.edits import written
from kcfg.solver.statements import OWN_KINDS, Statement

DIFFERENCES = 4
"""How many symbols that change once more are named."""


class DriftError(CannotEvaluate):
    """The clauses and the resolver disagree: a bug in one of them, or a tree that conf refuses."""

    def __init__(self, message: str) -> None:
        super().__init__(
            f"the answer does not stand when it is resolved: {message}",
            hint="kcfg graph cycles lists recursive dependencies, with which conf takes no tree; else this is a bug",
        )


class UnsettledError(CannotEvaluate):
    """What comes of changed lines is read back as something else, so that it is no answer whether they do.

    `lines` are (symbol, value).
    """

    def __init__(self, lines: Sequence[tuple[str, str]], resolver: Resolver) -> None:
        self.lines = tuple(lines)
        names = resolver.model.symbols
        first, then = dict(resolver.lines()), read_back(resolver)
        changed = [number for number in first.keys() | then.keys() if first.get(number) != then.get(number)]
        told = [
            f"{names[number].name}={first.get(number, 'unset')}, then {then.get(number, 'unset')}"
            for number in sorted(changed)[:DIFFERENCES]
        ]
        told += [
            f"no number is in the range of {names[number].name}"
            for number in first
            if names[number].type in (Type.INT, Type.HEX)
            and resolver.visible(number)
            and resolver.out_of_range(number, first[number]) is not None
        ]
        said = " ".join(f"{name}={value}" for name, value in self.lines)
        super().__init__(
            f"{said}: conf takes it so once, and another way when it reads what it has written: {'; '.join(told)}"
        )


@dataclass(frozen=True, slots=True)
class Goal:
    """A symbol and what it is to be: y, m, n, or enabled (m or y); `is_text`: an int, a hex or a string with this text.

    n of an int, a hex or a string is that it has no line.
    """

    symbol: str
    value: str
    is_text: bool = False

    @property
    def is_off(self) -> bool:
        """Whether it is that the symbol is n, or has no line."""
        return self.value == "n" and not self.is_text

    @property
    def word(self) -> str:
        """The value as users write it."""
        return word_for(self.value) if self.is_text else self.value

    def __str__(self) -> str:
        return f"{self.symbol}={'y or m' if self.value == 'enabled' and not self.is_text else self.word}"


Alternatives = Sequence[Sequence[Goal]]  # each a conjunction


def all_goals(goals: Sequence[Goal], either: Sequence[Alternatives]) -> list[Goal]:
    """Goals and those of alternatives."""
    return [*goals, *(goal for ways in either for way in ways for goal in way)]


@dataclass(frozen=True, slots=True)
class Configuration:
    """A complete configuration. `values` has the lines of its .config, strings without quotes.

    `answers` are those of the probes that were free; `unmet` the symbols that are selected over unmet dependencies;
    `enabled` says how many bools and tristates are y or m.
    """

    values: dict[str, str]
    answers: dict[str, str]
    unmet: tuple[str, ...] = ()
    enabled: int = 0

    @classmethod
    def of(cls, resolver: Resolver, answers: dict[str, str]) -> Configuration:
        """What a resolver has."""
        symbols = resolver.model.symbols
        values = {symbols[number].name: text for number, text in resolver.lines()}
        unmet = tuple(symbols[number].name for number in resolver.unmet)
        return cls(values, answers, unmet, len(resolver.enabled()))


@dataclass(frozen=True, slots=True)
class Core:
    """Why it is impossible: goals and statements that contradict each other.

    None of them can be left out: the others do not contradict each other. `more`: it is known that without these
    lines it would be impossible all the same, for other reasons. `sources`: what numbers and texts without a prompt
    that the statements speak of can be; they are part of why together these are enough.
    """

    goals: tuple[Goal, ...]
    statements: tuple[Statement, ...]
    seconds: float
    more: bool = False
    sources: tuple[Statement, ...] = ()

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


class Why(StrEnum):
    """Why a line is among those to change."""

    GOAL = "goal"  # it is asked for
    DEPENDENCY = "dependency"  # a goal's dependencies speak of it, or those of these
    OTHER = "other"  # it selects, implies or rules out something on the way


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A line that a user changes; `old` is "" where the configuration had none.

    `lost` are the goals' symbols, and those of other changed lines, that do not come out if it is left as it was.
    `undoes`: the user's own line says something else, and no goal speaks of it. `needed`: every change with so few
    lines has one of this symbol, and gives it this value; never said of a choice's members. `moves`: the user's own
    line says this already, and counts as the last one of its choice alone. `last`: it counts as the last one of its
    choice, not where it stands.
    """

    symbol: str
    old: str
    new: str
    why: Why = Why.GOAL
    lost: tuple[str, ...] = ()
    undoes: bool = False
    needed: bool = False
    is_string: bool = False
    moves: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """How good the best that was found is: `bound` <= the true minimum <= `cost`; equal where it is proven.

    `out_of_time`: the search stopped because its time ran out. `keeps` is off where what was found does not keep to all
    that it should: then nothing is proven of it, however low it is.
    """

    cost: int
    bound: int
    out_of_time: bool = False
    keeps: bool = True

    @property
    def proven(self) -> bool:
        return self.keeps and self.cost == self.bound


@dataclass(frozen=True)
class NearestChange:
    """The fewest changed lines that reach the goals, each assignable once those before it are made.

    `resolver` has what comes of them; `answers` are those of the probes that were free. `fittest`: of all changes with
    as few lines it is the one that was asked for; False where the time ran out before that was known.
    """

    lines: tuple[WantedLine, ...]
    proof: Proof
    seconds: float
    resolver: Resolver
    answers: dict[str, str]
    fittest: bool = True

    @cached_property
    def configuration(self) -> Configuration:
        """What comes of the lines, complete."""
        return Configuration.of(self.resolver, self.answers)

    @cached_property
    def settled(self) -> bool:
        """Whether what comes of the lines is read back as it is written."""
        return is_settled(self.resolver)

    def check(self) -> None:
        """UnsettledError where lines are changed, and what comes of them is not `settled`."""
        if self.lines and not self.settled:
            raise UnsettledError([(line.symbol, line.new) for line in self.lines], self.resolver)


def is_settled(resolver: Resolver) -> bool:
    """Whether what is written is read back as the same."""
    return read_back(resolver) == dict(resolver.lines())


def read_back(resolver: Resolver) -> dict[int, str]:
    """The lines that come of those that are written."""
    lines = written(resolver.model, dict(resolver.lines()))
    return dict(Resolver(resolver.model, lines, resolver.answers).lines())


@dataclass(frozen=True, slots=True)
class Smallest:
    """A smallest configuration."""

    configuration: Configuration
    proof: Proof
    seconds: float
