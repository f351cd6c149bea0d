"""A file's ways into the kernel: the value that the stages of relevance hand on for each file of a patch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from kcfg.answers.facts import Location
from kcfg.kbuild.condition import Condition
from patches.relevance.data import FileKind, FileReason, FileReasonKind

WAYS_LIMIT = 5000
"""Ways from a header that are followed; a header with more is everywhere."""


class Way(NamedTuple):
    """One way into the kernel: when, by which owner (an object, option or folder), and from a header over which files.

    `where` is the line that decides, where it is known before a configuration is.
    """

    condition: Condition
    owner: str
    via: tuple[str, ...] = ()
    where: Location | None = None


class Ways:
    """Ways in their order, the nearest first, WAYS_LIMIT of them. They are fixed from the start, and worked out only as
    far as somebody looks: of a header that is everywhere, the first ones do.
    """

    def __init__(self, ways: Iterable[Way] = ()) -> None:
        self._made: list[Way] = []
        self._more = iter(ways)

    def __iter__(self) -> Iterator[Way]:
        at = 0
        while True:
            while at < len(self._made):
                yield self._made[at]
                at += 1
            following = next(self._more, None)
            if following is None or len(self._made) > WAYS_LIMIT:
                return
            self._made.append(following)

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None


NO_WAYS = Ways()


class FileWays(msgspec.Struct, frozen=True):
    """What a file of a patch is, and its ways into the kernel; without any, `reason` says why.

    `path` is the patch's name for it. `new`: the queue adds it, and the tree does not have it.
    """

    path: str
    kind: FileKind
    ways: Ways = NO_WAYS
    reason: tuple[FileReason, ...] = ()
    new: bool = False


def because(
    kind: FileReasonKind, text: str = "", *, names: Iterable[str] = (), where: Location | None = None
) -> tuple[FileReason, ...]:
    """One reason."""
    return (FileReason(kind, text, tuple(names), where),)
