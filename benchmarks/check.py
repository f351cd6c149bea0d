"""What README quotes: `kcfg check` against the tree's own `conf --olddefconfig` and kconfiglib's parse.

Whole processes, in turn, on the Linux 6.12 tree and its defconfig; medians, and ratios of medians of the same run.
`python benchmarks/check.py [--runs N]`, after `make kernels`.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.conformance.kernels import conf_env, kernel, make_config

KCONFIGLIB = """
import sys
import kconfiglib
kconfiglib.Kconfig._unmodified = kconfiglib._get_keyword
kconfiglib._get_keyword = lambda word: None if word == "modules" else kconfiglib.Kconfig._unmodified(word)
parse = kconfiglib.Kconfig._parse_assignment
kconfiglib.Kconfig._parse_assignment = lambda self, s: None if s.strip() == "modules" else parse(self, s)
kconfiglib.Kconfig("Kconfig", warn=False)
"""


def timed(command: list[str], env: dict[str, str], folder: str) -> tuple[float, int]:
    """(wall seconds, peak memory in KiB) of one process. A check may end with status 1: findings."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=env, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in ((0, 1) if "check" in command else (0,)):
        raise SystemExit(f"{' '.join(command)}: status {status}")
    return seconds, usage.ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    tree = kernel("6.12")
    kcfg = str(Path(sys.executable).with_name("kcfg"))
    with tempfile.TemporaryDirectory() as folder:
        config = str(Path(folder, "defconfig"))
        Path(config).write_text(make_config(tree, "x86_64", "defconfig").text, encoding="utf-8")
        own = dict(os.environ, XDG_CACHE_HOME=str(Path(folder, "cache")))
        conf = conf_env(tree, "x86_64") | {"KCONFIG_CONFIG": str(Path(folder, ".config"))}
        check = [kcfg, "check", config, "--profile", "pvh-domu"]
        contestants = {
            "conf --olddefconfig": ([str(tree.conf), "--olddefconfig", "Kconfig"], conf),
            "kconfiglib, parse only": ([sys.executable, "-c", KCONFIGLIB], conf),
            "kcfg check, snapshot": ([*check, "--kernel", "6.12"], own),
            "kcfg check, tree, cached": ([*check, "--tree", str(tree.tree)], own),
            "kcfg check, tree, no cache": ([*check, "--tree", str(tree.tree), "--no-cache"], own),
        }
        figures: dict[str, list[tuple[float, int]]] = {name: [] for name in contestants}
        for turn in range(runs + 1):  # the first turn warms up and is not counted
            for name, (command, env) in contestants.items():
                Path(folder, ".config").write_bytes(Path(config).read_bytes())
                figure = timed(command, env, folder)
                if turn:
                    figures[name].append(figure)
    base = statistics.median(seconds for seconds, _ in figures["conf --olddefconfig"])
    print(f"Linux {tree.version} x86_64, defconfig, {runs} runs each, whole processes")
    print(f"{'':<28}{'median s':>10}{'min':>8}{'max':>8}{'of conf':>9}{'peak MB':>9}")
    for name, found in figures.items():
        times = [seconds for seconds, _ in found]
        median = statistics.median(times)
        peak = max(memory for _, memory in found) / 1024
        print(f"{name:<28}{median:>10.2f}{min(times):>8.2f}{max(times):>8.2f}{median / base:>9.2f}{peak:>9.0f}")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
