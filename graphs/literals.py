"""What an expression speaks of: its symbols and choices, each with its sign, and whether the expression needs it.

A literal is needed when the expression cannot hold without it as far as its AND and OR structure says: all parts of a
conjunction, and of a disjunction what every part needs. The others are alternatives.
"""

from __future__ import annotations

import re

import msgspec

from kcfg.kconfig.model import Model, Op

POSITIVE, NEGATIVE = 1, -1
NUMBER = re.compile(r"-?\d+|0[xX][0-9A-Fa-f]+")  # to Kconfig an unquoted number is a symbol that nobody defines
NOTHING: frozenset[tuple[int, int]] = frozenset()
NO_TARGETS: frozenset[int] = frozenset()


class Literal(msgspec.Struct, frozen=True, gc=False):
    """`target` is a symbol's index, or len(model.symbols) plus a choice's. `sign`: -1 where it has to be n."""

    target: int
    sign: int
    alternative: bool


class LiteralReader:
    """The literals of one model's expressions; equal expressions are read once."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.symbols = len(model.symbols)
        self.constants = frozenset(
            number
            for number, symbol in enumerate(model.symbols)
            if not symbol.definitions and NUMBER.fullmatch(symbol.name)
        )
        self._found: dict[tuple[int, int], tuple[tuple[tuple[int, int], ...], frozenset[tuple[int, int]]]] = {}
        self._literals: dict[int, tuple[Literal, ...]] = {}
        self._targets: dict[int, frozenset[int]] = {}

    def literals(self, expr: int) -> tuple[Literal, ...]:
        """Each literal once, in the order of the text. Constants and probes are none."""
        known = self._literals.get(expr)
        if known is None:
            every, needed = self.read(expr, POSITIVE)
            known = tuple(Literal(target, sign, (target, sign) not in needed) for target, sign in every)
            self._literals[expr] = known
        return known

    def targets(self, expr: int) -> frozenset[int]:
        """The symbols and choices that an expression speaks of."""
        known = self._targets.get(expr)
        if known is None:
            it = self.model.exprs[expr]
            if it.op in (Op.AND, Op.OR, Op.NOT):
                known = NO_TARGETS.union(*map(self.targets, it.args))
            elif it.op in (Op.CHOICE, Op.CHOICE_Y):
                known = frozenset((self.symbols + it.args[0],))
            else:
                known = frozenset(atom for atom in it.args if self.named(atom))
            self._targets[expr] = known
        return known

    def needed(self, expr: int) -> frozenset[tuple[int, int]]:
        """The (target, sign) without which the expression is n."""
        return self.read(expr, POSITIVE)[1]

    def read(self, expr: int, sign: int) -> tuple[tuple[tuple[int, int], ...], frozenset[tuple[int, int]]]:
        """(all literals, the needed ones) of an expression, or with sign -1 of its negation."""
        key = expr, sign
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._read(expr, sign)
        return found

    def _read(self, expr: int, sign: int) -> tuple[tuple[tuple[int, int], ...], frozenset[tuple[int, int]]]:
        it = self.model.exprs[expr]
        op, args = it.op, it.args
        if op == Op.ATOM:
            return self._one(args[0], sign)
        if op == Op.NOT:
            return self.read(args[0], -sign)
        if op in (Op.AND, Op.OR):
            parts = [self.read(arg, sign) for arg in args]
            every = tuple(dict.fromkeys(literal for part in parts for literal in part[0]))
            all_hold = (op == Op.AND) == (sign == POSITIVE)
            if all_hold:
                return every, NOTHING.union(*(part[1] for part in parts))
            ways = [part[1] for arg, part in zip(args, parts, strict=True) if not self._never(arg, sign)]
            return every, frozenset.intersection(*ways) if ways else NOTHING
        if op in (Op.CHOICE, Op.CHOICE_Y):
            literal = (self.symbols + args[0], sign)
            return (literal,), frozenset((literal,))
        return self._relation(op, args, sign)

    def named(self, atom: int) -> bool:
        """Whether an atom is a symbol, and no constant or probe."""
        return atom < self.symbols and atom not in self.constants

    def _one(self, atom: int, sign: int) -> tuple[tuple[tuple[int, int], ...], frozenset[tuple[int, int]]]:
        if not self.named(atom):
            return (), NOTHING
        return ((atom, sign),), frozenset(((atom, sign),))

    def _never(self, expr: int, sign: int) -> bool:
        """Whether it is the constant n, which is no way."""
        it = self.model.exprs[expr]
        return it.op == Op.ATOM and it.args[0] >= self.symbols and self.model.atom_text(it.args[0]) == "ny"[sign < 0]

    def _relation(
        self, op: int, args: tuple[int, ...], sign: int
    ) -> tuple[tuple[tuple[int, int], ...], frozenset[tuple[int, int]]]:
        """A=n and A!=y speak of A's absence; every other comparison needs a value of both sides."""
        left, right = args
        if op in (Op.EQ, Op.NE) and right >= self.symbols and left < self.symbols:
            text = self.model.atom_text(right)
            off = (op == Op.EQ) == (text == "n") if text in ("y", "m", "n") else False
            return self._one(left, -sign if off else sign)
        every = tuple(dict.fromkeys((atom, POSITIVE) for atom in args if self.named(atom)))
        return every, frozenset(every)
