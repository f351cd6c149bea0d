"""A model without some of its statements."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kconfig.model import Model
from kcfg.solver.clauses import StatementKind, pack
from kcfg.solver.encode import encode
from kcfg.solver.results import Goal
from kcfg.solver.solver import Solver
from kcfg.solver.without import without
from tests.kcfg.trees import model_of, values

TREE = """config A
	def_bool y
	select B
	imply C
config B
	bool "b" if E
	depends on E
config C
	bool "c"
config D
	bool "d"
	depends on E
	default y
config E
	bool "e"
config N
	int "n"
	default 3
	range 1 2
config H
	bool
"""


@pytest.fixture(scope="module", name="model")
def model_fixture(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return model_of(tmp_path_factory.mktemp("tree"), TREE)


def own(model: Model, name: str) -> int:
    return model.symbols[model.index[name]].definitions[0]


def test_without_a_line_the_kernel_has_what_it_would_have_then(model: Model) -> None:
    selects = {model.symbols[one.target].name: at for at, one in enumerate(model.selects)}
    depends = model.definitions[own(model, "D")].context
    for group, name, before, after in (
        (pack(StatementKind.SELECT, selects["B"]), "B", "y", "n"),
        (pack(StatementKind.IMPLY, selects["C"]), "C", "y", "n"),
        (pack(StatementKind.DEPENDS, depends), "D", "n", "y"),
        (pack(StatementKind.DEFAULT, own(model, "A"), 0), "A", "y", "n"),
        (pack(StatementKind.RANGE, own(model, "N"), 0), "N", "2", "3"),
    ):
        other = without(model, [group])
        assert other is not None
        assert (values(model).get(name, "n"), values(other).get(name, "n")) == (before, after)


def test_a_symbol_that_nothing_turns_on_can_be_set_and_a_prompt_has_no_condition(model: Model) -> None:
    for kind, name in ((StatementKind.SYMBOL, "H"), (StatementKind.PROMPT, "B")):
        other = without(model, [pack(kind, own(model, name))])
        assert other is not None
        prompt = other.definitions[own(model, name)].prompt
        assert prompt is not None
        assert (prompt.cond, prompt.visible) == (0, -1)
        assert model.definitions[own(model, name)].prompt != prompt


@pytest.mark.parametrize(
    "kind", [StatementKind.CHOICE, StatementKind.MODULES, StatementKind.PROBE, StatementKind.UNMET]
)
def test_of_what_is_no_line_of_its_own_nothing_is_said(model: Model, kind: StatementKind) -> None:
    assert without(model, [pack(kind, 0)]) is None
    solver = Solver(model, encode(model))
    assert not solver.impossible_without([pack(kind, 0)], [Goal("A", "n")])
    assert solver.impossible_without([pack(StatementKind.RANGE, own(model, "N"), 0)], [Goal("A", "n")])


def test_several_lines_of_one_definition_can_go(tmp_path: Path) -> None:
    model = model_of(tmp_path, "config N\n\tint\n\tdefault 1 if NOSUCH\n\tdefault 2\n\tdefault 3\n")
    d = own(model, "N")
    other = without(model, [pack(StatementKind.DEFAULT, d, 0), pack(StatementKind.DEFAULT, d, 1)])
    assert other is not None
    assert values(other)["N"] == "3"
