"""What a choice is set to, since 6.11 and before."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kconfig.choosing import Choosing
from kcfg.kconfig.evaluate import CircleError
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import MOD, NO, YES
from tests.kcfg.trees import MODULES, NEW, OLD, model_of, resolver_of, values

CHOICE = """
config HIDE
\tbool "hide"
choice
\tprompt "which"
\tdefault B
config A
\tbool "a"
config B
\tbool "b"
\tdepends on !HIDE
config C
\tbool "c"
endchoice
"""


def picked(folder: Path, config: str, version: str, tree: str = CHOICE) -> str:
    """The members that are on."""
    found = values(model_of(folder, tree, version), config)
    return "".join(name for name in "ABC" if found.get(name) == "y")


def resolver(folder: Path, tree: str, config: str = "") -> Resolver:
    """An old kernel's."""
    return resolver_of(model_of(folder, MODULES + tree, OLD), config)


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize(
    ("config", "member"),
    [
        ("", "B"),
        ("HIDE=y", "A"),
        ("C=y", "C"),
        ("A=y\nC=y", "C"),
        ("C=y\nA=y", "A"),
        ("HIDE=y\nB=y", "A"),
    ],
)
def test_the_member_that_is_on(tmp_path: Path, config: str, member: str, version: str) -> None:
    assert picked(tmp_path, config, version) == member


@pytest.mark.parametrize(("version", "member"), [(OLD, "C"), (NEW, "B")])
def test_before_6_11_a_choice_remembers_the_member_that_a_later_line_turns_off(
    tmp_path: Path, version: str, member: str
) -> None:
    assert picked(tmp_path, "C=y\n# C is not set", version) == member


@pytest.mark.parametrize(("version", "member"), [(OLD, "B"), (NEW, "A")])
def test_a_default_that_is_said_to_be_off_gives_way_since_6_11(tmp_path: Path, version: str, member: str) -> None:
    assert picked(tmp_path, "# B is not set", version) == member


def test_when_all_members_are_said_to_be_off_the_first_line_s_is_on_since_6_11(tmp_path: Path) -> None:
    off = "# A is not set\n# B is not set\n# C is not set"
    assert picked(tmp_path, off, NEW) == "A"
    assert picked(tmp_path, "\n".join(reversed(off.split("\n"))), NEW) == "C"


def test_the_default_is_the_first_whose_condition_holds_and_whose_member_is_visible(tmp_path: Path) -> None:
    model = model_of(tmp_path, CHOICE, OLD)
    for config, member in (("", "B"), ("HIDE=y", "A")):
        found = resolver_of(model, config)
        found.choice_value(0)
        number = found.choice_default(0)
        assert number is not None
        assert model.symbols[number].name == member


def test_an_old_choice_without_a_visible_member_is_n(tmp_path: Path) -> None:
    tree = 'config X\n\tbool\nchoice\n\tprompt "c"\nconfig A\n\tbool "a"\n\tdepends on X\nendchoice\n'
    found = resolver(tmp_path, tree)
    assert (found.choice_value(0), found.text(found.model.index["A"])) == (NO, "n")


def test_an_old_tristate_choice_may_be_m_with_several_members(tmp_path: Path) -> None:
    tree = 'choice\n\ttristate "c"\nconfig A\n\ttristate "a"\nconfig B\n\ttristate "b"\nendchoice\n'
    found = resolver(tmp_path, tree, "MODULES=y\nA=m\nB=m")
    assert found.choice_value(0) == MOD
    assert [found.text(found.model.index[name]) for name in "AB"] == ["m", "m"]
    assert resolver(tmp_path, tree, "# MODULES is not set\nA=m").choice_value(0) == YES


def test_an_old_optional_choice_is_n_until_it_is_asked_for(tmp_path: Path) -> None:
    tree = 'choice\n\tbool "c"\n\toptional\nconfig A\n\tbool "a"\nendchoice\n'
    assert [resolver(tmp_path, tree, config).choice_value(0) for config in ("", "A=y")] == [NO, YES]


def test_an_old_choice_that_nothing_gives_a_type_is_n(tmp_path: Path) -> None:
    tree = 'config X\n\tdef_bool y\nchoice\n\tprompt "c"\nif X\nconfig A\n\tbool "a"\nendif\nendchoice\n'
    assert resolver(tmp_path, tree, "A=y").choice_value(0) == NO


def test_who_sees_no_symbols_can_choose_no_member(tmp_path: Path) -> None:
    model = model_of(tmp_path, CHOICE, OLD)
    bare = Choosing(model, resolver_of(model).user, {})
    assert bare.choice_default(0) is None
    with pytest.raises(NotImplementedError):
        bare.choice_value(0)


def test_members_that_lines_name_come_first_the_last_named_before_the_others(tmp_path: Path) -> None:
    found: Choosing = resolver_of(model_of(tmp_path, CHOICE, NEW), "A=y\nC=y")
    names = [found.model.symbols[number].name for number in found._members_by_priority(0)]
    assert names == ["C", "A", "B"]


SEEMING = (
    'choice\n\tprompt "c"\nconfig A\n\tbool "a"\n\tdepends on D || !D\nconfig B\n\tbool "b"\nendchoice\n'
    "config D\n\tdef_bool B\n"
)


def test_a_choice_that_is_asked_for_first_begins_anew_where_it_only_seems_to_hang_on_itself(tmp_path: Path) -> None:
    model = model_of(tmp_path, SEEMING, OLD)
    found = resolver_of(model, "B=y")
    assert (found.choice_value(0), found.text(model.index["D"])) == (YES, "y")
    for busy, choices in (({model.index["D"]}, {}), (set(), {1: False})):
        found = resolver_of(model, "B=y")
        for number in busy:
            found._busy[number] = 1
        found._busy_choices.update(choices)
        with pytest.raises(CircleError):
            found.choice_value(0)


@pytest.mark.parametrize(("version", "own"), [(OLD, False), (NEW, True)])
def test_a_symbol_is_the_first_where_nothing_else_is_computed_but_members_along_with_it(
    tmp_path: Path, version: str, own: bool
) -> None:
    model = model_of(tmp_path, SEEMING, version)
    a, b, d = (model.index[name] for name in "ABD")
    for busy, choices, first in (
        ([a], {}, True), ([a, b], {}, own), ([a, d], {}, False), ([a], {1: False}, False), ([a, d], {1: True}, False),
    ):  # fmt: skip
        found = resolver_of(model)
        for number in busy:
            found._busy[number] = 1
        found._busy_choices.update(choices)
        assert found._is_first(a) is first
        assert not found._busy[a]
