"""The process that writes for a confined one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcfg.base.errors import CannotEvaluate, UserError
from kcfg.base.keeper import HEAD, IGNORED, MOST, Keeper, Task, joined, parted

ROOT = Path(__file__).parents[3]


def started(folder: Path, **tasks: Task) -> Keeper:
    return Keeper(tasks, lambda: (folder / "ended").touch())


def test_a_task_is_done_in_another_process_with_all_its_bytes(tmp_path: Path) -> None:
    def write(data: bytes) -> None:
        (tmp_path / "data").write_bytes(data)
        (tmp_path / "process").write_text(str(os.getpid()))

    keeper = started(tmp_path, other=lambda _: None, write=write)
    for data in (b"", b"1", os.urandom(3 << 20)):
        keeper.do("write", data)
        assert (tmp_path / "data").read_bytes() == data
    assert (tmp_path / "process").read_text() == str(keeper.process) != str(os.getpid())
    assert not (tmp_path / "ended").exists()
    keeper.end()
    assert (tmp_path / "ended").exists()
    with pytest.raises(ProcessLookupError):
        os.kill(keeper.process, 0)


def fails(error: Exception) -> Task:
    def task(data: bytes) -> None:
        raise error

    return task


def test_errors_come_back_as_they_were(tmp_path: Path) -> None:
    errors = {
        "user": UserError("bad", where="\udcff", hint="do"),
        "names": UserError("no \udcff", where="\ud800", hint="see \udcff"),
        "three": CannotEvaluate("too large"),
        "os": PermissionError(13, "Permission denied", "a\udcff"),
        "plain": OSError(28, "No space left on device"),
        "fault": ValueError("x \udcff"),
        "memory": MemoryError(),
    }
    keeper = started(tmp_path, **{name: fails(error) for name, error in errors.items()})
    with pytest.raises(UserError) as user:
        keeper.do("user", b"")
    assert (user.value.message, user.value.where, user.value.hint, user.value.status) == ("bad", "\udcff", "do", 2)
    with pytest.raises(UserError) as names:
        keeper.do("names", b"")
    assert (names.value.message, names.value.where, names.value.hint) == ("no \udcff", "\\ud800", "see \udcff")
    with pytest.raises(UserError) as three:
        keeper.do("three", b"")
    assert three.value.status == 3
    with pytest.raises(PermissionError) as denied:
        keeper.do("os", b"")
    assert (denied.value.filename, denied.value.strerror) == ("a\udcff", "Permission denied")
    with pytest.raises(OSError, match="No space left") as full:
        keeper.do("plain", b"")
    assert (full.value.errno, full.value.filename) == (28, None)
    with pytest.raises(MemoryError):
        keeper.do("memory", b"")
    with pytest.raises(RuntimeError, match="ValueError: x \ufffd"):
        keeper.do("fault", b"")
    keeper.end()


def test_nothing_is_done_that_was_not_agreed_on(tmp_path: Path) -> None:
    keeper = started(tmp_path)
    with pytest.raises(ValueError, match="'write' is not in list"):
        keeper.do("write", b"")
    keeper.end()


@pytest.mark.parametrize(("number", "size"), [(1, 0), (2**32 - 1, 0), (0, MOST + 1), (0, 2**64 - 1)])
def test_who_asks_for_another_task_or_for_memory_ends_it(number: int, size: int, tmp_path: Path) -> None:
    done = tmp_path / "done"
    keeper = started(tmp_path, write=lambda _: done.touch())
    os.write(keeper._ask, HEAD.pack(number, size))
    os.waitpid(keeper.process, 0)
    assert ((tmp_path / "ended").exists(), done.exists()) == (True, False)
    keeper.close()


def test_more_than_it_takes_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = started(tmp_path, write=lambda _: None)
    monkeypatch.setattr("kcfg.base.keeper.MOST", 9)
    with pytest.raises(UserError, match="more than 0 GB to write"):
        keeper.do("write", b"x" * 10)
    keeper.do("write", b"x" * 9)
    keeper.end()


@given(st.lists(st.binary(max_size=9), max_size=5))
def test_parts_come_back_from_a_message(parts: list[bytes]) -> None:
    data = joined(parts)
    assert parted(data) == parts
    for damaged in (data[:-1], data + b"x", b"\xff" * 8 + data, b""):
        with pytest.raises(ValueError, match="parts"):
            parted(damaged)


def test_a_killed_one_is_told_in_one_line(tmp_path: Path) -> None:
    keeper = started(tmp_path, write=lambda _: time.sleep(60))
    os.kill(keeper.process, signal.SIGKILL)
    with pytest.raises(UserError, match="the process that writes the output was killed"):
        keeper.do("write", b"x" * (1 << 20))
    keeper.end()


def test_it_outlasts_what_ends_its_group(tmp_path: Path) -> None:
    keeper = started(tmp_path, write=lambda data: None)
    keeper.do("write", b"")
    assert set(IGNORED) == {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}
    for number in IGNORED:
        os.kill(keeper.process, number)
    keeper.do("write", b"")
    keeper.end()


def test_it_ends_with_its_parent_even_if_that_is_killed_and_a_worker_is_not(tmp_path: Path) -> None:
    code = f"""
import os, sys, time
from pathlib import Path
from kcfg.base.keeper import Keeper
keeper = Keeper({{}}, Path({str(tmp_path / "ended")!r}).touch)
worker = os.fork()
if not worker:
    time.sleep(60)
    os._exit(0)
print(worker, flush=True)
time.sleep(60)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=dict(os.environ) | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    assert not (tmp_path / "ended").exists()
    process.kill()
    process.wait()
    try:
        end = time.monotonic() + 20
        while not (tmp_path / "ended").exists() and time.monotonic() < end:
            time.sleep(0.02)
        assert (tmp_path / "ended").exists()
    finally:
        os.kill(worker, signal.SIGKILL)
        process.stdout.close()
