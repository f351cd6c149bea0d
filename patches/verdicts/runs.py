"""Runs of changed lines: whether what a hunk changes is just what upstream's diff changes, at the same place.

Nothing resembles here. A backport has other context than the change, but the lines that it puts in and takes out are
upstream's, all of them, in their order, or it is another change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, pairwise, starmap

from patches.text.lines import says
from patches.text.patch import FileDiff, Hunk
from patches.verdicts.apply import FileLines
from patches.verdicts.functions import body

_INDENTED = re.compile(r"\.(?:py|pyi|ya?ml|rst|md|txt|hs)$")
"""Files in which white space at a line's begin means something, and blank lines may."""
_MAKEFILE = re.compile(r"\.mk$|(?:^|/)(?:GNUm|m|M)akefile[^/]*$")
"""Files in which a tab at a line's begin does."""


@dataclass(frozen=True, slots=True)
class Run:
    """Changed lines that follow each other, and the unchanged ones beside them, the nearest first.

    Blank lines are passed over. `follows`: another run stands before those before it. `section`: what the hunk's @@
    line names.
    """

    removed: tuple[str, ...]
    added: tuple[str, ...]
    before: tuple[str, ...]
    behind: tuple[str, ...]
    follows: bool
    section: str

    @property
    def gone(self) -> list[str]:
        """What it takes out of the lines that say something, without indentation."""
        return [line.strip() for line in self.removed if says(line)]


def runs(hunk: Hunk, path: str) -> list[Run]:
    """All of a hunk. `path`: of the file, since in some white space means something."""
    told = (line for line in hunk.lines if line[1:].strip() or (line[:1] in "+-" and _INDENTED.search(path)))
    parts = [(changed, list(lines)) for changed, lines in groupby(told, lambda line: line[:1] in "+-")]
    out = []
    for i, (changed, lines) in enumerate(parts):
        if not changed:
            continue
        removed, added = (tuple(text_of(line[1:], path) for line in lines if line[:1] == sign) for sign in "-+")
        before = [line[1:].strip() for line in parts[i - 1][1][::-1]] if i else []
        behind = [line[1:].strip() for line in parts[i + 1][1]] if i + 1 < len(parts) else []
        out.append(Run(removed, added, tuple(before), tuple(behind), i > 1, hunk.section.strip()))
    return out


def text_of(line: str, path: str) -> str:
    """A line as it is compared: without the white space around it that means nothing in such a file."""
    if _INDENTED.search(path):
        return line.rstrip("\r\n")
    text = line.strip() if '"' in line or "'" in line else " ".join(line.split())
    return ("\t" if line[:1] == "\t" and _MAKEFILE.search(path) else "") + text


def is_blank(hunk: Hunk, path: str) -> bool:
    """Whether a hunk changes nothing but blank lines, which mean nothing in such a file."""
    return not any(line[1:].strip() for line in hunk.changed) and not _INDENTED.search(path)


@dataclass(frozen=True)
class Texts:
    """A file's lines, or a function's, without indentation; those that are not there have none."""

    lines: FileLines

    @cached_property
    def count(self) -> Counter[str]:
        """How often each is there."""
        return Counter(line.decode("utf-8", "surrogateescape").strip() for line in self.lines)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Those that say something, with the next one that does."""
        every = (line.decode("utf-8", "surrogateescape").strip() for line in self.lines)
        return frozenset(pairwise(line for line in every if says(line)))


@dataclass
class Brought:
    """What an arrival did to the file of a patch's diff, of which each run is found once; `file`: as it left it."""

    diff: FileDiff
    file: Texts
    _used: set[int] = field(default_factory=set)

    def has(self, hunk: Hunk, there: Texts | None) -> bool:
        """Whether the runs of a hunk are runs of the diff, in order, each in its place. `there`: the target's file."""
        found: list[int] = []
        for mine in runs(hunk, self.diff.path):
            first = found[-1] + 1 if found else 0
            free = [i for i in range(first, len(self._runs)) if i not in self._used]
            chained = bool(found) and first in free and is_next(mine, self._runs[first])
            at = first if chained else next((i for i in free if self._is(mine, self._runs[i], there)), None)
            if at is None:
                return False
            found.append(at)
        self._used |= set(found)
        return bool(found)

    @cached_property
    def _runs(self) -> list[Run]:
        return [run for hunk in self.diff.hunks for run in runs(hunk, self.diff.path)]

    def _is(self, mine: Run, other: Run, there: Texts | None) -> bool:
        if mine.added != other.added:
            return False
        if mine.removed == other.removed and self._is_placed(mine, other):
            return True
        return there is not None and self._is_instead(mine, other, there)

    def _is_instead(self, mine: Run, other: Run, there: Texts) -> bool:
        """Whether two runs put in the same, in place of as many other lines, all of which are gone from the file.

        One side has to begin with the same line.
        """
        if not any(starmap(same_begin, ((mine.before, other.before), (mine.behind, other.behind)))):
            return False
        if not mine.added or len(mine.removed) != len(other.removed) or not mine.gone:
            return False
        return not any(there.count[line] or self.file.count[line] for line in mine.gone)

    def _is_placed(self, mine: Run, other: Run) -> bool:
        """Whether two equal runs can only be at one place of the file, or of the function that both name."""
        if any(not self.file.count[line] for line in mine.gone):
            return True  # as in the file of the patch, it stood there alone
        if is_one_place(mine, other, self.file) or not (self.diff.old or mine.before or mine.behind):
            return True
        return mine.section == other.section and is_one_place(mine, other, Texts(body(mine.section, self.file.lines)))


def is_next(mine: Run, other: Run) -> bool:
    """Whether two equal runs follow others with the same lines between, so that they are where those are."""
    same = (mine.removed, mine.added, mine.before) == (other.removed, other.added, other.before)
    return same and mine.follows and other.follows


def is_one_place(mine: Run, other: Run, text: Texts) -> bool:
    """Whether two runs are as far from the same line, which a text has once, or between the same two.

    Those have to be there, but nowhere one after the other: else the patch may be about the second such place.
    """
    sides = ((mine.before, other.before), (mine.behind, other.behind))
    if any(have_anchor(*side, text.count) for side in sides):
        return True
    before, behind = starmap(same_begin, sides)
    if not before or not behind or not text.count[before] or not text.count[behind]:
        return False
    return (before, behind) not in text.pairs


def have_anchor(mine: Sequence[str], other: Sequence[str], count: Counter[str]) -> bool:
    """Whether the same line, which is once in a text, is as near in both; no brace may be between in one alone."""
    for ours, theirs in zip(mine, other, strict=False):
        if ours == theirs and count[ours] == 1 and says(ours):
            return True
        if ours != theirs and not (says(ours) and says(theirs)):
            return False
    return False


def same_begin(mine: Sequence[str], other: Sequence[str]) -> str:
    """The first line that says something, where all is the same up to it; "" for none."""
    for ours, theirs in zip(mine, other, strict=False):
        if ours != theirs:
            return ""
        if says(ours):
            return ours
    return ""


def lines_in(hunk: Hunk, diffs: Iterable[FileDiff]) -> list[bool]:
    """Whether each changed line of a hunk that is not blank is one that a diff changes so, indentation aside."""
    known = {line[:1] + line[1:].strip() for diff in diffs for one in diff.hunks for line in one.changed}
    return [line[:1] + line[1:].strip() in known for line in hunk.changed if line[1:].strip()]
