"""What becomes of a solver that finds no memory: it is C++, and what it throws, nobody takes."""

from __future__ import annotations

import ctypes
import os

from kcfg.base.errors import CANNOT_EVALUATE

LINE = b"kcfg: the solver broke off, most likely for want of memory\n"
SET_TERMINATE = "_ZSt13set_terminatePFvvE"  # std::set_terminate(void (*)())


def ended() -> None:
    """The last that this process does: one line, and the status of what cannot be evaluated."""
    os.write(2, LINE)
    os._exit(CANNOT_EVALUATE)


_ENDED = ctypes.CFUNCTYPE(None)(ended)


def end_in_one_line() -> bool:
    """Let the C++ runtime call `ended` in place of abort(); False where there is none that could be told."""
    try:
        setter = getattr(ctypes.CDLL("libstdc++.so.6"), SET_TERMINATE)
    except (OSError, AttributeError):
        return False
    setter.argtypes, setter.restype = [ctypes.CFUNCTYPE(None)], ctypes.c_void_p
    setter(_ENDED)
    return True
