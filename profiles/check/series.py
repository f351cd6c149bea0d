"""What a verdict is worth in the configuration's own kernel, where a model of another series gave it.

The configuration's own version says which rules count, the model what its symbols come out as. Where the configuration
was written by its own kernel's tools and its line says what the model makes of a symbol, its own kernel makes the same
of it: such a symbol is firm. A verdict that rests on firm symbols alone is the same there.
"""

from __future__ import annotations

from collections.abc import Iterable

from kcfg.answers.facts import Status
from kcfg.answers.judge import Judge
from profiles.schema import Rule, Want


def is_firm(judge: Judge, symbol: str) -> bool:
    """Whether a symbol has its value in the configuration's own kernel, too."""
    line = judge.lines.get(symbol)
    return judge.config.is_complete and (line.value if line else "n") == judge.value(symbol)


def loose(judge: Judge, wants: Iterable[Want]) -> tuple[str, ...]:
    """The symbols that may have another value there."""
    return tuple(dict.fromkeys(want.symbol for want in wants if not is_firm(judge, want.symbol)))


def could_differ(
    judge: Judge, status: Status, severe: Iterable[tuple[Rule, tuple[Want, ...]]]
) -> tuple[str, ...] | None:
    """The symbols on account of which a verdict may be another one in the configuration's own kernel: none where it is
    the same, None where the model is of its series. `severe`: the rules that count, each with the wants that fail.
    """
    if not judge.other_series:
        return None
    if status is Status.FAIL:
        failing = [(rule, wants) for rule, wants in severe if wants]
        if any(fails_there(judge, rule, wants) for rule, wants in failing):
            return ()
        return loose(judge, (want for _, wants in failing for want in wants))
    return loose(judge, (want for rule, _ in severe for way in ways_there(judge, rule) for want in way))


def fails_there(judge: Judge, rule: Rule, wants: Iterable[Want]) -> bool:
    """Whether a rule that fails here does so in the configuration's own kernel: every way has a want that is firm."""
    firm = {want for want in wants if is_firm(judge, want.symbol)}
    return all(firm.intersection(way.wants) for way in rule.alternatives)


def ways_there(judge: Judge, rule: Rule) -> list[tuple[Want, ...]]:
    """The ways that hold here and rest on the least: one that is firm, else all that there are."""
    ways = [way.wants for way in rule.alternatives]
    held = [way for way in ways if all(judge.has(want.symbol, want.value) for want in way)]
    return next(([way] for way in held if not loose(judge, way)), held or ways)
