"""`make modes-table`: the smallest configuration for every mode on every kernel, with its proof, judged by conf.

For each kernel, architecture and mode: symbols enabled, the proven lower bound, seconds, and how many lines the tree's
own `conf --olddefconfig` changes (none), or why the mode is impossible there.
"""

from __future__ import annotations

import argparse
import sys
import time

from kcfg.answers.goals import read_goals
from kcfg.answers.judge import Judge
from kcfg.base.errors import UserError
from kcfg.base.version import KernelUsed
from kcfg.kconfig.config import Config
from kcfg.kconfig.dotconfig import dotconfig
from kcfg.kconfig.kernels import Kernel as Opened
from kcfg.solver.store import open_solver
from profiles import load_profile, modes
from profiles.fulfil.demands import essential_demands, rule_demands
from profiles.fulfil.generate import Options, generate, out_of_range
from profiles.fulfil.generated import GenerateReport
from tests.conformance.compare import lines_of, model_of
from tests.conformance.kernels import available, run_conf

ARCHES = ("x86_64", "arm64")


def row(name: str, arch: str, mode: str) -> tuple[GenerateReport | None, int, str, float]:
    """(report, lines that conf changes, why it is impossible, seconds)."""
    found, model, answers = model_of(name, arch)
    profile = load_profile(mode)
    used = KernelUsed(version=model.version, arch=arch, origin="tree", name=name)
    opened = Opened(model, used, True)
    start = time.perf_counter()
    try:
        demands = rule_demands(profile, model) + essential_demands(profile, model, "all")
    except UserError:
        words = [word for one in profile.ranges for word in one.kernel_goals]
        solver = open_solver(model, answers)
        judge = Judge(Config(name=""), opened, answers)
        why = profile.applicable(model.version, arch)[1]
        report = out_of_range(opened, solver, profile, read_goals(judge, words), why, "table")
        core = "; ".join(f"{one.symbol}: {one.text} ({one.where})" for one in report.core)
        return report, 0, f"{', '.join(report.core_goals)}: {core}", time.perf_counter() - start
    solver = open_solver(model, answers, no_unmet=True)
    made = generate(opened, solver, profile, demands, Options(), "table")
    seconds = time.perf_counter() - start
    if made.resolver is None:
        core = "; ".join(f"{one.symbol}: {one.text} ({one.where})" for one in made.report.core)
        return made.report, 0, core, seconds
    text = dotconfig(model, made.resolver.lines())
    run = run_conf(found, arch, "--olddefconfig", text)
    ours, theirs = lines_of(text), lines_of(run.text)
    drift = sum(ours.get(one) != theirs.get(one) for one in ours.keys() | theirs.keys())
    return made.report, drift + run.stderr.count("unmet direct dependencies"), "", seconds


def main() -> int:
    """Print the table; status 1 when conf changes a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kernel", action="append", help="only this series")
    options = parser.parse_args()
    wrong = 0
    print(f"{'kernel':<8}{'arch':<8}{'mode':<17}{'enabled':>8}{'bound':>8}{'seconds':>9}{'drift':>7}")
    for kernel in available():
        for arch in ARCHES:
            for mode in modes():
                profile = load_profile(mode)
                if arch not in profile.arch or (options.kernel and kernel.name not in options.kernel):
                    continue
                report, drift, why, seconds = row(kernel.name, arch, mode)
                head = f"{kernel.name:<8}{arch:<8}{mode:<17}"
                if why or report is None:
                    print(f"{head}impossible: {why}", flush=True)
                    continue
                wrong += drift
                proven = "" if report.proven else " not proven"
                print(
                    f"{head}{report.optimum:>8}{report.bound:>8}{seconds:>9.1f}{drift:>7}{proven}",
                    flush=True,
                )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
