"""An index for those who ask it: brought up to date, opened, and made anew where it proves damaged."""

from __future__ import annotations

from collections.abc import Callable

from patches.upstreams.index import Index
from patches.upstreams.indexing import Indexed
from patches.upstreams.limits import Limit
from patches.upstreams.store import DamagedError


def opened(update: Callable[[bool], Indexed], look: bool = False) -> tuple[Index, tuple[Limit, ...]]:
    """The index after an update, and whether it was damaged before.

    `update` is asked to look through it for `look`, and once where it only proves damaged when it is opened.
    """
    done = update(look)
    try:
        index = Index.open(done.path)
    except DamagedError:
        done = update(True)
        index = Index.open(done.path)
    return index, (Limit.REMADE,) if done.rebuilt.startswith("damaged") else ()
