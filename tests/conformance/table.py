"""`make conformance`: every kernel, architecture, kind and form of configuration, as a table of what differs."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby

from tests.conformance.compare import Case, all_cases, differing
from tests.conformance.kernels import ARCHES


def run_group(cases: list[Case]) -> list[tuple[Case, int, list[tuple[str, str, str]]]]:
    """The cases of one kernel and architecture, in one process."""
    return [(case, *differing(case)) for case in cases]


def groups(randconfigs: int, series: list[str], arches: list[str]) -> Iterable[list[Case]]:
    """Cases by kernel and architecture."""
    for _, cases in groupby(all_cases(randconfigs, series, arches), key=lambda case: (case.kernel, case.arch)):
        yield list(cases)


def main() -> int:
    """Print the table; status 1 when a symbol differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--randconfigs", type=int, default=20, help="random configurations for each architecture")
    parser.add_argument("--kernel", action="append", default=[], help="a series, such as 7.1; all without it")
    parser.add_argument("--arch", action="append", default=[], choices=ARCHES, help="all without it")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    start = time.monotonic()
    print(
        f"{'kernel':<8}{'arch':<8}{'configurations':>15}{'symbols compared':>18}{'symbols that differ':>21}", flush=True
    )
    total = wrong = 0
    with ProcessPoolExecutor(options.jobs) as pool:
        for results in pool.map(run_group, groups(options.randconfigs, options.kernel, options.arch or list(ARCHES))):
            case = results[0][0]
            bad = sum(len(differences) for _, _, differences in results)
            compared = sum(count for _, count, _ in results)
            print(f"{case.kernel:<8}{case.arch:<8}{len(results):>15}{compared:>18,}{bad:>21}", flush=True)
            for case, _, differences in results:
                for name, ours, theirs in differences[:5]:
                    print(f"    {case}: {name}: {ours!r}, conf says {theirs!r}", flush=True)
            total += len(results)
            wrong += bad
    print(f"{total} configurations, {wrong} symbols differ, {time.monotonic() - start:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
