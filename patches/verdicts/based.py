"""Where a patch stands whose base is known: git's own comparison of the file that it was made for with another one.

A diff of git's names the file's content by its hash. Where the upstream has that content, nothing has to be guessed
from context: what the patch changes, and what upstream changed since, are lines of one file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from patches.findings import Standing
from patches.text.lines import bytes_of, is_telling
from patches.text.patch import FileDiff, Hunk
from patches.verdicts.apply import FileLines


class Change(NamedTuple):
    """Lines `start` up to `end` of the base (from 0, the end not included) with others in their place."""

    start: int
    end: int
    new: tuple[bytes, ...]


class Since(NamedTuple):
    """The lines of a base, and how another file differs from it."""

    base: Sequence[bytes]
    changes: Sequence[Change]


def standings(one: FileDiff, since: Since) -> list[Standing | None]:
    """Of each hunk whether the other file has it, by the place in the base; None where that does not tell.

    Everything is None where the patch is not about this base.
    """
    mine = [changes(hunk, since.base) for hunk in one.hunks]
    if any(part is None for part in mine):
        return [None] * len(mine)
    theirs = [slid(change, since.base) for change in since.changes]
    return [together([state(change, theirs, since.base) for change in part or ()]) for part in mine]


def together(states: Sequence[Standing | None]) -> Standing | None:
    """The standing of a hunk, by those of its changes."""
    if not states or None in states:
        return None
    return Standing.STANDS if set(states) == {Standing.STANDS} else Standing.ABSENT


def state(mine: Change, theirs: Sequence[Change], base: Sequence[bytes]) -> Standing | None:
    """Whether one change is among others of the same base; None where one of those overlaps it and is another."""
    near = [one for one in theirs if one.start <= mine.end and mine.start <= one.end]
    if mine in near or any(has(one, mine, base) for one in near):
        return Standing.STANDS
    return None if near else Standing.ABSENT


def has(whole: Change, part: Change, base: Sequence[bytes]) -> bool:
    """Whether a change begins or ends with another one, and takes out what that takes out."""
    if not (whole.start <= part.start and part.end <= whole.end):
        return False
    count = len(part.new)
    if part.start == whole.start and whole.new[:count] == part.new:
        rest = whole.new[count:]
    elif part.end == whole.end and whole.new[len(whole.new) - count :] == part.new:
        rest = whole.new[: len(whole.new) - count]
    else:
        return False
    kept = {line.strip() for line in rest}
    return not any(line.strip() in kept for line in base[part.start : part.end] if is_telling(line))


def changes(hunk: Hunk, base: Sequence[bytes]) -> list[Change] | None:
    """What a hunk changes, by the lines of its base; None where these are others than it says."""
    if hunk.old_eof or hunk.new_eof:
        return None
    at = hunk.old_start - bool(hunk.old_count)
    out: list[Change] = []
    for line in hunk.lines:
        text = bytes_of(line[1:])
        if line[:1] != "+" and (at >= len(base) or base[at] != text):
            return None
        if line[:1] in ("+", "-"):
            last = out[-1] if out and out[-1].end == at else Change(at, at, ())
            put = (*last.new, text) if line[:1] == "+" else last.new
            out = [one for one in out if one is not last] + [Change(last.start, at + (line[:1] == "-"), put)]
        at += line[:1] != "+"
    return [slid(change, base) for change in out]


def slid(change: Change, base: Sequence[bytes]) -> Change:
    """The same change in one form: without what both sides begin or end with, and as far up as it can stand."""
    start, end, new = change.start, change.end, list(change.new)
    while start < end and new and base[start] == new[0]:
        start, new = start + 1, new[1:]
    while start < end and new and base[end - 1] == new[-1]:
        end, new = end - 1, new[:-1]
    while start == end and new and start and base[start - 1] == new[-1]:
        start, end, new = start - 1, end - 1, [new[-1], *new[:-1]]
    while not new and start < end and start and base[start - 1] == base[end - 1]:
        start, end = start - 1, end - 1
    return Change(start, end, tuple(new))


def compared(diff: Sequence[FileDiff], base: FileLines) -> Since | None:
    """A base with a diff of it; None where that cannot be read so."""
    lines = [line.rstrip(b"\n") for line in base]
    every: list[Change] = []
    for one in diff:
        if one.binary:
            return None
        for hunk in one.hunks:
            found = changes(hunk, lines)
            if found is None:
                return None
            every += found
    return Since(lines, every)
