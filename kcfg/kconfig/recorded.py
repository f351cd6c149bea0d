"""The answers that a configuration records about the probes of its own build.

CC_HAS_ASM_GOTO=y says what the compiler answered. What conf has written is a set of facts: each symbol has the value of
its line (or none), each line `is not set` is that of a symbol that could be set. From these follow answers wherever one
probe alone is left to decide: a dependency, a default or its condition, one part of an alternative.
"""

from __future__ import annotations

from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.model import AtomKind, Definition, Model, Op, Symbol, Type
from kcfg.kconfig.numbers import HOLDS, constant_kind, order
from kcfg.kconfig.tristate import LETTER

SOME_TEXT = "(set)"
"""Stands for an answer of which only that it is not empty is known."""
ANY = (0, 2)


def recorded_answers(model: Model, user: UserValues, *, complete: bool, own: bool = True) -> dict[str, str]:
    """What a configuration says about the probes of its own build: probe key -> answer.

    `complete`: conf wrote it; in a fragment a missing line says nothing, and the line of a symbol with a prompt only
    asks for something. `own`: the model is of the configuration's own series; of another one, a symbol without a line
    may not have been there.
    """
    recorded = Recorded(model, user, complete=complete, absent=complete and own)
    symbols = recorded.asking_symbols()
    before = -1
    while len(recorded.answers) != before:  # an answer can be what another one hangs on
        before = len(recorded.answers)
        for number in symbols:
            recorded.read(number, model.symbols[number])
    return recorded.answers


class Recorded:
    """Reads answers out of one configuration. `absent`: a symbol without a line is n."""

    def __init__(self, model: Model, user: UserValues, *, complete: bool, absent: bool) -> None:
        self.model = model
        self.user = user
        self.complete = complete
        self.absent = absent
        self.answers: dict[str, str] = {}
        self._count = len(model.symbols)
        self._asking = bytearray(len(model.exprs))  # expressions with a probe in them

    # Which symbols

    def asking_symbols(self) -> list[int]:
        """The symbols whose definitions ask a probe."""
        model, asking = self.model, self._asking
        probes = {atom for atom, it in enumerate(model.atoms, self._count) if it.kind == AtomKind.PROBE}
        combined = frozenset((Op.AND, Op.OR, Op.NOT))
        no_atoms = frozenset((Op.CHOICE, Op.CHOICE_Y))
        for i, it in enumerate(model.exprs):
            if it.op in combined:
                for arg in it.args:
                    if asking[arg]:
                        asking[i] = 1
                        break
            elif it.op not in no_atoms and not probes.isdisjoint(it.args):
                asking[i] = 1
        chains = bytearray(len(model.conditions) + 1)
        for i, link in enumerate(model.conditions):
            chains[i] = asking[link.expr] or (link.parent >= 0 and chains[link.parent])
        asks = {
            d
            for d, it in enumerate(model.definitions)
            if chains[it.context]
            or (it.prompt is not None and (asking[it.prompt.cond] or chains[it.prompt.visible]))
            or (it.defaults and any(asking[one.value] or asking[one.cond] for one in it.defaults))
        }
        return [i for i, symbol in enumerate(model.symbols) if not asks.isdisjoint(symbol.definitions)]

    def key(self, atom: int) -> str | None:
        """The key of the probe that an atom is, None when it is anything else."""
        it = self.model.atoms[atom - self._count] if atom >= self._count else None
        return self.model.probes[int(it.text)].key if it is not None and it.kind == AtomKind.PROBE else None

    # What is known

    def bounds(self, expr: int) -> tuple[int, int]:
        """(least, greatest) value of an expression, going by the lines and the answers found so far."""
        it = self.model.exprs[expr]
        if it.op == Op.ATOM:
            return self.atom_bounds(it.args[0])
        if it.op in (Op.AND, Op.OR):
            parts = [self.bounds(arg) for arg in it.args]
            best = min if it.op == Op.AND else max
            return best(low for low, _ in parts), best(high for _, high in parts)
        if it.op == Op.NOT:
            low, high = self.bounds(it.args[0])
            return 2 - high, 2 - low
        if it.op in (Op.CHOICE, Op.CHOICE_Y):
            members = self.model.choices[it.args[0]].members
            return (2, 2) if any(self.user.tri.get(member) == 2 for member in members) else ANY
        left, right = (self.text_of(atom) for atom in it.args)
        if left is None or right is None:
            return ANY
        kinds = (self.kind(it.args[0], left), self.kind(it.args[1], right))
        return (2, 2) if HOLDS[it.op](order(left, right, kinds)) else (0, 0)

    def atom_bounds(self, atom: int) -> tuple[int, int]:
        if atom < self._count:
            symbol = self.model.symbols[atom]
            if symbol.type not in (Type.BOOL, Type.TRISTATE):
                return 0, 0
            value = self.user.tri.get(atom)
            if value is None:
                return (0, 0) if self.absent and not symbol.flags & Model.TRANSITIONAL else ANY
            return value, value
        text = self.text_of(atom)
        value = LETTER.find(text) if text is not None and len(text) == 1 else 0
        return ANY if text is None else (max(value, 0), max(value, 0))

    def text_of(self, atom: int) -> str | None:
        """The text of an atom in a comparison, None where it is not known."""
        if atom < self._count:
            kind = self.model.symbols[atom].type
            if kind == Type.UNKNOWN:
                return self.model.symbols[atom].name
            if kind not in (Type.BOOL, Type.TRISTATE):
                return self.user.text.get(atom)
            low, high = self.atom_bounds(atom)
            return LETTER[low] if low == high else None
        it = self.model.atoms[atom - self._count]
        key = self.key(atom)
        if key is not None:
            found = self.answers.get(key)
            return None if found == SOME_TEXT else found
        return it.text if it.kind == AtomKind.CONSTANT else None

    def kind(self, atom: int, text: str) -> int:
        return self.model.symbols[atom].type if atom < self._count else constant_kind(text)

    # What follows

    def hold(self, expr: int) -> None:
        """The expression is not n: what does that say?"""
        it = self.model.exprs[expr]
        if not self._asking[expr] or self.bounds(expr)[0] > 0:
            return
        if it.op == Op.ATOM:
            self.answer(it.args[0], "y")
        elif it.op == Op.AND:
            for arg in it.args:
                self.hold(arg)
        elif it.op == Op.OR:
            self.one_of(list(it.args))
        elif it.op == Op.NOT and self.two_valued(it.args[0]):
            self.fail(it.args[0])
        elif it.op in (Op.EQ, Op.NE):
            self.compared(it.args, equal=it.op == Op.EQ)

    def fail(self, expr: int) -> None:
        """The expression is n."""
        it = self.model.exprs[expr]
        if not self._asking[expr] or self.bounds(expr)[1] == 0:
            return
        if it.op == Op.ATOM:
            self.answer(it.args[0], "n")
        elif it.op == Op.OR:
            for arg in it.args:
                self.fail(arg)
        elif it.op == Op.AND:
            left = [arg for arg in it.args if self.bounds(arg)[0] == 0]
            if len(left) == 1:
                self.fail(left[0])
        elif it.op == Op.NOT:
            self.hold(it.args[0])
        elif it.op in (Op.EQ, Op.NE):
            self.compared(it.args, equal=it.op == Op.NE)

    def one_of(self, exprs: list[int]) -> None:
        """One of these is not n: where only one can be, it is."""
        if not any(self.bounds(expr)[0] for expr in exprs):
            left = [expr for expr in exprs if self.bounds(expr)[1]]
            if len(left) == 1:
                self.hold(left[0])

    def two_valued(self, expr: int) -> bool:
        """Whether an expression is y or n, and never m."""
        it = self.model.exprs[expr]
        if it.op == Op.ATOM:
            low, high = self.atom_bounds(it.args[0])
            return self.key(it.args[0]) is not None or (low == high and low != 1)
        if it.op in (Op.AND, Op.OR, Op.NOT):
            return all(self.two_valued(arg) for arg in it.args)
        return it.op not in (Op.CHOICE, Op.CHOICE_Y)

    def compared(self, atoms: tuple[int, ...], *, equal: bool) -> None:
        """A probe and a text are equal, or are not."""
        for atom, other in (atoms, atoms[::-1]):
            text = self.text_of(other)
            if self.key(atom) is not None and text is not None:
                if equal:
                    self.answer(atom, text)
                elif text == "":
                    self.answer(atom, SOME_TEXT)

    def answer(self, atom: int, text: str) -> None:
        key = self.key(atom)
        if key is not None and (text != "n" or key not in self.answers):
            self.answers[key] = text

    # Facts

    def read(self, number: int, symbol: Symbol) -> None:
        """What the value of a symbol says."""
        definitions = [self.model.definitions[d] for d in symbol.definitions]
        if symbol.type not in (Type.BOOL, Type.TRISTATE):
            if not any(it.prompt or it.ranges for it in definitions) and number in self.user.text:
                self.came_by(definitions, self.user.text[number])
            return
        value = self.user.tri.get(number)
        shown = [it for it in definitions if it.prompt is not None]
        if value:
            if not self.idle((*symbol.selected_by, *symbol.implied_by)) or (shown and not self.complete):
                return  # it may be forced, whatever it depends on; and a fragment's line is a wish
            self.one_chain(definitions)
            if not any(self.shown(it)[1] for it in shown) and number not in self.model.choice_of:
                self.came_by(definitions, value)
        elif value == 0 and not shown:
            # A line of a symbol that nobody can set is no wish, in a fragment neither.
            if self.idle((*symbol.selected_by, *symbol.implied_by)) and number not in self.model.choice_of:
                self.came_by(definitions, 0)
        elif self.complete and value == 0:
            self.visible(shown)
        elif self.absent and value is None:
            self.absence(number, symbol, definitions)

    def idle(self, selects: tuple[int, ...]) -> bool:
        """Whether none of these can be active."""
        return all(self.atom_bounds(self.model.selects[one].source)[1] == 0 for one in selects)

    def one_chain(self, definitions: list[Definition]) -> None:
        """The dependencies of one definition hold: where only one can, its do."""
        possible = [it for it in definitions if self.chain(it.context)[1]]
        if len(possible) == 1:
            for link in self.model.chain(possible[0].context):
                self.hold(link.expr)

    def visible(self, shown: list[Definition]) -> None:
        """One of the prompts is visible: where only one can be, it is."""
        possible = [it for it in shown if self.shown(it)[1]]
        if len(possible) == 1 and possible[0].prompt is not None:
            prompt = possible[0].prompt
            for start in (possible[0].context, prompt.visible):
                for link in self.model.chain(start):
                    self.hold(link.expr)
            self.hold(prompt.cond)

    def absence(self, number: int, symbol: Symbol, definitions: list[Definition]) -> None:
        """A symbol without a line: no prompt is visible, and it is n."""
        if symbol.flags & (Model.NO_WRITE | Model.TRANSITIONAL):
            return
        if any(self.shown(it)[0] for it in definitions if it.prompt is not None):
            return  # conf would have written one
        for it in definitions:
            if it.prompt is not None:
                chains = (it.context, it.prompt.visible)
                parts = [link.expr for start in chains for link in self.model.chain(start)]
                left = [expr for expr in (*parts, it.prompt.cond) if self.bounds(expr)[0] == 0]
                if len(left) == 1:
                    self.fail(left[0])
        if number not in self.model.choice_of:
            self.came_by(definitions, 0)

    def came_by(self, definitions: list[Definition], value: int | str) -> None:
        """The value is that of the first default that applies, or of none: what do their conditions say?

        Goes on while a default cannot be the one, and stops at the first that may be.
        """
        for it in definitions:
            for default in it.defaults:
                chain, cond = self.chain(it.context), self.bounds(default.cond)
                if not chain[1] or not cond[1]:
                    continue
                if self.gives(default.value, value):
                    if chain[0] and cond[0]:
                        self.took(default.value, value)
                    elif value != 0 and not self.others(definitions, it, default.line, value):
                        for link in self.model.chain(it.context):
                            self.hold(link.expr)
                        self.hold(default.cond)
                        self.took(default.value, value)
                    return
                if chain[0]:
                    self.fail(default.cond)

    def others(self, definitions: list[Definition], own: Definition, line: int, value: int | str) -> bool:
        """Whether another default, after that one, may have given the value."""
        after = False
        for it in definitions:
            for default in it.defaults:
                possible = after and self.chain(it.context)[1] and self.bounds(default.cond)[1]
                if possible and self.gives(default.value, value):
                    return True
                after |= it is own and default.line == line
        return False

    def gives(self, expr: int, value: int | str) -> bool:
        """Whether a default's value can be that."""
        it = self.model.exprs[expr]
        if isinstance(value, int):
            low, high = self.bounds(expr)
            return high > 0 if value else low == 0
        if it.op != Op.ATOM:
            return False
        text = self.text_of(it.args[0])
        return text is None or text == value

    def took(self, expr: int, value: int | str) -> None:
        """A default's value is that."""
        it = self.model.exprs[expr]
        if value == 0:
            self.fail(expr)
        elif isinstance(value, int):
            self.hold(expr)
        elif it.op == Op.ATOM:
            self.answer(it.args[0], value)

    def chain(self, condition: int) -> tuple[int, int]:
        """The bounds of a chain of conditions."""
        low, high = 2, 2
        for link in self.model.chain(condition):
            part = self.bounds(link.expr)
            low, high = min(low, part[0]), min(high, part[1])
        return low, high

    def shown(self, it: Definition) -> tuple[int, int]:
        """The bounds of a prompt's visibility."""
        assert it.prompt is not None
        parts = (self.chain(it.context), self.bounds(it.prompt.cond), self.chain(it.prompt.visible))
        return min(low for low, _ in parts), min(high for _, high in parts)
