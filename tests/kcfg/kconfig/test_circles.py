"""Facts of options that only seem to hang on themselves. What conf makes of each was asked of 6.12's."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import CannotEvaluate
from kcfg.kconfig.circles import untangled
from tests.kcfg.trees import NEW, OLD, model_of, resolver_of

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


def test_a_chain_without_end_of_what_only_seems_to_hang_on_itself_is_one_error(tmp_path: Path) -> None:
    names = "".join(f"config S{number}\n\tdef_bool y\n" for number in range(2400))
    depends = "".join(f"\tdepends on S{number}\n" for number in range(2400))
    model = model_of(tmp_path, f'{names}config D\n\tbool "d"\n{depends}\tdepends on D || y\n')
    with pytest.raises(CannotEvaluate):
        resolver_of(model, "D=y").lines()


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
