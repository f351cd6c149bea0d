"""What it costs to get from a configuration to another one, in lines that a user has to change.

A symbol's line has to change where the symbol is visible and its value is not what its line gives (for a symbol without
a line: its default), bounded by its prompt and raised by selects. A choice counts once.
"""

from __future__ import annotations

from collections.abc import Collection

from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.model import Model
from kcfg.solver.clauses import FALSE, TRUE
from kcfg.solver.encode import Encoder
from kcfg.solver.encoding import Encoding
from kcfg.solver.literals import NEVER_ASKED
from kcfg.solver.sat import split
from kcfg.solver.text_rules import automatic_text, ranges_of
from kcfg.solver.texts import same_text


class Distances:
    """`changes` maps a symbol, or -1 - a choice, to the literal that is true where its line has to change.

    `clauses` and `variables` define these literals on top of an encoding. `among`: only the lines of these symbols
    count, and the choices that they are members of.
    """

    def __init__(
        self, model: Model, encoding: Encoding, user: UserValues, among: Collection[int] | None = None
    ) -> None:
        self.model = model
        self.user = user
        self.changes: dict[int, int] = {}
        self.encoder = Encoder.resume(model, encoding)
        self.out = self.encoder.out
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
            if among is None or not entry.members or entry.members[0] in among:
                self.choice(choice)
        self.clauses = split(self.out.flat())
        self.variables = self.out.variables

    def changed(self, number: int) -> int:
        """The literal for "this line changes"; equal for equal numbers."""
        if number not in self.changes:
            self.changes[number] = self.out.var()
        return self.changes[number]

    def tristate(self, number: int) -> None:
        """A bool or tristate outside choices."""
        encoder, out, symbol = self.encoder, self.out, self.model.symbols[number]
        asked = self.user.tri.get(number)
        e, y = encoder.enabled[number], encoder.yes[number]
        plain = not symbol.implied_by and not any(self.model.definitions[d].defaults for d in symbol.definitions)
        if plain and not symbol.selected_by and not asked:
            self.changes[number] = e  # it is n unless a line says otherwise
            return
        changed = self.changed(number)
        ve, vy = encoder.visibility(number)
        if asked is None:
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
        encoder = self.encoder
        domain = encoder.text.domains[number]
        asked = self.user.text.get(number)
        visible = encoder.visibility(number)[0]
        changed = self.changed(number)
        if asked is not None:
            self.out.add(-visible, same_text(domain, asked), changed)
            return
        literals = dict(domain.values)
        for text, causes in automatic_text(encoder, number, ranges_of(encoder, number)).items():
            for cause, _, _ in causes:
                self.out.add(-visible, -cause, literals[text], changed)

    def choice(self, choice: int) -> None:
        """A choice keeps the last member that was set to y and is visible, else it takes its default."""
        encoder, out, model = self.encoder, self.out, self.model
        entry = model.choices[choice]
        if model.choice_values:
            picked = self.user.choice_pick.get(choice)
            asked = [] if picked is None else [picked]
        else:
            asked = [m for m in self.user.members.get(choice, []) if self.user.tri.get(m) == 2]
        shown = {m: encoder.visibility(m)[1 if model.choice_values else 0] for m in entry.members}
        order: list[tuple[int, int]] = [(TRUE, member) for member in asked]
        for d in entry.definitions:
            definition = model.definitions[d]
            for default in definition.defaults:
                member = model.exprs[default.value].args[0]
                condition = encoder.conjunction(encoder.context(definition.context), encoder.expr(default.cond))[0]
                order.append((condition, member))
        order += [(TRUE, member) for member in entry.members]
        before = TRUE
        for condition, member in order:
            if member in shown:
                here = out.both(condition, shown[member])
                out.add(-out.both(before, here), encoder.yes[member], self.changed(-1 - choice))
                before = out.both(before, -here)
