"""One fact of Kconfig's semantics a test, each as the kernel's own conf has it (scripts/kconfig/symbol.c)."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from kcfg.base.errors import CannotEvaluate
from kcfg.base.version import KernelVersion
from kcfg.kconfig import deep
from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.config import parse_config, read_config
from kcfg.kconfig.dotconfig import dotconfig
from kcfg.kconfig.model import Model
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.unknown import Unknown
from tests.kcfg.trees import MODULES, NEW, OLD, model_of, resolver_of, values

EDGES = ("6.10.0", "6.11.0")
BEFORE_RANGES, SINCE_RANGES = "6.9.0", "6.10.0"


def one(tmp_path: Path, text: str, config: str = "", version: str = NEW) -> dict[str, str]:
    return values(model_of(tmp_path, text, version), config)


# Prompts, defaults, dependencies


def test_a_line_sets_a_visible_symbol(tmp_path: Path) -> None:
    assert one(tmp_path, 'config A\n\tbool "a"\n', "A=y") == {"A": "y"}


def test_a_line_for_a_symbol_without_a_prompt_is_inert(tmp_path: Path) -> None:
    assert one(tmp_path, "config A\n\tbool\nconfig B\n\tdef_bool y\n", "A=y\n# B is not set") == {"B": "y"}


def test_a_promptless_symbol_that_is_n_has_no_line(tmp_path: Path) -> None:
    assert one(tmp_path, "config A\n\tdef_bool n\n") == {}


def test_a_line_for_an_invisible_symbol_is_inert_and_the_default_counts(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a" if B\n\tdefault y\nconfig B\n\tbool "b"\n'
    model = model_of(tmp_path, text)
    assert values(model, "# A is not set") == {"A": "y", "B": "n"}
    assert values(model, "# A is not set\nB=y") == {"A": "n", "B": "y"}


def test_an_unmet_dependency_takes_line_and_default_away(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdefault y\n\tdepends on B\nconfig B\n\tbool "b"\n'
    assert one(tmp_path, text, "A=y") == {"B": "n"}


def test_the_first_default_whose_condition_is_not_n_wins_even_if_its_value_is_n(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdefault y if B\n\tdefault n if C\n\tdefault y\n'
    text += "config B\n\tbool\nconfig C\n\tdef_bool y\n"
    assert one(tmp_path, text)["A"] == "n"


def test_a_default_is_at_most_its_condition(tmp_path: Path) -> None:
    text = 'config A\n\ttristate "a"\n\tdefault y if B\nconfig B\n\ttristate "b"\n'
    assert one(tmp_path, MODULES + text, "B=m")["A"] == "m"


def test_defaults_of_several_definitions_count_in_the_order_of_the_source(tmp_path: Path) -> None:
    text = "config A\n\tbool\n\tdefault y if B\nconfig A\n\tdefault n\nconfig B\n\tdef_bool y\n"
    assert one(tmp_path, text)["A"] == "y"


def test_a_symbol_is_visible_where_one_of_its_definitions_is(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on B\nconfig A\n\tbool "a too"\n\tdepends on C\n'
    text += "config B\n\tbool\nconfig C\n\tdef_bool y\n"
    assert one(tmp_path, text, "A=y")["A"] == "y"


@pytest.mark.parametrize(
    "prompts", ['bool "x"\n\tbool "y" if B', 'bool "x" if B\n\tbool "y"', 'bool\n\tprompt "x"\n\tprompt "y" if B']
)
def test_each_prompt_of_one_definition_shows_the_symbol(tmp_path: Path, prompts: str) -> None:
    text = f'config A\n\t{prompts}\n\tdepends on D\n\tdefault y\nconfig B\n\tbool\nconfig D\n\tbool "d"\n'
    assert one(tmp_path, text, "D=y\n# A is not set") == {"A": "n", "D": "y"}
    assert one(tmp_path, text, "# A is not set\n# D is not set") == {"D": "n"}


def test_an_invisible_menu_hides_prompts_and_leaves_defaults(tmp_path: Path) -> None:
    text = 'menu "m"\n\tvisible if B\nconfig A\n\tbool "a"\n\tdefault y\nendmenu\nconfig B\n\tbool "b"\n'
    assert one(tmp_path, text, "# A is not set") == {"A": "y", "B": "n"}


def test_nested_visible_ifs_hold_together(tmp_path: Path) -> None:
    text = (
        'menu "m"\n\tvisible if B\nmenu "n"\n\tvisible if C\nconfig A\n\tbool "a"\nendmenu\nendmenu\n'
        'config B\n\tbool "b"\nconfig C\n\tbool "c"\n'
    )
    model = model_of(tmp_path, text)
    assert ["A" in values(model, config) for config in ("B=y", "C=y", "B=y\nC=y")] == [False, False, True]


def test_the_last_line_for_a_symbol_wins(tmp_path: Path) -> None:
    assert one(tmp_path, 'config A\n\tbool "a"\n', "A=y\n# A is not set") == {"A": "n"}


def test_a_value_of_the_wrong_type_leaves_the_line_before_it(tmp_path: Path) -> None:
    text = 'config A\n\tint "a"\nconfig B\n\tbool "b"\nconfig S\n\tstring "s"\n'
    assert one(tmp_path, text, 'A=5\nA=x\nB=y\nB=m\nS="s"\nS=t') == {"A": "5", "B": "y", "S": "s"}


# Tristates


def test_m_is_kept_where_modules_is_y(tmp_path: Path) -> None:
    assert one(tmp_path, MODULES + 'config A\n\ttristate "a"\n', "A=m")["A"] == "m"


def test_m_becomes_y_without_modules(tmp_path: Path) -> None:
    text = 'config A\n\ttristate "a"\nconfig B\n\ttristate\n\tdefault m\n'
    assert one(tmp_path, MODULES + text, "A=m\n# MODULES is not set") == {"MODULES": "n", "A": "y", "B": "y"}


def test_m_becomes_y_where_nothing_is_marked_as_modules(tmp_path: Path) -> None:
    assert one(tmp_path, 'config A\n\ttristate "a"\n', "A=m") == {"A": "y"}


def test_a_tristate_is_at_most_what_it_depends_on(tmp_path: Path) -> None:
    text = 'config A\n\ttristate "a"\n\tdepends on B\nconfig B\n\ttristate "b"\n'
    assert one(tmp_path, MODULES + text, "A=y\nB=m")["A"] == "m"


def test_a_bool_that_depends_on_m_can_be_y(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\ttristate "b"\n'
    assert one(tmp_path, MODULES + text, "A=y\nB=m")["A"] == "y"


def test_not_m_is_m(tmp_path: Path) -> None:
    text = 'config A\n\ttristate "a"\n\tdepends on !B\nconfig B\n\ttristate "b"\n'
    assert one(tmp_path, MODULES + text, "A=y\nB=m")["A"] == "m"


def test_a_dependency_on_m_holds_with_modules_only(tmp_path: Path) -> None:
    model = model_of(tmp_path, MODULES + 'config A\n\ttristate "a"\n\tdepends on m\n')
    assert values(model, "A=y") == {"MODULES": "y", "A": "m"}
    assert values(model, "A=y\n# MODULES is not set") == {"MODULES": "n"}


def test_m_in_a_comparison_is_a_text_and_does_not_ask_modules(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on T = m\nconfig T\n\ttristate "t"\n'
    model = model_of(tmp_path, MODULES + text)
    assert ["A" in values(model, c) for c in ("T=m", "T=y", "# MODULES is not set")] == [True, False, False]


# Selects and implies


def test_select_overrides_an_explicit_n(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tselect B\nconfig B\n\tbool "b"\n'
    assert one(tmp_path, text, "A=y\n# B is not set") == {"A": "y", "B": "y"}


def test_select_overrides_dependencies_which_is_told(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tselect B\nconfig B\n\tbool "b"\n\tdepends on C\nconfig C\n\tbool "c"\n'
    resolver = resolver_of(model_of(tmp_path, text), "A=y")
    assert resolver.text(resolver.model.index["B"]) == "y"
    assert [resolver.model.symbols[number].name for number in resolver.unmet] == ["B"]


def test_select_by_m_gives_at_least_m(tmp_path: Path) -> None:
    text = 'config A\n\ttristate "a"\n\tselect B\nconfig B\n\ttristate "b"\n'
    model = model_of(tmp_path, MODULES + text)
    assert [values(model, f"A=m\n{line}")["B"] for line in ("# B is not set", "B=m", "B=y")] == ["m", "m", "y"]


def test_select_by_m_makes_a_bool_y(tmp_path: Path) -> None:
    text = 'config A\n\ttristate "a"\n\tselect B\nconfig B\n\tbool\n'
    assert one(tmp_path, MODULES + text, "A=m")["B"] == "y"


def test_select_is_at_most_its_condition_and_the_dependencies_of_its_definition(tmp_path: Path) -> None:
    text = (
        'config A\n\tbool "a"\n\tselect B if T\nconfig A\n\tdepends on T\n\tselect C\n'
        'config B\n\ttristate "b"\nconfig C\n\ttristate "c"\nconfig T\n\ttristate "t"\n'
    )
    lines = one(tmp_path, MODULES + text, "A=y\nT=m")
    assert (lines["B"], lines["C"]) == ("m", "m")


def test_imply_gives_way_to_an_explicit_n(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\timply B\nconfig B\n\tbool "b"\n'
    model = model_of(tmp_path, text)
    assert [values(model, config)["B"] for config in ("A=y", "A=y\n# B is not set", "")] == ["y", "n", "n"]


def test_imply_is_capped_by_dependencies(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\timply B\nconfig B\n\ttristate "b"\n\tdepends on C\nconfig C\n\ttristate "c"\n'
    model = model_of(tmp_path, MODULES + text)
    assert [values(model, f"A=y\n{c}").get("B") for c in ("", "C=m", "C=y")] == ["n", "m", "y"]


def test_a_definition_without_dependencies_does_not_lift_the_cap_of_another(tmp_path: Path) -> None:
    """`dir_dep` is the disjunction of the definitions that have dependencies, not of all."""
    text = 'config A\n\tbool "a"\n\timply B\nconfig B\n\tbool "b"\n\tdepends on C\nconfig B\nconfig C\n\tbool "c"\n'
    assert one(tmp_path / "a", text, "A=y")["B"] == "n"
    text = text.replace("config B\nconfig C", "config B\n\tdepends on y\nconfig C")
    assert one(tmp_path / "b", text, "A=y")["B"] == "y"


# Numbers and texts


def test_numbers_without_a_value_are_zero_since_6_8_and_empty_before(tmp_path: Path) -> None:
    text = 'config A\n\tint "a"\nconfig B\n\thex "b"\nconfig C\n\tstring "c"\n'
    assert one(tmp_path / "new", text, version="6.8.0") == {"A": "0", "B": "0x0", "C": ""}
    assert one(tmp_path / "old", text, version="6.7.9") == {"A": "", "B": "", "C": ""}


def test_a_default_may_be_another_symbols_value(tmp_path: Path) -> None:
    text = 'config A\n\tint\n\tdefault B\nconfig B\n\tint "b"\n'
    assert one(tmp_path, text, "B=7")["A"] == "7"


def test_a_number_that_is_no_symbol_stands_for_itself(tmp_path: Path) -> None:
    assert one(tmp_path, "config A\n\tint\n\tdefault 0042\n") == {"A": "0042"}


def test_a_number_out_of_its_range_is_clamped_since_6_10(tmp_path: Path) -> None:
    text = 'config A\n\tint "a"\n\trange 10 20\n\tdefault 15\n'
    model = model_of(tmp_path, text, SINCE_RANGES)
    assert [values(model, f"A={n}")["A"] for n in ("9", "10", "20", "21")] == ["10", "10", "20", "20"]


def test_a_number_out_of_its_range_is_dropped_before_6_10(tmp_path: Path) -> None:
    text = 'config A\n\tint "a"\n\trange 10 20\n\tdefault 15\n'
    model = model_of(tmp_path, text, BEFORE_RANGES)
    assert [values(model, f"A={n}")["A"] for n in ("9", "10", "20", "21")] == ["15", "10", "20", "15"]


def test_what_was_computed_from_a_dropped_number_keeps_the_clamped_one(tmp_path: Path) -> None:
    text = 'config A\n\tint "a"\n\trange 10 20\n\tdefault 15\nconfig B\n\tint\n\tdefault A\n'
    assert one(tmp_path, text, "A=21", BEFORE_RANGES) == {"A": "15", "B": "20"}


def test_numbers_that_are_dropped_together_are_computed_anew_together(tmp_path: Path) -> None:
    text = 'config A\n\tint "a"\n\trange 10 20\n\tdefault 15\nconfig B\n\tint "b"\n\trange 1 30\n\tdefault A\n'
    model = model_of(tmp_path, text, BEFORE_RANGES)
    assert [values(model, config)["B"] for config in ("A=21\nB=99", "B=99\nA=21")] == ["15", "15"]


def test_conditions_on_a_dropped_number_are_computed_anew_for_what_is_dropped_with_it(tmp_path: Path) -> None:
    text = (
        'config A\n\tint "a"\n\trange 10 20\n\tdefault 15\n'
        'config B\n\tint "b"\n\trange 1 30\n\tdefault 7 if A = 15\n\tdefault 9\n'
        'if A = 15\nconfig C\n\tint "c"\n\trange 1 30\n\tdefault 5\nendif\n'
    )
    assert one(tmp_path, text, "A=21\nB=99\nC=99", OLD) == {"A": "15", "B": "7", "C": "5"}


def test_defaults_are_clamped_too(tmp_path: Path) -> None:
    text = "config A\n\tint\n\trange 10 20\n\tdefault 5\n"
    assert [one(tmp_path / v, text, version=v)["A"] for v in (BEFORE_RANGES, SINCE_RANGES)] == ["10", "10"]


def test_the_first_range_whose_condition_is_not_n_applies(tmp_path: Path) -> None:
    text = 'config A\n\tint "a"\n\trange 1 2 if B\n\trange 5 6\n\trange 8 9\nconfig B\n\tbool "b"\n'
    model = model_of(tmp_path, text)
    assert [values(model, f"A=7\n{config}")["A"] for config in ("", "B=y")] == ["6", "2"]


def test_a_range_counts_only_where_its_definitions_dependencies_hold(tmp_path: Path) -> None:
    text = 'config A\n\tint "a"\nif B\nconfig A\n\trange 1 2\nendif\nconfig B\n\tbool "b"\n'
    model = model_of(tmp_path, text)
    assert [values(model, f"A=7\n{config}")["A"] for config in ("", "B=y")] == ["7", "2"]


def test_bounds_may_be_symbols(tmp_path: Path) -> None:
    text = 'config A\n\tint "a"\n\trange B C\nconfig B\n\tint\n\tdefault 3\nconfig C\n\tint "c"\n'
    assert one(tmp_path, text, "A=9\nC=5")["A"] == "5"


def test_hex_bounds_are_read_to_the_base_of_16(tmp_path: Path) -> None:
    text = 'config A\n\thex "a"\n\trange 0x10 0x20\n'
    model = model_of(tmp_path, text)
    assert [values(model, f"A={n}")["A"] for n in ("0xf", "1F", "0x21")] == ["0x10", "1F", "0x20"]


def test_a_number_of_more_than_63_bits_is_the_greatest_there_is(tmp_path: Path) -> None:
    text = 'config A\n\thex "a"\n\trange 0x0 0x8000000000000000\n'
    assert one(tmp_path, text, "A=0xffffffffffffffff")["A"] == "0xffffffffffffffff"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("I = 10", True),
        ("I = 010", False),
        ('I = "10"', True),
        ("I > 9", True),
        ('I > "9"', True),
        ("I < H", True),
        ("H = 0x0a0", True),
        ("H = 160", True),
        ('S = "10"', True),
        ('S < "9"', False),
        ('S = "10 "', False),
        ("S = I", True),
        ("B = y", True),
        ("B > n", True),
        ("B >= m", True),
        ("MISSING = n", False),
        ("MISSING != y", True),
        ('MISSING = "MISSING"', True),
        ("I", False),
        ("S", False),
        ("!S", True),
        ("MISSING", False),
        ("10 = 0xa", True),
        ("9223372036854775808 > 1", True),
        ('"b" > "a"', True),
    ],
)
def test_comparisons(tmp_path: Path, condition: str, holds: bool) -> None:
    text = (
        'config I\n\tint\n\tdefault 10\nconfig H\n\thex\n\tdefault 0xa0\nconfig S\n\tstring\n\tdefault "10"\n'
        f"config B\n\tdef_bool y\nconfig A\n\tdef_bool {condition}\n"
    )
    assert (one(tmp_path, text).get("A") == "y") == holds


def test_texts_compare_as_texts_and_not_as_numbers(tmp_path: Path) -> None:
    text = 'config S\n\tstring "s"\nconfig T\n\tstring "t"\nconfig A\n\tdef_bool S = T\n'
    assert "A" not in one(tmp_path, text, 'S="10"\nT="0xa"')


# Choices

CHOICE = """\
choice
	prompt "choice"
	default B
config A
	bool "a"
config B
	bool "b"
config C
	bool "c"
endchoice
"""


def picked(tmp_path: Path, text: str, config: str, version: str) -> list[str]:
    return [name for name, value in values(model_of(tmp_path, text, version), config).items() if value == "y"]


@pytest.mark.parametrize(
    ("config", "before", "since"),
    [
        ("", ["B"], ["B"]),
        ("C=y", ["C"], ["C"]),
        ("C=y\nA=y", ["A"], ["A"]),
        ("A=y\nC=y", ["C"], ["C"]),
        ("C=y\nA=y\n# A is not set", ["A"], ["C"]),
        ("# B is not set", ["B"], ["A"]),
        ("# A is not set\n# B is not set", ["B"], ["C"]),
        ("# A is not set\n# B is not set\n# C is not set", ["B"], ["A"]),
        ("# C is not set\n# B is not set\n# A is not set", ["B"], ["C"]),
    ],
)
def test_which_member_a_choice_takes(tmp_path: Path, config: str, before: list[str], since: list[str]) -> None:
    assert picked(tmp_path / "before", CHOICE, config, EDGES[0]) == before
    assert picked(tmp_path / "since", CHOICE, config, EDGES[1]) == since


@pytest.mark.parametrize("version", EDGES)
def test_every_visible_member_has_a_line(tmp_path: Path, version: str) -> None:
    assert one(tmp_path, CHOICE, "C=y", version) == {"A": "n", "B": "n", "C": "y"}


@pytest.mark.parametrize("version", EDGES)
def test_an_invisible_member_is_not_taken(tmp_path: Path, version: str) -> None:
    text = CHOICE.replace('bool "b"\n', 'bool "b"\n\tdepends on X\n')
    assert one(tmp_path, text, "B=y", version) == {"A": "y", "C": "n"}


@pytest.mark.parametrize("version", EDGES)
def test_a_choice_that_is_not_there_has_no_lines(tmp_path: Path, version: str) -> None:
    text = CHOICE.replace('prompt "choice"\n', 'prompt "choice"\n\tdepends on X\n')
    assert one(tmp_path, text, "B=y", version) == {}


@pytest.mark.parametrize("version", EDGES)
def test_the_first_default_of_a_choice_that_is_visible_wins(tmp_path: Path, version: str) -> None:
    text = CHOICE.replace("default B", "default A if X\n\tdefault C\n\tdefault B")
    assert picked(tmp_path, text, "", version) == ["C"]


@pytest.mark.parametrize("version", EDGES)
def test_selects_of_members_have_no_effect(tmp_path: Path, version: str) -> None:
    text = "config X\n\tdef_bool y\n\tselect A\n" + CHOICE
    assert picked(tmp_path, text, "", version) == ["X", "B"]


def test_the_condition_of_a_choices_prompt_hides_its_members_before_6_11_only(tmp_path: Path) -> None:
    text = CHOICE.replace('prompt "choice"', 'prompt "choice" if X')
    assert [picked(tmp_path / v, text, "C=y", v) for v in EDGES] == [[], ["C"]]


def test_an_old_choice_without_a_type_or_a_typed_member_outside_an_if_is_never_set(tmp_path: Path) -> None:
    text = 'choice\n\tprompt "c"\nif y\nconfig A\n\tbool "a"\nendif\nendchoice\n'
    assert [one(tmp_path / v, text, "A=y", v) for v in (OLD, NEW)] == [{}, {"A": "y"}]


TRISTATES = (
    MODULES
    + """\
choice
	tristate "choice"
config A
	tristate "a"
config B
	tristate "b"
endchoice
"""
)


def test_several_members_of_an_old_tristate_choice_can_be_m(tmp_path: Path) -> None:
    assert one(tmp_path, TRISTATES, "A=m\nB=m", OLD) == {"MODULES": "y", "A": "m", "B": "m"}


def test_one_member_that_is_y_makes_an_old_tristate_choice_y(tmp_path: Path) -> None:
    assert one(tmp_path, TRISTATES, "A=m\nB=y", OLD) == {"MODULES": "y", "A": "n", "B": "y"}


def test_an_m_after_a_y_makes_an_old_tristate_choice_lose_its_value(tmp_path: Path) -> None:
    assert one(tmp_path, TRISTATES, "B=y\nA=m", OLD) == {"MODULES": "y", "A": "m", "B": "m"}


def test_an_old_tristate_choice_is_y_without_modules(tmp_path: Path) -> None:
    lines = one(tmp_path, TRISTATES, "B=m\n# MODULES is not set", OLD)
    assert lines == {"MODULES": "n", "A": "y", "B": "n"}


def test_an_optional_choice_may_be_empty(tmp_path: Path) -> None:
    text = CHOICE.replace('prompt "choice"\n', 'prompt "choice"\n\toptional\n')
    model = model_of(tmp_path, text, OLD)
    assert [values(model, config) for config in ("", "A=y")] == [{}, {"A": "y", "B": "n", "C": "n"}]


# Flags


def test_a_transitional_symbol_hands_its_value_on_and_has_no_line(tmp_path: Path) -> None:
    text = 'config OLD\n\tbool\n\ttransitional\nconfig A\n\tbool "a"\n\tdefault OLD\n'
    model = model_of(tmp_path, text, "7.0.0")
    assert [values(model, config) for config in ("OLD=y", "", "OLD=y\n# A is not set")] == [
        {"A": "y"},
        {"A": "n"},
        {"A": "n"},
    ]


def test_selects_of_a_transitional_symbol_have_no_effect(tmp_path: Path) -> None:
    text = "config OLD\n\tbool\n\ttransitional\nconfig A\n\tdef_bool y\n\tselect OLD\nconfig B\n\tdef_bool OLD\n"
    assert one(tmp_path, text, "", "7.0.0") == {"A": "y"}


def test_a_defconfig_list_has_no_line(tmp_path: Path) -> None:
    text = 'config L\n\tstring\n\toption defconfig_list\n\tdefault "x"\n'
    assert one(tmp_path, text, "", "5.10.0") == {}


# Probes


def test_an_answer_is_what_the_command_printed(tmp_path: Path) -> None:
    text = 'config A\n\tdef_bool $(shell,a)\nconfig S\n\tstring\n\tdefault "<$(shell,b) $(shell,c)>"\n'
    model = model_of(tmp_path, text)
    assert values(model, answers={"shell:a": "y", "shell:b": "1"}) == {"A": "y", "S": "<1 >"}


def test_a_number_from_a_probe_compares_as_a_number(tmp_path: Path) -> None:
    text = "config V\n\tint\n\tdefault $(shell,v)\nconfig A\n\tdef_bool V >= 120000\n"
    model = model_of(tmp_path, text)
    assert values(model, answers={"shell:v": "90400"}) == {"V": "90400"}
    assert values(model, answers={"shell:v": "120300"}) == {"V": "120300", "A": "y"}


# The resolver's own ways


def test_symbols_are_computed_when_they_are_asked_for(tmp_path: Path) -> None:
    model = model_of(tmp_path, "config A\n\tdef_bool B\nconfig B\n\tdef_bool y\nconfig C\n\tdef_bool y\n")
    resolver = resolver_of(model)
    assert resolver.text(model.index["A"]) == "y"
    assert [bool(done) for done in resolver._done[: len(model.symbols)]] == [True, True, False]


def test_the_order_of_questions_does_not_change_answers(tmp_path: Path) -> None:
    text = MODULES + CHOICE + "config D\n\tdef_tristate m\n\tdepends on C\n\tselect E if B\nconfig E\n\ttristate\n"
    for version in EDGES:
        model = model_of(tmp_path / version, text, version)
        order = range(len(model.symbols))
        answers = [answers_in(resolver_of(model, "C=y"), numbers) for numbers in (order, order[::-1])]
        assert answers[0] == answers[1]


def answers_in(resolver: Resolver, numbers: range) -> dict[int, str]:
    return dict(sorted((number, resolver.text(number)) for number in numbers))


def test_a_chain_of_20000_dependencies_is_resolved(tmp_path: Path) -> None:
    text = "".join(f"config A{i}\n\tdef_bool A{i + 1}\n" for i in range(20_000)) + "config A20000\n\tdef_bool y\n"
    assert len(one(tmp_path, text)) == 20_001


def test_deep_chains_leave_the_recursion_limit_of_the_process_alone(tmp_path: Path) -> None:
    before = sys.getrecursionlimit()
    text = "".join(f"config A{i}\n\tdef_bool A{i + 1} && !!B\n" for i in range(500))
    model = model_of(tmp_path, f"{text}config A500\n\tdef_bool $(shell,x)\nconfig B\n\tdef_bool y\n")
    resolver = resolver_of(model, "", {})
    assert resolver.text(model.index["A0"]) == "n"
    assert Unknown(resolver).symbol(model.index["A0"]) == {0}
    assert sys.getrecursionlimit() == before
    assert threading.active_count() < 10


def test_a_chain_without_end_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deep, "MOST_THREADS", 3)
    text = "".join(f"config A{i}\n\tdef_bool A{i + 1}\n" for i in range(200)) + "config A200\n\tdef_bool y\n"
    with pytest.raises(CannotEvaluate, match="too long a chain"):
        one(tmp_path, text)


def test_a_chain_takes_as_many_threads_as_there_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deep, "MOST_THREADS", 3)
    for links, ends in ((levels(3) - 1, True), (levels(3), False)):
        chain = Chain()
        if ends:
            assert chain.down(links) == links
        else:
            with pytest.raises(CannotEvaluate):
                chain.down(links)


def levels(threads: int) -> int:
    """So many calls fit into so many threads."""
    return deep.LEVELS * threads


class Chain(deep.Deep):
    def down(self, links: int) -> int:
        """A call inside a call, so many in all."""
        self._depth += 1
        if self._depth >= self._floor:
            return self._elsewhere(self.down, links)
        found = 1 + self.down(links - 1) if links > 1 else 1
        self._depth -= 1
        return found


def test_what_was_evaluated_counts_no_longer_as_nested(tmp_path: Path) -> None:
    text = "".join(f"config A{i}\n\tdef_bool !A{i + 1} && SIZE > {i} || A{i + 1} = y\n" for i in range(200))
    model = model_of(tmp_path, f'{text}config A200\n\tdef_bool $(shell,x)\nconfig SIZE\n\tint "size"\n\tdefault 9\n')
    resolver = resolver_of(model)
    list(resolver.lines())
    assert (resolver._depth, resolver._floor) == (0, deep.LEVELS)
    unknown = Unknown(resolver)
    assert unknown.symbol(model.index["A0"])
    assert (unknown._depth, unknown._floor) == (0, deep.LEVELS)


def test_a_dependency_on_itself_ends(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n\tdepends on A\n'
    assert one(tmp_path, text, "A=y\nB=y") == {}


def test_a_resolved_configuration_is_written_as_the_kernel_does(tmp_path: Path) -> None:
    text = (
        'config B\n\tbool "b"\nconfig I\n\tint "i"\nconfig S\n\tstring "s"\nconfig N\n\tint\n\tdefault n\n'
        'config M\n\tstring "m"\n\tdefault "n"\n'
    )
    model = model_of(tmp_path, text, "6.12.3")
    lines = dotconfig(model, resolver_of(model, 'I=-3\nS="a\\\\b\\"c"').lines()).splitlines()
    assert lines[2] == "# Linux/x86 6.12.3 Kernel Configuration"
    assert lines[4:] == ["# CONFIG_B is not set", "CONFIG_I=-3", 'CONFIG_S="a\\\\b\\"c"', "CONFIG_N=n", 'CONFIG_M="n"']


def test_flags_of_the_model_are_distinct() -> None:
    assert len({Model.NO_WRITE, Model.ALLNOCONFIG_Y, Model.TRANSITIONAL, 0}) == 4


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("A=y\n", "A=m\n", {"A": "n", "N": "5", "X": "y", "Y": "n"}),  # no bool is m, and the first line is gone
        ("A=y\nA=m\n", "N=5\n", {"A": "y", "N": "5", "X": "y", "Y": "n"}),  # in one file the first stays
        ("N=3\n", "N=0x4\n", {"A": "n", "N": "5", "X": "y", "Y": "n"}),
        ("Y=y\n", "Y=foo\n", {"A": "n", "N": "5", "X": "y", "Y": "n"}),
        ("Y=y\n", "X=foo\n", {"A": "n", "N": "5", "X": "n", "Y": "y"}),
        ("X=y\nY=y\n", "Y=foo\n", {"A": "n", "N": "5", "X": "y", "Y": "n"}),
    ],
)
def test_a_line_of_a_later_file_takes_those_of_earlier_files_away_as_merge_config_does(
    tmp_path: Path, version: str, first: str, second: str, wanted: dict[str, str]
) -> None:
    tree = 'config A\n\tbool "a"\nconfig N\n\tint "n"\n\tdefault 5\n'
    tree += 'choice\n\tprompt "c"\nconfig X\n\tbool "x"\nconfig Y\n\tbool "y"\nendchoice\n'
    model = model_of(tmp_path / "tree", tree, version)
    for name, text in (("a.config", first), ("b.config", second)):
        (tmp_path / name).write_text("".join(f"CONFIG_{line}\n" for line in text.splitlines()) or "# nothing\n")
    both = read_config([str(tmp_path / "a.config"), str(tmp_path / "b.config")])
    for config in (both, parse_config(both.data, "both")):
        resolver = Resolver(model, read_user_values(model, config))
        assert {model.symbols[number].name: text for number, text in resolver.lines()} == wanted


@pytest.mark.parametrize(
    ("version", "second", "wanted"),
    [
        (
            "6.1.0",
            "# CONFIG_T is not set \nCONFIG_U=y\n",
            "n",
        ),  # as kernels before 6.8 read it
        ("6.12.0", "# CONFIG_T is not set \nCONFIG_U=y\n", "y"),
        ("6.1.0", 'CONFIG_U=y\nCONFIG_S="open\n', "y"),
    ],
)
def test_odd_lines_of_a_later_file_count_as_in_one_file_that_merge_config_makes(
    tmp_path: Path, version: str, second: str, wanted: str
) -> None:
    tree = 'config T\n\tbool "t"\nconfig U\n\tbool "u"\nconfig S\n\tstring "s"\n\tdefault "usual"\n'
    model = model_of(tmp_path / "tree", tree, version)
    (tmp_path / "a.config").write_text('CONFIG_T=y\nCONFIG_S="x"\n')
    (tmp_path / "b.config").write_text(second)
    kernel = KernelVersion.parse(version)
    both = read_config([str(tmp_path / "a.config"), str(tmp_path / "b.config")])
    lines = []
    for config in (both, parse_config(both.data, "both")):
        resolver = Resolver(model, read_user_values(model, config.read_by(kernel)))
        lines.append({model.symbols[number].name: text for number, text in resolver.lines()})
    assert lines[0] == lines[1]
    assert (lines[0]["T"], lines[0]["S"]) == (wanted, "usual" if "open" in second else "x")


def test_a_line_of_an_old_name_speaks_where_a_default_reads_it(tmp_path: Path) -> None:
    tree = 'config W\n\tbool "w"\nconfig OLD\n\tbool\n\ttransitional\nconfig NEW\n\tbool "n"\n\tdefault OLD if W\n'
    model = model_of(tmp_path, tree, "7.3.0")
    new, old = model.index["NEW"], model.index["OLD"]
    spoken = [resolver_of(model, config).speaker(new) for config in ("W=y\nOLD=y\n", "OLD=y\n", "W=y\n", "NEW=y\n")]
    assert spoken == [old, None, None, new]
