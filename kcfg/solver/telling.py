"""Goals on ints, hexes and strings: the text itself becomes one that clauses tell from all others."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kcfg.kconfig.assign import is_value
from kcfg.kconfig.model import Atom, AtomKind, Expr, Model, Op, Type
from kcfg.kconfig.numbers import plain
from kcfg.solver.clauses import FALSE
from kcfg.solver.encoding import Domain
from kcfg.solver.results import Goal


def telling(model: Model, goals: Iterable[Goal]) -> Model:
    """The model with the same numbers, and an expression for each goal on an int, a hex or a string.

    Only texts that some expression compares have clauses (see `texts`); nothing else has these expressions. n is that
    the symbol has no line, so there is no goal for the string "n".
    """
    wanted: dict[tuple[int, str], None] = {}
    for goal in goals:
        number = model.index.get(goal.symbol)
        if number is not None and can_be(model, number, goal.value):
            wanted[number, plain(model.symbols[number].type, goal.value)] = None
    if not wanted:
        return model
    atoms: list[Atom] = []
    exprs: list[Expr] = []
    for number, text in wanted:
        if text == "n":
            exprs.append(Expr(Op.LINE, (number,)))
            continue
        exprs.append(Expr(Op.LINE, (number, len(model.symbols) + len(model.atoms) + len(atoms))))
        atoms.append(Atom(AtomKind.CONSTANT, text))
    return msgspec.structs.replace(model, atoms=(*model.atoms, *atoms), exprs=(*model.exprs, *exprs))


def can_be(model: Model, number: int, text: str) -> bool:
    """Whether an int, a hex or a string can be asked for so: with one of its values, or n, without a line."""
    symbol = model.symbols[number]
    return symbol.type > Type.TRISTATE and (text == "n" or is_value(model, number, text))


def told(model: Model, goal: Goal) -> int:
    """The expression that `telling` made for a goal, -1 where it made none. True is what the goal's n is not."""
    number = model.index[goal.symbol]
    wanted = plain(model.symbols[number].type, goal.value)
    for index in range(len(model.exprs) - 1, -1, -1):
        it = model.exprs[index]
        if it.op != Op.LINE:
            return -1
        text = model.atoms[it.args[1] - len(model.symbols)].text if len(it.args) > 1 else "n"
        if it.args[0] == number and text == wanted:
            return index
    return -1


def text_literals(domain: Domain, text: str) -> list[int]:
    """What is true where a symbol has a text: it has none of the others."""
    wanted = plain(domain.kind, text)
    others = [literal for known, literal in domain.values if plain(domain.kind, known) != wanted]
    return [-literal for literal in others] if len(others) < len(domain.values) else [FALSE]
