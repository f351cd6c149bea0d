"""Facts of the statements that a reason is made of."""

from __future__ import annotations

from pathlib import Path

from kcfg.kconfig.model import Model
from kcfg.solver.clauses import StatementKind, pack
from kcfg.solver.statements import Statement, describe
from tests.kcfg.trees import NEW, model_of

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
