"""Whole processes, timed in turn: medians, and ratios of medians of the same run.

Processor time is that of the process and of all that it waited for: conf starts a compiler a hundred times. On a
machine that is not idle its ratio holds, while that of wall time does not.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple


class Contestant(NamedTuple):
    """A command with its environment. `statuses` are the exit statuses that it may end with, `target` its ratio."""

    command: list[str]
    env: dict[str, str]
    statuses: tuple[int, ...] = (0,)
    target: float = 0.0


class Figure(NamedTuple):
    """Of one process: wall and processor seconds, peak memory in KiB."""

    seconds: float
    processor: float
    memory: int


def timed(contestant: Contestant, folder: str) -> Figure:
    """Runs one process. It may keep its bytecode, as what pip installs has it; without it Python compiles each time."""
    command, env = contestant.command, {k: v for k, v in contestant.env.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in contestant.statuses:
        raise SystemExit(f"{' '.join(command)}: status {status}")
    return Figure(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def race(
    contestants: Mapping[str, Contestant], runs: int, folder: str, prepare: Callable[[], None]
) -> dict[str, list[Figure]]:
    """The figures of each contestant; the first turn warms up and is not counted. `prepare` is called before each."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    figures: dict[str, list[Figure]] = {name: [] for name in contestants}
    for turn in range(runs + 1):
        for name, contestant in contestants.items():
            prepare()
            figure = timed(contestant, folder)
            if turn:
                figures[name].append(figure)
    return figures


def table(contestants: Mapping[str, Contestant], figures: Mapping[str, list[Figure]]) -> None:
    """Prints the figures; the first contestant is what the others are compared with."""
    first = next(iter(figures.values()))
    base, conf = statistics.median(one.seconds for one in first), statistics.median(one.processor for one in first)
    width = max(map(len, figures)) + 2
    head = f"{'':<{width}}{'median s':>10}{'min':>8}{'max':>8}{'of conf':>9}"
    print(f"{head}{'cpu s':>8}{'of conf':>9}{'target':>8}{'peak MB':>9}")
    for name, found in figures.items():
        times = [one.seconds for one in found]
        median, processor = statistics.median(times), statistics.median(one.processor for one in found)
        peak = max(one.memory for one in found) / 1024
        target = contestants[name].target
        told = f"{target:.2f}" if target else ""
        missed = "  missed" if target and processor / conf > target else ""
        figures_told = f"{median:>10.2f}{min(times):>8.2f}{max(times):>8.2f}{median / base:>9.2f}"
        figures_told += f"{processor:>8.2f}{processor / conf:>9.2f}"
        print(f"{name:<{width}}{figures_told}{told:>8}{peak:>9.0f}{missed}")
