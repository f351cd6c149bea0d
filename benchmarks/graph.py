"""What README quotes of the graph: how long it takes to build one, and to answer each question, in this process.

Linux 6.12 x86_64, its built-in model, defconfig with Xen's options on. Medians over RUNS turns, of wall and of
processor time, and the ratio to the tree's own `conf --olddefconfig` and to kconfiglib's parse, which run in turn with
them: on a machine that is not idle only ratios tell something. `python benchmarks/graph.py [--runs N]`, after
`make kernels`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.check import KCONFIGLIB
from benchmarks.timing import Contestant, timed
from graphs.build import build_graph
from graphs.cycles import find_cycles
from graphs.dominators import find_dominators
from graphs.export import dot, neighbourhood, part
from graphs.history import row_of
from graphs.losses import find_needed_by
from graphs.needs import find_needs
from graphs.paths import find_paths
from kcfg.answers.judge import Judge
from kcfg.kconfig.config import parse_config
from kcfg.kconfig.kernels import open_kernel
from kcfg.solver.store import open_solver
from profiles import load_profile, modes
from tests.conformance.kernels import conf_env, kernel, make_config

XEN = ("HYPERVISOR_GUEST", "PARAVIRT", "XEN", "XEN_PVH", "XEN_DOM0", "XEN_BACKEND")
BUILD_TARGET, QUERY_TARGET = 1.5, 0.3  # seconds of an idle machine


def turn(questions: dict[str, Callable[[], Any]]) -> dict[str, tuple[float, float]]:
    """(wall seconds, processor seconds) of each question, asked once."""
    out = {}
    for name, ask in questions.items():
        wall, processor = time.perf_counter(), time.process_time()
        ask()
        out[name] = time.perf_counter() - wall, time.process_time() - processor
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    tree = kernel("6.12")
    base = make_config(tree, "x86_64", "defconfig").text
    text = base + "".join(f"CONFIG_{name}=y\n" for name in XEN)
    opened = open_kernel(kernel="6.12", arch="x86_64")
    judge = Judge(parse_config(text, "defconfig"), opened)
    profiles = [load_profile(name) for name in modes()]
    graph = build_graph(opened.model, profiles=profiles)
    used, pvh = opened.used, load_profile("pvh-domu")

    def solver() -> Any:
        found = open_solver(opened.model, judge.resolver.answers)
        found.sat.holds([])
        return found

    def solved(ask: Callable[[Any], object]) -> Callable[[], object]:
        """The question to a solver that is ready: opening one has a line of its own."""
        made = [solver() for _ in range(runs + 1)]
        return lambda: ask(made.pop())

    questions: dict[str, Callable[[], Any]] = {
        "graph of the whole model, with modes": lambda: build_graph(opened.model, profiles=profiles),
        "open a solver, clauses cached": solver,
        "path XEN_DOM0 PARAVIRT_XXL": lambda: find_paths(graph, "XEN_DOM0", "PARAVIRT_XXL", kernel=used, version=""),
        "needs XEN_DOM0": solved(lambda one: find_needs(graph, judge, one, "XEN_DOM0", version="")),
        "needed-by PARAVIRT_XXL": solved(
            lambda one: find_needed_by(judge, one, "PARAVIRT_XXL", version="", given=True)
        ),
        "dominators pvh-domu": solved(lambda one: find_dominators(opened, one, pvh, version="", graph=graph)),
        "history XEN_DOM0, one kernel": solved(lambda one: row_of(opened, one, "XEN_DOM0", None)),
        "cycles": lambda: find_cycles(graph, kernel=used, version=""),
        "export around XEN as DOT": lambda: dot(part(graph, neighbourhood(graph, ["XEN"], 1))),
    }
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in questions}
    others: dict[str, list[float]] = {"conf --olddefconfig": [], "kconfiglib, parse only": []}
    with tempfile.TemporaryDirectory() as folder:
        env = conf_env(tree, "x86_64") | {"KCONFIG_CONFIG": str(Path(folder, ".config"))}
        commands = {
            "conf --olddefconfig": Contestant([str(tree.conf), "--olddefconfig", "Kconfig"], env),
            "kconfiglib, parse only": Contestant([sys.executable, "-c", KCONFIGLIB], env),
        }
        for number in range(runs + 1):  # the first turn warms up
            Path(folder, ".config").write_text(text, encoding="utf-8")
            whole = {name: timed(one, folder)[0] for name, one in commands.items()}
            found = turn(questions)
            if number:
                for name, seconds in whole.items():
                    others[name].append(seconds)
                for name, pair in found.items():
                    figures[name].append(pair)
    tell(tree.version, runs, figures, others)


def tell(
    version: str, runs: int, figures: dict[str, list[tuple[float, float]]], others: dict[str, list[float]]
) -> None:
    """Prints the figures."""
    medians = {name: statistics.median(found) for name, found in others.items()}
    conf, parse = medians.values()
    print(f"Linux {version} x86_64, {runs} runs each; targets are seconds of processor time")
    width = max(map(len, [*figures, *others])) + 2
    print(f"{'':<{width}}{'wall s':>8}{'cpu s':>8}{'target':>8}{'of conf':>9}{'of kconfiglib':>15}")
    for name, seconds in medians.items():
        print(f"{name:<{width}}{seconds:>8.2f}{'':>8}{'':>8}{seconds / conf:>9.2f}{seconds / parse:>15.2f}")
    for number, (name, found) in enumerate(figures.items()):
        wall = statistics.median(pair[0] for pair in found)
        processor = statistics.median(pair[1] for pair in found)
        target = BUILD_TARGET if number == 0 else QUERY_TARGET
        missed = "  missed" if processor > target else ""
        ratios = f"{wall / conf:>9.2f}{wall / parse:>15.2f}"
        print(f"{name:<{width}}{wall:>8.2f}{processor:>8.2f}{target:>8.1f}{ratios}{missed}")


if __name__ == "__main__":
    main()
