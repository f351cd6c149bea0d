"""Which alternative a rule is told by, what stands in a mode's way, and what verdicts amount to."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from kcfg.answers.facts import Status
from kcfg.answers.judge import Judge
from kcfg.kconfig.model import Model
from profiles import Alternative, Profile, ProfileKind, Rule, Want, load_profile
from profiles.check.check import MAX_OBSTACLES, RuleJudge, check_config
from profiles.check.side import every_mode, shared, short_names, side_by_side, slugs_of, value_of
from profiles.check.verdicts import config_error, exit_status, overall, verdict, worst
from profiles.check.waivers import Waiver, Waivers, apply, leftover, load_waivers
from profiles.findings import Finding, Level, ProfileResult, Report
from tests.kcfg.trees import MODULES, judge_of, model_of

TREE = (
    "cc-option = $(shell,try $(1))\n"
    + MODULES
    + """\
config A
	bool "a"
config B
	bool "b"
config C
	bool "c"
config D
	bool "d"
config T
	tristate "t"
config GATE
	bool "gate"
config G1
	bool "g1"
	depends on GATE
config G2
	bool "g2"
	depends on GATE
config FAST
	bool "fast"
	depends on $(cc-option,-mfast)
config QUICK
	bool "quick"
	depends on $(cc-option,-mquick)
config SIZE
	int "size"
	default 64
config ONE
	bool "one"
	select FORCED
config FORCED
	bool "forced"
choice
	prompt "choice"
config LEFT
	bool "left"
config RIGHT
	bool "right"
endchoice
"""
)


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return model_of(tmp_path / "tree", TREE)


def rule(*ways: str, level: Level = Level.REQUIRED) -> Rule:
    """A rule of alternatives such as "A=y B=n"."""
    alternatives = []
    for way in ways:
        wants = [word.split("=") for word in way.split()]
        alternatives.append(Alternative(tuple(Want(name, tuple(values.split("|"))) for name, values in wants)))
    return Rule(id=ways[0].lower(), level=level, alternatives=tuple(alternatives), why="w", source="s")


def profile_of(*rules: Rule) -> Profile:
    return Profile(name="mine", title="Mine", kind=ProfileKind.MODE, rules=rules)


def best(judge: Judge, *ways: str) -> tuple[bool | None, str]:
    holds, way = RuleJudge(judge).best(rule(*ways))
    return holds, str(way)


# Alternatives


def test_of_alternatives_that_are_as_near_the_first_is_told(model: Model) -> None:
    judge = judge_of(model)
    assert best(judge, "A=y", "B=y") == (False, "A=y")
    assert best(judge, "A=y B=y", "C=y D=y") == (False, "A=y and B=y")
    (found,) = check_config(judge, [profile_of(rule("A=y", "B=y"))]).profiles[0].findings
    assert (found.symbol, found.fix, found.wanted) == ("A", ("CONFIG_A=y",), "A=y | B=y")


def test_m_is_not_wanted_of_a_bool(model: Model) -> None:
    def told(*ways: str) -> tuple[str, str]:
        (found,) = check_config(judge_of(model), [profile_of(rule(*ways))]).profiles[0].findings
        return found.wanted, found.message

    assert told("A=y|m") == ("y", "A=y is required")
    assert told("T=y|m") == ("y or m", "T=y or m is required")
    assert told("A=y|m B=y", "C=m") == ("A=y and B=y | C=m", "none of A=y and B=y | C=m holds")
    assert told("A=y B=y|m") == ("A=y and B=y", "A=y and B=y is required")
    assert told("NO_SUCH=y|m")[0] == "y or m"


def test_of_alternatives_the_one_that_lacks_least_is_told(model: Model) -> None:
    assert best(judge_of(model, "C=y\n"), "A=y B=y", "C=y D=y") == (False, "C=y and D=y")
    assert best(judge_of(model, "A=y\n"), "A=y B=y", "C=y D=y", "A=y D=y") == (False, "A=y and B=y")
    assert best(judge_of(model), "A=y B=y C=y", "D=y T=y", "A=y") == (False, "A=y")


def test_an_alternative_that_holds_is_enough(model: Model) -> None:
    assert best(judge_of(model, "B=y\n"), "A=y", "B=y") == (True, "B=y")
    assert best(judge_of(model, "A=y\n"), "A=y B=y", "A=y") == (True, "A=y")


def test_of_a_rule_that_holds_nothing_fails(model: Model) -> None:
    judge = RuleJudge(judge_of(model, "A=y\n"))
    assert judge.failing(rule("A=y", "B=y C=y")) == ()
    assert [want.symbol for want in judge.failing(rule("A=y B=y", "B=y C=y"))] == ["B", "B", "C"]


def test_an_alternative_that_may_hold_makes_a_rule_unknown(model: Model) -> None:
    judge = judge_of(model)
    assert best(judge, "A=y", "FAST=y") == (None, "FAST=y")
    assert best(judge, "FAST=y", "QUICK=y") == (None, "FAST=y")
    assert best(judge, "FAST=y A=y") == (False, "FAST=y and A=y")
    assert best(judge_of(model, "A=y\n"), "FAST=y", "A=y") == (True, "A=y")
    (result,) = check_config(judge, [profile_of(rule("A=y", "FAST=y"))]).profiles
    assert (result.status, [found.status for found in result.findings]) == (Status.UNKNOWN, [Status.UNKNOWN])
    assert [found.symbol for found in result.findings] == ["FAST"]


def test_all_that_an_alternative_lacks_is_mended_or_nothing(model: Model) -> None:
    def fix(judge: Judge, *ways: str) -> tuple[str, ...]:
        (found,) = check_config(judge, [profile_of(rule(*ways))]).profiles[0].findings
        return found.fix

    judge = judge_of(model)
    assert fix(judge, "A=y B=y") == ("CONFIG_A=y", "CONFIG_B=y")
    assert fix(judge, "A=y G1=y") == ()
    assert fix(judge_of(model, "A=y\n"), "A=y B=y") == ("CONFIG_B=y",)
    assert fix(judge_of(model, "A=y\n"), "A=n") == ("# CONFIG_A is not set",)
    assert fix(judge, "T=m|y") == ("CONFIG_T=m",)
    assert fix(judge, "T=y|m") == ("CONFIG_T=y",)
    assert fix(judge, "RIGHT=y") == ()
    assert fix(judge_of(model, "ONE=y\n"), "FORCED=n") == ()
    assert fix(judge, "SIZE=65") == ("CONFIG_SIZE=65",)
    assert fix(judge, "SIZE=n") == ()
    assert fix(judge, "SIZE=n|65") == ("CONFIG_SIZE=65",)
    assert fix(judge, "NO_SUCH=y") == ()


def test_reasons_of_a_rule_name_a_common_cause_once(model: Model) -> None:
    (found,) = check_config(judge_of(model), [profile_of(rule("G1=y G2=y"))]).profiles[0].findings
    steps = [(reason.depth, str(reason.kind), str(reason.where)) for reason in found.reasons]
    assert steps == [
        (0, "unmet-dependency", "Kconfig:20"),
        (1, "not-asked", "Kconfig:16"),
        (0, "unmet-dependency", "Kconfig:23"),
    ]


def test_findings_that_decide_come_before_recommendations(model: Model) -> None:
    light, heavy = rule("A=y", level=Level.RECOMMENDED), rule("LEFT=n", level=Level.FORBIDDEN)
    rules = (light, rule("B=y"), rule("C=y"), rule("D=n"), heavy)
    (result,) = check_config(judge_of(model), [profile_of(*rules)]).profiles
    assert [found.symbol for found in result.findings] == ["B", "C", "LEFT", "A"]
    assert (result.passed, result.status) == (1, Status.FAIL)
    (result,) = check_config(judge_of(model), [profile_of(rules[0])]).profiles
    assert (result.passed, result.status) == (0, Status.PASS)


# Modes


def test_a_mode_only_asks_for_what_is_required(model: Model) -> None:
    judge = RuleJudge(judge_of(model))
    row = judge.mode_row(profile_of(rule("A=y", level=Level.RECOMMENDED), rule("B=n", level=Level.FORBIDDEN)))
    assert (row.verdict, row.note, row.reasons) == (Status.PASS, "", ())
    row = judge.mode_row(profile_of(rule("A=y"), rule("FAST=y"), rule("SIZE=65")))
    assert row.verdict is Status.FAIL
    assert row.note.replace(" ", "").split(",") == ["A=n", "SIZE=64"]
    row = judge.mode_row(profile_of(rule("FAST=y"), rule("B=n", level=Level.FORBIDDEN)))
    assert row.verdict is Status.UNKNOWN


def test_an_obstacle_that_many_rules_share_is_told_once(model: Model) -> None:
    row = RuleJudge(judge_of(model)).mode_row(profile_of(rule("G1=y"), rule("G2=y")))
    assert [(reason.depth, str(reason.where)) for reason in row.reasons] == [(0, "Kconfig:20"), (1, "Kconfig:16")]


def test_so_many_obstacles_are_told_and_no_more(model: Model) -> None:
    row = RuleJudge(judge_of(model)).mode_row(profile_of(*(rule(f"{name}=y") for name in "ABCDT")))
    assert [str(reason.where) for reason in row.reasons] == ["Kconfig:6", "Kconfig:8", "Kconfig:10"]
    assert len(row.reasons) == MAX_OBSTACLES


# Verdicts


def finding(level: Level = Level.REQUIRED, status: Status = Status.FAIL, symbol: str = "A") -> Finding:
    return Finding(
        rule="r", profile="p", level=level, status=status, symbol=symbol, wanted="y", got="n", message="", why=""
    )


def result(status: Status, *findings: Finding) -> ProfileResult:
    return ProfileResult(profile="p", title="P", status=status, passed=0, findings=findings)


def test_the_worst_counts() -> None:
    assert worst(set()) is Status.PASS
    assert worst({Status.PASS, Status.WAIVED}) is Status.PASS
    assert worst({Status.UNKNOWN, Status.PASS}) is Status.UNKNOWN
    assert worst({Status.UNKNOWN, Status.FAIL}) is Status.FAIL
    assert verdict([finding(Level.RECOMMENDED)]) is Status.PASS
    assert verdict([finding(Level.FORBIDDEN, Status.UNKNOWN)]) is Status.UNKNOWN
    assert verdict([finding(status=Status.WAIVED)]) is Status.PASS
    assert overall([result(Status.PASS), result(Status.UNKNOWN)]) is Status.UNKNOWN


@pytest.mark.parametrize(
    ("level", "status", "expected"),
    [
        (Level.REQUIRED, Status.FAIL, (1, 1, 0)), (Level.FORBIDDEN, Status.FAIL, (1, 1, 0)),
        (Level.RECOMMENDED, Status.FAIL, (0, 1, 0)), (Level.REQUIRED, Status.UNKNOWN, (3, 3, 0)),
        (Level.RECOMMENDED, Status.UNKNOWN, (0, 3, 0)), (Level.REQUIRED, Status.WAIVED, (0, 0, 0)),
    ],
)  # fmt: skip
def test_exit_status_by_what_is_to_fail_on(level: Level, status: Status, expected: tuple[int, int, int]) -> None:
    made = config_error("c", "", 0)
    one = type(made)(config="c", profiles=(result(status, finding(level, status)),))
    got = [exit_status(Report(version="0", fail_on=on, results=(one,))) for on in ("required", "recommended", "never")]
    assert tuple(got) == expected


def test_what_cannot_be_read_decides_before_findings() -> None:
    failed = type(config_error("c", "", 0))(config="c", profiles=(result(Status.FAIL, finding()),))
    own = type(failed)(config="c", findings=(finding(),))

    def status(*results: object) -> int:
        return exit_status(Report(version="0", fail_on="required", results=results))  # type: ignore[arg-type]

    assert status(failed, config_error("d", "unreadable", 2)) == 2
    assert status(failed, config_error("d", "no model", 3)) == 1
    assert status(config_error("d", "no model", 3)) == 3
    assert status(own) == 1
    assert status() == 0


# Waivers

TODAY = datetime.date(2026, 6, 1)


def waiver(symbol: str = "A", profile: str = "p", days: int = 0, line: int = 0) -> Waiver:
    return Waiver(symbol, profile, "because", TODAY + datetime.timedelta(days), line)


def test_a_waiver_counts_until_its_day_is_over() -> None:
    assert Waivers("w", (waiver(days=0),), TODAY).active(finding()) is not None
    assert Waivers("w", (waiver(days=-1),), TODAY).active(finding()) is None
    assert Waivers("w", (waiver("B"), waiver(profile="q")), TODAY).active(finding()) is None
    assert Waivers("w", (waiver("B"), waiver(days=3)), TODAY).active(finding()) == waiver(days=3)


def test_only_what_fails_is_waived() -> None:
    waivers = Waivers("w", (waiver(days=1),), TODAY)
    made = type(config_error("c", "", 0))
    failing = made(config="c", status=Status.FAIL, profiles=(result(Status.FAIL, finding(), finding(symbol="B")),))
    changed, used = apply(waivers, failing)
    assert [found.status for found in changed.profiles[0].findings] == [Status.WAIVED, Status.FAIL]
    assert (changed.profiles[0].status, changed.status, used) == (Status.FAIL, Status.FAIL, frozenset(waivers.entries))
    changed, used = apply(waivers, made(config="c", profiles=(result(Status.FAIL, finding()),)))
    assert (changed.profiles[0].status, changed.status) == (Status.PASS, Status.PASS)
    unknown = made(config="c", profiles=(result(Status.UNKNOWN, finding(status=Status.UNKNOWN)),))
    changed, used = apply(waivers, unknown)
    assert (changed.status, used) == (Status.UNKNOWN, frozenset())


def test_what_waives_nothing_is_told_by_its_line() -> None:
    past, idle, used = waiver(days=-1, line=3), waiver("B", days=1, line=7), waiver("C", days=1, line=9)
    told = leftover(Waivers("w", (past, idle, used), TODAY), frozenset((past, used)))
    assert [(one.rule, one.symbol, str(one.config_line), one.level, one.status) for one in told] == [
        ("waiver-expired", "A", "w:3", Level.RECOMMENDED, Status.FAIL),
        ("waiver-unused", "B", "w:7", Level.RECOMMENDED, Status.FAIL),
    ]


def test_a_waivers_line_is_where_its_table_starts(tmp_path: Path) -> None:
    one = '[[waiver]]\nsymbol = "CONFIG_A"\nprofile = "p"\nreason = "r"\nexpires = 2027-01-31\n'
    (tmp_path / "w.toml").write_text("# waivers\n" + one + "\n" + one.replace("CONFIG_A", "B"))
    loaded = load_waivers(str(tmp_path / "w.toml"), TODAY)
    assert [(one.symbol, one.line) for one in loaded.entries] == [("A", 2), ("B", 8)]
    assert (loaded.today, loaded.entries[0].expires) == (TODAY, datetime.date(2027, 1, 31))
    assert load_waivers(str(tmp_path / "w.toml")).today >= datetime.date(2026, 1, 1)


# Side by side


def test_names_lose_what_all_of_them_share() -> None:
    assert short_names(["a/config-6.12-amd64", "a/config-6.12-arm64"]) == ["amd64", "arm64"]
    assert short_names(["a/b/x.config"]) == ["x.config"]
    assert short_names(["a/one/x", "a/two/x"]) == ["one/x", "two/x"]
    assert short_names(["x-1", "x"]) == ["x-1", "x"]
    assert short_names(["a/", "b/"]) == ["a", "b"]
    assert [shared(lists) for lists in (["ab", "ac"], ["ab", "ab"], ["ab", "b"], [])] == [1, 2, 0, 0]


def test_slugs_are_fit_for_files_and_unique_on_any_disk() -> None:
    assert slugs_of(["a/x.config", "b/X.config", "c/x.config"]) == ["x.config", "X.config-2", "x.config-3"]
    assert slugs_of(["a b/c d?.config", "-", "x" * 90]) == ["c-d-.config", "config", "x" * 80]


def test_configurations_side_by_side(tmp_path: Path, model: Model) -> None:
    def asks(name: str, arch: str, *rules: str) -> str:
        head = f'schema = 1\nname = "{name}"\ntitle = "T {name}"\nkind = "mode"\narch = ["{arch}"]\n'
        one = '[[rule]]\nsymbol = "{}"\nlevel = "{}"\nwhy = "w"\nsource = "s"\n'
        text = "".join(one.format(*asked.split()) for asked in rules)
        (tmp_path / f"{name}.toml").write_text(head + text)
        return str(tmp_path / f"{name}.toml")

    modes = [
        asks("one", "x86_64", "A required", "B recommended", "NO_SUCH recommended", "FAST recommended"),
        asks("two", "arm64", "A required"),
        asks("six", "x86_64", "B forbidden", "SIZE recommended"),
    ]
    judges = {"a.config": judge_of(model, "A=y\n"), "b.config": judge_of(model, "B=y\n")}
    side, opened = side_by_side(["a.config", "b.config"], modes, lambda name: judges[name])
    assert side.modes == (("one", "T one"), ("two", "T two"), ("six", "T six"))
    assert [[row and row.verdict for row in part.rows] for part in side.configs] == [
        [Status.PASS, None, Status.PASS],
        [Status.FAIL, None, Status.FAIL],
    ]
    assert opened == judges
    options = {one.symbol: ([(by.mode, by.level) for by in one.asked_by], one.values) for one in side.options}
    assert options == {
        "A": ([("one", "required")], ("y", "n")),
        "B": ([("one", "recommended"), ("six", "forbidden")], ("n", "y")),
        "NO_SUCH": ([("one", "recommended")], ("", "")),
        "FAST": ([("one", "recommended")], ("", "")),
        "SIZE": ([("six", "recommended")], ("64", "64")),
    }
    assert value_of(None, "A") == ""


def test_every_mode_is_a_built_in_profile_of_that_kind() -> None:
    modes = every_mode()
    assert {one.kind for one in modes} == {ProfileKind.MODE}
    assert {"pv-dom0", "pv-domu", "pvh-domu"} <= {one.name for one in modes}


def test_of_a_modes_rules_on_an_option_the_heaviest_is_told(tmp_path: Path, model: Model) -> None:
    text = 'schema = 1\nname = "m"\nkind = "mode"\n'
    one = '[[rule]]\nid = "{}"\nsymbol = "A"\nlevel = "{}"\nwhy = "w"\nsource = "s"\n'
    for number, levels in enumerate((("recommended", "required"), ("required", "recommended"))):
        path = tmp_path / f"{number}.toml"
        path.write_text(text + "".join(one.format(f"r{n}", level) for n, level in enumerate(levels)))
        side, _ = side_by_side(["a"], [str(path)], lambda name: judge_of(model))
        assert [by.level for by in side.options[0].asked_by] == ["required"]


def test_a_profile_from_a_file_is_a_profile(tmp_path: Path) -> None:
    path = tmp_path / "p.toml"
    path.write_text('schema = 1\nname = "p"\n')
    assert load_profile(str(path)).rules == ()
