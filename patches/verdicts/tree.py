"""Verdicts from the content of a source tree alone, where there is no history: a release's folder, tarball or revision.

A hunk is there when its new side stands in the file, and not there when its old side does. Where later changes took
both away, its added and removed lines tell: a model with few weights (data/tree.json, made by `benchmarks/tree.py`)
makes one figure of them. Less certain than a history, and the verdict says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files as resources
from math import exp

import msgspec

from kcfg.base.errors import UserError
from patches.evidence import Evidence, Fact, Note, NoteKind
from patches.findings import Certainty, HunkResult, UpstreamKind, UpstreamUsed, Verdict
from patches.queues.files import Files
from patches.text.headers import Header
from patches.text.kinds import ClaimKind
from patches.text.lines import bytes_of, line_key, says
from patches.text.names import tail
from patches.text.patch import FileDiff, Hunk, Patch
from patches.upstreams.limits import Limit
from patches.verdicts.apply import FileLines, lines_of, locate, sides
from patches.verdicts.checks import unchecked
from patches.verdicts.judgement import Judgement
from patches.verdicts.standing import Target
from patches.verdicts.thresholds import BOUNDS

FEATURES = ("there", "absent", "added", "removed_gone", "any_added", "file_missing")
"""What a patch is judged by: the share of hunks whose new side stands in the tree; of those whose old side does; of its
telling added lines that the files have; of its telling removed lines that they lack; whether it adds such lines; the
share of its files that are not there. All between 0 and 1.
"""
TOLD_MERGED = frozenset(
    {
        ClaimKind.MERGED, ClaimKind.CHERRY_PICKED, ClaimKind.BACKPORTED, ClaimKind.PARTIAL, ClaimKind.ALTERNATIVE,
        ClaimKind.FILE_NAME,
    }
)  # fmt: skip
"""Claims by which the patch is an upstream commit; git format-patch's own line is left out: it is often private."""
FILES = 256
FEW = 0.1
"""Share of the queue's paths below which a tree is asked about: is this the right one."""
NEUTRAL = 0.5
"""What a share of no lines counts as; the model was made with it."""


class TreeModel(msgspec.Struct, frozen=True):
    """A logistic model over FEATURES, and the probability from which a patch counts as there. `about`: how made."""

    bias: float
    weights: dict[str, float]
    threshold: float
    about: str = ""

    def score(self, features: Sequence[float]) -> float:
        """The probability that the change is in the tree."""
        raw = self.bias + sum(self.weights[name] * one for name, one in zip(FEATURES, features, strict=True))
        return 1 / (1 + exp(-max(-40.0, min(40.0, raw))))


@cache
def load_model() -> TreeModel:
    """The model that ships with the project."""
    return msgspec.json.decode((resources("patches") / "data" / "tree.json").read_bytes(), type=TreeModel)


@dataclass(frozen=True, slots=True)
class HunkState:
    """What a tree says of one hunk: `there`, `absent`, or neither; counts of telling lines, and of those that fit.

    `gone`: it removes a file that the tree lacks, which may never have been there, so that this alone says nothing.
    """

    file: str
    line: int
    there: bool
    absent: bool
    added: int
    added_found: int
    removed: int
    removed_gone: int
    gone: bool = False


@dataclass(slots=True)
class Content:
    """One file: its lines, and the keys of their texts."""

    lines: FileLines
    keys: frozenset[int]


class ContentTree:
    """A source tree as an upstream."""

    def __init__(self, files: Files, name: str, paths: Iterable[str] = ()) -> None:
        """`paths`: those that the queue changes. A tree that knows few of them may be another one, which is told."""
        self.files = files
        self.content = lru_cache(FILES)(self._content)
        self._names: dict[str, list[str]] | None = None
        self._folders: frozenset[str] | None = None
        asked = list(paths)
        self.other = sum(map(self.knows, asked)) < FEW * len(asked)
        limits = (Limit.CONTENT, Limit.OTHER_TREE) if self.other else (Limit.CONTENT,)
        self.used = UpstreamUsed(name=name, kind=UpstreamKind.TREE, limits=limits)

    def knows(self, path: str) -> bool:
        """Whether the tree has a file, or the folder that it would be in; all trees have a top folder."""
        try:
            if self.files.find(path):
                return True  # so nothing has to be listed
        except UserError:  # a link that leads out of the tree
            return True
        if self._folders is None:
            above = {one.rpartition("/")[0] for one in self.files.walk()}
            parts = [one.split("/") for one in above if one]
            self._folders = frozenset("/".join(one[:end]) for one in parts for end in range(1, len(one) + 1))
        if path.rpartition("/")[0] in self._folders:
            return True
        try:
            return bool(self.moved(path))
        except UserError:
            return True

    def is_foreign(self, patch: Patch) -> bool:
        """Whether nothing that a patch is about is in the tree; files at the top count where it may be another tree."""
        asked = [path for one in patch.files for path in (one.old, one.new) if path]
        return (self.other or any("/" in path for path in asked)) and not any(map(self.knows, asked))

    def _content(self, path: str) -> Content | None:
        real = self.files.find(path)
        if not real:
            return None
        lines = lines_of(self.files.read(real))
        return Content(lines, frozenset(line_key(line) for line in lines))

    def find(self, one: FileDiff) -> Content | None:
        """The file that a diff is about, under its new or old name, or one that has moved with its folder's name."""
        for path in (one.new, one.old):
            if path and (found := self.content(path)):
                return found
        moved = self.moved(one.path)
        return self.content(moved) if moved else None

    def moved(self, path: str) -> str:
        """The only file of this name in a folder of the same name; "" when there is none, or more than one."""
        if self._names is None:
            self._names = {}
            for one in self.files.walk():
                self._names.setdefault(tail(one), []).append(one)
        found = self._names.get(tail(path), [])
        return found[0] if len(found) == 1 else ""

    def named(self, path: str) -> str:
        """A file of this name in any folder; "" where there is none."""
        name = path.rpartition("/")[2]
        return next((one for one in self.files.walk() if one.rpartition("/")[2] == name), "")

    def target(self, revision: str = "") -> Target:
        """The tree's files as the second witness sees them."""
        return Target(self.used.name, self.files, self.files.mode, alike=self.named)

    def judge(self, patch: Patch, header: Header) -> Judgement:
        """What the tree says of a patch."""
        if not patch.files:
            claims = tuple(map(unchecked, header.claims))
            return Judgement(Verdict.UNKNOWN, notes=(Note(NoteKind.NO_DIFF),), claims=claims)
        try:
            if self.is_foreign(patch):
                claims = tuple(map(unchecked, header.claims))
                return Judgement(Verdict.UNKNOWN, notes=(Note(NoteKind.OTHER_TREE),), claims=claims)
            states = self.states(patch)
        except UserError as error:
            return Judgement(Verdict.UNKNOWN, notes=(Note(NoteKind.UNREADABLE, text=str(error)),))
        if not states:
            return Judgement(Verdict.UNKNOWN, notes=(Note(NoteKind.NO_HUNK),))
        model = load_model()
        claims = tuple(map(unchecked, header.claims))
        said = [one for one in states if not one.gone]
        if not said:
            return Judgement(Verdict.UNKNOWN, notes=(Note(NoteKind.GONE_ALONE),), claims=claims)
        score = model.score(self.features(patch, said))
        verdict = verdict_of(said, score, model)
        hunks = tuple(HunkResult(one.file, one.line, round(share(one), 3)) for one in states)
        found = Judgement(verdict, score, claims=claims, hunks=hunks)
        certainty = Certainty.MEDIUM if score < BOUNDS.unlikely else Certainty.LOW
        if verdict is Verdict.MERGED:
            certainty = Certainty.HIGH
        if verdict is Verdict.NOT_UPSTREAM and any(one.kind in TOLD_MERGED and one.commit for one in header.claims):
            certainty = Certainty.LOW
            found = replace(found, notes=(Note(NoteKind.TOLD_MERGED),))
        there = sum(one.there for one in states)
        added, found_added = sum(one.added for one in states), sum(one.added_found for one in states)
        evidence = [Evidence(Fact.HUNKS_THERE, there, len(states))]
        if added:
            evidence.append(Evidence(Fact.ADDED_THERE, found_added, added))
        return replace(found, certainty=certainty, evidence=tuple(evidence))

    def states(self, patch: Patch) -> list[HunkState]:
        """Every hunk of the patch."""
        out = []
        for one in patch.files:
            content = self.find(one)
            out += [hunk_state(one, hunk, content) for hunk in one.hunks if hunk.changed]
        return out

    def features(self, patch: Patch, states: Sequence[HunkState]) -> tuple[float, ...]:
        """The patch's features, in the order of FEATURES."""
        count = len(states)
        added, removed = sum(one.added for one in states), sum(one.removed for one in states)
        missing = sum(self.find(one) is None and bool(one.new) for one in patch.files)
        return (
            sum(one.there for one in states) / count,
            sum(one.absent for one in states) / count,
            sum(one.added_found for one in states) / added if added else NEUTRAL,
            sum(one.removed_gone for one in states) / removed if removed else NEUTRAL,
            float(bool(added)),
            missing / len(patch.files),
        )


def hunk_state(one: FileDiff, hunk: Hunk, content: Content | None) -> HunkState:
    """One hunk in its file; None is a file that is not there."""
    plus = unique(line[1:] for line in hunk.lines if line[:1] == "+" and says(line))
    minus = unique(line[1:] for line in hunk.lines if line[:1] == "-" and says(line)) - plus
    if content is None:
        gone = not one.new
        new = not gone and not one.old
        return HunkState(one.path, hunk.line, gone, new, len(plus), 0, len(minus), len(minus), gone)
    forward, backward = sides(hunk)
    absent = bool(forward.find) and locate(content.lines, forward, 0, 0, 0) is not None
    there = bool(backward.find) and locate(content.lines, backward, 0, 0, 0) is not None
    if not one.old:
        there, absent = list(backward.find) == content.lines, False
    if not one.new:
        there, absent = False, True
    return HunkState(
        one.path, hunk.line, there, absent, len(plus), len(plus & content.keys), len(minus), len(minus - content.keys)
    )


def unique(lines: Iterable[str]) -> frozenset[int]:
    """The keys of lines without their signs."""
    return frozenset(line_key(bytes_of(line)) for line in lines)


def share(one: HunkState) -> float:
    """How much of a hunk is there."""
    if one.there:
        return 1.0
    if one.absent:
        return 0.0
    every = one.added + one.removed
    return (one.added_found + one.removed_gone) / every if every else -1.0


def verdict_of(states: Sequence[HunkState], score: float, model: TreeModel) -> Verdict:
    """The word for a patch."""
    there = sum(one.there for one in states)
    if there == len(states) and not any(one.absent for one in states):
        return Verdict.MERGED
    if score >= model.threshold:
        return Verdict.MERGED if there >= BOUNDS.whole * len(states) else Verdict.MODIFIED
    if there < len(states) and worth(one for one in states if one.there and not one.absent) > BOUNDS.tree_part * worth(
        states
    ):
        return Verdict.PARTIAL
    return Verdict.NOT_UPSTREAM


def worth(states: Iterable[HunkState]) -> int:
    """How many lines of the hunks tell anything; a brace or a comma is in every tree."""
    return sum(one.added + one.removed for one in states)
