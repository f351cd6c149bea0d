"""Files that are written whole or not at all.

What is written stands beside its place first, under a name that says which process writes it. A process that is killed
leaves it there, and the next one that writes the same file takes it away.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

NAME_LIMIT = 255  # bytes of a file's name
BESIDE = re.compile(r"\.(.*)\.([0-9]{1,10})\.[0-9a-f]{8}(?:\.new|\.old)?", re.DOTALL)
"""The names of what is being written: the name that it will have, and the process."""
NO_REPLACE, EXCHANGE = 1, 2  # RENAME_* of include/uapi/linux/fs.h
AT_FDCWD = -100


def beside(name: str) -> str:
    """A new name for what will be called `name`; it begins with a dot, and is no longer than a name can be."""
    return f".{beginning(name)}.{os.getpid()}.{os.urandom(4).hex()}"


def beginning(name: str) -> str:
    """As many of a name's first characters as 100 bytes hold."""
    name = name[:100]
    while len(os.fsencode(name)) > 100:
        name = name[:-1]
    return name


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. A link stays and its target is replaced, an old file's mode is kept; what is
    no regular file, such as /dev/null, is only written to. OSError names `path`.
    """
    real = os.path.realpath(path)
    try:
        mode = os.stat(real).st_mode if os.path.exists(real) else None
        if mode is not None and not stat.S_ISREG(mode):
            with open(real, "wb") as stream:
                stream.write(data)
            return
        write_beside(real, data, mode, os.replace)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def write_new(path: str, data: bytes) -> None:
    """Write a file that does not exist yet, whole or not at all. FileExistsError when it does, by whoever."""
    try:
        write_beside(os.path.abspath(path), data, None, rename_new)
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None


def write_beside(real: str, data: bytes, mode: int | None, put: Callable[[str, str], None]) -> None:
    """Write a file beside its place, and put it there."""
    folder, last = os.path.split(real)
    sweep(folder, last)
    name = os.path.join(folder, beside(last))
    wanted = 0o666 if mode is None else stat.S_IMODE(mode)
    handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, wanted)
    try:
        with os.fdopen(handle, "wb") as stream:
            hold(handle)
            stream.write(data)
            stream.flush()
            os.fsync(handle)  # the name must not be there before the bytes are
            if mode is not None and stat.S_IMODE(os.fstat(handle).st_mode) != wanted:  # by the umask
                with contextlib.suppress(PermissionError):  # of a confined process: it has fewer rights then, not more
                    os.fchmod(handle, wanted)
            put(name, real)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def rename_new(old: str, new: str) -> None:
    """Rename a file to a name that there is not yet. FileExistsError where there is."""
    if not renamed(old, new, NO_REPLACE):
        os.link(old, new)
        os.unlink(old)


def renamed(old: str, new: str, flag: int) -> bool:
    """renameat2; False where this system or file system has none. OSError for what else is wrong."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(AT_FDCWD, os.fsencode(old), AT_FDCWD, os.fsencode(new), flag) == 0:
        return True
    wrong = ctypes.get_errno()
    if wrong in (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM):
        return False
    raise OSError(wrong, os.strerror(wrong), new)


def hold(handle: int) -> None:
    """Say that this is being written, as long as the handle is open; not everywhere that can be said."""
    with contextlib.suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def left(folder: str | int, name: str = "") -> list[str]:
    """The names of what killed processes left in a folder (a path or a handle): of that name, or of any."""
    out = []
    try:
        at = folder if isinstance(folder, int) else os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return []
    try:
        with contextlib.suppress(OSError):
            for one in os.listdir(at):
                found = BESIDE.fullmatch(one)
                if found and (not name or found[1] == beginning(name)) and is_left(at, one, int(found[2])):
                    out.append(one)
    finally:
        if at is not folder:
            os.close(at)
    return out


def is_left(folder: int, name: str, process: int) -> bool:
    """Whether nobody writes it any more: the process has gone, and nobody, wherever its processes are, holds it."""
    with contextlib.suppress(PermissionError):
        try:
            os.kill(process, 0)
        except (ProcessLookupError, OverflowError):
            return not is_held(folder, name)
    return False


def is_held(folder: int, name: str) -> bool:
    """Whether somebody holds a file or folder, or it cannot be told."""
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def sweep(folder: str, name: str = "") -> None:
    """Take away the files that killed processes left."""
    for one in left(folder, name):
        with contextlib.suppress(OSError):
            os.unlink(os.path.join(folder, one))


def need_writable(path: str, named: str = "") -> None:
    """OSError, which names `path`, or what it is `named`, where `write_atomic` cannot write it."""
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
        raise OSError(wrong, os.strerror(wrong), named or path)
