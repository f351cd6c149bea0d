"""Which rules count, and what a verdict is worth, where the model is of another series than the configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.answers.facts import Status
from kcfg.answers.judge import Judge
from kcfg.base.version import KernelUsed
from kcfg.kconfig.kernels import Kernel
from profiles import Profile, load_profile
from profiles.check.check import RuleJudge, check_config
from profiles.check.series import could_differ, fails_there, is_firm, loose, ways_there
from profiles.findings import Level
from profiles.schema import Alternative, Rule, Want
from tests.kcfg.trees import config_of, model_of

TREE = """\
config XEN
	bool "Xen"
config ACPI
	bool "ACPI"
config PVH
	bool "PVH"
	depends on XEN && ACPI
"""


def judge(folder: Path, config: str, own: str, *, complete: bool = True, exact: bool = False) -> Judge:
    model = model_of(folder / "tree", TREE, "5.10.0")
    head = "# Automatically generated file; DO NOT EDIT.\n" * complete + f"# Linux/x86 {own} Kernel Configuration\n"
    used = KernelUsed(version=model.version, arch=model.arch, origin="tree", name="small")
    return Judge(config_of(head + config), Kernel(model, used, exact))


def profile(folder: Path, *rules: str, head: str = "") -> Profile:
    path = folder / "mine.toml"
    tables = "".join(f'[[rule]]\nlevel = "required"\nwhy = "w"\n{rule}\n' for rule in rules)
    path.write_text(f'schema = 1\nname = "mine"\n{head}\n{tables}', encoding="utf-8")
    return load_profile(str(path))


ON = "XEN=y\nACPI=y\nPVH=y\n"


@pytest.mark.parametrize(("own", "asked"), [("5.11.0", 2), ("5.14.0-611.el9", 2), ("5.10.3", 1), ("4.9.0", 1)])
def test_the_configurations_own_version_chooses_the_rules(tmp_path: Path, own: str, asked: int) -> None:
    rules = profile(tmp_path, 'symbol = "XEN"', 'symbol = "ACPI"\nkernel = ">=5.11"')
    (result,) = check_config(judge(tmp_path, ON, own), [rules]).profiles
    assert result.passed == asked


def test_the_configurations_own_version_says_whether_a_profile_exists(tmp_path: Path) -> None:
    rules = profile(tmp_path, 'symbol = "XEN"', head='kernel = ">=4.11"')
    verdicts = [RuleJudge(judge(tmp_path, ON, own)).mode_row(rules).verdict for own in ("4.9.0", "4.11.0")]
    assert verdicts == [Status.FAIL, Status.PASS]


@pytest.mark.parametrize("own", ["5.10.0", "5.10.77"])
def test_of_one_series_nothing_is_said(tmp_path: Path, own: str) -> None:
    result = check_config(judge(tmp_path, ON, own), [profile(tmp_path, 'symbol = "XEN"')])
    assert (result.own_version, result.profiles[0].could_differ) == ("", None)


def test_what_the_configurations_own_lines_say_is_the_same_there(tmp_path: Path) -> None:
    result = check_config(judge(tmp_path, ON, "5.14.0"), [profile(tmp_path, 'symbol = "PVH"')])
    assert (result.own_version, result.profiles[0].could_differ) == ("5.14.0", ())


def test_a_fragments_verdict_could_differ(tmp_path: Path) -> None:
    rules = profile(tmp_path, 'symbol = "PVH"', 'symbol = "XEN"')
    (passing,) = check_config(judge(tmp_path, ON, "5.14.0", complete=False), [rules]).profiles
    assert (passing.status, passing.could_differ) == (Status.PASS, ("PVH", "XEN"))
    (failing,) = check_config(judge(tmp_path, "XEN=y\nPVH=y", "5.14.0", complete=False), [rules]).profiles
    assert (failing.status, failing.could_differ) == (Status.FAIL, ("PVH",))


def test_one_rule_that_fails_for_certain_is_enough(tmp_path: Path) -> None:
    rules = profile(tmp_path, 'symbol = "PVH"', 'symbol = "ACPI"')
    (result,) = check_config(judge(tmp_path, "XEN=y\nPVH=y", "5.14.0", exact=True), [rules]).profiles
    assert (result.status, result.could_differ) == (Status.FAIL, ())


def test_a_line_that_the_model_does_not_take_could_hold_there(tmp_path: Path) -> None:
    rules = profile(tmp_path, 'symbol = "PVH"')
    (result,) = check_config(judge(tmp_path, "XEN=y\nPVH=y", "5.14.0", exact=True), [rules]).profiles
    assert (result.status, result.could_differ) == (Status.FAIL, ("PVH",))


def test_an_alternative_that_is_certain_is_enough(tmp_path: Path) -> None:
    rules = profile(tmp_path, 'any-of = [{ symbol = "PVH" }, { symbol = "ACPI" }]')
    (result,) = check_config(judge(tmp_path, "XEN=y\nACPI=y\nPVH=y", "5.14.0", exact=True), [rules]).profiles
    assert (result.status, result.could_differ) == (Status.PASS, ())


def test_a_rule_that_fails_in_one_way_only_could_hold_there(tmp_path: Path) -> None:
    rules = profile(tmp_path, 'any-of = [{ symbol = "PVH" }, { symbol = "ACPI" }]')
    (result,) = check_config(judge(tmp_path, "XEN=y\nPVH=y", "5.14.0", exact=True), [rules]).profiles
    assert (result.status, result.could_differ) == (Status.FAIL, ("PVH",))


def test_a_mode_that_does_not_exist_for_the_own_version_cannot_differ(tmp_path: Path) -> None:
    rules = profile(tmp_path, 'symbol = "XEN"', head='kernel = ">=6.0"')
    assert RuleJudge(judge(tmp_path, ON, "5.14.0")).mode_row(rules).could_differ == ()


def test_a_symbol_is_firm_where_a_complete_configuration_says_what_it_comes_to(tmp_path: Path) -> None:
    whole = judge(tmp_path / "a", "XEN=y\nPVH=y\n", "6.1.0")
    assert [is_firm(whole, name) for name in ("XEN", "ACPI", "PVH")] == [True, True, False]
    fragment = judge(tmp_path / "b", ON, "6.1.0", complete=False)
    assert [is_firm(fragment, name) for name in ("XEN", "ACPI", "PVH")] == [False, False, False]


def test_the_loose_symbols_are_told_once(tmp_path: Path) -> None:
    whole = judge(tmp_path, "XEN=y\nPVH=y\n", "6.1.0")
    wants = [Want("PVH", ("y",)), Want("XEN", ("y",)), Want("PVH", ("n",))]
    assert loose(whole, wants) == ("PVH",)
    assert loose(whole, []) == ()


def rule_of(*ways: tuple[str, ...]) -> Rule:
    """A rule with these ways: "A", or "!A" for n."""
    wants = (tuple(Want(name.lstrip("!"), ("n" if name[0] == "!" else "y",)) for name in way) for way in ways)
    return Rule(id="r", level=Level.REQUIRED, alternatives=tuple(map(Alternative, wants)), why="w", source="s")


def test_a_rule_fails_there_when_each_of_its_ways_has_a_firm_want_that_fails(tmp_path: Path) -> None:
    whole = judge(tmp_path, "XEN=y\nPVH=y\n", "6.1.0")  # ACPI is firmly n, PVH is n here and may be y there
    acpi, pvh = Want("ACPI", ("y",)), Want("PVH", ("y",))
    assert fails_there(whole, rule_of(("ACPI",)), [acpi])
    assert not fails_there(whole, rule_of(("PVH",)), [pvh])
    assert not fails_there(whole, rule_of(("ACPI",), ("PVH",)), [acpi, pvh])
    assert fails_there(
        whole,
        rule_of(
            ("ACPI", "PVH"),
        ),
        [acpi, pvh],
    )


def test_the_ways_that_rest_on_the_least_are_the_firm_one_or_all_that_hold_or_all(tmp_path: Path) -> None:
    whole = judge(tmp_path, "XEN=y\nPVH=y\n", "6.1.0")

    def ways(*given: tuple[str, ...]) -> list[list[str]]:
        return [[want.symbol for want in way] for way in ways_there(whole, rule_of(*given))]

    assert ways(("!PVH",), ("XEN",)) == [["XEN"]]
    assert ways(("!PVH",), ("ACPI",)) == [["PVH"]]
    assert ways(("ACPI",), ("PVH",)) == [["ACPI"], ["PVH"]]


def test_a_verdict_of_the_same_series_is_not_asked_about(tmp_path: Path) -> None:
    rule = rule_of(("XEN",))
    assert could_differ(judge(tmp_path / "a", ON, "5.10.9"), Status.PASS, [(rule, ())]) is None
    assert could_differ(judge(tmp_path / "b", ON, "6.1.0"), Status.PASS, [(rule, ())]) == ()
    assert could_differ(
        judge(tmp_path / "c", "XEN=y\nPVH=y\n", "6.1.0"), Status.FAIL, [(rule_of(("PVH",)), (Want("PVH", ("y",)),))]
    ) == ("PVH",)
