"""What grows without end in a Makefile is undecidable, not endless."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kcfg.kbuild.condition import (
    ALWAYS,
    ENABLED,
    PARTS_LIMIT,
    SIZE_LIMIT,
    TOO_MANY,
    AllOf,
    AnyOf,
    AskedKind,
    Condition,
    ValueTest,
    Y,
    any_of,
    both,
    negate,
    size_of,
)
from kcfg.kbuild.read import read_kbuild
from kcfg.kbuild.text import logical_lines
from kcfg.kbuild.tree import Kbuild
from kcfg.kbuild.words import Room
from kcfg.sources.open import open_source
from tests.kcfg.trees import write_tree


def kbuild_of(folder: Path, text: str) -> Kbuild:
    return read_kbuild(open_source(str(write_tree(folder, {"Kconfig": "", "Kbuild": text}))), "x86_64")


@pytest.mark.parametrize(
    "text",
    [
        "V := a\n" + "V := $(V)$(V)\n" * 40 + "obj-y += $(V).o",
        "V := a\n" + "V := $(subst a,aaaaaaaaaa,$(V))\n" * 40 + "obj-y += $(V).o",
        "V := a\n" + "V := $(addprefix $(V),$(V))\n" * 40 + "obj-y += $(V).o",
        "V := a\n" + "V := $(V) $(V)\n" * 40 + "obj-y += $(V)",
    ],
    ids=["text", "subst", "addprefix", "words"],
)
def test_what_grows_without_end_is_undecidable_and_the_rest_is_read(tmp_path: Path, text: str) -> None:
    found = kbuild_of(tmp_path, f"obj-y += first.o\n{text}\n")
    assert "first.o" in found.objects
    assert found.undecidable


def test_loops_in_loops_end_and_make_their_list_undecidable(tmp_path: Path) -> None:
    found = kbuild_of(tmp_path, f"obj-y += {'$(foreach a,1 2 3,' * 30}$(a).o{')' * 30}\nlib-y += l.o\n")
    assert found.undecidable
    assert list(found.objects) in ([], ["l.o"])


@pytest.mark.parametrize(
    "text",
    [
        "f = $(call f,$(1)$(1))\nobj-y += $(call f,xx).o",
        "f = $(call f,$(1) $(1))\nobj-y += $(call f,xx)",
        f"f = $(call f,{','.join(['$(CONFIG_A)$(CONFIG_B)$(CONFIG_C)'] * 300)})\nobj-y += $(call f,xx).o",
        "V := " + "x" * 60_000 + f"\nf = a\nobj-y += $(call f,{','.join(['$(V)x'] * 10_000)}).o",
    ],
    ids=["doubled", "words", "conditions", "long"],
)
def test_arguments_of_calls_take_room(tmp_path: Path, text: str) -> None:
    start = time.process_time()
    assert kbuild_of(tmp_path, f"{text}\n").undecidable
    assert time.process_time() - start < 5


def test_functions_that_stand_in_each_other_too_deep_are_undecidable(tmp_path: Path) -> None:
    found = kbuild_of(tmp_path, f"obj-y += {'$(sort ' * 500}a.o{')' * 500}\nobj-y += {'$(sort ' * 50}b.o{')' * 50}\n")
    assert {one.kind for one in found.undecidable} == {AskedKind.NESTED}
    assert list(found.objects) == ["b.o"]


def test_a_condition_of_too_many_tests_is_undecidable() -> None:
    tests: list[Condition] = [ValueTest(f"A{number}", Y) for number in range(PARTS_LIMIT + 1)]
    joined: Condition = ALWAYS
    for one in tests[:-1]:
        joined = both(joined, one)
    assert isinstance(joined, AllOf)
    assert both(joined, tests[-1]) == TOO_MANY
    assert any_of(tests) == TOO_MANY
    assert isinstance(any_of(tests[:-1]), AnyOf)


def test_the_negation_of_tests_of_different_symbols_is_that_of_each() -> None:
    a, b = ValueTest("A", Y), ValueTest("B", ENABLED)
    assert negate(AllOf((a, b))) == AnyOf((negate(a), negate(b)))
    assert negate(negate(AllOf((a, b)))) == AllOf((a, b))


def test_a_condition_is_measured_with_all_that_is_in_it() -> None:
    a, b, c = (ValueTest(name, Y) for name in "ABC")
    assert [one.size for one in (ALWAYS, AllOf((a, b)), AnyOf((c, AllOf((a, b)))))] == [0, 2, 3]
    grown: Condition = AnyOf((a, AllOf((b, c))))
    for _ in range(20):  # as a DAG it is small; written out it has 3 * 2^20 tests
        if grown == TOO_MANY:
            break
        one, other = AllOf((grown, a)), AllOf((grown, b))
        grown = any_of((one, other, c))
        assert size_of([grown]) <= SIZE_LIMIT
    assert grown == TOO_MANY


NESTED = "".join(f"ifeq ($(X{i}),$(CONFIG_C{i}))\nX{i + 1} += $(X{i}) $(CONFIG_A{i})\n" for i in range(60))


def test_words_under_conditions_in_conditions_take_room(tmp_path: Path) -> None:
    found = kbuild_of(tmp_path, f"{NESTED}obj-y += $(X60)\n" + "endif\n" * 60)
    assert found.undecidable
    assert {one.kind for one in found.undecidable} <= {AskedKind.WORDS, AskedKind.ENDLESS}


def test_room_is_taken_once() -> None:
    room = Room()
    assert room.take(room.left)
    assert not room.take(1)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a \\\n  b \\\n\tc\nd", [(1, "a b c"), (4, "d")]),
        ("a \\\n\\\n b", [(1, "a b")]),
        ("\\\n b", [(1, "  b")]),
        ("a \\\n b \\", [(1, "a b")]),
        ("a \\\\\nb", [(1, "a \\\\"), (2, "b")]),
        ("a \\\n# b\nc", [(1, "a "), (3, "c")]),
    ],
)
def test_continued_lines_are_one(text: str, lines: list[tuple[int, str]]) -> None:
    assert list(logical_lines(text)) == lines
