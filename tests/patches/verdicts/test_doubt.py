"""Matches that little speaks for: what makes them, and what makes none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from patches.evidence import NoteKind
from patches.findings import Verdict
from patches.text.headers import Header, parse_header
from patches.text.lines import subject_key
from patches.text.parse import parse_patch
from patches.text.patch import Patch
from patches.verdicts.judgement import Judgement
from patches.verdicts.match import Matcher, Query, query, stable_patch_id, telling_keys
from patches.verdicts.verdict import identical, judge, part, several
from patches.verdicts.witnesses import is_reverted
from tests.patches.upstream import file_diff
from tests.patches.verdicts.test_decisions import Known, candidate, matcher_of

STRANGER = "From: Bob <bob@example.net>\nSubject: [PATCH] {}\n\n"
BASE = [f"int step_{n}(struct thing *thing);" for n in range(40)]


def patch(*added: str, at: int = 20, base: Sequence[str] = BASE) -> Patch:
    """Lines put into a file."""
    return parse_patch("p", file_diff("drivers/a.c", base, [*base[:at], *added, *base[at:]]).encode())


def header(text: str = "") -> Header:
    return parse_header(text)


# What tells anything


def test_a_change_of_braces_is_known_by_the_id_that_git_gives_it() -> None:
    braces = patch("{", "}")
    index = Known()
    assert judge(braces, header(), matcher_of(index)).verdict is Verdict.UNKNOWN
    index.add(1, patch_id=stable_patch_id(braces))
    found = judge(braces, header(), matcher_of(index))
    assert (found.verdict, found.commits) == (Verdict.MERGED, (1,))


@pytest.mark.parametrize("text", ["Subject: a title\n", "(cherry picked from commit 1111111111111111)\n"])
def test_a_change_of_braces_of_which_a_header_tells_something_is_looked_for(text: str) -> None:
    assert judge(patch("{", "}"), header(text), matcher_of(Known())).verdict is not Verdict.UNKNOWN


# Several changes in one patch


def common(own: int) -> tuple[int, ...]:
    """Which commits a patch holds: two of two lines each, that two more commits have, too, beside lines of its own."""
    index = Known()
    lines = [f"+shared_line_{n}(of, two);" for n in range(4)]
    index.add(1, lines=lines[:2])
    index.add(2, lines=lines[2:])
    index.add(3, lines=[*lines, *(f"+line_{n}(of, another);" for n in range(30))])
    ours = Query(telling_keys([*lines, *(f"+own_line_{n}(of_ours);" for n in range(own))]))
    return tuple(one.ident for one in several(ours, None, matcher_of(index)))


def test_two_changes_of_few_common_lines_explain_a_patch_that_is_nearly_nothing_else() -> None:
    assert [common(own) for own in (0, 1, 2)] == [(1, 2), (1, 2), ()]


def test_a_fix_that_a_patch_has_is_one_of_its_changes_though_the_change_is_all_of_it() -> None:
    index = Known()
    lines = [f"+line_{n}(of_the, change);" for n in range(5)]
    index.add(1, lines=lines[:4])
    index.add(2, lines=lines[4:])
    index.fixes = {1: [2]}
    best = candidate(1, patch_in_commit=0.9, commit_in_patch=1.0)
    assert [one.ident for one in several(Query(telling_keys(lines)), best, matcher_of(index))] == [1, 2]


def test_a_fix_of_which_a_patch_has_no_more_than_the_change_itself_has_is_not_in_it() -> None:
    index = Known()
    lines = [f"+line_{n}(of_the, change);" for n in range(4)]
    index.add(1, lines=lines)
    index.add(2, lines=lines[:2])
    index.fixes = {1: [2]}
    best = candidate(1, patch_in_commit=1.0, commit_in_patch=1.0)
    assert [one.ident for one in several(Query(telling_keys(lines)), best, matcher_of(index))] == [1]


def test_a_candidate_that_is_no_part_hides_none_behind_it() -> None:
    index = Known()
    lines = [f"+line_{n}(of_the, change);" for n in range(8)]
    for ident in (1, 2, 3):
        index.add(ident, lines=lines if ident == 3 else lines[:1])
    ours = patch(*(line[1:] for line in lines[:6]))
    features = {"patch_in_commit": 1.0, "commit_in_patch": 0.5, "same_author": 1.0}
    ranked = [candidate(ident, paths_in_commit=ident > 1, **features) for ident in (1, 2, 3)]
    found = part(ours, query(ours), ranked, matcher_of(index))
    assert found is not None
    assert found.ident == 3


# Another place


def at_place(ours: int, theirs: int, text: str = "", *lines: str) -> Judgement:
    """The verdict on lines put into one place of a file, where upstream has the same in another place of it."""
    lines = lines or ("    ret = unmask(thing, FRAMES);",)
    index = Known()
    there = patch(*lines, at=theirs)
    index.add(1, lines=there.changed)
    return judge(patch(*lines, at=ours), header(text), Matcher(index, read=lambda sha: there))  # type: ignore[arg-type]


def test_one_line_is_the_change_where_upstream_has_it_and_nowhere_else() -> None:
    assert at_place(20, 20).verdict is Verdict.MERGED
    stranger = STRANGER.format("unmask after reset")
    for text in ("", stranger):
        assert (at_place(20, 34, text).verdict, at_place(20, 34, text).commits) == (Verdict.NOT_UPSTREAM, ())
    assert at_place(20, 34, STRANGER.format("subject 1")).commits == (1,)  # upstream's own title
    many = [f"    step_{n}(thing, frames);" for n in range(6)]
    assert at_place(20, 34, stranger, *many).commits == (1,)  # nobody writes these a second time


# The kind of sameness


def test_all_lines_in_a_file_of_another_name_are_not_the_very_change() -> None:
    index = Known()
    lines = ["+first_line(of_it);", "+second_line(of_it);"]
    index.add(1, lines=lines, paths=("drivers/a.c", "drivers/b.c"))
    asked = Query(telling_keys(lines))
    for path, is_it in (("x/a.c", True), ("x/c.c", False)):
        assert identical(replace(asked, paths=frozenset({path})), 1, matcher_of(index)) is is_it
    assert identical(asked, 1, matcher_of(index))


def test_a_revert_of_what_mainline_has_is_told_where_the_patch_is_not_upstream() -> None:
    index = Known()
    lines = [f"step_{n}(thing, frames);" for n in range(6)]
    index.add(1, lines=[f"+{line}" for line in lines])
    back = parse_patch("p", file_diff("drivers/a.c", [*BASE[:20], *lines, *BASE[20:]], BASE).encode())
    found = judge(back, header(STRANGER.format("it hurts us")), matcher_of(index))
    assert (found.verdict, found.takes_back) == (Verdict.NOT_UPSTREAM, (1,))
    index.add(2, lines=[f"-{line}" for line in lines])
    found = judge(back, header(STRANGER.format("it hurts us")), matcher_of(index))
    assert (found.verdict, found.commits, found.takes_back) == (Verdict.MERGED, (2,), ())


# Other names


def rows(name: str) -> list[str]:
    return [f'    {{ .match = "{name}-100", .enter = {name}_enter,', f"      .exit = {name}_exit, .frames = FRAMES }},"]


def by_names(ours: Patch, theirs: Patch, text: str = "", subject: str = "", **how: Any) -> Judgement:
    """The verdict on a patch where upstream has one commit that says the same in other words."""
    index = Known()
    index.add(1, lines=theirs.changed, subject=subject, subject_key=subject_key(subject), **how)
    return judge(ours, header(text), Matcher(index, read=lambda sha: theirs))  # type: ignore[arg-type]


def test_names_that_are_new_in_both_are_renamed_only_where_the_title_says_that_it_is_the_change() -> None:
    ours, theirs = patch(*rows("birch")), patch(*rows("alder"))
    same = by_names(ours, theirs, STRANGER.format("know the board"), subject="know the board")
    assert (same.verdict, [note.kind for note in same.notes]) == (Verdict.MODIFIED, [NoteKind.BY_NAMES])
    shared = "    boards_known(limit);"  # brings the commit where the title does not
    ours, theirs = patch(*rows("birch"), shared), patch(*rows("alder"), shared)
    other = by_names(ours, theirs, STRANGER.format("know the birch board"), subject="know the alder board")
    assert (other.verdict, other.commits) == (Verdict.NOT_UPSTREAM, ())
    assert by_names(ours, theirs).commits == ()


def test_names_that_were_there_before_need_no_title() -> None:
    old, new = (
        ["    take(alder, count);", "    give(alder, count);", "    count_down(count, limit);"],
        ["    hold(alder, count);", "    keep(alder, count);", "    count_up(count, limit);"],
    )

    def change_of(name: str) -> Patch:
        lines = [[line.replace("alder", name) for line in side] for side in (old, new)]
        before, after = ([*BASE[:20], *side, *BASE[20:]] for side in lines)
        return parse_patch("p", file_diff("drivers/a.c", before, after).encode())

    found = by_names(change_of("birch"), change_of("alder"))
    assert (found.verdict, found.commits) == (Verdict.MODIFIED, (1,))
    assert dict(found.notes[0].renamed) == {"birch": "alder"}


def test_a_commit_to_other_files_is_not_the_change_under_other_names() -> None:
    ours, theirs = patch(*rows("birch")), patch(*rows("alder"))
    how: dict[str, Any] = {"subject": "know the board", "paths": ("lib/b.c",)}
    assert by_names(ours, theirs, STRANGER.format("know the board"), **how).commits == ()


def test_without_a_repository_nothing_is_read_and_nothing_renamed() -> None:
    index = Known()
    ours = [f"+    step_{n}(birch, limit);" for n in range(6)]
    index.add(1, lines=[*ours[:1], *(line.replace("birch", "alder") for line in ours[1:])])
    assert judge(patch(*(line[1:] for line in ours)), header(), matcher_of(index)).commits == ()


STEPS = [f"    step_{n}(alder, limit, owner);" for n in range(6)]
SEEN = "    look_at(birch, alder);"


def several_names(*theirs: Sequence[str]) -> Judgement:
    """The verdict on six lines about a birch, where upstream's commits say the same of an alder, or do not."""
    base = [*BASE[:19], SEEN, *BASE[19:]]
    commits = {n: patch("    seen_by_all(limit);", *lines, base=base) for n, lines in enumerate(theirs, 1)}
    index = Known()
    for ident, one in commits.items():
        index.add(ident, lines=one.changed)
    ours = patch("    seen_by_all(limit);", *(line.replace("alder", "birch") for line in STEPS), base=base)
    return judge(ours, header(), Matcher(index, read=lambda sha: commits[int(sha, 16)]))  # type: ignore[arg-type]


def test_of_two_commits_that_are_the_patch_under_other_names_it_is_the_one_with_more_of_its_lines() -> None:
    less = [*STEPS[:5], "    else_where(entirely, other);"]
    unlike = [f"    other_{n}(than, that);" for n in range(6)]
    assert several_names(STEPS).commits == (1,)
    assert [several_names(*both).commits for both in ((less, STEPS), (STEPS, less))] == [(2,), (1,)]
    assert [several_names(*both).commits for both in ((unlike, STEPS), (STEPS, unlike))] == [(2,), (1,)]
    assert several_names(unlike).commits == ()


# Taken back


def test_of_a_change_and_its_revert_in_one_second_the_revert_is_the_last() -> None:
    index = Known()
    for ident, day in ((1, 1), (2, 1), (3, 2)):
        index.add(ident, day=day)
    index.reverts = {1: [2]}

    def gone(*known: int, change: frozenset[int] = frozenset((1,))) -> bool:
        return is_reverted(change, lambda ident: ident in known, index)  # type: ignore[arg-type]

    assert gone(1, 2)
    assert not gone(1)
    assert gone(2)
    assert not gone()
    assert not gone(1, 2, 3, change=frozenset((1, 3)))  # applied again, later
    index.reverts = {1: [2], 2: [3]}
    assert not gone(1, 2, 3)
    assert gone(1, 2)
