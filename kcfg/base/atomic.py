"""Files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

NAME_LIMIT = 255  # bytes of a file's name


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. A link stays and its target is replaced, an old file's mode is kept; what is
    no regular file, such as /dev/null, is only written to. OSError names `path`.
    """
    real = os.path.realpath(path)
    name = os.path.join(os.path.dirname(real), f".{os.path.basename(real)[:100]}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        mode = os.stat(real).st_mode if os.path.exists(real) else None
        if mode is not None and not stat.S_ISREG(mode):
            with open(real, "wb") as stream:
                stream.write(data)
            return
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())  # the name must not be there before the bytes are
            if mode is not None:
                os.chmod(name, stat.S_IMODE(mode))
            os.replace(name, real)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def need_writable(path: str) -> None:
    """OSError, which names `path`, where `write_atomic` cannot write it."""
    real = os.path.realpath(path)
    folder = os.path.dirname(real)
    wrong = 0
    if os.path.isdir(real):
        wrong = errno.EISDIR
    elif not os.path.isdir(folder):
        wrong = errno.ENOTDIR if os.path.exists(folder) else errno.ENOENT
    elif os.path.exists(real) and not os.path.isfile(real):
        wrong = 0 if os.access(real, os.W_OK) else errno.EACCES
    elif not os.access(folder, os.W_OK | os.X_OK):
        wrong = errno.EACCES
    elif len(os.fsencode(os.path.basename(real))) > NAME_LIMIT:
        wrong = errno.ENAMETOOLONG
    if wrong:
        raise OSError(wrong, os.strerror(wrong), path)


def write_new(path: str, data: bytes) -> None:
    """Write a file that does not exist yet, whole or not at all. FileExistsError when it does, by whoever."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise
