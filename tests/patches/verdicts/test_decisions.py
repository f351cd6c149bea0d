"""What is decided from commits, their dates and their lines, with an index that holds just what a rule looks at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from kcfg.base.errors import UserError
from kcfg.sources.gitrepo import open_repo
from patches.evidence import ClaimResult, Note, NoteKind
from patches.findings import (
    Action,
    Answer,
    Applies,
    ApplyOutcome,
    FindingKind,
    FollowUp,
    MatchWitness,
    PatchResult,
    PlanReason,
    QueueFinding,
    Release,
    StatusReport,
    TargetWitness,
    UpstreamCommit,
    Verdict,
    Witnesses,
)
from patches.followups import Weight
from patches.queues.reasons import Stale, StaleKind
from patches.text.kinds import ClaimKind
from patches.text.parse import parse_patch
from patches.upstreams.index import Commit
from patches.verdicts.acts import findings, stale_finding
from patches.verdicts.audit import exit_status
from patches.verdicts.checks import check_claim, is_wrong
from patches.verdicts.commits import upstream_commit
from patches.verdicts.followups import naming
from patches.verdicts.match import (
    FEATURES,
    MatchCandidate,
    Matcher,
    Query,
    Scorer,
    WeightModel,
    among,
    idf,
    query,
    squash,
    stable_patch_id,
    tails,
    telling_keys,
    words,
)
from patches.verdicts.plan import decide
from patches.verdicts.rangediff import range_diff
from patches.verdicts.renamed import paired
from patches.verdicts.replaced import later_version, named, replacing
from patches.verdicts.thresholds import BOUNDS
from patches.verdicts.tree import HunkState, TreeModel, share, worth
from patches.verdicts.tree import verdict_of as tree_verdict
from patches.verdicts.trend import QueueRevision, history_of, points, thinned
from patches.verdicts.verdict import certainty, closest, explains, judge, representative, state
from tests.patches.upstream import START, Upstream, git

DAY = 86_400


@dataclass
class Known:
    """An index of commits by hand. `texts`: their changed lines; `reverts`: commit -> those that take it back."""

    commits: dict[int, Commit] = field(default_factory=dict)
    texts: dict[int, Sequence[str]] = field(default_factory=dict)
    reverts: dict[int, list[int]] = field(default_factory=dict)
    fixes: dict[int, list[int]] = field(default_factory=dict)
    references: dict[str, list[int]] = field(default_factory=dict)
    total: int = 1000
    lacks_diffs: bool = False

    def add(
        self, ident: int, day: int = 0, tag: str = "", branch: str = "", lines: Sequence[str] = (), **how: object
    ) -> int:
        made = Commit(
            ident, f"{ident:040x}", "Ann Author", "ann@example.org", START + day * DAY, START + day * DAY,
            f"subject {ident}", f"subject {ident}", b"", ("drivers/a.c",), True, tag, branch,
        )  # fmt: skip
        self.commits[ident] = replace(made, **how)  # type: ignore[arg-type]
        self.texts[ident] = lines
        return ident

    def has_diff(self, ident: int) -> bool:
        return not self.lacks_diffs

    def commit(self, ident: int) -> Commit:
        return self.commits[ident]

    def lines(self, ident: int) -> np.ndarray:
        return telling_keys(self.texts[ident])

    def reverts_of(self, ident: int) -> list[int]:
        return self.reverts.get(ident, [])

    def fixing(self, ident: int) -> list[int]:
        return self.fixes.get(ident, [])

    def by_reference(self, name: str) -> list[int]:
        return self.references.get(name, [])

    def by_patch_id(self, patch_id: bytes) -> list[int]:
        return [ident for ident, one in self.commits.items() if patch_id and one.patch_id == patch_id]

    def by_subject(self, key: str) -> list[int]:
        return [ident for ident, one in self.commits.items() if one.subject_key == key]

    def find_sha(self, prefix: str) -> list[int]:
        return [ident for ident, one in self.commits.items() if one.sha.startswith(prefix)]

    find_claimed = find_sha

    def equivalents(self, ident: int) -> frozenset[int]:
        return frozenset((ident,))

    def parts(self, ident: int) -> tuple[int, ...]:
        return ()

    def squashes_with(self, ident: int) -> list[int]:
        return []

    def postings(self, keys: Sequence[int]) -> dict[int, tuple[int, np.ndarray]]:
        found = {}
        for key in keys:
            idents = [ident for ident in self.commits if key in self.lines(ident)]
            if idents:
                found[key] = (len(idents), np.array(idents, np.uint32))
        return found


def matcher_of(index: Known) -> Matcher:
    return Matcher(index)  # type: ignore[arg-type]


def candidate(ident: int, score: float = 0.5, **features: float) -> MatchCandidate:
    return MatchCandidate(ident, score, tuple(float(features.get(name, 0.0)) for name in FEATURES))


# Releases


def test_of_a_branchs_tags_the_first_release_is_told() -> None:
    index = Known()
    index.add(1, tag="v1.10")
    index.add(2, tag="v1.2")
    index.add(3, tag="v1.9")
    for order in ((1, 2, 3), (3, 2, 1), (2, 1, 3)):
        found = upstream_commit(index, order[0], frozenset(order))  # type: ignore[arg-type]
        assert found.releases == (Release("mainline", "v1.2"),), order


def test_mainline_comes_before_the_stable_branches_in_their_order() -> None:
    index = Known()
    index.add(1, tag="v2.0")
    for ident, tag in ((2, "v1.10.3"), (3, "v1.9.7"), (4, "v1.10.1")):
        index.add(ident, tag=tag, mainline=False)
    index.add(5, branch="stable-0.9", mainline=False)
    found = upstream_commit(index, 1, frozenset(index.commits))  # type: ignore[arg-type]
    assert [(one.branch, one.tag) for one in found.releases] == [
        ("mainline", "v2.0"), ("stable-0.9", ""), ("1.9", "v1.9.7"), ("1.10", "v1.10.1"),
    ]  # fmt: skip
    assert (found.sha, found.mainline, found.author) == (f"{1:040x}", True, "Ann Author")


def test_a_release_counts_more_than_none() -> None:
    index = Known()
    index.add(1)
    index.add(2, tag="v1.2")
    for order in ((1, 2), (2, 1)):
        found = upstream_commit(index, order[0], frozenset(order))  # type: ignore[arg-type]
        assert found.releases == (Release("mainline", "v1.2"),)
    assert upstream_commit(index, 1).releases == (Release("mainline", ""),)  # type: ignore[arg-type]


# What became of a change


def test_a_change_that_was_taken_back_last_is_gone() -> None:
    index = Known()
    index.add(1, day=1)
    index.add(2, day=2)
    matcher = matcher_of(index)
    assert state(frozenset((1,)), matcher) == (False, None)
    index.reverts = {1: [2]}
    gone, note = state(frozenset((1,)), matcher)
    assert (gone, note) == (True, Note(NoteKind.REVERTED, (named(index.commit(2)),)))
    index.add(3, day=3)
    gone, note = state(frozenset((1, 3)), matcher)
    both = (named(index.commit(2)), named(index.commit(3)))
    assert (gone, note) == (False, Note(NoteKind.APPLIED_AGAIN, both))


def test_a_revert_that_was_reverted_takes_nothing_back() -> None:
    index = Known()
    for ident in (1, 2, 3, 4):
        index.add(ident, day=ident)
    index.reverts = {1: [2], 2: [3]}
    assert state(frozenset((1,)), matcher_of(index))[0] is False
    index.reverts = {1: [2], 2: [3], 3: [4]}
    assert state(frozenset((1,)), matcher_of(index))[0] is True


def test_a_revert_on_a_stable_branch_takes_nothing_back_on_mainline() -> None:
    index = Known()
    index.add(1, day=1)
    index.add(2, day=2, mainline=False)
    index.reverts = {1: [2]}
    assert state(frozenset((1,)), matcher_of(index)) == (False, None)


def test_the_commit_to_show_is_mainlines_first() -> None:
    index = Known()
    index.add(1, day=5)
    index.add(2, day=3)
    index.add(3, day=1, mainline=False)
    index.add(4, day=3)
    matcher = matcher_of(index)
    assert representative(frozenset((1, 2, 3)), 3, matcher) == 2
    assert representative(frozenset((1, 2, 3)), 1, matcher) == 1
    assert representative(frozenset((3,)), 3, matcher) == 3
    assert representative(frozenset((1, 3, 4, 2)), 3, matcher) == 2


def test_what_mends_a_change_since_it_was_applied_last() -> None:
    index = Known()
    for ident, day in ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5)):
        index.add(ident, day=day)
    index.fixes = {1: [4, 2]}
    assert list(naming(index, frozenset((1,)))) == [(2, "fixes", 1), (4, "fixes", 1)]  # type: ignore[arg-type]
    index.reverts = {1: [2]}
    assert list(naming(index, frozenset((1, 3)))) == [(4, "fixes", 1)]  # type: ignore[arg-type]
    index.reverts = {1: [2], 2: [5]}
    index.fixes = {}
    assert list(naming(index, frozenset((1,)))) == []  # type: ignore[arg-type]
    index.reverts = {1: [2]}
    index.fixes = {1: [3]}
    index.add(2, day=2, mainline=False)
    assert [one[:2] for one in naming(index, frozenset((1,)))] == [(3, "fixes"), (2, "revert")]  # type: ignore[arg-type]


# Another version, another way


def asked(**how: object) -> Query:
    return Query(telling_keys(["+one_line(of_ours);"]), **how)  # type: ignore[arg-type]


def test_a_later_version_is_not_older_than_the_patch() -> None:
    index = Known()
    index.add(1, day=10)
    matcher = matcher_of(index)
    fits = candidate(1, same_author=1, near_subject=0.6, patch_in_commit=0.05, paths_in_commit=0.1)
    day = START + 10 * DAY
    assert later_version(asked(date=day), [fits], matcher) == 1
    assert later_version(asked(date=day + 1), [fits], matcher) is None
    assert later_version(asked(date=day - 1), [fits], matcher) == 1
    assert later_version(asked(), [fits], matcher) == 1


@pytest.mark.parametrize(
    "lacking", [{"same_author": 0}, {"near_subject": 0.59}, {"patch_in_commit": 0.04}, {"paths_in_commit": 0}]
)
def test_a_later_version_has_the_author_nearly_the_title_and_some_lines(lacking: dict[str, float]) -> None:
    index = Known()
    index.add(1)
    features = {"same_author": 1, "near_subject": 0.6, "patch_in_commit": 0.05, "paths_in_commit": 0.1} | lacking
    assert later_version(asked(), [candidate(1, **features)], matcher_of(index)) is None


def test_a_later_version_is_on_mainline() -> None:
    index = Known()
    index.add(1, mainline=False)
    index.add(2)
    features = {"same_author": 1, "near_subject": 1, "patch_in_commit": 1, "paths_in_commit": 1}
    ranked = [candidate(1, **features), candidate(2, **features)]
    assert later_version(asked(), ranked, matcher_of(index)) == 2
    assert later_version(asked(), ranked[:1], matcher_of(index)) is None


OLD = [f"old_step_{n}(struct thing *thing);" for n in range(4)]
REPLACES = (
    "diff --git a/drivers/a.c b/drivers/a.c\n--- a/drivers/a.c\n+++ b/drivers/a.c\n@@ -1,4 +1,1 @@\n"
    + "".join(f"-{line}\n" for line in OLD)
    + "+our_own_way(thing, quickly);\n"
)


def replaced(
    day: int = 10,
    lines: Sequence[str] = (),
    revert: bool = False,
    date: int = 0,
    paths: Sequence[str] = ("drivers/a.c",),
    mainline: bool = True,
    **features: float,
) -> int | None:
    index = Known()
    theirs = lines or [*(f"-{line}" for line in OLD), "+their_other_way(thing, slowly);"]
    index.add(1, day=day, lines=theirs, paths=tuple(paths), mainline=mainline)
    index.add(2, day=day + 1)
    if revert:
        index.reverts = {1: [2]}
    patch = parse_patch("p", REPLACES.encode())
    given = replace(query(patch), date=date)
    return replacing(patch, given, [candidate(1, **(features or {"same_author": 1}))], matcher_of(index))


def test_a_commit_that_removes_the_same_lines_in_another_way_replaces_a_patch() -> None:
    assert replaced() == 1
    assert replaced(near_subject=0.25) == 1
    assert replaced(same_reference=1) == 1
    assert replaced(date=START + 10 * DAY) == 1


def test_what_does_not_replace_a_patch() -> None:
    assert replaced(near_subject=0.24) is None
    assert replaced(date=START + 10 * DAY + 1) is None
    assert replaced(mainline=False) is None
    assert replaced(revert=True) is None
    assert replaced(paths=("drivers/b.c",)) is None
    removed = [f"-{line}" for line in OLD]
    assert replaced(lines=removed[:3]) is None
    assert replaced(lines=[*removed, *(f"+{line}" for line in OLD)]) is None
    assert replaced(lines=[*removed, "+our_own_way(thing, quickly);"]) is None


# Scores and shares


def test_the_word_for_a_score() -> None:
    ours = [f"+our_line_number_{n}(here);" for n in range(3)]
    index = Known()
    index.add(1, lines=ours)
    matcher = matcher_of(index)
    author = Query(telling_keys(ours), author="ann author")
    nobody = Query(telling_keys(ours))

    def word(score: float, asked: Query = author, **features: float) -> str:
        return certainty(candidate(1, score, **({"patch_in_commit": 1.0} | features)), asked, matcher)

    told = [word(score) for score in (0.99, 0.989, 0.98, 0.979, 0.5, 0.49, 0.0)]
    assert told == ["certain", "high", "high", "medium", "medium", "low", "low"]
    assert word(0.1, same_patch_id=1) == "certain"
    # Without a header, lines that weigh less than two that are nowhere else prove little.
    assert [word(0.99, replace(nobody, keys=telling_keys(ours[:n]))) for n in (1, 2)] == ["medium", "certain"]
    assert word(0.99, replace(author, keys=telling_keys(ours[:1]))) == "certain"
    # A title proves no content: few lines are there, or none, or they are in other files.
    assert [word(1.0, patch_in_commit=share) for share in (0.05, 0.049)] == ["certain", "medium"]
    assert word(1.0, replace(author, keys=telling_keys(["+nowhere_at_all(here);"])), patch_in_commit=0.0) == "low"
    elsewhere = replace(author, paths=frozenset(("b.c",)))
    assert [word(1.0, elsewhere, paths_in_commit=share) for share in (0.0, 0.1)] == ["low", "certain"]
    # Title, author or date, and all lines: the files have moved.
    told = {"paths_in_commit": 0.0, "same_subject": 1.0, "same_author": 1.0}
    assert (
        word(1.0, elsewhere, **told)
        == word(1.0, elsewhere, **told | {"same_author": 0.0, "same_date": 1.0})
        == "certain"
    )
    assert (
        word(1.0, elsewhere, **told | {"same_author": 0.0})
        == word(1.0, elsewhere, **told | {"same_subject": 0.0})
        == "low"
    )
    assert word(1.0, elsewhere, **told | {"patch_in_commit": 0.89}) == "low"
    assert word(1.0, replace(elsewhere, keys=telling_keys(ours[:1])), **told) == "low"


def test_the_version_that_is_most_like_a_patch_counts() -> None:
    index = Known()
    ours = [f"+our_line_number_{n}(here);" for n in range(4)]
    index.add(1, lines=ours[:2])
    index.add(2, lines=[*ours, *(f"+their_line_number_{n}(here);" for n in range(4))])
    given = Query(telling_keys(ours))
    matcher = matcher_of(index)
    left, right = closest(given, frozenset((1,)), matcher)
    assert (right, 0.3 < left < 0.7) == (1.0, True)
    assert closest(given, frozenset((2,)), matcher) == (1.0, 0.5)
    assert closest(given, frozenset(), matcher) == (0.0, 0.0)
    index.add(3, lines=ours[:1])
    assert min(closest(given, frozenset((1, 2, 3)), matcher)) == min(closest(given, frozenset((1, 2)), matcher))
    assert closest(Query(telling_keys([])), frozenset((1,)), matcher) == (0.0, 0.0)


def test_a_commit_explains_what_is_left_only_wholly_and_with_weight() -> None:
    index = Known()
    keys = telling_keys([f"+our_line_number_{n}(here);" for n in range(4)])
    matcher = matcher_of(index)
    assert explains(candidate(1, commit_in_patch=0.7, patch_in_commit=0.5), keys, matcher)
    assert not explains(candidate(1, commit_in_patch=0.69, patch_in_commit=0.5), keys, matcher)
    assert not explains(candidate(1, commit_in_patch=1.0, patch_in_commit=0.3), keys, matcher)


def test_how_much_a_shared_line_says() -> None:
    assert (idf(100, 0), idf(100, 1)) == (1.0, 1.0)
    assert (idf(100, 100), idf(100, 200), idf(2, 2), idf(1, 2)) == (0.0, 0.0, 0.0, 0.0)
    # Even steps for each doubling between one commit and all: 8 of 128 (each and one more) are two of six.
    assert idf(127, 7) == pytest.approx(1 - 2 / 6)
    assert (squash(0.0, 3.0), squash(3.0, 3.0), squash(9.0, 3.0)) == (0.0, 0.5, 0.75)


def test_small_parts_of_a_match() -> None:
    assert words("a b a") == {"a", "b"}
    assert tails(["a/b/c.c", "c.c", "b/c.c"]) == {"b/c.c", "c.c"}
    keys, ordered = np.array([1, 5, 9], np.uint32), np.array([2, 5, 8, 9], np.uint32)
    assert among(keys, ordered).tolist() == [False, True, True]
    assert among(keys, ordered[:0]).tolist() == [False, False, False]
    assert among(np.array([10], np.uint32), ordered).tolist() == [False]


def test_a_logistic_model() -> None:
    model = WeightModel(bias=-1.0, weights={"jaccard": 2.0}, threshold=0.5)
    rows = [candidate(1, jaccard=value).features for value in (0.0, 0.5, 1.0)]
    assert model.scores(rows).tolist() == pytest.approx([1 / (1 + math.exp(1)), 0.5, 1 / (1 + math.exp(-1))])
    same = candidate(1, same_header=1).features
    assert model.scores([same]).tolist() == [BOUNDS.identity]
    scorer = Scorer(known=model, bare=WeightModel(0.0, {}, 0.9))
    assert scorer.model(asked(author="a")) is model
    assert scorer.model(asked(email="e")) is model
    assert scorer.model(asked()) is scorer.bare


def test_the_features_of_a_candidate() -> None:
    index = Known()
    ours = [f"+our_line_number_{n}(here);" for n in range(4)]
    index.add(
        1,
        day=3,
        lines=[*ours[:2], "+their_own_line(here);"],
        subject="net: one two three",
        author="Ann Author",
        email="Ann@example.org",
        patch_id=b"id",
        paths=("x/drivers/a.c", "b.c"),
    )
    index.references = {"XSA-1": [1]}
    matcher = matcher_of(index)

    def features(**how: object) -> dict[str, float]:
        given = Query(telling_keys(ours), **how)  # type: ignore[arg-type]
        told = matcher.describe(given, 1, matcher.frequencies(given.keys))
        return dict(zip(FEATURES, told, strict=True))

    bare = features()
    assert bare["jaccard"] == pytest.approx(2 / 5)
    assert bare["commit_in_patch"] == pytest.approx(2 / 3)
    assert bare["patch_in_commit"] == pytest.approx(2 / 4)  # a line of one commit, or of none, weighs 1
    assert bare["shared_weight"] == pytest.approx(2 / (2 + 3))
    assert bare["little_shared"] == pytest.approx(1 - 2 / (2 + 0.5))
    assert bare["contained_and_weighty"] == pytest.approx(2 / 4 * 2 / 5)
    assert bare["alike_and_weighty"] == pytest.approx(2 / 5 * 2 / 5)
    assert {name for name, value in bare.items() if value} == {
        "jaccard", "patch_in_commit", "commit_in_patch", "shared_weight", "little_shared", "contained_and_weighty",
        "alike_and_weighty",
    }  # fmt: skip
    away = features(paths=frozenset(("other/a.c",)))
    assert (away["other_paths"], away["other_paths_little_shared"]) == (1, away["little_shared"])
    date = START + 3 * DAY
    known = features(
        patch_id=b"id", subject="net one two four", author="ann author", email="other@example.org", date=date,
        paths=frozenset(("drivers/a.c", "c.c")), references=("XSA-1",),
    )  # fmt: skip
    assert (known["same_patch_id"], known["same_author"], known["other_author"], known["same_date"]) == (1, 1, 0, 1)
    assert known["near_subject"] == pytest.approx(3 / 5)
    assert (known["same_subject"], known["other_subject"], known["other_date"], known["same_header"]) == (0, 0, 0, 0)
    assert (known["paths_in_commit"], known["commit_paths_in_patch"], known["same_reference"]) == (0.5, 0.5, 1)
    assert (known["other_paths"], known["other_paths_little_shared"]) == (0, 0)
    near = features(subject="net one two three", email="ann@example.org", author="x", date=date + DAY)
    assert (near["same_subject"], near["same_author"], near["same_date"], near["other_date"]) == (1, 1, 0, 0)
    far = features(subject="something else entirely", email="x", author="y", date=date + DAY + 1)
    assert (far["other_subject"], far["other_author"], far["other_date"], far["other_subject_and_date"]) == (1, 1, 1, 1)
    assert far["other_subject_little_shared"] == far["little_shared"]
    same = features(subject="net one two three", author="ann author", date=date)
    assert (same["same_header"], same["same_subject_other_date"]) == (1, 0)


def test_candidates_come_from_all_that_is_known_and_the_lines() -> None:
    index = Known()
    ours = [f"+our_line_number_{n}(here);" for n in range(4)]
    index.add(1, lines=ours[:3])
    index.add(2, lines=ours[:1])
    index.add(3, patch_id=b"id")
    index.add(4, subject_key="a title")
    index.add(5)
    index.add(6)
    index.references = {"XSA-1": [5]}
    matcher = matcher_of(index)
    given = Query(telling_keys(ours), patch_id=b"id", subject="a title", references=("XSA-1",), claims=(f"{6:040x}",))
    frequencies = matcher.frequencies(given.keys)
    assert matcher.candidates(given, frequencies, frozenset()) == [6, 3, 4, 5, 1, 2]
    assert matcher.candidates(given, frequencies, frozenset((1, 3))) == [6, 4, 5, 2]
    assert matcher.candidates(Query(telling_keys([])), matcher.frequencies(telling_keys([])), frozenset()) == []
    ranked = matcher.match(given)
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)


# Claims


def claim(outcome: str, kind: str = "cherry-picked") -> ClaimResult:
    return ClaimResult(kind, outcome, "e" * 40)


def test_a_claim_is_wrong_where_its_commit_is_missing_or_another_change() -> None:
    assert is_wrong(claim("another-change"))
    assert is_wrong(claim("not-in-upstream"))
    # Nobody made these in so many words: git's own first line, and a commit that a sentence names.
    for kind in ("format-patch", "mentioned"):
        assert not any(is_wrong(claim(outcome, kind)) for outcome in ("another-change", "not-in-upstream"))
    assert not any(is_wrong(claim(outcome)) for outcome in ("confirmed", "foreign", "not-checked"))


def test_what_the_upstream_says_to_a_claim() -> None:
    from patches.text.headers import Claim
    from patches.verdicts.verdict import Judgement

    index = Known()
    index.add(7)
    matcher = matcher_of(index)
    made = Claim(kind=ClaimKind.CHERRY_PICKED, commit=f"{7:040x}", line=3)

    def outcome(found: Judgement, *ranked: MatchCandidate, commit: str = "") -> str:
        given = replace(made, commit=commit) if commit else made
        return check_claim(given, asked(), found, ranked, matcher).outcome

    nothing = Judgement(Verdict.NOT_UPSTREAM)
    assert outcome(Judgement(Verdict.MERGED, changes=(frozenset((7,)),))) == "confirmed"
    assert outcome(Judgement(Verdict.MERGED, changes=(frozenset((8,)),))) == "another-change"
    assert outcome(nothing) == "another-change"
    assert outcome(nothing, candidate(7, patch_in_commit=0.2)) == "confirmed"
    assert outcome(nothing, candidate(7, same_subject=1)) == "confirmed"
    assert outcome(nothing, candidate(7, patch_in_commit=0.19)) == "another-change"
    assert outcome(nothing, candidate(8, same_subject=1)) == "another-change"
    assert outcome(nothing, commit="f" * 40) == "not-in-upstream"
    assert check_claim(replace(made, foreign=True), asked(), nothing, (), matcher).outcome == "foreign"
    index.lacks_diffs = True  # as in a partial clone, where nobody can tell
    assert outcome(nothing) == "not-checked"
    assert outcome(nothing, commit="f" * 40) == "not-in-upstream"


def test_a_patch_without_a_diff_or_anything_to_compare_is_unknown() -> None:
    from patches.text.headers import parse_header

    for text in ("Subject: nothing\n\nno diff\n", "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-{\n+}\n"):
        patch = parse_patch("p", text.encode())
        header = parse_header(patch.header)
        assert judge(patch, header, matcher_of(Known())).verdict is Verdict.UNKNOWN


# Patch-ids


@pytest.mark.parametrize("word", ["start", "same", "half1", "large", "revert", "stable"])
def test_a_patchs_id_is_its_commits(upstream: Upstream, word: str) -> None:
    told = git(upstream.path, "patch-id", "--stable", stdin=git(upstream.path, "show", upstream.shas[word]))
    patch = parse_patch("p", upstream.patch(word).encode())
    assert stable_patch_id(patch).hex() == told.split()[0]


def test_files_without_hunks_count_in_no_id(upstream: Upstream) -> None:
    text = upstream.patch("same")
    renamed = "diff --git a/x.c b/y.c\nsimilarity index 100%\nrename from x.c\nrename to y.c\n"
    alone, more = (
        parse_patch("p", one.encode()) for one in (text, text.replace("diff --git", f"{renamed}diff --git", 1))
    )
    assert len(more.files) == len(alone.files) + 1
    assert stable_patch_id(more) == stable_patch_id(alone)


def test_a_patch_of_removed_and_made_files_has_gits_id(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "m")
    (tmp_path / "old.c").write_text("int one;\nint two;\n")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "first")
    (tmp_path / "old.c").unlink()
    (tmp_path / "new.sh").write_text("echo three\n")
    (tmp_path / "new.sh").chmod(0o755)
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "second")
    shown = git(tmp_path, "show", "--no-renames")
    told = git(tmp_path, "patch-id", "--stable", stdin=shown)
    assert stable_patch_id(parse_patch("p", shown.encode())).hex() == told.split()[0]
    assert stable_patch_id(parse_patch("p", b"nothing")) == b""


# The tree's own verdicts


def hunk(
    there: bool = False, absent: bool = False, added: int = 2, found: int = 0, removed: int = 0, gone: int = 0
) -> HunkState:
    return HunkState("f", 1, there, absent, added, found, removed, gone)


def test_how_much_of_a_hunk_is_there() -> None:
    assert share(hunk(there=True)) == 1.0
    assert share(hunk(absent=True, found=2)) == 0.0
    assert share(hunk(added=3, found=1, removed=1, gone=1)) == 0.5
    assert share(hunk(added=0)) == -1.0
    assert worth([hunk(added=3, removed=2), hunk(added=1)]) == 6


def test_the_word_for_a_patch_in_a_tree() -> None:
    model = TreeModel(bias=0.0, weights={}, threshold=0.5)

    def word(score: float, *states: HunkState) -> Verdict:
        return tree_verdict(states, score, model)

    there, lost, away = hunk(there=True), hunk(), hunk(absent=True)
    assert word(0.0, there, there) is Verdict.MERGED
    assert word(0.0, replace(there, absent=True)) is Verdict.NOT_UPSTREAM
    assert word(0.5, *[there] * 9, lost) is Verdict.MERGED
    assert word(0.5, *[there] * 8, lost) is Verdict.MODIFIED
    assert word(0.49, there, lost) is Verdict.PARTIAL
    assert word(0.49, lost, away) is Verdict.NOT_UPSTREAM
    assert word(0.49, hunk(there=True, added=1), hunk(added=9)) is Verdict.NOT_UPSTREAM
    assert word(0.49, hunk(there=True, added=1), hunk(added=8)) is Verdict.PARTIAL
    assert word(0.49, replace(there, absent=True), lost) is Verdict.NOT_UPSTREAM


def test_a_trees_model_is_logistic() -> None:
    names = ("there", "absent", "added", "removed_gone", "any_added", "file_missing")
    model = TreeModel(bias=1.0, weights=dict.fromkeys(names, 0.5), threshold=0.5)
    assert model.score((0, 0, 0, 0, 0, 0)) == pytest.approx(1 / (1 + math.exp(-1)))
    assert model.score((1, 1, 1, 1, 0, 0)) == pytest.approx(1 / (1 + math.exp(-3)))
    assert TreeModel(1000.0, dict.fromkeys(names, 0.0), 0.5).score((0,) * 6) == pytest.approx(1.0)


# Reports


def patch_result(verdict: Verdict = Verdict.MERGED, **how: object) -> PatchResult:
    return PatchResult(name="a.patch", position=1, subject="s", verdict=verdict, **how)  # type: ignore[arg-type]


def report_of(*results: PatchResult, found: Sequence[QueueFinding] = ()) -> StatusReport:
    return StatusReport(version="0", queue="q", format="quilt", upstream=(), patches=results, findings=tuple(found))


def test_exit_status_of_a_queue() -> None:
    merged = QueueFinding(FindingKind.MERGED, "a.patch")
    assert exit_status(report_of(patch_result(), found=[merged]), ["merged"]) == 1
    assert exit_status(report_of(patch_result(), found=[merged]), ["stale"]) == 0
    assert exit_status(report_of(patch_result(Verdict.UNKNOWN)), []) == 3
    assert exit_status(report_of(patch_result(Verdict.UNKNOWN), found=[merged]), ["merged"]) == 1
    assert exit_status(report_of(), ["merged"]) == 0


def test_a_series_that_does_not_fit_is_stale_or_unreadable() -> None:
    kinds = {kind: stale_finding(Stale(kind, "a", "t")).kind for kind in ("unreadable", "outside", "missing")}
    assert kinds == {
        "unreadable": FindingKind.UNREADABLE, "outside": FindingKind.UNREADABLE, "missing": FindingKind.STALE,
    }  # fmt: skip


def commit_of(**how: object) -> UpstreamCommit:
    return UpstreamCommit(sha="a" * 40, subject="s", **how)  # type: ignore[arg-type]


def told(match: Answer, target: Answer) -> Witnesses:
    return Witnesses(match=MatchWitness(has=match), target=TargetWitness(has=target), agree=match is target)


def test_a_patch_is_merged_where_both_witnesses_say_so_and_it_takes_back_none_that_stays() -> None:
    def merged(match: Answer, target: Answer, **how: object) -> bool:
        return bool(list(findings((), [patch_result(witnesses=told(match, target), **how)], "t")))

    both = {(match, target) for match in Answer for target in Answer if merged(match, target)}
    assert both == {(Answer.YES, Answer.YES)}
    assert all(merged(Answer.YES, Answer.YES, in_base=known) for known in (None, False, True))
    assert not merged(Answer.YES, Answer.YES, undoes=("a.patch",))
    assert list(findings((), [patch_result()], "t")) == []  # nobody was asked


def test_what_a_queue_is_to_act_on() -> None:
    def kinds(one: PatchResult) -> list[str]:
        return [found.kind.value for found in findings((), [one], "")]

    assert kinds(patch_result(Verdict.STABLE_ONLY, witnesses=told(Answer.YES, Answer.YES))) == ["merged"]
    assert kinds(patch_result(Verdict.NOT_UPSTREAM)) == []
    assert kinds(patch_result(Verdict.UNKNOWN)) == ["unreadable"]
    for outcome, expected in (
        ("another-change", ["claims-wrong"]),
        ("not-in-upstream", ["claims-wrong"]),
        ("confirmed", []),
    ):
        assert kinds(patch_result(Verdict.NOT_UPSTREAM, claims=(claim(outcome),))) == expected
    assert kinds(patch_result(Verdict.NOT_UPSTREAM, claims=(claim("another-change", "format-patch"),))) == []
    follow = FollowUp("fixes", commit_of(), "b" * 40, Weight.CODE)
    assert kinds(patch_result(Verdict.NOT_UPSTREAM, follow_ups=(follow, follow))) == ["follow-up", "follow-up"]
    assert kinds(patch_result(Verdict.NOT_UPSTREAM, applies=Applies(outcome=ApplyOutcome.CONFLICTS))) == ["conflict"]
    gone = patch_result(witnesses=told(Answer.YES, Answer.YES), applies=Applies(outcome=ApplyOutcome.CONFLICTS))
    assert kinds(gone) == ["merged"]
    assert kinds(patch_result(Verdict.NOT_UPSTREAM, applies=Applies(outcome=ApplyOutcome.FUZZ))) == []
    every = findings([Stale(StaleKind.MISSING, "z", "t")], [patch_result(Verdict.UNKNOWN)], "")
    assert [(found.kind.value, found.patch) for found in every] == [("unreadable", "a.patch"), ("stale", "z")]


def test_a_patch_that_is_only_an_address_is_watched_whatever_the_target_has() -> None:
    by_address = (claim("confirmed", ClaimKind.ADDRESS),)
    for verdict in (Verdict.MERGED, Verdict.MODIFIED, Verdict.STABLE_ONLY, Verdict.REVERTED):
        one = patch_result(verdict, claims=by_address, applies=Applies(outcome=ApplyOutcome.CANNOT_TELL))
        assert (decide(one).action, decide(one).reason) == (Action.WATCH, PlanReason.VERDICT)
    assert decide(patch_result(claims=by_address, paths=("f",))).action is Action.KEEP  # its file lies there


# Trends


def test_points_are_chosen_evenly_with_the_first_and_the_last() -> None:
    every = [QueueRevision(str(n), str(n), n) for n in range(11)]
    assert [one.name for one in thinned(every, 3)] == ["0", "5", "10"]
    assert [one.name for one in thinned(every, 2)] == ["0", "10"]
    assert [one.name for one in thinned(every, 6)] == ["0", "2", "4", "6", "8", "10"]
    assert thinned(every, 11) == thinned(every, 12) == thinned(every, 1) == tuple(every)


def dated(repo: Path, count: int, tags: int, gap: int = 0) -> None:
    """A repository with a commit a day, the first of which have tags; the last commit is `gap` days later."""
    git(repo, "init", "-q", "-b", "m")
    for n in range(count):
        day = n + (gap if n == count - 1 else 0)
        git(repo, "commit", "-q", "--allow-empty", "-m", f"c{n}", date=START + day * DAY)
        if n < tags:
            git(repo, "tag", f"v{n}")


@pytest.mark.parametrize(
    ("tags", "gap", "expected"), [(5, 0, "v"), (4, 0, ""), (5, 364, ""), (5, 362, "v"), (6, 0, "v")]
)
def test_tags_are_walked_where_they_are_many_and_kept_up(tmp_path: Path, tags: int, gap: int, expected: str) -> None:
    dated(tmp_path, 8, tags, gap)
    found = points(open_repo(str(tmp_path)), "", 60, "auto")
    assert (len(found), found[0].name.startswith("v")) == ((tags, True) if expected else (8, False))


def test_tags_or_commits_are_walked_as_asked(tmp_path: Path) -> None:
    dated(tmp_path, 6, 2)
    repo = open_repo(str(tmp_path))
    assert [one.name for one in points(repo, "", 60, "tags")] == ["v0", "v1"]
    assert [one.date for one in points(repo, "", 60, "commits")] == [START + n * DAY for n in range(6)]
    assert len(points(repo, "", 3, "commits")) == 3
    git(tmp_path, "tag", "-d", "v0", "v1")
    with pytest.raises(UserError):
        points(repo, "", 60, "tags")
    assert len(points(repo, "", 60, "auto")) == 6


def test_which_history_a_queue_has(tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    (repo / "debian" / "patches").mkdir(parents=True)
    git(repo, "init", "-q", "-b", "m")
    assert history_of(str(repo)) == (str(repo), "HEAD")
    assert history_of(str(repo / "debian" / "patches")) == (f"{repo}:debian/patches", "HEAD")
    assert history_of(f"{repo}@topic") == (str(repo), "topic")
    assert history_of(f"{repo}@topic:debian") == (f"{repo}:debian", "topic")
    assert history_of(f"{repo}@v1..v2") is None
    assert history_of(f"{tmp_path}/no@where") is None


# Differences of differences


def difference(ours: str, theirs: str) -> list[str]:
    return list(range_diff(parse_patch("p", ours.encode()), [theirs.encode()]))


CHANGED = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1,3 +1,3 @@ here\n one\n-two\n+three\n four\n"


def test_a_difference_leaves_out_where_hunks_stand() -> None:
    assert difference(CHANGED, CHANGED) == []
    assert difference(CHANGED, CHANGED.replace("-1,3 +1,3", "-9,3 +9,3")) == []
    assert [line for line in difference(CHANGED, CHANGED.replace("three", "five")) if line[:1] in "+-"] == [
        "-+five",
        "++three",
    ]


def test_a_difference_says_what_happens_to_files() -> None:
    made = "diff --git a/f b/f\nnew file mode 100644\n--- /dev/null\n+++ b/f\n@@ -0,0 +1,1 @@\n+one\n"
    gone = "diff --git a/f b/f\ndeleted file mode 100644\n--- a/f\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-one\n"
    moved = "diff --git a/g b/f\nrename from g\nrename to f\n"
    heads = {line for text in (made, gone, moved) for line in difference(text, CHANGED) if line.startswith("+ ## ")}
    assert heads == {"+ ## f (new) ##", "+ ## f (deleted) ##", "+ ## f (renamed from g) ##"}


# Names


def test_lines_of_one_form_are_paired_in_their_order_however_many_there_are() -> None:
    ours, theirs = ([f"{name}_{number} = 1;" for number in range(300)] for name in ("our", "their"))
    assert list(paired(["only(us);", *ours], theirs)) == [(f"our_{number}", f"their_{number}") for number in range(300)]
