"""Facts of context diffs and normal diffs: they are read as the unified diffs of the same change, by diff itself."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from patches.text.parse import parse_patch

HEAD = "*** a/f\n--- b/f\n***************\n"
AROUND = "the hunk have different lines around the change"
COUNT = "the hunk has another number of lines than it says"


def made(tmp_path: Path, old: list[str], new: list[str], *options: str, end: str = "\n") -> str:
    """What diff makes of two files."""
    for folder, lines in (("a", old), ("b", new)):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "f.c").write_text("\n".join(lines) + (end if lines else ""))
    return subprocess.run(["diff", *options, "a/f.c", "b/f.c"], cwd=tmp_path, capture_output=True, text=True).stdout


@pytest.mark.parametrize("seed", range(12))
def test_a_context_diff_is_the_unified_one(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    old = [rng.choice(("x", "", "\ty", "- z", "! w", f"l{i}")) for i in range(40)]
    new = [line for line in old if rng.random() > 0.12]
    for _ in range(4):
        new.insert(rng.randrange(len(new)), f"new{rng.random()}")
    end = "" if seed % 3 == 0 else "\n"
    unified = parse_patch("u", made(tmp_path, old, new, "-u", end=end).encode())
    context = parse_patch("c", made(tmp_path, old, new, "-c", end=end).encode())
    normal = parse_patch("n", f"diff a/f.c b/f.c\n{made(tmp_path, old, new, end=end)}".encode())
    assert context.problems == normal.problems == ()
    assert [one.path for one in (*context.files, *normal.files)] == ["f.c", "f.c"]
    (ours,), (theirs,) = context.files, unified.files
    assert [(one.old_start, one.old_count, one.new_start, one.new_count) for one in ours.hunks] == [
        (one.old_start, one.old_count, one.new_start, one.new_count) for one in theirs.hunks
    ]
    assert [sorted(one.changed) for one in ours.hunks] == [sorted(one.changed) for one in theirs.hunks]
    assert [[line for line in one.lines if line[0] != "+"] for one in ours.hunks] == [
        [line for line in one.lines if line[0] != "+"] for one in theirs.hunks
    ]
    assert sorted(normal.changed) == sorted(unified.changed)


def test_a_context_diff_of_a_new_file_and_of_a_removed_one(tmp_path: Path) -> None:
    text = "*** /dev/null\n--- b/n.c\n***************\n*** 0 ****\n--- 1,2 ----\n+ a\n+ b\n"
    (one,) = parse_patch("x", text.encode()).files
    assert (one.old, one.new, one.hunks[0].lines) == ("", "n.c", ("+a", "+b"))
    text = "Index: o.c\n*** a/o.c\t2020-01-01\n--- /dev/null\t1970-01-01 00:00:00\n***************\n"
    text += "*** 1,2 ****\n- a\n- b\n--- 0 ----\n"
    (one,) = parse_patch("x", text.encode()).files
    assert (one.old, one.new, one.hunks[0].lines) == ("o.c", "", ("-a", "-b"))


@pytest.mark.parametrize(("old", "new"), [("abc", "ac"), ("ac", "abc"), ("ab", "a"), ("a", "ab"), ("ab", "cb")])
def test_a_side_that_is_left_out_ends_as_the_other_one(tmp_path: Path, old: str, new: str) -> None:
    ends = []
    for option in ("-u", "-c"):
        (one,) = parse_patch("x", made(tmp_path, list(old), list(new), option, end="").encode()).files
        ends.append([(hunk.old_eof, hunk.new_eof) for hunk in one.hunks])
    assert ends[0] == ends[1]


def test_text_and_several_files_around_context_diffs() -> None:
    one = "*** a/{0}\n--- b/{0}\n***************\n*** 1 ****\n! x\n--- 1 ----\n! y\n"
    text = "Subject: t\n\ndiff -c a/f b/f\n" + one.format("f") + "Only in b: z\n" + one.format("g") + "-- \n2.1\n"
    patch = parse_patch("x", text.encode())
    assert [(file.path, file.hunks[0].lines, file.line) for file in patch.files] == [
        ("f", ("-x", "+y"), 3),
        ("g", ("-x", "+y"), 12),
    ]
    assert (patch.header, patch.problems) == ("Subject: t\n\n", ())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"{HEAD}*** 1,3 ****\n  c\n- x\n  d\n--- 1,2 ----\n  e\n  d\n", (3, f"the two sides of {AROUND}")),
        (f"{HEAD}*** 1,2 ****\n- x\n", (3, "the hunk is cut off: its new side is missing")),
        (f"{HEAD}*** 1,9 ****\n- x\n--- 0 ----\n", (3, COUNT)),
        ("3c3\n< x\n---\n> y\n", (1, "the diff names no file")),
        ("diff a/f b/f\n3,4c3\n< x\n---\n> y\n", (2, COUNT)),
    ],
)  # fmt: skip
def test_what_cannot_be_read_has_its_line(text: str, problem: tuple[int, str]) -> None:
    assert [(one.line, one.text) for one in parse_patch("x", text.encode()).problems][:1] == [problem]


def test_a_normal_diff_that_adds_at_the_top_makes_no_new_file() -> None:
    (one,) = parse_patch("x", b"diff -r a/f.c b/f.c\n0a1\n> new\n").files
    assert (one.old, one.new, one.hunks[0].lines) == ("f.c", "f.c", ("+new",))
