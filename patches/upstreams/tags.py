"""Which release has a commit first, and whether mainline has it: one walk over the parents, tags in their order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_VERSION = re.compile(r"(\d+(?:\.\d+)+)(?:[-.~]?(rc|pre|alpha|beta|dev)[-.]?(\d*))?")
_BEFORE = {"dev": -1, "alpha": 0, "beta": 1, "pre": 2, "rc": 3}
_RELEASE = 9


@dataclass(frozen=True, slots=True)
class Place:
    """Where a commit is: `tag` is the first release, `branch` a branch where there is none."""

    mainline: bool
    tag: str
    branch: str


def tag_order(tag: str) -> tuple[int, tuple[int, ...], int, int, str]:
    """Sorts tags as releases: 4.17.0-rc1 before 4.17.0 before 4.17.1; names without a version come last."""
    found = _VERSION.search(tag)
    if not found:
        return 1, (), 0, 0, tag
    numbers = tuple(map(int, found[1].split(".")))
    while len(numbers) > 2 and not numbers[-1]:
        numbers = numbers[:-1]
    return 0, numbers, _BEFORE.get(found[2] or "", _RELEASE), int(found[3] or 0), tag


def is_release(tag: str) -> bool:
    """Whether a tag has a version, and none that only opens a development cycle, as 4.23-dev does."""
    found = _VERSION.search(tag)
    return found is not None and found[2] != "dev"


def series(tag: str) -> str:
    """The stable series of a release: 4.17 of RELEASE-4.17.3, 6.1 of v6.1.12; "" without a version."""
    found = _VERSION.search(tag)
    return ".".join(found[1].split(".")[:2]) if found else ""


def containing(parents: Mapping[bytes, tuple[bytes, ...]], refs: Mapping[str, str], main: str) -> dict[bytes, Place]:
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
        short = name.split("/", 2)[2]
        mark(parents, refs[name], short, branch_of)
    return {
        name: Place(name in mainline, tag_of.get(name, ""), "" if name in tag_of else branch_of.get(name, ""))
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
