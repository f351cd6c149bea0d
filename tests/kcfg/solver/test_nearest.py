"""When the search for the nearest configuration may stop early."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.solver.nearest import Search, nearest
from kcfg.solver.question import only_one
from kcfg.solver.results import NearestChange, Proof
from kcfg.solver.sat import minimise
from tests.kcfg.solver.test_solve import goals, solver_of, told_lines, user_of
from tests.kcfg.trees import MODULES, NEW, OLD

TWO_WAYS = 'config A\n\tbool "a"\nconfig B\n\tbool "b"\nconfig C\n\tdef_bool A || B\n'
TRISTATE = MODULES + 'config A\n\ttristate "a"\nconfig C\n\tdef_bool A != n\n'
BOTH = MODULES + 'config A\n\ttristate "a"\nconfig B\n\tbool "b"\nconfig C\n\tdef_bool A != n && B\n'
NUMBER = 'config A\n\tint "a"\n\tdefault 1\nconfig C\n\tdef_bool A > 5\n'
CHOICE = (
    'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nconfig D\n\tbool "d"\nendchoice\n'
    "config C\n\tdef_bool B\n"
)


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize(
    ("tree", "config", "wanted", "alone"),
    [
        ('config C\n\tbool "c"\n', "", "C=y", True),
        ('config A\n\tbool "a"\nconfig C\n\tbool "c"\n\tdepends on A\n', "", "C=y", True),
        (TWO_WAYS, "", "C=y", False),
        (TWO_WAYS, "A=y\nB=y\n", "C=n", True),
        (TRISTATE, "MODULES=y\n", "C=y", False),
        (BOTH, "MODULES=y\n", "C=y", False),
        (NUMBER, "A=1\n", "C=y", False),
        (CHOICE, "A=y\n", "C=y", False),
    ],
)
def test_bools_that_all_have_to_change_are_the_only_change(
    tmp_path: Path, tree: str, config: str, wanted: str, alone: bool, version: str
) -> None:
    solver = solver_of(tmp_path, tree, version)
    asked = goals(wanted)
    solver.all_literals(asked)
    user = user_of(solver.model, config)
    question = Search(solver, user, asked, (), solver.resolve(user, {})).question(solver)
    found = minimise(question.problem, 30.0)
    assert found is not None
    assert only_one(question, found) is alone
    found.close()


LIGHTER = (
    'config G\n\tbool "g"\nconfig H\n\tbool "h"\n\tselect G\n'
    "config P\n\tdef_bool !G || H\nconfig Q\n\tdef_bool !G || H\nconfig R\n\tdef_bool !G || H\n"
)


@pytest.mark.parametrize(("few", "line"), [(False, "G: n -> y"), (True, "H: n -> y")])
def test_the_goal_s_own_line_is_enough_unless_few_symbols_are_to_change(tmp_path: Path, few: bool, line: str) -> None:
    solver = solver_of(tmp_path, LIGHTER)
    user = user_of(solver.model, "# G is not set\n# H is not set\n")
    assert told_lines(nearest(solver, user, goals("G=y"), few_symbols=few)) == [line]


@pytest.mark.parametrize("few", [False, True])
def test_what_is_reached_needs_no_change_and_no_search(tmp_path: Path, few: bool) -> None:
    solver = solver_of(tmp_path, LIGHTER)
    found = nearest(solver, user_of(solver.model, "G=y\n"), goals("G=y"), few_symbols=few)
    assert isinstance(found, NearestChange)
    assert (found.lines, found.proof) == ((), Proof(0, 0))


def test_a_line_of_the_goal_s_own_symbol_is_found_without_a_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solver = solver_of(tmp_path, LIGHTER)
    monkeypatch.setattr("kcfg.solver.nearest.minimise", lambda *_: pytest.fail("a search"))
    found = nearest(solver, user_of(solver.model, "# G is not set\n"), goals("G=y"))
    assert told_lines(found) == ["G: n -> y"]
