"""Facts of the target's witness, part by part: files that moved, and hunks that stand nowhere as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from patches.findings import Standing
from patches.text.lines import line_key
from patches.text.parse import parse_patch
from patches.text.patch import FileDiff, Patch
from patches.verdicts.rewritten import Arrival, Words, arrived, is_form_of, is_so, resembling, tokens
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


def test_a_file_is_as_a_line_leaves_it_with_it_once_in_its_place_or_without_it() -> None:
    line = "    one_check_length(one, LIMIT, OWNER, WHEN);"
    (hunk,) = changes(f"+{line}").hunks
    text = [b"int first;\n", b" int before;\n", line.encode() + b"\n", b"\n", b"int other;\n"]
    file = [line_key(one) for one in text]
    assert is_so(f"+{line}", hunk, file, BOUNDS)
    assert not is_so(f"+{line}", hunk, [file[0], *file[2:]], BOUNDS)  # beside nothing of the hunk
    assert not is_so(f"+{line}", hunk, [*file, *file[1:]], BOUNDS)
    assert not is_so(f"+{line}", hunk, file[:2], BOUNDS)
    assert not is_so(f"-{line}", hunk, file, BOUNDS)
    assert is_so(f"-{line}", hunk, file[:2], BOUNDS)
    short = changes("+    one_check(one);")
    assert not is_so("+    one_check(one);", short.hunks[0], [file[1], line_key(b"    one_check(one);\n")], BOUNDS)


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


def hunks(*some: list[str]) -> FileDiff:
    """Several hunks, each given by its lines."""
    text = "".join(f"@@ -{20 * i + 1},9 +{20 * i + 1},9 @@\n" + "\n".join(one) + "\n" for i, one in enumerate(some))
    return parse_patch("p", f"--- a/a.c\n+++ b/a.c\n{text}".encode()).files[0]


def told(ours: FileDiff, theirs: FileDiff, *file: bytes) -> Standing:
    """What the first hunk is beside upstream's diff; `file`: the target's lines."""
    return resembling(ours, [0], file or None, [("c", theirs)], BOUNDS)[0].get(0, Standing.MISSING)


def test_upstreams_lines_in_another_place_are_not_upstreams_change() -> None:
    theirs = hunks([" prepare();", "+check(now, 1);", " run();"])
    assert told(hunks([" prepare();", "+check(now, 1);", " step();"]), theirs) is Standing.ADAPTED
    assert told(hunks([" step();", "+check(now, 1);", " run();"]), theirs) is Standing.ADAPTED
    assert told(hunks([" run();", "+check(now, 1);", " finish();"]), theirs) is Standing.EXTRA
    assert told(hunks([" step();", "+check(now, 1);", " prepare();"]), theirs) is Standing.EXTRA
    assert told(hunks([" step();", "+check(now, 1);", " wait();"]), theirs) is Standing.EXTRA


def test_a_line_in_place_of_the_one_that_upstream_replaced_stands_in_its_place() -> None:
    theirs = hunks([" prepare();", "-check(now);", "+check(now, 1);", " run();"])
    assert told(hunks([" step();", "-check(now);", "+check(now, 1);", " wait();"]), theirs) is Standing.ADAPTED
    alike = hunks([" step();", "-check(old);", "+check(now, 1);", " wait();"])
    assert told(alike, theirs, b"check(now, 1);") is Standing.ADAPTED
    other = hunks([" step();", "-take(it);", "+check(now, 1);", " wait();"])
    assert told(other, theirs, b"check(now, 1);") is Standing.EXTRA
    apart = hunks([" step();", "-check(now);", " wait();", "+check(now, 1);", " rest();"])
    assert told(apart, theirs) is Standing.EXTRA


def test_lines_taken_out_are_gone_wherever_they_stood() -> None:
    theirs = hunks([" prepare();", "-old(1);", "-old(2);", " run();"])
    ours = hunks([" step();", "-old(1);", "-old(2);", " wait();"])
    assert told(ours, theirs, b"keep();\n", b"old(2);\n") is Standing.ADAPTED
    assert told(ours, theirs, b"old(1);\n", b"\n", b"old(2);\n") is Standing.EXTRA
    assert told(ours, theirs) is Standing.EXTRA  # no such file, so nothing is known of it
    assert told(hunks([" step();", "-old(1);", "-old(2);", "+new();", " wait();"]), theirs, b"new();") is Standing.EXTRA


def test_one_hunk_may_be_two_of_upstreams_with_every_part_in_its_place() -> None:
    theirs = hunks([" one();", "+take(a);", "+put(a);", " two();"], [" six();", "+take(a);", "+put(b);", " ten();"])
    parts = [" one();", "+take(a);", "+put(a);", " two();", " six();", "+take(a);", "+put(b);", " ten();"]
    assert told(hunks(parts), theirs) is Standing.ADAPTED
    assert told(hunks([*parts[:4], " seven();", *parts[5:7], " eight();"]), theirs) is Standing.EXTRA
    assert told(hunks([*parts[:2], *parts[3:]]), theirs) is Standing.EXTRA  # a line less between


def test_a_brace_is_code() -> None:
    theirs = changes("+    take(page);")
    assert told(changes("+    take(page);", "+    }"), theirs) is Standing.EXTRA


def test_a_line_taken_out_of_a_file_that_is_not_there_is_not_gone() -> None:
    ours, theirs = changes("-    take(one, 1);", "+    more(one);"), changes("+    more(one);")
    assert resembling(ours, [0], [b"    keep(one);"], [("c", theirs)], BOUNDS)[0] == {0: Standing.ADAPTED}
    assert resembling(ours, [0], None, [("c", theirs)], BOUNDS)[0] == {0: Standing.EXTRA}
    alone = changes("-    take(one, 1);")
    assert resembling(alone, [0], [b"    keep(one);"], [("c", theirs)], BOUNDS)[0] == {}


# What is meant otherwise

UPSTREAM = (
    "+    if (!page || page->count == 1)",
    "+        return take(page, limit, 1);",
    "+    note_taken(page, limit);",
)


@pytest.mark.parametrize(
    ("lines", "standing"),
    [
        (UPSTREAM, Standing.ADAPTED),
        ((UPSTREAM[0], UPSTREAM[1]), Standing.ADAPTED),
        ((UPSTREAM[1], UPSTREAM[0], UPSTREAM[2]), Standing.EXTRA),  # another order
        ((*UPSTREAM, UPSTREAM[2]), Standing.EXTRA),  # once more
        (("+    if (page || page->count == 1)", *UPSTREAM[1:]), Standing.EXTRA),
        (("+    if (!page || page->count != 1)", *UPSTREAM[1:]), Standing.EXTRA),
        (("+    if (!page && page->count == 1)", *UPSTREAM[1:]), Standing.EXTRA),
        ((UPSTREAM[0], "+        return take(page, limit, 8);", UPSTREAM[2]), Standing.EXTRA),
        ((UPSTREAM[0], "+        return take(page, note_taken, 1);", UPSTREAM[2]), Standing.EXTRA),
        ((*UPSTREAM[:2], "+    note_kept(page, limit);"), Standing.ADAPTED),  # as it was called before
        ((*UPSTREAM[:2], "+    note_taken(page,limit);"), Standing.ADAPTED),
    ],
)  # fmt: skip
def test_names_may_differ_and_nothing_else(lines: tuple[str, ...], standing: Standing) -> None:
    assert resembling(changes(*lines), [0], [b"x"], [("c", changes(*UPSTREAM))], BOUNDS)[0] == {0: standing}


@pytest.mark.parametrize(
    ("line", "other", "is_form"),
    [
        ("+    lock(&page->lock);", "+    lock(&page.lock);", True),
        ("+    lock(&page->lock);", "-    lock(&page->lock);", False),
        ("+    run(args, check=True)", "+    run(args, check=False)", False),
        ("+    default y", "+    default n", False),
        ('+    say("one", level);', '+    say("two", level);', False),
        ("+    size = 256 * UNIT;", "+    size = 263 * UNIT;", False),
        ("+    return old_call(page, order);", "+    return new_call(page, order);", True),
        ("+    entirely(different);", "+    something(else_again);", False),
    ],
)  # fmt: skip
def test_a_form_of_a_line_has_its_values_and_operators(line: str, other: str, is_form: bool) -> None:
    words = Words(tokens(line), tokens(other))
    assert is_form_of(line, other, words, BOUNDS) is is_form


def test_a_name_that_the_other_side_has_elsewhere_was_not_renamed() -> None:
    line, other = "+    unlock_page(page, order);", "+    lock_page(page, order);"
    assert is_form_of(line, other, Words(tokens(line), tokens(other)), BOUNDS)
    assert not is_form_of(line, other, Words(tokens(line), tokens(other) | {"unlock_page"}), BOUNDS)
    assert not is_form_of(line, other, Words(tokens(line) | {"lock_page"}, tokens(other)), BOUNDS)


def test_a_line_that_upstream_has_in_two_hunks_is_not_twice_in_one() -> None:
    theirs = hunks([" int before;", "+    take(page);", " int two;"], [" int six;", "+    take(page);", " int ten;"])
    once, twice = changes("+    take(page);"), changes("+    take(page);", "+    take(page);")
    assert resembling(once, [0], [b"x"], [("c", theirs)], BOUNDS)[0] == {0: Standing.ADAPTED}
    assert resembling(twice, [0], [b"x"], [("c", theirs)], BOUNDS)[0] == {0: Standing.EXTRA}
    apart = changes("+    take(page);", " int two;", "+    take(page);")
    assert resembling(apart, [0], [b"x"], [("c", theirs)], BOUNDS)[0] == {0: Standing.EXTRA}
