"""Reads objects of a repository, one after the other, from a git that stays open."""

from __future__ import annotations

import os
import weakref
from contextlib import ExitStack, suppress

from kcfg.base.errors import UserError
from kcfg.sources.gitrepo import Repo


class Objects:
    """A git that answers for objects by name; it ends with the value.

    `failed`: an answer was not read to its end, so this reader has no further ones.
    """

    def __init__(self, repo: Repo) -> None:
        self._stack = ExitStack()
        self.failed = False
        read, write = os.pipe()
        self._asked = write
        weakref.finalize(self, end, write, self._stack)
        with os.fdopen(read, "rb") as asked:
            self._answers = self._stack.enter_context(repo.stream("cat-file", "--batch", stdin=asked))

    def read(self, ident: str, limit: int) -> bytes:
        """An object's bytes. UserError when it is missing, or larger than the limit; then this reader is at its end."""
        found = self._answer(ident, limit)
        if found is None:
            self.failed = True
            raise UserError(f"git cannot read object {ident}: it is missing in this repository")
        return found[1]

    def find(self, name: str, limit: int) -> bytes | None:
        """A file's bytes by its object's name, or by `commit:path`; None when there is none. UserError as above."""
        if "\n" in name:
            return None
        found = self._answer(name, limit)
        return found[1] if found and found[0] == b"blob" else None

    def _answer(self, name: str, limit: int) -> tuple[bytes, bytes] | None:
        """(the object's kind, its bytes); None when it is missing."""
        self.failed = True  # until all of the answer is read
        try:
            os.write(self._asked, f"{name}\n".encode("utf-8", "surrogateescape"))
        except OSError:
            raise UserError(f"git cannot read object {name}") from None
        line = self._answers.readline().rstrip(b"\n")
        if line.endswith((b" missing", b" ambiguous")):
            self.failed = False
            return None
        head = line.split()
        if len(head) != 3:
            raise UserError(f"git cannot read object {name}")
        size = int(head[2])
        if size > limit:
            raise UserError(f"larger than {limit >> 20} MB")
        data = self._answers.read(size + 1)
        if len(data) != size + 1:
            raise UserError(f"git cannot read object {name}")
        self.failed = False
        return head[1], data[:-1]


class EndedError(Exception):
    """Nothing more is asked."""


def end(asked: int, answers: ExitStack) -> None:
    """Ends a git that waits for questions, and closes its output.

    It is killed: a process that was forked meanwhile may have its input open still.
    """
    os.close(asked)
    with suppress(UserError, EndedError):
        answers.__exit__(EndedError, EndedError(), None)
