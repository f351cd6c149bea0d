"""Markdown: tables keep their columns, and text stays text."""

from __future__ import annotations

import re

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kcfg.answers.facts import ResolveReport, Status
from kcfg.show.markdown import code, escape
from kcfg.show.terminal import Look
from profiles.findings import ConfigResult, ModeRow, ModesReport, ProfileResult, Report
from profiles.report import markdown
from tests.profiles.report.conftest import PVH, render

TAGS = re.compile(r"</?(?:br|code|details|summary)>|<!-- -->")


def tables(text: str) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.startswith("|"):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [table for table in found if table]


def rendered_rows(text: str) -> list[list[str]]:
    """The cells of all tables as a Markdown parser sees them, in order."""
    rows: list[list[str]] = []
    before = ""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "tr_open":
            rows.append([])
        elif before in ("td_open", "th_open"):
            rows[-1].append(token.content)
        before = token.type
    return rows


def test_a_profile_is_a_row_with_its_counts(report: Report) -> None:
    rows = rendered_rows(render(report, "markdown"))
    assert ["`pvh-domu`", "PVH guest", "✗ FAIL", "12", "2", "1", "1"] in rows
    assert ["`no-pv`", "Xen without PV", "✓ pass", "3", "0", "0", "0"] in rows


def test_a_finding_is_a_row_with_values_place_and_fix(report: Report) -> None:
    (row,) = [r for r in rendered_rows(render(report, "markdown")) if r[1] == "`XEN_PVH`"]
    assert row[0] == "✗ required"
    assert row[2:5] == ["`y`", "`n`", "`build/guest.config:4711`"]
    assert "`CONFIG_XEN=y`" in row[6]


def test_reasons_are_a_nested_list_with_places(report: Report) -> None:
    text = render(report, "markdown")
    assert "\n- XEN_PVH depends on XEN, which is n (`arch/x86/xen/Kconfig:76`)\n  - XEN depends" in text


def test_an_unreadable_configuration_says_why(report: Report) -> None:
    assert "? cannot evaluate: binary data in line 1" in render(report, "markdown")


def test_modes_are_a_table_of_verdicts(modes_report: ModesReport) -> None:
    rows = rendered_rows(render(modes_report, "markdown"))
    assert [row[2] for row in rows[1:]] == ["✓ can", "✗ cannot", "? cannot evaluate"]


def test_differences_are_a_table(resolve_report: ResolveReport) -> None:
    rows = rendered_rows(render(resolve_report, "markdown"))
    assert rows[1:] == [
        ["`XEN_PVH`", "`y`", "`n`", "`kernel/configs/xen.config:14`"],
        ["`XEN_BLKDEV_FRONTEND`", "`m`", "`y`", "`kernel/configs/xen.config:20`"],
    ]


def test_markup_in_user_data_is_spelled_out() -> None:
    assert "|" not in escape("a|b")
    assert escape("XEN_PVH needs X86_64") == "XEN_PVH needs X86_64"
    assert "<" not in escape("<script>")
    assert escape("6.12 calls it experimental").startswith("6.12 ")
    assert escape("1. first") == "&#49;. first"
    assert escape("@here") == "@<!-- -->here"
    assert escape("see #1") == "see #<!-- -->1"
    assert code("a`|b") == "<code>a&#96;&#124;b</code>"
    assert code("CONFIG_X=y") == "`CONFIG_X=y`"


@given(st.text(max_size=20))
def test_escaped_text_shows_as_it_is(text: str) -> None:
    def shown(markdown: str) -> str:
        tokens = MarkdownIt("commonmark").enable("strikethrough").parseInline(markdown)
        children = tokens[0].children or []
        assert {c.type for c in children} <= {"text", "html_inline", "text_special", "code_inline"}
        return "".join(c.content for c in children if c.type != "html_inline")

    from kcfg.base.text import prose, visible

    assert shown(escape(text)) == prose(text)
    assert shown(code(text)).strip() == visible(text).strip()


@given(st.from_type(Report) | st.from_type(ModesReport) | st.from_type(ResolveReport))
def test_any_text_leaves_tables_and_tags_whole(any_report: Report) -> None:
    text = render(any_report, "markdown")
    text.encode("utf-8")
    for table in tables(text):
        assert len(table) >= 2
        assert len({line.count("|") for line in table}) == 1
    for line in text.splitlines():
        assert not re.search(r"<[A-Za-z/!]", TAGS.sub("", line))
    assert text.count("<details>") == text.count("</details>")


def test_each_report_has_its_own_function(report: Report, modes_report: ModesReport) -> None:
    assert {Report: markdown.check, ModesReport: markdown.modes} == markdown.RENDERERS
    assert markdown.check(report, Look()) == render(report, "markdown")
    assert markdown.modes(modes_report, Look()) == render(modes_report, "markdown")


def test_a_mode_s_note_says_whether_it_could_differ_in_its_own_kernel() -> None:
    row = ModeRow("pvh", "PVH", Status.FAIL, note="a|b", could_differ=("A",))
    assert markdown.note_of(row, "") == escape("a|b")
    assert (
        markdown.note_of(row, "6.6")
        == f"{escape('a|b')}<br>{escape('could differ in Linux 6.6: A may be otherwise there')}"
    )
    assert markdown.note_of(ModeRow("pvh", "PVH", Status.PASS), "6.6") == ""


def test_what_to_type_next_stands_below_findings_and_nowhere_else(report: Report) -> None:
    assert markdown.check(report, Look()).splitlines()[-1].startswith("Next: `kcfg ")
    fine = ProfileResult(profile="p", title="t", status=Status.PASS, passed=1)
    passing = ConfigResult(config="c", status=Status.PASS, profiles=(fine,))
    assert "Next:" not in markdown.check(Report(version="1", fail_on="required", results=(passing,)), Look())


def test_a_line_that_asks_for_something_else_says_what_it_asks() -> None:
    asked = msgspec.structs.replace(PVH, asked="m")
    result = ProfileResult(profile="p", title="t", status=Status.FAIL, passed=0, findings=(asked,))
    config = ConfigResult(config="c", status=Status.FAIL, profiles=(result,))
    (row,) = [
        row
        for row in rendered_rows(markdown.check(Report(version="1", fail_on="required", results=(config,)), Look()))
        if "`XEN_PVH`" in row
    ]
    assert row[2:5] == ["`y`", "`n`", "asked `m` at `build/guest.config:4711`"]
