"""JUnit: well-formed, with counts that equal the elements, and failures that agree with the exit status."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from kcfg.answers.facts import Status
from profiles.findings import ConfigResult, ProfileResult, Report
from profiles.report import render
from profiles.report.junit import legal

# The elements and attributes of Jenkins' junit-10.xsd that are used here.
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase"},
    "properties": {"property"},
    "testcase": {"skipped", "error", "failure", "system-out"},
}
ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "time", "tests", "failures", "errors", "skipped"},
    "property": {"name", "value"},
    "testcase": {"name", "classname", "time"},
    "skipped": {"message"},
    "error": {"message", "type"},
    "failure": {"message", "type"},
}


def parsed(report: Report) -> ET.Element:
    return ET.fromstring(render(report, "junit").encode("utf-8"))


def case(root: ET.Element, part: str) -> ET.Element:
    (found,) = [c for c in root.iter("testcase") if part in c.get("name", "")]
    return found


def check_structure(root: ET.Element) -> None:
    for element in root.iter():
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())
        assert set(element.keys()) <= ATTRIBUTES.get(element.tag, set())
    for counted in (root, *root.iter("testsuite")):
        assert counted.get("tests") == str(len(list(counted.iter("testcase"))))
        assert counted.get("failures") == str(len(list(counted.iter("failure"))))
        assert counted.get("errors") == str(len(list(counted.iter("error"))))
    for suite in root.iter("testsuite"):
        assert suite.find("testcase") is not None
        assert suite.get("skipped") == str(len(list(suite.iter("skipped"))))


def test_one_suite_a_configuration_and_profile(report: Report) -> None:
    root = parsed(report)
    check_structure(root)
    names = [s.get("name") for s in root.iter("testsuite")]
    assert names == [
        "build/guest.config: pvh-domu",
        "build/guest.config: no-pv",
        "build/guest.config: the input",
        "broken.config",
    ]


def test_fail_unknown_and_waived_are_failure_error_and_skipped(report: Report) -> None:
    root = parsed(report)
    failure = case(root, "pvh-entry").find("failure")
    assert failure is not None
    assert failure.get("type") == "required"
    assert "arch/x86/xen/Kconfig:76" in (failure.text or "")
    assert case(root, "retpoline").find("error") is not None
    skipped = case(root, "balloon").find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "fixed-size guests (until 2030-01-01)"


def test_a_recommendation_fails_only_when_the_check_was_asked_to(report: Report) -> None:
    assert case(parsed(report), "console").find("failure") is None
    assert case(parsed(report), "console").find("system-out") is not None
    strict = msgspec.structs.replace(report, fail_on="recommended")
    assert case(parsed(strict), "console").find("failure") is not None


def test_rules_that_hold_are_one_case_and_a_property(report: Report) -> None:
    root = parsed(report)
    assert case(root, "12 rules hold") is not None
    passed = [p.get("value") for p in root.iter("property") if p.get("name") == "passed"]
    assert passed == ["12", "3"]


def test_an_unreadable_configuration_is_an_error(report: Report) -> None:
    error = case(parsed(report), "the configuration").find("error")
    assert error is not None
    assert error.get("message") == "binary data in line 1"


def test_a_profile_that_cannot_be_evaluated_is_an_error_with_its_note() -> None:
    profile = ProfileResult(profile="arm64-domu", title="", status=Status.UNKNOWN, passed=0, note="no arm64 model")
    report = Report(version="1", fail_on="required", results=(ConfigResult(config="c", profiles=(profile,)),))
    error = parsed(report).find(".//error")
    assert error is not None
    assert error.get("message") == "no arm64 model"


def test_characters_that_xml_cannot_hold_are_removed() -> None:
    assert legal("a\x00\x0b\ufffe\ud800b\t\n") == "ab\t\n"


@given(st.from_type(Report))
def test_any_text_gives_well_formed_xml(any_report: Report) -> None:
    check_structure(parsed(any_report))
