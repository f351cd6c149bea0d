"""What limits an upstream, as kinds; patches/report has the words."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Limit(StrEnum):
    """What an upstream cannot tell."""

    SHALLOW = "shallow"  # the repository lacks older commits
    PARTIAL = "partial"  # it is a partial clone: diffs of missing objects are not read
    NO_TAGS = "no-tags"  # no release can be named
    PART = "part"  # only a part of the history is indexed
    THIS_RUN = "this-run"  # the cache cannot be written: the index is for this run alone
    REMADE = "made-anew"  # the index was damaged, and was made anew
    CONTENT = "content"  # content alone: no commit can be named
    OTHER_TREE = "other-tree"  # it has few of the queue's files, or none


def stored(limits: Iterable[Limit]) -> str:
    """Limits as an index keeps them."""
    return " ".join(limits)


def read(text: str) -> tuple[Limit, ...]:
    """What `stored` made."""
    return tuple(map(Limit, text.split()))
