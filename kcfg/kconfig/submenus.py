"""Which entries of a choice conf takes for a submenu of the entry before, so that they are no members (before 6.11).

`menu_finalize` decides that on expressions as `expr_transform` and `expr_eliminate_dups` have rewritten them, which is
no matter of logic: what is equal to a person may not be equal to them. So they are followed step by step, here alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kcfg.kconfig.model import RELATIONS, Op, Type

CHOICE = 1 << 40
"""Added to a choice's number where an operand is a choice."""
FLIPPED = {Op.EQ: Op.NE, Op.NE: Op.EQ, Op.LE: Op.GT, Op.GE: Op.LT, Op.LT: Op.GE, Op.GT: Op.LE}


@dataclass(slots=True, eq=False)
class MutableExpr:
    """An expression that is rewritten in place. `atoms`: one of ATOM, two of a comparison; `parts`: the others'."""

    op: int
    atoms: tuple[int, ...] = ()
    parts: tuple[MutableExpr, ...] = ()

    def become(self, other: MutableExpr) -> None:
        self.op, self.atoms, self.parts = other.op, other.atoms, other.parts

    def copy(self) -> MutableExpr:
        return MutableExpr(self.op, self.atoms, tuple(part.copy() for part in self.parts))


def both(nodes: Sequence[MutableExpr]) -> MutableExpr | None:
    """Their conjunction, None for none."""
    out: MutableExpr | None = None
    for node in nodes:
        out = node if out is None else MutableExpr(Op.AND, (), (out, node))
    return out


@dataclass(frozen=True, slots=True)
class Submenus:
    """Rewrites expressions. `type_of`: an operand's type; `y`, `m`, `n`: the constants, which are negative numbers."""

    exprs: Sequence[tuple[int, tuple[int, ...]]]
    type_of: Callable[[int], int]
    y: int
    m: int
    n: int

    # Nodes

    def node(self, expr: int) -> MutableExpr:
        """An expression of the tables."""
        op, args = self.exprs[expr]
        if op == Op.CHOICE:
            return MutableExpr(Op.ATOM, (CHOICE + args[0],))
        if op == Op.ATOM or op in RELATIONS:
            return MutableExpr(op, args)
        if op == Op.NOT:
            return MutableExpr(op, (), (self.node(args[0]),))
        out = self.node(args[0])
        for arg in args[1:]:
            out = MutableExpr(op, (), (out, self.node(arg)))
        return out

    def constant(self, atom: int) -> MutableExpr:
        return MutableExpr(Op.ATOM, (atom,))

    def within(self, outer: MutableExpr, inner: MutableExpr | None) -> MutableExpr:
        """What holds inside a block: its own condition after that of the block."""
        return self.joined(
            outer.copy() if inner is None else MutableExpr(Op.AND, (), (outer.copy(), self.simple(inner)))
        )

    def belongs(self, dependency: MutableExpr, symbol: int, prompt: MutableExpr | None) -> bool:
        """Whether what has this dependency goes below a symbol with this prompt (None: it has no prompt)."""
        if not mentions(dependency, symbol):
            return False
        if self.needs(dependency, symbol):
            return True
        if prompt is None:
            return True
        own = self.joined(self.simple(self.compared(dependency, Op.NE)))
        rest = self.joined(self.simple(self.compared(prompt, Op.NE)))
        self.cancel(own, rest)
        return self.is_constant(rest, self.y)

    def needs(self, node: MutableExpr, symbol: int) -> bool:
        """expr_depends_symbol"""
        if node.op == Op.AND:
            return any(self.needs(part, symbol) for part in node.parts)
        if node.op == Op.ATOM:
            return node.atoms[0] == symbol
        if node.op == Op.EQ:
            return node.atoms[0] == symbol and node.atoms[1] in (self.y, self.m)
        return node.op == Op.NE and node.atoms == (symbol, self.n)

    def is_constant(self, node: MutableExpr, atom: int) -> bool:
        return node.op == Op.ATOM and node.atoms[0] == atom

    # Rewriting

    def simple(self, node: MutableExpr) -> MutableExpr:
        """expr_transform"""
        node = MutableExpr(node.op, node.atoms, tuple(self.simple(part) for part in node.parts))
        if node.op in (Op.EQ, Op.NE) and self.type_of(node.atoms[0]) == Type.BOOL:
            symbol, value = node.atoms
            if value == self.m:
                return self.constant(self.n if node.op == Op.EQ else self.y)
            if value in (self.y, self.n):
                plain = self.constant(symbol)
                return plain if (value == self.y) == (node.op == Op.EQ) else MutableExpr(Op.NOT, (), (plain,))
        if node.op != Op.NOT:
            return node
        part = node.parts[0]
        if part.op == Op.NOT:
            return self.simple(part.parts[0])
        if part.op in FLIPPED:
            return MutableExpr(FLIPPED[Op(part.op)], part.atoms)
        if part.op in (Op.AND, Op.OR):
            negated = tuple(MutableExpr(Op.NOT, (), (it,)) for it in part.parts)
            return self.simple(MutableExpr(Op.OR if part.op == Op.AND else Op.AND, (), negated))
        opposite = {self.y: self.n, self.m: self.m, self.n: self.y}.get(part.atoms[0])
        return node if opposite is None else self.constant(opposite)

    def compared(self, node: MutableExpr, op: Op) -> MutableExpr:
        """expr_trans_compare with n"""
        if node.op == Op.NOT:
            return self.compared(node.parts[0], Op.NE if op == Op.EQ else Op.EQ)
        if node.op in (Op.AND, Op.OR):
            parts = tuple(self.compared(part, Op.EQ) for part in node.parts)
            node = MutableExpr(Op.OR if node.op == Op.AND else Op.AND, (), parts)
            return MutableExpr(Op.NOT, (), (node,)) if op == Op.NE else node
        if node.op == Op.ATOM:
            return MutableExpr(op, (node.atoms[0], self.n))
        return node.copy() if op == Op.NE else MutableExpr(Op.NOT, (), (node.copy(),))

    def without_constants(self, node: MutableExpr) -> None:
        """expr_eliminate_yn"""
        if node.op not in (Op.AND, Op.OR):
            return
        for part in node.parts:
            self.without_constants(part)
        keeps, decides = (self.y, self.n) if node.op == Op.AND else (self.n, self.y)
        for part, other in (node.parts, node.parts[::-1]):
            if self.is_constant(part, decides):
                node.become(self.constant(decides))
                return
            if self.is_constant(part, keeps):
                node.become(other)
                return

    def equal(self, a: MutableExpr, b: MutableExpr) -> bool:
        """expr_eq"""
        if a.op != b.op:
            return False
        if a.op == Op.NOT:
            return self.equal(a.parts[0], b.parts[0])
        if a.op not in (Op.AND, Op.OR):
            return a.atoms == b.atoms
        a, b = a.copy(), b.copy()
        self.cancel(a, b)
        return a.op == b.op == Op.ATOM and a.atoms == b.atoms

    def cancel(self, a: MutableExpr, b: MutableExpr) -> None:
        """expr_eliminate_eq: what both have is gone from both."""
        if a.op in (Op.AND, Op.OR):
            self.cancel_operands(a.op, a, b)
        if a.op != b.op and b.op in (Op.AND, Op.OR):
            self.cancel_operands(b.op, a, b)
        self.without_constants(a)
        self.without_constants(b)

    def cancel_operands(self, op: int, a: MutableExpr, b: MutableExpr) -> None:
        if a.op == op or b.op == op:
            for part in a.parts if a.op == op else b.parts:
                self.cancel_operands(op, *((part, b) if a.op == op else (a, part)))
            return
        if a.op == b.op == Op.ATOM and a.atoms == b.atoms and a.atoms[0] in (self.y, self.n):
            return
        if self.equal(a, b):
            a.become(self.constant(self.n if op == Op.OR else self.y))
            b.become(a)

    def joined(self, node: MutableExpr) -> MutableExpr:
        """expr_eliminate_dups; changes its argument."""
        while node.op in (Op.AND, Op.OR) and self.join_operands(node.op, node, node):
            self.without_constants(node)
        return node

    def join_operands(self, op: int, a: MutableExpr, b: MutableExpr) -> int:
        """How many operands were joined with others."""
        if a.op == op:
            left, right = a.parts
            return self.join_operands(op, left, b) + self.join_operands(op, right, b)
        if b.op == op:
            left, right = b.parts
            return self.join_operands(op, a, left) + self.join_operands(op, a, right)
        if a is b:
            return 0
        count = self.join_operands(a.op, a, a) if a.op in (Op.AND, Op.OR) else 0
        found = self.either(a, b) if op == Op.OR else self.all_of(a, b)
        if found is not None:
            a.become(self.constant(self.n if op == Op.OR else self.y))
            b.become(found)
            count += 1
        return count

    def subject(self, a: MutableExpr, b: MutableExpr) -> int | None:
        """The symbol that two operands speak of, where it is the same bool or tristate."""
        found = []
        for node, kinds in ((a, (Op.ATOM, Op.EQ, Op.NE)), (b, (Op.ATOM,))):
            plain = node
            if node.op == Op.NOT:
                plain = node.parts[0]
                if plain.op not in kinds:
                    return None
            elif node.op not in (Op.ATOM, Op.EQ, Op.NE):
                return None
            found.append(plain.atoms[0])
        same = found[0] == found[1] and self.type_of(found[0]) in (Type.BOOL, Type.TRISTATE)
        return found[0] if same else None

    def either(self, a: MutableExpr, b: MutableExpr) -> MutableExpr | None:
        """expr_join_or"""
        if self.equal(a, b):
            return a.copy()
        symbol = self.subject(a, b)
        if symbol is None:
            return None
        if self.type_of(symbol) == Type.TRISTATE and a.op == b.op == Op.EQ:
            missing = {self.y, self.m, self.n} - {a.atoms[1], b.atoms[1]}
            return MutableExpr(Op.NE, (symbol, missing.pop())) if len(missing) == 1 else None
        if self.type_of(symbol) == Type.BOOL:
            for one, other in ((a, b), (b, a)):
                if one.op == Op.NOT and one.parts[0].op == Op.ATOM and other.op == Op.ATOM:
                    return self.constant(self.y)
        return None

    def all_of(self, a: MutableExpr, b: MutableExpr) -> MutableExpr | None:
        """expr_join_and"""
        if self.equal(a, b):
            return a.copy()
        symbol = self.subject(a, b)
        if symbol is None:
            return None
        for one, other in ((a, b), (b, a)):
            if one.op == Op.ATOM and len(other.atoms) == 2:
                found = {
                    (Op.EQ, self.y): MutableExpr(Op.EQ, (symbol, self.y)),
                    (Op.NE, self.n): self.constant(symbol),
                    (Op.NE, self.m): MutableExpr(Op.EQ, (symbol, self.y)),
                }.get((Op(other.op), other.atoms[1]))
                if found is not None:
                    return found
        if self.type_of(symbol) != Type.TRISTATE:
            return None
        for one, other in ((a, b), (b, a)):
            if one.op == Op.EQ and other.op == Op.NE and one.atoms[1] < 0 and other.atoms[1] < 0:
                return self.constant(self.n) if one.atoms[1] == other.atoms[1] else MutableExpr(Op.EQ, one.atoms)
        if a.op == b.op == Op.NE:
            given = {a.atoms[1], b.atoms[1]}
            for pair, left in (((self.y, self.n), self.m), ((self.y, self.m), self.n), ((self.m, self.n), self.y)):
                if given == set(pair):
                    return MutableExpr(Op.EQ, (symbol, left))
        return None


def mentions(node: MutableExpr, symbol: int) -> bool:
    """expr_contains_symbol"""
    return symbol in node.atoms or any(mentions(part, symbol) for part in node.parts)
