from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcfg.answers.facts import Status
from kcfg.base.errors import UserError
from profiles.check.verdicts import exit_status
from profiles.check.waivers import Waiver, Waivers, apply, leftover, load_waivers
from profiles.findings import ConfigResult, Finding, Level, ProfileResult, Report

TODAY = datetime.date(2026, 5, 1)
GOOD = """\
# accepted

[[waiver]]
symbol = "CONFIG_XEN_PV"
profile = "no-pv"
reason = "the last PV guests"
expires = 2026-05-01

[[ waiver ]]  # a second one
symbol = "XEN_BLKDEV_FRONTEND"
profile = "pvh-domu"
reason = "r"
expires = 2030-01-01
"""


def written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "waivers.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def error_in(tmp_path: Path, text: str) -> UserError:
    with pytest.raises(UserError) as caught:
        load_waivers(written(tmp_path, text), TODAY)
    return caught.value


def finding(symbol: str = "XEN_PV", level: Level = Level.FORBIDDEN, status: Status = Status.FAIL) -> Finding:
    return Finding(
        rule=symbol.lower(), profile="no-pv", level=level, status=status, symbol=symbol, wanted="n", got="y", message=""
    )


def result(*findings: Finding) -> ConfigResult:
    profile = ProfileResult(profile="no-pv", title="", status=Status.FAIL, passed=3, findings=findings)
    return ConfigResult(config="a.config", status=Status.FAIL, profiles=(profile,))


def waivers(*entries: Waiver) -> Waivers:
    return Waivers("w.toml", entries, TODAY)


def waiver(symbol: str = "XEN_PV", days: int = 1, profile: str = "no-pv") -> Waiver:
    return Waiver(symbol, profile, "reason", TODAY + datetime.timedelta(days=days), 3)


def test_a_file_of_waivers_is_read_with_the_lines_of_its_tables(tmp_path: Path) -> None:
    loaded = load_waivers(written(tmp_path, GOOD), TODAY)
    assert [(one.symbol, one.profile, one.line) for one in loaded.entries] == [
        ("XEN_PV", "no-pv", 3),
        ("XEN_BLKDEV_FRONTEND", "pvh-domu", 9),
    ]


def test_what_looks_like_a_table_in_a_text_is_none(tmp_path: Path) -> None:
    text = GOOD.replace('"the last PV guests"', '"""\n[[waiver]]\n"""')
    assert [one.line for one in load_waivers(written(tmp_path, text), TODAY).entries] == [3, 11]


def test_a_waiver_may_be_written_in_an_array(tmp_path: Path) -> None:
    text = '\nwaiver = [{symbol="A", profile="p", reason="r", expires=2030-01-01}]\n'
    assert [one.symbol for one in load_waivers(written(tmp_path, text), TODAY).entries] == ["A"]


def test_an_empty_file_waives_nothing(tmp_path: Path) -> None:
    assert load_waivers(written(tmp_path, ""), TODAY).entries == ()


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        (GOOD.replace("reason =", "resaon ="), 6, "resaon"),
        (GOOD.replace('reason = "the last PV guests"\n', ""), 3, "reason"),
        (GOOD.replace('reason = "r"\n', 'reason = ""\n'), 9, "reason"),
        (GOOD.replace("2030-01-01", '"2030-01-01"'), 13, "expires"),
        (GOOD.replace("2030-01-01", "2030-01-01T00:00:00"), 13, "expires"),
        (GOOD.replace('profile = "no-pv"', "profile = 3"), 5, "profile"),
    ],
)
def test_what_is_wrong_in_a_waiver_is_told_with_its_line_and_key(
    tmp_path: Path, text: str, line: int, word: str
) -> None:
    error = error_in(tmp_path, text)
    assert error.where == f"{tmp_path}/waivers.toml:{line}"
    assert f"'{word}'" in error.message


@pytest.mark.parametrize("text", ["[[waiver]\n", "waivers = []\n", "waiver = 3\n", "waiver = [3]\n", "[waiver]\na=1\n"])
def test_what_is_no_file_of_waivers_is_one_error(tmp_path: Path, text: str) -> None:
    assert error_in(tmp_path, text).where.startswith(f"{tmp_path}/waivers.toml")


def test_a_file_that_is_missing_or_binary_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(bytes(range(256)))
    for path in (tmp_path / "missing.toml", tmp_path, tmp_path / "binary.toml"):
        with pytest.raises(UserError) as caught:
            load_waivers(str(path), TODAY)
        assert caught.value.where.removesuffix(":2") == str(path)


@given(text=st.text(max_size=60) | st.sampled_from(GOOD.splitlines()).flatmap(lambda line: st.just(f"{line}\n" * 2)))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_or_is_one_error(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(text, encoding="utf-8", errors="replace")
    try:
        load_waivers(str(path), TODAY)
    except UserError as error:
        assert "\n" not in str(error)


def test_a_waived_finding_does_not_fail_the_profile() -> None:
    changed, used = apply(waivers(waiver()), result(finding()))
    assert [found.status for found in changed.profiles[0].findings] == [Status.WAIVED]
    assert (changed.profiles[0].status, changed.status) == (Status.PASS, Status.PASS)
    assert len(used) == 1


def test_the_rules_of_waived_findings_are_told() -> None:
    failing = result(finding(), finding("XEN"))
    assert failing.profiles[0].waived == frozenset()
    assert apply(waivers(waiver("XEN")), failing)[0].profiles[0].waived == {finding("XEN").rule}


def test_other_findings_still_fail_it() -> None:
    changed, _ = apply(waivers(waiver()), result(finding(), finding("PARAVIRT_XXL")))
    assert [found.status for found in changed.profiles[0].findings] == [Status.WAIVED, Status.FAIL]
    assert changed.status == Status.FAIL


def test_what_cannot_be_evaluated_is_not_waived() -> None:
    changed, used = apply(waivers(waiver()), result(finding(status=Status.UNKNOWN)))
    assert (changed.status, used) == (Status.UNKNOWN, frozenset())


@pytest.mark.parametrize("other", [waiver("XEN"), waiver(profile="pvh-domu"), waiver(days=-1)])
def test_a_waiver_for_something_else_or_past_its_date_waives_nothing(other: Waiver) -> None:
    changed, used = apply(waivers(other), result(finding()))
    assert (changed.status, used) == (Status.FAIL, frozenset())


def test_a_waiver_counts_on_its_last_day() -> None:
    assert apply(waivers(waiver(days=0)), result(finding()))[0].status == Status.PASS


def test_waivers_that_are_expired_or_unused_are_findings_at_their_lines() -> None:
    given = waivers(waiver(), waiver("XEN"), waiver("OLD", days=-1))
    _, used = apply(given, result(finding()))
    found = leftover(given, used)
    assert [(one.rule, one.symbol, str(one.config_line)) for one in found] == [
        ("waiver-unused", "XEN", "w.toml:3"),
        ("waiver-expired", "OLD", "w.toml:3"),
    ]
    assert {one.level for one in found} == {Level.RECOMMENDED}


# Exit status


def report(fail_on: str, *results: ConfigResult) -> int:
    return exit_status(Report(version="1", fail_on=fail_on, results=results))


@pytest.mark.parametrize(
    ("level", "status", "required", "recommended", "never"),
    [
        (Level.REQUIRED, Status.FAIL, 1, 1, 0),
        (Level.FORBIDDEN, Status.FAIL, 1, 1, 0),
        (Level.RECOMMENDED, Status.FAIL, 0, 1, 0),
        (Level.REQUIRED, Status.UNKNOWN, 3, 3, 0),
        (Level.RECOMMENDED, Status.UNKNOWN, 0, 3, 0),
        (Level.REQUIRED, Status.WAIVED, 0, 0, 0),
    ],
)
def test_the_exit_status_of_one_finding(
    level: Level, status: Status, required: int, recommended: int, never: int
) -> None:
    given = result(finding(level=level, status=status))
    assert [report(on, given) for on in ("required", "recommended", "never")] == [required, recommended, never]


def test_a_failure_outweighs_what_cannot_be_told_and_an_unreadable_input_outweighs_both() -> None:
    fails, unknown = result(finding()), result(finding(status=Status.UNKNOWN))
    unreadable = ConfigResult(config="b", error="bad", error_status=2)
    unevaluated = ConfigResult(config="c", error="no model", error_status=3)
    assert report("required", unknown, fails) == 1
    assert report("required", unknown, fails, unreadable) == 2
    assert report("required", unevaluated, fails) == 1
    assert report("required", unevaluated) == 3
    assert report("required") == 0
