"""Choices as clauses. Since 6.11 exactly one visible member is y; before, a choice has a value that bounds its members.

The rules are `sym_calc_choice` on both sides of the change and, before it, what `conf_read_simple` remembers for a
choice when it reads the members' lines back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kcfg.kconfig.model import Op, Type
from kcfg.solver.clauses import FALSE, TRUE, StatementKind

if TYPE_CHECKING:
    from kcfg.solver.literals import Literals


def encode_new_choice(encoder: Literals, choice: int) -> None:
    """Since 6.11: members ignore selects and defaults of their own, and a tristate member is as good as a bool."""
    out, model = encoder.out, encoder.model
    members = model.choices[choice].members
    literals = [encoder.enabled[m] for m in members]
    shown = []
    for member in members:
        shown.append(encoder.visibility(member)[0])
        bound_by_prompt(encoder, member, shown[-1])
    out.state(StatementKind.CHOICE, choice, -1)
    one = out.at_most(literals)
    for visible in shown:
        out.add(-visible, one)
    exclude(encoder, literals)


def bound_by_prompt(encoder: Literals, member: int, visible: int) -> None:
    """A member is only on while it is visible; its own dependencies are named one by one where they decide that."""
    symbol = encoder.model.symbols[member]
    definition = encoder.model.definitions[symbol.definitions[0]]
    prompt = definition.prompt
    if len(symbol.definitions) == 1 and prompt is not None:
        encoder.within(member, definition.context, [], [])
        if prompt.cond == 0 and prompt.visible < 0:
            return
    encoder.out.state(StatementKind.PROMPT, symbol.definitions[0], member)
    encoder.out.add(-encoder.enabled[member], visible)


def exclude(encoder: Literals, literals: list[int]) -> None:
    """At most one of them."""
    for i, a in enumerate(literals):
        for b in literals[:i]:
            encoder.out.add(-a, -b)


def encode_old_choice(encoder: Literals, choice: int, *, once: bool = False) -> None:
    """Before 6.11. A member's own defaults (Kconfig warns of them) count while it is invisible.

    `once`: when a configuration is read, whose lines may set a choice to what it does not stay at.
    """
    out, model = encoder.out, encoder.model
    entry = model.choices[choice]
    ce, cy = encoder.choice_e[choice], encoder.choice_y[choice]
    visible_e, visible_y = choice_visibility(encoder, choice)
    bound = []  # members that are visible and y
    for member in entry.members:
        member_value(encoder, choice, member)
        bound.append(out.both(encoder.yes[member], encoder.visibility(member)[1]))
    forced, _ = choice_forced(encoder, choice)
    # a choice that has to be y is n all the same when none of its members can be
    possible = [] if forced == FALSE else [visible_alone(encoder, choice, member) for member in entry.members]
    out.state(StatementKind.CHOICE, choice, -1)
    if entry.type == Type.UNKNOWN:  # all its members stand inside an `if`: conf never gives it a value
        out.add(-ce)
        for literal in bound:
            out.add(-literal)
        return
    if not once and any(model.definitions[d].defaults for m in entry.members for d in model.symbols[m].definitions):
        read_back(encoder, choice)
    exclude(encoder, bound)
    out.add(-cy, *bound)
    for literal in bound:
        out.add(-literal, cy)
    out.add(-ce, visible_e)
    if ce == cy:
        for literal in possible:
            out.add(-forced, -literal, cy)
        return
    out.fix(-cy, ce)
    out.add(-ce, cy, encoder.modules)
    out.add(-cy, visible_y, -encoder.modules)
    if once:
        return
    if forced != visible_e:
        out.add(-ce, forced, *[encoder.enabled[m] for m in entry.members])
    if forced != FALSE:
        out.add(-forced, ce, -encoder.modules)
        for literal in possible:
            out.add(-forced, -literal, cy, encoder.modules)


def read_back(encoder: Literals, choice: int) -> None:
    """A choice of which a member has a default of its own: that is written while the member is invisible, and read as
    a line of the choice."""
    out, members = encoder.out, encoder.model.choices[choice].members
    e, y = encoder.enabled, encoder.yes
    lost = out.any_of(out.all_of((y[a], e[b], -y[b])) for i, a in enumerate(members) for b in members[i + 1 :])
    read = value_read(encoder, choice, out.any_of(e[m] for m in members), out.any_of(y[m] for m in members), lost)
    for literal, other in zip((encoder.choice_e[choice], encoder.choice_y[choice]), read, strict=True):
        out.add(-literal, other)
        out.add(literal, -other)
    pick_read(encoder, choice, encoder.choice_y[choice], [(y[m], m) for m in reversed(members)])


def value_read(encoder: Literals, choice: int, some: int, full: int, lost: int) -> tuple[int, int]:
    """What lines make of a choice: the highest of them, unless an m comes after a y; bounded by its prompts, and at
    least m where it has to be on. `some`, `full`: whether one says m or y, and y."""
    out, members = encoder.out, encoder.model.choices[choice].members
    ve, vy = choice_limit(encoder, choice)
    asked = out.both(ve, out.any_of((out.both(some, -lost), choice_forced(encoder, choice)[0])))
    most = asked
    if encoder.model.choices[choice].type == Type.TRISTATE:
        most = out.any_of((out.both(asked, -encoder.modules), out.all_of((vy, full, -lost))))
    # a choice of y is n where no member can be y
    y = out.both(most, out.any_of(visible_alone(encoder, choice, m) for m in members))
    return out.any_of((y, out.both(asked, -most))), y


def pick_read(encoder: Literals, choice: int, before: int, lines: list[tuple[int, int]]) -> None:
    """Which member is y where `before` holds: that of the last line of y if it is visible, else the default.

    `lines`: (whether there is such a line, member), the last one first.
    """
    out, members = encoder.out, encoder.model.choices[choice].members
    shown = {m: encoder.visibility(m)[1] for m in members}
    others = []
    for literal, m in lines:
        here = out.both(before, literal)
        out.add(-here, -shown[m], encoder.yes[m])
        others.append(out.both(here, -shown[m]))
        before = out.both(before, -literal)
    before = out.any_of((before, *others))
    for condition, m in [*choice_defaults(encoder, choice), *((TRUE, m) for m in members)]:
        if m in shown:
            here = out.both(condition, shown[m])
            out.add(-before, -here, encoder.yes[m])
            before = out.both(before, -here)


def choice_defaults(encoder: Literals, choice: int) -> list[tuple[int, int]]:
    """(condition, member) of a choice's defaults."""
    model = encoder.model
    found = []
    for d in model.choices[choice].definitions:
        definition = model.definitions[d]
        for default in definition.defaults:
            both = encoder.conjunction(encoder.context(definition.context), encoder.expr(default.cond))
            found.append((both[0], model.exprs[default.value].args[0]))
    return found


def choice_limit(encoder: Literals, choice: int) -> tuple[int, int]:
    """What a choice's own prompts allow, as its type and MODULES have it."""
    e, y = choice_visibility(encoder, choice)
    if encoder.model.choices[choice].type != Type.TRISTATE:
        return e, e
    return e, encoder.out.any_of((y, encoder.out.both(e, -encoder.modules)))


def choice_forced(encoder: Literals, choice: int) -> tuple[int, int]:
    """What keeps a choice that is not optional from being n: of an entry's prompts, the last one."""
    if encoder.model.choices[choice].optional:
        return FALSE, FALSE
    return choice_visibility(encoder, choice, last=True)


def choice_visibility(encoder: Literals, choice: int, *, last: bool = False) -> tuple[int, int]:
    """What the choice's own prompts allow (`last`: without those that another one of the same entry follows)."""
    pairs = []
    for d in encoder.model.choices[choice].definitions:
        definition = encoder.model.definitions[d]
        if definition.prompt is not None and not (last and definition.prompt.line == definition.line):
            pairs.append(
                encoder.conjunction(
                    encoder.context(definition.context),
                    encoder.expr(definition.prompt.cond),
                    encoder.link(definition.prompt.visible),
                )
            )
    return encoder.disjunction(pairs)


def visible_alone(encoder: Literals, choice: int, member: int) -> int:
    """Whether a member would be visible if its choice were y."""
    model, out = encoder.model, encoder.out
    found = []
    for d in model.symbols[member].definitions:
        definition = model.definitions[d]
        if definition.prompt is None:
            continue
        parts = [encoder.expr(definition.prompt.cond), encoder.link(definition.prompt.visible)]
        for link in model.chain(definition.context):
            expr = model.exprs[link.expr]
            if expr.op not in (Op.CHOICE, Op.CHOICE_Y) or expr.args[0] != choice:
                parts.append(encoder.expr(link.expr))
        e, y = encoder.conjunction(*parts)
        tristate = definition.choice >= 0 and model.symbols[member].type == Type.TRISTATE
        found.append(y if tristate else e)
    return out.any_of(found)


def member_value(encoder: Literals, choice: int, member: int) -> None:
    """Visible at y: y only as the choice's pick (stated there). Visible at m: n or m. Invisible: its own default."""
    out, model = encoder.out, encoder.model
    symbol = model.symbols[member]
    e, y = encoder.enabled[member], encoder.yes[member]
    ve, vy = encoder.visibility(member)
    chain, conditions = encoder.defaults(member)
    if not chain:
        if e == y:
            bound_by_prompt(encoder, member, ve)
            return
        out.state(StatementKind.PROMPT, symbol.definitions[0], member)
        out.add(-e, ve)
        out.add(-y, vy)
    else:
        out.state(StatementKind.PROMPT, symbol.definitions[0], member)
        out.add(-y, -ve, vy)
        for first, cond_y, d, place in chain:
            de, dy = encoder.expr(model.definitions[d].defaults[place].value)
            dy = out.any_of((out.both(dy, cond_y), out.both(de, -encoder.modules))) if e != y else de
            out.state(StatementKind.DEFAULT, d, member, place)
            for literal, value in ((e, de), (y, dy)):
                out.add(-first, ve, -value, literal)
                out.add(-first, ve, value, -literal)
        out.state(StatementKind.SYMBOL, symbol.definitions[0], member)
        out.add(-e, ve, *conditions)
    if e != y:
        out.state(StatementKind.CHOICE, choice, member)
        out.add(-vy, -e, y)  # at y there is no m
