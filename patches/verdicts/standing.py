"""The second witness of a drop: whether a patch's hunks stand in the target's files. It knows nothing of scores.

A hunk stands where its new side does, as `patch -R` would find it. What later changes rewrote is looked for in the
files of the commit that brought the change, which the target has, and in that commit's own diff, file by file: a
backport has other context than the change, and sometimes other lines. What it has besides is a hunk of the queue's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha1, sha256
from itertools import islice

from kcfg.base.errors import UserError
from patches.findings import Answer, HunkPlace, Standing, TargetWitness
from patches.text.lines import says
from patches.text.patch import FileDiff, Hunk, Patch
from patches.verdicts import based
from patches.verdicts.apply import FileLines, FileTree, lines_of
from patches.verdicts.based import Since, changes, without_ends
from patches.verdicts.placed import in_file
from patches.verdicts.ported import VERSIONS, Ported, base_of
from patches.verdicts.rewritten import Arrival, Renamed, arrived, counterparts, file_before, file_of, names_of
from patches.verdicts.runs import Brought, Texts, is_blank, is_gone, lines_in
from patches.verdicts.thresholds import BOUNDS

THERE = frozenset({Standing.STANDS, Standing.STOOD, Standing.PICKED, Standing.ADAPTED})
"""What counts as there."""
LATER = frozenset({Standing.STOOD, Standing.PICKED, Standing.ADAPTED})
"""What was there when it came; what later changes left of it is asked."""
FILES = 16
"""How many files of the target are kept, since patches of a queue often touch the same: the last ones."""
NOT_THERE = frozenset({Standing.ABSENT, Standing.MISSING})


@dataclass
class Target:
    """A revision's files. `mode`: "" when not known; `renamed`: a file's other names, as its history has them.

    `alike`: a file that may be one which is not there, where no history tells; "" for none. `since`: how lines differ
    from a content that git calls so, where that is known. `versions`: a file as releases had it.
    """

    name: str
    files: FileTree
    mode: Callable[[str], str] = lambda path: ""
    renamed: Renamed = lambda path: ()
    alike: Callable[[str], str] = lambda path: ""
    since: Callable[[str, FileLines], Since | None] = lambda ident, lines: None
    versions: Callable[[str], Iterable[FileLines]] = lambda path: ()
    _lines: dict[str, FileLines | None] = field(default_factory=dict)

    def path(self, one: FileDiff) -> str:
        """The file that a diff is about: under its new or old name, or one that it was renamed to or from."""
        return next((path for path in names_of(one, self.renamed) if self.files.find(path)), "")

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
    patch: Patch, target: Target, arrivals: Sequence[Arrival] = (), picks: Sequence[Arrival] = (), *, sure: bool = True
) -> TargetWitness:  # fmt: skip
    """What the target's files say of a patch. `arrivals`: where to look for what later changes rewrote.

    `picks`: upstream's own picks of the arrivals for other releases. `sure`: whether the arrivals are the change beyond
    doubt; else each hunk has to stand in a file, with all of its context. What could not be read of a patch is unclear.
    """
    places = [HunkPlace(one.text or patch.name, one.line, Standing.UNCLEAR) for one in patch.problems if one.loses]
    used: dict[str, None] = {}
    for one in patch.files:
        try:
            found, where = look_at_file(one, patch, target, arrivals, picks, sure)
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
    one: FileDiff, patch: Patch, target: Target, arrivals: Sequence[Arrival], picks: Sequence[Arrival], sure: bool
) -> tuple[list[HunkPlace], Iterable[str]]:  # fmt: skip
    """The places of one file's diff, and the commits that helped.

    Where a hunk's old side is in the file, it is absent, whatever else is there. Where it was in the file of a commit
    that brought the change, it is no part of that change, however alike.
    """
    path = target.path(one)
    lines = target.lines(path)
    if not one.new and lines is None and may_be_elsewhere(one, patch, target, arrivals):
        return [HunkPlace(one.path, part.line, Standing.UNCLEAR) for part in one.hunks or (one,)], ()
    about = about_file(one, path, target, arrivals)
    if not one.hunks:
        return about, ()
    known = compared(one, target, lines)
    states = in_file(one, lines, known)
    if any(state is not Standing.STANDS for state in states):
        told = by_base(one, known)
        states = [Standing.STANDS if there else state for there, state in zip(told, states, strict=True)]
    used: dict[str, None] = {}
    if missing(states):  # else nothing of the commits has to be read
        states = brought(one, target, arrivals, picks, sure, states, used)
    for i in moved(one, arrivals):
        if states[i] in THERE:
            states[i] = Standing.UNCLEAR
    blank = [state not in THERE and is_blank(hunk, one.path) for state, hunk in zip(states, one.hunks, strict=True)]
    words = [Standing.TRIVIAL if no else state for state, no in zip(states, blank, strict=True)]
    return about + [HunkPlace(one.path, hunk.line, told) for hunk, told in zip(one.hunks, words, strict=True)], used


def brought(
    one: FileDiff, target: Target, arrivals: Sequence[Arrival], picks: Sequence[Arrival], sure: bool,
    found: Sequence[Standing], used: dict[str, None],
) -> list[Standing]:  # fmt: skip
    """What is missing in the target's file, looked for in the commits; `used` gets those that helped."""
    states = list(found)
    whose: dict[int, str] = {}
    diffs = {arrival.sha: counterparts(one, arrival) for arrival in (*arrivals, *picks)}
    here = [diff for arrival in arrivals for diff in diffs[arrival.sha]]
    left = {arrival.sha: arrived(one, arrival) for arrival in (*arrivals, *picks)}
    since = {sha: compared(one, target, lines) for sha, lines in left.items()}
    before = {sha: in_file(one, lines, since[sha]) for sha, lines in left.items()}
    refused = {i for arrival in arrivals for i, at in enumerate(before[arrival.sha]) if at is Standing.ABSENT}
    for arrival in arrivals if missing(states) else ():
        known = by_base(one, since[arrival.sha])
        for i in missing(states):
            if known[i]:
                states[i] = Standing.STOOD
                used[arrival.sha] = None
    for arrival in (*arrivals, *picks):
        for i in missing(states):
            own = arrival in arrivals or all(lines_in(one.hunks[i], here))
            if own and before[arrival.sha][i] is Standing.STANDS and all(lines_in(one.hunks[i], diffs[arrival.sha])):
                states[i] = Standing.STOOD if arrival in arrivals else Standing.PICKED
                whose[i] = arrival.sha
    now = target.moved(target.path(one), [diff.new for diff in here])
    there = None if now is None else Texts(now)
    base = target.since(one.old_id, []) if missing(states) else None
    by_lines = sure and not (base and based.all_changes(one, base.base))  # else their places are known
    for arrival in arrivals if by_lines else ():
        files = [Brought(diff, Texts(file_of(diff, arrival))) for diff in diffs[arrival.sha]]
        for i in missing(states):
            if i not in refused and any(file.has(one.hunks[i]) for file in files):
                states[i] = Standing.ADAPTED
                whose[i] = arrival.sha
    if sure and missing(states):
        wanted = [i for i in missing(states) if i not in refused]
        for i, sha in ported(one, base, target, arrivals, wanted).items():
            states[i] = Standing.ADAPTED
            whose[i] = sha
    for i in twice(one.hunks, found, whose, diffs):
        states[i] = Standing.MISSING
        del whose[i]
    used |= dict.fromkeys(whose.values())
    first = next((lines for arrival in arrivals if (lines := left[arrival.sha]) is not None), None)
    came = None if first is None else Texts(first)
    for i, state in enumerate(states):
        if there and came and state in LATER and is_gone(one.hunks[i], one.path, came, there):
            states[i] = Standing.UNCLEAR
    for i in missing(states):
        own_lines = lines_in(one.hunks[i], here)
        if sum(own_lines) >= BOUNDS.adapted * len(own_lines) > 0:
            states[i] = Standing.EXTRA
    return states


def twice(
    hunks: Sequence[Hunk], found: Sequence[Standing], whose: Mapping[int, str], diffs: Mapping[str, Sequence[FileDiff]]
) -> list[int]:  # fmt: skip
    """Which hunks are another one's in upstream's change: a line that it puts in or takes out once counts once.

    `found`: those that stand in the target; `whose`: the commit that each of the others was found in.
    """
    out = []
    for sha in dict.fromkeys(whose.values()):
        left = Counter(line for diff in diffs[sha] for hunk in diff.hunks for line in tellings(hunk))
        for i in sorted(range(len(hunks)), key=lambda i: (found[i] is not Standing.STANDS, i)):
            lines = Counter(tellings(hunks[i]))
            if whose.get(i) == sha and lines - left:
                out.append(i)
            elif whose.get(i) == sha or found[i] is Standing.STANDS:
                left -= lines
    return out


def moved(one: FileDiff, arrivals: Sequence[Arrival]) -> list[int]:
    """Which hunks take out a line that upstream's change puts in elsewhere, and the patch does not."""
    taken = [{line[1:] for line in tellings(hunk) if line[:1] == "-"} for hunk in one.hunks]
    if not any(taken):  # nothing of the commits has to be read
        return []
    theirs = {line for arrival in arrivals for diff in counterparts(one, arrival) for line in put_in(diff)}
    elsewhere = theirs - put_in(one)
    return [i for i, lines in enumerate(taken) if lines & elsewhere]


def put_in(one: FileDiff) -> set[str]:
    """The lines that a diff puts in, of those that say something."""
    return {line[1:] for hunk in one.hunks for line in tellings(hunk) if line[:1] == "+"}


def tellings(hunk: Hunk) -> Iterator[str]:
    """The changed lines of a hunk that say something, each with its sign, without indentation."""
    return (line[:1] + line[1:].strip() for line in hunk.changed if says(line))


def ported(
    one: FileDiff, base: Since | None, target: Target, arrivals: Sequence[Arrival], wanted: Sequence[int]
) -> dict[int, str]:  # fmt: skip
    """Which of some hunks are upstream's by where they stand in the file that they are for, and whose they are."""
    pairs = [(arrival, diff) for arrival in arrivals for diff in counterparts(one, arrival)]
    before = [file_before(diff, arrival) or [] for arrival, diff in pairs]

    def versions() -> Iterator[FileLines]:
        yield from filter(None, before)
        for path in names_of(one, target.renamed):
            yield from islice(target.versions(path), VERSIONS)

    own = base_of(one, base, versions) if wanted and any(before) else None
    out: dict[int, str] = {}
    if own is None:
        return out
    for (arrival, diff), lines in zip(pairs, map(without_ends, before), strict=True):
        theirs = [changes(hunk, lines) or () for hunk in diff.hunks]
        port = Ported(own[0], lines, [change for part in theirs for change in part], one.path)
        out |= {i: arrival.sha for i in wanted if i not in out and port.has(own[1][i])}
    return out


def compared(one: FileDiff, target: Target, lines: FileLines | None) -> Since | None:
    """The base that a diff names and a file; None where one of them is not known."""
    return target.since(one.old_id, lines) if lines is not None and one.old and one.new else None


def by_base(one: FileDiff, known: Since | None) -> list[bool]:
    """Of each hunk of a diff whether a file has it by the base that the diff names; False where that is not known."""
    return based.there(one, known) if known else [False] * len(one.hunks)


def missing(states: Sequence[Standing]) -> list[int]:
    """Which hunks are still looked for."""
    return [i for i, state in enumerate(states) if state is Standing.MISSING]


def about_file(one: FileDiff, path: str, target: Target, arrivals: Sequence[Arrival]) -> list[HunkPlace]:
    """Where a rename, a copy, a mode, an empty or a binary file stands; nothing where a diff has hunks alone."""
    if not one.hunks or one.binary:
        return [HunkPlace(one.path, one.line, without_lines(one, path, target, arrivals))]
    out = []
    if one.copied and one.old != one.new:
        out.append(Standing.STANDS if target.files.find(one.new) else Standing.ABSENT)
    elif one.renamed and one.old != one.new:
        out.append(without_lines(one, path, target, arrivals))

    def same() -> Iterator[FileDiff]:
        """What the commits did to files of this name; read when it is asked for."""
        return (diff for arrival in arrivals for diff in counterparts(one, arrival))

    if Standing.MISSING in out and any(one.renamed == diff.renamed and one.copied == diff.copied for diff in same()):
        out = [Standing.STOOD]
    if one.new_mode and one.new_mode != one.old_mode:
        mode = target.mode(path) if path else ""
        if mode != one.new_mode and (mode or not path):
            own = any(diff.new_mode == one.new_mode != diff.old_mode for diff in same())
            out.append(Standing.STOOD if own else Standing.ABSENT if mode == one.old_mode else Standing.UNCLEAR)
    return [HunkPlace(one.path, one.line, standing) for standing in out]


def may_be_elsewhere(one: FileDiff, patch: Patch, target: Target, arrivals: Sequence[Arrival]) -> bool:
    """Whether a file that a patch removes, and the target lacks, may be there under another name."""
    return not took_away(one, patch, arrivals) if arrivals else bool(target.alike(one.old))


def took_away(one: FileDiff, patch: Patch, arrivals: Sequence[Arrival]) -> bool:
    """Whether an arrival removed the file, or moved it to where the patch puts one.

    A file that the target lacks for another reason may be there under another name.
    """
    made = {other.new for other in patch.files if other.new}
    diffs = [diff for arrival in arrivals for diff in counterparts(one, arrival)]
    return any(diff.old != diff.new and (not diff.new or diff.new in made) for diff in diffs)


def without_lines(one: FileDiff, path: str, target: Target, arrivals: Sequence[Arrival] = ()) -> Standing:
    """A rename, a copy, a mode, an empty or a binary file. `arrivals`: what they made may have been changed since."""
    find = target.files.find
    if one.binary and one.new:
        return binary(one, path, target)
    if one.renamed and one.old != one.new:
        there = bool(find(one.new)), bool(find(one.old))
        return {(True, False): Standing.STANDS, (False, True): Standing.ABSENT}.get(there, Standing.MISSING)
    if one.copied or not one.old:
        return put_there(one, target, arrivals)
    if not one.new:
        return Standing.ABSENT if find(one.old) else Standing.STANDS
    mode = target.mode(path) if path else ""
    if one.old_mode == one.new_mode or not mode:
        return Standing.UNCLEAR
    return Standing.STANDS if mode == one.new_mode else Standing.ABSENT if mode == one.old_mode else Standing.MISSING


def put_there(one: FileDiff, target: Target, arrivals: Sequence[Arrival]) -> Standing:
    """A copy, or an empty file. One of that name with other lines is it only where an arrival put it there."""
    if not target.files.find(one.new):
        return Standing.ABSENT
    lines = target.lines(one.old) if one.old else []
    if lines == target.lines(one.new):
        return Standing.STANDS
    if any(diff.old != diff.new for arrival in arrivals for diff in counterparts(one, arrival)):
        return Standing.STOOD
    return Standing.UNCLEAR if lines is None else Standing.MISSING


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
