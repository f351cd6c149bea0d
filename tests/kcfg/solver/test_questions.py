"""Facts of the solver and of what it is built on that no other test states."""

from __future__ import annotations

import os
from array import array
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.kbuild.condition import AllOf, AnyOf, M, N, TextTest, Undecidable, ValueTest, Y
from kcfg.kconfig.assign import UserValues, read_user_values
from kcfg.kconfig.model import Op, Type
from kcfg.kconfig.numbers import HOLDS, constant_kind, order
from kcfg.solver import encode as encode_module
from kcfg.solver.clauses import FALSE, TRUE, Clauses, StatementKind
from kcfg.solver.distances import Distances
from kcfg.solver.encode import Encoder, encode
from kcfg.solver.encoding import Domain
from kcfg.solver.nearest import nearest
from kcfg.solver.objectives import condition_literal, object_literals
from kcfg.solver.results import Configuration, Core, Goal, NearestChange, Proof, Smallest, Witness
from kcfg.solver.sat import Minimum, Sat, SatProblem, at_most, improve, minimise, split
from kcfg.solver.smallest import smallest
from kcfg.solver.solver import Solver
from kcfg.solver.statements import ARCHITECTURE, COMPILER
from kcfg.solver.store import clauses_of, key_of, open_solver
from kcfg.solver.texts import same_text, signs, user_texts
from tests.kcfg.trees import MODULES, NEW, OLD, config_of, model_of, resolver_of

SMALL = (
    MODULES
    + """\
config EXPERT
	bool "expert"
config A
	tristate "a"
config B
	tristate "b"
	depends on A
config C
	bool "c"
	default y
config D
	bool "d" if EXPERT
	default y
config SIZE
	int "size"
	range 1 100
	default 10
config BIG
	bool "big"
	depends on SIZE > 50
"""
)


def solver_of(folder: Path, text: str = SMALL, version: str = NEW, *, no_unmet: bool = False) -> Solver:
    model = model_of(folder, text, version)
    return Solver(model, encode(model), no_unmet)


def goals(text: str) -> list[Goal]:
    return [Goal(*word.split("=")) for word in text.split()]


def on(found: object) -> set[str]:
    assert isinstance(found, Smallest | Witness | NearestChange)
    return {name for name, value in found.configuration.values.items() if value in ("y", "m")}


# Goals


@pytest.mark.parametrize("text", ["A=x", "NO_SUCH=y", "SIZE=y", "C=m"])
def test_a_goal_that_nothing_can_be_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError):
        solver_of(tmp_path).possible(goals(text))


def test_what_does_not_exist_is_n(tmp_path: Path) -> None:
    assert isinstance(solver_of(tmp_path).possible(goals("NO_SUCH=n")), Witness)


def test_m_is_neither_n_nor_y(tmp_path: Path) -> None:
    found = solver_of(tmp_path).possible(goals("A=m"))
    assert isinstance(found, Witness)
    assert found.configuration.values["A"] == "m"
    assert isinstance(solver_of(tmp_path / "b").possible(goals("A=m MODULES=n")), Core)
    found = solver_of(tmp_path / "c").possible(goals("A=enabled A=y"))
    assert isinstance(found, Witness)
    assert found.configuration.values["A"] == "y"


def test_m_in_a_reason_is_m(tmp_path: Path) -> None:
    core = solver_of(tmp_path).possible(goals("B=m A=n"))
    assert isinstance(core, Core)
    assert {str(goal) for goal in core.goals} == {"B=m", "A=n"}


def test_what_is_given_is_part_of_a_reason(tmp_path: Path) -> None:
    core = solver_of(tmp_path).possible(goals("B=y"), goals("A=n"))
    assert isinstance(core, Core)
    assert {str(goal) for goal in core.goals} == {"B=y", "A=n"}
    assert [one.text for one in core.lines] == ["depends on A"]


def test_a_witness_is_small(tmp_path: Path) -> None:
    assert on(solver_of(tmp_path).possible(goals("B=y"))) >= {"A", "B"}
    assert "BIG" not in on(solver_of(tmp_path / "b").possible(goals("B=y")))


# Smallest


def test_without_modules_the_smallest_has_none(tmp_path: Path) -> None:
    """Without the ban both are as small: one is m and needs MODULES, so the goal decides."""
    text = 'config NEEDS\n\tbool "needs"\n\tdefault y\n\tdepends on !MODULES\n'
    solver = solver_of(tmp_path, SMALL + text)
    free = smallest(solver, goals("A=enabled"))
    banned = smallest(solver, goals("A=enabled MODULES=enabled"), modules=False)
    assert isinstance(free, Smallest)
    assert isinstance(banned, Core)
    assert Goal("MODULES", "n") in banned.goals
    found = smallest(solver, goals("A=m"), modules=False)
    assert isinstance(found, Core)
    found = smallest(solver, goals("A=m"))
    assert on(found) >= {"A", "MODULES"}


def test_without_expert_it_is_n(tmp_path: Path) -> None:
    solver = solver_of(tmp_path)
    assert isinstance(smallest(solver, goals("D=n"), expert=False), Core)
    assert "EXPERT" in on(smallest(solver, goals("D=n")))
    assert on(smallest(solver, goals("A=y"), expert=False)) == {"A", "D"}


def test_the_cost_is_told_in_symbols_with_and_without_choices(tmp_path: Path) -> None:
    choice = 'choice\n\tprompt "c"\nconfig ONE\n\tbool "one"\nconfig TWO\n\tbool "two"\nendchoice\n'
    second = choice.replace("ONE", "THREE").replace("TWO", "FOUR")
    for name, more, cost in (("plain", "", 2), ("choice", choice, 3), ("choices", choice + second, 4)):
        found = smallest(solver_of(tmp_path / name, SMALL + more), goals("A=y"))
        assert isinstance(found, Smallest)
        assert (found.proof, found.configuration.enabled) == (Proof(cost, cost), cost)


def test_a_choice_is_at_its_default_where_that_costs_nothing(tmp_path: Path) -> None:
    text = CHOICE.replace("default TWO", "default {}").partition("config A")[0]
    for version in (OLD, NEW):
        for member in ("ONE", "TWO", "SIX"):
            found = smallest(solver_of(tmp_path / version / member, text.format(member), version), [])
            assert on(found) == {member}
    text = text.replace("default {}", "default SIX if EXPERT\n\tdefault TWO") + 'config EXPERT\n\tbool "expert"\n'
    assert on(smallest(solver_of(tmp_path / "cond", text), [])) == {"TWO"}


def test_one_way_of_each_alternative_holds_and_the_cheapest_is_taken(tmp_path: Path) -> None:
    solver = solver_of(tmp_path)
    either = [[goals("B=y"), goals("EXPERT=y C=y")], [goals("BIG=y"), goals("A=y")]]
    found = smallest(solver, [], either=either, expert=False)
    assert on(found) == {"A", "B", "D"}
    found = smallest(solver, goals("A=n"), either=either)
    assert on(found) >= {"EXPERT", "C", "BIG"}


def test_alternatives_none_of_which_is_possible_have_a_core(tmp_path: Path) -> None:
    core = smallest(solver_of(tmp_path), goals("A=n"), either=[[goals("B=y"), goals("B=m")]])
    assert isinstance(core, Core)
    assert core.goals[0] == Goal("A", "n") or Goal("A", "n") in core.goals


def test_prompts_count_only_while_they_can_be_seen(tmp_path: Path) -> None:
    solver = solver_of(tmp_path)
    found = smallest(solver, goals("A=y"), objective="prompts")
    assert isinstance(found, Smallest)
    assert (found.proof.cost, found.proof.proven) == (1, True)
    assert "D" in on(found)
    with pytest.raises(UserError):
        smallest(solver, goals("A=y"), objective="lines")


def test_object_files_are_the_cost_where_they_are_given_and_then_symbols(tmp_path: Path) -> None:
    solver = solver_of(tmp_path)
    either = [[goals("A=y"), goals("EXPERT=y")]]
    objects = {ValueTest("A", Y | M): 5, ValueTest("EXPERT", Y): 2, ValueTest("C", Y): 1}
    found = smallest(solver, [], either=either, objects=objects)
    assert isinstance(found, Smallest)
    assert (found.proof.cost, found.proof.bound, found.proof.proven) == (2, 2, True)
    assert on(found) == {"EXPERT"}
    objects = {ValueTest("A", Y | M): 1, ValueTest("EXPERT", Y): 2}
    found = smallest(solver, [], either=either, objects=objects)
    assert isinstance(found, Smallest)
    assert (found.proof.cost, on(found)) == (1, {"A", "D"})


# Nearest


def change_of(
    folder: Path, config: str, wanted: str, text: str = SMALL, version: str = NEW, **how: bool
) -> NearestChange:
    solver = solver_of(folder, text, version)
    user = read_user_values(solver.model, config_of(config))
    found = nearest(solver, user, goals(wanted), few_symbols=how.get("few", False))
    assert isinstance(found, NearestChange)
    return found


def lines(found: NearestChange) -> list[tuple[str, str, str]]:
    return [(one.symbol, one.old, one.new) for one in found.lines]


def test_a_number_is_only_changed_where_an_option_hangs_on_it(tmp_path: Path) -> None:
    found = change_of(tmp_path, "SIZE=20\n", "BIG=y")
    assert [(name, old) for name, old, _ in lines(found)] == [("SIZE", "20"), ("BIG", "")]
    assert 50 < int(found.configuration.values["SIZE"]) <= 100
    assert (found.proof.cost, found.proof.bound, found.proof.proven) == (2, 2, True)
    found = change_of(tmp_path / "b", "SIZE=60\n", "BIG=y")
    assert lines(found) == [("BIG", "n", "y")]
    assert found.configuration.values["SIZE"] == "60"


def test_a_default_counts_as_the_line_that_is_not_there(tmp_path: Path) -> None:
    assert lines(change_of(tmp_path, "", "A=y")) == [("A", "n", "y")]
    assert lines(change_of(tmp_path / "b", "", "C=n")) == [("C", "y", "n")]
    assert lines(change_of(tmp_path / "c", "", "C=y")) == []


def test_a_tristate_line_changes_from_m_to_y_and_back(tmp_path: Path) -> None:
    for number, (old, new, cost) in enumerate(
        [("m", "y", 1), ("y", "m", 1), ("m", "m", 0), ("n", "m", 1), ("y", "n", 1)]
    ):
        config = f"MODULES=y\nA={old}\n" if old != "n" else "MODULES=y\n# A is not set\n"
        found = change_of(tmp_path / str(number), config, f"A={new}")
        assert (len(lines(found)), found.proof.cost, found.configuration.values["A"]) == (cost, cost, new)


def test_what_a_select_raises_is_no_changed_line(tmp_path: Path) -> None:
    text = (
        MODULES
        + 'config S\n\ttristate "s"\n\tselect T\nconfig T\n\ttristate "t"\nconfig U\n\tbool "u"\n\tdepends on T=y\n'
    )
    assert lines(change_of(tmp_path, "MODULES=y\n# T is not set\n", "S=m T=m", text)) == [("S", "n", "m")]
    assert lines(change_of(tmp_path / "b", "MODULES=y\n# T is not set\n", "U=y", text))[-1] == ("U", "", "y")
    assert lines(change_of(tmp_path / "c", "MODULES=y\nS=m\nT=m\n", "T=y", text)) == [("T", "m", "y")]


CHOICE = """\
choice
	prompt "c"
	default TWO
config ONE
	bool "one"
config TWO
	bool "two"
config SIX
	bool "six"
endchoice
config A
	bool "a"
	depends on SIX
"""


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_choice_counts_one_line(tmp_path: Path, version: str) -> None:
    assert lines(change_of(tmp_path, "", "TWO=y", CHOICE, version)) == []
    found = change_of(tmp_path / "b", "", "SIX=y", CHOICE, version)
    assert (found.proof.cost, lines(found)) == (1, [("SIX", "n", "y")])
    found = change_of(tmp_path / "c", "ONE=y\n", "A=y", CHOICE, version)
    assert (found.proof.cost, [one.symbol for one in found.lines]) == (2, ["SIX", "A"])
    assert lines(change_of(tmp_path / "d", "SIX=y\n", "SIX=y", CHOICE, version)) == []
    found = change_of(tmp_path / "e", "SIX=y\nA=y\n", "ONE=y", CHOICE, version)
    assert found.proof.cost == 1


def test_few_symbols_decide_between_changes_of_as_many_lines(tmp_path: Path) -> None:
    text = """\
config GOAL
	bool
	default y if HEAVY || LIGHT
config HEAVY
	bool "h"
	select W1
	select W2
config LIGHT
	bool "l"
config W1
	bool
config W2
	bool
"""
    assert lines(change_of(tmp_path, "", "GOAL=y", text, few=True)) == [("LIGHT", "n", "y")]
    turned = text.replace("HEAVY", "X").replace("LIGHT", "HEAVY").replace("X", "LIGHT")
    assert lines(change_of(tmp_path / "b", "", "GOAL=y", turned, few=True)) == [("HEAVY", "n", "y")]


def test_modules_is_not_touched_even_where_that_would_change_fewer_symbols(tmp_path: Path) -> None:
    text = MODULES + "config GOAL\n\tbool\n\tdefault y if !MODULES || HEAVY\n"
    text += 'config HEAVY\n\tbool "h"\n\tselect W1\n\tselect W2\nconfig W1\n\tbool\nconfig W2\n\tbool\n'
    found = change_of(tmp_path, "MODULES=y\n", "GOAL=y", text, few=True)
    assert lines(found) == [("HEAVY", "n", "y")]
    assert lines(change_of(tmp_path / "b", "MODULES=y\n", "GOAL=y MODULES=n", text, few=True)) == [
        ("MODULES", "y", "n")
    ]


def test_only_some_symbols_lines_may_count(tmp_path: Path) -> None:
    model = model_of(tmp_path, SMALL)
    names = [model.index[name] for name in ("A", "SIZE")]
    assert set(Distances(model, encode(model), UserValues(), names).changes) == set(names)
    every = Distances(model, encode(model), UserValues()).changes
    assert {model.symbols[number].name for number in every} == {"MODULES", "EXPERT", "A", "B", "C", "D", "SIZE", "BIG"}


def test_enabled_symbols_are_the_bools_and_tristates_that_are_y_or_m(tmp_path: Path) -> None:
    text = MODULES + 'config A\n\ttristate "a"\nconfig B\n\tbool "b"\nconfig S\n\tstring "s"\n'
    resolver = resolver_of(model_of(tmp_path, text), 'A=m\n# B is not set\nS="y"\n')
    found = Configuration.of(resolver, {})
    assert (found.values["S"], found.enabled) == ("y", 2)  # MODULES and A
    assert {resolver.model.symbols[n].name: text for n, text in resolver.enabled().items()} == {
        "MODULES": "y",
        "A": "m",
    }


# What a configuration may be


def test_a_configuration_is_admitted_as_it_is_or_not_at_all(tmp_path: Path) -> None:
    solver = solver_of(tmp_path)
    fits = {"MODULES": "y", "A": "m", "B": "m", "SIZE": "10", "D": "y"}
    assert solver.accepts(fits)
    for name, value in (("A", "n"), ("D", "n"), ("MODULES", "n"), ("BIG", "y"), ("SIZE", "60"), ("C", "m")):
        assert solver.accepts(fits | {name: value}) == ((name, value) == ("SIZE", "60"))
    assert solver.accepts(fits | {"SIZE": "60", "BIG": "y"})
    assert not solver.accepts(fits | {"SIZE": "101"})


def test_selects_over_unmet_dependencies_can_be_forbidden(tmp_path: Path) -> None:
    text = 'config S\n\tbool "s"\n\tselect T\nconfig T\n\tbool "t"\n\tdepends on D\nconfig D\n\tbool "d"\n'
    loose = smallest(solver_of(tmp_path, text), goals("S=y"))
    assert (on(loose), loose.configuration.unmet) == ({"S", "T"}, ("T",)) if isinstance(loose, Smallest) else False
    strict = solver_of(tmp_path / "b", text, no_unmet=True)
    assert on(smallest(strict, goals("S=y"))) == {"S", "T", "D"}
    core = strict.possible(goals("S=y D=n"))
    assert isinstance(core, Core)
    assert {one.kind for one in core.statements} == {
        StatementKind.SELECT,
        StatementKind.UNMET,
    } or StatementKind.UNMET in {one.kind for one in core.statements}


def test_selects_over_unmet_dependencies_are_no_reason_where_they_may_be(tmp_path: Path) -> None:
    text = 'config S\n\tbool "s"\n\tselect T\nconfig T\n\tbool "t"\n\tdepends on D\nconfig D\n\tbool "d"\n'
    solver = solver_of(tmp_path, f'{text}config Z\n\tbool "z"\n\tdepends on !S || D\n')
    core = solver.possible(goals("S=y D=n Z=y"))
    assert isinstance(core, Core)
    assert {goal.symbol for goal in core.goals} == {"S", "D", "Z"}
    assert [(one.kind, one.symbol) for one in core.statements] == [(StatementKind.DEPENDS, "Z")]


def test_where_nothing_selects_no_unmet_dependency_needs_forbidding(tmp_path: Path) -> None:
    text = 'config D\n\tbool "d"\nconfig Z\n\tbool "z"\n\tdepends on D\n'
    core = solver_of(tmp_path, text, no_unmet=True).possible(goals("D=n Z=y"))
    assert isinstance(core, Core)
    assert [(one.kind, one.symbol) for one in core.statements] == [(StatementKind.DEPENDS, "Z")]


# Statements


def test_statements_of_a_reason_say_what_they_are(tmp_path: Path) -> None:
    text = """\
config P
	bool
	default $(shell,probe)
config R
	int "r"
	range 5 9
	default 7
config LOW
	bool "low"
	depends on R < 5
config HIDDEN
	bool "hidden" if P
config KEEP
	bool
	default y if $(shell,probe) = y
choice
	prompt "c"
config ONE
	bool "one"
config TWO
	bool "two"
endchoice
config I
	bool "i"
	imply T
config T
	bool
"""
    model = model_of(tmp_path, text)
    solver = Solver(model, encode(model, dict.fromkeys((probe.key for probe in model.probes), "n")))

    def told(wanted: str) -> list[tuple[StatementKind, str, int, str]]:
        core = solver.possible(goals(wanted))
        assert isinstance(core, Core)
        return sorted((one.kind, one.symbol, one.line, one.outside) for one in core.statements)

    assert (StatementKind.RANGE, "R", 6, "") in told("LOW=y")
    assert (StatementKind.PROBE, "", 3, COMPILER) in told("P=y")
    assert (StatementKind.DEFAULT, "P", 3, COMPILER) in told("P=y") or (StatementKind.SYMBOL, "P", 1, "") in told("P=y")
    assert (StatementKind.SYMBOL, "HIDDEN", 11, "") in told("HIDDEN=y")
    assert [one[0] for one in told("ONE=n TWO=n")] == [StatementKind.CHOICE]
    assert told("ONE=n TWO=n")[0][2] == 16
    assert (StatementKind.IMPLY, "I", 25, "") in told("I=y T=n")


def test_the_architecture_decides_where_two_constants_are_compared(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on "x86" = "arm" || X\nconfig X\n\tbool\n'
    core = solver_of(tmp_path, text).possible(goals("A=y"))
    assert isinstance(core, Core)
    assert [one.outside for one in core.statements if one.kind == StatementKind.DEPENDS] == [ARCHITECTURE]
    core = solver_of(tmp_path / "b", text.replace('"x86" = "arm" || X', "X")).possible(goals("A=y"))
    assert isinstance(core, Core)
    assert [one.outside for one in core.statements if one.kind == StatementKind.DEPENDS] == [""]


# Texts


def test_texts_are_compared_as_numbers_unless_both_are_strings() -> None:
    strings, ints = (Type.STRING, Type.STRING), (Type.INT, Type.INT)
    assert order("9", "10", strings) > 0
    assert order("9", "10", ints) < 0
    assert order("9", "10", (Type.STRING, Type.INT)) < 0
    assert order("0x10", "16", (Type.HEX, Type.INT)) == 0
    assert order("a", "b", ints) < 0
    assert order("b", "a", ints) > 0
    assert order("a", "a", strings) == 0
    assert order("-1", "1", ints) < 0


@pytest.mark.parametrize(
    ("op", "below", "same", "above"),
    [
        (Op.EQ, False, True, False), (Op.NE, True, False, True), (Op.LT, True, False, False),
        (Op.LE, True, True, False), (Op.GT, False, False, True), (Op.GE, False, True, True),
    ],
)  # fmt: skip
def test_what_holds_by_the_sign_of_a_comparison(op: Op, below: bool, same: bool, above: bool) -> None:
    assert [HOLDS[op](sign) for sign in (-1, 0, 1)] == [below, same, above]


def test_constants_that_are_levels_are_tristates() -> None:
    assert [constant_kind(text) for text in ("y", "m", "n", "x", "")] == [Type.TRISTATE] * 3 + [Type.UNKNOWN] * 2


def test_a_user_can_set_numbers_below_between_and_above_the_constants() -> None:
    assert user_texts(Type.INT, {"5", "20"}, 1) == ["4", "5", "6", "20", "21", "32", "33"]
    assert user_texts(Type.INT, {"5", "9"}, 2) == ["3", "4", "5", "6", "7", "9", "10", "11"]
    assert user_texts(Type.INT, {"5", "6"}, 1) == ["4", "5", "6", "7"]
    assert user_texts(Type.INT, {"0"}, 1) == ["-1", "0", "1"]
    assert user_texts(Type.INT, set(), 1) == ["-1", "0", "1"]
    assert user_texts(Type.HEX, {"0x5"}, 1) == ["0x4", "0x5", "0x6"]
    assert user_texts(Type.HEX, {"0x0"}, 1) == ["0x0", "0x1"]


def test_a_user_can_set_strings_that_are_no_constants() -> None:
    assert user_texts(Type.STRING, {"a", "ax"}, 1) == ["a", "ax", "aG", "axx"]
    assert user_texts(Type.STRING, {"a"}, 2) == ["a", "ax", "axx"]
    assert user_texts(Type.STRING, {"3"}, 1) == ["3", "3x", "2", "0x2", "0x3", "4", "0x4"]
    assert user_texts(Type.STRING, {"m"}, 1) == ["m", "mx", "0", "0x0", "1", "0x1", "2", "0x2"]


def test_a_text_stands_for_all_that_no_comparison_tells_from_it() -> None:
    domain = Domain(Type.INT, (("4", 7), ("5", 8), ("6", 9)), ("5",))
    assert [same_text(domain, text) for text in ("4", "5", "6", "-3", "99")] == [7, 8, 9, 7, 9]
    assert signs(domain, "4") == [-1]
    strings = Domain(Type.STRING, (("a", 7), ("ax", 8)), ("a",))
    assert [same_text(strings, text) for text in ("a", "ax", "b", "")] == [7, 8, 8, 8]
    assert signs(strings, "a") == [0]
    assert same_text(Domain(Type.STRING, (("a", 7),), ("a",)), "b") == FALSE


@pytest.mark.parametrize("bound", [3, 4, 5, 6, 7])
def test_an_option_that_asks_for_less_than_the_smallest_constant_is_possible(tmp_path: Path, bound: int) -> None:
    text = f'config SIZE\n\tint "size"\n\tdefault 9\nconfig A\n\tbool "a"\n\tdepends on SIZE < {bound}\n'
    found = solver_of(tmp_path, text).possible(goals("A=y"))
    assert isinstance(found, Witness)
    assert int(found.configuration.values["SIZE"]) < bound


def test_a_range_between_symbols_bounds_a_number(tmp_path: Path) -> None:
    text = """\
config LOW
	int "low"
	range 2 4
	default 3
config SIZE
	int "size"
	range LOW 8
	default 5
config SMALL
	bool "small"
	depends on SIZE = 2
config TINY
	bool "tiny"
	depends on SIZE = 1
config HUGE
	bool "huge"
	depends on SIZE > 8
"""
    for version in (OLD, NEW):
        solver = solver_of(tmp_path / version, text, version)
        found = solver.possible(goals("SMALL=y"))
        assert isinstance(found, Witness)
        assert (found.configuration.values["SIZE"], found.configuration.values["LOW"]) == ("2", "2")
        assert isinstance(solver.possible(goals("TINY=y")), Core)
        assert isinstance(solver.possible(goals("HUGE=y")), Core)


# Clauses and queries


def test_gates_of_constants_need_no_variable() -> None:
    out = Clauses(5)
    assert out.both(3, 3) == out.both(3, TRUE) == out.both(TRUE, 3) == 3
    assert out.both(3, FALSE) == out.both(FALSE, 3) == out.both(3, -3) == FALSE
    assert (out.all_of([]), out.all_of([4]), out.all_of([4, TRUE]), out.all_of([4, FALSE, 5])) == (TRUE, 4, 4, FALSE)
    assert (out.any_of([]), out.any_of([4]), out.any_of([4, FALSE]), out.any_of([4, TRUE, 5])) == (FALSE, 4, 4, TRUE)
    assert (out.at_most([]), out.at_most([4]), out.at_most([4, TRUE])) == (FALSE, 4, TRUE)
    assert out.all_of([2, 3, -2]) == FALSE
    assert out.variables == 5
    assert out.gates == []


def test_equal_gates_are_one_literal() -> None:
    out = Clauses(5)
    assert out.both(3, 4) == out.both(4, 3) == 6
    assert out.all_of([3, 4, 5]) == out.all_of([5, 4, 3, 3]) == 7
    assert out.any_of([-3, -4]) == -6
    assert out.variables == 7


def test_gates_say_what_they_are() -> None:
    out = Clauses(4)
    both, all_of, any_of, some = out.both(2, 3), out.all_of([2, 3, 4]), out.any_of([2, 3, 4]), out.at_most([2, 3])
    sat = Sat([*split(out.flat()), [TRUE]])
    for a in (2, -2):
        for b in (3, -3):
            for c in (4, -4):
                given, values = [a, b, c], (a > 0, b > 0, c > 0)
                assert sat.solve([*given, both]) == (values[0] and values[1])
                assert sat.solve([*given, -both]) != (values[0] and values[1])
                assert sat.solve([*given, all_of]) == all(values)
                assert sat.solve([*given, -all_of]) != all(values)
                assert sat.solve([*given, any_of]) == any(values)
                assert sat.solve([*given, -any_of]) != any(values)
                assert sat.solve([*given, some]) == any(values[:2])
                assert sat.solve([*given, -some])


def test_constants_in_clauses_are_left_out() -> None:
    out = Clauses(5)
    out.add(2, TRUE)
    out.fix(2, TRUE)
    out.add(2, FALSE, 3)
    out.fix(FALSE, 4)
    assert (out.stated, out.gates) == ([2, 3, 0], [4, 0])
    out = Clauses(5)
    out.exactly_one([2, 3, 4])
    assert split(out.flat()) == [[2, 3, 4], [-3, -2], [-4, -2], [-4, -3]]


def test_the_least_weight_is_found_and_proven() -> None:
    found = minimise(SatProblem([[1, 2], [2, 3]], 3, [], {-1: 1, -2: 3, -3: 1}), 10.0)
    assert found is not None
    assert (found.cost, found.bound, set(found.model)) == (2, 2, {1, -2, 3})
    found = minimise(SatProblem([[1, 2], [2, 3]], 3, [2], {-1: 1, -2: 3, -3: 1}), 10.0)
    assert found is not None
    assert (found.cost, found.bound) == (3, 3)
    assert minimise(SatProblem([[1]], 1, [-1], {-1: 1}), 10.0) is None


def test_when_the_time_is_up_the_best_model_so_far_is_made_better() -> None:
    found = improve(SatProblem([[-1, -2], [-2, -3]], 3, [], {1: 1, 2: 5, 3: 1}), 1, float("inf"))
    assert found is not None
    assert (found.cost, found.bound) == (5, 1)
    assert {1, -2, 3} <= set(found.model)
    assert improve(SatProblem([[1], [-1]], 3, [], {1: 1}), 0, float("inf")) is None


def test_when_the_time_is_up_nothing_that_costs_can_be_left_out_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    late = improve(SatProblem([[-1, -2]], 3, [], {1: 1, 2: 5}), 0, 0.0)
    assert late is not None
    assert late.cost == 1
    monkeypatch.setattr("kcfg.solver.sat.GRACE", -1.0)
    stopped = improve(SatProblem([[-1, -2]], 3, [], {1: 1, 2: 5}), 0, 0.0)
    assert stopped is not None
    assert stopped.cost in (1, 5, 6)


def test_time_that_is_up_gives_a_bound_and_no_proof() -> None:
    found = minimise(SatProblem([[1, 2], [2, 3]], 3, [], {-1: 1, -2: 3, -3: 1}), 0.0)
    assert isinstance(found, Minimum)
    assert found.bound <= 2 <= found.cost


def test_at_most_so_many_of_some_literals() -> None:
    clauses, variables = at_most([1, 2, 3], 2, 7)
    assert variables >= 7
    sat = Sat(clauses)
    assert sat.solve([1, 2, -3])
    assert not sat.solve([1, 2, 3])
    assert set(sat.core) <= {1, 2, 3}
    assert sat.model == []


def test_queries() -> None:
    sat = Sat([[1, 2], [-1, 3]])
    assert sat.propagate([-2]) == [1, 3] or set(sat.propagate([-2]) or []) >= {1, 3}
    assert sat.propagate([-2, -1]) is None
    assert sat.holds([1])
    assert not sat.holds([1, -3])
    sat.extend([[-3]])
    assert not sat.holds([1])
    sat.add([-2])
    assert not sat.solve()
    assert split(array("i", [1, 2, 0, -3, 0])) == [[1, 2], [-3]]


# Object files


def test_what_is_built_costs_by_its_condition(tmp_path: Path) -> None:
    model = model_of(tmp_path, SMALL)
    encoding = encode(model)
    encoder = Encoder.resume(model, encoding)
    a = model.index["A"]
    enabled, yes = encoding.enabled[a], encoding.yes[a]

    def literal(condition: object) -> int:
        return condition_literal(encoder, condition)  # type: ignore[arg-type]

    assert literal(ValueTest("A", Y | M)) == enabled
    assert literal(ValueTest("A", Y)) == yes
    assert literal(ValueTest("A", N)) == -enabled
    assert literal(ValueTest("A", M)) == encoder.out.both(enabled, -yes)
    assert literal(ValueTest("A", N | Y)) == encoder.out.any_of((-enabled, yes))
    assert literal(ValueTest("NO_SUCH", N)) == TRUE
    assert literal(ValueTest("NO_SUCH", Y | M)) == FALSE
    assert literal(ValueTest("SIZE", Y)) == FALSE
    assert literal(Undecidable("$(X)", "Makefile", 1)) == literal(TextTest("SIZE", "10")) == FALSE
    assert literal(AllOf(())) == TRUE
    assert literal(AnyOf(())) == FALSE
    both = (ValueTest("A", Y | M), ValueTest("EXPERT", Y))
    assert literal(AllOf(both)) == encoder.out.all_of(literal(one) for one in both)
    assert literal(AnyOf(both)) == encoder.out.any_of(literal(one) for one in both)
    soft = object_literals(encoder, {AllOf(()): 9, AnyOf(()): 9, both[0]: 2, AllOf((both[0],)): 3})
    assert soft == {-enabled: 5}


# The cache


def test_clauses_come_from_the_cache_which_is_not_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    model = model_of(tmp_path / "tree", SMALL)
    made = clauses_of(model, {}, cache=False)
    assert not (tmp_path / "cache").exists()
    assert clauses_of(model, {}).clauses == made.clauses
    (kept,) = (tmp_path / "cache" / "kcfg" / "clauses").iterdir()
    assert kept.name == f"{key_of(model, {})}.cnf"
    os.utime(kept, (1000, 1000))
    again = clauses_of(model, {})
    assert (again.clauses, again.enabled, again.domains) == (made.clauses, made.enabled, made.domains)
    assert kept.stat().st_mtime > 1000
    with monkeypatch.context() as without:
        without.setattr(encode_module, "encode", None)  # what is kept is not made again
        assert clauses_of(model, {}).clauses == made.clauses
    kept.write_bytes(b"torn")
    assert clauses_of(model, {}).clauses == made.clauses
    assert kept.read_bytes() != b"torn"


def test_the_key_hangs_on_the_model_and_the_answers(tmp_path: Path) -> None:
    model, other = model_of(tmp_path / "a", SMALL), model_of(tmp_path / "b", SMALL.replace("SIZE > 50", "SIZE > 51"))
    old = model_of(tmp_path / "c", SMALL, OLD)
    assert len({key_of(model, {}), key_of(other, {}), key_of(old, {}), key_of(model, {"p": "y"})}) == 4
    assert key_of(model, {"a": "y", "b": "n"}) == key_of(model, {"b": "n", "a": "y"})


def test_an_opened_solver_may_forbid_unmet_dependencies(tmp_path: Path) -> None:
    model = model_of(tmp_path, SMALL)
    assert not open_solver(model, {}, cache=False).no_unmet
    assert open_solver(model, {}, no_unmet=True, cache=False).no_unmet


def test_so_many_encodings_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "cache" / "kcfg" / "clauses"
    folder.mkdir(parents=True)
    for number in range(30):
        (folder / f"{number:02}.cnf").write_bytes(b"x")
        os.utime(folder / f"{number:02}.cnf", (1000 + number, 1000 + number))
    clauses_of(model_of(tmp_path / "tree", SMALL), {})
    left = {path.name for path in folder.iterdir()}
    assert len(left) == 24
    assert {name for name in left if len(name) == len("07.cnf")} == {f"{number:02}.cnf" for number in range(7, 30)}


def test_a_choices_line_counts_where_its_members_lines_do(tmp_path: Path) -> None:
    model = model_of(tmp_path, CHOICE)
    member, other = model.index["ONE"], model.index["A"]
    encoding = encode(model)
    assert set(Distances(model, encoding, UserValues(), [member]).changes) == {-1}
    assert set(Distances(model, encoding, UserValues(), [other]).changes) == {other}


def test_statements_of_selects_and_implies_have_their_words(tmp_path: Path) -> None:
    text = (
        'config A\n\tbool "a"\n\tselect S\n\timply I if B\nconfig B\n\tbool "b"\nconfig S\n\tbool\nconfig I\n\tbool\n'
    )
    solver = solver_of(tmp_path, text)

    def texts(wanted: str) -> list[str]:
        core = solver.possible(goals(wanted))
        assert isinstance(core, Core)
        return [one.text for one in core.lines]

    assert texts("A=y S=n") == ["select S"]
    assert texts("A=y B=y I=n") == ["imply I if B"]
