"""Questions about an encoded model: what is possible, why not, what is nearest, what is smallest.

Every configuration that comes back was resolved first: `kcfg.resolve` keeps it unchanged, line for line.
"""

from __future__ import annotations

import itertools
import time
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kcfg.base.errors import UserError
from kcfg.kbuild.condition import Condition
from kcfg.kconfig.assign import UserValues, remember_member, tristate_of, valid_text
from kcfg.kconfig.model import AtomKind, Model, Type
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import LETTER
from kcfg.solver.clauses import FALSE
from kcfg.solver.cores import Groups, shrink, with_selectors
from kcfg.solver.distances import Distances
from kcfg.solver.encode import Encoder
from kcfg.solver.encoding import Encoding
from kcfg.solver.objectives import object_literals
from kcfg.solver.sat import Minimum, Sat, at_most, minimise, split
from kcfg.solver.solutions import Change, Configuration, Core, DriftError, Goal, Line, Smallest, Ways, Witness
from kcfg.solver.statements import Statement, describe
from kcfg.solver.texts import same_text

__all__ = [
    "Change",
    "Configuration",
    "Core",
    "DriftError",
    "Goal",
    "Line",
    "Smallest",
    "Solver",
    "Statement",
    "Ways",
    "Witness",
]

VALUES = ("y", "m", "n", "enabled")
LEVELS = {"n": 0, "m": 1, "y": 2}
TRIED_WAYS = 16  # combinations of alternatives that are tried for a reason


@dataclass(slots=True)
class Solver:
    """Questions to one encoding. `no_unmet`: no symbol may be selected over unmet dependencies.

    Raises UserError for goals that name no symbol, or a value that its type does not admit.
    """

    model: Model
    encoding: Encoding
    no_unmet: bool = False
    _clauses: list[list[int]] = field(default_factory=list)
    _sat: Sat | None = None
    _modules: dict[int, int] = field(default_factory=dict)  # symbol -> the literal that it is m

    # Literals

    def literal(self, goal: Goal) -> int:
        """The literal of a goal."""
        number = self.model.index.get(goal.symbol)
        if goal.value not in VALUES:
            raise UserError(f"{goal.symbol} cannot be {goal.value!r}", hint="y, m, n or enabled")
        if number is None or not self.model.symbols[number].definitions:
            if goal.value == "n":
                return -FALSE
            raise UserError(f"Linux {self.model.version} has no symbol {goal.symbol} ({self.model.arch})")
        kind = self.model.symbols[number].type
        if kind > Type.TRISTATE:
            raise UserError(f"{goal.symbol} is {Type(kind).name.lower()}, so it is never {goal.value}")
        if goal.value == "m" and kind == Type.BOOL:
            raise UserError(f"{goal.symbol} is a bool, so it is never m")
        return self.value_literals(number, goal.value)[0] if goal.value != "m" else self.module_literal(number)

    def value_literals(self, number: int, value: str) -> list[int]:
        """What is true where a bool or tristate has this value."""
        e, y = self.encoding.enabled[number], self.encoding.yes[number]
        return {"y": [y], "n": [-e], "enabled": [e], "m": [e, -y]}[value]

    def module_literal(self, number: int) -> int:
        e, y = self.encoding.enabled[number], self.encoding.yes[number]
        if e == y:
            return FALSE
        if number not in self._modules:
            self.encoding.variables += 1
            out = self._modules[number] = self.encoding.variables
            for literal in (e, -y):
                self.clauses.append([-out, literal])
                self.sat.add([-out, literal])
        return self._modules[number]

    def name(self, goals: Iterable[Goal], either: Iterable[Ways]) -> list[int]:
        """The literals of the goals. Those of the alternatives are named as well: whatever else names something on top
        of the encoding comes after.
        """
        for ways in either:
            for way in ways:
                for goal in way:
                    self.literal(goal)
        return [self.literal(goal) for goal in goals]

    @property
    def clauses(self) -> list[list[int]]:
        """All clauses as lists."""
        if not self._clauses:
            self._clauses = split(self.encoding.clauses)
            if self.no_unmet:
                self._clauses += split(self.encoding.unmet)
        return self._clauses

    @property
    def sat(self) -> Sat:
        """The solver for queries."""
        if self._sat is None:
            self._sat = Sat(self.clauses)
        return self._sat

    def complete(self, values: Mapping[str, str]) -> list[int]:
        """Assumptions that say that the configuration is this one; symbols without a line are n."""
        out = []
        enabled, yes = self.encoding.enabled, self.encoding.yes
        for number, symbol in enumerate(self.model.symbols):
            text = values.get(symbol.name)
            if symbol.definitions and Type.BOOL <= symbol.type <= Type.TRISTATE:
                level = tristate_of(Type.TRISTATE, text or "n") or 0
                out.append(enabled[number] if level else -enabled[number])
                if yes[number] != enabled[number]:
                    out.append(yes[number] if level == 2 else -yes[number])
                elif level == 1:
                    out.append(FALSE)
            elif text is not None and number in self.encoding.domains:
                out.append(same_text(self.encoding.domains[number], text))
        return out

    def accepts(self, values: Mapping[str, str]) -> bool:
        """Whether the clauses admit exactly this configuration (`conf --olddefconfig` keeps it)."""
        return self.sat.holds(self.complete(values))

    # Possible, and why not

    def possible(self, goals: Sequence[Goal], given: Sequence[Goal] = ()) -> Witness | Core:
        """A configuration with all goals, or why there is none. `given` is assumed besides, and part of a reason.

        Each goal is tried alone first, so that a reason never names two where one is enough.
        """
        start = time.perf_counter()
        wanted = {goal: self.literal(goal) for goal in (*goals, *given)}
        self.sat.prefer([-literal for literal in self.encoding.enabled if literal > 1])
        for goal in goals:
            if not self.sat.holds([wanted[goal]]):
                return self.core([goal], start)
        if self.sat.solve(list(wanted.values())):
            return Witness(self.values(self.sat.model), time.perf_counter() - start)
        failing = set(self.sat.core)
        return self.core([goal for goal, literal in wanted.items() if literal in failing], start)

    def core(self, goals: Sequence[Goal], start: float) -> Core:
        """A minimal set of statements that makes these goals impossible; of the goals, too."""
        encoding = self.encoding
        groups: Groups = {}
        known: dict[int, int] = {}
        clauses = split(encoding.clauses[: encoding.stated])
        marks = encoding.marks
        stated = split(encoding.clauses[encoding.stated :])
        found, top = with_selectors(stated, marks.clauses, 0, encoding.variables, groups, known)
        clauses += found
        both = array("q", marks.clauses)
        if self.no_unmet and marks.unmet:  # a tree may have no select
            unmet: Groups = {}
            found, top = with_selectors(split(encoding.unmet), marks.unmet, marks.unmet[0], top, unmet, known)
            clauses += found
            groups.update({selector: place + len(both) for selector, place in unmet.items()})
            both.extend(marks.unmet)
        wanted = {
            i: self.value_literals(self.model.index[goal.symbol], goal.value)
            for i, goal in enumerate(goals)
            if goal.symbol in self.model.index
        }
        answer = shrink(clauses, wanted, groups)
        if answer is None:
            raise DriftError("impossible goals are possible")
        statements = [describe(self.model, both[groups[one] + 1], both[groups[one] + 2]) for one in answer[1]]
        return Core(tuple(goals[i] for i in answer[0]), tuple(statements), time.perf_counter() - start)

    # Configurations

    def values(self, model: Sequence[int], keep: Mapping[int, str] | None = None) -> Configuration:
        """The configuration that a model of the clauses stands for, with every int, hex and string.

        `keep` holds texts of symbols to stay with, as far as no comparison tells them from the model's; the others are
        defaults. Raises DriftError where the resolver would change it.
        """
        encoding = self.encoding
        user = UserValues()
        wanted: dict[int, int] = {}
        for number, (e, y) in enumerate(zip(encoding.enabled, encoding.yes, strict=True)):
            if number == len(self.model.symbols):
                break
            if e != FALSE:
                wanted[number] = (holds(model, e) and 1) + (holds(model, y) and 1)
        texts = {
            atom: next(text for text, literal in domain.values if holds(model, literal))
            for atom, domain in encoding.domains.items()
        }
        for number, text in (keep or {}).items():
            if number not in encoding.domains:
                user.text[number] = text
            elif holds(model, same_text(encoding.domains[number], text)):
                texts[number] = text
        self.assign(user, wanted)
        for number, text in texts.items():
            if number < len(self.model.symbols) and valid_text(self.model.symbols[number].type, text):
                user.text[number] = text
        answers = self.free_answers(model, texts)
        resolver = Resolver(self.model, user, encoding.answers | answers)
        drift = [
            f"{self.model.symbols[number].name}={LETTER[value]}, resolved {LETTER[resolver.tri(number)]}"
            for number, value in wanted.items()
            if resolver.tri(number) != value
        ] + [
            f"{self.model.symbols[number].name}={text!r}, resolved {resolver.text(number)!r}"
            for number, text in texts.items()
            if number < len(self.model.symbols) and resolver.text(number) != text
        ]
        if drift:
            raise DriftError(f"{len(drift)} symbols, the first: {'; '.join(drift[:5])}")
        lines = {self.model.symbols[number].name: text for number, text in resolver.lines()}
        unmet = tuple(self.model.symbols[number].name for number in resolver.unmet)
        return Configuration(lines, answers, unmet)

    def assign(self, user: UserValues, wanted: dict[int, int]) -> None:
        """Set values as a .config in the order of the source would."""
        user.tri.update(wanted)
        for choice, entry in enumerate(self.model.choices):
            for member in entry.members:
                if member in wanted:
                    remember_member(self.model, user, choice, member, wanted[member])

    def free_answers(self, model: Sequence[int], texts: dict[int, str]) -> dict[str, str]:
        """What the probes without an answer say in a model."""
        out = {}
        for atom, it in enumerate(self.model.atoms, len(self.model.symbols)):
            if it.kind == AtomKind.PROBE:
                key = self.model.probes[int(it.text)].key
                if key not in self.encoding.answers:
                    out[key] = texts.get(atom, "y" if holds(model, self.encoding.enabled[atom]) else "n")
        return out

    def resolve(self, user: UserValues, answers: dict[str, str]) -> Resolver:
        return Resolver(self.model, user, self.encoding.answers | answers)

    # Smallest

    def smallest(
        self,
        goals: Sequence[Goal],
        *,
        given: Sequence[Goal] = (),
        either: Sequence[Ways] = (),
        objective: str = "symbols",
        expert: bool = True,
        modules: bool = True,
        timeout: float = 60.0,
        objects: Mapping[Condition, int] | None = None,
    ) -> Smallest | Core:
        """The configuration with all goals and the fewest enabled symbols, or `prompts` (enabled and visible ones).

        `given` is assumed besides. Of each of `either`, one way has to hold, all its goals. `objects` replaces the
        objective: condition -> how many object files are built under it; those that nobody can tell cost nothing.
        Without `expert` or `modules`, EXPERT or MODULES is n.
        """
        start = time.perf_counter()
        forbidden = [name for name, allowed in (("EXPERT", expert), ("MODULES", modules)) if not allowed]
        given = [*given, *(Goal(name, "n") for name in forbidden if self.model.defined(name))]
        failed = self.possible(goals, given)
        if isinstance(failed, Core):
            return failed
        units = self.name((*goals, *given), either)
        (extra, variables), soft = self.objective(objective, objects)
        extra, variables = self.alternatives(either, extra, variables)
        soft, scale = self.prefer_default_members(soft)
        left = max(1.0, timeout - (time.perf_counter() - start))
        found = minimise([*self.clauses, *extra], variables, units, soft, left)
        if found is None:
            return self.without_way(goals, given, either)
        cost, bound = found.cost // scale, found.bound // scale
        if objects is not None:
            left = max(1.0, timeout - (time.perf_counter() - start))
            found = self.with_few_symbols(found, (extra, variables), units, soft, left)
        seconds = time.perf_counter() - start
        return Smallest(self.values(found.model), cost, bound, cost == bound, seconds)

    def with_few_symbols(
        self,
        found: Minimum,
        named: tuple[list[list[int]], int],
        units: Sequence[int],
        soft: Mapping[int, int],
        timeout: float,
    ) -> Minimum:
        """Of the configurations that build no object file which this one does not, one with the fewest symbols."""
        true = set(found.model)
        stay = [literal for literal in soft if literal in true]
        (_, _), few = self.objective("symbols", None)
        few, _ = self.prefer_default_members(few)
        second = minimise([*self.clauses, *named[0]], named[1], [*units, *stay], few, timeout)
        return found if second is None else second

    def alternatives(
        self, either: Sequence[Ways], extra: list[list[int]], variables: int
    ) -> tuple[list[list[int]], int]:
        """(clauses, variables) with one way of each of `either` chosen."""
        out = list(extra)
        for ways in either:
            choosers = list(range(variables + 1, variables + 1 + len(ways)))
            variables += len(ways)
            out.append(choosers)
            for chooser, way in zip(choosers, ways, strict=True):
                out += [[-chooser, self.literal(goal)] for goal in way]
        return out, variables

    def without_way(self, goals: Sequence[Goal], given: Sequence[Goal], either: Sequence[Ways]) -> Core:
        """Why no choice among alternatives is possible: the core of the last that was tried."""
        core: Core | None = None
        for chosen in itertools.islice(itertools.product(*either), TRIED_WAYS):
            answer = self.possible([*goals, *(goal for way in chosen for goal in way)], given)
            if isinstance(answer, Core):
                core = answer
        if core is None:
            raise DriftError("the goals are possible and impossible")
        return core

    def prefer_default_members(self, soft: dict[int, int]) -> tuple[dict[int, int], int]:
        """(soft literals, scale): among the best, one whose choices are at their defaults; costs are times `scale`."""
        scale = len(self.model.choices) + 1
        scaled = {literal: weight * scale for literal, weight in soft.items()}
        base = self.resolve(UserValues(), {})
        for number, choice in enumerate(self.model.choices):
            if choice.members:
                usual = self.first_default(base, number)
                for member in choice.members:
                    literal = -self.encoding.enabled[member]
                    if member != usual and literal < -1:
                        scaled[literal] = scaled.get(literal, 0) + 1
        return scaled, scale

    def objective(
        self, objective: str, objects: Mapping[Condition, int] | None
    ) -> tuple[tuple[list[list[int]], int], dict[int, int]]:
        """((clauses that name things, variables), soft literals with weights)."""
        enabled = self.encoding.enabled
        none: list[list[int]] = []
        if objects is not None:
            encoder = Encoder.resume(self.model, self.encoding)
            soft = object_literals(encoder, objects)
            return (split(encoder.out.flat()), encoder.out.variables), soft
        count = len(self.model.symbols)
        numbers_on = [number for number in range(count) if enabled[number] > 1]
        if objective == "symbols":
            return (none, self.encoding.variables), {-enabled[number]: 1 for number in numbers_on}
        if objective != "prompts":
            raise UserError(f"no objective {objective!r}", hint="symbols or prompts")
        encoder = Encoder.resume(self.model, self.encoding)
        soft = {}
        for number in numbers_on:
            owned = encoder.out.both(encoder.visibility(number)[0], enabled[number])
            if owned != FALSE:
                soft[-owned] = soft.get(-owned, 0) + 1
        return (split(encoder.out.flat()), encoder.out.variables), soft

    # Nearest

    def nearest(
        self,
        user: UserValues,
        goals: Sequence[Goal],
        *,
        given: Sequence[Goal] = (),
        either: Sequence[Ways] = (),
        few_symbols: bool = False,
        timeout: float = 60.0,
    ) -> Change | Core:
        """The fewest lines to change in a configuration (an empty one: in the defaults) to reach all goals.

        `few_symbols`: among those changes, one that changes the fewest symbols. See `smallest` for `given`, `either`.
        """
        start = time.perf_counter()
        failed = self.possible(goals, given)
        if isinstance(failed, Core):
            return failed
        units = self.name((*goals, *given), either)
        distances = Distances(self.model, self.encoding, user)
        changes = distances.changes
        extra, variables = self.alternatives(either, distances.clauses, distances.variables)
        soft: dict[int, int] = {}
        for literal in changes.values():
            soft[-literal] = soft.get(-literal, 0) + 1
        found = minimise([*self.clauses, *extra], variables, units, soft, timeout)
        if found is None:
            return self.without_way(goals, given, either)
        if few_symbols and found.cost == found.bound:
            found = self.fewest_symbols(user, found, (extra, variables), units, soft, timeout)
        return self.change(user, found, changes, start)

    def fewest_symbols(
        self,
        user: UserValues,
        found: Minimum,
        named: tuple[list[list[int]], int],
        units: Sequence[int],
        soft: Mapping[int, int],
        timeout: float,
    ) -> Minimum:
        """Of the changes with the same number of lines, one in which the fewest symbols have another value."""
        extra, variables = named
        base = self.resolve(user, {})
        bound, variables = at_most([-literal for literal in soft], found.cost, variables)
        few: dict[int, int] = {}
        for number, symbol in enumerate(self.model.symbols):
            e = self.encoding.enabled[number]
            if e > 1 and symbol.definitions:
                few[e if base.tri(number) else -e] = 1
        second = minimise([*self.clauses, *extra, *bound], variables, units, few, timeout)
        return found if second is None else Minimum(second.model, found.cost, found.bound)

    def first_default(self, base: Resolver, choice: int) -> int:
        """The member that a choice will take once it is visible, going by its first default."""
        for d in self.model.choices[choice].definitions:
            for default in self.model.definitions[d].defaults:
                if base.expr(default.cond):
                    return self.model.exprs[default.value].args[0]
        return self.model.choices[choice].members[0]

    def change(self, user: UserValues, found: Minimum, changes: dict[int, int], start: float) -> Change:
        """The lines that lead from a configuration to a model, checked by resolving it with them."""
        target = self.values(found.model, user.text)
        wanted = {self.model.index[name]: text for name, text in target.values.items()}
        lines = {number for number, literal in changes.items() if holds(found.model, literal) and number in wanted}
        while True:
            resolver = self.resolve(self.edited(user, {number: wanted[number] for number in lines}), target.answers)
            got = dict(resolver.lines())
            missing = {
                n
                for n, text in wanted.items()
                if got.get(n) != text and resolver.visible(n) and (n not in self.model.choice_of or text != "n")
            } - lines
            if not missing:
                break
            lines |= missing
        drift = [self.model.symbols[n].name for n in wanted.keys() | got.keys() if wanted.get(n) != got.get(n)]
        if drift:
            raise DriftError(f"the changes give other values of {', '.join(sorted(drift)[:5])}")
        ordered = self.in_order(user, {number: wanted[number] for number in lines}, target.answers)
        cost = max(found.cost, len(lines))
        seconds = time.perf_counter() - start
        return Change(tuple(ordered), target, cost, found.bound, cost == found.bound, seconds)

    def edited(self, user: UserValues, lines: Mapping[int, str]) -> UserValues:
        """User values with lines put at their end."""
        out = UserValues(
            dict(user.tri),
            dict(user.text),
            dict(user.lines),
            {choice: list(members) for choice, members in user.members.items()},
            dict(user.choice_tri),
            dict(user.choice_pick),
            set(user.choice_lost),
        )
        for number, text in lines.items():
            if self.model.symbols[number].type > Type.TRISTATE:
                out.text[number] = text
                continue
            out.tri[number] = LEVELS[text]
            choice = self.model.choice_of.get(number)
            if choice is not None:
                out.choice_tri[choice] = 0
                out.choice_lost.discard(choice)
                remember_member(self.model, out, choice, number, LEVELS[text])
        return out

    def in_order(self, user: UserValues, lines: dict[int, str], answers: dict[str, str]) -> Iterable[Line]:
        """The lines in an order in which each can be set when its turn comes."""
        first = self.resolve(user, answers)
        old = {number: first.text(number) for number in lines if number in user or first.written(number)}
        left = dict(lines)
        done: dict[int, str] = {}
        resolver = first
        while left:
            ready = [n for n, text in left.items() if resolver.visible(n) >= LEVELS.get(text, 1)] or list(left)
            for number in sorted(ready):
                done[number] = left.pop(number)
                yield Line(self.model.symbols[number].name, old.get(number, ""), done[number])
            if left:
                resolver = self.resolve(self.edited(user, done), answers)


def holds(model: Sequence[int], literal: int) -> bool:
    """Whether a literal is true in a model (literal of variable v at v - 1)."""
    return model[abs(literal) - 1] == literal
