"""A patch of which a part could not be read: nothing says that the target has that part."""

from __future__ import annotations

import pytest

from patches.findings import Answer, Standing
from patches.text.parse import parse_patch
from patches.text.problems import Problem, ProblemKind
from patches.verdicts.standing import look
from tests.patches.verdicts.test_places import NEW, OLD, target

HEAD = "--- a/d/page.c\n+++ b/d/page.c\n@@ -8,6 +8,7 @@\n"
BODY = [*(f" {line}" for line in OLD[7:10]), f"+{NEW[10]}", *(f" {line}" for line in OLD[10:13])]
WHOLE = HEAD + "".join(f"{line}\n" for line in BODY)
OTHER = "--- a/d/other.c\n+++ b/d/other.c\n@@ -1,3 +1,5 @@\n int one;\n+int two;\n"
MERGE = "diff --cc d/other.c\n--- a/d/other.c\n+++ b/d/other.c\n@@@ -1,1 -1,1 +1,2 @@@\n  int one;\n++int two;\n"
FILES = {"d/page.c": NEW, "d/other.c": ["int one;", "int two;", "int three;"]}


def has(text: str) -> Answer:
    return look(parse_patch("x.patch", text.encode()), target(FILES)).has


def test_what_is_read_whole_is_there() -> None:
    assert has(WHOLE) is Answer.YES


@pytest.mark.parametrize(
    "more",
    [
        OTHER,  # cut off before its second new line
        MERGE,
        OTHER.replace("d/other.c", "../other.c"),
        "--- a/d/other.c\n@@ -1 +1,2 @@\n int one;\n+int two;\n",
        "*** a/d/other.c\n--- b/d/other.c\n***************\n*** 1,3 ****\n  int one;\n! int two;\n  int three;\n",
        "Index: d/other.c\n2c\nint three;\n.\n",
        "".join(f"  {line}\n" for line in OTHER.replace("-1,3 +1,5", "-1 +1,2").splitlines()),
    ],
)
def test_what_is_cut_off_or_left_out_may_not_be_there(more: str) -> None:
    assert has(WHOLE + more) is not Answer.YES


def test_the_part_is_named_by_its_line_and_by_its_path_where_it_has_one() -> None:
    found = look(parse_patch("x.patch", (WHOLE + MERGE).encode()), target(FILES)).places
    assert [(one.file, one.line, one.standing) for one in found if one.standing is Standing.UNCLEAR] == [
        ("x.patch", 14, Standing.UNCLEAR)
    ]
    found = look(
        parse_patch("x.patch", (WHOLE + OTHER.replace("d/other.c", "../other.c")).encode()), target(FILES)
    ).places
    assert ("../other.c", 11, Standing.UNCLEAR) in [(one.file, one.line, one.standing) for one in found]


@pytest.mark.parametrize(("counts", "said"), [
    ("-8,9 +8,10", Answer.YES), ("-8,10 +8,11", Answer.UNKNOWN), ("-8,6 +8,8", Answer.UNKNOWN),
    ("-8,7 +8,7", Answer.UNKNOWN),
])  # fmt: skip
def test_three_lines_of_context_may_be_lacking_at_the_end_and_no_changed_one(counts: str, said: Answer) -> None:
    assert has(WHOLE.replace("-8,6 +8,7", counts)) is said


def test_lines_that_are_no_diff_between_two_hunks_are_no_part_of_it() -> None:
    text = WHOLE + "a note between hunks\n@@ -1,2 +1,2 @@\n" + "".join(f" {line}\n" for line in OLD[:2])
    assert parse_patch("x.patch", text.encode()).problems
    assert has(text) is Answer.YES
    assert has(f"text before\n{WHOLE}") is Answer.YES


def test_a_hunk_that_has_more_than_it_says_loses_nothing() -> None:
    assert [Problem(1, ProblemKind.COUNTS, numbers=numbers).loses for numbers in ((5, 6, 6, 7), (7, 7, 6, 7))] == [
        False,
        True,
    ]
    assert not Problem(1, ProblemKind.COUNTS, numbers=(5, 5, 6, 6)).loses
    assert Problem(1, ProblemKind.COUNTS, numbers=(6, 6, 2, 2)).loses
    assert not Problem(1, ProblemKind.COUNTS, numbers=(6, 7, 8, 8)).loses
