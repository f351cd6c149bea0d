"""A model without some of its statements: what could be if their lines were not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from kcfg.kconfig.model import Model, Prompt, Where
from kcfg.solver.clauses import StatementKind, unpack

ALWAYS = 0  # the expression y
ANY_CHAIN = -1


def without(model: Model, groups: Iterable[int]) -> Model | None:
    """The model without these statements (see `clauses.pack`); None where one of them is no line that could go.

    A symbol that nothing else turns on gets a prompt, and a prompt loses its condition.
    """
    conditions, definitions = list(model.conditions), list(model.definitions)
    selects: set[int] = set()
    defaults: dict[int, set[int]] = {}
    ranges: dict[int, set[int]] = {}
    for group in groups:
        kind, index, part = unpack(group)
        if kind == StatementKind.DEPENDS and conditions[index].where != Where.CHOICE:
            conditions[index] = msgspec.structs.replace(conditions[index], expr=ALWAYS)
        elif kind in (StatementKind.SYMBOL, StatementKind.PROMPT):
            one = definitions[index]
            definitions[index] = msgspec.structs.replace(one, prompt=Prompt(ALWAYS, ANY_CHAIN, one.line))
        elif kind == StatementKind.DEFAULT:
            defaults.setdefault(index, set()).add(part)
        elif kind == StatementKind.RANGE:
            ranges.setdefault(index, set()).add(part)
        elif kind in (StatementKind.SELECT, StatementKind.IMPLY):
            selects.add(index)
        else:
            return None
    for index in defaults.keys() | ranges.keys():
        one = definitions[index]
        definitions[index] = msgspec.structs.replace(
            one,
            defaults=rest(one.defaults, defaults.get(index, set())),
            ranges=rest(one.ranges, ranges.get(index, set())),
        )
    targets = {model.selects[one].target for one in selects}
    symbols = tuple(
        msgspec.structs.replace(
            symbol, selected_by=others(symbol.selected_by, selects), implied_by=others(symbol.implied_by, selects)
        )
        if number in targets
        else symbol
        for number, symbol in enumerate(model.symbols)
    )
    return msgspec.structs.replace(model, conditions=tuple(conditions), definitions=tuple(definitions), symbols=symbols)


T = TypeVar("T")


def rest(those: tuple[T, ...], places: set[int]) -> tuple[T, ...]:
    """Those at other places."""
    return tuple(one for place, one in enumerate(those) if place not in places)


def others(those: tuple[int, ...], gone: set[int]) -> tuple[int, ...]:
    """Those that are not gone."""
    return tuple(one for one in those if one not in gone)
