"""Questions to the solver, on small trees."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.kconfig.assign import UserValues, read_user_values
from kcfg.kconfig.model import Model
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.clauses import StatementKind
from kcfg.solver.encode import encode
from kcfg.solver.nearest import nearest
from kcfg.solver.results import Core, Goal, NearestChange, Smallest, Why, Witness
from kcfg.solver.smallest import smallest
from kcfg.solver.solver import Solver
from kcfg.solver.statements import ARCHITECTURE, COMPILER
from tests.kcfg.trees import MODULES, NEW, OLD, config_of, model_of

XEN = """\
config 64BIT
	def_bool "$(ARCH)" != "i386"
config PCI
	bool "pci"
config XEN
	bool "xen"
	depends on 64BIT
config XEN_PV
	bool "pv"
	depends on XEN
	default y
	select HELPER
config XEN_PVH
	bool "pvh"
	depends on XEN && PCI
	select HELPER
config XEN_DOM0
	bool "dom0"
	depends on XEN
	depends on XEN_PV || XEN_PVH
config HELPER
	bool
	select DEEP
config DEEP
	bool
config EXPERT
	bool "expert"
config EXTRA
	def_bool y
	prompt "extra" if EXPERT
"""


def solver_of(folder: Path, text: str, version: str = NEW, arch: str = "x86_64", *, no_unmet: bool = False) -> Solver:
    model = model_of(folder, text, version, arch)
    return Solver(model, encode(model), no_unmet)


def goals(text: str) -> list[Goal]:
    return [Goal(*word.split("=")) for word in text.split()]


def user_of(model: Model, text: str) -> UserValues:
    return read_user_values(model, config_of(text))


def told(core: object) -> list[str]:
    assert isinstance(core, Core)
    return [f"{one.place.removeprefix('Kconfig:')} {one.text}" for one in core.lines]


def told_lines(change: object) -> list[str]:
    assert isinstance(change, NearestChange)
    return [f"{line.symbol}: {line.old} -> {line.new}" for line in change.lines]


def test_possible_goals_come_with_a_configuration_that_resolving_keeps(tmp_path: Path) -> None:
    solver = solver_of(tmp_path, XEN)
    found = solver.possible(goals("XEN_DOM0=y XEN_PV=n"))
    assert isinstance(found, Witness)
    assert found.configuration.values["XEN_PVH"] == "y"
    user = user_of(solver.model, "".join(f"{name}={value}\n" for name, value in found.configuration.values.items()))
    lines = {solver.model.symbols[n].name: value for n, value in Resolver(solver.model, user).lines()}
    assert lines == found.configuration.values


def test_core_names_the_one_statement_and_only_the_goals_that_matter(tmp_path: Path) -> None:
    core = solver_of(tmp_path, XEN).possible(goals("PCI=y XEN_DOM0=y XEN_PV=n XEN_PVH=n"))
    assert told(core) == ["20 depends on XEN_PV || XEN_PVH"]
    assert isinstance(core, Core)
    assert [str(goal) for goal in core.goals] == ["XEN_DOM0=y", "XEN_PV=n", "XEN_PVH=n"]
    assert core.statements[0].symbol == "XEN_DOM0"
    assert core.statements[0].kind == StatementKind.DEPENDS


def test_goal_that_fails_alone_is_the_only_one_blamed(tmp_path: Path) -> None:
    core = solver_of(tmp_path, XEN, arch="i386").possible(goals("PCI=n XEN_PVH=y XEN=y"))
    assert told(core) == ['2 default "i386"!="i386"', "7 depends on 64BIT", "15 depends on XEN && PCI"]
    assert isinstance(core, Core)
    assert [goal.symbol for goal in core.goals] == ["XEN_PVH"]
    assert [one.outside for one in core.lines] == [ARCHITECTURE, "", ""]


def test_core_says_when_the_compiler_decides(tmp_path: Path) -> None:
    text = 'config HAS\n\tdef_bool $(shell,probe)\nconfig A\n\tbool "a"\n\tdepends on HAS\n'
    model = model_of(tmp_path, text)
    solver = Solver(model, encode(model, {model.probes[0].key: "n"}))
    core = solver.possible(goals("A=y"))
    assert isinstance(core, Core)
    assert {one.outside for one in core.statements if one.kind == StatementKind.PROBE} == {COMPILER}
    assert isinstance(Solver(model, encode(model)).possible(goals("A=y")), Witness)


def test_core_of_a_forced_symbol_names_the_select(tmp_path: Path) -> None:
    core = solver_of(tmp_path, XEN).possible(goals("XEN_PVH=y DEEP=n"))
    assert told(core) == ["16 select HELPER", "23 select DEEP"]


def test_core_of_an_invisible_symbol_names_its_default_or_its_definition(tmp_path: Path) -> None:
    solver = solver_of(tmp_path, XEN + "config NEVER\n\tbool\n")
    assert told(solver.possible(goals("EXTRA=n EXPERT=n"))) == ["29 default y"]
    assert told(solver.possible(goals("NEVER=y"))) == ["31 config NEVER"]


def test_cores_are_minimal(tmp_path: Path) -> None:
    chain = 'config S0\n\tbool "s"\n' + "".join(
        f'config S{i}\n\tbool "s"\n\tdepends on S{i - 1} || S{i - 1}\n' for i in range(1, 12)
    )
    core = solver_of(tmp_path, chain).possible(goals("S11=y S3=n"))
    assert isinstance(core, Core)
    assert len(core.statements) == 8


def test_given_goals_are_part_of_a_reason(tmp_path: Path) -> None:
    core = solver_of(tmp_path, XEN).possible(goals("XEN_PVH=y"), goals("PCI=n EXPERT=n"))
    assert isinstance(core, Core)
    assert [goal.symbol for goal in core.goals] == ["XEN_PVH", "PCI"]


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        ("NONE=y", "has no symbol NONE"),
        ("XEN=m", "XEN is a bool"),
        ("XEN=maybe", "cannot be 'maybe'"),
        ("N=y", "N is int"),
    ],
)
def test_goals_that_make_no_sense_are_the_users_error(tmp_path: Path, goal: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        solver_of(tmp_path, XEN + 'config N\n\tint "n"\n').possible(goals(goal))


def test_unknown_symbol_is_n_already(tmp_path: Path) -> None:
    assert isinstance(solver_of(tmp_path, XEN).possible(goals("NONE=n")), Witness)


def test_module_goal_is_m_and_not_y(tmp_path: Path) -> None:
    solver = solver_of(tmp_path, MODULES + 'config A\n\ttristate "a"\nconfig B\n\tbool "b"\n\tdepends on A=y\n')
    found = solver.possible(goals("A=m"))
    assert isinstance(found, Witness)
    assert found.configuration.values["A"] == "m"
    core = solver.possible(goals("A=m B=y"))
    assert isinstance(core, Core)
    assert [goal.symbol for goal in core.goals] == ["A", "B"]
    assert isinstance(solver.possible(goals("A=m MODULES=n")), Core)


def test_smallest_counts_enabled_symbols_and_is_proven(tmp_path: Path) -> None:
    found = smallest(solver_of(tmp_path, XEN), goals("XEN_DOM0=y"))
    assert isinstance(found, Smallest)
    # 64BIT XEN XEN_PV XEN_DOM0 HELPER DEEP EXTRA
    assert (found.proof.cost, found.proof.bound, found.proof.proven) == (7, 7, True)
    assert found.configuration.enabled == found.proof.cost
    assert found.configuration.values["XEN_PV"] == "y"


def test_expert_is_a_policy(tmp_path: Path) -> None:
    text = XEN + "config MORE\n\tdef_bool EXTRA\n"
    with_expert = smallest(solver_of(tmp_path / "a", text), goals("64BIT=y"))
    without = smallest(solver_of(tmp_path / "b", text), goals("64BIT=y"), expert=False)
    assert isinstance(with_expert, Smallest)
    assert isinstance(without, Smallest)
    assert (with_expert.proof.cost, without.proof.cost) == (2, 3)
    assert without.configuration.values.get("EXPERT", "n") == "n"


def test_fewest_prompts_is_another_optimum(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tselect B\nconfig B\n\tbool\n\tselect C\nconfig C\n\tbool\nconfig D\n\tbool "d"\n'
    text += 'config E\n\tbool "e"\n\tdepends on D\nconfig GOAL\n\tdef_bool A || E\n'
    symbols = smallest(solver_of(tmp_path / "a", text), goals("GOAL=y"))
    prompts = smallest(solver_of(tmp_path / "b", text), goals("GOAL=y"), objective="prompts")
    assert isinstance(symbols, Smallest)
    assert isinstance(prompts, Smallest)
    assert (symbols.proof.cost, symbols.configuration.values["D"]) == (3, "y")
    assert (prompts.proof.cost, prompts.configuration.values["A"]) == (1, "y")


def test_time_limit_gives_a_bound_and_a_configuration(tmp_path: Path) -> None:
    solver = solver_of(tmp_path, XEN)
    found = smallest(solver, goals("XEN_DOM0=y"), timeout=-1.0)
    assert isinstance(found, Smallest)
    assert found.proof.bound <= 7 <= found.proof.cost
    assert found.proof.proven == (found.proof.bound == found.proof.cost)


def test_selects_over_unmet_dependencies_can_be_excluded(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tselect T\nconfig D\n\tbool "d"\nconfig T\n\tbool "t"\n\tdepends on D\n'
    free = solver_of(tmp_path / "a", text).possible(goals("A=y D=n"))
    assert isinstance(free, Witness)
    assert free.configuration.unmet == ("T",)
    core = solver_of(tmp_path / "b", text, no_unmet=True).possible(goals("A=y D=n"))
    assert isinstance(core, Core)
    assert [one.kind for one in core.statements] == [StatementKind.UNMET]
    assert core.statements[0].place == "Kconfig:3"


def test_nearest_changes_the_fewest_lines_each_assignable_in_its_turn(tmp_path: Path) -> None:
    solver = solver_of(tmp_path, XEN)
    found = nearest(solver, user_of(solver.model, ""), goals("XEN_DOM0=y XEN_PV=n"))
    assert isinstance(found, NearestChange)
    assert sorted((line.symbol, line.old, line.new, line.why) for line in found.lines) == [
        ("PCI", "n", "y", Why.DEPENDENCY),
        ("XEN", "n", "y", Why.DEPENDENCY),
        ("XEN_DOM0", "", "y", Why.GOAL),
        ("XEN_PV", "", "n", Why.GOAL),
        ("XEN_PVH", "", "y", Why.DEPENDENCY),
    ]
    assert (found.proof.cost, found.proof.bound, found.proof.proven) == (5, 5, True)
    names = [line.symbol for line in found.lines]
    assert names.index("XEN") < names.index("XEN_PVH") < names.index("XEN_DOM0")


def test_nearest_leaves_a_configuration_that_reaches_the_goals(tmp_path: Path) -> None:
    solver = solver_of(tmp_path, XEN)
    found = nearest(solver, user_of(solver.model, "XEN=y\nXEN_DOM0=y\n"), goals("XEN_DOM0=y XEN_PV=y"))
    assert isinstance(found, NearestChange)
    assert found.lines == ()
    assert found.proof.cost == 0


def test_line_that_a_select_overrides_is_no_change(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tselect T\nconfig T\n\tbool "t"\nconfig G\n\tdef_bool A && T\n'
    solver = solver_of(tmp_path, text)
    found = nearest(solver, user_of(solver.model, "# A is not set\n# T is not set\n"), goals("G=y"))
    assert isinstance(found, NearestChange)
    assert told_lines(found) == ["A: n -> y"]


@pytest.mark.parametrize("version", [OLD, NEW])
def test_choice_changes_by_one_line_and_keeps_its_default(tmp_path: Path, version: str) -> None:
    text = 'config D\n\tbool "d"\nchoice\n\tprompt "c"\n\tdepends on D\n\tdefault Y\nconfig X\n\tbool "x"\n'
    text += 'config Y\n\tbool "y"\nconfig Z\n\tbool "z"\nendchoice\n'
    solver = solver_of(tmp_path, text, version)
    on = nearest(solver, UserValues(), goals("D=y"))
    assert isinstance(on, NearestChange)
    assert told_lines(on) == ["D: n -> y"]
    assert on.configuration.values["Y"] == "y"
    config = "D=y\n# X is not set\nY=y\n# Z is not set\n"
    other = nearest(solver, user_of(solver.model, config), goals("Z=y"))
    assert isinstance(other, NearestChange)
    assert told_lines(other) == ["Z: n -> y"]
    kept = nearest(solver, user_of(solver.model, "D=y\nX=y\n# Y is not set\n"), goals("D=y"))
    assert isinstance(kept, NearestChange)
    assert kept.configuration.values["X"] == "y"


def test_numbers_keep_their_values_unless_a_goal_needs_another(tmp_path: Path) -> None:
    text = 'config N\n\tint "n"\n\trange 1 99\n\tdefault 8\nconfig BIG\n\tdef_bool N > 64\n'
    solver = solver_of(tmp_path, text)
    same = nearest(solver, user_of(solver.model, "N=17\n"), goals("BIG=n"))
    assert isinstance(same, NearestChange)
    assert same.lines == ()
    other = nearest(solver, user_of(solver.model, "N=17\n"), goals("BIG=y"))
    assert isinstance(other, NearestChange)
    assert [(line.symbol, line.old) for line in other.lines] == [("N", "17")]
    assert 64 < int(other.lines[0].new) <= 99


def test_texts_that_no_comparison_reads_stay_as_they_are(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\nconfig S\n\tstring "s"\n\tdefault "x y"\n\tdepends on A\nconfig N\n\tint "n"\n'
    solver = solver_of(tmp_path, text)
    found = nearest(solver, user_of(solver.model, '# A is not set\nS="mine"\nN=7\n'), goals("A=y"))
    assert isinstance(found, NearestChange)
    assert told_lines(found) == ["A: n -> y"]
    assert found.configuration.values == {"A": "y", "S": "mine", "N": "7"}


def test_configuration_has_texts_that_no_comparison_reads(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\nconfig S\n\tstring "s"\n\tdefault "x y"\n\tdepends on A\nconfig H\n\thex "h"\n'
    found = solver_of(tmp_path, text).possible(goals("A=y"))
    assert isinstance(found, Witness)
    assert found.configuration.values == {"A": "y", "S": "x y", "H": "0x0"}


def test_accepts_only_what_resolving_keeps(tmp_path: Path) -> None:
    solver = solver_of(tmp_path, XEN)
    good = {"64BIT": "y", "XEN": "y", "XEN_PV": "y", "HELPER": "y", "DEEP": "y", "EXTRA": "y"}
    assert solver.accepts(good)
    assert not solver.accepts(good | {"DEEP": "n"})
    assert not solver.accepts(good | {"XEN_PVH": "y"})
    assert not solver.accepts({name: value for name, value in good.items() if name != "64BIT"})


def test_cores_are_minimal_even_if_the_solver_names_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kcfg.solver.cores.needed", lambda sat, selectors: list(selectors))
    solver = solver_of(tmp_path, XEN)
    assert told(solver.possible(goals("XEN_PVH=y DEEP=n"))) == ["16 select HELPER", "23 select DEEP"]
    core = solver.core(goals("EXPERT=y XEN_PVH=y PCI=n"), 0.0)
    assert told(core) == ["15 depends on XEN && PCI"]
    assert [goal.symbol for goal in core.goals] == ["XEN_PVH", "PCI"]
