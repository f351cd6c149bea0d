"""What the lines of a configuration say about the probes of its build, part by part."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.model import Op
from kcfg.kconfig.recorded import ANY, Recorded, recorded_answers
from tests.kcfg.trees import OLD, config_of, model_of

TREE = """\
config SIZE
	int "size"
config WORD
	string "word"
config X
	bool "x"
config Y
	bool "y"
config A
	bool
	default y
	depends on {}
"""


def answer(folder: Path, condition: str, config: str, *, complete: bool = True) -> str | None:
    """What is known of the one probe of a condition: A hangs on that, and has no prompt."""
    model = model_of(folder, TREE.format(condition))
    found = recorded_answers(model, read_user_values(model, config_of(config)), complete=complete)
    return found.get(model.probes[0].key)


@pytest.mark.parametrize(
    ("condition", "config", "said"),
    [
        ("$(shell,p)", "A=y", "y"),
        ("!$(shell,p)", "A=y", "n"),
        ("$(shell,p) && X", "A=y\nX=y", "y"),
        ("$(shell,p) && X", "# X is not set", None),
        ("$(shell,p) || X", "A=y\n# X is not set", "y"),
        ("$(shell,p) || X", "A=y\nX=y", None),
        ("$(shell,p) || X || Y", "A=y\n# X is not set\n# Y is not set", "y"),
        ("$(shell,p) || X && Y", "A=y\nX=y\n# Y is not set", "y"),
        ("$(shell,p) || X && Y", "A=y\nX=y\nY=y", None),
        ("$(shell,p) || !X", "A=y\nX=y", "y"),
        ("$(shell,p) || SIZE > 5", "A=y\nSIZE=3", "y"),
        ("$(shell,p) || SIZE > 5", "A=y\nSIZE=7", None),
        ("$(shell,p) || SIZE > 5", "A=y", None),
        ("$(shell,p) || SIZE <= 5", "A=y\nSIZE=5", None),
        ("$(shell,p) && SIZE > 5", "SIZE=3", None),
        ('$(shell,p) || WORD = "w"', 'A=y\nWORD="v"', "y"),
        ('$(shell,p) || WORD = "w"', 'A=y\nWORD="w"', None),
        ("$(shell,p) || X = y", "A=y\n# X is not set", "y"),
        ("$(shell,p) || X = n", "A=y\n# X is not set", None),
        ('$(shell,p) || ELSEWHERE = "x"', "A=y", "y"),
        ('$(shell,p) || ELSEWHERE = "ELSEWHERE"', "A=y", None),
        ("!($(shell,p) && X)", "A=y\nX=y", "n"),
        ('"$(shell,p)" = "y"', "A=y", "y"),
    ],
)
def test_one_probe_that_is_left_to_decide(tmp_path: Path, condition: str, config: str, said: str | None) -> None:
    assert answer(tmp_path, condition, config) == said


def test_a_missing_line_of_a_fragment_says_nothing(tmp_path: Path) -> None:
    assert answer(tmp_path, "$(shell,p)", "", complete=False) is None
    assert answer(tmp_path / "b", "$(shell,p) || X", "A=y", complete=False) is None


def test_a_choice_is_on_where_a_member_is(tmp_path: Path) -> None:
    text = 'choice\n\tprompt "c"\nconfig ONE\n\tbool "one"\nconfig TWO\n\tbool "two"\nendchoice\n'
    model = model_of(tmp_path, text, OLD)
    (expr,) = (number for number, it in enumerate(model.exprs) if it.op in (Op.CHOICE, Op.CHOICE_Y))
    for config, expected in (("ONE=y", (2, 2)), ("TWO=y", (2, 2)), ("", ANY), ("# ONE is not set", ANY)):
        user = read_user_values(model, config_of(config))
        assert Recorded(model, user, complete=True, absent=True).bounds(expr) == expected


def test_an_answer_is_found_however_many_others_it_hangs_on(tmp_path: Path) -> None:
    count = 9
    text = "".join(
        f"config A{i}\n\tdef_bool y\n\tdepends on !$(shell,p{i + 1}) || $(shell,p{i})\n" for i in range(count)
    )
    model = model_of(tmp_path, f"{text}config LAST\n\tdef_bool y\n\tdepends on $(shell,p{count})\n")
    config = "".join(f"A{i}=y\n" for i in range(count)) + "LAST=y\n"
    found = recorded_answers(model, read_user_values(model, config_of(config)), complete=True)
    assert found == {probe.key: "y" for probe in model.probes}
    assert len(found) == count + 1
