"""Context diffs and normal diffs."""

from __future__ import annotations

from patches.text.otherdiffs import is_context_head, is_context_hunk, is_normal_hunk, read_context
from patches.text.problems import Problem, ProblemKind

CONTEXT = """\
*** a/f.c
--- b/f.c
***************
*** 1,3 ****
  one
! two
  three
--- 1,3 ----
  one
! 2
  three
""".splitlines()


def test_a_context_diff_names_a_file_before_and_after_and_begins_with_stars() -> None:
    assert is_context_head(CONTEXT, 0)
    assert not is_context_head(CONTEXT[:2], 0)
    assert not is_context_head(["--- a", "+++ b", "@@ -1 +1 @@"], 0)
    assert [is_context_hunk(CONTEXT, at) for at in (2, 3, 99)] == [True, False, False]


def test_its_hunks_are_as_all_others() -> None:
    block = read_context(CONTEXT, 2)
    (hunk,) = block.hunks
    assert hunk.lines == (" one", "-two", "+2", " three")
    assert block.problems == ()


def test_a_side_that_is_missing_is_told() -> None:
    block = read_context(CONTEXT[:7], 2)
    assert block.problems == (Problem(3, ProblemKind.CUT_OFF),)


def test_a_normal_diff_says_what_it_adds_changes_or_deletes() -> None:
    found = [
        is_normal_hunk([first, then], 0)
        for first, then in (("2a3", "> x"), ("2c2", "< x"), ("2,3d1", "< x"), ("2a3", "< x"), ("2", "> x"))
    ]
    assert found == [True, True, True, False, False]
