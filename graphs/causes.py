"""Why a symbol's value is another one in a second configuration: the statement that says something else there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec.structs import replace

from graphs.literals import LiteralReader
from kcfg.answers.facts import Basis, Location, Reason, ReasonKind, State
from kcfg.kconfig.model import WORDS, Where
from kcfg.kconfig.resolve import Resolver

MAX_NAMED = 3  # symbols that a reason names


class Causes:
    """Compares two resolved configurations of one model."""

    def __init__(self, before: Resolver, after: Resolver) -> None:
        self.before, self.after = before, after
        self.model = before.model
        self.reader = LiteralReader(self.model)

    def cause(self, number: int) -> Reason | None:
        """The first select, dependency or default that holds in one of the two only."""
        found = next(self.causes(number), None)
        name = self.model.symbols[number].name
        return replace(found, symbol=name, changed=True) if found is not None else None

    def causes(self, number: int) -> Iterator[Reason]:
        model, before, after = self.model, self.before, self.after
        entry = model.symbols[number]
        for basis, selects in ((Basis.SELECT, entry.selected_by), (Basis.IMPLY, entry.implied_by)):
            for one in selects:
                select = model.selects[one]
                if before.select_value(one) != after.select_value(one):
                    where = Location(model.files[model.definitions[select.definition].file], select.line)
                    told = self.named([select.source]) or self.changed(select.cond)
                    others = (model.symbols[select.source].name,)
                    yield Reason(ReasonKind.SELECTED, where, basis=basis, states=told, others=others)
        for d in entry.definitions:
            definition = model.definitions[d]
            chains = [definition.context] + ([definition.prompt.visible] if definition.prompt else [])
            for start in chains:
                for link in model.chain(start):
                    if before.expr(link.expr) != after.expr(link.expr):
                        where, told = Location(model.files[link.file], link.line), self.changed(link.expr)
                        basis, text = Basis(WORDS[Where(link.where)]), model.expr_text(link.expr)
                        yield Reason(ReasonKind.UNMET_DEPENDENCY, where, basis=basis, states=told, condition=text)
            file = model.files[definition.file]
            if definition.prompt and before.expr(definition.prompt.cond) != after.expr(definition.prompt.cond):
                cond = definition.prompt.cond
                where, text = Location(file, definition.prompt.line), model.expr_text(cond)
                told = self.changed(cond)
                yield Reason(ReasonKind.INVISIBLE, where, basis=Basis.PROMPT, states=told, condition=text)
            for default in definition.defaults:
                for part in (default.value, default.cond):
                    if before.expr(part) != after.expr(part):
                        where, told = Location(file, default.line), self.changed(part)
                        said = Reason(ReasonKind.DEFAULT, where, basis=Basis.DEFAULT, states=told)
                        text = model.expr_text(default.cond) if default.cond else ""
                        yield replace(said, expression=model.expr_text(default.value), condition=text)

    def changed(self, expr: int) -> tuple[State, ...]:
        """The symbols of an expression that have another value, with that value: "XEN_PV=n"."""
        return self.named([literal.target for literal in self.reader.literals(expr)])

    def named(self, numbers: list[int]) -> tuple[State, ...]:
        symbols = len(self.model.symbols)
        found = (
            State(self.model.symbols[one].name, self.after.text(one))
            for one in dict.fromkeys(numbers)
            if one < symbols and self.before.text(one) != self.after.text(one)
        )
        return tuple(islice(found, MAX_NAMED))
