"""Where a change stands, by the lines around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from patches.text.parse import parse_patch
from patches.text.patch import Patch
from patches.verdicts.context import known_names, lines_of, misplaced, shared_context, surrounded
from patches.verdicts.match import FEATURES, MatchCandidate, Matcher, Query
from patches.verdicts.thresholds import BOUNDS
from tests.patches.upstream import file_diff

BASE = [f"int step_{n}(void);" for n in range(40)]


def patch(*added: str, at: int = 20, base: Sequence[str] = BASE) -> Patch:
    """Lines put into a file."""
    return parse_patch("p", file_diff("a.c", base, [*base[:at], *added, *base[at:]]).encode())


def candidate(**features: float) -> MatchCandidate:
    """A commit with some features, the others 0."""
    return MatchCandidate(1, 0.9, tuple(features.get(name, 0.0) for name in FEATURES))


def matcher(commit: Patch, weight: float = 0.5, read: bool = True) -> Matcher:
    """A matcher that knows one commit, with which every patch shares lines of a weight."""
    reads: Callable[[str], Patch] | None = (lambda sha: commit) if read else None
    index = SimpleNamespace(commit=lambda ident: SimpleNamespace(sha="c"))
    return cast(Matcher, SimpleNamespace(read=reads, index=index, shared_weight=lambda asked, ident: weight))


ASKED = Query(np.array([1], np.uint32))


def test_the_lines_of_a_sign_have_no_blanks() -> None:
    one = patch("int new;")
    assert lines_of(one, "+") == {"intnew;"}
    assert lines_of(one, " ") == {f"intstep_{n}(void);" for n in range(17, 23)}


@pytest.mark.parametrize(("at", "share"), [(20, 1.0), (22, 4 / 6), (25, 1 / 6), (30, 0.0)])
def test_context_is_shared_where_the_places_meet(at: int, share: float) -> None:
    assert shared_context(patch("int a;"), patch("int b;", at=at)) == pytest.approx(share)


def test_a_line_that_another_change_takes_away_stood_around_too() -> None:
    base = [*BASE[:21], "int gone;", *BASE[21:]]
    taken = parse_patch("p", file_diff("a.c", base, BASE).encode())
    assert shared_context(patch("int a;", base=base), taken) == pytest.approx(5 / 6)


def test_braces_and_files_that_are_new_have_no_context() -> None:
    assert shared_context(patch("int a;", base=["{", "}"] * 20), patch("int a;")) is None
    assert shared_context(parse_patch("p", file_diff("b.c", [], ["int a;"]).encode()), patch("int a;")) is None


def test_names_are_known_by_what_was_there_and_by_what_the_head_of_a_hunk_says() -> None:
    text = file_diff("a.c", ["int old_name;", "int around;"], ["int new_name;", "int around;"])
    told = parse_patch("p", text.replace("@@\n", "@@ static void in_function(struct x *y)\n").encode())
    assert known_names(told) == {"int", "old_name", "around", "static", "void", "in_function", "struct", "x", "y"}


@pytest.mark.parametrize(
    ("at", "features", "weight", "wrong"),
    [
        (20, {"paths_in_commit": 1.0}, 0.5, False),
        (25, {"paths_in_commit": 1.0}, 0.5, True),
        (24, {"paths_in_commit": 1.0}, 0.5, False),
        (24, {}, 0.5, True),
        (22, {}, 0.5, False),
        (30, {"same_patch_id": 1.0}, 0.5, False),
        (30, {"same_subject": 1.0}, 0.5, False),
        (30, {"same_date": 1.0}, 0.5, False),
        (30, {"near_subject": 0.9}, 0.5, True),
        (30, {}, BOUNDS.sure_weight, False),
    ],
)
def test_few_lines_in_another_place_are_another_change(
    at: int, features: dict[str, float], weight: float, wrong: bool
) -> None:
    ours = patch("int a;")
    assert misplaced(ours, ASKED, candidate(**features), matcher(patch("int a;", at=at), weight)) is wrong


def test_without_a_repository_nothing_is_misplaced() -> None:
    assert not misplaced(patch("int a;"), ASKED, candidate(), matcher(patch("int a;", at=30), read=False))
    assert surrounded(patch("int a;"), candidate(), matcher(patch("int a;", at=30), read=False))


@pytest.mark.parametrize("features", [{"patch_in_commit": 1.0}, {"commit_in_patch": 1.0}])
def test_a_part_stands_where_the_whole_does(features: dict[str, float]) -> None:
    small, large = patch("int a;"), patch("int a;", "int b;", "int c;")
    far = patch("int a;", "int b;", "int c;", at=30)
    ours = small if "patch_in_commit" in features else large
    theirs = large if "patch_in_commit" in features else small
    assert surrounded(ours, candidate(**features), matcher(theirs))
    elsewhere = far if "patch_in_commit" in features else patch("int a;", at=30)
    assert not surrounded(ours, candidate(**features), matcher(elsewhere))
