"""Statements about symbols in words: all formats share them."""

from __future__ import annotations

from graphs.findings import SymbolStatement
from graphs.kinds import StatementKind


def statement_words(one: SymbolStatement) -> str:
    """What a statement says, without its kind and place."""
    text = f"one of {one.text}" if one.kind is StatementKind.CHOICE else one.text
    if one.within:
        text += f" (definition in {one.within})"
    return text or ("without a condition" if one.kind is StatementKind.PROMPT else "")
