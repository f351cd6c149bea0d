"""Each statement about a change, turned round, is refuted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.conformance import kernels
from tests.oracle.changed import Told, told_wrongly
from tests.oracle.product import Answer, Line, Otherwise, Product
from tests.oracle.questions import Case, Question
from tests.oracle.test_oracle import opened
from tests.oracle.trees import Option, Tree, Unit
from tests.oracle.verdicts import Examiner, Tally

BOOLS = "CDEFGHI"
TREE = Tree(
    (6, 1),
    """config MODULES
	bool "modules"
	modules
choice
	prompt "one of two"
config A
	bool "a"
config B
	bool "b"
endchoice
config C
	bool "c"
config D
	bool "d"
	depends on C
config E
	bool "e"
	depends on !C && G
config F
	bool "f"
	default y
config G
	bool "g"
config H
	bool "h"
	default y
	depends on G && !D
config I
	bool "i"
	depends on D || !H
""",
    (
        Option("MODULES", "bool", 0, prompted=True),
        Option("A", "bool", 1, prompted=True, member=True),
        Option("B", "bool", 1, prompted=True, member=True),
        *(Option(name, "bool", rank, prompted=True) for rank, name in enumerate(BOOLS, 2)),
    ),
    (Unit(("MODULES",)), Unit(("A", "B"), choice=True), *(Unit((name,)) for name in BOOLS)),
    {},
)
WITH_D = Question("nearest", (("D", "y"),), lines=("CONFIG_E=y", "CONFIG_G=y", "# CONFIG_C is not set"))
WITH_A = Question("nearest", (("A", "y"),), lines=("# CONFIG_A is not set", "CONFIG_B=y"))
WITH_I = Question("nearest", (("I", "y"),), lines=("CONFIG_G=y", "CONFIG_H=y"))
"""H off and I on are two lines; C, D and I, which leave H's line alone, are three, and turn it off too."""


@pytest.fixture(scope="module")
def examine() -> Iterator[Callable[[Question, Callable[[Answer], Answer]], list[str]]]:
    kernel = kernels.kernel("6.1")
    with opened(kernel, TREE) as tree:
        assert tree is not None
        folder, truth = tree
        product = Product(folder, kernel.version)

        def kinds(question: Question, changed: Callable[[Answer], Answer]) -> list[str]:
            examiner = Examiner(kernel, folder, Case(TREE, False, (question,)), truth, Tally(), product)
            examiner.question, config = question, examiner.start(question)
            answer = product.nearest(truth.edited(config, ()), question.goals)
            told = Told(truth, config, question, changed(answer), examiner.reached)
            return [kind for kind, _ in told_wrongly(told, examiner.tally)]

        yield kinds


def with_line(answer: Answer, symbol: str, **words: object) -> Answer:
    """The answer with something else said of a line."""
    lines = tuple(replace(one, **words) if one.symbol == symbol else one for one in answer.lines)  # type: ignore[arg-type]
    return replace(answer, lines=lines)


def with_more(answer: Answer, symbol: str, value: str) -> Answer:
    """The answer with one line more."""
    more = Line(symbol, value, (symbol,))
    return replace(answer, lines=(*answer.lines, more), changed=(*answer.changed, (symbol, value)))


@pytest.mark.parametrize(
    ("question", "changed", "kind"),
    [
        (WITH_D, lambda it: with_more(it, "F", "n"), "a line that is not needed"),
        (WITH_D, lambda it: with_line(it, "C", lost=()), "nothing is said to be lost without a line"),
        (WITH_D, lambda it: with_line(it, "D", lost=("C",)), "what is said to be lost without a line is not"),
        (WITH_D, lambda it: with_line(it, "C", undoes=False), "whether a line is undone"),
        (WITH_D, lambda it: replace(it, lines_lost=()), "other lines are lost than are told"),
        (WITH_D, lambda it: replace(it, lines_lost=("E", "G")), "other lines are lost than are told"),
        (WITH_A, lambda it: with_line(it, "A", last=False), "lines that do not come out where they stand"),
        (WITH_I, lambda it: with_line(it, "H", needed=True), "a line that is needed is not"),
        (
            WITH_I,
            lambda it: replace(it, otherwise=Otherwise((("G", "n"),), (("C", "y"), ("D", "y"), ("I", "y")), True)),
            "what is said to stay was not so",
        ),
        (
            WITH_I,
            lambda it: replace(it, otherwise=Otherwise((("G", "y"),), (("C", "y"), ("D", "y")), True)),
            "another change does not reach the goals, or what is said to stay does not",
        ),
        (
            WITH_I,
            lambda it: replace(it, otherwise=Otherwise((("G", "y"),), (("C", "y"), ("D", "y"), ("I", "y")), True)),
            "another change gives as many symbols another value",
        ),
        (
            WITH_I,
            lambda it: replace(it, otherwise=Otherwise((("G", "y"),), (("C", "y"), ("D", "y"), ("I", "y")), True)),
            "another change is proven, but fewer lines do",
        ),
        (
            WITH_I,
            lambda it: replace(it, otherwise=Otherwise((("F", "y"),), (("H", "n"), ("I", "y")), False)),
            "no proof of another change, though the time did not run out",
        ),
    ],
)
def test_what_is_not_so_of_a_change_is_refuted(
    question: Question,
    changed: Callable[[Answer], Answer],
    kind: str,
    examine: Callable[[Question, Callable[[Answer], Answer]], list[str]],
) -> None:
    assert examine(question, lambda it: it) == []
    assert kind in examine(question, changed)
