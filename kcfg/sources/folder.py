"""A kernel source in a directory. A path or a symbolic link that leads out of it is refused."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable

from kcfg.base.paths import clean_path, outside
from kcfg.sources.source import FILE_LIMIT, BaseSource, Listed, digest


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
        seen = Listed(self.name)
        todo = [""]
        while todo:
            folder = todo.pop()
            try:
                with os.scandir(self._prefix + folder) as entries:
                    for entry in entries:
                        seen.add(len(folder) + len(entry.name))
                        if entry.is_file(follow_symlinks=False):
                            found.append(folder + entry.name)
                        elif entry.is_dir(follow_symlinks=False) and not skip(folder + entry.name):
                            todo.append(f"{folder}{entry.name}/")
            except FileNotFoundError:  # it went meanwhile
                continue
            except OSError as error:
                raise self.missing(folder, (error.strerror or str(error)).lower()) from None
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
