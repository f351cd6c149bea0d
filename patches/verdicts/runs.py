"""Runs of changed lines: whether what a hunk changes is just what upstream's diff changes, beside the same lines.

Nothing resembles here. A backport has other context than the change, but the lines that it puts in and takes out are
upstream's, all of them, in their order, or it is another change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from patches.text.lines import is_telling
from patches.text.patch import FileDiff, Hunk
from patches.verdicts.apply import FileLines

_INDENTED = re.compile(r"(?:\.(?:py|pyi|ya?ml|mk|rst|md|txt|hs)|(?:^|/)(?:GNUm|m|M)akefile[^/]*)$")
"""Files in which white space at a line's begin means something."""


@dataclass(frozen=True, slots=True)
class Run:
    """Changed lines that follow each other, each with its sign, and the unchanged ones beside them, the nearest first.

    Blank lines are passed over.
    """

    before: tuple[str, ...]
    lines: tuple[str, ...]
    behind: tuple[str, ...]

    @property
    def removed(self) -> list[str]:
        """The lines that are taken out and say something, without indentation."""
        return [line[1:].strip() for line in self.lines if line[:1] == "-" and is_telling(raw(line))]

    @property
    def added(self) -> list[str]:
        """The lines that are put in."""
        return [line for line in self.lines if line[:1] == "+"]


def runs(hunk: Hunk, path: str) -> list[Run]:
    """All of a hunk. `path`: of the file, since in some white space means something."""
    strict = _INDENTED.search(path) is not None
    groups = groupby((line for line in hunk.lines if matters(line, strict)), lambda line: line[:1] in "+-")
    parts = [(changed, [text_of(line, strict and changed) for line in lines]) for changed, lines in groups]
    out = []
    for i, (changed, lines) in enumerate(parts):
        if changed:
            before = parts[i - 1][1] if i else []
            behind = parts[i + 1][1] if i + 1 < len(parts) else []
            out.append(Run(tuple(before[::-1]), tuple(lines), tuple(behind)))
    return out


def matters(line: str, strict: bool) -> bool:
    """Whether a line of a hunk is looked at. `strict`: of a file in which white space means something."""
    return bool(line[1:].strip()) or (strict and line[:1] in "+-")


def text_of(line: str, strict: bool) -> str:
    """A line, its sign first where it is changed, without indentation, unless `strict`, and the blanks at its end."""
    return (line[:1] if line[:1] in "+-" else "") + (line[1:].rstrip("\r\n") if strict else line[1:].strip())


@dataclass(frozen=True)
class Texts:
    """A file's lines without indentation: how often each is there, and which that say something are neighbours."""

    count: Counter[str]
    pairs: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, lines: FileLines | None) -> Texts:
        """Those of a file; nothing where it is not there."""
        every = [line.decode("utf-8", "surrogateescape").strip() for line in lines or ()]
        told = [line for line in every if is_telling(raw(line))]
        return cls(Counter(every), frozenset(pairwise(told)))


@dataclass
class Brought:
    """What an arrival did to the file of a patch's diff, of which each run is found once; `file`: as it left it."""

    diff: FileDiff
    file: Texts
    _used: set[int] = field(default_factory=set)

    def has(self, hunk: Hunk, there: Texts | None) -> bool:
        """Whether the runs of a hunk are runs of the diff, in order, each in its place. `there`: the target's file."""
        theirs = [run for other in self.diff.hunks for run in runs(other, self.diff.path)]
        found: list[int] = []
        for mine in runs(hunk, self.diff.path):
            first = found[-1] + 1 if found else 0
            at = next((i for i in range(first, len(theirs)) if self._is(mine, theirs[i], i, there)), None)
            if at is None:
                return False
            found.append(at)
        self._used |= set(found)
        return bool(found)

    def _is(self, mine: Run, other: Run, at: int, there: Texts | None) -> bool:
        if at in self._used or not (mine.lines == other.lines or self._leaves_the_same(mine, other, there)):
            return False
        return self._is_placed(mine, other)

    def _leaves_the_same(self, mine: Run, other: Run, there: Texts | None) -> bool:
        """Whether two runs put in the same lines, in place of as many others, which are gone."""
        gone = there is not None and not any(there.count[line] or self.file.count[line] for line in mine.removed)
        return gone and len(mine.removed) == len(other.removed) > 0 and mine.added == other.added != []

    def _is_placed(self, mine: Run, other: Run) -> bool:
        """Whether two equal runs can only be at one place of the file.

        It has no more what both take out; or they are as far from the same line, which it has once; or between the same
        two, which nowhere else follow each other.
        """
        if any(not self.file.count[line] for line in {*mine.removed} & {*other.removed}):
            return True
        sides = ((mine.before, other.before), (mine.behind, other.behind))
        if any(self._have_anchor(*side) for side in sides):
            return True
        before, behind = (nearest(one) if nearest(one) == nearest(two) else () for one, two in sides)
        return bool(before and behind) and (before[-1], behind[-1]) not in self.file.pairs

    def _have_anchor(self, mine: Sequence[str], other: Sequence[str]) -> bool:
        """Whether the same line, which the file has once, is as near in both; no brace may be between in one alone."""
        for ours, theirs in zip(mine, other, strict=False):
            if ours == theirs and self.file.count[ours] == 1 and is_telling(raw(ours)):
                return True
            if ours != theirs and not (is_telling(raw(ours)) and is_telling(raw(theirs))):
                return False
        return False


def nearest(lines: Sequence[str]) -> tuple[str, ...]:
    """Unchanged lines up to the first that says something; none where none does."""
    for at, line in enumerate(lines):
        if is_telling(raw(line)):
            return tuple(lines[: at + 1])
    return ()


def lines_in(hunk: Hunk, diffs: Iterable[FileDiff]) -> list[bool]:
    """Whether each changed line of a hunk that is not blank is one that a diff changes so, indentation aside."""
    known = {line[:1] + line[1:].strip() for diff in diffs for one in diff.hunks for line in one.changed}
    return [line[:1] + line[1:].strip() in known for line in hunk.changed if line[1:].strip()]


def raw(line: str) -> bytes:
    """A line's bytes, as they stood."""
    return line.encode("utf-8", "surrogateescape")
