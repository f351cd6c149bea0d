"""Which statements a core names, and which it does not need."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.solver.clauses import StatementKind, unpack
from kcfg.solver.encode import encode
from kcfg.solver.results import Core, Goal, Witness
from kcfg.solver.solver import Solver
from tests.kcfg.trees import NEW, OLD, model_of


def solver_of(folder: Path, text: str, version: str = NEW) -> Solver:
    model = model_of(folder, text, version)
    return Solver(model, encode(model))


def goals(text: str) -> list[Goal]:
    return [Goal(*word.split("=")) for word in text.split()]


def core_of(solver: Solver, wanted: str) -> set[tuple[StatementKind, str, int]]:
    """(kind, symbol, line) of the statements that forbid it."""
    core = solver.possible(goals(wanted))
    assert isinstance(core, Core)
    return {(one.kind, one.symbol, one.line) for one in core.statements}


MEMBERS = """\
config B
	bool "b"
choice
	prompt "c"
config ONE
	bool "one"
	depends on B
config TWO
	bool "two"
endchoice
"""


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_member_that_cannot_be_on_is_told_with_its_own_dependency(tmp_path: Path, version: str) -> None:
    assert core_of(solver_of(tmp_path, MEMBERS, version), "ONE=y B=n") == {(StatementKind.DEPENDS, "ONE", 7)}


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_member_that_is_defined_twice_is_on_by_either_definition(tmp_path: Path, version: str) -> None:
    text = MEMBERS.replace("endchoice\n", 'config ONE\n\tbool "again"\n\tdepends on D\nendchoice\n')
    solver = solver_of(tmp_path, f'{text}config D\n\tbool "d"\n', version)
    assert isinstance(solver.possible(goals("ONE=y B=n")), Witness)
    assert isinstance(solver.possible(goals("ONE=y D=n")), Witness)
    assert core_of(solver, "ONE=y B=n D=n")


def test_before_6_11_the_prompt_of_a_member_with_a_default_is_a_statement(tmp_path: Path) -> None:
    text = """\
config MODULES
	bool "modules"
	default y
	modules
config D
	tristate "d"
choice
	tristate "c"
config Y
	tristate "y"
config X
	tristate "x"
	depends on D
	default m
endchoice
"""
    model = model_of(tmp_path, text, OLD)
    marks = encode(model).marks.clauses
    stated = [
        StatementKind(unpack(marks[i + 1])[0]) for i in range(0, len(marks), 3) if marks[i + 2] == model.index["X"]
    ]
    assert StatementKind.PROMPT in stated
