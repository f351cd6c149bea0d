"""Recursion deeper than Python's stack of frames, without touching the limit that the whole process shares.

A chain of a hundred options that hang on each other takes a thousand frames. Every thread has that many of its own, so
a computation that comes near the end goes on in a fresh thread, and the one before waits: the order of evaluation,
which decides what loops amount to, stays as it is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from kcfg.base.errors import CannotEvaluate

LEVELS = 50
"""Counted calls for one thread; each takes at most eight of the thousand frames that it has, and may ask another
computation that counts for itself."""
MOST_THREADS = 1000

A = TypeVar("A")
T = TypeVar("T")


class Deep:
    """Counts nested calls. A method that may nest adds 1 to `_depth` when it starts, subtracts it when it returns, and
    hands itself to `_elsewhere` where `_depth` has come to `_floor`."""

    __slots__ = ("_depth", "_floor")

    def __init__(self) -> None:
        self._depth = 0
        self._floor = LEVELS

    def _elsewhere(self, call: Callable[[A], T], argument: A) -> T:
        """`call(argument)` in a thread of its own. CannotEvaluate where there is no end of them."""
        if self._floor >= LEVELS * MOST_THREADS:
            raise too_deep()
        self._depth -= 1  # the call counts itself
        self._floor += LEVELS
        try:
            return on_its_own(lambda: call(argument))
        finally:
            self._floor -= LEVELS


def on_its_own(call: Callable[[], T]) -> T:
    """`call()` in a thread of its own, with all the frames that one has. CannotEvaluate where there is no thread."""
    found: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            found.append(call())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    try:
        thread.start()
    except RuntimeError:
        raise too_deep() from None
    thread.join()
    if failed:
        raise failed[0]
    return found[0]


def too_deep() -> CannotEvaluate:
    """The one line for options that hang on each other without end."""
    return CannotEvaluate("the options hang on each other in too long a chain")
