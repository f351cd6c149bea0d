"""Patches of one queue that take back what an earlier one does: the later one cannot go while the earlier one stays.

A backport and its revert are both upstream: the target has the revert's lines, and not the backport's. Without the
revert the queue would bring the change again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from patches.findings import Answer, PatchResult, Standing
from patches.queues.entries import QueueEntry
from patches.text.lines import bytes_of, is_telling, line_key
from patches.text.patch import Patch
from patches.verdicts.witnesses import can_be_dropped


def add_undone(results: Sequence[PatchResult], entries: Sequence[QueueEntry]) -> list[PatchResult]:
    """Says of each patch that could be dropped which earlier ones, which stay, it takes back lines of."""
    staying: dict[tuple[str, str, int], list[str]] = {}  # what a patch does to a line -> the names of those that do it
    out = []
    for result, entry in zip(results, entries, strict=True):
        if can_be_dropped(result):
            back = (name for act in acts(entry.patch) for name in staying.get(opposite(act), ()))
            result = msgspec.structs.replace(result, undoes=tuple(dict.fromkeys(back)))
        if result.undoes or (not can_be_dropped(result) and would_come_again(result)):
            for act in acts(entry.patch):
                staying.setdefault(act, []).append(entry.name)
        out.append(result)
    return out


def would_come_again(one: PatchResult) -> bool:
    """Whether a patch that stays does something that the target has not: else it is only to be looked at."""
    told = one.witnesses
    if told is None or told.match.has is not Answer.YES:
        return True
    return any(place.standing is Standing.ABSENT for place in told.target.places)


def acts(patch: Patch) -> Iterator[tuple[str, str, int]]:
    """(path, "+" or "-", key) of the lines that a patch puts in or takes out of a file, and does not only move."""
    for one in patch.files:
        keys: dict[str, set[int]] = {"+": set(), "-": set()}
        for hunk in one.hunks:
            for line in hunk.changed:
                text = bytes_of(line[1:])
                if is_telling(text):
                    keys[line[:1]].add(line_key(text))
        for sign, other in ("+-", "-+"):
            yield from ((one.path, sign, key) for key in keys[sign] - keys[other])


def opposite(act: tuple[str, str, int]) -> tuple[str, str, int]:
    """What takes an act back."""
    path, sign, key = act
    return path, "-" if sign == "+" else "+", key
