"""What it costs to get from a configuration to another one, in lines that a user has to change.

A symbol's line has to change where the symbol is visible and its value is not what its line gives (for a symbol
without a line: its default), bounded by its prompt and raised by selects. A choice counts once, unless it is one of the
old ones that can be m or n: there each of its members' lines counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.model import Choice, Model, Type
from kcfg.kconfig.numbers import plain
from kcfg.solver.choices import (
    choice_defaults,
    choice_forced,
    choice_visibility,
    pick_read,
    value_read,
)
from kcfg.solver.clauses import FALSE, TRUE
from kcfg.solver.encoding import Encoding
from kcfg.solver.literals import NEVER_ASKED, Pair
from kcfg.solver.reading import Reading
from kcfg.solver.results import Goal
from kcfg.solver.sat import holds, split
from kcfg.solver.text_rules import Limits, automatic_text, ranges_of
from kcfg.solver.texts import same_text, stand_ins


class Distances(Reading):
    """`changes` maps a symbol, or -1 - a choice, to the literal that is true where its line has to change.

    `clauses` and `variables` define these literals on top of an encoding, or of more `variables` than it has. `among`:
    only the lines of these symbols count, and the choices that they are members of.

    `read_once` has the ranges of the numbers whose values may be others than those of the written lines: a line out of
    its range counts as the bound that it is nearest to, and before 6.10 it is dropped after that.

    `dropped`: when the line of such a number is out of its range before 6.10, so that its default is written, and the
    others see the bound. `reached` has the literal of each of `asked` (goal: what is true where it is reached by what
    the others see) that is on one of these: true only where the goal is reached by what is written.

    Without a line, a default may give y where the prompt allows m: `clauses` replace what the prompts in `loose` state.
    """

    def __init__(
        self,
        model: Model,
        encoding: Encoding,
        user: UserValues,
        among: Collection[int] | None = None,
        variables: int = 0,
        asked: Mapping[Goal, Sequence[int]] | None = None,
    ) -> None:
        super().__init__(model, encoding, user, variables)
        domains = self.encoder.text.domains
        self.kept = stand_ins(domains, {n: text for n, text in user.text.items() if n in domains})
        self.loose: set[int] = set()
        self.read_once: dict[int, list[Limits]] = {}
        self.dropped: dict[int, list[int]] = {}
        self.picks: dict[int, int] = {}  # member of an old choice -> "its choice is y and this is the one"
        self.new_lines: dict[int, Pair] = {}  # member of an old choice that can be m or n -> what its new line says
        self.y_first: dict[int, int] = {}  # old choice -> "of its new lines those of y come first"
        for number in range(len(model.symbols)) if among is None else sorted(among):
            symbol = model.symbols[number]
            if symbol.flags & NEVER_ASKED or number in model.choice_of:
                continue
            if any(model.definitions[d].prompt is not None for d in symbol.definitions):
                if self.encoder.enabled[number] != FALSE:
                    self.tristate(number)
                elif number in encoding.domains:
                    self.text(number)
        for choice, entry in enumerate(model.choices):
            if entry.members and (among is None or entry.members[0] in among):
                if model.choice_values:
                    self.old_choice(choice, entry)
                else:
                    self.new_choice(choice, entry)
        self.reached = {
            goal: self.written_so(number, goal, literals)
            for goal, literals in (asked or {}).items()
            if (number := model.index.get(goal.symbol, -1)) in self.dropped
        }
        self.clauses = split(self.out.flat())
        self.variables = self.out.variables

    @property
    def read_otherwise(self) -> bool:
        """Whether the lines may come to what is read back as something else."""
        return bool(self.reread or self.loose or self.read_once)

    def picked(self, choice: int, model: Sequence[int]) -> list[int]:
        """The member of a choice that is on in a model; an old one may have others that are y by their own defaults."""
        yes = self.encoder.yes
        return [m for m in self.model.choices[choice].members if holds(model, self.picks.get(m, yes[m]))]

    # Symbols

    def tristate(self, number: int) -> None:
        """A bool or tristate outside choices."""
        encoder, out, symbol = self.encoder_of(number), self.out, self.model.symbols[number]
        asked = self.user.tri.get(number)
        e, y = encoder.enabled[number], encoder.yes[number]
        plain = not symbol.implied_by and not any(self.model.definitions[d].defaults for d in symbol.definitions)
        if plain and not symbol.selected_by and not asked:
            self.changes[number] = e  # it is n unless a line says otherwise
            return
        changed = self.changed(number)
        ve, vy = encoder.visibility(number)
        if asked is None:
            if e != y and ve != vy and ve != FALSE:  # conf bounds a line by the prompt, not a default
                self.loose.add(number)
                ry = encoder.disjunction([encoder.term(select, tristate=True) for select in symbol.selected_by])[1]
                out.add(-y, -ve, vy, ry, -changed)
            ae, ay = encoder.automatic(number)
            for literal, usual in {e: ae, y: ay}.items():  # the same for a bool
                out.add(-ve, -literal, usual, changed)
                out.add(-ve, literal, -usual, changed)
            return
        if asked == 2:
            out.add(-ve, e, changed)
            out.add(-vy, y, changed)
            return
        re, ry = encoder.disjunction([encoder.term(select, tristate=e != y) for select in symbol.selected_by])
        if asked:
            out.add(-ve, e, changed)
            out.add(-ve, -y, ry, -encoder.modules, changed)
        else:
            out.add(-ve, -e, re, changed)
            if e != y:
                out.add(-ve, -y, ry, changed)

    def text(self, number: int) -> None:
        """An int, hex or string that some comparison reads."""
        encoder, out = self.encoder_of(number), self.out
        domain = encoder.text.domains[number]
        asked = self.user.text.get(number)
        visible = encoder.visibility(number)[0]
        changed = self.changed(number)
        ranges = ranges_of(encoder, number)
        if asked is None:
            for text, causes in automatic_text(encoder, number, ranges).items():
                for cause, _, _ in causes:
                    out.add(-visible, -cause, same_text(domain, text), changed)
        else:
            for limits in ranges:
                kept = limits.clamp(domain.kind, asked)
                literal = self.kept[number] if kept == asked else same_text(domain, kept)
                out.add(-visible, -limits.active, literal, changed)
                if kept != asked and self.model.drop_out_of_range:
                    self.read_once[number] = ranges
                    self.dropped.setdefault(number, []).append(limits.active)
        if number in self.reread:
            self.read_once[number] = ranges

    def written_so(self, number: int, goal: Goal, literals: Sequence[int]) -> int:
        """A literal that is true only where a number whose line may be dropped is written as a goal asks."""
        encoder, out = self.encoder_of(number), self.out
        dropped = out.both(out.any_of(self.dropped[number]), encoder.visibility(number)[0])
        dropped = out.both(dropped, -self.changes[number])
        kind = self.model.symbols[number].type
        automatic = automatic_text(encoder, number, ranges_of(encoder, number))
        wanted = [text for text in automatic if plain(kind, text) == plain(kind, goal.value)]
        default = out.any_of(cause for text in wanted for cause, _, _ in automatic[text])
        return out.any_of((out.both(dropped, default), out.all_of((-dropped, *literals))))

    def text_lines(self, model: Sequence[int]) -> dict[int, str | None]:
        """The lines of the numbers in `read_once` and of transitional symbols in a model; None where there is none."""
        changed = {number: holds(model, self.changes[number]) for number in self.believed_texts}
        out: dict[int, str | None] = {number: self.line_of(number, model) for number in self.read_once}
        out |= dict.fromkeys(self.widened)
        return out | {n: self.empty(n) if changed[n] else text for n, text in self.believed_texts.items()}

    def line_of(self, number: int, model: Sequence[int]) -> str | None:
        """The line that gives a number of `read_once` its value in a model; None where it has none."""
        if not holds(model, self.changes[number]):
            return self.user.text.get(number)
        domain = self.encoder.text.domains[number]
        text = next(text for text, literal in domain.values if holds(model, literal))
        active = next(limits for limits in self.read_once[number] if holds(model, limits.active))
        return active.clamp(domain.kind, text)  # of an empty range the other bound, which is read as this one

    # Choices

    def new_choice(self, choice: int, entry: Choice) -> None:
        """Since 6.11, `sym_calc_choice`: the last member that was set to y and is visible, else the default unless it
        was set to n, else the first visible one without a line, else the visible one that was set first."""
        encoder, out, asked = self.encoder_of(entry.members[0]), self.out, self.user.tri
        named = self.user.members.get(choice, [])
        order = [*named, *(member for member in entry.members if member not in named)]
        shown = {member: encoder.visibility(member)[0] for member in entry.members}
        before = TRUE
        for member in order:
            if asked.get(member) == 2:
                before = self.taken(choice, before, shown[member], member)
        refused = []
        for condition, member in [
            *choice_defaults(self.believing, choice),
            *((TRUE, member) for member in entry.members),
        ]:
            if member not in shown:
                continue
            here = out.both(condition, shown[member])
            if asked.get(member) == 0:
                refused.append(out.both(before, here))
                before = out.both(before, -here)
            else:
                before = self.taken(choice, before, here, member)
        before = out.any_of(refused)
        for member in entry.members:
            if member not in asked:
                before = self.taken(choice, before, shown[member], member)
        for member in reversed(order):
            before = self.taken(choice, before, shown[member], member)

    def old_choice(self, choice: int, entry: Choice) -> None:
        """Before 6.11 a choice has a value: that of its members' lines. Once it is y, the last line of y says which."""
        encoder, out = self.encoder_of(entry.members[0]), self.out
        ce, cy = encoder.choice_e[choice], encoder.choice_y[choice]
        if entry.type == Type.UNKNOWN:
            return
        self.picks.update({m: out.both(encoder.yes[m], encoder.visibility(m)[1]) for m in entry.members})
        pick = self.changed(-1 - choice)  # one member's line is changed to y
        moved = {m: out.both(pick, self.picks[m]) for m in entry.members}
        assigned = self.user.assigned.get(choice, [])
        last = dict.fromkeys(m for m, value in reversed(assigned) if value == 2)
        if ce == cy and choice_forced(encoder, choice) == choice_visibility(encoder, choice):
            before, lines = out.both(cy, -out.any_of(moved.values())), []
        else:
            before, lines = cy, [(said, m) for m, said in self.said(choice, entry, moved).items()]
        pick_read(encoder, choice, before, [*lines, *((-moved[m], m) for m in last)])
        for m in entry.members:
            self.old_member(m, moved[m])

    def said(self, choice: int, entry: Choice, moved: dict[int, int]) -> dict[int, int]:
        """States what the members' lines make of a choice that they can turn off, or to m. Adds lines that change for
        other reasons than that they are the pick to `moved`; returns member -> "its new line says y"."""
        encoder, out = self.encoder_of(entry.members[0]), self.out
        assigned = self.user.assigned.get(choice, [])
        lines = {m: max(value for other, value in assigned if other == m) for m, _ in assigned}
        for m in entry.members:
            is_tristate = encoder.enabled[m] != encoder.yes[m]
            own = is_tristate or lines.get(m) or encoder.choice_e[choice] != encoder.choice_y[choice]
            picked, moved[m] = moved[m], out.any_of((moved[m], self.changed(m) if own else FALSE))
            y = out.var() if own else picked
            e = out.var() if own and is_tristate else y
            for clause in ((-picked, y), (-y, e), (-e, moved[m])):
                out.add(*clause)
            self.new_lines[m] = e, y
        new = {m: self.new_lines[m] for m in entry.members}
        some = [*(e for e, _ in new.values()), *(-moved[m] for m, value in lines.items() if value)]
        full = [*(y for _, y in new.values()), *(-moved[m] for m, value in lines.items() if value == 2)]
        read = value_read(encoder, choice, out.any_of(some), out.any_of(full), self.lost(choice, moved, new))
        for literal, other in zip((encoder.choice_e[choice], encoder.choice_y[choice]), read, strict=True):
            out.add(-literal, other)
            out.add(literal, -other)
        return {m: y for m, (_, y) in new.items()}

    def lost(self, choice: int, moved: Mapping[int, int], new: Mapping[int, Pair]) -> int:
        """Whether a line of m comes after one of y: the choice is then what it is without lines. New lines are the last
        ones, in whichever order is better (`y_first`)."""
        out, assigned = self.out, self.user.assigned.get(choice, [])
        at_m = {m: out.both(e, -y) for m, (e, y) in new.items()}
        found = []
        for place, (first, value) in enumerate(assigned):
            if value == 2:
                later = [out.any_of(-moved[m] for m, value in assigned[place + 1 :] if value == 1), *at_m.values()]
                found.append(out.both(-moved[first], out.any_of(later)))
        if all(literal == FALSE for literal in at_m.values()):
            return out.any_of(found)
        self.y_first[choice] = out.var()
        together = out.both(out.any_of(at_m.values()), out.any_of(y for _, y in new.values()))
        return out.any_of((*found, out.both(together, self.y_first[choice])))

    def old_member(self, member: int, moved: int) -> None:
        """A tristate member that is visible at m, as while its choice is m, has a line of its own."""
        encoder, out = self.encoder, self.out
        e, asked = encoder.enabled[member], self.user.tri.get(member)
        if e == encoder.yes[member]:
            return
        visible = encoder.visibility(member)
        at_m = out.both(visible[0], -visible[1])
        if asked is None:
            usual = out.any_of(
                out.both(first, encoder.expr(self.model.definitions[d].defaults[place].value)[0])
                for first, _, d, place in encoder.defaults(member)[0]
            )
        else:
            usual = TRUE if asked else FALSE
        moved = out.any_of((moved, self.changed(member)))
        out.add(-at_m, -e, usual, moved)
        out.add(-at_m, e, -usual, moved)
        if member in self.new_lines:
            out.add(-at_m, -e, -moved, self.new_lines[member][0])
            out.add(-at_m, e, -moved, -self.new_lines[member][0])

    def taken(self, choice: int, before: int, here: int, member: int) -> int:
        """The member is the pick where nothing `before` it is; returns where nothing is yet."""
        out = self.out
        out.add(-out.both(before, here), self.encoder.yes[member], self.changed(-1 - choice))
        return out.both(before, -here)
