"""Code that is there twice, and what a patch does besides its lines: never there where it may be missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from patches.findings import Answer, Standing
from patches.text.patch import Patch
from patches.verdicts.rewritten import Arrival
from patches.verdicts.standing import look
from tests.patches.verdicts.test_places import LEFT, NEW, OLD, arrival, change, patch, target

BODY = "@@ -8,6 +8,7 @@\n" + "".join(f"{sign}{line}\n" for sign, line in zip("   +   ", NEW[7:14], strict=True))
ABSENT, MISSING, STANDS, STOOD, UNCLEAR = (
    Standing.ABSENT, Standing.MISSING, Standing.STANDS, Standing.STOOD, Standing.UNCLEAR,
)  # fmt: skip


def told(
    ours: Patch, files: Mapping[str, list[str]], *came: Arrival, picked: Arrival | None = None,
    modes: Mapping[str, str] | None = None,
) -> tuple[Answer, list[Standing]]:  # fmt: skip
    found = look(ours, target(files, modes), came, [picked] if picked else [])
    return found.has, [place.standing for place in found.places]


# Twice


def test_both_sides_in_a_file_are_unclear() -> None:
    for lines in ([*NEW, *OLD], [*OLD, *NEW]):
        assert told(change(), {"d/page.c": lines}) == (Answer.UNKNOWN, [UNCLEAR])
        assert told(change(), {"d/page.c": lines}, arrival({"d/page.c": NEW}, change())) == (Answer.UNKNOWN, [UNCLEAR])


def test_a_hunk_before_tells_which_of_two_places_is_meant() -> None:
    head = "@@ -1,3 +1,4 @@\n int first;\n+int second;\n int third;\n int fourth;\n"
    body = change().files[0].hunks[0].lines
    at = "@@ -11,6 +12,7 @@\n" + "".join(f"{line}\n" for line in body)
    ours = patch(f"--- a/d/page.c\n+++ b/d/page.c\n{head}{at}")
    start = ["int first;", "int second;", "int third;", "int fourth;"]
    (first, there) = (start, NEW)
    assert told(ours, {"d/page.c": [*first, *there, *OLD]}) == (Answer.YES, [STANDS, STANDS])
    assert told(ours, {"d/page.c": [*first, *OLD, *there]})[0] is not Answer.YES
    shifted = [*first, "int more;", *there, *OLD]  # nearer, but not just where the hunk before makes one expect it
    assert told(ours, {"d/page.c": shifted}) == (Answer.UNKNOWN, [STANDS, UNCLEAR])
    without = [line for line in first if line != "int second;"]
    assert told(ours, {"d/page.c": [*without, *there, *OLD]})[0] is not Answer.YES


def test_the_twin_of_a_function_is_not_the_function() -> None:
    x86, arm = "int x86_map(struct page *page)", "int arm_map(struct page *page)"
    old = ["{", "    lock(page);", "    prepare(page);", "    unlock(page);", "}", ""]
    new = [*old[:3], "    count(page);", *old[3:]]
    body = "".join(f"{line}\n" for line in ("     lock(page);", "     prepare(page);", "+    count(page);",
                                            "     unlock(page);", " }"))  # fmt: skip
    ours = patch(f"--- a/m.c\n+++ b/m.c\n@@ -9,4 +9,5 @@ {arm}\n{body}")
    gone = ["{", "    rewritten(page);", "}", ""]
    assert told(ours, {"m.c": [x86, *gone, arm, *new]}) == (Answer.YES, [STANDS])
    assert told(ours, {"m.c": [x86, *new, arm, *gone]}) == (Answer.NO, [MISSING])
    assert told(ours, {"m.c": [x86, *new, arm, *old]}) == (Answer.NO, [ABSENT])
    assert told(ours, {"m.c": [x86, *old, arm, *new]}) == (Answer.UNKNOWN, [UNCLEAR])


def test_a_line_without_context_does_not_stand_by_itself() -> None:
    ours = patch(f"--- a/d/page.c\n+++ b/d/page.c\n@@ -10,0 +11 @@\n+{NEW[10]}\n")
    assert told(ours, {"d/page.c": NEW}) == (Answer.NO, [MISSING])
    assert told(ours, {"d/page.c": NEW}, arrival({"d/page.c": NEW}, change()))[0] is not Answer.YES
    other = patch(f"--- a/d/page.c\n+++ b/d/page.c\n@@ -10 +10 @@\n-{OLD[9]}\n+{NEW[10]}\n")
    assert told(other, {"d/page.c": NEW})[0] is not Answer.YES


def test_what_stands_in_the_commits_file_and_the_commit_did_not_bring_did_not_stand() -> None:
    elsewhere = change(extra="    something_else(page);")
    assert told(change(), {"d/page.c": LEFT}, arrival({"d/page.c": NEW}, change())) == (Answer.YES, [STOOD])
    assert told(change(), {"d/page.c": LEFT}, arrival({"d/page.c": NEW}, elsewhere)) == (Answer.NO, [MISSING])
    assert told(change(), {"d/page.c": LEFT}, arrival({"d/page.c": NEW})) == (Answer.NO, [MISSING])


def test_a_hunk_that_only_a_pick_has_is_not_the_changes() -> None:
    pick = replace(arrival({"d/page.c": NEW}, change()), sha="beef")
    own = arrival({"d/page.c": ["rewritten"]}, change(extra="    something_else(page);"))
    assert told(change(), {"d/page.c": LEFT}, own, picked=pick) == (Answer.NO, [MISSING])
    own = arrival({"d/page.c": ["rewritten"]}, change())
    assert told(change(), {"d/page.c": LEFT}, own, picked=pick) == (Answer.YES, [Standing.PICKED])
    own = arrival({"d/page.c": ["rewritten"]}, change(extra=f"{NEW[10]}\n+    more(page);"))
    two = change(extra=f"{NEW[10]}\n+    other(page);")  # of which the target's own commit has one line
    both = [*NEW[:11], "    other(page);", *NEW[11:]]
    pick = replace(arrival({"d/page.c": both}, two), sha="beef")
    assert told(two, {"d/page.c": LEFT}, own, picked=pick)[0] is not Answer.YES


# Besides lines


def named(word: str) -> Patch:
    head = f"diff --git a/d/page.c b/d/y.c\nsimilarity index 90%\n{word} from d/page.c\n{word} to d/y.c\n"
    return patch(f"{head}--- a/d/page.c\n+++ b/d/y.c\n{BODY}")


@pytest.mark.parametrize("word", ["rename", "copy"])
def test_a_line_under_the_old_name_is_not_all_of_another_name(word: str) -> None:
    assert told(named(word), {"d/page.c": NEW}) == (Answer.PART, [ABSENT, STANDS])
    assert told(named(word), {"d/page.c": NEW}, arrival({"d/page.c": NEW}, change()))[0] is Answer.PART
    assert told(named(word), {"d/y.c": NEW}, arrival({"d/y.c": NEW}, named(word))) == (Answer.YES, [STANDS, STANDS])


def test_a_name_that_upstream_gave_and_changed_since_was_given() -> None:
    came = arrival({"d/y.c": NEW}, named("rename"))
    assert told(named("rename"), {"d/z.c": NEW}, came) == (Answer.YES, [STOOD, STOOD])
    assert told(named("rename"), {"d/z.c": NEW}, arrival({"d/y.c": NEW}, change("d/y.c")))[0] is not Answer.YES


def turned(old: str, new: str) -> Patch:
    head = f"diff --git a/d/page.c b/d/page.c\nold mode {old}\nnew mode {new}\n"
    return patch(f"{head}--- a/d/page.c\n+++ b/d/page.c\n{BODY}")


@pytest.mark.parametrize(("old", "new"), [("100644", "100755"), ("100755", "100644")])
def test_a_line_without_the_mode_is_not_all_of_a_patch_that_changes_both(old: str, new: str) -> None:
    ours, files = turned(old, new), {"d/page.c": NEW}
    assert told(ours, files, modes={"d/page.c": old}) == (Answer.PART, [ABSENT, STANDS])
    assert told(ours, files, modes={"d/page.c": "120000"}) == (Answer.UNKNOWN, [UNCLEAR, STANDS])
    assert told(ours, files, modes={"d/page.c": new}) == (Answer.YES, [STANDS])
    came = arrival(files, ours)
    assert told(ours, files, came, modes={"d/page.c": old}) == (Answer.YES, [STOOD, STANDS])
    assert told(ours, files, arrival(files, change()), modes={"d/page.c": old})[0] is Answer.PART


@pytest.mark.parametrize(("new", "mode"), [("100755", "100644"), ("120000", "100644"), ("100644", "120000")])
def test_a_new_file_of_another_mode_is_not_the_patchs(new: str, mode: str) -> None:
    head = f"diff --git a/d/run b/d/run\nnew file mode {new}\n--- /dev/null\n+++ b/d/run\n"
    ours, files = patch(f"{head}@@ -0,0 +1 @@\n+the_first_line\n"), {"d/run": ["the_first_line"]}
    assert told(ours, files, modes={"d/run": mode}) == (Answer.UNKNOWN, [UNCLEAR, STANDS])
    assert told(ours, files, modes={"d/run": new}) == (Answer.YES, [STANDS])
    assert told(ours, files, arrival(files, ours), modes={"d/run": mode}) == (Answer.YES, [STOOD, STANDS])


def test_a_file_of_the_name_in_another_folder_is_not_the_one_that_is_taken_away() -> None:
    ours = patch("--- a/d/n\n+++ /dev/null\n@@ -1 +0,0 @@\n-the_first_line\n")
    other = {"e/d/n": ["the_first_line"], "e/n": ["the_first_line"]}
    assert told(ours, other, arrival({}, ours)) == (Answer.YES, [STANDS])
    assert told(ours, other, arrival({}, change())) == (Answer.UNKNOWN, [UNCLEAR])
    assert told(ours, {"d/n": ["another"], **other}, arrival({}, ours)) == (Answer.NO, [ABSENT])


@pytest.mark.parametrize(("path", "standing"), [("a.c", Standing.TRIVIAL), ("a.py", ABSENT)])
def test_blank_lines_count_where_they_mean_something(path: str, standing: Standing) -> None:
    ours = patch(f"--- a/{path}\n+++ b/{path}\n@@ -1,3 +1,4 @@\n one\n+\n two\n ten\n")
    assert told(ours, {path: ["one", "two", "ten"]})[1] == [standing]
    assert told(ours, {path: ["one", "", "two", "ten"]}) == (Answer.YES, [STANDS])
