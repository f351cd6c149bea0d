"""A queue's files in a git revision, read through git objects: no checkout, no hook, no network."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator

from kcfg.base.errors import UserError
from kcfg.sources.gitobjects import Objects
from kcfg.sources.gitrepo import Repo, open_repo
from kcfg.sources.source import Listed
from patches.queues.files import WALK_LIMIT, inside, joined
from patches.text.parse import PATCH_LIMIT


class CommitFiles:
    """Single files of one commit, read by their paths; its tree is not listed. An `apply.Tree`."""

    def __init__(self, repo: Repo, objects: Callable[[], Objects], commit: str) -> None:
        self.name = f"{repo.path}@{commit}:"
        self._objects, self._commit = objects, commit
        self._found: dict[str, bytes | None] = {}

    def _data(self, path: str) -> bytes | None:
        if path not in self._found:
            self._found[path] = self._objects().find(f"{self._commit}:{path}", PATCH_LIMIT)
        return self._found[path]

    def find(self, path: str) -> str:
        return path if self._data(path) is not None else ""

    def read(self, path: str) -> bytes:
        data = self._data(path)
        if data is None:
            raise UserError("no such file", where=self.name + path)
        return data


class GitFiles:
    """The files of one revision."""

    def __init__(self, repository: str, revision: str) -> None:
        self.name = f"{repository}@{revision}:"
        self._repo = open_repo(repository)
        self._objects: Objects | None = None
        if not revision or revision.startswith("-") or re.search(r"[\0\s]", revision):
            raise UserError(f"not a git revision: {revision!r}", where=repository)
        try:
            tree = self._repo.resolve(revision, "tree")
        except UserError:
            self._repo.resolve(revision, "commit")
            lacks = f"the files of {revision!r} are not in this partial clone"
            raise UserError(lacks, where=repository, hint="a whole clone has them") from None
        self._modes = dict(self._listed(tree))

    def _listed(self, tree: str) -> Iterator[tuple[str, tuple[str, str]]]:
        """Every file's path with its mode and object; folders that stand in many places are listed in each."""
        seen = Listed(joined(self.name, ""))
        with self._repo.stream("ls-tree", "-r", "-z", "--full-tree", tree) as out:
            held = b""
            while piece := out.read(1 << 16):
                *whole, held = (held + piece).split(b"\0")
                for one in whole:
                    head, _, path = one.partition(b"\t")
                    mode, _, ident = head.decode("ascii").split(" ")
                    seen.add(len(path))
                    yield path.decode("utf-8", "surrogateescape"), (sys.intern(mode), ident)

    def _object(self, ident: str, path: str) -> bytes:
        self._objects = self._objects or Objects(self._repo)
        try:
            return self._objects.read(ident, PATCH_LIMIT)
        except UserError as error:
            self._objects = None
            raise UserError(error.message, where=self.name + path) from None

    def _link(self, path: str) -> str | None:
        mode, ident = self._modes.get(path, ("", ""))
        return self._object(ident, path).decode("utf-8", "surrogateescape") if mode == "120000" else None

    def find(self, path: str) -> str:
        real = inside(path, self._link, self.name)
        return real if self._modes.get(real, ("", ""))[0].startswith("100") else ""

    def ident(self, path: str) -> str:
        real = self.find(path)
        return self._modes[real][1] if real else ""

    def mode(self, path: str) -> str:
        known = self._modes.get(path) or self._modes.get(self.find(path))  # one behind a folder's link
        return known[0] if known else ""

    def read(self, path: str) -> bytes:
        real = self.find(path)
        if not real:
            raise UserError("no such file", where=self.name + path)
        return self._object(self._modes[real][1], path)

    def walk(self, folder: str = "", *, deep: bool = True) -> list[str]:
        prefix = f"{inside(folder, self._link, self.name)}/" if folder else ""
        found = []
        for path, (mode, _) in self._modes.items():
            rest = path.removeprefix(prefix)
            if not path.startswith(prefix) or mode == "160000" or (not deep and "/" in rest):
                continue
            if not any(part.startswith(".") for part in rest.split("/")[:-1]):
                found.append(path)
        if len(found) > WALK_LIMIT:
            raise UserError(f"more than {WALK_LIMIT} files: this is no queue of patches", where=joined(self.name, ""))
        return sorted(found)
