"""What later changes rewrote: a hunk looked for in the commit that brought the change, in its files and in its diff.

A backport has other context than the change, and other names of files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from patches.text.lines import bytes_of, is_telling
from patches.text.names import tail
from patches.text.patch import FileDiff, Patch
from patches.verdicts.apply import FileLines, FileTree, lines_of


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


def file_of(diff: FileDiff, arrival: Arrival) -> FileLines:
    """The file of an arrival's own diff as it left it; no lines when it removed it."""
    return lines_of(arrival.files.read(diff.new)) if diff.new and arrival.files.find(diff.new) else []


def same_name(one: FileDiff, arrival: Arrival) -> list[FileDiff]:
    """What an arrival did to files of this name in any folder, those of a folder of the same name first."""
    for part in (tail, name_of):
        found = [diff for diff in arrival.diffs if part(diff.path) == part(one.path)]
        if found:
            return found
    return []


def counterparts(one: FileDiff, patch: Patch, arrival: Arrival, *, elsewhere: bool = False) -> list[FileDiff]:
    """What an arrival did to the same file; where it has no such file, to one of its name, or to what is left over.

    No other part of the patch is about those, by path; left over are files that none is about by name either: upstream
    has the code in another file. `elsewhere`: the target's file has none of it; then the arrival's may be there, too.
    """
    same = [diff for diff in arrival.diffs if {diff.old, diff.new} & {one.old, one.new} - {""}]
    there = any(arrival.files.find(path) for path in (one.old, one.new) if path)
    if same or (there and not (elsewhere and has_none_of(arrived(one, arrival), one))):
        return same
    own = {path for other in patch.files for path in (other.old, other.new) if path}
    free = [diff for diff in arrival.diffs if not {diff.old, diff.new} & own]
    for part in (tail, name_of):
        if found := [diff for diff in free if part(diff.path) == part(one.path)]:
            return found
    taken = {name_of(other.path) for other in patch.files if other.path not in {diff.path for diff in arrival.diffs}}
    return [diff for diff in free if name_of(diff.path) not in taken]


def has_none_of(lines: FileLines | None, one: FileDiff) -> bool:
    """Whether a file is there, and none of the lines in it that a diff leaves or takes out and that say something."""
    old = {bytes_of(line[1:]).strip() for hunk in one.hunks for line in hunk.lines if line[:1] != "+"}
    old = {line for line in old if is_telling(line)}
    return lines is not None and bool(old) and old.isdisjoint(line.strip() for line in lines)


def name_of(path: str) -> str:
    """Name of a file."""
    return path.rpartition("/")[2]
