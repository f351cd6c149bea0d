"""One writer at a time, and none that waits for the dead."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.base.workers import end_with
from patches.upstreams import store
from patches.upstreams.store import locked
from tests.faults.kills import session

HOLDER = """
import sys, time
from pathlib import Path
from kcfg.base.workers import workers
from patches.upstreams.store import locked
from tests.faults.kills import session
with locked(Path(sys.argv[1])), workers(2) as pool:
    waiting = [pool.submit(time.sleep, 60) for _ in range(2)]
    pool.submit(int).done()
    print("held", flush=True)
    time.sleep(60)
"""


def holder(path: Path) -> subprocess.Popen[bytes]:
    """A process with two workers that has the lock, in a session of its own."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_writers_workers_end_with_it_and_hold_no_lock(tmp_path: Path, how: signal.Signals) -> None:
    process = holder(tmp_path / "i")
    until = time.monotonic() + 20
    while len(session(process.pid)) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    assert len(session(process.pid)) >= 3, "it has two workers that sleep for a minute"
    process.send_signal(how)
    process.wait()
    start = time.monotonic()
    with locked(tmp_path / "i"):
        assert time.monotonic() - start < 20
    while session(process.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert session(process.pid) == []


def test_who_waits_is_told_for_whom_and_not_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    process = holder(tmp_path / "i")
    told: list[str] = []
    monkeypatch.setattr(store, "PATIENCE", 0.3)
    try:
        with (
            pytest.raises(UserError, match=f"process {process.pid} has been writing"),
            locked(tmp_path / "i", lambda stage, done, total: told.append(stage)),
        ):
            pass
    finally:
        process.kill()
        process.wait()
    assert told[0] == f"waiting for process {process.pid}, which writes the index; for 0 minutes at most"


def test_somebody_elses_file_in_the_locks_place_stays(tmp_path: Path) -> None:
    (tmp_path / "a.lock").write_text("mine\n")
    (tmp_path / "target").write_text("")
    (tmp_path / "b.lock").symlink_to("target")
    (tmp_path / "c.lock").mkdir()
    for name, told in (("a", "not a lock of kcfg"), ("b", "cannot lock the index"), ("c", "cannot lock the index")):
        with pytest.raises(UserError, match=told), locked(tmp_path / name):
            pass
    assert (tmp_path / "a.lock").read_text() == "mine\n"
    assert (tmp_path / "target").read_text() == ""


def test_a_lock_says_who_has_it(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path / "i"):
            assert (tmp_path / "i.lock").read_text() == f"kcfg {os.getpid()}\n"


def test_a_worker_whose_parent_has_gone_ends_at_once() -> None:
    code = "from kcfg.base.workers import end_with; end_with(1); print('on')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert end_with.__module__ == "kcfg.base.workers"


def test_a_file_that_only_resembles_a_lock_stays(tmp_path: Path) -> None:
    for text in ("7" * 64 + "\nprecious\n", "kcfg " + "7" * 21, "4711\n", "4711"):
        (tmp_path / "a.lock").write_text(text)
        with pytest.raises(UserError, match="not a lock of kcfg"), locked(tmp_path / "a"):
            pass
        assert (tmp_path / "a.lock").read_text() == text


def test_an_index_keeps_the_lock_of_an_earlier_version(tmp_path: Path) -> None:
    (tmp_path / "i").write_bytes(b"")
    (tmp_path / "i.lock").write_text("4711")
    with locked(tmp_path / "i"):
        assert (tmp_path / "i.lock").read_text() == f"kcfg {os.getpid()}\n"


def test_a_lock_whose_writing_was_cut_off_is_one(tmp_path: Path) -> None:
    whole = f"kcfg {os.getpid()}\n"
    for end in range(len(whole) + 1):
        (tmp_path / "i.lock").write_text(whole[:end])
        with locked(tmp_path / "i"):
            assert (tmp_path / "i.lock").read_text() == whole
