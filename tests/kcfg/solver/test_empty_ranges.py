"""Numbers whose range is empty, and what a reading of a configuration takes them for."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kconfig.assign import read_user_values
from kcfg.solver.empty_ranges import fixed_text, may_be_empty, other_bounds
from kcfg.solver.encode import encode
from kcfg.solver.reading import Reading
from kcfg.solver.results import Goal, Witness
from kcfg.solver.store import open_solver
from tests.kcfg.trees import NEW, OLD, config_of, model_of, resolver_of

HEAD = 'config LIMIT\n\tint "limit"\nconfig READ\n\tbool "read"\n\tdepends on A = 5\n'


@pytest.mark.parametrize(
    ("lines", "may"),
    [
        ('\tint "a"\n\trange 1 5\n', False),
        ('\tint "a"\n\trange 6 5\n', True),
        ('\tint "a"\n\trange 1 LIMIT\n', True),
        ("\tint\n\trange 6 5\n", False),
        ('\tstring "a"\n', False),
        ('\thex "a"\n\trange 0x9 0x10\n', False),
    ],
)
def test_a_range_may_be_empty_by_its_bounds(tmp_path: Path, lines: str, may: bool) -> None:
    model = model_of(tmp_path, f"{HEAD}config A\n{lines}")
    assert may_be_empty(model, model.index["A"]) is may


def test_a_text_is_fixed_where_it_is_the_same_everywhere(tmp_path: Path) -> None:
    model = model_of(tmp_path, f'{HEAD}config A\n\tint "a"\n\trange 6 "$(CC)"\n')
    limits = model.definitions[model.symbols[model.index["A"]].definitions[0]].ranges[0]
    assert (fixed_text(model, limits.low), fixed_text(model, limits.high)) == ("6", None)
    assert fixed_text(model, model.index["LIMIT"]) is None


@pytest.mark.parametrize(("version", "found"), [(OLD, "6"), (NEW, None)])
def test_before_6_10_the_other_bound_is_what_others_see(tmp_path: Path, version: str, found: str | None) -> None:
    model = model_of(tmp_path, f'{HEAD}config A\n\tint "a"\n\trange 6 5\n\tdefault 9\n', version)
    a = model.index["A"]
    assert other_bounds(model, encode(model), {}, {a: "5"}, {}).get(a) == found
    assert other_bounds(model, encode(model), {}, {a: "7"}, {}) == {}


def test_a_reading_without_old_lines_or_empty_ranges_says_nothing_anew(tmp_path: Path) -> None:
    model = model_of(tmp_path, f'{HEAD}config A\n\tint "a"\n\trange 1 9\n', NEW)
    encoding = encode(model)
    reading = Reading(model, encoding, read_user_values(model, config_of("A=5\nREAD=y")), encoding.variables)
    assert (reading.believed, reading.believed_texts, reading.reread, reading.widened) == ({}, {}, frozenset(), set())
    assert reading.changed(3) == reading.changed(3) != reading.changed(4)


@pytest.mark.parametrize("goal", ["H=0x10", "H=0x0", "H=0x5"])
def test_before_6_10_a_goal_on_an_empty_range_is_of_the_bound_that_is_written(tmp_path: Path, goal: str) -> None:
    model = model_of(tmp_path, 'config H\n\thex "h"\n\trange 0x10 0x0\nconfig B\n\tbool "b"\n', OLD)
    name, text = goal.split("=")
    goals = [Goal(name, text, is_text=True), Goal("B", "y")]
    answer = open_solver(model, {}, goals, cache=False).possible(goals)
    kept = dict(resolver_of(model, f"{goal}\nB=y\n").lines())[model.index["H"]] == text
    assert isinstance(answer, Witness) == kept == (text == "0x10")
