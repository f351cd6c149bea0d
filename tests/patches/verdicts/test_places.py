"""Whether a patch's hunks stand in a target's files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha1

import pytest

from kcfg.base.errors import UserError
from patches.findings import Answer, HunkPlace, Standing
from patches.text.names import tail
from patches.text.parse import parse_patch
from patches.text.patch import FileDiff, Patch
from patches.verdicts.rewritten import Arrival, arrived, counterparts, name_of, same_name
from patches.verdicts.standing import (
    Target,
    answer,
    binary,
    in_file,
    look,
    says_enough,
    without_lines,
)

OLD = [f"int step_{n}(struct page *page);" for n in range(20)]
NEW = [*OLD[:10], "    page_count_foreign(page, page->owner);", *OLD[10:]]


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


def target(files: Mapping[str, list[str]], modes: Mapping[str, str] | None = None) -> Target:
    memory = Memory(files)
    return Target("v1", memory, lambda: memory.files, lambda path: (modes or {}).get(path, ""))


def patch(text: str) -> Patch:
    return parse_patch("x.patch", text.encode())


def change(path: str = "d/page.c", extra: str = NEW[10]) -> Patch:
    """A line put in after the tenth."""
    body = "".join(f" {line}\n" for line in OLD[7:10]) + f"+{extra}\n" + "".join(f" {line}\n" for line in OLD[10:13])
    return patch(f"--- a/{path}\n+++ b/{path}\n@@ -8,6 +8,7 @@\n{body}")


def arrival(files: Mapping[str, list[str]], *diffs: Patch) -> Arrival:
    whole = Patch("c", "", tuple(one for diff in diffs for one in diff.files))
    return Arrival("c0ffee", Memory(files), lambda: whole)


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
    files = target({"d/page.c": OLD[:9]})
    found = look(change(), files, [arrival({"d/page.c": NEW}, change())])
    assert (found.places[0].standing, found.commits) == (Standing.STOOD, ("c0ffee",))
    pick = replace(arrival({"d/page.c": NEW}, change()), sha="decade")
    own = arrival({"d/page.c": ["int rewritten;"]}, change())
    assert look(change(), files, [own], [pick]).places[0].standing is Standing.PICKED
    elsewhere = arrival({"d/page.c": OLD, "d/x.c": NEW}, change("d/x.c"))
    assert look(change(), files, [elsewhere], [pick]).places[0].standing is Standing.MISSING  # the own pick left it out


def test_upstream_s_lines_with_other_context_are_adapted_and_others_are_extra() -> None:
    files = target({"d/page.c": OLD[:9]})
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


def test_a_file_is_found_under_its_new_or_old_name_or_as_the_only_one_of_its_tail() -> None:
    renamed = "diff --git a/d/old.c b/d/page.c\nsimilarity index 90%\nrename from d/old.c\nrename to d/page.c\n"
    (one,) = patch(renamed).files
    assert target({"d/page.c": OLD, "d/old.c": OLD}).path(one) == "d/page.c"
    assert target({"d/old.c": OLD}).path(one) == "d/old.c"
    assert target({"deep/d/page.c": OLD}).path(one) == "deep/d/page.c"
    assert target({"a/d/page.c": OLD, "b/d/page.c": OLD, "page.c": OLD}).path(one) == ""


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


def test_an_arrival_s_file_may_have_another_folder() -> None:
    (one,) = change("old/page.c").files
    there = arrival({"new/page.c": NEW}, change("new/page.c"))
    assert arrived(one, there) == [f"{line}\n".encode() for line in NEW]
    assert arrived(one, arrival({}, change("new/other.c"))) is None
    assert [diff.path for diff in same_name(one, there)] == ["new/page.c"]


def test_counterparts_are_the_same_file_one_of_its_name_or_what_is_left_over() -> None:
    ours = change("d/page.c")
    (one,) = ours.files
    several = arrival({}, change("d/page.c"), change("e/page.c"), change("f/x.c"))
    assert [diff.path for diff in counterparts(one, ours, several)] == ["d/page.c"]
    assert [diff.path for diff in counterparts(one, ours, arrival({}, change("e/page.c"), change("x.c")))] == [
        "e/page.c"
    ]
    assert [diff.path for diff in counterparts(one, ours, arrival({}, change("x.c")))] == ["x.c"]


def test_names_of_files() -> None:
    assert (name_of("a/b/c"), tail("a/b/c"), tail("c")) == ("c", "b/c", "c")


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
        "--- a/old/a.h\n+++ b/old/a.h\n@@ -1,3 +1,3 @@\n int one;\n-#define SIZE 56\n+#define SIZE 75\n int two;\n"
    )
    theirs = patch(
        "--- a/new/b/a.h\n+++ b/new/b/a.h\n@@ -1,3 +1,3 @@\n int one;\n-#define SIZE 65\n+#define SIZE 75\n int x;\n"
    )
    there = arrival({"new/b/a.h": ["rewritten"]}, theirs)
    found = look(ours, target({"new/b/a.h": ["int one;", "#define SIZE 75", "int y;"]}), [there])
    assert [place.standing for place in found.places] == [Standing.ADAPTED]
    found = look(ours, target({"new/b/a.h": ["int one;", "#define SIZE 56", "int y;"]}), [there])
    assert [place.standing for place in found.places] == [Standing.EXTRA]


def test_what_is_left_over_is_told_by_the_path_before_the_name() -> None:
    ours = Patch("p", "", (*change("cpu/amd.c").files, *change("microcode_amd.c").files))
    theirs = arrival({"cpu/amd.c": NEW}, change("cpu/amd.c"), change("microcode/amd.c"))
    assert [diff.path for diff in counterparts(ours.files[1], ours, theirs)] == ["microcode/amd.c"]
    moved = arrival({}, change("x/cpu/amd.c"), change("z/w/fw.c"))
    assert [diff.path for diff in counterparts(ours.files[1], ours, moved)] == ["z/w/fw.c"]


def test_code_that_left_a_file_is_looked_for_in_another_one_that_the_commit_changed() -> None:
    ours, theirs = change("arch/ioreq.c"), change("common/server.c")
    (one,) = ours.files

    def found(old: list[str], *, elsewhere: bool = True) -> list[str]:
        there = arrival({"arch/ioreq.c": old, "common/server.c": NEW}, theirs)
        return [diff.path for diff in counterparts(one, ours, there, elsewhere=elsewhere)]

    assert found(["int other;"]) == ["common/server.c"]
    assert found(["int other;"], elsewhere=False) == []
    assert found(["int other;", OLD[12]]) == []  # it has some of it: another function that is much alike
    assert found([]) == ["common/server.c"]


def test_the_target_s_file_may_have_none_of_what_is_elsewhere() -> None:
    ours, theirs = change("arch/ioreq.c"), change("common/server.c")
    there = arrival({"arch/ioreq.c": ["int other;"], "common/server.c": NEW}, theirs)

    def told(old: list[str], new: list[str], ours: Patch = ours) -> list[Standing]:
        files = target({"arch/ioreq.c": old, "common/server.c": new})
        return [place.standing for place in look(ours, files, [there]).places]

    assert told(["int other;"], NEW) == [Standing.ADAPTED]
    assert told(["int other;", f"  {OLD[9]}"], NEW) == [Standing.MISSING]
    assert told(OLD, NEW) == [Standing.ABSENT]
    assert told(["int other;"], NEW, change("arch/ioreq.c", "    page_count_own(page);")) == [Standing.MISSING]
    assert told([], NEW) == [Standing.ADAPTED]


def test_what_is_put_in_place_of_other_lines_elsewhere_needs_those_gone_from_there() -> None:
    def part(path: str, line: str) -> Patch:
        body = f" {OLD[1]}\n-{line}\n+{NEW[10]}\n {OLD[3]}\n"
        return patch(f"--- a/{path}\n+++ b/{path}\n@@ -1,3 +1,3 @@\n{body}")

    ours, theirs = part("arch/ioreq.c", "int size_of(int);"), part("common/server.c", "int size_of(long);")
    new = [OLD[1], NEW[10], OLD[3]]
    there = arrival({"arch/ioreq.c": ["int other;"], "common/server.c": new}, theirs)
    for more, standing in (([], Standing.ADAPTED), (["int size_of(int);"], Standing.EXTRA)):
        files = target({"arch/ioreq.c": ["int other;"], "common/server.c": [*new, *more]})
        assert [place.standing for place in look(ours, files, [there]).places] == [standing]
