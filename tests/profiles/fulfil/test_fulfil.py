"""What is generated, what it costs, and the cheapest mend, on a small tree whose answers can be counted by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from kcfg.answers.explain import KeptBy, explain
from kcfg.answers.facts import Status
from kcfg.answers.report.proof import smallest
from kcfg.base.caches import keep_entry, read_entry
from kcfg.base.errors import CannotEvaluate, Impossible, UserError
from kcfg.base.version import KernelUsed
from kcfg.kbuild.condition import ALWAYS, NEVER, AllOf, AnyOf, M, TextTest, Undecidable, ValueTest, Y
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.minimal import as_config
from kcfg.kconfig.model import Model
from kcfg.solver.encode import encode
from kcfg.solver.results import Configuration, Core, Goal, NearestChange, Proof, Smallest, UnsettledError
from kcfg.solver.sat import OutOfTimeError
from kcfg.solver.solver import Solver
from profiles import Profile, Want, load_profile
from profiles.check.check import RuleJudge
from profiles.fulfil import generate as generate_module
from profiles.fulfil import repair as repair_module
from profiles.fulfil.causes import Cause, CauseKind, Warned, WarnedKind
from profiles.fulfil.demands import (
    Asker,
    Demand,
    essential_demands,
    goals_of,
    need_demands,
    own_demands,
    rule_demands,
    ways_of,
)
from profiles.fulfil.generate import (
    Options,
    choosable,
    generate,
    out_of_range,
    policy,
    reachable,
)
from profiles.fulfil.generated import Generated, Passed, Trial, owned_lines
from profiles.fulfil.modes import advised, compatible, make_mode, open_mode, profiles_of
from profiles.fulfil.reach import Key, Reachable, key_of, options_alone
from profiles.fulfil.repair import (
    NOT_IN_TIME,
    Mend,
    Way,
    cause_of,
    cheapest,
    depends_on,
    mend,
    nearest_change,
    repair,
    single_line,
    split_demands,
)
from profiles.fulfil.verify import default_texts, verify
from profiles.needs import Need
from profiles.report.generate import proof, rendered
from tests.kcfg.trees import MODULES, OLD, judge_of, model_of, resolver_of

TREE = (
    MODULES
    + """\
config EXPERT
	bool "expert"
config GUEST
	bool "guest"
config XEN
	bool "Xen"
	depends on GUEST
	select CLOCK
config CLOCK
	bool
config FRONT
	tristate "front"
	depends on XEN
config NET
	bool "net"
config WIFI
	bool "wifi"
	default y
	depends on NET
config EXTRA
	bool "extra" if EXPERT
	default y
config BUS
	bool "bus"
config DISK
	bool "disk"
	depends on BUS
config HEAVY
	bool "heavy"
	select WEIGHT
config WEIGHT
	bool
config LIGHT
	bool "light"
config SIZE
	int "size"
	default 64
config NAME
	string "name"
	default "none"
config LEGACY
	bool "legacy"
	depends on !XEN
config PLAN
	bool "plan"
	depends on NET
"""
)
PROFILE = """\
schema = 1
name = "mine"
title = "Mine"
kind = "mode"
[[rule]]
symbol = "XEN"
level = "required"
why = "it is Xen"
source = "s"
[[rule]]
symbol = "LEGACY"
level = "forbidden"
why = "old"
source = "s"
[[rule]]
symbol = "PLAN"
level = "recommended"
why = "good"
source = "s"
[[essential]]
group = "disk"
symbol = "DISK"
why = "a disk"
source = "s"
[[essential]]
group = "net"
symbol = "NET"
why = "a net"
source = "s"
[[essential]]
group = "disk"
symbol = "NO_SUCH"
why = "newer"
source = "s"
"""


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return model_of(tmp_path / "tree", TREE)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return profile_of(tmp_path, PROFILE)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def profile_of(folder: Path, text: str, name: str = "mine") -> Profile:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return load_profile(str(path))


def kernel_of(model: Model) -> Kernel:
    return Kernel(model, KernelUsed(version=model.version, arch=model.arch, origin="tree", name="small"), True)


def solver_of(model: Model) -> Solver:
    return Solver(model, encode(model), True)


def made(model: Model, profile: Profile, demands: list[Demand] | None = None, **how: object) -> Generated:
    within = how.pop("within", None)
    assert within is None or isinstance(within, frozenset)
    options = Options(timeout=30.0, **how)  # type: ignore[arg-type]
    wanted = rule_demands(profile, model) if demands is None else demands
    return generate(kernel_of(model), solver_of(model), profile, wanted, options, "0", within=within)


def on(generated: Generated) -> set[str]:
    return {one.symbol for one in generated.report.symbols}


def require(*words: str) -> list[Demand]:
    return own_demands([Goal(*word.split("=")) for word in words])


# Demands


def test_goals_of_a_want(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE)
    assert goals_of(Want("XEN", ("y",)), model) == (Goal("XEN", "y"),)
    assert goals_of(Want("XEN", ("y", "m")), model) == (Goal("XEN", "y"),)
    assert goals_of(Want("FRONT", ("y", "m")), model) == (Goal("FRONT", "enabled"),)
    assert goals_of(Want("FRONT", ("m",)), model) == (Goal("FRONT", "m"),)
    assert goals_of(Want("FRONT", ("y", "n")), model) == (Goal("FRONT", "y"), Goal("FRONT", "n"))
    assert goals_of(Want("FRONT", ("n", "m")), model) == (Goal("FRONT", "n"), Goal("FRONT", "m"))
    assert goals_of(Want("XEN", ("n", "m")), model) == (Goal("XEN", "n"),)


def test_a_want_of_an_old_name_is_a_goal_of_the_symbol_that_takes_its_line_over(tmp_path: Path) -> None:
    text = 'config OLD\n\tbool\n\ttransitional\nconfig NOW\n\tbool "now"\n\tdefault OLD\n'
    assert goals_of(Want("OLD", ("y",)), model_of(tmp_path, text, "7.3.0")) == (Goal("NOW", "y"),)


def test_goals_of_a_want_of_a_number_or_a_text(model: Model) -> None:
    assert goals_of(Want("SIZE", ("64", "8")), model) == (Goal("SIZE", "64", True), Goal("SIZE", "8", True))
    assert goals_of(Want("SIZE", ("n", "8")), model) == (Goal("SIZE", "n"), Goal("SIZE", "8", True))
    assert goals_of(Want("SIZE", ("n",)), model) == (Goal("SIZE", "n"),)
    assert goals_of(Want("NAME", ("xen",)), model) == (Goal("NAME", "xen", True),)
    assert goals_of(Want("NAME", ("n", '"n"')), model) == (Goal("NAME", "n"), Goal("NAME", "n", True))


def test_a_want_that_holds_anyway_has_no_goals(model: Model) -> None:
    assert goals_of(Want("FRONT", ("y", "m", "n")), model) is None
    assert goals_of(Want("XEN", ("y", "n")), model) is None
    assert goals_of(Want("NO_SUCH", ("n",)), model) is None
    assert goals_of(Want("LEGACCY", ("n",)), model) == (Goal("LEGACCY", "n"),)
    assert goals_of(Want("NO_SUCH", ("y", "m")), model) == (Goal("NO_SUCH", "y"),)


def test_ways_are_every_combination_of_goals(model: Model) -> None:
    wants = [[Want("FRONT", ("y", "n")), Want("XEN", ("y",))], [Want("NET", ("y",))]]
    assert ways_of(wants, model) == (
        (Goal("FRONT", "y"), Goal("XEN", "y")),
        (Goal("FRONT", "n"), Goal("XEN", "y")),
        (Goal("NET", "y"),),
    )


def test_a_way_of_a_symbol_that_this_kernel_lacks_is_left_out_beside_others(model: Model) -> None:
    wants = [[Want("NO_SUCH", ("y",))], [Want("NET", ("y",))]]
    assert ways_of(wants, model) == ((Goal("NET", "y"),),)
    assert ways_of(wants[:1], model) == ((Goal("NO_SUCH", "y"),),)


def test_one_way_that_holds_anyway_leaves_nothing_to_demand(model: Model) -> None:
    assert ways_of([[Want("XEN", ("y",))], [Want("NO_SUCH", ("n",))]], model) == ()


def test_rules_that_are_required_or_forbidden_are_demands(model: Model, profile: Profile) -> None:
    found = rule_demands(profile, model)
    assert [(one.kind, one.name, one.ways, one.why) for one in found] == [
        ("rule", "mine/xen", ((Goal("XEN", "y"),),), "it is Xen"),
        ("rule", "mine/legacy", ((Goal("LEGACY", "n"),),), "old"),
    ]


def test_a_profile_of_another_kernel_demands_nothing(model: Model, tmp_path: Path) -> None:
    other = profile_of(tmp_path, PROFILE.replace('kind = "mode"', 'kind = "mode"\narch = ["arm64"]'), "other")
    with pytest.raises(UserError):
        rule_demands(other, model)


def test_essentials_are_those_of_the_groups_asked_for(model: Model, profile: Profile) -> None:
    def names(groups: str, *without: str) -> list[tuple[str, str]]:
        return [(one.name, str(one)) for one in essential_demands(profile, model, groups, without)]

    assert names("all") == [("disk", "DISK=y"), ("net", "NET=y")]
    assert names("none") == []
    assert names("net") == [("net", "NET=y")]
    assert names("net,disk", "net") == [("disk", "DISK=y")]
    assert names("all", "disk") == [("net", "NET=y")]
    assert [one.kind for one in essential_demands(profile, model, "net")] == ["essential"]


@pytest.mark.parametrize(("groups", "without"), [("sound", ()), ("all", ("sound",))])
def test_a_group_that_the_profile_lacks_is_an_error(
    model: Model, profile: Profile, groups: str, without: tuple[str, ...]
) -> None:
    with pytest.raises(UserError):
        essential_demands(profile, model, groups, without)


def test_a_need_demands_each_of_its_symbols_that_the_kernel_has(model: Model) -> None:
    found = need_demands([Need("wifi", ("WIFI", "NO_SUCH", "FRONT"), "w")], model)
    assert [(one.kind, one.name, str(one), one.why) for one in found] == [
        ("need", "wifi", "WIFI=y", "w"),
        ("need", "wifi", "FRONT=y or m", "w"),
    ]


def test_a_need_of_nothing_that_the_kernel_has_is_an_error(model: Model) -> None:
    with pytest.raises(UserError):
        need_demands([Need("sound", ("NO_SUCH",), "w")], model)


def test_a_users_own_words_are_demands(model: Model) -> None:
    assert [(one.kind, one.ways) for one in require("XEN=y", "NET=n")] == [
        ("require", ((Goal("XEN", "y"),),)),
        ("forbid", ((Goal("NET", "n"),),)),
    ]
    assert Demand(Asker.RULE, "a", ((Goal("A", "y"), Goal("B", "y")), (Goal("A", "n"),))).symbols == ("A", "B")


def test_demands_with_one_way_are_goals_and_the_others_alternatives() -> None:
    both = Demand(Asker.RULE, "b", ((Goal("A", "y"),), (Goal("B", "y"),)))
    demands = [*require("A=y", "C=y", "A=y"), both]
    assert split_demands(demands) == ([Goal("A", "y"), Goal("C", "y")], [both.ways])


# Generate


def test_the_smallest_configuration_has_the_goal_and_what_it_needs(model: Model, profile: Profile) -> None:
    generated = made(model, profile)
    report = generated.report
    assert on(generated) == {"XEN", "GUEST", "CLOCK", "EXTRA"}
    assert (report.possible, report.proven, report.optimum, report.bound, report.enabled) == (True, True, 4, 4, 4)
    assert (report.profile, report.cost, report.kernel.name) == ("mine", "symbols", "small")
    assert report.warnings == ()
    assert report.verified == (Passed(Trial.RESOLVE), Passed(Trial.DEPENDENCIES), Passed(Trial.PROFILE, "mine"))


def test_each_symbol_that_is_on_says_who_turned_it_on(model: Model, profile: Profile) -> None:
    kinds = {one.symbol: (one.value, one.kind) for one in made(model, profile).report.symbols}
    assert kinds == {
        "XEN": ("y", "rule"), "GUEST": ("y", "needed"), "CLOCK": ("y", "selected"), "EXTRA": ("y", "default"),
    }  # fmt: skip


def test_the_lines_to_own_are_those_without_which_it_is_another_configuration(model: Model, profile: Profile) -> None:
    owned = {one.symbol: (one.line, one.idle) for one in made(model, profile).report.owned}
    assert owned == {
        "XEN": ("CONFIG_XEN=y", False),
        "GUEST": ("CONFIG_GUEST=y", False),
        "MODULES": ("# CONFIG_MODULES is not set", False),
    }


def test_prompts_are_counted_where_prompts_are_to_be_few(model: Model, profile: Profile) -> None:
    report = made(model, profile, minimise="prompts").report
    assert (report.cost, report.optimum, report.proven) == ("prompts", 2, True)


def test_nothing_is_turned_on_only_to_turn_others_off(model: Model, profile: Profile) -> None:
    report = made(model, profile).report
    assert report.kept_off == ("EXPERT",)
    assert report.expert_optimum == 4  # EXPERT itself counts as much as EXTRA


def test_expert_may_turn_others_off_where_it_is_allowed(tmp_path: Path, profile: Profile) -> None:
    more = 'config MORE\n\tbool "more" if EXPERT\n\tdefault y\n'
    model = model_of(tmp_path / "more", TREE + more)
    assert made(model, profile).report.optimum == 5
    assert made(model, profile).report.expert_optimum == 4
    report = made(model, profile, expert=True).report
    assert (report.optimum, report.expert_optimum, report.kept_off) == (4, 0, ())
    assert [one.symbol for one in report.owned if one.idle] == ["EXPERT"]


TRICK = """\
config SWITCH
	bool "switch"
config TABLE
	bool "table" if SWITCH
	default y
config CHAIR
	bool "chair" if SWITCH
	default y
"""


def test_where_the_time_does_not_suffice_to_turn_it_off_nothing_is_proven(
    tmp_path: Path, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_of(tmp_path / "trick", TREE + TRICK)
    monkeypatch.setattr(generate_module.GenerateQuestion, "left", property(lambda self: 0.0))
    generated = made(model, profile)
    assert "SWITCH" not in on(generated)  # a search without a proof is quick
    assert (generated.report.optimum, generated.report.bound, generated.report.proven) == (6, 5, False)
    monkeypatch.setattr(generate_module.GenerateQuestion, "left", property(lambda self: -60.0))
    report = made(model, profile).report
    assert (report.optimum, report.bound, report.proven, report.out_of_time) == (5, 5, False, True)
    assert [(one.kind, one.symbols) for one in report.warnings] == [(WarnedKind.TRICKS_LEFT, ("SWITCH",))]
    assert "proven smallest" not in smallest(proof(report))


def test_an_option_that_only_turns_others_off_is_found_and_kept_off(tmp_path: Path, profile: Profile) -> None:
    model = model_of(tmp_path / "trick", TREE + TRICK)
    report = made(model, profile).report
    assert (report.optimum, report.proven, report.warnings) == (6, True, ())
    assert report.kept_off == ("EXPERT", "SWITCH")
    allowed = made(model, profile, expert=True)
    assert allowed.report.optimum == 5
    assert "SWITCH" in on(allowed)
    assert "SWITCH" in {one.symbol for one in allowed.report.owned if one.idle}
    assert allowed.report.warnings == ()


def test_a_trick_without_which_the_demands_are_impossible_stays_and_is_told(tmp_path: Path, profile: Profile) -> None:
    model = model_of(tmp_path / "trick", TREE + TRICK)
    generated = made(model, profile, [*rule_demands(profile, model), *require("TABLE=n")])
    assert {"SWITCH", "XEN"} < on(generated)
    assert "TABLE" not in on(generated)
    assert generated.report.kept_off == ("EXPERT",)


def test_what_a_demand_needs_of_the_switches_is_on_and_told(tmp_path: Path, profile: Profile) -> None:
    more = """\
config MORE
	bool "more" if EXPERT
	default y
config DEBUG_KERNEL
	bool "debug"
config ASKED
	bool "asked"
	depends on EXPERT
config OTHER
	bool "other"
	depends on EXPERT
config NEVER
	bool "never"
	depends on EXPERT && LEGACY
"""
    model = model_of(tmp_path / "more", TREE + more)
    rules = rule_demands(profile, model)
    generated = made(model, profile, [*rules, *require("ASKED=y")])
    assert (generated.report.proven, on(generated)) == (True, {"EXPERT", "ASKED", "XEN", "GUEST", "CLOCK"})
    told = Warned(WarnedKind.NEEDED, symbols=("EXPERT",), goal="ASKED=y")
    assert (generated.report.warnings, generated.report.kept_off) == ((told,), ("DEBUG_KERNEL",))
    either = Demand(Asker.RULE, "mine/two", ((Goal("ASKED", "y"),), (Goal("OTHER", "y"),)))
    generated = made(model, profile, [*rules, either])
    assert generated.report.proven
    assert "EXPERT" in on(generated)
    assert [one.symbols for one in generated.report.warnings] == [("EXPERT",)]
    report = made(model, profile, [*rules, *require("NEVER=y")]).report
    assert not report.possible
    assert "EXPERT=n" not in report.core_goals
    asked = made(model, profile, [*rules, *require("ASKED=y", "EXPERT=n")]).report
    assert (asked.possible, set(asked.core_goals)) == (False, {"ASKED=y", "EXPERT=n"})


def test_without_a_proof_nothing_is_left_on_that_can_be_off(
    tmp_path: Path, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(self: object, *_: object, **__: object) -> bool:
        raise OutOfTimeError

    monkeypatch.setattr("kcfg.solver.sat.Bounded._call_oracle", never)
    model = model_of(tmp_path / "trick", TREE + TRICK)
    generated = made(model, profile)
    report = generated.report
    assert (report.optimum, report.bound, report.proven, report.out_of_time) == (6, 5, False, True)
    assert on(generated) == {"XEN", "GUEST", "CLOCK", "EXTRA", "TABLE", "CHAIR"}
    assert [one.kind for one in report.warnings] == [WarnedKind.NOT_PROVEN]


def test_modules_are_on_where_they_are_asked_for_and_off_where_they_are_not(model: Model, profile: Profile) -> None:
    assert "MODULES" not in on(made(model, profile))
    assert "MODULES" in on(made(model, profile, modules=True))
    front = [*rule_demands(profile, model), *require("FRONT=m")]
    assert "MODULES" in on(made(model, profile, front))
    report = made(model, profile, front, modules=False).report
    assert (report.possible, report.optimum) == (False, 0)
    assert set(report.core_goals) == {"FRONT=m", "MODULES=n"}


def test_a_users_own_word_on_modules_counts_more_than_the_option(model: Model, profile: Profile) -> None:
    demands = [*rule_demands(profile, model), *require("MODULES=n")]
    assert "MODULES" not in on(made(model, profile, demands, modules=True))
    demands = [*rule_demands(profile, model), *require("MODULES=y")]
    assert "MODULES" in on(made(model, profile, demands, modules=False))


def test_demands_that_contradict_each_other_have_a_core_that_says_who_asks(model: Model, profile: Profile) -> None:
    generated = made(model, profile, [*rule_demands(profile, model), *require("GUEST=n")])
    report = generated.report
    assert generated.resolver is None
    assert (report.possible, report.proven, report.owned) == (False, False, ())
    assert set(report.core_goals) == {"XEN=y", "GUEST=n"}
    assert [(one.symbol, one.text) for one in report.core] == [("XEN", "depends on GUEST")]
    assert {(one.kind, one.goal, one.demand and one.demand.kind) for one in report.warnings} == {
        (WarnedKind.CONTRADICTED, "XEN=y", Asker.RULE),
        (WarnedKind.CONTRADICTED, "GUEST=n", Asker.FORBID),
    }


def test_the_switches_stay_off_unless_a_demand_speaks_of_them(model: Model) -> None:
    assert policy(model, Options(), require("XEN=y")) == [Goal("EXPERT", "n")]
    assert policy(model, Options(), require("EXPERT=y")) == []
    assert policy(model, Options(expert=True), []) == []
    assert policy(model, Options(), [], part=True) == []
    assert policy(model, Options(modules=False), []) == [Goal("EXPERT", "n"), Goal("MODULES", "n")]
    assert policy(model, Options(modules=False), require("MODULES=y")) == [Goal("EXPERT", "n")]
    assert policy(model, Options(modules=True), []) == [Goal("EXPERT", "n")]


# A part of a configuration


def test_a_part_turns_nothing_on_that_was_off(model: Model, profile: Profile) -> None:
    within = frozenset({"XEN", "GUEST", "CLOCK", "NET", "EXPERT"})
    generated = made(model, profile, within=within)
    assert on(generated) == {"XEN", "GUEST", "CLOCK", "EXPERT"}
    assert (generated.report.kept_off, generated.report.expert_optimum) == ((), 0)


def test_a_part_without_what_is_demanded_is_impossible(model: Model, profile: Profile) -> None:
    generated = made(model, profile, within=frozenset({"GUEST"}))
    report = generated.report
    assert (report.possible, report.core_goals) == (False, ("XEN=y",))
    assert [(one.kind, str(one.demand)) for one in report.warnings] == [(WarnedKind.LACKING, "XEN=y")]
    assert generated.resolver is None


def test_a_part_does_without_essentials_that_it_lacks_and_says_so(model: Model, profile: Profile) -> None:
    demands = [*rule_demands(profile, model), *essential_demands(profile, model, "all")]
    within = frozenset({"XEN", "GUEST", "NET", "EXTRA"})
    generated = made(model, profile, demands, within=within)
    assert {"XEN", "NET"} < on(generated)
    assert "DISK" not in on(generated)
    assert [(one.kind, str(one.demand)) for one in generated.report.warnings] == [(WarnedKind.NOT_KEPT, "DISK=y")]
    kept, lacking, dropped = reachable(demands, within)
    assert [str(one) for one in kept] == ["XEN=y", "LEGACY=n", "NET=y"]
    assert (lacking, [str(one) for one in dropped]) == ([], ["DISK=y"])


def test_of_a_demands_ways_a_part_keeps_those_that_it_has() -> None:
    demand = Demand(
        Asker.RULE, "a", ((Goal("A", "y"), Goal("B", "y")), (Goal("B", "y"), Goal("C", "n")), (Goal("D", "y"),))
    )
    kept, lacking, dropped = reachable([demand], frozenset({"B"}))
    assert [one.ways for one in kept] == [((Goal("B", "y"), Goal("C", "n")),)]
    assert (lacking, dropped) == ([], [])
    assert reachable([demand], frozenset()) == ([], [demand], [])
    text, none = require("NAME=n"), [Demand(Asker.RULE, "t", ((Goal("NAME", "n", True),),))]
    assert reachable([*text, *none], frozenset()) == (text, none, [])


def test_what_a_person_can_turn_on(model: Model) -> None:
    assert {"CLOCK", "WEIGHT", "SIZE", "NAME"}.isdisjoint(choosable(model))
    assert {"MODULES", "XEN", "FRONT", "EXTRA"} <= set(choosable(model))


# What is checked before it is given away


def test_a_result_that_the_profile_refuses_is_not_given_away(model: Model, profile: Profile) -> None:
    resolver = resolver_of(model, "LEGACY=y\n")
    found = Smallest(Configuration({}, {}), Proof(0, 0), 0.0)
    with pytest.raises(CannotEvaluate, match="mine: XEN, LEGACY"):
        verify(kernel_of(model), profile, resolver, found)


def test_a_result_with_unmet_dependencies_is_not_given_away(model: Model, profile: Profile) -> None:
    resolver = resolver_of(model, "XEN=y\nGUEST=y\n")
    assert verify(kernel_of(model), profile, resolver, Smallest(Configuration({}, {}), Proof(0, 0), 0.0))
    with pytest.raises(CannotEvaluate):
        verify(kernel_of(model), profile, resolver, Smallest(Configuration({}, {}, ("CLOCK",)), Proof(0, 0), 0.0))


def test_numbers_and_texts_are_at_their_defaults_where_they_can_be(model: Model) -> None:
    resolver = default_texts(resolver_of(model, 'GUEST=y\nXEN=y\nSIZE=7\nNAME="firmware"\n'))
    lines = {model.symbols[number].name: value for number, value in resolver.lines()}
    assert (lines["SIZE"], lines["NAME"], lines["XEN"]) == ("64", "none", "y")


def test_a_number_on_which_an_option_hangs_stays(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE + 'config BIG\n\tbool "big"\n\tdepends on SIZE > 100\n')
    resolver = default_texts(resolver_of(model, 'SIZE=200\nBIG=y\nNAME="x"\n'))
    lines = {model.symbols[number].name: value for number, value in resolver.lines()}
    assert (lines["SIZE"], lines["NAME"], lines["BIG"]) == ("200", "none", "y")


def test_every_line_of_a_resolved_configuration_is_in_the_whole_one(model: Model) -> None:
    resolver = resolver_of(model, "GUEST=y\nXEN=y\n")
    config = as_config(resolver, resolver.lines(), "generated", complete=True)
    assert config.is_complete
    assert {one.symbol: one.value for one in config.assignments} == {
        model.symbols[number].name: value for number, value in resolver.lines()
    }
    assert [one.line for one in config.assignments] == list(range(1, len(config.assignments) + 1))
    assert [one.symbol for one in config.assignments if one.quoted] == ["NAME"]


def test_a_line_that_only_turns_others_off_is_idle(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE + TRICK)
    resolver = resolver_of(model, "GUEST=y\nXEN=y\nSWITCH=y\n# TABLE is not set\n# CHAIR is not set\n")
    lines = owned_lines(resolver, require("XEN=y"))
    owned = {one.symbol: one.idle for one in lines}
    assert owned == {"GUEST": False, "XEN": False, "SWITCH": True, "TABLE": False, "CHAIR": False}
    causes = {one.symbol: one.reason.kind for one in lines}
    assert causes == {
        "GUEST": CauseKind.LOST,
        "XEN": CauseKind.ASKED,
        "SWITCH": CauseKind.TRICK,
        "TABLE": CauseKind.OTHER_DEFAULT,
        "CHAIR": CauseKind.OTHER_DEFAULT,
    }


def test_a_line_is_owned_only_where_it_is_another_configuration_without_it(tmp_path: Path) -> None:
    more = """\
config BOUND
	int "bound"
	range 9 10
config LIMIT
	int "limit"
	default 3
config WIDE
	bool "wide"
	depends on LIMIT > 5
config MOD
	tristate "mod"
	default y
config IDLE
	bool "idle"
"""
    model = model_of(tmp_path, TREE + more)
    config = "MODULES=y\nGUEST=y\nXEN=y\nBOUND=9\nLIMIT=6\nWIDE=y\nMOD=m\nIDLE=y\n"
    lines = owned_lines(resolver_of(model, config), require("XEN=y", "WIDE=y"))
    assert {one.symbol: (one.reason.kind, one.idle) for one in lines} == {
        "GUEST": (CauseKind.LOST, False),
        "XEN": (CauseKind.ASKED, False),
        "LIMIT": (CauseKind.LOST, False),
        "WIDE": (CauseKind.ASKED, False),
        "MOD": (CauseKind.OTHER_DEFAULT, False),
        "IDLE": (CauseKind.UNNEEDED, True),
    }
    assert next(one.reason.value for one in lines if one.symbol == "MOD") == "y"


def test_forms_of_the_result(model: Model, profile: Profile) -> None:
    generated = made(model, profile)
    saved = rendered(generated, "savedefconfig").splitlines()
    assert saved == [one.line for one in generated.report.owned]
    fragment = rendered(generated, "fragment").splitlines()
    assert [line for line in fragment if line and not line.startswith("# ")] == ["CONFIG_GUEST=y", "CONFIG_XEN=y"]
    whole = rendered(generated, "config").splitlines()
    assert {"CONFIG_XEN=y", "CONFIG_SIZE=64", "# CONFIG_NET is not set"} < set(whole)
    assert rendered(Generated(generated.report), "config") == ""


def test_a_profile_that_is_out_of_range_has_a_core_where_goals_contradict_each_other(
    model: Model, profile: Profile
) -> None:
    kernel, solver = kernel_of(model), solver_of(model)
    report = out_of_range(kernel, solver, profile, [Goal("XEN", "y"), Goal("GUEST", "n")], "why", "0")
    assert (report.possible, report.core_goals) == (False, ("XEN=y", "GUEST=n"))
    assert report.warnings == (Warned(WarnedKind.NOT_HERE, text="why"),)
    report = out_of_range(kernel, solver, profile, [Goal("XEN", "y")], "why", "0")
    assert (report.possible, report.core_goals) == (False, ("mine",))
    assert report.warnings == (Warned(WarnedKind.NOT_HERE, text="why"),)


# Repair


def test_the_cheapest_change_is_told_line_by_line(model: Model, profile: Profile) -> None:
    judge = judge_of(model, "NET=y\n")
    demands = rule_demands(profile, model)
    report, change = repair(judge, Solver(model, encode(model)), demands, ("mine",), "0", 30.0)
    assert [(one.symbol, one.old, one.new) for one in report.changes] == [("GUEST", "n", "y"), ("XEN", "", "y")]
    assert (report.possible, report.proven, report.symbols_changed, report.verified_by) == (
        True,
        True,
        3,
        KeptBy.RESOLVE,
    )
    assert change is not None
    assert report.enabled == len([v for v in change.configuration.values.values() if v == "y"])
    assert len(report.reasons) == 2
    assert (report.config, report.profiles) == ("test.config", ("mine",))


def test_a_change_that_is_impossible_has_a_core(model: Model, profile: Profile) -> None:
    demands = [*rule_demands(profile, model), *require("GUEST=n")]
    report, change = repair(judge_of(model), Solver(model, encode(model)), demands, ("mine",), "0", 30.0)
    assert change is None
    assert (report.possible, set(report.core_goals)) == (False, {"XEN=y", "GUEST=n"})
    assert [one.symbol for one in report.core] == ["XEN"]


def test_of_changes_with_as_many_lines_one_that_changes_few_symbols(model: Model) -> None:
    demand = Demand(Asker.RULE, "a", ((Goal("HEAVY", "y"),), (Goal("LIGHT", "y"),)))
    found = nearest_change(judge_of(model), Solver(model, encode(model)), [demand])
    assert isinstance(found, NearestChange)
    assert [one.symbol for one in found.lines] == ["LIGHT"]
    turned = Demand(Asker.RULE, "a", demand.ways[::-1])
    found = nearest_change(judge_of(model), Solver(model, encode(model)), [turned])
    assert isinstance(found, NearestChange)
    assert [one.symbol for one in found.lines] == ["LIGHT"]


def test_why_a_line_is_changed_names_the_demand_or_what_depends_on_it(model: Model, profile: Profile) -> None:
    judge = judge_of(model)
    demands = rule_demands(profile, model)
    assert cause_of("XEN", demands, judge) == Cause(CauseKind.ASKED, demands[0])
    assert cause_of("GUEST", demands, judge) == Cause(CauseKind.USED, symbols=("XEN",))
    assert cause_of("NET", demands, judge) == Cause(CauseKind.REST)
    assert depends_on(judge, "LEGACY") == {"XEN"}
    assert depends_on(judge, "NO_SUCH") == set()


ASKS = (
    'schema = 1\nname = "mine"\n[[rule]]\nsymbol = "{}"\nvalue = ["y"]\nlevel = "required"\nwhy = "w"\nsource = "s"\n'
)


def test_the_one_line_that_mends_and_changes_nothing_else_is_found_without_a_solver(
    tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge, asks = judge_of(model, "GUEST=y\n# NET is not set\n"), profile_of(tmp_path, ASKS.format("LIGHT"))
    assert single_line(judge, asks, RuleJudge(judge).profile(asks)) == ("CONFIG_LIGHT=y",)
    asks = profile_of(tmp_path, ASKS.format("HEAVY"))
    assert single_line(judge, asks, RuleJudge(judge).profile(asks)) == ()  # it selects WEIGHT
    assert mend(judge, asks).lines == ("CONFIG_HEAVY=y",)
    changed = nearest_change
    with monkeypatch.context() as late:  # of as few lines others may change fewer symbols
        late.setattr(
            repair_module, "nearest_change", lambda *args, **how: replace(changed(*args, **how), fittest=False)
        )
        assert mend(judge, asks) == Mend(note=NOT_IN_TIME)


@pytest.fixture(name="drivers", scope="module")
def drivers_fixture(tmp_path_factory: pytest.TempPathFactory) -> Model:
    """Two drivers that can be built in by two lines, or by one that turns all modules over."""
    text = MODULES + "".join(f'config D{number}\n\ttristate "d"\n' for number in range(60))
    return model_of(tmp_path_factory.mktemp("drivers"), text)


DRIVERS = "MODULES=y\n" + "".join(f"D{number}=m\n" for number in range(60))
TWO = ASKS.format("D1") + ASKS.format("D2").partition('"mine"\n')[2]


def test_a_repair_and_a_mend_leave_modules_alone_where_one_line_would_turn_many_symbols_over(
    tmp_path: Path, drivers: Model
) -> None:
    judge, asks = judge_of(drivers, DRIVERS), profile_of(tmp_path, TWO)
    report, change = repair(
        judge, Solver(drivers, encode(drivers)), rule_demands(asks, drivers), ["mine"], "9", 60.0, listed=True
    )
    assert [(one.symbol, one.new) for one in report.changes] == [("D1", "y"), ("D2", "y")]
    assert (report.stays, report.bound, report.proven, report.symbols_changed) == (("MODULES=y",), 2, True, 2)
    assert [(one.symbol, one.old, one.new) for one in report.symbols] == [("D1", "m", "y"), ("D2", "m", "y")]
    assert report.fewer is not None
    assert [(one.symbol, one.new) for one in report.fewer.changes] == [("MODULES", "n")]
    assert (report.fewer.symbols_changed, len(report.fewer.lines_lost)) == (61, 58)  # of D1 and D2 rules speak
    assert change is not None
    assert [one.symbol for one in change.lines] == ["D1", "D2"]
    assert mend(judge, asks) == (
        ("CONFIG_D1=y", "CONFIG_D2=y"),
        ("MODULES=y",),
        ("# CONFIG_MODULES is not set",),
        (),
        "",
    )


EITHER = """\
schema = 1
name = "mine"
[[rule]]
id = "either"
any-of = [ { symbol = "D", value = ["n"] }, { symbol = "E", value = ["y"] } ]
level = "required"
why = "w"
source = "s"
[[rule]]
symbol = "S"
level = "forbidden"
why = "w"
source = "s"
"""


@pytest.mark.parametrize(("config", "lost"), [("S=y\nD=y\n", ()), ("S=y\nD=y\nE=y\n", ("D",))])
def test_a_line_that_a_rule_wants_off_in_the_way_that_holds_is_not_lost(
    tmp_path: Path, config: str, lost: tuple[str, ...]
) -> None:
    text = 'config S\n\tbool "s"\nconfig D\n\tbool "d"\n\tdepends on S\nconfig E\n\tbool "e"\n'
    model = model_of(tmp_path / "tree", text)
    demands = rule_demands(profile_of(tmp_path, EITHER), model)
    report, _ = repair(judge_of(model, config), solver_of(model), demands, ("mine",), "0", 30.0)
    assert ([one.symbol for one in report.changes], report.lines_lost) == (["S"], lost)


def test_a_mend_that_leaves_more_alone_and_is_not_proven_is_not_told(
    tmp_path: Path, drivers: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*args: object, **more: object) -> Way | Core:
        way = cheapest(*args, **more)  # type: ignore[arg-type]
        assert isinstance(way, Way)
        return way._replace(change=replace(way.change, proof=Proof(2, 1, out_of_time=True)))

    monkeypatch.setattr("profiles.fulfil.repair.cheapest", late)
    judge = judge_of(drivers, DRIVERS)
    assert mend(judge, profile_of(tmp_path, TWO)) == Mend(note=NOT_IN_TIME)
    assert mend(judge, profile_of(tmp_path, ASKS.format("D1"))) == Mend(note=NOT_IN_TIME)


def test_a_mend_does_not_make_a_waived_rule_hold(tmp_path: Path, drivers: Model) -> None:
    judge, asks = judge_of(drivers, DRIVERS), profile_of(tmp_path, TWO)
    assert mend(judge, asks, waived=frozenset({"d1"})).lines == ("CONFIG_D2=y",)
    assert mend(judge, asks, waived=frozenset({"d1", "d2"})) == Mend()
    result = RuleJudge(judge).profile(asks)
    status = {"d1": Status.WAIVED, "d2": Status.FAIL}
    found = tuple(msgspec.structs.replace(one, status=status[one.rule]) for one in result.findings)
    assert single_line(judge, asks, result) == ()
    assert single_line(judge, asks, msgspec.structs.replace(result, findings=found)) == ("CONFIG_D2=y",)


@pytest.mark.parametrize(("config", "last"), [("# X is not set\nY=y\n", ("CONFIG_X=y",)), ("Y=y\n", ())])
def test_a_mend_says_which_of_its_lines_count_at_the_end_only(
    tmp_path: Path, config: str, last: tuple[str, ...]
) -> None:
    text = 'choice\n\tprompt "c"\nconfig X\n\tbool "x"\nconfig Y\n\tbool "y"\nendchoice\n'
    found = mend(judge_of(model_of(tmp_path / "tree", text), config), profile_of(tmp_path, ASKS.format("X")))
    assert (found.lines, found.last) == (("CONFIG_X=y",), last)


def test_modules_are_turned_off_where_few_symbols_or_a_rule_go_with_it(tmp_path: Path, drivers: Model) -> None:
    asks = profile_of(tmp_path, TWO)
    assert mend(judge_of(drivers, "MODULES=y\nD1=m\nD2=m\n"), asks) == (
        ("# CONFIG_MODULES is not set",),
        (),
        (),
        (),
        "",
    )
    rule = '[[rule]]\nsymbol = "MODULES"\nlevel = "forbidden"\nwhy = "w"\nsource = "s"\n'
    found = mend(judge_of(drivers, DRIVERS), profile_of(tmp_path, TWO + rule))
    assert found == (("# CONFIG_MODULES is not set",), (), (), (), "")


@pytest.mark.parametrize("config", ["", "BUS=y\n", "# BUS is not set\nHEAVY=y\n"])
def test_a_mend_has_the_lines_of_the_repair(tmp_path: Path, model: Model, config: str) -> None:
    judge = judge_of(model, config)
    asks = profile_of(tmp_path, ASKS.format("DISK") + ASKS.format("WEIGHT").partition('"mine"\n')[2])
    report, _ = repair(judge, Solver(model, encode(model)), rule_demands(asks, model), ["mine"], "9", 60.0)
    assert mend(judge, asks).lines == tuple(f"CONFIG_{one.symbol}={one.new}" for one in report.changes)


@pytest.mark.parametrize("text", ["", "GUEST=y\nLEGACY=y\n", "GUEST=y\nXEN=y\n"])
def test_no_single_line_mends_two_rules_a_chain_or_nothing(model: Model, profile: Profile, text: str) -> None:
    judge = judge_of(model, text)
    assert single_line(judge, profile, RuleJudge(judge).profile(profile)) == ()


def test_a_single_line_with_which_another_rule_fails_does_not_mend(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tselect B\nconfig B\n\tbool "b"\n'
    model = model_of(tmp_path / "tree", text)
    rule = '[[rule]]\nsymbol = "{}"\nlevel = "{}"\nwhy = "w"\nsource = "s"\n'
    asks = profile_of(
        tmp_path, 'schema = 1\nname = "mine"\n' + rule.format("A", "required") + rule.format("B", "forbidden")
    )
    judge = judge_of(model)
    assert len(RuleJudge(judge).profile(asks).findings) == 1
    assert single_line(judge, asks, RuleJudge(judge).profile(asks)) == ()


def test_lines_that_mend_are_in_the_order_in_which_they_can_be_set(model: Model, profile: Profile) -> None:
    assert mend(judge_of(model), profile).lines == ("CONFIG_GUEST=y", "CONFIG_XEN=y")
    assert mend(judge_of(model, "GUEST=y\nLEGACY=y\n"), profile).lines == ("CONFIG_XEN=y",)


def test_nothing_mends_where_a_rule_cannot_be_fulfilled(tmp_path: Path, profile: Profile) -> None:
    model = model_of(tmp_path / "never", TREE.replace('bool "guest"', "bool"))
    assert mend(judge_of(model), profile).lines == ()


def test_a_rule_on_what_the_kernel_does_not_have_is_impossible_and_the_reason_says_so(
    model: Model, tmp_path: Path
) -> None:
    rule = '[[rule]]\nlevel = "required"\n{}\nwhy = "w"\n'
    text = rule.format('symbol = "NO_SUCH"') + rule.format('symbol = "GUEST"')
    asks = profile_of(tmp_path, 'schema = 1\nname = "mine"\ntitle = "t"\n' + text)
    judge, demands = judge_of(model), rule_demands(asks, model)
    assert RuleJudge(judge).profile(asks).status is Status.FAIL
    assert mend(judge, asks).lines == ()
    report, change = repair(judge, solver_of(model), demands, ("mine",), "0", 30.0)
    assert (report.possible, change) == (False, None)
    assert made(model, asks).report.possible is False
    for found in (report, made(model, asks).report):
        assert found.core_goals == ("NO_SUCH=y",)
        assert [(one.symbol, one.text) for one in found.core] == [("NO_SUCH", "is not in Linux 6.12.0 (x86_64)")]


def test_what_does_not_stay_is_neither_a_repair_nor_a_mend(tmp_path: Path) -> None:
    """Before 6.10 the line of I counts as -2 once, and is dropped then."""
    text = 'config B\n\tbool "b"\n\tdepends on I = -2\nconfig I\n\tint "i"\n\trange -2 10\n\tdefault 7\n'
    model = model_of(tmp_path / "tree", text, OLD)
    asks = profile_of(tmp_path, 'schema = 1\nname = "mine"\n[[rule]]\nsymbol = "B"\nlevel = "required"\nwhy = "w"\n')
    judge = judge_of(model, "I=-3\n")
    found = RuleJudge(judge).profile(asks)
    assert (found.status, found.findings[0].fix) == (Status.FAIL, ("CONFIG_B=y",))
    assert single_line(judge, asks, found) == ()
    with pytest.raises(UnsettledError, match="B=y, then unset"):
        mend(judge, asks)
    with pytest.raises(UnsettledError, match="B=y, then unset"):
        repair(judge, solver_of(model), rule_demands(asks, model), ("mine",), "0", 30.0)
    with pytest.raises(UnsettledError, match="B=y, then unset"):
        explain(judge, solver_of(model), [Goal("B", "y")], "0", given=True)


def test_a_probe_that_is_open_leaves_nothing_to_mend(tmp_path: Path, profile: Profile) -> None:
    probe = 'config PROBED\n\tbool "p"\n\tdepends on $(shell,probe)\n'
    model = model_of(tmp_path / "probe", TREE + probe)
    assert mend(judge_of(model), profile).lines == ()
    assert mend(judge_of(model, answers={model.probes[0].key: "y"}), profile).lines != ()


# Modes


def test_a_modes_own_configuration_has_what_it_recommends_as_far_as_it_can(model: Model, profile: Profile) -> None:
    kernel = kernel_of(model)
    found = make_mode(kernel, "mine", [profile], key_of(kernel, cache=False))
    assert {name for name, value in found.values.items() if value == "y"} == {
        "XEN", "GUEST", "CLOCK", "EXTRA", "PLAN", "NET", "DISK", "BUS", "WIFI",
    } - {"WIFI"}  # fmt: skip
    assert (found.proven, found.left_out, found.title) == (True, (), "Mine")
    assert found.enabled == 8
    assert "n" not in found.values.values()


def test_what_cannot_be_had_besides_is_left_out_and_told(tmp_path: Path, model: Model) -> None:
    text = PROFILE + '[[rule]]\nsymbol = "LATE"\nlevel = "recommended"\nwhy = "w"\nsource = "s"\n'
    model = model_of(tmp_path / "late", TREE + 'config LATE\n\tbool "late"\n\tdepends on !PLAN\n')
    wants = profile_of(tmp_path, text)
    kernel = kernel_of(model)
    assert [one.name for one in advised(wants, model)] == ["mine/plan", "mine/late"]
    found = make_mode(kernel, "mine", [wants], key_of(kernel, cache=False))
    assert (found.values.get("PLAN"), found.values.get("LATE"), found.left_out) == ("y", None, ("LATE=y",))


def test_an_essential_that_the_rules_do_not_admit_is_left_out_and_told(tmp_path: Path, model: Model) -> None:
    """What is recommended comes after the essentials, and gives way to them."""
    late = '[[rule]]\nsymbol = "LATE"\nlevel = "recommended"\nwhy = "w"\nsource = "s"\n'
    own = 'schema = 1\nname = "own"\n[[rule]]\nsymbol = "DISK"\nlevel = "forbidden"\nwhy = "w"\n'
    model = model_of(tmp_path / "late", TREE + 'config LATE\n\tbool "late"\n\tdepends on !NET\n')
    wants = [profile_of(tmp_path, PROFILE + late), profile_of(tmp_path, own)]
    kernel = kernel_of(model)
    found = make_mode(kernel, "mine+own", wants, key_of(kernel, cache=False))
    assert found.left_out == ("DISK=y", "LATE=y")
    assert (found.values.get("DISK"), found.values.get("NET"), found.values.get("PLAN")) == (None, "y", "y")


def test_rules_that_contradict_each_other_are_impossible_and_no_essential_is_among_the_reasons(
    tmp_path: Path, model: Model, profile: Profile
) -> None:
    own = profile_of(tmp_path, 'schema = 1\nname = "own"\n[[rule]]\nsymbol = "GUEST"\nlevel = "forbidden"\nwhy = "w"\n')
    kernel = kernel_of(model)
    with pytest.raises(Impossible, match=r"no configuration for mine\+own: (XEN=y, GUEST=n|GUEST=n, XEN=y) "):
        make_mode(kernel, "mine+own", [profile, own], key_of(kernel, cache=False))


def test_a_mode_whose_essential_needs_expert_has_it_on(tmp_path: Path, model: Model, profile: Profile) -> None:
    model = model_of(tmp_path / "deep", TREE.replace('bool "net"', 'bool "net"\n\tdepends on EXPERT'))
    kernel = kernel_of(model)
    found = make_mode(kernel, "mine", [profile], key_of(kernel, cache=False))
    assert (found.values.get("NET"), found.values.get("EXPERT"), found.left_out) == ("y", "y", ())


def test_a_kernel_that_cannot_have_a_mode_says_so(tmp_path: Path, profile: Profile) -> None:
    model = model_of(tmp_path / "never", TREE.replace('bool "guest"', "bool"))
    kernel = kernel_of(model)
    with pytest.raises(Impossible):
        make_mode(kernel, "mine", [profile], key_of(kernel, cache=False))


def test_a_mode_comes_from_the_cache_the_second_time(model: Model, profile: Profile, cache: Path) -> None:
    kernel = kernel_of(model)
    key = key_of(kernel)
    first = open_mode(kernel, profile.file, key)
    (kept,) = (cache / "kcfg" / "modes").glob("*.mode")
    assert open_mode(kernel, profile.file, key) == first
    keep_entry(kept, (read_entry(kept) or b"").replace(b"Mine", b"Kept"), 64)
    assert open_mode(kernel, profile.file, key).title == "Kept"
    assert open_mode(kernel, profile.file, key_of(kernel, cache=False)).title == "Mine"
    kept.write_bytes(b"{")
    assert open_mode(kernel, profile.file, key).title == "Mine"


def test_several_profiles_are_joined_with_a_plus() -> None:
    assert [one.name for one in profiles_of("pvh-domu+no-pv")] == ["pvh-domu", "no-pv"]
    with pytest.raises(UserError):
        profiles_of("+")


def test_what_configurations_with_demands_can_build(model: Model) -> None:
    kernel = kernel_of(model)
    reach = Reachable(kernel, key_of(kernel, cache=False), require("XEN=y"))
    assert reach.can(ValueTest("FRONT", M)) is True
    assert reach.can(ValueTest("FRONT", Y)) is True
    assert reach.can(ValueTest("LEGACY", Y)) is False
    assert reach.with_more(require("NET=y"))
    assert not reach.with_more(require("LEGACY=y"))
    assert compatible(reach, require("NET=y", "LEGACY=y", "NET=n", "PLAN=y")) == (
        require("NET=y", "PLAN=y"),
        require("LEGACY=y", "NET=n"),
    )


def test_answers_about_what_can_be_built_are_kept(model: Model, cache: Path) -> None:
    kernel = kernel_of(model)
    reach = Reachable(kernel, key_of(kernel), require("XEN=y"))
    reach.can(ValueTest("LEGACY", Y))
    reach.save()
    (kept,) = (cache / "kcfg" / "modes").glob("*.reach")
    again = Reachable(kernel, key_of(kernel), require("XEN=y"))
    assert list(again.stored.values()) == [False]
    keep_entry(kept, (read_entry(kept) or b"").replace(b"false", b"true"), 64)
    assert Reachable(kernel, key_of(kernel), require("XEN=y")).can(ValueTest("LEGACY", Y)) is True


def test_a_keys_file_hangs_on_the_kernel_and_on_all_parts() -> None:
    key, other = Key("k", {}, True), Key("l", {}, True)
    paths = [key.path("mode", b"a"), key.path("mode", b"b"), key.path("mode", b"a", b"b"), other.path("mode", b"a")]
    assert len(set(paths)) == 4
    assert key.path("mode", b"ab") != key.path("mode", b"a", b"b")
    assert key.path("mode", b"a") == Key("k", {}, False).path("mode", b"a")
    assert paths[0].suffix == ".mode"


def test_a_core_is_no_change(model: Model) -> None:
    assert isinstance(nearest_change(judge_of(model), Solver(model, encode(model)), require("CLOCK=y", "XEN=n")), Core)


def test_a_condition_of_numbers_and_texts_is_one_of_options(tmp_path: Path) -> None:
    model = model_of(tmp_path / "tree", TREE)
    option = ValueTest("XEN", Y)
    for condition, expected in (
        (option, option),
        (ValueTest("NO_SUCH", Y), ValueTest("NO_SUCH", Y)),
        (ValueTest("SIZE", Y), ALWAYS),
        (TextTest("NAME", "x", True), ALWAYS),
        (TextTest("XEN", "x", True), NEVER),
        (TextTest("XEN", "x", False), ALWAYS),
        (TextTest("NO_SUCH", "x", True), NEVER),
        (Undecidable("asked", "Makefile", 1), NEVER),
        (AllOf((option, Undecidable("asked", "Makefile", 1))), AllOf((option, NEVER))),
        (AnyOf((ValueTest("SIZE", Y), option)), AnyOf((ALWAYS, option))),
    ):
        assert options_alone(condition, model, NEVER) == expected
    assert options_alone(Undecidable("asked", "Makefile", 1), model, ALWAYS) == ALWAYS


def test_what_can_be_built_where_a_makefile_asks_the_outside(tmp_path: Path) -> None:
    more = 'config COMPILE_TEST\n\tbool "c"\nconfig DRIVER\n\tbool "d"\n\tdepends on COMPILE_TEST\n'
    model = model_of(tmp_path / "tree", TREE + more)
    kernel = kernel_of(model)
    key = key_of(kernel, cache=False)
    reach = Reachable(kernel, key, require("XEN=y"))
    asked = Undecidable("asked", "Makefile", 1)
    assert reach.can(asked) is None
    assert reach.can(AllOf((ValueTest("XEN", Y), asked))) is None
    assert reach.can(AllOf((ValueTest("LEGACY", Y), asked))) is False
    assert reach.can(AnyOf((ValueTest("XEN", Y), asked))) is True
    assert (reach.can(ALWAYS), reach.can(NEVER)) == (True, False)
    assert reach.can(ValueTest("DRIVER", Y)) is False  # only built to see whether it compiles
    impossible = Reachable(kernel, key, require("XEN=y", "LEGACY=y"))
    assert (impossible.can(ALWAYS), impossible.can(NEVER)) == (False, False)
    every = Reachable(kernel, key, [])
    assert (every.can(ALWAYS), every.can(NEVER), every.can(ValueTest("LEGACY", Y))) == (True, False, True)


def test_a_report_of_nothing_generated_counts_nothing(model: Model, profile: Profile) -> None:
    report = out_of_range(kernel_of(model), solver_of(model), profile, [Goal("XEN", "y")], "why", "0")
    assert (report.optimum, report.bound, report.enabled, report.lines_before, report.expert_optimum) == (0, 0, 0, 0, 0)
    assert (report.proven, report.owned, report.verified) == (False, (), ())
    report = made(model, profile, require("XEN=y", "NET=y")).report
    assert (report.expert_optimum, report.optimum) == (5, 5)


def test_an_alternative_of_several_goals_is_one_way(model: Model) -> None:
    demand = Demand(Asker.RULE, "a", ((Goal("XEN", "y"), Goal("NET", "y")),))
    assert split_demands([demand]) == ([Goal("XEN", "y"), Goal("NET", "y")], [])
