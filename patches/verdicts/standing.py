"""The second witness of a drop: whether a patch's hunks stand in the target's files. It knows nothing of scores.

A hunk stands where its new side does, as `patch -R` would find it. What later changes rewrote is looked for in the
files of the commit that brought the change, which the target has, and in that commit's own diff, file by file: a
backport has other context than the change, and sometimes other lines. What it has besides is a hunk of the queue's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha1, sha256

from kcfg.base.errors import UserError
from patches.findings import Answer, HunkPlace, Standing, TargetWitness
from patches.text.lines import is_telling
from patches.text.names import tail
from patches.text.patch import FileDiff, Hunk, Patch
from patches.verdicts.apply import FileLines, FileTree, lines_of, locate, sides
from patches.verdicts.rewritten import (
    Arrival,
    arrived,
    counterparts,
    name_of,
    raw,
    resembling,
)
from patches.verdicts.thresholds import BOUNDS, Thresholds

THERE = frozenset({Standing.STANDS, Standing.STOOD, Standing.PICKED, Standing.ADAPTED})
"""What counts as there."""
FILES = 16
"""How many files of the target are kept, since patches of a queue often touch the same: the last ones."""
NOT_THERE = frozenset({Standing.ABSENT, Standing.MISSING})


@dataclass
class Target:
    """A revision's files. `walk` lists them, for names that moved with their folder; `mode`: "" when not known."""

    name: str
    files: FileTree
    walk: Callable[[], Iterable[str]]
    mode: Callable[[str], str] = lambda path: ""
    _lines: dict[str, FileLines | None] = field(default_factory=dict)

    @cached_property
    def _tails(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in self.walk():
            found.setdefault(tail(one), []).append(one)
        return found

    def path(self, one: FileDiff) -> str:
        """The file that a diff is about: under its new or old name, or the only one of this name and folder's name."""
        for path in (one.new, one.old):
            if path and self.files.find(path):
                return path
        found = self._tails.get(tail(one.path), [])
        return found[0] if len(found) == 1 else ""

    def moved(self, path: str, others: Sequence[str]) -> FileLines | None:
        """A file's lines; where there is no such file, those of the first of some others that is there."""
        return self.lines(next((one for one in (path, *others) if one and self.files.find(one)), ""))

    def lines(self, path: str) -> FileLines | None:
        """A file's lines; None when there is no such file. UserError when it cannot be read."""
        if path not in self._lines:
            while len(self._lines) >= FILES:
                del self._lines[next(iter(self._lines))]
            self._lines[path] = lines_of(self.files.read(path)) if path and self.files.find(path) else None
        return self._lines[path]


def look(
    patch: Patch, target: Target, arrivals: Sequence[Arrival] = (), picks: Sequence[Arrival] = (),
    limits: Thresholds = BOUNDS, *, resemble: bool = True,
) -> TargetWitness:  # fmt: skip
    """What the target's files say of a patch. `arrivals`: where to look for what later changes rewrote.

    `picks`: upstream's own picks of the arrivals for other releases. `resemble`: whether a hunk that stands nowhere may
    be one of the arrivals' by its lines alone; else it has to stand in a file, with all of its context.
    """
    places: list[HunkPlace] = []
    used: dict[str, None] = {}
    for one in patch.files:
        try:
            found, where = look_at_file(one, patch, target, arrivals, picks, limits if resemble else None)
        except UserError:  # too large, or a link that leads out
            found, where = [HunkPlace(one.path, one.line, Standing.UNCLEAR)], ()
        places += found
        used |= dict.fromkeys(where)
    return TargetWitness(has=answer(places), revision=target.name, places=tuple(places), commits=tuple(used))


def answer(places: Sequence[HunkPlace]) -> Answer:
    """One word for all places; what tells nothing does not count, unless there is nothing else."""
    told = [one.standing for one in places if one.standing is not Standing.TRIVIAL]
    if all(one in THERE for one in told):
        return Answer.YES if told else Answer.UNKNOWN
    if all(one in NOT_THERE for one in told):
        return Answer.NO
    if all(one in THERE or one is Standing.UNCLEAR for one in told):
        return Answer.UNKNOWN
    return Answer.PART


def look_at_file(
    one: FileDiff,
    patch: Patch,
    target: Target,
    arrivals: Sequence[Arrival],
    picks: Sequence[Arrival],
    limits: Thresholds | None,
) -> tuple[list[HunkPlace], Iterable[str]]:
    """The places of one file's diff, and the commits that helped. `limits`: of resemblance, None where none counts.

    Where a hunk's old side is in the file, it is absent, whatever else is there. Where it was in the file of a commit
    that brought the change, it is no part of that change, however alike.
    """
    path = target.path(one)
    lines = target.lines(path)
    if not one.hunks:
        return [HunkPlace(one.path, one.line, without_lines(one, path, target))], ()
    if not one.new and lines is None and arrivals and not took_away(one, patch, arrivals):
        return [HunkPlace(one.path, hunk.line, Standing.UNCLEAR) for hunk in one.hunks], ()
    fuzz = BOUNDS.fuzz if limits else 0
    states = in_file(one, lines, fuzz)
    used: dict[str, None] = {}
    refused: set[int] = set()
    for standing, others in ((Standing.STOOD, arrivals), (Standing.PICKED, picks)):
        for arrival in others:
            if Standing.MISSING not in states:
                break
            before = in_file(one, arrived(one, arrival), fuzz)
            if standing is Standing.STOOD:
                refused |= {i for i, state in enumerate(before) if state is Standing.ABSENT}
            for i, state in enumerate(states):
                if before[i] is Standing.STANDS and state is Standing.MISSING:
                    states[i] = standing
                    used[arrival.sha] = None
    left = [i for i, state in enumerate(states) if state is Standing.MISSING and i not in refused]
    if left and arrivals and limits:
        diffs = [(arrival.sha, diff) for arrival in arrivals for diff in counterparts(one, patch, arrival)]
        lines = target.moved(path, [diff.new for _, diff in diffs])
        told, where = resembling(one, left, lines, diffs, limits)
        states = [told.get(i, state) for i, state in enumerate(states)]
        used |= dict.fromkeys(where)
    blank = [not any(line[1:].strip() for line in hunk.changed) for hunk in one.hunks]
    states = [Standing.TRIVIAL if no and at not in THERE else at for at, no in zip(states, blank, strict=True)]
    return [HunkPlace(one.path, hunk.line, state) for hunk, state in zip(one.hunks, states, strict=True)], used


def took_away(one: FileDiff, patch: Patch, arrivals: Sequence[Arrival]) -> bool:
    """Whether an arrival removed the file, or moved it to where the patch puts one.

    A file that the target lacks for another reason may be there under another name.
    """
    made = {name_of(other.new) for other in patch.files if other.new}
    diffs = [diff for arrival in arrivals for diff in arrival.diffs if name_of(diff.old) == name_of(one.old)]
    return any(diff.old != diff.new and (not diff.new or name_of(diff.new) in made) for diff in diffs)


def without_lines(one: FileDiff, path: str, target: Target) -> Standing:
    """A rename, a copy, a mode, an empty or a binary file."""
    find = target.files.find
    if one.binary and one.new:
        return binary(one, path, target)
    if one.renamed and one.old != one.new:
        there = bool(find(one.new)), bool(find(one.old))
        return {(True, False): Standing.STANDS, (False, True): Standing.ABSENT}.get(there, Standing.MISSING)
    if one.copied or not one.old:
        return Standing.STANDS if find(one.new) else Standing.ABSENT
    if not one.new:
        return Standing.ABSENT if find(one.old) else Standing.STANDS
    mode = target.mode(path)
    if one.old_mode == one.new_mode or not mode:
        return Standing.UNCLEAR
    return Standing.STANDS if mode == one.new_mode else Standing.ABSENT if mode == one.old_mode else Standing.MISSING


def binary(one: FileDiff, path: str, target: Target) -> Standing:
    """A binary file, by git's name of its content, where the patch tells it."""
    if not path:
        return Standing.MISSING if one.old else Standing.ABSENT
    data = target.files.read(path)
    names = [kind(b"blob %d\0" % len(data) + data).hexdigest() for kind in (sha1, sha256)]
    for ident, standing in ((one.new_id, Standing.STANDS), (one.old_id, Standing.ABSENT)):
        if ident and any(name.startswith(ident) for name in names):
            return standing
    return Standing.MISSING if one.new_id else Standing.UNCLEAR


def in_file(one: FileDiff, lines: FileLines | None, fuzz: int = BOUNDS.fuzz) -> list[Standing]:
    """Each hunk in a file; None is a file that is not there. `fuzz`: context that need not be there, at most."""
    if lines is None:
        state = Standing.STANDS if not one.new else Standing.ABSENT if not one.old else Standing.MISSING
        return [state] * len(one.hunks)
    if not one.old:
        new = [line for hunk in one.hunks for line in sides(hunk)[0].put]
        return [Standing.STANDS if new == lines else Standing.MISSING] * len(one.hunks)
    if not one.new:
        return [Standing.ABSENT] * len(one.hunks)
    out = []
    offset = frozen = 0
    for hunk in one.hunks:
        state, offset, frozen = in_place(hunk, lines, offset, frozen, fuzz)
        out.append(state)
    return out


def in_place(hunk: Hunk, lines: FileLines, offset: int, frozen: int, most: int) -> tuple[Standing, int, int]:
    """(what stands, the offset that the next hunk is expected at, the lines that are used up)."""
    forward, backward = sides(hunk)
    longer = len(forward.put) - len(forward.find)
    if not hunk.changed:
        return Standing.TRIVIAL, offset, frozen
    here = locate(lines, forward, offset, frozen, 0) if forward.find else None
    there = None
    fuzzy = here is None and any(line[:1] == "+" for line in hunk.changed)
    for fuzz in range(min(most, backward.context) + 1 if fuzzy else 1):
        found = locate(lines, backward, offset, frozen, fuzz) if backward.find and says_enough(hunk, fuzz) else None
        if found is not None and not still_beside(hunk, lines, found.at, fuzz):
            there = found
            break
    if there is not None and (
        here is None
        or abs(there.offset - offset) < abs(here.offset - offset)
        or there.at <= here.at < there.at + len(backward.find)  # a block whose end is like what was before it
    ):
        return Standing.STANDS, there.offset + longer, max(frozen, there.at + backward.removed_end)
    if here is not None:
        return Standing.ABSENT, here.offset, max(frozen, here.at + forward.removed_end)
    return Standing.MISSING, offset, frozen


def still_beside(hunk: Hunk, lines: FileLines, at: int, fuzz: int = 0) -> bool:
    """Whether a line that a hunk removes at its very begin or end still stands there, at the place of its new side.

    Context that was left out of account for `fuzz` is no part of the hunk.
    """
    texts = list(hunk.lines)
    edges = sides(hunk)[1]
    head = min(len(texts), max(0, fuzz + edges.prefix - edges.context))
    tail = min(len(texts) - head, max(0, fuzz + edges.suffix - edges.context))
    texts = texts[head : len(texts) - tail]
    kept = [line[:1] != "-" for line in texts]
    first = [raw(line[1:]) for line in texts[: kept.index(True)]] if any(kept) else []
    last = [raw(line[1:]) for line in texts[len(texts) - kept[::-1].index(True) :]] if any(kept) else []
    begin = at + head
    end = begin + sum(kept)
    before = [line.rstrip(b"\r\n") for line in lines[max(0, begin - len(first)) : begin]]
    behind = [line.rstrip(b"\r\n") for line in lines[end : end + len(last)]]
    left = {raw(line[1:]) for line in hunk.lines if line[:1] != "-"}
    gone = {line for line in (*first, *last) if is_telling(line)} - left
    return bool((first and before == first) or (last and behind == last) or gone & {*before, *behind})


def says_enough(hunk: Hunk, fuzz: int) -> bool:
    """Whether a side that is found is found for a reason: it has a telling line of the change, or context around."""
    added = [line for line in hunk.changed if line[:1] == "+"]
    if any(is_telling(raw(line)) for line in added):
        return True
    return not fuzz and sum(line[:1] not in "+-" for line in hunk.lines) >= BOUNDS.around
