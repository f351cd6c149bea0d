"""Small inputs on which a claim of "no fewer", "smallest" or "impossible" was wrong once, with the right answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kconfig.assign import UserValues, read_user_values
from kcfg.kconfig.config import parse_config
from kcfg.kconfig.kernels import open_kernel
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.encode import encode
from kcfg.solver.nearest import nearest
from kcfg.solver.results import Core, Goal, NearestChange, Proof, Smallest, UnsettledError, Why, Witness
from kcfg.solver.sat import SatProblem, minimise
from kcfg.solver.smallest import smallest
from kcfg.solver.solver import Solver
from kcfg.solver.store import key_of, open_solver
from tests.kcfg.solver.test_solve import goals, solver_of, told_lines, user_of
from tests.kcfg.trees import MODULES, NEW, OLD, model_of, values

PAIR = MODULES + 'config A\n\ttristate "a"\nconfig B\n\ttristate "b"\nconfig C\n\ttristate "c"\n'
HZ = 'choice\n\tprompt "hz"\n\tdefault H2\nconfig H1\n\tbool "1"\nconfig H2\n\tbool "2"\n'
HZ += 'config H3\n\tbool "3"\nendchoice\n'


def changed(solver: Solver, config: str, wanted: str, **how: bool) -> NearestChange:
    found = nearest(solver, user_of(solver.model, config), goals(wanted), **how)  # type: ignore[arg-type]
    assert isinstance(found, NearestChange)
    assert found.proof.proven
    return found


# Goals with value m


def test_a_goal_of_m_adds_no_variable_to_the_encoding(tmp_path: Path) -> None:
    solver = solver_of(tmp_path, PAIR)
    before = solver.encoding.variables
    assert told_lines(changed(solver, "MODULES=y\n", "A=m")) == ["A: n -> m"]
    solver.possible(goals("A=m B=m"))
    smallest(solver, goals("A=m"), either=[[goals("B=m"), goals("C=y")]])
    assert solver.encoding.variables == before


@pytest.mark.parametrize("first", ["y", "m"])
def test_one_of_two_alternatives_is_enough_also_with_m(tmp_path: Path, first: str) -> None:
    solver = solver_of(tmp_path, PAIR)
    found = smallest(solver, goals("MODULES=y"), either=[[goals(f"A={first}"), goals("B=m")]])
    assert isinstance(found, Smallest)
    assert found.proof == Proof(2, 2)
    found = smallest(solver, [], either=[[goals("A=y"), goals("B=m")]], modules=False)
    assert isinstance(found, Smallest)
    assert found.proof == Proof(1, 1)


def test_alternatives_with_m_alone_are_impossible_without_modules(tmp_path: Path) -> None:
    found = smallest(solver_of(tmp_path, PAIR), [], either=[[goals("A=m"), goals("B=m")]], modules=False)
    assert isinstance(found, Core)


# Choices


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize("line", ["# H1 is not set", "H1=y", "# H3 is not set"])
def test_a_choice_whose_members_have_lines_is_left_alone(tmp_path: Path, version: str, line: str) -> None:
    solver = solver_of(tmp_path, HZ + 'config G\n\tbool "g"\n', version)
    assert told_lines(changed(solver, f"{line}\n", "G=y")) == ["G: n -> y"]
    assert told_lines(changed(solver, f"{line}\n", "G=y", few_symbols=True)) == ["G: n -> y"]


def test_a_choice_leaves_a_default_that_is_not_set_for_a_member_without_a_line(tmp_path: Path) -> None:
    tree = HZ + 'config G\n\tbool "g"\nconfig X\n\tbool "x"\n\tdepends on G\nconfig D\n\tdef_bool H1 && X\n'
    solver = solver_of(tmp_path, tree)
    found = changed(solver, "# H2 is not set\n", "D=y")
    assert found.configuration.values["H1"] == "y"
    assert told_lines(found) == ["G: n -> y", "X:  -> y"]


def test_a_choice_without_a_type_before_6_11_is_off(tmp_path: Path) -> None:
    tree = MODULES + 'choice\n\tprompt "c"\nif MODULES\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nendif\nendchoice\n'
    solver = solver_of(tmp_path, tree, OLD)
    assert told_lines(changed(solver, "# MODULES is not set\n", "MODULES=y A=n")) == ["MODULES: n -> y"]


def test_a_member_of_an_old_tristate_choice_can_be_asked_for(tmp_path: Path) -> None:
    tree = 'config MODULES\n\tdef_bool y\n\tmodules\nchoice\n\ttristate "c"\nconfig C1\n\ttristate "1"\n'
    tree += 'config C2\n\tbool "2"\nendchoice\n'
    solver = solver_of(tmp_path, tree, OLD)
    assert changed(solver, "", "C2=y").configuration.values["C2"] == "y"
    assert changed(solver, "C1=m\n", "C1=y").configuration.values["C1"] == "y"


# Numbers


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize("tail", ["", "config T\n\tdef_bool H = 0x10\n"])
def test_a_number_out_of_its_range_is_no_changed_line(tmp_path: Path, version: str, tail: str) -> None:
    tree = 'config H\n\thex "h"\n\trange 0x0 0x10\n\tdefault 0x10\nconfig B\n\tbool "b"\n' + tail
    solver = solver_of(tmp_path, tree, version)
    assert told_lines(changed(solver, "H=0x20\n", "B=y")) == ["B: n -> y"]
    assert told_lines(changed(solver, "H=0x20\n", "B=y", few_symbols=True)) == ["B: n -> y"]


def test_a_number_between_y_and_a_constant_is_known(tmp_path: Path) -> None:
    tree = 'config N\n\tint "n"\n\tdefault 64\nconfig C\n\tbool "c"\n'
    tree += "config D\n\tdef_bool C != N\nconfig E\n\tdef_bool N > 10\n"
    assert solver_of(tmp_path, tree).accepts({"N": "9", "C": "n", "D": "y", "E": "n"})


def test_two_numbers_between_the_same_constants_are_not_the_same(tmp_path: Path) -> None:
    solver = solver_of(tmp_path, 'config H\n\thex "h"\nconfig L\n\thex\n\trange H 0xff\n')
    assert [solver.accepts({"H": "0x4", "L": text}) for text in ("0x2", "0x4", "0x6")] == [False, True, False]
    tree = 'config N\n\tint "n"\nconfig M\n\tint "m"\nconfig B\n\tbool "b"\n\tdepends on N < M\n'
    solver = solver_of(tmp_path / "two", tree)
    assert told_lines(changed(solver, "N=4\nM=5\n", "B=y")) == ["B: n -> y"]
    assert len(changed(solver, "N=5\nM=4\n", "B=y").lines) == 2
    assert len(changed(solver, "N=5\nM=5\n", "B=y").lines) == 2


def test_a_range_from_a_higher_to_a_lower_bound_leaves_no_value(tmp_path: Path) -> None:
    tree = 'config B\n\tbool "b"\nconfig H\n\thex "h"\n\tdepends on B\n\tdefault 0xff\n\trange 0xff 0x10\n'
    assert isinstance(solver_of(tmp_path, tree).possible(goals("B=y")), Core)


COMPARED = """\
config BASE
	int "base"
	default 10
config END
	int "end"
config TOP
	int "top"
	range 5 BASE if END = 0
	default 7
config DEP
	bool "dep"
	depends on TOP >= BASE
config MID
	bool "mid"
	depends on TOP > BASE && TOP < END
config STEP
	hex "step"
config OTHER
	hex "other"
config HEX
	bool "hex"
	depends on STEP = OTHER && STEP > 0x3
config NAME
	string "name"
config COPY
	string "copy"
config SAME
	bool "same"
	depends on NAME = COPY && NAME != ""
"""


@pytest.mark.parametrize(
    ("config", "wanted", "told"),
    [
        ("BASE=15", "DEP=y", ["TOP: 7 -> 15", "DEP:  -> y"]),
        ("BASE=15\nEND=17", "MID=y", ["TOP: 7 -> 16", "MID:  -> y"]),
        ("STEP=0x15\nBASE=15", "HEX=y", ["OTHER: 0x0 -> 0x15", "HEX:  -> y"]),
        ('NAME="far"', "SAME=y", ["COPY:  -> far", "SAME:  -> y"]),
    ],
)
@pytest.mark.parametrize("few_symbols", [False, True])
def test_texts_of_lines_are_compared_though_no_constant_is_near(
    tmp_path: Path, config: str, wanted: str, told: list[str], few_symbols: bool
) -> None:
    found = changed(solver_of(tmp_path, COMPARED), config, wanted, few_symbols=few_symbols)
    assert told_lines(found) == told


def test_only_lines_whose_texts_matter_make_other_clauses(tmp_path: Path) -> None:
    solver = solver_of(tmp_path, COMPARED + 'config ALONE\n\tint "alone"\nconfig A\n\tdef_bool ALONE > 3\n')
    index = solver.model.index
    assert (
        solver.with_lines({})
        is solver.with_lines({index["BASE"]: "10"})
        is solver.with_lines({index["ALONE"]: "99"})
        is solver
    )
    assert solver.with_lines({index["BASE"]: "99"}) is not solver


# Ties


def test_of_as_few_lines_a_goals_own_line_comes_first(tmp_path: Path) -> None:
    tree = MODULES + 'config D\n\tbool "d"\n\tdefault y\nconfig A\n\ttristate "a"\n'
    tree += "\tdepends on D\n\tselect S\nconfig S\n\tbool\n"
    solver = solver_of(tmp_path, tree)
    config = "MODULES=y\nD=y\nA=m\n"
    assert told_lines(changed(solver, config, "A=n")) == ["A: m -> n"]
    assert told_lines(changed(solver, config, "A=y")) == ["A: m -> y"]


def test_of_as_few_lines_dependencies_come_before_what_selects_them(tmp_path: Path) -> None:
    tree = 'config GUEST\n\tbool "guest"\nconfig PLATFORM\n\tbool "platform"\n\tselect GUEST\n'
    tree += 'config EXPERT\n\tbool "expert"\n\tselect GUEST\nconfig X\n\tbool "x"\n\tdepends on GUEST\n'
    found = changed(solver_of(tmp_path, tree), "", "X=y")
    assert told_lines(found) == ["GUEST: n -> y", "X:  -> y"]
    assert [(line.why, line.lost) for line in found.lines] == [(Why.DEPENDENCY, ("X",)), (Why.GOAL, ("X",))]
    assert not any(line.undoes for line in found.lines)


@pytest.mark.parametrize("order", [("driver", "core"), ("core", "driver")])
def test_of_what_selects_a_dependency_the_switch_in_its_own_file_comes_first(
    tmp_path: Path, order: tuple[str, str]
) -> None:
    files = {
        "driver": 'config DRIVER\n\tbool "some driver"\n\tselect MUX\n',
        "core": 'config MUX\n\tbool\nconfig MUX_CORE\n\tbool "mux"\n\tselect MUX\n',
        "Kconfig": "".join(f"source {name}\n" for name in order) + 'config X\n\tbool "x"\n\tdepends on MUX\n',
    }
    model = model_of(tmp_path, files)
    found = changed(Solver(model, encode(model)), "# MUX_CORE is not set\n# DRIVER is not set\n", "X=y")
    assert told_lines(found) == ["MUX_CORE: n -> y", "X:  -> y"]
    assert [line.why for line in found.lines] == [Why.OTHER, Why.GOAL]


def test_expert_and_modules_are_touched_last(tmp_path: Path) -> None:
    tree = 'config EXPERT\n\tbool "expert"\nconfig OTHER\n\tbool "other"\nconfig X\n\tdef_bool EXPERT || OTHER\n'
    assert told_lines(changed(solver_of(tmp_path, tree), "", "X=y")) == ["OTHER: n -> y"]


def test_a_line_of_the_users_is_kept_where_another_will_do(tmp_path: Path) -> None:
    tree = 'config P\n\tbool "p"\nconfig Q\n\tbool "q"\nconfig X\n\tdef_bool P || Q\n'
    solver = solver_of(tmp_path, tree)
    assert told_lines(changed(solver, "# P is not set\n", "X=y")) == ["Q: n -> y"]
    found = changed(solver, "# P is not set\n# Q is not set\n", "X=y")
    assert [(line.undoes, line.needed) for line in found.lines] == [(True, False)]
    tree = 'config P\n\tbool "p"\nconfig X\n\tdef_bool P\n'
    found = changed(solver_of(tmp_path / "b", tree), "# P is not set\n", "X=y")
    assert [(line.undoes, line.needed, line.lost) for line in found.lines] == [(True, True, ("X",))]


@pytest.mark.parametrize("version", [OLD, NEW])
def test_no_line_of_a_choice_is_said_to_be_needed(tmp_path: Path, version: str) -> None:
    """Another member's line of n may do as well."""
    tree = 'config A\n\ttristate "a"\n' + HZ.replace('bool "2"\n', 'bool "2"\n\tdepends on A\n').replace(
        "default H2", "default H1"
    )
    found = changed(solver_of(tmp_path, tree, version), "# A is not set\n", "H2=y")
    assert [(line.symbol, line.needed) for line in found.lines] == [("A", True), ("H2", False)]


# What is proven


def test_refining_keeps_the_minimum() -> None:
    found = minimise(SatProblem([[1, 2], [3, 4]], 4, [], {-1: 1, -2: 1, -3: 1, -4: 1}), 10.0)
    assert found is not None
    assert found.refine([1, 4]) == 0
    assert (found.cost, set(found.model) & {1, 2, 3, 4}) == (2, {2, 3})
    assert found.avoidable(2)
    assert not found.again([-2])
    found.close()


def test_refining_tells_how_many_have_to_be_true() -> None:
    found = minimise(SatProblem([[1, 2], [3, 4]], 4, [], {-1: 1, -2: 1, -3: 1, -4: 1}), 10.0)
    assert found is not None
    assert (found.refine([1, 2]), found.refine([1, 2, 3, 4]), found.refine([1, 3])) == (1, 2, 0)
    assert set(found.model) & {1, 2, 3, 4} == {2, 4}
    found.close()


def test_before_6_11_members_of_a_choice_at_m_cost_less_than_a_symbol_more(tmp_path: Path) -> None:
    names = ["X1", "X2", "X3", "X4", "X5"]
    text = MODULES + "".join(f'config {name}\n\tbool "{name}"\n' for name in names) + 'choice\n\ttristate "c"\n'
    text += "".join(f'config A{i}\n\ttristate "{i}"\n' for i in range(5)) + "endchoice\n"
    members = " ".join(f"A{i}=m" for i in range(1, 5))
    either = [[goals(members), goals(" ".join(f"{name}=y" for name in names))]]
    found = smallest(solver_of(tmp_path, text, OLD), [], either=either)
    assert isinstance(found, Smallest)
    on = {name for name, value in found.configuration.values.items() if value in ("m", "y")}
    assert on == {"MODULES", "A1", "A2", "A3", "A4"}


def test_an_old_line_that_stays_is_read_in_the_answer(tmp_path: Path) -> None:
    text = 'config OLD\n\tbool\n\ttransitional\nconfig K\n\tbool "k"\nconfig NEW\n\tdef_bool OLD || K\n'
    text += 'config A\n\tbool "a"\nconfig W\n\tbool "w"\n\tdepends on NEW\n'
    found = changed(solver_of(tmp_path, text, "7.3.0"), "OLD=y\n", "A=y W=y")
    assert (found.proof, sorted(one.symbol for one in found.lines)) == (Proof(2, 2), ["A", "W"])
    assert found.configuration.values["NEW"] == "y"


@pytest.mark.parametrize(
    ("config", "wanted"), [("T=m\n", ["C", "T"]), ("MODULES=y\nT=m\n", ["C"]), ("T=y\n", ["C", "T"])]
)
def test_an_old_line_of_m_is_y_without_modules(tmp_path: Path, config: str, wanted: list[str]) -> None:
    text = 'config MODULES\n\tbool "modules"\n\tmodules\nconfig T\n\ttristate\n\ttransitional\n'
    solver = solver_of(tmp_path, text + 'config C\n\tbool "c"\n\tdepends on !T\n', "7.3.0")
    found = changed(solver, config, "C=y MODULES=y" if "MODULES" in config else "C=y MODULES=n")
    assert sorted(one.symbol for one in found.lines) == wanted


def test_a_core_says_whether_there_are_other_reasons(tmp_path: Path) -> None:
    tree = 'config P\n\tbool "p"\nconfig Q\n\tbool "q"\nconfig X\n\tbool "x"\n\tdepends on P\n\tdepends on Q\n'
    solver = solver_of(tmp_path, tree)
    one, two = solver.possible(goals("X=y P=n")), solver.possible(goals("X=y P=n Q=n"))
    assert isinstance(one, Core)
    assert isinstance(two, Core)
    assert (one.more, two.more) == (False, True)


@pytest.mark.parametrize(
    ("tree", "goal", "more"),
    [
        ("config B\n\tbool\n\tdepends on NOSUCH\n\tdefault y\n", "B=y", False),
        ("config B\n\tbool\n\tdepends on NOSUCH\n", "B=y", True),  # nothing turns it on either
        ('config B\n\tbool "b" if NOSUCH\n\tdepends on NOSUCH\n\tdefault y\n', "B=y", False),
        ("config A\n\tdef_bool y\n\tselect B\nconfig B\n\tbool\n", "B=n", False),
        ("config A\n\tdef_bool y\n\tselect B\nconfig B\n\tdef_bool y\n", "B=n", True),
        ("config A\n\tdef_bool y\n\timply B\nconfig B\n\tbool\n", "B=n", False),
        ("config B\n\tdef_bool y\n", "B=n", False),
        ('config N\n\tint\n\tdefault 3\nconfig B\n\tbool "b"\n\tdepends on N > 5\n', "B=y", False),
        ('if NOSUCH\nconfig B\n\tbool "b"\nendif\n', "B=y", False),
        ('menu "m"\n\tvisible if NOSUCH\nconfig B\n\tbool "b"\nendmenu\n', "B=y", False),
    ],
)
def test_other_reasons_are_what_is_left_where_the_lines_are_not_there(
    tmp_path: Path, tree: str, goal: str, more: bool
) -> None:
    found = solver_of(tmp_path, tree).possible(goals(goal))
    assert isinstance(found, Core)
    assert found.more is more


# Real kernels, by their built-in models


@pytest.mark.parametrize(
    ("version", "config", "goal"),
    [
        ("6.12", "CONFIG_MODULES=y\n", Goal("XFS_FS", "m")),
        ("6.12", "# CONFIG_HZ_250 is not set\n", Goal("XFS_FS", "y")),
        ("7.3", "CONFIG_RANDOM_KMALLOC_CACHES=y\n", Goal("XFS_FS", "y")),
    ],
)
def test_a_file_system_is_one_line(version: str, config: str, goal: Goal) -> None:
    model = open_kernel(None, kernel=version, arch="x86_64").model
    answers = {probe.key: "" for probe in model.probes} | model.answers
    solver = open_solver(model, answers)
    user = read_user_values(model, parse_config(config, "c"))
    assert isinstance(user, UserValues)
    for few in (False, True):
        found = nearest(solver, user, [goal], few_symbols=few)
        assert told_lines(found) == [f"XFS_FS: n -> {goal.value}"]
        assert isinstance(found, NearestChange)
        assert found.proof == Proof(1, 1)
        base = Resolver(model, user, answers)
        assert found.configuration.values["64BIT"] == base.text(model.index["64BIT"])


@pytest.mark.parametrize("value", ["y", "n"])
def test_before_6_11_an_untyped_choice_whose_members_stand_in_an_if_is_never_on(tmp_path: Path, value: str) -> None:
    text = MODULES + 'choice\n\tprompt "c"\nif MODULES\nconfig A\n\tbool "a"\nendif\nendchoice\n'
    solver = solver_of(tmp_path, text, OLD)
    found = nearest(solver, user_of(solver.model, ""), goals(f"MODULES=y A={value}"))
    assert isinstance(found, Core if value == "y" else NearestChange)
    assert solver.accepts({"MODULES": "y", "A": "n"})
    assert not solver.accepts({"MODULES": "y", "A": "y"})


@pytest.mark.parametrize("line", ["0xff", "5", "2", "0x10"])
def test_a_text_that_looks_like_a_number_is_one_to_y_m_and_n(tmp_path: Path, line: str) -> None:
    text = 'config S\n\tstring "s"\n\tdefault "a"\nconfig A\n\tbool "a"\n\tdepends on S < "m"\n'
    found = changed(solver_of(tmp_path, text), f'S="{line}"\n', "A=y")
    assert found.proof == Proof(2, 2)
    assert {told.split(":")[0] for told in told_lines(found)} == {"A", "S"}


def test_before_6_11_a_member_of_an_untyped_choice_is_off_wherever_else_it_has_a_prompt(tmp_path: Path) -> None:
    text = MODULES + 'choice\nif MODULES\nconfig A\n\ttristate "a"\nendif\nendchoice\nconfig A\n\tprompt "a"\n'
    solver = solver_of(tmp_path, text, OLD)
    assert isinstance(nearest(solver, user_of(solver.model, ""), goals("A=y")), Core)
    assert isinstance(smallest(solver, goals("A=y")), Core)


def test_before_6_11_a_choice_remembers_the_highest_of_a_members_lines(tmp_path: Path) -> None:
    text = 'choice\n\tbool "1"\n\toptional\nconfig A\n\tbool "a"\nendchoice\n'
    text += 'choice\n\tbool "2"\nconfig B\n\tbool "b"\n\tdepends on A\nconfig C\n\tbool "c"\nendchoice\n'
    found = changed(solver_of(tmp_path, text, OLD), "A=y\n# CONFIG_A is not set\n", "C=y", few_symbols=True)
    assert (found.proof, told_lines(found)) == (Proof(1, 1), ["C: n -> y"])


def test_texts_that_no_clause_speaks_of_are_in_the_answer_all_the_same(tmp_path: Path) -> None:
    solver = solver_of(tmp_path, 'config S\n\tstring "s"\nconfig B\n\tbool "b"\n\tdefault S = ""\n')
    assert isinstance(solver.possible(goals("B=n")), Witness)
    assert isinstance(smallest(solver, goals("B=n")), Smallest)


def test_before_6_11_a_line_of_m_needs_that_no_line_of_y_is_before_it(tmp_path: Path) -> None:
    text = (
        MODULES + 'choice\n\ttristate "c"\n\toptional\nconfig A\n\ttristate "a"\nconfig B\n\ttristate "b"\nendchoice\n'
    )
    found = changed(solver_of(tmp_path, text, OLD), "MODULES=n\nB=y\n", "A=m")
    assert found.proof == Proof(3, 3)
    assert [one.symbol for one in found.lines] == ["MODULES", "A", "B"]


def test_before_6_11_a_line_of_a_choice_without_a_visible_member_stays(tmp_path: Path) -> None:
    text = MODULES + 'choice\n\ttristate "c"\nconfig A\n\tbool "a"\n\tdepends on NONE\nendchoice\n'
    text += 'config B\n\tbool "b"\n'
    found = changed(solver_of(tmp_path, text, OLD), "MODULES=y\nA=y\n", "B=y", few_symbols=True)
    assert told_lines(found) == ["B: n -> y"]


def test_prompt_that_allows_m_does_not_bound_a_default_of_y(tmp_path: Path) -> None:
    text = MODULES + 'config B\n\tbool "b"\nconfig T\n\ttristate "t"\n\tdepends on B\n'
    text += 'config U\n\ttristate "u" if T\n\tdefault B\n'
    found = changed(solver_of(tmp_path, text), "MODULES=y\nB=y\n", "T=m", few_symbols=True)
    assert told_lines(found) == ["T: n -> m"]
    assert found.configuration.values["U"] == "y"
    assert not found.settled  # the next conf takes the line U=y for one of the user's


def test_transitional_line_that_selects_is_read_once(tmp_path: Path) -> None:
    text = 'config OLD\n\tbool\n\ttransitional\nconfig A\n\tbool "a"\n\tselect B if OLD\nconfig B\n\tbool "b"\n'
    solver = solver_of(tmp_path, text, "7.3.0")
    assert told_lines(changed(solver, "OLD=y\nA=y\n", "B=n", few_symbols=True)) in (["A: y -> n"], ["OLD: y -> n"])
    assert told_lines(changed(solver, "A=y\n", "B=n")) == []


def test_before_6_11_lines_of_y_and_then_m_are_as_good_as_none_for_their_choice(tmp_path: Path) -> None:
    text = MODULES + 'choice\n\ttristate "c"\n\toptional\nconfig A\n\ttristate "a"\n'
    text += 'config B\n\ttristate "b"\nendchoice\n'
    solver = solver_of(tmp_path, text, OLD)
    assert [one.symbol for one in changed(solver, "MODULES=y\nB=y\nB=m\n", "A=m").lines] == ["B", "A"]
    assert told_lines(changed(solver, "MODULES=y\nB=y\nB=m\n", "B=y")) == ["B: n -> y"]
    assert changed(solver, "MODULES=y\nA=y\nB=m\n", "A=y", few_symbols=True).proof == Proof(1, 1)


def test_before_6_11_a_members_own_default_does_not_make_its_choice_m(tmp_path: Path) -> None:
    text = MODULES + 'choice\n\ttristate "c"\n\toptional\nconfig A\n\ttristate "a"\n\tdefault y\nendchoice\n'
    assert told_lines(changed(solver_of(tmp_path, text, OLD), "MODULES=y\n", "A=m", few_symbols=True)) != []


def test_before_6_10_a_line_that_is_dropped_counts_as_its_bound_while_it_is_read(tmp_path: Path) -> None:
    text = 'config B\n\tbool "b"\n\tdepends on I = -2\nconfig I\n\tint "i"\n\trange -2 10\n\tdefault 7\n'
    solver = solver_of(tmp_path, text, OLD)
    found = changed(solver, "I=-3\n", "B=y", few_symbols=True)
    assert told_lines(found) == ["B: n -> y"]
    assert found.configuration.values == {"B": "y", "I": "7"}
    assert not found.settled
    assert told_lines(changed(solver, "I=-1\n", "B=y")) == ["I: -1 -> -2", "B:  -> y"]


EMPTY_RANGE = 'config I\n\tint "i"\n\trange 7 3\n\tdefault 5\nconfig B\n\tbool "b"\n\tdepends on I = 7\n'


def test_before_6_10_an_empty_range_shows_the_other_bound_than_the_written_one(tmp_path: Path) -> None:
    solver = solver_of(tmp_path, EMPTY_RANGE, OLD)
    assert [solver.accepts({"I": text, "B": value}) for text in "73" for value in "ny"] == [True, False, False, False]
    assert isinstance(solver.possible(goals("B=y")), Core)
    found = solver.possible(goals("B=n"))
    assert isinstance(found, Witness)
    assert found.configuration.values == {"I": "7"}


SWAPPED = """\
config HI
	hex
	default 0x8
config X
	hex "x"
	range 0x10 HI
	default 0x20
config Z
	bool "z"
	depends on X = 0x8
config P
	bool "p"
config Q
	bool "q"
	depends on P && X = 0x99
"""


@pytest.mark.parametrize("version", [OLD, NEW])
def test_what_conf_takes_once_is_neither_possible_nor_impossible(tmp_path: Path, version: str) -> None:
    solver = solver_of(tmp_path, SWAPPED, version)
    with pytest.raises(UnsettledError, match="no number is in the range of X") as raised:
        nearest(solver, UserValues(), goals("Z=y"))
    assert raised.value.lines == (("Z", "y"),)
    assert isinstance(nearest(solver, UserValues(), goals("Q=y")), Core)


def test_a_change_whose_result_is_read_back_as_something_else_is_no_answer(tmp_path: Path) -> None:
    text = 'config B\n\tbool "b"\n\tdepends on I = -2\nconfig I\n\tint "i"\n\trange -2 10\n\tdefault 7\n'
    solver = solver_of(tmp_path, text, OLD)
    with pytest.raises(UnsettledError, match="B=y, then unset"):
        changed(solver, "I=-3\n", "B=y").check()
    changed(solver, "I=-1\n", "B=y").check()
    changed(solver, "I=-3\nB=y\n", "B=y").check()  # no line changes: so it is


@pytest.mark.parametrize(
    ("config", "lines"), [("", ["I: 7 -> 7"]), ("I=7\n", []), ("I=3\n", ["I: 3 -> 7"]), ("I=9\n", [])]
)
def test_a_line_out_of_an_empty_range_is_read_as_one_of_its_bounds(
    tmp_path: Path, config: str, lines: list[str]
) -> None:
    """Which is what it is for others, and no value that stays before or after 6.10."""
    tree = EMPTY_RANGE + "config C\n\tdef_bool I = 3\n"
    solver = solver_of(tmp_path, tree, OLD)
    assert told_lines(changed(solver, config, "C=y")) == lines


def test_before_6_11_a_choice_of_y_whose_members_can_only_be_m_turns_them_off(tmp_path: Path) -> None:
    text = MODULES + 'config T\n\ttristate "t"\nchoice\n\tprompt "c"\n'
    text += 'config A\n\ttristate "a"\n\tdepends on T\nendchoice\n'
    found = changed(solver_of(tmp_path, text, OLD), "MODULES=y\nA=y\n", "T=m A=n", few_symbols=True)
    assert told_lines(found) == ["T: n -> m"]


@pytest.mark.parametrize(("kind", "text"), [("string", '"y"'), ("int", "7"), ("hex", "0x7"), ("int", "0")])
def test_transitional_number_or_string_is_read_once(tmp_path: Path, kind: str, text: str) -> None:
    tree = f"config S\n\t{kind}\n\ttransitional\nconfig N\n\t{kind}\n\tdefault S\n"
    tree += MODULES.replace("\tdefault y\n", "")
    tree += f'config B\n\tbool "b"\n\tdepends on S = {text}\n\tdefault MODULES\nconfig C\n\tdef_bool N = {text}\n'
    solver = solver_of(tmp_path, tree, "7.3.0")
    found = changed(solver, f"S={text}\n", "MODULES=y B=n")
    assert [(one.symbol, one.new) for one in found.lines] == [("MODULES", "y"), ("B", "n")]
    assert told_lines(changed(solver, f"S={text}\n", "C=y")) == []
    if text != "0":
        assert [one.symbol for one in changed(solver, f"S={text}\n", "C=n").lines] == ["S"]


TWO_PROMPTS = """
config X
	bool "x"
choice
	prompt "one"
	prompt "two" if X
config A
	bool "a"
config B
	bool "b"
endchoice
"""


def test_before_6_11_only_the_last_prompt_of_a_choice_keeps_it_on(tmp_path: Path) -> None:
    solver = solver_of(tmp_path, TWO_PROMPTS, OLD)
    assert solver.accepts({"X": "n", "A": "n", "B": "n"})
    assert solver.accepts({"X": "n", "A": "y", "B": "n"})
    assert not solver.accepts({"X": "y", "A": "n", "B": "n"})
    assert told_lines(changed(solver, "", "A=y", few_symbols=True)) == ["A:  -> y"]
    assert changed(solver, "B=y\n", "A=n B=n").configuration.values["X"] == "n"
    assert changed(solver, "", "X=y B=n").configuration.values == {"X": "y", "A": "y", "B": "n"}


def test_before_6_11_a_line_says_y_where_an_m_after_a_y_would_lose_its_choice(tmp_path: Path) -> None:
    text = MODULES + 'choice\n\ttristate "c"\n\tdepends on m\n\toptional\nconfig A\n\ttristate\n'
    text += 'config B\n\ttristate "b"\nendchoice\n'
    found = changed(solver_of(tmp_path, text, OLD), "# MODULES is not set\nA=y\n", "B=m")
    assert told_lines(found) == ["MODULES: n -> y", "B:  -> y"]
    assert found.configuration.values == {"MODULES": "y", "B": "m"}


def test_before_6_11_a_members_own_default_is_read_as_a_line_of_its_choice(tmp_path: Path) -> None:
    text = MODULES + 'choice\n\tbool "c"\n\toptional\nconfig A\n\tbool "a"\n'
    text += 'config B\n\ttristate "b"\n\tdepends on m\n\tdefault y\nendchoice\n'
    solver = solver_of(tmp_path, text, OLD)
    assert isinstance(solver.possible(goals("B=m")), Core)
    assert not solver.accepts({"MODULES": "y", "A": "y", "B": "m"})
    assert solver.accepts({"MODULES": "y", "A": "n", "B": "n"})


def test_a_member_without_a_prompt_that_is_y_by_default_is_no_changed_line(tmp_path: Path) -> None:
    text = 'choice\n\tprompt "c"\n\toptional\nconfig A\n\tbool "a"\nconfig B\n\tdefault y\nendchoice\n'
    assert told_lines(changed(solver_of(tmp_path, text, OLD), "", "A=y", few_symbols=True)) == ["A:  -> y"]


def test_before_6_11_a_line_of_a_member_without_a_prompt_makes_its_choice_m(tmp_path: Path) -> None:
    text = MODULES + 'config T\n\ttristate "t"\n\tdefault MODULES\nchoice\n\ttristate "c"\n\toptional\n'
    text += 'config A\n\ttristate "a"\nconfig B\nendchoice\nchoice\n\tbool "d"\nconfig C\n\tbool "c" if T\n'
    text += 'config D\n\tbool "d"\nendchoice\nconfig E\n\tbool "e"\n'
    found = changed(solver_of(tmp_path, text, OLD), "B=m\n", "D=y E=y", few_symbols=True)
    assert {one.symbol for one in found.lines} == {"D", "E"}
    assert found.configuration.values["A"] == "n"


def test_a_reason_names_the_line_of_modules(tmp_path: Path) -> None:
    text = (
        "config B\n\tdef_tristate X\n\tdefault y if Y\n"
        + MODULES
        + "config T\n\ttristate\n\tdefault m if B = MODULES\n"
    )
    found = solver_of(tmp_path, text).possible(goals("T=m"))
    assert isinstance(found, Core)
    assert "Kconfig:4" in {one.place for one in found.statements}


def test_clauses_in_the_cache_are_those_of_all_that_a_model_says(tmp_path: Path) -> None:
    text = 'config S\n\tstring "s"\n\tdefault "b"\nconfig A\n\tdef_bool S = "{}"\n'
    told = [key_of(model_of(tmp_path / one, text.format(one)), {}) for one in "bc"]
    told.append(key_of(model_of(tmp_path / "o", CHOICE.format("\toptional\n"), OLD), {}))
    told.append(key_of(model_of(tmp_path / "m", CHOICE.format("\n"), OLD), {}))
    assert len(set(told)) == len(told)


CHOICE = 'choice\n\tprompt "c"\n{}config A\n\tbool "a"\nendchoice\n'


def test_before_6_11_an_optional_choice_without_lines_is_off(tmp_path: Path) -> None:
    text = 'config W\n\tbool "w"\nchoice\n\tprompt "c"\n\toptional\nconfig A\n\tbool "a"\n'
    text += 'config B\n\tbool "b"\nendchoice\n'
    found = changed(solver_of(tmp_path, text, OLD), "", "A=y W=y")
    assert (found.proof, sorted(one.symbol for one in found.lines)) == (Proof(2, 2), ["A", "W"])


def test_before_6_11_an_m_before_every_y_takes_nothing_from_its_choice(tmp_path: Path) -> None:
    text = MODULES + 'config W\n\tbool "w"\nchoice\n\ttristate "c"\n'
    text += "".join(f'config {name}\n\ttristate "{name}"\n' for name in "ABCD") + "endchoice\n"
    found = changed(solver_of(tmp_path, text, OLD), "MODULES=y\nA=m\nB=y\nC=y\nD=m\n", "C=y W=y")
    assert (found.proof, sorted(one.symbol for one in found.lines)) == (Proof(2, 2), ["D", "W"])


def test_an_imply_cuts_a_default_to_m_where_the_dependencies_are_m(tmp_path: Path) -> None:
    text = MODULES + 'config D\n\ttristate "d"\nconfig I\n\tbool "i"\n\timply T\n'
    text += "config T\n\ttristate\n\tdefault y\nconfig T\n\ttristate\n\tdepends on D\n"
    solver = solver_of(tmp_path, text)
    for lines in ({"D": "m", "I": "y"}, {"D": "m"}, {"D": "y", "I": "y"}, {"I": "y"}):
        own = {"MODULES": "y", **lines}
        config = "".join(f"CONFIG_{name}={value}\n" for name, value in own.items())
        expected = values(solver.model, config).get("T", "n")
        assert [value for value in "nmy" if solver.accepts({**own, "T": value})] == [expected]


def test_a_number_that_stays_is_no_drift_where_another_one_of_its_gap_is_not_there(tmp_path: Path) -> None:
    text = MODULES + 'config NR\n\tint "nr"\n\tdefault 4\nconfig RUN\n\tint "run"\n\trange 0 NR\n\tdefault 4\n'
    text += 'config C\n\tbool "c"\nconfig GONE\n\tint "gone"\n\tdepends on C\n\trange 0 NR\n\tdefault 4\n'
    text += 'config A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on A && GONE <= NR && RUN <= NR\n'
    solver = solver_of(tmp_path, text)
    found = changed(solver, "NR=32\nRUN=8\nGONE=16\n", "B=y", few_symbols=True)
    assert [one.symbol for one in found.lines] == ["A", "B"]


def test_where_the_goals_are_not_reached_at_least_one_line_changes(tmp_path: Path) -> None:
    text = 'config T\n\ttristate\n\ttransitional\nif T < y\nconfig B\n\tdefault m\nendif\nconfig B\n\tbool "b"\n'
    found = changed(solver_of(tmp_path, text, "7.3.0"), "T=m\n", "B=y", few_symbols=True)
    assert ([one.symbol for one in found.lines], found.proof) == (["B"], Proof(1, 1))


MIXED = 'choice\n\tbool "c"\n\toptional\nconfig A\n\ttristate "a"\nconfig B\n\tbool "b"\nendchoice\n'
FOUR = (
    'choice\n\ttristate "c"\n\toptional\n' + "".join(f'config {x}\n\ttristate "{x}"\n' for x in "ABCD") + "endchoice\n"
)


def test_before_6_11_a_line_of_m_behind_one_of_y_turns_an_optional_choice_off(tmp_path: Path) -> None:
    """A line of n instead would leave B, which is y by its own line."""
    found = changed(solver_of(tmp_path, MIXED, OLD), "B=y\nA=y\n", "A=n", few_symbols=True)
    assert told_lines(found) == ["A: y -> m"]
    assert found.configuration.values == {}


def test_before_6_11_two_lines_turn_an_optional_choice_off_however_many_members_are_m(tmp_path: Path) -> None:
    goal = "A=n B=n C=n D=n"
    found = changed(solver_of(tmp_path, MODULES + FOUR, OLD), "MODULES=y\nA=m\nB=m\nC=m\nD=m\n", goal)
    assert found.proof == Proof(2, 2)
    assert [one.new for one in found.lines] == ["y", "m"]
    assert found.configuration.values == {"MODULES": "y"}


def test_before_6_11_a_new_line_says_what_its_member_becomes_where_that_does_as_well(tmp_path: Path) -> None:
    found = changed(solver_of(tmp_path, MODULES + FOUR, OLD), "MODULES=y\nA=m\nB=m\n", "A=n C=m")
    assert sorted(told_lines(found)) == ["A: m -> n", "C: n -> m"]


@pytest.mark.parametrize(("version", "text"), [(OLD, "other"), (NEW, "other"), (OLD, "zz"), (NEW, "b")])
def test_a_text_stands_where_it_is_among_those_that_it_is_compared_with(
    tmp_path: Path, version: str, text: str
) -> None:
    tree = 'config S\n\tstring "s"\nconfig N\n\tdef_bool S < "n"\nconfig Y\n\tdef_bool S < "y"\n'
    solver = solver_of(tmp_path, tree, version)
    values = {"S": text, "N": "y" if text < "n" else "n", "Y": "y" if text < "y" else "n"}
    assert solver.accepts(values)
    assert not solver.accepts(values | {"N": "n" if values["N"] == "y" else "y"})


@pytest.mark.parametrize("kind", ["hex", "int"])
def test_numbers_beyond_64_bits_are_equal_to_themselves(tmp_path: Path, kind: str) -> None:
    tree = f'config H1\n\t{kind} "h1"\nconfig H2\n\t{kind} "h2"\nconfig B\n\tbool "b"\n\tdepends on H1 = H2\n'
    solver = solver_of(tmp_path, tree)
    texts = (
        ("9223372036854775808",) if kind == "int" else ("0xffffffffffffffff", "0xFFFFFFFFFFFFFFFF", "ffffffffffffffff")
    )
    for text in texts:
        told = told_lines(changed(solver, f"H1={text}\n", "B=y"))
        assert sorted(told) == sorted([f"H2: {'0' if kind == 'int' else '0x0'} -> {text}", "B:  -> y"])
