"""What later changes rewrote: a hunk looked for in the commit that brought the change, in its files and in its diff.

A backport has other context than the change, other names of files, and sometimes other lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from patches.findings import Standing
from patches.text.lines import is_telling, line_key
from patches.text.names import tail
from patches.text.patch import FileDiff, Hunk, Patch
from patches.verdicts.apply import FileLines, FileTree, lines_of
from patches.verdicts.thresholds import Thresholds


@dataclass(frozen=True)
class Arrival:
    """A commit that brought the change, or a part of it, to the target: its files, and its diff when asked."""

    sha: str
    files: FileTree
    read: Callable[[], Patch]

    @cached_property
    def diffs(self) -> tuple[FileDiff, ...]:
        """What it did to each file."""
        return self.read().files


def arrived(one: FileDiff, arrival: Arrival) -> FileLines | None:
    """The file of a diff as an arrival left it; None when it has none."""
    for path in (one.new, one.old):
        if path and arrival.files.find(path):
            return lines_of(arrival.files.read(path))
    moved = {diff.new for diff in same_name(one, arrival) if diff.new}
    path = moved.pop() if len(moved) == 1 else ""
    return lines_of(arrival.files.read(path)) if path and arrival.files.find(path) else None


def same_name(one: FileDiff, arrival: Arrival) -> list[FileDiff]:
    """What an arrival did to files of this name in any folder, those of a folder of the same name first."""
    for part in (tail, name_of):
        found = [diff for diff in arrival.diffs if part(diff.path) == part(one.path)]
        if found:
            return found
    return []


def counterparts(one: FileDiff, patch: Patch, arrival: Arrival) -> list[FileDiff]:
    """What an arrival did to the same file, or to one of its name; what is left over, where it has no such file."""
    same = [diff for diff in arrival.diffs if {diff.old, diff.new} & {one.old, one.new} - {""}]
    if same or (same := same_name(one, arrival)):
        return same
    there = any(arrival.files.find(path) for path in (one.old, one.new) if path)
    return [] if there else left_over(patch, arrival)


def left_over(patch: Patch, arrival: Arrival) -> list[FileDiff]:
    """What an arrival did to files of which no part of the patch has the name: upstream has code in another file."""
    taken = {name_of(other.path) for other in patch.files}
    return [diff for diff in arrival.diffs if name_of(diff.path) not in taken]


def elsewhere(
    one: FileDiff, left: Sequence[int], diffs: Sequence[tuple[str, FileDiff]]
) -> tuple[dict[int, Standing], list[str]]:
    """Hunks all of whose lines upstream's change has in another file, to which the code moved; and by which commits."""
    out: dict[int, Standing] = {}
    used = []
    for sha, diff in diffs:
        theirs = keys_of(diff.hunks)
        for i in left:
            keys = keys_of([one.hunks[i]])
            if keys and keys <= theirs:
                out[i] = Standing.ADAPTED
                used.append(sha)
    return out, used


def resembling(
    one: FileDiff,
    left: Sequence[int],
    lines: FileLines | None,
    diffs: Sequence[tuple[str, FileDiff]],
    limits: Thresholds,
) -> tuple[dict[int, Standing], list[str]]:
    """Hunks that stand nowhere, line by line: what each is in upstream's change to the same file; and by which commits.

    A line is explained when upstream's change has it, when it resembles one that upstream's change has and the patch
    lacks, or when the target has the file, and that has it once (where it is removed: has it not). In C, a comment and
    an #include beside lines of upstream's are what a backport needs. Others are the queue's own.
    """
    theirs = {key: line for _, diff in diffs for key, line in telling(diff.hunks)}
    ours = dict(telling(one.hunks))
    lacking = [tokens(line) for key, line in theirs.items() if key not in ours]
    there = Counter(line_key(line) for line in lines or ())
    out = {}
    for i in left:
        told = telling([one.hunks[i]])
        known = sum(key in theirs for key, _ in told)
        idle = known and one.path.endswith(C_FILES)
        own = [
            line
            for key, line in told
            if key not in theirs
            and not (idle and is_idle(line))
            and not (lines is not None and is_so(line, there, limits))
            and not any(alike(tokens(line), other) >= limits.alike for other in lacking)
        ]
        if not told:
            out[i] = Standing.TRIVIAL
        elif not own and (known or lacking):
            out[i] = Standing.ADAPTED
        elif known >= limits.adapted * len(told):
            out[i] = Standing.EXTRA
    return out, [sha for sha, _ in diffs] if Standing.ADAPTED in out.values() else []


_IDLE = re.compile(r"[+-]\s*(?:#\s*include\b|//|/\*|\*/$|\*\s[^;={}()]*$)")
C_FILES = (".c", ".h", ".S", ".cc", ".cpp", ".y", ".l", ".dts", ".dtsi")


def is_idle(line: str) -> bool:
    """Whether a changed line of C does nothing by itself: an #include, or wholly a comment."""
    line = line.rstrip()
    ends = line.count("*/")
    return bool(_IDLE.match(line)) and (not ends or (ends == 1 and line.endswith("*/")))


def is_so(line: str, there: Counter[int], limits: Thresholds) -> bool:
    """Whether a file is as a changed line leaves it: without it, or with it once, where it says enough for that."""
    count = there[line_key(raw(line[1:]))]
    return not count if line[:1] == "-" else count == 1 and len(tokens(line)) > limits.words


def telling(hunks: Iterable[Hunk]) -> list[tuple[int, str]]:
    """The telling changed lines, with their keys, signs included."""
    return [(line_key(raw(line)), line) for hunk in hunks for line in hunk.changed if is_telling(raw(line))]


def keys_of(hunks: Iterable[Hunk]) -> set[int]:
    """The keys of the telling changed lines."""
    return {key for key, _ in telling(hunks)}


def raw(line: str) -> bytes:
    """A line's bytes, as they stood."""
    return line.encode("utf-8", "surrogateescape")


_TOKEN = re.compile(r"\w+")


def tokens(line: str) -> frozenset[str]:
    """The words of a changed line, and its sign."""
    return frozenset((*_TOKEN.findall(line), line[:1]))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of words that two lines have in common."""
    return len(one & other) / len(one | other) if one or other else 0.0


def name_of(path: str) -> str:
    """Name of a file."""
    return path.rpartition("/")[2]
