"""JSON: the answers as they are, field by field in the order of graphs/findings.py. `python -m graphs.report.json`
prints the schema that stands in schemas/graph-1.json."""

from __future__ import annotations

from typing import Any

import msgspec

from graphs.findings import (
    SCHEMA_VERSION,
    CompareReport,
    CyclesReport,
    DominatorsReport,
    HistoryReport,
    NeededByReport,
    NeedsReport,
    PathReport,
    SymbolStatement,
)
from graphs.kinds import EdgeKind
from graphs.report.words import statement_words
from kcfg.answers.facts import Location
from kcfg.answers.report.json import Words, schema_of, told
from kcfg.show.json import encoded
from kcfg.show.terminal import Look


class ToldStatement(msgspec.Struct, frozen=True):
    """A statement about a symbol, and where it stands. `kind`: type, prompt, depends, default, range, select, imply,
    selected-by, implied-by, choice."""

    kind: str
    text: str
    where: Location


def told_statement(one: SymbolStatement) -> ToldStatement:
    """A statement as JSON has it."""
    return ToldStatement(one.kind, statement_words(one), one.where)


WORDS: Words = {SymbolStatement: told_statement, EdgeKind: str}
REPORTS = (PathReport, NeedsReport, NeededByReport, DominatorsReport, CyclesReport, CompareReport, HistoryReport)


def schema() -> dict[str, Any]:
    """The JSON Schema of all answers."""
    about = "What the commands of kcfg graph print with --format json, fields in this order."
    as_told = {SymbolStatement.__name__: ToldStatement}
    return schema_of(REPORTS, f"kcfg graph reports, schema {SCHEMA_VERSION}", about, {EdgeKind: str}, as_told)


def schema_text() -> str:
    """What schemas/graph-1.json has to contain."""
    return encoded(schema())


def report_json(report: object, look: Look) -> str:
    """Any answer as indented JSON with a newline at its end."""
    return encoded(told(report, WORDS))


RENDERERS = dict.fromkeys(REPORTS, report_json)

if __name__ == "__main__":
    print(schema_text(), end="")
