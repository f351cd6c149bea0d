"""Where a patch stands whose base is known: the file that it was made for, compared with another one.

A diff of git's names the file's content by its hash. Where the upstream has that content, nothing has to be guessed
from context: what the patch changes, and what upstream changed since, are lines of one file.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import NamedTuple

from patches.text.lines import bytes_of, says
from patches.text.patch import FileDiff, Hunk
from patches.verdicts.apply import places_of, sides
from patches.verdicts.functions import closes

_SHAPES = re.compile(
    rb"[{}]|#\s*(?:if|el|end|undef|pragma|line)|:\s*$|^\S+\s*:(?!=)|^\[[^\]=]*\]\s*$|\b(?:ifn?(?:def|eq)|endif)\b|"
    rb"[Ll][Oo][Cc][Kk]|[Mm][Uu][Tt][Ee][Xx]|irq_(?:save|restore|disable|enable)|\b(?:down|up)_(?:read|write)|preempt_|"
    rb"^\s*(?:comment\s*\"|(?:exec|cd|set|trap)\s|(?:help|---help---|define\b.*|endef)\s*$)|"
    rb"\b(?:BUG|panic)\s*\(|RETURN|unreachable|UNREACHABLE|"
    rb"^\s*\.(?:section|text|data|bss|code\d+|p?previous|pushsection|popsection|macro|endm|rept|endr|org|set)\b|"
    rb"\b(?:break|case|choice|config|continue|default|do|done|elif|else|esac|except|exit|fi|for|goto|if|menu|return|"
    rb"switch|then|while)\b|(?:\b|_)for_|[\\|&=(+\-?<)]\s*$"
)
_BRANCHES = re.compile(
    rb"[{}]|#\s*(?:if|el|end)|\b(?:case|do|done|elif|else|endif|esac|fi|for|if|ifn?(?:def|eq)|switch|then|while)\b|_for_"
)
"""What may be ended by lines behind it."""
_CONDITION = re.compile(rb"\s*#\s*(if|endif)")
_GOES_ON = re.compile(rb"[\\|&=(+\-?<)]\s*$|\b(?:do|else)\s*$")
"""What the next line belongs to."""
MARGIN = 3
"""Lines that both files have once, on each side of a change, up to which they are compared."""
MOST = 4_000_000
"""Pairs of lines that are compared there."""
WORK = 40_000_000
"""Pairs of equal lines, times the lines of the shorter side: what comparing may cost where a line is there often."""


def without_ends(lines: Sequence[bytes]) -> list[bytes]:
    """Lines without the b"\\n" that ends them."""
    return [line.rstrip(b"\n") for line in lines]


class Change(NamedTuple):
    """Lines `start` up to `end` of the base (from 0, the end not included) with others in their place."""

    start: int
    end: int
    new: tuple[bytes, ...]


@dataclass(frozen=True)
class Since:
    """A base and another file: how they differ, where that is asked for. Lines are without their ends."""

    base: Sequence[bytes]
    other: Sequence[bytes]

    @cached_property
    def _anchors(self) -> list[tuple[int, int]]:
        """The lines that both have once, in an order that both have: as many as can be, as in a patience diff."""
        once = [{line for line, count in Counter(lines).items() if count == 1} for lines in (self.base, self.other)]
        at = {line: place for place, line in enumerate(self.other) if line in once[1]}
        pairs = [(place, at[line]) for place, line in enumerate(self.base) if line in once[0] and line in at]
        tails: list[int] = []
        ends: list[int] = []
        before: list[int] = []
        for number, (_, place) in enumerate(pairs):
            length = bisect_left(tails, place)
            before.append(ends[length - 1] if length else -1)
            tails[length : length + 1] = [place]
            ends[length : length + 1] = [number]
        out = []
        number = ends[-1] if ends else -1
        while number >= 0:
            out.append(pairs[number])
            number = before[number]
        return out[::-1]

    @cached_property
    def same(self) -> list[tuple[int, int]]:
        """The lines of the base that the other file has, with their numbers there: the anchors, and what is between."""
        out: list[tuple[int, int]] = []
        low = (0, 0)
        for high in (*self._anchors, (len(self.base), len(self.other))):
            ours, theirs = self.base[low[0] : high[0]], self.other[low[1] : high[1]]
            if ours and theirs and can_be_compared(ours, theirs):
                blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
                out += [(low[0] + i + k, low[1] + j + k) for i, j, count in blocks for k in range(count)]
            if high[0] < len(self.base):
                out.append(high)
            low = (high[0] + 1, high[1] + 1)
        return out

    @cached_property
    def places(self) -> list[int]:
        """The numbers of these lines in the other file, in their order."""
        return [place for _, place in self.same]

    def around(self, start: int, end: int) -> list[Change]:
        """The changes between the anchors around some lines; none where those are too far away."""
        first = max(0, bisect_left(self._anchors, (start, -1)) - MARGIN)
        last = bisect_left(self._anchors, (end, -1)) + MARGIN
        low = self._anchors[first] if self._anchors and first else (0, 0)
        high = self._anchors[last] if last < len(self._anchors) else (len(self.base), len(self.other))
        ours, theirs = self.base[low[0] : high[0]], self.other[low[1] : high[1]]
        if not can_be_compared(ours, theirs):
            return []
        steps = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
        return [
            slid(Change(low[0] + i, low[0] + j, tuple(theirs[k:m])), self.base)
            for word, i, j, k, m in steps
            if word != "equal"
        ]


def can_be_compared(ours: Sequence[bytes], theirs: Sequence[bytes]) -> bool:
    """Whether difflib compares these lines in little time: what it takes grows with those that are equal, and again."""
    if len(ours) * len(theirs) > MOST:
        return False
    times = Counter(theirs)
    return sum(times[line] for line in ours) * min(len(ours), len(theirs)) <= WORK


def there(one: FileDiff, since: Since) -> list[bool]:
    """Of each hunk whether the other file has it, by its place in the base; all False where that is another base.

    False is no proof of the contrary: lines can be compared in more than one way.
    """
    mine = all_changes(one, since.base)
    return [is_there(part, since) for part in mine] if mine else [False] * len(one.hunks)


def all_changes(one: FileDiff, base: Sequence[bytes]) -> list[list[Change]]:
    """What each hunk of a diff changes; none where the base has other lines, or a hunk changes nothing."""
    mine = [changes(hunk, base) or [] for hunk in one.hunks]
    return mine if all(mine) else []


def is_another(hunk: Hunk, at: int, since: Since) -> bool:
    """Whether the place of the other file where a hunk's new side stands is that of other lines than the hunk's.

    That can only be where the base has several such places; then the lines of the context tell, which both files have.
    """
    forward, _ = sides(hunk)
    first = hunk.old_start - 1
    ours = range(first, first + len(forward.find))
    old = tuple(line.rstrip(b"\n") for line in forward.find)
    if not old or len(places_of(since.base, old)) < 2:
        return False
    kept = [line for line in hunk.lines if line[:1] != "-"]
    low = bisect_left(since.places, at)
    high = bisect_left(since.places, at + len(kept))
    pairs = ((line, kept[place - at]) for line, place in since.same[low:high])
    told = [line in ours for line, text in pairs if text[:1] != "+" and says(text[1:])]
    return bool(told) and not any(told)


def is_there(mine: Sequence[Change], since: Since) -> bool:
    """Whether all changes of a hunk are among those of the other file, or begin or end one of them."""
    theirs = since.around(mine[0].start, mine[-1].end)
    return all(change in theirs or any(has(one, change, since.base) for one in theirs) for change in mine)


def has(whole: Change, part: Change, base: Sequence[bytes]) -> bool:
    """Whether a change has all of another one at its place, and nothing that makes it mean something else there.

    Both only put in, and one begins or ends with the other's lines; or both only take out, and one takes out more.
    """
    if not part.new:
        more = [*base[whole.start : part.start], *base[part.end : whole.end]]
        return not whole.new and whole.start <= part.start < part.end <= whole.end and not any(map(shapes, more))
    if not whole.start == whole.end == part.start == part.end:
        return False
    count = len(part.new)
    if whole.new[:count] == part.new:
        rest = whole.new[count:]
        return not rest or not (
            _GOES_ON.search(part.new[-1]) or ends_another(rest) or any(map(_BRANCHES.search, part.new))
        )
    first = whole.new[: len(whole.new) - count]
    return whole.new[len(first) :] == part.new and not any(map(shapes, first))


def ends_another(lines: Sequence[bytes]) -> bool:
    """Whether lines end a block, or a branch of one, that begins before them."""
    depth = 0
    for line in lines:
        if closes(line) and not depth:
            return True
        depth += line.count(b"{") - line.count(b"}")
        condition = _CONDITION.match(line)
        if condition:
            depth += 1 if condition[1] == b"if" else -1
        if depth < 0:
            return True
    return False


def shapes(line: bytes) -> bool:
    """Whether a line may make what is near it mean something else: a branch, a label, a lock."""
    return _SHAPES.search(line) is not None


def changes(hunk: Hunk, base: Sequence[bytes]) -> list[Change] | None:
    """What a hunk changes, by the lines of its base; None where these are others than it says."""
    if hunk.old_eof or hunk.new_eof:
        return None
    at = hunk.old_start - bool(hunk.old_count)
    out: list[tuple[int, int, list[bytes]]] = []
    for line in hunk.lines:
        text = bytes_of(line[1:])
        if line[:1] != "+" and (at >= len(base) or base[at] != text):
            return None
        if line[:1] in ("+", "-"):
            start, end, new = out.pop() if out and out[-1][1] == at else (at, at, [])
            if line[:1] == "+":
                new.append(text)
            out.append((start, end + (line[:1] == "-"), new))
        at += line[:1] != "+"
    return [slid(Change(start, end, tuple(new)), base) for start, end, new in out]


def slid(change: Change, base: Sequence[bytes]) -> Change:
    """The same change in one form: without what both sides begin or end with, and as far up as it can stand."""
    start, end, new = change.start, change.end, deque(change.new)
    while start < end and new and base[start] == new[0]:
        start += 1
        new.popleft()
    while start < end and new and base[end - 1] == new[-1]:
        end -= 1
        new.pop()
    while start == end and new and start and base[start - 1] == new[-1]:
        start, end = start - 1, end - 1
        new.rotate(1)
    while not new and start < end and start and base[start - 1] == base[end - 1]:
        start, end = start - 1, end - 1
    return Change(start, end, tuple(new))
