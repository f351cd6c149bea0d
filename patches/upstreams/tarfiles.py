"""The files of a release's tarball that a queue is about: one pass over it keeps those, and the names of all."""

from __future__ import annotations

from collections.abc import Iterable

from kcfg.base.errors import UserError
from kcfg.sources.tar import TarSource


class TarFiles(TarSource):
    """A tarball's files, its one top folder stripped. Only `wanted` and files of the same folder and name are kept."""

    kept_limit = 512 << 20

    def __init__(self, name: str, wanted: Iterable[str]) -> None:
        super().__init__(name)
        self._tails = frozenset("/".join(path.split("/")[-2:]) for path in wanted)

    def prepare(self) -> None:
        """Read the tarball. UserError when it is damaged, or none."""
        self._load()

    def keeps(self, path: str) -> bool:
        return "/".join(path.split("/")[-2:]) in self._tails or path.rsplit("/", 1)[-1] in self._tails

    def top(self, paths: Iterable[str]) -> str:
        tops = {path.partition("/")[0] for path in paths if "/" in path}
        return f"{tops.pop()}/" if len(tops) == 1 and all("/" in path for path in paths) else ""

    def find(self, path: str) -> str:
        """The path of a regular file, its links followed; "" when there is none."""
        try:
            real = self._find(path)
        except UserError:
            return ""
        return real if real in self._load() else ""

    def mode(self, path: str) -> str:
        """A file's mode as git has it; "" when there is no such file."""
        if path in self._links:
            return "120000"
        real = self.find(path)
        return ("100755" if real in self._programs else "100644") if real else ""

    def ident(self, path: str) -> str:
        """Nothing names a file's content without reading it."""
        return ""

    def walk(self, folder: str = "", *, deep: bool = True) -> list[str]:
        """The files in a folder, sorted."""
        prefix = f"{folder}/" if folder else ""
        every = (path for path in self._load() if path.startswith(prefix))
        return sorted(path for path in every if deep or "/" not in path[len(prefix) :])
