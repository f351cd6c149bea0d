"""Whether what a hunk changes is just what upstream's diff changes, at the same place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from patches.text.lines import says
from patches.text.parse import parse_patch
from patches.text.patch import FileDiff
from patches.verdicts.functions import part_of
from patches.verdicts.runs import (
    Brought,
    Texts,
    have_anchor,
    is_blank,
    is_gone,
    is_next,
    is_one_place,
    lines_in,
    runs,
    same_begin,
    text_of,
)

FILE = """
static int take(struct page *page)
{
    prepare(page);
    begin(page);
    check(page, 1);
    run(page);
    finish(page);
}

static int give(struct page *page)
{
    lock(page);
    run(page);
    unlock(page);
    finish(page);
}
""".splitlines()
LINE = "+    check(page, 1);"
THEIRS = ("     prepare(page);", "     begin(page);", LINE, "     run(page);", "     finish(page);")
TAKE, GIVE = "static int take(struct page *page)", "static int give(struct page *page)"
NEW = "+    page_check(page, 1);"


def diff(*hunks: tuple[str, ...], path: str = "d/page.c", section: str = "") -> FileDiff:
    """What is done to a file; hunks of "+line", "-line" and " line"."""
    text = ""
    for lines in hunks:
        old, new = (sum(line[:1] != sign for line in lines) for sign in "+-")
        head = f"@@ -{1 if old else 0},{old} +{1 if new else 0},{new} @@ {section}".rstrip()
        text += "".join(f"{line}\n" for line in (head, *lines))
    (one,) = parse_patch("p", f"--- a/{path}\n+++ b/{path}\n{text}".encode()).files
    assert len(one.hunks) == len(hunks)
    return one


def texts(lines: list[str] | None) -> Texts | None:
    return None if lines is None else Texts([f"{line}\n".encode() for line in lines])


def each(ours: FileDiff, theirs: FileDiff, file: list[str] = FILE) -> list[bool]:
    """Of each hunk, whether upstream brought it; `file`: as upstream left it."""
    found = texts(file)
    assert found is not None
    one = Brought(theirs, found)
    return [one.has(hunk) for hunk in ours.hunks]


def has(
    ours: tuple[str, ...], theirs: tuple[str, ...] = THEIRS, file: list[str] = FILE, path: str = "d/page.c",
    sections: tuple[str, str] = ("", ""),
) -> bool:  # fmt: skip
    return all(
        each(diff(ours, path=path, section=sections[0]), diff(theirs, path=path, section=sections[1]), file=file)
    )


# The same lines


def test_a_hunk_is_upstreams_where_its_lines_and_its_place_are() -> None:
    assert has(THEIRS)
    assert has(("     other(page);", "     begin(page);", LINE, "     rest(page);"))


@pytest.mark.parametrize(
    "lines",
    [
        ("+    check(1, page);",),  # arguments swapped
        ("+    check(page, 2);",),
        ("+    check(sheet, 1);",),
        ("+    checks(page, 1);",),
        ("+    check(page), 1;",),  # a bracket moved
        ("+    if (page)", LINE),
        ("+    if (page) check(page, 1);",),
        ("+    check(page , 1);",),
        (LINE, LINE),
        (LINE, "+    }"),
        ("+    {", LINE),
        (LINE, "-    more(page);"),
        ("-    check(page, 1);",),
        ("-    less(page);",),
        ("+",),
    ],
)
def test_a_line_that_is_nearly_upstreams_is_another_one(lines: tuple[str, ...]) -> None:
    assert not has((*THEIRS[:2], *lines, *THEIRS[3:]))
    gone = ("     begin(page);", "-    old(page);")  # such that the place is known
    assert has((*gone, LINE), (*gone, LINE), sections=(TAKE, TAKE))
    assert not has((*gone, *lines), (*gone, LINE), sections=(TAKE, TAKE))


SEVERAL = (
    "+    size = page->count - page->first;",
    "+    if (size > LIMIT && !page->owner)",
    "+        return -EINVAL;",
    "+    size += page->rest;",
)


def test_several_lines_are_upstreams_in_their_order_and_all_of_them() -> None:
    def said(*lines: str) -> bool:
        return has((*THEIRS[:2], *lines, *THEIRS[3:]), (*THEIRS[:2], *SEVERAL, *THEIRS[3:]))

    assert said(*SEVERAL)
    assert not said(SEVERAL[0].replace("count - page->first", "first - page->count"), *SEVERAL[1:])  # operands swapped
    assert not said(SEVERAL[0], SEVERAL[1].replace("&&", "||"), *SEVERAL[2:])
    assert not said(SEVERAL[0], SEVERAL[1].replace("!", ""), *SEVERAL[2:])
    assert not said(SEVERAL[0], SEVERAL[1].replace(">", ">="), *SEVERAL[2:])
    for at in range(len(SEVERAL)):
        assert not said(*SEVERAL[:at], *SEVERAL[at + 1 :])  # left out at an end or in the middle
        assert not said(*SEVERAL[:at], "+    more(page);", *SEVERAL[at:])
        assert not said(*SEVERAL[:at], "     there(page);", *SEVERAL[at:]) or not at
    assert not said(*SEVERAL, "+    more(page);")
    assert not said(SEVERAL[3], *SEVERAL[1:3], SEVERAL[0])
    assert not said(*SEVERAL[::-1])


def test_a_hunk_without_a_change_brings_nothing() -> None:
    assert not has(tuple(line for line in THEIRS if line != LINE))


# The place


def test_the_same_lines_in_another_place_are_another_change() -> None:
    assert not has(("     lock(page);", LINE, "     unlock(page);"))
    assert not has(("     begin(page);", "     lock(page);", LINE, "     unlock(page);"))
    assert not has((LINE,))
    assert not has(("     run(page);", LINE, "     begin(page);"))


def test_one_line_beside_the_change_that_the_file_has_once_tells_its_place() -> None:
    assert has(("     begin(page);", LINE, "     other(page);"))
    assert has(("     prepare(page);", "     begin(page);", LINE, "     other(page);"))
    assert not has(("     prepare(page);", "     other(page);", LINE, "     other(page);"))  # as far, but not the same
    assert not has(("     prepare(page);", LINE, "     other(page);"))
    assert not has(("     prepare(page);", "     other(page);", "     more(page);", LINE, "     other(page);"))
    assert not has(("     other(page);", LINE, "     run(page);"))  # twice in the file
    assert not has(("     other(page);", LINE, "     run(page);"), file=[line for line in FILE if "run" not in line])
    once = [*FILE[:13], *FILE[14:]]
    assert has(("     other(page);", LINE, "     run(page);"), file=once)
    assert has(("     other(page);", LINE, "     run(page);", "     finish(page);"), file=FILE[:9])


def test_no_brace_may_be_between_in_one_alone() -> None:
    opened = ("     prepare(page);", "     {", LINE, "     run(page);")
    assert has(("     prepare(page);", "     {", LINE, "     other(page);"), opened)
    assert not has(("     prepare(page);", "     other(page);", LINE, "     other(page);"), opened)
    assert not has(("     other(page);", LINE, "     more(page);", "     unlock(page);"), (LINE, *CLOSED))


CLOSED = ("     }", "     unlock(page);")


def test_the_brace_at_the_margin_is_the_function_s_end() -> None:
    closed = (LINE, " }", " ", " static int next(void)")
    file = [*FILE, "static int next(void)"]
    assert has(("     other(page);", *closed), ("     begin(page);", *closed), file)
    assert not has(("     other(page);", *closed), ("     begin(page);", LINE, "     }", *closed[1:]), file)


@pytest.mark.parametrize("end", ["     }", "     } else {", " #endif", "     done"])
def test_at_a_block_s_end_what_is_behind_does_not_tell_which_block_it_is(end: str) -> None:
    closed = (LINE, end, "     unlock(page);")
    assert not has(("     other(page);", *closed), ("     begin(page);", *closed))
    assert has(("     begin(page);", *closed), ("     begin(page);", *closed))
    assert has(("     other(page);", LINE, "     unlock(page);"), ("     begin(page);", LINE, "     unlock(page);"))


def test_a_place_is_between_two_lines_that_nowhere_else_follow_each_other() -> None:
    twice = [*FILE, *FILE]
    assert not has(THEIRS, file=[*twice, "    begin(page);", "    run(page);"])
    assert has(THEIRS, file=twice)
    assert not has(THEIRS, file=[*twice, "    begin(page);", "", "    {", "    run(page);"])
    assert not has((*THEIRS[:3], "     other(page);"), file=twice)
    assert not has(("     other(page);", *THEIRS[2:]), file=twice)


def test_two_lines_that_the_file_has_not_tell_no_place() -> None:
    assert not has(THEIRS, file=["    run(page);", "    run(page);"])
    assert not has(THEIRS, file=["    begin(page);", "    begin(page);"])
    assert not has(THEIRS, file=[])


def test_what_the_file_has_twice_is_one_place_in_the_function_that_both_name() -> None:
    ours = ("     other(page);", LINE, "     run(page);")
    assert has(ours, sections=(TAKE, TAKE))
    assert not has(ours, sections=(GIVE, TAKE))
    assert not has(ours, sections=(TAKE, ""))
    assert not has(ours, file=[*FILE, *FILE], sections=(TAKE, TAKE))  # no function is named
    other = "static int keep(struct page *page)"
    assert not has(ours, sections=(other, other))
    assert not has(ours, file=[*FILE[:6], *FILE[6:7], *FILE[6:]], sections=(TAKE, TAKE))  # twice in it


# What is taken out


@pytest.mark.parametrize("sections", [(TAKE, TAKE), ("", ""), ("struct take {", "struct take {")])
def test_that_the_file_has_a_line_no_more_does_not_tell_where_it_was(sections: tuple[str, str]) -> None:
    """In the one function the line may have become another one, which the target has still."""
    theirs = ("     wait(page);", "-    old(page);", "-    older(page);", "     run(page);")
    assert not has(("     wait(page);", *theirs[1:3], "     step(page);"), theirs, sections=sections)
    assert not has(theirs[1:3], theirs[1:3], sections=sections)
    assert has(("     begin(page);", *theirs[1:3]), ("     begin(page);", *theirs[1:3]), sections=sections)


def test_a_brace_that_is_taken_out_is_not_gone() -> None:
    brace = ("     wait(page);", "-    {", "     run(page);")
    assert not has(("     lock(page);", "-    {", "     step(page);"), brace, file=["    run(page);"])


def test_a_line_in_place_of_another_one_is_another_change() -> None:
    """Even in the same function, and though neither file has the other line any more."""
    before = ("     begin(page);", "-    check(page);", LINE, "     run(page);")
    ours = ("     begin(page);", "-    check_it(page);", LINE, "     run(page);")
    assert has(before, before, sections=(TAKE, TAKE))
    assert not has(ours, before, sections=(TAKE, TAKE))


# Several runs


ADDED = ("+    first(page);", "+    second(page);", "+    third(page);")
CHAIN = ("     begin(page);", ADDED[0], "     run(page);", ADDED[1], "     run(page);", ADDED[2], "     run(page);")
MANY = ["    begin(page);", *(f"    {line}" for _ in range(5) for line in ("run(page);", "run(page);", "hold(page);"))]


def test_what_follows_with_the_same_lines_between_is_where_upstream_has_it() -> None:
    assert has(CHAIN, CHAIN, file=MANY)
    assert has((*CHAIN[:4], "     step(page);"), CHAIN, file=MANY)
    assert not has((*CHAIN[:2], "     hold(page);", *CHAIN[3:]), CHAIN, file=MANY)
    assert not has((*CHAIN[:2], "     run(page);", *CHAIN[2:]), CHAIN, file=MANY)
    assert not has((*CHAIN[:3], ADDED[2]), CHAIN, file=MANY)  # not the next one
    assert not has(("     run(page);", *CHAIN[3:]), CHAIN, file=MANY)  # follows nothing
    assert not has((*CHAIN[:2], *CHAIN[3:]), CHAIN, file=MANY)


def test_runs_of_two_hunks_do_not_follow_each_other() -> None:
    ours, theirs = diff(CHAIN[:5]), diff(CHAIN[:2], ("     run(page);", ADDED[1], "     run(page);"))
    assert each(ours, theirs, file=MANY) == [False]
    assert each(diff(CHAIN[:2]), theirs, file=MANY) == [True]


def test_runs_are_in_upstreams_order() -> None:
    file = ["    one(page);", "    two(page);", "    six(page);", "    ten(page);"]
    first, second = ("     one(page);", ADDED[0], "     two(page);"), ("     six(page);", ADDED[1], "     ten(page);")
    assert has((*first, *second), (*first, *second), file=file)
    assert each(diff((*first, *second)), diff(first, second), file=file) == [True]
    assert not has((*second, *first), (*first, *second), file=file)
    assert each(diff((*first, *second)), diff(second, first), file=file) == [False]
    assert not has((*first, *first), (*first, *second), file=file)


def test_a_run_of_upstreams_is_one_run_of_the_patch() -> None:
    assert each(diff(THEIRS, THEIRS), diff(THEIRS)) == [True, False]
    assert each(diff(THEIRS, THEIRS), diff(THEIRS, THEIRS)) == [True, True]
    # A hunk that is not upstream's uses none of its runs.
    assert each(diff((*THEIRS, NEW, "     rest(page);"), THEIRS), diff(THEIRS)) == [False, True]


def test_nor_is_it_a_second_one_where_it_follows_another() -> None:
    out = ("     lock(page);", "-    old(page);", "+    new(page);", "     unlock(page);")
    whole = ("     begin(page);", ADDED[0], *out)
    assert each(diff(whole, section=TAKE), diff(whole, section=TAKE)) == [True]
    assert each(diff(out, whole, section=TAKE), diff(whole, section=TAKE)) == [True, False]


# White space


@pytest.mark.parametrize(
    ("path", "line", "other", "same"),
    [
        ("d/a.c", "+    check(page, 1);", "+\tcheck(page, 1);", True),
        ("d/a.c", "+    check(page, 1);", "+check(page,  1); ", True),
        ("d/a.c", "+check(page, 1);", "+check(page,1);", False),
        ("d/a.py", "+    check(page, 1)", "+        check(page, 1)", False),
        ("d/a.py", "+    check(page, 1)", "+    check(page, 1)", True),
        ("d/a.py", "+    check(page, 1)", "+    check(page,  1)", False),
        ("d/a.yaml", "+  - one: 1", "+- one: 1", False),
        ("d/a.yml", "+  - one: 1", "+- one: 1", False),
        ("d/a.rst", "+  a text", "+a text", False),
        ("d/Makefile", "+\tcc -o x", "+        cc -o x", False),
        ("d/Makefile", "+\tcc -o x", "+\tcc  -o x", False),
        ("d/Makefile", "+  obj-y += x.o", "+obj-y += x.o", False),
        ("tools/pygrub", "+    check(page, 1)", "+        check(page, 1)", False),
        ("d/a.py.in", "+    check(page, 1)", "+        check(page, 1)", False),
        ("d/Kconfig", "+\t  default y", "+\tdefault y", False),
        ("d/run.sh", "+\tcat", "+cat", False),
        ("d/a.c", "+#define A \\", "+#define A \\ ", False),
        ("d/page.c", "+\tcc -o x", "+cc -o x", True),
        ("d/a.pyc.c", "+    x = 1;", "+x = 1;", True),
        ("d/a.c", '+say("one  two");', '+say("one two");', False),
        ("d/a.c", "+c = ' ';", "+c = '  ';", False),
        ("d/a.c", '+    say("one  two");', '+say("one  two");', True),
        ("d/a.c", "+say(one  two);", "+say(one two);", True),
        ("d/a.c", "+", "+    ", True),
    ],
)
def test_white_space_counts_where_it_means_something(path: str, line: str, other: str, same: bool) -> None:
    theirs = ("     begin(page);", other, "     run(page);")
    assert has(("     begin(page);", line, "     run(page);"), theirs, path=path) is (same and len(line) > 1)
    assert (text_of(line[1:], path) == text_of(other[1:], path)) is same


def test_blank_lines_are_passed_over_where_they_mean_nothing() -> None:
    ours = ("     begin(page);", " ", LINE, "+", "     run(page);")
    assert has(ours)
    assert not has(ours, path="d/a.py")
    string = ("     begin(page);", ' say("a \\', "+  b", "     run(page);")
    assert not has(string, (*string[:2], "+b", string[3]))  # it may be a string that goes on
    split = ("     begin(page);", LINE, " ", NEW, "     run(page);")
    assert has(split, ("     begin(page);", LINE, "+", NEW, "     run(page);"))
    assert not has(split, ("     begin(page);", LINE, "+", NEW, "     run(page);"), path="d/a.py")


@pytest.mark.parametrize(("path", "blank"), [("a.c", True), ("a.py", False), ("control", False), ("Makefile", False)])
def test_a_hunk_of_blank_lines_is_blank_where_they_mean_nothing(path: str, blank: bool) -> None:
    (hunk,) = diff((" int one;", "+", "-  ", " int two;")).hunks
    assert is_blank(hunk, path) is blank
    for other in (("+", "+}"), (" #define A \\", "+"), ("+", " one \\")):
        (hunk,) = diff((" int one;", *other, " int two;")).hunks
        assert not is_blank(hunk, path)


def test_a_file_that_ends_without_a_line_s_end_tells_no_place() -> None:
    whole = diff(THEIRS)
    (hunk,) = whole.hunks
    found = texts(FILE)
    assert found is not None
    ended = [replace(hunk, new_eof=True), replace(hunk, old_eof=True), hunk]
    assert [Brought(whole, found).has(one) for one in ended] == [False, False, True]


@pytest.mark.parametrize(
    ("change", "came", "left", "gone"),
    [
        (["+one();"], ["one();"], [], False),  # a later change made it better
        (["-old();", "+one();"], [], ["old();"], True),  # the old line is back
        (["-old();", "+one();"], ["old();"], ["old();"], False),  # it was there all the time, elsewhere
        (["-old();", "+one();"], ["old();"], ["old();", "old();"], True),
        (["-old();", "+one();"], [], ["old();", "one();"], False),
        (["-old();"], [], ["old();"], True),
        (["-old();"], [], [], False),
        (["-old();", "-two();"], [], ["old();"], False),  # one of them may be anywhere
        (["-old();", "-two();"], [], ["two();", "old();"], True),
        (["+one();"], [], ["two();"], False),
    ],
)
def test_what_a_hunk_put_in_was_taken_out_again(
    change: list[str], came: list[str], left: list[str], gone: bool
) -> None:
    (hunk,) = diff((" int one;", *change)).hunks
    first, second = texts(came), texts(left)
    assert first is not None
    assert second is not None
    assert is_gone(hunk, "d/page.c", first, second) is gone


def test_a_line_is_back_where_its_function_has_it_again() -> None:
    """That another function of the file got the same line takes nothing back."""
    (hunk,) = diff(("     begin(page);", "-    run(page);", "     finish(page);"), section=TAKE).hunks
    came = [line for i, line in enumerate(FILE) if i != FILE.index("    run(page);")]
    more = [*came[:-2], "    run(page);", *came[-2:]]
    first, elsewhere, back = texts(came), texts(more), texts(FILE)
    assert first is not None
    assert elsewhere is not None
    assert back is not None
    assert not is_gone(hunk, "d/page.c", first, elsewhere)
    assert is_gone(hunk, "d/page.c", first, back)
    assert is_gone(replace(hunk, section=""), "d/page.c", first, elsewhere)  # no function is told there


def test_a_head_of_a_function_that_was_taken_out_is_known_by_all_of_it() -> None:
    ours = (" }", "-static int take(struct page *page)", "+static int take(struct page *page, int flags)", " {")
    theirs = (" /* taken */", *ours[1:3], " /* { */")
    assert has(ours, theirs, ["static int take(struct page *page, int flags)"])
    assert not has(ours, theirs, ["static int take(struct page *page, int flags)", ours[1][1:]])


def test_before_the_end_of_one_function_is_one_place() -> None:
    """With the same lines up to it; not behind a block's end, and not where the file has two functions of the name."""
    last = ("     other();", LINE, "     finish(page);", " }")
    theirs = ("     run(page);", *last[1:])
    assert has(last, theirs, sections=(TAKE, TAKE))
    assert not has(last, theirs)
    assert not has(last, theirs, sections=(GIVE, TAKE))
    assert not has(last, theirs, sections=(TAKE, TAKE), file=[*FILE, *FILE])
    near = (("     other();", LINE, " }"), ("     run(page);", LINE, " }"))
    assert has(*near, sections=(TAKE, TAKE))
    assert not has(*near, sections=(TAKE, TAKE), file=[*FILE[:9], "#else", "}", *FILE[9:]])  # it has two ends
    assert not has(*near, sections=(TAKE, TAKE), path="a.S")
    out = ("     other();", "-    finish(page);", LINE, " }")
    assert not has(out, ("     run(page);", *out[1:]), sections=(TAKE, TAKE))  # which one it takes out is not told
    inner = ("     other();", LINE, "     }", " }")
    assert not has(inner, ("     run(page);", *inner[1:]), sections=(TAKE, TAKE))
    assert has(inner[:2] + inner[3:], ("     run(page);", LINE, " }"), sections=(TAKE, TAKE))


@pytest.mark.parametrize(
    ("label", "told"), [(" out:", True), (" default:", False), (" else:", False), ("     }", False), (" #endif", False)]
)
def test_directly_before_a_label_is_one_place(label: str, told: bool) -> None:
    ours, theirs = (("     other();", LINE, label), ("     run(page);", LINE, label))
    file = [*FILE[:-2], label[1:], *FILE[-2:]]
    assert has(ours, theirs, file, sections=(GIVE, GIVE)) is told
    assert not has(ours, theirs, [*file[:-2], label[1:], *file[-2:]], sections=(GIVE, GIVE))


def test_between_two_lines_is_no_place_of_a_line_that_is_there_again() -> None:
    """The patch may take out the one that upstream kept."""
    ours = ("     begin(page);", "-    check(page, 0);", LINE, "     finish(page);")
    theirs = ("     more(page);", *ours)
    file = [
        "    begin(page);",
        "    check(page, 0);",
        "    more(page);",
        "    begin(page);",
        LINE[1:],
        "    finish(page);",
    ]
    file += ["    finish(page);"]
    assert not has(ours, theirs, file)
    assert has(ours, theirs, [line for line in file if "0" not in line])


TABLE = [*(f"bit({n});" for n in range(9)), "int end;"]


def replaced(*numbers: int, kept: tuple[int, ...] = ()) -> tuple[str, ...]:
    """A hunk that marks bits, and keeps some beside them."""
    out: list[str] = []
    for n in sorted({*numbers, *kept}):
        if n in kept:
            out.append(f" bit({n});")
            continue
        at = next((i for i in range(len(out)) if all(line[0] == "+" for line in out[i:])), len(out))
        out[at:at] = [f"-bit({n});"]
        out.append(f"+bit({n}, all);")
    return tuple(out)


def test_lines_each_replaced_by_one_may_have_others_between() -> None:
    ours = replaced(2, 3, 5, kept=(1, 6))
    theirs = replaced(2, 3, 5, kept=(1, 4, 6))
    file = [line for n, line in enumerate(TABLE) if n not in (2, 3, 5)]
    assert has(ours, theirs, file)
    assert not has(ours, replaced(2, 5, kept=(1, 3, 4, 6)), file)
    assert not has(replaced(2, 3, 5, kept=(1, 7)), theirs, file)  # it ends beside another line
    assert not has(replaced(2, 3, 5, kept=(0, 6)), theirs, file)
    assert not has(ours, theirs, [*file, "bit(1);"])
    more = tuple(line for line in ours if line != "+bit(5, all);")
    assert not has(
        more, tuple(line for line in theirs if line != "+bit(5, all);"), file
    )  # what is for which is not told


def test_in_python_a_line_behind_the_block_is_no_place_to_be_beside() -> None:
    """Which branch it ends is not told."""
    line = "+        count(page)"
    file = ["first(page)", "    if new:", "        step(page)", line[1:], "    finish(page)"]
    for last, told in (("     finish(page)", False), ("         finish(page)", True)):
        ours, theirs = (("         old(page)", line, last), ("         step(page)", line, last))
        assert has(ours, theirs, [*file[:-1], last[1:]], path="a.py") is told
        assert has(ours, theirs, [*file[:-1], last[1:]], path="a.c")
    assert has(
        ("         step(page)", line, "     more(page)"),
        ("         step(page)", line, "     finish(page)"),
        file,
        path="a.py",
    )


def test_as_many_lines_in_all_are_not_one_for_each() -> None:
    ours = (" bit(0);", "-bit(1);", "-bit(2);", "-bit(6);", "+bit(1, a);", "+bit(2, a);", "+bit(6, a);", " bit(9);")
    theirs = (*ours[:3], ours[4], " bit(3);", ours[3], *ours[5:])
    file = ["bit(0);", "bit(1, a);", "bit(3);", "bit(2, a);", "bit(6, a);", "bit(9);"]
    assert not has(ours, theirs, file)
    assert has(ours, (*ours[:3], *ours[4:6], " bit(3);", ours[3], *ours[6:]), file)


def test_lines_between_that_are_no_rows_of_the_table_may_mean_another_place() -> None:
    ours = (" bit(0);", "-bit(1);", "-bit(2);", "+bit(1, a);", "+bit(2, a);", " bit(9);")
    for kept, told in ((" bit(3);", True), (" run(3);", False), (" if (x)", False), (" }", False)):
        theirs = (*ours[:2], ours[3], kept, ours[2], *ours[4:])
        assert has(ours, theirs, ["bit(0);", "bit(1, a);", kept[1:], "bit(2, a);", "bit(9);"]) is told
    plain = tuple(line.replace("bit(", "x = (") if line[0] != " " else line for line in ours)
    assert not has(plain, (*plain[:2], plain[3], " bit(3);", plain[2], *plain[4:]), ["bit(0);", "bit(3);", "bit(9);"])


# The parts


def test_runs_of_a_hunk() -> None:
    lines = (" int zero;", " ", " int one;", "-old(1);", "-}", "+new(1);", " int two;", "+more(2);")
    first, second = runs(diff(lines, section=TAKE).hunks[0], "a.c")
    assert (first.removed, first.added, first.follows) == (("old(1);", "}"), ("new(1);",), False)
    assert (first.before, first.behind) == (("int one;", "int zero;"), ("int two;",))
    assert (first.gone, first.block) == (["old(1);"], "/")  # at the margin it is in no function
    (inside,) = runs(diff(("     int zero;", "+    new(1);"), section=TAKE).hunks[0], "a.c")
    assert inside.block == "take"
    assert (second.removed, second.added, second.before, second.behind) == ((), ("more(2);",), ("int two;",), ())
    assert second.follows
    assert [run.follows for run in runs(diff(lines[3:]).hunks[0], "a.c")] == [False, True]


def test_runs_are_next_where_all_of_them_and_what_is_between_is_the_same() -> None:
    first, second, third = runs(diff(CHAIN).hunks[0], "a.c")
    assert is_next(second, second)
    assert not is_next(first, first)
    assert not is_next(second, third)
    (alone,) = runs(diff(CHAIN[2:5]).hunks[0], "a.c")
    assert not is_next(second, alone)
    assert not is_next(alone, second)


def test_lines_of_a_text_are_counted_without_indentation_and_paired_without_braces() -> None:
    text = texts(["  one();", "", "{", "\ttwo();", "one();"])
    assert text is not None
    assert (text.count["one();"], text.count["two();"], text.count["six();"]) == (2, 1, 0)
    assert text.pairs == {("one();", "two();"), ("two();", "one();")}
    assert (says("};"), says("if"), says("i++, j++, k++;")) == (False, False, True)


def test_a_brace_is_no_anchor() -> None:
    text = texts(["}", "int one;"])
    assert text is not None
    assert not have_anchor(["}"], ["}"], text.count)
    assert have_anchor(["}", "int one;"], ["}", "int one;"], text.count)
    assert not have_anchor([], ["int one;"], text.count)
    assert (same_begin(["}", "int one;"], ["}", "int one;"]), same_begin(["}"], ["{"])) == ("int one;", "")
    assert (same_begin(["int one;"], ["int two;"]), same_begin([], [])) == ("", "")
    (run,) = runs(diff((" }", LINE, " }")).hunks[0], "a.c")
    assert not is_one_place(run, run, text)


def test_changed_lines_are_those_of_a_diff_by_sign_and_words() -> None:
    (hunk,) = diff((" int one;", "-old();", "+new();", "+", "+more();")).hunks
    theirs = diff(("-    old();", "-new();", " more();"))
    assert lines_in(hunk, [theirs]) == [True, False, False]
    assert lines_in(hunk, []) == [False, False, False]
    assert lines_in(hunk, [theirs, diff(("+\tmore();",))]) == [True, False, True]


PARTS = {
    "case": ("    case A:", "    case B:", "a.c"),
    "label": ("first:", "second:", "a.c"),
    "method": ("    def first(self):", "    def second(self):", "a.py"),
    "section": ("[first]", "[second]", "a.ini"),
    "section of a spec": ("%build", "%install", "a.spec"),
    "definition": ("let first x =", "let second x =", "a.ml"),
    "target": ("first: deps", "second: deps", "Makefile"),
}


@pytest.mark.parametrize("kind", PARTS)
def test_two_parts_that_the_hunks_name_are_two_places(kind: str) -> None:
    """Though what is beside the line stands once in upstream's file: the patch's own may have had it in both."""
    first, second, path = PARTS[kind]
    body = ("        begin(page);", "+        check(page, 1);")
    file = [
        first,
        "        other(page);",
        second,
        "        begin(page);",
        "        check(page, 1);",
        "        end(page);",
    ]
    theirs = diff((f" {second}", *body, "         end(page);"), path=path)
    assert each(diff((f" {second}", *body), path=path), theirs, file) == [True]
    assert each(diff((f" {first}", *body), path=path), theirs, file) == [False]
    assert each(diff(body, path=path), theirs, file) == [True]  # which part it is, is not told


@pytest.mark.parametrize(
    "line",
    ["    default:", "    else:", "    x = y ? a : b;", "    call(page);", "a::b", "x := 1", '.Lmsg: .asciz "a"', ""],
)
def test_what_begins_no_part(line: str) -> None:
    assert part_of(line) == ""


def test_a_part_is_known_by_its_name() -> None:
    assert part_of("    async def run(self, more):") == part_of("def run(self):") == "def run"
    assert part_of("let rec go x y =") == "let rec go"
    assert part_of("%files devel") == "%files devel"
