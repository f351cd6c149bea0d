"""Facts of patches as text: what git, Mercurial, quilt and hands write, and what is broken in it."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from unidiff.patch import PatchSet

from kcfg.base.errors import UserError
from patches.text.hunks import UNIDIFF_LIMIT
from patches.text.names import git_names, unquote
from patches.text.parse import LINES_LIMIT, PATCH_LIMIT, PROBLEM_LIMIT, parse_patch
from patches.text.patch import FileDiff, Hunk, Patch
from patches.text.problems import Problem, ProblemKind

HUNK = "@@ -1,3 +1,3 @@ int f(void)\n one\n-two\n+TWO\n three\n"
LINES = (" one", "-two", "+TWO", " three")


def parse(text: str, strip: int | None = None) -> Patch:
    return parse_patch("x.patch", text.encode("utf-8", "surrogateescape"), strip)


def only(text: str, strip: int | None = None) -> FileDiff:
    """The one file of a patch without problems."""
    patch = parse(text, strip)
    assert patch.problems == ()
    assert len(patch.files) == 1
    return patch.files[0]


def test_a_git_diff() -> None:
    patch = parse(f"Fix it\n\ndiff --git a/d/f.c b/d/f.c\nindex 123..456 100644\n--- a/d/f.c\n+++ b/d/f.c\n{HUNK}")
    assert patch.header == "Fix it\n\n"
    hunk = Hunk(1, 3, 1, 3, LINES, "int f(void)", 7)
    assert patch.files == (FileDiff("d/f.c", "d/f.c", (hunk,), 3, old_mode="100644", new_mode="100644"),)
    assert patch.problems == ()
    assert patch.changed == ("-two", "+TWO")
    assert len(patch.sha256) == 64


def test_the_version_that_ends_a_mail_is_no_change() -> None:
    assert only(f"--- a/f\n+++ b/f\n{HUNK}-- \n2.39.2\n\n").hunks[0].lines == LINES


def test_an_archive_s_footer_in_the_mail_s_last_line_is_no_change() -> None:
    assert only(f"--- a/f\n+++ b/f\n{HUNK}-- 1.9.1 _______ a list's address\n\n").hunks[0].lines == LINES


def test_a_new_file_and_a_removed_one() -> None:
    new = only("diff --git a/n b/n\nnew file mode 100755\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n")
    assert (new.old, new.new, new.new_mode, new.old_mode) == ("", "n", "100755", "")
    old = only("diff --git a/o b/o\ndeleted file mode 100644\n--- a/o\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n")
    assert (old.old, old.new, old.path) == ("o", "", "o")


def test_an_empty_new_file_and_a_mode_have_no_hunks() -> None:
    assert only("diff --git a/n b/n\nnew file mode 100644\nindex 0000..e69d\n").new == "n"
    mode = only("diff --git a/s b/s\nold mode 100644\nnew mode 100755\n")
    assert (mode.old_mode, mode.new_mode, mode.hunks) == ("100644", "100755", ())


def test_a_rename_and_a_copy() -> None:
    rename = only("diff --git a/x y b/z\nsimilarity index 100%\nrename from x y\nrename to z\n")
    assert (rename.old, rename.new, rename.renamed, rename.copied) == ("x y", "z", True, False)
    copy = only(f"diff --git a/x b/z\nsimilarity index 90%\ncopy from x\ncopy to z\n--- a/x\n+++ b/z\n{HUNK}")
    assert (copy.old, copy.new, copy.renamed, copy.copied) == ("x", "z", False, True)


def test_names_in_quotes_have_octal_escapes() -> None:
    one = only(
        f'diff --git "a/\\303\\244\\t.c" "b/\\303\\244\\t.c"\n--- "a/\\303\\244\\t.c"\n+++ "b/\\303\\244\\t.c"\n{HUNK}'
    )
    assert one.path == "ä\t.c"
    assert unquote('"a\\\\b\\"c\\377"').encode("utf-8", "surrogateescape") == b'a\\b"c\xff'
    assert unquote("plain") == "plain"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a/x b/x", ("a/x", "b/x")),
        ("a/x y b/x y", ("a/x y", "b/x y")),
        ("a/b b/b b/b b/b", ("a/b b/b", "b/b b/b")),
        ('"a/\\303\\244" "b/\\303\\244"', ("a/ä", "b/ä")),
        ('a/x "b/\\303\\244"', ("a/x", "b/ä")),
        ('"a/', ("", "")),
    ],
)
def test_the_two_names_of_a_git_line_are_told_apart(text: str, names: tuple[str, str]) -> None:
    assert git_names(text) == names


def test_time_stamps_after_a_name_are_not_of_it() -> None:
    assert only(f"--- a/f.c\t2019-01-02 03:04:05.678 +0100\n+++ b/f.c\t2020-01-02 03:04:05 +0100\n{HUNK}").path == "f.c"
    assert only(f"--- a/f.c Tue Jan  1 00:00:00 2019\n+++ b/f.c Wed Jan  2 00:00:00 2019\n{HUNK}").path == "f.c"
    assert only(f"--- f.c\t(revision 12)\n+++ f.c\t(working copy)\n{HUNK}").path == "f.c"


def test_a_time_of_1970_is_a_file_that_is_not_there() -> None:
    one = only("--- a/n\t1970-01-01 00:00:00 +0000\n+++ b/n\t2019-01-02 03:04:05 +0000\n@@ -0,0 +1 @@\n+x\n")
    assert (one.old, one.new) == ("", "n")


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("tools/f.c", "tools/f.c", "tools/f.c"),
        ("f.c", "f.c", "f.c"),
        ("linux-5.4.orig/mm/f.c", "linux-5.4/mm/f.c", "mm/f.c"),
        ("i/mm/f.c", "w/mm/f.c", "mm/f.c"),
        ("mm/f.c.orig", "mm/f.c", "mm/f.c"),
        ("./mm/f.c", "./mm/f.c", "mm/f.c"),
    ],
)
def test_names_without_a_and_b(old: str, new: str, path: str) -> None:
    one = only(f"--- {old}\n+++ {new}\n{HUNK}")
    assert (one.old, one.new) == (path, path)


def test_a_level_that_the_queue_tells_is_kept_to() -> None:
    text = f"--- linux/mm/f.c\n+++ linux/mm/f.c\n{HUNK}"
    assert [only(text, level).path for level in (None, 0, 1, 2)] == ["linux/mm/f.c", "linux/mm/f.c", "mm/f.c", "f.c"]


def test_a_level_that_leaves_nothing_is_told_and_guessed() -> None:
    patch = parse(f"--- a/f.c\n+++ b/f.c\n{HUNK}", 5)
    assert patch.files[0].path == "f.c"
    assert [one.line for one in patch.problems] == [1]


def test_mercurial_s_diff() -> None:
    patch = parse(
        "# HG changeset patch\n# User A <a@b.c>\n\nTitle\n\n"
        "diff -r 2bb1e57400cb -r 506035822685 tools/f.c\n"
        f"--- a/tools/f.c\tThu Jan 01 00:00:00 2009 +0000\n+++ b/tools/f.c\tFri Jan 02 00:00:00 2009 +0000\n{HUNK}"
        "diff -r 2bb1e57400cb tools/n.c\n"
        "--- /dev/null\tThu Jan 01 00:00:00 1970 +0000\n+++ b/tools/n.c\tFri Jan 02 00:00:00 2009 +0000\n"
        "@@ -0,0 +1,1 @@\n+x\n"
    )
    assert [(one.old, one.new) for one in patch.files] == [("tools/f.c", "tools/f.c"), ("", "tools/n.c")]
    assert patch.header.endswith("Title\n\n")
    assert patch.problems == ()


def test_an_index_line_alone_begins_a_file() -> None:
    one = only(
        f"Title\n\nIndex: xen-hvm/tools/f.c\n{'=' * 67}\n--- xen-hvm.orig/tools/f.c\n+++ xen-hvm/tools/f.c\n{HUNK}"
    )
    assert (one.path, one.line) == ("tools/f.c", 3)
    assert only(f"Index: tools/f.c\n--- tools/f.c.orig\n+++ tools/f.c\n{HUNK}").path == "tools/f.c"


def test_cvs_names_a_file_three_times() -> None:
    head = f"Index: f.c\n{'=' * 67}\nRCS file: /cvs/f.c,v\nretrieving revision 1.2\ndiff -u -r1.2 f.c\n"
    assert (
        only(f"{head}--- f.c 1 Jan 2001 00:00:00 -0000 1.2\n+++ f.c\t1 Jan 2001 00:00:00 -0000\n{HUNK}").path == "f.c"
    )


def test_a_diff_of_two_folders() -> None:
    text = (
        f"diff -urN -X dont linux.orig/f.c linux/f.c\n--- linux.orig/f.c\t2001-01-01\n+++ linux/f.c\t2001-01-01\n{HUNK}"
    )
    assert only(text).path == "f.c"


def test_prose_that_looks_like_a_diff_stays_in_the_header() -> None:
    header = "Title\n\nIndex: of everything\ndiff -u is what I used\n--- note\n@@ not a hunk @@\n---\n f | 2 +-\n\n"
    patch = parse(f"{header}diff --git a/f b/f\n--- a/f\n+++ b/f\n{HUNK}")
    assert patch.header == header
    assert patch.problems == ()


def test_a_second_diff_in_the_file_is_read_too() -> None:
    first = f"diff --git a/f b/f\n--- a/f\n+++ b/f\n{HUNK}"
    patch = parse(f"First\n\n{first}-- \n2.1\n\nFrom: somebody\nSubject: second\n\nText\n\n{first}")
    assert [one.path for one in patch.files] == ["f", "f"]
    assert [one.hunks[0].lines for one in patch.files] == [LINES, LINES]
    assert [one.hunks[0].line for one in patch.files] == [6, 22]
    assert patch.header == "First\n\n"


def test_line_ends_of_windows_are_taken_off() -> None:
    patch = parse(f"Title\n\n--- a/f.c\n+++ b/f.c\n{HUNK}".replace("\n", "\r\n"))
    assert patch.problems == ()
    assert (patch.files[0].path, patch.files[0].hunks[0].lines) == ("f.c", LINES)
    assert patch.header == "Title\n\n"


def test_bytes_that_are_no_utf8_survive() -> None:
    patch = parse_patch("x", b"J\xf6rg\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-\xe4\n+\xf6\n")
    assert [line.encode("utf-8", "surrogateescape") for line in patch.changed] == [b"-\xe4", b"+\xf6"]


def test_form_feeds_and_odd_separators_end_no_line() -> None:
    one = only("--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n \x0c\n-a\x0bb\u2028c\x85\n+a\n")
    assert one.hunks[0].lines == (" \x0c", "-a\x0bb\u2028c\x85", "+a")


def test_a_missing_line_end_is_told_of_each_side() -> None:
    tail = "\\ No newline at end of file\n"
    hunk = only(f"--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n{tail}+b\n").hunks[0]
    assert (hunk.lines, hunk.old_eof, hunk.new_eof) == (("-a", "+b"), True, False)
    hunk = only(f"--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n{tail}").hunks[0]
    assert (hunk.old_eof, hunk.new_eof) == (False, True)
    hunk = only(f"--- a/f\n+++ b/f\n@@ -1,2 +1 @@\n-a\n b\n{tail}").hunks[0]
    assert (hunk.old_eof, hunk.new_eof) == (True, True)


def test_context_lines_that_lost_their_space_are_context() -> None:
    one = only("--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n")
    assert one.hunks[0].lines == (" a", " ", "-b", "+c")


def test_a_removed_line_that_looks_like_a_name_is_a_line() -> None:
    one = only("--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n--- x\n+++ y\n a\n@@ -9 +9 @@\n-1\n+2\n")
    assert [hunk.lines for hunk in one.hunks] == [("--- x", "+++ y", " a"), ("-1", "+2")]


def test_a_removed_name_at_the_end_of_a_hunk_is_a_line_by_the_counts() -> None:
    one = only("--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n--- x\n+++ y\n@@ -9 +9 @@\n-1\n+2\n")
    assert [hunk.lines for hunk in one.hunks] == [(" a", "--- x", "+++ y"), ("-1", "+2")]


def test_counts_that_are_too_large_are_told() -> None:
    patch = parse(f"--- a/f\n+++ b/f\n@@ -1,9 +1,9 @@\n a\n-b\n+c\n--- a/g\n+++ b/g\n{HUNK}")
    assert [one.path for one in patch.files] == ["f", "g"]
    assert patch.files[0].hunks[0].lines == (" a", "-b", "+c")
    assert (patch.files[0].hunks[0].old_count, patch.files[0].hunks[0].new_count) == (2, 2)
    assert patch.problems == (Problem(3, ProblemKind.COUNTS, "", (9, 9, 2, 2)),)


def test_counts_that_are_too_small_are_told() -> None:
    patch = parse("--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n a\n-b\n+c\n d\n@@ -9 +9 @@\n-1\n+2\n-- \n2.1\n")
    assert [hunk.lines for hunk in patch.files[0].hunks] == [(" a", "-b", "+c", " d"), ("-1", "+2")]
    assert patch.problems == (Problem(3, ProblemKind.COUNTS, "", (1, 1, 3, 3)),)


def test_a_hunk_without_numbers_is_read_and_told() -> None:
    patch = parse("--- a/f\n+++ b/f\n@@ somewhere @@\n a\n-b\n+c\n\nThe end.\n")
    assert patch.files[0].hunks[0].lines == (" a", "-b", "+c")
    assert patch.problems == (Problem(3, ProblemKind.NO_NUMBERS, "@@ somewhere @@"),)


def test_a_patch_that_is_cut_off_is_told() -> None:
    patch = parse("--- a/f\n+++ b/f\n@@ -1,5 +1,4 @@\n a\n-b\n")
    assert patch.files[0].hunks[0].lines == (" a", "-b")
    assert patch.problems == (Problem(3, ProblemKind.COUNTS, "", (5, 4, 2, 1)),)
    assert parse("--- a/f\n+++ b/f\n").problems == (Problem(1, ProblemKind.NO_HUNK),)


def test_text_between_hunks_is_told_and_the_hunks_are_kept() -> None:
    patch = parse(f"--- a/f\n+++ b/f\n{HUNK}A remark.\n@@ -9 +9 @@\n-1\n+2\n")
    assert [hunk.lines for hunk in patch.files[0].hunks] == [LINES, ("-1", "+2")]
    assert patch.problems == (Problem(9, ProblemKind.TEXT_BEFORE_HUNK),)


def test_a_line_that_a_mailer_wrapped_ends_its_hunk_alone() -> None:
    patch = parse("--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@\n a\n-long\nline\n+c\n d\n@@ -9 +9 @@\n-1\n+2\n")
    assert [hunk.lines for hunk in patch.files[0].hunks] == [(" a", "-long"), ("-1", "+2")]
    assert patch.problems


def test_binary_changes_are_kept_without_their_bytes() -> None:
    git = "diff --git a/x.png b/x.png\nindex 12..34 100644\nGIT binary patch\nliteral 3\nKcmZ<\n\nliteral 2\nJcmZ<\n\n"
    patch = parse(f"{git}diff --git a/f b/f\n--- a/f\n+++ b/f\n{HUNK}")
    assert [(one.path, one.binary, len(one.hunks)) for one in patch.files] == [("x.png", True, 0), ("f", False, 1)]
    assert patch.problems == ()
    differ = only("diff --git a/x.png b/x.png\nindex 12..34 100644\nBinary files a/x.png and b/x.png differ\n")
    assert (differ.path, differ.binary) == ("x.png", True)
    alone = only("Binary files old/x.png and new/x.png differ\n")
    assert (alone.path, alone.binary) == ("x.png", True)
    added = only("diff -Nur a/x b/x\nBinary files /dev/null and b/x differ\n")
    assert (added.new, added.binary) == ("x", True)


def test_a_merge_s_diff_is_not_read() -> None:
    patch = parse(f"diff --cc f\nindex 1,2..3\n--- a/f\n+++ b/f\n@@@ -1,2 -1,2 +1,2 @@@\n  a\n--b\n++c\n{HUNK}")
    assert patch.files == ()
    assert patch.problems[0] == Problem(5, ProblemKind.MERGE)


def test_a_context_diff_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    patch = parse("*** a/f\t2001\n--- b/f\t2001\n***************\n*** 1,2 ****\n! a\n--- 1,2 ----\n! b\n")
    assert patch.changed == ("-a", "+b")
    assert patch.problems == (Problem(3, ProblemKind.OTHER_COUNT),)


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "d/../../f"])
def test_a_path_that_leaves_the_tree_is_refused(path: str) -> None:
    patch = parse(f"--- {path}\n+++ {path}\n{HUNK}--- g\n+++ g\n{HUNK}", 0 if path[0] == "/" else None)
    assert [one.path for one in patch.files] == ["g"]
    assert patch.problems == (Problem(1, ProblemKind.OUTSIDE, path),)


def test_a_path_longer_than_linux_takes_is_refused() -> None:
    longest = "x/" * 2047 + "yy"
    patch = parse(
        f"--- a/{longest}\n+++ b/{longest}\n{HUNK}--- a/{longest}y\n+++ b/{longest}y\n{HUNK}--- g\n+++ g\n{HUNK}"
    )
    assert [one.path for one in patch.files] == [longest, "g"]
    assert [(one.kind, one.text, one.loses) for one in patch.problems] == [(ProblemKind.LONG, longest[:200], True)]


@pytest.mark.parametrize(
    ("data", "kind"), [(b"", ProblemKind.EMPTY), (b"\n\n", ProblemKind.EMPTY), (b"Hello\n", ProblemKind.NO_DIFF)]
)
def test_a_file_without_a_diff_is_told(data: bytes, kind: ProblemKind) -> None:
    patch = parse_patch("x", data)
    assert (patch.files, patch.problems) == ((), (Problem(0, kind),))
    assert patch.header == data.decode()


def test_a_patch_that_is_too_large_is_one_clear_line() -> None:
    with pytest.raises(UserError, match=r"^big\.patch: the patch has 65 MB \(patches of up to 64 MB are read\)$"):
        parse_patch("big.patch", bytes(PATCH_LIMIT + (1 << 20)))


def test_50_mb_are_read() -> None:
    line = "+" + "x" * 60 + "\n"
    count = (50 << 20) // len(line)
    start = time.process_time()
    patch = parse(
        f"diff --git a/f b/f\nnew file mode 100644\n--- /dev/null\n+++ b/f\n@@ -0,0 +1,{count} @@\n{line * count}"
    )
    assert time.process_time() - start < 60
    assert count > UNIDIFF_LIMIT
    assert patch.problems == ()
    assert len(patch.files[0].hunks[0].lines) == count


@pytest.mark.parametrize(
    "part",
    [
        "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n c\n",
        "@@ -1 +1 @@\n-a\n+b\n c\n",
        "\n",
        "diff --git a/f b/f\n",
        "Index: f\n--- a\n",
        "-- \n",
        "@@ -1,9 +1,9 @@\n\n",
        "GIT binary patch\nliteral 9\n",
        "--- a/f\n+++ b/f\n",
        "x",
    ],
)
def test_time_grows_with_size_alone(part: str) -> None:
    text = "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n" + part * (1_900_000 // len(part))
    start = time.process_time()
    patch = parse(text)
    assert time.process_time() - start < 30
    assert len(patch.problems) <= PROBLEM_LIMIT + 1


PIECES = st.sampled_from(
    [
        "diff --git a/f b/f\n",
        'diff --git "a/\\303 b/f\n',
        "--- a/f\n",
        "+++ b/f\n",
        "--- /dev/null\n",
        '+++ "\n',
        "@@ -1,2 +1,2 @@\n",
        "@@ -1 +1 @@ x\n",
        "@@ -0,0 +1,3 @@\n",
        "@@ -99999999999999999999 +1 @@\n",
        "@@\n",
        "@@@ -1 -1 +1 @@@\n",
        " a\n",
        "-b\n",
        "+c\n",
        "\n",
        "\\ No newline at end of file\n",
        "\\\n",
        "-- \n",
        "---\n",
        "Index: f\n",
        "======\n",
        "diff -r 123 f\n",
        "diff -u a/x b/x\n",
        "Binary files a and b differ\n",
        "GIT binary patch\n",
        "literal 5\nabc\n",
        "new file mode 100644\n",
        "deleted file mode 100644\n",
        "rename from a\n",
        "rename to b\n",
        "index 1..2 100644\n",
        "*** f\n",
        "***************\n",
        "\r\n",
        "+++ b/../f\n",
        "--- /etc/f\n",
        "text\n",
        "From x Mon Sep 17\n",
        "\udcff\n",
        "a",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
@example("diff --git \n--- \n+++ \n@@ -1 +1 @@\n-a\n+b\n")
@example("--- \t\n+++ \t\n@@ -1 +1 @@\n-a\n+b\n")
def test_no_text_is_too_odd(text: str) -> None:
    patch = parse(text)
    count = text.count("\n") + 1
    assert all(0 <= one.line <= count and "\n" not in one.text for one in patch.problems)
    for file in patch.files:
        assert file.path
        for path in (file.old, file.new):
            assert not path.startswith("/")
            assert ".." not in path.split("/")
        for hunk in file.hunks:
            assert all(line[:1] in (" ", "+", "-") and "\n" not in line for line in hunk.lines)
            assert hunk.old_count == sum(line[0] != "+" for line in hunk.lines)
            assert hunk.new_count == sum(line[0] != "-" for line in hunk.lines)


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd(data: bytes) -> None:
    parse_patch("x", data)
    parse_patch("x", b"--- a/f\n+++ b/f\n@@ -1 +1 @@\n" + data)


FILES = st.lists(
    st.sampled_from(
        ["one", "two", "three", "-- x", "++ y", "", " ", "\t", "\\ x", "@@ -1 +1 @@", "ä", "diff --git a b"]
    ),
    max_size=25,
)


def git(folder: Path, *args: str) -> str:
    command = ["git", "-c", "core.quotePath=true", "-c", "core.autocrlf=false", *args]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.decode("utf-8", "surrogateescape")


def applied(before: str, file: FileDiff) -> str:
    """The file's text after its hunks, which must fit exactly."""
    lines = before.split("\n")
    ended = not before or before.endswith("\n")
    if ended:
        lines.pop()
    out: list[str] = []
    at = 0
    for hunk in file.hunks:
        start = hunk.old_start - 1 if hunk.old_count else hunk.old_start
        out += lines[at:start]
        assert lines[start : start + hunk.old_count] == [one[1:] for one in hunk.lines if one[0] != "+"]
        out += [one[1:] for one in hunk.lines if one[0] != "-"]
        at = start + hunk.old_count
        if at == len(lines):
            ended = not hunk.new_eof
    out += lines[at:]
    return "\n".join(out) + ("\n" if ended and out else "")


@given(FILES, FILES, st.booleans(), st.booleans(), st.integers(0, 4))
def test_git_s_hunks_make_the_new_file(
    tmp_path_factory: pytest.TempPathFactory, old: list[str], new: list[str], old_end: bool, new_end: bool, context: int
) -> None:
    folder = tmp_path_factory.mktemp("git")
    texts = ["\n".join(old) + ("\n" if old_end and old else ""), "\n".join(new) + ("\n" if new_end and new else "")]
    for name, text in zip("ab", texts, strict=True):
        (folder / name).mkdir()
        (folder / name / "ä f.c").write_bytes(text.encode())
    text = git(folder, "diff", "--no-index", "--no-prefix", f"-U{context}", "a", "b")
    patch = parse(text)
    if texts[0] == texts[1]:
        assert not patch.files
        return
    assert patch.problems == ()
    assert [one.path for one in patch.files] == ["ä f.c"]
    assert applied(texts[0], patch.files[0]) == texts[1]


def test_unidiff_reads_the_same(tmp_path: Path) -> None:
    for name, text in (("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n"), ("b", "1\n2\nx\n4\n5\n6\n7\n8\n9\n10")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "f").write_text(text)
        (tmp_path / name / f"only-{name}").write_text(text)
    text = git(tmp_path, "diff", "--no-index", "--no-prefix", "--no-renames", "-U1", "a", "b")
    ours, theirs = parse(text), PatchSet(text)
    assert [one.path for one in ours.files] == [one.path.removeprefix("a/").removeprefix("b/") for one in theirs]
    for mine, other in zip(ours.files, theirs, strict=True):
        assert [(hunk.old_start, hunk.old_count, hunk.new_start, hunk.new_count) for hunk in mine.hunks] == [
            (hunk.source_start, hunk.source_length, hunk.target_start, hunk.target_length) for hunk in other
        ]
        assert [line for hunk in mine.hunks for line in hunk.lines] == [
            str(line).rstrip("\n") for hunk in other for line in hunk if line.line_type in " +-"
        ]


def test_a_patch_of_short_lines_without_end_is_refused() -> None:
    """Twenty million of them fit in 64 MB, and two gigabytes of memory hold them."""
    with pytest.raises(UserError, match="too many lines"):
        parse_patch("long.patch", b"+x\n" * (LINES_LIMIT + 1))
