"""As much of RPM's macros as names of patches need."""

from __future__ import annotations

import pytest

from patches.queues.formats.macros import DEPTH, Conditions, Macros, negated
from patches.queues.reasons import Never, NeverKind


def macros(*lines: str) -> Macros:
    made = Macros()
    for line in lines:
        made.learn(line)
    return made


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("%{name}-%{version}.patch", "xen-4.17.patch"),
        ("%name.patch", "xen.patch"),
        ("%{unknown}", "%{unknown}"),
        ("%{?unknown}x", "x"),
        ("%{?name}", "xen"),
        ("%{?name:yes}%{?unknown:no}", "yes"),
        ("%{!?unknown:none}%{!?name:some}", "none"),
        ("%{name:given}", "%{name:given}"),
        ("100%%", "100%"),
        ("%{both}", "xen 4.17"),
    ],
)
def test_known_macros_are_put_in(text: str, expanded: str) -> None:
    assert (
        macros("Name: xen", "%define both %{name} %{later}", "Version: 4.17", "%global later %{version}").expand(text)
        == expanded
    )


def test_a_macro_of_itself_ends() -> None:
    made = Macros({"a": "%{a}x"})
    assert made.expand("%{a}") == "%{a}" + "x" * DEPTH


def test_a_definition_wins_a_tag_does_not_and_one_with_arguments_is_none() -> None:
    made = macros("%define a 1 # said", "%global a 2", "Version: 1", "Version: 2", "%define f() x", "%define b(x) y")
    assert made.known == {"a": "2", "version": "1"}


def test_a_definition_under_a_condition_that_is_not_known_leaves_no_value() -> None:
    made = macros("%define a 1")
    made.learn("%define a 2", sure=False)
    assert made.known == {}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("1", True),
        ("0", False),
        ("00", False),
        ("!0", True),
        ("! 1", False),
        ("(1)", True),
        ("4 >= 3", True),
        ("4 < 3", False),
        ("!(4 == 3)", True),
        ("3 != 3", False),
        ("3 <= 3", True),
        ("3 > 2", True),
        ("0%{?with}", True),
        ("0%{?fedora}", None),
        ("%{unknown}", None),
        ("1 && 1", None),
        ('"a" == "a"', None),
        ("", None),
    ],
)
def test_conditions_that_are_numbers_are_judged(condition: str, holds: bool | None) -> None:
    assert macros("%define with 1").judge(condition) is holds


def test_a_line_stands_in_the_blocks_that_are_open() -> None:
    conditions = Conditions(macros("%define on 1"))
    assert not conditions.read("Patch1: a.patch")
    told = []
    for line in (
        "%if 0%{?fedora}",
        "%else",
        "%if %{on}",
        "%else # off",
        "%endif",
        "%endif",
        "%ifarch x86_64",
        "%endif",
    ):
        assert conditions.read(line)
        told.append((conditions.text, conditions.never is not None))
    assert told == [
        ("0%{?fedora}", False),
        ("not (0%{?fedora})", False),
        ("not (0%{?fedora})", False),
        ("not (0%{?fedora})", True),
        ("not (0%{?fedora})", False),
        ("", False),
        ("ifarch x86_64", False),
        ("", False),
    ]


def test_an_elif_holds_only_where_what_came_before_does_not() -> None:
    conditions = Conditions(Macros())
    for line in ("%if 1", "%elif 1"):
        conditions.read(line)
    assert conditions.never == Never(NeverKind.CONDITION, ("not (1) and 1",))
    conditions.read("%endif")
    for line in ("%if 0%{?a}", "%elif 0%{?b}"):
        conditions.read(line)
    assert conditions.text == "not (0%{?a}) and 0%{?b}"


def test_an_else_holds_only_where_no_branch_above_does() -> None:
    for first, never, text in (
        ("1", True, ""),
        ("0", False, "not (0) and not (0%{?b})"),
        ("0%{?a}", False, "not (0%{?a}) and not (0%{?b})"),
    ):
        conditions = Conditions(Macros())
        for line in (f"%if {first}", "%elif 0%{?b}", "%else"):
            conditions.read(line)
        assert (conditions.never is not None, conditions.text) == (never, text)
    conditions = Conditions(Macros())
    for line in ("%if 0%{?a}", "%elif 0%{?b}", "%elif 0%{?c}"):
        conditions.read(line)
    assert conditions.text == "not (0%{?a}) and not (0%{?b}) and 0%{?c}"


def test_an_end_without_a_beginning_is_nothing() -> None:
    conditions = Conditions(Macros())
    assert (conditions.read("%endif"), conditions.read("%else"), conditions.text) == (True, True, "")


def test_a_negation_of_a_negation_is_the_condition() -> None:
    assert (negated("a"), negated(negated("a"))) == ("not (a)", "a")
