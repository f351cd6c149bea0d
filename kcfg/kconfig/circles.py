"""Options that only seem to hang on themselves: what conf leaves out of expressions before it looks for recursion.

conf refuses a tree in which a value hangs on itself, but `A || y`, or an `if A` inside an `if !A`, hangs on no A once
`expr_eliminate_dups` is done with it. Whoever computes values on demand would ask for A before A is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from kcfg.kconfig.deep import too_deep
from kcfg.kconfig.model import RELATIONS, Atom, AtomKind, Definition, Expr, Link, Model, Op, Type, Where
from kcfg.kconfig.submenus import MutableExpr, Submenus, both


def untangled(model: Model) -> Model | None:
    """The model without the symbols that expressions only seem to hang on; None where there are none.

    Symbols, definitions and choices keep their numbers, and every value is the same.
    """
    known = model.__dict__  # a model's place for what is computed from it once
    if "untangled" not in known:
        try:
            known["untangled"] = Untangler(model).model()
        except RecursionError:
            raise too_deep() from None
    found: Model | None = known["untangled"]
    return found


class Untangler:
    """Expressions and conditions are added to those of the model, and definitions and selects refer to them."""

    def __init__(self, model: Model) -> None:
        self.old = model
        count = len(model.symbols)
        self.fixed = {count + place for place, atom in enumerate(model.atoms) if atom.text in ("y", "n")}
        self.exprs = list(model.exprs)
        self.conditions = list(model.conditions)
        self.atoms = list(model.atoms)
        self.numbers = {it: number for number, it in enumerate(model.exprs)}
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
                prompt = msgspec.structs.replace(prompt, cond=self.expr(shown), visible=-1)
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
        self.conditions.append(Link(parent, self.expr(simple), Where.DEPENDS, one.file, one.line))
        return len(self.conditions) - 1

    def condition(self, outer: Sequence[int], cond: int) -> int:
        """The condition of a statement whose definition has these: the same, or all of them together."""
        simple = self.simple((*outer, cond)) if cond else None
        return cond if simple is None else self.expr(simple)

    def simple(self, exprs: Sequence[int]) -> MutableExpr | None:
        """What is left of a conjunction; None where it speaks of the same symbols."""
        before: set[int] = set()
        others: set[int] = set()  # that stand in more than a conjunction
        can_go = False
        for atom, plain in (it for expr in exprs for it in atoms_of(self.old, expr)):
            can_go = can_go or atom in (others if plain else before)
            before.add(atom)
            others.update(() if plain else (atom,))
        if not can_go and not self.fixed.intersection(before):
            return None
        node = both([self.rules.node(expr) for expr in exprs])
        if node is None:
            return None
        node = self.reduced(self.rules.simple(node))
        return None if set(spoken_of(node)) >= {atom for atom in before if atom < len(self.old.symbols)} else node

    def reduced(self, node: MutableExpr) -> MutableExpr:
        """expr_eliminate_dups, of the parts first."""
        while True:
            before = node.copy()
            if node.op in (Op.AND, Op.OR):
                node = MutableExpr(node.op, (), tuple(self.reduced(part) for part in node.parts))
            node = self.rules.joined(node)
            self.rules.without_constants(node)
            if same(node, before):
                return node

    def expr(self, node: MutableExpr) -> int:
        """The number of an expression."""
        if node.op == Op.ATOM or node.op in RELATIONS:
            args = tuple(atom if atom >= 0 else len(self.old.symbols) - 1 - atom for atom in node.atoms)
        else:
            args = tuple(self.expr(part) for part in node.parts)
        it = Expr(node.op, args)
        if it not in self.numbers:
            self.numbers[it] = len(self.exprs)
            self.exprs.append(it)
        return self.numbers[it]


def is_plain(it: Expr) -> bool:
    """Whether an expression's arguments are atoms."""
    return it.op == Op.ATOM or it.op in RELATIONS


def atoms_of(model: Model, expr: int, *, plain: bool = True) -> Iterator[tuple[int, bool]]:
    """The atoms that an expression speaks of, each time that it does, and whether it is a conjunction that does.

    Constants of comparisons are left out.
    """
    it = model.exprs[expr]
    if it.op == Op.ATOM:
        yield it.args[0], plain
    elif it.op in RELATIONS:
        yield from ((atom, False) for atom in it.args if atom < len(model.symbols))
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
