"""A queue's files as they would be after an edit, without writing any."""

from __future__ import annotations

from collections.abc import Mapping

from kcfg.base.errors import UserError
from patches.queues.files import Files, joined


class EditedFiles:
    """Files with some changed, by their paths; None is a file that is gone."""

    def __init__(self, files: Files, changed: Mapping[str, bytes | None]) -> None:
        self.name = files.name
        self._files, self._changed = files, changed

    def find(self, path: str) -> str:
        found = self._files.find(path)
        return "" if found in self._changed and self._changed[found] is None else found

    def ident(self, path: str) -> str:
        return "" if self._files.find(path) in self._changed else self._files.ident(path)

    def mode(self, path: str) -> str:
        return self._files.mode(path) if self.find(path) else ""

    def read(self, path: str) -> bytes:
        found = self._files.find(path)
        if found not in self._changed:
            return self._files.read(path)
        data = self._changed[found]
        if data is None:
            raise UserError("no such file", where=joined(self.name, path))
        return data

    def walk(self, folder: str = "", *, deep: bool = True) -> list[str]:
        return [one for one in self._files.walk(folder, deep=deep) if self._changed.get(one, b"") is not None]
