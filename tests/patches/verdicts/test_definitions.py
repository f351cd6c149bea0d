"""Whole definitions of C, which mean the same wherever they stand in a file."""

from __future__ import annotations

import time

import pytest

from patches.verdicts.based import Change
from patches.verdicts.definitions import Margin, opened, split, ways
from patches.verdicts.ported import Ported

PUT = (b"", b"/* Runs it. */", b"static void run(int a)", b"{", b"    go(a);", b"}")
BASE = b"""#include "a.h"

static int first(void)
{
    return 1;
}

static int second(void)
{
    return 2;
}
#ifdef CONFIG_THIRD

static int third(void)
{
    return 3;
}
#else
int fourth;
#endif
""".splitlines()
BLANK, BETWEEN, IN_FIRST, THIRD, ELSE, END = 1, 6, 4, 12, 18, len(BASE)


def same(ours: Change, theirs: Change, base: list[bytes] = BASE, before: list[bytes] = BASE, path: str = "a.c") -> bool:
    return Ported(base, before, [theirs], path).has([ours])


def test_a_function_between_two_others_is_the_same_between_two_more() -> None:
    assert same(Change(BETWEEN, BETWEEN, PUT), Change(11, 11, PUT))
    assert same(Change(BETWEEN, BETWEEN, PUT), Change(END, END, PUT))
    assert same(Change(BETWEEN, BETWEEN, PUT), Change(11, 11, (*PUT[1:], b"")))
    assert not same(Change(BETWEEN, BETWEEN, PUT), Change(11, 11, (*PUT[:-2], b"    go(b);", b"}")))


@pytest.mark.parametrize("there", [IN_FIRST, THIRD, ELSE])
def test_what_is_around_it_has_to_be_the_same(there: int) -> None:
    """A function's inside, an #if, its #else."""
    assert not same(Change(BETWEEN, BETWEEN, PUT), Change(there, there, PUT))
    assert not same(Change(there, there, PUT), Change(BETWEEN, BETWEEN, PUT))


def test_an_else_is_another_branch() -> None:
    assert not same(Change(THIRD, THIRD, PUT), Change(ELSE, ELSE, PUT))
    assert same(Change(THIRD, THIRD, PUT), Change(17, 17, PUT))


def test_only_in_c() -> None:
    for path, told in (("a.c", True), ("a.h", True), ("a.S", False), ("a.py", False), ("Makefile", False)):
        assert same(Change(BETWEEN, BETWEEN, PUT), Change(END, END, PUT), path=path) is told


SETTINGS = (
    b"#undef go", b"#pragma pack(1)", b"#define go(a) one(a)", b'#line 3 "b.c"', b'#include "pack.h"',
    b'_Pragma("pack(1)")', b"BEGIN_HIDDEN", b"# \\\ndefine go(a) one(a)",
)  # fmt: skip


@pytest.mark.parametrize("more", SETTINGS)
def test_where_a_line_between_says_how_others_are_read_the_place_counts(more: bytes) -> None:
    """The function may call it, or what it calls may."""
    other = [*BASE[:7], *more.splitlines(), *BASE[7:]]
    here, end = Change(BETWEEN, BETWEEN, PUT), Change(len(other), len(other), PUT)
    assert not same(here, end, other, other)
    assert not same(end, here, other, other)
    assert not same(here, end, BASE, other)
    assert same(end, Change(len(other) - 1 - len(BASE[12:]), len(other) - 1 - len(BASE[12:]), PUT), other, other)
    twice = [*BASE[:7], *more.splitlines(), *BASE[7:12], *more.splitlines()]
    assert not same(Change(len(twice), len(twice), PUT), Change(len(twice) - 5, len(twice) - 5, PUT), twice, twice)


def test_a_line_that_says_so_twice_does_not_tell_which_of_them_is_before() -> None:
    says = b"#include <b.h>"
    twice = [*BASE[:7], says, *BASE[7:11], says]
    assert not same(Change(8, 8, PUT), Change(len(twice), len(twice), PUT), twice, twice)
    once = [*BASE[:7], says, *BASE[7:11]]
    assert same(Change(8, 8, PUT), Change(len(once), len(once), PUT), once, once)


def test_the_places_of_a_file_whose_last_macro_has_many_lines() -> None:
    macro = b"#define RUN(x) do { \\\n    one(x); \\\n    two(x); \\\n    three(x); \\\n} while (0)".split(b"\n")
    lines = [b"#ifndef X_H", b"#define X_H", b"int a(void);", b"int b(void);", *macro, b"#endif"]
    places = Margin(lines, "x.h")._places
    assert len(places) == len(lines) + 1
    assert [one.depth > 0 for one in places] == [False] * 5 + [True] * 4 + [False] * 2
    assert same(Change(3, 3, (b"int c(void);",)), Change(4, 4, (b"int c(void);",)), lines, lines, "x.h")


def test_many_open_conditions_take_little() -> None:
    count = 20_000
    lines = [*(b"#if A%d" % i for i in range(count)), b"int a(void);", *[b"#endif"] * count]
    start = time.process_time()
    assert Margin(lines, "x.c").definitions(Change(count, count, (b"int c(void);",)))
    assert time.process_time() - start < 5


def test_a_macro_that_is_taken_back_is_none() -> None:
    here = Change(BETWEEN, BETWEEN, PUT)
    for lines, told in (
        ((b"#define GO \\", b"    1", b"#undef GO"), True), ((b"#define GO", b"#undef GONE"), False),
        ((b"#undef GO", b"#define GO"), False), ((b"#define GO", b"#define GONE", b"#undef GO"), False),
    ):  # fmt: skip
        other = [*BASE[:7], *lines, *BASE[7:]]
        assert same(here, Change(len(other), len(other), PUT), BASE, other) is told
        inside = 7 + len(lines) - 1
        assert not same(here, Change(inside, inside, PUT), BASE, other)


def test_such_a_line_in_a_comment_is_none() -> None:
    for line in (b"/* #undef go */", b"/*\n#undef go\n*/", b'// #include "a.h"'):
        other = [*BASE[:7], *line.splitlines(), *BASE[7:]]
        assert same(Change(BETWEEN, BETWEEN, PUT), Change(len(other), len(other), PUT), other, other)


@pytest.mark.parametrize("end", [b"/*\n#endif\n*/", b"#if 1\n#endif"])
def test_an_end_in_a_comment_or_of_another_one_ends_nothing(end: bytes) -> None:
    other = [b"#ifdef A", b"int b;", *end.splitlines(), b"int c;", b"#endif", b"int d;"]
    put, inside = (b"int one(void);",), len(other) - 3
    assert same(Change(1, 1, put), Change(inside, inside, put), other, other)
    assert not same(Change(len(other), len(other), put), Change(inside, inside, put), other, other)


def test_a_condition_is_all_of_its_lines() -> None:
    put = (b"int one(void);",)
    for first, last, told in ((b"A", b"A", True), (b"A", b"B", False)):
        one, other = (
            [b"#if defined(X) && \\", b"    defined(%s)" % name, b"int b;", b"#endif"] for name in (first, last)
        )
        assert same(Change(2, 2, put), Change(3, 3, put), one, other) is told
    for first, last, told in ((b"#ifdef A", b"#ifdef A", True), (b"#ifdef A", b"#ifdef B", False)):
        for between in ([], [b"#else"]):
            one, other = ([head, *between, b"int b;", b"#endif"] for head in (first, last))
            at = len(between) + 1
            assert same(Change(at, at, put), Change(at + 1, at + 1, put), one, other) is told


def test_what_takes_the_place_of_another_one_is_not_only_put_in() -> None:
    put = (b"int one(void);",)
    other = [*BASE, b"int two(void);"]
    assert same(Change(END, END, put), Change(BETWEEN, BETWEEN, put), other, other)
    assert not same(Change(END, END + 1, put), Change(BETWEEN, BETWEEN, put), other, other)
    assert not same(Change(BETWEEN, BETWEEN, put), Change(END, END + 1, put), other, other)


def test_not_in_a_line_that_goes_on() -> None:
    put = (b"int one(void);",)
    other = [*BASE, b"#define TWO \\", b"    2"]
    assert not same(Change(END + 1, END + 1, put), Change(BETWEEN, BETWEEN, put), other, other)


@pytest.mark.parametrize("head", [b"int run(int a)", b"static int", b"__attribute__((unused))"])
def test_between_a_head_and_its_body_is_no_place(head: bytes) -> None:
    put = (b"int one(void);",)
    other = [*BASE, head, b"{", b"}"]
    assert not same(Change(END + 1, END + 1, put), Change(END, END, put), other, other)
    assert same(Change(END + 3, END + 3, put), Change(END, END, put), other, other)


def test_several_in_one_place_are_each_one_of_several_places() -> None:
    one, other = (b"int one(void);",), (b"int two(void);",)
    theirs = [Change(6, 6, (*one, *other))]
    both = [Change(END, END, one), Change(11, 11, other)]
    assert Ported(BASE, BASE, theirs, "a.c").has(both)
    assert not Ported(BASE, BASE, theirs, "a.c").has([*both, Change(6, 6, one)])
    assert not Ported(BASE, BASE, [Change(6, 6, one)], "a.c").has(both)


def test_what_is_taken_out_is_not_what_is_put_in() -> None:
    moved = [*BASE[:2], *BASE[7:11], b"", *BASE[2:7], *BASE[11:]]
    assert moved[2:6] == BASE[7:11]
    assert same(Change(7, 11, ()), Change(2, 6, ()), before=moved)
    assert not same(Change(7, 11, ()), Change(2, 2, tuple(BASE[7:11])), before=moved)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (b"int a;", 1),
        (b"int a;\nint b;", 2),
        (b"/* a */\nint a;\n/* b */", 1),
        (b"int a(int b,\n      int c);", 1),
        (b'static const char *a[] =\n{\n    "}",\n    "{",\n};', 1),
        (b"struct a {\n    int b;\n} c;\n\nint d;", 2),
        (b"struct a {\n    int b;", 0),
        (b"    int a;", 0),
        (b"int a", 0),
        (b"int a;\n    b();", 0),
        (b"}", 0),
        (b"#define A\nint a;", 0),
        (b"int a; \\", 0),
        (b"/* a */", 0),
        (b"// a \\\nint b;", 0),
        (b"int a;\n/* b", 0),
        (b"/* a\nint b;", 0),
        (b"", 0),
        (b"device_initcall(run);", 0),
        (b"module_exit(run);", 0),
        (b"int run_init(void);", 1),
        (b"static __attribute__((constructor)) void a(void)\n{\n}", 0),
        (b'asm(".text");', 0),
        (b'static int a = 1; __asm__(".text");', 0),
        (b"REGISTER_SCHEDULER(run);", 0),
        (b"XLIST(delta, 4);\nint a;", 0),
        (b"int a = __COUNTER__;", 0),
        (b"struct page *run(void);", 1),
    ],
)
def test_whole_definitions(text: bytes, count: int) -> None:
    found = split(text.split(b"\n"))
    assert len(found) == count
    assert not found or [line for unit in found for line in unit] == text.split(b"\n")


def test_how_much_is_open() -> None:
    assert opened(b"a {\n(\n)\n}\n/* {\n*/ // {\n'{'\n\"") == [0, 1, 2, 1, 0, 1, 0, 0, 0]
    assert opened(b"/*") == [0, 1]
    assert opened(b"/*/\n*/") == [0, 1, 0]


def test_forms_of_a_change_do_the_same() -> None:
    for change in (Change(5, 5, (b"}", b"", b"x {", b"y")), Change(5, 7, ()), Change(11, 11, (b"a",))):
        whole = {(*BASE[: change.start], *change.new, *BASE[change.end :])}
        for at, text in ways(change, BASE):
            put, end = (text, at) if change.new else ([], at + len(text))
            whole.add((*BASE[:at], *put, *BASE[end:]))
        assert len(whole) == 1
    found = Margin(BASE, "a.c").definitions(Change(5, 5, (b"}", b"", b"int x(void)", b"{")))
    assert [one.text for one in found] == [(b"int x(void)", b"{", b"}")]


def test_what_git_ignores_is_in_no_order() -> None:
    before, base = [b"a", b"b", b"d"], [b"d"]
    for path, told in ((".gitignore", True), ("x/.gitignore", True), ("a.gitignore", False)):
        assert same(Change(0, 0, (b"c",)), Change(2, 2, (b"c",)), base, before, path) is told
    assert not same(Change(0, 0, (b"c",)), Change(2, 2, (b"c",)), base, [*before, b"!c"], ".gitignore")
    assert not same(Change(0, 1, (b"c",)), Change(2, 2, (b"c",)), base, before, ".gitignore")


def test_a_long_line_takes_no_longer_than_it_is() -> None:
    start = time.process_time()
    for text in (b'\\"' * 200_000, b"'" * 200_000, b"/*" * 200_000, b"init" * 100_000, b"{" * 200_000):
        assert split([text]) == []
    assert time.process_time() - start < 5
