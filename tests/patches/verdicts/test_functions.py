"""Functions of a file, as the @@ lines of a diff name them."""

from __future__ import annotations

import pytest

from patches.text.parse import parse_patch
from patches.text.patch import Hunk
from patches.verdicts.functions import FILE as NONE
from patches.verdicts.functions import HEADING, Functions, begins, bodies, is_elsewhere

X86, ARM = "static int x86_map(struct page *page)", "static int arm_map(struct page *page)"
INSIDE = ["{", "    lock(page);", "    count(page);", "    unlock(page);", "}", ""]
FILE = [X86, *INSIDE, ARM, *INSIDE]


def lines_of(lines: list[str]) -> list[bytes]:
    return [f"{line}\n".encode() for line in lines]


def hunk(section: str, *lines: str) -> Hunk:
    lines = lines or ("     lock(page);", "+    count(page);", "     unlock(page);")
    old, new = (sum(line[:1] != sign for line in lines) for sign in "+-")
    text = "".join(f"{line}\n" for line in (f"@@ -1,{old} +1,{new} @@ {section}".rstrip(), *lines))
    (one,) = parse_patch("p", f"--- a/a.c\n+++ b/a.c\n{text}".encode()).files
    return one.hunks[0]


def test_of_two_functions_that_are_alike_the_place_is_in_the_one_that_is_named() -> None:
    file = lines_of(FILE)
    assert [is_elsewhere(hunk(ARM), file, at) for at in (2, 9)] == [True, False]
    assert [is_elsewhere(hunk(X86), file, at) for at in (2, 9)] == [False, True]


def test_a_function_that_the_file_has_not_tells_no_place() -> None:
    file = lines_of(FILE)
    for section in ("static int mips_map(struct page *page)", "", "out:", "struct page {", "int one;"):
        assert [is_elsewhere(hunk(section), file, at) for at in (2, 9)] == [False, False]


def test_of_a_function_that_is_there_twice_either_will_do() -> None:
    file = lines_of([*FILE, ARM, *INSIDE])
    assert [is_elsewhere(hunk(ARM), file, at) for at in (2, 9, 16)] == [True, False, False]


def test_a_hunk_that_holds_a_functions_head_names_its_place_itself() -> None:
    file = lines_of(FILE)
    assert not is_elsewhere(hunk(X86, f" {ARM}", " {", "+    count(page);", "     lock(page);"), file, 7)
    assert is_elsewhere(hunk(X86, f"+{ARM}", " {", "+    count(page);", "     lock(page);"), file, 9)


def test_the_functions_own_line_is_before_the_place() -> None:
    assert is_elsewhere(hunk(ARM), lines_of(FILE), 7)
    assert not is_elsewhere(hunk(ARM), lines_of(FILE), 8)


@pytest.mark.parametrize("line", ["out:", "int other(struct page *page);", "  if (page)", "DEFINE(x)", "struct s {"])
def test_labels_declarations_and_what_is_indented_are_no_functions(line: str) -> None:
    file = lines_of([X86, "{", line, "    lock(page);", "    count(page);", "    unlock(page);", "}"])
    assert not begins(file, 2)
    assert not is_elsewhere(hunk(X86), file, 3)
    assert bodies(file) == {"x86_map": file}


@pytest.mark.parametrize(
    ("lines", "is_one"),
    [
        (["int f(int a)", "{"], True),
        (["int f(int a,", "      int b)", "{"], True),
        (["int f(int a) {"], True),
        (["int f(int a)", "", "{"], False),
        (["int f(int a,", "      int b);", "{"], False),
        (["int f(int a)"], False),
        (["int f", "{"], False),
        (["int f(a,", *(f"  b{n}," for n in range(HEADING - 2)), "{"], True),
        (["int f(a,", *(f"  b{n}," for n in range(HEADING - 1)), "{"], False),
    ],
)
def test_a_function_begins_where_its_brace_follows(lines: list[str], is_one: bool) -> None:
    assert begins(lines_of(lines), 0) is is_one


def test_the_body_of_a_function_ends_where_the_next_begins() -> None:
    file = lines_of(FILE)
    assert bodies(file) == {"x86_map": file[:7], "arm_map": file[7:]}


def test_what_is_no_function_of_the_file_has_no_body() -> None:
    assert list(bodies(lines_of(["int zero;", *FILE, "out:"]))) == ["x86_map", "arm_map"]
    assert bodies([]) == bodies([b"int zero;\n"]) == {}


def test_a_function_that_is_there_twice_has_no_body() -> None:
    assert bodies(lines_of([*FILE, *FILE])) == {}
    assert bodies(lines_of([f"{X86};", *FILE]))["x86_map"] == lines_of(FILE)[:7]  # a declaration begins nothing


def test_the_function_that_a_line_is_in() -> None:
    file = lines_of(["int zero;", *FILE, "struct s {", "    int one;", "};", "int two;"])
    heads = [file.index(lines_of([head])[0]) for head in FILE if head.startswith("static")]
    found = Functions(file)
    assert found.at(0) == found.at(1) == NONE
    assert [found.at(head + 1) for head in heads] == [found.at(head + 2) for head in heads] == ["x86_map", "arm_map"]
    assert found.at(len(file)) == found.at(len(file) - 1) == NONE
    assert Functions(lines_of([X86, "{", "    lock(page);", "};", "int two;"])).at(4) == NONE


@pytest.mark.parametrize(
    ("path", "lines", "told"),
    [
        ("x/Kconfig.debug", ["config A", "\tbool", "menuconfig B", "menu \"m\""], ["config A"] * 2 + ["menuconfig B"]),
        ("x/a.py", ["class A:", "    def b(self):", "        pass", "async def c():"], ["class A", "def b", "def b"]),
        ("x/Makefile", ["a:", "\tb"], [NONE]),
    ],
)  # fmt: skip
def test_the_entry_or_method_that_a_line_is_in(path: str, lines: list[str], told: list[str]) -> None:
    found = Functions(lines_of(lines), path)
    assert [found.at(i) for i in range(len(told) + 1)] == [NONE, *told]


BLOCKS = {
    "table": ("static const struct id alpha[] = {", "static const struct id beta[] = {", "};"),
    "method": ("int Alpha::run(void *x)", "int Beta::run(void *x)", "}"),
    "class": ("class Alpha:", "class Beta:", ""),
    "function of Python": ("def alpha(x):", "def beta(x):", ""),
    "implementation": ("impl Run for Alpha {", "impl Run for Beta {", "}"),
    "let": ("let alpha x =", "let beta x =", ""),
    "sub": ("sub alpha {", "sub beta {", "}"),
    "target": ("alpha: deps", "beta: deps", ""),
    "entry": ("config ALPHA", "config BETA", ""),
    "label": ("alpha:", "beta:", ""),
}


@pytest.mark.parametrize("kind", BLOCKS)
def test_of_two_alike_blocks_of_any_kind_the_place_is_in_the_one_that_is_named(kind: str) -> None:
    alpha, beta, end = BLOCKS[kind]
    inside = ["    lock(page);", "    count(page);", "    unlock(page);", *filter(None, [end]), ""]
    file = lines_of([alpha, *inside, beta, *inside])
    second = 2 + len(inside)
    assert [is_elsewhere(hunk(beta), file, at) for at in (1, second)] == [True, False]
    assert [is_elsewhere(hunk(alpha), file, at) for at in (1, second)] == [False, True]
    assert not any(is_elsewhere(hunk("sub gone {"), file, at) for at in (1, second))
    head = hunk(alpha, f" {beta}", "+    count(page);", "     lock(page);")
    assert not is_elsewhere(head, file, second - 1)
    behind = hunk(alpha, "     unlock(page);", f"-{beta}", "+config GAMMA", "     lock(page);")
    assert not is_elsewhere(behind, file, second + 1)


def test_lines_at_the_margin_with_nothing_below_them_name_no_block() -> None:
    file = lines_of(["obj-y += a.o", "obj-y += b.o", "obj-y += c.o", "obj-y += d.o"])
    assert not is_elsewhere(hunk("obj-y += a.o", " obj-y += b.o", "+obj-y += c.o", " obj-y += d.o"), file, 2)
    assert not is_elsewhere(hunk("obj-y += d.o", " obj-y += a.o", "+obj-y += b.o", " obj-y += c.o"), file, 0)


def test_a_label_of_c_names_no_block() -> None:
    file = lines_of([X86, "{", "out:", "    lock(page);", "    count(page);", "}", ARM, "{", "    lock(page);", "}"])
    assert not is_elsewhere(hunk("out:"), file, 8)
    table = lines_of(["int a[] = {", "    1,", "x:", "    lock(page);"])
    assert not is_elsewhere(hunk("int a[] = {"), table, 3)
