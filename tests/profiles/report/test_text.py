"""Text: a sign and a word for each verdict, places that can be jumped to, and nothing that controls a terminal."""

from __future__ import annotations

import re
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcfg.answers.facts import Location, Reason, ReasonKind, ResolveReport, Status
from kcfg.answers.report import RESOLVE_FORMATS
from kcfg.base.errors import UserError
from kcfg.base.text import prose, relative, visible
from kcfg.show.terminal import Look
from profiles.findings import Asks, ConfigResult, Finding, ModesReport, ProfileResult, Report
from profiles.report import CHECK_FORMATS, FORMATS, MODES_FORMATS
from profiles.report import text as text_report
from profiles.report.common import count, fewer, fewest, next_commands, placed, summary
from tests.profiles.report.conftest import CONSOLE, KERNEL, PVH, render, said

SGR = re.compile(r"\x1b\[[0-9;]*m")
LINE_BREAKERS = set("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\r")


def indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def line_with(text: str, part: str) -> str:
    (line,) = [line for line in text.splitlines() if part in line]
    return line


def test_each_verdict_is_a_sign_and_a_word(report: Report) -> None:
    text = render(report, "text")
    assert "✗ FAIL  pvh-domu" in text
    assert "✓ pass  no-pv" in text
    assert "? unreadable  binary data in line 1" in text


def test_an_ascii_stream_gets_ascii_signs(report: Report, modes_report: ModesReport) -> None:
    text = render(report, "text", Look(encoding="ascii")) + render(modes_report, "text", Look(encoding="ascii"))
    assert text.isascii()
    assert "x FAIL  pvh-domu" in text
    assert "+ can" in text


def test_a_finding_tells_symbol_values_and_line(report: Report) -> None:
    words = line_with(render(report, "text"), "build/guest.config:4711").split()
    assert words[:3] == ["✗", "required", "XEN_PVH"]
    assert " ".join(words[3:7]) == "wanted y, is n"


def test_unknown_and_waived_findings_say_so(report: Report) -> None:
    text = render(report, "text")
    assert "wanted y, cannot tell" in line_with(text, "MITIGATION_RETPOLINE  ")
    assert "(waived)" in line_with(text, "XEN_BALLOON  ")


def test_columns_are_aligned_within_a_profile(report: Report) -> None:
    text = render(report, "text")
    symbols = ("XEN_PVH  ", "HVC_XEN_FRONTEND  ", "MITIGATION_RETPOLINE  ", "XEN_BALLOON  ")
    lines = [line_with(text, symbol) for symbol in symbols]
    assert len({line.index("wanted") for line in lines}) == 1


def test_reasons_are_indented_by_depth_and_end_in_their_place(report: Report) -> None:
    text = render(report, "text")
    chain = [line_with(text, place) for place in ("xen/Kconfig:76", "xen/Kconfig:9", "guest.config:311")]
    assert [indent(line) - indent(chain[0]) for line in chain] == [0, 2, 4]
    assert all(re.search(r"\S+:\d+$", line) for line in chain)


def test_a_long_reason_wraps_but_its_place_stays_whole(modes_report: ModesReport) -> None:
    long = said("because " * 40, Location("drivers/net/ethernet/xen/Kconfig", 123456))
    row = msgspec.structs.replace(modes_report.rows[1], reasons=(long,))
    text = render(msgspec.structs.replace(modes_report, rows=(row,), config="c"), "text", Look(width=50))
    lines = text.splitlines()
    place = next(number for number, line in enumerate(lines) if "Kconfig:" in line)
    assert lines[place].endswith("drivers/net/ethernet/xen/Kconfig:123456")
    assert all(len(line) <= 50 for line in lines[2:place])


def test_a_very_long_value_is_cut(report: Report) -> None:
    finding = msgspec.structs.replace(report.results[0].profiles[0].findings[0], got='"' + "x" * 5000 + '"')
    profile = msgspec.structs.replace(report.results[0].profiles[0], findings=(finding,))
    result = msgspec.structs.replace(report.results[0], profiles=(profile,), findings=())
    text = render(msgspec.structs.replace(report, results=(result,)), "text")
    assert "x" * 40 in text
    assert max(map(len, text.splitlines())) < 250


def test_the_summary_counts_profiles_and_findings(report: Report) -> None:
    counts = count(report)
    assert (counts.configs, counts.unreadable, counts.failed, counts.recommended) == (2, 1, 1, 1)
    assert (counts.names, counts.unknown, counts.waived, counts.about_waivers) == (2, 1, 1, 1)
    assert counts.profiles == {Status.PASS: 1, Status.FAIL: 1, Status.UNKNOWN: 0, Status.WAIVED: 0}


def test_a_profile_that_two_configurations_are_asked_counts_once(report: Report) -> None:
    first = report.results[0]
    twice = msgspec.structs.replace(report, results=(first, msgspec.structs.replace(first, config="other.config")))
    assert summary(twice).startswith("2 configurations, 2 profiles: 2 pass, 2 FAIL; 2 required unmet, ")
    assert summary(twice).endswith("2 waivers expired or unused")


def test_what_could_not_be_judged_is_not_unreadable_and_no_profile_was_asked(report: Report) -> None:
    odd = ConfigResult(config="riscv.config", error="there is no model", error_status=3)
    assert summary(msgspec.structs.replace(report, results=(odd, report.results[1]))) == (
        "2 configurations; 1 unreadable, 1 cannot be evaluated"
    )


def about(report: Report, *findings: Finding) -> Report:
    profile = msgspec.structs.replace(report.results[0].profiles[0], findings=findings)
    return msgspec.structs.replace(
        report, results=(msgspec.structs.replace(report.results[0], profiles=(profile,), findings=()),)
    )


@pytest.mark.parametrize("kind", [ReasonKind.UNKNOWN_SYMBOL, ReasonKind.NOT_IN_KERNEL, ReasonKind.RENAMED])
def test_no_next_command_shows_a_symbol_that_is_not_there(report: Report, kind: ReasonKind) -> None:
    absent = msgspec.structs.replace(PVH, symbol="NO_SUCH", reasons=(Reason(kind, symbol="NO_SUCH"),))
    assert next_commands(about(report, absent)) == ["kcfg modes build/guest.config"]
    assert next_commands(about(report, absent, PVH))[0] == "kcfg show XEN_PVH --config build/guest.config"


def test_of_a_number_that_no_line_sets_the_next_command_explains_what_does(report: Report) -> None:
    inert = Reason(ReasonKind.NO_PROMPT, symbol="HZ", wanted="100")
    found = msgspec.structs.replace(PVH, symbol="HZ", wanted="100", got="250", reasons=(inert,))
    assert next_commands(about(report, found))[0] == "kcfg explain HZ=100 --config build/guest.config"


@pytest.mark.parametrize("form", ["text", "github"])
def test_several_ways_are_told_once_and_whole(report: Report, form: str) -> None:
    ways = " | ".join(f"SOME_LONG_NAME_{number}=y" for number in range(6))
    found = msgspec.structs.replace(PVH, wanted=ways, message=f"none of {ways} holds", asks=Asks.WAYS, reasons=())
    for one in (found, msgspec.structs.replace(found, asked="m")):
        told = " ".join(render(about(report, one), form).split())
        assert told.count("SOME_LONG_NAME_0") == 1
        assert "SOME_LONG_NAME_5=y holds" in told
        assert "wanted" not in told


def test_the_next_commands_name_the_first_failing_symbol(report: Report) -> None:
    assert next_commands(report) == ["kcfg show XEN_PVH --config build/guest.config", "kcfg modes build/guest.config"]


@pytest.mark.parametrize(("name", "told"), [("pvh-domu", True), ("mine", False)])
def test_what_mends_a_built_in_profile_can_be_typed_next(report: Report, name: str, told: bool) -> None:
    one = about(report, PVH).results[0]
    profile = msgspec.structs.replace(one.profiles[0], profile=name, mend=("CONFIG_XEN_PVH=y",))
    mended = msgspec.structs.replace(report, results=(msgspec.structs.replace(one, profiles=(profile,)),))
    repair = ["kcfg repair build/guest.config -p pvh-domu -o repaired.config"] * told
    assert next_commands(mended)[1:] == [*repair, "kcfg modes build/guest.config"]


def test_a_next_command_is_quoted_for_a_shell_and_never_reads_standard_input_again(report: Report) -> None:
    def renamed(name: str) -> Report:
        result = msgspec.structs.replace(report.results[0], config=name)
        return msgspec.structs.replace(report, results=(result,))

    assert next_commands(renamed("my $(reboot).config"))[1] == "kcfg modes 'my $(reboot).config'"
    assert next_commands(renamed("-")) == ["kcfg show XEN_PVH"]


def test_an_unknown_profile_without_findings_shows_its_note() -> None:
    profile = ProfileResult(profile="arm64-domu", title="", status=Status.UNKNOWN, passed=0, note="no arm64 model")
    report = Report(version="1", fail_on="required", results=(ConfigResult(config="c", profiles=(profile,)),))
    text = render(report, "text")
    assert "? cannot evaluate  arm64-domu" in text
    assert "note: no arm64 model" in text


def test_modes_table_has_one_verdict_a_mode(modes_report: ModesReport) -> None:
    text = render(modes_report, "text")
    assert "✓ can " in line_with(text, "pv-domu")
    assert "✗ cannot " in line_with(text, "pvh-domu ")
    assert "? cannot evaluate" in line_with(text, "pvh-dom0")
    assert "arch/x86/xen/Kconfig:76" in text


def test_resolve_tells_asked_got_and_where(resolve_report: ResolveReport) -> None:
    text = render(resolve_report, "text")
    assert "asked y, got n  kernel/configs/xen.config:14" in line_with(text, "✗ XEN_PVH ")
    assert "2 lines do not come out as asked; 1234 symbols enabled" in text
    clean = msgspec.structs.replace(resolve_report, differences=())
    assert "every line comes out as asked" in render(clean, "text")


def test_colour_changes_no_character(report: Report) -> None:
    coloured = render(report, "text", Look(colour=True))
    assert "\x1b[" in coloured
    assert SGR.sub("", coloured) == render(report, "text")


def test_control_characters_are_spelled_out() -> None:
    assert visible("a\x1b[31m\n\u202e\udcff\x00") == r"a\x1b[31m\n\u202e\xff\x00"
    assert prose(" two\n\n  lines\x07 ") == r"two lines\x07"


def test_paths_below_the_working_directory_become_relative(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    assert relative(str(tmp_path / "a" / "b")) == "a/b"
    assert relative("/elsewhere/b") == "/elsewhere/b"
    assert relative("../b") == "../b"


@given(st.from_type(Report) | st.from_type(ModesReport) | st.from_type(ResolveReport), st.integers(1, 200))
def test_no_text_reaches_the_terminal_as_a_control(any_report: Report, width: int) -> None:
    plain = render(any_report, "text", Look(width=width))
    assert "\x1b" not in plain
    assert not LINE_BREAKERS & set(plain)
    plain.encode("utf-8")
    coloured = render(any_report, "text", Look(colour=True, width=width))
    assert "\x1b" not in SGR.sub("", coloured)


@given(st.from_type(Report))
def test_any_report_can_be_written_to_a_latin1_stream(any_report: Report) -> None:
    render(any_report, "text", Look(encoding="latin-1")).encode("latin-1")


def test_an_unknown_format_is_a_user_error(
    report: Report, modes_report: ModesReport, resolve_report: ResolveReport
) -> None:
    with pytest.raises(UserError, match="no format 'xml'"):
        render(report, "xml")
    with pytest.raises(UserError, match="no format 'sarif'"):
        render(modes_report, "sarif")
    with pytest.raises(UserError, match="no format 'sarif'"):
        render(resolve_report, "sarif")


def test_every_format_that_is_listed_renders(
    report: Report, modes_report: ModesReport, resolve_report: ResolveReport
) -> None:
    assert tuple(FORMATS) == CHECK_FORMATS
    for any_report, formats in (
        (report, CHECK_FORMATS),
        (modes_report, MODES_FORMATS),
        (resolve_report, RESOLVE_FORMATS),
    ):
        assert all(render(any_report, format).endswith("\n") for format in formats)


@pytest.mark.parametrize("format", list(FORMATS))
def test_no_uncoloured_format_imports_rich(format: str) -> None:
    code = (
        "import sys; from profiles.findings import Report; from profiles.report import render;"
        f"render(Report(version='1', fail_on='required', results=()), {format!r});"
        "print(any(m.split('.')[0] == 'rich' for m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_each_report_is_told_by_its_own_function(report: Report, modes_report: ModesReport) -> None:
    assert {Report: text_report.check, ModesReport: text_report.modes} == text_report.RENDERERS
    assert text_report.check(report, Look()) == render(report, "text")
    assert text_report.modes(modes_report, Look()) == render(modes_report, "text")


def test_a_line_that_asks_for_something_else_is_told_with_what_it_asks() -> None:
    finding = msgspec.structs.replace(PVH, asked="m", fix=("A=y", "B=y"), waiver="for now", reasons=())
    result = ProfileResult(profile="p", title="t", status=Status.FAIL, passed=1, findings=(finding, CONSOLE))
    text = text_report.check(
        Report(version="1", fail_on="required", results=(ConfigResult(config="c", profiles=(result,)),)), Look()
    )
    line = line_with(text, "XEN_PVH  ")
    assert "wanted y, asked m at build/guest.config:4711, is n" in line
    assert "      fix    A=y\n             B=y\n" in text
    assert line_with(text, "waiver").split() == ["waiver", "for", "now"]
    assert line_with(text, "HVC_XEN_FRONTEND").lstrip().startswith("! recommended")


def test_a_mend_that_leaves_modules_alone_tells_the_fewer_lines_that_do_not() -> None:
    off = ("# CONFIG_MODULES is not set",)
    result = ProfileResult(profile="p", title="", status=Status.FAIL, passed=0, mend=("CONFIG_A=y", "CONFIG_B=y"))
    result = msgspec.structs.replace(result, mend_stays=("MODULES=y",), mend_fewer=off)
    assert (fewest(result), fewer(result)) == (
        "the fewest that will do with MODULES=y as now",
        "or 1 line that turns many symbols over",
    )
    assert placed(result, "CONFIG_A=y") == ""
    assert placed(msgspec.structs.replace(result, mend_last=("CONFIG_A=y",)), "CONFIG_A=y").startswith("   at the end")
    assert fewer(msgspec.structs.replace(result, mend_fewer=off * 2)) == "or 2 lines that turn many symbols over"
    assert fewest(msgspec.structs.replace(result, mend_stays=())) == "the fewest that will do"


def test_the_fewest_lines_that_mend_a_profile_are_listed() -> None:
    result = ProfileResult(profile="p", title="", status=Status.FAIL, passed=0, mend=("CONFIG_A=y", "CONFIG_B=n"))
    config = ConfigResult(config="c", kernel=KERNEL, status=Status.FAIL, profiles=(result,))
    text = text_report.check(Report(version="1", fail_on="required", results=(config,)), Look())
    assert "mend   2 lines, the fewest that will do:\n           CONFIG_A=y\n           CONFIG_B=n\n" in text


def test_what_cannot_be_read_and_what_cannot_be_evaluated_have_two_words() -> None:
    for status, word in ((2, "unreadable"), (3, "cannot evaluate")):
        result = ConfigResult(config="c", error="so", error_status=status)
        text = text_report.check(Report(version="1", fail_on="required", results=(result,)), Look())
        assert f"? {word}  so" in text


def test_verdicts_of_another_series_say_what_they_are_worth(modes_report: ModesReport) -> None:
    rows = [
        msgspec.structs.replace(row, could_differ=differ)
        for row, differ in zip(modes_report.rows, ((), ("A",), ()), strict=True)
    ]
    text = text_report.modes(msgspec.structs.replace(modes_report, rows=tuple(rows), own_version="6.6"), Look())
    assert "1 of 3 modes can run\n" in text
    assert "the rules are those for Linux 6.6, the configuration's own; 2 of 3 verdicts cannot differ there\n" in text
    assert "could differ in Linux 6.6: A may be otherwise there" in text


def test_a_narrow_terminal_has_no_room_for_titles(modes_report: ModesReport) -> None:
    assert "PV guest" in text_report.modes(modes_report, Look(width=60))
    assert "PV guest" not in text_report.modes(modes_report, Look(width=59))


def test_a_file_of_waivers_is_no_configuration(report: Report) -> None:
    rest = msgspec.structs.replace(report.results[0], config="waivers.toml", profiles=(), error="")
    with_rest = msgspec.structs.replace(report, results=(*report.results, rest))
    assert rest.findings
    assert count(with_rest).configs == count(report).configs
