"""Runs of changed lines: whether what a hunk changes is just what upstream's diff changes, at the same place.

Nothing resembles here. A backport has other context than the change, but the lines that it puts in and takes out are
upstream's, all of them, in their order, or it is another change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, pairwise, starmap

from patches.text.lines import bytes_of, of_bytes, says
from patches.text.patch import FileDiff, Hunk
from patches.verdicts.apply import FileLines
from patches.verdicts.functions import block_of, blocks, bodies, closes, is_free_form, is_label, leaves
from patches.verdicts.functions import parts as parts_of

END = "}/"
"""A brace at the margin, which ends what stands in no other block."""


@dataclass(frozen=True, slots=True)
class Run:
    """Changed lines that follow each other, and the unchanged ones beside them, the nearest first.

    Blank lines are passed over. `follows`: another run stands before those before it. `block`: the function that it is
    in, by its head in the hunk or by what the @@ line names; "" where that is none. `part`: the case, method or section
    that begins above it in the hunk.
    """

    removed: tuple[str, ...]
    added: tuple[str, ...]
    before: tuple[str, ...]
    behind: tuple[str, ...]
    follows: bool
    block: str
    part: str
    taken: tuple[str, ...]

    @property
    def gone(self) -> list[str]:
        """What it takes out of the lines that say something, without the white space around them."""
        return [line.strip() for line in self.taken if says(line)]


def runs(hunk: Hunk, path: str) -> list[Run]:
    """All of a hunk. `path`: of the file, since in some white space means something."""
    every = zip(hunk.lines, blocks(hunk, path), after_backslash(hunk), parts_of(hunk), strict=True)
    told = [one for one in every if one[0][1:].strip() or (one[0][:1] in "+-" and not is_free_form(path))]
    groups = [(changed, list(lines)) for changed, lines in groupby(told, lambda one: one[0][:1] in "+-")]
    out = []
    for i, (changed, lines) in enumerate(groups):
        if not changed:
            continue
        removed, added = (
            tuple(text_of(line[1:], path, continued) for line, _, continued, _ in lines if line[:1] == sign)
            for sign in "-+"
        )
        before = [named(line[1:]) for line, *_ in groups[i - 1][1][::-1]] if i else []
        after = [line[1:] for line, *_ in groups[i + 1][1]] if i + 1 < len(groups) else []
        last = next((line[1:] for line, *_ in reversed(lines) if says(line)), "")
        end = next((k for k, line in enumerate(after) if leaves(line, last, path)), len(after))
        behind = [named(line) for line in after[:end]]
        taken = tuple(line[1:] for line, *_ in lines if line[:1] == "-")
        block = next((block for line, block, *_ in lines if says(line)), lines[0][1])
        out.append(Run(removed, added, tuple(before), tuple(behind), i > 1, block, lines[0][3], taken))
    return out


def after_backslash(hunk: Hunk) -> Iterator[bool]:
    """Of each line whether the one before it, on its side, goes on in it: then its white space may be a string's."""
    ends = {"-": False, "+": False}
    for line in hunk.lines:
        sides = [sign for sign in "-+" if line[:1] in (sign, " ", "")]
        yield any(ends[side] for side in sides)
        ends |= dict.fromkeys(sides, line.endswith("\\"))


def text_of(line: str, path: str, continued: bool = False) -> str:
    """A line as it is compared: without the white space around it, and in it, where that means nothing."""
    if not is_free_form(path):
        return line
    if line.rstrip().endswith("\\"):  # a blank behind it ends the line
        return line if continued else line.lstrip()
    if continued:
        return line.rstrip()
    return line.strip() if '"' in line or "'" in line else " ".join(line.split())


def plain(lines: Sequence[bytes], path: str, before: bytes = b"") -> list[bytes]:
    """A file's lines as they are compared; `before`: the one before them."""
    if not is_free_form(path):
        return list(lines)
    pairs = pairwise((before, *lines))
    return [bytes_of(text_of(of_bytes(line), path, last.endswith(b"\\"))) for last, line in pairs]


def named(line: str) -> str:
    """A line beside a run, as it is compared: of a function's head only its name, since the rest comes and goes."""
    return END if line.rstrip() == "}" else block_of(line.rstrip()) or line.strip()


def is_blank(hunk: Hunk, path: str) -> bool:
    """Whether a hunk changes nothing but blank lines, which mean nothing there: none goes on a line before it."""
    blank = not any(line[1:].strip() for line in hunk.changed)
    return blank and is_free_form(path) and not any(line.rstrip().endswith("\\") for line in hunk.lines)


@dataclass(frozen=True)
class Texts:
    """A file's lines, or a function's, without indentation; those that are not there have none."""

    lines: FileLines
    _parts: dict[str, Texts] = field(default_factory=dict)

    def of(self, block: str) -> Texts:
        """Those of a function."""
        if block not in self._parts:
            self._parts[block] = Texts(self._functions.get(block, []))
        return self._parts[block]

    @cached_property
    def _functions(self) -> dict[str, FileLines]:
        return bodies(self.lines)

    @cached_property
    def count(self) -> Counter[str]:
        """How often each is there."""
        return Counter(named(of_bytes(line)) for line in self.lines)

    @cached_property
    def plain(self) -> Counter[str]:
        """The same, but of a function's head all counts."""
        return Counter(of_bytes(line).strip() for line in self.lines)

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Those that say something, with the next one that does."""
        every = (named(of_bytes(line)) for line in self.lines)
        return frozenset(pairwise(line for line in every if says(line)))


@dataclass
class Brought:
    """What an arrival did to the file of a patch's diff, of which each run is found once; `file`: as it left it."""

    diff: FileDiff
    file: Texts
    _used: set[int] = field(default_factory=set)

    def has(self, hunk: Hunk) -> bool:
        """Whether the runs of a hunk are runs of the diff, in order, each in its place."""
        if hunk.old_eof or hunk.new_eof:  # a file's end without a line's end is no place that runs tell
            return False
        found: list[int] = []
        for mine in runs(hunk, self.diff.path):
            first = found[-1] + 1 if found else 0
            free = [i for i in range(first, len(self._runs)) if i not in self._used]
            chained = bool(found) and first in free and is_next(mine, self._runs[first])
            at = first if chained else next((i for i in free if self._is(mine, self._runs[i])), None)
            places = [at] if at is not None else self._parts(mine, free)
            if not places:
                return False
            found += places
        self._used |= set(found)
        return bool(found)

    @cached_property
    def _runs(self) -> list[Run]:
        return [run for hunk in self.diff.hunks for run in runs(hunk, self.diff.path)]

    def _parts(self, mine: Run, free: Sequence[int]) -> list[int]:
        """The runs that are a run's lines with others between, which the patch's file lacks; none where they are not.

        Only of a table: all of them are calls of one macro. Both put one line in the place of each, so that nothing can
        have changed places, and begin and end beside the same lines.
        """
        if len(mine.removed) != len(mine.added) or not is_table((*mine.removed, *mine.added)):
            return []
        left = frozenset(free)
        for start in free:
            done = 0
            out: list[int] = []
            for i in range(start, start + len(mine.removed)):
                part = self._runs[i] if i in left else None
                end = done + len(part.removed) if part else 0
                same = part and (part.removed, part.added) == (mine.removed[done:end], mine.added[done:end])
                if not same or len(self._runs[i].added) != end - done:
                    break
                if i > start and not (self._runs[i].follows and is_table((*mine.removed, *self._runs[i].before))):
                    break
                done, out = end, [*out, i]
            if done == len(mine.removed) and self._is_between(mine, self._runs[out[0]], self._runs[out[-1]]):
                return out
        return []

    def _is_between(self, mine: Run, first: Run, last: Run) -> bool:
        """Whether a run begins where one does, and ends where another one does."""
        sides = ((mine.before, first.before), (mine.behind, last.behind))
        return all(have_anchor(*side, self.file.count) for side in sides)

    def _is(self, mine: Run, other: Run) -> bool:
        return (mine.removed, mine.added) == (other.removed, other.added) and self._is_placed(mine, other)

    def _is_placed(self, mine: Run, other: Run) -> bool:
        """Whether two equal runs can only be at one place of the file, or of the function that both name."""
        if mine.block and other.block and mine.block != other.block:
            return False
        if mine.part and other.part and mine.part != other.part:
            return False
        if mine.block == other.block and any(block_of(line) and not self.file.plain[line] for line in mine.taken):
            return True  # a function's head, of which there is one
        if is_one_place(mine, other, self.file) or not (self.diff.old or mine.before or mine.behind):
            return True
        text = self.file.of(mine.block)
        if mine.block != other.block or not text.lines:
            return False
        return is_one_place(mine, other, text) or self._is_at_the_end(mine, other, text)

    def _is_at_the_end(self, mine: Run, other: Run, text: Texts) -> bool:
        """Whether two runs of C only put in, before the same lines up to a label or to the function's one end."""
        if not self.diff.path.endswith(".c") or mine.removed or text.count[END] > 1:
            return False
        return have_anchor(mine.behind, other.behind, text.count, across=False, ends=True)


def is_next(mine: Run, other: Run) -> bool:
    """Whether two equal runs follow others with the same lines between, so that they are where those are."""
    same = (mine.removed, mine.added, mine.before) == (other.removed, other.added, other.before)
    return same and mine.follows and other.follows


def is_one_place(mine: Run, other: Run, text: Texts) -> bool:
    """Whether two runs are as far from the same line, which a text has once, or between the same two.

    At a block's end the line behind it does not tell which block it is. The two have to be there, but nowhere one after
    the other: else the patch may be about the second such place.
    """
    sides = ((mine.before, other.before), (mine.behind, other.behind))
    before, behind = starmap(same_begin, sides)
    if have_anchor(*sides[0], text.count) or have_anchor(*sides[1], text.count, across=bool(before)):
        return True
    if not before or not behind or not text.count[before] or not text.count[behind]:
        return False
    if any(text.plain[line] for line in mine.gone):  # it is there a second time
        return False
    return (before, behind) not in text.pairs


def have_anchor(
    mine: Sequence[str], other: Sequence[str], count: Counter[str], *, across: bool = True, ends: bool = False
) -> bool:
    """Whether the same line, which is once in a text, is as near in both, with the same lines between.

    `across`: also where a block ends between. `ends`: a label, or a function's end, may be that line.
    """
    for ours, theirs in zip(mine, other, strict=False):
        if ours != theirs:
            return False
        if ends and (ours == END or (is_label(ours) and count[ours] == 1)):
            return True
        if not across and ours != END and closes(bytes_of(ours)):
            return False
        if count[ours] == 1 and says(ours):
            return True
    return False


def same_begin(mine: Sequence[str], other: Sequence[str]) -> str:
    """The first line that says something, where all is the same up to it; "" for none."""
    for ours, theirs in zip(mine, other, strict=False):
        if ours != theirs:
            return ""
        if says(ours):
            return ours
    return ""


def is_gone(hunk: Hunk, path: str, came: Texts, there: Texts) -> bool:
    """Whether something took a run of a hunk out again: nothing of what it put in is left, and all it took out is back.

    `came`: the file as upstream's change left it, `there`: the target's. Where both have the function that all of the
    hunk's changes are in, it is asked alone.
    """
    within = {block for line, block in zip(hunk.lines, blocks(hunk, path), strict=True) if line[:1] in ("+", "-")}
    parts = [text.of(block) for block in within if len(within) == 1 for text in (came, there)]
    came, there = parts if parts and all(part.lines for part in parts) else (came, there)
    return any(is_back(run, came, there) for run in runs(hunk, path))


def is_back(run: Run, came: Texts, there: Texts) -> bool:
    """The same of one run."""
    back = bool(run.gone) and all(there.plain[line] > came.plain[line] for line in run.gone)
    return back and not any(there.plain[line.strip()] for line in run.added if says(line))


def is_table(lines: Sequence[str]) -> bool:
    """Whether some lines are all calls of the same macro."""
    heads = {line.partition("(")[0].strip() for line in lines}
    return len(heads) == 1 and all("(" in line for line in lines) and heads.pop().isidentifier()


def lines_in(hunk: Hunk, diffs: Iterable[FileDiff]) -> list[bool]:
    """Whether each changed line of a hunk that is not blank is one that a diff changes so, indentation aside."""
    known = {line[:1] + line[1:].strip() for diff in diffs for one in diff.hunks for line in one.changed}
    return [line[:1] + line[1:].strip() in known for line in hunk.changed if line[1:].strip()]
