"""Goals on ints, hexes and strings, against every configuration of small trees."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.kconfig.assign import UserValues, is_value, meant
from kcfg.kconfig.model import Model
from kcfg.kconfig.numbers import plain
from kcfg.solver.clauses import FALSE, TRUE
from kcfg.solver.encode import encode
from kcfg.solver.encoding import Deferred, Domain, Encoding, dumps, loads
from kcfg.solver.goals import check, no_other_text, wanted_lines
from kcfg.solver.nearest import has, nearest
from kcfg.solver.results import Core, Goal, NearestChange, Smallest, Witness
from kcfg.solver.smallest import smallest
from kcfg.solver.solver import Solver
from kcfg.solver.store import open_solver
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
LINES = {
    "A": ("y", "n"),
    "LOW": ("1", "2", "4"),
    "SIZE": ("1", "2", "3", "4", "5", "6"),
    "NAME": ('""', '"n"', '"enabled"'),
}


def text(symbol: str, value: str) -> Goal:
    return Goal(symbol, value, is_text=True)


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
        if resolver.written(number) is not goal.is_off and (goal.is_off or resolver.text(number) == goal.value):
            found.append(sum(config.get(name) != value for name, value in lines.items()))
    return min(found, default=None)


@pytest.mark.parametrize("config", [{}, {"A": "y", "SIZE": "3"}, {"LOW": "4", "NAME": '"n"'}])
@pytest.mark.parametrize(
    "goal",
    [
        *(text("SIZE", value) for value in ("0", "1", "2", "3", "4", "5", "6", "7")),
        *(text("LOW", value) for value in ("1", "2", "4", "5")),
        *(text("NAME", value) for value in ("none", "n", "enabled", "")),
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
    assert answer.configuration.values.get(goal.symbol) == (None if goal.is_off else goal.value)


@pytest.mark.parametrize(
    ("goal", "said", "off"),
    [
        (Goal("A", "n"), "A=n", True),
        (Goal("A", "enabled"), "A=y or m", False),
        (text("A", "n"), 'A="n"', False),
        (text("A", "enabled"), "A=enabled", False),
        (text("A", 'a"b'), 'A=a"b', False),
        (text("A", '"\\"'), 'A="\\"\\\\\\""', False),
        (text("A", '"'), 'A="', False),
    ],
    ids=str,
)
def test_a_goal_is_said_as_users_write_it(goal: Goal, said: str, off: bool) -> None:
    assert (str(goal), goal.is_off) == (said, off)
    if goal.is_text:
        assert meant(5, goal.word) == goal.value


def test_a_text_that_is_the_letter_n_is_told_of_no_line(tmp_path: Path) -> None:
    model = model_of(tmp_path, TREE.replace('"name" if !A', '"name"\n\tdepends on !A'))
    solver = Solver(model, encode(model))
    goals = text("NAME", "n"), Goal("NAME", "n")
    assert [isinstance(solver.possible([goal]), Witness) for goal in goals] == [True, True]
    assert isinstance(solver.possible(goals), Core)
    for config, wanted in (('NAME="n"\n', [True, False]), ("A=y\n", [False, True])):
        assert [has(resolver_of(model, config), goal) for goal in goals] == wanted
    for goal in (text("A", "y"), text("SIZE", "n"), Goal("NAME", "xen"), Goal("NAME", "y"), text("NO_SUCH", "n")):
        with pytest.raises(UserError):
            check(model, [goal])


def test_n_of_a_text_is_told_of_clauses_too(model: Model) -> None:
    goals = [Goal("ADDRESS", "n"), Goal("SIZE", "n"), text("SIZE", "3"), text("SIZE", "5"), Goal("FIXED", "n")]
    solver = open_solver(model, {}, goals, cache=False)
    possible = [not isinstance(solver.possible([goal], ()), Core) for goal in goals]
    assert possible == [True, False, True, True, False]
    assert isinstance(solver.possible([Goal("ADDRESS", "n"), text("SIZE", "5")], ()), Core)


def test_a_text_comes_with_what_its_symbol_depends_on(model: Model) -> None:
    answer = ask(model, "SIZE=3\n", text("ADDRESS", "0x20"))
    assert isinstance(answer, NearestChange)
    assert [(one.symbol, one.new) for one in answer.lines] == [("SIZE", "4"), ("ADDRESS", "0x20")]
    both = ask(model, "", text("NAME", "xen"), text("LOW", "4"))
    assert isinstance(both, Core)
    assert {goal.symbol for goal in both.goals} == {"NAME", "LOW"}


def test_a_number_may_be_written_in_any_way(model: Model) -> None:
    answer = ask(model, "SIZE=4\nADDRESS=0xAB\n", text("ADDRESS", "0xab"))
    assert isinstance(answer, NearestChange)
    assert answer.lines == ()
    answer = ask(model, "SIZE=4\n", text("ADDRESS", "AB"))
    assert isinstance(answer, NearestChange)
    assert [one.symbol for one in answer.lines] == ["ADDRESS"]


def test_what_only_a_default_gives_is_that_or_nothing(model: Model) -> None:
    assert isinstance(ask(model, "", text("FIXED", "7")), NearestChange)
    answer = ask(model, "", text("FIXED", "8"))
    assert isinstance(answer, Core)
    assert [(one.symbol, one.line) for one in answer.lines] == [
        ("FIXED", model.definitions[model.symbols[model.index["FIXED"]].definitions[0]].line)
    ]


def test_only_values_of_texts_are_lines(model: Model) -> None:
    assert wanted_lines(model, [Goal("A", "y"), Goal("A", "n"), Goal("NO_SUCH", "5"), text("SIZE", "x")]) == ()
    size, address = model.index["SIZE"], model.index["ADDRESS"]
    found = wanted_lines(model, [text("SIZE", "3"), text("SIZE", "03"), text("SIZE", "3"), text("ADDRESS", "0X0A")])
    assert found == ((size, "3"), (address, "0xa"))
    assert wanted_lines(model, [Goal("SIZE", "n")]) == ((size, None),)


def test_a_solver_tells_texts_that_nobody_told_it_of(model: Model) -> None:
    solver = Solver(model, encode(model))
    size, none = text("SIZE", "3"), Goal("ADDRESS", "n")
    for goals, possible in (([size], True), ([text("SIZE", "9")], False), ([size, none], True)):
        assert isinstance(solver.possible(goals), Witness) is possible
        assert isinstance(smallest(solver, goals), Smallest) is possible
        assert isinstance(nearest(solver, UserValues(), goals), NearestChange) is possible
    either = [[[text("SIZE", "5")], [text("LOW", "2")]]]
    for change in (nearest(solver, UserValues(), [none], either=either), smallest(solver, [none], either=either)):
        assert isinstance(change, NearestChange | Smallest)
        assert change.configuration.values["SIZE"] != "5"
    assert solver.for_goals([size]) is solver.for_goals([size])
    assert solver.for_goals([Goal("A", "y")]) is solver
    told = open_solver(model, {}, [size, none], cache=False)
    assert told.for_goals([none]) is told


def test_clauses_that_were_not_made_for_a_text_are_no_user_s_fault(model: Model) -> None:
    solver = open_solver(model, {}, [text("SIZE", "3")], cache=False)
    assert solver.literals(text("SIZE", "3"))
    for goal in (text("SIZE", "5"), Goal("SIZE", "n"), text("NAME", "xen")):
        with pytest.raises(RuntimeError, match=f"not made for {goal}"):
            solver.literals(goal)


def test_what_is_no_value_is_refused_before_anything_is_encoded(model: Model) -> None:
    def never() -> Encoding:
        raise AssertionError

    solver = Solver(model, Deferred({}, never))
    for goal in (text("SIZE", "y"), text("SIZE", "x"), Goal("A", "m"), Goal("A", "5"), Goal("NO_SUCH", "y")):
        with pytest.raises(UserError):
            nearest(solver, UserValues(), [goal])
    assert isinstance(nearest(solver, UserValues(), [Goal("A", "y")]), NearestChange)
    assert isinstance(nearest(solver, UserValues(), [text("ADDRESS", "0x20"), text("SIZE", "5")]), NearestChange)


def test_a_solver_that_tells_a_user_s_lines_tells_the_texts_of_goals_too(model: Model) -> None:
    asked = Solver(model, encode(model)).for_goals([text("SIZE", "3")])
    told = asked.with_lines({model.index["SIZE"]: "44", model.index["LOW"]: "33"})
    assert told is not asked
    assert told.literals(text("SIZE", "3"))


def test_no_line_is_no_text_to_try(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config N\n\tint "n"\n\tdefault 5\nconfig A\n\tdef_bool N = n\n')
    either = [[[Goal("N", "n")], [Goal("A", "y")]]]
    change = nearest(Solver(model, encode(model)), UserValues(), [], either=either)
    assert isinstance(change, NearestChange)
    assert [(line.symbol, line.new) for line in change.lines] == [("N", "0")]


def test_clauses_in_the_cache_are_of_the_texts_that_they_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Model
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for goals in ([], [text("SIZE", "3")], [Goal("SIZE", "n")], [text("NAME", "n")], [Goal("NAME", "n")]):
        for _ in range(2):
            solver = open_solver(model, {}, goals)
            assert (len(solver.encoding.lines), len(solver.all_literals(goals))) == (len(goals), len(goals))
    assert len(list((tmp_path / "cache" / "kcfg" / "clauses").iterdir())) == 5


def test_literals_of_lines_are_kept_in_a_file(model: Model) -> None:
    made = encode(model, wanted=[(model.index["SIZE"], "3"), (model.index["NAME"], None)])
    assert loads(dumps(made), "x").lines == made.lines
    assert len(made.lines) == 2


def test_a_text_is_none_of_the_others() -> None:
    domain = Domain(4, (("0x10", 3), ("0X10", 4), ("0x11", 5)), ())
    assert no_other_text(domain, "10") == [-5]
    assert no_other_text(domain, "0x12") == [FALSE]
    assert no_other_text(Domain(5, (("a", TRUE),), ()), "a") == []


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
    assert not any(is_value(model, model.index["NAME"], text) for text in ("a\nb", "\udcff", "\0", "a\r"))
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
    goals = [
        text(name, value) if name == "N" else Goal(name, value)
        for name, value in (one.split("=") for one in wanted.split())
    ]
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
