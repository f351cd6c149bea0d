"""Where a patch stands whose base is known."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patches.findings import Standing
from patches.text.parse import parse_patch
from patches.text.patch import FileDiff
from patches.verdicts import based
from patches.verdicts.based import Change, Since, can_be_compared, changes, has, is_another, slid, there
from patches.verdicts.placed import in_place
from patches.verdicts.upstream import History, open_history
from tests.patches.upstream import git, source

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


def lines_with(*new: tuple[int, int, list[bytes]], base: list[bytes] = BASE) -> list[bytes]:
    """The base with other lines in the place of some, the last first."""
    out = list(base)
    for start, end, lines in sorted(new, reverse=True):
        out[start:end] = lines
    return out


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        ([(3, 4, [b"new"])], True),
        ([(0, 1, [b"other"]), (3, 4, [b"new"])], True),
        ([(2, 4, [b"new"])], False),  # in the place of two lines
        ([(3, 4, [b"new", b"more"])], False),
        ([], False),
        ([(6, 7, [b"new"])], False),  # the same line elsewhere
        ([(3, 3, [b"new"])], False),  # what it takes out is still there
        ([(3, 4, [b"new", b"line 3"])], False),
        ([(3, 4, [b"newer"])], False),
        ([(2, 4, [b"other", b"new", b"more"])], False),
    ],
)
def test_what_is_changed_just_so_is_there(theirs: list[tuple[int, int, list[bytes]]], told: bool) -> None:
    ours = diff(BASE, 3, 1, [b"new"])
    assert changes(ours.hunks[0], BASE) == [Change(3, 4, (b"new",))]
    assert there(ours, Since(BASE, lines_with(*theirs))) == [told]


def test_of_two_alike_blocks_the_one_that_the_base_has_at_the_place_is_meant() -> None:
    """Upstream changes the first block only; a patch for the second one is not there, though its lines are."""
    block = [b"{", b"  .size = 4,", b"  .kind = 1,", b"},"]
    base = [b"first", *block, b"between", *block, b"last"]
    first, second = ((at, at, [b"  .more = 2,"]) for at in (3, 8))
    upstream = lines_with(first, (8, 9, [b"  .kind = 7,"]), base=base)
    assert there(diff(base, 3, 0, [b"  .more = 2,"]), Since(base, upstream)) == [True]
    assert there(diff(base, 8, 0, [b"  .more = 2,"]), Since(base, upstream)) == [False]
    assert there(diff(base, 8, 0, [b"  .more = 2,"]), Since(base, lines_with(second, base=base))) == [True]


def test_of_another_base_nothing_is_told() -> None:
    ours = diff(BASE, 3, 1, [b"new"])
    new = lines_with((3, 4, [b"new"]))
    for base in (BASE[1:], BASE[:3]):
        assert there(ours, Since(base, new)) == [False]
    assert changes(diff(BASE, 8, 0, [b"new"]).hunks[0], BASE) == [Change(8, 8, (b"new",))]


def test_lines_far_from_all_that_both_have_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, new = diff(BASE, 3, 1, [b"new"]), lines_with((3, 4, [b"new"]))
    monkeypatch.setattr(based, "MOST", 3)
    assert there(ours, Since(BASE, new)) == [False]


@given(st.lists(st.integers(0, 99), max_size=12, unique=True), st.data())
def test_a_file_has_what_was_done_to_it(numbers: list[int], data: st.DataObject) -> None:
    base = [f"{number:x}".encode() for number in numbers]
    start = data.draw(st.integers(0, len(base)))
    gone = data.draw(st.integers(0, len(base) - start))
    new = data.draw(st.lists(st.sampled_from([b"x y z", b"p q r"]), min_size=1, max_size=3))
    ours = diff(base, start, gone, new)
    assert there(ours, Since(base, lines_with((start, start + gone, new), base=base))) == [True]
    assert there(ours, Since(base, base)) == [False]


@pytest.mark.parametrize(
    ("whole", "part", "told"),
    [
        (Change(2, 2, (b"a", b"b", b"c")), Change(2, 2, (b"a", b"b")), True),
        (Change(2, 2, (b"a", b"b", b"c")), Change(2, 2, (b"c",)), True),
        (Change(2, 2, (b"if (a)", b"b", b"c")), Change(2, 2, (b"c",)), False),  # in a branch
        (Change(2, 2, (b"a", b"if (b)", b"c")), Change(2, 2, (b"a",)), True),  # before one
        (Change(2, 2, (b"a", b"else", b"c")), Change(2, 2, (b"a",)), False),
        (Change(2, 2, (b"#ifdef A", b"b", b"#else")), Change(2, 2, (b"#ifdef A",)), False),
        (Change(2, 2, (b"if (a)", b"b;", b"c;")), Change(2, 2, (b"if (a)", b"b;")), False),
        (Change(2, 2, (b"a", b"b", b"}")), Change(2, 2, (b"a",)), False),  # all is in a block now
        (Change(2, 2, (b"a", b"b", b"#endif")), Change(2, 2, (b"a",)), False),
        (Change(2, 2, (b"a", b"#ifdef B", b"b", b"#else", b"c", b"#endif")), Change(2, 2, (b"a",)), True),
        (
            Change(2, 2, (b"a", b"int f()", b"{", b"  if (b) {", b"  } else {", b"  }", b"}")),
            Change(2, 2, (b"a",)),
            True,
        ),
        (Change(2, 2, (b"a", b"int f()", b"{", b"}}")), Change(2, 2, (b"a",)), False),
        (Change(2, 2, (b"    .section .init.text", b"c")), Change(2, 2, (b"c",)), False),
        (Change(2, 2, (b"#undef A", b"c")), Change(2, 2, (b"c",)), False),
        (Change(2, 2, (b"\tdown_write(&a);", b"c")), Change(2, 2, (b"c",)), False),
        (Change(2, 2, (b"local_irq_save(a);", b"c")), Change(2, 2, (b"c",)), False),
        (Change(2, 2, (b'comment "a"', b"c")), Change(2, 2, (b"c",)), False),
        (Change(2, 2, (b"exec other now", b"c")), Change(2, 2, (b"c",)), False),
        (Change(2, 2, (b"#define A", b"c")), Change(2, 2, (b"c",)), True),
        (Change(2, 2, (b"if (a)",)), Change(2, 2, (b"if (a)",)), True),
        (Change(2, 2, (b"a = b +", b"c;")), Change(2, 2, (b"a = b +",)), False),
        (Change(2, 2, (b"for_each_vcpu ( d, v )", b"c;")), Change(2, 2, (b"c;",)), False),
        (Change(2, 2, (b"list_for_each_entry(a, b, c)", b"c;")), Change(2, 2, (b"c;",)), False),
        (Change(2, 2, (b"OBJS = a.o \\", b"c.o")), Change(2, 2, (b"c.o",)), False),
        (Change(2, 2, (b"a ||", b"c")), Change(2, 2, (b"c",)), False),
        (Change(2, 2, (b"a", b"b", b"c")), Change(2, 2, (b"b",)), False),
        (Change(2, 2, (b"a", b"b", b"c")), Change(2, 2, (b"c", b"b")), False),
        (Change(2, 2, (b"a", b"b")), Change(3, 3, (b"a",)), False),
        (Change(2, 3, (b"a", b"b")), Change(2, 3, (b"a",)), False),  # what is behind it may be what is taken out
        (Change(2, 5, (b"a",)), Change(3, 4, (b"a",)), False),  # in the place of others, too
        (Change(2, 5, (b"a",)), Change(3, 3, (b"a",)), False),
        (Change(2, 5, ()), Change(3, 4, ()), True),
        (Change(2, 5, ()), Change(2, 5, ()), True),
        (Change(2, 5, ()), Change(3, 6, ()), False),
        (Change(2, 5, (b"line 3",)), Change(3, 4, ()), False),
        (Change(3, 4, (b"line three",)), Change(3, 4, ()), False),  # it is another line now
    ],
)
def test_a_change_is_in_a_larger_one_at_its_place(whole: Change, part: Change, told: bool) -> None:
    assert has(whole, part, BASE) is told


def test_what_a_larger_removal_takes_out_besides_may_shape_the_rest() -> None:
    """As where a function went to another file, with all that is in it."""
    for line, told in ((b"plain();", True), (b"} else {", False), (b"#ifdef A", False), (b"case B:", False)):
        assert has(Change(2, 4, ()), Change(3, 4, ()), lines_with((2, 3, [line]))) is told


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


def test_the_base_is_asked_of_git(repository: tuple[Path, History]) -> None:
    path, history = repository
    ident = subprocess.run(
        ["git", "-C", str(path), "rev-parse", "HEAD~1:one.c"], capture_output=True, text=True, check=True
    ).stdout.strip()
    lines = history.target().lines("one.c")
    assert lines is not None
    for name in (ident, ident[:8]):
        since = history.since(name, lines)
        assert since is not None
        assert [one.new for one in since.around(9, 9)] == [(b"int put;",)]
    assert [history.since(name, lines) for name in ("", "0" * 40, "1234567", "HEAD")] == [None] * 4


def with_ends(lines: Sequence[bytes]) -> list[bytes]:
    return [line + b"\n" for line in lines]


def test_of_two_alike_places_of_the_base_the_new_side_stands_at_the_patch_s_own() -> None:
    """The other one got the lines; the patch's was rewritten."""
    block = [b"{", b"    .size = 4,", b"    .kind = 1,", b"},"]
    base = [b"first one", *block, b"between", *block, b"last one"]
    new, at = [b"    .more = 2,"], {1: 3, 6: 8}
    for mine, other in ((1, 6), (6, 1)):
        hunk = diff(base, at[mine], 0, new, around=2).hunks[0]
        left, kept = base[: at[other]], base[at[other] :]
        there = Since(base, [*left, *new, *kept])
        assert is_another(hunk, other, there)
        rewritten = Since(base, [line for i, line in enumerate(there.other) if i != mine + (mine > other)])
        place = with_ends(rewritten.other)
        states = [in_place(hunk, place, 0, 0, known)[0] for known in (rewritten, None)]
        assert states == [Standing.MISSING, Standing.STANDS]
        own = lines_with((at[mine], at[mine], new), base=base)
        assert not is_another(hunk, mine, Since(base, own))
        assert not is_another(hunk, mine, Since(base, own[mine : mine + 5]))  # the lines may have come from anywhere
    once = [line + b" once" if i > 4 else line for i, line in enumerate(base)]
    assert not is_another(diff(once, 3, 0, new).hunks[0], 9, Since(once, [*once[:8], *block]))


def test_lines_that_are_there_often_take_little_time() -> None:
    """difflib's time grows with the third power of their number."""
    base = [b"same", b"same", b"%d"] * 2000
    other = [line if line == b"same" else b"other" for line in base]
    start = time.process_time()
    assert Since(base, other).same == []
    assert not can_be_compared([b"same"] * 400, [b"same"] * 400)
    assert can_be_compared([b"same"] * 300, [b"same"] * 300)
    assert can_be_compared([b"%d" % n for n in range(2000)], [b"%d" % n for n in range(2000)])
    assert time.process_time() - start < 2
