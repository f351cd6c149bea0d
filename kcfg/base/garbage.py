"""Python's garbage collector, where there is nothing for it to find."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector: hundreds of thousands of small objects that stay, and no garbage among them, take twice as
    long to make with it. Afterwards it runs again, if it did before."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
