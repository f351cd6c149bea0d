"""Makefiles read without make: assignments, branches, includes, rules, and what a text expands to."""

from __future__ import annotations

import pytest

from kcfg.kbuild.condition import ALWAYS, ENABLED, NEVER, Undecidable, ValueTest, Y, describe
from kcfg.kbuild.make import DEPTH_LIMIT, Make
from kcfg.kbuild.words import MakePlace, fixed
from tests.kcfg.kbuild.makes import PLACE, expanded, make_of, said, value

# Assignments.


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("v = a b", ["a", "b"]),
        ("v := a\nv += b", ["a", "b"]),
        ("v = a\nv = b", ["b"]),
        ("v ?= a\nv ?= b", ["a"]),
        ("w = a\nv = $(w)\nw = b", ["b"]),
        ("w = a\nv := $(w)\nw = b", ["a"]),
        ("w = a\nv := x\nv += $(w)\nw = b", ["x", "a"]),
        ("v != ls", ["? if <v != ls>"]),
        ("export v := a", ["a"]),
        ("override v = a", ["a"]),
        ("define v\na\nendef", []),
        ("define x\ndefine y\nendef\nv = a\nendef", []),
        ("w = v\n$(w) = a", ["a"]),
        ("v = $(v) a", ["? if <v refers to itself>", "a"]),
        ("", []),
    ],
)
def test_a_variable_has_the_words(text: str, words: list[str]) -> None:
    assert value(text) == words


def test_a_name_with_a_symbol_is_a_variable_for_each_of_its_values() -> None:
    make = make_of("obj-$(CONFIG_A) += a.o\nx-$(CONFIG_A) += b.o")
    assert said(make.value("obj-y", PLACE)) == ["a.o if A=y"]
    assert said(make.value("obj-m", PLACE)) == ["a.o if A=m"]
    assert said(make.value("obj-", PLACE)) == []
    assert said(make.value("x-", PLACE)) == ["b.o if !A"]


def test_a_later_assignment_under_a_condition_keeps_the_earlier_one_without_it() -> None:
    assert value("v = a\nifdef CONFIG_A\nv = b\nendif") == ["a if !A", "b if A"]


def test_a_default_is_for_where_nothing_was_assigned() -> None:
    assert value("ifdef CONFIG_A\nv = a\nendif\nv ?= b") == ["a if A", "b if !A"]


def test_a_name_that_nobody_can_tell_makes_its_family_undecidable() -> None:
    make = make_of("obj-$(shell x) += a.o")
    assert said(make.value("obj-y", PLACE)) == ["a.o if <$(shell x)>"]


def test_a_pinned_variable_is_not_assigned() -> None:
    make = Make({"Makefile": "v = b\nv += c"}.get, {}, None, {"v": fixed("a")})
    assert make.include("Makefile")
    assert said(make.value("v", PLACE)) == ["a"]


def test_flags_are_not_kept() -> None:
    assert make_of("KBUILD_CFLAGS += -O2\nccflags-y := -g\ncmd_x = y\nv = a").variables.keys() == {"v"}


def test_an_exported_variable_is_seen_below_and_another_is_not() -> None:
    top = make_of("export a := 1\nb := 2\nc := 3\nexport c")
    below = Make({"Makefile": "a += 4"}.get, {}, top)
    assert [said(below.value(name, PLACE)) for name in "abc"] == [["1"], [], ["3"]]
    assert below.include("Makefile")
    assert said(below.value("a", PLACE)) == ["1", "4"]
    assert said(top.value("a", PLACE)) == ["1"]


# Branches.


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ifeq ($(CONFIG_A),y)\nv = a\nelse\nv = b\nendif", ["a if A=y", "b if A!=y"]),
        ("ifneq ($(CONFIG_A),y)\nv = a\nendif", ["a if A!=y"]),
        ("ifndef CONFIG_A\nv = a\nendif", ["a if !A"]),
        ("ifeq ($(CONFIG_A),)\nv = a\nendif", ["a if !A"]),
        ("ifeq (,$(CONFIG_A))\nv = a\nendif", ["a if !A"]),
        ("ifeq ($(CONFIG_A)$(CONFIG_B),yy)\nv = a\nendif", ["a if A=y && B=y"]),
        ("ifeq ($(CONFIG_NR),64)\nv = a\nendif", ["a if NR=64"]),
        (
            "ifdef CONFIG_A\nv = a\nelse ifdef CONFIG_B\nv = b\nelse\nv = c\nendif",
            ["a if A", "b if !A && B", "c if !A && !B"],
        ),
        ("ifdef CONFIG_A\nifdef CONFIG_B\nv = a\nendif\nendif", ["a if A && B"]),
        ("ifeq (a,b)\nv = a\nelse\nv = b\nendif", ["b"]),
        ("ifeq (a,b)\nifdef CONFIG_A\nv = a\nendif\nelse\nv = b\nendif", ["b"]),
        ("ifeq ($(shell x),y)\nv = a\nendif", ["a if <$(shell x) = y>"]),
        ("ifeq a b\nv = a\nendif", ["a if <ifeq a b>"]),
        ("endif\nelse\nv = a", ["a"]),
        ("ifdef w\nv = a\nendif", []),
        ("w =\nifdef w\nv = a\nendif", []),
        ("w = x\nifdef w\nv = a\nendif", ["a"]),
        ("else = x\nv = $(else)", ["x"]),
    ],
)
def test_a_branch_is_taken_when(text: str, words: list[str]) -> None:
    assert value(text) == words


def test_a_symbol_that_the_architecture_decides_is_no_condition() -> None:
    make = make_of("v-$(CONFIG_X86_64) = a\nv-$(CONFIG_ARM) = b", known={"X86_64": Y, "ARM": 1})
    assert said(make.value("v-y", PLACE)) == ["a"]
    assert make.symbol("CONFIG_X86_64", ENABLED) == ALWAYS
    assert make.symbol("CONFIG_ARM", ENABLED) == NEVER
    assert make.symbol("CONFIG_A", Y) == ValueTest("A", Y)


# Includes.


def test_an_included_file_is_read_under_the_condition_of_its_line() -> None:
    make = make_of("ifdef CONFIG_A\ninclude sub/./x\nendif", {"sub/x": "v = a"})
    assert said(make.value("v", PLACE)) == ["a if A"]
    assert make.files == ["Makefile", "sub/x"]


def test_a_file_that_is_missing_is_told_unless_it_is_optional() -> None:
    make = make_of("include gone\n-include gone\nsinclude gone\ninclude include/config/auto.conf\ninclude $(shell x)")
    assert make.unread == [Undecidable("include gone", "Makefile", 1), Undecidable("include $(shell x)", "Makefile", 5)]


def test_a_file_that_includes_itself_ends() -> None:
    assert make_of("include Makefile").files.count("Makefile") == DEPTH_LIMIT + 1


# Rules.


def test_a_rule_has_targets_needs_and_a_recipe() -> None:
    (rule,) = make_of("a b: c | d\n\tone\n\n\ttwo\nv = x\n\tno recipe").rules
    assert (rule.targets, rule.pattern, rule.needs.split(), rule.recipe) == ("a b", "", ["c", "d"], ["one", "two"])
    assert rule.place == MakePlace("Makefile", 1)


@pytest.mark.parametrize(
    ("line", "targets", "pattern", "needs", "recipe"),
    [
        ("a:: b", "a", "", "b", []),
        ("a &: b", "a &", "", "b", []),
        ("a: b; run", "a", "", "b", [" run"]),
        ("a.o b.o: %.o: %.c", "a.o b.o", "%.o", "%.c", []),
        ("a: private v = x", "a", "", "", []),
        ("$(a:b=c): d", "$(a:b=c)", "", "d", []),
    ],
)
def test_the_head_of_a_rule(line: str, targets: str, pattern: str, needs: str, recipe: list[str]) -> None:
    (rule,) = make_of(line).rules
    assert (rule.targets, rule.pattern, rule.needs.strip(), rule.recipe) == (targets, pattern, needs, recipe)


def test_a_rule_in_a_branch_has_its_condition_and_its_recipe_may_leave_the_branch() -> None:
    (rule,) = make_of("ifdef CONFIG_A\na: b\n\tone\nendif").rules
    assert (describe(rule.condition), rule.recipe) == ("A", ["one"])


# Expansion.


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a  b", ["a", "b"]),
        ("$(v)", ["1", "2"]),
        ("x$(v)y", ["x1", "2y"]),
        ("${w}.o", ["y.o"]),
        ("$(v:%=%.o)", ["1.o", "2.o"]),
        ("$(n:.c=.o)", ["a.o"]),
        ("$($(p))", ["1", "2"]),
        ("$(CONFIG_A)", ["y if A=y", "m if A=m", "'A' if A is text"]),
        ("obj-$(CONFIG_A).o", ["obj-y.o if A=y", "obj-m.o if A=m", "obj-'A'.o if A is text", "obj-.o if !A"]),
        ("$(shell ls)", ["? if <$(shell ls)>"]),
        ("a$(shell ls)", ["? if <a$(shell ls)>"]),
        ("$(Quiet x)", []),
        ("$(nothing)", []),
        ("$$x", ["$x"]),
    ],
)
def test_a_text_expands_to(text: str, words: list[str]) -> None:
    assert expanded(text, "v = 1 2\nw = y\nn = a.c\np = v") == words


def test_texts_are_all_that_a_text_can_be() -> None:
    make = make_of("")
    assert make.texts("a b", PLACE) == [(ALWAYS, "a b")]
    assert make.texts("$(shell x)", PLACE) is None
    found = make.texts("-$(CONFIG_A)", PLACE)
    assert found is not None
    assert {text: describe(condition) for condition, text in found} == {
        "-y": "A=y",
        "-m": "A=m",
        "-\0A\0": "A is text",
        "-": "!A",
    }


def test_a_variable_is_defined_when_its_text_is_not_empty() -> None:
    make = make_of("a = x\nb =\nc := $(CONFIG_A)")
    assert [describe(make.defined(name)) for name in ("a", "b", "c", "d", "CONFIG_D")] == [
        "always",
        "never",
        "A",
        "never",
        "D",
    ]
