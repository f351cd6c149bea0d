"""A change and its backport, compared by where each stands in the file that it was made for.

Context tells little where lines near a change differ. But where both files are known, their lines that are the same
tell which place of the one is which of the other, and there the same lines have to be taken out and put in.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from patches.text.lines import is_telling, of_bytes
from patches.text.patch import FileDiff, Hunk
from patches.verdicts.apply import FileLines, places_of, sides
from patches.verdicts.based import Change, Since, all_changes, changes, shapes, without_ends
from patches.verdicts.definitions import Definition, Margin
from patches.verdicts.functions import Functions, closes, is_elsewhere, is_free_form, leaves
from patches.verdicts.runs import plain

VERSIONS = 40
"""How many of a file's versions are tried as what a patch was made for."""
FEW_LINES = 400
"""Lines without a counterpart among which a place is looked for, and changes that are compared there."""

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
        found: set[int] = set()
        used = Counter[Definition]()
        for change in mine:
            at = next((i for i in self._near(change) if i not in found and self._is(change, self.theirs[i])), None)
            if at is not None:
                found.add(at)
                continue
            used.update(own := self._margins[0].definitions(change))
            if not (own and used <= self._defined) and not self._lists(change):
                return False
        return bool(mine)

    def _lists(self, mine: Change) -> bool:
        """Whether a change of what git ignores is upstream's: in any order, but for what is not to be ignored again."""
        every = (*self.base, *self.before, *mine.new)
        if self.path.rsplit("/", 1)[-1] != ".gitignore" or any(line.startswith(b"!") for line in every):
            return False
        same = (self.theirs[i] for i in self._by_put.get(self._put(mine, self.base), []))
        return any(self.base[mine.start : mine.end] == self.before[one.start : one.end] for one in same)

    @cached_property
    def _defined(self) -> Counter[Definition]:
        """What upstream's changes put in and take out, of whole definitions."""
        return Counter(one for change in self.theirs for one in self._margins[1].definitions(change))

    @cached_property
    def _margins(self) -> tuple[Margin, Margin]:
        return Margin(self.base, self.path), Margin(self.before, self.path)

    def _put(self, change: Change, lines: Sequence[bytes]) -> tuple[bytes, ...]:
        put = plain(change.new, self.path, lines[change.start - 1] if change.start else b"")
        return tuple(line for line in put if line or not is_free_form(self.path))

    @cached_property
    def _by_put(self) -> dict[tuple[bytes, ...], list[int]]:
        """Upstream's changes by what they put in, in the order of the lines."""
        found: dict[tuple[bytes, ...], list[int]] = {}
        for i, one in enumerate(self.theirs):
            found.setdefault(self._put(one, self.before), []).append(i)
        return found

    def _near(self, mine: Change) -> list[int]:
        """Those of upstream's changes that put in the same, between the same lines that both files have: a few."""
        above, below, _ = self._around(mine)
        same = self._by_put.get(self._put(mine, self.base), [])
        first = bisect_right(same, above[1], key=lambda i: self.theirs[i].start)
        behind = bisect_right(same, below[1], key=lambda i: self.theirs[i].start)
        return same[first : min(behind, first + FEW_LINES)]

    def _is(self, mine: Change, other: Change) -> bool:
        if not self.is_beside(mine, other):
            return False
        return self._functions[0].at(mine.start) == self._functions[1].at(other.start)

    def is_beside(self, mine: Change, other: Change) -> bool:
        """Whether two changes take out the same lines, or are beside one that both files have.

        With others between, which only one of the files has, the change may be before those, or after.
        """
        above, below, same = self._around(mine)
        taken, theirs = self._plain[0][mine.start : mine.end], self._plain[1][other.start : other.end]
        left = iter(theirs)
        if other.end > below[1] or not all(line in left for line in taken):
            return False
        told = [line for line in taken if is_telling(line)]
        if sum(other.start <= place < other.end for place in same) != len(told):
            return False
        last = next((line for line in reversed(mine.new or self.base[mine.start : mine.end]) if is_telling(line)), b"")
        ends = mine.start == mine.end  # which of two lines is taken out before it would not be told
        if self._touches(above, mine.start - 1, other.start - 1):
            return True
        if self._touches(below, mine.end, other.end, last, ends=ends):
            return True
        if not told or max(below[0] - above[0], below[1] - above[1]) > FEW_LINES:
            return False
        beside = (
            *self._plain[0][above[0] + 1 : mine.start], *self._plain[1][above[1] + 1 : other.start],
            *self._plain[0][mine.end : below[0]], *self._plain[1][other.end : below[1]],
        )  # fmt: skip
        return not any(shapes(line) or line in told for line in beside)

    def _touches(
        self, pair: tuple[int, int], mine: int, other: int, last: bytes | None = None, *, ends: bool = False
    ) -> bool:
        """Whether the lines from a place up are the same, up to a pair that both files have, or the file's begin.

        With the change's `last` line: from a place down; not behind the end of a block: two may end before one line.
        `ends`: but up to the end of the function.
        """
        step = -1 if last is None else 1
        while (mine, other) != pair:
            if not (0 <= mine < len(self.base) and 0 <= other < len(self.before)):
                return False
            if self._plain[0][mine] != self._plain[1][other]:
                return False
            if last is not None and self._ends_block(mine, last):
                return bool(ends) and self.base[mine] == self.before[other] == b"}"
            mine, other = mine + step, other + step
        if mine < 0:
            return True
        if mine == len(self.base) or (last is not None and self._ends_block(mine, last)):
            return False
        return all(lines[at] == 1 for lines, at in zip(self._counts, self._keys(mine, other), strict=True))

    def _ends_block(self, at: int, last: bytes) -> bool:
        """Whether a line of the base ends the block, or the branch, that the `last` line of a change is in."""
        return closes(self.base[at]) or leaves(of_bytes(self.base[at]), of_bytes(last), self.path)

    def _keys(self, mine: int, other: int) -> list[tuple[str, bytes]]:
        """A line of each file, with the function that it is in."""
        places = zip(self._functions, self._plain, (mine, other), strict=True)
        return [(functions.at(at + 1), lines[at]) for functions, lines, at in places]

    @cached_property
    def _counts(self) -> tuple[Counter[tuple[str, bytes]], ...]:
        """How often each line is in each function, in the base and before."""
        pairs = zip(self._functions, self._plain, strict=True)
        return tuple(Counter((one.at(i + 1), line) for i, line in enumerate(lines)) for one, lines in pairs)

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
    def _functions(self) -> tuple[Functions, Functions]:
        return Functions(self.base, self.path), Functions(self.before, self.path)


def base_of(
    one: FileDiff, known: Since | None, versions: Callable[[], Iterable[FileLines]]
) -> tuple[Sequence[bytes], Changes] | None:  # fmt: skip
    """(the file that a diff was made for, what each hunk changes there); None where none is known.

    It is the content that the diff names, if its lines are those; a patch that was edited names another one. Where that
    is not known, a version of the file serves in which each hunk has one place, with all of its context: that the patch
    can be applied to it makes its place there certain.
    """
    if known is not None and (own := all_changes(one, known.base)):
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
