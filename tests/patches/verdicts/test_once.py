"""What upstream's commit did counts once, and only where the patch does it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from patches.findings import Standing
from patches.text.patch import FileDiff, Patch
from patches.verdicts.based import Since
from patches.verdicts.rewritten import Arrival
from patches.verdicts.standing import look, moved, twice
from tests.patches.verdicts.test_places import Memory, arrival, patch, target
from tests.patches.verdicts.test_runs import diff

STANDS, MISSING, ADAPTED = Standing.STANDS, Standing.MISSING, Standing.ADAPTED
LINE, MORE = "+    count_all(page);", "+    audit_all(page);"
FIRST, SECOND = (("     one(page);", LINE), ("     two(page);", LINE))


def told(ours: FileDiff, found: Iterable[Standing], whose: dict[int, str], *theirs: FileDiff) -> list[int]:
    return twice(ours.hunks, list(found), whose, {"a": list(theirs), "b": list(theirs)})


def test_a_line_that_upstream_puts_in_once_is_one_hunk_s() -> None:
    ours, once = diff(FIRST, SECOND), diff(FIRST)
    assert told(ours, (MISSING, MISSING), {0: "a", 1: "a"}, once) == [1]
    assert told(ours, (MISSING, MISSING), {0: "a", 1: "a"}, diff(FIRST, SECOND)) == []
    assert told(ours, (MISSING, MISSING), {0: "a", 1: "b"}, once) == []  # of a change in two commits
    assert told(ours, (MISSING, MISSING), {1: "a"}, once) == []  # the other one is nowhere


@pytest.mark.parametrize(("found", "out"), [((STANDS, MISSING), [1]), ((MISSING, STANDS), [0])])
def test_one_that_stands_has_it_first_wherever_it_is(found: tuple[Standing, Standing], out: list[int]) -> None:
    ours, once = diff(FIRST, SECOND), diff(FIRST)
    assert told(ours, found, {found.index(MISSING): "a"}, once) == out
    assert told(ours, found, {found.index(MISSING): "a"}, diff(FIRST, SECOND)) == []
    assert told(diff(FIRST, ("     two(page);", MORE)), found, {found.index(MISSING): "a"}, diff(FIRST, (MORE,))) == []


def test_what_is_taken_out_and_put_in_elsewhere_by_upstream_alone_is_moved() -> None:
    out = ("     one(page);", LINE.replace("+", "-"))
    came = arrival({}, patch_of(diff(out, SECOND)))
    assert moved(diff(out), [came]) == [0]
    assert moved(diff(out, SECOND), [came]) == []  # by both
    assert moved(diff((*out, MORE)), [came]) == [0]  # whatever it puts in besides
    assert moved(diff((*out, MORE), SECOND), [came]) == []
    assert moved(diff(out), [arrival({}, patch_of(diff(out)))]) == []
    assert moved(diff(out), []) == []


def patch_of(one: FileDiff) -> Patch:
    return replace(patch(""), files=(one,))


PATH = "d/page.c"
HEAD = ["int zero;", "static int take(struct page *page)", "{"]
FAR = ["    first(page);", "    second(page);", "    third(page);", "}"]


def lines(*body: str) -> list[str]:
    return [*HEAD, *body, *FAR]


def hunk(*body: str, path: str = PATH) -> FileDiff:
    """A diff of the function."""
    old, new = (sum(line[:1] != sign for line in body) for sign in "+-")
    text = f"--- a/{path}\n+++ b/{path}\n@@ -4,{old} +4,{new} @@ {HEAD[1]}\n" + "".join(f"{line}\n" for line in body)
    (one,) = patch(text).files
    return one


def said(
    ours: FileDiff, base: list[str] | None, before: list[str] | None, after: list[str], theirs: FileDiff
) -> Standing:
    """Where it stands in a target that has rewritten the place. `base`: what the patch names, if that is known."""
    plain = None if base is None else [line.encode() for line in base]
    files = target({PATH: ["rewritten"]})
    files.since = lambda ident, text: None if plain is None else Since(plain, [line.rstrip(b"\n") for line in text])
    came: Arrival = replace(arrival({PATH: after}, patch_of(theirs)), before=Memory({PATH: before}) if before else None)
    (place,) = look(patch_of(replace(ours, old_id="1234567")), files, [came]).places
    return place.standing


OTHER = ("     old(page);", LINE, "     first(page);")
UPSTREAM = ("     new(page);", LINE, "     first(page);")


def test_upstream_s_file_before_its_change_is_what_a_patch_may_be_for() -> None:
    """A brace beside the lines does not tell where they are; that they are there once does."""
    before = lines("    mark(page);", "    }", "    done(page);")
    after = lines("    mark(page);", "    }", "    count_all(page);")
    ours = hunk("     }", "-    done(page);", LINE)
    theirs = hunk("     mark(page);", "     }", "-    done(page);", LINE)
    assert said(ours, None, before, after, theirs) is ADAPTED
    assert said(ours, None, None, after, theirs) is not ADAPTED
    more = hunk("     mark(page);", "     }", "-    done(page);", LINE, MORE)
    assert said(ours, None, before, after, more) is not ADAPTED


def test_where_the_base_is_known_lines_alone_do_not_tell() -> None:
    before, after = lines("    new(page);"), lines("    new(page);", "    count_all(page);")
    assert said(hunk(*OTHER), None, None, after, hunk(*UPSTREAM)) is ADAPTED
    assert said(hunk(*OTHER), lines("    old(page);"), None, after, hunk(*UPSTREAM)) is not ADAPTED
    assert said(hunk(*OTHER), lines("    older(page);"), None, after, hunk(*UPSTREAM)) is ADAPTED  # it was edited since
    assert said(hunk(*OTHER), lines("    old(page);"), before, after, hunk(*UPSTREAM)) is ADAPTED


def test_what_could_be_put_in_where_upstream_had_done_it_is_another_change() -> None:
    after = [*lines("    new(page);", "    count_all(page);"), "    old(page);", "    first(page);"]
    before = [line for line in after if "count" not in line]
    for base in (None, [*lines("    new(page);"), "    old(page);", "    first(page);"]):
        assert said(hunk(*OTHER), base, before, after, hunk(*UPSTREAM)) is not ADAPTED


def test_a_definition_that_could_be_put_in_beside_upstream_s_is_another_one() -> None:
    put = "+int count_all(void);"
    base = ["int zero;", "int one;", "int two;", "int six;", "int ten;"]
    after = [*base[:4], put[1:], base[4]]
    theirs = hunk(" int six;", put, " int ten;")
    ours = hunk(" int one;", put, " int two;")
    ours = replace(ours, hunks=(replace(ours.hunks[0], old_start=2),))
    assert said(ours, base, base, after, theirs) is not ADAPTED
    assert said(ours, base, base, [*after[:2], "int more;", *after[2:]], theirs) is ADAPTED
