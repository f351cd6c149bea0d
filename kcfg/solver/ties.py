"""Which of as few changed lines: what a change does to the user's other lines, and what all of them have in common."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from kcfg.kconfig.assign import RefusedLine, UserValues
from kcfg.kconfig.model import Model
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.edits import in_place
from kcfg.solver.encoding import Encoding
from kcfg.solver.literals import NEVER_ASKED
from kcfg.solver.sat import Minimum, holds
from kcfg.solver.smallest import Named


def values_now(base: Resolver, encoding: Encoding) -> list[int]:
    """Literals that are true while every bool and tristate has the value that it has."""
    out = []
    for number, symbol in enumerate(base.model.symbols):
        e, y = encoding.enabled[number], encoding.yes[number]
        if e >= 2 and symbol.definitions and not symbol.flags & NEVER_ASKED:
            value = base.tri(number)
            out.append(e if value else -e)
            if y != e:
                out.append(y if value == 2 else -y)
    return out


def as_before(base: Resolver, encoding: Encoding, variables: int) -> tuple[Named, dict[int, int]]:
    """(names, soft literals): every symbol has the value that it had."""
    clauses: list[list[int]] = []
    soft: dict[int, int] = {}
    for number, symbol in enumerate(base.model.symbols):
        e, y = encoding.enabled[number], encoding.yes[number]
        if e < 2 or not symbol.definitions or symbol.flags & NEVER_ASKED:
            continue
        value = base.tri(number)
        if value == 1 and e != y:
            variables += 1
            clauses += [[-variables, e], [-variables, -y]]
            soft[variables] = 1
        else:
            soft[-e if not value else y] = 1
    return (clauses, variables), soft


def lines_worsened(
    base: Resolver, user: UserValues, encoding: Encoding, numbers: Iterable[int], goals: Container[int]
) -> list[int]:
    """Literals that are true where one of these symbols' lines that comes out as asked no longer does, and loses by it.

    An m that becomes y loses nothing. Lines of goals do not count.
    """
    out: dict[int, None] = {}
    for number in numbers:
        line = base.speaker(number)
        asked = None if line is None else user.tri.get(line)
        if asked is not None and number not in goals and base.tri(number) == asked:
            e, y = encoding.enabled[number], encoding.yes[number]
            out[(e, -e, -y)[asked]] = None
    return [literal for literal in out if abs(literal) > 1]


def in_all(found: Minimum, keys: Iterable[int], encoding: Encoding, goals: Container[int]) -> set[int]:
    """Of symbols whose lines every one of the changes has, those that have the same value in all of them.

    A number has where it is asked for: what else is true of all its values is not known.
    """
    out = set()
    for key in keys:
        literals = () if key in goals or key < 0 else (encoding.enabled[key], encoding.yes[key])
        number = key >= 0 and key in encoding.domains
        fixed = (literal if holds(found.model, literal) else -literal for literal in literals if abs(literal) > 1)
        if key in goals or (not number and not any(found.avoidable(literal) for literal in fixed)):
            out.add(key)
    return out


def at_the_end(model: Model, user: UserValues, lines: Mapping[int, str], resolver: Resolver) -> set[int]:
    """The choices' members among changed lines that come out only as the last lines: where they stand, they do not."""
    refused = {model.index.get(one.line.symbol): one for one in user.problems}  # which stand somewhere, and say nothing
    members = [number for number in lines if number in model.choice_of and (number in user or number in refused)]
    if not members:
        return set()
    stands = Resolver(model, in_place(model, user, lines), resolver.answers)
    out = {number for number in members if number in refused and overruled(model, user, refused[number], lines)}
    for number in members:
        choice = model.choices[model.choice_of[number]]
        if any(stands.tri(member) != resolver.tri(member) for member in choice.members):
            out.add(number)
    return {number for number in out if lines[number] != "n"} or out


def overruled(model: Model, user: UserValues, refused: RefusedLine, lines: Mapping[int, str]) -> bool:
    """Whether a y or m of another member of its choice, which no line changes, stands below a line that is refused."""
    number = model.index[refused.line.symbol]
    others = [one for one in model.choices[model.choice_of[number]].members if one not in lines and user.tri.get(one)]
    return any(user.places[one] > refused.place for one in others)


def is_lost(user: UserValues, number: int, before: Resolver, after: Resolver) -> bool:
    """Whether the line that speaks for a symbol comes out as asked in a configuration, and no longer in another one."""
    line = before.speaker(number)
    if line is None:
        return False
    if line in user.tri:
        return before.tri(number) == user.tri[line] != after.tri(number)
    asked = user.text[line]
    if not before.written(number) or before.text(number) != asked:
        return False
    return not after.written(number) or after.text(number) != asked
