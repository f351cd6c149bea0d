"""Int, hex and string symbols as clauses: ranges, defaults, and what a user may set."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kconfig.model import Type
from kcfg.solver.clauses import FALSE, TRUE
from kcfg.solver.encode import Encoder
from kcfg.solver.text_rules import Limits, automatic_text, default_text, encode_text, ranges_of
from tests.kcfg.solver_trees import differences
from tests.kcfg.trees import NEW, OLD, model_of

RANGE = Limits(TRUE, ("3", "0x7"), (3, 7), 0, 0)
NO_RANGE = Limits(TRUE, None, (0, 0), -1, -1)


@pytest.mark.parametrize(
    ("kind", "text", "clamped"),
    [
        (Type.INT, "2", "3"),
        (Type.INT, "3", "3"),
        (Type.INT, "7", "7"),
        (Type.INT, "8", "0x7"),
        (Type.INT, "", "3"),
        (Type.HEX, "10", "0x7"),
        (Type.HEX, "5", "5"),
    ],
)
def test_a_number_out_of_its_range_becomes_the_bound_s_text(kind: int, text: str, clamped: str) -> None:
    assert RANGE.clamp(kind, text) == clamped
    assert NO_RANGE.clamp(kind, text) == text


def test_a_range_without_a_number_in_it_is_empty() -> None:
    assert [
        it.empty
        for it in (RANGE, NO_RANGE, Limits(TRUE, ("7", "3"), (7, 3), 0, 0), Limits(TRUE, ("3", "3"), (3, 3), 0, 0))
    ] == [
        False,
        False,
        True,
        False,
    ]
    assert (RANGE.bounds, NO_RANGE.bounds) == (("3", "0x7"), ())


HEAD = 'config ON\n\tbool "on"\nconfig READ\n\tbool "read"\n\tdepends on A = 5 || A = 9\n'


def encoder_of(folder: Path, lines: str, head: str = HEAD) -> tuple[Encoder, int, int]:
    """(an encoder that has run, the symbol A, the literal of ON)."""
    model = model_of(folder, f"{head}config A\n{lines}")
    encoder = Encoder(model, {})
    encoder.run()
    return encoder, model.index["A"], encoder.enabled[model.index["ON"]]


def test_the_ranges_of_a_symbol_end_with_none_at_all(tmp_path: Path) -> None:
    encoder, a, on = encoder_of(tmp_path, '\tint "a"\n\trange 1 5 if ON\n\trange 2 6\n')
    found = ranges_of(encoder, a)
    assert [(it.active, it.texts, it.values, it.place) for it in found] == [
        (on, ("1", "5"), (1, 5), 0),
        (-on, ("2", "6"), (2, 6), 1),
        (FALSE, None, (0, 0), -1),
    ]


def test_a_string_has_no_range(tmp_path: Path) -> None:
    head = 'config READ\n\tbool "read"\n\tdepends on A = "x"\n'
    model = model_of(tmp_path, head + 'config A\n\tstring "a"\n\tdefault "z"\n')
    encoder = Encoder(model, {})
    encoder.run()
    number = model.index["A"]
    assert ranges_of(encoder, number) == [NO_RANGE]
    assert [(literal, text) for literal, text, _, _ in default_text(encoder, number)] == [(TRUE, "z"), (FALSE, "")]


@pytest.mark.parametrize(("bound", "high"), [("0x10", 0), ("10", 10), ("H", 16)])
def test_a_bound_is_read_in_its_own_base_and_a_constant_in_the_symbol_s(tmp_path: Path, bound: str, high: int) -> None:
    head = f"{HEAD}config H\n\thex\n\tdefault 0x10\n"
    encoder, a, _ = encoder_of(tmp_path, f'\tint "a"\n\trange 1 {bound}\n', head)
    assert (1, high) in [it.values for it in ranges_of(encoder, a) if it.texts]


def test_defaults_have_the_literal_under_which_they_come_first(tmp_path: Path) -> None:
    encoder, a, on = encoder_of(tmp_path, '\tint "a"\n\tdefault 5 if ON\n\tdefault 9\n')
    found = [(literal, text, place) for literal, text, _, place in default_text(encoder, a)]
    assert found == [(on, "5", 0), (-on, "9", 1), (FALSE, "0", -1)]


def test_where_no_default_holds_a_number_is_0(tmp_path: Path) -> None:
    encoder, a, on = encoder_of(tmp_path, '\tint "a"\n\tdefault 5 if ON\n')
    assert default_text(encoder, a)[-1] == (-on, "0", -1, -1)


def test_a_default_out_of_its_range_is_automatically_the_bound(tmp_path: Path) -> None:
    encoder, a, on = encoder_of(tmp_path, '\tint "a"\n\trange 1 5 if ON\n\tdefault 9\n')
    found = automatic_text(encoder, a, ranges_of(encoder, a))
    assert {text: [cause for cause, _, _ in causes] for text, causes in found.items()} == {"5": [on], "9": [-on]}


def test_a_symbol_that_nothing_compares_needs_no_clause(tmp_path: Path) -> None:
    encoder, a, _ = encoder_of(tmp_path, '\tint "a"\n\trange 1 5\n', 'config ON\n\tbool "on"\n')
    before = list(encoder.out.stated)
    encode_text(encoder, a)
    assert encoder.out.stated == before


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize(
    "lines",
    [
        '\tint "a"\n',
        '\tint "a"\n\tdefault 5 if ON\n',
        '\tint "a" if ON\n\tdefault 9\n\trange 1 5\n',
        '\thex "a" if ON\n\trange 0x1 0x8\n',
        "\tint\n\tdefault 5 if ON\n\tdefault 9\n",
    ],
)
def test_the_clauses_say_what_resolving_does(tmp_path: Path, lines: str, version: str) -> None:
    good, bad = differences(model_of(tmp_path, f"{HEAD}config A\n{lines}", version))
    assert good
    assert bad == []


def test_since_6_10_no_number_of_an_empty_range_stays(tmp_path: Path) -> None:
    assert differences(model_of(tmp_path, f'{HEAD}config A\n\tint "a"\n\trange 6 5\n\tdefault 9\n', NEW)) == (0, [])
