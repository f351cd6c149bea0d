"""The files of a queue: a folder on disk. `gitfiles.py` has those of a git revision.

Paths are relative to the queue's root, with "/". A path or a symbolic link that leads out of it is refused, never read:
a queue is a stranger's.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from typing import Protocol

from kcfg.base.atomic import BESIDE
from kcfg.base.errors import UserError
from kcfg.base.paths import clean_path, follow_links
from patches.text.parse import PATCH_LIMIT

WALK_LIMIT = 200_000
"""Files that a queue may have; a folder with more is a home directory that somebody pointed at."""


def joined(root: str, path: str) -> str:
    """A place for people: a root as the user knows it, which for a git revision ends with ":", and a path in it."""
    if not path:
        return root.removesuffix(":")
    return root + path if root.endswith(":") else os.path.join(root, path)


class OutsideError(UserError):
    """A path that leads out of the queue."""


class Files(Protocol):
    """What readers of queues see. `name` is the root as the user knows it."""

    name: str

    def find(self, path: str) -> str:
        """The path of a regular file, its links followed; "" when there is none. OutsideError when it leads out."""

    def ident(self, path: str) -> str:
        """A name of a file's content, "" when there is none without reading it."""

    def mode(self, path: str) -> str:
        """A file's mode as git has it, such as "100755", a link's among them; "" when there is no such file."""

    def read(self, path: str) -> bytes:
        """A file's bytes. UserError when it is missing, outside, unreadable, or larger than a patch may be."""

    def walk(self, folder: str = "", *, deep: bool = True) -> list[str]:
        """The files in a folder ("" is the root), sorted, links among them; without those in hidden folders."""


class DiskFiles:
    """A folder on disk."""

    def __init__(self, root: str, *, huge: bool = False) -> None:
        self.name = root
        self._limit = 10 * WALK_LIMIT if huge else WALK_LIMIT

    def _link(self, path: str) -> str | None:
        try:
            return os.readlink(os.path.join(self.name, path))
        except OSError:
            return None

    def find(self, path: str) -> str:
        real = inside(path, self._link, self.name)
        try:
            mode = os.lstat(os.path.join(self.name, real)).st_mode
        except (OSError, ValueError):
            return ""
        return real if stat.S_ISREG(mode) else ""

    def ident(self, path: str) -> str:
        return ""

    def mode(self, path: str) -> str:
        if self._link(path) is not None:
            return "120000"
        real = self.find(path)
        if not real:
            return ""
        return "100755" if os.lstat(os.path.join(self.name, real)).st_mode & stat.S_IXUSR else "100644"

    def read(self, path: str) -> bytes:
        real = self.find(path)
        where = os.path.join(self.name, path)
        if not real:
            raise UserError("no such file", where=where)
        try:
            # Not a pipe nor a device, even if it has become one meanwhile.
            handle = os.open(os.path.join(self.name, real), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with open(handle, "rb") as file:
                data = file.read(PATCH_LIMIT + 1)
        except OSError as error:
            raise UserError(f"cannot read it: {error.strerror}", where=where) from None
        if len(data) > PATCH_LIMIT:
            raise UserError(f"larger than {PATCH_LIMIT >> 20} MB", where=where)
        return data

    def walk(self, folder: str = "", *, deep: bool = True) -> list[str]:
        found = []
        folder = inside(folder, self._link, self.name) if folder else ""
        for path in self._walk(folder, deep):
            found.append(path)
            if len(found) > self._limit:
                raise UserError(f"more than {self._limit} files: this is no queue of patches", where=self.name)
        return sorted(found)

    def _walk(self, folder: str, deep: bool) -> Iterator[str]:
        todo = [folder]
        while todo:
            here = todo.pop()
            try:
                with os.scandir(os.path.join(self.name, here)) as names:
                    for one in names:
                        if BESIDE.fullmatch(one.name):  # what a killed process of ours left
                            continue
                        path = f"{here}/{one.name}" if here else one.name
                        if not one.is_dir(follow_symlinks=False):
                            yield path
                        elif deep and not one.name.startswith("."):
                            todo.append(path)
            except OSError as error:
                where = os.path.join(self.name, here)
                raise UserError(f"cannot read the folder: {error.strerror}", where=where) from None


def inside(path: str, link: Callable[[str], str | None], where: str) -> str:
    """`path` without ".", ".." and links. OutsideError when it leads out of the queue."""
    try:
        return follow_links(clean_path(path, where), link, where)
    except UserError:
        raise OutsideError(f"path leads out of the queue, and is not read: {path[:200]!r}", where=where) from None
