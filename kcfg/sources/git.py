"""A kernel source in a git repository, read through its objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kcfg.base.errors import UserError
from kcfg.base.paths import clean_path, follow_links
from kcfg.sources.gitobjects import Objects
from kcfg.sources.gitrepo import open_repo
from kcfg.sources.source import FILE_LIMIT, BaseSource, Listed, digest


class GitSource(BaseSource):
    """A tree in a git repository, read through git objects: no checkout, no hook, no network, no replacement."""

    origin = "git"

    def __init__(self, name: str, repository: str, revision: str) -> None:
        super().__init__(name)
        self._repo = open_repo(repository)
        self._objects: Objects | None = None
        self._trees: dict[str, dict[str, tuple[str, str]]] = {}
        self._parsed = Listed(name)
        self._folders: dict[str, dict[str, tuple[str, str]]] = {"": self._tree(self._repo.resolve(revision, "tree"))}
        self.need_kconfig()

    def _object(self, ident: str, path: str) -> bytes:
        self._objects = self._objects or Objects(self._repo)
        try:
            return self._objects.read(ident, FILE_LIMIT)
        except UserError as error:
            self._objects = None
            raise self.missing(path, error.message) from None

    def _tree(self, ident: str) -> dict[str, tuple[str, str]]:
        """name -> (mode, object id) of one tree object; folders with the same content share it."""
        if ident not in self._trees:
            self._trees[ident] = self._parse(ident)
        return self._trees[ident]

    def _parse(self, ident: str) -> dict[str, tuple[str, str]]:
        """One tree object, read."""
        data = self._object(ident, "")
        width = self._repo.width // 2
        entries = {}
        at = 0
        try:
            while at < len(data):
                end = data.index(b"\0", at)
                mode, _, name = data[at:end].partition(b" ")
                self._parsed.add(end - at)
                at = end + 1 + width
                entries[name.decode("utf-8", "surrogateescape")] = (mode.decode("ascii"), data[end + 1 : at].hex())
        except ValueError:
            raise self.missing("", f"git object {ident} is no tree") from None
        return entries

    def _folder(self, folder: str) -> dict[str, tuple[str, str]]:
        """The entries of a folder whose path has no symbolic link; none when it is no folder."""
        if folder not in self._folders:
            parent, _, name = folder.rpartition("/")
            mode, ident = self._folder(parent).get(name, ("", ""))
            self._folders[folder] = self._tree(ident) if mode == "40000" else {}
        return self._folders[folder]

    def _entry(self, path: str) -> tuple[str, str]:
        folder, _, name = path.rpartition("/")
        return self._folder(folder).get(name, ("", ""))

    def _link(self, path: str) -> str | None:
        mode, ident = self._entry(path)
        return self._object(ident, path).decode("utf-8", "surrogateescape") if mode == "120000" else None

    def _find(self, path: str) -> str:
        """The object id of a regular file, "" when there is none."""
        mode, ident = self._entry(follow_links(clean_path(path, self.name), self._link, self.name))
        return ident if mode.startswith("100") else ""

    def read(self, path: str) -> bytes:
        ident = self._find(path)
        if not ident:
            raise self.missing(path)
        return self._object(ident, path)

    def exists(self, path: str) -> bool:
        return bool(self._find(path))

    def names(self, folder: str) -> Iterable[str]:
        return self._folder(follow_links(folder, self._link, self.name) if folder else "")

    def all_files(self, skip: Callable[[str], bool]) -> list[str]:
        found = []
        seen = Listed(self.name)
        todo = [""]
        while todo:
            folder = todo.pop()
            for name, (mode, _) in self._folder(folder).items():
                path = f"{folder}/{name}" if folder else name
                seen.add(len(path))
                if mode.startswith("100"):
                    found.append(path)
                elif mode == "40000" and not skip(path):
                    todo.append(path)
        return sorted(found)

    def fingerprint(self, paths: Iterable[str]) -> str:
        return digest(self.origin, [f"{path}\0{self._find(path)}" for path in sorted(set(paths))])
