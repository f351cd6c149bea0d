"""What a configuration costs in object files, as literals for the solver."""

from __future__ import annotations

from collections.abc import Mapping

from kcfg.kbuild.condition import AllOf, AnyOf, Condition, M, N, ValueTest, Y
from kcfg.kconfig.model import Type
from kcfg.solver.clauses import FALSE, TRUE
from kcfg.solver.encode import Encoder


def object_literals(encoder: Encoder, objects: Mapping[Condition, int]) -> dict[int, int]:
    """Literal -> weight: each is true where the object files of one condition are not built.

    What is built in every configuration costs nothing, and neither does what depends on a number, on a string or on
    something that a Makefile asks of the outside.
    """
    soft: dict[int, int] = {}
    for condition, count in objects.items():
        built = condition_literal(encoder, condition)
        if built not in (TRUE, FALSE):
            soft[-built] = soft.get(-built, 0) + count
    return soft


def condition_literal(encoder: Encoder, condition: Condition) -> int:
    """The literal of a condition; FALSE for its parts that depend on more than options."""
    if isinstance(condition, AllOf):
        return encoder.out.all_of(condition_literal(encoder, part) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return encoder.out.any_of(condition_literal(encoder, part) for part in condition.parts)
    if isinstance(condition, ValueTest):
        return value_literal(encoder, condition)
    return FALSE


def value_literal(encoder: Encoder, test: ValueTest) -> int:
    """The literal of a test of one symbol's value."""
    number = encoder.model.index.get(test.symbol)
    symbol = encoder.model.symbols[number] if number is not None else None
    if number is None or symbol is None or not symbol.definitions:
        return TRUE if test.values & N else FALSE
    if symbol.type not in (Type.BOOL, Type.TRISTATE):
        return FALSE
    enabled, yes = encoder.enabled[number], encoder.yes[number]
    ways = []
    if test.values & N:
        ways.append(-enabled)
    if test.values & M and test.values & Y:
        ways.append(enabled)
    elif test.values & Y:
        ways.append(yes)
    elif test.values & M:
        ways.append(encoder.out.both(enabled, -yes))
    return encoder.out.any_of(ways)
