"""A git that stays open, and processes that are forked meanwhile."""

from __future__ import annotations

import gc
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.sources.gitobjects import Objects
from kcfg.sources.gitrepo import Repo
from tests.patches.upstream import git


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    git(tmp_path, "init", "-q", "-b", "main", str(tmp_path / "repo"))
    (tmp_path / "repo" / "a").write_text("one\n")
    git(tmp_path / "repo", "add", "a")
    git(tmp_path / "repo", "commit", "-q", "-m", "first")
    return Repo(str(tmp_path / "repo"))


def forked(work: Callable[[], object]) -> int:
    """The status of a forked process that does some work, and of which ten seconds are enough."""
    child = os.fork()
    if not child:
        signal.alarm(10)
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_an_object_is_read_by_its_name(repo: Repo) -> None:
    objects = Objects(repo)
    assert objects.find("main:a", 9) == b"one\n"
    assert objects.find("main:b", 9) is None
    with pytest.raises(UserError, match="larger than"):
        objects.find("main:a", 3)


def test_what_a_forked_process_lets_go_stays_with_the_one_that_started_it(repo: Repo) -> None:
    held = {"objects": Objects(repo), "stream": repo.stream("log")}
    objects, stream = held["objects"], held["stream"]
    assert isinstance(objects, Objects)
    assert stream.__enter__().read(1)  # type: ignore[union-attr]

    def let_go() -> None:
        nonlocal objects, stream
        held.clear()
        del objects, stream
        gc.collect()

    assert forked(let_go) == 0
    assert objects.find("main:a", 9) == b"one\n"
    stream.__exit__(None, None, None)  # type: ignore[union-attr]


def test_git_ends_though_a_forked_process_has_its_input_open(repo: Repo) -> None:
    objects = Objects(repo)
    child = os.fork()
    if not child:
        signal.pause()
        os._exit(0)
    try:
        start = time.monotonic()
        del objects
        gc.collect()
        assert time.monotonic() - start < 5
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
