"""What a solver is asked for the nearest configuration, and what a model says of the lines that change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kcfg.solver.clauses import FALSE
from kcfg.solver.distances import Distances
from kcfg.solver.sat import Minimum, SatProblem, holds
from kcfg.solver.solver import Solver


class Question(NamedTuple):
    """What a solver is asked: `distances` are those of its model, and a soft literal is a line that does not change."""

    solver: Solver
    distances: Distances
    problem: SatProblem

    @property
    def changes(self) -> dict[int, int]:
        """See `Distances`."""
        return self.distances.changes

    def open(self, found: Minimum) -> list[int]:
        """The keys of `changes` that some of the changes found have."""
        some = set(found.open(self.changes.values()))
        return [key for key, literal in self.changes.items() if literal in some]

    def signature(self, model: Sequence[int]) -> list[int] | None:
        """What a model says of the lines that change in it, from which all else follows: the values that they give.

        None where more than these decides: lines of numbers, and of choices before 6.11.
        """
        enabled, yes = self.solver.encoding.enabled, self.solver.encoding.yes
        out: dict[int, None] = {}
        for key, literal in self.changes.items():
            if not holds(model, literal):
                continue
            if key in self.solver.encoding.domains or (key < 0 and self.solver.model.choice_values):
                return None
            numbers = (key,) if key >= 0 else self.solver.model.choices[-1 - key].members
            values = [one for number in numbers for one in (enabled[number], yes[number])]
            out |= dict.fromkeys([literal, *(model[abs(one) - 1] for one in values if abs(one) > 1)])
        return list(out)


def only_one(question: Question, found: Minimum) -> bool:
    """Whether no other lines do, nor other values of these: as many as there have to be, all of them bools'."""
    keys = question.open(found)
    enabled, yes = question.solver.encoding.enabled, question.solver.encoding.yes
    return len(keys) == found.cost and all(key >= 0 and enabled[key] == yes[key] != FALSE for key in keys)
