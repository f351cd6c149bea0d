"""Words with conditions: what joins them, compares them, and what texts they can make."""

from __future__ import annotations

import pytest

from kcfg.kbuild.condition import ALWAYS, NEVER, AllOf, AskedKind, Condition, M, N, TextTest, Undecidable, ValueTest, Y
from kcfg.kbuild.words import (
    NOWHERE,
    OPEN,
    TEXTS_LIMIT,
    UNKNOWN,
    Expanded,
    MakePlace,
    MakeVariable,
    MakeWord,
    alternatives_of,
    compare,
    fixed,
    guarded,
    negate_within,
    present,
    unknown,
)

A, B = ValueTest("A", Y), ValueTest("B", Y)
NOT_A = ValueTest("A", 15 & ~Y)
HERE, THERE = MakePlace("Makefile", 3), MakePlace("other/Makefile", 7)


def word(text: str, condition: Condition = ALWAYS, place: MakePlace = HERE) -> MakeWord:
    return MakeWord(text, condition, place)


def test_a_fixed_text_is_a_simple_variable_of_words_that_are_always_there() -> None:
    words = [MakeWord("a", ALWAYS, HERE), MakeWord("b", ALWAYS, HERE)]
    assert fixed("a  b", HERE) == MakeVariable(True, [Expanded(ALWAYS, "a  b", words, HERE)])


def test_a_fixed_text_without_words_has_none() -> None:
    assert fixed("") == MakeVariable(True, [Expanded(ALWAYS, "", [], NOWHERE)])


def test_the_line_that_adds_the_only_condition_is_the_word_s_place() -> None:
    assert guarded([word("a")], A, THERE) == [MakeWord("a", A, THERE)]


def test_a_word_with_a_condition_of_its_own_keeps_its_line() -> None:
    assert guarded([word("a", B)], A, THERE) == [MakeWord("a", AllOf((A, B)), HERE)]


def test_a_word_whose_conditions_contradict_is_gone() -> None:
    assert guarded([word("a", NOT_A), word("b")], A, THERE) == [MakeWord("b", A, THERE)]


def test_what_nobody_can_tell_is_one_word_that_names_its_line() -> None:
    assert unknown("$(shell x)", HERE) == [MakeWord(UNKNOWN, Undecidable("$(shell x)", "Makefile", 3), HERE)]


def test_words_are_present_when_one_of_them_is() -> None:
    assert present([]) == NEVER
    assert present([word("a", A), word("b", NOT_A)]) == ALWAYS
    assert present([word("a", A)]) == A


def test_what_is_left_of_an_outer_condition() -> None:
    assert negate_within(NEVER, A) == NEVER
    assert negate_within(ALWAYS, A) == NOT_A
    assert negate_within(A, A) == NEVER
    assert negate_within(B, A) == AllOf((B, NOT_A))


@pytest.mark.parametrize(
    ("left", "right", "when"),
    [
        ("y", "y", ALWAYS),
        ("y", "m", NEVER),
        ("", "", ALWAYS),
        (f"{OPEN}NR{OPEN}", "64", TextTest("NR", "64")),
        ("64", f"{OPEN}NR{OPEN}", TextTest("NR", "64")),
        (f"{OPEN}NR{OPEN}", '"a"', TextTest("NR", '"a"')),
        (f"{OPEN}NR{OPEN}", "word", NEVER),
        (f"x{OPEN}NR{OPEN}", "x64", Undecidable("", "Makefile", 3, AskedKind.SYMBOLS)),
        (f"{OPEN}NR{OPEN}", f"{OPEN}NR{OPEN}", ALWAYS),
        (f"{OPEN}NR{OPEN}", f"{OPEN}MR{OPEN}", Undecidable("", "Makefile", 3, AskedKind.SYMBOLS)),
        (UNKNOWN, "y", Undecidable("", "Makefile", 3, AskedKind.COMPARISON)),
        ("y", f"a{UNKNOWN}", Undecidable("", "Makefile", 3, AskedKind.COMPARISON)),
    ],
)
def test_two_texts_are_the_same_when(left: str, right: str, when: Condition) -> None:
    assert compare(left, right, HERE) == when


def test_words_that_are_always_there_make_one_text() -> None:
    assert alternatives_of([word("a"), word("b")]) == [(ALWAYS, "a b")]
    assert alternatives_of([]) == [(ALWAYS, "")]


def test_a_word_with_a_condition_makes_two_texts() -> None:
    assert alternatives_of([word("a"), word("b", A), word("c")]) == [(A, "a b c"), (NOT_A, "a c")]


def test_words_that_exclude_each_other_are_never_in_one_text() -> None:
    y, m, n = ValueTest("A", Y), ValueTest("A", M), ValueTest("A", N | 8)
    assert alternatives_of([word("y", y), word("m", m)]) == [(y, "y"), (m, "m"), (n, "")]


def test_the_same_text_by_two_ways_is_one_alternative() -> None:
    assert alternatives_of([word("a", A), word("a", NOT_A)]) == [(ALWAYS, "a")]


def test_an_unknown_word_leaves_no_alternatives() -> None:
    assert alternatives_of([word("a"), *unknown("?", HERE)]) is None


def test_more_texts_than_the_limit_are_given_up() -> None:
    words = [word(str(number), ValueTest(f"S{number}", Y)) for number in range(7)]
    assert 2**6 <= TEXTS_LIMIT < 2**7
    six = alternatives_of(words[:6])
    assert six is not None
    assert len({text for _, text in six}) == 64
    assert alternatives_of(words) is None
