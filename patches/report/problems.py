"""What could not be read of a patch, in words: all formats share them."""

from __future__ import annotations

from collections.abc import Callable

from kcfg.base.paths import PATH_LIMIT
from patches.text.problems import Problem, ProblemKind

PROBLEMS: dict[ProblemKind, Callable[[Problem], str]] = {
    ProblemKind.EMPTY: lambda _: "it is empty",
    ProblemKind.NO_DIFF: lambda _: "there is no diff in it",
    ProblemKind.TEXT_BEFORE_HUNK: lambda _: "text stands before this hunk",
    ProblemKind.MERGE: lambda _: "the diff of a merge is not read",
    ProblemKind.NO_HUNK: lambda _: "a file is named, and no hunk follows",
    ProblemKind.NO_NAME: lambda _: "the diff names no file",
    ProblemKind.OUTSIDE: lambda one: f"the path leads out of the tree, and is left out: {one.text[:200]!r}",
    ProblemKind.LONG: lambda one: f"the path has more than {PATH_LIMIT:,} bytes, and is left out: {one.text[:200]!r}",
    ProblemKind.STRIPPED: lambda one: f"-p{one.numbers[0]} leaves nothing of {one.text[:200]!r}",
    ProblemKind.PREFIX: lambda one: f"-p{one.numbers[0]} leaves the prefix of {one.text[:200]!r} on",
    ProblemKind.ONE_SIDE: lambda _: '"---" without "+++" after it',
    ProblemKind.SKIPPED_LINES: lambda _: "lines between hunks are not read",
    ProblemKind.NO_NUMBERS: lambda one: f"the hunk's line numbers cannot be read: {one.text[:60]!r}",
    ProblemKind.ODD_NUMBERS: lambda one: f"odd line numbers of a hunk: {one.text[:60]!r}",
    ProblemKind.COUNTS: lambda one: "the hunk says -{} +{} lines and has -{} +{}".format(*one.numbers),
    ProblemKind.OTHER_COUNT: lambda _: "the hunk has another number of lines than it says",
    ProblemKind.CUT_OFF: lambda _: "the hunk is cut off: its new side is missing",
    ProblemKind.SIDES_DIFFER: lambda _: "the two sides of the hunk have different lines around the change",
    ProblemKind.ED_SCRIPT: lambda _: "commands of ed are not read",
    ProblemKind.INDENTED: lambda _: "an indented diff is not read",
    ProblemKind.MORE: lambda one: f"{one.numbers[0]} more problems",
    ProblemKind.REFUSED: lambda one: one.text,
    ProblemKind.NOT_FETCHED: lambda one: f"not fetched: {one.text}",
    ProblemKind.NO_COMMIT: lambda one: f"not fetched: {one.text} (it names no commit)",
}
"""Kind -> the words for it. A kind without words is a fault that a test finds."""


def problem_words(one: Problem) -> str:
    """One problem, without its line."""
    return PROBLEMS[one.kind](one)


def placed_problem(one: Problem) -> str:
    """One problem with its line, where it has one."""
    return f"line {one.line}: {problem_words(one)}" if one.line else problem_words(one)
