"""The fewest lines to change in a configuration, so that it reaches all goals; of as few lines the fittest ones."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.model import Type
from kcfg.kconfig.numbers import plain
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import LETTER, LEVEL
from kcfg.solver.distances import Distances
from kcfg.solver.edits import edited, in_order
from kcfg.solver.fitness import Fitness
from kcfg.solver.question import Question, only_one
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
from kcfg.solver.rivals import fewest_of_all, gentlest
from kcfg.solver.sat import Minimum, SatProblem, at_most, holds, minimise
from kcfg.solver.smallest import alternatives, without_way
from kcfg.solver.solver import Solver
from kcfg.solver.ties import as_before, at_the_end, in_all, lines_worsened, values_now

ROUNDS = 8  # to complete a set of lines that the clauses took for enough
MANY = 10  # lines: where more are worse off, it is not asked whether they could be fewer


def nearest(
    solver: Solver,
    user: UserValues,
    goals: Sequence[Goal],
    *,
    given: Sequence[Goal] = (),
    either: Sequence[Alternatives] = (),
    few_symbols: bool = False,
    timeout: float = 60.0,
    base: Resolver | None = None,
) -> NearestChange | Core:
    """The fewest lines to change in a configuration (an empty one: in the defaults) to reach all goals.

    Of the changes with so few lines, one that leaves alone what `Fitness` says. `few_symbols`: of those that change the
    fewest lines of EXPERT, MODULES and COMPILE_TEST which no goal names, one that gives the fewest bools and tristates
    another value (n without a line is n); what else `Fitness` says decides among these alone. See `smallest` for
    `given`, `either`. `base`: the configuration's resolver, where there is one already.
    """
    wanted = (*goals, *given)
    solver = solver.for_goals(all_goals(wanted, either))
    if base is None or base.user is not user or base.answers != solver.known.answers:
        base = solver.resolve(user, {})
    return Search(solver, user, wanted, either, base).run(goals, given, few_symbols, timeout)


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
    base: Resolver

    def run(
        self, goals: Sequence[Goal], given: Sequence[Goal], few_symbols: bool, timeout: float
    ) -> NearestChange | Core:
        """See `nearest`."""
        start = time.perf_counter()
        base = self.base
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
            needed = set() if given else in_all(found, needed, part.encoding, self.named)
            proof = Proof(found.cost, max(found.bound, 1), found.out_of_time)  # without a change it was not reached
            worst, *others = self.worse(base, question, question.open(found))
            avoided = self.start_from(base, found, question).refine(worst)
            if failed is not None:  # no configuration that stays does it
                self.completed(found.model, question, (), proof, start).check()
                return failed
            alone, fit = only_one(question, found), found.kept()
            for literals in others:
                found.refine(literals, MANY)

            def complete(model: Sequence[int]) -> NearestChange:
                return self.completed(model, question, needed, proof, start)

            change = complete(found.model)
            if found.out_of_time or alone or (given and not few_symbols):
                return replace(change, fittest=not (found.out_of_time or found.stopped))
            found.keep(fit)
            if not few_symbols:
                return gentlest(change, self.user, base, found, question, complete)
            fewest = fewest_of_all(change, base, found, question, complete, others)
            if fewest is not None:
                return fewest
            whole = self.question(self.solver.with_lines(self.user.text))
            left = max(1.0, timeout - (time.perf_counter() - start))
            second = self.fewest_symbols(whole, question, found, avoided, base, left)
            if second is None:
                return replace(change, fittest=False)
            best = second
            for literals in self.worse(base, whole, whole.open(second))[1:]:
                best.refine(literals, MANY)
            known = not (second.out_of_time or second.stopped or found.stopped)
            return replace(self.completed(best.model, whole, needed, proof, start), fittest=known)
        finally:
            best.close()
            found.close()

    def question(self, solver: Solver) -> Question:
        """The goals and the distances to reach them, in all of the model or in a part of it."""
        known = {goal: solver.literals(goal) for goal in self.asked}
        distances = Distances(solver.model, solver.encoding, self.user, asked=known)
        known |= {goal: [literal] for goal, literal in distances.reached.items()}
        clauses, variables = alternatives(known, self.either, (distances.clauses, distances.variables))
        soft: dict[int, int] = {}
        for literal in distances.changes.values():
            soft[-literal] = soft.get(-literal, 0) + 1
        hard = [*solver.without(distances.reread, distances.loose), *clauses]
        wanted = [literal for goal in self.goals for literal in known[goal]]
        return Question(solver, distances, SatProblem(hard, variables, wanted, soft))

    @property
    def asked(self) -> list[Goal]:
        """All goals, those of alternatives among them."""
        return all_goals(self.goals, self.either)

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
            for value in ("y", "m") if goal.value == "enabled" and not goal.is_text else (goal.value,):
                if goal.is_off and base.model.symbols[number].type > Type.TRISTATE:
                    continue  # no line of its own takes its line away
                if number >= 0 and (base.visible(number) or self.may_be_off(number, value)):
                    resolver = self.resolve({number: value}, {})
                    if self.reached(resolver) and is_settled(resolver):
                        return {number: value}, resolver
        return None

    def may_be_off(self, number: int, value: str) -> bool:
        """Whether a line of a symbol that nobody can set may do all the same: n, or a member that gives way."""
        model = self.solver.model
        return number in model.choice_of or (value == "n" and model.symbols[number].type <= Type.TRISTATE)

    def worse(self, base: Resolver, question: Question, keys: Iterable[int]) -> list[list[int]]:
        """What should rather not be so, the worst first. `keys`: the lines that the changes may have."""
        fitness = Fitness(self.solver.model, self.user, self.goals, self.either, base)
        world, *rest = [[literal for key, literal in question.changes.items() if test(key)] for test in fitness.tests()]
        return [world, lines_worsened(base, self.user, question.solver.encoding, keys, fitness.goals), *rest]

    @property
    def named(self) -> set[int]:
        """The symbols that goals want one value of; those of alternatives are only ways."""
        return {self.solver.model.index.get(goal.symbol, -1) for goal in self.goals if goal.value != "enabled"}

    def start_from(self, base: Resolver, found: Minimum, question: Question) -> Minimum:
        """Lets a minimum try the present values first."""
        found.prefer(values_now(base, question.solver.encoding))
        found.again(())
        return found

    def fewest_symbols(
        self, whole: Question, part: Question, found: Minimum, avoided: int, base: Resolver, timeout: float
    ) -> Minimum | None:
        """Of the changes that the part has found, those which give the fewest symbols of the whole another value."""
        named, few = as_before(base, whole.solver.encoding, whole.problem.variables)
        keys = part.open(found)
        clauses, variables = at_most([whole.changes[key] for key in keys], found.cost, named[1])
        worst = set(self.worse(base, part, ())[0])
        worst_keys = [key for key in keys if part.changes[key] in worst]
        if worst_keys:
            more, variables = at_most([whole.changes[key] for key in worst_keys], avoided, variables)
            clauses += more
        closed = set(whole.changes.values()) - {whole.changes[key] for key in keys}
        problem = whole.problem
        units = [*problem.units, *(-literal for literal in closed)]
        return minimise(SatProblem([*problem.clauses, *named[0], *clauses], variables, units, few), timeout)

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
        fitness = Fitness(model, self.user, self.goals, self.either, self.base)
        answers = {key: text for key, text in resolver.answers.items() if key not in self.solver.known.answers}
        out = []
        last = at_the_end(model, self.user, lines, resolver)
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
                    moves=number in model.choice_of and self.user.tri.get(number) == LEVEL[new],
                    last=number in last,
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
        return goal.is_off
    kind = resolver.model.symbols[number].type
    if kind not in (Type.BOOL, Type.TRISTATE):
        if not goal.is_text or kind == Type.UNKNOWN or not resolver.written(number):
            return goal.is_off and not resolver.written(number)
        return plain(kind, resolver.text(number)) == plain(kind, goal.value)
    value = resolver.tri(number) if resolver.written(number) else 0
    return value > 0 if goal.value == "enabled" else value == LEVEL.get(goal.value)
