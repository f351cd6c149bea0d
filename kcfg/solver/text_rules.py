"""The clauses of int, hex and string symbols: their defaults, ranges, and what a user may set (`sym_calc_value`)."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

from kcfg.kconfig.assign import valid_text
from kcfg.kconfig.model import Op, Type
from kcfg.kconfig.numbers import number_prefix
from kcfg.solver.clauses import FALSE, TRUE, StatementKind
from kcfg.solver.literals import Literals
from kcfg.solver.texts import NUMERIC, same_text


class Limits(NamedTuple):
    """A range as far as it is decided by `active`; `texts` is None where no range applies."""

    active: int
    texts: tuple[str, str] | None
    values: tuple[int, int]
    definition: int
    place: int

    @property
    def bounds(self) -> tuple[str, ...]:
        return self.texts or ()

    @property
    def empty(self) -> bool:
        """Whether no number is in it: what is below it becomes its lower bound, which is above the higher one."""
        return self.texts is not None and self.values[0] > self.values[1]

    def clamp(self, kind: int, text: str) -> str:
        """sym_validate_range."""
        if self.texts is None:
            return text
        value = number_prefix(text, 16 if kind == Type.HEX else 10)
        if value < self.values[0]:
            return self.texts[0]
        return self.texts[1] if value > self.values[1] else text


def encode_text(encoder: Literals, number: int, *, once: bool = False) -> None:
    """The clauses of an int, hex or string symbol that is compared somewhere; `once`: when a configuration is read.

    A line that is out of an empty range gives one of its bounds then; that is no value that stays.
    """
    domain = encoder.text.domains.get(number)
    if domain is None or len(domain.values) == 1:
        return
    out = encoder.out
    symbol = encoder.model.symbols[number]
    visible = encoder.visibility(number)[0]
    ranges = ranges_of(encoder, number)
    own = symbol.definitions[0]
    auto: dict[str, list[tuple[int, int, int]]] = {}
    known = {literal: text for text, literal in domain.values}
    for text, causes in automatic_text(encoder, number, ranges).items():
        auto.setdefault(known.get(same_text(domain, text), text), []).extend(causes)
    back = read_back(encoder, number, ranges) if encoder.model.drop_out_of_range and not once else {}
    for text, literal in domain.values:
        causes = auto.get(text, [])
        for cause, d, place in causes:
            out.state(
                StatementKind.DEFAULT if d >= 0 else StatementKind.SYMBOL, d if d >= 0 else own, number, max(place, 0)
            )
            out.add(-cause, visible, literal)
        if not valid_text(domain.kind, text):
            out.state(StatementKind.SYMBOL, own, number)
            out.add(-visible, -literal, *[cause for cause, _, _ in causes])
            continue
        for limits in ranges:
            if limits.clamp(domain.kind, text) != text and not (once and limits.empty and text in limits.bounds):
                out.state(StatementKind.RANGE, limits.definition, number, limits.place)
                out.add(-visible, -literal, -limits.active, *back.get(text, ()))


def automatic_text(encoder: Literals, number: int, ranges: list[Limits]) -> dict[str, list[tuple[int, int, int]]]:
    """Text -> [(literal, definition, place)]: when a symbol has it without a line of its own, and from where."""
    kind = encoder.model.symbols[number].type
    found: dict[str, list[tuple[int, int, int]]] = {}
    for literal, text, d, place in default_text(encoder, number):
        for limits in ranges:
            cause = encoder.out.both(literal, limits.active)
            if cause != FALSE:
                found.setdefault(limits.clamp(kind, text), []).append((cause, d, place))
    return found


def read_back(encoder: Literals, number: int, ranges: list[Limits]) -> dict[str, list[int]]:
    """Text -> when the others see it because the other bound of an empty range is written, and then read."""
    kind = encoder.model.symbols[number].type
    found: dict[str, list[int]] = {}
    for limits in ranges:
        for literal, text, _, _ in default_text(encoder, number) if limits.empty else ():
            seen = limits.clamp(kind, limits.clamp(kind, text))
            found.setdefault(seen, []).append(encoder.out.both(literal, limits.active))
    return found


def default_text(encoder: Literals, number: int) -> list[tuple[int, str, int, int]]:
    """(literal, text, definition, place) of what the default chain gives; the last one is no default at all."""
    out = encoder.out
    found: list[tuple[int, str, int, int]] = []
    chain, conditions = encoder.defaults(number)
    empty = encoder.text.empty[encoder.model.symbols[number].type]
    for first, _, d, place in chain:
        expr = encoder.model.exprs[encoder.model.definitions[d].defaults[place].value]
        if expr.op != Op.ATOM:
            found.append((first, empty, d, place))
            continue
        for text, literal in encoder.text.texts_of(expr.args[0]):
            found.append((out.both(first, literal), text, d, place))
    found.append((-out.any_of(conditions), empty, -1, -1))
    return found


def ranges_of(encoder: Literals, number: int) -> list[Limits]:
    """The ranges that can apply to a symbol, the last one being none at all."""
    out = encoder.out
    symbol = encoder.model.symbols[number]
    base = 16 if symbol.type == Type.HEX else 10
    found: list[Limits] = []
    before = TRUE
    for d in symbol.definitions if symbol.type in NUMERIC else ():
        definition = encoder.model.definitions[d]
        for place, limits in enumerate(definition.ranges):
            active = encoder.conjunction(encoder.context(definition.context), encoder.expr(limits.cond))[0]
            first = out.both(before, active)
            before = out.both(before, -active)
            bases = [
                {Type.INT: 10, Type.HEX: 16}.get(Type(encoder.text.kind(a)), base) for a in (limits.low, limits.high)
            ]
            for (low, a), (high, b) in product(encoder.text.texts_of(limits.low), encoder.text.texts_of(limits.high)):
                values = number_prefix(low, bases[0]), number_prefix(high, bases[1])
                found.append(Limits(out.all_of((first, a, b)), (low, high), values, d, place))
    found.append(Limits(before, None, (0, 0), -1, -1))
    return found
