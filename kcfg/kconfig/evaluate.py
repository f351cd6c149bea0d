"""Expressions, comparisons and chains of conditions: what they are worth while symbols are computed on demand.

Follows `expr_calc_value` of scripts/kconfig/expr.c. Whoever computes symbols and choices is below, in `resolve`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kcfg.kconfig.circles import untangled
from kcfg.kconfig.deep import Deep
from kcfg.kconfig.model import TOKEN, AtomKind, Default, Model, Op, Range, Type
from kcfg.kconfig.numbers import HOLDS, constant_kind, number_prefix, order
from kcfg.kconfig.tristate import LETTER, MOD, NO, YES


class CircleError(Exception):
    """What is computed is asked for, and only seems to hang on itself."""


class Evaluation(Deep):
    """Values that are known so far, and expressions over them. `answers` maps probe keys to what they print."""

    def __init__(self, model: Model, answers: dict[str, str]) -> None:
        super().__init__()
        self.model = model
        self.answers = answers
        self._plain = False  # whether what hangs on itself is known to do so
        self.modules = NO
        self._begin(model)

    def _begin(self, model: Model) -> None:
        """Nothing is known yet. `model` is what is evaluated: the same, or an untangled one whose statements say less
        than the files do. Who explains values reads `self.model`, and is given statements of it."""
        self._model = model
        self.unmet: list[int] = []  # selected although their dependencies are not met
        count = len(model.symbols)
        self._count = count
        total = count + len(model.atoms)
        self._done = bytearray(total)
        self._busy = bytearray(count)
        self._choosing = 0
        self._tri = [NO] * total
        self._text: list[str] = [""] * total
        self._expr: list[int] = [-1] * len(model.exprs)
        self._expr[0] = YES
        self._cond: list[int] = [-1] * (len(model.conditions) + 1)
        self._cond[-1] = YES  # the empty chain: index -1
        self._load_atoms()

    def _again(self) -> None:
        """A symbol or a choice is asked for while it is computed: as in conf it is n, unless it only seems to hang on
        itself. Then the first that was asked for begins anew."""
        if not self._plain:
            if untangled(self._model) is not None:
                raise CircleError
            self._plain = True

    def _untangle(self) -> None:
        """Begins anew, with a model of which no symbol only seems to hang on itself."""
        self._plain = True
        self._begin(untangled(self._model) or self._model)

    def _calc(self, symbol: int) -> None:
        raise NotImplementedError

    def choice_value(self, choice: int) -> int:
        """A choice's own value (kernels before 6.11)."""
        raise NotImplementedError

    def expr(self, expr: int) -> int:
        """The value of an expression."""
        value = self._expr[expr]
        return value if value >= 0 else self._eval(expr)

    def cond(self, condition: int) -> int:
        """The value of a chain of conditions."""
        value = self._cond[condition]
        return value if value >= 0 else self._chain(condition)

    def defaults_of(self, definitions: Iterable[int]) -> Iterator[tuple[Default, int]]:
        """(default, its condition's value) of each default whose condition is not n, in their order."""
        for d in definitions:
            definition = self._model.definitions[d]
            for place, default in enumerate(definition.defaults):
                value = min(self.cond(definition.context), self.expr(default.cond))
                if value:
                    yield self.model.definitions[d].defaults[place], value

    def first_default(self, symbol: int) -> tuple[Default, int] | None:
        """The default that counts and its condition's value: the first that is not n (`sym_get_default_prop`)."""
        return next(self.defaults_of(self._model.symbols[symbol].definitions), None)

    def raw(self, atom: int) -> str:
        """`curr.val` of an atom: a bool's is always "n"."""
        if not self._done[atom]:
            self._calc(atom)
        if atom < self._count and self._model.symbols[atom].type in (Type.BOOL, Type.TRISTATE):
            return "n"
        return self._text[atom]

    def range_of(self, symbol: int) -> Range | None:
        """The range that applies: the first whose condition is not n."""
        for d in self._model.symbols[symbol].definitions:
            definition = self._model.definitions[d]
            for place, limits in enumerate(definition.ranges):
                if self.cond(definition.context) and self.expr(limits.cond):
                    return self.model.definitions[d].ranges[place]
        return None

    def out_of_range(self, symbol: int, text: str) -> int | None:
        """The bound (an atom) that a value is clamped to, or None where it is within its range."""
        limits = self.range_of(symbol)
        if limits is None:
            return None
        base = 16 if self._model.symbols[symbol].type == Type.HEX else 10
        value = number_prefix(text, base)
        if value < self._bound(limits.low, base):
            return limits.low
        return limits.high if value > self._bound(limits.high, base) else None

    def _bound(self, atom: int, base: int) -> int:
        kind = self._type(atom)
        base = {Type.INT: 10, Type.HEX: 16}.get(Type(kind), base)
        return number_prefix(self.raw(atom), base)

    # Atoms

    def _load_atoms(self) -> None:
        for i, atom in enumerate(self._model.atoms, self._count):
            text = atom.text
            if atom.kind == AtomKind.PROBE:
                text = self.answers.get(self._model.probes[int(text)].key, "")
            elif atom.kind == AtomKind.TEMPLATE:
                text = TOKEN.sub(lambda m: self.answers.get(self._model.probes[int(m[1])].key, ""), text)
            self._text[i] = text
            self._tri[i] = {"y": YES, "m": MOD}.get(text, NO)
            self._done[i] = 1

    def _string(self, atom: int) -> str:
        if atom < self._count and self._model.symbols[atom].type in (Type.BOOL, Type.TRISTATE):
            value = self._tri[atom]
            return "n" if value == MOD and not self.modules else LETTER[value]
        return self._text[atom]

    def _type(self, atom: int) -> int:
        if atom < self._count:
            return self._model.symbols[atom].type
        return constant_kind(self._text[atom])

    # Expressions

    def _eval(self, expr: int) -> int:
        self._depth += 1
        if self._depth >= self._floor:
            return self._elsewhere(self._eval, expr)
        it = self._model.exprs[expr]
        op, args = it.op, it.args
        memo = self._expr
        if op == Op.ATOM:
            atom = args[0]
            if not self._done[atom]:
                self._calc(atom)
            value = self._tri[atom]
        elif op == Op.AND:
            value = YES
            for arg in args:
                part = memo[arg]
                if part < 0:
                    part = self._eval(arg)
                if part < value:
                    value = part
                    if not value:
                        break
        elif op == Op.OR:
            value = NO
            for arg in args:
                part = memo[arg]
                if part < 0:
                    part = self._eval(arg)
                if part > value:
                    value = part
                    if value == YES:
                        break
        elif op == Op.NOT:
            value = YES - self.expr(args[0])
        elif op in (Op.CHOICE, Op.CHOICE_Y):
            self._depth -= 1
            value = self.choice_value(args[0])
            return value if op == Op.CHOICE or value == YES else NO
        else:
            value = YES if self._relation(op, args[0], args[1]) else NO
        memo[expr] = value
        self._depth -= 1
        return value

    def _relation(self, op: int, left: int, right: int) -> bool:
        if op <= Op.NE and right >= self._count and self._text[right] == "m" and self._type(left) == Type.BOOL:
            return op == Op.NE  # conf does not look at the symbol, which may be a member of the choice at hand
        for atom in (left, right):
            if not self._done[atom]:
                self._calc(atom)
        kinds = self._type(left), self._type(right)
        return HOLDS[op](order(self._string(left), self._string(right), kinds))

    def _chain(self, condition: int) -> int:
        links = []
        memo = self._cond
        while memo[condition] < 0:  # a loop: blocks can be nested deeper than Python's stack likes
            links.append(condition)
            condition = self._model.conditions[condition].parent
        value = memo[condition]
        for link in reversed(links):
            if value:
                value = min(value, self.expr(self._model.conditions[link].expr))
            if not self._choosing:
                memo[link] = value
        return value
