"""GitHub: one workflow command a line, which a parser of commands reads back to what was meant."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from kcfg.answers.facts import Location, ResolveReport, Status
from kcfg.answers.report.github import line
from kcfg.show.terminal import Look
from profiles.findings import ConfigResult, ProfileResult, Report
from profiles.report import github
from tests.profiles.report.conftest import BALLOON, PVH, render

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*(?:=[^:]*)?)::(.+)")


def unescape(text: str, *more: tuple[str, str]) -> str:
    for code, char in (*more, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, char)
    return text


def parse(command: str) -> tuple[str, dict[str, str], str]:
    """A command as the runner reads it (actions/runner, ActionCommand.cs)."""
    match = COMMAND.fullmatch(command)
    assert match, command
    kind, listed, message = match.groups()
    pairs = [pair.split("=", 1) for pair in listed.split(",")]
    return kind, {k: unescape(v, ("%3A", ":"), ("%2C", ",")) for k, v in pairs}, unescape(message)


def commands(report: Report | ResolveReport) -> list[tuple[str, dict[str, str], str]]:
    return [parse(command) for command in render(report, "github").splitlines()]


def test_a_required_failure_is_an_error_at_its_line(report: Report) -> None:
    kind, properties, message = commands(report)[0]
    assert kind == "error"
    assert properties == {"file": "build/guest.config", "line": "4711", "title": "pvh-domu: XEN_PVH required"}
    assert "wanted y, is n" in message.split("\n")
    assert "fix: CONFIG_XEN=y" in message.split("\n")


def test_kinds_follow_level_and_status(report: Report) -> None:
    kinds = {properties["title"]: kind for kind, properties, _ in commands(report)}
    assert kinds["pvh-domu: HVC_XEN_FRONTEND recommended"] == "warning"
    assert kinds["pvh-domu: MITIGATION_RETPOLINE cannot evaluate"] == "error"
    assert kinds["pvh-domu: XEN_BALLOON waived"] == "notice"
    assert kinds["cannot read the configuration"] == "error"


def test_the_last_command_is_the_summary(report: Report) -> None:
    kind, _, message = commands(report)[-1]
    assert kind == "notice"
    assert message.startswith("2 configurations, 2 profiles")


def test_percent_newline_colon_and_comma_are_escaped() -> None:
    command = line("error", "50%: a,b", ["100%", "x:y,z"], Location("dir,1/a:b.config", 7))
    assert command == "::error file=dir%2C1/a%3Ab.config,line=7,title=50%25%3A a%2Cb::100%25%0Ax:y,z\n"


def test_standard_input_is_no_file() -> None:
    assert "file=" not in line("error", "t", ["m"], Location("-", 3))


def test_resolve_warns_at_each_line(resolve_report: ResolveReport) -> None:
    kind, properties, message = commands(resolve_report)[0]
    assert (kind, properties["file"], properties["line"]) == ("warning", "kernel/configs/xen.config", "14")
    assert message.startswith("asked y, got n\n")


@given(st.from_type(Report) | st.from_type(ResolveReport))
def test_any_text_gives_one_command_a_line(any_report: Report | ResolveReport) -> None:
    text = render(any_report, "github")
    text.encode("utf-8")
    assert text.endswith("\n")
    for command in text.splitlines():
        parse(command)
    if isinstance(any_report, ResolveReport):
        assert len(text.splitlines()) == len(any_report.differences) + len(any_report.warnings) + 1


def test_a_check_is_the_one_report_that_has_commands(report: Report) -> None:
    assert {Report: github.check} == github.RENDERERS
    assert github.check(report, Look()) == render(report, "github")


def test_why_source_and_waiver_are_lines_of_the_message(report: Report) -> None:
    messages = {properties["title"]: message.split("\n") for _, properties, message in commands(report)}
    told = messages["pvh-domu: XEN_PVH required"]
    assert told[-2:] == [f"why: {PVH.why}", f"source: {PVH.source}"]
    assert messages["pvh-domu: XEN_BALLOON waived"][-1] == f"waived: {BALLOON.waiver}"


def test_a_profile_that_cannot_be_evaluated_is_an_error_unless_a_finding_says_why() -> None:
    unknown = ProfileResult(profile="p", title="t", status=Status.UNKNOWN, passed=0, note="no such kernel")
    result = ConfigResult(config="c", profiles=(unknown,))
    kind, properties, message = commands(Report(version="1", fail_on="required", results=(result,)))[0]
    assert (kind, properties["title"], message) == ("error", "p: cannot evaluate", "no such kernel")
