"""What an index of an upstream costs, beside git's own way to the patch-ids of the same commits.

    python benchmarks/index.py --upstream REPO [--queue QUEUE] [--runs N] [--small COMMITS]

Of the whole repository, and of a clone of its first commits. Both ways run in turn, N times, as whole processes: on a
machine that is not idle only medians of ratios tell something, those of processor time more than those of wall time,
in which two processes that index beat one pipe. With a queue, also what reading and judging it costs for each patch.
`benchmarks/match.py --costs` prints peaks of memory and the time of an update.
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

from patches.upstreams.indexing import default_jobs, update

GIT = "git -C {repo} log --all -p | git patch-id --stable > /dev/null"
KCFG = "{python} -c 'from kcfg_cli.cli import main; main()' patches index {repo} -o {index}"
TARGETS = {"whole": 1.1, "small": 1.3}
A_PATCH = 5.0
"""Milliseconds in which a patch is to be read and judged."""


def measured(command: str) -> tuple[float, float]:
    """(processor seconds, wall seconds) of a shell's command and all that it starts."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(["bash", "-o", "pipefail", "-c", command], check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def ratios(name: str, repo: Path, folder: Path, runs: int) -> None:
    """Prints what an index costs, as a multiple of git's patch-ids."""
    index = folder / f"{name}.sqlite"
    processor, wall = [], []
    for _ in range(runs):
        git = measured(GIT.format(repo=repo))
        for one in folder.glob(f"{name}.sqlite*"):
            one.unlink()
        ours = measured(KCFG.format(python=sys.executable, repo=repo, index=index))
        print(f"  {name}: git {git[0]:.1f} s of processor, {git[1]:.1f} s; index {ours[0]:.1f} s, {ours[1]:.1f} s")
        processor.append(ours[0] / git[0])
        wall.append(ours[1] / git[1])
    told = f"processor {statistics.median(processor):.2f}, wall {statistics.median(wall):.2f}"
    print(f"{name}: ratio of {runs} pairs: {told} (target {TARGETS[name]})", flush=True)


def first_commits(upstream: Path, count: int, folder: Path) -> Path:
    """A bare clone of the first commits of HEAD, about so many, with no object beside theirs."""
    listed = ["git", "-C", str(upstream), "rev-list", "--reverse", "--topo-order", "HEAD"]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
    shared, small = folder / "shared.git", folder / "small.git"
    clone = ["git", "clone", "-q", "--bare", "--no-tags", "--single-branch"]
    subprocess.run([*clone, "--shared", str(upstream), str(shared)], check=True)
    last = names[min(count, len(names)) - 1]
    subprocess.run(["git", "-C", str(shared), "update-ref", "refs/heads/first", last], check=True)
    subprocess.run([*clone, "--no-local", "-b", "first", str(shared), str(small)], check=True)
    return small


def judging(queue: str, upstream: Path, index: Path, runs: int) -> None:
    """Prints what it costs to read the patches of a queue, match and judge them; the index is there."""
    from kcfg.base.progress import silent
    from patches.queues.queue import open_queue
    from patches.verdicts.audit import judge_all
    from patches.verdicts.upstream import open_upstream

    each = []
    for _ in range(runs):
        judge = open_upstream(str(upstream), str(index), "", 1, (), silent)
        start, own = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN)
        entries = open_queue(queue)
        judge_all(entries, [judge], silent)
        git = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = time.process_time() - start + git.ru_utime + git.ru_stime - own.ru_utime - own.ru_stime
        each.append(1000 * spent / len(entries.entries))
    told = f"{statistics.median(each):.1f} ms of processor a patch, of {len(entries.entries)}"
    print(f"judging: {told} (target {A_PATCH:.0f})", flush=True)


def main() -> int:
    """Prints the ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--upstream", type=Path, required=True)
    parser.add_argument("--queue", default="")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--small", type=int, default=3000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ratios("small", first_commits(given.upstream, given.small, folder), folder, given.runs)
        ratios("whole", given.upstream, folder, given.runs)
        if given.queue:
            judging(given.queue, given.upstream, folder / "whole.sqlite", given.runs)
    return 0


def costs(upstream: Path) -> None:
    """Times a new index beside git's own patch-ids, in the same run, and an update by 100 commits."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        log = ["git", "-C", str(upstream), "log", "--all", "-p"]
        with subprocess.Popen(log, stdout=subprocess.PIPE) as text:
            subprocess.run(["git", "patch-id", "--stable"], stdin=text.stdout, stdout=subprocess.DEVNULL, check=True)
        git = time.perf_counter() - start
        file = Path(folder) / "index.sqlite"
        start = time.perf_counter()
        done = update(str(upstream), file, jobs=default_jobs())
        ours = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            f"new index: {done.total} commits in {ours:.1f} s with {default_jobs()} processes on {os.cpu_count()} CPUs;"
        )
        print(f"  git log --all -p | git patch-id --stable: {git:.1f} s; ratio {ours / git:.2f} (target 1.3)")
        print(f"  peak {peak:.0f} MB, its largest child {workers:.0f} MB (target 350)")
        print(f"  index {file.stat().st_size / 1e6:.0f} MB (target 200)")
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", "--bare", "--shared", str(upstream), str(clone)], check=True)
        heads = subprocess.run(
            ["git", "-C", str(clone), "rev-list", "--first-parent", "-n", "101", "HEAD"],
            capture_output=True, text=True, check=True,
        ).stdout.split()  # fmt: skip
        head = subprocess.run(
            ["git", "-C", str(clone), "symbolic-ref", "HEAD"], capture_output=True, text=True, check=True
        ).stdout.strip()
        refs = ["git", "-C", str(clone), "for-each-ref", "--format=delete %(refname)"]
        others = subprocess.run(refs, capture_output=True, text=True, check=True).stdout
        keep = "".join(f"{line}\n" for line in others.splitlines() if not line.endswith(f" {head}"))
        subprocess.run(["git", "-C", str(clone), "update-ref", "--stdin"], input=keep, text=True, check=True)
        subprocess.run(["git", "-C", str(clone), "update-ref", head, heads[-1]], check=True)
        small = Path(folder) / "small.sqlite"
        before = update(str(clone), small, jobs=default_jobs()).total
        subprocess.run(["git", "-C", str(clone), "update-ref", head, heads[0]], check=True)
        start = time.perf_counter()
        added = update(str(clone), small, jobs=default_jobs()).added
        print(f"  {added} new commits after {before}: {time.perf_counter() - start:.2f} s (target 2)")


if __name__ == "__main__":
    raise SystemExit(main())
