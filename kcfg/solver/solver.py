"""Questions about an encoded model: what is possible, and why not. `nearest` and `smallest` ask what is best.

Every configuration that comes back was resolved first: the resolver keeps it unchanged, line for line.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kcfg.kconfig.assign import UserValues, assign_member, tristate_of, valid_text
from kcfg.kconfig.model import AtomKind, Model, Type
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import LETTER
from kcfg.solver.clauses import FALSE, StatementKind, pack, unpack
from kcfg.solver.cone import part_of
from kcfg.solver.cores import Groups, shrink, with_selectors
from kcfg.solver.empty_ranges import other_bounds
from kcfg.solver.encode import encode
from kcfg.solver.encoding import Deferred, Encoding, Line
from kcfg.solver.goals import check, goal_literals, wanted_lines
from kcfg.solver.results import Configuration, Core, DriftError, Goal, Witness
from kcfg.solver.sat import Sat, holds, split
from kcfg.solver.statements import describe, sources_of
from kcfg.solver.texts import stand_ins, untold
from kcfg.solver.without import without


@dataclass(slots=True)
class Solver:
    """Questions to one encoding, which is `known`, or comes with the first question to all of it.

    `no_unmet`: no symbol may be selected over unmet dependencies. `lines`: those that it has literals for; a goal on
    an int, a hex or a string is asked of `for_goals`, which every question here does by itself.

    Raises UserError for goals that name no symbol, or a value that its type does not admit.
    """

    model: Model
    known: Encoding | Deferred
    no_unmet: bool = False
    lines: tuple[Line, ...] = ()
    _clauses: list[list[int]] = field(default_factory=list)
    _sat: Sat | None = None
    _others: dict[tuple[Line, ...], Solver] = field(default_factory=dict)

    @property
    def encoding(self) -> Encoding:
        if isinstance(self.known, Deferred):
            self.known = self.known.make()
        return self.known

    def part(self, names: Iterable[str], lines: Mapping[int, str] | None = None) -> Solver:
        """A solver for what decides these symbols alone, with the model's numbers; all of it where `no_unmet`.

        What it calls impossible is impossible, and what it calls possible is possible. `lines`: see `with_lines`.
        """
        if self.no_unmet:
            return self.with_lines(lines or {})
        part = part_of(self.model, (self.model.index[name] for name in names if name in self.model.index))
        return Solver(part, encode(part, self.known.answers, lines, self.lines), lines=self.lines)

    def with_lines(self, lines: Mapping[int, str]) -> Solver:
        """A solver that tells the texts of a user's lines, by symbol, from others where that may matter."""
        if not untold(self.model, self.encoding.domains, lines):
            return self
        return Solver(self.model, encode(self.model, self.known.answers, lines, self.lines), self.no_unmet, self.lines)

    def for_goals(self, goals: Iterable[Goal]) -> Solver:
        """A solver that has literals for these goals: itself, or one whose clauses tell more texts.

        UserError for a goal that can be none. Nothing is encoded here.
        """
        asked = tuple(goals)
        check(self.model, asked)
        more = tuple(line for line in wanted_lines(self.model, asked) if line not in self.lines)
        if not more:
            return self
        if more not in self._others:
            model, answers, lines = self.model, self.known.answers, (*self.lines, *more)
            made = Deferred(answers, lambda: encode(model, answers, wanted=lines))
            self._others[more] = Solver(model, made, self.no_unmet, lines)
        return self._others[more]

    # Literals

    def literals(self, goal: Goal) -> list[int]:
        """What is true where a goal is reached; see `goal_literals`."""
        return goal_literals(self.model, self.encoding, goal)

    def all_literals(self, goals: Iterable[Goal]) -> list[int]:
        """What is true where all goals are reached."""
        return [literal for goal in goals for literal in self.literals(goal)]

    @property
    def clauses(self) -> list[list[int]]:
        """All clauses as lists."""
        if not self._clauses:
            self._clauses = split(self.encoding.clauses)
            if self.no_unmet:
                self._clauses += split(self.encoding.unmet)
        return self._clauses

    def without(self, symbols: frozenset[int], prompts: Collection[int] = ()) -> list[list[int]]:
        """All clauses but the statements on `symbols`, and those that prompts make on the symbols in `prompts`.

        For a member of a choice, all its members are among the symbols.
        """
        if not symbols and not prompts:
            return self.clauses
        encoding = self.encoding
        marks, stated = encoding.marks.clauses, encoding.clauses[encoding.stated :]
        kept, start = encoding.clauses[: encoding.stated], 0
        ends = [*marks[3::3], len(stated)]
        for begin, group, symbol, end in zip(marks[::3], marks[1::3], marks[2::3], ends, strict=True):
            drop = symbol in symbols
            if symbol in prompts:
                drop = drop or unpack(group)[0] == StatementKind.PROMPT
            elif symbol < 0 and symbols:
                kind, index, _ = unpack(group)
                drop = kind == StatementKind.CHOICE and not symbols.isdisjoint(self.model.choices[index].members)
            if drop:
                kept += stated[start:begin]
                start = end
        return split(kept + stated[start:] + (encoding.unmet if self.no_unmet else array("i")))

    @property
    def sat(self) -> Sat:
        """The solver for queries; whoever adds to it takes variables from its own count."""
        if self._sat is None:
            self._sat = Sat(self.clauses, self.encoding.variables)
        return self._sat

    def complete(self, values: Mapping[str, str]) -> list[int]:
        """Assumptions that say that the configuration is this one; symbols without a line are n."""
        out = []
        tri: dict[int, int] = {}
        texts: dict[int, str] = {}
        enabled, yes = self.encoding.enabled, self.encoding.yes
        for number, symbol in enumerate(self.model.symbols):
            text = values.get(symbol.name)
            if symbol.definitions and Type.BOOL <= symbol.type <= Type.TRISTATE:
                level = tri[number] = tristate_of(Type.TRISTATE, text or "n") or 0
                out.append(enabled[number] if level else -enabled[number])
                if yes[number] != enabled[number]:
                    out.append(yes[number] if level == 2 else -yes[number])
                elif level == 1:
                    out.append(FALSE)
            elif text is not None and number in self.encoding.domains:
                texts[number] = text
        texts |= other_bounds(self.model, self.encoding, tri, texts, self.encoding.answers)
        return [*out, *stand_ins(self.encoding.domains, texts).values()]

    def accepts(self, values: Mapping[str, str]) -> bool:
        """Whether the clauses admit exactly this configuration (`conf --olddefconfig` keeps it)."""
        return self.sat.holds(self.complete(values))

    # Possible, and why not

    def possible(self, goals: Sequence[Goal], given: Sequence[Goal] = ()) -> Witness | Core:
        """A configuration with all goals, or why there is none. `given` is assumed besides, and part of a reason.

        Each goal is tried alone first, so that a reason never names two where one is enough.
        """
        start = time.perf_counter()
        solver = self.for_goals([*goals, *given])
        core = solver.reason(goals, given, start)
        return Witness(solver.values(solver.sat.model), time.perf_counter() - start) if core is None else core

    def reason(self, goals: Sequence[Goal], given: Sequence[Goal], start: float) -> Core | None:
        """Why the goals are impossible; None where they are possible, and `sat` has a model of them then."""
        wanted = {goal: self.literals(goal) for goal in (*goals, *given)}
        self.sat.prefer([-literal for literal in self.encoding.enabled if literal > 1])
        for goal in goals:
            if not self.sat.holds(wanted[goal]):
                return self.core([goal], start, wanted)
        if self.sat.solve([literal for literals in wanted.values() for literal in literals]):
            return None
        failing = set(self.sat.core)
        return self.core([goal for goal, literals in wanted.items() if failing & set(literals)], start, wanted)

    def core(self, goals: Sequence[Goal], start: float, besides: Iterable[Goal] = ()) -> Core:
        """A minimal set of statements that makes these goals impossible; of the goals, too.

        `besides`: what is wanted too, when it is asked whether there are other reasons.
        """
        encoding, besides = self.encoding, tuple(besides)
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
        wanted = {i: self.literals(goal) for i, goal in enumerate(goals)}
        answer = shrink(clauses, wanted, groups, self.all_literals(besides))
        if answer is None:
            raise DriftError("impossible goals are possible")
        chosen = [both[groups[one] + 1] for one in answer.selectors]
        statements = [describe(self.model, both[groups[one] + 1], both[groups[one] + 2]) for one in answer.selectors]
        more = bool(chosen) and answer.more and self.impossible_without(chosen, (*goals, *besides))
        named = tuple(goals[i] for i in answer.wanted)
        if not statements:  # a text that a symbol never has
            own = dict.fromkeys(self.model.index[goal.symbol] for goal in named)
            first = [(number, self.model.symbols[number].definitions[0]) for number in own]
            statements = [describe(self.model, pack(StatementKind.SYMBOL, d), number) for number, d in first]
        sources = sources_of(self.model, statements)
        return Core(named, tuple(statements), time.perf_counter() - start, more, sources)

    def impossible_without(self, groups: Iterable[int], goals: Sequence[Goal]) -> bool:
        """Whether it is known that goals would be impossible without the lines of these statements, too.

        A statement's clauses are not all that its line says: a dependency is part of the conditions of defaults.
        """
        model = without(self.model, groups)
        if model is None:
            return False
        other = Solver(model, encode(model, self.known.answers, wanted=self.lines), self.no_unmet, self.lines)
        return not other.sat.solve(other.all_literals(goals))

    # Configurations

    def values(
        self,
        model: Sequence[int],
        keep: Mapping[int, str] | None = None,
        read: Mapping[int, int | None] | None = None,
        lines: Mapping[int, str | None] | None = None,
    ) -> Configuration:
        """The configuration that a model of the clauses stands for, with every int, hex and string.

        `read`, `lines`: what these symbols' lines say (None: they have none) where that is not what the symbols are.

        `keep` holds texts of symbols to stay with, as far as no comparison tells them from the model's; the others are
        defaults. Raises DriftError where the resolver would change it.
        """
        encoding = self.encoding
        user = UserValues()
        wanted: dict[int, int] = {}
        for number, (_, e, y) in enumerate(zip(self.model.symbols, encoding.enabled, encoding.yes, strict=False)):
            if e != FALSE and not (read and number in read):
                wanted[number] = (holds(model, e) and 1) + (holds(model, y) and 1)
        texts = {
            atom: next(text for text, literal in domain.values if holds(model, literal))
            for atom, domain in encoding.domains.items()
        }
        kept = {number: text for number, text in (keep or {}).items() if number in encoding.domains}
        user.text.update({number: text for number, text in (keep or {}).items() if number not in kept})
        for number, literal in stand_ins(encoding.domains, kept).items():
            if holds(model, literal):
                texts[number] = kept[number]
        self.assign(user, wanted)
        user.tri.update({number: value for number, value in (read or {}).items() if value is not None})
        for number, text in texts.items():
            if number < len(self.model.symbols) and valid_text(self.model.symbols[number].type, text):
                user.text[number] = text
        for number, line in (lines or {}).items():
            texts.pop(number, None)
            user.text.pop(number, None)
            if line is not None:
                user.text[number] = line
        answers = self.free_answers(model, texts)
        swapped = other_bounds(self.model, encoding, wanted, texts, encoding.answers | answers)
        user.text.update(swapped)
        resolver = Resolver(self.model, user, encoding.answers | answers)
        ends = {number: resolver.text(number) for number in texts if number < len(self.model.symbols)}
        same = stand_ins(encoding.domains, ends)
        drift = [
            f"{self.model.symbols[number].name}={LETTER[value]}, resolved {LETTER[resolver.tri(number)]}"
            for number, value in wanted.items()
            if resolver.tri(number) != value
        ] + [
            f"{self.model.symbols[number].name}={texts[number]!r}, resolved {text!r}"
            for number, text in ends.items()
            if text != swapped.get(number, texts[number]) and (number in swapped or not holds(model, same[number]))
        ]
        if drift:
            raise DriftError(f"{len(drift)} symbols, the first: {'; '.join(drift[:5])}")
        return Configuration.of(resolver, answers)

    def assign(self, user: UserValues, wanted: dict[int, int]) -> None:
        """Set values as a .config in the order of the source would."""
        user.tri.update(wanted)
        for choice, entry in enumerate(self.model.choices):
            for member in entry.members:
                if member in wanted:
                    assign_member(self.model, user, choice, member, wanted[member])

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
        return Resolver(self.model, user, self.known.answers | answers)
