"""Facts of context lines whose leading blank was eaten before a tab: patch(1) takes them, and so do we."""

from __future__ import annotations

import difflib
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patches.text.parse import parse_patch
from patches.text.patch import Patch
from patches.verdicts.apply import ChangedTree, apply_patch

TEXT = "--- a/Makefile\n+++ b/Makefile\n@@ -1,5 +1,5 @@\n all:\n\tone\n-\ttwo\n+\tTWO\n\tthree\n end\n"
LINES = (" all:", " \tone", "-\ttwo", "+\tTWO", " \tthree", " end")


def parse(text: str) -> Patch:
    return parse_patch("p", text.encode())


def test_a_line_that_begins_with_a_tab_is_context() -> None:
    patch = parse(TEXT)
    assert patch.problems == ()
    assert [hunk.lines for one in patch.files for hunk in one.hunks] == [LINES]


def test_a_hunk_that_begins_and_ends_with_such_lines_is_whole() -> None:
    body = "@@ -1,4 +1,4 @@\n\tone\n\ttwo\n-three\n+THREE\n\tfour\n"
    patch = parse(f"--- a/f\n+++ b/f\n{body}{body.replace('-1,4 +1,4', '-11,4 +11,4')}-- \n2.39.2\n")
    assert patch.problems == ()
    assert [hunk.lines for hunk in patch.files[0].hunks] == [(" \tone", " \ttwo", "-three", "+THREE", " \tfour")] * 2


def test_hunks_with_wrong_counts_have_such_lines_too() -> None:
    patch = parse(TEXT.replace("-1,5 +1,5", "-1,9 +1,9"))
    assert [hunk.lines for hunk in patch.files[0].hunks] == [LINES]
    assert [problem.line for problem in patch.problems] == [3]


def test_text_behind_a_whole_patch_stays_text() -> None:
    patch = parse(f"{TEXT}-- \n\tAnn\n\tsome list's footer\n")
    assert [hunk.lines for hunk in patch.files[0].hunks] == [LINES]


class Files:
    """A tree of one file."""

    name = "memory"

    def __init__(self, data: bytes) -> None:
        self.data = data

    def find(self, path: str) -> str:
        return path if path == "f" else ""

    def read(self, path: str) -> bytes:
        return self.data


words = st.lists(st.sampled_from(["\ta", "\tb", "\t\tc", "d", " e", "\t", ""]), min_size=3, max_size=25)


@pytest.mark.skipif(not shutil.which("patch"), reason="GNU patch is not installed")
@settings(max_examples=60, deadline=None)
@given(words, st.integers(0, 24), st.sampled_from(["\tnew", "new", None]))
def test_gnu_patch_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory, base: list[str], at: int, new: str | None
) -> None:
    at %= len(base)
    changed = base[:at] + ([new] if new is not None else []) + base[at + 1 :]
    told = list(difflib.unified_diff([f"{one}\n" for one in base], [f"{one}\n" for one in changed], "a/f", "b/f"))
    text = "".join(line[1:] if line.startswith(" \t") else line for line in told)
    if not text or not changed:
        return
    data = "".join(f"{one}\n" for one in base).encode()
    tree = ChangedTree(Files(data))
    apply_patch(parse(text), tree)
    folder = tmp_path_factory.mktemp("gnu")
    (folder / "f").write_bytes(data)
    command = ["patch", "-p1", "-N", "-f", "-r", "-", "--no-backup-if-mismatch"]
    ran = subprocess.run(command, cwd=folder, input=text.encode(), capture_output=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert b"".join(tree.get("f") or []) == Path(folder / "f").read_bytes()
