"""What a confined process can do no more, on this kernel and on older ones; what is made for other machines."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from kcfg.base.confine import (
    ALLOW,
    FILTERED,
    FILTERED_EVERYWHERE,
    IOCTL,
    JUMP_AT_LEAST,
    JUMP_EQUAL,
    LOAD_WORD,
    MACHINES,
    REFUSE,
    RETURN,
    Confined,
    call,
    interpreter,
    program,
    refused_calls,
    runnable,
)

ROOT = Path(__file__).parents[3]
HERE = call(444, None, 0, 1)
"""Landlock's version in this kernel, which these tests need."""

ASKED = """
import fcntl, json, os, socket, subprocess, sys
from kcfg.base import confine
inside, outside, version, programs = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
real = confine.call
def call(number, *args):
    return version if (number, args[-1]) == (confine.CREATE_RULESET, confine.ASK_VERSION) else real(number, *args)
confine.call = call
before = os.open(outside + "/open", os.O_WRONLY)
state = confine.confine(confine.Grants((inside,), (os.devnull, outside + "/file"), tuple(programs)))
def write(path):
    with open(path, "w") as file:
        file.write("x")
def ran(number, *args):
    import ctypes
    if ctypes.CDLL(None, use_errno=True).syscall(number, *args) and ctypes.get_errno() == 1:
        raise PermissionError
tries = {
    "make": lambda: write(outside + "/new"),
    "overwrite": lambda: write(outside + "/old"),
    "truncate": lambda: os.truncate(outside + "/old", 1),
    "remove": lambda: os.unlink(outside + "/gone"),
    "folder": lambda: os.mkdir(outside + "/made"),
    "link": lambda: os.symlink("old", outside + "/link"),
    "out": lambda: os.rename(inside + "/a/two", outside + "/two"),
    "chmod": lambda: os.chmod(outside + "/old", 0o777),
    "chown": lambda: os.chown(outside + "/old", os.getuid(), os.getgid()),
    "xattr": lambda: os.setxattr(outside + "/old", "user.x", b"1"),
    "run": lambda: subprocess.run(["/bin/true"], check=True),
    "tcp": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
    "udp": lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM),
    "unix": lambda: socket.socket(socket.AF_UNIX),
    "pair": lambda: socket.socketpair(),
    "type": lambda: fcntl.ioctl(before, 0x5412, b"x"),
    "paste": lambda: fcntl.ioctl(before, 0x541C, b"x"),
    "signal": lambda: os.kill(os.getppid(), 0),
    "read": lambda: open(outside + "/old").read(),
    "list": lambda: os.listdir(outside),
    "null": lambda: subprocess.run(programs[:1] + ["-c", "pass"], stdin=subprocess.DEVNULL, check=True),
    "granted": lambda: write(outside + "/file"),
    "opened": lambda: os.write(before, b"x"),
    "in": lambda: (write(inside + "/new"), os.makedirs(inside + "/x/y"), os.rename(inside + "/new", inside + "/b")),
    "across": lambda: os.rename(inside + "/a/one", inside + "/one"),
    "memory": lambda: os.memfd_create("x"),
    "mount": lambda: ran(165 if os.uname().machine == "x86_64" else 40),
    "space": lambda: ran(272 if os.uname().machine == "x86_64" else 97, 0x10000000),
    "time": lambda: os.utime(outside + "/old"),
}
told = {}
for name, tried in tries.items():
    try:
        tried()
        told[name] = ""
    except OSError as error:
        told[name] = type(error).__name__
print(json.dumps([state.landlock, state.no_new_privs, state.filtered, told]))
"""
NEVER = {"make", "overwrite", "remove", "folder", "link", "out", "run"}
SYSTEM_CALLS = {"chmod", "chown", "xattr", "tcp", "udp", "unix", "pair", "type", "paste", "memory", "mount", "space"}


def asked(folder: Path, version: int) -> tuple[Confined, set[str]]:
    """What is in force, and what was refused."""
    inside, outside = folder / "inside", folder / "outside"
    (inside / "a").mkdir(parents=True)
    outside.mkdir()
    for name in ("inside/a/one", "inside/a/two", "outside/old", "outside/gone", "outside/open"):
        (folder / name).write_text("old")
    (outside / "file").touch()
    python = os.path.realpath(sys.executable)
    programs = runnable(os.path.basename(python), os.path.dirname(python))
    ran = subprocess.run(
        [sys.executable, "-c", ASKED, str(inside), str(outside), str(version), *programs],
        env=dict(os.environ) | {"PYTHONPATH": str(ROOT), "PYTHONHOME": sys.base_prefix},
        capture_output=True,
        text=True,
        check=True,
    )
    *state, told = json.loads(ran.stdout)
    assert set(told.values()) <= {"", "PermissionError", "OSError"}, told
    assert {told[name] for name in ("type", "paste")} == {"PermissionError"}
    return Confined(*state), {name for name, error in told.items() if error}


def test_this_kernel_has_landlock_for_the_other_tests() -> None:
    assert HERE > 0, "these tests need a kernel with Landlock"


def test_what_is_not_granted_is_refused_and_reading_is_not(tmp_path: Path) -> None:
    state, refused = asked(tmp_path, HERE)
    assert state == Confined(HERE, no_new_privs=True, filtered=True)
    assert refused == NEVER | SYSTEM_CALLS | ({"truncate"} if HERE >= 3 else set()) | (
        {"signal"} if HERE >= 6 else set()
    )


@pytest.mark.parametrize(
    ("version", "more"),
    [(1, {"across"}), (2, set()), (3, {"truncate"}), (4, {"truncate"}), (5, {"truncate"}), (6, {"truncate", "signal"})],
)
def test_an_older_kernel_confines_as_far_as_it_can(version: int, more: set[str], tmp_path: Path) -> None:
    if version > HERE:
        pytest.fail(f"this kernel's Landlock is {HERE}")
    state, refused = asked(tmp_path, version)
    assert (state.landlock, state.whole) == (version, "truncate" in more)
    assert refused == NEVER | SYSTEM_CALLS | more


def test_a_kernel_without_landlock_still_refuses_sockets(tmp_path: Path) -> None:
    state, refused = asked(tmp_path, -1)
    assert (state, state.whole, refused) == (Confined(0, no_new_privs=True, filtered=True), False, SYSTEM_CALLS)


def ends(steps: list[bytes], arch: int, number: int, request: int = 0) -> int:
    """What a filter makes of a system call, as the kernel runs it. `request`: the low half of its second argument."""
    at, loaded = 0, 0
    while True:
        code, over_if, over_unless, value = struct.unpack("=HBBI", steps[at])
        at += 1
        if code == RETURN:
            return int(value)
        if code == LOAD_WORD:
            loaded = {0: number, 4: arch, 24: request}[value]
        else:
            holds = {JUMP_EQUAL: loaded == value, JUMP_AT_LEAST: loaded >= value}[code]
            at += over_if if holds else over_unless


@pytest.mark.parametrize("machine", MACHINES)
def test_a_filter_refuses_what_is_listed_and_what_is_not_of_this_machine(machine: str) -> None:
    arch, steps = MACHINES[machine], program(machine)
    ioctl = IOCTL[list(MACHINES).index(machine)]
    refused = {number for number in range(600) if ends(steps, arch, number) == REFUSE}
    assert refused == set(refused_calls(machine))
    assert len(refused) == len(FILTERED) + len(FILTERED_EVERYWHERE) - (3 if machine == "aarch64" else 0)
    assert {ends(steps, arch, number) for number in {*range(600)} - refused} == {ALLOW}
    assert ends(steps, 0x40000003, 1) == REFUSE  # AUDIT_ARCH_I386
    assert ends(steps, arch, 0x40000001) == REFUSE
    told = {request for request in range(0x5400, 0x5500) if ends(steps, arch, ioctl, request) == REFUSE}
    assert told == {0x5412, 0x541C}  # TIOCSTI, TIOCLINUX: what types into a terminal
    assert ends(steps, arch, ioctl + 1, 0x5412) == ALLOW


@pytest.mark.parametrize(
    ("at", "header"),
    [(0, "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), (1, "/usr/include/asm-generic/unistd.h")],
)
def test_the_numbers_are_those_of_the_kernels_headers(at: int, header: str) -> None:
    path = Path(header)
    if not path.exists():
        pytest.skip(f"no {header} here")
    words = [line.split() for line in path.read_text().splitlines() if line.startswith("#define __NR")]
    found = {
        one[1].removeprefix("__NR3264_").removeprefix("__NR_"): int(one[2])
        for one in words
        if len(one) > 2 and one[2].isdigit()
    }
    assert {name: numbers[at] for name, numbers in FILTERED.items()} == {name: found.get(name, 0) for name in FILTERED}
    assert found["ioctl"] == IOCTL[at]
    new = {name: number for name, number in FILTERED_EVERYWHERE.items() if name in found}  # headers may be older
    assert new == {name: found[name] for name in new}
    assert {"io_uring_setup", "move_mount", "pidfd_getfd"} <= new.keys()


def test_what_runs_a_program_is_its_file_and_its_loader(tmp_path: Path) -> None:
    git = shutil.which("git")
    assert git
    files = runnable("git", os.environ["PATH"])
    assert os.path.realpath(git) in files
    assert all(os.path.isfile(one) for one in files)
    assert runnable("git", str(tmp_path)) == ()
    script = tmp_path / "git"
    script.write_text("#!/bin/sh -e\nexec true\n")
    assert runnable("git", str(tmp_path)) == ()
    script.chmod(0o755)
    assert runnable("git", str(tmp_path))[:2] == (str(script), os.path.realpath("/bin/sh"))
    (tmp_path / ".git-wrapped").touch()
    assert runnable("git", str(tmp_path))[1] == str(tmp_path / ".git-wrapped")


@pytest.mark.parametrize(
    "head", [b"", b"#!", b"#! \n", b"\x7fELF\x01\x01" + bytes(90), b"\x7fELF\x02\x01" + b"\xff" * 90]
)
def test_a_damaged_program_names_no_interpreter(head: bytes) -> None:
    assert interpreter(head) == ""
