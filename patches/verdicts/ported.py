"""A change and its backport, compared by where each stands in the file that it was made for.

Context tells little where lines near a change differ. But where both files are known, their lines that are the same
tell which place of the one is which of the other, and there the same lines have to be taken out and put in.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from patches.text.lines import is_telling
from patches.text.patch import FileDiff, Hunk
from patches.verdicts.apply import FileLines, places_of, sides
from patches.verdicts.based import Change, Since, changes, without_ends
from patches.verdicts.functions import enclosing, is_elsewhere

VERSIONS = 128
"""How many of a file's versions are tried as what a patch was made for."""
GAP = 40
"""Lines without a counterpart among which a place is still taken for the same."""

Changes = list[list[Change]]
"""What each hunk of a diff changes."""


@dataclass(frozen=True)
class Ported:
    """A patch's `base`, and upstream's change of the file that it had `before`. Lines are without their ends."""

    base: Sequence[bytes]
    before: Sequence[bytes]
    theirs: Sequence[Change]
    _used: set[int] = field(default_factory=set)

    def has(self, mine: Sequence[Change]) -> bool:
        """Whether upstream's change has all of a hunk's, each at its place, and each once."""
        found: list[int] = []
        for change in mine:
            at = next((i for i, one in enumerate(self.theirs) if self._is(change, one, found, i)), None)
            if at is None:
                return False
            found.append(at)
        self._used.update(found)
        return bool(found)

    def _is(self, mine: Change, other: Change, found: Sequence[int], number: int) -> bool:
        if mine.new != other.new or number in self._used or number in found:
            return False
        if not self.is_beside(mine, other):
            return False
        removed = iter(self.before[other.start : other.end])
        if not all(line in removed for line in self.base[mine.start : mine.end]):
            return False
        return enclosing(self.base, mine.start) == enclosing(self.before, other.start)

    def is_beside(self, mine: Change, other: Change) -> bool:
        """Whether two changes are between the same lines that both files have, and just beside one of these.

        With others between, which only one of the files has, the change may be before those, or after; but not where
        both take out a line that both files have.
        """
        first = bisect_left(self._same, (mine.start, -1)) - 1
        behind = bisect_left(self._same, (mine.end, -1))
        above = self._same[first] if first >= 0 else (-1, -1)
        below = self._same[behind] if behind < len(self._same) else (len(self.base), len(self.before))
        if not (above[1] < other.start and other.end <= below[1]):
            return False
        if below[1] - above[1] > 1 + GAP + mine.end - mine.start:
            return False
        if any(other.start <= place < other.end for _, place in self._same[first + 1 : behind]):
            return True
        return (above[0] + 1, above[1] + 1) == (mine.start, other.start) or below == (mine.end, other.end)

    @cached_property
    def _same(self) -> list[tuple[int, int]]:
        """The lines that both files have, in an order that both have."""
        return Since(self.base, self.before).same()


def base_of(
    one: FileDiff, known: Since | None, versions: Callable[[], Iterable[FileLines]]
) -> tuple[Sequence[bytes], Changes] | None:  # fmt: skip
    """(the file that a diff was made for, what each hunk changes there); None where none is known.

    It is the content that the diff names. Where that is not known, a version of the file serves in which each hunk has
    one place, with all of its context: that the patch can be applied to it makes its place there certain.
    """
    if known is not None:
        own = [changes(hunk, known.base) for hunk in one.hunks]
        return (known.base, [part for part in own if part]) if all(own) else None
    for lines in versions():
        placed = [at_only_place(hunk, lines) for hunk in one.hunks]
        base = without_ends(lines)
        own = [changes(hunk, base) if hunk else None for hunk in placed]
        if all(own):
            return base, [part for part in own if part]
    return None


def at_only_place(hunk: Hunk, lines: FileLines) -> Hunk | None:
    """A hunk with the number of the one place of a file where its old side stands; None for none, or for several."""
    forward, _ = sides(hunk)
    if not forward.find or not any(is_telling(line) for line in forward.find):
        return None
    found = places_of(lines, forward.find)
    if len(found) != 1 or is_elsewhere(hunk, lines, found[0]):
        return None
    return replace(hunk, old_start=found[0] + 1)
