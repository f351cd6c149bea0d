"""What a change does besides its own lines."""

from __future__ import annotations

from pathlib import Path

from kcfg.answers.effects import ChangedSymbol
from kcfg.answers.explain import ExplainReport, explain
from kcfg.answers.facts import ReasonKind
from kcfg.answers.goals import read_goals
from kcfg.solver.encode import encode
from kcfg.solver.solver import Solver
from tests.kcfg.trees import MODULES, judge_of, model_of

TREE = """\
config CORE
	bool "core"
config DRIVER
	bool "driver"
	depends on CORE
	select HELPER
config SIZE
	int "size"
	depends on CORE
	default 4
config HELPER
	bool
choice
	prompt "which"
config X
	bool "x"
config Y
	bool "y"
endchoice
"""


def explained(folder: Path, config: str, *words: str, listed: bool = False) -> ExplainReport:
    judge = judge_of(model_of(folder, TREE), config)
    goals = read_goals(judge, words)
    return explain(judge, Solver(judge.model, encode(judge.model)), goals, "0", given=True, listed=listed)


def test_lines_of_the_users_that_no_longer_come_out_are_named(tmp_path: Path) -> None:
    report = explained(tmp_path, "CORE=y\nDRIVER=y\nSIZE=8\nHELPER=y\n", "CORE=n")
    assert [one.symbol for one in report.changes] == ["CORE"]
    assert report.lines_lost == ("DRIVER", "SIZE")  # HELPER's line never counted


def test_neither_goals_nor_the_other_members_of_a_choice_are_lost(tmp_path: Path) -> None:
    assert explained(tmp_path, "CORE=y\nDRIVER=y\n", "CORE=n", "DRIVER=n").lines_lost == ()
    assert explained(tmp_path / "b", "X=y\n# Y is not set\n", "Y=y").lines_lost == ()


def test_the_symbols_that_get_another_value_are_listed_where_they_are_asked_for(tmp_path: Path) -> None:
    report = explained(tmp_path, "CORE=y\nDRIVER=y\nSIZE=8\n", "CORE=n", listed=True)
    assert report.symbols == (
        ChangedSymbol("CORE", "y", "n"),
        ChangedSymbol("DRIVER", "y", "n"),
        ChangedSymbol("HELPER", "y", "n"),
        ChangedSymbol("SIZE", "8", ""),
    )
    report = explained(tmp_path / "b", "CORE=y\nDRIVER=y\nSIZE=8\n", "CORE=n")
    assert (report.symbols, report.symbols_changed) == ((), 4)


def test_a_line_that_says_not_set_is_lost_where_its_symbol_is_selected(tmp_path: Path) -> None:
    tree = 'config E\n\tbool "e"\n\tselect B\nconfig B\n\tbool "b" if F\nconfig F\n\tbool "f"\nconfig P\n\tdef_bool E\n'
    judge = judge_of(model_of(tmp_path, tree), "# B is not set\n# P is not set\n")
    goals = read_goals(judge, ["E=y"])
    report = explain(judge, Solver(judge.model, encode(judge.model)), goals, "0", given=True)
    assert ([one.symbol for one in report.changes], report.lines_lost) == (["E"], ("B",))


CARRIED = """config S
	bool "s"
config OLD
	bool
	transitional
config NEW
	bool "new"
	depends on S
	default OLD
config X
	bool "x"
	depends on !NEW
"""


def test_the_line_of_an_old_name_is_lost_and_undone_as_one_of_the_new_name(tmp_path: Path) -> None:
    judge = judge_of(model_of(tmp_path, CARRIED, "7.3.0"), "S=y\nOLD=y\n")
    solver = Solver(judge.model, encode(judge.model))
    assert explain(judge, solver, read_goals(judge, ["S=n"]), "0", given=True).lines_lost == ("OLD",)
    report = explain(judge, solver, read_goals(judge, ["X=y"]), "0", given=True)
    assert [(one.symbol, one.new, one.undoes) for one in report.changes] == [("NEW", "n", True), ("X", "y", False)]
    unset = judge_of(model_of(tmp_path / "b", CARRIED, "7.3.0"), "S=y\n# OLD is not set\n")
    assert explain(unset, solver, read_goals(unset, ["S=n"]), "0", given=True).lines_lost == ()


def test_a_line_whose_symbol_becomes_more_than_it_says_is_no_loss(tmp_path: Path) -> None:
    tree = MODULES + "".join(f'config {name}\n\ttristate "t"\n' for name in "TU")
    tree += 'config G\n\tbool "g"\n\tselect T\n\tselect U\nconfig V\n\ttristate "v"\n\tdepends on !G\n'
    judge = judge_of(model_of(tmp_path, tree), "MODULES=y\nT=m\n# U is not set\nV=m\n")
    report = explain(judge, Solver(judge.model, encode(judge.model)), read_goals(judge, ["G=y"]), "0", given=True)
    assert [one.symbol for one in report.changes] == ["G"]
    assert (report.lines_lost, report.lines_raised) == (("T", "U", "V"), ("T", "U"))


def test_where_the_goals_hold_already_the_line_that_makes_it_so_is_told(tmp_path: Path) -> None:
    report = explained(tmp_path, "CORE=y\nDRIVER=y\nSIZE=8\n", "DRIVER=y", "SIZE=8")
    assert (report.changes, [(one.kind, one.where.line) for one in report.reasons]) == (
        (), [(ReasonKind.EXPLICIT, 2), (ReasonKind.EXPLICIT, 3)],
    )  # fmt: skip
