"""make's functions on words that are there under conditions."""

from __future__ import annotations

import time

import pytest

from kcfg.kbuild.functions import bound, pattern
from kcfg.kbuild.make import DEPTH_LIMIT, FUNCTIONS
from tests.kcfg.kbuild.makes import PLACE, expanded, make_of, said


@pytest.mark.parametrize(
    ("text", "name", "stem"),
    [
        ("%.o", "a/b.o", "a/b"),
        ("a%", "a", ""),
        ("a.o", "a.o", ""),
        ("%.o", "a.c", None),
        ("a.o", "axo", None),
        ("%%", "a%", "a"),
    ],
)
def test_one_percent_sign_stands_for_any_text(text: str, name: str, stem: str | None) -> None:
    found = pattern(text).fullmatch(name)
    assert (found[1] if found else None) == stem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$(subst a,b,aa ca)", ["bb", "cb"]),
        ("$(subst m,y,$(CONFIG_A))", ["y if A=y", "y if A=m", "'A' if A is text"]),
        ("$(subst ,b,a)", ["? if <$(subst ...)>"]),
        ("$(subst a,b)", ["? if <$(subst ...)>"]),
        ("$(patsubst %.c,%.o,a.c b.h)", ["a.o", "b.h"]),
        ("$(patsubst a,b,a ab)", ["b", "ab"]),
        ("$(patsubst a,%,a)", ["%"]),
        ("$(patsubst %.c,%.o)", []),
        ("$(addprefix x/,a b)", ["x/a", "x/b"]),
        ("$(addsuffix .o,a b)", ["a.o", "b.o"]),
        ("$(addsuffix $(if $(CONFIG_A),.o,.c),a)", ["a.o if A", "a.c if !A"]),
        ("$(addprefix $(shell x),a)", ["? if <$(shell x)>"]),
        ("$(filter %.o y,a.o b.c y)", ["a.o", "y"]),
        ("$(filter-out %.o y,a.o b.c y)", ["b.c"]),
        ("$(filter $(CONFIG_A),y m n)", ["y if A=y", "m if A=m"]),
        ("$(filter-out $(if $(CONFIG_A),a),a b)", ["a if !A", "b"]),
        ("$(filter a)", []),
        ("$(filter a,$(shell x))", ["? if <$(shell x)>"]),
        ("$(strip  a  b )", ["a", "b"]),
        ("$(sort b a)", ["b", "a"]),
        ("$(notdir x/a.o b x/)", ["a.o", "b"]),
        ("$(dir x/a.o b)", ["x/", "./"]),
        ("$(basename x.d/a.b.o c)", ["x.d/a.b", "c"]),
        ("$(suffix a.b.o c x.d/e)", [".o"]),
        ("$(abspath a/../b)$(realpath ./c)", ["bc"]),
        ("$(if $(CONFIG_A),a,b)", ["a if A", "b if !A"]),
        ("$(if x,a,b)", ["a"]),
        ("$(if ,a,b)", ["b"]),
        ("$(if ,a)", []),
        ("$(or $(CONFIG_A),b)", ["y if A=y", "m if A=m", "'A' if A is text", "b if !A"]),
        ("$(or a,b)", ["a"]),
        ("$(and $(CONFIG_A),b)", ["b if A"]),
        ("$(and ,b)", []),
        ("$(foreach i,a b,$(i).o)", ["a.o", "b.o"]),
        ("$(foreach i,$(if $(CONFIG_A),a),$(i).o)", ["a.o if A"]),
        ("$(foreach i,a)", []),
        ("$(words a b c)", ["3"]),
        ("$(words $(if $(CONFIG_A),a))", ["1 if A", "0 if !A"]),
        ("$(firstword a b)", ["a"]),
        ("$(lastword a b)", ["b"]),
        ("$(firstword $(if $(CONFIG_A),a) b)", ["a if A", "b if !A"]),
        ("$(firstword)", []),
        ("$(word 2,a b)", ["b"]),
        ("$(word 3,a b)", []),
        ("$(word 0,a b)", ["? if <$(word 0,a b)>"]),
        ("$(words $(shell x))", ["? if <$(shell x)>"]),
        ("$(findstring b,abc)", ["b"]),
        ("$(findstring d,abc)", []),
        ("$(findstring y,$(CONFIG_A))", ["y if A=y"]),
        ("$(info said)$(warning said)$(error said)", []),
        ("$(wildcard *.c)", ["? if <$(wildcard *.c)>"]),
    ],
)
def test_a_function_gives(text: str, words: list[str]) -> None:
    assert expanded(text) == words


def test_a_call_expands_a_variable_with_its_arguments() -> None:
    before = "f = $(1)-$(2)$(0)\nonly = $(if $(CONFIG_A),$(1))\nsimple := x"
    assert expanded("$(call f,a,b)", before) == ["a-bf"]
    assert expanded("$(call only,a)", before) == ["a if A"]
    assert expanded("$(call f,$(if $(CONFIG_A),a,c),b)", before) == ["a-bf if A", "c-bf if !A"]
    assert expanded("$(call gone,a)", before) == ["? if <$(call gone,a)>"]
    assert expanded("$(call f,$(shell x))", before) == ["? if <$(call f,$(shell x))>"]


def test_a_call_of_itself_is_undecidable() -> None:
    assert expanded("$(call f,a)", "f = $(call f,$(1))") == ["? if <$(call f,$(1))>"]


def test_bound_variables_have_their_old_values_afterwards() -> None:
    make = make_of("a = 1")
    assert said(bound(make, {"a": "2", "b": "3"}, "$(a)$(b)", PLACE)) == ["23"]
    assert said(make.words("$(a)$(b)", PLACE)) == ["1"]
    assert make.depth == 0


def test_functions_that_bind_too_deep_are_undecidable() -> None:
    make = make_of("")
    make.depth = DEPTH_LIMIT
    assert said(bound(make, {}, "a", PLACE)) == ["? if <a>"]
    assert make.depth == DEPTH_LIMIT


def test_no_function_divides_its_last_argument() -> None:
    assert (FUNCTIONS["subst"][0], FUNCTIONS["if"][0], FUNCTIONS["call"][0]) == (3, 3, 0)
    assert expanded("$(addprefix x,a,b)") == ["xa,b"]


def test_a_filter_of_many_patterns_takes_no_longer_than_it_may() -> None:
    start = time.process_time()
    text = (
        "$(filter " + " ".join(f"%a{n}.o" for n in range(5000)) + "," + " ".join(f"x{n}.o" for n in range(5000)) + ")"
    )
    assert expanded(text) == ["? if <$(filter ...) has too many words>"]
    assert time.process_time() - start < 5
