"""The fewest lines to change in a configuration, so that it reaches all goals; of as few lines the fittest ones."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.model import Type
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import LEVEL
from kcfg.solver.distances import Distances
from kcfg.solver.edits import edited, in_order, written
from kcfg.solver.fitness import Fitness
from kcfg.solver.literals import NEVER_ASKED
from kcfg.solver.results import Configuration, Core, DriftError, Goal, NearestChange, Proof, WantedLine, Ways
from kcfg.solver.sat import Minimum, Problem, at_most, holds, minimise
from kcfg.solver.smallest import Named, alternatives, without_way
from kcfg.solver.solver import Solver

ROUNDS = 8  # to complete a set of lines that the clauses took for enough


def nearest(
    solver: Solver,
    user: UserValues,
    goals: Sequence[Goal],
    *,
    given: Sequence[Goal] = (),
    either: Sequence[Ways] = (),
    few_symbols: bool = False,
    timeout: float = 60.0,
) -> NearestChange | Core:
    """The fewest lines to change in a configuration (an empty one: in the defaults) to reach all goals.

    Of the changes with so few lines, one that leaves alone what `Fitness` says. `few_symbols`: of those that change the
    fewest lines of EXPERT, MODULES and COMPILE_TEST which no goal names, one that gives the fewest bools and tristates
    another value (n without a line is n); what else `Fitness` says decides among these alone. See `smallest` for
    `given`, `either`.
    """
    return Search(solver, user, (*goals, *given), either).run(goals, given, few_symbols, timeout)


@dataclass(frozen=True, slots=True)
class Search:
    """One question for the nearest configuration. `goals`: all that has to hold."""

    solver: Solver
    user: UserValues
    goals: Sequence[Goal]
    either: Sequence[Ways]

    def run(
        self, goals: Sequence[Goal], given: Sequence[Goal], few_symbols: bool, timeout: float
    ) -> NearestChange | Core:
        """See `nearest`."""
        start = time.perf_counter()
        solver = self.solver
        units = solver.all_literals(self.goals)
        base = self.resolve({}, {})
        quick = None if few_symbols and not self.reached(base) else self.own_line(base)
        if quick is not None:
            lines, resolver = quick
            proof = Proof(len(lines), len(lines))
            return self.change(lines, resolver, proof, set(), bool(lines) or self.settled(resolver), start)
        failed = solver.reason(goals, given, start)
        if failed is not None:
            return failed
        distances = Distances(solver.model, solver.encoding, self.user)
        clauses, variables = alternatives(solver, self.either, (distances.clauses, distances.variables))
        soft: dict[int, int] = {}
        for literal in distances.changes.values():
            soft[-literal] = soft.get(-literal, 0) + 1
        problem = Problem([*solver.without(distances.reread, distances.loose), *clauses], variables, units, soft)
        left = max(1.0, timeout - (time.perf_counter() - start))
        found = minimise(problem, left)
        if found is None:
            return without_way(solver, goals, given, self.either)
        fitness = Fitness(solver.model, self.user, self.goals, self.either)
        best = self.fittest(found, problem, distances.changes, fitness, base, few_symbols, left)
        try:
            return self.completed(best.model, found, distances, start)
        finally:
            best.close()
            found.close()

    # Candidates

    def resolve(self, lines: Mapping[int, str], answers: dict[str, str]) -> Resolver:
        """The configuration with lines changed."""
        user = edited(self.solver.model, self.user, lines) if lines else self.user
        return self.solver.resolve(user, answers)

    def reached(self, resolver: Resolver) -> bool:
        """Whether a configuration is what is asked for."""
        return all(has(resolver, goal) for goal in self.goals) and all(
            any(all(has(resolver, goal) for goal in way) for way in ways) for ways in self.either
        )

    def own_line(self, base: Resolver) -> tuple[dict[int, str], Resolver] | None:
        """(lines, what they give) where no line, or one of a goal's symbol, is enough: no search is needed then."""
        if self.reached(base):
            return {}, base
        index = self.solver.model.index
        wanted = [goal for goal in self.goals if not has(base, goal)]
        wanted += [goal for ways in self.either for way in ways for goal in way]
        for goal in wanted:
            number = index.get(goal.symbol, -1)
            for value in ("y", "m") if goal.value == "enabled" else (goal.value,):
                if number >= 0 and (value == "n" or base.visible(number) or number in self.solver.model.choice_of):
                    resolver = self.resolve({number: value}, {})
                    if self.reached(resolver) and self.settled(resolver):
                        return {number: value}, resolver
        return None

    def settled(self, resolver: Resolver) -> bool:
        """Whether what is written is read back as the same."""
        lines = dict(resolver.lines())
        again = self.solver.resolve(written(self.solver.model, lines), resolver.answers)
        return dict(again.lines()) == lines

    def fittest(
        self,
        found: Minimum,
        problem: Problem,
        changes: Mapping[int, int],
        fitness: Fitness,
        base: Resolver,
        few_symbols: bool,
        timeout: float,
    ) -> Minimum:
        """Of the changes with the same number of lines, the fittest."""
        named, few = self.as_before(base, problem.variables)
        found.prefer([literal for literal in few if abs(literal) <= problem.variables])
        worst, *others = [[literal for key, literal in changes.items() if test(key)] for test in fitness.tests()]
        avoided = found.refine(worst)
        if not few_symbols or found.out_of_time or not found.cost:
            for literals in others:
                found.refine(literals)
            return found
        some = found.open(changes.values())
        closed = set(changes.values()) - set(some)
        clauses, variables = at_most(some, found.cost, named[1])
        if found.open(worst):
            more, variables = at_most(found.open(worst), avoided, variables)
            clauses += more
        units = [*problem.units, *(-literal for literal in closed)]
        second = minimise(Problem([*problem.clauses, *named[0], *clauses], variables, units, few), timeout)
        if second is None:
            return found
        for literals in others:
            second.refine(literals)
        return second

    def as_before(self, base: Resolver, variables: int) -> tuple[Named, dict[int, int]]:
        """(names, soft literals): every symbol has the value that it had."""
        clauses: list[list[int]] = []
        soft: dict[int, int] = {}
        enabled, yes = self.solver.encoding.enabled, self.solver.encoding.yes
        for number, symbol in enumerate(self.solver.model.symbols):
            e, y = enabled[number], yes[number]
            if e < 2 or not symbol.definitions or symbol.flags & NEVER_ASKED:
                continue
            value = base.tri(number)
            if value == 1 and e != y:
                variables += 1
                clauses += [[-variables, e], [-variables, -y]]
                soft[variables] = 1
            else:
                soft[-e if not value else y] = 1
        return (clauses, variables), soft

    # The change

    def completed(self, model: Sequence[int], found: Minimum, distances: Distances, start: float) -> NearestChange:
        """The lines that lead to a model of the clauses, checked by resolving the configuration with them."""
        solver, changes = self.solver, distances.changes
        as_read: dict[int, int | None] = {**distances.believed, **dict.fromkeys(distances.loose)}
        read = {n: value for n, value in as_read.items() if not holds(model, changes[n])}
        texts = distances.text_lines(model)
        target = solver.values(model, self.user.text, read, texts)
        wanted = {solver.model.index[name]: text for name, text in target.values.items()}
        wanted.update({n: text for n, text in texts.items() if text is not None and holds(model, changes[n])})
        lines: dict[int, str] = {}
        for key, literal in changes.items():
            if holds(model, literal):
                asked = distances.picked(-1 - key, model) if key < 0 else (key,)
                lines.update({n: wanted.get(n, "n") for n in asked})
        lines.update({n: "y" for n, literal in distances.raised.items() if n in lines and holds(model, literal)})
        for _ in range(ROUNDS):
            resolver = self.resolve(lines, target.answers)
            if self.reached(resolver):
                literals = {key if key >= 0 else self.picked(key, lines): lit for key, lit in changes.items()}
                needed = {n for n in lines if n in literals and not found.avoidable(literals[n])}
                proof = Proof(max(found.cost, len(lines)), found.bound, found.out_of_time)
                settled = (not read and not texts and dict(resolver.lines()) == wanted) or self.settled(resolver)
                return self.change(lines, resolver, proof, needed, settled, start)
            got = dict(resolver.lines())
            missing = {
                n: text
                for n, text in wanted.items()
                if n not in lines and got.get(n) != text and resolver.visible(n)
                and (n not in solver.model.choice_of or text != "n")
            }  # fmt: skip
            if not missing:
                break
            lines.update(missing)
        drift = [solver.model.symbols[n].name for n in wanted.keys() | got.keys() if wanted.get(n) != got.get(n)]
        raise DriftError(f"the changes give other values of {', '.join(sorted(drift)[:5])}")

    def picked(self, key: int, lines: Mapping[int, str]) -> int:
        """The member that a choice's changed line is of."""
        members = self.solver.model.choices[-1 - key].members
        return next((n for n in members if lines.get(n) == "y"), key)

    def change(
        self,
        lines: Mapping[int, str],
        resolver: Resolver,
        proof: Proof,
        needed: Collection[int],
        settled: bool,
        start: float,
    ) -> NearestChange:
        """The change as data."""
        model = self.solver.model
        fitness = Fitness(model, self.user, self.goals, self.either)
        answers = {key: text for key, text in resolver.answers.items() if key not in self.solver.encoding.answers}
        out = []
        for number, old, new in in_order(model, self.user, lines, resolver.answers):
            name = model.symbols[number].name
            rest = {other: text for other, text in lines.items() if other != number}
            out.append(
                WantedLine(
                    name,
                    old,
                    new,
                    fitness.why(number),
                    tuple(self.lost(self.resolve(rest, answers), rest)),
                    fitness.undoes(number, new),
                    number in needed,
                )
            )
        values = {model.symbols[number].name: text for number, text in resolver.lines()}
        unmet = tuple(model.symbols[number].name for number in resolver.unmet)
        configuration = Configuration(values, answers, unmet)
        return NearestChange(tuple(out), configuration, proof, time.perf_counter() - start, settled)

    def lost(self, resolver: Resolver, lines: Mapping[int, str]) -> Iterable[str]:
        """Goals, and symbols of changed lines, that a configuration with only some of the lines does not reach."""
        goals = [goal for goal in self.goals if not has(resolver, goal)]
        missed = [ways for ways in self.either if not any(all(has(resolver, g) for g in way) for way in ways)]
        goals += [goal for ways in missed for way in ways for goal in way if not has(resolver, goal)]
        names = [goal.symbol for goal in goals]
        names += [self.solver.model.symbols[n].name for n, text in lines.items() if resolver.text(n) != text]
        return dict.fromkeys(names)


def has(resolver: Resolver, goal: Goal) -> bool:
    """Whether a configuration reaches a goal."""
    number = resolver.model.index.get(goal.symbol)
    if number is None or resolver.model.symbols[number].type not in (Type.BOOL, Type.TRISTATE):
        return goal.value == "n"
    value = resolver.tri(number) if resolver.written(number) else 0
    return value > 0 if goal.value == "enabled" else value == LEVEL[goal.value]
