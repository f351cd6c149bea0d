"""Which lines of a configuration cannot be left out, and how expressions are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kconfig.minimal import again, default_text, kept_lines, needed_lines, sufficient_lines
from kcfg.kconfig.model import Model
from tests.kcfg.trees import MODULES, NEW, OLD, model_of, resolver_of

TREE = (
    MODULES
    + """\
config A
	bool "a"
config ON
	bool "on"
	default y if A
	default n
config T
	tristate "t"
	default m
config B
	bool "b"
	default T
config S
	bool "s"
	select FORCED
	imply HINTED
config FORCED
	bool "forced"
config HINTED
	bool "hinted"
config SIZE
	int "size"
	default 9 if A
	default 7
config WORD
	string "word"
	default "w"
config SAME
	int "same"
	default SIZE
config DEEP
	bool "deep"
	depends on A
	default y
choice
	prompt "c"
	default TWO
config ONE
	bool "one"
config TWO
	bool "two"
endchoice
"""
)


@pytest.fixture(params=[OLD, NEW])
def model(request: pytest.FixtureRequest, tmp_path: Path) -> Model:
    return model_of(tmp_path, TREE, request.param)


def kept(model: Model, config: str) -> dict[str, str]:
    return {model.symbols[number].name: value for number, value in kept_lines(resolver_of(model, config))}


@pytest.mark.parametrize(
    ("config", "lines"),
    [
        ("", {}),
        ("A=y\n", {"A": "y"}),
        ("A=y\n# ON is not set\n", {"A": "y", "ON": "n"}),
        ("ON=y\n", {"ON": "y"}),
        ("T=y\n", {"T": "y"}),
        ("# T is not set\n", {"T": "n"}),
        ("S=y\n", {"S": "y"}),
        ("S=y\n# HINTED is not set\n", {"S": "y", "HINTED": "n"}),
        ("FORCED=y\n", {"FORCED": "y"}),
        ("SIZE=7\n", {}),
        ("SIZE=8\n", {"SIZE": "8"}),
        ("A=y\nSIZE=7\n", {"A": "y", "SIZE": "7"}),
        ('WORD="x"\n', {"WORD": "x"}),
        ("SAME=3\n", {"SAME": "3"}),
        ("SIZE=3\nSAME=3\n", {"SIZE": "3"}),
        ("A=y\n# DEEP is not set\n", {"A": "y", "DEEP": "n"}),
        ("ONE=y\n", {"ONE": "y"}),
        ("TWO=y\n", {}),
    ],
)
def test_lines_that_savedefconfig_keeps(model: Model, config: str, lines: dict[str, str]) -> None:
    assert kept(model, config) == lines


def test_a_tristate_that_is_m_by_default_is_y_without_modules(model: Model) -> None:
    assert kept(model, "# MODULES is not set\n") == {"MODULES": "n"}


def test_a_value_without_a_users_line(model: Model) -> None:
    def default(name: str, config: str = "") -> str:
        return default_text(resolver_of(model, config), model.index[name])

    assert (default("ON"), default("ON", "A=y")) == ("n", "y")
    assert (default("T"), default("T", "# MODULES is not set")) == ("m", "y")
    assert (default("B"), default("B", "# T is not set")) == ("y", "n")
    assert (default("FORCED"), default("FORCED", "S=y")) == ("n", "y")
    assert (default("HINTED"), default("HINTED", "S=y")) == ("n", "y")
    assert (default("SIZE"), default("SIZE", "A=y"), default("SAME", "SIZE=4"), default("WORD")) == ("7", "9", "4", "w")
    assert (default("DEEP"), default("DEEP", "A=y")) == ("n", "y")
    assert default("ONE", "S=y") == "n"


@pytest.mark.parametrize(
    "config", ["", "A=y\nT=y\nONE=y\nSIZE=3\n", "# MODULES is not set\nS=y\n# HINTED is not set\n"]
)
def test_sufficient_lines_give_the_whole_configuration(model: Model, config: str) -> None:
    resolver = resolver_of(model, config)
    lines = sufficient_lines(resolver)
    assert list(again(resolver, lines).lines()) == list(resolver.lines())
    assert {symbol for symbol, _ in kept_lines(resolver)} <= {symbol for symbol, _ in lines}


BOUND = """\
config A
	bool "a"
config CLAMPED
	int "clamped"
	range 9 10
config BELOW
	int "below"
	range 3 A_BOUND
	default 7
config A_BOUND
	int
	default 5
choice
	prompt "c"
config ONE
	bool "one" if A
config TWO
	bool "two"
config THREE
	bool "three"
endchoice
"""


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize(
    ("config", "needed"),
    [
        ("", set()),
        ("CLAMPED=9\nBELOW=5\n", set()),
        ("CLAMPED=10\nBELOW=4\n", {"CLAMPED", "BELOW"}),
        ("A=y\nTHREE=y\n", {"A", "THREE"}),
        ("A=y\nONE=y\n", {"A"}),
        ("TWO=y\n", set()),
    ],
)
def test_none_of_the_needed_lines_can_be_left_out(tmp_path: Path, version: str, config: str, needed: set[str]) -> None:
    model = model_of(tmp_path, MODULES + BOUND, version)
    resolver = resolver_of(model, config + "MODULES=y\n")
    lines = needed_lines(resolver)
    assert again(resolver, lines).lines() == resolver.lines()
    assert {model.symbols[number].name for number, _ in lines} == needed
    for line in lines:
        assert again(resolver, [one for one in lines if one != line]).lines() != resolver.lines()


@pytest.mark.parametrize(
    "text",
    ["A", "!A", "A && ON", "A || ON", "A && (ON || T)", "A && ON || T && S", "!(A && ON)", "!(A || ON)",
     "(A || ON) && T", "SIZE>4", "SIZE>=4 && A", "!(SIZE<4)", "T=m", "T!=n || A", 'WORD="x"', "A && ON && T"],
)  # fmt: skip
def test_an_expression_is_written_as_it_is_read(tmp_path: Path, text: str) -> None:
    model = model_of(tmp_path, TREE + f'config X\n\tbool "x"\n\tdepends on {text}\n')
    first = model.expr_text(model.conditions[model.definitions[-1].context].expr)
    (tmp_path / "b").mkdir()
    again_ = model_of(tmp_path / "b", TREE + f'config X\n\tbool "x"\n\tdepends on {first}\n')
    assert again_.expr_text(again_.conditions[again_.definitions[-1].context].expr) == first
    assert again_.exprs == model.exprs


def test_parentheses_stand_where_they_are_needed(tmp_path: Path) -> None:
    for text in ("!(A && ON)", "A && (ON || T)", "(A && ON) || T", '!(SIZE<"4")', "A || ON || T"):
        model = model_of(tmp_path / str(len(text)), TREE + f'config X\n\tbool "x"\n\tdepends on {text}\n')
        assert model.expr_text(model.conditions[model.definitions[-1].context].expr) == text


def test_a_choices_place_stands_for_its_name(tmp_path: Path) -> None:
    text = 'choice\n\tprompt "c"\nconfig ONE\n\tbool "one"\nconfig TWO\n\tbool "two"\nendchoice\n'
    model = model_of(tmp_path, f'config A\n\tbool "a"\n{text}', OLD)
    (definition,) = (model.definitions[d] for d in model.symbols[model.index["ONE"]].definitions)
    told = [model.expr_text(link.expr) for link in model.chain(definition.context)]
    assert "<choice at Kconfig:3>" in told
