"""Choices as clauses. Since 6.11 exactly one visible member is y; before, a choice has a value that bounds its members.

The rules are `sym_calc_choice` on both sides of the change and, before it, what `conf_read_simple` remembers for a
choice when it reads the members' lines back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kcfg.kconfig.model import Op, Type
from kcfg.solver.clauses import StatementKind

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


def encode_old_choice(encoder: Literals, choice: int) -> None:
    """Before 6.11. A member's own defaults (Kconfig warns of them) count while it is invisible."""
    out, model = encoder.out, encoder.model
    entry = model.choices[choice]
    ce, cy = encoder.choice_e[choice], encoder.choice_y[choice]
    visible_e, visible_y = choice_visibility(encoder, choice)
    bound = []  # members that are visible and y
    for member in entry.members:
        member_value(encoder, choice, member)
        bound.append(out.both(encoder.yes[member], encoder.visibility(member)[1]))
    # a choice that has to be y is n all the same when none of its members can be
    possible = [] if entry.optional else [visible_alone(encoder, choice, member) for member in entry.members]
    out.state(StatementKind.CHOICE, choice, -1)
    if entry.type == Type.UNKNOWN:  # all its members stand inside an `if`: conf never gives it a value
        out.add(-ce)
        return
    exclude(encoder, bound)
    out.add(-cy, *bound)
    for literal in bound:
        out.add(-literal, cy)
    out.add(-ce, visible_e)
    if ce == cy:
        for literal in possible:
            out.add(-visible_e, -literal, cy)
        return
    out.fix(-cy, ce)
    out.add(-ce, cy, encoder.modules)
    out.add(-cy, visible_y, -encoder.modules)
    if entry.optional:
        out.add(-ce, *[encoder.enabled[m] for m in entry.members])
    else:
        out.add(-visible_e, ce, -encoder.modules)
        for literal in possible:
            out.add(-visible_e, -literal, cy, encoder.modules)


def choice_visibility(encoder: Literals, choice: int) -> tuple[int, int]:
    """What the choice's own prompts allow."""
    pairs = []
    for d in encoder.model.choices[choice].definitions:
        definition = encoder.model.definitions[d]
        if definition.prompt is not None:
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
