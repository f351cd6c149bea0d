"""Numbers as the kernel's tools read them: in comparisons, ranges and bounds of int and hex symbols."""

from __future__ import annotations

import re
from collections.abc import Callable

from kcfg.kconfig.model import Op, Type
from kcfg.kconfig.tristate import LETTER

NUMBER = re.compile(r"[ \t\n\v\f\r]*([+-]?)(0[xX])?([0-9a-fA-F]+)\Z", re.ASCII)
DIGITS = 40
"""More of them than a number of 64 bits has."""
PREFIX = {10: re.compile(r"\s*([+-]?\d+)", re.ASCII), 16: re.compile(r"\s*([+-]?(?:0[xX])?[0-9a-fA-F]+)", re.ASCII)}


def parse_number(text: str, kind: int) -> int | None:
    """A value as comparisons see it (expr_parse_string), None where it compares as text."""
    if kind in (Type.BOOL, Type.TRISTATE):
        return LETTER.find(text) if text else None
    match = NUMBER.match(text)
    if match is None:
        return None
    sign, prefix, digits = match.groups()
    base = 16 if kind == Type.HEX else 10
    if kind not in (Type.HEX, Type.INT):
        base = 16 if prefix else 8 if digits.startswith("0") else 10
    elif prefix and base == 10:
        return None
    try:
        value = int(sign + digits, base)
    except ValueError:
        return None
    return value if -(1 << 63) <= value < (1 << 64 if kind == Type.HEX else 1 << 63) else None


def plain(kind: int, text: str) -> str:
    """A value in one way of writing it: a number in decimal, or in hexadecimal with 0x and small letters."""
    number = parse_number(text, kind) if kind in (Type.INT, Type.HEX) else None
    return text if number is None else hex(number) if kind == Type.HEX else str(number)


def compare_numbers(x: int, y: int, unsigned: bool) -> int:
    """-1, 0 or 1; hex numbers compare without sign."""
    if unsigned:
        x, y = x % (1 << 64), y % (1 << 64)
    return (x > y) - (x < y)


def number_prefix(text: str, base: int) -> int:
    """strtoll: the number that the text starts with, 0 where there is none; too great for 64 bits, the nearest."""
    match = PREFIX[base].match(text)
    if not match:
        return 0
    sign = -1 if match[1].startswith("-") else 1
    digits = match[1].lstrip("+-0xX" if base == 16 else "+-0")
    value = sign * int(digits or "0", base) if len(digits) <= DIGITS else sign << 64
    return min(max(value, -(1 << 63)), (1 << 63) - 1)


def order(a: str, b: str, kinds: tuple[int, int]) -> int:
    """How expr_calc_value compares two texts: below 0, 0, above 0."""
    x = y = None
    if kinds != (Type.STRING, Type.STRING):
        x, y = parse_number(a, kinds[0]), parse_number(b, kinds[1])
    return (a > b) - (a < b) if x is None or y is None else compare_numbers(x, y, unsigned=Type.HEX in kinds)


HOLDS: dict[int, Callable[[int], bool]] = {
    Op.EQ: lambda sign: sign == 0,
    Op.NE: lambda sign: sign != 0,
    Op.LT: lambda sign: sign < 0,
    Op.LE: lambda sign: sign <= 0,
    Op.GT: lambda sign: sign > 0,
    Op.GE: lambda sign: sign >= 0,
}


def constant_kind(text: str) -> int:
    """A constant's type in comparisons."""
    return Type.TRISTATE if text in ("y", "m", "n") else Type.UNKNOWN
