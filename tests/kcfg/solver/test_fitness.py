"""Which lines a change should rather have than others."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.model import Model
from kcfg.solver.fitness import DIRECT, FAR, INDIRECT, NEAR, OWN, Fitness
from kcfg.solver.results import Goal, Why
from tests.kcfg.trees import MODULES, OLD, config_of, model_of

TREE = f"""{MODULES}
config EXPERT
\tbool "expert"
config WANTED
\tbool "wanted" if SHOWN
\tdepends on NEEDED && !HINDERS
config SHOWN
\tbool "shown"
config NEEDED
\tbool
\tdepends on DEEP > 3
config HINDERS
\tbool "hinders"
config DEEP
\tint "deep"
config SWITCH
\tbool "switch"
\tselect NEEDED
config SELECTS
\tbool "selects"
\tselect HINDERS if EXPERT
config LONELY
\tbool "lonely"
choice
\tprompt "which"
config X
\tbool "x"
config Y
\tbool "y"
\tdepends on LONELY
endchoice
source "drivers/Kconfig"
"""
FILES = {"Kconfig": TREE, "drivers/Kconfig": 'config DRIVER\n\tbool "driver"\n\tselect NEEDED\n'}


def fitness(folder: Path, *goals: str, config: str = "") -> Fitness:
    """Goals such as "A=y"."""
    model = model_of(folder, FILES, OLD)
    asked = [Goal(*goal.split("=")) for goal in goals]
    return Fitness(model, read_user_values(model, config_of(config)), asked)


def named(model: Model, numbers: set[int]) -> set[str]:
    return {model.symbols[number].name for number in numbers}


def test_distances_are_from_the_goal_over_what_its_dependencies_speak_of(tmp_path: Path) -> None:
    found = fitness(tmp_path, "WANTED=y")
    told = {found.model.symbols[number].name: distance for number, distance in found.distance.items()}
    del told["3"]  # to Kconfig a number without quotes is a symbol, too
    assert told == {
        "WANTED": OWN, "SHOWN": DIRECT, "NEEDED": DIRECT, "HINDERS": DIRECT, "DEEP": INDIRECT, "SWITCH": NEAR,
    }  # fmt: skip
    assert found.of(found.model.index["DRIVER"]) == FAR


def test_what_is_to_be_off_is_near_to_what_selects_it(tmp_path: Path) -> None:
    found = fitness(tmp_path, "HINDERS=n")
    assert found.of(found.model.index["SELECTS"]) == DIRECT
    assert fitness(tmp_path / "b", "HINDERS=y").of(found.model.index["SELECTS"]) == FAR


def test_goals_that_the_kernel_does_not_have_are_no_symbols(tmp_path: Path) -> None:
    found = fitness(tmp_path, "GONE=y", "X=y")
    assert named(found.model, found.goals) == {"X"}


def test_a_choice_is_as_far_as_its_nearest_member(tmp_path: Path) -> None:
    assert fitness(tmp_path, "X=y").of(-1) == OWN
    assert fitness(tmp_path / "b", "WANTED=y").of(-1) == FAR


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("WANTED", Why.GOAL),
        ("SHOWN", Why.DEPENDENCY),
        ("DEEP", Why.DEPENDENCY),
        ("SWITCH", Why.OTHER),
        ("LONELY", Why.OTHER),
    ],
)
def test_why_a_line_is_there(tmp_path: Path, name: str, why: Why) -> None:
    found = fitness(tmp_path, "WANTED=y")
    assert found.why(found.model.index[name]) is why


def test_a_member_of_a_goal_s_choice_is_there_for_the_goal(tmp_path: Path) -> None:
    found = fitness(tmp_path, "X=y")
    assert found.why(found.model.index["Y"]) is Why.GOAL


def test_modules_and_expert_open_a_world_unless_they_are_asked_for(tmp_path: Path) -> None:
    found = fitness(tmp_path, "WANTED=y")
    index = found.model.index
    assert [found.opens_a_world(index[name]) for name in ("MODULES", "EXPERT", "WANTED")] == [True, True, False]
    assert not found.opens_a_world(-1)
    assert not fitness(tmp_path / "b", "EXPERT=y").opens_a_world(index["EXPERT"])


def test_a_line_of_the_user_is_undone_by_another_value_where_no_goal_speaks_of_it(tmp_path: Path) -> None:
    found = fitness(tmp_path, "WANTED=y", config="SHOWN=y\n# WANTED is not set\nDEEP=3\nX=y")
    index = found.model.index
    assert [found.undoes(index[name], new) for name, new in (("SHOWN", "n"), ("SHOWN", "y"), ("WANTED", "y"))] == [
        True, False, False,
    ]  # fmt: skip
    assert [found.undoes(index["DEEP"], new) for new in ("3", "4")] == [False, True]
    assert not found.undoes(index["LONELY"], "y")
    assert [found.has_line(key) for key in (index["SHOWN"], index["WANTED"], index["LONELY"], -1)] == [
        True,
        False,
        False,
        True,
    ]
    assert not fitness(tmp_path / "b", "X=y", config="X=y").has_line(-1)


def test_switches_are_what_selects_a_hidden_symbol_from_its_own_file(tmp_path: Path) -> None:
    found = fitness(tmp_path, "WANTED=y")
    index = found.model.index
    assert named(found.model, found.switches(index["NEEDED"])) == {"SWITCH"}
    assert found.switches(index["HINDERS"]) == set()
    assert named(found.model, found.spoken_of(index["WANTED"])) == {"SHOWN", "NEEDED", "HINDERS"}


def test_the_worst_is_told_first(tmp_path: Path) -> None:
    found = fitness(tmp_path, "WANTED=y", config="HINDERS=y")
    index = found.model.index
    rows = {name: [test(index[name]) for test in found.tests()] for name in ("EXPERT", "HINDERS", "DEEP", "WANTED")}
    assert rows == {
        "EXPERT": [True, False, True, True, True, True],
        "HINDERS": [False, False, False, False, False, True],
        "DEEP": [False, False, False, False, True, True],
        "WANTED": [False] * 6,
    }
