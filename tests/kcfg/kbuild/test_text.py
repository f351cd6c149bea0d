"""The syntax of Makefiles, without their meaning."""

from __future__ import annotations

import pytest

from kcfg.kbuild.text import arguments, clean, closing, comparison, logical_lines, slow_assignment, tokens, top_level


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\n\n  \nb\n", [(1, "a"), (4, "b")]),
        ("a \\\n  b \\\n c\nd", [(1, "a b c"), (4, "d")]),
        ("a # said\n# all of it\nb", [(1, "a "), (3, "b")]),
        ("a \\# kept", [(1, "a \\# kept")]),
        ("a # said \\\n of two lines\nb", [(1, "a "), (3, "b")]),
        ("a \\\\\nb", [(1, "a \\\\"), (2, "b")]),
        ("a \\", [(1, "a")]),
        ("\\\nb", [(1, "  b")]),
        ("\trecipe", [(1, "\trecipe")]),
        ("", []),
    ],
)
def test_logical_lines_have_no_comments_and_the_number_of_their_first_line(
    text: str, lines: list[tuple[int, str]]
) -> None:
    assert list(logical_lines(text)) == lines


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("(a,b)", ("a", "b")),
        (" ($(A) , b )", ("$(A)", "b")),
        ("($(call f,x,y),b)", ("$(call f,x,y)", "b")),
        ("(a,b,c)", ("a", "b,c")),
        ("(,)", ("", "")),
        ('"a" "b"', ("a", "b")),
        ("'a' \"b c\"", ("a", "b c")),
        ("(a)", None),
        ("a b", None),
        ("\"a\"'b'", None),
    ],
)
def test_a_comparison_has_two_sides(text: str, sides: tuple[str, str] | None) -> None:
    assert comparison(text) == sides


@pytest.mark.parametrize(
    ("text", "limit", "found"),
    [
        ("a,b,c", 0, ["a", "b", "c"]),
        ("a,b,c", 2, ["a", "b,c"]),
        ("a,b", 1, ["a,b"]),
        ("$(f x,y),{a,b},c", 0, ["$(f x,y)", "{a,b}", "c"]),
        ("", 2, [""]),
        ("a,", 2, ["a", ""]),
    ],
)
def test_arguments_end_at_commas_outside_parentheses(text: str, limit: int, found: list[str]) -> None:
    assert arguments(text, limit) == found


@pytest.mark.parametrize(
    ("text", "at"), [("a:b", 1), ("$(a:b):c", 6), ("${a:b}:c", 6), ("$(a:b)", -1), ("ab", -1), (":", 0)]
)
def test_a_letter_inside_a_reference_does_not_count(text: str, at: int) -> None:
    assert top_level(text, ":") == at


@pytest.mark.parametrize(
    ("line", "name", "operator", "value"),
    [
        ("obj-$(subst m,y,$(X)) += a.o b.o", "obj-$(subst m,y,$(X)) ", "+", "a.o b.o"),
        ("$(a b) := c", "$(a b) ", ":", "c"),
        ("$(a b) ::= c", "$(a b) ", ":", "c"),
        ("a?=b", "a", "?", "b"),
        ("a!=b", "a", "!", "b"),
        ("a=b=c", "a", "", "b=c"),
    ],
)
def test_an_assignment_with_parentheses_in_its_name(line: str, name: str, operator: str, value: str) -> None:
    assert slow_assignment(line) == (line, name, operator, value)


@pytest.mark.parametrize("line", ["a: b = c", "a b = c", "a\tb = c", "= c", "$(a = b)", "a: b"])
def test_what_is_no_assignment(line: str) -> None:
    assert slow_assignment(line) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a b", [["'a"], ["'b"]]),
        ("a$(B)c d", [["'a", "$B", "'c"], ["'d"]]),
        ("${B} $@", [["$B"], ["$@"]]),
        ("$(f $(x) y)", [["$f $(x) y"]]),
        ("$$a", [["'$a"]]),
        ("a$", [["'a$"]]),
        ("a$()b", [["'a", "'b"]]),
        ("$(B", [["$B"]]),
        (" \t", []),
    ],
)
def test_tokens_are_the_parts_of_words(text: str, words: list[list[str]]) -> None:
    assert tokens(text) == words


def test_tokens_keep_blanks_when_they_are_not_to_be_split() -> None:
    assert tokens("a b $(C) d", split=False) == [["'a b ", "$C", "' d"]]


@pytest.mark.parametrize(
    ("text", "at", "end"),
    [("(a)", 0, 2), ("((a))b", 0, 4), ("{a(}", 0, 3), ("(a", 0, 2), ("x(a)", 0, 0), ("x(a)", 1, 3)],
)
def test_the_parenthesis_that_closes_another(text: str, at: int, end: int) -> None:
    assert closing(text, at) == end


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [
        ("a/b", "a/b"),
        ("a/./b", "a/b"),
        ("a//b", "a/b"),
        ("a/b/../c.o", "a/c.o"),
        ("../a/./b", "../a/b"),
        ("../../a", "../../a"),
        ("a/../../b", "../b"),
        ("./a/", "a/"),
        ("./", ""),
        ("a/..", ""),
    ],
)
def test_a_path_is_made_plain(path: str, cleaned: str) -> None:
    assert clean(path) == cleaned
