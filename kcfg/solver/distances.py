"""What it costs to get from a configuration to another one, in lines that a user has to change.

A symbol's line has to change where the symbol is visible and its value is not what its line gives (for a symbol
without a line: its default), bounded by its prompt and raised by selects. A choice counts once, unless it is one of the
old ones that can be m or n: there each of its members' lines counts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.model import Choice, Model, Op, Type
from kcfg.solver.choices import choice_visibility, encode_new_choice, visible_alone
from kcfg.solver.clauses import FALSE, TRUE
from kcfg.solver.encode import Encoder
from kcfg.solver.encoding import Encoding
from kcfg.solver.literals import NEVER_ASKED, Pair
from kcfg.solver.sat import holds, split
from kcfg.solver.text_rules import Limits, automatic_text, encode_text, ranges_of
from kcfg.solver.texts import same_text


class Distances:
    """`changes` maps a symbol, or -1 - a choice, to the literal that is true where its line has to change.

    `clauses` and `variables` define these literals on top of an encoding, or of more `variables` than it has. `among`:
    only the lines of these symbols count, and the choices that they are members of.

    `read_once` has the ranges of the numbers whose values may be others than those of the written lines: a line out of
    its range counts as the bound that it is nearest to, and before 6.10 it is dropped after that.

    Without a line, a default may give y where the prompt allows m: `clauses` replace what the prompts in `loose` state.
    Lines of transitional symbols are read once and never written again. `believed` has their values; what the symbols
    in `reread` are then hangs on these lines, so `clauses` replace the statements of the encoding on them.
    """

    def __init__(
        self,
        model: Model,
        encoding: Encoding,
        user: UserValues,
        among: Collection[int] | None = None,
        variables: int = 0,
    ) -> None:
        self.model = model
        self.user = user
        self.changes: dict[int, int] = {}
        self.encoder = Encoder.resume(model, encoding, variables)
        self.out = self.encoder.out
        self.believed: dict[int, int] = {}
        self.reread: frozenset[int] = frozenset()
        self.loose: set[int] = set()
        self.read_once: dict[int, list[Limits]] = {}
        self.believing = self.encoder
        self.transitional()
        self.reread |= self.hollow()
        self.restate()
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
        self.clauses = split(self.out.flat())
        self.variables = self.out.variables

    def changed(self, number: int) -> int:
        """The literal for "this line changes"; equal for equal numbers."""
        if number not in self.changes:
            self.changes[number] = self.out.var()
        return self.changes[number]

    # Lines of transitional symbols: read once, and never written again

    def transitional(self) -> None:
        """Sets `believed`, `reread`, and an encoder in which the lines are true as long as they do not change."""
        model = self.model
        lines = self.believed = {
            number: value
            for number, value in self.user.tri.items()
            if model.symbols[number].flags & Model.TRANSITIONAL and value
        }
        if not lines:
            return
        literals = {n: (-self.changed(n), -self.changed(n) if value == 2 else FALSE) for n, value in lines.items()}
        self.believing = self.encoder.believing(literals)
        spoken: dict[int, bool] = {}

        def tells(expr: int) -> bool:
            if expr not in spoken:
                it = model.exprs[expr]
                if it.op in (Op.AND, Op.OR, Op.NOT, Op.IS_NO):
                    spoken[expr] = any(tells(arg) for arg in it.args)
                else:
                    spoken[expr] = it.op not in (Op.CHOICE, Op.CHOICE_Y) and any(arg in lines for arg in it.args)
            return spoken[expr]

        def speaks(d: int) -> bool:
            definition = model.definitions[d]
            exprs = [link.expr for link in model.chain(definition.context)]
            exprs += [expr for default in definition.defaults for expr in (default.value, default.cond)]
            if definition.prompt is not None:
                exprs += [definition.prompt.cond, *(link.expr for link in model.chain(definition.prompt.visible))]
            return any(tells(expr) for expr in exprs)

        found = set()
        for number, symbol in enumerate(model.symbols):
            selects = [model.selects[one] for one in (*symbol.selected_by, *symbol.implied_by)]
            if (
                any(speaks(d) for d in symbol.definitions)
                or any(one.source in lines or tells(one.cond) or speaks(one.definition) for one in selects)
            ) and number not in lines:
                found.add(number)
        for entry in model.choices:
            if found.intersection(entry.members) or any(speaks(d) for d in entry.definitions):
                found.update(entry.members)
        self.reread = frozenset(found)

    def restate(self) -> None:
        """The statements on the symbols in `reread`, for the lines as they are read."""
        model, encoder = self.model, self.believing
        for number in sorted(self.reread):
            if model.symbols[number].type > Type.TRISTATE:
                if number in encoder.text.domains:
                    encode_text(encoder, number, once=True)
            elif number not in model.choice_of and encoder.enabled[number] != FALSE:
                encoder.symbol(number, model.symbols[number])
        for choice, entry in enumerate(model.choices):
            if self.reread.intersection(entry.members):
                encode_new_choice(encoder, choice)

    def hollow(self) -> set[int]:
        """Numbers that a user may set, and of which a range may be empty."""
        encoder = self.encoder
        return {
            number
            for number in encoder.text.domains
            if encoder.text.asked(number)
            and encoder.text.may_be_out_of_range(number)
            and any(limits.empty for limits in ranges_of(encoder, number))
        }

    def encoder_of(self, number: int) -> Encoder:
        """What the symbol's conditions are encoded with."""
        return self.believing if number in self.reread else self.encoder

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
            for literal, usual in ((e, ae), (y, ay))[: 1 if e == y else 2]:
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
                out.add(-visible, -limits.active, same_text(domain, kept), changed)
                if kept != asked and self.model.drop_out_of_range:
                    self.read_once[number] = ranges
        if number in self.reread:
            self.read_once[number] = ranges

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
        for condition, member in [*self.defaults(entry), *((TRUE, member) for member in entry.members)]:
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
        """Before 6.11: a choice that is y keeps the last member that was set to y and is visible, else it takes its
        default. Without a line it is n where that is possible, or m."""
        encoder, out = self.encoder, self.out
        ce, cy = encoder.choice_e[choice], encoder.choice_y[choice]
        if entry.type == Type.UNKNOWN:
            return
        lost = self.lost(choice)
        asked = 0 if lost != FALSE else self.user.choice_tri.get(choice, 0)
        shown = {member: encoder.visibility(member)[1] for member in entry.members}
        visible = self.visible(choice, entry)
        forced = not entry.optional and ce == cy  # a bool that is visible is y
        before = cy
        if asked < 2 and not forced:
            possible = FALSE if entry.optional else -encoder.modules
            if asked == 1:
                possible = -encoder.modules if ce != cy else TRUE
            if lost != FALSE:
                out.add(-lost, -ce if entry.optional else -cy, possible)
                possible = out.any_of((possible, -lost))
            if possible != TRUE:
                out.add(-cy, possible, self.changed(-1 - choice))
                before = out.both(cy, possible)
        picked = self.user.choice_pick.get(choice)
        if picked is not None:
            before = self.taken(choice, before, shown[picked], picked)
        for condition, member in [*self.defaults(entry), *((TRUE, member) for member in entry.members)]:
            if member in shown:
                before = self.taken(choice, before, out.both(condition, shown[member]), member)
        most: dict[int, int] = {}  # of several lines, the choice remembers the highest
        for member, value in self.user.assigned.get(choice, ()):
            most[member] = max(value, most.get(member, 0))
        possible = out.any_of(visible_alone(encoder, choice, member) for member in entry.members)
        # a choice that is to be y is n where no member can be y
        void = [out.both(encoder.visibility(member)[0], encoder.enabled[member]) for member in entry.members]
        nothing = out.all_of((-possible, *(-literal for literal in void)))
        stays = out.any_of(-self.changed(member) for member, value in most.items() if value == 2)
        off = out.all_of((-possible, visible[1], stays, -lost))
        if entry.optional and ce != cy:  # a default of a member's own does not make its choice m
            lines = [out.both(self.changed(member), encoder.enabled[member]) for member in entry.members]
            out.add(-ce, cy, *lines, *(-self.changed(member) for member, value in most.items() if value))
        for member in () if forced else entry.members:
            if most.get(member, 0):
                # a line keeps its choice from being less than it says; an m after it makes it what it is without lines
                if most[member] == 2:
                    loses = entry.type == Type.TRISTATE and not entry.optional
                    others = [other for other in entry.members if other != member and loses]
                    later = [out.both(self.changed(other), encoder.enabled[other]) for other in others]
                    out.add(-visible[1], cy, self.changed(member), nothing, lost, *later)
                if entry.optional:
                    out.add(-visible[0], ce, self.changed(member), nothing, lost)
            self.old_member(member, (out.both(ce, -off), cy))

    def lost(self, choice: int) -> int:
        """Whether a line of m comes after one of y: the choice is then what it is without lines."""
        out, yes = self.out, self.encoder.yes
        if choice not in self.user.choice_lost:
            return FALSE
        assigned = self.user.assigned[choice]
        pick = self.changed(-1 - choice)
        stays = {m: out.all_of((-self.changed(m), -out.both(pick, yes[m]))) for m, _ in assigned}
        found = []
        for place, (first, value) in enumerate(assigned):
            if value == 2:
                found += [out.both(stays[first], stays[m]) for m, later in assigned[place + 1 :] if later == 1]
        return out.any_of(found)

    def old_member(self, member: int, choice: Pair) -> None:
        """While its choice is m, a tristate member has a line of its own."""
        encoder, out = self.encoder, self.out
        e, asked = encoder.enabled[member], self.user.tri.get(member)
        if e == encoder.yes[member]:
            return
        at_m = out.all_of((choice[0], -choice[1], encoder.visibility(member)[0]))
        if asked is None:
            usual = out.any_of(
                out.both(first, encoder.expr(self.model.definitions[d].defaults[place].value)[0])
                for first, _, d, place in encoder.defaults(member)[0]
            )
        else:
            usual = TRUE if asked else FALSE
        out.add(-at_m, -e, usual, self.changed(member))
        out.add(-at_m, e, -usual, self.changed(member))

    def visible(self, choice: int, entry: Choice) -> Pair:
        """What the choice's own prompts allow, as its type and MODULES have it."""
        e, y = choice_visibility(self.encoder, choice)
        if entry.type != Type.TRISTATE:
            return e, e
        return e, self.out.any_of((y, self.out.both(e, -self.encoder.modules)))

    def defaults(self, entry: Choice) -> list[tuple[int, int]]:
        """(condition, member) of a choice's defaults."""
        encoder, model = self.believing, self.model
        found = []
        for d in entry.definitions:
            definition = model.definitions[d]
            for default in definition.defaults:
                both = encoder.conjunction(encoder.context(definition.context), encoder.expr(default.cond))
                found.append((both[0], model.exprs[default.value].args[0]))
        return found

    def taken(self, choice: int, before: int, here: int, member: int) -> int:
        """The member is the pick where nothing `before` it is; returns where nothing is yet."""
        out = self.out
        out.add(-out.both(before, here), self.encoder.yes[member], self.changed(-1 - choice))
        return out.both(before, -here)
