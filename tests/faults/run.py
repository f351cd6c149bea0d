"""`python -m tests.faults.run`: each step of each command that writes files fails once in turn; status 1 for a fault.

A step is a call of libc that changes a file (opening, writing, renaming, flushing, ...) or asks for much memory; see
fail.c, which is compiled and preloaded here. It fails as on a full disk, a broken one or without memory, or the process
is killed before it, or in the middle of a write. Afterwards every file is the old one or the new one, the status and
the one line are right, and the same command again does its work and leaves nothing beside it.
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import ctypes
import errno
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from kcfg.base.atomic import BESIDE
from tests.faults.jobs import JOBS, Job, State, state_of, template
from tests.shm import quick_folder

HERE = Path(__file__).parent
LIBRARY = "KCFG_TESTS_FAIL_SO"
KILL, TORN = -1, -2
FILES = {"no space": errno.ENOSPC, "input/output error": errno.EIO, "kill": KILL, "torn": TORN}
MEMORY = {"no memory": errno.ENOMEM}
SECONDS = 120
PROBE = re.compile(r"tmp/[a-z0-9_]{8}")
"""With such a file Python itself tries whether it can write in a folder for temporary ones."""
TIMES = re.compile(r"[0-9.]+ m?s\b")
REMOVING = ("unlink", "rmdir")
STATUSES = (0, 1, 2, 3)
WRITER_KILLED = "the process that writes the output was killed"


class Ran(NamedTuple):
    """A process: its status (a signal's number below zero), and what it wrote."""

    status: int
    out: str
    err: str


class Step(NamedTuple):
    """What is done to which kind of file."""

    call: str
    what: str


@dataclass
class Tally:
    """Of a command's steps of a kind: how often one failed, and what was wrong afterwards."""

    tries: int = 0
    faults: list[str] = field(default_factory=list)


class Bench:
    """One job: what is undisturbed, and what comes of faults."""

    def __init__(self, job: Job, origin: Path, place: Path) -> None:
        self.job, self.place, self.origin = job, place, place / "origin"
        shutil.copytree(origin, self.origin, symlinks=True)
        with caches(self.origin):
            job.before(self.origin)
        self.old = state_of(self.origin)
        folder = self.fresh()
        self.steps = [self.counted(folder, memory=False), []]
        self.normal = self.run(self.fresh())
        self.new = state_of(self.folder)
        self.steps[1] = self.counted(self.fresh(), memory=True)

    @property
    def folder(self) -> Path:
        return self.place / "work"

    def fresh(self) -> Path:
        """The folder as it was before."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.origin, self.folder, symlinks=True)
        return self.folder

    def counted(self, folder: Path, memory: bool) -> list[Step]:
        """The steps of an undisturbed run."""
        log = self.place / "log"
        log.unlink(missing_ok=True)
        self.run(folder, 0, 0, memory, str(log))
        return [step_of(line, folder) for line in log.read_text().splitlines()] if log.exists() else []

    def run(self, folder: Path, at: int = -1, how: int = 0, memory: bool = False, log: str = "") -> Ran:
        """The command in a child, with a fault at a step."""
        streams = [self.place / name for name in ("out", "err")]
        child = os.fork()
        if not child:
            status = 125
            try:
                status = in_child(self.job.args, folder, streams, (at, how, memory, log))
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        out, err = (TIMES.sub("T", path.read_text(errors="replace")) for path in streams)
        return Ran(os.waitstatus_to_exitcode(status), out, err)

    def fault(self, number: int, how: int, memory: bool) -> str:
        """What is wrong after a step failed; "" when all is well."""
        folder = self.fresh()
        ran = self.run(folder, number, how, memory)
        now = state_of(folder)
        removing = not memory and self.steps[0][number - 1].call in REMOVING
        return self.wrong_status(ran, how) or self.wrong_files(ran, now, removing) or self.wrong_again(folder)

    def wrong_status(self, ran: Ran, how: int) -> str:
        if how < 0 and WRITER_KILLED in ran.err:
            return "" if ran.status == 2 else f"status {ran.status} when the writer was killed"
        if how < 0 and ran.status != self.normal.status:  # the same where the writer had done all but its last step
            return "" if ran.status == -signal.SIGKILL else f"status {ran.status} of a killed process"
        if ran.status not in STATUSES or "Traceback" in ran.err:
            return f"status {ran.status}: {ran.err.strip()[-300:]}"
        if ran.status == self.normal.status:
            return "" if ran.out == self.normal.out else f"another output, and status {ran.status}"
        said = [line for line in ran.err.splitlines() if line not in self.normal.err.splitlines()]
        if ran.status not in (2, 3) or len(said) != 1 or not said[0].startswith("kcfg: "):
            return f"status {ran.status}: {ran.err.strip()[-300:]!r}"
        return ""

    def wrong_files(self, ran: Ran, now: State, removing: bool) -> str:
        """Files are old or new, with the undisturbed status all new; what cannot be removed may be left."""
        names = sorted({*self.old, *self.new, *now})
        for name in names:
            has = now.get(name)
            if torn := has is not None and has.startswith("torn"):
                return f"{name}: {has}"
            if is_beside(name):
                if ran.status != -signal.SIGKILL and WRITER_KILLED not in ran.err and not removing:
                    return f"{name} was left"
                continue
            if not is_growing(name) and has not in (self.old.get(name), self.new.get(name)):
                return f"{name} is neither old nor new{torn or ''}"
        kept = {name: digest for name, digest in now.items() if name in self.new or name in self.old}
        kept = {name: digest for name, digest in kept.items() if not is_growing(name) and not is_cache(name)}
        wanted = [
            {n: d for n, d in one.items() if not is_growing(n) and not is_cache(n)} for one in (self.old, self.new)
        ]
        if ran.status == self.normal.status and kept != wanted[1]:
            return "the status is that of success, and the files are the old ones"
        killed = ran.status == -signal.SIGKILL or WRITER_KILLED in ran.err
        if kept not in wanted and not (self.job.part and killed):
            return "some files are old and some are new"
        return ""

    def wrong_again(self, folder: Path) -> str:
        """The same command again makes what an undisturbed one makes."""
        if self.job.repair and state_of(folder) != self.old:
            self.job.repair(folder)
        done = "exists" in (again := self.run(folder)).err and state_of(folder) == self.new
        if not done and (again.status, again.out) != (self.normal.status, self.normal.out):
            differs = "" if self.job.name.startswith("index") and again.status == self.normal.status else again.out
            if differs or again.status != self.normal.status:
                return f"again: status {again.status}, {again.err.strip()[-200:]} {differs[-200:]}"
        now = {name: has for name, has in state_of(folder).items() if not PROBE.fullmatch(name)}
        bad = sorted(name for name in {*now, *self.new} if now.get(name) != self.new.get(name))
        return f"again: {', '.join(bad)} not as they should be" if bad else ""


def is_beside(name: str) -> bool:
    """Whether it is a temporary file's name."""
    return name.startswith("tmp/") or any(BESIDE.fullmatch(part) for part in name.split("/"))


def is_growing(name: str) -> bool:
    """An index is written in parts, each of which is whole."""
    return ".sqlite" in name


def is_cache(name: str) -> bool:
    return name.startswith("cache/")


def in_child(args: tuple[str, ...], folder: Path, streams: list[Path], fault: tuple[int, int, bool, str]) -> int:
    """Run kcfg here; its status. This process ends afterwards."""
    from kcfg_cli.cli import main

    for number, path in zip((1, 2), streams, strict=True):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
    atexit._clear()  # what the parent has to do at its end
    os.chdir(folder)
    os.environ.update(XDG_CACHE_HOME=str(folder / "cache"), TMPDIR=str(folder / "tmp"))
    tempfile.tempdir = None
    signal.alarm(SECONDS)
    at, how, memory, log = fault
    arm = ctypes.CDLL(os.environ[LIBRARY]).fault_arm
    arm.argtypes = [ctypes.c_long, ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p]
    if at >= 0:
        arm(at, how, int(memory), os.fsencode(folder), os.fsencode(log))
    status: int | str | None = 125
    sys.argv = ["kcfg", *args]
    try:
        main()  # of the command line, which is confined: another process writes its outputs
    except SystemExit as done:
        status = done.code
    arm(-1, 0, 0, b"", b"")
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    atexit._run_exitfuncs()
    return status if isinstance(status, int) else 125


def step_of(line: str, folder: Path) -> Step:
    """A line of the log: the call, and the kind of file."""
    call, _, path = line.partition(" ")
    if not path:
        return Step(call, "memory")
    name = os.path.relpath(path.removesuffix(" (deleted)"), folder)
    kind = name.split("/")[0] if "/" in name else name
    if is_beside(name):
        kind = "a file beside it"
    elif name.endswith(("-wal", "-shm", "-journal", ".lock")):
        kind = f"index{name[name.rfind('-' if '-' in name else '.') :]}"
    elif name.endswith(".sqlite"):
        kind = "index"
    elif is_cache(name):
        kind = "cache"
    elif name == ".":
        kind = "folder"
    return Step(call, kind)


@contextlib.contextmanager
def caches(folder: Path) -> Iterator[None]:
    """With the caches of a job."""
    before = dict(os.environ)
    os.environ.update(XDG_CACHE_HOME=str(folder / "cache"), TMPDIR=str(folder / "tmp"))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def compiled(folder: Path) -> Path:
    """fail.c as a library."""
    out = folder / "fail.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-Wall", "-o", out, HERE / "fail.c", "-ldl"], check=True)
    return out


def tried(bench: Bench, sample: int, seed: str) -> Iterator[tuple[Step, str, str]]:
    """(step, how it failed, what is wrong) for all steps, or a sample of them."""
    rng = random.Random(seed)
    every = [(number, False, how) for number in range(1, len(bench.steps[0]) + 1) for how in FILES]
    every = [one for one in every if one[2] != "torn" or bench.steps[0][one[0] - 1].call == "write"]
    memory = [(number, True, how) for number in range(1, len(bench.steps[1]) + 1) for how in MEMORY]
    if len(memory) > 150 and not sample:
        memory = rng.sample(memory, 150)
    if sample:
        every, memory = rng.sample(every, min(sample, len(every))), rng.sample(memory, min(sample // 4, len(memory)))
    for number, of_memory, how in sorted(every + memory):
        fault = bench.fault(number, {**FILES, **MEMORY}[how], of_memory)
        yield bench.steps[of_memory][number - 1], how, fault and f"step {number}, {how}: {fault}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.run", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--job", action="append", default=[], choices=list(JOBS), help="only this one; may be repeated")
    parser.add_argument("--sample", type=int, default=0, help="only so many steps of each (all)")
    parser.add_argument("--seed", default="1")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="faults-", dir=quick_folder()) as place:
        if LIBRARY not in os.environ:
            library = str(compiled(Path(place)))
            environment = {**os.environ, LIBRARY: library, "LD_PRELOAD": library, "NO_COLOR": "1", "COLUMNS": "100"}
            command = [sys.executable, "-W", "ignore", "-m", "tests.faults.run", *sys.argv[1:]]
            return subprocess.run(command, env=environment, check=False).returncode
        origin = Path(place, "template")
        with caches(Path(place)):
            template(origin)
        tallies: dict[tuple[str, Step], Tally] = {}
        hows: Counter[str] = Counter()
        bad = 0
        for name in asked.job or JOBS:
            folder = Path(place, name)
            folder.mkdir()
            bench = Bench(JOBS[name], origin, folder)
            for step, how, fault in tried(bench, asked.sample, f"{asked.seed} {name}"):
                tally = tallies.setdefault((name, step), Tally())
                tally.tries += 1
                hows[how] += 1
                if fault:
                    bad += 1
                    tally.faults.append(fault)
            for (job, step), tally in tallies.items():
                if job == name:
                    survived = tally.tries - len(tally.faults)
                    print(f"{job:<16} {step.call:<10} {step.what:<18} {tally.tries:>5} tries {survived:>5} survived")
                    for fault in tally.faults[:5]:
                        print(f"    {fault}", flush=True)
    total = sum(tally.tries for tally in tallies.values())
    print(f"{total:,} tries ({', '.join(f'{how} {count:,}' for how, count in hows.items())}), {bad} faults")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
