"""The SAT solvers: the only module that knows PySAT. Literals are non-zero integers, flat clauses end with 0."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterable, Sequence

from pysat.card import CardEnc, EncType  # type: ignore[import-untyped]
from pysat.examples.rc2 import RC2  # type: ignore[import-untyped]
from pysat.formula import WCNF  # type: ignore[import-untyped]
from pysat.solvers import Solver as PySolver  # type: ignore[import-untyped]

QUERIES = "glucose4"  # fastest for many short queries
REASONS = "cadical153"  # fastest with tens of thousands of selectors as assumptions
STEP = 20_000  # conflicts between two looks at the clock


def split(flat: array[int]) -> list[list[int]]:
    """Flat clauses as lists."""
    numbers = flat.tolist()
    out = []
    start = 0
    try:
        while True:
            end = numbers.index(0, start)
            out.append(numbers[start:end])
            start = end + 1
    except ValueError:
        return out


class Sat:
    """An incremental solver. `model` and `core` belong to the last call of `solve`."""

    def __init__(self, clauses: Iterable[Sequence[int]], name: str = QUERIES) -> None:
        self._solver = PySolver(name=name, bootstrap_with=clauses)
        self.model: list[int] = []
        self.core: list[int] = []

    def add(self, clause: Sequence[int]) -> None:
        self._solver.add_clause(clause)

    def extend(self, clauses: Iterable[Sequence[int]]) -> None:
        self._solver.append_formula(clauses)

    def prefer(self, literals: Sequence[int]) -> None:
        """Try these literals first."""
        self._solver.set_phases(list(literals))

    def solve(self, assumptions: Sequence[int] = ()) -> bool:
        """Whether all assumptions can be true together."""
        found = bool(self._solver.solve(assumptions=list(assumptions)))
        self.model = (self._solver.get_model() or []) if found else []
        self.core = [] if found else (self._solver.get_core() or [])
        return found

    def holds(self, assumptions: Sequence[int] = ()) -> bool:
        """`solve` without fetching a model."""
        return bool(self._solver.solve(assumptions=list(assumptions)))

    def propagate(self, assumptions: Sequence[int]) -> list[int] | None:
        """What follows from the assumptions by unit propagation alone, or None when they contradict each other."""
        consistent, implied = self._solver.propagate(assumptions=list(assumptions))
        return list(implied) if consistent else None

    def close(self) -> None:
        self._solver.delete()


class OutOfTimeError(Exception):
    """The deadline came first."""


class Bounded(RC2):  # type: ignore[misc]
    """RC2 that looks at the clock; `cost` is a lower bound whenever it stops."""

    deadline = 0.0

    def _call_oracle(self, assumptions: Sequence[int] = (), expect_interrupt: bool = False) -> bool:
        while True:
            if time.monotonic() > self.deadline:
                raise OutOfTimeError
            self.oracle.conf_budget(STEP)
            found = self.oracle.solve_limited(assumptions=list(assumptions))
            if found is not None:
                return bool(found)


class Minimum:
    """The result of `minimise`. `bound` <= the true minimum <= `cost`; equal where it is proven."""

    def __init__(self, model: list[int], cost: int, bound: int) -> None:
        self.model = model
        self.cost = cost
        self.bound = bound


def minimise(
    clauses: list[list[int]],
    variables: int,
    units: Sequence[int],
    soft: dict[int, int],
    seconds: float,
) -> Minimum | None:
    """A model of clauses and units in which the literals of `soft` (literal -> weight) that are false weigh least.

    None where there is no model. Three quarters of the time go to the proof, the rest, if it fails, to improving the
    best model by turning one literal true after the other.
    """
    start = time.monotonic()
    hard = [*clauses, *([unit] for unit in units)]
    formula = WCNF()
    formula.hard = hard
    formula.nv = variables
    formula.soft = [[literal] for literal in soft]
    formula.wght = list(soft.values())
    formula.topw = sum(soft.values()) + 1
    solver = Bounded(formula, solver="g4", adapt=True, exhaust=True)
    solver.deadline = start + seconds * 0.75
    bound = 0
    try:
        model = solver.compute()
        if model is None:
            return None
        return Minimum(list(model), int(solver.cost), int(solver.cost))
    except OutOfTimeError:
        bound = int(solver.cost)
    finally:
        solver.delete()
    return improve(hard, soft, bound, start + seconds)


def improve(hard: list[list[int]], soft: dict[int, int], bound: int, deadline: float) -> Minimum | None:
    """A good model without a proof: literals are made true one by one, the heaviest first, until the deadline."""
    sat = Sat(hard)
    sat.prefer(list(soft))
    if not sat.solve():
        return None
    best = sat.model
    true = set(best)
    kept = [literal for literal in soft if literal in true]
    for literal in sorted((one for one in soft if one not in true), key=lambda one: -soft[one]):
        if time.monotonic() > deadline:
            break
        if literal in true:
            kept.append(literal)
        elif sat.solve([*kept, literal]):
            best = sat.model
            true = set(best)
            kept.append(literal)
    sat.close()
    return Minimum(best, sum(weight for literal, weight in soft.items() if literal not in true), bound)


def at_most(literals: Sequence[int], bound: int, variables: int) -> tuple[list[list[int]], int]:
    """(clauses, variables) that let at most `bound` of the literals be true."""
    made = CardEnc.atmost(list(literals), bound, top_id=variables, encoding=EncType.seqcounter)
    return [list(clause) for clause in made.clauses], max(int(made.nv), variables)
