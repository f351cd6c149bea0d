"""JSON: the findings as they are, field by field in the order of profiles/findings.py, each reason with its sentence.
`python -m profiles.report.json` prints the schema that stands in schemas/report-1.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kcfg.answers.facts import SCHEMA_VERSION, ResolveReport
from kcfg.answers.report.json import Words, report_json, schema_of, told
from kcfg.show.json import encoded
from profiles.findings import ModesReport, Report

if TYPE_CHECKING:
    from profiles.fulfil.generated import GenerateReport
    from profiles.fulfil.repair import RepairReport


def words() -> Words:
    """What of the exact answers is a text in JSON."""
    from profiles.fulfil.causes import Cause, Warned
    from profiles.fulfil.generated import Passed
    from profiles.report.causes import cause_words, passed_words, warning_words

    return {Cause: cause_words, Warned: warning_words, Passed: passed_words}


def exact_json(report: GenerateReport | RepairReport) -> str:
    """What `kcfg generate` and `repair` have to say."""
    return encoded(told(report, words()))


def schema() -> dict[str, Any]:
    """The JSON Schema of all reports about configurations."""
    from kcfg.answers.describe import SymbolReport
    from kcfg.answers.explain import ExplainReport
    from profiles.fulfil.generated import GenerateReport
    from profiles.fulfil.repair import RepairReport

    reports = (Report, ModesReport, ResolveReport, SymbolReport, ExplainReport, GenerateReport, RepairReport)
    about = "What the commands print with --format json, fields in this order."
    return schema_of(reports, f"kcfg reports, schema {SCHEMA_VERSION}", about, words())


def schema_text() -> str:
    """What schemas/report-1.json has to contain."""
    return encoded(schema())


RENDERERS = {Report: report_json, ModesReport: report_json}

if __name__ == "__main__":
    print(schema_text(), end="")
