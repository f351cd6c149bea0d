"""Expressions and dependencies of Kconfig lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.kconfig.build import YES, ModelBuilder
from kcfg.kconfig.expressions import Expressions
from kcfg.kconfig.model import Op
from kcfg.sources.open import open_source
from tests.kcfg.trees import write_tree


def reader(folder: Path, line: str) -> Expressions:
    """A reader that has the tokens of one line, its first keyword read."""
    made = Expressions(open_source(str(write_tree(folder, line + "\n"))), ModelBuilder(choice_values=False), {})
    made.enter("Kconfig")
    assert made._next_line()
    return made


def shown(made: Expressions, expr: int) -> str:
    """An expression as nested text."""
    builder = made.builder
    op, args = list(builder.exprs)[expr]
    names = {number: name for name, number in builder.symbols.items()}
    names |= {-1 - number: repr(text) for text, number in builder.constants.items()}
    if op == Op.ATOM:
        return names[args[0]]
    inner = [names[arg] for arg in args] if Op.EQ <= op <= Op.GE else [shown(made, arg) for arg in args]
    return f"{Op(op).name}({', '.join(inner)})"


@pytest.mark.parametrize(
    ("text", "expr"),
    [
        ("A", "A"),
        ("!A", "NOT(A)"),
        ("A && B && C", "AND(A, B, C)"),
        ("A || B || C", "OR(A, B, C)"),
        ("A || B && C", "OR(A, AND(B, C))"),
        ("(A || B) && C", "AND(OR(A, B), C)"),
        ("A && (B && C)", "AND(A, B, C)"),
        ("!(A && B)", "NOT(AND(A, B))"),
        ("A = y", "EQ(A, 'y')"),
        ('A != "x"', "NE(A, 'x')"),
        ("A < 3 && B >= A", "AND(LT(A, 3), GE(B, A))"),
        ("A > B || A <= B", "OR(GT(A, B), LE(A, B))"),
        ("m", "AND('m', MODULES)"),
        ("y", "'y'"),
    ],
)
def test_an_expression_is_read(tmp_path: Path, text: str, expr: str) -> None:
    made = reader(tmp_path, f"if {text}")
    assert shown(made, made.expression()).replace("'3'", "3") == expr


def test_equal_expressions_are_one(tmp_path: Path) -> None:
    made = reader(tmp_path, "if A && B || A && B")
    number = made.expression()
    op, args = list(made.builder.exprs)[number]
    assert (op, args[0] == args[1]) == (Op.OR, True)


def test_thousands_of_alternatives_on_one_line_are_read(tmp_path: Path) -> None:
    made = reader(tmp_path, "if " + " || ".join(f"A{number}" for number in range(5000)))
    number = made.expression()
    op, args = list(made.builder.exprs)[number]
    assert (op, len(args)) == (Op.OR, 5000)


def test_a_condition_that_is_not_there_is_y(tmp_path: Path) -> None:
    made = reader(tmp_path, "default A")
    made._tokens_i = 2
    assert made.condition() == YES


@pytest.mark.parametrize(
    ("text", "expr"),
    [
        ("A", "A"),
        ("A if B", "OR(A, EQ(B, 'n'))"),
        ("A if !B", "OR(A, NOT(EQ(B, 'n')))"),
        ("A if B && C", "OR(A, OR(EQ(B, 'n'), EQ(C, 'n')))"),
        ("A if B || C || D", "OR(A, AND(EQ(B, 'n'), EQ(C, 'n'), EQ(D, 'n')))"),
        ("A if B = y", "OR(A, NOT(EQ(B, 'y')))"),
    ],
)
def test_a_dependency_with_an_if_holds_as_well_where_that_is_n(tmp_path: Path, text: str, expr: str) -> None:
    made = reader(tmp_path, f"depends on {text}")
    assert shown(made, made.dependency()) == expr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("depends A", "expected 'on' after 'depends'"),
        ("depends on A B", "extra tokens at the end of the line"),
        ("depends on A if B C", "extra tokens at the end of the line"),
    ],
)
def test_a_wrong_dependency_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    made = reader(tmp_path, line)
    with pytest.raises(UserError) as caught:
        made.dependency()
    assert (caught.value.message, caught.value.where) == (f"cannot parse '{line}': {said}", "Kconfig:1")
