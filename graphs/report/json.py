"""JSON: the answers as they are, field by field in the order of graphs/findings.py. `python -m graphs.report.json`
prints the schema that stands in schemas/graph-1.json."""

from __future__ import annotations

from typing import Any

from graphs.findings import (
    SCHEMA_VERSION,
    CompareReport,
    CyclesReport,
    DominatorsReport,
    HistoryReport,
    NeededByReport,
    NeedsReport,
    PathReport,
)
from kcfg.answers.report.json import report_json, schema_of
from kcfg.show.json import encoded

REPORTS = (PathReport, NeedsReport, NeededByReport, DominatorsReport, CyclesReport, CompareReport, HistoryReport)


def schema() -> dict[str, Any]:
    """The JSON Schema of all answers."""
    about = "What the commands of kcfg graph print with --format json, fields in this order."
    return schema_of(REPORTS, f"kcfg graph reports, schema {SCHEMA_VERSION}", about)


def schema_text() -> str:
    """What schemas/graph-1.json has to contain."""
    return encoded(schema())


RENDERERS = dict.fromkeys(REPORTS, report_json)

if __name__ == "__main__":
    print(schema_text(), end="")
