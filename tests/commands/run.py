"""Run the command line in this process: what it wrote, and the exit status. A fault of the program fails the
test that met it."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path
from typing import NamedTuple, Protocol

from kcfg_cli.cli import FAULT, main


class Ran(NamedTuple):
    status: int
    out: str
    err: str


class Run(Protocol):
    def __call__(self, *args: str | Path, stdin: bytes = b"") -> Ran: ...


def run_quickly(*args: str | Path, stdin: bytes = b"") -> Ran:
    """Like `run_kcfg`, but a check does not look for the cheapest mend, which takes a second or more."""
    return run_kcfg(*args, *(["--no-fix"] if args[:1] == ("check",) and "--help" not in args else []), stdin=stdin)


def run_kcfg(*args: str | Path, stdin: bytes = b"") -> Ran:
    streams = [io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="strict") for data in (stdin, b"", b"")]
    before = sys.stdin
    sys.stdin = streams[0]
    try:
        with contextlib.redirect_stdout(streams[1]), contextlib.redirect_stderr(streams[2]):
            main([str(arg) for arg in args])
    except SystemExit as done:
        assert isinstance(done.code, int)
        texts = []
        for stream in streams[1:]:
            stream.flush()
            assert isinstance(stream.buffer, io.BytesIO)
            texts.append(stream.buffer.getvalue().decode())
        assert done.code != FAULT, texts[1]
        return Ran(done.code, *texts)
    finally:
        sys.stdin = before


def header(version: str = "6.12.43", arch: str = "x86") -> str:
    return f"#\n# Automatically generated file; DO NOT EDIT.\n# Linux/{arch} {version} Kernel Configuration\n#\n"


GUEST = """\
CONFIG_64BIT=y
CONFIG_HYPERVISOR_GUEST=y
CONFIG_PARAVIRT=y
CONFIG_XEN=y
# CONFIG_XEN_PV is not set
CONFIG_XEN_PVH=y
CONFIG_ACPI=y
CONFIG_NET=y
CONFIG_NETDEVICES=y
CONFIG_BLK_DEV=y
CONFIG_HVC_XEN=y
CONFIG_HVC_XEN_FRONTEND=y
CONFIG_XEN_BLKDEV_FRONTEND=y
CONFIG_XEN_NETDEV_FRONTEND=y
"""
"""Lines that make a PVH guest, and nothing else that runs under Xen, of a kernel from 5.15 on."""
