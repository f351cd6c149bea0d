"""`python -m tests.oracle.run -n 2000`: trees, questions by kind, what is refuted; status 1 when something is.

With --shrink, the smallest case of each kind that was refuted, each shrunk on its own.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.conformance import kernels
from tests.oracle import search
from tests.oracle.questions import MANY
from tests.oracle.verdicts import Tally


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle.run", description=__doc__.split("\n")[0])
    parser.add_argument("-n", "--trees", type=int, default=200, help="how many trees, shared out to the kernels")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--kernel", action="append", help="a series, such as 6.12; may be repeated")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--shrink", type=int, default=1, help="smallest cases to show for each kind and kernel")
    options = parser.parse_args(arguments)
    names = options.kernel or [kernel.name for kernel in kernels.available()]
    if not names:
        print("oracle: no kernel is there; run `make kernels`", file=sys.stderr)
        return 3
    chunks = -(-options.trees // (search.CHUNK * len(names)))
    start = time.monotonic()
    total = Tally()
    seen: dict[tuple[str, str], list[int]] = {}
    with ProcessPoolExecutor(options.jobs) as pool:
        running = {
            pool.submit(search.survey, name, number): (name, number)
            for number in range(options.seed, options.seed + chunks)
            for name in names
        }
        for done in as_completed(running):
            name, number = running[done]
            tally = done.result()
            total.add(tally)
            for kind in tally.refuted:
                seen.setdefault((kind, name), []).append(number)
        print(report(total, time.monotonic() - start), flush=True)
        wanted = [
            pool.submit(search.smallest, name, number, kind)
            for (kind, name), numbers in sorted(seen.items())
            for number in sorted(numbers)[: options.shrink]
        ]
        for found in wanted:
            print(f"\n{found.result()}", flush=True)
    missing = unasked(total)
    if missing:
        print(f"oracle: a run without {', '.join(missing)} says nothing", file=sys.stderr)
        return 3
    return 1 if total.refuted else 0


def unasked(total: Tally) -> list[str]:
    """What a run never came to; such a run says nothing, whatever it did not refute."""
    counts = {"trees": total.trees, "fixpoints": total.fixpoints, "configurations": total.configurations}
    counts |= {f"{kind} questions": total.questions[kind] for kind in MANY}
    counts |= {"alternatives": total.any_of, "goals of m": total.modules}
    return [name for name, count in counts.items() if not count]


def report(total: Tally, seconds: float) -> str:
    """What was asked and what was refuted."""
    questions = sum(total.questions.values())
    share = 100 / (questions or 1)
    out = [
        f"{total.trees} trees, {total.fixpoints} fixpoints, {total.configurations} configurations, {seconds:.0f} s "
        f"({total.trees / (seconds or 1):.1f} trees a second)",
        f"{questions} questions, {share * total.any_of:.0f} % with alternatives, {share * total.modules:.0f} % with m",
    ]
    for title, counts in (
        ("questions", total.questions),
        ("undecided", total.undecided),
        ("trees left out", total.left_out),
        ("noted", total.notes),
        ("refuted", total.refuted),
    ):
        out += [f"{title}: {sum(counts.values())}", *table(counts)]
    return "\n".join(out)


def table(counts: Counter[str]) -> list[str]:
    return [f"  {count:7} {kind}" for kind, count in counts.most_common() if count]


if __name__ == "__main__":
    sys.exit(main())
