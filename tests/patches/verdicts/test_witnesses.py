"""Who says that a patch can be dropped, and the upstreams that are asked."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import re
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from msgspec.structs import replace

from kcfg.base.errors import UserError
from kcfg.base.progress import silent
from patches.findings import (
    Answer,
    Certainty,
    HunkPlace,
    MatchWitness,
    PatchResult,
    Standing,
    TargetWitness,
    Verdict,
    Witnesses,
)
from patches.text.parse import parse_patch
from patches.thresholds import GROUND, Ground
from patches.verdicts.judgement import Judgement
from patches.verdicts.standing import Target
from patches.verdicts.thresholds import BOUNDS, Thresholds
from patches.verdicts.tree import ContentTree
from patches.verdicts.upstream import History, is_repository, open_history, open_upstream
from patches.verdicts.witnesses import (
    Revision,
    Unreadable,
    arrivals,
    at,
    can_be_dropped,
    counted,
    disagree,
    mainline,
    matched,
    picks,
    witnesses,
)
from tests.patches.upstream import Upstream
from tests.patches.verdicts.test_decisions import Known

RESULT = PatchResult(name="p", position=1, subject="", verdict=Verdict.MERGED, certainty=Certainty.HIGH)
TREE = Revision(Target("t", Unreadable(UserError("x")), lambda: ()), None, None)


@pytest.fixture(scope="module")
def history(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> History:
    return open_history(str(upstream.path), str(tmp_path_factory.mktemp("i") / "index"), "", 1, silent)


def ident(history: History, upstream: Upstream, word: str) -> int:
    (found,) = history.index.find_sha(upstream.shas[word])
    return found


# Thresholds.


def test_every_threshold_is_a_share_a_weight_or_a_count_in_its_bounds() -> None:
    shares = (
        "whole",
        "part",
        "own",
        "mostly",
        "there",
        "replaced",
        "renames",
        "adapted",
        "certain",
        "high",
        "medium",
    )
    assert all(0 < getattr(BOUNDS, name) < 1 for name in shares)
    assert BOUNDS.certain > BOUNDS.high > BOUNDS.medium > BOUNDS.unlikely
    assert BOUNDS.whole > BOUNDS.own > BOUNDS.part > BOUNDS.smallest_part
    assert all(isinstance(getattr(BOUNDS, name), int) for name in ("squash", "begins", "readings", "fuzz", "arrivals"))


@pytest.mark.parametrize("table", [BOUNDS, GROUND])
def test_every_threshold_says_what_was_measured(table: Thresholds | Ground) -> None:
    (made,) = [
        one
        for one in ast.parse(inspect.getsource(inspect.getmodule(type(table)))).body
        if isinstance(one, ast.ClassDef)
    ]
    told = {
        number.target.id: text.value.value
        for number, text in itertools.pairwise(made.body)
        if isinstance(number, ast.AnnAssign) and isinstance(text, ast.Expr)
    }
    lacking = [
        one.name for one in dataclasses.fields(table) if not re.search(r"Measured: .*\d", told.get(one.name, ""))
    ]
    assert lacking == []


# Upstreams.


def test_a_history_knows_its_main_branch_and_its_newest(history: History, upstream: Upstream) -> None:
    assert (history.used.kind, history.used.commits) == ("history", history.index.count)
    assert history.used.name == str(upstream.path)
    assert history.used.main.endswith("master")
    assert history.target().files.find("drivers/net.c") == "drivers/net.c"
    assert history.target("v1.0").name == "v1.0"


def test_a_commit_s_files_and_diff_are_read_when_they_are_asked_for(history: History, upstream: Upstream) -> None:
    found = history.arrival(upstream.shas["same"])
    assert [one.path for one in found.diffs] == ["drivers/net.c"]
    assert b"NET_FRAME_LIMIT" in found.files.read("drivers/net.c")
    assert history.objects() is history.objects()


def test_a_revision_has_the_commits_before_it(history: History, upstream: Upstream) -> None:
    wanted = {upstream.shas["start"], upstream.shas["same"], "0" * 40}
    assert history.reached("v1.0", wanted) == {upstream.shas["start"]}
    assert history.reached("v1.1", wanted) == wanted - {"0" * 40}


def test_commits_of_mainline_are_never_left_out(history: History, upstream: Upstream) -> None:
    assert history.leaving_out([upstream.shas["same"], "f" * 40]) is history


def test_an_upstream_is_a_history_a_tree_or_a_revision(upstream: Upstream, tmp_path: Path) -> None:
    folder = tmp_path / "tree"
    (folder / "d").mkdir(parents=True)
    (folder / "d/a.c").write_text("int a;\n")

    def opened(spec: str) -> History | ContentTree:
        return open_upstream(spec, str(tmp_path / "index"), "", 1, (), silent)

    assert isinstance(opened(str(folder)), ContentTree)
    assert isinstance(opened(f"{upstream.path}@v1.0"), ContentTree)
    assert isinstance(opened(str(upstream.path)), History)
    (tmp_path / "empty").mkdir()
    for spec, said in ((tmp_path / "empty", "no file in it"), (tmp_path / "gone", "no such upstream")):
        with pytest.raises(UserError, match=said):
            opened(str(spec))


def test_a_repository_is_known_by_its_looks(upstream: Upstream, tmp_path: Path) -> None:
    assert is_repository(str(upstream.path))
    assert is_repository(str(upstream.path / ".git"))
    assert not is_repository(str(tmp_path))


# Witnesses.


def test_the_main_branch_has_what_is_on_it_and_a_revision_what_it_reaches(history: History, upstream: Upstream) -> None:
    same = ident(history, upstream, "same")
    asked = mainline(history)
    assert asked.has is not None
    assert asked.has(same)
    older = at(history, "v1.0", frozenset())
    assert older.has is not None
    assert not older.has(same)


@pytest.mark.parametrize(
    ("verdict", "has"),
    [
        (Verdict.UNKNOWN, Answer.UNKNOWN), (Verdict.REVERTED, Answer.NO), (Verdict.MERGED, Answer.YES),
        (Verdict.SPLIT, Answer.YES), (Verdict.PARTIAL, Answer.PART), (Verdict.NOT_UPSTREAM, Answer.NO),
    ],
)  # fmt: skip
def test_a_tree_has_what_its_verdict_says(verdict: Verdict, has: Answer) -> None:
    assert matched(replace(RESULT, verdict=verdict), Judgement(verdict), TREE) is has


@pytest.mark.parametrize(
    ("changes", "verdict", "has"),
    [
        ([{1}, {2}], Verdict.SQUASHED, Answer.YES),
        ([{1}, {3}], Verdict.SQUASHED, Answer.PART),
        ([{3, 2}], Verdict.MERGED, Answer.YES),
        ([{3}], Verdict.MERGED, Answer.NO),
        ([{1}], Verdict.PARTIAL, Answer.PART),
        ([], Verdict.NOT_UPSTREAM, Answer.NO),
    ],
)
def test_a_revision_has_a_patch_when_it_has_a_commit_of_every_change(
    changes: list[set[int]], verdict: Verdict, has: Answer
) -> None:
    asked = Revision(TREE.target, None, lambda number: number < 3)
    found = Judgement(verdict, changes=tuple(map(frozenset, changes)))
    assert matched(replace(RESULT, verdict=verdict), found, asked) is has


def test_arrivals_are_what_the_revision_has_and_picks_what_it_lacks(history: History, upstream: Upstream) -> None:
    one, other = ident(history, upstream, "same"), ident(history, upstream, "changed")
    found = Judgement(Verdict.MERGED, commits=(one,), changes=(frozenset({one, other}),))
    patch = parse_patch("p", upstream.patch("same").encode())
    asked = Revision(history.target(), history, lambda number: number == one)
    assert [it.sha for it in arrivals(found, asked)] == [upstream.shas["same"]]
    assert [it.sha for it in picks(patch, found, asked)] == [upstream.shas["changed"]]
    none = Revision(history.target(), history, lambda number: False)
    assert (arrivals(found, none), picks(patch, found, none), arrivals(found, TREE), picks(patch, found, TREE)) == (
        [],
        [],
        [],
        [],
    )


def test_both_witnesses_are_asked(history: History, upstream: Upstream) -> None:
    number = ident(history, upstream, "same")
    patch = parse_patch("p", upstream.patch("same").encode())
    found = Judgement(Verdict.MERGED, commits=(number,), changes=(frozenset({number}),))
    told = witnesses(RESULT, patch, found, history, mainline(history))
    assert (told.match.has, told.target.has, told.agree, told.match.certainty) == (
        Answer.YES,
        Answer.YES,
        True,
        Certainty.HIGH,
    )
    older = witnesses(RESULT, patch, found, history, at(history, "v1.0", frozenset()))
    assert (older.match.has, older.target.has, older.agree) == (Answer.NO, Answer.NO, True)


def test_for_a_match_of_low_certainty_all_context_has_to_stand(history: History, upstream: Upstream) -> None:
    number = ident(history, upstream, "small")
    text = upstream.patch("small").replace(" int page_step_6(", " int page_first_6(")
    found = Judgement(Verdict.MERGED, commits=(number,), changes=(frozenset({number}),))

    def said(certainty: Certainty) -> Answer:
        result = replace(RESULT, certainty=certainty)
        return witnesses(result, parse_patch("p", text.encode()), found, history, mainline(history)).target.has

    assert [said(one) for one in (Certainty.HIGH, Certainty.MEDIUM, Certainty.LOW)] == [
        Answer.YES,
        Answer.YES,
        Answer.PART,
    ]


def test_a_match_in_another_history_says_nothing_of_this_one(history: History, upstream: Upstream) -> None:
    number = ident(history, upstream, "small")
    found = Judgement(Verdict.MERGED, commits=(number,), changes=(frozenset({number}),))
    patch, other = parse_patch("p", upstream.patch("small").encode()), dataclasses.replace(history)
    told = witnesses(RESULT, patch, found, other, mainline(history))
    assert (told.match.has, told.match.certainty, told.target.has) == (Answer.UNKNOWN, Certainty.HIGH, Answer.YES)
    assert not told.agree
    adapted = upstream.patch("small").replace("page_balance_references", "page_even_references")
    told = witnesses(RESULT, parse_patch("p", adapted.encode()), found, other, mainline(history))
    assert told.target.has is Answer.NO  # nothing of that history's commits counts
    none, unmatched = Judgement(Verdict.NOT_UPSTREAM), replace(RESULT, verdict=Verdict.NOT_UPSTREAM)
    nowhere = witnesses(unmatched, patch, none, None, mainline(history))
    assert (nowhere.match.has, nowhere.target.has) == (Answer.NO, Answer.YES)


def revision_of(index: Known, *has: int) -> Revision:
    history = SimpleNamespace(index=index, arrival=lambda sha: SimpleNamespace(sha=int(sha, 16)))
    return Revision(TREE.target, cast(History, history), lambda number: number in has)


def test_of_a_changes_commits_that_are_there_the_shown_one_comes_first_then_mainlines() -> None:
    index = Known()
    for number in range(1, 7):
        index.add(number, mainline=number in (3, 5))
    found = Judgement(Verdict.MERGED, commits=(4, 6), changes=(frozenset(range(1, 6)), frozenset({6})))

    def shas(*has: int) -> list[object]:
        return [one.sha for one in arrivals(found, revision_of(index, *has))]

    assert shas(1, 2, 3, 4, 5, 6) == [4, 3, 5, 6]
    assert shas(1, 2, 5) == [5, 1, 2]
    assert shas(6) == [6]
    assert shas() == []


def test_upstreams_own_picks_count_for_what_is_there_and_those_most_like_the_patch_come_first() -> None:
    index = Known()
    lines = [f"+line_{n}(of_the_patch);" for n in range(4)]
    for number, count in ((1, 4), (2, 1), (3, 4), (4, 2), (5, 3), (6, 4)):
        index.add(number, lines=lines[:count])
    body = "".join(f"{line}\n" for line in lines)
    ours = parse_patch("p", f"--- a/f\n+++ b/f\n@@ -1,0 +1,4 @@\n{body}".encode())
    found = Judgement(Verdict.MERGED, commits=(1, 6), changes=(frozenset(range(1, 6)), frozenset({6})))

    def shas(*has: int) -> list[object]:
        return [one.sha for one in picks(ours, found, revision_of(index, *has))]

    assert shas(1) == [3, 5, 4]
    assert shas(1, 3, 6) == [5, 4, 2]
    assert shas(2, 5) == [1, 3, 4]
    assert shas(6) == []


def test_what_the_target_has_taken_back_it_does_not_have() -> None:
    index = Known()
    for number in (1, 2):
        index.add(number, day=number)
    index.reverts = {1: [2]}
    found = Judgement(Verdict.REVERTED, commits=(1,), changes=(frozenset({1}),))
    reverted = replace(RESULT, verdict=Verdict.REVERTED)
    assert [matched(reverted, found, revision_of(index, *has)) for has in ((1, 2), (1,), ())] == [
        Answer.NO, Answer.YES, Answer.NO,
    ]  # fmt: skip
    unknown = replace(RESULT, verdict=Verdict.UNKNOWN)
    assert matched(unknown, found, revision_of(index, 1)) is Answer.UNKNOWN


def test_files_that_cannot_be_read_are_unclear() -> None:
    files = Unreadable(UserError("not here", where="w"))
    assert files.name == "w"
    for use in (files.find, files.read):
        with pytest.raises(UserError, match="not here"):
            use("x")


def told(match: Answer, target: Answer) -> PatchResult:
    both = Witnesses(match=MatchWitness(has=match), target=TargetWitness(has=target), agree=match is target)
    return replace(RESULT, witnesses=both)


@pytest.mark.parametrize(
    ("match", "target", "dropped", "apart"),
    [
        (Answer.YES, Answer.YES, True, False),
        (Answer.YES, Answer.PART, False, True),
        (Answer.NO, Answer.YES, False, True),
        (Answer.NO, Answer.PART, False, False),
        (Answer.UNKNOWN, Answer.UNKNOWN, False, False),
    ],
)
def test_a_patch_can_be_dropped_when_both_say_yes(match: Answer, target: Answer, dropped: bool, apart: bool) -> None:
    assert (can_be_dropped(told(match, target)), disagree(told(match, target))) == (dropped, apart)


def test_without_witnesses_nothing_is_dropped_and_nobody_disagrees() -> None:
    assert (can_be_dropped(RESULT), disagree(RESULT)) == (False, False)


def test_places_are_counted_by_what_they_say() -> None:
    places = tuple(
        HunkPlace("f", 1, one) for one in (Standing.STANDS, Standing.STOOD, Standing.ABSENT, Standing.STANDS)
    )
    target = TargetWitness(has=Answer.PART, places=places)
    assert [counted(target, *some) for some in (("stands",), ("stands", "stood"), ("extra",), ())] == [2, 3, 0, 0]
