"""Open a kernel source: a directory, a git revision, or a tarball. Nothing in it is executed, nothing is written.

Paths are relative to the top of the source, with "/". A path, or a symbolic link, that leads out of it is a
`UserError`. git and the decompressors are imported when they are needed.
"""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Callable, Iterable
from typing import Protocol

import msgspec

from kcfg.errors import UserError

FILE_LIMIT = 16 << 20  # the largest Kconfig file of Linux has 100 KB
LINK_LIMIT = 40  # symbolic links followed for one path, as in the kernel's own path walk


class Arch(msgspec.Struct, frozen=True):
    """An architecture as users name it, its folder under arch/, and the symbol that is y in its configurations."""

    name: str
    srcarch: str
    marker: str


ARCHES: dict[str, Arch] = {
    arch.name: arch
    for arch in (
        Arch("x86_64", "x86", "X86_64"),
        Arch("i386", "x86", "X86_32"),
        Arch("arm64", "arm64", "ARM64"),
        Arch("arm", "arm", "ARM"),
    )
}


class KernelVersion(msgspec.Struct, frozen=True, eq=False):
    """A kernel release. Ordered and compared by (major, minor, patch); `full` is the text that it was read from."""

    major: int
    minor: int
    patch: int = 0
    full: str = ""

    @classmethod
    def parse(cls, text: str) -> KernelVersion:
        """Read "6.12.43+deb13-amd64", "7.1-rc2", "v5.10". UserError when it does not start with two numbers."""
        found = re.match(r"v?(\d{1,5})\.(\d{1,5})(?:\.(\d{1,5}))?(?!\d)", text.strip(), re.ASCII)
        if not found:
            raise UserError(f"not a kernel version: {text.strip()[:60]!r}", hint="such as 6.12, 6.12.8 or 7.1-rc2")
        return cls(int(found[1]), int(found[2]), int(found[3] or 0), text.strip().removeprefix("v"))

    @property
    def key(self) -> tuple[int, int, int]:
        """What versions are compared by."""
        return (self.major, self.minor, self.patch)

    @property
    def series(self) -> str:
        """The release without its patch level, such as "6.12"."""
        return f"{self.major}.{self.minor}"

    def __str__(self) -> str:
        return self.full or f"{self.major}.{self.minor}.{self.patch}"

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, KernelVersion) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    def __lt__(self, other: KernelVersion) -> bool:
        return self.key < other.key

    def __le__(self, other: KernelVersion) -> bool:
        return self.key <= other.key

    def __gt__(self, other: KernelVersion) -> bool:
        return self.key > other.key

    def __ge__(self, other: KernelVersion) -> bool:
        return self.key >= other.key


class Source(Protocol):
    """Where Kconfig comes from. `name` is what the user gave, `origin` is "tree", "git" or "tarball"."""

    name: str
    origin: str

    def read(self, path: str) -> bytes:
        """The bytes of a file. UserError when it is missing, unreadable or outside."""

    def exists(self, path: str) -> bool:
        """Whether `read` finds a regular file there. UserError when the path leads out of the source."""

    def glob(self, pattern: str) -> list[str]:
        """The files that match, sorted. "*" and "?" match neither "/" nor a leading dot, as in glob(3)."""

    def all_files(self, skip: Callable[[str], bool]) -> list[str]:
        """Every regular file, sorted; not those in folders that `skip` names. Symbolic links are left out."""

    def fingerprint(self, paths: Iterable[str]) -> str:
        """A cheap key that changes when one of these files does; a missing file counts as a state of it."""

    def kernel_version(self) -> KernelVersion:
        """VERSION, PATCHLEVEL, SUBLEVEL and EXTRAVERSION of the top Makefile."""


def open_source(spec: str) -> Source:
    """Open `directory`, `repository@revision` or a tarball (.tar, .gz, .xz, .zst, .bz2; unpacked at the first read).

    UserError when there is nothing such, or when it has no Kconfig.
    """
    if not spec or "\0" in spec:
        raise UserError("no kernel source given")
    if os.path.isdir(spec):
        return TreeSource(spec)
    if os.path.isfile(spec):
        from kcfg.tarball import TarSource

        return TarSource(spec)
    at = spec.find("@")
    while at >= 0:
        if os.path.isdir(spec[:at]):
            from kcfg.gitsource import GitSource

            return GitSource(spec, spec[:at], spec[at + 1 :])
        at = spec.find("@", at + 1)
    if os.path.exists(spec):
        raise UserError("not a kernel source: neither a directory nor a tarball", where=spec)
    raise UserError("no such kernel source", where=spec, hint="a directory, repository@revision, or a tarball")


def clean_path(path: str, where: str) -> str:
    """`path` without "." and "..". UserError when it is absolute or leads out of the source."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                raise outside(where, path)
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    if path.startswith("/") or "\0" in path or not parts:
        raise outside(where, path)
    return "/".join(parts)


def follow_links(path: str, link: Callable[[str], str | None], where: str) -> str:
    """`path` with its symbolic links replaced; `link` gives the target of one, None for what is none."""
    todo = path.split("/")[::-1]
    done: list[str] = []
    hops = 0
    while todo:
        part = todo.pop()
        if part == "..":
            if not done:
                raise outside(where, path)
            done.pop()
        elif part not in ("", "."):
            target = link("/".join([*done, part]))
            if target is None:
                done.append(part)
                continue
            hops += 1
            if target.startswith("/") or hops > LINK_LIMIT:
                raise outside(where, path)
            todo.extend(reversed(target.split("/")))
    return "/".join(done)


def outside(where: str, path: str) -> UserError:
    """The error for a path that is refused."""
    return UserError(f"path leads out of the kernel source: {path[:200]!r}", where=where)


class BaseSource:
    """What the kinds of source share. They provide `read`, `exists` and `names`."""

    origin = ""

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, path: str) -> bytes:
        raise NotImplementedError

    def exists(self, path: str) -> bool:
        raise NotImplementedError

    def names(self, folder: str) -> Iterable[str]:
        """The names in a folder ("" is the top); none when it is no folder."""
        raise NotImplementedError

    def glob(self, pattern: str) -> list[str]:
        found = [""]
        for part in clean_path(pattern, self.name).split("/"):
            if not re.search(r"[*?\[]", part):
                found = [f"{folder}{part}/" for folder in found]
                continue
            matches = re.compile(fnmatch.translate(part)).match
            found = [
                f"{folder}{name}/"
                for folder in found
                for name in self.names(folder.rstrip("/"))
                if matches(name) and (name[0] != "." or part[0] == ".")
            ]
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


class TreeSource(BaseSource):
    """A directory."""

    origin = "tree"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._root = os.path.realpath(name)
        self._prefix = self._root.rstrip("/") + "/"
        self._folders: dict[str, str] = {}  # folder -> its real path, checked to be inside
        bare = os.path.isdir(os.path.join(name, "objects")) or os.path.exists(os.path.join(name, ".git"))
        self.need_kconfig(f"for a revision of a git repository write {name.rstrip('/')}@REVISION" if bare else "")

    def _inside(self, full: str, path: str) -> str:
        real = os.path.realpath(full)
        if real != self._root and not real.startswith(self._prefix):
            raise outside(self.name, path)
        return real

    def _real(self, path: str) -> str:
        path = clean_path(path, self.name)
        folder, _, name = path.rpartition("/")
        real = self._folders.get(folder)
        if real is None:
            real = self._folders[folder] = self._inside(self._prefix + folder, path)
        full = f"{real}/{name}"
        return self._inside(full, path) if os.path.islink(full) else full

    def read(self, path: str) -> bytes:
        try:
            # O_NONBLOCK: opening a FIFO must not wait for a writer.
            handle = os.open(self._real(path), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                info = os.fstat(handle)
                if not stat.S_ISREG(info.st_mode):
                    raise self.missing(path, "not a regular file")
                pieces = []
                size = 0
                while piece := os.read(handle, min(info.st_size, FILE_LIMIT) + 1):
                    size += len(piece)
                    if size > FILE_LIMIT:
                        raise self.missing(path, f"larger than {FILE_LIMIT >> 20} MB")
                    pieces.append(piece)
                return b"".join(pieces)
            finally:
                os.close(handle)
        except FileNotFoundError:
            raise self.missing(path) from None
        except OSError as error:
            raise self.missing(path, (error.strerror or str(error)).lower()) from None

    def exists(self, path: str) -> bool:
        return os.path.isfile(self._real(path))

    def names(self, folder: str) -> Iterable[str]:
        try:
            return os.listdir(self._real(folder) if folder else self._root)
        except OSError:
            return ()

    def all_files(self, skip: Callable[[str], bool]) -> list[str]:
        found = []
        todo = [""]
        while todo:
            folder = todo.pop()
            try:
                with os.scandir(self._prefix + folder) as entries:
                    for entry in entries:
                        if entry.is_file(follow_symlinks=False):
                            found.append(folder + entry.name)
                        elif entry.is_dir(follow_symlinks=False) and not skip(folder + entry.name):
                            todo.append(f"{folder}{entry.name}/")
            except OSError:
                continue
        return sorted(found)

    def fingerprint(self, paths: Iterable[str]) -> str:
        states = []
        for path in sorted(set(paths)):
            try:
                info = os.stat(self._prefix + path)
                states.append(f"{path}\0{info.st_size}\0{info.st_mtime_ns}\0{info.st_ino}")
            except (OSError, ValueError):
                states.append(f"{path}\0missing")
        return digest(self.origin, states)


def digest(origin: str, states: Iterable[str]) -> str:
    """A short hash of a list of texts."""
    import hashlib

    text = "\n".join([origin, *states])
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
