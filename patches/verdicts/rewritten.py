"""What later changes rewrote: a hunk looked for in the commit that brought the change, in its files and in its diff.

A backport has other context than the change, other names of files, and sometimes other lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from patches.findings import Standing
from patches.text.lines import line_key
from patches.text.names import tail
from patches.text.patch import FileDiff, Hunk, Patch
from patches.verdicts.apply import FileLines, FileTree, lines_of
from patches.verdicts.thresholds import Thresholds


@dataclass(frozen=True)
class Arrival:
    """A commit that brought the change, or a part of it, to the target: its files, and its diff when asked."""

    sha: str
    files: FileTree
    read: Callable[[], Patch]

    @cached_property
    def diffs(self) -> tuple[FileDiff, ...]:
        """What it did to each file."""
        return self.read().files


def arrived(one: FileDiff, arrival: Arrival) -> FileLines | None:
    """The file of a diff as an arrival left it; None when it has none."""
    for path in (one.new, one.old):
        if path and arrival.files.find(path):
            return lines_of(arrival.files.read(path))
    moved = {diff.new for diff in same_name(one, arrival) if diff.new}
    path = moved.pop() if len(moved) == 1 else ""
    return lines_of(arrival.files.read(path)) if path and arrival.files.find(path) else None


def same_name(one: FileDiff, arrival: Arrival) -> list[FileDiff]:
    """What an arrival did to files of this name in any folder, those of a folder of the same name first."""
    for part in (tail, name_of):
        found = [diff for diff in arrival.diffs if part(diff.path) == part(one.path)]
        if found:
            return found
    return []


def counterparts(one: FileDiff, patch: Patch, arrival: Arrival) -> list[FileDiff]:
    """What an arrival did to the same file, or to one of its name; where it has no such file, what is left over.

    Left over are files that no other part of the patch is about, by path, or else by name: upstream has the code in
    another file.
    """
    same = [diff for diff in arrival.diffs if {diff.old, diff.new} & {one.old, one.new} - {""}]
    if same or (same := same_name(one, arrival)):
        return same
    if any(arrival.files.find(path) for path in (one.old, one.new) if path):
        return []
    paths = {diff.path for diff in arrival.diffs}
    exact = {other.path for other in patch.files} & paths
    taken = {name_of(other.path) for other in patch.files if other.path not in paths}
    return [diff for diff in arrival.diffs if diff.path not in exact and name_of(diff.path) not in taken]


def resembling(
    one: FileDiff,
    left: Sequence[int],
    lines: FileLines | None,
    diffs: Sequence[tuple[str, FileDiff]],
    limits: Thresholds,
) -> tuple[dict[int, Standing], list[str]]:
    """Hunks that stand nowhere, line by line: what each is in upstream's change to the same file; and by which commits.

    A line is explained when upstream's change has it, in this order and not less often than the patch or its hunk; when
    it is one of upstream's that the patch lacks, under another name (`is_form_of`); or when the target has the file,
    and that is as the line leaves it, in its place. Others are the queue's own. And the hunk has
    to stand where upstream's does.
    """
    hunks = [[lines_of_change([hunk]) for hunk in diff.hunks] for _, diff in diffs]
    changes = [[pair for hunk in every for pair in hunk] for every in hunks]
    theirs = {key: line for every in changes for key, line in every}
    most, together = most_of(changes), most_of(hunk for every in hunks for hunk in every)
    ours = lines_of_change(one.hunks)
    count = Counter(key for key, _ in ours)
    lacking = [line for key, line in theirs.items() if key not in count]
    words = Words(words_of(line for _, line in ours), words_of(theirs.values()))
    there = None if lines is None else [line_key(text) for text in lines]
    out = {}
    for i in left:
        told = lines_of_change([one.hunks[i]])
        known = [(key, line[:1]) for key, line in told if key in theirs]
        # one hunk may be two of upstream's, then with nothing left out between
        joined = any(has_run([key for key, _ in told], [key for key, _ in every]) for every in changes)
        here = (
            most_of(map(keyed, [run.lines for run in runs(one.hunks[i])]))
            if joined
            else Counter(key for key, _ in told)
        )
        own = [line for key, line in told if key in theirs and (count[key] > most[key] or here[key] > together[key])]
        forms = len(lacking)
        for key, line in told:
            if key in theirs or (there is not None and is_so(line, one.hunks[i], there, limits)):
                continue
            form = next((other for other in lacking if is_form_of(line, other, words, limits)), None)
            own += [line] if form is None else []
            lacking = [other for other in lacking if other is not form]
        if (
            not own
            and (known or len(lacking) < forms)
            and any(in_order(known, every) for every in changes)
            and is_placed(one.hunks[i], there, [diff for _, diff in diffs], limits, joined)
        ):
            out[i] = Standing.ADAPTED
        elif len(known) >= limits.adapted * len(told):
            out[i] = Standing.EXTRA
    return out, [sha for sha, _ in diffs] if Standing.ADAPTED in out.values() else []


def most_of(every: Iterable[Sequence[tuple[int, str]]]) -> Counter[int]:
    """How often each line is in the one that has it most."""
    out: Counter[int] = Counter()
    for some in every:
        out |= Counter(key for key, _ in some)
    return out


def has_run(keys: Sequence[int], every: Sequence[int]) -> bool:
    """Whether keys are among others one after the other, with nothing between."""
    return any(every[at : at + len(keys)] == keys for at in range(len(every) - len(keys) + 1))


def is_gone(hunk: Hunk, there: Sequence[int] | None) -> bool:
    """Whether a hunk takes out lines, no more, and a file has none of its runs: it does not matter where they stood."""
    if there is None or any(line[:1] == "+" for line in hunk.changed):
        return False
    near = [key for key in there if key != BLANK]
    return not any(has_run([line_key(raw(line[1:])) for line in run.lines], near) for run in runs(hunk))


def is_placed(
    hunk: Hunk, there: Sequence[int] | None, diffs: Iterable[FileDiff], limits: Thresholds, joined: bool
) -> bool:
    """Whether a run of a hunk stands where a run of upstream's does, or every one where the hunk joins several.

    That is beside the same line, on the same side, or with a new line in common in place of a line that is alike.
    """
    theirs = [run for diff in diffs for other in diff.hunks for run in runs(other)]
    before, behind = {one.before for one in theirs} - {0}, {one.behind for one in theirs} - {0}

    def has_place(run: Run) -> bool:
        return run.before in before or run.behind in behind or any(replaces(run, one, limits) for one in theirs)

    return is_gone(hunk, there) or (all if joined else any)(map(has_place, runs(hunk)))


def replaces(run: Run, other: Run, limits: Thresholds) -> bool:
    """Whether two runs put a same line in place of one that is alike."""
    if not {key for key, line in keyed(run.lines) if line[:1] == "+"} & {key for key, _ in keyed(other.lines)}:
        return False
    gone, theirs = ([tokens(line) for line in one.lines if line[:1] == "-"] for one in (run, other))
    return any(alike(mine, yours) >= limits.alike for mine in gone for yours in theirs)


@dataclass(frozen=True, slots=True)
class Run:
    """Changed lines that follow each other, and the keys of the unchanged lines beside them; 0 for none."""

    before: int
    lines: tuple[str, ...]
    behind: int


def runs(hunk: Hunk) -> list[Run]:
    """All of a hunk; blank lines are left out."""
    out: list[Run] = []
    before = 0
    for changed, group in groupby((line for line in hunk.lines if line[1:].strip()), lambda line: line[:1] in "+-"):
        lines = tuple(group)
        keys = [line_key(raw(line[1:])) for line in (lines[0], lines[-1])]
        if out and not changed and not out[-1].behind:
            out[-1] = replace(out[-1], behind=keys[0])
        if changed:
            out.append(Run(before, lines, 0))
        before = keys[1]
    return out


def in_order(known: Sequence[tuple[int, str]], change: Sequence[tuple[int, str]]) -> bool:
    """Whether a change has lines, keys with their signs, in this order, those of each sign by themselves."""
    for sign in "+-":
        rest = iter([key for key, line in change if line[:1] == sign])
        if not all(key in rest for key, other in known if other == sign):
            return False
    return True


@dataclass(frozen=True, slots=True)
class Words:
    """All words of the patch's lines in a file, and of upstream's."""

    ours: frozenset[str]
    theirs: frozenset[str]


_SIGN = re.compile(r"[!=<>+*/%^~?|&:-]+")
_VALUE = re.compile(r"\d\w*|\"[^\"]*\"|'[^']*'|\b(?:[ynm]|true|false|null|none|nil|not|and|or)\b", re.I)


def is_form_of(line: str, other: str, words: Words, limits: Thresholds) -> bool:
    """Whether a line is another one but for names that the one side has and the other side nowhere.

    Numbers, strings, operators, and words such as true and not have to be the same: what differs in these was meant.
    """
    if line[:1] != other[:1] or alike(tokens(line), tokens(other)) < limits.alike:
        return False
    here, there = line[1:].replace("->", "."), other[1:].replace("->", ".")
    if sorted(_VALUE.findall(here)) != sorted(_VALUE.findall(there)):
        return False
    if sorted(_SIGN.findall(here)) != sorted(_SIGN.findall(there)):
        return False
    mine, yours = tokens(line), tokens(other)
    return not (mine - yours) & words.theirs and not (yours - mine) & words.ours


def is_so(line: str, hunk: Hunk, there: Sequence[int], limits: Thresholds) -> bool:
    """Whether a file is as a changed line leaves it: without it, or with it once, beside a line of the hunk.

    `there`: the keys of the file's lines.
    """
    key = line_key(raw(line[1:]))
    if line[:1] == "-":
        return key not in there
    if there.count(key) != 1 or len(tokens(line)) <= limits.words:
        return False
    kept = [line_key(raw(text[1:])) for text in hunk.lines if text[:1] != "-" and text[1:].strip()]
    near = [one for one in there if one != BLANK]
    return any(bool(around(kept, key, step) & around(near, key, step)) for step in (-1, 1))


BLANK = line_key(b"")
"""The key of a line without anything but blanks."""


def around(keys: Sequence[int], key: int, step: int) -> set[int]:
    """What stands before (-1) or behind (1) each place of a key."""
    places = (at + step for at, one in enumerate(keys) if one == key)
    return {keys[at] for at in places if 0 <= at < len(keys)}


def lines_of_change(hunks: Iterable[Hunk]) -> list[tuple[int, str]]:
    """The changed lines that are not blank, with their keys, signs included: a brace says little, but it is code."""
    return keyed(line for hunk in hunks for line in hunk.changed if line[1:].strip())


def keyed(lines: Iterable[str]) -> list[tuple[int, str]]:
    """Changed lines with their keys, signs included."""
    return [(line_key(raw(line)), line) for line in lines]


def raw(line: str) -> bytes:
    """A line's bytes, as they stood."""
    return line.encode("utf-8", "surrogateescape")


_TOKEN = re.compile(r"\w+")


def tokens(line: str) -> frozenset[str]:
    """The words of a changed line, and its sign."""
    return frozenset((*_TOKEN.findall(line), line[:1]))


def words_of(lines: Iterable[str]) -> frozenset[str]:
    """The words of several changed lines."""
    return frozenset(word for line in lines for word in tokens(line))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of words that two lines have in common."""
    return len(one & other) / len(one | other) if one or other else 0.0


def name_of(path: str) -> str:
    """Name of a file."""
    return path.rpartition("/")[2]
