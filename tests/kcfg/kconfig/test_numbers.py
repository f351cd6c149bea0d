"""How texts are read as numbers: strtoll, strtoull and the comparisons of scripts/kconfig/expr.c."""

from __future__ import annotations

import pytest

from kcfg.kconfig.model import Type
from kcfg.kconfig.numbers import compare_numbers, number_prefix, order, parse_number

INT, HEX, TEXT = Type.INT, Type.HEX, Type.UNKNOWN


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("10", INT, 10), ("010", INT, 10), ("-10", INT, -10), ("+7", INT, 7), (" 7", INT, 7), ("0x10", INT, None),
        ("a", INT, None), ("", INT, None), ("7 ", INT, None), ("7x", INT, None),
        ("10", HEX, 16), ("0x10", HEX, 16), ("0X1f", HEX, 31), ("-1", HEX, -1), ("g", HEX, None),
        ("10", TEXT, 10), ("0", TEXT, 0), ("010", TEXT, 8), ("08", TEXT, None), ("0x10", TEXT, 16), ("1f", TEXT, None),
        ("n", Type.BOOL, 0), ("m", Type.TRISTATE, 1), ("y", Type.TRISTATE, 2),
        ("", Type.BOOL, None), ("x", Type.BOOL, -1),
        (str((1 << 63) - 1), INT, (1 << 63) - 1), (str(1 << 63), INT, None), (str(-(1 << 63)), INT, -(1 << 63)),
        (str(-(1 << 63) - 1), INT, None), ("f" * 16, HEX, (1 << 64) - 1), ("1" + "0" * 16, HEX, None),
    ],
)  # fmt: skip
def test_a_text_as_a_number(text: str, kind: int, value: int | None) -> None:
    assert parse_number(text, kind) == value


@pytest.mark.parametrize(
    ("text", "base", "value"),
    [
        ("12abc", 10, 12), ("12abc", 16, 0x12ABC), ("0x1fz", 16, 31), ("-5 ", 10, -5), ("  8", 10, 8), ("", 10, 0),
        ("x", 10, 0), ("1" * 30, 10, (1 << 63) - 1), ("-" + "1" * 30, 10, -(1 << 63)),
        (str((1 << 63) - 1), 10, (1 << 63) - 1), (str(-(1 << 63)), 10, -(1 << 63)), (str(1 << 63), 10, (1 << 63) - 1),
    ],
)  # fmt: skip
def test_the_number_that_a_text_begins_with(text: str, base: int, value: int) -> None:
    assert number_prefix(text, base) == value


def test_hex_numbers_compare_without_a_sign() -> None:
    assert compare_numbers(-1, 1, unsigned=False) == -1
    assert compare_numbers(-1, 1, unsigned=True) == 1
    assert compare_numbers(1, -1, unsigned=True) == -1
    assert compare_numbers(-1, (1 << 64) - 1, unsigned=True) == 0
    assert compare_numbers(3, 3, unsigned=False) == 0
    assert order("-1", "1", (INT, HEX)) > 0
    assert order("-1", "1", (INT, INT)) < 0
    assert order("0x2", "1", (HEX, HEX)) > 0
    assert order("2", "10", (Type.STRING, Type.STRING)) > 0
    assert order("2", "10", (Type.STRING, TEXT)) < 0
    assert order("2", "b", (INT, TEXT)) < 0


def test_numbers_without_end_are_the_nearest_of_64_bits() -> None:
    for base, digits in ((10, "9"), (16, "f")):
        assert number_prefix(digits * 6000, base) == (1 << 63) - 1
        assert number_prefix("-" + digits * 6000, base) == -(1 << 63)
    assert number_prefix("0" * 6000 + "7", 10) == 7
    assert number_prefix("0x" + "0" * 6000 + "7", 16) == 7
