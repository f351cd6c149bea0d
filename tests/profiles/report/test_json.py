"""JSON: the structures field by field, a schema that cannot drift from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import profiles.report
from kcfg.answers.facts import ResolveReport
from profiles.findings import ModesReport, Report
from profiles.report.json import schema, schema_text
from tests.profiles.report.conftest import render

SCHEMA_FILE = Path(profiles.report.__file__).parent / "schemas" / "report-1.json"
DOCS = Path(__file__).parents[3] / "docs" / "json-schema.md"


@pytest.fixture(scope="session")
def validator() -> Any:
    stored = json.loads(SCHEMA_FILE.read_text())
    jsonschema.Draft202012Validator.check_schema(stored)
    return jsonschema.Draft202012Validator(stored)


def test_the_stored_schema_is_the_one_of_the_structures() -> None:
    assert SCHEMA_FILE.read_text() == schema_text(), (
        "python -m profiles.report.json > profiles/report/schemas/report-1.json"
    )


def test_the_documentation_names_every_field() -> None:
    text = DOCS.read_text()
    fields = {(name, field) for name, part in schema()["$defs"].items() for field in part.get("properties", ())}
    assert fields
    assert [pair for pair in sorted(fields) if f"`{pair[1]}`" not in text] == []
    assert [name for name in schema()["$defs"] if name not in text] == []


def test_a_report_decodes_to_itself(
    report: Report, modes_report: ModesReport, resolve_report: ResolveReport, validator: Any
) -> None:
    for any_report in (report, modes_report, resolve_report):
        text = render(any_report, "json")
        assert msgspec.json.decode(text, type=type(any_report)) == any_report
        validator.validate(json.loads(text))


def test_fields_come_in_the_order_of_the_structures(report: Report) -> None:
    document = json.loads(render(report, "json"))
    assert list(document) == ["schema", "tool", "version", "fail_on", "results"]
    assert document["schema"] == 1
    assert list(document["results"][0])[:3] == ["config", "kernel", "status"]


def test_the_status_of_an_unreadable_configuration_is_written_out(report: Report) -> None:
    document = json.loads(render(report, "json"))
    assert document["results"][1]["status"] == "unknown"
    assert document["results"][1]["error"] == "binary data in line 1"


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert render(report, "json") == render(msgspec.convert(msgspec.to_builtins(report), Report), "json")


@given(any_report=st.from_type(Report) | st.from_type(ModesReport) | st.from_type(ResolveReport))
def test_any_text_gives_valid_json(any_report: Report, validator: Any) -> None:
    text = render(any_report, "json")
    text.encode("utf-8")
    assert text.endswith("}\n")
    document = json.loads(text)
    validator.validate(document)
    msgspec.json.decode(text, type=type(any_report))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_arrives_unchanged(text: str) -> None:
    report = Report(version=text, fail_on="required", results=())
    assert json.loads(render(report, "json"))["version"] == text
