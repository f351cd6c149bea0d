"""Why something is impossible: a minimal set of Kconfig statements that contradicts the goals.

Each statement's clauses get a selector; assuming all selectors asks the old question, and the solver names those that
it needed. Deleting them one by one leaves a set of which nothing can be left out.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kcfg.solver.clauses import StatementKind, unpack
from kcfg.solver.sat import REASONS, Sat

Groups = dict[int, int]  # selector -> the place of its group in the marks


def with_selectors(
    clauses: Sequence[list[int]], marks: array[int], first: int, top: int, groups: Groups, known: dict[int, int]
) -> tuple[list[list[int]], int]:
    """(clauses with their statement's selector, the highest variable).

    `first` is the offset, in the marks' count, of the first clause; `known` maps groups to selectors.
    """
    out = []
    at, place = first, 0
    selector = 0
    for clause in clauses:
        while place < len(marks) and marks[place] <= at:
            group = marks[place + 1]
            selector = 0
            if unpack(group)[0] != StatementKind.FIXED:
                selector = known.get(group, 0)
                if not selector:
                    top += 1
                    selector = known[group] = top
                    groups[selector] = place
            place += 3
        at += len(clause) + 1
        out.append([*clause, -selector] if selector else clause)
    return out, top


class Contradiction(NamedTuple):
    """Keys of `wanted` and selectors that contradict each other, minimal. `more`: without the selectors, the others
    contradict what is wanted too."""

    wanted: list[int]
    selectors: list[int]
    more: bool


def shrink(
    clauses: Iterable[Sequence[int]],
    wanted: Mapping[int, Sequence[int]],
    selectors: Iterable[int],
    besides: Sequence[int] = (),
) -> Contradiction | None:
    """A minimal contradiction; None where there is none.

    `wanted` maps a goal's number to its literals. Goals are left out before statements are. `besides`: literals that
    are wanted too, and no part of this contradiction.
    """
    sat = Sat(clauses, name=REASONS)
    goals = list(wanted)
    everything = left = list(selectors)

    def fails(some: Sequence[int], chosen: Sequence[int]) -> bool:
        return not sat.solve([*(literal for goal in some for literal in wanted[goal]), *chosen])

    try:
        if not fails(goals, left):
            return None
        left = needed(sat, left)
        while fails(goals, left) and len(needed(sat, left)) < len(left):  # a smaller question for each next run
            left = needed(sat, left)
        for goal in list(goals):
            rest = [other for other in goals if other != goal]
            if fails(rest, left):
                goals = rest
        i = 0
        while i < len(left):
            some = left[:i] + left[i + 1 :]
            if fails(goals, some):
                left = needed(sat, some)
            else:
                i += 1
        used = set(left)
        return Contradiction(
            goals, left, fails(list(wanted), [*besides, *(one for one in everything if one not in used)])
        )
    finally:
        sat.close()


def needed(sat: Sat, selectors: Iterable[int]) -> list[int]:
    """Those of the selectors that the last contradiction needed."""
    found = set(sat.core)
    return [selector for selector in selectors if selector in found]
