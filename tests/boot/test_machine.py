"""The parts of the boot that need no machine: the initramfs image and what a console's text means."""

from __future__ import annotations

import gzip

from tests.boot.machine import cpio, read_console


def entries(image: bytes) -> list[tuple[str, int, bytes]]:
    """(name, mode, content) of a cpio image in the newc format, by its own description."""
    data = gzip.decompress(image)
    at, out = 0, []
    while True:
        assert data[at : at + 6] == b"070701"
        mode, size, length = (int(data[at + start : at + start + 8], 16) for start in (14, 54, 94))
        name = data[at + 110 : at + 110 + length - 1].decode()
        begin = (at + 110 + length + 3) & ~3
        if name == "TRAILER!!!":
            return out
        out.append((name, mode, data[begin : begin + size]))
        at = (begin + size + 3) & ~3


def test_initramfs_has_files_links_their_folders_and_a_console() -> None:
    image = cpio({"init": (0o100755, b"#!/bin/sh\n"), "usr/bin/true": (0o120777, b"busybox")})
    assert entries(image) == [
        ("dev", 0o040755, b""),
        ("usr", 0o040755, b""),
        ("usr/bin", 0o040755, b""),
        ("dev/console", 0o020600, b""),
        ("init", 0o100755, b"#!/bin/sh\n"),
        ("usr/bin/true", 0o120777, b"busybox"),
    ]


def test_console_tells_each_role_apart() -> None:
    text = "KCFG dom0 ok init\r\nnoise\nguest: KCFG guest ok disk\nKCFG dom0 lost bridge: no device\nKCFG dom0 ok end\n"
    boot = read_console(text, 3.0, True)
    assert boot.reached == {"dom0": ["init", "end"], "guest": ["disk"]}
    assert boot.lost == {"dom0": ["bridge: no device"]}
