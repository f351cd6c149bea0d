"""Where a patch stands whose base is known."""

from __future__ import annotations

import subprocess
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patches.findings import Standing
from patches.text.parse import parse_patch
from patches.text.patch import FileDiff
from patches.verdicts.based import Change, Since, changes, compared, has, slid, standings, state, together
from patches.verdicts.upstream import History, open_history
from tests.patches.upstream import git, source

STANDS, ABSENT = Standing.STANDS, Standing.ABSENT
BASE = [f"line {n}".encode() for n in range(8)]


def diff(base: list[bytes], start: int, gone: int, new: list[bytes], around: int = 2) -> FileDiff:
    """A diff of one hunk: so many lines from `start` are replaced."""
    first, last = max(0, start - around), min(len(base), start + gone + around)
    lines = [b" " + one for one in base[first:start]] + [b"-" + one for one in base[start : start + gone]]
    lines += [b"+" + one for one in new] + [b" " + one for one in base[start + gone : last]]
    count = last - first
    head = f"@@ -{first + bool(count)},{count} +{first + 1},{count - gone + len(new)} @@\n".encode()
    (one,) = parse_patch("p", b"--- a/x\n+++ b/x\n" + head + b"".join(line + b"\n" for line in lines)).files
    return one


def test_what_is_changed_just_so_stands_and_what_is_as_it_was_is_absent() -> None:
    ours = diff(BASE, 3, 1, [b"new"])
    assert changes(ours.hunks[0], BASE) == [Change(3, 4, (b"new",))]
    for theirs, told in (
        ([Change(3, 4, (b"new",))], STANDS),
        ([Change(0, 1, (b"other",)), Change(3, 4, (b"new",))], STANDS),
        ([], ABSENT),
        ([Change(6, 7, (b"new",))], ABSENT),  # the same line elsewhere
        ([Change(3, 4, (b"newer",))], None),
        ([Change(2, 4, (b"new",))], STANDS),  # the line before is gone, too
        ([Change(2, 4, (b"other", b"new", b"more"))], None),
        ([Change(3, 4, (b"new", b"line 3"))], None),  # what it takes out is still there
    ):
        assert standings(ours, Since(BASE, theirs)) == [told]


def test_of_another_base_nothing_is_told() -> None:
    ours = diff(BASE, 3, 1, [b"new"])
    assert standings(ours, Since(BASE[1:], [])) == [None]
    assert standings(ours, Since(BASE[:3], [])) == [None]
    assert changes(diff(BASE, 8, 0, [b"new"]).hunks[0], BASE) == [Change(8, 8, (b"new",))]


@pytest.mark.parametrize(
    ("states", "told"),
    [([STANDS, STANDS], STANDS), ([STANDS, ABSENT], ABSENT), ([ABSENT], ABSENT), ([STANDS, None], None), ([], None)],
)
def test_a_hunk_stands_where_all_of_it_does(states: list[Standing | None], told: Standing | None) -> None:
    assert together(states) is told


def test_a_change_is_in_a_larger_one_at_its_begin_or_end() -> None:
    whole = Change(2, 5, (b"a", b"b", b"c"))
    for part, told in (
        (Change(2, 3, (b"a",)), True),
        (Change(2, 2, (b"a", b"b")), True),
        (Change(4, 5, (b"c",)), True),
        (Change(3, 4, (b"b",)), False),
        (Change(2, 3, (b"b",)), False),
        (Change(1, 3, (b"a",)), False),
        (Change(2, 6, (b"a",)), False),
        (Change(3, 5, ()), True),
    ):
        assert has(whole, part, BASE) is told
    assert not has(Change(2, 5, (b"a", b" line 2 ")), Change(2, 3, (b"a",)), BASE)
    assert state(Change(5, 5, (b"x",)), [whole], BASE) is None  # beside it


def test_two_forms_of_one_change_are_the_same() -> None:
    base = [b"a", b"x", b"x", b"b"]
    assert {slid(Change(at, at, (b"x",)), base) for at in (1, 2, 3)} == {Change(1, 1, (b"x",))}
    assert {slid(Change(at, at + 1, ()), base) for at in (1, 2)} == {Change(1, 2, ())}
    assert slid(Change(0, 2, (b"a", b"new", b"x")), base) == Change(1, 1, (b"new",))


LINES = st.lists(st.sampled_from([b"a", b"b", b"c"]), max_size=6)


@given(LINES, st.integers(0, 6), st.integers(0, 3), LINES)
def test_sliding_changes_nothing(base: list[bytes], start: int, count: int, new: list[bytes]) -> None:
    start = min(start, len(base))
    end = min(start + count, len(base))
    told = slid(Change(start, end, tuple(new)), base)
    assert [*base[: told.start], *told.new, *base[told.end :]] == [*base[:start], *new, *base[end:]]


def test_a_binary_or_foreign_diff_compares_nothing() -> None:
    text = b"diff --git a/x b/x\nindex 1234567..89abcde 100644\nBinary files a/x and b/x differ\n"
    assert compared(parse_patch("p", text).files, [b"a\n"]) is None
    assert compared([diff(BASE, 3, 1, [b"new"])], [b"other\n"]) is None
    assert compared([], [b"a\n"]) == Since([b"a"], [])


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, History]:
    """A file in two states, and its history."""
    path = tmp_path_factory.mktemp("based") / "repo"
    path.mkdir()
    git(path, "init", "-q", "-b", "master")
    for number, lines in enumerate((source("one"), [*source("one")[:9], "int put;", *source("one")[9:]])):
        (path / "one.c").write_text("".join(f"{line}\n" for line in lines))
        git(path, "add", ".")
        git(path, "commit", "-q", "-m", f"c{number}")
    return path, open_history(str(path), str(path.parent / "index"), "", 1, lambda *_: None)


def test_what_was_since_is_asked_of_git(repository: tuple[Path, History]) -> None:
    path, history = repository
    ident = subprocess.run(
        ["git", "-C", str(path), "rev-parse", "HEAD~1:one.c"], capture_output=True, text=True, check=True
    ).stdout.strip()
    lines = history.target().lines("one.c")
    assert lines is not None
    for name, there in product((ident, ident[:8]), (True, False)):
        since = history.since(name, lines if there else [*lines, b"more\n"])
        assert (since is not None) is there  # a file that the repository has not cannot be compared
        assert since is None or [one.new for one in since.changes] == [(b"int put;",)]
    old = [f"{line}\n".encode() for line in source("one")]
    assert history.since(ident, old) == Since([line[:-1] for line in old], ())
    assert [history.since(name, lines) for name in ("", "0" * 40, "1234567", "HEAD")] == [None] * 4
