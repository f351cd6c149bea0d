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
)
from kcfg.show.json import encoded
from kcfg.show.terminal import Look

REPORTS = (PathReport, NeedsReport, NeededByReport, DominatorsReport, CyclesReport, CompareReport, HistoryReport)


def json_report(report: object, look: Look) -> str:
    """The report as indented JSON with a newline at its end."""
    return encoded(report)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of all answers, made from the data that they are."""
    refs, parts = msgspec.json.schema_components(REPORTS, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"kcfg graph reports, schema {SCHEMA_VERSION}",
        "description": "What the commands of kcfg graph print with --format json, fields in this order.",
        "anyOf": list(refs),
        "$defs": dict(sorted(parts.items())),
    }


def schema_text() -> str:
    """What schemas/graph-1.json has to contain."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"


RENDERERS = dict.fromkeys(REPORTS, json_report)

if __name__ == "__main__":
    print(schema_text(), end="")
