"""Minimal contradictions: clauses with selectors, and what is left when nothing can be left out."""

from __future__ import annotations

from array import array

import pytest

from kcfg.solver.clauses import StatementKind, pack
from kcfg.solver.cores import Contradiction, needed, shrink, with_selectors
from kcfg.solver.sat import REASONS, Sat

FIRST, SECOND = pack(StatementKind.DEPENDS, 7), pack(StatementKind.SELECT, 3)


def test_each_statement_s_clauses_get_its_selector() -> None:
    # offsets in the flat text: [1] is at 0, [2, 3] at 2, [4] at 5
    marks = array("q", [0, FIRST, -1, 2, SECOND, 8, 5, FIRST, -1])
    groups: dict[int, int] = {}
    known: dict[int, int] = {}
    clauses, top = with_selectors([[1], [2, 3], [4]], marks, 0, 10, groups, known)
    assert clauses == [[1, -11], [2, 3, -12], [4, -11]]
    assert (top, groups, known) == (12, {11: 0, 12: 3}, {FIRST: 11, SECOND: 12})


def test_clauses_of_no_statement_get_none() -> None:
    marks = array("q", [2, pack(StatementKind.FIXED, 0), -1, 4, FIRST, -1])
    assert with_selectors([[1], [2], [3]], marks, 0, 10, {}, {}) == ([[1], [2], [3, -11]], 11)


def test_the_offset_of_the_first_clause_is_counted() -> None:
    marks = array("q", [0, FIRST, -1, 20, SECOND, -1])
    assert with_selectors([[1], [2]], marks, 18, 10, {}, {})[0] == [[1, -11], [2, -12]]


def test_a_statement_that_is_known_keeps_its_selector() -> None:
    groups: dict[int, int] = {}
    marks = array("q", [0, FIRST, -1])
    assert with_selectors([[1]], marks, 0, 10, groups, {FIRST: 5}) == ([[1, -5]], 10)
    assert groups == {}


CHAIN = [[-1, 2, -11], [-2, 3, -12], [-3, -4, -13], [5, 6, -14], [-1, -4, -15]]
"""1 needs 2 needs 3, which excludes 4; and 1 excludes 4 by itself, by selector 15."""


def test_what_does_not_contradict_has_no_reason() -> None:
    assert shrink(CHAIN, {1: [1]}, [11, 12, 13, 14]) is None


def test_only_what_is_needed_is_left() -> None:
    found = shrink(CHAIN, {1: [1], 4: [4], 5: [5]}, [11, 12, 13, 14])
    assert found == Contradiction([1, 4], [11, 12, 13], False)


def test_nothing_can_be_left_out_of_what_is_left() -> None:
    found = shrink(CHAIN, {1: [1], 4: [4]}, [11, 12, 13, 14, 15])
    assert found is not None
    assert sorted(found.selectors) in ([11, 12, 13], [15])
    for goals, selectors in ((found.wanted[1:], found.selectors), (found.wanted, found.selectors[1:])):
        assert shrink(CHAIN, {goal: [goal] for goal in goals}, selectors) is None


def test_a_contradiction_that_another_one_outlives_says_so() -> None:
    for selectors, more in (([11, 12, 13], False), ([11, 12, 13, 15], True)):
        found = shrink(CHAIN, {1: [1], 4: [4]}, selectors)
        assert found is not None
        assert found.more is more


def test_what_is_wanted_besides_counts_only_for_more() -> None:
    clauses = [[-1, -11], [-2, -12]]
    assert shrink(clauses, {1: [1]}, [11, 12]) == Contradiction([1], [11], False)
    assert shrink(clauses, {1: [1]}, [11, 12], [2]) == Contradiction([1], [11], True)


def test_goals_may_contradict_each_other_without_any_statement() -> None:
    found = shrink([[-1, -2]], {1: [1], 2: [2]}, [])
    assert found == Contradiction([1, 2], [], True)


def test_a_goal_of_several_literals_is_one() -> None:
    assert shrink([[-1, -2, -11]], {7: [1, 2]}, [11]) == Contradiction([7], [11], False)


@pytest.mark.parametrize(("asked", "found"), [([11, 12], [11, 12]), ([12, 11, 14], [12, 11]), ([14], [])])
def test_those_that_the_last_contradiction_needed(asked: list[int], found: list[int]) -> None:
    sat = Sat([[-1, 2, -11], [-2, -12], [3, -14]], name=REASONS)
    assert not sat.solve([1, 11, 12, 14])
    assert needed(sat, asked) == found
    sat.close()
