"""Rules that ask for numbers and texts: what repair and generate make of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.answers.facts import Status
from kcfg.answers.judge import Judge
from kcfg.answers.unknown import NoSuchSymbol
from kcfg.base.errors import Impossible
from kcfg.base.version import KernelUsed
from kcfg.kbuild.condition import N, ValueTest, Y
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Model
from kcfg.solver.nearest import has
from kcfg.solver.results import Goal
from kcfg.solver.store import open_solver
from profiles import Profile, load_profile
from profiles.check.check import RuleJudge
from profiles.fulfil.causes import CauseKind
from profiles.fulfil.demands import Asker, Demand, goals_in, not_there, rule_demands
from profiles.fulfil.generate import Options, generate
from profiles.fulfil.generated import Generated
from profiles.fulfil.modes import make_mode
from profiles.fulfil.reach import Reachable, key_of
from profiles.fulfil.repair import RepairReport, mend, repair
from tests.kcfg.trees import MODULES, judge_of, model_of

TREE = (
    MODULES
    + """\
config SMP
	bool "smp"
config CPUS
	int "cpus" if SMP
	range 2 512
	default 64 if SMP
config HOST
	string "host"
	default "(none)"
config ADDRESS
	hex "address"
	default 0x1000
"""
)


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return model_of(tmp_path, TREE)


def profile_of(folder: Path, *rules: str) -> Profile:
    head = 'schema = 1\nname = "mine"\ntitle = "t"\n'
    (folder / "mine.toml").write_text(head + "".join(f'[[rule]]\n{one}\nwhy = "w."\n' for one in rules))
    return load_profile(str(folder / "mine.toml"))


def required(symbol: str, *values: str) -> str:
    return f'level = "required"\nsymbol = "{symbol}"\nvalue = {list(values)}'


def repaired(model: Model, config: str, profile: Profile) -> RepairReport:
    judge = judge_of(model, config)
    demands = rule_demands(profile, model)
    return repair(judge, open_solver(model, {}, goals_in(demands), cache=False), demands, ("mine",), "0", 30.0)[0]


def generated(model: Model, profile: Profile, within: frozenset[str] | None = None) -> Generated:
    demands = rule_demands(profile, model)
    kernel = Kernel(model, KernelUsed(version="6.12", arch="x86_64", origin="tree", name="x"), exact=True)
    solver = open_solver(model, {}, goals_in(demands), no_unmet=True, cache=False)
    return generate(kernel, solver, profile, demands, Options(), "0", within=within)


def test_numbers_and_texts_are_repaired_with_what_they_depend_on(tmp_path: Path, model: Model) -> None:
    profile = profile_of(tmp_path, required("CPUS", "128"), required("HOST", "xen"), required("ADDRESS", "0X1000"))
    report = repaired(model, "# SMP is not set\n", profile)
    assert {(one.symbol, one.new) for one in report.changes} == {("SMP", "y"), ("CPUS", "128"), ("HOST", "xen")}
    assert (report.possible, report.proven, report.verified_by) == (True, True, "resolve")
    assert repaired(model, 'SMP=y\nCPUS=128\nHOST="xen"\n', profile).changes == ()


def test_the_mend_of_a_check_has_them_too(tmp_path: Path, model: Model) -> None:
    profile = profile_of(tmp_path, required("CPUS", "128", "256"), required("SMP", "y"))
    lines = mend(judge_of(model, '# SMP is not set\nHOST="x"\n'), profile, cache=False).lines
    assert lines[0] == "CONFIG_SMP=y"
    assert lines[1:] in (("CONFIG_CPUS=128",), ("CONFIG_CPUS=256",))


def test_a_number_out_of_its_range_is_impossible_and_the_range_is_why(tmp_path: Path, model: Model) -> None:
    report = repaired(model, "SMP=y\n", profile_of(tmp_path, required("CPUS", "1024")))
    assert (report.possible, report.core_goals) == (False, ("CPUS=1024",))
    assert "CPUS" in {one.symbol for one in report.core}


def test_of_alternatives_the_one_with_fewer_lines_is_taken(tmp_path: Path, model: Model) -> None:
    ways = '{ symbol = "CPUS", value = ["8"] }, { symbol = "HOST", value = ["xen"] }'
    report = repaired(model, "# SMP is not set\n", profile_of(tmp_path, f'level = "required"\nany-of = [{ways}]'))
    assert [(one.symbol, one.new) for one in report.changes] == [("HOST", "xen")]


def test_a_mistyped_name_is_not_simply_absent(tmp_path: Path, model: Model) -> None:
    profile = profile_of(tmp_path, 'level = "forbidden"\nsymbol = "ADRESS"')
    demands = rule_demands(profile, model)
    assert not_there(demands, model) == demands
    for asked in (lambda: repaired(model, "SMP=y\n", profile), lambda: generated(model, profile)):
        with pytest.raises(NoSuchSymbol) as caught:
            asked()
        assert (caught.value.name, caught.value.where) == ("ADRESS", f"rule {profile.name}/{profile.rules[0].id}")
        assert [one.others for one in caught.value.reasons] == [("ADDRESS",)]
    assert mend(judge_of(model, "SMP=y\n"), profile, cache=False).lines == ()


@pytest.mark.parametrize("values", ["forbidden", "required"])
def test_no_number_and_no_text_means_no_line(tmp_path: Path, model: Model, values: str) -> None:
    rule = (
        'level = "forbidden"\nsymbol = "{}"'
        if values == "forbidden"
        else 'level = "required"\nsymbol = "{}"\nvalue = ["n"]'
    )
    profile = profile_of(tmp_path, rule.format("CPUS"))
    report = repaired(model, "SMP=y\n", profile)
    assert [(one.symbol, one.new) for one in report.changes] == [("SMP", "n")]
    assert repaired(model, "# SMP is not set\n", profile).changes == ()
    assert generated(model, profile).report.enabled == 0
    report = repaired(model, "SMP=y\n", profile_of(tmp_path, rule.format("HOST")))
    assert (report.possible, report.core_goals) == (False, ("HOST=n",))


def test_a_number_that_has_no_line_is_none_of_its_values(tmp_path: Path) -> None:
    model = model_of(tmp_path, MODULES + 'config A\n\tbool "a"\nconfig X\n\tint "x" if A\n\trange 3 9\n')
    profile = profile_of(tmp_path, required("X", "3"))
    assert RuleJudge(judge_of(model, "# A is not set\n")).profile(profile).status is Status.FAIL
    report = repaired(model, "# A is not set\n", profile)
    assert {(one.symbol, one.new) for one in report.changes} == {("A", "y")}
    made = generated(model, profile)
    assert made.resolver is not None
    assert dict(made.resolver.lines())[model.index["X"]] == "3"


def test_a_value_that_cannot_be_leaves_the_other_alternatives(tmp_path: Path, model: Model) -> None:
    ways = '{ symbol = "CPUS" }, { symbol = "SMP", value = ["y"] }'
    report = repaired(model, "# SMP is not set\n", profile_of(tmp_path, f'level = "required"\nany-of = [{ways}]'))
    assert [(one.symbol, one.new) for one in report.changes] == [("SMP", "y")]
    report = repaired(model, "SMP=y\n", profile_of(tmp_path, 'level = "required"\nsymbol = "CPUS"'))
    assert (report.possible, {one.symbol for one in report.core}) == (False, {"CPUS"})


@pytest.mark.parametrize("value", ["0", "m"])
def test_a_bool_is_never_a_number_nor_a_module(tmp_path: Path, model: Model, value: str) -> None:
    ways = f'{{ symbol = "SMP", value = ["{value}"] }}, {{ symbol = "HOST", value = ["xen"] }}'
    profile = profile_of(tmp_path, f'level = "required"\nany-of = [{ways}]')
    assert [(one.symbol, one.new) for one in repaired(model, "SMP=y\n", profile).changes] == [("HOST", "xen")]
    assert mend(judge_of(model, "SMP=y\n"), profile, cache=False).lines == ('CONFIG_HOST="xen"',)
    profile = profile_of(tmp_path, required("SMP", value))
    report = repaired(model, "SMP=y\n", profile)
    assert [(one.symbol, one.text) for one in report.core] == [("SMP", f"bool, never {value}")]
    assert mend(judge_of(model, "SMP=y\n"), profile, cache=False).lines == ()
    assert not generated(model, profile).report.possible


def test_an_alternative_that_a_type_rules_out_is_reached_by_no_configuration(model: Model) -> None:
    assert not has(judge_of(model, "SMP=y\n").resolver, Goal("SMP", "0"))


def test_a_number_beyond_64_bits_is_a_text(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config FREE\n\tint "free"\nconfig B\n\tbool "b"\n')
    huge = "9" * 20
    report = repaired(model, "# B is not set\n", profile_of(tmp_path, required("FREE", huge), required("B", "y")))
    assert {(one.symbol, one.new) for one in report.changes} == {("FREE", huge), ("B", "y")}


def test_what_a_text_hangs_on_is_kept_when_defaults_are_restored(tmp_path: Path) -> None:
    text = 'config MAX\n\tint "max"\n\tdefault 64\nconfig LIM\n\tint "lim"\n\trange 1 MAX\n\tdefault 8\n'
    model = model_of(tmp_path, MODULES + text + "config VIEW\n\tint\n\tdefault MAX\n")
    for name in ("LIM", "VIEW"):
        made = generated(model, profile_of(tmp_path, required(name, "128")))
        assert made.resolver is not None
        assert dict(made.resolver.lines())[model.index[name]] == "128"


def test_what_is_generated_keeps_the_numbers_and_texts_that_are_asked_for(tmp_path: Path, model: Model) -> None:
    made = generated(model, profile_of(tmp_path, required("CPUS", "512"), required("HOST", "xen")))
    assert made.resolver is not None
    values = {model.symbols[number].name: value for number, value in made.resolver.lines()}
    assert {name: values[name] for name in ("CPUS", "HOST", "ADDRESS")} == {
        "CPUS": "512",
        "HOST": "xen",
        "ADDRESS": "0x1000",
    }
    assert (made.report.enabled, made.report.proven) == (1, True)
    assert "CONFIG_CPUS=512" in [one.line for one in made.report.owned]


def test_a_value_that_another_way_makes_needless_goes_back_to_its_default(tmp_path: Path) -> None:
    text = 'config ON\n\tbool "on"\nconfig SHIFT\n\tint "shift"\n\trange 12 25\n\tdefault 17\n'
    text += 'config BIG\n\tbool "big"\n\tdepends on SHIFT > 22\n'
    model = model_of(tmp_path, text)
    ways = 'level = "required"\nid = "either"\nany-of = [{ symbol = "BIG" }, { symbol = "SHIFT", value = ["20"] }]'
    made = generated(model, profile_of(tmp_path, ways))
    assert [(one.line, one.reason.kind) for one in made.report.owned] == [("CONFIG_SHIFT=20", CauseKind.ASKED)]
    either = 'level = "required"\nid = "either"\nany-of = [{ symbol = "ON" }, { symbol = "SHIFT", value = ["20"] }]'
    made = generated(model, profile_of(tmp_path, either, required("ON", "y")))
    assert [one.line for one in made.report.owned] == ["CONFIG_ON=y"]
    made = generated(model, profile_of(tmp_path, either, required("BIG", "y"), required("ON", "y")))
    causes = {one.symbol: one.reason.kind for one in made.report.owned}
    assert causes == {"ON": CauseKind.ASKED, "BIG": CauseKind.ASKED, "SHIFT": CauseKind.LOST}


def test_a_part_may_have_other_numbers_and_texts(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\nconfig N\n\tint "n"\n\tdepends on !A\n\tdefault 5\nconfig S\n\tstring "s"\n'
    model = model_of(tmp_path, text)
    made = generated(model, profile_of(tmp_path, required("N", "7"), required("S", "foo")), frozenset({"A"}))
    assert made.resolver is not None
    values = {model.symbols[number].name: value for number, value in made.resolver.lines()}
    assert values == {"A": "n", "N": "7", "S": "foo"}
    assert not generated(model, profile_of(tmp_path, required("A", "y")), frozenset()).report.possible


def test_a_number_with_a_value_and_without_a_line_is_a_contradiction_in_one_line(tmp_path: Path, model: Model) -> None:
    profile = profile_of(tmp_path, required("CPUS", "8"), required("CPUS", "n") + '\nid = "none"')
    report = generated(model, profile).report
    assert (report.core_goals, [one.symbol for one in report.core]) == (("CPUS=8", "CPUS=n"), ["CPUS"])


def test_a_text_y_turns_nothing_on(tmp_path: Path, model: Model) -> None:
    made = generated(model, profile_of(tmp_path, required("HOST", "y")))
    assert (made.report.enabled, made.report.optimum, made.report.symbols) == (0, 0, ())
    assert ('CONFIG_HOST="y"', CauseKind.ASKED) in [(one.line, one.reason.kind) for one in made.report.owned]


def test_a_number_is_the_same_in_every_way_of_writing(model: Model) -> None:
    judge: Judge = judge_of(model, "ADDRESS=0xAB\n")
    assert judge.has("ADDRESS", ("0Xab",))
    assert judge.has("ADDRESS", ("0x1", "ab"))
    assert not judge.has("ADDRESS", ("0xabc",))
    assert judge.has("NO_SUCH", ("n",))
    assert judge.has("CPUS", ("n", "5"))
    assert not judge.has("CPUS", ("", "0"))
    assert not judge.has("HOST", ("n",))


def test_a_mode_whose_profile_asks_for_a_number_reaches_what_that_allows(tmp_path: Path, model: Model) -> None:
    kernel = Kernel(model, KernelUsed(version="6.12", arch="x86_64", origin="tree", name="x"), exact=True)
    profile = profile_of(tmp_path, required("CPUS", "128"), 'level = "recommended"\nsymbol = "HOST"\nvalue = ["xen"]')
    more = Demand(Asker.NEED, "host", ((Goal("HOST", "xen", True),),))
    reach = Reachable(kernel, key_of(kernel, cache=False), rule_demands(profile, model), more=[more])
    assert reach.can(ValueTest("SMP", Y)) is True
    assert reach.can(ValueTest("SMP", N)) is False
    assert reach.with_more([more])
    assert not reach.with_more([Demand(Asker.NEED, "cpus", ((Goal("CPUS", "y"),),))])
    made = make_mode(kernel, "mine", [profile], key_of(kernel, cache=False))
    assert (made.values["CPUS"], made.values["HOST"]) == ("128", "xen")


def test_a_mode_that_asks_for_a_number_of_no_symbol_has_no_configuration(tmp_path: Path, model: Model) -> None:
    advice = 'level = "recommended"\nsymbol = "SMP"'
    profile = profile_of(tmp_path, required("NR_MISSING", "64"), advice)
    kernel = Kernel(model, KernelUsed(version="6.12", arch="x86_64", origin="tree", name="x"), exact=True)
    with pytest.raises(Impossible, match="no configuration for mine: NR_MISSING=64"):
        make_mode(kernel, "mine", [profile], key_of(kernel, cache=False))


def test_the_text_n_is_asked_for_in_quotes_and_without_them_it_is_no_line(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE.replace('"host"', '"host"\n\tdepends on SMP'))
    text, none = required("HOST", '"n"', "foo"), required("HOST", "n", "foo")
    for rule, changed, value in ((required("HOST", '"n"'), ["SMP", "HOST"], "n"), (none, [], None)):
        profile = profile_of(tmp_path, rule)
        assert [line.symbol for line in repaired(model, "", profile).changes] == changed
        made = generated(model, profile).resolver
        assert made is not None
        assert dict(made.lines()).get(model.index["HOST"]) == value
    for rule, config, status in (
        (text, 'SMP=y\nHOST="n"\n', Status.PASS),
        (none, 'SMP=y\nHOST="n"\n', Status.FAIL),
        (text, "", Status.FAIL),
        (none, "", Status.PASS),
        (none, 'SMP=y\nHOST="foo"\n', Status.PASS),
    ):
        assert RuleJudge(judge_of(model, config)).profile(profile_of(tmp_path, rule)).status is status
    found = RuleJudge(judge_of(model, 'SMP=y\nHOST="n"\n')).profile(profile_of(tmp_path, none)).findings[0]
    assert (found.wanted, found.got) == ("n or foo", '"n"')
    found = RuleJudge(judge_of(model, "SMP=y\n")).profile(profile_of(tmp_path, text)).findings[0]
    assert (found.wanted, found.got, found.fix) == ('"n" or foo', "(none)", ('CONFIG_HOST="n"',))
    profile = profile_of(tmp_path, required("HOST", '"n"'))
    assert mend(judge_of(model, ""), profile, cache=False).lines == ("CONFIG_SMP=y", 'CONFIG_HOST="n"')
