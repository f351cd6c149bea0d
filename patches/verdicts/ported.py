"""A change and its backport, compared by where each stands in the file that it was made for.

Context tells little where lines near a change differ. But where both files are known, their lines that are the same
tell which place of the one is which of the other, and there the same lines have to be taken out and put in.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from patches.text.lines import is_telling
from patches.text.patch import FileDiff, Hunk
from patches.verdicts.apply import FileLines, places_of, sides
from patches.verdicts.based import Change, Since, all_changes, changes, shapes, without_ends
from patches.verdicts.functions import Functions, closes, is_elsewhere, is_free_form
from patches.verdicts.runs import plain

VERSIONS = 40
"""How many of a file's versions are tried as what a patch was made for."""
FEW = 2
"""Lines beside a change that may have another form, where their number is the same."""

Changes = list[list[Change]]
"""What each hunk of a diff changes."""


@dataclass(frozen=True)
class Ported:
    """A patch's `base`, and upstream's change of the file that it had `before`: `theirs`, in the order of the lines.

    Lines are without their ends. `path`: the file's, since in some white space means nothing.
    """

    base: Sequence[bytes]
    before: Sequence[bytes]
    theirs: Sequence[Change]
    path: str = ""

    def has(self, mine: Sequence[Change]) -> bool:
        """Whether upstream's change has all of a hunk's, each at its place, and each once."""
        found: list[int] = []
        for change in mine:
            at = next((i for i in self._near(change) if i not in found and self._is(change, self.theirs[i])), None)
            if at is None:
                return False
            found.append(at)
        return bool(found)

    def _put(self, change: Change, lines: Sequence[bytes]) -> list[bytes]:
        put = plain(change.new, self.path, lines[change.start - 1] if change.start else b"")
        return [line for line in put if line or not is_free_form(self.path)]

    def _near(self, mine: Change) -> range:
        """Those of upstream's changes that are between the same lines that both files have."""
        above, below, _ = self._around(mine)
        return range(bisect_right(self._starts, above[1]), bisect_right(self._starts, below[1]))

    def _is(self, mine: Change, other: Change) -> bool:
        if self._put(mine, self.base) != self._put(other, self.before) or not self.is_beside(mine, other):
            return False
        return self._functions[0].at(mine.start) == self._functions[1].at(other.start)

    def is_beside(self, mine: Change, other: Change) -> bool:
        """Whether two changes take out the same lines, or are beside one that both files have.

        With others between, which only one of the files has, the change may be before those, or after.
        """
        above, below, removed = self._around(mine)
        if other.end > below[1]:
            return False
        told = sum(is_telling(line) for line in self.base[mine.start : mine.end])
        same = [place for place in removed if other.start <= place < other.end and is_telling(self.before[place])]
        if len(same) != told:
            return False
        sides = (
            (self.base[above[0] + 1 : mine.start], self.before[above[1] + 1 : other.start]),
            (self.base[mine.end : below[0]], self.before[other.end : below[1]]),
        )
        beside = [line for side in sides for lines in side for line in lines]
        return (
            (bool(same) and not any(map(shapes, beside)))
            or self._touches(above, mine.start - 1, other.start - 1, -1)
            or self._touches(below, mine.end, other.end, 1)
            or all(are_alike(*side) for side in sides)
        )

    def _touches(self, pair: tuple[int, int], mine: int, other: int, step: int) -> bool:
        """Whether the lines from a place on are the same, up to a pair that both files have, or a file's end.

        Not behind the end of a block: two blocks may end before the same line.
        """
        while (mine, other) != pair:
            if not (0 <= mine < len(self.base) and 0 <= other < len(self.before)):
                return False
            line = self._plain[0][mine]
            if line != self._plain[1][other]:
                return False
            if step > 0 and closes(line):
                return self.base[mine] == self.before[other] == b"}"  # at the margin: the function's end
            mine, other = mine + step, other + step
        return step < 0 or mine == len(self.base) or not closes(self.base[mine])

    def _around(self, mine: Change) -> tuple[tuple[int, int], tuple[int, int], list[int]]:
        """The nearest lines that both files have, and where those are that a change takes out: in the base, before."""
        first = bisect_left(self._same, (mine.start, -1)) - 1
        behind = bisect_left(self._same, (mine.end, -1))
        above = self._same[first] if first >= 0 else (-1, -1)
        below = self._same[behind] if behind < len(self._same) else (len(self.base), len(self.before))
        return above, below, [place for _, place in self._same[first + 1 : behind]]

    @cached_property
    def _same(self) -> list[tuple[int, int]]:
        """The lines that both files have and that say something, in an order that both have."""
        return [(i, j) for i, j in Since(*self._plain).same if is_telling(self.base[i])]

    @cached_property
    def _plain(self) -> tuple[list[bytes], list[bytes]]:
        return plain(self.base, self.path), plain(self.before, self.path)

    @cached_property
    def _starts(self) -> list[int]:
        return [one.start for one in self.theirs]

    @cached_property
    def _functions(self) -> tuple[Functions, Functions]:
        return Functions(self.base, self.path), Functions(self.before, self.path)


def are_alike(lines: Sequence[bytes], others: Sequence[bytes]) -> bool:
    """Whether lines are others in the same number, a few, of which none shapes what is near it."""
    mine, theirs = ([line for line in some if is_telling(line)] for some in (lines, others))
    return len(mine) == len(theirs) <= FEW and not any(map(shapes, [*lines, *others]))


def base_of(
    one: FileDiff, known: Since | None, versions: Callable[[], Iterable[FileLines]]
) -> tuple[Sequence[bytes], Changes] | None:  # fmt: skip
    """(the file that a diff was made for, what each hunk changes there); None where none is known.

    It is the content that the diff names, if its lines are those; a patch that was edited names another one. Where that
    is not known, a version of the file serves in which each hunk has one place, with all of its context: that the patch
    can be applied to it makes its place there certain.
    """
    if known is not None and (own := all_changes(one, known)):
        return known.base, own
    for lines in versions():
        placed: list[Hunk] = []
        for hunk in one.hunks:
            if (there := at_only_place(hunk, lines)) is None:
                break
            placed.append(there)
        base = without_ends(lines) if len(placed) == len(one.hunks) else []
        found = [changes(hunk, base) or [] for hunk in placed]
        if base and all(found):
            return base, found
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
