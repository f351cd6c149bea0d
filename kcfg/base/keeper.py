"""A process beside a confined one, which does the few things that are agreed on before, and only those.

It is forked before a byte of the input is read, and knows by then what it may do: put this output in its place, remove
the passing folder. It is given bytes to write, never a path that it would not have agreed to, and it ends when the
confined process does, however that ends.
"""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import BinaryIO, NoReturn

from kcfg.base.confine import hide, ignore, libc
from kcfg.base.errors import UserError

Task = Callable[[bytes], None]
"""Does something with bytes. Raises UserError or OSError, which are handed on."""

HEAD = struct.Struct("=IQ")  # a task's number, or in an answer whether it failed; how many bytes follow
DONE, FAILED = 0, 1
MOST = 1 << 30
"""Bytes of one message: whoever asks for more asks for memory."""
IGNORED = (1, 2, 3, 15)  # SIGHUP, SIGINT, SIGQUIT, SIGTERM; Python's own module of signals takes long to import
"""What a terminal or a job's end sends to the whole group; the confined process ends by it, and so does this one."""


class Keeper:
    """The confined process's end."""

    def __init__(self, tasks: Mapping[str, Task], ending: Callable[[], None]) -> None:
        """Fork; `ending` is done at the end. OSError where there can be no other process."""
        self.tasks = list(tasks)
        asked, self._ask = os.pipe()
        self._answer, answered = os.pipe()
        libc()  # loaded once, for both
        self.process = os.fork()
        if not self.process:
            os.close(self._ask)
            os.close(self._answer)
            serve(asked, answered, list(tasks.values()), ending)
        os.close(asked)
        os.close(answered)
        self.owner = os.getpid()
        os.register_at_fork(after_in_child=self.close)  # so that a worker that lives on does not keep it alive

    def do(self, name: str, data: bytes) -> None:
        """Have a task done. UserError or OSError as it raises them."""
        if len(data) > MOST:
            raise UserError(f"more than {MOST >> 30} GB to write", where=name)
        try:
            send(self._ask, self.tasks.index(name), data)
            with open(self._answer, "rb", closefd=False, buffering=0) as stream:
                head = read(stream, HEAD.size)
                failed, size = HEAD.unpack(head)
                told = read(stream, size)
        except BaseException as error:
            self.close()  # half a request: what would follow is no new one
            if isinstance(error, (BrokenPipeError, EOFError)):
                raise UserError("the process that writes the output was killed", where=name) from None
            raise
        if failed:
            raise failure(told)

    def close(self) -> None:
        """Nothing more is asked."""
        for handle in (self._ask, self._answer):
            if handle >= 0:
                os.close(handle)
        self._ask = self._answer = -1

    def end(self) -> None:
        """Nothing more is asked, and it has ended."""
        self.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.process, 0)


def serve(asked: int, answered: int, tasks: list[Task], ending: Callable[[], None]) -> NoReturn:
    """Do what is asked until nobody can ask any more."""
    try:
        hide()
        for number in IGNORED:
            ignore(number)
        with open(asked, "rb", buffering=0) as stream, contextlib.suppress(EOFError, BrokenPipeError, MemoryError):
            while True:
                number, size = HEAD.unpack(read(stream, HEAD.size))
                if number >= len(tasks) or size > MOST:
                    break  # nobody who may ask does so
                send(answered, *outcome(tasks[number], read(stream, size)))
        ending()
    finally:
        os._exit(0)


def outcome(task: Task, data: bytes) -> tuple[int, bytes]:
    """What is answered."""
    from msgspec.msgpack import encode

    try:
        task(data)
    except UserError as error:
        return FAILED, encode(("user", raw(error.message), raw(error.where), raw(error.hint), error.status))
    except OSError as error:
        return FAILED, encode(("os", error.errno, error.strerror, raw(os.fsdecode(error.filename or ""))))
    except MemoryError:
        return FAILED, encode(("memory",))
    except Exception as error:
        return FAILED, encode(("fault", raw(f"{type(error).__name__}: {error}")))
    return DONE, b""


def raw(text: str) -> bytes:
    """A text that may have a name in it which is not UTF-8."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")


def failure(told: bytes) -> Exception:
    """The error of an answer."""
    from msgspec.msgpack import decode

    kind, *parts = decode(told)
    if kind == "user":
        message, where, hint = (part.decode("utf-8", "surrogateescape") for part in parts[:3])
        error = UserError(message, where=where, hint=hint)
        error.status = parts[3]
        return error
    if kind == "os":
        return OSError(parts[0], parts[1], parts[2].decode("utf-8", "surrogateescape") or None)
    return MemoryError() if kind == "memory" else RuntimeError(parts[0].decode("utf-8", "replace"))


def joined(parts: Sequence[bytes]) -> bytes:
    """Parts as one message. (A packer that meets want of memory at a large text may take the process down.)"""
    return b"".join([struct.pack(f"={len(parts) + 1}Q", len(parts), *map(len, parts)), *parts])


def parted(data: bytes) -> list[bytes]:
    """What `joined` made a message of; ValueError for what it did not."""
    try:
        (count,) = struct.unpack_from("=Q", data)
        sizes = struct.unpack_from(f"={count}Q", data, 8) if 8 * count < len(data) else (len(data),)
    except struct.error:
        raise ValueError("no parts") from None
    ends = list(accumulate(sizes, initial=8 * (count + 1)))
    if ends[-1] != len(data):
        raise ValueError("parts that do not fit")
    return [data[start:end] for start, end in pairwise(ends)]


def send(handle: int, number: int, data: bytes) -> None:
    """One message."""
    for part in (HEAD.pack(number, len(data)), data):
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(handle, rest) :]


def read(stream: BinaryIO, size: int) -> bytes:
    """Exactly so many bytes. EOFError where there are fewer."""
    out = bytearray()
    while len(out) < size:
        part = stream.read(min(size - len(out), 1 << 20))
        if not part:
            raise EOFError
        out += part
    return bytes(out)
