from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from kcfg.answers.facts import Status
from kcfg.answers.judge import Judge
from kcfg.kconfig.kernels import open_kernel
from kcfg.kconfig.model import Model
from profiles import Profile, load_profile
from profiles.check.check import RuleJudge, check_config, mode_rows
from profiles.check.verdicts import exit_status
from profiles.check.waivers import Waiver, Waivers, apply
from profiles.findings import Asks, Finding, Level, ProfileResult, Report
from tests.kcfg.trees import MODULES, config_of, judge_of, model_of

TREE = (
    MODULES
    + """\
config XEN
	bool "Xen"
	depends on PARAVIRT
config PARAVIRT
	bool "para"
config FRONT
	tristate "front"
	depends on XEN
	default m
config BACK
	tristate "back"
config PV
	bool "pv"
	default y
config NEEDS_PV
	bool "needs pv"
	select PV
config SIZE
	int "size"
	default 64
config FAST
	bool "fast"
	depends on $(cc-option,-mfast)
config HIDDEN
	bool
	default y if XEN
"""
)
ALL = "PARAVIRT=y\nXEN=y\n# PV is not set\n"


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return model_of(tmp_path / "tree", "cc-option = $(shell,try $(1))\n" + TREE)


def profile_of(tmp_path: Path, rules: str, head: str = "") -> Profile:
    path = tmp_path / "mine.toml"
    path.write_text(f'schema = 1\nname = "mine"\n{head}\n{rules}', encoding="utf-8")
    return load_profile(str(path))


def rule(symbol: str, level: str = "required", more: str = "") -> str:
    return f'[[rule]]\nsymbol = "{symbol}"\nlevel = "{level}"\nwhy = "w"\nsource = "s"\n{more}\n'


def checked(judge: Judge, profile: Profile) -> ProfileResult:
    (result,) = check_config(judge, [profile]).profiles
    return result


def only(result: ProfileResult) -> Finding:
    (found,) = result.findings
    return found


def status_of(judge: Judge, profile: Profile, fail_on: str = "required") -> int:
    return exit_status(Report(version="0", fail_on=fail_on, results=(check_config(judge, [profile]),)))


# What a finding says


def test_a_rule_that_holds_is_counted_and_not_told(tmp_path: Path, model: Model) -> None:
    profile = profile_of(tmp_path, rule("XEN") + rule("FRONT") + rule("PV", "forbidden"))
    result = checked(judge_of(model, ALL), profile)
    assert (result.status, result.passed, result.findings) == (Status.PASS, 3, ())
    assert status_of(judge_of(model, ALL), profile) == 0


def test_a_required_symbol_that_is_n_fails_with_line_reasons_and_fix(tmp_path: Path, model: Model) -> None:
    judge = judge_of(model, "PARAVIRT=y\n# XEN is not set\n")
    result = checked(judge, profile_of(tmp_path, rule("XEN", more='value = ["y"]')))
    found = only(result)
    assert result.status == Status.FAIL
    assert (found.rule, found.symbol, found.wanted, found.got) == ("xen", "XEN", "y", "n")
    assert (found.level, found.status) == (Level.REQUIRED, Status.FAIL)
    assert str(found.config_line) == "test.config:2"
    assert [reason.kind for reason in found.reasons] == ["explicit"]
    assert found.fix == ("CONFIG_XEN=y",)
    assert (found.why, found.source, found.profile) == ("w", "s", "mine")


def test_a_symbol_that_cannot_be_set_at_once_has_reasons_and_no_fix(tmp_path: Path, model: Model) -> None:
    found = only(checked(judge_of(model, ""), profile_of(tmp_path, rule("XEN"))))
    assert [reason.kind for reason in found.reasons] == ["unmet-dependency", "not-asked"]
    assert found.fix == ()
    assert str(found.config_line) == "test.config"


def test_the_value_that_counts_is_the_kernels_and_not_the_line(tmp_path: Path, model: Model) -> None:
    judge = judge_of(model, "XEN=y\n")
    found = only(checked(judge, profile_of(tmp_path, rule("XEN"))))
    assert (found.got, str(found.config_line)) == ("n", "test.config:1")


def test_m_is_enough_where_the_rule_says_so_and_not_where_it_does_not(tmp_path: Path, model: Model) -> None:
    judge = judge_of(model, ALL + "BACK=m\n")
    assert checked(judge, profile_of(tmp_path, rule("BACK"))).status == Status.PASS
    found = only(checked(judge, profile_of(tmp_path, rule("BACK", more='value = ["y"]'))))
    assert (found.got, found.fix) == ("m", ("CONFIG_BACK=y",))


def test_a_forbidden_symbol_that_is_y_fails_with_who_set_it(tmp_path: Path, model: Model) -> None:
    profile = profile_of(tmp_path, rule("PV", "forbidden"))
    found = only(checked(judge_of(model, "PV=y\n"), profile))
    assert (found.level, found.got, found.fix) == (Level.FORBIDDEN, "y", ("# CONFIG_PV is not set",))
    found = only(checked(judge_of(model, "NEEDS_PV=y\n# PV is not set\n"), profile))
    assert [reason.kind for reason in found.reasons] == ["selected", "explicit"]
    assert found.fix == ()


def test_a_forbidden_symbol_that_is_on_by_default_fails(tmp_path: Path, model: Model) -> None:
    found = only(checked(judge_of(model, ""), profile_of(tmp_path, rule("PV", "forbidden"))))
    assert [reason.kind for reason in found.reasons] == ["default"]


def test_a_forbidden_symbol_that_does_not_exist_holds(tmp_path: Path, model: Model) -> None:
    assert checked(judge_of(model, ""), profile_of(tmp_path, rule("GONE", "forbidden"))).status == Status.PASS


@pytest.mark.parametrize("how", ["forbidden", "required"])
def test_a_forbidden_symbol_that_is_mistyped_is_caught(tmp_path: Path, model: Model, how: str) -> None:
    more = 'value = ["n"]' if how == "required" else ""
    profile = profile_of(tmp_path, rule("PARAVIRTT", how, more))
    found = only(checked(judge_of(model, ""), profile))
    assert (found.status, found.got, found.fix) == (Status.FAIL, "", ())
    assert [(reason.kind, reason.others) for reason in found.reasons] == [("unknown-symbol", ("PARAVIRT",))]
    assert status_of(judge_of(model, ""), profile) == 1


def test_a_line_that_asks_for_something_else_than_comes_out_is_told_with_what_it_asks(
    tmp_path: Path, model: Model
) -> None:
    found = only(checked(judge_of(model, "XEN=y\n"), profile_of(tmp_path, rule("XEN"))))
    assert (found.asked, found.got, str(found.config_line)) == ("y", "n", "test.config:1")
    found = only(checked(judge_of(model, "PARAVIRT=y\n# XEN is not set\n"), profile_of(tmp_path, rule("XEN"))))
    assert (found.asked, found.got) == ("", "n")
    found = only(checked(judge_of(model, 'SIZE="64"\n'), profile_of(tmp_path, rule("SIZE", more='value = ["32"]'))))
    assert (found.asked, found.got) == ('"64"', "64")


def test_obstacles_are_headed_by_their_symbol_also_where_another_name_contains_it(tmp_path: Path) -> None:
    text = (
        'config A\n\tbool "a"\nconfig B\n\tbool "b"\n'
        'config XEN\n\tbool "x"\n\tdepends on XEN_PV\nconfig XEN_PV\n\tbool "p"\n\tdepends on A\n'
    )
    judge = judge_of(model_of(tmp_path / "t", text), "")
    row = RuleJudge(judge).mode_row(profile_of(tmp_path, rule("XEN") + rule("B")))
    assert [(one.subject, one.symbol) for one in row.reasons if not one.depth] == [("XEN", "XEN"), ("", "B")]


WAYS = '[[rule]]\nlevel = "required"\nwhy = "w"\nany-of = [{}]\n'


@pytest.mark.parametrize(
    ("rules", "asks"),
    [
        (rule("XEN"), Asks.VALUE),
        ('[[rule]]\nlevel = "required"\nwhy = "w"\nany-of = [{ symbol = "XEN" }, { symbol = "BACK" }]', Asks.WAYS),
        (
            '[[rule]]\nlevel = "required"\nwhy = "w"\nany-of = [{ all = [{ symbol = "XEN" }, { symbol = "BACK" }] }]',
            Asks.WAYS,
        ),
    ],
)
def test_a_finding_says_whether_its_rule_asks_for_one_value(
    tmp_path: Path, model: Model, rules: str, asks: Asks
) -> None:
    assert only(checked(judge_of(model, ""), profile_of(tmp_path, rules))).asks is asks


def test_a_required_symbol_that_does_not_exist_fails_with_its_reason(tmp_path: Path, model: Model) -> None:
    found = only(checked(judge_of(model, "XENN=y"), profile_of(tmp_path, rule("XENN"))))
    assert (found.got, [reason.kind for reason in found.reasons]) == ("n", ["unknown-symbol"])


def test_a_recommendation_does_not_fail_the_profile(tmp_path: Path, model: Model) -> None:
    profile = profile_of(tmp_path, rule("BACK", "recommended"))
    result = checked(judge_of(model, ""), profile)
    assert (result.status, only(result).status) == (Status.PASS, Status.FAIL)
    assert [status_of(judge_of(model, ""), profile, on) for on in ("required", "recommended", "never")] == [0, 1, 0]


def test_a_numbers_value_can_be_required(tmp_path: Path, model: Model) -> None:
    profile = profile_of(tmp_path, rule("SIZE", more='value = ["64", "128"]'))
    assert checked(judge_of(model, ""), profile).status == Status.PASS
    found = only(checked(judge_of(model, "SIZE=32"), profile))
    assert (found.wanted, found.got) == ("64 or 128", "32")


def test_a_rule_out_of_its_kernel_range_is_not_asked(tmp_path: Path, model: Model) -> None:
    profile = profile_of(tmp_path, rule("XEN", more='kernel = "<6.0"') + rule("BACK", more='arch = ["arm64"]'))
    result = checked(judge_of(model, ""), profile)
    assert (result.passed, result.findings) == (0, ())


def test_a_profile_out_of_its_kernel_range_fails_as_a_whole(tmp_path: Path, model: Model) -> None:
    profile = profile_of(
        tmp_path, rule("XEN"), 'kernel = ">=99.0"\nkernel-why = "not before"\nkernel-source = "somewhere"'
    )
    result = checked(judge_of(model, ALL), profile)
    assert (result.status, only(result).rule) == (Status.FAIL, "kernel")


# Alternatives

ANY = """\
[[rule]]
id = "one"
level = "required"
any-of = [
    { symbol = "FAST" },
    { symbol = "BACK", value = ["y"] },
    { all = [{ symbol = "XEN" }, { symbol = "PV", value = ["y"] }] },
]
why = "w"
source = "s"
"""


@pytest.mark.parametrize("config", ["BACK=y", "PARAVIRT=y\nXEN=y\nPV=y"])
def test_one_alternative_that_holds_is_enough(tmp_path: Path, model: Model, config: str) -> None:
    assert checked(judge_of(model, config), profile_of(tmp_path, ANY)).status == Status.PASS


def test_the_alternative_that_comes_nearest_is_told(tmp_path: Path, model: Model) -> None:
    config = "PARAVIRT=y\n# XEN is not set\nPV=y\n"
    judge = judge_of(model, config, answers={"shell:try -mfast": "n"})
    found = only(checked(judge, profile_of(tmp_path, ANY.replace('{ symbol = "BACK", value = ["y"] },', ""))))
    assert found.status == Status.FAIL
    judge = judge_of(model, "# XEN is not set\n# PV is not set\n", answers={"shell:try -mfast": "n"})
    assert only(checked(judge, profile_of(tmp_path, ANY))).symbol in ("FAST", "BACK")


def test_an_alternative_that_cannot_be_told_makes_the_rule_unknown(tmp_path: Path, model: Model) -> None:
    judge = judge_of(model, "FAST=y")
    profile = profile_of(tmp_path, ANY)
    result = checked(judge, profile)
    assert (result.status, only(result).symbol) == (Status.UNKNOWN, "FAST")
    assert status_of(judge, profile) == 3


# What cannot be told


def test_what_hangs_on_an_unanswered_probe_is_unknown(tmp_path: Path, model: Model) -> None:
    profile = profile_of(tmp_path, rule("FAST"))
    found = only(checked(judge_of(model, "# FAST is not set"), profile))
    assert (found.status, [reason.kind for reason in found.reasons], found.fix) == (Status.UNKNOWN, ["probe"], ())
    assert found.reasons[0].others == ("$(cc-option,-mfast)",)
    assert status_of(judge_of(model, ""), profile) == 3


def test_an_answer_decides(tmp_path: Path, model: Model) -> None:
    profile = profile_of(tmp_path, rule("FAST"))
    answers = [{"shell:try -mfast": text} for text in ("y", "n", "")]
    assert [status_of(judge_of(model, "FAST=y", answers=one), profile) for one in answers] == [0, 1, 1]


def test_the_machines_answer_outweighs_the_configurations_record(tmp_path: Path, model: Model) -> None:
    profile = profile_of(tmp_path, rule("FAST"))
    assert status_of(judge_of(model, "FAST=y", complete=True), profile) == 0
    machine = {"shell:try -mfast": "n"}
    assert status_of(judge_of(model, "FAST=y", complete=True, answers=machine), profile) == 1


def test_a_failure_outweighs_what_cannot_be_told(tmp_path: Path, model: Model) -> None:
    judge = judge_of(model, "")
    profile = profile_of(tmp_path, rule("FAST") + rule("XEN"))
    assert (checked(judge, profile).status, status_of(judge, profile)) == (Status.FAIL, 1)


def test_where_another_series_model_contradicts_a_complete_configuration_neither_is_believed(
    tmp_path: Path, model: Model
) -> None:
    profile = profile_of(tmp_path, rule("XEN"))
    judge = judge_of(model, "XEN=y", exact=False, complete=True)
    found = only(checked(judge, profile))
    assert (found.status, [reason.kind for reason in found.reasons]) == (Status.UNKNOWN, ["other-kernel"])


@pytest.mark.parametrize(("exact", "complete"), [(True, True), (True, False), (False, False)])
def test_an_exact_model_or_a_fragment_is_decided_by_the_model(
    tmp_path: Path, model: Model, exact: bool, complete: bool
) -> None:
    judge = judge_of(model, "XEN=y", exact=exact, complete=complete)
    assert checked(judge, profile_of(tmp_path, rule("XEN"))).status == Status.FAIL


def test_another_series_model_that_agrees_is_believed(tmp_path: Path, model: Model) -> None:
    judge = judge_of(model, ALL, exact=False, complete=True)
    assert checked(judge, profile_of(tmp_path, rule("XEN") + rule("PV", "forbidden"))).status == Status.PASS


def test_a_line_for_a_symbol_that_another_series_lacks_is_in_doubt(tmp_path: Path, model: Model) -> None:
    judge = judge_of(model, "NEWER=y", exact=False, complete=True)
    assert only(checked(judge, profile_of(tmp_path, rule("NEWER")))).status == Status.UNKNOWN
    assert only(checked(judge, profile_of(tmp_path, rule("NEITHER")))).status == Status.FAIL


# Several profiles, waivers, modes


def test_a_configuration_is_as_bad_as_its_worst_profile(tmp_path: Path, model: Model) -> None:
    good = profile_of(tmp_path, rule("PARAVIRT"))
    bad = profile_of(tmp_path, rule("BACK"))
    judge = judge_of(model, "PARAVIRT=y")
    assert check_config(judge, [good]).status == Status.PASS
    both = check_config(judge, [good, bad])
    assert ([one.status for one in both.profiles], both.status) == ([Status.PASS, Status.FAIL], Status.FAIL)


def test_a_waived_finding_leaves_a_clean_exit(tmp_path: Path, model: Model) -> None:
    day = datetime.date(2026, 1, 1)
    waivers = Waivers("w.toml", (Waiver("XEN", "mine", "r", day),), day)
    result, used = apply(waivers, check_config(judge_of(model, ""), [profile_of(tmp_path, rule("XEN"))]))
    assert (result.status, len(used)) == (Status.PASS, 1)
    assert exit_status(Report(version="0", fail_on="required", results=(result,))) == 0


def test_modes_of_another_architecture_are_left_out() -> None:
    rows = mode_rows(Judge(config_of("CONFIG_ARM64=y"), open_kernel(kernel="6.12", arch="arm64")))
    names = [row.mode for row in rows]
    assert "arm64-domu" in names
    assert "pvh-domu" not in names


def test_an_empty_configuration_can_run_in_no_mode_and_each_row_says_why() -> None:
    for kernel in ("5.10", "6.12"):
        for row in mode_rows(Judge(config_of("# CONFIG_XEN is not set"), open_kernel(kernel=kernel, arch="x86_64"))):
            assert row.verdict == Status.FAIL, row
            assert row.note, row
