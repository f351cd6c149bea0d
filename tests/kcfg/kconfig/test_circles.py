"""Facts of options that only seem to hang on themselves. What conf makes of each was asked of 6.12's."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

import pytest

from kcfg.base.errors import CannotEvaluate
from kcfg.kconfig.circles import untangled
from kcfg.kconfig.model import Model
from tests.kcfg.trees import NEW, OLD, model_of, resolver_of, values

EITHER = 'config A\n\tbool "a"\n\tdepends on B || !B\nconfig B\n\tbool "b"\n\tdepends on A\n'
NEVER = 'config A\n\tbool "a" if B && n\n\tdefault y\nconfig B\n\tdef_bool A\n'
CHOICE = (
    'choice\n\tprompt "c"\nconfig A\n\tbool "a"\n\tdepends on D || !D\nconfig B\n\tbool "b"\nendchoice\n'
    "config D\n\tdef_bool B\n"
)
INSIDE = 'if B || !B\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdefault A\nendif\n'
DEFAULT = (
    'choice\n\tprompt "c"\n\tdefault A if C || !C\nconfig A\n\tbool "a"\nendchoice\n'
    'config B\n\tdef_bool A\nconfig C\n\tbool "c"\n\tdefault B\n'
)
VISIBLE = 'menu "m"\n\tvisible if B || y\nconfig A\n\tbool "a"\nendmenu\nconfig B\n\tdef_bool A\n'
SELECT = 'config A\n\tbool "a"\n\tselect T if C && n\nconfig C\n\tdef_bool T\nconfig T\n\tbool\n\tdefault A\n'
RANGE = 'config N\n\tint "n"\n\trange 5 9 if B && n\nconfig B\n\tdef_bool N = 3\n'

COMPARED = (
    'config A\n\ttristate "a"\nconfig MODULES\n\tdef_bool y\n\tmodules\n'
    "config C\n\tdef_bool y if (T || y) && A != y\nconfig T\n\tdef_bool C\n"
)

FIRST = 'config A\n\tstring "a"\nconfig C\n\tdef_bool y if (T || y) && A = "x"\nconfig T\n\tdef_bool C\n'


@pytest.mark.parametrize(
    ("text", "config", "lines"),
    [
        (EITHER, "A=y\nB=y", {"A": "y", "B": "y"}),
        (NEVER, "", {"A": "y", "B": "y"}),
        (CHOICE, "B=y", {"A": "n", "B": "y", "D": "y"}),
        (VISIBLE, "A=y", {"A": "y", "B": "y"}),
        (SELECT, "A=y", {"A": "y", "C": "y", "T": "y"}),
        (INSIDE, "A=y", {"A": "y", "B": "y"}),
        (DEFAULT, "", {"A": "y", "B": "y", "C": "y"}),
        (RANGE, "N=3", {"N": "3", "B": "y"}),
        (FIRST, 'A="x"', {"A": "x", "C": "y", "T": "y"}),
        (COMPARED, "A=m", {"MODULES": "y", "A": "m", "C": "y", "T": "y"}),
    ],
)
@pytest.mark.parametrize("version", [OLD, NEW])
def test_what_only_seems_to_hang_on_itself_has_its_value(
    tmp_path: Path, text: str, config: str, lines: dict[str, str], version: str
) -> None:
    model = model_of(tmp_path, text, version)
    for first in range(len(model.symbols)):
        resolver = resolver_of(model, config)
        resolver.tri(first)
        found = {model.symbols[number].name: value for number, value in resolver.lines()}
        assert {name: value for name, value in found.items() if name in lines} == lines


def test_what_hangs_on_itself_stays_as_it_is(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n\tdepends on A\n'
    model = model_of(tmp_path, text)
    assert untangled(model) is None
    assert resolver_of(model, "A=y\nB=y").lines() == []


def test_numbers_of_symbols_and_statements_stay(tmp_path: Path) -> None:
    model = model_of(tmp_path, EITHER + NEVER.replace("A", "C").replace("B", "D") + RANGE.replace("B", "E"))
    other = untangled(model)
    assert other is not None
    assert [one.name for one in other.symbols] == [one.name for one in model.symbols]
    assert len(other.definitions) == len(model.definitions)
    assert other.exprs[: len(model.exprs)] == model.exprs
    assert untangled(model) is other
    assert untangled(other) is None


def test_a_member_that_hangs_on_its_choice_is_no_circle(tmp_path: Path) -> None:
    text = 'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on !A\nendchoice\n'
    model = model_of(tmp_path, text, NEW)
    assert untangled(model) is None
    assert dict(resolver_of(model, "B=y").lines())[model.index["B"]] == "y"


def test_who_explains_reads_the_statements_of_the_files(tmp_path: Path) -> None:
    text = 'config B\n\tbool "b"\nconfig C\n\tbool "c"\nconfig D\n\tbool "d"\n'
    text += "\tdepends on B\n\tdepends on D || y\n\tdepends on C\n"
    model = model_of(tmp_path, text)
    resolver = resolver_of(model, "B=y\nC=y\nD=y")
    assert resolver.tri(model.index["D"]) == 2
    assert resolver.model is model


def test_statements_that_count_are_those_of_the_files(tmp_path: Path) -> None:
    text = 'config N\n\tint "n"\n\tdepends on C\n\trange 5 9 if B || y\n\tdefault 6 if B || y\n'
    model = model_of(tmp_path, f"{text}config B\n\tdef_bool N = 6\nconfig C\n\tdef_bool y\n")
    resolver = resolver_of(model)
    assert (resolver.text(0), resolver.text(model.index["B"])) == ("6", "y")
    assert untangled(model) is not None
    (definition,) = model.definitions[:1]
    found = resolver.first_default(0)
    assert found is not None
    assert (resolver.range_of(0), found[0]) == (definition.ranges[0], definition.defaults[0])


def numbered(count: int) -> str:
    return "".join(f"config S{number}\n\tdef_bool y\n" for number in range(count))


@pytest.mark.parametrize("seeming", ["D || y", "D || S7 || y", "S7 = m"])
def test_thousands_of_conditions_of_one_symbol_are_no_chain(tmp_path: Path, seeming: str) -> None:
    depends = "".join(f"\tdepends on S{number}\n" for number in range(2400))
    text = f'{numbered(2400)}config D\n\tbool "d"\n{depends}\tdepends on {seeming}\n{EITHER}'
    found = {name: value for name, value in values(model_of(tmp_path, text), "D=y\nA=y\nB=y").items() if name[0] != "S"}
    assert found == {"A": "y", "B": "y"} | ({} if "=" in seeming else {"D": "y"})


def test_blocks_that_stand_in_each_other_by_the_hundred_are_no_chain(tmp_path: Path) -> None:
    blocks = "".join(f"if S{number}\n" for number in range(2000))
    model = model_of(tmp_path, numbered(2000) + blocks + EITHER + "endif\n" * 2000)
    assert resolver_of(model, "A=y\nB=y").text(model.index["A"]) == "y"


def test_too_many_conditions_with_the_same_symbol_are_one_error_whoever_asks(tmp_path: Path) -> None:
    depends = "".join(f"\tdepends on B || S{number}\n" for number in range(2400))
    text = f'{numbered(2400)}config D\n\tbool "d"\n{depends}{EITHER}'
    model = model_of(tmp_path, text)
    with pytest.raises(CannotEvaluate):
        resolver_of(model, "D=y").lines()


def test_how_many_conditions_can_be_looked_at_is_no_matter_of_who_asks(tmp_path: Path) -> None:
    def nested(levels: int) -> Model | None:
        return nested(levels - 1) if levels else untangled(model)

    text = 'config A\n\tbool "a"\n\tdepends on B || y\nconfig B\n\tdef_bool A\n'
    depends = " && ".join(f"(S0 && y || S{number})" for number in range(60))
    model = model_of(tmp_path, f"{numbered(60)}{text}config D\n\tdef_bool y\n\tdepends on {depends}\n")
    left = sys.getrecursionlimit() - len(inspect.stack()) - 60
    assert nested(left) is not None


@pytest.mark.parametrize("never", ["n", "C = m"])
def test_a_conjunction_of_which_a_part_is_n_hangs_on_nothing(tmp_path: Path, never: str) -> None:
    text = f'config A\n\tbool "a"\n\tdepends on B\n\tdepends on {never}\n'
    model = model_of(tmp_path, f'{text}config B\n\tdef_bool !A\nconfig C\n\tbool "c"\n')
    other = untangled(model)
    assert other is not None
    assert [other.expr_text(link.expr) for link in other.chain(other.definitions[0].context)] == ["n"]
    assert values(model, "A=y") == {"B": "y", "C": "n"}


def test_what_was_selected_before_it_began_anew_is_known_once(tmp_path: Path) -> None:
    unmet = 'config S\n\tdef_bool y\n\tselect T\nconfig T\n\tbool "t"\n\tdepends on U\nconfig U\n\tbool "u"\n'
    for text in (unmet + EITHER, unmet + CHOICE):
        for version in (OLD, NEW):
            model = model_of(tmp_path, text, version)
            resolver = resolver_of(model, "A=y\nB=y")
            resolver.lines()
            assert [model.symbols[number].name for number in resolver.unmet] == ["T"]
            again = resolver_of(model, "A=y\nB=y")
            again.tri(model.index["T"])
            if model.choices and version == OLD:
                again.choice_value(0)
            again.lines()
            assert again.unmet == resolver.unmet
