"""What a patch does to files besides their lines: names, copies, modes, files that come and go without any line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from patches.findings import Action, Answer, Standing
from patches.text.patch import Patch
from patches.verdicts.audit import AuditQuestion, audit
from patches.verdicts.plan import decide
from patches.verdicts.rewritten import Arrival
from patches.verdicts.standing import look
from tests.patches.upstream import Upstream, git, source
from tests.patches.verdicts.test_places import NEW, arrival, change, patch, target

BODY = "@@ -8,6 +8,7 @@\n" + "".join(f"{sign}{line}\n" for sign, line in zip("   +   ", NEW[7:14], strict=True))
GONE = "deleted file mode 100644\nindex {id}..0000000\n"
EMPTY, BINARY = GONE.format(id="e69de29"), GONE.format(id="1234567") + "Binary files a/d/x and /dev/null differ\n"


def named(word: str, new: str = "d/y.c", old: str = "d/page.c") -> Patch:
    """A file that gets another name, or is copied, and a line."""
    head = f"diff --git a/{old} b/{new}\nsimilarity index 90%\n{word} from {old}\n{word} to {new}\n"
    return patch(f"{head}--- a/{old}\n+++ b/{new}\n{BODY}")


def made_program(line: str = "echo the_first_one") -> Patch:
    head = "diff --git a/d/run b/d/run\nnew file mode 100755\n--- /dev/null\n+++ b/d/run\n"
    return patch(f"{head}@@ -0,0 +1 @@\n+{line}\n")


def turned(old: str = "100644", new: str = "100755") -> Patch:
    """A line, and another mode."""
    head = f"diff --git a/d/page.c b/d/page.c\nold mode {old}\nnew mode {new}\n"
    return patch(f"{head}--- a/d/page.c\n+++ b/d/page.c\n{BODY}")


def told(
    ours: Patch, files: Mapping[str, list[str]], *arrivals: Arrival, modes: Mapping[str, str] | None = None
) -> tuple[Answer, list[Standing]]:
    found = look(ours, target(files, modes), arrivals)
    return found.has, [place.standing for place in found.places]


def test_a_copy_or_an_empty_file_that_upstream_made_and_filled_later_stood() -> None:
    copy = patch("diff --git a/x b/y\nsimilarity index 100%\ncopy from x\ncopy to y\n")
    empty = patch("diff --git a/y b/y\nnew file mode 100644\nindex 0000000..e69de29\n")
    for ours in (copy, empty):
        assert told(ours, {"x": ["a"], "y": ["b"]}) == (Answer.NO, [Standing.MISSING])
        assert told(ours, {"x": ["a"], "y": ["b"]}, arrival({}, ours)) == (Answer.YES, [Standing.STOOD])
        assert told(ours, {"x": ["a"], "y": ["b"]}, arrival({}, change())) == (Answer.NO, [Standing.MISSING])


@pytest.mark.parametrize("text", [EMPTY, BINARY])
def test_a_file_without_lines_that_the_target_never_had_was_not_removed_by_upstream(text: str) -> None:
    ours = patch(f"diff --git a/d/x b/d/x\n{text}")
    assert told(ours, {}, arrival({}, change())) == (Answer.UNKNOWN, [Standing.UNCLEAR])
    assert told(ours, {}, arrival({}, ours)) == (Answer.YES, [Standing.STANDS])


HEADERS = {
    "empty": f"diff --git a/d/x b/d/x\n{EMPTY}",
    "binary": f"diff --git a/d/x b/d/x\n{BINARY}",
    "copy": "diff --git a/one.c b/two.c\nsimilarity index 100%\ncopy from one.c\ncopy to two.c\n",
    "new": "diff --git a/two.c b/two.c\nnew file mode 100644\nindex 0000000..e69de29\n",
}


@pytest.mark.parametrize("text", HEADERS.values(), ids=HEADERS)
def test_an_upstream_header_drops_nothing_that_is_done_to_other_files(tmp_path: Path, text: str) -> None:
    path = tmp_path / "repo"
    path.mkdir()
    git(path, "init", "-q", "-b", "master")
    up = Upstream(path)
    up.commit("start", "Start", {f"{name}.c": source(name) for name in ("one", "two")})
    up.commit("same", "one: check", {"one.c": up.changed("one.c", {20: "    one_check_length(one, ONE_LIMIT);"})})
    queue = tmp_path / "queue"
    queue.mkdir()
    header = up.patch("same").split("diff --git")[0]
    (queue / "alone.patch").write_text(header + text)
    (queue / "with.patch").write_text(header + up.diff("same") + text)
    found = audit(AuditQuestion(str(queue), (str(path),), index=str(tmp_path / "index"))).patches
    assert [decide(one).action for one in found] == [Action.WATCH, Action.WATCH]


def test_what_upstream_did_to_other_files_gave_this_one_neither_its_name_nor_its_mode() -> None:
    away = patch("diff --git a/e/old.c b/e/new.c\nsimilarity index 100%\nrename from e/old.c\nrename to e/new.c\n")
    for theirs in (away, change("e/y.c", "    something_else(here);")):
        came = arrival({"d/page.c": NEW}, change(), theirs)
        assert told(named("rename"), {"d/page.c": NEW}, came)[0] is Answer.PART
    program = patch("diff --git a/e/run b/e/run\nold mode 100644\nnew mode 100755\n")
    came = arrival({"d/page.c": NEW}, change(), program)
    assert told(turned(), {"d/page.c": NEW}, came, modes={"d/page.c": "100644"})[0] is Answer.PART


def test_a_file_that_upstream_only_changed_was_not_moved_to_a_folder_where_the_patch_puts_one_of_its_name() -> None:
    line = "the_first_line"
    moved = patch(
        f"--- a/d/n\n+++ /dev/null\n@@ -1 +0,0 @@\n-{line}\n--- /dev/null\n+++ b/e/n\n@@ -0,0 +1 @@\n+{line}\n"
    )
    changed = patch("--- a/d/n\n+++ b/d/n\n@@ -1 +1,2 @@\n the_first_line\n+another_line\n")
    assert told(moved, {"e/n": [line]}, arrival({}, changed))[1] == [Standing.UNCLEAR, Standing.STANDS]


@pytest.mark.parametrize(
    ("lines", "expected"), [([], Standing.STANDS), ([" "], Standing.ABSENT), (["x"], Standing.MISSING)]
)
def test_a_file_of_which_a_patch_leaves_no_line_stands_empty(lines: list[str], expected: Standing) -> None:
    head = "diff --git a/xen/__init__.py b/xen/__init__.py\nindex 8d1c8b6..e69de29 100644\n"
    ours = patch(f"{head}--- a/xen/__init__.py\n+++ b/xen/__init__.py\n@@ -1 +0,0 @@\n- \n")
    assert told(ours, {"xen/__init__.py": lines})[1] == [expected]
    more = patch("--- a/x\n+++ b/x\n@@ -3 +2,0 @@\n-one two\n")  # takes one line of some
    assert told(more, {"x": lines})[1] == [Standing.MISSING]


def test_a_mode_of_a_file_that_is_not_there_is_not_asked_for() -> None:
    """A repository refuses to look for a file without a name."""

    def mode(path: str) -> str:
        assert path
        return "100644"

    where = target({"d/other.c": []})
    where.mode = mode
    assert [place.standing for place in look(turned(), where).places] == [Standing.UNCLEAR, Standing.MISSING]
    made = patch("diff --git a/d/run b/d/run\nnew file mode 100755\n--- /dev/null\n+++ b/d/run\n@@ -0,0 +1 @@\n+x\n")
    assert {place.standing for place in look(made, where).places} == {Standing.ABSENT}
