"""Numbers whose range is empty: its low bound is above the high one. Before 6.10 its lines are read as the other one.

conf writes the bound that the default is clamped to. Reading that line clamps it to the other bound, which is what all
other symbols see; then it drops the line as out of its range, and writes the same text again. The literals of the
clauses stand for what others see.
"""

from __future__ import annotations

from collections.abc import Mapping

from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.model import AtomKind, Model, Type
from kcfg.kconfig.numbers import number_prefix
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.encoding import Encoding


def may_be_empty(model: Model, number: int) -> bool:
    """Whether a number that can be set has a range of which one bound is no constant, or the low one is the higher."""
    symbol = model.symbols[number]
    base = {Type.INT: 10, Type.HEX: 16}.get(Type(symbol.type))
    definitions = [model.definitions[d] for d in symbol.definitions]
    if base is None or all(one.prompt is None for one in definitions):
        return False
    for limits in (limits for one in definitions for limits in one.ranges):
        low, high = fixed_text(model, limits.low), fixed_text(model, limits.high)
        if low is None or high is None or number_prefix(low, base) > number_prefix(high, base):
            return True
    return False


def fixed_text(model: Model, atom: int) -> str | None:
    """The text of a constant, or of a name that nothing defines; None where it is not the same everywhere."""
    if atom < len(model.symbols):
        symbol = model.symbols[atom]
        return None if symbol.definitions else symbol.name
    it = model.atoms[atom - len(model.symbols)]
    return it.text if it.kind == AtomKind.CONSTANT else None


def other_bounds(
    model: Model, encoding: Encoding, tri: Mapping[int, int], texts: Mapping[int, str], answers: dict[str, str]
) -> dict[int, str]:
    """Number -> the other bound, where it is one bound of an empty range and a configuration of these values shows it.

    Empty since 6.10, where such a number has no value that stays.
    """
    if not model.drop_out_of_range:
        return {}
    asked = [n for n in texts if n < len(model.symbols) and n in encoding.domains and may_be_empty(model, n)]
    if not asked:
        return {}
    values = Given(model, tri, texts, answers)
    found = {}
    for number in asked:
        bound = values.out_of_range(number, texts[number]) if values.shown(number) else None
        back = None if bound is None else values.out_of_range(number, values.raw(bound))
        if bound is not None and back is not None and values.raw(back) == texts[number]:
            found[number] = values.raw(bound)
    return found


class Given(Resolver):
    """Expressions over values that are not computed but given."""

    def __init__(self, model: Model, tri: Mapping[int, int], texts: Mapping[int, str], answers: dict[str, str]) -> None:
        super().__init__(model, UserValues(), answers)
        count = len(model.symbols)
        self._done[:count] = b"\1" * count
        for number, symbol in enumerate(model.symbols):
            self._tri[number] = tri.get(number, 0)
            self._text[number] = texts.get(number, "" if symbol.definitions else symbol.name)
        self._expr[1:] = [-1] * (len(self._expr) - 1)
        self._cond[:-1] = [-1] * (len(self._cond) - 1)
        self.modules = self._tri[model.modules] if model.modules >= 0 else 0

    def shown(self, number: int) -> bool:
        """Whether a user may set it."""
        return self._visibility(number) > 0
