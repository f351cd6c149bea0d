"""Worker processes that never outlive the process that started them."""

from __future__ import annotations

import ctypes
import os
import signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

PR_SET_PDEATHSIG = 1  # include/uapi/linux/prctl.h


def workers(count: int) -> ProcessPoolExecutor:
    """A pool of processes. They end when their parent is killed: what they hold, such as a lock, is free then.

    They are forked: another Python would have to be run, which a confined process may not, and has a parent of its own.
    """
    return ProcessPoolExecutor(count, get_context("fork"), initializer=end_with, initargs=(os.getpid(),))


def end_with(parent: int) -> None:
    """This process is killed when its parent ends, or at once where it has ended already."""
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, "prctl", None) is not None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
