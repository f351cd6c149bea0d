"""Facts of applying patches in memory: GNU patch is the judge."""

from __future__ import annotations

import difflib
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patches.findings import Applies
from patches.text.parse import parse_patch
from patches.text.patch import Patch
from patches.verdicts.apply import ChangedTree, Outcome, apply_hunks, apply_patch, apply_queue, lines_of
from tests.patches.upstream import file_diff

HUNK = "@@ -3,7 +3,7 @@\n c3\n c4\n c5\n-c6\n+new\n c7\n c8\n c9\n"


class Memory:
    """A tree of a dictionary."""

    name = "memory"

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def find(self, path: str) -> str:
        return path if path in self.files else ""

    def read(self, path: str) -> bytes:
        return self.files[path]


def text(first: int, last: int, **changed: str) -> bytes:
    """Lines c1 to cN."""
    return "".join(f"{changed.get(f'c{n}', f'c{n}')}\n" for n in range(first, last + 1)).encode()


def patch(diff: str) -> Patch:
    return parse_patch("p", diff.encode())


def applied(diff: str, files: dict[str, bytes]) -> tuple[Applies, dict[str, bytes | None]]:
    tree = ChangedTree(Memory(files))
    told = apply_patch(patch(diff), tree)
    return told, {path: b"".join(lines) if lines is not None else None for path, lines in tree.changed.items()}


def diff(path: str, hunks: str) -> str:
    return f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n{hunks}"


def test_it_applies() -> None:
    told, files = applied(diff("f", HUNK), {"f": text(1, 12)})
    assert (told.outcome, files) == ("applies", {"f": text(1, 12, c6="new")})


def test_with_an_offset() -> None:
    told, files = applied(diff("f", HUNK), {"f": b"one\ntwo\n" + text(1, 12)})
    assert (told.outcome, told.detail) == ("offset", "up to 2 lines off")
    assert files == {"f": b"one\ntwo\n" + text(1, 12, c6="new")}


def test_with_fuzz_the_files_own_context_stays() -> None:
    told, files = applied(diff("f", HUNK), {"f": text(1, 12, c3="other", c9="more")})
    assert (told.outcome, told.detail) == ("fuzz", "fuzz 1")
    assert files == {"f": text(1, 12, c3="other", c9="more", c6="new")}


def test_what_is_there_already() -> None:
    told, files = applied(diff("f", HUNK), {"f": text(1, 12, c6="new")})
    assert (told.outcome, files) == ("already-there", {"f": text(1, 12, c6="new")})


def test_what_is_there_in_part() -> None:
    second = "@@ -23,7 +23,7 @@\n c23\n c24\n c25\n-c26\n+newer\n c27\n c28\n c29\n"
    told, files = applied(diff("f", HUNK + second), {"f": text(1, 30, c6="new")})
    assert (told.outcome, told.detail) == ("partly-there", "1 of 2 hunks")
    assert files == {"f": text(1, 30, c6="new", c26="newer")}


def test_a_conflict_names_file_and_hunk_and_the_rest_is_applied() -> None:
    second = "@@ -23,7 +23,7 @@\n c23\n c24\n c25\n-c26\n+newer\n c27\n c28\n c29\n"
    told, files = applied(diff("f", HUNK + second), {"f": text(1, 30, c6="mine")})
    assert (told.outcome, told.where) == ("conflicts", ("f:3",))
    assert files == {"f": text(1, 30, c6="mine", c26="newer")}


def test_new_removed_and_renamed_files() -> None:
    new = "diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 @@\n+a\n+b\n"
    gone = "diff --git a/f b/f\ndeleted file mode 100644\n--- a/f\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-c1\n-c2\n"
    moved = "diff --git a/f b/g\nsimilarity index 100%\nrename from f\nrename to g\n"
    assert applied(new, {}) == (Applies(outcome="applies"), {"n": b"a\nb\n"})
    assert applied(new, {"n": b"a\nb\n"})[0].outcome == "already-there"
    assert applied(new, {"n": b"x\n"})[0].where == ("n:0",)
    assert applied(gone, {"f": text(1, 2)}) == (Applies(outcome="applies"), {"f": None})
    assert applied(gone, {})[0].outcome == "already-there"
    assert applied(moved, {"f": b"x\n"}) == (Applies(outcome="applies"), {"f": None, "g": b"x\n"})
    assert applied(moved, {"g": b"x\n"})[0].outcome == "already-there"
    assert applied(moved, {})[0].outcome == "conflicts"


def test_a_file_that_is_missing() -> None:
    told = applied(diff("f", HUNK), {})[0]
    assert (told.outcome, told.where) == ("conflicts", ("f:0",))
    assert "no such file" in told.detail


def test_a_binary_change_cannot_be_told() -> None:
    told = applied("diff --git a/f b/f\nindex 1..2 100644\nBinary files a/f and b/f differ\n", {"f": b"\0"})[0]
    assert told.outcome == "cannot-tell"


def test_a_missing_line_end_counts() -> None:
    hunk = "@@ -1,2 +1,2 @@\n c1\n-c2\n\\ No newline at end of file\n+new\n"
    assert applied(diff("f", hunk), {"f": b"c1\nc2"}) == (Applies(outcome="applies"), {"f": b"c1\nnew\n"})
    assert applied(diff("f", hunk), {"f": b"c1\nc2\n"})[0].outcome == "conflicts"


def test_patches_build_on_one_another() -> None:
    again = HUNK.replace("-c6\n+new", "-new\n+newer")
    told = apply_queue([patch(diff("f", HUNK)), patch(diff("f", again))], Memory({"f": text(1, 12)}))
    assert [one.outcome for one in told] == ["applies", "applies"]
    told = apply_queue([patch(diff("f", again)), patch(diff("f", HUNK))], Memory({"f": text(1, 12)}))
    assert [one.outcome for one in told] == ["conflicts", "applies"]


def test_a_patch_that_is_dropped_leaves_nothing_behind() -> None:
    again = HUNK.replace("-c6", "-new").replace("+new", "+newer")
    told = apply_queue([patch(diff("f", HUNK)), patch(diff("f", again))], Memory({"f": text(1, 12)}), dropped={0})
    assert [one.outcome for one in told] == ["applies", "conflicts"]


def test_lines_end_with_line_feeds_alone() -> None:
    assert lines_of(b"a\r\nb\x0cc\rd\ne") == [b"a\r\n", b"b\x0cc\rd\n", b"e"]
    assert lines_of(b"") == []


# Against GNU patch

words = st.sampled_from([f"w{n}" for n in range(30)])
edits = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from("ird"), st.sampled_from([f"n{n}" for n in range(9)])), max_size=4
)


def edited(lines: list[str], changes: list[tuple[int, str, str]]) -> list[str]:
    out = list(lines)
    for at, what, new in changes:
        at %= len(out) + 1
        if what == "i" or at == len(out):
            out.insert(at, new)
        elif what == "r":
            out[at] = new
        else:
            del out[at]
    return out


@pytest.mark.skipif(not shutil.which("patch"), reason="GNU patch is not installed")
@settings(max_examples=150)
@given(st.lists(words, min_size=4, max_size=45), edits, edits, st.integers(1, 3))
def test_gnu_patch_agrees(
    tmp_path_factory: pytest.TempPathFactory, base: list[str], changes: list[tuple[int, str, str]],
    drift: list[tuple[int, str, str]], context: int,
) -> None:  # fmt: skip
    new, target = edited(base, changes), edited(base, drift)
    told = difflib.unified_diff([f"{one}\n" for one in base], [f"{one}\n" for one in new], "a/f", "b/f", n=context)
    text = "".join(told)
    data = "".join(f"{one}\n" for one in target).encode()
    if not text or not new or not data:
        return
    found, files = applied(text, {"f": data})
    if "there" in found.outcome or "there already" in found.detail:
        return  # patch(1) calls that reversed, or applies it a second time
    folder = tmp_path_factory.mktemp("gnu")
    (folder / "f").write_bytes(data)
    ran = subprocess.run(
        ["patch", "-p1", "-N", "-f", "-r", "-", "--no-backup-if-mismatch"], cwd=folder, input=text.encode(),
        capture_output=True, check=False,
    )  # fmt: skip
    said = ran.stdout.decode()
    judged = (
        "conflicts" if ran.returncode else "fuzz" if "fuzz" in said else "offset" if "offset" in said else "applies"
    )
    assert found.outcome == judged, said
    assert files["f"] == Path(folder / "f").read_bytes()


def test_a_place_that_a_hunk_has_is_no_place_for_the_next_one() -> None:
    block = [
        "    one(a);",
        "    two(a);",
        "    three(a);",
        "    old_call(c);",
        "    four(a);",
        "    five(a);",
        "    six(a);",
    ]
    gap = [f"    gap_{n}(f);" for n in range(12)]
    old = [*gap, *block, *gap, *block, *gap]
    new = [line.replace("old_call", "new_call") for line in old]
    (one,) = parse_patch("p", file_diff("f.c", old, new).encode()).files
    whole = Outcome()
    apply_hunks("f.c", one.hunks, [f"{line}\n".encode() for line in new], whole)
    assert (whole.there, whole.conflicts) == (2, [])
    once = Outcome()
    apply_hunks("f.c", one.hunks, [f"{line}\n".encode() for line in new[: len(gap) + len(block)]], once)
    assert (once.there, len(once.conflicts)) == (1, 1)
