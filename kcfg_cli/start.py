"""Where the process begins: what interrupts it, or takes its memory, while the program is loaded is one line, too."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Load the program and run it; the exit status is `kcfg_cli.cli.main`'s."""
    try:
        from kcfg_cli.cli import main as run

        run()
    except KeyboardInterrupt:
        end("interrupted", 130)
    except MemoryError:
        end("not enough memory for this input", 3)


def end(told: str, status: int) -> NoReturn:
    """Say why, without any module, and end."""
    if sys.stderr is not None:
        os.write(2, f"kcfg: {told}\n".encode())
    sys.exit(status)
