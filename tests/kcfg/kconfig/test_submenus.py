"""What conf makes of expressions before it decides what stands below an entry of a choice."""

from __future__ import annotations

import pytest

from kcfg.kconfig.model import Op, Type
from kcfg.kconfig.submenus import CHOICE, MutableExpr, Submenus, both, mentions

Y, M, N = -1, -2, -3
A, B = 0, 1  # a bool and a tristate
RULES = Submenus([], lambda atom: Type.TRISTATE if atom == B else Type.BOOL, Y, M, N)


def atom(number: int) -> MutableExpr:
    return MutableExpr(Op.ATOM, (number,))


def join(op: Op, *parts: MutableExpr) -> MutableExpr:
    return MutableExpr(op, (), parts)


def shown(node: MutableExpr) -> str:
    names = {A: "A", B: "B", Y: "y", M: "m", N: "n"}
    inner = [*(names[one] for one in node.atoms), *map(shown, node.parts)]
    return inner[0] if node.op == Op.ATOM else f"{Op(node.op).name}({', '.join(inner)})"


@pytest.mark.parametrize(
    ("node", "found"),
    [
        (MutableExpr(Op.EQ, (A, Y)), "A"),
        (MutableExpr(Op.EQ, (A, N)), "NOT(A)"),
        (MutableExpr(Op.NE, (A, N)), "A"),
        (MutableExpr(Op.EQ, (A, M)), "n"),
        (MutableExpr(Op.EQ, (B, Y)), "EQ(B, y)"),
        (join(Op.NOT, join(Op.NOT, atom(A))), "A"),
        (join(Op.NOT, MutableExpr(Op.LT, (A, B))), "GE(A, B)"),
        (join(Op.NOT, join(Op.AND, atom(A), atom(B))), "OR(NOT(A), NOT(B))"),
        (join(Op.NOT, atom(Y)), "n"),
    ],
)
def test_an_expression_is_made_plain(node: MutableExpr, found: str) -> None:
    assert shown(RULES.simple(node)) == found


@pytest.mark.parametrize(
    ("node", "found"),
    [
        (join(Op.AND, atom(A), atom(A)), "A"),
        (join(Op.OR, atom(A), join(Op.NOT, atom(A))), "y"),
        (join(Op.AND, atom(B), MutableExpr(Op.NE, (B, M))), "EQ(B, y)"),
        (join(Op.OR, MutableExpr(Op.EQ, (B, Y)), MutableExpr(Op.EQ, (B, M))), "NE(B, n)"),
        (join(Op.AND, MutableExpr(Op.NE, (B, Y)), MutableExpr(Op.NE, (B, N))), "EQ(B, m)"),
        (join(Op.AND, atom(A), atom(B)), "AND(A, B)"),
    ],
)
def test_what_is_said_twice_is_joined(node: MutableExpr, found: str) -> None:
    assert shown(RULES.joined(node)) == found


def test_what_needs_a_symbol_is_below_it_and_what_only_mentions_it_where_all_else_is_the_same() -> None:
    assert RULES.belongs(join(Op.AND, atom(B), atom(A)), A, None)
    assert not RULES.belongs(join(Op.OR, atom(A), atom(B)), A, atom(B))
    assert not RULES.belongs(atom(B), A, None)
    assert mentions(join(Op.NOT, MutableExpr(Op.EQ, (A, Y))), A)


def test_expressions_come_from_the_tables_and_a_choice_is_an_operand_of_its_own() -> None:
    rules = Submenus([(Op.ATOM, (A,)), (Op.ATOM, (B,)), (Op.AND, (0, 1, 0)), (Op.CHOICE, (4,))], RULES.type_of, Y, M, N)
    assert shown(rules.node(2)) == "AND(AND(A, B), A)"
    assert rules.node(3).atoms == (CHOICE + 4,)
    joined = both([atom(A), atom(B)])
    assert joined is not None
    assert (shown(joined), both([])) == ("AND(A, B)", None)
