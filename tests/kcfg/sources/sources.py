"""A few files of a kernel source, as a folder, a git repository or a tarball."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

from tests.patches.upstream import git

FILES = {
    "Kconfig": b"top\n",
    "Makefile": b"VERSION = 6\nPATCHLEVEL = 1\n",
    "sub/Kconfig": b"sub\n",
    "sub/a.c": b"int a;\n",
}


def folder(at: Path, files: Mapping[str, bytes] = FILES) -> Path:
    """The files as they are."""
    for path, data in files.items():
        (at / path).parent.mkdir(parents=True, exist_ok=True)
        (at / path).write_bytes(data)
    return at


def repository(at: Path) -> Path:
    """The files as a commit, with a link beside them; tag v1."""
    folder(at)
    (at / "link").symlink_to("sub")
    (at / "out").symlink_to("../other")
    git(at, "init", "-q")
    git(at, "add", "-A")
    git(at, "commit", "-q", "-m", "x")
    git(at, "tag", "v1")
    return at


def tarball(
    at: Path, files: Mapping[str, bytes] = FILES, *, top: str = "linux-6.1/", links: Mapping[str, str] | None = None
) -> Path:
    """The files below one folder; `links` are symbolic."""
    with tarfile.open(at, "w") as archive:
        for path, data in files.items():
            info = tarfile.TarInfo(top + path)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for path, target in (links or {}).items():
            info = tarfile.TarInfo(top + path)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
    return at
