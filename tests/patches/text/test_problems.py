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


ED = "2c\nTWO\n.\n"
INDENTED = "".join(f"  {line}\n" for line in f"{HEAD}{HUNK}".splitlines())
CONTEXT = "  *** f\n  --- f\n  ***************\n  *** 1 ****\n  ! a\n  --- 1 ----\n  ! b\n"


@pytest.mark.parametrize(
    ("text", "line", "kind"),
    [
        (f"{HEAD}{HUNK}Index: a/g\n{ED}", 7, ProblemKind.ED_SCRIPT),
        (f"{HEAD}{HUNK}Index: a/g\n=======\n3,4a\nTWO\n.\n", 8, ProblemKind.ED_SCRIPT),
        (f"{HEAD}{HUNK}diff -e a/g b/g\n5d\n", 7, ProblemKind.ED_SCRIPT),
        (f"Index: a/g\n{ED}{HEAD}{HUNK}", 2, ProblemKind.ED_SCRIPT),
        (f"Index: a/g\n{ED}", 2, ProblemKind.ED_SCRIPT),
        (f"{HEAD}{HUNK}{INDENTED}", 6, ProblemKind.INDENTED),
        (f"{HEAD}{HUNK}text\n{INDENTED}", 7, ProblemKind.INDENTED),
        (f"{HEAD}{HUNK}text\n{INDENTED}".replace("  ", "\t"), 7, ProblemKind.INDENTED),
        (f"{HEAD}{HUNK}text\n{CONTEXT}", 7, ProblemKind.INDENTED),
        (f"A title\n\n{INDENTED}", 3, ProblemKind.INDENTED),
    ],
)
def test_what_patch_would_take_and_is_not_read_loses_something(text: str, line: int, kind: ProblemKind) -> None:
    patch = parse_patch("x", text.encode())
    assert [one for one in patch.problems if one.loses] == [Problem(line, kind)]
    assert ProblemKind.NO_DIFF not in {one.kind for one in patch.problems}


@pytest.mark.parametrize(
    "text",
    [
        f"A title\n\nIt does what this did:\n\n{INDENTED}\n{HEAD}{HUNK}",
        f"A title\n\n  --- a/f\n  +++ b/f\n  as one sees\n{HEAD}{HUNK}",
        f"{HEAD}{HUNK}text\n  --- a/f\n    +++ b/f\n  @@ -1 +1 @@\n",
        f"{HEAD}@@ -1,5 +1,6 @@\n --- a/f\n +++ b/f\n @@ -1 +1 @@\n+c\n -a\n +b\n",  # a patch of a patch
        f"A title\n\n2c\nof prose, which goes on.\n{HEAD}{HUNK}",
        f"{HEAD}{HUNK}2c\nof prose, which goes on.\n",
        f"A title\n\n3d\n{HEAD}{HUNK}",
    ],
)
def test_prose_that_looks_like_a_diff_loses_nothing(text: str) -> None:
    assert not any(one.loses for one in parse_patch("x", text.encode()).problems)
