"""JSON: the findings as they are, field by field in the order of kcfg/findings.py. `python -m kcfg.report.json`
prints the schema that stands in schemas/report-1.json."""

from __future__ import annotations

from typing import Any

import msgspec

from kcfg.findings import SCHEMA_VERSION, ModesReport, Report, ResolveReport
from kcfg.report.terminal import Look


def json_report(report: Report | ModesReport | ResolveReport, look: Look) -> str:
    """The report as indented JSON with a newline at its end."""
    return encoded(report)


def encoded(report: object) -> str:
    """Any of our data as indented JSON with a newline at its end."""
    try:
        raw = msgspec.json.encode(report)
    except UnicodeEncodeError:  # a lone surrogate: a file name's byte that is not UTF-8
        raw = msgspec.json.encode(_encodable(msgspec.to_builtins(report)))
    return msgspec.json.format(raw, indent=2).decode() + "\n"


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {k: _encodable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(v) for v in value]
    return value


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of all reports, made from the data that they are."""
    from kcfg.describe import SymbolReport
    from kcfg.explain import ExplainReport
    from kcfg.generated import GenerateReport
    from kcfg.repair import RepairReport

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
