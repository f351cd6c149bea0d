"""Errors that are the input's fault.

A `UserError` is one line that says what is wrong, where, and what to do; the command line prints it without a
traceback and exits with `status`. Everything else that is raised is a bug and keeps its traceback.
"""

from __future__ import annotations

IMPOSSIBLE = 1
USAGE = 2
CANNOT_EVALUATE = 3


class UserError(Exception):
    """Bad input. `where` is "path" or "path:line"; `hint` is what to do about it."""

    status = USAGE

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        self.message = message
        self.where = where
        self.hint = hint
        text = f"{where}: {message}" if where else message
        super().__init__(f"{text} ({hint})" if hint else text)


class Impossible(UserError):  # noqa: N818
    """The input is readable, and the answer is no: this kernel has nothing of what is asked for."""

    status = IMPOSSIBLE


class CannotEvaluate(UserError):  # noqa: N818
    """The input is readable, but the question cannot be answered from it."""

    status = CANNOT_EVALUATE
