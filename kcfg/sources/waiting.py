"""What git would wait for in a repository, or read without end: pipes and devices in its own folders."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator

from kcfg.base.errors import UserError

OPENED = ("HEAD", "config", "commondir", "index")
"""What git opens of a repository before it can tell where that is."""
LONGEST = 4096


def refuse_waiting(files: Iterable[str]) -> None:
    """UserError for a file that is a pipe or a device, or a link to one. A socket, such as git's own monitor has, is
    none of them: opening it fails at once."""
    for file in files:
        try:
            kind = stat.S_IFMT(os.stat(file).st_mode)
        except OSError:
            continue
        if kind in (stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK):
            raise UserError("no regular file: git would wait for it", where=file)


def storage(folder: str) -> list[str]:
    """The folders that git keeps a repository in: its own, and for a further work tree that of the first one."""
    try:
        with open(os.path.join(folder, "commondir"), encoding="utf-8", errors="surrogateescape") as file:
            return [folder, os.path.join(folder, file.read(LONGEST).strip("\n"))]
    except OSError:
        return [folder]


def irregular(folder: str) -> Iterator[str]:
    """What is no regular file in a folder and below; links to folders are not followed."""
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif not entry.is_file(follow_symlinks=False):
                        yield entry.path
        except OSError:  # what cannot be read, git says itself if it needs it
            continue
