"""Statements about symbols in words."""

from __future__ import annotations

import pytest

from graphs.findings import SymbolStatement
from graphs.kinds import StatementKind
from graphs.report.json import told_statement
from graphs.report.words import statement_words
from kcfg.answers.facts import Location

HERE = Location("Kconfig", 4)


@pytest.mark.parametrize(
    ("kind", "text", "within", "said"),
    [
        (StatementKind.TYPE, "bool", "", "bool"),
        (StatementKind.PROMPT, "", "", "without a condition"),
        (StatementKind.PROMPT, "", "Kconfig", " (definition in Kconfig)"),
        (StatementKind.PROMPT, "B", "Kconfig", "B (definition in Kconfig)"),
        (StatementKind.DEPENDS, "B && C", "", "B && C"),
        (StatementKind.CHOICE, "X Y", "", "one of X Y"),
    ],
)
def test_what_a_statement_says(kind: StatementKind, text: str, within: str, said: str) -> None:
    one = SymbolStatement(kind, text, HERE, within)
    told = told_statement(one)
    assert (statement_words(one), told.kind, told.text, told.where) == (said, kind, said, HERE)
