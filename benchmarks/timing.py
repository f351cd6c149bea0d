"""Whole processes, timed in turn: medians, and ratios of medians of the same run."""

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


def timed(contestant: Contestant, folder: str) -> tuple[float, int]:
    """(wall seconds, peak memory in KiB) of one process."""
    command, env = contestant.command, contestant.env
    start = time.perf_counter()
    process = subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in contestant.statuses:
        raise SystemExit(f"{' '.join(command)}: status {status}")
    return seconds, usage.ru_maxrss


def race(
    contestants: Mapping[str, Contestant], runs: int, folder: str, prepare: Callable[[], None]
) -> dict[str, list[tuple[float, int]]]:
    """The figures of each contestant; the first turn warms up and is not counted. `prepare` is called before each."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    figures: dict[str, list[tuple[float, int]]] = {name: [] for name in contestants}
    for turn in range(runs + 1):
        for name, contestant in contestants.items():
            prepare()
            figure = timed(contestant, folder)
            if turn:
                figures[name].append(figure)
    return figures


def table(contestants: Mapping[str, Contestant], figures: Mapping[str, list[tuple[float, int]]]) -> None:
    """Prints the figures; the first contestant is what the others are compared with."""
    base = statistics.median(seconds for seconds, _ in next(iter(figures.values())))
    width = max(map(len, figures)) + 2
    print(f"{'':<{width}}{'median s':>10}{'min':>8}{'max':>8}{'of conf':>9}{'target':>8}{'peak MB':>9}")
    for name, found in figures.items():
        times = [seconds for seconds, _ in found]
        median = statistics.median(times)
        peak = max(memory for _, memory in found) / 1024
        target = contestants[name].target
        told = f"{target:.2f}" if target else ""
        missed = "  missed" if target and median / base > target else ""
        figures_told = f"{median:>10.2f}{min(times):>8.2f}{max(times):>8.2f}{median / base:>9.2f}"
        print(f"{name:<{width}}{figures_told}{told:>8}{peak:>9.0f}{missed}")
