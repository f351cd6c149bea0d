"""Facts of the target's witness, part by part: files that moved, and hunks that stand nowhere as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from patches.findings import Standing
from patches.text.lines import line_key
from patches.text.parse import parse_patch
from patches.text.patch import FileDiff, Patch
from patches.verdicts.rewritten import Arrival, arrived, elsewhere, is_idle, is_so, raw, resembling
from patches.verdicts.thresholds import BOUNDS
from patches.verdicts.tree import Content, hunk_state
from tests.patches.upstream import file_diff, source


@dataclass
class Files:
    """A tree in memory."""

    texts: Mapping[str, bytes]
    name: str = "memory"

    def find(self, path: str) -> str:
        return path if path in self.texts else ""

    def read(self, path: str) -> bytes:
        return self.texts[path]


def patch_for(*paths: str, at: int = 20, line: str = "    one_new_line(one, NEW);") -> Patch:
    """One line changed in each of these files."""
    old = source("one")
    new = [*old[:at], line, *old[at + 1 :]]
    return parse_patch("p", "".join(file_diff(path, old, new) for path in paths).encode())


def diff_of(*lines: str) -> FileDiff:
    """Lines put into one.c."""
    old = source("one")
    (found,) = parse_patch("p", file_diff("one.c", old, [*old[:20], *lines, *old[20:]]).encode()).files
    return found


def test_a_file_that_the_commit_has_in_another_folder_is_looked_at_there() -> None:
    (one,) = patch_for("src/x/one.c").files
    files = Files({"lib/x/one.c": b"text\n", "other/x/one.c": b"more\n"})
    assert arrived(one, Arrival("a", files, lambda: patch_for("lib/x/one.c"))) == [b"text\n"]
    assert arrived(one, Arrival("a", files, lambda: patch_for("lib/x/one.c", "other/x/one.c"))) is None
    assert arrived(one, Arrival("a", files, lambda: patch_for("gone/x/one.c"))) is None
    assert arrived(one, Arrival("a", files, lambda: patch_for("lib/x/two.c"))) is None


def test_a_hunk_is_upstreams_with_lines_of_ones_own_only_where_half_of_its_lines_are() -> None:
    theirs = [f"    one_check_{word}(one, LIMIT_{word});" for word in ("length", "owner")]
    own = [f"    vendor_{word}_hook({word});" for word in ("first", "second", "third")]
    diffs = [("sha", diff_of(*theirs))]

    def told(*lines: str) -> dict[int, Standing]:
        return resembling(diff_of(*lines), [0], None, diffs, BOUNDS)[0]

    assert told(*theirs, *own[:2]) == {0: Standing.EXTRA}
    assert told(*theirs, *own) == {}
    assert told(*theirs) == {0: Standing.ADAPTED}
    assert told(*own) == {}


def test_a_file_is_as_a_line_leaves_it_with_it_once_or_without_it() -> None:
    line = "    one_check_length(one, LIMIT, OWNER, WHEN);"
    once = Counter([line_key(raw(line))])
    assert is_so(f"+{line}", once, BOUNDS)
    assert not is_so(f"-{line}", once, BOUNDS)
    assert is_so(f"-{line}", Counter(), BOUNDS)
    assert not is_so(f"+{line}", Counter(), BOUNDS)
    assert not is_so(f"+{line}", once + once, BOUNDS)
    short = "    one_check(one);"
    assert not is_so(f"+{short}", Counter([line_key(raw(short))]), BOUNDS)


def test_a_file_that_a_patch_removes_is_there_as_long_as_it_is_whatever_it_says() -> None:
    old = source("one")
    text = "diff --git a/one.c b/one.c\ndeleted file mode 100644\n--- a/one.c\n+++ /dev/null\n"
    text += f"@@ -1,{len(old)} +0,0 @@\n" + "".join(f"-{line}\n" for line in old)
    (one,) = parse_patch("p", text.encode()).files
    (hunk,) = one.hunks
    for lines in (old, source("two")):
        state = hunk_state(one, hunk, Content([f"{line}\n".encode() for line in lines], frozenset()))
        assert (state.there, state.absent) == (False, True)
    state = hunk_state(one, hunk, None)
    assert (state.there, state.absent) == (True, False)


# What stands elsewhere


def changes(*lines: str) -> FileDiff:
    """One hunk of these lines, between two that are not changed."""
    body = "\n".join([" int before;", *lines, " int behind;"])
    return parse_patch("p", f"--- a/a.c\n+++ b/a.c\n@@ -1,9 +1,9 @@\n{body}\n".encode()).files[0]


def test_a_hunk_whose_lines_upstream_has_in_another_file_moved_there() -> None:
    ours = changes("+    take(one, 1);", "+    take(two, 2);")
    there = changes("+    take(two, 2);", "+    take(three, 3);", "+    take(one, 1);")
    assert elsewhere(ours, [0], [("c", there)]) == ({0: Standing.ADAPTED}, ["c"])
    assert elsewhere(ours, [0], [("c", changes("+    take(two, 2);"))]) == ({}, [])


def test_a_line_taken_out_of_a_file_that_is_not_there_is_not_gone() -> None:
    ours, theirs = changes("-    take(one, 1);"), changes("+    other(thing, 2);")
    assert resembling(ours, [0], [b"    keep(one);"], [("c", theirs)], BOUNDS)[0] == {0: Standing.ADAPTED}
    assert resembling(ours, [0], None, [("c", theirs)], BOUNDS)[0] == {}


@pytest.mark.parametrize(
    ("line", "idle"),
    [
        ("+#include <xen/nospec.h>", True), ("-# include \"a.h\"", True), ("+    /* what it is for */", True),
        ("+    // so", True), ("+     * more of it", True), ("+     */", True), ("+    /* begun", True),
        ("+    *out = take(one);", False), ("+        * size;", False), ("+        * (size + 1)", False),
        ("+    /* now */ drop(one);", False), ("+    /* now */ drop(one); /* done */", False),
        ("+    */ drop();", False),
        ("+#define ONE", False), ("+#include_next", False), ("+    return 0;", False),
    ],
)  # fmt: skip
def test_a_comment_and_an_include_do_nothing_by_themselves(line: str, idle: bool) -> None:
    assert is_idle(line) is idle


@pytest.mark.parametrize(
    ("path", "extra", "standing"),
    [
        ("a.c", "+    /* for our compiler */", Standing.ADAPTED),
        ("a.c", "+    quirk_of_ours(one);", Standing.EXTRA),
        ("a.sh", "+#include everything we have", Standing.EXTRA),
    ],
)
def test_a_comment_beside_upstreams_lines_is_no_hunk_of_ones_own(path: str, extra: str, standing: Standing) -> None:
    ours = replace(changes("+    take(one, 1);", extra), old=path, new=path)
    assert resembling(ours, [0], [b"x"], [("c", changes("+    take(one, 1);"))], BOUNDS)[0] == {0: standing}
    alone = replace(changes(extra), old=path, new=path)
    assert resembling(alone, [0], [b"x"], [("c", changes("+    take(one, 1);"))], BOUNDS)[0] == {}
