"""The SAT solvers: the only module that knows PySAT. Literals are non-zero integers, flat clauses end with 0."""

from __future__ import annotations

import contextlib
import time
from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pysat.card import CardEnc, EncType, ITotalizer  # type: ignore[import-untyped]
from pysat.examples.rc2 import RC2  # type: ignore[import-untyped]
from pysat.formula import WCNF  # type: ignore[import-untyped]
from pysat.solvers import Solver as PySolver  # type: ignore[import-untyped]

from kcfg.base.errors import CannotEvaluate
from kcfg.solver.abort import end_in_one_line

QUERIES = "glucose4"  # fastest for many short queries
REASONS = "cadical153"  # fastest with tens of thousands of selectors as assumptions
STEP = 5_000  # conflicts between two looks at the clock
GRACE = 3.0  # seconds for a good model when the time for it is over
FEW = 16  # literals that are faster taken out of a list than left out of a new one
HOOK = "_call_oracle"

if not hasattr(RC2, HOOK):
    raise CannotEvaluate(
        f"this version of python-sat cannot be stopped when the time runs out: its RC2 has no {HOOK}",
        hint="pip install 'python-sat>=1.8.dev30'",
    )
end_in_one_line()


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


def full(model: Iterable[int], variables: int) -> list[int]:
    """A model of all variables: a solver's own ends with the highest that is in a clause; those after it are false."""
    out = list(model)
    out += [-variable for variable in range(len(out) + 1, variables + 1)]
    return out


def holds(model: Sequence[int], literal: int) -> bool:
    """Whether a literal is true in a model (literal of variable v at v - 1)."""
    return model[abs(literal) - 1] == literal


class Sat:
    """An incremental solver. `model` and `core` belong to the last call of `solve`.

    `variables` is the highest variable of its clauses; whoever adds clauses with new ones raises it.
    """

    def __init__(self, clauses: Iterable[Sequence[int]], variables: int = 0, name: str = QUERIES) -> None:
        self._solver = PySolver(name=name, bootstrap_with=clauses)
        self.variables = variables
        self.model: list[int] = []
        self.core: list[int] = []

    def fresh(self) -> int:
        """A variable that no clause has yet."""
        self.variables += 1
        return self.variables

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
        self.model = full(self._solver.get_model() or (), self.variables) if found else []
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

    def filter_assumps(self) -> None:
        """RC2's own makes two new lists of tens of thousands of literals, mostly to leave one out."""
        if len(self.garbage) > FEW:
            super().filter_assumps()
            return
        for literal in self.garbage:
            for found in (self.sels, self.sums):
                with contextlib.suppress(ValueError):
                    found.remove(literal)
                    break
            self.bnds.pop(literal, None)
            self.wght.pop(literal, None)
        self.sels_set -= self.garbage
        self.garbage.clear()


class SatProblem(NamedTuple):
    """Clauses whose highest variable is `variables`, units that hold besides, and soft literals with their weights."""

    clauses: list[list[int]]
    variables: int
    units: Sequence[int]
    soft: dict[int, int]

    @property
    def hard(self) -> list[list[int]]:
        return [*self.clauses, *([unit] for unit in self.units)]


class Minimum:
    """Models in which the false soft literals weigh least, one after the other; `minimise` makes it.

    `bound` <= the true minimum <= `cost`; equal where it is proven. `model` is the present one. Where it is not proven,
    `refine` and `avoidable` know no other model.
    """

    def __init__(self, model: list[int], cost: int, bound: int, search: Bounded | None = None) -> None:
        self.model = model
        self.cost = cost
        self.bound = bound
        self.out_of_time = search is None
        self.stopped = False  # the time ran out while another model was sought
        self._search = search
        self._least: list[int] = [] if search is None else [*search.sels, *search.sums]
        self._fixed = list(self._least)

    def open(self, literals: Iterable[int]) -> list[int]:
        """Those literals that are true in some of the models, as far as that is known."""
        fixed = set(self._fixed)
        return [literal for literal in literals if -literal not in fixed]

    def refine(self, literals: Sequence[int], most: int | None = None) -> int:
        """Of the models, keep those in which the fewest of the literals are true. Returns their number.

        Where they are more than `most`, all models stay.
        """
        some = self.open(literals)
        count = sum(holds(self.model, literal) for literal in some)
        if self._search is None:
            return count
        if count and self.again([-literal for literal in some]):
            count = 0
        if not count:
            self._fixed += [-literal for literal in some]
            return 0
        if most is not None and count > most:
            return count
        if count < len(some) or count > 1:
            sums = ITotalizer(some, count, self._search.pool.top)
            self._search.pool.top = sums.top_id
            self._search.oracle.append_formula(sums.cnf.clauses)
            while count > 1 and self.again([-sums.rhs[count - 1]]):
                count = sum(holds(self.model, literal) for literal in some)
            if count < len(some):
                self._fixed.append(-sums.rhs[count])
            sums.delete()
        return count

    def again(self, assumptions: Sequence[int]) -> bool:
        """Whether there is a model with these literals too, which is the present one then; no if the time runs out."""
        search = self._search
        if search is None:
            return False
        try:
            if not search._call_oracle([*self._fixed, *assumptions]):
                return False
        except OutOfTimeError:
            self.stopped = True
            return False
        self.model = full(search.oracle.get_model(), len(self.model))
        return True

    def kept(self) -> list[int]:
        """What tells the present models from all others, for `keep`."""
        return list(self._fixed)

    def keep(self, kept: Sequence[int]) -> None:
        """Goes back to the models that there were when `kept` was told."""
        self._fixed = list(kept)

    def other_than(self, literals: Sequence[int]) -> bool:
        """Leaves out all models with these literals; whether there is another one, which is the present one then."""
        if self._search is None:
            return False
        self._search.oracle.add_clause([-literal for literal in literals])
        return self.again(())

    def prefer(self, literals: Sequence[int]) -> None:
        """Try these literals first from here on."""
        if self._search is not None:
            self._search.oracle.set_phases(list(literals))

    def avoidable(self, literal: int) -> bool:
        """Whether a literal is false in one of the models, refined or not; also where that is not known."""
        if self._search is None:
            return True
        try:
            return self._search._call_oracle([*self._least, -literal])
        except OutOfTimeError:
            return True

    def close(self) -> None:
        if self._search is not None:
            self._search.delete()
            self._search = None


def minimise(problem: SatProblem, seconds: float) -> Minimum | None:
    """A model in which the literals of `soft` that are false weigh least; None where there is no model.

    Three quarters of the time go to the proof, the rest, if it fails, to improving the best model by turning one
    literal true after the other.
    """
    start = time.monotonic()
    formula = WCNF()
    formula.hard = problem.hard
    formula.nv = problem.variables
    formula.soft = [[literal] for literal in problem.soft]
    formula.wght = list(problem.soft.values())
    formula.topw = sum(problem.soft.values()) + 1
    search = Bounded(formula, solver="g4", adapt=True, exhaust=True)
    search.deadline = start + seconds * 0.75
    try:
        model = search.compute()
    except OutOfTimeError:
        bound = int(search.cost)
        search.delete()
        return improve(problem, bound, start + seconds)
    search.deadline = start + seconds
    if model is None:
        search.delete()
        return None
    return Minimum(full(model, problem.variables), int(search.cost), int(search.cost), search)


def improve(problem: SatProblem, bound: int, deadline: float) -> Minimum | None:
    """A good model without a proof: literals are made true one by one, the heaviest first, until the deadline or GRACE.

    Where that leaves the time, none of those that are false can be made true alone: all that are true stay so,
    as clauses, with which each question is easier than the one before.
    """
    soft = problem.soft
    sat = Sat(problem.hard, problem.variables)
    sat.prefer(list(soft))
    if not sat.solve():
        return None
    best = sat.model
    true = set(best)
    deadline = max(deadline, time.monotonic() + GRACE)
    sat.extend([literal] for literal in soft if literal in true)
    for literal in sorted((one for one in soft if one not in true), key=lambda one: -soft[one]):
        if time.monotonic() > deadline:
            break
        if literal not in true:
            if not sat.solve([literal]):
                continue
            best = sat.model
            now = set(best)
            sat.extend([one] for one in soft if one in now and one not in true)
            true = now
    sat.close()
    return Minimum(best, sum(weight for literal, weight in soft.items() if literal not in true), bound)


def at_most(literals: Sequence[int], bound: int, variables: int) -> tuple[list[list[int]], int]:
    """(clauses, variables) that let at most `bound` of the literals be true."""
    made = CardEnc.atmost(list(literals), bound, top_id=variables, encoding=EncType.seqcounter)
    return [list(clause) for clause in made.clauses], max(int(made.nv), variables)
