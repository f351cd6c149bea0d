"""Which statements a core names, and which it does not need."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kconfig.model import Model
from kcfg.solver.clauses import StatementKind, pack, unpack
from kcfg.solver.encode import encode
from kcfg.solver.results import Core, Goal, Witness
from kcfg.solver.solver import Solver
from kcfg.solver.statements import Statement, describe
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


TREE = """\
config A
	bool "a" if B
	depends on B && !(C = n) || A = m
	default D if E
	select S if B || A
config N
	int "n"
	range LOW 10 if C
config B
	bool "b"
config C
	tristate "c"
config D
	bool
config E
	bool
config S
	bool
config LOW
	int
"""
KINDS = (
    StatementKind.DEPENDS,
    StatementKind.SYMBOL,
    StatementKind.PROMPT,
    StatementKind.DEFAULT,
    StatementKind.RANGE,
    StatementKind.SELECT,
)


def told(model: Model, kind: StatementKind, name: str, part: int = 0) -> Statement:
    number = model.index[name]
    definition = model.symbols[number].definitions[0]
    index = definition
    if kind == StatementKind.DEPENDS:
        index = model.definitions[definition].context
    elif kind == StatementKind.SELECT:
        index = model.selects_of[definition][0]
    return describe(model, pack(kind, index, part), number)


def test_a_statement_names_the_symbols_of_its_expressions_once_each(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE, NEW)
    names = {kind: told(model, kind, "N" if kind == StatementKind.RANGE else "A").others for kind in KINDS}
    assert names == {
        StatementKind.DEPENDS: ("B", "C", "A"),
        StatementKind.SYMBOL: (),
        StatementKind.PROMPT: ("B",),
        StatementKind.DEFAULT: ("D", "E"),
        StatementKind.RANGE: ("LOW", "C"),
        StatementKind.SELECT: ("S", "B", "A"),
    }
