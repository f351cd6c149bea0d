"""User values with some lines changed, and an order in which they can be set."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kconfig.assign import UserValues, read_user_values
from kcfg.kconfig.model import Model
from kcfg.solver.edits import edited, in_order, in_place, written
from tests.kcfg.trees import NEW, OLD, config_of, model_of

TREE = """
config A
\tbool "a"
config B
\tbool "b"
\tdepends on A
config N
\tint "n"
\tdepends on B
\tdefault 3
choice
\tprompt "which"
config X
\tbool "x"
config Y
\tbool "y"
endchoice
"""


def user(model: Model, config: str) -> UserValues:
    return read_user_values(model, config_of(config))


def lines(model: Model, **wanted: str) -> dict[int, str]:
    return {model.index[name]: text for name, text in wanted.items()}


def test_a_new_line_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE)
    before = user(model, "A=y\nN=5")
    after = edited(model, before, lines(model, A="n", B="y", N="7"))
    assert (after.tri, after.text) == ({0: 0, 1: 2}, {2: "7"})
    assert (before.tri, before.text) == ({0: 2}, {2: "5"})


def test_the_lines_of_other_symbols_stay_where_they_were(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE)
    before = user(model, "A=y\nN=5")
    after = edited(model, before, lines(model, B="y"))
    assert after.tri == {0: 2, 1: 2}
    assert after.lines == before.lines


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_member_that_is_set_anew_is_its_choice_s_last(tmp_path: Path, version: str) -> None:
    model = model_of(tmp_path, TREE, version)
    x, y = model.index["X"], model.index["Y"]
    after = edited(model, user(model, "X=y\n# Y is not set"), {x: "n", y: "y"})
    assert after.members == {0: [y, x]}
    assert after.assigned == {0: [(x, 0), (y, 2)]}
    assert after.choice_pick == ({0: y} if version == OLD else {})


def test_a_configuration_of_lines_alone_is_in_the_order_of_the_source(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE)
    made = written(model, lines(model, Y="y", X="n", A="y"))
    assert list(made.tri) == [model.index[name] for name in "AXY"]
    assert made.members == {0: [model.index["Y"], model.index["X"]]}


def order(model: Model, config: str, wanted: dict[int, str]) -> list[tuple[str, str, str]]:
    return [(model.symbols[n].name, a, b) for n, a, b in in_order(model, user(model, config), wanted, {})]


def test_a_line_comes_after_what_makes_it_settable(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE)
    assert order(model, "", lines(model, N="7", B="y", A="y")) == [("A", "n", "y"), ("B", "", "y"), ("N", "", "7")]


def test_the_old_value_is_the_one_that_it_had(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE)
    assert order(model, "A=y\nB=y", lines(model, N="7", A="y")) == [("A", "y", "y"), ("N", "3", "7")]


def test_a_line_that_can_never_be_set_comes_all_the_same(tmp_path: Path) -> None:
    model = model_of(tmp_path, "config H\n\tbool\n" + TREE)
    assert [name for name, _, _ in order(model, "", lines(model, H="y", A="y"))] == ["A", "H"]


def test_a_line_of_n_comes_after_what_selects_its_symbol_is_off(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\nconfig B\n\tbool "b"\n\tselect A\n')
    assert [name for name, _, _ in order(model, "A=y\nB=y", lines(model, A="n", B="n"))] == ["B", "A"]


def test_a_number_comes_after_what_lets_it_be_so_high(tmp_path: Path) -> None:
    tree = 'config N\n\tint "n"\n\trange 1 99 if BIG\n\trange 1 9\nconfig BIG\n\tbool "big"\n'
    model = model_of(tmp_path, tree)
    assert [name for name, _, _ in order(model, "N=5", lines(model, N="50", BIG="y"))] == ["BIG", "N"]
    assert [name for name, _, _ in order(model, "N=5", lines(model, N="7", BIG="y"))] == ["N", "BIG"]


@pytest.mark.parametrize("version", [OLD, NEW])
def test_in_place_a_line_stands_where_its_symbols_last_one_stood(tmp_path: Path, version: str) -> None:
    model = model_of(tmp_path, TREE, version)
    x, y = model.index["X"], model.index["Y"]
    after = in_place(model, user(model, "Y=y\n# X is not set\nY=y\nA=y\n"), {x: "y", model.index["A"]: "n"})
    assert (after.assigned, after.tri) == ({0: [(y, 2), (x, 2), (y, 2)]}, {y: 2, x: 2, model.index["A"]: 0})
    assert after.members == {0: [y, x]}
    assert in_place(model, user(model, "Y=y"), {x: "y"}).assigned == {0: [(y, 2), (x, 2)]}


def test_no_lines_have_no_order(tmp_path: Path) -> None:
    assert order(model_of(tmp_path, TREE), "A=y", {}) == []
