"""Which one-line changes of the code the unit tests do not notice.

A seeded sample of mutants is made of the folders of wings.toml. For each mutant, the tests that run its line run in a
copy of the tree, the quick ones first, until one fails. pytest and the libraries are imported once: a mutant is a fork.
Which tests run which lines is kept in build/mutation until the code or the test file changes.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import hashlib
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from py_compile import PycInvalidationMode
from typing import Any

from tests.mutation import child
from tests.mutation.mutants import Mutant, mutants_of, sample
from tests.mutation.wings import SOURCES, Folder, folders

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "mutation" / "lines.json"
SURVIVORS = KEPT.with_name("survivors.json")
DONE = KEPT.with_name("done.json")
LEAST = 90  # percent
NO_TESTS = 5  # pytest's exit status


@dataclass(slots=True)
class Lines:
    """What the tests of a wing run: seconds by test, and tests by (file, line)."""

    seconds: dict[str, float] = field(default_factory=dict)
    tests: dict[tuple[str, int], set[str]] = field(default_factory=dict)

    def add(self, told: dict[str, Any]) -> None:
        names = list(told["seconds"])
        failed = set(told["failed"])
        self.seconds |= {name: took for name, took in told["seconds"].items() if name not in failed}
        for file, by_line in told["lines"].items():
            for line, numbers in by_line.items():
                here = self.tests.setdefault((file, int(line)), set())
                here.update(names[number] for number in numbers if names[number] not in failed)

    def running(self, file: str, lines: Iterable[int]) -> set[str]:
        return {name for line in lines for name in self.tests.get((file, line), ())}

    def of_files(self, files: Iterable[str]) -> set[str]:
        wanted = set(files)
        return {name for (file, _), names in self.tests.items() if file in wanted for name in names}


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant: `status` is killed, stopped (it took too long, or died), or survived.

    `by` is the test that noticed, `tests` how many were to run.
    """

    folder: str
    mutant: Mutant
    status: str
    by: str
    tests: int


def main() -> int:
    """Runs it all; 1 when fewer than LEAST percent are killed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.run", description=__doc__)
    parser.add_argument("-n", type=int, default=300, help="how many mutants (300)")
    parser.add_argument("--seed", default="1", help="another seed is another sample")
    parser.add_argument("--folder", action="append", default=[], help="only this folder; may be repeated")
    parser.add_argument("--file", default="", help="every mutant of FILE or of FILE:LINE, no sample")
    parser.add_argument("--survivors", action="store_true", help="those that survived the last run, no sample")
    parser.add_argument("--resume", action="store_true", help="go on with the last run, which was stopped")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--least", type=float, default=LEAST, help="percent that are to be killed")
    parser.add_argument("--list", action="store_true", help="only list the mutants")
    asked = parser.parse_args()
    known = folders(ROOT)
    names = [one.name for one in known]
    if not set(asked.folder) <= set(names):
        parser.error(f"the folders are {', '.join(names)}")
    chosen = [one for one in known if not asked.folder or one.name in asked.folder]
    if asked.list:
        for _, mutant in drawn(ROOT, chosen, asked):
            print(f"{mutant.file}:{mutant.line} [{mutant.kind}]\n    - {mutant.before}\n    + {mutant.after}")
        return 0
    os.environ |= {"MUTATION_ROOT": str(ROOT), "CI": "1", "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    sys.dont_write_bytecode = True
    with tempfile.TemporaryDirectory(prefix="mutation-") as place:
        mutants = list(drawn(copy_tree(Path(place, "whole")), chosen, asked))
        work = Work(Path(place), asked.jobs)
        lines = work.lines({test for folder, _ in mutants for test in folder.tests})
        fates = work.fates(mutants, lines, json.loads(DONE.read_text()) if asked.resume else {})
    SURVIVORS.write_text(json.dumps([one.mutant.key for one in fates if one.status == "survived"]))
    print(table(chosen, fates))
    killed = sum(one.status != "survived" for one in fates)
    return int(killed * 100 < asked.least * len(fates))


def drawn(root: Path, chosen: list[Folder], asked: argparse.Namespace) -> Iterator[tuple[Folder, Mutant]]:
    """The sample, or all mutants of a place, or those that survived."""
    owner = {file: folder for folder in chosen for file in folder.files}
    file, _, line = asked.file.partition(":")
    every = [mutant for path in owner if path.startswith(file) for mutant in mutants_of(root, path)]
    if asked.survivors:
        left = set(json.loads(SURVIVORS.read_text()))
        every = [one for one in every if one.key in left]
    if line:
        every = [one for one in every if one.line == int(line)]
    for mutant in sample(root, every, len(every) if asked.file or asked.survivors else asked.n, asked.seed):
        yield owner[mutant.file], mutant


class Work:
    """Forks, at most `jobs` at a time, each in its own copy of the folder "whole"."""

    def __init__(self, place: Path, jobs: int) -> None:
        self.place = place
        self.trees = [place / f"tree{number}" for number in range(jobs)]
        for tree in self.trees:
            shutil.copytree(place / "whole", tree)
        self.importers = importers(place / "whole")

    def each(self, jobs: Iterable[Callable[[Path, Path], int]], limits: Iterable[float]) -> Iterator[tuple[int, int]]:
        """Runs each job as a process, given a tree and a new folder; (its number, wait status) as they end."""
        free = list(self.trees)
        running: dict[int, tuple[int, Path, float]] = {}
        waiting = iter(enumerate(zip(jobs, limits, strict=True)))
        more = True
        while more or running:
            while more and free:
                try:
                    number, (job, limit) = next(waiting)
                except StopIteration:
                    more = False
                    break
                tree = free.pop()
                scratch = self.scratch(number)
                scratch.mkdir()
                running[fork(job, tree, scratch)] = number, tree, time.monotonic() + limit
            for pid in list(running):
                number, tree, end = running[pid]
                done, status = os.waitpid(pid, os.WNOHANG)
                if not done and time.monotonic() > end:
                    os.kill(pid, signal.SIGKILL)
                if done:
                    with suppress(ProcessLookupError, PermissionError):
                        os.killpg(pid, signal.SIGKILL)  # what the tests left behind
                    del running[pid]
                    free.append(tree)
                    yield number, status
                    shutil.rmtree(self.scratch(number), ignore_errors=True)
            time.sleep(0.01)

    def scratch(self, number: int) -> Path:
        return self.place / f"scratch{number}"

    def lines(self, tests: set[str]) -> Lines:
        """Which tests run which lines; tests that fail without a change are told, and do not count."""
        kept: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.is_file() else {}
        shared = fingerprint(path for path in tree_files() if not Path(path).name.startswith("test_"))
        keys = {test: f"{shared} {fingerprint([test])}" for test in sorted(tests)}
        missing = [test for test in keys if kept.get(test, {}).get("key") != keys[test]]
        jobs = [lambda tree, scratch, file=test: child.collect(tree, scratch, file) for test in missing]
        for done, (number, _) in enumerate(self.each(jobs, [7200.0] * len(jobs)), 1):
            scratch, test = self.scratch(number), missing[number]
            result = scratch / "result"
            if not result.is_file():
                raise SystemExit(f"{test} does not run:\n{(scratch / 'output').read_text()}")
            kept[test] = {"key": keys[test], **json.loads(result.read_text())}
            note(f"lines: {done}/{len(missing)} {test}")
            load(kept[test]["modules"])
            KEPT.parent.mkdir(parents=True, exist_ok=True)
            KEPT.write_text(json.dumps(kept))
        out = Lines()
        for test in keys:
            if not kept[test]["seconds"]:
                note(f"no test runs: {test}")
            for failed in kept[test]["failed"]:
                note(f"fails without a change, left out: {failed}")
            load(kept[test]["modules"])
            out.add(kept[test])
        return out

    def fates(self, every: list[tuple[Folder, Mutant]], lines: Lines, done: dict[str, list[Any]]) -> list[Fate]:
        """What becomes of each mutant; `done` has those that are known, by their keys."""
        mutants = [(folder, mutant) for folder, mutant in every if name_of(mutant) not in done]
        chosen = [self.tests_of(mutant, lines, folder) for folder, mutant in mutants]
        jobs = [
            lambda tree, scratch, mutant=mutant, tests=tests: mutated(tree, scratch, mutant, tests)
            for (_, mutant), tests in zip(mutants, chosen, strict=True)
        ]
        limits = [1800 + 100 * sum(tests.values()) for tests in chosen]
        for number, status in self.each(jobs, limits):
            mutant = mutants[number][1]
            result = self.scratch(number) / "result"
            by = result.read_text() if result.is_file() else "import"
            if os.WIFSIGNALED(status):
                fate = "stopped"
            elif os.WEXITSTATUS(status) in (0, NO_TESTS):
                fate, by = "survived", ""
            else:
                fate = "killed"
            done[name_of(mutant)] = [fate, by, len(chosen[number])]
            DONE.write_text(json.dumps(done))
            note(f"{len(done)}/{len(every)} {fate}: {mutant.file}:{mutant.line} {mutant.after} {by}")
        return [Fate(folder.name, mutant, *done[name_of(mutant)]) for folder, mutant in every]

    def tests_of(self, mutant: Mutant, lines: Lines, folder: Folder) -> dict[str, float]:
        """The tests that may notice a mutant, with their seconds.

        A line that runs at import matters to whatever imports the module. A function that no test enters in this
        process may run in a worker: then it is all that use the module.
        """
        near = {mutant.file, *self.importers.get(mutant.file, ())}
        if not mutant.function:
            found = lines.of_files(near)
        else:
            found = lines.running(mutant.file, mutant.lines) or lines.running(mutant.file, mutant.statement)
            if not found and not lines.running(mutant.file, mutant.function):
                found = lines.of_files({mutant.file})
        return {name: lines.seconds[name] for name in found if name.partition("::")[0] in folder.tests}


def name_of(mutant: Mutant) -> str:
    """What no other mutant is called."""
    return f"{mutant.file} {mutant.key}"


def mutated(tree: Path, scratch: Path, mutant: Mutant, tests: dict[str, float]) -> int:
    """Runs tests with a mutant in place, and puts the file back."""
    path = tree / mutant.file
    path.write_bytes(mutant.applied(path.read_bytes()))
    return child.kill(tree, scratch, tests) if tests else NO_TESTS


def fork(job: Callable[[Path, Path], int], tree: Path, scratch: Path) -> int:
    """A process that runs a job in a tree that is as the checkout is."""
    restore(tree)
    pid = os.fork()
    if pid:
        return pid
    status = 70
    try:
        status = int(job(tree, scratch))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def restore(tree: Path) -> None:
    """Puts back what the last mutant of a tree changed."""
    whole = tree.with_name("whole")
    for name in SOURCES:
        for path in (whole / name).rglob("*.py"):
            copy = tree / path.relative_to(whole)
            if path.stat().st_mtime_ns != copy.stat().st_mtime_ns:
                shutil.copy2(path, copy)


def tree_files() -> list[str]:
    """The files of the checkout that are not ignored."""
    told = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True)
    return sorted(
        {os.fsdecode(name) for name in told.stdout.split(b"\0") if name and (ROOT / os.fsdecode(name)).is_file()}
    )


def copy_tree(to: Path) -> Path:
    """A copy of the checkout; its compiled files are believed by content, not by time."""
    for name in tree_files():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, to / name)
    compileall.compile_dir(to, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)
    return to


def fingerprint(names: Iterable[str]) -> str:
    whole = hashlib.sha256()
    for name in names:
        if name.startswith((*SOURCES, "tests/")) and not name.startswith("tests/mutation/"):
            whole.update(name.encode() + b"\0" + hashlib.sha256((ROOT / name).read_bytes()).digest())
    return whole.hexdigest()


def importers(tree: Path) -> dict[str, set[str]]:
    """For each module's file, the files of the modules that import it."""
    out: dict[str, set[str]] = {}
    for top in SOURCES:
        for path in (tree / top).rglob("*.py"):
            own = path.relative_to(tree).as_posix()
            for node in ast.walk(ast.parse(path.read_bytes())):
                names: list[str] = []
                if isinstance(node, ast.ImportFrom) and node.module:
                    names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
                elif isinstance(node, ast.Import):
                    names = [one.name for one in node.names]
                for name in names:
                    base = name.replace(".", "/")
                    for file in (f"{base}.py", f"{base}/__init__.py"):
                        if (tree / file).is_file():
                            out.setdefault(file, set()).add(own)
    return out


def load(modules: Iterable[str]) -> None:
    """Imports libraries, so that forks need not."""
    for name in modules:
        if name not in sys.modules:
            with suppress(Exception):
                importlib.import_module(name)


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def table(chosen: list[Folder], fates: list[Fate]) -> str:
    """The figures by folder, then the survivors."""
    rows = [("folder", "mutants", "killed", "survivors", "killed, %")]
    for name in [*(folder.name for folder in chosen), "all"]:
        own = [one for one in fates if name in (one.folder, "all")]
        killed = sum(one.status != "survived" for one in own)
        share = f"{killed * 100 / len(own):.1f}" if own else "-"
        rows.append((name, str(len(own)), str(killed), str(len(own) - killed), share))
    out = ["  ".join(cell.ljust(20) if not n else cell.rjust(9) for n, cell in enumerate(row)) for row in rows]
    out += ["", f"stopped, because they took too long or died: {sum(one.status == 'stopped' for one in fates)}", ""]
    for one in fates:
        if one.status == "survived":
            ran = f"{one.tests} tests ran it" if one.tests else "no test runs it"
            out += [f"{one.mutant.file}:{one.mutant.line} [{one.mutant.kind}] {ran}",
                    f"    - {one.mutant.before}", f"    + {one.mutant.after}"]  # fmt: skip
    return "\n".join(out)


if __name__ == "__main__":
    sys.exit(main())
