"""Expressions, comparisons, chains, defaults and ranges, as values."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kconfig.evaluate import Evaluation
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import LETTER
from tests.kcfg.trees import MODULES, NEW, model_of, resolver_of

ATOMS = (
    MODULES
    + """
config Y
\tdef_bool y
config N
\tbool
config M
\tdef_tristate m
config I
\tint
\tdefault 10
config H
\thex
\tdefault 0xa
config S
\tstring
\tdefault "abc"
config E
\tstring
"""
)


def asked(folder: Path, expr: str, config: str = "MODULES=y", answers: dict[str, str] | None = None) -> str:
    """The value of an expression, as the condition of a prompt."""
    model = model_of(folder, f'{ATOMS}config ASKED\n\ttristate "asked" if {expr}\n')
    prompt = model.definitions[model.symbols[model.index["ASKED"]].definitions[0]].prompt
    assert prompt is not None
    return LETTER[resolver_of(model, config, answers).expr(prompt.cond)]


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("Y", "y"), ("M", "m"), ("N", "n"), ("UNDEFINED", "n"), ("y", "y"), ("n", "n"),
        ("!Y", "n"), ("!M", "m"), ("!N", "y"),
        ("Y && M", "m"), ("M && N", "n"), ("M || N", "m"), ("M || Y", "y"), ("N || N", "n"),
        ("Y = y", "y"), ("M = m", "y"), ("M != y", "y"), ("N = n", "y"), ("M < Y", "y"), ("M > Y", "n"),
        ("I = 10", "y"), ("I = 010", "n"), ("I < 9", "n"), ("I > 9", "y"), ("I >= 10", "y"), ("I <= 10", "y"),
        ("H = 10", "y"), ("H = 0xA", "y"), ("H > I", "n"),
        ('S = "abc"', "y"), ('S < "abd"', "y"), ('E = ""', "y"), ("S", "n"),
        ("UNDEFINED = UNDEFINED", "y"), ("UNDEFINED = n", "n"),
    ],
)  # fmt: skip
def test_an_expression_is_worth(tmp_path: Path, expr: str, value: str) -> None:
    assert asked(tmp_path, expr) == value


def test_without_modules_m_is_y_and_compares_so(tmp_path: Path) -> None:
    assert asked(tmp_path, "M", "# MODULES is not set") == "y"
    assert asked(tmp_path, "M = y", "# MODULES is not set") == "y"
    assert asked(tmp_path, "M = m", "# MODULES is not set") == "n"


@pytest.mark.parametrize(("answer", "value"), [("y", "y"), ("m", "m"), ("n", "n"), ("17", "n")])
def test_a_probe_is_what_it_answered_and_n_without_an_answer(tmp_path: Path, answer: str, value: str) -> None:
    assert asked(tmp_path, '"$(shell,ask)"', answers={"shell:ask": answer}) == value
    assert asked(tmp_path, '"$(shell,ask)"') == "n"
    assert asked(tmp_path, f'"a-$(shell,ask)" = "a-{answer}"', answers={"shell:ask": answer}) == "y"


def test_who_computes_no_symbols_has_only_constants(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tdef_bool y if "$(shell,ask)" = "x"\n')
    evaluation = Evaluation(model, {"shell:ask": "x"})
    condition = model.definitions[0].defaults[0].cond
    assert evaluation.expr(condition) == 2
    assert Evaluation(model, {}).expr(condition) == 0
    assert evaluation.cond(-1) == 2
    with pytest.raises(NotImplementedError):
        evaluation.raw(model.index["A"])


def test_a_chain_is_worth_its_weakest_link(tmp_path: Path) -> None:
    tree = f'{ATOMS}if M\nmenu "m"\n\tdepends on Y\nconfig A\n\ttristate "a"\n\tdepends on !N\nendmenu\nendif\n'
    model = model_of(tmp_path, tree)
    resolver = resolver_of(model, "MODULES=y")
    context = model.definitions[model.symbols[model.index["A"]].definitions[0]].context
    assert len(list(model.chain(context))) == 3
    assert LETTER[resolver.cond(context)] == "m"


def numbers(folder: Path, lines: str, config: str = "") -> tuple[Resolver, int]:
    """A resolver and the number of the symbol A."""
    model = model_of(folder, f"{ATOMS}config A\n{lines}", NEW)
    return resolver_of(model, f"MODULES=y\n{config}"), model.index["A"]


def test_the_first_default_whose_condition_is_not_n_counts(tmp_path: Path) -> None:
    resolver, a = numbers(tmp_path, "\tint\n\tdefault 1 if N\n\tdefault 2 if M\n\tdefault 3\n")
    found = resolver.first_default(a)
    assert found is not None
    value = resolver.model.exprs[found[0].value].args[0]
    assert (resolver.raw(value), LETTER[found[1]]) == ("2", "m")
    definitions = resolver.model.symbols[a].definitions
    assert [LETTER[value] for _, value in resolver.defaults_of(definitions)] == ["m", "y"]


def test_a_symbol_without_a_default_that_holds_has_none(tmp_path: Path) -> None:
    resolver, a = numbers(tmp_path, "\tint\n\tdefault 1 if N\n")
    assert resolver.first_default(a) is None


def test_the_first_range_whose_condition_is_not_n_applies(tmp_path: Path) -> None:
    resolver, a = numbers(tmp_path, '\tint "a"\n\trange 1 2 if N\n\trange 3 I\n\trange 5 6\n')
    limits = resolver.range_of(a)
    assert limits is not None
    assert [resolver.raw(bound) for bound in (limits.low, limits.high)] == ["3", "10"]
    found = [resolver.out_of_range(a, text) for text in ("2", "3", "10", "11")]
    assert found == [limits.low, None, None, limits.high]


def test_a_hex_is_compared_by_its_own_base_and_its_bounds_by_theirs(tmp_path: Path) -> None:
    resolver, a = numbers(tmp_path, '\thex "a"\n\trange 0x10 I\n\tdefault 0x10\n')
    limits = resolver.range_of(a)
    assert limits is not None
    assert resolver.out_of_range(a, "0xf") == limits.low
    assert resolver.out_of_range(a, "11") == limits.high  # 17 is above the int 10


def test_a_symbol_without_a_range_is_never_out_of_it(tmp_path: Path) -> None:
    resolver, a = numbers(tmp_path, '\tint "a"\n')
    assert (resolver.range_of(a), resolver.out_of_range(a, "99")) == (None, None)


def test_the_raw_text_of_a_bool_is_n_whatever_its_value(tmp_path: Path) -> None:
    resolver, _ = numbers(tmp_path, '\tint "a"\n')
    index = resolver.model.index
    assert [resolver.raw(index[name]) for name in ("Y", "M", "I", "S", "E")] == ["n", "n", "10", "abc", ""]
