"""Other changes with as few lines, tried one by one: what comes of each of them in all of the configuration."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.model import Type
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.question import Question
from kcfg.solver.results import DriftError, NearestChange
from kcfg.solver.sat import Minimum, holds
from kcfg.solver.ties import is_lost

RIVALS = 4  # changes besides the fittest of which it is asked what comes of them
RIVALLED = 16  # symbols with another value: a change of fewer is gentle enough
FEW = 6  # changes that are all tried; of more, clauses find the one that gives the fewest symbols another value

Complete = Callable[[Sequence[int]], NearestChange]
"""A model of the clauses -> the change that it says."""


def gentlest(
    first: NearestChange, user: UserValues, base: Resolver, found: Minimum, question: Question, complete: Complete
) -> NearestChange:
    """Of a few changes with as few lines, one that loses the fewest of the user's lines.

    What changes few symbols has no rival, nor has what changes a kernel's defaults.
    """
    if not user.tri and not user.text:
        return first
    best, least = first, cost_of(user, base, first.resolver)
    for _ in range(RIVALS):
        told = question.signature(found.model)
        if least[1] < RIVALLED or told is None or not found.other_than(told):
            break
        try:
            other = complete(found.model)
        except DriftError:
            continue
        cost = cost_of(user, base, other.resolver)
        if (not other.settled, len(other.lines), cost) < (not best.settled, len(best.lines), least):
            best, least = other, cost
    return best


def fewest_of_all(
    first: NearestChange,
    base: Resolver,
    found: Minimum,
    question: Question,
    complete: Complete,
    worse: Sequence[Sequence[int]],
) -> NearestChange | None:
    """Of all changes with as few lines one that gives the fewest symbols another value, then the fittest.

    `worse`: what should rather not be, the worst first. None where there are more than a few, and where more than the
    values of bools and tristates tells them apart.
    """
    best, least = first, cost_in(base, first, found, worse)
    for _ in range(FEW):
        told = question.signature(found.model)
        if told is None:
            return None
        if not found.other_than(told):
            return None if found.stopped else best
        try:
            other = complete(found.model)
        except DriftError:
            return None
        cost = cost_in(base, other, found, worse)
        if (not other.settled, len(other.lines), cost) < (not best.settled, len(best.lines), least):
            best, least = other, cost
    return None


def cost_in(
    base: Resolver, change: NearestChange, found: Minimum, worse: Sequence[Sequence[int]]
) -> tuple[int, list[int]]:
    """(symbols with another value, how much there is of what should rather not be) of a minimum's present model."""
    return values_changed(base, change.resolver), [
        sum(holds(found.model, literal) for literal in literals) for literals in worse
    ]


def cost_of(user: UserValues, before: Resolver, after: Resolver) -> tuple[int, int]:
    """(how many lines come out as asked no longer, how many symbols get another value)."""
    old, new = dict(before.lines()), dict(after.lines())
    numbers = [number for number in old.keys() | new.keys() if old.get(number, "n") != new.get(number, "n")]
    return sum(is_lost(user, number, before, after) for number in numbers), len(numbers)


def values_changed(before: Resolver, after: Resolver) -> int:
    """How many bools and tristates get another value; no line is n."""
    old, new = dict(before.lines()), dict(after.lines())
    symbols = before.model.symbols
    return sum(
        symbols[number].type <= Type.TRISTATE and old.get(number, "n") != new.get(number, "n")
        for number in old.keys() | new.keys()
    )
