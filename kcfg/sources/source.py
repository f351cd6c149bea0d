"""What every kind of kernel source can do, and what the kinds share.

Paths are relative to the top of the source, with "/". A path, or a symbolic link, that leads out of it is a
`UserError`.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from kcfg.base.errors import UserError
from kcfg.base.paths import clean_path
from kcfg.base.version import KernelVersion

FILE_LIMIT = 16 << 20  # the largest Kconfig file of Linux has 100 KB
ENTRIES_LIMIT = 500_000  # files and folders that a listing goes through; Linux 7.3 has 100,000
MATCHED_LIMIT = 250_000  # the same of all patterns of a source, each of which costs more
NAMES_LIMIT = 128 << 20  # characters in the paths of a listing; Linux 7.3 has 4 MB


class Listed:
    """What a listing goes through, counted."""

    def __init__(self, where: str, limit: int = 0) -> None:
        self._where = where
        self._limit = limit or ENTRIES_LIMIT
        self._entries = self._names = 0

    def add(self, characters: int) -> None:
        """One more entry, with a path of so many characters. UserError when there are too many."""
        self._entries += 1
        self._names += characters
        if self._entries > self._limit:
            raise UserError(f"more than {self._limit:,} files and folders", where=self._where)
        if self._names > NAMES_LIMIT:
            raise UserError(f"the names of files have more than {NAMES_LIMIT:,} characters", where=self._where)


class Source(Protocol):
    """Where Kconfig comes from. `name` is what the user gave, `origin` is "tree", "git" or "tarball"."""

    name: str
    origin: str

    def read(self, path: str) -> bytes:
        """The bytes of a file. UserError when it is missing, unreadable or outside."""

    def exists(self, path: str) -> bool:
        """Whether `read` finds a regular file there. UserError when the path leads out of the source."""

    def glob(self, pattern: str) -> list[str]:
        """The files that match, sorted. "*" and "?" match neither "/" nor a leading dot, as in glob(3).

        UserError where the patterns of a source go through more than MATCHED_LIMIT entries.
        """

    def all_files(self, skip: Callable[[str], bool]) -> list[str]:
        """Every regular file, sorted; not those in folders that `skip` names. Symbolic links are left out.

        UserError for more than ENTRIES_LIMIT.
        """

    def fingerprint(self, paths: Iterable[str]) -> str:
        """A cheap key that changes when one of these files does; a missing file counts as a state of it."""

    def kernel_version(self) -> KernelVersion:
        """VERSION, PATCHLEVEL, SUBLEVEL and EXTRAVERSION of the top Makefile."""


class BaseSource:
    """What the kinds of source share. They provide `read`, `exists` and `names`."""

    origin = ""

    def __init__(self, name: str) -> None:
        self.name = name
        self._globbed = Listed(name, MATCHED_LIMIT)

    def read(self, path: str) -> bytes:
        raise NotImplementedError

    def exists(self, path: str) -> bool:
        raise NotImplementedError

    def names(self, folder: str) -> Iterable[str]:
        """The names in a folder ("" is the top); none when it is no folder."""
        raise NotImplementedError

    def _matching(self, folders: list[str], part: str) -> Iterator[str]:
        """The names in some folders that match a part of a pattern, each behind its folder."""
        matches = re.compile(fnmatch.translate(part)).match
        for folder in folders:
            for name in self.names(folder.rstrip("/")):
                self._globbed.add(len(folder) + len(name))
                if matches(name) and (name[0] != "." or part[0] == "."):
                    yield f"{folder}{name}/"

    def glob(self, pattern: str) -> list[str]:
        found = [""]
        for part in clean_path(pattern, self.name).split("/"):
            if re.search(r"[*?\[]", part):
                found = list(self._matching(found, part))
            else:
                found = [f"{folder}{part}/" for folder in found]
                for path in found:
                    self._globbed.add(len(path))
        return sorted(path[:-1] for path in found if self.exists(path[:-1]))

    def kernel_version(self) -> KernelVersion:
        text = self.read("Makefile")[:8192].decode("utf-8", "replace")
        parts = dict(re.findall(r"^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION)[ \t]*=[ \t]*([^\s#$]*)", text, re.M))
        numbers = [parts.get(key, "") for key in ("VERSION", "PATCHLEVEL", "SUBLEVEL")]
        try:
            return KernelVersion.parse(".".join(n for n in numbers if n) + parts.get("EXTRAVERSION", ""))
        except UserError:
            raise UserError("no kernel version in the top Makefile", where=f"{self.name}:Makefile") from None

    def need_kconfig(self, hint: str = "") -> None:
        if not self.exists("Kconfig"):
            raise UserError("not a kernel source: no Kconfig file in it", where=self.name, hint=hint)

    def missing(self, path: str, why: str = "no such file in the kernel source") -> UserError:
        return UserError(why, where=f"{self.name}:{path}")


def digest(origin: str, states: Iterable[str]) -> str:
    """A short hash of a list of texts."""
    import hashlib

    text = "\n".join([origin, *states])
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
