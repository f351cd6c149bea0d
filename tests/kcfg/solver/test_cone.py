"""Facts of the part of a model that decides some symbols."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from kcfg.kconfig.model import Model, Type
from kcfg.solver.cone import Cone, part_of
from kcfg.solver.encode import encode
from kcfg.solver.nearest import nearest
from kcfg.solver.results import Core, Goal, NearestChange
from kcfg.solver.solver import Solver
from tests.kcfg.random_trees import trees
from tests.kcfg.trees import MODULES, NEW, OLD, model_of, resolver_of

KINDS = {
    "own dependency": ("depends on A", "A"),
    "prompt": ('bool "g" if A', "A"),
    "default's condition": ("default y if A", "A"),
    "default's value": ("default A", "A"),
    "comparison": ("depends on N > 3", "N"),
    "one of the other side": ("depends on A = B", "B"),
    "under a not": ("depends on !(A && !B)", "B"),
    "beside an or": ("depends on A || (B = n)", "B"),
}
OTHERS = """
config A
	bool "a"
config B
	bool "b"
config N
	int "n"
	range LOW 9 if C
config LOW
	int "low"
config C
	bool "c"
config AWAY
	bool "away"
	select TARGET
config TARGET
	bool
"""


def names(model: Model, found: Iterable[int]) -> set[str]:
    return {model.symbols[number].name for number in found if model.symbols[number].definitions}


def cone_of(folder: Path, text: str, root: str, version: str = NEW) -> set[str]:
    model = model_of(folder, text, version)
    return names(model, Cone(model, [model.index[root]]).symbols)


@pytest.mark.parametrize(("line", "wanted"), KINDS.values(), ids=list(KINDS))
def test_every_statement_on_a_symbol_leads_to_what_it_reads(tmp_path: Path, line: str, wanted: str) -> None:
    typed = line if line.startswith("bool") else f'bool "g"\n\t{line}'
    found = cone_of(tmp_path, f"config G\n\t{typed}\n{OTHERS}", "G")
    assert {"G", wanted} <= found
    assert not found & {"AWAY", "TARGET"}


def test_a_range_leads_to_its_bounds_and_condition(tmp_path: Path) -> None:
    assert cone_of(tmp_path, OTHERS, "N") == {"N", "LOW", "C"}


def test_what_selects_or_implies_a_symbol_is_in_with_all_it_hangs_on(tmp_path: Path) -> None:
    text = """
config G
	bool
config S
	bool "s"
	depends on A
	select G if B
config I
	bool "i"
	imply G if C
if D
config TWICE
	bool "twice"
	select G
endif
config D
	bool "d"
""" + OTHERS.replace("config AWAY", "config D2\n\tbool\nconfig AWAY")
    assert cone_of(tmp_path, text, "G") == {"G", "S", "A", "B", "I", "C", "TWICE", "D"}
    assert cone_of(tmp_path, text, "S") == {"S", "A"}  # what it selects has no say in it


@pytest.mark.parametrize("version", [NEW, OLD])
def test_a_choice_comes_with_all_its_members_and_what_shows_it(tmp_path: Path, version: str) -> None:
    text = (
        """
menu "m"
	visible if B
choice
	prompt "one" if C
	default SECOND if A
config FIRST
	bool "first"
config SECOND
	bool "second"
endchoice
endmenu
"""
        + OTHERS
    )
    every = {"FIRST", "SECOND", "A", "B", "C"}
    assert cone_of(tmp_path, text, "FIRST", version) == every
    assert cone_of(tmp_path, f"config G\n\tbool\n\tdefault SECOND\n{text}", "G", version) == {*every, "G"}


def test_modules_is_in_every_part(tmp_path: Path) -> None:
    text = MODULES + OTHERS
    assert cone_of(tmp_path, text, "A") == {"A", "MODULES"}


def test_a_part_has_the_models_numbers_and_defines_nothing_else(tmp_path: Path) -> None:
    text = OTHERS + 'choice\n\tprompt "one"\nconfig FIRST\n\tbool "first"\nendchoice\n'
    model = model_of(tmp_path, text)
    part = part_of(model, [model.index["N"]])
    assert [symbol.name for symbol in part.symbols] == [symbol.name for symbol in model.symbols]
    assert names(part, range(len(part.symbols))) == {"N", "LOW", "C"}
    assert part.symbols[part.index["N"]] is model.symbols[model.index["N"]]
    assert part.choices[0].members == ()
    assert part_of(model, [model.index["FIRST"]]).choices == model.choices


def test_where_nothing_may_be_selected_over_its_dependencies_all_of_the_model_is_asked(tmp_path: Path) -> None:
    model = model_of(tmp_path, OTHERS)
    strict = Solver(model, encode(model), True)
    assert strict.part(["A"]) is strict
    assert names(model, range(len(model.symbols))) > names(Solver(model, encode(model)).part(["A"]).model, [0])


class WholeSolver(Solver):
    """Asks all of the model."""

    def part(self, names: Iterable[str], lines: Mapping[int, str] | None = None) -> Solver:
        return self


def outcome(found: NearestChange | Core) -> tuple[int, int] | str:
    if isinstance(found, Core):
        return "impossible"
    assert found.proof.cost == len(found.lines)
    return found.proof.cost, found.proof.bound


@pytest.mark.parametrize("version", [NEW, OLD])
@pytest.mark.parametrize("few_symbols", [False, True])
def test_a_part_gives_the_answers_of_all_of_the_model(version: str, few_symbols: bool) -> None:
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(trees(old=version == OLD))
    def compare(text: str) -> None:
        folder = Path(tempfile.mkdtemp())
        try:
            model = model_of(folder, text, version)
        finally:
            shutil.rmtree(folder)
        lines = "".join(f"{s.name}=y\n" for s in model.symbols[::2] if s.definitions and s.type <= Type.TRISTATE)
        user = resolver_of(model, lines).user
        encoding = encode(model)
        for symbol in model.symbols:
            if symbol.definitions and symbol.type <= Type.TRISTATE:
                for value in ("y", "n"):
                    goals = [Goal(symbol.name, value)]
                    part = nearest(Solver(model, encoding), user, goals, few_symbols=few_symbols)
                    whole = nearest(WholeSolver(model, encoding), user, goals, few_symbols=few_symbols)
                    assert outcome(part) == outcome(whole), (text, lines, goals)

    compare()
