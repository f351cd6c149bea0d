"""Options that only seem to hang on themselves: what conf leaves out of expressions before it looks for recursion.

conf refuses a tree in which a value hangs on itself, but `A || y`, or an `if A` inside an `if !A`, hangs on no A once
`expr_eliminate_dups` is done with it. Whoever computes values on demand would ask for A before A is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from kcfg.kconfig.deep import on_its_own, too_deep
from kcfg.kconfig.model import RELATIONS, Atom, AtomKind, Definition, Expr, Link, Model, Op, Type, Where
from kcfg.kconfig.submenus import MutableExpr, Submenus, both


def untangled(model: Model) -> Model | None:
    """The model without the symbols that expressions only seem to hang on; None where there are none.

    Symbols, definitions and choices keep their numbers, and every value is the same. CannotEvaluate where hundreds of
    conditions of one statement speak of the same symbols, whoever asks.
    """
    known = model.__dict__  # a model's place for what is computed from it once
    if "untangled" not in known:
        try:
            known["untangled"] = on_its_own(Untangler(model).model)
        except RecursionError:
            raise too_deep() from None
    found: Model | None = known["untangled"]
    return found


class Untangler:
    """Expressions and conditions are added to those of the model, and definitions and selects refer to them."""

    def __init__(self, model: Model) -> None:
        self.old = model
        count = len(model.symbols)
        self.fixed = {count + place for place, atom in enumerate(model.atoms) if atom.text in ("y", "m", "n")}
        self.exprs = list(model.exprs)
        self.conditions = list(model.conditions)
        self.atoms = list(model.atoms)
        self.numbers = {it: number for number, it in enumerate(model.exprs)}
        self.known: dict[int, tuple[tuple[int, bool], ...]] = {}
        self.y, self.m, self.n = (self.constant(text) for text in "ymn")
        exprs = [
            (it.op, tuple(atom if atom < count else count - 1 - atom for atom in it.args) if is_plain(it) else it.args)
            for it in model.exprs
        ]
        self.rules = Submenus(exprs, self.type_of, self.y, self.m, self.n)

    def constant(self, text: str) -> int:
        """A constant as `Submenus` knows it: a negative number."""
        atom = Atom(AtomKind.CONSTANT, text)
        if atom not in self.atoms:
            self.atoms.append(atom)
        return -1 - self.atoms.index(atom)

    def type_of(self, atom: int) -> int:
        if atom < 0:
            return Type.TRISTATE if atom in (self.y, self.m, self.n) else Type.UNKNOWN
        return self.old.symbols[atom].type if atom < len(self.old.symbols) else Type.UNKNOWN

    def model(self) -> Model | None:
        """See `untangled`."""
        definitions = tuple(self.definition(one) for one in self.old.definitions)
        selects = []
        for one in self.old.selects:
            cond = self.condition(self.links(self.old.definitions[one.definition].context), one.cond)
            selects.append(msgspec.structs.replace(one, cond=cond))
        if definitions == self.old.definitions and selects == list(self.old.selects):
            return None
        return msgspec.structs.replace(
            self.old,
            atoms=tuple(self.atoms),
            exprs=tuple(self.exprs),
            conditions=tuple(self.conditions),
            definitions=definitions,
            selects=tuple(selects),
        )

    def definition(self, one: Definition) -> Definition:
        """A definition with other conditions where its own speak of what they do not hang on."""
        outer = self.links(one.context)
        prompt = one.prompt
        if prompt is not None:
            shown = self.simple((*outer, *self.links(prompt.visible), prompt.cond))
            if shown is not None:
                prompt = msgspec.structs.replace(prompt, cond=shown, visible=-1)
        return msgspec.structs.replace(
            one,
            context=self.context(one, outer),
            prompt=prompt,
            defaults=tuple(msgspec.structs.replace(it, cond=self.condition(outer, it.cond)) for it in one.defaults),
            ranges=tuple(msgspec.structs.replace(it, cond=self.condition(outer, it.cond)) for it in one.ranges),
        )

    def links(self, condition: int) -> tuple[int, ...]:
        """The expressions of a chain, but for the choice around it, outermost first."""
        return tuple(link.expr for link in self.old.chain(condition) if link.where != Where.CHOICE)[::-1]

    def context(self, one: Definition, exprs: Sequence[int]) -> int:
        """A definition's chain: the same, or that of the choice around it and one condition."""
        simple = self.simple(exprs)
        if simple is None:
            return one.context
        parent = -1
        for link in [link for link in self.old.chain(one.context) if link.where == Where.CHOICE][::-1]:
            self.conditions.append(msgspec.structs.replace(link, parent=parent))
            parent = len(self.conditions) - 1
        self.conditions.append(Link(parent, simple, Where.DEPENDS, one.file, one.line))
        return len(self.conditions) - 1

    def condition(self, outer: Sequence[int], cond: int) -> int:
        """The condition of a statement whose definition has these: the same, or all of them together."""
        simple = self.simple((*outer, cond)) if cond else None
        return cond if simple is None else simple

    def simple(self, exprs: Iterable[int]) -> int | None:
        """What is left of a conjunction; None where it speaks of the same symbols."""
        times: Counter[int] = Counter()
        others: set[int] = set()  # that stand in more than a conjunction
        can_go = False
        parts = [part for expr in exprs for part in self.parts(expr)]
        for atom, plain in (it for part in parts for it in self.spoken(part)):
            can_go = can_go or atom in (others if plain else times)
            times[atom] += 1
            others.update(() if plain else (atom,))
        if not can_go and self.fixed.isdisjoint(times):
            return None
        alone: list[int] = []  # what shares no symbol with another part stays as it is, and there may be thousands
        rest: list[int] = []
        for part in parts:
            apart = all(times[atom] == 1 and atom not in self.fixed for atom, _ in self.spoken(part))
            (alone if apart else rest).append(part)
        node = both([self.rules.node(part) for part in rest])
        if node is None:
            return None
        node = self.reduced(self.rules.simple(node))
        if self.rules.is_constant(node, self.n):
            alone = []
        left = {*spoken_of(node), *(atom for part in alone for atom, _ in self.spoken(part))}
        if left >= {atom for atom in times if atom < len(self.old.symbols)}:
            return None
        if not alone:
            return self.expr(node)
        args = alone if self.rules.is_constant(node, self.y) else [*alone, self.expr(node)]
        return self.number(Expr(Op.AND, tuple(args)))

    def parts(self, expr: int) -> Sequence[int]:
        """The operands of a conjunction, and of those among them; none of y."""
        it = self.old.exprs[expr]
        if it.op == Op.AND:
            return [part for arg in it.args for part in self.parts(arg)]
        return (expr,) if expr else ()

    def spoken(self, expr: int) -> tuple[tuple[int, bool], ...]:
        """`atoms_of`"""
        if expr not in self.known:
            self.known[expr] = tuple(atoms_of(self.old, expr))
        return self.known[expr]

    def reduced(self, node: MutableExpr) -> MutableExpr:
        """expr_eliminate_dups, of the operands first."""
        while True:
            before = node.copy()
            node = self.rules.joined(self.with_operands_reduced(node, node.op))
            self.rules.without_constants(node)
            if same(node, before):
                return node

    def with_operands_reduced(self, node: MutableExpr, op: int) -> MutableExpr:
        """A chain of && or || whose operands are reduced, each by itself."""
        if op not in (Op.AND, Op.OR):
            return node
        if node.op == op:
            return MutableExpr(op, (), tuple(self.with_operands_reduced(part, op) for part in node.parts))
        return self.reduced(node)

    def expr(self, node: MutableExpr) -> int:
        """The number of an expression."""
        if node.op == Op.ATOM or node.op in RELATIONS:
            args = tuple(atom if atom >= 0 else len(self.old.symbols) - 1 - atom for atom in node.atoms)
        else:
            args = tuple(self.expr(part) for part in node.parts)
        return self.number(Expr(node.op, args))

    def number(self, it: Expr) -> int:
        """The number of an expression that there may be already."""
        if it not in self.numbers:
            self.numbers[it] = len(self.exprs)
            self.exprs.append(it)
        return self.numbers[it]


def is_plain(it: Expr) -> bool:
    """Whether an expression's arguments are atoms."""
    return it.op == Op.ATOM or it.op in RELATIONS


def atoms_of(model: Model, expr: int, *, plain: bool = True) -> Iterator[tuple[int, bool]]:
    """The atoms that an expression speaks of, each time that it does, and whether it is a conjunction that does.

    Constants of comparisons are left out, but for the m that no bool is.
    """
    it = model.exprs[expr]
    count = len(model.symbols)
    if it.op == Op.ATOM:
        yield it.args[0], plain
    elif it.op in RELATIONS:
        left, right = it.args
        yield from ((atom, False) for atom in it.args if atom < count)
        a_bool = left < count <= right and model.symbols[left].type == Type.BOOL
        if a_bool and it.op in (Op.EQ, Op.NE) and model.atoms[right - count].text == "m":
            yield right, False
    elif it.op not in (Op.CHOICE, Op.CHOICE_Y):
        for arg in it.args:
            yield from atoms_of(model, arg, plain=plain and it.op == Op.AND)


def spoken_of(node: MutableExpr) -> Iterable[int]:
    """The atoms of a node."""
    yield from node.atoms
    for part in node.parts:
        yield from spoken_of(part)


def same(a: MutableExpr, b: MutableExpr) -> bool:
    """Whether two nodes are written alike."""
    return a.op == b.op and a.atoms == b.atoms and all(map(same, a.parts, b.parts))
