"""SARIF: valid against the published schema, results at the configuration's line, waivers as suppressions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcfg.answers.facts import Location, Status
from kcfg.show.sarif import message, uri
from kcfg.show.terminal import Look
from profiles.findings import ConfigResult, ProfileResult, Report
from profiles.report import render, sarif
from tests.profiles.report.conftest import PVH

SCHEMA = Path(__file__).parents[2] / "fixtures" / "sarif" / "sarif-schema-2.1.0.json"
# RFC 3986, appendix A: the characters of a URI reference; a colon in the first segment would be a scheme.
REFERENCE = re.compile(r"(file://)?([A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})+")


@pytest.fixture(scope="session")
def validator() -> Any:
    return jsonschema.Draft7Validator(json.loads(SCHEMA.read_text()))


def run_of(report: Report) -> dict[str, Any]:
    (run,) = json.loads(render(report, "sarif"))["runs"]
    assert isinstance(run, dict)
    return run


def result_of(report: Report, rule: str) -> dict[str, Any]:
    (result,) = [r for r in run_of(report)["results"] if r["ruleId"] == rule]
    assert isinstance(result, dict)
    return result


def test_a_full_report_is_valid(report: Report, validator: Any) -> None:
    validator.validate(json.loads(render(report, "sarif")))


def test_a_failed_rule_stands_at_the_configurations_line(report: Report) -> None:
    result = result_of(report, "pvh-domu/pvh-entry")
    assert (result["kind"], result["level"]) == ("fail", "error")
    place = result["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "build/guest.config"}, "region": {"startLine": 4711}}
    assert run_of(report)["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "pvh-domu/pvh-entry"


def test_a_recommendation_is_a_warning_and_the_whole_file_has_no_region(report: Report) -> None:
    result = result_of(report, "pvh-domu/console")
    assert result["level"] == "warning"
    assert "region" not in result["locations"][0]["physicalLocation"]


def test_what_cannot_be_evaluated_is_open_without_a_level(report: Report) -> None:
    result = result_of(report, "pvh-domu/retpoline")
    assert (result["kind"], result["level"]) == ("open", "none")


def test_a_waived_finding_is_suppressed_with_its_reason(report: Report) -> None:
    assert result_of(report, "pvh-domu/balloon")["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "fixed-size guests (until 2030-01-01)"}
    ]
    assert "suppressions" not in result_of(report, "pvh-domu/pvh-entry")


def test_reasons_are_related_locations_in_the_kernel_or_the_configuration(report: Report) -> None:
    related = [r["physicalLocation"] for r in result_of(report, "pvh-domu/pvh-entry")["relatedLocations"]]
    assert related[0]["artifactLocation"] == {"uri": "arch/x86/xen/Kconfig", "uriBaseId": "KERNEL"}
    assert related[2]["artifactLocation"] == {"uri": "build/guest.config"}
    assert "KERNEL" in run_of(report)["originalUriBaseIds"]


def test_an_unreadable_configuration_is_a_notification_and_no_success(report: Report) -> None:
    (invocation,) = run_of(report)["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is False
    assert notification["level"] == "error"
    assert notification["message"]["text"] == "binary data in line 1"
    assert notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "broken.config"


def test_a_profile_that_cannot_be_evaluated_is_never_silent() -> None:
    profile = ProfileResult(profile="arm64-domu", title="", status=Status.UNKNOWN, passed=0, note="no arm64 model")
    report = Report(version="1", fail_on="required", results=(ConfigResult(config="c", profiles=(profile,)),))
    (invocation,) = run_of(report)["invocations"]
    assert "no arm64 model" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_a_fingerprint_survives_a_moved_line_and_differs_by_rule(report: Report) -> None:
    finding = report.results[0].profiles[0].findings[0]
    moved = msgspec.structs.replace(finding, config_line=Location("build/guest.config", 1))
    profile = msgspec.structs.replace(report.results[0].profiles[0], findings=(moved,))
    result = msgspec.structs.replace(report.results[0], profiles=(profile,))
    after = result_of(msgspec.structs.replace(report, results=(result,)), "pvh-domu/pvh-entry")
    assert after["partialFingerprints"] == result_of(report, "pvh-domu/pvh-entry")["partialFingerprints"]
    prints = [r["partialFingerprints"]["kcfgFinding/v1"] for r in run_of(report)["results"]]
    assert len(set(prints)) == len(prints) == 5


def test_a_uri_is_relative_and_percent_encoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert uri("a b/ü:c#d?e%.config") == "a%20b/%C3%BC%3Ac%23d%3Fe%25.config"
    assert uri(str(tmp_path / "x" / ".config")) == "x/.config"
    assert uri("/boot/config-6.1") == "file:///boot/config-6.1"
    assert uri("-") == "stdin"
    assert uri("\udcff") == "%FF"


def test_braces_and_brackets_are_no_placeholders_and_no_links() -> None:
    assert message(["{0}"])["text"] == "{{0}}"
    assert message(["[x](1) [y]"])["text"] == r"\[x](1) [y]"


@settings(deadline=None, max_examples=60)
@given(any_report=st.from_type(Report))
def test_any_text_gives_a_valid_log(any_report: Report, validator: Any) -> None:
    text = render(any_report, "sarif")
    text.encode("utf-8")
    document = json.loads(text)
    validator.validate(document)
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["kind"] == "fail" or result["level"] == "none"
        for location in result["locations"]:
            assert REFERENCE.fullmatch(location["physicalLocation"]["artifactLocation"]["uri"])


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_uri_keeps_the_path(path: str) -> None:
    if path not in ("-", "/") and not path.startswith("/"):
        assert unquote(uri(path)) == path


def test_a_check_is_the_one_report_that_has_a_log(report: Report) -> None:
    assert {Report: sarif.check} == sarif.RENDERERS
    assert sarif.check(report, Look()) == render(report, "sarif")


def test_a_rule_is_named_by_its_profile_and_described_once(report: Report) -> None:
    assert sarif.rule_id(PVH) == "pvh-domu/pvh-entry"
    twice = msgspec.structs.replace(report, results=(report.results[0], report.results[0]))
    run = run_of(twice)
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(ids)) == len(ids) == len(run["results"]) // 2
    assert {one["ruleId"] for one in run["results"]} == set(ids)
    prints = [one["partialFingerprints"][sarif.FINGERPRINT] for one in run["results"]]
    assert len(set(prints)) == len(prints)
    assert {one.rpartition(":")[2] for one in prints} == {"1", "2"}


@pytest.mark.parametrize(
    ("source", "uri_of_help"),
    [("https://x.org/a", "https://x.org/a"), ("a mail", None), ("javascript:x", None), ("https://x.org/a b", None)],
)
def test_a_source_is_a_link_only_when_it_is_one(report: Report, source: str, uri_of_help: str | None) -> None:
    finding = msgspec.structs.replace(PVH, source=source)
    result = ProfileResult(profile="p", title="t", status=Status.FAIL, passed=0, findings=(finding,))
    run = run_of(msgspec.structs.replace(report, results=(ConfigResult(config="c", profiles=(result,)),)))
    (rule,) = run["tool"]["driver"]["rules"]
    assert (rule.get("helpUri"), f"Source: {source}" in rule["help"]["text"]) == (uri_of_help, True)


def test_a_version_is_semantic_only_when_it_is(report: Report) -> None:
    drivers = [
        run_of(msgspec.structs.replace(report, version=version))["tool"]["driver"] for version in ("1.2.3", "1.2")
    ]
    assert [one.get("semanticVersion") for one in drivers] == ["1.2.3", None]


def test_each_configuration_s_verdicts_are_in_the_run_s_properties(report: Report) -> None:
    first, second = run_of(report)["properties"]["configurations"]
    assert [(one["profile"], one["status"], one["passed"]) for one in first["profiles"]] == [
        ("pvh-domu", "fail", 12),
        ("no-pv", "pass", 3),
    ]
    assert (second["config"], second["kernel"], second["profiles"]) == ("broken.config", "", [])
