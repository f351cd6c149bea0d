"""What a forked process does: run tests of a copy of the tree, under the lines' tracer or with one module changed."""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import coverage
import pytest

from tests.mutation.wings import SOURCES

OWN = (*SOURCES, "tests")
MEMORY = 8 << 30
SECONDS, TIMES = 10.0, 10.0
"""A test may use SECONDS and TIMES as much of a processor as without a change; then it counts as failed."""
TRACED = 2.0
"""A test that takes longer runs on without the tracer: by then it has been nearly wherever it goes."""
SLOWNESS = 20.0
"""The clock of the wall may run so much faster, as the machine has other work."""


def enter(tree: Path, scratch: Path) -> None:
    """Makes this process one of the copy: its modules, its caches, its temporary files."""
    os.setsid()
    out = os.open(scratch / "output", os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(out, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(tree)
    for name in ("home", "cache", "tmp"):
        (scratch / name).mkdir()
    os.environ |= {
        "HOME": str(scratch / "home"),
        "XDG_CACHE_HOME": str(scratch / "cache"),
        "TMPDIR": str(scratch / "tmp"),
        "PYTHONPATH": str(tree),
    }
    tempfile.tempdir = None
    sys.path[:] = [str(tree), *(path for path in sys.path if path not in ("", os.environ["MUTATION_ROOT"]))]
    for name in [name for name in sys.modules if name.partition(".")[0] in OWN]:
        del sys.modules[name]
    importlib.invalidate_caches()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGALRM, signal.SIGPROF, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def arguments(scratch: Path, files: list[str]) -> list[str]:
    options = ["-q", "--no-header", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "--basetemp"]
    return [*options, str(scratch / "base"), *files]


class Without:
    """Property tests do not look for the smallest example: any failure will do. The same examples in every run."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        from hypothesis import Phase, settings

        settings.register_profile(
            "mutation", deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate)
        )
        settings.load_profile("mutation")


class Killer(Without):
    """Runs only these tests, the quick ones first, and no longer than they may take; remembers which one failed."""

    def __init__(self, tests: dict[str, float], result: Path) -> None:
        self.tests, self.result = tests, result

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((one for one in items if one.nodeid in self.tests), key=lambda one: self.tests[one.nodeid])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.result.write_text(item.nodeid)
        limit(SECONDS + TIMES * self.tests[item.nodeid])
        return (yield)


def kill(tree: Path, scratch: Path, tests: dict[str, float]) -> int:
    """Runs tests until one fails; pytest's exit status."""
    enter(tree, scratch)
    limit(SECONDS)
    files = sorted({name.partition("::")[0] for name in tests})
    return pytest.main(["-x", *arguments(scratch, files)], plugins=[Killer(tests, scratch / "result")])


def limit(seconds: float) -> None:
    """This process ends when it used so much of a processor from now on, or waited for very long."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * SLOWNESS)


def used() -> float:
    """The seconds of a processor that this process and those that it waited for have used."""
    return sum(os.times()[:4])


class Collector(Without):
    """Says for every line which tests run it.

    What a fixture of a wider scope runs counts for each test that uses it, what a test file runs as it is imported for
    each of its tests. What is remembered between tests is forgotten first.
    """

    def __init__(self, traced: coverage.Coverage) -> None:
        self.traced = traced
        self.contexts = [""]
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self.users: dict[str, list[str]] = {}
        self.wide = 0.0
        self.stopped = False

    def enter(self, context: str) -> None:
        self.contexts.append(context)
        self.switch()

    def stop(self, *_: object) -> None:
        """The time of one test is over."""
        self.stopped = True
        self.traced.stop()

    def leave(self) -> None:
        self.contexts.pop()
        self.switch()

    def switch(self) -> None:
        if not self.stopped:
            self.traced.switch_context(self.contexts[-1])

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        self.enter("import" if isinstance(collector, pytest.Module) else "")
        try:
            return (yield)
        finally:
            self.leave()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        forget()
        info = getattr(item, "_fixtureinfo", None)
        for definitions in info.name2fixturedefs.values() if info else ():
            for one in definitions:
                if one.scope != "function":
                    self.users.setdefault(f"fixture {id(one)}", []).append(item.nodeid)
        self.wide, before = 0.0, used()
        self.enter(item.nodeid)
        signal.setitimer(signal.ITIMER_PROF, TRACED)
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0.0)
            if self.stopped:
                self.traced.start()
                self.stopped = False
            self.leave()
            self.seconds[item.nodeid] = used() - before - self.wide

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        before = used()
        self.enter(f"fixture {id(fixturedef)}")
        try:
            return (yield)
        finally:
            self.leave()
            self.wide += used() - before

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    def told(self, tree: Path) -> dict[str, Any]:
        """What was seen, for JSON: seconds by test, tests that failed, tests (by number) by line by file, modules."""
        tests = list(self.seconds)
        numbers = {name: number for number, name in enumerate(tests)}
        lines: dict[str, dict[int, list[int]]] = {}
        data = self.traced.get_data()
        for file in data.measured_files():
            by_line: dict[int, list[int]] = {}
            for line, contexts in data.contexts_by_lineno(file).items():
                found: set[int] = set()
                for context in contexts:
                    if context == "import":
                        found.update(range(len(tests)))
                    elif context in numbers:
                        found.add(numbers[context])
                    else:
                        found.update(numbers[name] for name in self.users.get(context, ()) if name in numbers)
                by_line[line] = sorted(found)
            lines[Path(file).relative_to(tree).as_posix()] = by_line
        return {
            "seconds": self.seconds,
            "failed": sorted(self.failed),
            "lines": lines,
            "modules": [name for name, module in list(sys.modules.items()) if foreign(name, module, tree)],
        }


def forget() -> None:
    """Empties what functions of the project remember of earlier calls."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in OWN:
            for value in list(vars(module).values()):
                clear = getattr(value, "cache_clear", None)
                if callable(clear):
                    with suppress(TypeError):
                        clear()


def foreign(name: str, module: object, tree: Path) -> bool:
    """Whether it is a module of a library, which can be imported beforehand."""
    file = getattr(module, "__file__", None)
    return bool(file) and not str(file).startswith(str(tree)) and name.partition(".")[0] not in (*OWN, "__main__")


def collect(tree: Path, scratch: Path, file: str) -> int:
    """Runs a test file, and writes down which of its tests run which lines."""
    enter(tree, scratch)
    traced = coverage.Coverage(
        data_file=None, config_file=False, messages=False, include=[f"{tree}/{name}/*" for name in SOURCES]
    )
    collector = Collector(traced)
    signal.signal(signal.SIGPROF, collector.stop)
    traced.start()
    status = pytest.main(arguments(scratch, [file]), plugins=[collector])
    traced.stop()
    (scratch / "result").write_text(json.dumps(collector.told(tree)))
    return status
