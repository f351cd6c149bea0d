"""User values with some lines changed, and the order in which a person can change them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kcfg.kconfig.assign import UserValues, assign_member
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import LEVEL


def edited(model: Model, user: UserValues, lines: Mapping[int, str]) -> UserValues:
    """A configuration whose lines of these symbols are gone, with new ones at its end."""
    out = UserValues(dict(user.tri), dict(user.text), dict(user.lines))
    for choice, assigned in user.assigned.items():
        for member, value in assigned:
            if member not in lines:
                assign_member(model, out, choice, member, value)
    for number, text in lines.items():
        if model.symbols[number].type > Type.TRISTATE:
            out.text[number] = text
            continue
        level = LEVEL[text]
        out.tri[number] = level
        if number in model.choice_of:
            assign_member(model, out, model.choice_of[number], number, level)
    return out


def in_place(model: Model, user: UserValues, lines: Mapping[int, str]) -> UserValues:
    """A configuration with each of these lines where its symbol's last one stands; new ones are at its end."""
    out = edited(model, user, {number: text for number, text in lines.items() if number not in model.choice_of})
    out.members, out.assigned, out.choice_tri, out.choice_pick, out.choice_lost = {}, {}, {}, {}, set()
    left = {number: LEVEL[text] for number, text in lines.items() if number in model.choice_of}
    out.tri |= left
    for choice, assigned in user.assigned.items():
        last = {member: place for place, (member, _) in enumerate(assigned)}
        for place, (member, value) in enumerate(assigned):
            if member in left and last[member] == place:
                assign_member(model, out, choice, member, left[member])
            else:
                assign_member(model, out, choice, member, value)
    for number, level in left.items():
        if number not in user.tri:
            assign_member(model, out, model.choice_of[number], number, level)
    return out


def written(model: Model, lines: Mapping[int, str]) -> UserValues:
    """A configuration of these lines alone, in the order of the source."""
    return edited(model, UserValues(), dict(sorted(lines.items(), key=lambda line: model.symbols[line[0]].definitions)))


def in_order(
    model: Model, user: UserValues, lines: Mapping[int, str], answers: dict[str, str]
) -> Iterator[tuple[int, str, str]]:
    """(symbol, old value, new value) of the lines, in an order in which each can be set when its turn comes.

    The old value is "" where there was neither a line nor a value; of a number or a string, what its line says.
    """
    first = resolver = Resolver(model, user, answers)
    old = {
        number: user.text.get(number, first.text(number)) for number in lines if number in user or first.written(number)
    }
    left = dict(lines)
    done: dict[int, str] = {}
    while left:
        ready = ready_lines(model, left, resolver) or list(left)
        for number in sorted(
            ready,
            key=lambda n: (
                (model.choices[model.choice_of[n]].members[0], ready.index(n)) if n in model.choice_of else (n, 0)
            ),
        ):
            done[number] = left.pop(number)
            yield number, old.get(number, ""), done[number]
        if left:
            resolver = Resolver(model, edited(model, user, done), answers)


def ready_lines(model: Model, left: Mapping[int, str], resolver: Resolver) -> list[int]:
    """The lines that can be set; those of y and m of a choice before 6.11 stay in their order, which decides."""
    out = []
    waiting = set()
    for number, text in left.items():
        choice = model.choice_of.get(number, -1) if model.choice_values and text != "n" else -1
        if choice not in waiting and can_be_set(model, number, text, resolver):
            out.append(number)
        elif choice >= 0:
            waiting.add(choice)
    return out


def can_be_set(model: Model, number: int, text: str, resolver: Resolver) -> bool:
    """Whether a prompt shows this value: its dependencies allow it, no select raises it, no range forbids it."""
    kind = model.symbols[number].type
    if kind > Type.TRISTATE:
        if not resolver.visible(number):
            return False
        return kind == Type.STRING or resolver.out_of_range(number, text) is None
    least = 0 if number in model.choice_of else 1  # n of a member that gives way needs no prompt
    return resolver.visible(number) >= max(LEVEL[text], least) and LEVEL[text] >= resolver.forced(number)
