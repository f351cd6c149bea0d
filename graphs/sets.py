"""What is on in every configuration, or in none, under some demands: exact, by the solver.

Each question starts from one configuration that has as few (or as many) symbols on as the solver likes, and asks for
another one that differs in one of the symbols that are still open, until there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from kcfg.solver.clauses import FALSE
from kcfg.solver.results import Goal
from kcfg.solver.solver import Solver
from profiles.fulfil.demands import Demand


class Sets:
    """Questions about sets of symbols to one solver. Symbols are numbers; sets hold bools and tristates only.

    `goals`: all that will be asked for, so that the clauses tell the texts of ints, hexes and strings.
    """

    def __init__(self, solver: Solver, goals: Iterable[Goal] = ()) -> None:
        self.solver = solver.for_goals(goals)
        self.model = solver.model

    def fresh(self) -> int:
        """A new variable."""
        return self.solver.sat.fresh()

    def literals(self, demands: Iterable[Demand]) -> list[int]:
        """Assumptions that all demands hold."""
        out = []
        for demand in demands:
            ways = [self.solver.all_literals(way) for way in demand.ways]
            if len(ways) == 1:
                out += ways[0]
                continue
            chosen = self.fresh()
            choosers = [self.fresh() for _ in ways]
            self.solver.sat.add([-chosen, *choosers])
            for chooser, way in zip(choosers, ways, strict=True):
                self.solver.sat.extend([[-chooser, literal] for literal in way])
            out.append(chosen)
        return out

    def goals(self, goals: Iterable[Goal]) -> list[int]:
        """Assumptions that all goals hold."""
        return self.solver.all_literals(goals)

    def possible(self, assumed: Sequence[int]) -> bool:
        """Whether any configuration has all of this."""
        return self.solver.sat.holds(assumed)

    def on(self, assumed: Sequence[int], among: Iterable[int] | None = None) -> frozenset[int]:
        """The symbols (of `among`, if given) that are m or y in every configuration with these assumptions; none where
        there is no such configuration."""
        return frozenset(self._constant(assumed, range(len(self.model.symbols)) if among is None else among, -1))

    def off(self, assumed: Sequence[int], among: Iterable[int]) -> frozenset[int]:
        """Those of the symbols that are n in every configuration with these assumptions."""
        return frozenset(self._constant(assumed, among, 1))

    def _constant(self, assumed: Sequence[int], among: Iterable[int], wish: int) -> Collection[int]:
        """Of the symbols, those that cannot be what is wished for: 1 is on, -1 is n."""
        enabled, sat = self.solver.encoding.enabled, self.solver.sat
        literals = {number: wish * enabled[number] for number in among if enabled[number] != FALSE}
        sat.prefer(list(literals.values()))
        if not sat.solve(assumed):
            return ()
        left = unmet(literals, sat.model)
        while left:
            asked = self.fresh()
            sat.add([-asked, *left.values()])
            sat.prefer(list(left.values()))
            found = sat.solve([*assumed, asked])
            sat.add([-asked])
            if not found:
                break
            left = unmet(left, sat.model)
        return left.keys()


def unmet(literals: dict[int, int], model: Sequence[int]) -> dict[int, int]:
    """Those whose literal is false in a model of the clauses."""
    return {number: literal for number, literal in literals.items() if model[abs(literal) - 1] != literal}
