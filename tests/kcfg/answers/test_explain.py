"""What is told of goals and of one symbol, as data."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.answers.describe import describe
from kcfg.answers.explain import (
    ChangedLine,
    KeptBy,
    core_lines,
    explain,
    explain_on,
    why_now,
)
from kcfg.answers.goals import carried_names, read_goals
from kcfg.answers.judge import Judge
from kcfg.answers.reasons import MAX_REASONS
from kcfg.answers.unknown import near_misses
from kcfg.base.errors import CannotEvaluate, UserError
from kcfg.kconfig.model import Model
from kcfg.solver.clauses import StatementKind
from kcfg.solver.encode import encode
from kcfg.solver.results import Core, Goal
from kcfg.solver.solver import Solver
from kcfg.solver.statements import Statement
from kcfg.solver.store import open_solver
from tests.kcfg.trees import MODULES, OLD, judge_of, model_of

TREE = (
    MODULES
    + """\
menu "guests"
	depends on BASE
	visible if SEEN
config XEN
	bool "Xen"
	depends on PARAVIRT && NET
	select CLOCK if NET
	imply FRONT
endmenu
config BASE
	bool "base"
config SEEN
	bool "seen"
config PARAVIRT
	bool "paravirt"
config NET
	bool "net"
	default y
config CLOCK
	bool
config FRONT
	tristate "front"
	depends on NET
config SIZE
	int "size" if NET
	range 1 9 if NET
	default 5 if BASE
	default 7
config NAME
	string "name"
choice
	prompt "choice"
config LEFT
	bool "left"
config RIGHT
	bool "right"
endchoice
"""
)


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return model_of(tmp_path, TREE)


def solver_of(model: Model) -> Solver:
    return Solver(model, encode(model))


def steps(reasons: object) -> list[tuple[int, str, str]]:
    assert isinstance(reasons, tuple | list)
    return [(reason.depth, str(reason.kind), str(reason.where)) for reason in reasons]


# Goals


@pytest.mark.parametrize(
    ("word", "goal"),
    [
        ("XEN=y", Goal("XEN", "y")), ("CONFIG_XEN=n", Goal("XEN", "n")), ("XEN", Goal("XEN", "y")),
        ("!XEN", Goal("XEN", "n")), ("!CONFIG_XEN", Goal("XEN", "n")), ("FRONT", Goal("FRONT", "enabled")),
        ("FRONT=m", Goal("FRONT", "m")), ("FRONT=enabled", Goal("FRONT", "enabled")),
        ("SIZE=5", Goal("SIZE", "5", True)), ("NAME=xen", Goal("NAME", "xen", True)),
        ('NAME="a=b"', Goal("NAME", "a=b", True)), ("NAME=", Goal("NAME", "", True)),
        ("!NAME", Goal("NAME", "n")),
        ("SIZE=n", Goal("SIZE", "n")), ('NAME="a\\"b"', Goal("NAME", 'a"b', True)),
        ('NAME="n"', Goal("NAME", "n", True)), ("NAME=n", Goal("NAME", "n")),
        ('NAME=""', Goal("NAME", "", True)), ('NAME="', Goal("NAME", '"', True)),
    ],
)  # fmt: skip
def test_goals_as_users_write_them(model: Model, word: str, goal: Goal) -> None:
    assert read_goals(judge_of(model), [word]) == [goal]


@pytest.mark.parametrize(
    "words",
    [
        ["XEM"], ["SIZE=x"], ["SIZE=y"], ["SIZE"], ["NAME"], ["!NAME=x"], ["XEN=m"], ["!XEN=y"], ["XEN=x"],
        ["XEN", "!XEN"], ["SIZE=5", "SIZE=6"], ["SIZE=5", "!SIZE"],
    ],
)  # fmt: skip
def test_words_that_are_no_goals(model: Model, words: list[str]) -> None:
    with pytest.raises(UserError):
        read_goals(judge_of(model), words)


def test_one_number_in_two_ways_of_writing_is_no_contradiction(tmp_path: Path) -> None:
    judge = judge_of(model_of(tmp_path, 'config H\n\thex "h"\n'))
    goals = read_goals(judge, ["H=0x40", "H=40"])
    solver = open_solver(judge.model, {}, goals, cache=False)
    assert explain(judge, solver, goals, "0", given=False).possible
    with pytest.raises(UserError, match="at once"):
        read_goals(judge, ["H=0x40", "H=0x41"])


TEXTS = """\
config ON
	bool "on"
config NUMBER
	int "number" if ON
	range 1 9
	default 5
config HIDDEN
	int "hidden"
	depends on ON
config VIEW
	int
	default NUMBER
"""


@pytest.mark.parametrize(
    ("config", "name", "value", "told"),
    [
        ("ON=y\nNUMBER=7\n", "NUMBER", "7", [(0, "explicit", "test.config:2")]),
        ("ON=y\nNUMBER=12\n", "NUMBER", "9", [(0, "out-of-range", "Kconfig:5")]),
        ("ON=y\n", "NUMBER", "5", [(0, "default", "Kconfig:6")]),
        (
            "# ON is not set\nNUMBER=7\n", "NUMBER", "5",
            [(0, "unmet-dependency", "Kconfig:4"), (1, "explicit", "test.config:1"), (0, "default", "Kconfig:6")],
        ),
        ("VIEW=3\n", "VIEW", "5", [(0, "no-prompt", "Kconfig:10"), (0, "default", "Kconfig:12")]),
        ("# ON is not set\n", "HIDDEN", "", [(0, "unmet-dependency", "Kconfig:9"), (1, "explicit", "test.config:1")]),
    ],
)  # fmt: skip
def test_why_a_number_is_what_it_is(
    tmp_path: Path, config: str, name: str, value: str, told: list[tuple[int, str, str]]
) -> None:
    judge = judge_of(model_of(tmp_path, TEXTS), config)
    report = explain_on(judge, read_goals(judge, [name], on=True), "0")
    assert (report.values, steps(report.reasons)) == (((name, value),), told)


def test_the_same_goal_twice_is_no_contradiction(model: Model) -> None:
    assert read_goals(judge_of(model), ["XEN=y", "NET=y", "XEN"]) == [
        Goal("XEN", "y"),
        Goal("NET", "y"),
        Goal("XEN", "y"),
    ]


# Explain


def test_the_change_that_reaches_a_goal(model: Model) -> None:
    judge = judge_of(model, "SEEN=y\nBASE=y\n")
    report = explain(judge, solver_of(model), [Goal("XEN", "y")], "0", given=True)
    assert report.changes == (
        ChangedLine("PARAVIRT", "n", "y", "dependency", ("XEN",), needed=True),
        ChangedLine("XEN", "", "y", "goal", ("XEN",), needed=True),
    )
    assert (report.possible, report.proven, report.core, report.verified_by) == (True, True, (), KeptBy.RESOLVE)
    assert (report.config, report.values, report.goals) == ("test.config", (("XEN", "n"),), ("XEN=y",))
    assert steps(report.reasons) == [(0, "unmet-dependency", "Kconfig:10"), (1, "not-asked", "Kconfig:18")]
    assert report.enabled > 4


def test_without_a_configuration_the_defaults_are_where_a_change_starts(model: Model) -> None:
    report = explain(judge_of(model), solver_of(model), [Goal("NET", "n")], "0", given=False)
    assert report.changes == (ChangedLine("NET", "y", "n", "goal", ("NET",)),)
    assert (report.config, report.values, report.reasons) == ("", (), ())


def test_what_is_impossible_has_a_core_from_the_goals_outwards(model: Model) -> None:
    goals = [Goal("CLOCK", "n"), Goal("XEN", "y")]
    report = explain(judge_of(model), solver_of(model), goals, "0", given=True)
    assert (report.possible, report.changes, report.verified_by) == (False, (), KeptBy.UNTOLD)
    assert [(one.symbol, str(one.where)) for one in report.core] == [("XEN", "Kconfig:11"), ("XEN", "Kconfig:10")] or [
        (one.symbol, str(one.where)) for one in report.core
    ] == [("XEN", "Kconfig:10"), ("XEN", "Kconfig:11")]
    assert report.core_goals == ("CLOCK=n", "XEN=y")
    assert all(one.needed for one in report.core)


def test_statements_are_told_in_the_order_in_which_one_leads_to_the_next() -> None:
    def line(symbol: str, others: str, number: int) -> Statement:
        return Statement(StatementKind.DEPENDS, symbol, "Kconfig", number, "", "", tuple(others.split()))

    far, near, other = line("C", "D", 3), line("A", "B C", 1), line("X", "B", 2)
    told = core_lines(Core((Goal("A", "y"),), (far, other, near), 0.0))
    assert [one.symbol for one in told] == ["A", "C", "X"]
    assert [str(one.where) for one in told] == ["Kconfig:1", "Kconfig:3", "Kconfig:2"]
    told = core_lines(Core((Goal("A", "y"),), (line("Q", "R", 3), line("X", "A", 2)), 0.0))
    assert [one.symbol for one in told] == ["X", "Q"]
    told = core_lines(Core((Goal("A", "y"),), (line("Q", "R", 3), line("X", "S", 2)), 0.0))
    assert [one.symbol for one in told] == ["Q", "X"]


def test_why_a_symbol_is_not_what_is_asked_for(model: Model) -> None:
    judge = judge_of(model, "FRONT=m\nMODULES=y\n")
    assert why_now(judge, [Goal("FRONT", "m"), Goal("FRONT", "enabled"), Goal("NET", "y")]) == ()
    assert steps(why_now(judge, [Goal("FRONT", "y")])) == [(0, "explicit", "test.config:1")]
    assert steps(why_now(judge, [Goal("FRONT", "n")])) == [(0, "explicit", "test.config:1")]
    assert steps(why_now(judge, [Goal("NET", "n")])) == [(0, "default", "Kconfig:22")]
    assert steps(why_now(judge_of(model), [Goal("FRONT", "enabled")])) == [(0, "not-asked", "Kconfig:25")]


def test_why_symbols_are_on_or_off(model: Model) -> None:
    judge = judge_of(model, "# FRONT is not set\n")
    report = explain_on(judge, [Goal("NET", "y"), Goal("FRONT", "y")], "0")
    assert (report.goals, report.values, report.config) == (
        ("NET", "FRONT"),
        (("NET", "y"), ("FRONT", "n")),
        "test.config",
    )
    assert steps(report.reasons) == [(0, "default", "Kconfig:22"), (0, "explicit", "test.config:1")]


# Reasons


SHARED = """\
config TOP
	bool "top"
	depends on LEFT && RIGHT && LAST
config LEFT
	bool "left"
	depends on GATE
config RIGHT
	bool "right"
	depends on GATE
config LAST
	bool "last"
config GATE
	bool "gate"
	depends on KEY
config KEY
	bool "key"
"""


def test_what_was_told_is_not_told_again_and_neither_is_what_stands_below_it(tmp_path: Path) -> None:
    judge = judge_of(model_of(tmp_path, SHARED))
    told = judge.explainer.why_below(judge.model.index["TOP"], 2)
    assert steps(told) == [
        (0, "unmet-dependency", "Kconfig:3"),
        (1, "unmet-dependency", "Kconfig:6"),
        (2, "unmet-dependency", "Kconfig:14"),
        (3, "not-asked", "Kconfig:15"),
        (1, "unmet-dependency", "Kconfig:9"),
        (1, "not-asked", "Kconfig:10"),
    ]


def test_what_stands_below_a_step_that_was_told_is_not_told_where_it_was_too_deep_the_first_time(
    tmp_path: Path,
) -> None:
    chain = "".join(f'config A{n}\n\tbool "a"\n\tdepends on {["A2", "A3", "A4", "GATE"][n - 1]}\n' for n in range(1, 5))
    text = f"""\
config TOP
	bool "top"
	depends on A1 && LATE
config LATE
	bool "late"
	depends on GATE
config GATE
	bool "gate"
	depends on KEY
config KEY
	bool "key"
{chain}"""
    judge = judge_of(model_of(tmp_path, text))
    told = steps(judge.explainer.why_below(judge.model.index["TOP"], 2))
    assert [depth for depth, _, _ in told] == [0, 1, 2, 3, 4, 5, 1]
    assert {kind for _, kind, _ in told} == {"unmet-dependency"}
    assert [where for _, _, where in told][-2:] == ["Kconfig:9", "Kconfig:6"]


def test_a_chain_ends_where_it_gets_long(tmp_path: Path) -> None:
    text = "".join(f'config A{n}\n\tbool "a"\n\tdepends on A{n + 1}\n' for n in range(30))
    judge = judge_of(model_of(tmp_path, text + 'config A30\n\tbool "a"\n'))
    told = judge.explainer.why_below(judge.model.index["A0"], 2)
    assert [reason.depth for reason in told] == [0, 1, 2, 3, 4, 5]


def test_reasons_end_where_they_get_many(tmp_path: Path) -> None:
    text = "".join(f'config B{n}\n\tbool "b"\n\tdepends on A{n}\nconfig A{n}\n\tbool "a"\n' for n in range(30))
    text += 'config TOP\n\tbool "top"\n' + "".join(f"\tdepends on B{n}\n" for n in range(30))
    judge = judge_of(model_of(tmp_path, text))
    assert len(judge.explainer.why_below(judge.model.index["TOP"], 2)) == MAX_REASONS


def test_a_circle_of_selects_ends(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tselect B\nconfig B\n\tbool "b"\n\tselect A\n'
    judge = judge_of(model_of(tmp_path, text), "A=y\n")
    told = steps(judge.explainer.why_above(judge.model.index["B"], 0))
    assert told[0] == (0, "selected", "Kconfig:3")
    assert len(told) < MAX_REASONS


def test_names_like_a_symbols_are_offered(model: Model) -> None:
    assert near_misses(model, "PARAVIRTT") == ["PARAVIRT"]
    assert near_misses(model, "XENN") == ["XEN"] or near_misses(model, "XENN") == []
    assert near_misses(model, "NOTHING_LIKE_IT") == []


# One symbol


def test_a_symbol_with_all_that_governs_it(model: Model) -> None:
    report = describe(judge_of(model), "CONFIG_XEN", "0", valued=False)
    assert (report.symbol, report.type, report.config, report.value, report.reasons) == ("XEN", "bool", "", "", ())
    (place,) = report.definitions
    assert str(place.where) == "Kconfig:8"
    assert place.prompt is not None
    assert (str(place.prompt.where), place.prompt.value) == ("Kconfig:9", "")
    assert [(one.text, str(one.where)) for one in place.depends] == [
        ("menu depends on BASE", "Kconfig:6"),
        ("depends on PARAVIRT && NET", "Kconfig:10"),
        ("visible if SEEN", "Kconfig:7"),
    ]
    assert [(one.text, str(one.where)) for one in place.selects] == [
        ("select CLOCK if NET", "Kconfig:11"),
        ("imply FRONT", "Kconfig:12"),
    ]
    report = describe(judge_of(model), "SIZE", "0", valued=False)
    (place,) = report.definitions
    assert [one.text for one in place.ranges] == ["range 1 9 if NET"]
    assert [one.text for one in place.defaults] == ["default 5 if BASE", "default 7"]
    assert (report.type, place.depends, report.choice) == ("int", (), ())
    assert describe(judge_of(model), "RIGHT", "0", valued=False).choice == ("LEFT", "RIGHT")
    assert describe(judge_of(model), "CLOCK", "0", valued=False).definitions[0].prompt is None


def test_who_selects_and_implies_a_symbol(model: Model) -> None:
    report = describe(judge_of(model), "CLOCK", "0", valued=False)
    assert [(one.text, str(one.where), one.value) for one in report.selected_by] == [("XEN if NET", "Kconfig:11", "")]
    report = describe(judge_of(model), "FRONT", "0", valued=False)
    assert [(one.text, str(one.where)) for one in report.implied_by] == [("XEN", "Kconfig:12")]
    assert report.selected_by == ()


ON = "SEEN=y\nBASE=y\nPARAVIRT=y\nXEN=y\nSIZE=12\n"


def test_a_symbol_with_its_values_in_a_configuration(model: Model) -> None:
    judge = judge_of(model, ON)
    report = describe(judge, "XEN", "0", valued=True)
    assert (report.config, report.value, report.at_most, report.at_least) == ("test.config", "y", "y", "n")
    assert str(report.line) == "test.config:4"
    assert steps(report.reasons) == [(0, "explicit", "test.config:4")]
    assert [one.value for one in report.definitions[0].depends] == ["y", "y", "y"]
    report = describe(judge, "CLOCK", "0", valued=True)
    assert (report.value, report.at_most, report.at_least, report.line) == ("y", "n", "y", None)
    assert [one.value for one in report.selected_by] == ["y"]
    report = describe(judge, "SIZE", "0", valued=True)
    assert (report.value, report.at_most, report.at_least, report.reasons) == ("9", "", "", ())
    report = describe(judge_of(model, "# XEN is not set\n"), "XEN", "0", valued=True)
    assert (report.value, report.at_most) == ("n", "n")
    assert [reason.kind for reason in report.reasons if reason.depth == 0] == ["unmet-dependency"] * 3


def test_a_symbol_that_nothing_answers_says_so_instead(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\n\tdepends on $(shell,probe)\n')
    report = describe(judge_of(model), "A", "0", valued=True)
    assert [reason.kind for reason in report.reasons] == ["probe"]


def test_a_symbol_that_is_not_there_is_an_error(model: Model) -> None:
    for name in ("XEM", "xen", "NO_SUCH"):
        with pytest.raises(UserError):
            describe(judge_of(model), name, "0", valued=False)


# What can be relied on


def test_where_a_model_of_another_series_disagrees_neither_is_believed(model: Model) -> None:
    def doubts(text: str, *, exact: bool = False, complete: bool = True) -> set[str]:
        judge: Judge = judge_of(model, text, exact=exact, complete=complete)
        return {name for name in ("XEN", "NET", "SIZE", "NO_SUCH") if judge.doubt(name) is not None}

    assert doubts("NET=y\nXEN=y\nSIZE=7\n") == {"XEN"}
    assert doubts("NET=y\nXEN=y\nSIZE=7\n", exact=True) == set()
    assert doubts("NET=y\nXEN=y\nSIZE=7\n", complete=False) == set()
    assert doubts("SIZE=70\n") == {"NET", "SIZE"}
    assert doubts("NET=y\n") == set()
    judge = judge_of(model, "NET=y\nXEN=y\n", exact=False, complete=True)
    assert [(str(one.kind), str(one.where)) for one in judge.why_not("XEN", ("y",))] == [
        ("other-kernel", "test.config:3")
    ]
    judge = judge_of(model, "SIZE=7\n", exact=False, complete=True)
    doubt = judge.doubt("NET")
    assert doubt is not None
    assert str(doubt.where) == "test.config"


def test_why_a_symbol_has_none_of_some_values(model: Model) -> None:
    judge = judge_of(model, "MODULES=y\nFRONT=m\n")
    assert [str(one.kind) for one in judge.why_not("FRONT", ("y",))] == ["explicit"]
    assert [str(one.kind) for one in judge.why_not("FRONT", ("n",))] == ["explicit"]
    assert [str(one.kind) for one in judge.why_not("NET", ("n",))] == ["default"]
    assert [str(one.kind) for one in judge.why_not("NO_SUCH", ("y",))] == ["unknown-symbol"]


def test_a_comparison_is_told_with_the_values_of_its_symbols(tmp_path: Path) -> None:
    text = 'config SIZE\n\tint "size"\n\tdefault 5\nconfig A\n\tbool "a"\n\tdepends on SIZE > 9\n'
    judge = judge_of(model_of(tmp_path, text))
    (reason,) = judge.explainer.why_below(judge.model.index["A"], 2)
    assert [(one.symbol, one.value) for one in reason.states] == [("SIZE", "5")]


def test_who_implies_a_symbol_is_the_one_that_is_on(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\timply T\nconfig B\n\tbool "b"\n\timply T\nconfig T\n\tbool "t"\n'
    judge = judge_of(model_of(tmp_path, text), "B=y\n")
    (reason,) = judge.explainer.why_above(judge.model.index["T"], 0)
    assert (reason.others, str(reason.where)) == (("B",), "Kconfig:6")


def test_a_member_that_is_on_by_default_is_told_by_its_choice(model: Model) -> None:
    judge = judge_of(model)
    assert [(str(one.kind), str(one.where)) for one in judge.explainer.why_above(model.index["LEFT"], 0)] == [
        ("choice", f"Kconfig:{judge.model.definitions[model.choices[0].definitions[0]].line}")
    ]


def test_a_line_that_cannot_be_seen_is_told_before_the_default_that_counts(tmp_path: Path) -> None:
    text = 'config X\n\tbool "x"\nconfig A\n\tbool "a" if X\n\tdefault y\n'
    judge = judge_of(model_of(tmp_path, text), "# A is not set\n")
    told = steps(judge.explainer.why_above(judge.model.index["A"], 0))
    assert told[-1] == (0, "default", "Kconfig:5")
    assert len(told) > 1
    assert len(steps(judge_of(judge.model).explainer.why_above(judge.model.index["A"], 0))) == 1


# Old names


OLD_NAME = """
config CC_HAS
	def_bool y

config CFI_CLANG
	bool
	transitional

config CFI
	bool "cfi"
	depends on CC_HAS
	default CFI_CLANG

config GONE
	bool
	transitional
"""


def test_an_old_name_is_answered_for_the_symbol_that_takes_its_line_over(tmp_path: Path) -> None:
    judge = judge_of(model_of(tmp_path, OLD_NAME, "7.3.0"))
    goals, carried = read_goals(judge, ["CFI_CLANG=y"]), carried_names(judge, ["CFI_CLANG=y", "CC_HAS"])
    assert (goals, carried) == ([Goal("CFI", "y")], (("CFI_CLANG", "CFI"),))
    report = explain(judge, solver_of(judge.model), goals, "0", given=False, carried=carried)
    assert (report.possible, [one.symbol for one in report.changes]) == (True, ["CFI"])
    assert report.carried == carried


def test_an_old_name_whose_line_nothing_takes_over_cannot_be_evaluated(tmp_path: Path) -> None:
    judge = judge_of(model_of(tmp_path, OLD_NAME, "7.3.0"))
    with pytest.raises(CannotEvaluate):
        read_goals(judge, ["GONE=y"])


@pytest.mark.parametrize("word", ["=", "=y", "!", "CONFIG_"])
def test_a_goal_without_a_name_is_none(tmp_path: Path, word: str) -> None:
    with pytest.raises(UserError, match="is no goal"):
        read_goals(judge_of(model_of(tmp_path, 'config A\n\tbool "a"\n')), [word])


def test_nobody_keeps_what_is_read_back_as_something_else(tmp_path: Path) -> None:
    text = 'config B\n\tbool "b"\n\tdepends on I = -2\nconfig I\n\tint "i"\n\trange -2 10\n\tdefault 7\n'
    model = model_of(tmp_path, text, OLD)
    report = explain(judge_of(model, "I=-3\nB=y\n"), solver_of(model), [Goal("B", "y")], "0", given=True)
    assert (report.changes, report.verified_by) == ((), KeptBy.NOBODY)


NUMBERS = """\
config SIZE
	int "size"
	range 1 10
	default 6 if BIG
	default 4
config BIG
	bool "big"
config NAME
	string "name"
config FIXED
	hex
	default 0x10
"""


@pytest.mark.parametrize(
    ("config", "asked", "told"),
    [
        ("SIZE=4\n", "SIZE=12", ["0 out-of-range SIZE Kconfig:3"]),
        ("SIZE=4\n", "SIZE=10", ["0 explicit SIZE test.config:1"]),
        ("SIZE=4\n", "SIZE=n", ["0 explicit SIZE test.config:1"]),
        ("SIZE=17\n", "SIZE=3", ["0 explicit SIZE test.config:1", "1 out-of-range SIZE Kconfig:3"]),
        ("BIG=y\n", "SIZE=3", ["0 default SIZE Kconfig:4"]),
        ("", "SIZE=n", ["0 default SIZE Kconfig:5"]),
        ("", "NAME=xen", ["0 not-asked NAME Kconfig:8"]),
        ("", "FIXED=0x20", ["0 no-prompt FIXED Kconfig:10"]),
        ("FIXED=0x20\n", "FIXED=0x20", ["0 no-prompt FIXED Kconfig:10"]),
    ],
)
def test_why_a_number_or_a_text_is_another_one(tmp_path: Path, config: str, asked: str, told: list[str]) -> None:
    judge = judge_of(model_of(tmp_path, NUMBERS), config)
    name, value = asked.split("=")
    found = judge.why_not(name, (value,))
    assert [f"{one.depth} {one.kind} {one.symbol} {one.where}" for one in found] == told


BOUNDED = """\
config N
	int "n"
	range 1 END
config END
	int
	default 100 if BIG
	default LAST
config LAST
	int
	default 8
config BIG
	bool "big"
"""


def test_a_core_says_where_its_numbers_come_from(tmp_path: Path) -> None:
    model = model_of(tmp_path, BOUNDED)
    goals = [Goal("N", "101", True)]
    report = explain(judge_of(model), open_solver(model, {}, goals, cache=False), goals, "0", given=False)
    assert {str(one.where) for one in report.core if not one.source} == {"Kconfig:3"}
    assert {str(one.where) for one in report.core if one.source} == {"Kconfig:6", "Kconfig:7", "Kconfig:10"}
    assert not any(one.needed for one in report.core)
    wider = model_of(tmp_path / "wider", BOUNDED.replace("default 8", "default 101"))
    assert explain(judge_of(wider), open_solver(wider, {}, goals, cache=False), goals, "0", given=False).possible


def test_what_no_default_gives_has_no_other_reason(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config S\n\tstring\n\tdefault "z"\n')
    goals = [Goal("S", "q", is_text=True)]
    report = explain(judge_of(model), open_solver(model, {}, goals, cache=False), goals, "0", given=False)
    assert (report.possible, report.core_more) == (False, False)


def test_the_default_that_would_give_a_hex_is_known_by_its_number(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config C\n\tbool "c"\nconfig H\n\thex\n\tdefault 0x10 if C\n\tdefault 0x0\n')
    assert [str(one.where) for one in judge_of(model, "").why_not("H", ("10",))] == [
        "Kconfig:3",
        "Kconfig:5",
        "Kconfig:1",
    ]
