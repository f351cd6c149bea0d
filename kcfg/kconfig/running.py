"""Where the configuration of the running kernel is."""

from __future__ import annotations

import os
from pathlib import Path

from kcfg.base.errors import UserError


def find_running_config(root: str | Path = "/", release: str | None = None) -> Path:
    """Where the configuration of the running kernel is. UserError that lists what was tried."""
    release = os.uname().release if release is None else release
    modules = f"lib/modules/{release}"
    places = ["proc/config.gz", f"boot/config-{release}", f"{modules}/config", f"{modules}/build/.config"]
    places += [f"usr/lib/kernel/config-{release}"]
    places += [f"{modules}/kernel/kernel/configs.ko{end}" for end in ("", ".xz", ".zst", ".gz")]
    tried = []
    for place in places:
        path = Path(root, place)
        if path.is_file():
            if os.access(path, os.R_OK):
                return path
            tried.append(f"{path} (not readable)")
        else:
            tried.append(str(path))
    hint = "run modprobe configs, or name a configuration file"
    raise UserError(f"no configuration of the running kernel; tried {', '.join(tried)}", hint=hint)
