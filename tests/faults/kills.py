"""`python -m tests.faults.kills -n 300`: commands on an upstream are killed at any moment; status 1 when one is hurt.

SIGKILL or SIGTERM reaches a command at any moment of its run, spread evenly over its processor time, which
other processes do not change. A run that ended before its moment is no kill: it says how long a run takes now, and the
same share of that is tried. After a kill none of the command's processes is left, and the same command again ends with
what an undisturbed one says, its index has the same rows, and nothing temporary is left. It hangs when its processes
wait and do nothing, or take many times as long as they should.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.faults.jobs import PASSING, index_says
from tests.kcfg.trees import write_tree
from tests.patches.upstream import git, make, queue_of
from tests.shm import quick_folder

COMMITS = 2100
GRACE = 5.0
"""Seconds in which a killed command's other processes have to end."""
SLACK = 5.0
"""How much more processor time than an undisturbed one the second run may take, as a factor."""
LEAST = 30.0
"""Seconds of it that it may take in any case."""
QUIET = 20.0
"""Seconds in which no process of a command runs or uses a disk, or a processor: it waits for what does not come."""
TICK = 0.02
"""Seconds between two looks at a command's processes, at least."""
PROCESSORS = os.cpu_count() or 1
TRIES = 10
"""Runs that may end before their moment, one after the other."""
EVERY = 20
"""Kills after which the table so far is shown."""
ROOT = Path(__file__).parents[2]
COMMANDS = {
    "index": ("patches", "index", "upstream"),
    "status": ("patches", "status", "queue", "--upstream", "upstream", "--format", "json"),
    "report": (
        "report",
        "--queue",
        "queue",
        "--upstream",
        "upstream",
        "-c",
        "small.config",
        "--tree",
        "tree",
        "-o",
        "site",
    ),
    "relevance": ("relevance", "queue", "--tree", "tree", "--config", "small.config", "--format", "json"),
}


class Whole(NamedTuple):
    """What an undisturbed run leaves: its status and output, what is in its files, and the processor time it took, in
    seconds."""

    status: int
    out: str
    files: dict[str, str]
    seconds: float


class Row(NamedTuple):
    """Of a command: how often it was killed, while it ran, its processor seconds, and what was wrong afterwards."""

    command: str
    tries: int
    killed: int
    seconds: float
    lost: int
    hung: int
    orphans: int
    temporaries: int


class Bench:
    """A folder with all that the commands need; `base` has what each try begins with."""

    def __init__(self, place: Path, commits: int, repository: str) -> None:
        self.rng = random.Random(commits)
        self.base, self.work = place / "base", place / "work"
        self.base.mkdir()
        if repository:
            cut(Path(repository), self.base / "upstream", commits)
            queue_from(self.base / "upstream", self.base / "queue")
        else:
            grown(self.base / "upstream", commits)
            queue_of(make(place / "small"), self.base / "queue")
        write_tree(
            self.base / "tree",
            {"Kconfig": 'config A\n\tbool "a"\n', "Kbuild": "obj-$(CONFIG_A) += a.o\n", "a.c": "int a;\n"},
        )
        (self.base / "small.config").write_text("CONFIG_A=y\n")
        self.whole: dict[str, Whole] = {}
        self.lasts: dict[str, float] = {}
        """Of each command: how many seconds of processor time a run took lately."""

    def fresh(self) -> None:
        """As at the beginning: no cache, no output. The upstream is never written, so that it is shared."""
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()
        for one in self.base.iterdir():
            (self.work / one.name).symlink_to(one)
        (self.work / "tmp").mkdir()

    def start(self, name: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "XDG_CACHE_HOME": str(self.work / "cache"),
            "TMPDIR": str(self.work / "tmp"),
            "PYTHONPATH": str(ROOT),
            "NO_COLOR": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        with open(self.work / "out", "wb") as out, open(self.work / "err", "wb") as err:
            return subprocess.Popen(
                [sys.executable, "-m", "kcfg", *COMMANDS[name]],
                cwd=self.work,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    def ended(self, name: str, limit: float) -> Whole | None:
        """A whole run; None when it hangs, or takes more seconds of processor time."""
        before = reaped()
        process = self.start(name)
        used, since = 0.0, time.monotonic()
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = process.wait(0.5)
                break
            now, busy = activity(process.pid)
            if busy or now != used:
                used, since = now, time.monotonic()
            if used > limit or time.monotonic() - since > QUIET:
                kill_session(process.pid)
                process.wait()
                return None
        return Whole(status, told(name, (self.work / "out").read_text()), self.files(), reaped() - before)

    def files(self) -> dict[str, str]:
        """What was made: the index by its rows, the rest by name."""
        out = {}
        for at, _, files in os.walk(self.work):
            for one in files:
                path = Path(at, one)
                name = str(path.relative_to(self.work))
                if name not in ("out", "err") and not path.is_symlink() and not one.endswith(PASSING):
                    out[name] = (
                        index_says(path) if one.endswith(".sqlite") else "site" if name.startswith("site") else ""
                    )
        return out

    def undisturbed(self, name: str) -> Whole:
        """Two runs: the second one finds what the first one left, as after a kill."""
        if name not in self.whole:
            runs = []
            for _ in range(2):
                self.fresh()
                found = self.ended(name, 600)
                assert found, f"{name} takes more than ten minutes"
                assert found.status in (0, 1, 3), (self.work / "err").read_text()
                runs.append(found)
            self.whole[name] = min(runs, key=lambda one: one.seconds)
            self.lasts[name] = self.whole[name].seconds
        return self.whole[name]

    def interrupted(self, name: str, at: float, how: signal.Signals) -> tuple[int, bool]:
        """A run that is killed after a share of its processor time: (its process, whether it still ran then)."""
        for _ in range(TRIES):
            self.fresh()
            before = reaped()
            process = self.start(name)
            while process.poll() is None:
                left = at * self.lasts[name] - activity(process.pid)[0]
                if left > 0:  # no processor is used faster than time goes by, so that looking more often is in vain
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(max(TICK, left / PROCESSORS))
                    continue
                time.sleep(self.rng.uniform(0, TICK))  # a process that used the processor is not always at its end
                if process.poll() is None:
                    process.send_signal(how)
                    process.wait()
                    return process.pid, True
            self.lasts[name] = reaped() - before
        return process.pid, False

    def killed(self, name: str, at: float, how: signal.Signals) -> tuple[bool, list[str]]:
        """A run that is killed after a share of its time, and another one: (whether it still ran, what was wrong)."""
        normal = self.undisturbed(name)
        leader, ran = self.interrupted(name, at, how)
        wrong = []
        until = time.monotonic() + GRACE
        while (alive := session(leader)) and time.monotonic() < until:
            time.sleep(0.05)
        if alive:
            wrong.append("orphans")
            kill_session(leader)
        again = self.ended(name, max(LEAST, normal.seconds * SLACK))
        if again is None:
            return ran, [*wrong, "hung"]
        files = {one: has for one, has in again.files.items() if one in normal.files}
        if (again.status, again.out, files) != (normal.status, normal.out, normal.files):
            wrong.append("lost")
        if set(again.files) - set(normal.files):
            wrong.append("temporaries")
        return ran, wrong


def told(name: str, out: str) -> str:
    """What a run says, without what differs each time."""
    return "" if name == "index" else out


def session(leader: int) -> list[int]:
    """The processes of a session that are alive; zombies are not."""
    return [process for process, _, _ in processes(leader)]


def activity(leader: int) -> tuple[float, bool]:
    """(processor seconds of a session's processes and of the children that they saw end, whether one runs or waits for
    a disk)."""
    found = list(processes(leader))
    return sum(seconds for _, _, seconds in found), any(state in "RD" for _, state, _ in found)


def processes(leader: int) -> Iterator[tuple[int, str, float]]:
    """(process, state, processor seconds with those of its ended children) of what is alive in a session."""
    for one in os.listdir("/proc"):
        if one.isdigit():
            try:
                fields = Path("/proc", one, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == leader and fields[0] != "Z":
                yield int(one), fields[0], sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def reaped() -> float:
    """Processor seconds of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def kill_session(leader: int) -> None:
    for one in session(leader):
        os.kill(one, signal.SIGKILL)


def grown(folder: Path, commits: int) -> None:
    """A repository with so many commits."""
    folder.mkdir()
    git(folder, "init", "-q", "--bare", ".")
    out = []
    for number in range(commits):
        text = "".join(f"int f{number}_{line}(void);\n" for line in range(40))
        out.append(
            f"commit refs/heads/master\ncommitter A <a@b> {1_600_000_000 + number} +0000\ndata 9\nx: {number:06}\n"
            f"M 644 inline f{number % 97}.c\ndata {len(text)}\n{text}\n"
        )
    git(folder, "fast-import", "--quiet", stdin="".join(out))


def cut(repository: Path, folder: Path, commits: int) -> None:
    """The first commits of a repository's mainline, as a repository of its own; its objects are the other one's."""
    subprocess.run(["git", "clone", "-q", "--bare", "--shared", f"file://{repository}", folder], check=True)
    first = git(folder, "rev-list", "--reverse", "--topo-order", "HEAD").split()[:commits]
    refs = git(folder, "for-each-ref", "--format=delete %(refname)")
    git(folder, "update-ref", "--stdin", stdin=refs)
    git(folder, "update-ref", "refs/heads/master", first[-1])
    git(folder, "symbolic-ref", "HEAD", "refs/heads/master")
    git(folder, "tag", "1.0.0", first[-6])


def queue_from(repository: Path, folder: Path) -> None:
    """A queue of the repository's own commits, which are to be found there again."""
    folder.mkdir()
    names = git(repository, "format-patch", "-20", "--no-merges", "--zero-commit", "-o", str(folder), "HEAD").split()
    (folder / "series").write_text("".join(f"{Path(name).name}\n" for name in names))


def moments(bench: Bench, kills: int, rng: random.Random) -> Iterator[tuple[str, bool, list[str]]]:
    """(command, whether it still ran, what was wrong): the commands in turn, at moments spread over each run."""
    rounds = -(-kills // len(COMMANDS))
    shares = {name: rng.sample(range(rounds), rounds) for name in COMMANDS}
    for number in range(kills):
        name = list(COMMANDS)[number % len(COMMANDS)]
        how = rng.choice((signal.SIGKILL, signal.SIGTERM))
        at = (shares[name][number // len(COMMANDS)] + rng.random()) / rounds
        ran, faults = bench.killed(name, at, how)
        for fault in faults:
            print(f"    {name}: {how.name} at {at:.3f}: {fault}: {(bench.work / 'err').read_text()[-300:]}", flush=True)
        yield name, ran, faults


def rows_of(bench: Bench, found: Sequence[tuple[str, bool, list[str]]]) -> list[Row]:
    """A row for each command."""
    out = []
    for name in COMMANDS:
        own = [(ran, faults) for command, ran, faults in found if command == name]
        wrong = [fault for _, faults in own for fault in faults]
        counts = (wrong.count(one) for one in ("lost", "hung", "orphans", "temporaries"))
        if own:
            out.append(Row(name, len(own), sum(ran for ran, _ in own), bench.undisturbed(name).seconds, *counts))
    return out


def table(rows: Sequence[Row]) -> str:
    form = "{:<10} {:>6} {:>7} {:>8} {:>5} {:>5} {:>8} {:>12}\n"
    out = form.format("command", "kills", "running", "seconds", "lost", "hung", "orphans", "temporaries")
    return out + "".join(form.format(*(one._replace(seconds=round(one.seconds, 1)))) for one in rows)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-n", type=int, default=300, help="kills of all commands together (300)")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--commits", type=int, default=COMMITS, help=f"of the upstream ({COMMITS:,})")
    parser.add_argument(
        "--repository", default="", help="a git repository whose last commits are the upstream; else one is made"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kills-", dir=quick_folder()) as place:
        bench = Bench(Path(place), asked.commits, asked.repository)
        found = []
        for one in moments(bench, asked.n, random.Random(asked.seed)):
            found.append(one)
            if len(found) % EVERY == 0:
                print(table(rows_of(bench, found)), flush=True)
        rows = rows_of(bench, found)
        print(table(rows), end="")
    hurt = sum(one.lost + one.hung + one.orphans + one.temporaries for one in rows)
    print(f"{sum(one.tries for one in rows)} kills, {hurt} hurt")
    return int(hurt > 0)


if __name__ == "__main__":
    sys.exit(main())
