"""What a change does besides its own lines: symbols get another value, lines of the user are lost."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kcfg.answers.judge import Judge
from kcfg.kconfig.model import Type
from kcfg.kconfig.tristate import LEVEL
from kcfg.solver.results import Goal, NearestChange
from kcfg.solver.ties import is_lost

NO_LINE = "\n"  # which no text has


class ChangedSymbol(msgspec.Struct, frozen=True):
    """A symbol that gets another value; without a line it is "n", a number or a text ""."""

    symbol: str
    old: str
    new: str


def changed_symbols(judge: Judge, values: Mapping[str, str]) -> tuple[ChangedSymbol, ...]:
    """The symbols that have another value in a configuration than in the judge's, in the order of the model."""
    names, index = judge.model.symbols, judge.model.index
    before = {names[number].name: value for number, value in judge.resolver.lines()}
    known = sorted(before.keys() | values.keys(), key=index.__getitem__)
    absent = {name: "n" if names[index[name]].type <= Type.TRISTATE else NO_LINE for name in known}
    pairs = ((name, before.get(name, absent[name]), values.get(name, absent[name])) for name in known)
    return tuple(ChangedSymbol(name, old.strip("\n"), new.strip("\n")) for name, old, new in pairs if old != new)


def symbols_changed(judge: Judge, values: Mapping[str, str]) -> int:
    """How many symbols have another value in a configuration than in the judge's; no line is n."""
    return len(changed_symbols(judge, values))


def lines_lost(judge: Judge, change: NearestChange, goals: tuple[Goal, ...] = ()) -> tuple[str, ...]:
    """The user's lines that came out as asked and do not with the change, an old name's line by its own name.

    None of a changed line, nor of another member of its choice, nor of a goal, nor one of a symbol without a prompt.
    """
    return tuple(judge.model.symbols[line].name for line, _ in lost(judge, change, goals))


def lines_raised(judge: Judge, change: NearestChange, goals: tuple[Goal, ...] = ()) -> tuple[str, ...]:
    """Those of `lines_lost` whose symbols are more than their lines say: m that becomes y, n that becomes either."""
    asked = judge.resolver.user.tri
    return tuple(
        judge.model.symbols[line].name
        for line, new in lost(judge, change, goals)
        if line in asked and LEVEL.get(new, 0) > asked[line]
    )


def lost(judge: Judge, change: NearestChange, goals: tuple[Goal, ...]) -> list[tuple[int, str]]:
    """(symbol whose line it is, the new value) of `lines_lost`."""
    model, user, before = judge.model, judge.resolver.user, judge.resolver
    told = {line.symbol for line in change.lines} | {goal.symbol for goal in goals}
    for choice in {model.choice_of.get(model.index[line.symbol], -1) for line in change.lines} - {-1}:
        told |= {model.symbols[member].name for member in model.choices[choice].members}
    found = []
    for one in changed_symbols(judge, change.configuration.values):
        number = model.index[one.symbol]
        line = before.speaker(number)
        if one.symbol in told or line is None or not judge.explainer.has_prompt(number):
            continue
        if is_lost(user, number, before, change.resolver):
            found.append((line, one.new))
    return found
