"""What a reader takes for an input: CPU time and memory, in a process of its own."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import resource
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kcfg.base.errors import UserError
from kcfg_cli.cli import COLLECTING
from tests.scaling.shapes import Shape
from tests.shm import quick_folder

FACTOR = 10
"""How much larger the larger input is."""
MOST = 20
"""How many times the CPU time it may take."""
FLOOR = 0.004
"""Seconds below which a time says nothing; less counts as much."""
MEMORY = 1 << 30
"""Bytes that a process may have in memory."""
SECONDS = 10
"""CPU time after which a reader is stopped."""
TRIES = 3


class Cost(NamedTuple):
    """Of one reading: CPU seconds with its children's, the most bytes in memory, why it was refused, if it was, and how
    it broke, if it did."""

    seconds: float
    memory: int
    refused: str = ""
    broken: str = ""


class Growth(NamedTuple):
    """`times`: the larger input's CPU time in those of the smaller one."""

    small: Cost
    large: Cost

    @property
    def times(self) -> float:
        return self.large.seconds / max(self.small.seconds, FLOOR)

    @property
    def fault(self) -> str:
        """What is wrong with it, "" for nothing."""
        if broken := self.small.broken or self.large.broken:
            return broken
        if self.times > MOST:
            return f"{FACTOR} times the input takes {self.times:.0f} times the time"
        memory = max(self.small.memory, self.large.memory)
        return f"takes {memory >> 20} MB" if memory > MEMORY else ""


def growth(shape: Shape) -> Growth:
    """The best of some tries: other processes only ever make it slower."""
    with tempfile.TemporaryDirectory(prefix="scaling-", dir=quick_folder()) as place:
        small = min(cost(shape, shape.small, Path(place, f"small{one}")) for one in range(2))
        found: list[Cost] = []
        while len(found) < TRIES and not small.broken:
            found.append(cost(shape, shape.small * FACTOR, Path(place, f"large{len(found)}")))
            if found[-1].broken or Growth(small, min(found)).times <= MOST:
                break
    return Growth(small, min(found, default=small))


def cost(shape: Shape, size: int, folder: Path) -> Cost:
    """What reading takes in a child, whose caches are empty."""
    folder.mkdir()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with contextlib.suppress(BaseException), os.fdopen(writing, "wb") as out:
            pickle.dump(taken(shape, size, folder), out)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        data = told.read()
    _, status = os.waitpid(child, 0)
    if not data:
        by = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else f"status {status}"
        return Cost(SECONDS, 0, broken=f"the reader was stopped: {by}")
    found = pickle.loads(data)
    assert isinstance(found, Cost)
    return found


def taken(shape: Shape, size: int, folder: Path) -> Cost:
    """As `cost`, in this process, which is limited for good."""
    gc.freeze()  # what the parent has is not looked through again and again
    gc.set_threshold(*COLLECTING)
    (folder / "first").mkdir()
    read(shape, shape.make(2, folder / "first"))  # what is imported is no part of it
    (folder / "then").mkdir()
    given = shape.make(size, folder / "then")
    limit(resource.RLIMIT_AS, virtual() + 3 * MEMORY)
    limit(resource.RLIMIT_CPU, int(used()) + SECONDS)
    start, before = used(), resident()
    refused, broken = read(shape, given)
    seconds = used() - start
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    # A child starts with what its parent has in memory, and so do its own.
    return Cost(seconds, max(0, (most << 10) - before), refused, broken)


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def read(shape: Shape, given: object) -> tuple[str, str]:
    """Why an input was refused, and what was raised that is no refusal."""
    try:
        shape.read(given)
    except UserError as error:
        return str(error), ""
    except Exception as error:
        return "", repr(error)[:200]
    return "", ""


def limit(what: int, value: int) -> None:
    resource.setrlimit(what, (value, resource.getrlimit(what)[1]))


def virtual() -> int:
    """Bytes of address space that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def used() -> float:
    """CPU seconds of this process and of its children that have ended."""
    return sum(
        one.ru_utime + one.ru_stime for one in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def table(shapes: dict[str, Shape]) -> Iterator[str]:
    """A line for each."""
    for name, shape in shapes.items():
        found = growth(shape)
        yield (
            f"{name:<45} {found.small.seconds * 1000:>8.1f} ms {found.large.seconds * 1000:>8.1f} ms "
            f"{found.times:>5.1f} {found.large.memory >> 20:>5} MB  {found.fault or found.large.refused[:100]}"
        )


if __name__ == "__main__":
    import sys

    from tests.scaling.hostile import HOSTILE_SOURCES
    from tests.scaling.hostile_queues import HOSTILE_QUEUES
    from tests.scaling.shapes import SHAPES

    every = {**SHAPES, **HOSTILE_SOURCES, **HOSTILE_QUEUES}
    chosen = {name: one for name, one in every.items() if not sys.argv[1:] or name.startswith(tuple(sys.argv[1:]))}
    for line in table(chosen):
        print(line, flush=True)
