"""JSON: the findings as they are, field by field in the order of kcfg/findings.py. `python -m profiles.report.json`
prints the schema that stands in schemas/report-1.json."""

from __future__ import annotations

from typing import Any

import msgspec

from kcfg.answers.facts import SCHEMA_VERSION, ResolveReport
from kcfg.show.json import encoded
from kcfg.show.terminal import Look
from profiles.findings import ModesReport, Report


def json_report(report: Report | ModesReport | ResolveReport, look: Look) -> str:
    """The report as indented JSON with a newline at its end."""
    return encoded(report)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of all reports, made from the data that they are."""
    from kcfg.answers.describe import SymbolReport
    from kcfg.answers.explain import ExplainReport
    from profiles.fulfil.generated import GenerateReport
    from profiles.fulfil.repair import RepairReport

    reports = (Report, ModesReport, ResolveReport, SymbolReport, ExplainReport, GenerateReport, RepairReport)
    refs, parts = msgspec.json.schema_components(reports, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"kcfg reports, schema {SCHEMA_VERSION}",
        "description": "What the commands print with --format json, fields in this order.",
        "anyOf": list(refs),
        "$defs": dict(sorted(parts.items())),
    }


def schema_text() -> str:
    """What schemas/report-1.json has to contain."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"


RENDERERS = {Report: json_report, ModesReport: json_report, ResolveReport: json_report}

if __name__ == "__main__":
    print(schema_text(), end="")
