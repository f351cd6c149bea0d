"""Which upstream changes a patch can be, and how much speaks for each: candidates, features and a score.

Candidates come from git's patch-id, the subject, the commits and advisories that the header names, and the patch's
rarest changed lines. Each is described by a few numbers between 0 and 1, and a logistic model makes one score of them;
its weights are data (data/scorer.json), and `benchmarks/match.py --train` makes them anew.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import numpy.typing as npt

from patches.text.lines import bytes_of, is_telling, line_key, patch_id, subject_key
from patches.text.names import tail
from patches.verdicts.thresholds import BOUNDS

if TYPE_CHECKING:
    from patches.text.headers import Header
    from patches.text.patch import Patch
    from patches.upstreams.index import Index

Keys = npt.NDArray[np.uint32]

FEATURES = (
    "jaccard",
    "patch_in_commit",
    "commit_in_patch",
    "shared_weight",
    "little_shared",
    "same_patch_id",
    "same_subject",
    "near_subject",
    "other_subject",
    "same_author",
    "other_author",
    "same_date",
    "other_date",
    "same_header",
    "paths_in_commit",
    "commit_paths_in_patch",
    "same_reference",
    "contained_and_weighty",
    "same_subject_other_date",
    "other_subject_and_date",
    "other_subject_little_shared",
    "other_paths",
    "other_paths_little_shared",
    "alike_and_weighty",
)
"""What a candidate is judged by, in the order of the weights; each is between 0 and 1. See `describe`."""


@dataclass(frozen=True, slots=True)
class Query:
    """A patch as the matcher sees it. What is not known is empty, and then speaks neither for nor against.

    `keys`: unique keys of the telling changed lines, sorted. `date`: the author's, in seconds since 1970, or 0.
    `references`: advisories such as XSA-333. `claims`: commits that the header names, as hex, maybe short, and
    Change-Ids.
    """

    keys: Keys
    patch_id: bytes = b""
    subject: str = ""
    author: str = ""
    email: str = ""
    date: int = 0
    paths: frozenset[str] = frozenset()
    references: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatchCandidate:
    """A commit that the patch may be: `score` is the model's probability, `features` are in the order of FEATURES."""

    ident: int
    score: float
    features: tuple[float, ...]

    def feature(self, name: str) -> float:
        """One feature by its name."""
        return self.features[FEATURES.index(name)]


class WeightModel(msgspec.Struct, frozen=True):
    """A logistic model over FEATURES: `bias`, one weight for each, and the probability from which it is a match."""

    bias: float
    weights: dict[str, float]
    threshold: float

    def scores(self, features: Sequence[Sequence[float]] | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The probability of each row of features that it is of a true match."""
        weights = np.array([self.weights.get(name, 0.0) for name in FEATURES])
        rows = np.asarray(features, float).reshape(-1, len(FEATURES))
        out: npt.NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(self.bias + rows @ weights, -40, 40)))
        same = rows[:, FEATURES.index("same_header")] > 0
        return np.where(same, np.maximum(out, float(BOUNDS.identity)), out) if same.any() else out


class Scorer(msgspec.Struct, frozen=True):
    """Two models: for patches whose author is `known`, and for those with little more than a diff, `bare`.

    `about` says what they were trained on.
    """

    known: WeightModel
    bare: WeightModel
    about: str = ""

    def model(self, asked: Query) -> WeightModel:
        """The model for a patch."""
        return self.known if asked.author or asked.email else self.bare


def telling_keys(lines: Iterable[str]) -> Keys:
    """The unique keys of the lines, signs first, that say enough to recognise a change by; sorted."""
    raw = (bytes_of(line) for line in set(lines))
    return np.unique(np.fromiter((line_key(line) for line in raw if is_telling(line)), np.uint32))


def stable_patch_id(patch: Patch) -> bytes:
    """git's patch-id of the patch as if git had printed it with three lines of context; b"" without hunks."""
    parts = []
    for one in patch.files:
        if not one.hunks:
            continue
        old, new = one.old or one.new, one.new or one.old
        head = f"diff --git a/{old} b/{new}\n"
        if not one.old:
            head += f"new file mode {one.new_mode or '100644'}\n"
        elif not one.new:
            head += f"deleted file mode {one.old_mode or '100644'}\n"
        head += f"--- {'a/' + one.old if one.old else '/dev/null'}\n+++ {'b/' + one.new if one.new else '/dev/null'}\n"
        body = "\n".join(line for hunk in one.hunks for line in hunk.lines)
        parts.append((bytes_of(head), bytes_of(body)))
    return patch_id(parts) if parts else b""


def query(patch: Patch, header: Header | None = None, *, claims: bool = True) -> Query:
    """What is known of a patch. Without a header, only the diff counts."""
    keys, ident = telling_keys(patch.changed), stable_patch_id(patch)
    if header is None:
        return Query(keys, ident, paths=patch.paths)
    return Query(
        keys,
        ident,
        subject_key(header.subject),
        subject_key(header.author),
        header.email.lower(),
        int(header.date.timestamp()) if header.date else 0,
        patch.paths,
        header.references,
        tuple(claim.commit for claim in header.claims if claim.commit and not claim.foreign) if claims else (),
    )


def idf(total: int, found: int) -> float:
    """How much it says that a line is shared: 0 for a line in every commit, 1 for a line in one of them or in none."""
    if found <= 1:
        return 1.0
    return max(0.0, 1 - math.log((found + 1) / 2) / math.log((max(total, 2) + 1) / 2))


def squash(weight: float, half: float) -> float:
    """0 for nothing, 1/2 at `half`, towards 1 for much."""
    return weight / (weight + half)


def words(key: str) -> frozenset[str]:
    """The words of a subject's key."""
    return frozenset(key.split())


class Matcher:
    """Finds what patches are in one index. Not safe for several threads, as the index is not."""

    def __init__(
        self, index: Index, scorer: Scorer | None = None, left_out: frozenset[int] = frozenset(),
        read: Callable[[str], Patch] | None = None,
    ) -> None:  # fmt: skip
        """`read`: a commit's diff by its name; None where there is no repository."""
        self.index = index
        self.scorer = scorer or load_scorer()
        self.left_out = left_out
        self.read = read

    def leaving_out(self, idents: frozenset[int]) -> Matcher:
        """A matcher to which some commits do not exist."""
        return Matcher(self.index.leaving_out(idents), self.scorer, self.left_out | idents, self.read)

    def match(self, asked: Query, without: frozenset[int] = frozenset()) -> list[MatchCandidate]:
        """All candidates, the best first; `without` leaves commits out as if they did not exist."""
        without |= self.left_out
        frequencies = self.frequencies(asked.keys)
        found = self.candidates(asked, frequencies, without)
        described = [self.describe(asked, ident, frequencies) for ident in found]
        scores = self.scorer.model(asked).scores(described)
        every = [MatchCandidate(*one) for one in zip(found, scores.tolist(), described, strict=True)]
        return sorted(every, key=lambda one: (-one.score, one.ident))

    def described(self, asked: Query, idents: Sequence[int]) -> tuple[MatchCandidate, ...]:
        """Commits as candidates, with their scores."""
        frequencies = self.frequencies(asked.keys)
        features = [self.describe(asked, ident, frequencies) for ident in idents]
        scores = self.scorer.model(asked).scores(features).tolist()
        return tuple(MatchCandidate(*one) for one in zip(idents, scores, features, strict=True))

    def threshold(self, asked: Query) -> float:
        """The score from which a candidate is a match."""
        return self.scorer.model(asked).threshold

    def frequencies(self, keys: Keys) -> tuple[npt.NDArray[np.float64], list[Keys]]:
        """For each key its weight, and the commits that have it (none when there are too many)."""
        known = self.index.postings(keys.tolist())
        total = self.index.total
        nothing = np.empty(0, np.uint32)
        pairs = [known.get(key, (0, nothing)) for key in keys.tolist()]
        return np.array([idf(total, found) for found, _ in pairs]), [ids for _, ids in pairs]

    def shared_weight(self, asked: Query, ident: int) -> float:
        """The weight of the lines that a patch and a commit have in common."""
        return float(self.frequencies(asked.keys)[0][among(asked.keys, self.index.lines(ident))].sum())

    def candidates(
        self, asked: Query, frequencies: tuple[npt.NDArray[np.float64], list[Keys]], without: frozenset[int]
    ) -> list[int]:
        """Ids of commits worth describing."""
        index = self.index
        found: dict[int, None] = {}
        for claim in asked.claims:
            found |= dict.fromkeys(index.find_claimed(claim)[: BOUNDS.candidates])
        if asked.patch_id:
            found |= dict.fromkeys(index.by_patch_id(asked.patch_id))
        if asked.subject:
            found |= dict.fromkeys(index.by_subject(asked.subject)[: BOUNDS.candidates])
        for reference in asked.references:
            found |= dict.fromkeys(index.by_reference(reference)[: BOUNDS.candidates])
        weights, commits = frequencies
        rare = [int(i) for i in np.argsort(-weights, kind="stable") if len(commits[i])][: BOUNDS.rarest]
        if rare:
            every = np.concatenate([commits[i] for i in rare])
            votes = np.repeat(weights[rare], [len(commits[i]) for i in rare])
            ids, where = np.unique(every, return_inverse=True)
            sums = np.bincount(where, votes)
            if without:
                sums[np.isin(ids, np.fromiter(without, np.uint32))] = 0
            best = np.argsort(-sums, kind="stable")[: BOUNDS.by_lines]
            found |= dict.fromkeys(int(ids[i]) for i in best if sums[i] > 0)
        return [ident for ident in found if ident not in without]

    def describe(
        self, asked: Query, ident: int, frequencies: tuple[npt.NDArray[np.float64], list[Keys]]
    ) -> tuple[float, ...]:
        """The features of one candidate."""
        commit = self.index.commit(ident)
        theirs = self.index.lines(ident)
        weights = frequencies[0]
        shared = among(asked.keys, theirs)
        weight = float(weights[shared].sum())
        total = float(weights.sum())
        ours_in_theirs = weight / total if total else 0.0
        theirs_in_ours = float(shared.sum()) / len(theirs) if len(theirs) else 0.0
        union = len(theirs) + len(asked.keys) - int(shared.sum())
        strength = squash(weight, BOUNDS.much)
        paths, theirs_paths = tails(asked.paths), tails(commit.paths)
        both = len(paths & theirs_paths)
        elsewhere = float(bool(paths) and bool(theirs_paths) and not both)
        key = subject_key(commit.subject)
        near = 0.0
        if asked.subject and key:
            left, right = words(asked.subject), words(key)
            near = len(left & right) / len(left | right) if left | right else 0.0
        same_author = bool(asked.email or asked.author) and (
            (bool(asked.email) and asked.email == commit.email.lower())
            or (bool(asked.author) and asked.author == subject_key(commit.author))
        )
        same_subject = float(bool(asked.subject) and asked.subject == key)
        other_subject = float(bool(asked.subject) and near < BOUNDS.other_title)
        other_date = float(bool(asked.date) and abs(asked.date - commit.author_date) > BOUNDS.day)
        jaccard = float(shared.sum()) / union if union else 0.0
        if not union and asked.paths and asked.paths == frozenset(commit.paths):  # a rename, a mode, binary files
            jaccard = ours_in_theirs = theirs_in_ours = weight = 1.0
            strength = squash(weight, BOUNDS.much)
        little = 1 - squash(weight, BOUNDS.little)
        return (
            jaccard,
            ours_in_theirs,
            theirs_in_ours,
            strength,
            little,
            float(bool(asked.patch_id) and asked.patch_id == commit.patch_id),
            same_subject,
            near,
            other_subject,
            float(same_author),
            float(bool(asked.email or asked.author) and not same_author),
            float(bool(asked.date) and asked.date == commit.author_date),
            other_date,
            float(same_author and asked.subject == key and bool(key) and asked.date == commit.author_date),
            both / len(paths) if paths else 0.0,
            both / len(theirs_paths) if theirs_paths else 0.0,
            float(any(ident in self.index.by_reference(one) for one in asked.references)),
            strength * ours_in_theirs,
            same_subject * other_date,
            other_subject * other_date,
            other_subject * little,
            elsewhere,
            elsewhere * little,
            jaccard * strength,
        )


def same_lines(asked: Query, ranked: Iterable[MatchCandidate], matcher: Matcher) -> MatchCandidate | None:
    """The commit of the patch's files that is wholly the patch, and the other way round, by many rare lines.

    Where nearly no line differs, fewer will do. It is the change whoever signed the patch and under whatever title:
    queues put headers of their own above upstream's changes. Of several it is the one with the most lines in common.
    """
    weights = matcher.frequencies(asked.keys)[0]
    fits = []
    for one in ranked:
        whole = min(one.feature("patch_in_commit"), one.feature("commit_in_patch")) >= BOUNDS.whole
        same = one.feature("jaccard") >= BOUNDS.same_lines
        if (whole or same) and one.feature("paths_in_commit"):
            shared = among(asked.keys, matcher.index.lines(one.ident))
            if float(weights[shared].sum()) >= (BOUNDS.same_weight if same else BOUNDS.alone):
                fits.append(one)
    return max(fits, key=lambda one: one.feature("jaccard"), default=None)


def among(keys: Keys, ordered: Keys) -> npt.NDArray[np.bool_]:
    """Which keys are among others that are sorted."""
    if not len(ordered):
        return np.zeros(len(keys), bool)
    at = np.searchsorted(ordered, keys)
    at[at == len(ordered)] = 0
    found: npt.NDArray[np.bool_] = ordered[at] == keys
    return found


def tails(paths: Iterable[str]) -> frozenset[str]:
    """The last two parts of each path: a file that moved with its folder keeps them."""
    return frozenset(map(tail, paths))


@cache
def load_scorer() -> Scorer:
    """The model that ships with the project."""
    data = (files("patches") / "data" / "scorer.json").read_bytes()
    return msgspec.json.decode(data, type=Scorer)
