"""Whether a patch's hunks stand in a target's files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha1

import pytest

from kcfg.base.errors import UserError
from patches.findings import Answer, HunkPlace, Standing
from patches.text.parse import parse_patch
from patches.text.patch import FileDiff, Patch
from patches.verdicts.placed import in_file, says_enough
from patches.verdicts.rewritten import Arrival, arrived, counterparts, names_of
from patches.verdicts.standing import (
    Target,
    answer,
    binary,
    look,
    without_lines,
)

OLD = [f"int step_{n}(struct page *page);" for n in range(20)]
NEW = [*OLD[:10], "    page_count_foreign(page, page->owner);", *OLD[10:]]
LEFT = [*OLD[:9], NEW[10]]
"""Of NEW, what later changes left."""


class Memory:
    """Files by their paths."""

    name = "memory"

    def __init__(self, files: Mapping[str, list[str]]) -> None:
        self.files = {path: "".join(f"{line}\n" for line in lines).encode() for path, lines in files.items()}

    def find(self, path: str) -> str:
        if path == "out":
            raise UserError("leads out")
        return path if path in self.files else ""

    def read(self, path: str) -> bytes:
        return self.files[path]


def target(
    files: Mapping[str, list[str]],
    modes: Mapping[str, str] | None = None,
    renamed: Mapping[str, tuple[str, ...]] | None = None,
) -> Target:
    memory = Memory(files)
    return Target("v1", memory, lambda path: (modes or {}).get(path, ""), lambda path: (renamed or {}).get(path, ()))


def patch(text: str) -> Patch:
    return parse_patch("x.patch", text.encode())


def change(path: str = "d/page.c", extra: str = NEW[10]) -> Patch:
    """A line put in after the tenth."""
    body = "".join(f" {line}\n" for line in OLD[7:10]) + f"+{extra}\n" + "".join(f" {line}\n" for line in OLD[10:13])
    return patch(f"--- a/{path}\n+++ b/{path}\n@@ -8,6 +8,7 @@\n{body}")


def arrival(
    files: Mapping[str, list[str]], *diffs: Patch, renamed: Mapping[str, tuple[str, ...]] | None = None
) -> Arrival:
    whole = Patch("c", "", tuple(one for diff in diffs for one in diff.files))
    return Arrival("c0ffee", Memory(files), lambda: whole, lambda path: (renamed or {}).get(path, ()))


@pytest.mark.parametrize(
    ("standings", "said"),
    [
        ([Standing.STANDS, Standing.STOOD, Standing.PICKED, Standing.ADAPTED], Answer.YES),
        ([Standing.STANDS, Standing.TRIVIAL], Answer.YES),
        ([Standing.TRIVIAL], Answer.UNKNOWN),
        ([], Answer.UNKNOWN),
        ([Standing.ABSENT, Standing.MISSING], Answer.NO),
        ([Standing.STANDS, Standing.UNCLEAR], Answer.UNKNOWN),
        ([Standing.STANDS, Standing.EXTRA], Answer.PART),
        ([Standing.STANDS, Standing.ABSENT], Answer.PART),
        ([Standing.EXTRA], Answer.PART),
    ],
)
def test_one_word_for_all_places(standings: list[Standing], said: Answer) -> None:
    assert answer([HunkPlace("f", 1, one) for one in standings]) is said


@pytest.mark.parametrize(
    ("lines", "has", "standing"),
    [
        (NEW, Answer.YES, Standing.STANDS),
        (OLD, Answer.NO, Standing.ABSENT),
        (["other", *NEW], Answer.YES, Standing.STANDS),
        (OLD[:9], Answer.NO, Standing.MISSING),
        ([*NEW[:7], "int rewritten;", *NEW[8:]], Answer.NO, Standing.MISSING),
        ([*NEW, *OLD], Answer.UNKNOWN, Standing.UNCLEAR),
    ],
)
def test_a_hunk_stands_where_its_new_side_is(lines: list[str], has: Answer, standing: Standing) -> None:
    found = look(change(), target({"d/page.c": lines}))
    assert (found.has, [place.standing for place in found.places], found.revision) == (has, [standing], "v1")


def test_what_was_rewritten_later_stood_where_it_arrived() -> None:
    files = target({"d/page.c": LEFT})
    found = look(change(), files, [arrival({"d/page.c": NEW}, change())])
    assert (found.places[0].standing, found.commits) == (Standing.STOOD, ("c0ffee",))
    pick = replace(arrival({"d/page.c": NEW}, change()), sha="decade")
    own = arrival({"d/page.c": ["int rewritten;"]}, change())
    assert look(change(), files, [own], [pick]).places[0].standing is Standing.PICKED
    elsewhere = arrival({"d/page.c": OLD, "d/x.c": NEW}, change("d/x.c"))
    assert look(change(), files, [elsewhere], [pick]).places[0].standing is Standing.MISSING  # the own pick left it out


def test_upstream_s_lines_with_other_context_are_adapted_and_others_are_extra() -> None:
    files = target({"d/page.c": LEFT})
    theirs = arrival({"d/page.c": ["int rewritten;", *NEW[9:11], "int more;"]}, change())
    found = look(change(), files, [theirs])
    assert (found.places[0].standing, found.has, found.commits) == (Standing.ADAPTED, Answer.YES, ("c0ffee",))
    assert look(change(), files, [theirs], sure=False).places[0].standing is Standing.EXTRA
    for extra in (f"{NEW[10]}\n+    wholly_unrelated_call(other, words, here);", NEW[10].replace("owner", "user")):
        told = look(change(extra=extra), files, [theirs]).places[0].standing
        assert told in (Standing.EXTRA, Standing.MISSING)


def test_a_file_that_cannot_be_read_is_unclear() -> None:
    found = look(change("out"), target({}))
    assert (found.places[0].standing, found.has) == (Standing.UNCLEAR, Answer.UNKNOWN)


def test_a_file_is_found_under_its_new_or_old_name_or_as_what_it_was_renamed_to() -> None:
    one = replace(change().files[0], old="d/old.c")
    moved = {"d/page.c": ("x/moved.c", "y/far.c"), "d/old.c": ("z/older.c",)}
    for files, path in (
        (("d/page.c", "d/old.c"), "d/page.c"),
        (("d/old.c", "x/moved.c"), "d/old.c"),
        (("y/far.c", "z/older.c"), "y/far.c"),
        (("z/older.c",), "z/older.c"),
        (("deep/d/page.c",), ""),
    ):
        assert target(dict.fromkeys(files, OLD), renamed=moved).path(one) == path
    gone = replace(one, new="")
    assert target({"z/older.c": OLD}, renamed=moved).path(gone) == ""  # what is renamed is not removed


def test_a_file_is_read_once_and_none_where_there_is_none() -> None:
    files = target({"a": ["x"]})
    assert files.lines("a") is files.lines("a")
    assert (files.lines("a"), files.lines("b"), files.lines("")) == ([b"x\n"], None, None)


def meta(text: str) -> FileDiff:
    (one,) = patch(f"diff --git a/x b/{'y' if 'to y' in text else 'x'}\n{text}").files
    return one


@pytest.mark.parametrize(
    ("text", "files", "standing"),
    [
        ("similarity index 100%\nrename from x\nrename to y\n", {"y": []}, Standing.STANDS),
        ("similarity index 100%\nrename from x\nrename to y\n", {"x": []}, Standing.ABSENT),
        ("similarity index 100%\nrename from x\nrename to y\n", {"x": [], "y": []}, Standing.MISSING),
        ("similarity index 100%\ncopy from x\ncopy to y\n", {"x": [], "y": []}, Standing.STANDS),
        ("similarity index 100%\ncopy from x\ncopy to y\n", {"x": []}, Standing.ABSENT),
        ("new file mode 100644\nindex 0000000..e69de29\n", {"x": []}, Standing.STANDS),
        ("new file mode 100644\nindex 0000000..e69de29\n", {}, Standing.ABSENT),
        ("deleted file mode 100644\nindex e69de29..0000000\n", {}, Standing.STANDS),
        ("deleted file mode 100644\nindex e69de29..0000000\n", {"x": []}, Standing.ABSENT),
        ("old mode 100644\nnew mode 100755\n", {"x": []}, Standing.UNCLEAR),
    ],
)
def test_a_change_without_lines(text: str, files: dict[str, list[str]], standing: Standing) -> None:
    assert without_lines(meta(text), "x", target(files)) is standing


@pytest.mark.parametrize(
    ("mode", "standing"), [("100755", Standing.STANDS), ("100644", Standing.ABSENT), ("120000", Standing.MISSING)]
)
def test_a_change_of_mode(mode: str, standing: Standing) -> None:
    assert without_lines(meta("old mode 100644\nnew mode 100755\n"), "x", target({"x": []}, {"x": mode})) is standing


def test_a_binary_file_is_known_by_git_s_name_of_its_content() -> None:
    new, old = (sha1(b"blob 2\0" + data).hexdigest() for data in (b"n\n", b"o\n"))
    one = meta(f"index {old[:9]}..{new[:9]} 100644\nBinary files a/x and b/x differ\n")
    found = [binary(one, "x", target({"x": [text]})) for text in "noz"]
    assert found == [Standing.STANDS, Standing.ABSENT, Standing.MISSING]
    assert binary(one, "", target({})) is Standing.MISSING


def test_a_new_file_stands_whole_and_a_removed_one_when_it_is_gone() -> None:
    (new,) = patch("--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 @@\n+a\n+b\n").files
    (gone,) = patch("--- a/n\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n").files
    assert [in_file(new, lines) for lines in ([b"a\n", b"b\n"], [b"a\n"], None)] == [
        [Standing.STANDS],
        [Standing.MISSING],
        [Standing.ABSENT],
    ]
    assert [in_file(gone, lines) for lines in (None, [b"a\n"])] == [[Standing.STANDS], [Standing.ABSENT]]
    (changed,) = change().files
    assert in_file(changed, None) == [Standing.MISSING]


def test_a_hunk_says_enough_by_a_telling_line_or_by_its_context() -> None:
    def hunk(line: str, context: int) -> bool:
        body = "".join(f" {text}\n" for text in OLD[:context])
        (one,) = patch(f"--- a/x\n+++ b/x\n@@ -1,{context} +1,{context + 1} @@\n{body}+{line}\n").files
        return says_enough(one.hunks[0])

    assert [hunk("    page_count_foreign(page);", 1), hunk("}", 3), hunk("}", 2)] == [True, True, False]


def test_an_arrival_s_file_may_have_another_name() -> None:
    (one,) = change("old/page.c").files
    there = arrival({"new/page.c": NEW}, change("new/page.c"), renamed={"old/page.c": ("new/page.c",)})
    assert arrived(one, there) == [f"{line}\n".encode() for line in NEW]
    assert list(names_of(one, there.renamed)) == ["old/page.c", "new/page.c"]
    assert arrived(one, arrival({"new/page.c": NEW}, change("new/page.c"))) is None


def test_counterparts_are_the_same_file_under_any_of_its_names_and_no_other() -> None:
    (one,) = change("d/page.c").files
    moved = {"d/page.c": ("far/other.c",)}
    every = (change("d/page.c"), change("far/other.c"), change("e/page.c"), change("x/d/page.c"))
    for diffs, found in ((every, ["d/page.c"]), (every[1:], ["far/other.c"]), (every[2:], [])):
        assert [diff.path for diff in counterparts(one, arrival({}, *diffs, renamed=moved))] == found
    assert counterparts(one, arrival({}, *every[1:])) == []


# A hunk that seems to be absent


BEGIN = "@@ -2,3 +2,3 @@\n-gone one\n kept two\n+more of it\n kept six\n"
FUZZY = "@@ -2,4 +2,4 @@\n other one\n-gone one\n+more of it\n kept six\n kept ten\n"
END = "@@ -2,3 +2,3 @@\n kept two\n+more of it\n kept six\n-gone one\n"


@pytest.mark.parametrize(
    ("hunk", "lines", "standing"),
    [
        (BEGIN, ["x", "kept two", "more of it", "kept six"], Standing.STANDS),
        (BEGIN, ["gone one", "kept two", "more of it", "kept six"], Standing.MISSING),
        (END, ["kept two", "more of it", "kept six", "gone one"], Standing.MISSING),
        (END, ["kept two", "more of it", "kept six"], Standing.STANDS),
        (END, ["kept two", "more of it", "kept six", "y"], Standing.MISSING),  # no context behind: the file ends there
        (FUZZY, ["x", "gone one", "more of it", "kept six", "kept ten"], Standing.MISSING),
        (FUZZY, ["x", "y", "more of it", "kept six", "kept ten"], Standing.MISSING),  # all context has to be there
        (FUZZY, ["other one", "more of it", "kept six", "kept ten"], Standing.STANDS),
    ],
)
def test_what_a_hunk_takes_out_at_its_edge_may_not_stand_beside_it(
    hunk: str, lines: list[str], standing: Standing
) -> None:
    (one,) = parse_patch("p", f"--- a/a.c\n+++ b/a.c\n{hunk}".encode()).files
    assert in_file(one, [f"{line}\n".encode() for line in lines]) == [standing]


SEVERAL = "@@ -2,4 +2,3 @@\n-gone one\n-gone two\n kept six\n+more of it\n kept ten\n"


@pytest.mark.parametrize(
    ("beside", "standing"),
    [("gone one", Standing.MISSING), ("gone two", Standing.MISSING), ("other one", Standing.STANDS)],
)
def test_nor_may_a_part_of_it(beside: str, standing: Standing) -> None:
    (one,) = parse_patch("p", f"--- a/a.c\n+++ b/a.c\n{SEVERAL}".encode()).files
    lines = ["rewritten", beside, "kept six", "more of it", "kept ten"]
    assert in_file(one, [f"{line}\n".encode() for line in lines]) == [standing]


def test_a_block_that_ends_as_what_is_before_it_does_stands() -> None:
    tail = [" .last = 1,", " };", " ", " #define ICPU"]
    block = ["+static struct cpu dnv = {", "+.states = dnv,", "+.last = 1,", "+};", "+"]
    body = "\n".join([*tail[:3], *block, tail[3]])
    (one,) = patch(f"--- a/a.c\n+++ b/a.c\n@@ -3,4 +3,9 @@\n{body}\n").files
    text = [".first = 0,", *(line[1:] for line in (*tail[:3], *block, tail[3]))]
    for before in range(0, 12, 3):
        lines = [f"{line}\n".encode() for line in ["int x;"] * before + text]
        assert in_file(one, lines) == [Standing.STANDS]
    # without the block, and with half of it, the file is the same to the old side: it says nothing
    for without in (block[:2], block):
        lines = [f"{line}\n".encode() for line in text if f"+{line}" not in without]
        assert in_file(one, lines) == [Standing.MISSING]


def test_blank_lines_alone_count_only_where_they_are_as_the_patch_has_them() -> None:
    ours = patch("--- a/a.c\n+++ b/a.c\n@@ -1,4 +1,3 @@\n int one;\n-\n int two;\n int six;\n")

    def told(*lines: str) -> tuple[Standing, Answer]:
        found = look(ours, target({"a.c": [*lines, "int six;"]}), [arrival({"a.c": ["rewritten"]}, ours)])
        return found.places[0].standing, found.has

    assert told("int one;", "int two;") == (Standing.STANDS, Answer.YES)
    assert told("int one;", "", "int two;") == (Standing.TRIVIAL, Answer.UNKNOWN)
    assert told("int ten;") == (Standing.TRIVIAL, Answer.UNKNOWN)


def test_a_file_that_upstream_has_under_another_name_is_looked_at_there() -> None:
    ours = patch(
        "--- a/old/a.h\n+++ b/old/a.h\n@@ -1,3 +1,3 @@\n int one;\n-int size_of(int);\n+int size_of(long);\n int two;\n"
    )
    theirs = patch(
        "--- a/new/b/a.h\n+++ b/new/b/a.h\n@@ -1,3 +1,3 @@\n"
        " int one;\n-int size_of(int);\n+int size_of(long);\n int x;\n"
    )
    moved = {"old/a.h": ("new/b/a.h",)}
    there = arrival({"new/b/a.h": ["int one;", "rewritten"]}, theirs, renamed=moved)
    found = look(ours, target({"new/b/a.h": ["int one;", "int size_of(long);", "int y;"]}, renamed=moved), [there])
    assert [place.standing for place in found.places] == [Standing.ADAPTED]
    without = arrival({"new/b/a.h": ["rewritten"]}, theirs)
    found = look(ours, target({"new/b/a.h": ["int one;", "int size_of(long);", "int y;"]}), [without])
    assert [place.standing for place in found.places] == [Standing.MISSING]  # another file of the name
    found = look(ours, target({"new/b/a.h": ["int one;", "int size_of(int);", "int y;"]}, renamed=moved), [there])
    assert [place.standing for place in found.places] == [Standing.UNCLEAR]  # the old line is back
