"""Where tests that write many small files do it: in memory, where the system has such a folder."""

from __future__ import annotations

import os
import tempfile

SHM = "/dev/shm"


def quick_folder() -> str:
    """A folder for temporary files; on a disk, opening one for writing takes longer than most readers do."""
    return SHM if os.path.isdir(SHM) and os.access(SHM, os.W_OK | os.X_OK) else tempfile.gettempdir()
