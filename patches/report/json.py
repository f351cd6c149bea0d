"""JSON: the findings as they are, field by field in the order of patches/findings.py."""

from __future__ import annotations

from kcfg.answers.report.json import told
from kcfg.show.json import encoded, schema
from kcfg.show.terminal import Look
from patches.findings import SCHEMA_VERSION, PatchDetail, PlanReport, StatusReport, TrendReport
from patches.report.notes import TEXTS

REPORTS = (StatusReport, PatchDetail, PlanReport, TrendReport)


def report_json(report: object, look: Look) -> str:
    """The report as indented JSON with a newline at its end."""
    return encoded(told(report, TEXTS))


def schema_text() -> str:
    """What schemas/patches-1.json has to contain: the JSON Schema of all reports of the patch half."""
    about = "What kcfg patches prints with --format json, fields in this order."
    return encoded(schema(REPORTS, f"kcfg patches reports, schema {SCHEMA_VERSION}", about, tuple(TEXTS)))


RENDERERS = dict.fromkeys(REPORTS, report_json)
