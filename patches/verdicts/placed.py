"""A hunk in a file: which of its sides stands there, with all of its context."""

from __future__ import annotations

from patches.findings import Standing
from patches.text.lines import bytes_of, is_telling, says
from patches.text.patch import FileDiff, Hunk
from patches.verdicts import based
from patches.verdicts.apply import FileLines, locate, places_of, sides
from patches.verdicts.based import Since
from patches.verdicts.functions import is_elsewhere
from patches.verdicts.thresholds import BOUNDS


def in_file(one: FileDiff, lines: FileLines | None, known: Since | None = None) -> list[Standing]:
    """Each hunk in a file, with all of its context; None is a file that is not there. `known`: it and the base."""
    if lines is None:
        state = Standing.STANDS if not one.new else Standing.ABSENT if not one.old else Standing.MISSING
        return [state] * len(one.hunks)
    if not one.old:
        new = [line for hunk in one.hunks for line in sides(hunk)[0].put]
        return [Standing.STANDS if new == lines else Standing.MISSING] * len(one.hunks)
    if not one.new:
        return [Standing.ABSENT] * len(one.hunks)
    if not lines and empties(one):
        return [Standing.STANDS]
    out: list[Standing] = []
    offset = frozen = 0
    for hunk in one.hunks:
        follows = bool(out) and out[-1] is Standing.STANDS
        state, offset, frozen = in_place(hunk, lines, offset, frozen, known, follows=follows)
        out.append(state)
    return out


def empties(one: FileDiff) -> bool:
    """Whether a diff leaves a file without a line."""
    return len(one.hunks) == 1 and one.hunks[0].new_start == 0 == one.hunks[0].new_count


def in_place(
    hunk: Hunk, lines: FileLines, offset: int, frozen: int, known: Since | None = None, *, follows: bool = False
) -> tuple[Standing, int, int]:
    """(what stands, the offset that the next hunk is expected at, the lines that are used up).

    Both sides may be in a file, as where two functions are alike: then nothing is clear, unless the old side is found
    in the new one, as where a block ends like what is before it; or unless
    the new side is just where the hunk before, which stands (`follows`), makes one expect it.
    """
    forward, backward = sides(hunk)
    longer = len(forward.put) - len(forward.find)
    if not hunk.changed:
        return Standing.TRIVIAL, offset, frozen
    here = locate(lines, forward, offset, frozen, 0) if forward.find else None
    there = locate(lines, backward, offset, frozen, 0) if backward.find and says_enough(hunk) else None
    if there is not None and (still_beside(hunk, lines, there.at) or is_elsewhere(hunk, lines, there.at)):
        there = None
    if there is not None and known is not None and based.is_another(hunk, there.at, known):
        there = None
    if there is not None and here is not None:
        inside = there.at <= here.at < there.at + len(backward.find)
        expected = follows and there.offset == offset != here.offset
        if not inside and not expected:
            return Standing.UNCLEAR, offset, frozen
    if there is not None:
        return Standing.STANDS, there.offset + longer, max(frozen, there.at + backward.removed_end)
    if here is not None and not places_of(backward.find, forward.find):
        return Standing.ABSENT, here.offset, max(frozen, here.at + forward.removed_end)
    return Standing.MISSING, offset, frozen


def still_beside(hunk: Hunk, lines: FileLines, at: int) -> bool:
    """Whether a line that a hunk removes at its very begin or end still stands there, at the place of its new side."""
    kept = [line[:1] != "-" for line in hunk.lines]
    if not any(kept):
        return False
    first = [bytes_of(line[1:]) for line in hunk.lines[: kept.index(True)]]
    last = [bytes_of(line[1:]) for line in hunk.lines[len(kept) - kept[::-1].index(True) :]]
    end = at + sum(kept)
    before = [line.rstrip(b"\r\n") for line in lines[max(0, at - len(first)) : at]]
    behind = [line.rstrip(b"\r\n") for line in lines[end : end + len(last)]]
    left = {bytes_of(line[1:]) for line in hunk.lines if line[:1] != "-"}
    gone = {line for line in (*first, *last) if is_telling(line)} - left
    return bool((first and before == first) or (last and behind == last) or gone & {*before, *behind})


def says_enough(hunk: Hunk) -> bool:
    """Whether a side that is found is found for a reason: it has context, and a telling line of the change or more."""
    context = sum(line[:1] not in "+-" for line in hunk.lines)
    told = any(line[:1] == "+" and says(line) for line in hunk.changed)
    return context >= (1 if told else BOUNDS.around)
