"""The fewest lines to change in a configuration, so that it reaches all goals; of as few lines the fittest ones."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.model import Type
from kcfg.kconfig.numbers import plain
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import LETTER, LEVEL
from kcfg.solver.clauses import FALSE
from kcfg.solver.distances import Distances
from kcfg.solver.edits import edited, in_order
from kcfg.solver.fitness import Fitness
from kcfg.solver.literals import NEVER_ASKED
from kcfg.solver.results import (
    Alternatives,
    Core,
    DriftError,
    Goal,
    NearestChange,
    Proof,
    WantedLine,
    all_goals,
    is_settled,
)
from kcfg.solver.sat import Minimum, SatProblem, at_most, holds, minimise
from kcfg.solver.smallest import Named, alternatives, without_way
from kcfg.solver.solver import Solver

ROUNDS = 8  # to complete a set of lines that the clauses took for enough


def nearest(
    solver: Solver,
    user: UserValues,
    goals: Sequence[Goal],
    *,
    given: Sequence[Goal] = (),
    either: Sequence[Alternatives] = (),
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


def only_one(question: Question, found: Minimum) -> bool:
    """Whether no other lines do, nor other values of these: as many as there have to be, all of them bools'."""
    keys = question.open(found)
    enabled, yes = question.solver.encoding.enabled, question.solver.encoding.yes
    return len(keys) == found.cost and all(key >= 0 and enabled[key] == yes[key] != FALSE for key in keys)


@dataclass(frozen=True, slots=True)
class Search:
    """One question for the nearest configuration. `goals`: all that has to hold.

    The lines are found in the part of the model that decides the goals; all of it is only asked which of as few lines
    give the fewest symbols another value.
    """

    solver: Solver
    user: UserValues
    goals: Sequence[Goal]
    either: Sequence[Alternatives]

    def run(
        self, goals: Sequence[Goal], given: Sequence[Goal], few_symbols: bool, timeout: float
    ) -> NearestChange | Core:
        """See `nearest`."""
        start = time.perf_counter()
        self.solver.all_literals(self.goals)
        base = self.resolve({}, {})
        quick = None if few_symbols and not self.reached(base) else self.own_line(base)
        if quick is not None:
            lines, resolver = quick
            proof = Proof(len(lines), len(lines))
            return self.change(lines, resolver, proof, set(), start)
        part = self.solver.part((goal.symbol for goal in self.asked), self.user.text)
        failed = part.reason(goals, given, start)
        question = self.question(part)
        if failed is not None and not question.distances.read_otherwise:
            return failed
        left = max(1.0, timeout - (time.perf_counter() - start))
        found = minimise(question.problem, left)
        if found is None:
            return failed or without_way(part, goals, given, self.either)
        best = found
        try:
            changed = [(key, literal) for key, literal in question.changes.items() if holds(found.model, literal)]
            needed = {key for key, literal in changed if not found.avoidable(literal)}
            unseen = {goal for goal, _ in self.on_dropped_lines(question.distances) if has(base, goal)}
            bound = found.bound - len(unseen)
            proof = Proof(found.cost, max(bound, 1), found.out_of_time)  # without a change it was not reached
            worst, *others = self.worse(question)
            avoided = self.start_from(base, found, question).refine(worst)
            if failed is not None:  # no configuration that stays does it
                self.completed(found.model, question, (), proof, start).check()
                return failed
            if few_symbols and not found.out_of_time and not only_one(question, found):
                whole = self.question(self.solver.telling(self.user.text))
                second = self.fewest_symbols(whole, question, found, avoided, base, left)
                if second is not None:
                    question, best = whole, second
                    _, *others = self.worse(whole)
            for literals in others:
                best.refine(literals)
            return self.completed(best.model, question, needed, proof, start)
        finally:
            best.close()
            found.close()

    def question(self, solver: Solver) -> Question:
        """The goals and the distances to reach them, in all of the model or in a part of it."""
        distances = Distances(solver.model, solver.encoding, self.user)
        clauses, variables = alternatives(solver, self.either, (distances.clauses, distances.variables))
        soft: dict[int, int] = {}
        for literal in distances.changes.values():
            soft[-literal] = soft.get(-literal, 0) + 1
        hard = [*solver.without(distances.reread, distances.loose), *clauses, *self.written(solver, distances)]
        return Question(solver, distances, SatProblem(hard, variables, solver.all_literals(self.goals), soft))

    @property
    def asked(self) -> list[Goal]:
        """All goals, those of alternatives among them."""
        return all_goals(self.goals, self.either)

    def on_dropped_lines(self, distances: Distances) -> list[tuple[Goal, int]]:
        """The goals on numbers whose lines conf drops, each with its number: the clauses do not see these reached."""
        index = distances.model.index
        numbers = [(goal, index.get(goal.symbol, -1)) for goal in self.asked]
        return [(goal, number) for goal, number in numbers if number in distances.dropped]

    def written(self, solver: Solver, distances: Distances) -> list[list[int]]:
        """A number that is to have a value is written with it: a line that conf drops has to change."""
        dropped = self.on_dropped_lines(distances)
        base = self.resolve({}, {}) if dropped else None
        out = []
        for goal, number in dropped:
            if base is not None and not has(base, goal):
                reached = [-literal for literal in solver.literals(goal)]
                out += [[-active, distances.changes[number], *reached] for active in distances.dropped[number]]
        return out

    # Candidates

    def resolve(self, lines: Mapping[int, str], answers: dict[str, str]) -> Resolver:
        """The configuration with lines changed."""
        user = edited(self.solver.model, self.user, lines) if lines else self.user
        return self.solver.resolve(user, answers)

    def reached(self, resolver: Resolver) -> bool:
        """Whether a configuration is what is asked for."""
        return all(has(resolver, goal) for goal in self.goals) and not self.closed(resolver)

    def closed(self, resolver: Resolver) -> list[Alternatives]:
        """The alternatives of which no way holds."""
        return [ways for ways in self.either if not any(all(has(resolver, goal) for goal in way) for way in ways)]

    def missed(self, resolver: Resolver) -> list[Goal]:
        """The goals that it does not reach; of alternatives without a way that holds, those of each way."""
        return [goal for goal in all_goals(self.goals, self.closed(resolver)) if not has(resolver, goal)]

    def own_line(self, base: Resolver) -> tuple[dict[int, str], Resolver] | None:
        """(lines, what they give) where no line, or one of a goal's symbol, is enough: no search is needed then."""
        if self.reached(base):
            return {}, base
        index = self.solver.model.index
        missed = [goal for goal in self.goals if not has(base, goal)]
        for goal in all_goals(missed, self.either):
            number = index.get(goal.symbol, -1)
            for value in ("y", "m") if goal.value == "enabled" else (goal.value,):
                if number >= 0 and (base.visible(number) or self.may_be_off(number, value)):
                    resolver = self.resolve({number: value}, {})
                    if self.reached(resolver) and is_settled(resolver):
                        return {number: value}, resolver
        return None

    def may_be_off(self, number: int, value: str) -> bool:
        """Whether a line of a symbol that nobody can set may do all the same: n, or a member that gives way."""
        model = self.solver.model
        return number in model.choice_of or (value == "n" and model.symbols[number].type <= Type.TRISTATE)

    def worse(self, question: Question) -> list[list[int]]:
        """Lines that should rather not change, the worst first."""
        fitness = Fitness(self.solver.model, self.user, self.goals, self.either)
        return [[literal for key, literal in question.changes.items() if test(key)] for test in fitness.tests()]

    def start_from(self, base: Resolver, found: Minimum, question: Question) -> Minimum:
        """Lets a minimum try the present values first."""
        few = self.as_before(base, question)[1]
        found.prefer([literal for literal in few if abs(literal) <= question.problem.variables])
        return found

    def fewest_symbols(
        self, whole: Question, part: Question, found: Minimum, avoided: int, base: Resolver, timeout: float
    ) -> Minimum | None:
        """Of the changes that the part has found, those which give the fewest symbols of the whole another value."""
        named, few = self.as_before(base, whole)
        keys = part.open(found)
        clauses, variables = at_most([whole.changes[key] for key in keys], found.cost, named[1])
        worst = set(self.worse(part)[0])
        worst_keys = [key for key in keys if part.changes[key] in worst]
        if worst_keys:
            more, variables = at_most([whole.changes[key] for key in worst_keys], avoided, variables)
            clauses += more
        closed = set(whole.changes.values()) - {whole.changes[key] for key in keys}
        problem = whole.problem
        units = [*problem.units, *(-literal for literal in closed)]
        return minimise(SatProblem([*problem.clauses, *named[0], *clauses], variables, units, few), timeout)

    def as_before(self, base: Resolver, question: Question) -> tuple[Named, dict[int, int]]:
        """(names, soft literals): every symbol has the value that it had."""
        solver, variables = question.solver, question.problem.variables
        clauses: list[list[int]] = []
        soft: dict[int, int] = {}
        for number, symbol in enumerate(solver.model.symbols):
            e, y = solver.encoding.enabled[number], solver.encoding.yes[number]
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

    def completed(
        self, model: Sequence[int], question: Question, needed: Collection[int], proof: Proof, start: float
    ) -> NearestChange:
        """The lines that lead to a model of the clauses, checked by resolving the configuration with them.

        `needed`: the keys of `Distances.changes` that every change with as few lines has. That a choice's pick changes
        does not say which of its members' lines do.
        """
        solver, distances, changes = question.solver, question.distances, question.changes
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
        lines = self.members_said(lines, distances, model, target.answers)
        for _ in range(ROUNDS):
            resolver = self.resolve(lines, target.answers)
            if self.reached(resolver):
                keys = {key for key in needed if key not in solver.model.choice_of}
                found = Proof(max(proof.cost, len(lines)), proof.bound, proof.out_of_time)
                return self.change(lines, resolver, found, keys, start)
            got = {n: resolver.text(n) for n in wanted}
            missing = {
                n: text
                for n, text in wanted.items()
                if n not in lines and got[n] != text and resolver.visible(n)
                and (n not in solver.model.choice_of or text != "n")
            }  # fmt: skip
            if not missing:
                break
            lines.update(missing)
        drift = [solver.model.symbols[n].name for n, text in wanted.items() if text != got[n]]
        names = ", ".join((sorted(drift) or list(map(str, self.missed(resolver))))[:5])
        raise DriftError(f"the changes give other values of {names}")

    def members_said(
        self, lines: dict[int, str], distances: Distances, model: Sequence[int], answers: dict[str, str]
    ) -> dict[int, str]:
        """The lines, those of an old choice's members in their order. One says something else than what its member
        becomes where that matters to the choice, and only there."""
        choice_of = self.solver.model.choice_of
        said = {
            n: LETTER[sum(holds(model, it) for it in distances.new_lines[n])] for n in lines if n in distances.new_lines
        }
        if not said:
            return lines

        def place(n: int) -> tuple[bool, int]:
            first = distances.y_first.get(choice_of[n])
            late = said[n] == "y" if first is None or not holds(model, first) else said[n] != "y"
            return late, -n if said[n] == "y" else n

        def with_members(texts: Mapping[int, str]) -> dict[int, str]:
            return {n: text for n, text in lines.items() if n not in said} | {
                n: texts[n] for n in sorted(texts, key=place)
            }

        wanted = dict(self.resolve(with_members(said), answers).lines())
        for n in [n for n, text in said.items() if text != lines[n]]:
            plain = {**said, n: lines[n]}
            if dict(self.resolve(with_members(plain), answers).lines()) == wanted:
                said = plain
        return with_members(said)

    def change(
        self,
        lines: Mapping[int, str],
        resolver: Resolver,
        proof: Proof,
        needed: Collection[int],
        start: float,
    ) -> NearestChange:
        """The change as data."""
        model = self.solver.model
        fitness = Fitness(model, self.user, self.goals, self.either)
        answers = {key: text for key, text in resolver.answers.items() if key not in self.solver.known.answers}
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
                    model.symbols[number].type == Type.STRING,
                    number in model.choice_of and self.user.tri.get(number) == LEVEL[new],
                )
            )
        return NearestChange(tuple(out), proof, time.perf_counter() - start, resolver, answers)

    def lost(self, resolver: Resolver, lines: Mapping[int, str]) -> Iterable[str]:
        """Goals, and symbols of changed lines, that a configuration with only some of the lines does not reach."""
        names = [goal.symbol for goal in self.missed(resolver)]
        names += [self.solver.model.symbols[n].name for n, text in lines.items() if resolver.text(n) != text]
        return dict.fromkeys(names)


def has(resolver: Resolver, goal: Goal) -> bool:
    """Whether a configuration reaches a goal."""
    number = resolver.model.index.get(goal.symbol)
    if number is None:
        return goal.value == "n"
    kind = resolver.model.symbols[number].type
    if kind not in (Type.BOOL, Type.TRISTATE):
        if goal.value == "n" or kind == Type.UNKNOWN or not resolver.written(number):
            return goal.value == "n" and not resolver.written(number)
        return plain(kind, resolver.text(number)) == plain(kind, goal.value)
    value = resolver.tri(number) if resolver.written(number) else 0
    return value > 0 if goal.value == "enabled" else value == LEVEL.get(goal.value)
