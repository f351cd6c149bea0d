from __future__ import annotations

import random
from pathlib import Path

import pytest

from kcfg.answers.differences import differences
from kcfg.answers.facts import Difference, State
from kcfg.answers.report.sentences import sentence
from kcfg.kconfig.assign import read_user_values, valid_text
from kcfg.kconfig.config import parse_config
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.resolve import Resolver
from tests.conformance.random_trees import random_config, random_tree
from tests.kcfg.trees import MODULES, NEW, OLD, config_of, model_of, resolver_of

VERSIONS = ("5.10.0", OLD, NEW, "7.3.0")


def told(model: Model, config: str) -> list[Difference]:
    return list(differences(config_of(config), resolver_of(model, config)))


def short(model: Model, config: str) -> list[tuple[str, str, str, int, str]]:
    """(symbol, asked, got, line of the configuration, kind of the first reason) of every difference."""
    return [(d.symbol, d.asked, d.got, d.where.line, d.reasons[0].kind) for d in told(model, config)]


def test_lines_that_come_out_as_asked_are_not_told(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\nconfig I\n\tint "i"\nconfig S\n\tstring "s"\nconfig P\n\tdef_bool y\n'
    assert told(model_of(tmp_path, text), 'A=y\nI=4\nS="x"\nP=y\n') == []


def test_an_unmet_dependency_is_told_with_the_part_that_fails(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on B && C\nconfig B\n\tdef_bool y\nconfig C\n\tbool "c"\n'
    (found,) = told(model_of(tmp_path, text), "\nA=y")
    assert (found.symbol, found.asked, found.got, found.where.line) == ("A", "y", "n", 2)
    assert [(r.kind, str(r.where), r.depth) for r in found.reasons] == [
        ("unmet-dependency", "Kconfig:3", 0),
        ("not-asked", "Kconfig:6", 1),
    ]
    assert found.reasons[0].states == (State("C", "n"),)


def test_a_symbol_that_a_select_forces_is_told_with_the_select(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tselect B\nconfig B\n\tbool "b"\n'
    (found,) = told(model_of(tmp_path, text), "A=y\n# B is not set")
    assert (found.symbol, found.asked, found.got) == ("B", "n", "y")
    assert [(r.kind, str(r.where)) for r in found.reasons] == [
        ("selected", "Kconfig:3"),
        ("explicit", "test.config:1"),
    ]


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_choice_that_is_lost_is_told_with_the_winner(tmp_path: Path, version: str) -> None:
    text = 'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nendchoice\n'
    (found,) = told(model_of(tmp_path, text, version), "A=y\nB=y")
    assert (found.symbol, found.got) == ("A", "n")
    assert [(r.kind, str(r.where)) for r in found.reasons] == [("choice", "Kconfig:1"), ("explicit", "test.config:2")]
    assert found.reasons[0].others == ("B",)


def test_a_line_for_a_symbol_without_a_prompt_is_told_as_inert(tmp_path: Path) -> None:
    text = "config A\n\tdef_bool y\nconfig B\n\tdef_bool n\nconfig I\n\tint\n\tdefault 3\n"
    assert short(model_of(tmp_path, text), "# A is not set\nB=y\nI=4") == [
        ("A", "n", "y", 1, "no-prompt"),
        ("B", "y", "n", 2, "no-prompt"),
        ("I", "4", "3", 3, "no-prompt"),
    ]


def test_an_unknown_symbol_is_told_with_near_misses(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config XEN_BLKDEV_FRONTEND\n\tbool "a"\n')
    (found,) = told(model, "XEN_BLKDEV_FRONTENT=y")
    assert (found.got, found.reasons[0].kind) == ("", "unknown-symbol")
    assert found.reasons[0].others == ("XEN_BLKDEV_FRONTEND",)


def test_an_unknown_symbol_that_shall_not_be_set_is_not_told(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\n')
    assert told(model, "# GONE is not set") == []
    assert short(model, "GONE=m\n") == [("GONE", "m", "", 1, "unknown-symbol")]


def test_a_symbol_with_a_known_new_name_is_told_so(tmp_path: Path) -> None:
    (found,) = told(model_of(tmp_path, 'config A\n\tbool "a"\n', "7.3.0"), "XEN_DEBUG_FS=y")
    assert found.reasons[0].kind == "renamed"
    assert found.reasons[0].where is not None


def test_a_symbol_that_is_mentioned_and_not_defined_is_told_so(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\n\tdepends on ELSEWHERE || y\n')
    assert short(model, "ELSEWHERE=y") == [("ELSEWHERE", "y", "", 1, "not-in-kernel")]


def test_m_that_becomes_y_is_told_with_modules(tmp_path: Path) -> None:
    model = model_of(tmp_path, MODULES + 'config A\n\ttristate "a"\n')
    assert short(model, "A=m\n# MODULES is not set") == [("A", "m", "y", 1, "modules-off")]
    assert told(model, "A=m") == []


def test_m_that_becomes_y_below_a_select_of_m_is_told_with_modules(tmp_path: Path) -> None:
    text = MODULES + 'config A\n\ttristate "a"\nconfig B\n\tdef_bool y\n\tselect A if m\n'
    assert short(model_of(tmp_path, text), "A=m\n# MODULES is not set") == [("A", "m", "y", 1, "modules-off")]
    (found,) = told(model_of(tmp_path / "y", text.replace(" if m", "")), "A=m")
    assert [one.kind for one in found.reasons[:1]] == ["selected"]


def test_m_for_a_bool_is_told_as_a_bad_value(tmp_path: Path) -> None:
    assert short(model_of(tmp_path, 'config A\n\tbool "a"\n'), "A=m") == [("A", "m", "n", 1, "bad-value")]


@pytest.mark.parametrize(("version", "got"), [("6.9.0", "15"), ("6.10.0", "20")])
def test_a_number_outside_its_range_is_told_with_the_range(tmp_path: Path, version: str, got: str) -> None:
    text = 'config A\n\tint "a"\n\trange 10 20\n\tdefault 15\n'
    (found,) = told(model_of(tmp_path, text, version), "A=21")
    assert (found.asked, found.got, found.reasons[0].kind) == ("21", got, "out-of-range")
    assert str(found.reasons[0].where) == "Kconfig:3"


def test_hex_numbers_are_compared_as_numbers(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\thex "a"\nconfig B\n\thex\n\tdefault 0x10\n')
    assert told(model, "A=FF\nB=0X010") == []


def test_a_hex_whose_value_is_no_number_is_told(tmp_path: Path) -> None:
    assert short(model_of(tmp_path, "config A\n\thex\n\tdefault MISSING\n"), "A=0x1") == [
        ("A", "0x1", "MISSING", 1, "no-prompt")
    ]


def test_the_same_symbol_twice_is_told_with_the_line_that_wins(tmp_path: Path) -> None:
    (found,) = told(model_of(tmp_path, 'config A\n\tbool "a"\n'), "A=y\n# A is not set")
    assert (found.asked, found.got, found.where.line, found.reasons[0].kind) == ("y", "n", 1, "duplicate")
    assert str(found.reasons[0].where) == "test.config:2"


@pytest.mark.parametrize("config", ["A=y # by hand\nA=y", "S=y\n# A is not set", "S=y\nA=y\nA=n\nA=y"])
def test_a_line_before_the_last_one_that_comes_out_as_asked_is_not_told(tmp_path: Path, config: str) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\nconfig S\n\tbool "s"\n\tselect A\n')
    assert all(found.asked != found.got for found in told(model, config))


def test_the_same_line_twice_is_not_told(tmp_path: Path) -> None:
    assert told(model_of(tmp_path, 'config A\n\tbool "a"\n'), "A=y\nA=y") == []


def test_a_bad_value_after_a_good_one_is_told_once(tmp_path: Path) -> None:
    assert short(model_of(tmp_path, 'config A\n\tint "a"\n'), "A=5\nA=x") == [("A", "x", "5", 2, "bad-value")]


def test_the_quotes_of_a_quoted_number_are_shown(tmp_path: Path) -> None:
    (found,) = told(model_of(tmp_path, 'config A\n\tint "a"\n\tdefault 1\n'), 'A="64"')
    assert (found.asked, found.got, found.reasons[0].kind, found.reasons[0].type) == ('"64"', "1", "bad-value", "int")


def test_an_old_names_line_comes_out_where_its_new_name_takes_it(tmp_path: Path) -> None:
    text = 'config OLD\n\tbool\n\ttransitional\nconfig NEW\n\tbool "n"\n\tdepends on X\n\tdefault OLD\n'
    text += 'config X\n\tbool "x"\n'
    model = model_of(tmp_path, text, "7.3.0")
    assert told(model, "OLD=y\nX=y") == []
    assert short(model, "OLD=y") == [("OLD", "y", "n", 1, "no-prompt")]


def test_differences_come_in_the_order_of_the_lines(tmp_path: Path) -> None:
    text = "".join(f"config A{i}\n\tbool\n" for i in range(12))
    names = [f"A{i}" for i in (7, 2, 11, 0, 5)]
    found = told(model_of(tmp_path, text), "".join(f"{name}=y\n" for name in names))
    assert [d.symbol for d in found] == names


@pytest.mark.parametrize("version", VERSIONS)
def test_on_random_trees_every_lost_line_is_told_with_reasons_that_stand_somewhere(
    version: str, tmp_path: Path
) -> None:
    series = tuple(int(part) for part in version.split(".")[:2])
    for seed in range(60):
        rng = random.Random(seed)
        tree = random_tree(rng, (series[0], series[1]), probes=("probe",) * (seed % 2))
        model = model_of(tmp_path / str(seed), tree.kconfig, version)
        for _ in range(3):
            text = random_config(rng, tree)
            config = parse_config(text, "test.config")
            resolver = Resolver(model, read_user_values(model, config))
            found = differences(config, resolver)
            case = f"seed {seed}\n{tree.kconfig}--- .config\n{text}"
            told_of = {d.symbol for d in found if d.reasons[:1] and d.reasons[0].kind not in OTHER}
            assert told_of - old_names(model) == lost(resolver), case
            for one in found:
                check_reasons(one, tree.kconfig.count("\n"), text.count("\n"), case)


OTHER = ("duplicate", "bad-value", "unknown-symbol")


def old_names(model: Model) -> set[str]:
    """Transitional symbols, whose lines are for other symbols."""
    return {symbol.name for symbol in model.symbols if symbol.flags & Model.TRANSITIONAL}


def lost(resolver: Resolver) -> set[str]:
    """Symbols whose last valid line is not what comes out."""
    out = set()
    for number, line in resolver.user.lines.items():
        symbol = resolver.model.symbols[number]
        if symbol.name in old_names(resolver.model):
            continue
        asked, got = line.value, resolver.text(number)
        if symbol.type in (Type.BOOL, Type.TRISTATE):
            asked = asked[0]
        elif not resolver.written(number):
            got = ""
        if symbol.type == Type.HEX and valid_text(Type.HEX, got):
            asked, got = str(int(asked, 16)), str(int(got, 16))
        if asked != got:
            out.add(symbol.name)
    return out


def check_reasons(one: Difference, tree_lines: int, config_lines: int, case: str) -> None:
    assert one.reasons, f"{one}\n{case}"
    assert one.reasons[0].depth == 0, f"{one}\n{case}"
    for before, reason in zip(one.reasons, one.reasons[1:], strict=False):
        assert 0 <= reason.depth <= before.depth + 1, f"{one}\n{case}"
    for reason in one.reasons:
        assert sentence(reason), case
        if reason.where is not None:
            limit = {"Kconfig": tree_lines, "test.config": config_lines}[reason.where.path]
            assert 1 <= reason.where.line <= limit, f"{reason}\n{case}"


def test_a_range_is_told_by_the_file_that_states_it(tmp_path: Path) -> None:
    files = {
        "Kconfig": 'config A\n\tint "a"\n\tdefault 5\nsource "sub/Kconfig"\n',
        "sub/Kconfig": "config A\n\tint\n\trange 1 9\n",
    }
    (found,) = told(model_of(tmp_path, files), "A=12")
    assert [str(reason.where) for reason in found.reasons] == ["sub/Kconfig:3"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_range_that_only_seems_to_hang_on_its_option_is_told_where_it_stands(tmp_path: Path, version: str) -> None:
    text = 'config N\n\tint "n"\n\trange 5 9 if B || y\nconfig B\n\tdef_bool N = 5\n'
    (found,) = told(model_of(tmp_path, text, version), "N=3")
    assert [str(reason.where) for reason in found.reasons] == ["Kconfig:3"]


def test_a_dependency_beside_one_that_only_seems_to_be_is_told_where_it_stands(tmp_path: Path) -> None:
    text = 'config D\n\tbool "d"\n\tdepends on B\n\tdepends on D || y\n\tdepends on C\n'
    (found,) = told(model_of(tmp_path, f'{text}config B\n\tbool "b"\nconfig C\n\tbool "c"\n'), "B=y\nD=y")
    assert (found.reasons[0].condition, str(found.reasons[0].where)) == ("C", "Kconfig:5")


# Transitional symbols

CARRIED = """\
config OLD
	bool
	transitional
config NOW
	bool "now"
	default OLD
	depends on B
config B
	bool "b"
"""


def test_a_transitional_line_that_is_carried_over_is_not_told(tmp_path: Path) -> None:
    model = model_of(tmp_path, CARRIED, "7.3.0")
    assert short(model, "OLD=y\nB=y") == []
    assert short(model, "# OLD is not set") == []


def test_a_transitional_line_that_nothing_takes_over_is_told(tmp_path: Path) -> None:
    model = model_of(tmp_path, CARRIED, "7.3.0")
    assert short(model, "OLD=y") == [("OLD", "y", "n", 1, "no-prompt")]
    assert short(model, "OLD=y\n# NOW is not set\nB=y") == [("OLD", "y", "n", 1, "no-prompt")]


def test_a_transitional_symbol_that_no_default_names_is_gone(tmp_path: Path) -> None:
    model = model_of(tmp_path, "config OLD\n\tbool\n\ttransitional\n", "7.3.0")
    assert short(model, "OLD=y") == [("OLD", "y", "n", 1, "no-prompt")]


def test_a_bound_that_is_a_symbol_is_told_with_its_value(tmp_path: Path) -> None:
    text = 'config LOW\n\tint\n\tdefault 3\nconfig A\n\tint "a"\n\trange LOW 9\n\tdefault 5\n'
    (found,) = told(model_of(tmp_path, text), "A=12")
    assert [(one.symbol, one.value) for one in found.reasons[0].states] == [("LOW", "3"), ("9", "")]
