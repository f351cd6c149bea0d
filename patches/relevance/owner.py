"""A file's ways into the kernel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kcfg.answers.facts import Location
from kcfg.kbuild.condition import Condition
from patches.relevance.data import Kind

WAYS_LIMIT = 5000
"""Ways from a header that are followed; a header with more is everywhere."""


class Way(NamedTuple):
    """One way into the kernel: when, by which object, option or folder, and from a header over which files."""

    condition: Condition
    owner: str
    via: tuple[str, ...] = ()
    where: Location | None = None


class Owner:
    """A file's ways, made as they are asked for; without any, `reason` says why."""

    def __init__(self, kind: Kind, ways: Iterable[Way] = (), reason: str = "", new: bool = False) -> None:
        self.kind = kind
        self.reason = reason
        self.new = new
        self._made: list[Way] = []
        self._more = iter(ways)

    def ways(self) -> Iterator[Way]:
        """All ways, the nearest first."""
        at = 0
        while True:
            while at < len(self._made):
                yield self._made[at]
                at += 1
            following = next(self._more, None)
            if following is None or len(self._made) > WAYS_LIMIT:
                return
            self._made.append(following)
