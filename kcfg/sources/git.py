"""A kernel source in a git repository, read through its objects with GitPython."""

from __future__ import annotations

import configparser
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from kcfg.base.errors import UserError
from kcfg.base.paths import clean_path, follow_links
from kcfg.sources.source import FILE_LIMIT, BaseSource, digest

if TYPE_CHECKING:
    import git


class GitSource(BaseSource):
    """A tree in a git repository, read through git objects: no checkout, no hook, no network, no replacement."""

    origin = "git"

    def __init__(self, name: str, repository: str, revision: str) -> None:
        super().__init__(name)
        if not revision or revision.startswith("-") or re.search(r"[\0\s]", revision):
            raise UserError(f"not a git revision: {revision!r}", where=name)
        try:
            import git
        except ImportError as error:
            why = str(error).split("\n")[0]
            raise UserError("git is needed to read a git revision", where=name, hint=why) from None
        try:
            self._repo = git.Repo(repository, search_parent_directories=False, expand_vars=False)
        except git.InvalidGitRepositoryError:
            raise UserError("not a git repository", where=repository) from None
        except (configparser.Error, OSError, ValueError) as error:
            why = " ".join(str(error).split())[:200]
            raise UserError(f"git cannot open this repository: {why}", where=repository) from None
        self._git: git.Git = self._repo.git
        # A partial clone fetches what it lacks, and a remote may be a command: no protocol is allowed.
        self._git.update_environment(
            GIT_DIR=str(self._repo.git_dir), GIT_NO_LAZY_FETCH="1", GIT_ALLOW_PROTOCOL="",
            GIT_TERMINAL_PROMPT="0", GIT_OPTIONAL_LOCKS="0",
        )  # fmt: skip
        settings = ["core.fsmonitor=false", "core.hooksPath=/dev/null", "protocol.allow=never"]
        self._git.set_persistent_git_options(c=settings, no_replace_objects=True)
        self._errors: tuple[type[Exception], ...] = (git.GitCommandError, ValueError, OSError)
        try:
            tree = str(self._git.rev_parse("--verify", "--quiet", f"{revision}^{{tree}}"))
        except self._errors:
            raise UserError(f"no revision {revision!r} in this repository", where=repository) from None
        self._folders: dict[str, dict[str, tuple[str, str]]] = {"": self._tree(tree)}
        self.need_kconfig()

    def _object(self, ident: str, path: str) -> bytes:
        try:
            _, _, size, stream = self._git.stream_object_data(ident)
            if size > FILE_LIMIT:
                raise self.missing(path, f"larger than {FILE_LIMIT >> 20} MB")
            data: Any = stream.read(size)
        except self._errors as error:
            why = " ".join(str(error).split())[:200]
            raise self.missing(path, f"git cannot read object {ident}: {why}") from None
        return bytes(data)

    def _tree(self, ident: str) -> dict[str, tuple[str, str]]:
        """name -> (mode, object id) of one tree object."""
        data = self._object(ident, "")
        width = len(ident) // 2
        entries = {}
        at = 0
        try:
            while at < len(data):
                end = data.index(b"\0", at)
                mode, _, name = data[at:end].partition(b" ")
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
        todo = [""]
        while todo:
            folder = todo.pop()
            for name, (mode, _) in self._folder(folder).items():
                path = f"{folder}/{name}" if folder else name
                if mode.startswith("100"):
                    found.append(path)
                elif mode == "40000" and not skip(path):
                    todo.append(path)
        return sorted(found)

    def fingerprint(self, paths: Iterable[str]) -> str:
        return digest(self.origin, [f"{path}\0{self._find(path)}" for path in sorted(set(paths))])
