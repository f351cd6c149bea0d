"""Why a symbol's value is another one in a second configuration: the statement that says something else there."""

from __future__ import annotations

from collections.abc import Iterator

from graphs.build import VISIBLE, WORDS
from graphs.literals import Reader
from kcfg.answers.facts import Location, Reason
from kcfg.kconfig.model import Where
from kcfg.kconfig.resolve import Resolver

MAX_NAMED = 3  # symbols that a reason names


class Causes:
    """Compares two resolved configurations of one model."""

    def __init__(self, before: Resolver, after: Resolver) -> None:
        self.before, self.after = before, after
        self.model = before.model
        self.reader = Reader(self.model)

    def cause(self, number: int) -> Reason | None:
        """The first select, dependency or default that holds in one of the two only."""
        return next(self.causes(number), None)

    def causes(self, number: int) -> Iterator[Reason]:
        model, before, after = self.model, self.before, self.after
        entry = model.symbols[number]
        for kind, selects in (("select", entry.selected_by), ("imply", entry.implied_by)):
            for one in selects:
                select = model.selects[one]
                if before.select_value(one) != after.select_value(one):
                    source = model.symbols[select.source].name
                    text = f"{kind} by {source}: {self.named([select.source]) or self.changed(select.cond)}"
                    file = model.files[model.definitions[select.definition].file]
                    yield Reason(text.rstrip(": "), "selected", Location(file, select.line))
        for d in entry.definitions:
            definition = model.definitions[d]
            chains = [definition.context] + ([definition.prompt.visible] if definition.prompt else [])
            for start in chains:
                for link in model.chain(start):
                    if before.expr(link.expr) != after.expr(link.expr):
                        word = WORDS.get(Where(link.where), VISIBLE)
                        where = Location(model.files[link.file], link.line)
                        text = f"{word} {model.expr_text(link.expr)}: {self.changed(link.expr)}"
                        yield Reason(text, "unmet-dependency", where)
            file = model.files[definition.file]
            if definition.prompt and before.expr(definition.prompt.cond) != after.expr(definition.prompt.cond):
                cond = definition.prompt.cond
                text = f"prompt if {model.expr_text(cond)}: {self.changed(cond)}"
                yield Reason(text, "invisible", Location(file, definition.prompt.line))
            for default in definition.defaults:
                for part in (default.value, default.cond):
                    if before.expr(part) != after.expr(part):
                        text = f"default {model.expr_text(default.value)}"
                        text += f" if {model.expr_text(default.cond)}" if default.cond else ""
                        yield Reason(f"{text}: {self.changed(part)}", "default", Location(file, default.line))

    def changed(self, expr: int) -> str:
        """The symbols of an expression that have another value: "XEN_PV=n"."""
        return self.named([literal.target for literal in self.reader.literals(expr)])

    def named(self, numbers: list[int]) -> str:
        symbols = len(self.model.symbols)
        found = [
            f"{self.model.symbols[one].name}={self.after.text(one)}"
            for one in dict.fromkeys(numbers)
            if one < symbols and self.before.text(one) != self.after.text(one)
        ]
        return ", ".join(found[:MAX_NAMED])
