"""A sample of what `make faults` and `make kills` do as a whole; and that they see what is wrong."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import kills
from tests.faults.jobs import JOBS, index_says
from tests.faults.run import Ran, is_beside, step_of

ROOT = Path(__file__).parents[2]
needs_cc = pytest.mark.skipif(not shutil.which("cc"), reason="there is no C compiler")


@needs_cc
@pytest.mark.parametrize(
    "name", ["index", "report again", "generate again", "plan", "plan --edit", "snapshot", "cache"]
)
def test_a_step_that_fails_leaves_the_old_or_the_new_file(name: str) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "tests.faults.run", "--sample", "6", "--seed", "1", "--job", name]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
    assert int(ran.stdout.splitlines()[-1].split()[0]) >= 6


@needs_cc
def test_a_command_that_writes_in_place_is_found_out(tmp_path: Path) -> None:
    """The shim itself: a file that is written in place is torn."""
    from tests.faults.run import TORN, compiled

    code = (
        "import ctypes, sys; arm = ctypes.CDLL(sys.argv[1]).fault_arm;"
        "arm(2, int(sys.argv[3]), 0, sys.argv[2].encode(), b'');"
        "file = open(sys.argv[2] + '/x', 'w'); file.write('12345678'); file.close()"
    )
    library = str(compiled(tmp_path))
    (tmp_path / "f").mkdir()
    command = [sys.executable, "-c", code, library, str(tmp_path / "f"), str(TORN)]
    ran = subprocess.run(command, env={**os.environ, "LD_PRELOAD": library}, capture_output=True, check=False)
    assert ran.returncode == -signal.SIGKILL
    assert (tmp_path / "f" / "x").read_text() == "1234"
    ran = subprocess.run(
        [*command[:-1], "28"], env={**os.environ, "LD_PRELOAD": library}, capture_output=True, check=False
    )
    assert b"No space left" in ran.stderr


def test_steps_are_told_by_call_and_kind_of_file() -> None:
    folder = Path("/w")
    assert step_of("write /w/out.sqlite-wal", folder) == ("write", "index-wal")
    assert step_of("unlink /w/.out.config.12.0123abcd", folder) == ("unlink", "a file beside it")
    assert step_of("malloc ", folder) == ("malloc", "memory")
    assert [is_beside(one) for one in (".a.1.0123abcd.new/x", "site/.kcfg-site.json", "tmp/x")] == [True, False, True]
    assert Ran(0, "", "").status == 0
    assert "plan --edit" in JOBS


def test_a_torn_index_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_bytes(b"SQLite format 3\0" + bytes(200))
    assert index_says(tmp_path / "x.sqlite").startswith("torn: ")
    (tmp_path / "y.sqlite").touch()
    assert index_says(tmp_path / "y.sqlite") == "empty"


def test_a_killed_command_is_made_good_by_the_next_one(tmp_path: Path) -> None:
    bench = kills.Bench(tmp_path, 1100, "")
    found = list(kills.moments(bench, 4, random.Random(1)))
    assert [faults for _, _, faults in found] == [[]] * 4
    assert [(row.tries, row.killed) for row in kills.rows_of(bench, found)] == [(1, 1)] * 4


@pytest.mark.parametrize("code", ["import time; time.sleep(60)", "while True: pass"])
def test_a_command_that_waits_or_works_without_end_is_found_out(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(bench: kills.Bench, name: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", code], start_new_session=True)

    bench = kills.Bench(tmp_path, 3, "")
    bench.fresh()
    monkeypatch.setattr(kills, "QUIET", 2.0 if "sleep" in code else 60.0)
    monkeypatch.setattr(kills.Bench, "start", start)
    assert bench.ended("index", 1.0) is None


def test_processes_of_a_session_are_found() -> None:
    process = subprocess.Popen(["sh", "-c", "sleep 60 & sleep 60"], start_new_session=True)
    try:
        while len(kills.session(process.pid)) < 3:
            assert process.poll() is None
    finally:
        kills.kill_session(process.pid)
        process.wait()
    assert kills.session(process.pid) == []
