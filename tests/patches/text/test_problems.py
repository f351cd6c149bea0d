"""What of a patch could not be read: each has a kind, its line, and what belongs to it."""

from __future__ import annotations

import pytest

from patches.text.otherdiffs import read_context
from patches.text.parse import PROBLEM_LIMIT, parse_patch
from patches.text.problems import Problem, ProblemKind

HEAD = "--- a/f\n+++ b/f\n"
HUNK = "@@ -1 +1 @@\n-a\n+b\n"


@pytest.mark.parametrize(
    ("text", "strip", "problem"),
    [
        (f"{HEAD}{HUNK}", 3, Problem(1, ProblemKind.STRIPPED, "a/f", (3,))),
        ("diff --git a/f b/f\n--- a/f\nx\n", None, Problem(2, ProblemKind.ONE_SIDE)),
        (f"--- /dev/null\n+++ /dev/null\n{HUNK}", None, Problem(1, ProblemKind.NO_NAME)),
        (f"{HEAD}@@ -1,1 +1,1@@\n-a\n+b\n", None, Problem(3, ProblemKind.ODD_NUMBERS, "@@ -1,1 +1,1@@")),
    ],
)
def test_a_problem_is_told_by_its_kind(text: str, strip: int | None, problem: Problem) -> None:
    assert problem in parse_patch("x", text.encode(), strip).problems


def test_lines_between_hunks_are_told_once() -> None:
    text = f"{HEAD}{HUNK} odd\n odd\n{HUNK}"
    assert parse_patch("x", text.encode()).problems == (Problem(6, ProblemKind.SKIPPED_LINES),)


def test_no_more_problems_are_told_than_one_wants_to_read() -> None:
    text = f"{HEAD}{HUNK}" + f"text\n{HUNK}" * (PROBLEM_LIMIT + 5)
    found = parse_patch("x", text.encode()).problems
    assert len(found) == PROBLEM_LIMIT + 1
    assert found[-1] == Problem(0, ProblemKind.MORE, "", (5,))


def test_two_sides_of_a_context_hunk_that_differ_around_the_change() -> None:
    lines = "***************\n*** 1,2 ****\n  a\n! b\n--- 1,2 ----\n  x\n! c\n".splitlines()
    assert read_context(lines, 0).problems == (Problem(1, ProblemKind.SIDES_DIFFER),)
