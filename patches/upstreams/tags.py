"""Which release has a commit first, and whether mainline has it: one walk over the parents, tags in their order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_NUMBERS = re.compile(r"\d+(?:[._]\d+)*")
_BEFORE = {"dev": -1, "alpha": 0, "a": 0, "beta": 1, "b": 1, "pre": 2, "rc": 3}
_RELEASE = 9
_STAGE = re.compile(r"[-._~+]?(dev|alpha|beta|pre|rc|[ab](?=\d))[-._]?(\d*)", re.IGNORECASE)
_LETTERS = re.compile(r"([a-z]{1,2})(?![a-z])")
_PATCHLEVEL = re.compile(r"[-._]?(?:p|pl|patch|sp)[-._]?(\d+)(?![a-z\d])", re.IGNORECASE)
_PREFIX = re.compile(r"(?:^|[^a-z])(?:v|ver|version|r|rel|release|n|s|t)[-._]?$", re.IGNORECASE)
"""What stands right before a version: v99, REL9_6_1; other letters belong to a name, as in libxml2-2.9.14."""
_NO_RELEASE = re.compile(
    r"branch|basepoint|base(?![a-z])|(?:^|[-_./])(?:pre-?)?(?:start|begin|before|after|import|merge|eol|end|root|old|wip|test)"
    r"(?:[-_./]|$)",
    re.IGNORECASE,
)
"""Words of tags that mark a place of the history and no release: V_9_9_branchpoint, gcc-14-basepoint."""
ORDER_VERSION = 2
"""Raised with every change of the order: places that an older one told are told anew."""
DATE = 19_000_000
"""A number of this size that stands alone is a date, such as 20240131; it comes behind all versions."""


@dataclass(frozen=True, slots=True)
class Version:
    """What a tag's name says: its numbers, its letter (w of 1.1.1w), patch level, and the stage before a release."""

    numbers: tuple[int, ...]
    letter: str = ""
    level: int = 0
    stage: int = _RELEASE
    count: int = 0

    @property
    def key(self) -> tuple[object, ...]:
        """4.17.0-rc1 before 4.17.0 before 4.17.0p1 before 4.17.1; 1.1.1 before 1.1.1w."""
        numbers = self.numbers
        while len(numbers) > 2 and not numbers[-1]:
            numbers = numbers[:-1]
        return numbers, (len(self.letter), self.letter), self.stage, self.count, self.level


def version_of(tag: str) -> Version | None:
    """The version in a tag's name: its longest row of numbers, with dots or without; None where there is none."""
    found = [one for one in _NUMBERS.finditer(tag) if not part_of_name(tag, one.start())]
    if not found:
        found = list(_NUMBERS.finditer(tag))
    if not found:
        return None
    best = max(found, key=lambda one: (len(re.split(r"[._]", one[0])), -one.start()))
    rest = tag[best.end() :]
    letter = _LETTERS.match(rest)
    if letter:
        rest = rest[letter.end() :] if not _STAGE.match(rest) and not _PATCHLEVEL.match(rest) else rest
    stage = _STAGE.match(rest)
    level = _PATCHLEVEL.match(rest)
    plain = bool(letter) and not _STAGE.match(tag[best.end() :]) and not _PATCHLEVEL.match(tag[best.end() :])
    return Version(
        tuple(map(int, re.split(r"[._]", best[0]))),
        letter[1] if letter and plain else "",
        int(level[1]) if level else 0,
        _BEFORE[stage[1].lower()] if stage else _RELEASE,
        int(stage[2] or 0) if stage else 0,
    )


def part_of_name(tag: str, at: int) -> bool:
    """Whether the number at a place belongs to the word before it, as 2 of libxml2-2.9.14 and 264 of x264."""
    before = re.split(r"[-/ _.]", tag[:at])[-1]
    return bool(before) and before[-1].isalpha() and not _PREFIX.search(tag[:at])


@dataclass(frozen=True, slots=True)
class ReleasePlace:
    """Where a commit is: `tag` is the first release, `branch` a branch where there is none."""

    mainline: bool
    tag: str
    branch: str


def tag_order(tag: str) -> tuple[int, tuple[object, ...], str]:
    """Sorts tags as releases: those that are one, by version; then marks and dates; names without a version last."""
    found = version_of(tag)
    if not found:
        return 2, (), tag
    return int(is_mark(tag, found)), found.key, tag


def is_mark(tag: str, found: Version) -> bool:
    """Whether a tag with a version marks a place of the history: the beginning of a branch, or a day."""
    return bool(_NO_RELEASE.search(tag)) or (len(found.numbers) == 1 and found.numbers[0] >= DATE)


def is_date(tag: str) -> bool:
    """Whether a tag is a day: a release, where a project has no others."""
    found = version_of(tag)
    return found is not None and len(found.numbers) == 1 and found.numbers[0] >= DATE and not _NO_RELEASE.search(tag)


def is_release(tag: str) -> bool:
    """Whether a tag has a version, is no mark, and does not only open a development cycle, as 4.23-dev does."""
    found = version_of(tag)
    return found is not None and not is_mark(tag, found) and found.stage != _BEFORE["dev"]


def series(tag: str) -> str:
    """The stable series of a release: 4.17 of RELEASE-4.17.3, 6.1 of v6.1.12, 255 of v255; "" without a version."""
    found = version_of(tag)
    return ".".join(map(str, found.numbers[:2])) if found else ""


def containing(
    parents: Mapping[bytes, tuple[bytes, ...]], refs: Mapping[str, str], main: str
) -> dict[bytes, ReleasePlace]:
    """The place of each commit. `refs` -> commits in hex; `main` is the ref of the main branch."""
    tags = sorted((name for name in refs if name.startswith("refs/tags/")), key=lambda name: tag_order(name[10:]))
    tag_of: dict[bytes, str] = {}
    for name in tags:
        mark(parents, refs[name], name[10:], tag_of)
    mainline: dict[bytes, str] = {}
    if main in refs:
        mark(parents, refs[main], "y", mainline)
    branch_of: dict[bytes, str] = {}
    for name in sorted(
        (name for name in refs if not name.startswith("refs/tags/")), key=lambda name: (name != main, name)
    ):
        short = name.split("/", 2)[-1]  # HEAD is its own
        mark(parents, refs[name], short, branch_of)
    return {
        name: ReleasePlace(name in mainline, tag_of.get(name, ""), "" if name in tag_of else branch_of.get(name, ""))
        for name in parents
    }


def mark(parents: Mapping[bytes, tuple[bytes, ...]], tip: str, label: str, labels: dict[bytes, str]) -> None:
    """Gives a label to all that a tip reaches and that has none."""
    waiting = [bytes.fromhex(tip)]
    while waiting:
        one = waiting.pop()
        if one not in labels:
            labels[one] = label
            waiting += parents.get(one, ())
