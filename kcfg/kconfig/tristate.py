"""The three values: their letters in a .config, and their levels, by which the kernel's tools compare them."""

from __future__ import annotations

from collections.abc import Iterable

NO, MOD, YES = 0, 1, 2
LETTER = "nmy"
"""Level -> letter."""
LEVEL = {"n": NO, "m": MOD, "y": YES}
"""Letter -> level."""


def levels_of(values: Iterable[str]) -> list[int]:
    """The levels of those values that are y, m or n, in their order."""
    return [LEVEL[value] for value in values if value in LEVEL]
