"""What goals ask for: their literals, and the texts of ints, hexes and strings that clauses have to tell for them.

Clauses tell texts only as far as some expression compares them, so an encoding is made for the lines that are asked
for (see `wanted_lines`), and has a literal for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from kcfg.base.errors import UserError
from kcfg.kconfig.assign import is_value, meant
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.numbers import plain
from kcfg.solver.clauses import FALSE, TRUE
from kcfg.solver.encoding import Domain, Line
from kcfg.solver.results import Goal

LEVELS = ("y", "m", "n", "enabled")


class Named(Protocol):
    """What names a model's symbols in clauses: an encoding, or an encoder."""

    @property
    def enabled(self) -> Sequence[int]: ...

    @property
    def yes(self) -> Sequence[int]: ...

    @property
    def lines(self) -> Mapping[Line, int]: ...


def wanted_lines(model: Model, goals: Iterable[Goal]) -> tuple[Line, ...]:
    """The lines of ints, hexes and strings that goals ask for, each once; those that can never be are left out."""
    lines = (wanted_line(model, goal) for goal in goals)
    return tuple(dict.fromkeys(line for line in lines if line is not None))


def wanted_line(model: Model, goal: Goal) -> Line | None:
    """The line of an int, a hex or a string that a goal asks for; None for another goal, and for what is no value."""
    number = model.index.get(goal.symbol)
    kind = Type.UNKNOWN if number is None else model.symbols[number].type
    if number is None or kind <= Type.TRISTATE:
        return None
    if goal.is_off:
        return number, None
    return (number, plain(kind, goal.value)) if goal.is_text and is_value(model, number, goal.value) else None


def text_goal(model: Model, number: int, word: str) -> Goal:
    """What a user's word asks of an int, a hex or a string; see `meant`."""
    symbol = model.symbols[number]
    text = meant(symbol.type, word)
    return Goal(symbol.name, "n") if text is None else Goal(symbol.name, text, is_text=True)


def check(model: Model, goals: Iterable[Goal]) -> None:
    """UserError for a goal that names no symbol, or a value that its type does not admit."""
    for goal in goals:
        number = model.index.get(goal.symbol)
        if number is not None and model.symbols[number].type > Type.TRISTATE:
            if wanted_line(model, goal) is None:
                kind = Type(model.symbols[number].type).name.lower()
                raise UserError(f"{goal.symbol} is {kind}, so it is never {goal.word}")
            continue
        if goal.value not in LEVELS or (goal.is_text and number is not None):
            raise UserError(f"{goal.symbol} cannot be {goal.value!r}", hint="y, m, n or enabled")
        if number is None or not model.symbols[number].definitions:
            if not goal.is_off:
                raise UserError(f"Linux {model.version} has no symbol {goal.symbol} ({model.arch})")
        elif goal.value == "m" and model.symbols[number].type == Type.BOOL:
            raise UserError(f"{goal.symbol} is a bool, so it is never m")


def goal_literals(model: Model, named: Named, goal: Goal) -> list[int]:
    """What is true where a goal is reached. UserError as `check`; RuntimeError where `named` does not tell its text."""
    check(model, [goal])
    line = wanted_line(model, goal)
    if line is not None:
        if line not in named.lines:
            raise RuntimeError(f"the clauses were not made for {goal}")
        return [named.lines[line]]
    number = model.index.get(goal.symbol)
    if number is None or not model.symbols[number].definitions:
        return [TRUE]
    e, y = named.enabled[number], named.yes[number]
    return {"y": [y], "n": [-e], "enabled": [e], "m": [e, -y]}[goal.value]


def no_other_text(domain: Domain, text: str) -> list[int]:
    """What is true where a symbol has a text: it has none of the others."""
    wanted = plain(domain.kind, text)
    others = [literal for known, literal in domain.values if plain(domain.kind, known) != wanted]
    return [-literal for literal in others] if len(others) < len(domain.values) else [FALSE]
