"""A patch that is an upstream change once its names are upstream's, and changes that have no lines at all.

Names of functions and variables change between releases, and a backport's lines then all look like others. Where the
diff of a commit that something speaks for has the same lines with other names, the names are put in, and the match is
made anew with the same model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from patches.text.patch import FileDiff, Patch
from patches.verdicts.context import NAME, known_names
from patches.verdicts.match import MatchCandidate, Matcher, Query, same_lines, telling_keys
from patches.verdicts.thresholds import BOUNDS

LINES = 3000
"""Changed lines of one file that are compared."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """The commit, the patch with upstream's names as it was asked for, and (name, upstream's name)."""

    found: MatchCandidate
    asked: Query
    names: tuple[tuple[str, str], ...]


def by_other_names(patch: Patch, asked: Query, ranked: Sequence[MatchCandidate], matcher: Matcher) -> Renamed | None:
    """The best commit that the patch is under other names; None where there is none.

    Unless title or date are the commit's, most of the names must have been there before the patch: what one change adds
    as gnr and another one as srf are two things, none of which was renamed.
    """
    if matcher.read is None or not len(asked.keys):
        return None
    near = [one for one in ranked if one.feature("paths_in_commit") and speaks(one)][: BOUNDS.readings]
    known = known_names(patch)
    best: Renamed | None = None
    for one in near:
        names = renames(patch, matcher.read(matcher.index.commit(one.ident).sha))
        told = one.feature("same_subject") or one.feature("same_date")
        if not names or (not told and len(known & names.keys()) < BOUNDS.known * len(names)):
            continue
        keys = telling_keys(put_in(line, names) for line in patch.changed)
        again = replace(asked, keys=keys, patch_id=b"")
        (found,) = matcher.described(again, (one.ident,))
        fits = found.score >= matcher.threshold(again) or same_lines(again, (found,), matcher) is not None
        if fits and (best is None or found.score > best.found.score):
            best = Renamed(found, again, tuple(sorted(names.items())))
    return best


def speaks(one: MatchCandidate) -> bool:
    """Whether anything speaks for a commit: some of the lines, its title, or its author."""
    lines = one.feature("patch_in_commit") >= BOUNDS.few or one.feature("commit_in_patch") >= BOUNDS.few
    return lines or one.feature("near_subject") >= BOUNDS.like or bool(one.feature("same_author"))


def renames(patch: Patch, commit: Patch) -> dict[str, str]:
    """Name -> upstream's name, of the names that upstream has in the same lines under another name throughout.

    Empty where more names differ than are the same, in what is added or in what is removed: then it is other code of
    the same form, maybe in the same place.
    """
    sides = [pairs_of(patch, commit, sign) for sign in "+-"]
    both = sides[0] + sides[1]
    ours, theirs = Counter[str](), Counter[str]()
    for (name, other_name), count in both.items():
        ours[name] += count
        theirs[other_name] += count
    sure = {
        (name, other)
        for (name, other), count in both.items()
        if count >= BOUNDS.renames * ours[name] and count >= BOUNDS.renames * theirs[other]
    }
    for side in sides:
        told = sure & side.keys()
        if sum(name != other for name, other in told) > BOUNDS.differing * len(told):
            return {}
    return {name: other for name, other in sure if name != other}


def pairs_of(patch: Patch, commit: Patch, sign: str) -> Counter[tuple[str, str]]:
    """(name, upstream's name) -> how often, in the lines that are added, or removed, in files of one name."""
    pairs: Counter[tuple[str, str]] = Counter()
    for one in patch.files:
        for other in commit.files:
            if name_of(one) == name_of(other):
                pairs.update(paired(changed(one, sign), changed(other, sign)))
    return pairs


def paired(ours: Sequence[str], theirs: Sequence[str]) -> Iterable[tuple[str, str]]:
    """(name, name) of lines that stand in the same order and are the same but for names."""
    forms = [[NAME.sub("a", "".join(line.split())) for line in side] for side in (ours, theirs)]
    for at, to, count in SequenceMatcher(None, forms[0], forms[1], autojunk=False).get_matching_blocks():
        for i in range(count):
            yield from zip(NAME.findall(ours[at + i]), NAME.findall(theirs[to + i]), strict=False)


def changed(one: FileDiff, sign: str) -> list[str]:
    """The lines of a file that are added, or removed, without their sign."""
    return [line[1:] for hunk in one.hunks for line in hunk.changed if line[:1] == sign][:LINES]


def put_in(line: str, names: dict[str, str]) -> str:
    """A line with other names."""
    return NAME.sub(lambda found: names.get(found[0], found[0]), line)


def name_of(one: FileDiff) -> str:
    """A file's name without its folder."""
    return one.path.rpartition("/")[2]


# Changes without lines


def same_files(patch: Patch, ident: int, matcher: Matcher) -> bool:
    """Whether a patch without any changed line does to files what a commit does: names, modes, binary contents."""
    index = matcher.index
    if (
        matcher.read is None
        or any(hunk.changed for one in patch.files for hunk in one.hunks)
        or len(index.lines(ident))
    ):
        return False
    theirs = matcher.read(index.commit(ident).sha).files
    if len(theirs) != len(patch.files):
        return False
    ordered = [sorted(files, key=lambda one: (one.old, one.new)) for files in (patch.files, theirs)]
    return all(map(same_file, *ordered))


def same_file(one: FileDiff, other: FileDiff) -> bool:
    """Whether two changes without lines are the same; a binary file's contents have to be told by both."""
    if (one.old, one.new, one.copied) != (other.old, other.new, other.copied):
        return False
    if one.new_mode and other.new_mode and one.new_mode != other.new_mode:
        return False
    if not (one.binary or other.binary):
        return True
    pairs = ((one.old_id, other.old_id), (one.new_id, other.new_id))
    told = [(left, right) for left, right in pairs if left and right]
    return bool(told) and all(left.startswith(right) or right.startswith(left) for left, right in told)
