"""Hunks, and the commits that brought them to the target: what stood, what was adapted, what is no witness."""

from __future__ import annotations

from patches.findings import HunkPlace, Standing
from patches.text.patch import Patch
from patches.verdicts.rewritten import Arrival
from patches.verdicts.standing import look
from tests.patches.verdicts.test_places import NEW, OLD, arrival, change, patch, target

BOTH = "".join(
    f"@@ -{at + 1},6 +{at + 1},7 @@\n"
    + "".join(f" {line}\n" for line in OLD[at : at + 3])
    + f"+    {word}_call({word});\n"
    + "".join(f" {line}\n" for line in OLD[at + 3 : at + 6])
    for at, word in ((0, "first"), (12, "second"))
)
DONE = [*OLD[:3], "    first_call(first);", *OLD[3:15], "    second_call(second);", *OLD[15:]]


def two_hunks() -> Patch:
    return patch(f"--- a/d/page.c\n+++ b/d/page.c\n{BOTH}")


def stands(
    ours: Patch, lines: list[str], *came: Arrival, sure: bool = True, picked: Arrival | None = None
) -> list[str]:
    found = look(ours, target({"d/page.c": lines}), came, [picked] if picked else [], sure=sure)
    return [place.standing.value for place in found.places]


def test_what_stands_is_said_to_stand_and_only_what_does_not_to_have_stood() -> None:
    came = arrival({"d/page.c": DONE}, two_hunks())
    put = next(line[1:] for line in two_hunks().files[0].hunks[1].lines if line[:1] == "+")
    rewritten = [*DONE[:13], "int rewritten;", *DONE[17:]]
    assert stands(two_hunks(), [*rewritten, put], came) == ["stands", "stood"]
    assert stands(two_hunks(), rewritten, came) == ["stands", "stood"]
    assert stands(two_hunks(), rewritten) == ["stands", "missing"]


def test_what_came_and_went_where_the_old_line_is_back_did_not_stay() -> None:
    body = "".join(f" {line}\n" for line in OLD[7:10]) + f"-{OLD[10]}\n+{NEW[10]}\n"
    body += "".join(f" {line}\n" for line in OLD[11:14])
    ours = patch(f"--- a/d/page.c\n+++ b/d/page.c\n@@ -8,7 +8,7 @@\n{body}")
    came = arrival({"d/page.c": [*OLD[:10], NEW[10], *OLD[11:]]}, ours)
    rest = [*OLD[:8], "int rewritten;", *OLD[12:]]
    assert stands(ours, rest, came) == ["stood"]
    assert stands(ours, [*rest, OLD[10]], came) == ["unclear"]
    assert stands(ours, [*rest, OLD[10], NEW[10]], came) == ["stood"]


def test_what_was_taken_out_without_a_word_is_absent_wherever_it_stood() -> None:
    came = arrival({"d/page.c": NEW}, change())
    assert stands(change(), OLD, came) == ["absent"]


def test_a_hunk_whose_old_side_the_commit_left_as_it_was_is_no_part_of_it() -> None:
    """Upstream put the very line into another place of the file; the target has rewritten both places since."""
    elsewhere = [*OLD[:17], NEW[10], *OLD[17:]]
    body = "".join(f" {line}\n" for line in OLD[14:17]) + f"+{NEW[10]}\n" + "".join(f" {line}\n" for line in OLD[17:20])
    theirs = patch(f"--- a/d/page.c\n+++ b/d/page.c\n@@ -15,6 +15,7 @@\n{body}")
    came = arrival({"d/page.c": elsewhere}, theirs)
    assert stands(change(), OLD[:9], came) == ["extra"]


def removal(path: str = "d/page.c") -> Patch:
    return patch(f"--- a/{path}\n+++ /dev/null\n@@ -1,{len(OLD)} +0,0 @@\n" + "".join(f"-{line}\n" for line in OLD))


def test_a_file_that_is_gone_was_removed_by_the_change_or_moved_to_where_the_patch_puts_it() -> None:
    def said(ours: Patch, *came: Arrival) -> Standing:
        return look(ours, target({}), came).places[0].standing

    body = "".join(f"+{line}\n" for line in OLD)
    puts = patch(f"--- /dev/null\n+++ b/e/sheet.c\n@@ -0,0 +1,{len(OLD)} @@\n{body}")
    both = Patch("p", "", removal().files + puts.files)
    moved = "diff --git a/d/page.c b/{0}\nsimilarity index 100%\nrename from d/page.c\nrename to {0}\n"
    there, elsewhere = (patch(moved.format(path)) for path in ("e/sheet.c", "e/other.c"))
    assert said(removal(), arrival({}, removal())) is Standing.STANDS
    assert said(removal(), arrival({}, removal("x/page.c"))) is Standing.UNCLEAR
    assert said(removal()) is Standing.STANDS  # a tree: nobody tells
    assert said(removal(), arrival({}, change("d/other.c"))) is Standing.UNCLEAR
    assert said(removal(), arrival({}, change())) is Standing.UNCLEAR
    assert said(removal(), arrival({}, removal("d/other.c"))) is Standing.UNCLEAR
    assert said(removal(), arrival({}, there)) is Standing.UNCLEAR
    assert said(both, arrival({}, there)) is Standing.STANDS
    assert said(both, arrival({}, elsewhere)) is Standing.UNCLEAR
    assert said(change(), arrival({}, change("d/other.c", "    something_else();"))) is Standing.MISSING
    for came in (removal(), change()):
        found = look(removal(), target({"d/page.c": OLD}), [arrival({}, came)])
        assert found.places[0].standing is Standing.ABSENT
    assert look(removal(), target({}), [arrival({}, change())]).places == (HunkPlace("d/page.c", 3, Standing.UNCLEAR),)


def test_of_files_of_one_name_in_folders_of_one_name_none_is_the_patchs() -> None:
    (one,) = change().files
    assert target({"a/d/page.c": NEW, "b/d/page.c": NEW}).path(one) == ""
    found = look(change(), target({"a/d/page.c": NEW, "b/d/page.c": NEW}))
    assert found.places == (HunkPlace("d/page.c", 3, Standing.MISSING),)


def test_a_file_that_cannot_be_read_is_named_with_its_line() -> None:
    assert look(change("out"), target({})).places == (HunkPlace("out", 1, Standing.UNCLEAR),)
