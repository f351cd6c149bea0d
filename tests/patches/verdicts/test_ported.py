"""A change and its backport, by where each stands in the file that it was made for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patches.text.patch import FileDiff
from patches.verdicts.based import Change, Since, changes
from patches.verdicts.ported import Ported, at_only_place, base_of
from tests.patches.verdicts.test_based import BASE, diff, lines_with

NEW = [b"    added(1);"]
C = b"""
static int take(struct page *page)
{
    begin(page);
    if (page)
        run(page);
    finish(page);
}

static int give(struct page *page)
{
    begin(page);
    drop(page);
    finish(page);
}
""".splitlines()


def ported(base: list[bytes], ours: Change, before: list[bytes], *theirs: Change) -> bool:
    return Ported(base, before, theirs).has([ours])


def test_the_same_lines_at_the_same_place_of_a_file_that_differs() -> None:
    other = lines_with((0, 1, [b"a", b"b"]), (2, 3, [b"c"]), (7, 8, []), base=BASE)
    assert other[4:6] == BASE[3:5]
    ours = Change(4, 4, tuple(NEW))
    assert ported(BASE, ours, other, Change(5, 5, tuple(NEW)))
    for at in (3, 4, 6, 8):
        assert not ported(BASE, ours, other, Change(at, at, tuple(NEW)))
    assert not ported(BASE, ours, other, Change(5, 5, (b"    added(2);",)))
    assert not ported(BASE, ours, other)


def test_what_is_taken_out_has_to_be_taken_out_there_too() -> None:
    ours = Change(3, 5, tuple(NEW))
    for end, told in ((5, True), (4, False)):
        assert ported(BASE, ours, BASE, Change(3, end, tuple(NEW))) is told
    other = lines_with((4, 4, [b"more"]), base=BASE)
    assert ported(BASE, ours, other, Change(3, 6, tuple(NEW)))  # with a line that the base does not have
    assert not ported(BASE, Change(3, 4, tuple(NEW)), BASE, Change(3, 5, tuple(NEW)))  # with one that it has


def test_what_takes_out_a_line_is_not_placed_by_the_function_s_end() -> None:
    """Upstream put in a second such line, and changed that one."""
    head, end = [b"int run(int a)", b"{", b"    one(a);"], [b"}"]
    base = [*head, b"    flush(a);", *end]
    other = [*head, b"    flush(a);", b"    two(a);", b"    flush(a);", *end]
    put = (b"    flush_all(a);",)
    assert not Ported(base, other, [Change(5, 6, put)], "a.c").has([Change(3, 4, put)])
    assert Ported(base, other, [Change(3, 4, put)], "a.c").has([Change(3, 4, put)])
    assert Ported(base, other, [Change(6, 6, put)], "a.c").has([Change(4, 4, put)])


def test_in_python_a_line_behind_the_block_is_no_place_to_be_beside() -> None:
    base, other = (
        [
            b"def take(page):",
            b"    first(page)",
            b"    if %s:" % word,
            b"        %s_step(page)" % word,
            b"    finish(page)",
        ]
        for word in (b"old", b"new")
    )
    for new, told in ((b"        count(page)", False), (b"    count(page)", True)):
        at = Change(4, 4, (new,))
        for path, also in (("a.py", told), ("a.c", True)):
            assert Ported(base, other, [at], path).has([at]) is also


def test_each_change_of_upstream_is_one_of_a_hunk_s() -> None:
    found = Ported(BASE, BASE, [Change(3, 3, tuple(NEW))])
    assert not found.has([Change(3, 3, tuple(NEW))] * 2)
    assert found.has([Change(3, 3, tuple(NEW))])
    assert not found.has([])


def test_a_place_among_lines_of_another_form_is_none() -> None:
    """As many before it and behind it do not tell that they are the same ones."""
    base, other = (
        lines_with((3, 3, [f"{word} 1;".encode(), f"{word} 2;".encode()]), base=BASE) for word in ("ab", "cd")
    )
    at = Change(4, 4, tuple(NEW))
    assert not ported(base, at, other, at)
    for first, last in ((3, 3), (5, 5)):
        at = Change(first, last, tuple(NEW))
        assert ported(base, at, other, at)


def test_a_line_that_a_function_has_twice_is_no_place_to_be_beside() -> None:
    base, other = (lines_with((3, 3, [b"same;", word, b"same;"]), base=BASE) for word in (b"one();", b"two();"))
    at = Change(4, 4, tuple(NEW))
    assert not ported(base, at, other, at)
    once = [lines_with((5, 6, [b"other;"]), base=one) for one in (base, other)]
    assert ported(once[0], at, once[1], at)


def test_a_line_that_is_taken_out_among_others_is_not_one_of_them() -> None:
    """Nor may one of those shape what is near it."""
    for line, told in ((b"plain();", True), (b"gone();", False), (b"if ( a )", False)):
        base = lines_with((3, 3, [b"mine();", b"gone();", b"mine_too();"]), base=BASE)
        other = lines_with((3, 3, [line, b"gone();", b"theirs();"]), base=BASE)
        assert ported(base, Change(4, 5, tuple(NEW)), other, Change(4, 5, tuple(NEW))) is told


def test_a_place_beside_a_line_is_known_however_much_is_on_the_other_side() -> None:
    other = lines_with((3, 3, [b"more %d" % number for number in range(50)]), base=BASE)
    above, below = Change(3, 3, tuple(NEW)), Change(53, 53, tuple(NEW))
    assert ported(BASE, above, other, above)
    assert ported(BASE, above, other, below)
    assert not ported(BASE, above, other, Change(5, 5, tuple(NEW)))


@pytest.mark.parametrize(("line", "told"), [(b"    }", False), (b"#endif", False), (b"}", True), (b"", True)])
def test_behind_a_block_s_end_a_line_tells_nothing_but_behind_the_function_s(line: bytes, told: bool) -> None:
    base, other = (lines_with((3, 3, [first, line]), base=BASE) for first in (b"if ( a )", b"if ( b )"))
    assert ported(base, Change(4, 4, tuple(NEW)), other, Change(4, 4, tuple(NEW))) is told


def test_before_a_line_that_only_the_base_has_is_not_behind_it() -> None:
    other = lines_with((3, 4, [b"in its place"]), base=BASE)
    above, below = Change(3, 3, tuple(NEW)), Change(4, 4, tuple(NEW))
    for ours in (above, below):
        for theirs in (above, below):
            assert ported(BASE, ours, other, theirs) is (ours == theirs)


def test_the_function_has_to_be_the_same() -> None:
    """Upstream's file lost the begin of the second function: its change is in the first."""
    between = C.index(b"    drop(page);")
    other = lines_with((between - 4, between, []), base=C)
    ours = Change(between, between, tuple(NEW))
    at = other.index(b"    drop(page);")
    assert not ported(C, ours, other, Change(at, at, tuple(NEW)))
    assert ported(C, ours, lines_with((between - 1, between, []), base=C), Change(between - 1, between - 1, tuple(NEW)))


def versions(*some: list[bytes]) -> Iterator[list[bytes]]:
    return iter([[line + b"\n" for line in lines] for lines in some])


def moved(one: FileDiff, by: int) -> FileDiff:
    """The same diff with other numbers of lines."""
    return replace(one, hunks=tuple(replace(hunk, old_start=hunk.old_start + by) for hunk in one.hunks))


def test_the_base_is_the_content_that_the_diff_names_else_a_version_to_which_it_applies() -> None:
    ours = diff(BASE, 3, 1, NEW)
    told = [[Change(3, 4, tuple(NEW))]]
    assert base_of(ours, Since(BASE, []), versions) == (BASE, told)
    assert base_of(ours, Since(BASE[1:], []), lambda: versions(BASE)) == (BASE, told)  # the patch was edited since
    assert base_of(ours, Since(BASE[1:], []), lambda: versions(BASE[1:2])) is None
    assert base_of(moved(ours, 9), None, lambda: versions(BASE[4:], BASE)) == (BASE, told)
    assert base_of(ours, None, lambda: versions(BASE[4:])) is None
    assert base_of(ours, None, lambda: versions([*BASE, *BASE], BASE)) == (BASE, told)  # in the first it has two places


def test_a_place_in_another_function_than_the_diff_names_is_none() -> None:
    at = C.index(b"    drop(page);")
    (hunk,) = diff(C, at, 0, NEW, around=1).hunks
    lines = [line + b"\n" for line in C]
    for section, told in (("static int give(struct page *page)", True), ("static int take(struct page *page)", False)):
        assert (at_only_place(replace(hunk, section=section), lines) is not None) is told
    (hunk,) = diff([b"{", b"}"], 1, 0, NEW, around=1).hunks
    assert at_only_place(hunk, [b"{\n", b"}\n"]) is None  # braces stand everywhere


NUMBERS = st.lists(st.integers(0, 60), min_size=2, max_size=14, unique=True)


@given(NUMBERS, NUMBERS, st.data())
def test_a_change_of_lines_that_both_have_is_found_there_and_nowhere_else(
    ours: list[int], theirs: list[int], data: st.DataObject
) -> None:
    base, before = ([b"line %d" % number for number in sorted(some)] for some in (ours, theirs))
    both = [line for line in base if line in before]
    if len(both) < 2:
        return
    line = data.draw(st.sampled_from(both))
    other = data.draw(st.sampled_from([one for one in both if one != line]))
    mine, his, else_where = base.index(line), before.index(line), before.index(other)
    change = Change(mine, mine + 1, tuple(NEW))
    assert ported(base, change, before, Change(his, his + 1, tuple(NEW)))
    assert not ported(base, change, before, Change(else_where, else_where + 1, tuple(NEW)))


def test_a_hunk_that_was_made_for_the_very_file_is_where_upstream_s_is() -> None:
    one = diff(BASE, 3, 1, NEW)
    found = base_of(one, None, lambda: versions(BASE))
    assert found is not None
    theirs = [change for hunk in one.hunks for change in changes(hunk, BASE) or ()]
    assert Ported(found[0], BASE, theirs).has(found[1][0])


def test_lines_that_say_little_are_taken_out_too() -> None:
    """Upstream keeps the brace that the patch takes out."""
    base = lines_with((3, 3, [b"    {", b"    n++;"]), base=BASE)
    for end in (4, 5):
        ours = Change(3, end, tuple(NEW))
        assert not ported(base, ours, base, Change(3, 3, tuple(NEW)))
        assert ported(base, ours, base, ours)
