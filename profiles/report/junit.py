"""JUnit XML, in the dialect that Jenkins and GitLab read.

One testsuite a configuration and profile. A rule that failed is a <failure>, one that cannot be evaluated an <error>,
a waived one is <skipped>. A recommendation that the check was not asked to fail on passes, with its text in
<system-out>: the report and the exit status agree. Rules that hold have no names here, only a count: they are one
test case, "12 rules hold", and the property `passed` has the figure. `tests` counts the test cases that are there.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from kcfg.answers.facts import Location, Status
from kcfg.answers.report.words import kernel_words, reason_words
from kcfg.base.text import plural, prose, visible
from kcfg.show.terminal import Look
from profiles.findings import ConfigResult, Finding, ProfileResult, Report
from profiles.report.common import differs, fails_check, symbol_name, wanted_got

# XML 1.0, production [2] Char: everything else has no spelling in XML, not even an escaped one.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """The text without what XML cannot hold."""
    return _ILLEGAL.sub("", text)


def _attributes(**values: str) -> dict[str, str]:
    return {name: legal(text) for name, text in values.items()}


def _details(finding: Finding, config: str) -> str:
    lines = [prose(finding.message), wanted_got(finding), f"at {visible(str(finding.config_line or Location(config)))}"]
    lines += ["  " * (r.depth + 1) + reason_words(r) for r in finding.reasons]
    lines += [f"fix: {visible(fix)}" for fix in finding.fix]
    lines += [f"why: {prose(finding.why)}"] if finding.why else []
    lines += [f"source: {prose(finding.source)}"] if finding.source else []
    return legal("\n".join(line for line in lines if line))


def _case(suite: ET.Element, finding: Finding, config: str, fail_on: str) -> None:
    group = f"{visible(config)}.{visible(finding.profile)}"
    name = f"{visible(finding.rule)} ({finding.level}: {symbol_name(finding)})"
    case = ET.SubElement(suite, "testcase", _attributes(classname=group, name=name, time="0"))
    message = prose(finding.message) or wanted_got(finding) or name
    if finding.status is Status.WAIVED:
        ET.SubElement(case, "skipped", _attributes(message=prose(finding.waiver) or message))
    elif finding.status is Status.PASS or not fails_check(finding, fail_on):
        ET.SubElement(case, "system-out").text = _details(finding, config)
    else:
        tag, kind = ("error", "unknown") if finding.status is Status.UNKNOWN else ("failure", finding.level.value)
        child = ET.SubElement(case, tag, _attributes(message=message, type=kind))
        child.text = _details(finding, config)


def _suite(root: ET.Element, name: str, properties: dict[str, str]) -> ET.Element:
    suite = ET.SubElement(root, "testsuite", _attributes(name=name))
    listed = ET.SubElement(suite, "properties")
    for key, value in properties.items():
        ET.SubElement(listed, "property", _attributes(name=key, value=value))
    return suite


def _profile(root: ET.Element, result: ConfigResult, profile: ProfileResult, fail_on: str) -> None:
    config = visible(result.config)
    properties = {"config": config, "profile": visible(profile.profile), "passed": str(profile.passed)}
    if result.kernel:
        properties["kernel"] = kernel_words(result.kernel)
    if profile.note:
        properties["note"] = prose(profile.note)
    series = differs(profile.could_differ, result.own_version)
    if series:
        properties["series"] = series
    suite = _suite(root, f"{config}: {visible(profile.profile)}", properties)
    group = f"{config}.{visible(profile.profile)}"
    if profile.status is Status.UNKNOWN and not profile.findings:
        case = ET.SubElement(suite, "testcase", _attributes(classname=group, name="the profile", time="0"))
        note = prose(profile.note) or "cannot be evaluated"
        ET.SubElement(case, "error", _attributes(message=note, type="unknown")).text = legal(note)
    elif profile.passed or not profile.findings:
        holds = plural(profile.passed, "rule holds", "rules hold")
        ET.SubElement(suite, "testcase", _attributes(classname=group, name=holds, time="0"))
    for finding in profile.findings:
        _case(suite, finding, result.config, fail_on)


def _result(root: ET.Element, result: ConfigResult, fail_on: str) -> None:
    config = visible(result.config)
    if result.error:
        suite = _suite(root, config, {"config": config})
        case = ET.SubElement(suite, "testcase", _attributes(classname=config, name="the configuration", time="0"))
        message = prose(result.error)
        ET.SubElement(case, "error", _attributes(message=message, type="unreadable")).text = legal(message)
    for profile in result.profiles:
        _profile(root, result, profile, fail_on)
    if result.findings:
        suite = _suite(root, f"{config}: the input", {"config": config})
        for finding in result.findings:
            _case(suite, finding, result.config, fail_on)


def check(report: Report, look: Look) -> str:
    """The document; counts are taken from the elements, so that they cannot disagree."""
    root = ET.Element("testsuites", {"name": legal(report.tool)})
    for result in report.results:
        _result(root, result, report.fail_on)
    for element in (root, *root.findall("testsuite")):
        element.set("tests", str(len(element.findall(".//testcase"))))
        element.set("failures", str(len(element.findall(".//testcase/failure"))))
        element.set("errors", str(len(element.findall(".//testcase/error"))))
        if element is not root:  # Jenkins' schema has it here only
            element.set("skipped", str(len(element.findall(".//testcase/skipped"))))
        element.set("time", "0")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


RENDERERS = {Report: check}
