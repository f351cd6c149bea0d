"""Reads objects of a repository, one after the other, from a git that stays open."""

from __future__ import annotations

import os
import weakref
from contextlib import ExitStack

from kcfg.base.errors import UserError
from kcfg.sources.gitrepo import Repo


class Objects:
    """A git that answers for objects by name; it ends with the value."""

    def __init__(self, repo: Repo) -> None:
        self._stack = ExitStack()
        read, write = os.pipe()
        self._asked = write
        weakref.finalize(self, os.close, write)
        with os.fdopen(read, "rb") as asked:
            self._answers = self._stack.enter_context(repo.stream("cat-file", "--batch", stdin=asked))

    def read(self, ident: str, limit: int) -> bytes:
        """An object's bytes. UserError when it is missing, or larger than the limit; then this reader is at its end."""
        try:
            os.write(self._asked, f"{ident}\n".encode())
        except OSError:
            raise UserError(f"git cannot read object {ident}") from None
        head = self._answers.readline().split()
        if len(head) != 3:
            raise UserError(f"git cannot read object {ident}: it is missing in this repository")
        size = int(head[2])
        if size > limit:
            raise UserError(f"larger than {limit >> 20} MB")
        data = self._answers.read(size + 1)
        if len(data) != size + 1:
            raise UserError(f"git cannot read object {ident}")
        return data[:-1]
