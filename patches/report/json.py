"""JSON: the findings as they are, field by field in the order of patches/findings.py."""

from __future__ import annotations

from typing import Any

import msgspec

from kcfg.show.json import encoded
from kcfg.show.terminal import Look
from patches.findings import SCHEMA_VERSION, PatchDetail, PlanReport, StatusReport, TrendReport


def report_json(report: object, look: Look) -> str:
    """The report as indented JSON with a newline at its end."""
    return encoded(report)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of all reports of the patch half, made from the data that they are."""
    reports = (StatusReport, PatchDetail, PlanReport, TrendReport)
    refs, parts = msgspec.json.schema_components(reports, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"kcfg patches reports, schema {SCHEMA_VERSION}",
        "description": "What kcfg patches prints with --format json, fields in this order.",
        "anyOf": list(refs),
        "$defs": dict(sorted(parts.items())),
    }


def schema_text() -> str:
    """What schemas/patches-1.json has to contain."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"


RENDERERS = dict.fromkeys((StatusReport, PatchDetail, PlanReport, TrendReport), report_json)
