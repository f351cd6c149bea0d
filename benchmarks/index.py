"""What an index of an upstream costs; `benchmarks/match.py` prints it."""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
import time
from pathlib import Path

from patches.upstreams.indexing import default_jobs, update


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
