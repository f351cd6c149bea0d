"""Another change beside the one with the fewest lines, where that one undoes much in passing."""

from __future__ import annotations

from pathlib import Path

from kcfg.answers.explain import ExplainReport, explain
from kcfg.answers.goals import read_goals
from kcfg.answers.otherwise import MANY, present, staying, symbols_changed
from kcfg.solver.encode import encode
from kcfg.solver.results import Goal
from kcfg.solver.solver import Solver
from tests.kcfg.trees import MODULES, judge_of, model_of

TREE = MODULES + 'config CORE\n\ttristate "core"\nconfig DRIVER\n\ttristate "driver"\n\tdepends on CORE\n'
TREE += "config BUILT_IN\n\tdef_bool !MODULES\n"
MANY_DRIVERS = "".join(f'config D{number}\n\ttristate "d"\n' for number in range(MANY))
CONFIG = "MODULES=y\nCORE=m\nDRIVER=m\n" + "".join(f"D{number}=m\n" for number in range(MANY))


def explained(folder: Path, tree: str, goal: str, config: str = CONFIG) -> ExplainReport:
    judge = judge_of(model_of(folder, tree), config)
    return explain(judge, Solver(judge.model, encode(judge.model)), read_goals(judge, [goal]), "0", given=True)


def test_a_change_that_leaves_modules_alone_is_told_beside_one_line_that_turns_them_off(tmp_path: Path) -> None:
    report = explained(tmp_path, TREE + MANY_DRIVERS, "DRIVER=y")
    assert [(one.symbol, one.new) for one in report.changes] == [("MODULES", "n")]
    assert report.symbols_changed == MANY + 4  # CORE, DRIVER, MODULES and BUILT_IN besides
    assert report.other is not None
    assert (report.other.stays, report.other.symbols_changed, report.other.proven) == (("MODULES=y",), 2, True)
    assert report.other.bound == 2
    assert [(one.symbol, one.new) for one in report.other.changes] == [("CORE", "y"), ("DRIVER", "y")]
    assert not any(one.needed for one in report.other.changes)  # the one line above needs neither


def test_there_is_no_other_change_where_few_symbols_get_another_value(tmp_path: Path) -> None:
    report = explained(tmp_path, TREE, "DRIVER=y", "MODULES=y\nCORE=m\nDRIVER=m\n")
    assert ([one.symbol for one in report.changes], report.symbols_changed, report.other) == (["MODULES"], 4, None)


def test_there_is_no_other_change_where_nothing_that_is_undone_can_stay(tmp_path: Path) -> None:
    report = explained(tmp_path, TREE + MANY_DRIVERS, "BUILT_IN=y")
    assert ([one.symbol for one in report.changes], report.other) == (["MODULES"], None)


def test_there_is_no_other_change_where_a_goal_asks_for_what_is_undone(tmp_path: Path) -> None:
    report = explained(tmp_path, TREE + MANY_DRIVERS, "MODULES=n")
    assert (report.symbols_changed, report.other) == (MANY + 4, None)


def test_a_text_n_is_another_value_than_no_line(tmp_path: Path) -> None:
    judge = judge_of(model_of(tmp_path, 'config A\n\tbool "a"\nconfig S\n\tstring "s" if A\n'), "# A is not set\n")
    assert symbols_changed(judge, {}) == 0
    assert symbols_changed(judge, {"A": "y", "S": "n"}) == 2


def test_what_can_stay_can_do_so_with_one_way_of_each_alternative(tmp_path: Path) -> None:
    tree = TREE + 'config N\n\tint "n"\nconfig BIG\n\tdef_bool !MODULES || N > 9\n'
    model = model_of(tmp_path, tree)
    solver = Solver(model, encode(model))
    modules, small = Goal("MODULES", "y"), Goal("N", "1", is_text=True)
    either = [((Goal("BIG", "y"),), (Goal("CORE", "y"), Goal("DRIVER", "y")))]
    assert staying(solver, [], either, [modules, small]) == [modules, small]
    assert staying(solver, [], [either[0][:1]], [modules, small]) == [modules]
    assert staying(solver, [Goal("BIG", "y")], (), [modules, small]) == [modules]
    judge = judge_of(model, "MODULES=y\nN=1\n")
    assert [present(judge, name) for name in ("MODULES", "CORE", "N")] == [modules, Goal("CORE", "n"), small]
