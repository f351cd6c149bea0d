from __future__ import annotations

import random
from pathlib import Path

import pytest

from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.config import parse_config
from kcfg.kconfig.model import Model
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.unknown import Unknown
from tests.conformance.random_trees import random_config, random_tree
from tests.kcfg.trees import NEW, OLD, model_of, resolver_of

VERSIONS = ("5.10.0", OLD, NEW, "7.3.0")
PROBES = tuple(f"probe {number}" for number in range(4))
NUMBERS = ("number 0", "number 1")
ANSWERS = ("y", "n", "m", "", "5", "0x10")


def unknown_of(model: Model, config: str = "", answers: dict[str, str] | None = None) -> dict[str, list[str]]:
    """Symbol -> the names of the unanswered probes behind it, where there are any."""
    unknown = Unknown(resolver_of(model, config, answers))
    found = {symbol.name: unknown.names(unknown.symbol(i)) for i, symbol in enumerate(model.symbols)}
    return {name: probes for name, probes in found.items() if probes}


def test_a_symbol_with_a_probe_for_its_default_is_unknown(tmp_path: Path) -> None:
    model = model_of(tmp_path, "config A\n\tdef_bool $(shell,a)\nconfig B\n\tdef_bool y\n")
    assert unknown_of(model) == {"A": ["$(shell,a)"]}


def test_an_answered_probe_leaves_nothing_unknown(tmp_path: Path) -> None:
    model = model_of(tmp_path, "config A\n\tdef_bool $(shell,a)\n")
    assert unknown_of(model, answers={"shell:a": ""}) == {}


def test_a_dependency_that_is_n_for_certain_decides(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "A"\nconfig B\n\tbool "B"\n\tdepends on A && $(shell,b)\n')
    assert unknown_of(model, "B=y") == {}
    assert unknown_of(model, "A=y\nB=y") == {"B": ["$(shell,b)"]}


def test_an_alternative_that_is_y_for_certain_decides(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "A"\nconfig B\n\tbool "B"\n\tdepends on A || $(shell,b)\n')
    assert unknown_of(model, "A=y\nB=y") == {}
    assert unknown_of(model, "B=y") == {"B": ["$(shell,b)"]}


def test_a_select_by_a_known_symbol_decides(tmp_path: Path) -> None:
    text = 'config A\n\tbool "A"\n\tselect B\nconfig B\n\tbool "B" if $(shell,b)\n'
    model = model_of(tmp_path, text)
    assert unknown_of(model, "A=y") == {}
    assert unknown_of(model, "") == {"B": ["$(shell,b)"]}


def test_a_select_by_an_unknown_symbol_reaches_its_target(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tdef_bool $(shell,a)\n\tselect B\nconfig B\n\tbool "B"\n')
    assert unknown_of(model, "# B is not set") == {"A": ["$(shell,a)"], "B": ["$(shell,a)"]}


def test_a_line_for_a_visible_symbol_outweighs_an_unknown_default(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "A"\n\tdefault $(shell,a)\n')
    assert unknown_of(model, "# A is not set") == {}
    assert unknown_of(model) == {"A": ["$(shell,a)"]}


def test_a_number_with_an_unknown_bound_is_unknown_although_it_is_set(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tint "A"\n\trange 1 $(shell,a)\n')
    assert unknown_of(model, "A=5") == {"A": ["$(shell,a)"]}


def test_a_range_in_a_block_with_an_unknown_condition_counts(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tint "A"\nif $(shell,a)\nconfig A\n\trange 1 2\nendif\n')
    assert unknown_of(model, "A=5") == {"A": ["$(shell,a)"]}


def test_a_dropped_number_gets_its_unknown_default(tmp_path: Path) -> None:
    text = 'config A\n\tint "A"\n\trange 1 10\n\tdefault $(shell,a)\n'
    assert unknown_of(model_of(tmp_path, text, OLD), "A=50") == {"A": ["$(shell,a)"]}


@pytest.mark.parametrize("version", [OLD, NEW])
def test_every_member_of_a_choice_with_an_unknown_member_is_unknown(tmp_path: Path, version: str) -> None:
    text = """\
        choice
        \tprompt "choice"
        config A
        \tbool "A"
        \tdepends on $(shell,a)
        config B
        \tbool "B"
        endchoice
        """
    assert unknown_of(model_of(tmp_path, text, version)) == {"A": ["$(shell,a)"], "B": ["$(shell,a)"]}


def test_the_condition_of_a_choices_prompt_counts_while_choices_have_values(tmp_path: Path) -> None:
    text = 'choice\n\tprompt "choice" if $(shell,c)\nconfig A\n\tbool "A"\nendchoice\n'
    assert unknown_of(model_of(tmp_path / "old", text, OLD)) == {"A": ["$(shell,c)"]}
    assert unknown_of(model_of(tmp_path / "new", text, NEW)) == {}


def test_an_unknown_modules_makes_all_tristates_unknown(tmp_path: Path) -> None:
    text = 'config MODULES\n\tdef_bool $(shell,m)\n\tmodules\nconfig A\n\ttristate "A"\n'
    assert unknown_of(model_of(tmp_path, text), "A=m") == {"A": ["$(shell,m)"], "MODULES": ["$(shell,m)"]}


def test_what_modules_depends_on_hangs_on_modules_too(tmp_path: Path) -> None:
    text = 'config MODULES\n\tdef_bool $(shell,m) && A\n\tmodules\nconfig A\n\ttristate "a"\n'
    assert set(unknown_of(model_of(tmp_path, text), "A=m")) == {"A", "MODULES"}


def test_an_implied_symbol_hangs_on_its_dependencies(tmp_path: Path) -> None:
    text = "config A\n\tbool\n\tdepends on $(shell,a)\nconfig B\n\tdef_bool y\n\timply A\n"
    assert unknown_of(model_of(tmp_path, text)) == {"A": ["$(shell,a)"]}


def test_a_default_that_counts_only_as_long_as_a_probe_is_n_does_not_end_the_search(tmp_path: Path) -> None:
    text = "config A\n\tint\n\tdefault 1 if !$(shell,a)\n\tdefault $(shell,b)\n\tdefault $(shell,c) if n\n"
    assert unknown_of(model_of(tmp_path, text)) == {"A": ["$(shell,a)", "$(shell,b)"]}


def test_a_loop_through_an_imply_hides_no_probe(tmp_path: Path) -> None:
    text = """\
        config B
        \tbool "B"
        \tdefault $(shell,b)
        config A
        \tbool "A"
        \tdefault y
        \tdepends on B
        \timply B
        """
    model = model_of(tmp_path, text)
    for order in (("A", "B"), ("B", "A")):
        unknown = Unknown(resolver_of(model))
        assert [unknown.names(unknown.symbol(model.index[name])) for name in order] == [["$(shell,b)"]] * 2


def test_a_loop_has_the_same_probes_wherever_it_is_entered(tmp_path: Path) -> None:
    text = 'config A\n\tbool "A"\n\tdefault $(shell,a)\n'
    text += "config B\n\tdef_bool y\n\tdepends on A && $(shell,b)\n\timply A\n"
    model = model_of(tmp_path, text)
    for order in (("A", "B"), ("B", "A")):
        unknown = Unknown(resolver_of(model))
        found = {name: unknown.names(unknown.symbol(model.index[name])) for name in order}
        assert found == {name: ["$(shell,a)", "$(shell,b)"] for name in order}


def test_names_are_what_the_kconfig_files_call_the_probes(tmp_path: Path) -> None:
    text = "success = $(shell,test $(1))\nconfig A\n\tdef_bool $(success,-e x)\n"
    assert unknown_of(model_of(tmp_path, text)) == {"A": ["$(success,-e x)"]}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_called_known_does_not_change_for_any_answer(version: str, tmp_path: Path) -> None:
    series = tuple(int(part) for part in version.split(".")[:2])
    for seed in range(120):
        rng = random.Random(seed)
        tree = random_tree(rng, (series[0], series[1]), probes=PROBES, numbers=NUMBERS)
        if "\tdepends on C" in tree.kconfig and series < (6, 11):
            continue  # a member that depends on another may be a loop, which conf refuses
        model = model_of(tmp_path / str(seed), tree.kconfig, version)
        for _ in range(3):
            user_text = random_config(rng, tree)
            known = {probe.key: rng.choice(ANSWERS) for probe in model.probes if rng.random() < 0.4}
            first = resolver(model, user_text, known)
            unknown = Unknown(first)
            for _ in range(4):
                other = resolver(model, user_text, {p.key: rng.choice(ANSWERS) for p in model.probes} | known)
                changed = [
                    symbol.name
                    for i, symbol in enumerate(model.symbols)
                    if first.text(i) != other.text(i) and not unknown.symbol(i)
                ]
                assert changed == [], f"seed {seed}\n{tree.kconfig}--- .config\n{user_text}{known}\n{other.answers}"


def resolver(model: Model, text: str, answers: dict[str, str]) -> Resolver:
    return Resolver(model, read_user_values(model, parse_config(text, "test.config")), answers)
