"""The part of a model that decides some symbols: what their values hang on, however far back.

conf gives every configuration a value for every symbol, so what stands outside the part can have no say in whether
goals inside it can be reached, nor in how many lines that takes. A goal's part has some hundred of a kernel's 18,000
symbols, and a question to it takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kcfg.kconfig.model import RELATIONS, Choice, Model, Op, Symbol, Type


class Cone:
    """`symbols` and `choices`: what the roots' values hang on, the roots too; a choice comes with all its members."""

    def __init__(self, model: Model, roots: Iterable[int]) -> None:
        self.model = model
        self.symbols: set[int] = set()
        self.choices: set[int] = set()
        self._exprs: set[int] = set()
        self._links: set[int] = set()
        self._todo = list(roots)
        if model.modules >= 0:
            self._todo.append(model.modules)  # what m means hangs on it
        while self._todo:
            number = self._todo.pop()
            if number not in self.symbols:
                self.symbols.add(number)
                self._symbol(number)

    def _symbol(self, number: int) -> None:
        symbol = self.model.symbols[number]
        for d in symbol.definitions:
            self._definition(d)
        for one in (*symbol.selected_by, *symbol.implied_by):
            select = self.model.selects[one]
            self._todo.append(select.source)
            self._expr(select.cond)
        if number in self.model.choice_of:
            self._choice(self.model.choice_of[number])

    def _choice(self, choice: int) -> None:
        if choice not in self.choices:
            self.choices.add(choice)
            self._todo += self.model.choices[choice].members
            for d in self.model.choices[choice].definitions:
                self._definition(d)

    def _definition(self, d: int) -> None:
        definition = self.model.definitions[d]
        self._chain(definition.context)
        if definition.prompt is not None:
            self._expr(definition.prompt.cond)
            self._chain(definition.prompt.visible)
        for default in definition.defaults:
            self._expr(default.value)
            self._expr(default.cond)
        for limits in definition.ranges:
            self._todo += (atom for atom in (limits.low, limits.high) if atom < len(self.model.symbols))
            self._expr(limits.cond)

    def _chain(self, condition: int) -> None:
        while condition >= 0 and condition not in self._links:
            self._links.add(condition)
            link = self.model.conditions[condition]
            self._expr(link.expr)
            condition = link.parent

    def _expr(self, expr: int) -> None:
        left = [expr]
        while left:
            expr = left.pop()
            if expr in self._exprs:
                continue
            self._exprs.add(expr)
            it = self.model.exprs[expr]
            if it.op == Op.ATOM or it.op in RELATIONS:
                self._todo += (atom for atom in it.args if atom < len(self.model.symbols))
            elif it.op in (Op.CHOICE, Op.CHOICE_Y):
                self._choice(it.args[0])
            else:
                left += it.args


def part_of(model: Model, roots: Iterable[int]) -> Model:
    """The model with the same numbers, in which only what decides the roots is defined."""
    cone = Cone(model, roots)
    return msgspec.structs.replace(
        model,
        symbols=tuple(
            symbol if number in cone.symbols else Symbol(symbol.name, Type.UNKNOWN, (), (), (), 0)
            for number, symbol in enumerate(model.symbols)
        ),
        choices=tuple(
            choice if number in cone.choices else Choice(choice.name, Type.BOOL, (), (), True)
            for number, choice in enumerate(model.choices)
        ),
    )
