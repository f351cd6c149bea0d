"""What only a process of its own shows: streams that are full or closed, signals, the entry point."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands.run import GUEST, header, run_kcfg
from tests.faults.kills import session

KCFG = (sys.executable, "-m", "kcfg")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "guest.config").write_text(header() + GUEST)
    return dict(os.environ) | {"XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}


def shell(command: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a shell's command; `kcfg` in it is ours."""
    script = f'kcfg() {{ "{sys.executable}" -m kcfg "$@"; }}\n{command}\n'
    return subprocess.run(
        ["/bin/sh", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("command", ["modes guest.config", "check guest.config -p pvh-domu --format json", "--help"])
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_full_output_is_one_line_and_status_2(tmp_path: Path, environment: dict[str, str], command: str) -> None:
    ran = shell(f"kcfg {command} > /dev/full", tmp_path, environment)
    assert (ran.returncode, ran.stderr) == (2, "kcfg: standard output: no space left on device\n")


def test_a_reader_that_leaves_early_is_no_error_to_tell(tmp_path: Path, environment: dict[str, str]) -> None:
    ran = shell("{ kcfg resolve guest.config -o - 2>/dev/null; echo $? >status; } | head -1", tmp_path, environment)
    assert (ran.stdout, ran.stderr) == ("#\n", "")
    ran = shell("{ kcfg show XEN; echo $? >status; } | true", tmp_path, environment)
    assert (ran.stdout, ran.stderr) == ("", "")
    assert (tmp_path / "status").read_text() == "2\n"


def test_closed_streams_swallow_what_is_written(tmp_path: Path, environment: dict[str, str]) -> None:
    ran = shell("kcfg check guest.config -p pv-domu --no-fix >&- 2>&-", tmp_path, environment)
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", "")


@pytest.mark.skipif(os.geteuid() == 0, reason="root would replace a device")
def test_a_device_as_output_stays_a_device(tmp_path: Path, environment: dict[str, str]) -> None:
    ran = shell("kcfg resolve guest.config -o /dev/null", tmp_path, environment)
    assert ran.returncode == 0
    assert Path("/dev/null").is_char_device()


def heed_interrupts() -> None:
    """As a terminal's child: a parent that ignores SIGINT (nohup, a background job) passes that on."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.parametrize("args", [("modes", "-"), ("check", "pipe", "pipe", "-p", "no-pv", "-j", "2")])
def test_an_interrupt_is_one_line_and_status_130(
    tmp_path: Path, environment: dict[str, str], args: tuple[str, ...]
) -> None:
    os.mkfifo(tmp_path / "pipe")  # no one writes: reading waits
    process = subprocess.Popen(
        [*KCFG, *args],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=heed_interrupts,
    )
    try:
        time.sleep(1.5)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all processes of the group
        out, err = process.communicate(timeout=20)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert (process.returncode, out, err.strip()) == (130, "", "kcfg: interrupted")


SOLVING = """
from itertools import combinations
from pysat.solvers import Cadical195, Minisat22
from kcfg_cli import cli

def holes(args):
    solver = Minisat22()
    name = lambda bird, hole: bird * 20 + hole + 1
    for bird in range(13):
        solver.add_clause([name(bird, hole) for hole in range(12)])
    for hole in range(12):
        for one, two in combinations(range(13), 2):
            solver.add_clause([-name(one, hole), -name(two, hole)])
    print("solving", flush=True)
    return int(solver.solve())

cli.run = holes
cli.main([])
"""


def test_an_interrupt_while_the_solver_works_is_one_line_and_status_130(environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SOLVING],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "solving\n"
        time.sleep(0.5)
        assert process.poll() is None, "the solver has to work for longer"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (process.returncode, err) == (130, "kcfg: interrupted\n")


def test_a_worker_that_the_system_kills_is_one_line_and_status_3(tmp_path: Path, environment: dict[str, str]) -> None:
    os.mkfifo(tmp_path / "pipe")  # no one writes: reading waits
    process = subprocess.Popen(
        [*KCFG, "check", "pipe", "pipe", "-p", "no-pv", "-j", "2"],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 30
        while not (found := readers_of(tmp_path / "pipe", process.pid)) and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(found[0], signal.SIGKILL)
        out, err = process.communicate(timeout=20)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    told = "kcfg: a worker process was killed, perhaps for want of memory (--jobs 1 takes the least)\n"
    assert (process.returncode, out, err) == (3, "", told)


def readers_of(pipe: Path, leader: int) -> list[int]:
    """The workers of a command that wait for somebody to open a pipe: they sleep in opening it."""
    return [
        one for one in session(leader) if one != leader and "wait_for_partner" in Path(f"/proc/{one}/wchan").read_text()
    ]


@pytest.mark.parametrize(
    ("command", "limits"),
    [("modes guest.config", range(18, 54, 4)), ("generate pvh-domu --kernel 6.12", range(40, 140, 20))],
)
def test_want_of_memory_is_one_line_and_status_3(
    command: str, limits: range, tmp_path: Path, environment: dict[str, str]
) -> None:
    """Below some limit there is no Python, or none of its modules; from there on it is one line, or done."""
    told = []
    for megabytes in limits:
        ran = shell(f"ulimit -v {megabytes << 10}; kcfg {command}", tmp_path, environment)
        began = "kcfg_cli/start.py" in ran.stderr or not ran.stderr.startswith(("Traceback", "Fatal", "MemoryError"))
        if ran.returncode == 3 or (told and began):
            told.append((ran.returncode, "".join(ran.stderr.splitlines()[-1:])))  # Python's hashlib says more
    assert set(told) <= {(3, "kcfg: not enough memory for this input"), (0, "")}
    assert len(told) > 2


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("generate", "pvh-domu", "--kernel", "6.12", "-o", "none/x"), "none/x: no such file or directory"),
        (("generate", "pvh-domu", "--kernel", "6.12", "-o", "."), ".: is a directory"),
        (("graph", "export", "--all", "--kernel", "6.12", "-o", "none/x"), "none/x: no such file or directory"),
        (("resolve", "missing", "-o", "file/x"), "file/x: not a directory"),
        (("repair", "missing", "-p", "no-pv", "-o", "x" * 256), f"{'x' * 256}: file name too long"),
    ],
)
def test_what_cannot_be_written_is_said_before_the_work(
    command: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    ran = run_kcfg(*command)
    assert (ran.status, ran.out, ran.err) == (2, "", f"kcfg: {told}\n")
