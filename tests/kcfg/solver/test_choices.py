"""Choices as clauses: which members can be on, since 6.11 and before."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.solver import choices
from kcfg.solver.clauses import FALSE, TRUE, StatementKind, unpack
from kcfg.solver.encode import Encoder, encode
from kcfg.solver.sat import Sat, split
from tests.kcfg.solver_trees import differences
from tests.kcfg.trees import MODULES, NEW, OLD, model_of

TWO = 'choice\n\tprompt "which"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nendchoice\n'
HIDING = (
    'config X\n\tbool "x"\n'
    'choice\n\tprompt "which" if X\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\n\tdepends on X\nendchoice\n'
)
LONELY = 'config X\n\tbool "x"\nchoice\n\tprompt "which"\nconfig A\n\tbool "a" if X\nendchoice\n'
OPTIONAL = 'choice\n\tprompt "which"\n\toptional\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nendchoice\n'
TRISTATE = 'choice\n\ttristate "which"\nconfig A\n\ttristate "a"\nconfig B\n\ttristate "b"\nendchoice\n'
DEFAULTED = (
    'config X\n\tbool "x"\n'
    'choice\n\tprompt "which"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b" if X\n\tdefault y\nendchoice\n'
)
TYPELESS = 'config X\n\tbool "x"\nchoice\n\tprompt "which"\nif X\nconfig A\n\tbool "a"\nendif\nendchoice\n'


def states(folder: Path, tree: str, version: str, names: str = "AB") -> set[str]:
    """The values that members can have together, such as "yn"."""
    model = model_of(folder, tree, version)
    encoding = encode(model)
    literals = [(encoding.enabled[model.index[name]], encoding.yes[model.index[name]]) for name in names]
    found = set()
    sat = Sat(split(encoding.clauses), encoding.variables)
    while sat.solve():
        true = set(sat.model)
        found.add("".join("y" if y in true else "m" if e in true else "n" for e, y in literals))
        sat.add([-literal if literal in true else literal for pair in set(literals) for literal in pair if literal > 1])
    sat.close()
    return found


@pytest.mark.parametrize("version", [OLD, NEW])
def test_exactly_one_visible_member_is_on(tmp_path: Path, version: str) -> None:
    assert states(tmp_path, TWO, version) == {"yn", "ny"}


def test_an_old_choice_that_is_not_shown_has_no_member_on(tmp_path: Path) -> None:
    assert states(tmp_path, HIDING, OLD, "XAB") == {"nnn", "yyn", "yny"}


def test_since_6_11_the_prompt_of_a_choice_bounds_no_member(tmp_path: Path) -> None:
    assert states(tmp_path, HIDING, NEW, "XAB") == {"nyn", "yyn", "yny"}


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_choice_without_a_visible_member_has_none_on(tmp_path: Path, version: str) -> None:
    assert states(tmp_path, LONELY, version, "XA") == {"nn", "yy"}


def test_an_optional_choice_of_an_old_kernel_may_be_off(tmp_path: Path) -> None:
    assert states(tmp_path, OPTIONAL, OLD) == {"nn", "yn", "ny"}


def test_members_of_an_old_tristate_choice_may_be_m_together(tmp_path: Path) -> None:
    tree = MODULES + TRISTATE
    assert states(tmp_path, tree, OLD, "AB") == {"nn", "mn", "nm", "mm", "yn", "ny"}
    assert states(tmp_path / "new", tree, NEW, "AB") == {"yn", "ny"}


def test_an_invisible_member_of_an_old_choice_has_its_own_default(tmp_path: Path) -> None:
    assert states(tmp_path, DEFAULTED, OLD, "XAB") == {"nyy", "yyn", "yny"}
    assert states(tmp_path / "new", DEFAULTED, NEW, "XAB") == {"nyn", "yyn", "yny"}


def test_an_old_choice_without_a_type_is_never_on(tmp_path: Path) -> None:
    assert states(tmp_path, TYPELESS, OLD, "XA") == {"nn", "yn"}


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize("tree", [TWO, HIDING, LONELY, DEFAULTED, TYPELESS, MODULES + TRISTATE])
def test_the_clauses_say_what_resolving_does(tmp_path: Path, tree: str, version: str) -> None:
    good, bad = differences(model_of(tmp_path, tree, version))
    assert good
    assert bad == []


def encoder_of(folder: Path, tree: str, version: str = OLD) -> Encoder:
    encoder = Encoder(model_of(folder, tree, version), {})
    encoder.run()
    return encoder


def test_at_most_one_of_some_literals(tmp_path: Path) -> None:
    encoder = Encoder(model_of(tmp_path, TWO), {})
    choices.exclude(encoder, [5, 6, 7])
    assert encoder.out.stated == [-6, -5, 0, -7, -5, 0, -7, -6, 0]


def test_a_choice_s_visibility_is_that_of_its_prompts(tmp_path: Path) -> None:
    encoder = encoder_of(tmp_path, HIDING)
    x = encoder.enabled[encoder.model.index["X"]]
    assert choices.choice_visibility(encoder, 0) == (x, x)
    assert choices.choice_visibility(encoder_of(tmp_path / "two", TWO), 0) == (TRUE, TRUE)


def test_a_member_is_visible_alone_by_what_is_not_the_choice(tmp_path: Path) -> None:
    encoder = encoder_of(tmp_path, HIDING)
    index = encoder.model.index
    assert choices.visible_alone(encoder, 0, index["A"]) == TRUE
    assert choices.visible_alone(encoder, 0, index["B"]) == encoder.enabled[index["X"]]


def test_a_member_without_a_prompt_is_never_visible_alone(tmp_path: Path) -> None:
    encoder = encoder_of(tmp_path, 'choice\n\tprompt "which"\nconfig A\n\tbool "a"\nconfig B\n\tbool\nendchoice\n')
    assert choices.visible_alone(encoder, 0, encoder.model.index["B"]) == FALSE


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_choice_s_clauses_are_stated_as_its_own(tmp_path: Path, version: str) -> None:
    encoder = encoder_of(tmp_path, TWO, version)
    kinds = [unpack(group)[:2] for group in encoder.out.marks[1::3]]
    assert (StatementKind.CHOICE, 0) in kinds
