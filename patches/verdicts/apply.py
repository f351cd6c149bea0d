"""What becomes of a queue's patches at another revision: applied in order, in memory, as GNU patch would apply them.

Places of hunks are looked for as patch(1) does (offsets, then up to two lines of fuzz); what patch(1) would call
"reversed or previously applied" is told apart hunk by hunk. Nothing is written.
Source: GNU patch 2.7.6, src/patch.c, locate_hunk and patch_match; src/pch.c.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kcfg.base.errors import UserError
from patches.findings import Applies, ApplyOutcome
from patches.text.lines import bytes_of
from patches.text.patch import FileDiff, Hunk, Patch
from patches.verdicts.thresholds import BOUNDS

SHOWN = 20
"""Places that a result names."""

FileLines = list[bytes]
"""A file, line by line, each with its line end; the last may have none."""


class FileTree(Protocol):
    """What is read of the revision: `patches.queues.files.Files` are one."""

    name: str

    def find(self, path: str) -> str:
        """The path of a regular file, "" when there is none."""

    def read(self, path: str) -> bytes:
        """Its bytes."""


@dataclass(slots=True)
class ChangedTree:
    """A tree with what the patches did to it so far; None is a file that they removed."""

    tree: FileTree
    changed: dict[str, FileLines | None] = field(default_factory=dict)

    def get(self, path: str) -> FileLines | None:
        """A file's lines; None when there is no such file. UserError when it cannot be read."""
        if path in self.changed:
            return self.changed[path]
        if not self.tree.find(path):
            return None
        return lines_of(self.tree.read(path))

    def put(self, path: str, lines: FileLines | None) -> None:
        self.changed[path] = lines


def lines_of(data: bytes) -> FileLines:
    """A file's lines with their ends; only a line feed ends a line."""
    parts = data.split(b"\n")
    last = parts.pop()
    return [part + b"\n" for part in parts] + ([last] if last else [])


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """Where a hunk fits: `at` counts from 0, `fuzz` lines of context were left out of account."""

    at: int
    offset: int
    fuzz: int


@dataclass(frozen=True, slots=True)
class HunkSide:
    """A hunk as it is looked for: the lines to find, those to put there, how many at each end are context only."""

    find: tuple[bytes, ...]
    put: tuple[bytes, ...]
    start: int
    prefix: int
    suffix: int
    removed_end: int

    @property
    def context(self) -> int:
        """The longer of the two."""
        return max(self.prefix, self.suffix)


def sides(hunk: Hunk) -> tuple[HunkSide, HunkSide]:
    """A hunk forwards, and backwards."""
    old = ended([line[1:] for line in hunk.lines if line[:1] != "+"], hunk.old_eof)
    new = ended([line[1:] for line in hunk.lines if line[:1] != "-"], hunk.new_eof)
    signs = [line[:1] or " " for line in hunk.lines]
    prefix = next((i for i, sign in enumerate(signs) if sign in "+-"), len(signs))
    suffix = next((i for i, sign in enumerate(reversed(signs)) if sign in "+-"), len(signs))
    # An empty side is named by the line before it. Both are looked for where the old side is expected.
    start = hunk.old_start + (not old)
    return (
        HunkSide(old, new, start, prefix, suffix, len(old) - suffix),
        HunkSide(new, old, start, prefix, suffix, len(new) - suffix),
    )


def ended(lines: Sequence[str], without_end: bool) -> tuple[bytes, ...]:
    """The lines with their ends."""
    raw = [bytes_of(line) + b"\n" for line in lines]
    if raw and without_end:
        raw[-1] = raw[-1][:-1]
    return tuple(raw)


def locate(lines: FileLines, side: HunkSide, offset: int, frozen: int, fuzz: int) -> FoundPlace | None:
    """Where a side fits, with so much fuzz, nearest to where the last hunk makes one expect it.

    `offset` is added to where the side says that it is; `frozen`: lines from the file's begin that are used up.
    """
    guess = side.start + offset
    count = len(side.find)
    if not count:
        return FoundPlace(max(0, min(guess - 1, len(lines))), offset, fuzz)
    prefix_fuzz = fuzz + side.prefix - side.context
    suffix_fuzz = fuzz + side.suffix - side.context
    most = len(lines) - (count - suffix_fuzz) + 1 - guess
    least = guess - (frozen + 1)
    if guess <= least:
        least = guess - 1

    def fits(shift: int, head: int, tail: int) -> bool:
        first = guess + shift - 1 + head
        wanted = side.find[head : count - tail]
        return first >= 0 and tuple(lines[first : first + len(wanted)]) == wanted

    if prefix_fuzz < 0 and side.start <= 1:
        shift = 1 - guess
        good = frozen <= side.prefix and shift <= most and fits(shift, 0, suffix_fuzz)
        return FoundPlace(0, offset + shift, fuzz) if good else None
    prefix_fuzz = max(0, prefix_fuzz)
    if suffix_fuzz < 0:
        shift = guess - (len(lines) - count + 1)
        good = shift <= least and fits(-shift, prefix_fuzz, 0)
        return FoundPlace(guess - shift - 1, offset - shift, fuzz) if good else None
    wanted = side.find[prefix_fuzz : count - suffix_fuzz]
    own = guess - 1 + prefix_fuzz
    # where all lines are left out, every place will do
    shifts = (
        [at - own for at in places_of(lines, wanted)] if wanted else [shift for shift in (0, 1, -1) if own + shift >= 0]
    )
    near = [shift for shift in shifts if (shift <= most if shift >= 0 else -shift <= least)]
    if not near:
        return None
    shift = min(near, key=lambda one: (abs(one), one < 0))
    return FoundPlace(guess + shift - 1, offset + shift, fuzz)


def places_of(lines: Sequence[bytes], wanted: tuple[bytes, ...]) -> list[int]:
    """Where some lines stand, one after the other; looked for by the longest of them."""
    anchor = max(wanted, key=len)
    behind = wanted.index(anchor)
    found: list[int] = []
    at = -1
    while True:
        try:
            at = lines.index(anchor, at + 1)
        except ValueError:
            return found
        first = at - behind
        if first >= 0 and tuple(lines[first : first + len(wanted)]) == wanted:
            found.append(first)


@dataclass(slots=True)
class Outcome:
    """What became of the hunks of a patch."""

    applied: int = 0
    offset: int = 0
    fuzz: int = 0
    there: int = 0
    conflicts: list[str] = field(default_factory=list)
    conflict_details: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)

    def conflict(self, where: str, why: str) -> None:
        self.conflicts.append(where)
        self.conflict_details.append(why)


def apply_hunks(path: str, hunks: Iterable[Hunk], lines: FileLines, told: Outcome) -> FileLines:
    """The file with all hunks that fit; what became of each is added to `told`."""
    out = list(lines)
    shift = 0  # by how many lines the hunks made the file longer
    offset = 0  # between the patch's idea of the old file and `lines`
    frozen = 0  # lines that earlier hunks have used
    for hunk in hunks:
        forward, backward = sides(hunk)
        longer = len(forward.put) - len(forward.find)
        here = locate(lines, forward, offset, frozen, 0)
        there = locate(lines, backward, offset, frozen, 0) if backward.find and hunk.changed else None
        if there is not None and (here is None or abs(there.offset - offset) < abs(here.offset - offset)):
            told.there += 1
            offset = there.offset + longer
            frozen = max(frozen, there.at + backward.removed_end)
            continue
        for fuzz in range(1, min(BOUNDS.fuzz, forward.context) + 1):
            here = here or locate(lines, forward, offset, frozen, fuzz)
        if here is None:
            told.conflict(f"{path}:{hunk.old_start}", "the lines are not there")
            continue
        told.applied += 1
        told.offset = max(told.offset, abs(here.offset))
        told.fuzz = max(told.fuzz, here.fuzz)
        replace(out, here.at + shift, forward, here.fuzz)
        offset = here.offset
        frozen = max(frozen, here.at + forward.removed_end)
        shift += longer
    return out


def replace(out: FileLines, at: int, side: HunkSide, fuzz: int) -> None:
    """Puts a side's lines; context that was matched with fuzz stays as the file has it."""
    head = min(side.prefix, max(0, fuzz + side.prefix - side.context))
    tail = min(side.suffix, max(0, fuzz + side.suffix - side.context))
    out[at + head : at + len(side.find) - tail] = side.put[head : len(side.put) - tail]


def apply_file(one: FileDiff, tree: ChangedTree, told: Outcome) -> None:
    """One file of a patch."""
    source, target = one.old or one.new, one.new or one.old
    if one.binary:
        told.unclear.append(f"{target}: a binary change")
        return
    lines = tree.get(source)
    if one.renamed or one.copied:
        lines = moved(one, tree, lines, told)
        if lines is None:
            return
    elif not one.old:
        create(one, tree, lines, told)
        return
    elif lines is None:
        if not one.new:
            told.there += 1
        else:
            told.conflict(f"{target}:0", "no such file")
        return
    new = apply_hunks(target, one.hunks, lines, told)
    gone = not one.new and not new
    if not one.hunks and not (one.renamed or one.copied):
        told.applied += 1  # a mode, or an empty file
        gone = not one.new
    tree.put(target, None if gone else new)


def moved(one: FileDiff, tree: ChangedTree, lines: FileLines | None, told: Outcome) -> FileLines | None:
    """A renamed or copied file's lines, at their new place; None where there is nothing left to do."""
    if lines is None:
        lines = tree.get(one.new)
        if lines is None:
            told.conflict(f"{one.old}:0", "no such file")
        else:
            told.there += not one.hunks
        return lines
    if tree.get(one.new) is not None and one.new != one.old:
        told.conflict(f"{one.new}:0", "the file is there already")
        return None
    told.applied += not one.hunks
    if one.renamed:
        tree.put(one.old, None)
    tree.put(one.new, lines)
    return lines


def create(one: FileDiff, tree: ChangedTree, lines: FileLines | None, told: Outcome) -> None:
    """A new file; one that is there already with just these lines is no conflict."""
    new = [line for hunk in one.hunks for line in sides(hunk)[0].put]
    if lines is None or (not lines and new):
        tree.put(one.new, new)
        told.applied += 1
    elif lines == new:
        told.there += 1
    else:
        told.conflict(f"{one.new}:0", "the file is there already, with other lines")


def apply_patch(patch: Patch, tree: ChangedTree) -> Applies:
    """One patch; what fits of it is applied to the tree, so that those after it meet what they expect."""
    told = Outcome()
    for one in patch.files:
        try:
            apply_file(one, tree, told)
        except UserError as error:
            told.unclear.append(f"{one.path}: {error.message}")
    return summed_up(patch, told)


def summed_up(patch: Patch, told: Outcome) -> Applies:
    """The one word for a patch."""
    if not patch.files:
        return Applies(outcome=ApplyOutcome.CANNOT_TELL, detail="the patch holds no diff")
    if told.conflicts:
        every = told.applied + told.there + len(told.conflicts)
        why = ", ".join(dict.fromkeys(told.conflict_details))
        detail = f"{len(told.conflicts)} of {every} hunks at {told.conflicts[0]}: {why}"
        if told.there:
            detail += f"; {told.there} are there already"
        return Applies(outcome=ApplyOutcome.CONFLICTS, detail=detail, where=tuple(told.conflicts[:SHOWN]))
    if told.unclear:
        return Applies(outcome=ApplyOutcome.CANNOT_TELL, detail="; ".join(told.unclear[:3]))
    if told.there:
        if not told.applied:
            return Applies(outcome=ApplyOutcome.ALREADY_THERE)
        return Applies(outcome=ApplyOutcome.PARTLY_THERE, detail=f"{told.there} of {told.applied + told.there} hunks")
    if told.fuzz:
        return Applies(outcome=ApplyOutcome.FUZZ, detail=f"fuzz {told.fuzz}")
    if told.offset:
        return Applies(outcome=ApplyOutcome.OFFSET, detail=f"up to {told.offset} lines off")
    return Applies(outcome=ApplyOutcome.APPLIES)


def apply_queue(
    patches: Sequence[Patch],
    tree: FileTree,
    progress: Callable[[str, int, int], None] | None = None,
    dropped: Container[int] = (),
) -> list[Applies]:
    """All patches of a queue, in their order.

    `dropped`: which ones, counted from 0, the queue will not carry there; those after them meet a tree without them.
    """
    state = ChangedTree(tree)
    out = []
    for number, patch in enumerate(patches):
        if progress is not None:
            progress("applying patches", number, len(patches))
        out.append(apply_patch(patch, ChangedTree(tree, dict(state.changed)) if number in dropped else state))
    return out
