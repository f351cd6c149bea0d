"""What later changes rewrote: a hunk looked for in the commit that brought the change, in its files and in its diff.

A backport has other context than the change, and names of files that they had before. Which those are the history's
own renames tell: another file of the same name, in another folder, is another file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from patches.text.patch import FileDiff, Patch
from patches.verdicts.apply import FileLines, FileTree, lines_of

Renamed = Callable[[str], Iterable[str]]
"""A path -> the file's other names, the nearest first."""


@dataclass(frozen=True)
class Arrival:
    """A commit that brought the change, or a part of it, to the target: its files, and its diff when asked.

    `before`: the files of its first parent; None where they are not known.
    """

    sha: str
    files: FileTree
    read: Callable[[], Patch]
    renamed: Renamed = lambda path: ()
    before: FileTree | None = None

    @cached_property
    def diffs(self) -> tuple[FileDiff, ...]:
        """What it did to each file."""
        return self.read().files


def own_names(one: FileDiff) -> list[str]:
    """The new and the old name of the file that a diff is about."""
    return [path for path in dict.fromkeys((one.new, one.old)) if path]


def names_of(one: FileDiff, renamed: Renamed) -> Iterator[str]:
    """The names of the file that a diff is about: its own, then those of a renamed file.

    A file that a diff removes has its own name alone.
    """
    yield from own_names(one)
    for path in own_names(one) if one.new else ():
        yield from renamed(path)


def arrived(one: FileDiff, arrival: Arrival) -> FileLines | None:
    """The file of a diff as an arrival left it; None when it has none."""
    path = next((path for path in names_of(one, arrival.renamed) if arrival.files.find(path)), "")
    return lines_of(arrival.files.read(path)) if path else None


def file_of(diff: FileDiff, arrival: Arrival) -> FileLines:
    """The file of an arrival's own diff as it left it; no lines when it removed it."""
    return lines_of(arrival.files.read(diff.new)) if diff.new and arrival.files.find(diff.new) else []


def file_before(diff: FileDiff, arrival: Arrival) -> FileLines | None:
    """The file of an arrival's own diff as it was before; None when it was not there, or is not known."""
    tree = arrival.before
    return lines_of(tree.read(diff.old)) if tree and diff.old and tree.find(diff.old) else None


def counterparts(one: FileDiff, arrival: Arrival) -> list[FileDiff]:
    """What an arrival did to the file that a diff is about, under its own name if it has it, else under any."""
    own = own_names(one)
    known = any(path in own for diff in arrival.diffs for path in (diff.old, diff.new))
    for path in own if known or any(map(arrival.files.find, own)) else names_of(one, arrival.renamed):
        if found := [diff for diff in arrival.diffs if path in (diff.old, diff.new)]:
            return found
    return []
