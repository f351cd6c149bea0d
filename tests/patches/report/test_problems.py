"""What could not be read of a patch, in words."""

from __future__ import annotations

import pytest

from patches.report.problems import PROBLEMS, placed_problem, problem_words
from patches.text.problems import Problem, ProblemKind


@pytest.mark.parametrize(
    ("kind", "text", "numbers", "said"),
    [
        ("empty", "", (), "it is empty"),
        ("no-diff", "", (), "there is no diff in it"),
        ("text-before-hunk", "", (), "text stands before this hunk"),
        ("merge", "", (), "the diff of a merge is not read"),
        ("no-hunk", "", (), "a file is named, and no hunk follows"),
        ("no-name", "", (), "the diff names no file"),
        ("outside", "../x", (), "the path leads out of the tree, and is left out: '../x'"),
        ("long", "x", (), "the path has more than 4,096 bytes, and is left out: 'x'"),
        ("stripped", "f.c", (2,), "-p2 leaves nothing of 'f.c'"),
        ("one-side", "", (), '"---" without "+++" after it'),
        ("skipped-lines", "", (), "lines between hunks are not read"),
        ("no-numbers", "@@ x @@", (), "the hunk's line numbers cannot be read: '@@ x @@'"),
        ("odd-numbers", "@@ 1", (), "odd line numbers of a hunk: '@@ 1'"),
        ("counts", "", (9, 8, 2, 1), "the hunk says -9 +8 lines and has -2 +1"),
        ("other-count", "", (), "the hunk has another number of lines than it says"),
        ("cut-off", "", (), "the hunk is cut off: its new side is missing"),
        ("sides-differ", "", (), "the two sides of the hunk have different lines around the change"),
        ("ed-script", "", (), "commands of ed are not read"),
        ("indented", "", (), "an indented diff is not read"),
        ("more", "", (7,), "7 more problems"),
        ("refused", "no such file", (), "no such file"),
        ("not-fetched", "https://x.org/a", (), "not fetched: https://x.org/a"),
        ("no-commit", "https://x.org/a", (), "not fetched: https://x.org/a (it names no commit)"),
    ],
)
def test_a_problem_in_words(kind: str, text: str, numbers: tuple[int, ...], said: str) -> None:
    assert problem_words(Problem(3, ProblemKind(kind), text, numbers)) == said


def test_every_kind_has_words() -> None:
    assert set(PROBLEMS) == set(ProblemKind)


def test_what_is_quoted_stays_on_one_line_and_short() -> None:
    assert problem_words(Problem(1, ProblemKind.OUTSIDE, "/\n" + "x" * 500)).endswith(f"'/\\n{'x' * 198}'")


def test_a_problem_has_its_line_unless_it_is_the_whole_file_s() -> None:
    assert placed_problem(Problem(3, ProblemKind.MERGE)) == "line 3: the diff of a merge is not read"
    assert placed_problem(Problem(0, ProblemKind.EMPTY)) == "it is empty"
