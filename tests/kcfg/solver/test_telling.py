"""Goals on ints, hexes and strings, against every configuration of small trees."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.kconfig.assign import is_value
from kcfg.kconfig.model import Model
from kcfg.kconfig.numbers import plain
from kcfg.solver.clauses import FALSE, TRUE
from kcfg.solver.encoding import Domain
from kcfg.solver.nearest import nearest
from kcfg.solver.results import Core, Goal, NearestChange
from kcfg.solver.store import open_solver
from kcfg.solver.telling import telling, text_literals
from tests.kcfg.trees import MODULES, judge_of, model_of, resolver_of

TREE = (
    MODULES
    + """\
config A
	bool "a"
config LOW
	int "low" if A
	range 1 4
	default 2
config SIZE
	int "size"
	range LOW 6
	default 5 if A
config NAME
	string "name" if !A
	default "none"
config ADDRESS
	hex "address"
	depends on SIZE > 3
	default 0x10
config FIXED
	int
	default 7
"""
)
LINES = {"A": ("y", "n"), "LOW": ("1", "2", "4"), "SIZE": ("1", "2", "3", "4", "5", "6"), "NAME": ('""', '"xen"')}


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return model_of(tmp_path, TREE)


def ask(model: Model, config: str, *goals: Goal) -> NearestChange | Core:
    solver = open_solver(model, {}, goals, cache=False)
    return nearest(solver, judge_of(model, config).resolver.user, goals)


def fewest(model: Model, config: dict[str, str], goal: Goal) -> int | None:
    """How many lines the best of all configurations changes, by trying each; None where none reaches the goal."""
    number = model.index[goal.symbol]
    found = []
    for values in itertools.product(*((None, *LINES[name]) for name in LINES)):
        chosen = {name: value for name, value in zip(LINES, values, strict=True) if value is not None}
        lines = config | chosen
        text = "".join(f"{name}={value}\n" for name, value in lines.items())
        resolver = resolver_of(model, text)
        if (not resolver.written(number)) if goal.value == "n" else resolver.text(number) == goal.value:
            found.append(sum(config.get(name) != value for name, value in lines.items()))
    return min(found, default=None)


@pytest.mark.parametrize("config", [{}, {"A": "y", "SIZE": "3"}, {"LOW": "4", "NAME": '"xen"'}])
@pytest.mark.parametrize(
    "goal",
    [
        *(Goal("SIZE", value) for value in ("0", "1", "2", "3", "4", "5", "6", "7")),
        *(Goal("LOW", value) for value in ("1", "2", "4", "5")),
        *(Goal("NAME", value) for value in ("none", "xen", "")),
        *(Goal(name, "n") for name in ("SIZE", "ADDRESS", "NAME", "FIXED")),
    ],
    ids=str,
)
def test_the_fewest_lines_for_a_text_are_those_of_all_configurations(
    model: Model, config: dict[str, str], goal: Goal
) -> None:
    best = fewest(model, config, goal)
    answer = ask(model, "".join(f"{name}={value}\n" for name, value in config.items()), goal)
    if best is None:
        assert isinstance(answer, Core)
        assert answer.goals == (goal,)
        assert answer.statements
        return
    assert isinstance(answer, NearestChange)
    assert (len(answer.lines), answer.proof.proven) == (best, True)
    assert answer.configuration.values.get(goal.symbol, "n" if goal.value == "n" else "") == goal.value


def test_n_of_a_text_is_told_of_clauses_too(model: Model) -> None:
    goals = [Goal("ADDRESS", "n"), Goal("SIZE", "n"), Goal("SIZE", "3"), Goal("SIZE", "5"), Goal("FIXED", "n")]
    solver = open_solver(model, {}, goals, cache=False)
    possible = [not isinstance(solver.possible([goal], ()), Core) for goal in goals]
    assert possible == [True, False, True, True, False]
    assert isinstance(solver.possible([Goal("ADDRESS", "n"), Goal("SIZE", "5")], ()), Core)


def test_a_text_comes_with_what_its_symbol_depends_on(model: Model) -> None:
    answer = ask(model, "SIZE=3\n", Goal("ADDRESS", "0x20"))
    assert isinstance(answer, NearestChange)
    assert [(one.symbol, one.new) for one in answer.lines] == [("SIZE", "4"), ("ADDRESS", "0x20")]
    both = ask(model, "", Goal("NAME", "xen"), Goal("LOW", "4"))
    assert isinstance(both, Core)
    assert {goal.symbol for goal in both.goals} == {"NAME", "LOW"}


def test_a_number_may_be_written_in_any_way(model: Model) -> None:
    answer = ask(model, "SIZE=4\nADDRESS=0xAB\n", Goal("ADDRESS", "0xab"))
    assert isinstance(answer, NearestChange)
    assert answer.lines == ()
    answer = ask(model, "SIZE=4\n", Goal("ADDRESS", "AB"))
    assert isinstance(answer, NearestChange)
    assert [one.symbol for one in answer.lines] == ["ADDRESS"]


def test_what_only_a_default_gives_is_that_or_nothing(model: Model) -> None:
    assert isinstance(ask(model, "", Goal("FIXED", "7")), NearestChange)
    answer = ask(model, "", Goal("FIXED", "8"))
    assert isinstance(answer, Core)
    assert [(one.symbol, one.line) for one in answer.lines] == [
        ("FIXED", model.definitions[model.symbols[model.index["FIXED"]].definitions[0]].line)
    ]


def test_only_texts_add_to_a_model(model: Model) -> None:
    assert telling(model, [Goal("A", "y"), Goal("A", "n"), Goal("NO_SUCH", "5"), Goal("SIZE", "x")]) is model
    told = telling(model, [Goal("SIZE", "3"), Goal("SIZE", "3"), Goal("ADDRESS", "0X0A")])
    assert (len(told.exprs), len(told.atoms)) == (len(model.exprs) + 2, len(model.atoms) + 2)
    assert [one.text for one in told.atoms[-2:]] == ["3", "0xa"]


def test_a_text_that_was_not_told_apart_or_is_none_is_refused(model: Model) -> None:
    solver = open_solver(model, {}, [Goal("SIZE", "3")], cache=False)
    assert solver.literals(Goal("SIZE", "3"))
    for goal in (Goal("SIZE", "y"), Goal("SIZE", "77"), Goal("NAME", "xen")):
        with pytest.raises(UserError):
            solver.literals(goal)


def test_a_text_is_none_of_the_others() -> None:
    domain = Domain(4, (("0x10", 3), ("0X10", 4), ("0x11", 5)), ())
    assert text_literals(domain, "10") == [-5]
    assert text_literals(domain, "0x12") == [FALSE]
    assert text_literals(Domain(5, (("a", TRUE),), ()), "a") == []


@pytest.mark.parametrize(
    ("kind", "text", "written"),
    [
        (3, "-0", "0"),
        (3, "12", "12"),
        (4, "0X0A", "0xa"),
        (4, "a", "0xa"),
        (5, "0x0A", "0x0A"),
        (1, "y", "y"),
        (3, "x", "x"),
    ],
)
def test_one_way_of_writing_a_number(kind: int, text: str, written: str) -> None:
    assert plain(kind, text) == written


def test_what_is_a_value_of_a_text(model: Model) -> None:
    values = {"SIZE": "12", "ADDRESS": "0xF", "NAME": "y"}
    assert all(is_value(model, model.index[name], text) for name, text in values.items())
    assert not any(
        is_value(model, model.index[name], text) for name, text in {"SIZE": "n", "ADDRESS": "g", "A": "y"}.items()
    )


DROPPED = """\
config A
	bool "a"
config N
	int "n" if A
	range 1 7
	default 3
config B
	bool "b"
config C
	bool "c"
	depends on B
"""


@pytest.mark.parametrize(
    ("config", "wanted", "lines"),
    [
        ("A=y\nN=17\n", "N=7 B=y", ["B=y", "N=7"]),  # 7 is the bound that the others see
        ("A=y\nN=17\n", "N=3 B=y", ["B=y"]),  # its default is written
        ("A=y\nN=17\n", "N=3 C=y", ["B=y", "C=y"]),
        ("A=y\nN=17\n", "N=4 C=y", ["B=y", "C=y", "N=4"]),
        ("N=17\n", "A=y N=3", ["A=y"]),  # it is only seen after the change
        ("N=17\n", "A=y N=7", ["A=y", "N=7"]),
        ("N=5\n", "A=y N=3", ["A=y", "N=3"]),
        ("N=5\n", "A=y N=5 B=y", ["A=y", "B=y"]),
    ],
)
def test_before_6_10_a_number_whose_line_is_out_of_its_range_is_its_default(
    tmp_path: Path, config: str, wanted: str, lines: list[str]
) -> None:
    model = model_of(tmp_path, DROPPED, "5.10.0")
    goals = [Goal(*one.split("=")) for one in wanted.split()]
    solver = open_solver(model, {}, goals, cache=False)
    user = judge_of(model, config).resolver.user
    ways = [(goal,) for goal in goals]
    for answer in (
        nearest(solver, user, goals),
        nearest(solver, user, goals, few_symbols=True),
        nearest(solver, user, goals[1:], either=[[ways[0]]], few_symbols=True),
    ):
        assert isinstance(answer, NearestChange)
        assert sorted(f"{one.symbol}={one.new}" for one in answer.lines) == lines
        assert answer.proof.proven
        assert answer.settled
