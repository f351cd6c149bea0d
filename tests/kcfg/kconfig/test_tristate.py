"""The three values and their levels."""

from __future__ import annotations

from kcfg.kconfig.tristate import LETTER, LEVEL, MOD, NO, YES, levels_of


def test_the_levels_are_ordered_as_the_kernel_compares_them() -> None:
    assert NO < MOD < YES
    assert [LETTER[level] for level in (NO, MOD, YES)] == ["n", "m", "y"]


def test_a_letter_and_its_level_are_each_other_s_inverse() -> None:
    assert {letter: LETTER[level] for letter, level in LEVEL.items()} == {"n": "n", "m": "m", "y": "y"}


def test_what_is_neither_y_nor_m_nor_n_has_no_level() -> None:
    assert levels_of(["y", "", "17", "m", "Y", "n"]) == [YES, MOD, NO]
    assert levels_of([]) == []
