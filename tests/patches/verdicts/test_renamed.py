"""A patch that is an upstream change once its names are upstream's, and changes without lines."""

from __future__ import annotations

from collections import Counter

import pytest

from patches.text.parse import parse_patch
from patches.text.patch import FileDiff, Patch
from patches.verdicts.match import MatchCandidate, Matcher
from patches.verdicts.renamed import (
    changed,
    name_of,
    paired,
    pairs_of,
    put_in,
    renames,
    same_file,
    same_files,
    speaks,
)
from patches.verdicts.thresholds import BOUNDS
from tests.patches.verdicts.test_decisions import Known, candidate


def patch(*lines: str, path: str = "d/a.c") -> Patch:
    minus, plus = (sum(line[0] == sign for line in lines) for sign in "-+")
    head = f"--- a/{path}\n+++ b/{path}\n@@ -1,{minus} +1,{plus} @@\n"
    return parse_patch("p", (head + "".join(f"{line}\n" for line in lines)).encode())


def test_names_are_put_in_whole() -> None:
    assert put_in("get_page(page, pages)", {"page": "frame", "get_page": "take"}) == "take(frame, pages)"


def test_lines_that_are_the_same_but_for_names_pair_their_names() -> None:
    assert list(paired(["a(b);", "x = y + 1;"], ["c( d );", "x = z + 2;", "c(d);"])) == [("a", "c"), ("b", "d")]
    assert list(paired([], ["a"])) == []


def test_pairs_are_of_lines_of_one_sign_in_files_of_one_name() -> None:
    ours = patch("-old(a);", "+new(a);")
    assert pairs_of(ours, patch("-was(b);", "+now(b);", path="e/a.c"), "+") == Counter(
        {("new", "now"): 1, ("a", "b"): 1}
    )
    assert pairs_of(ours, patch("+now(b);", path="d/other.c"), "+") == Counter()


def test_a_name_that_is_another_throughout_is_renamed() -> None:
    ours = patch("+take(page, count);", "+put(page, count);", "+note(page, count);")
    theirs = patch("+take(frame, count);", "+put(frame, count);", "+note(frame, count);")
    assert renames(ours, theirs) == {"page": "frame"}


def test_a_name_in_what_is_removed_counts_as_well() -> None:
    ours = patch("-take(page, count);", "-put(page, count);", "+note(page, count);")
    theirs = patch("-take(page, count);", "-put(page, count);", "+note(frame, count);")
    assert renames(ours, theirs) == {}
    theirs = patch("-take(frame, count);", "-put(frame, count);", "+other();")
    assert renames(ours, theirs) == {"page": "frame"}


def test_a_name_that_is_sometimes_another_is_not_renamed() -> None:
    ours = patch("+take(page, count);", "+put(page, count);")
    theirs = patch("+take(frame, count);", "+put(page, count);")
    assert renames(ours, theirs) == {}


def test_where_more_names_differ_than_are_the_same_it_is_other_code() -> None:
    assert renames(patch("+take(page, count);"), patch("+grab(frame, count);")) == {}
    assert renames(patch("+take(page);"), patch("+take(page);")) == {}


def test_the_changed_lines_have_no_sign() -> None:
    (one,) = patch("-a", "+b", "+c").files
    assert (changed(one, "+"), changed(one, "-"), name_of(one)) == (["b", "c"], ["a"], "a.c")


@pytest.mark.parametrize(
    ("features", "does"),
    [
        ({}, False),
        ({"patch_in_commit": BOUNDS.few}, True),
        ({"commit_in_patch": BOUNDS.few}, True),
        ({"patch_in_commit": BOUNDS.few / 2}, False),
        ({"near_subject": BOUNDS.like}, True),
        ({"near_subject": BOUNDS.like / 2}, False),
        ({"same_author": 1.0}, True),
    ],
)
def test_lines_a_title_or_an_author_speak_for_a_commit(features: dict[str, float], does: bool) -> None:
    one: MatchCandidate = candidate(1, **features)
    assert speaks(one) is does


def file(text: str) -> FileDiff:
    (one,) = parse_patch("p", f"diff --git a/x b/x\n{text}".encode()).files
    return one


DIFFER = "100644\nBinary files a/x and b/x differ\n"
MODE = "old mode 100644\nnew mode 100755\n"


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (MODE, MODE, True),
        (MODE, "old mode 100755\nnew mode 100644\n", False),
        ("new file mode 100644\nindex 0000000..e69de29\n", MODE, False),
        ("index 1111111..2222222 " + DIFFER, "index 11111111..22222222 " + DIFFER, True),
        ("index 1111111..2222222 " + DIFFER, "index 1111111..3333333 " + DIFFER, False),
        ("Binary files a/x and b/x differ\n", "Binary files a/x and b/x differ\n", False),
        ("index 11111111..22222222 " + DIFFER, "index 1111111..2222222 " + DIFFER, True),
        ("index 1111111..2222222 " + DIFFER, "old mode 100644\nnew mode 100644\n", False),
        ("old mode 100644\nnew mode 100644\n", "index 1111111..2222222 " + DIFFER, False),
    ],
)
def test_two_changes_without_lines_are_the_same(left: str, right: str, same: bool) -> None:
    assert same_file(file(left), file(right)) is same


def test_a_name_is_renamed_that_upstream_calls_otherwise_at_four_of_five_places() -> None:
    ours = patch(*(f"+step_{n}(page, count, limit);" for n in range(5)))
    theirs = patch(*(f"+step_{n}({'frame' if n else 'page'}, count, limit);" for n in range(5)))
    assert renames(ours, theirs) == {"page": "frame"}
    theirs = patch(*(f"+step_{n}({'frame' if n > 1 else 'page'}, count, limit);" for n in range(5)))
    assert renames(ours, theirs) == {}


def test_two_names_that_upstream_calls_by_one_were_not_renamed_to_it() -> None:
    ours = patch("+take(page, count);", "+put(sheet, count);", "+note(page, count);")
    theirs = patch("+take(frame, count);", "+put(frame, count);", "+note(frame, count);")
    assert renames(ours, theirs) == {}


# The same files

MOVED = "similarity index 100%\nrename from x\nrename to y\n"


def same(ours: str, theirs: str, read: bool = True, lines: tuple[str, ...] = ()) -> bool:
    index = Known()
    index.add(1, lines=lines)
    left, right = (parse_patch("p", text.encode()) for text in (ours, theirs))
    matcher = Matcher(index, read=(lambda sha: right) if read else None)  # type: ignore[arg-type]
    return same_files(left, 1, matcher)


def test_a_change_without_lines_is_a_commit_that_does_the_same_to_the_same_files() -> None:
    move, mode = f"diff --git a/x b/y\n{MOVED}", f"diff --git a/z b/z\n{MODE}"
    assert same(move, move)
    assert same(move + mode, mode + move)
    assert not same(move + mode, move + mode.replace("100755", "100600"))
    assert not same(move, mode)
    assert not same(move, move + mode)
    assert not same(move + mode, move)
    assert not same(move, move, read=False)
    assert not same(move, move, lines=("+int a_line;",))
    assert not same(f"{move}--- a/x\n+++ b/y\n@@ -1 +1 @@\n-{{\n+}}\n", move)
