"""Goals on ints, hexes and strings: the text itself becomes one that clauses tell from all others."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kcfg.kconfig.assign import is_value
from kcfg.kconfig.model import Atom, AtomKind, Expr, Model, Op
from kcfg.kconfig.numbers import plain
from kcfg.solver.clauses import FALSE
from kcfg.solver.encoding import Domain
from kcfg.solver.results import Goal


def telling(model: Model, goals: Iterable[Goal]) -> Model:
    """The model with the same numbers, in which the goals' texts are compared with their symbols.

    Only texts that some expression compares have clauses (see `texts`); nothing else has these expressions.
    """
    wanted: dict[tuple[int, str], None] = {}
    for goal in goals:
        number = model.index.get(goal.symbol)
        if number is not None and is_value(model, number, goal.value):
            wanted[number, plain(model.symbols[number].type, goal.value)] = None
    if not wanted:
        return model
    first = len(model.symbols) + len(model.atoms)
    return msgspec.structs.replace(
        model,
        atoms=(*model.atoms, *(Atom(AtomKind.CONSTANT, text) for _, text in wanted)),
        exprs=(*model.exprs, *(Expr(Op.EQ, (number, first + i)) for i, (number, _) in enumerate(wanted))),
    )


def text_literals(domain: Domain, text: str) -> list[int]:
    """What is true where a symbol has a text: it has none of the others."""
    wanted = plain(domain.kind, text)
    others = [literal for known, literal in domain.values if plain(domain.kind, known) != wanted]
    return [-literal for literal in others] if len(others) < len(domain.values) else [FALSE]
