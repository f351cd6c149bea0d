"""Makes conf ten times faster without changing what it says: the shell commands of its Kconfig run once and are
replayed from then on. KCFG_LIVE_PROBES=1 turns it off; test_kernels compares both.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("replay_popen.c")
TOOLS = ("gcc", "ld", "rustc", "bindgen", "pahole")


@cache
def library(root: Path) -> Path:
    """The preloaded library, built into the cache."""
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:16]
    built = root / "replay" / f"popen-{digest}.so"
    if not built.is_file():
        built.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=built.parent) as folder:
            fresh = Path(folder, "popen.so")
            subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", str(fresh), str(SOURCE), "-ldl"], check=True)
            fresh.replace(built)
    return built


@cache
def toolchain() -> str:
    """What the commands' answers depend on besides the tree: the tools that are there, and their versions."""
    said = []
    for tool in TOOLS:
        try:
            done = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False)
            said.append(done.stdout)
        except OSError:
            said.append("")
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:16]


def environment(root: Path, tree: Path, version: str, arch: str) -> dict[str, str]:
    """What to add to conf's environment; nothing with KCFG_LIVE_PROBES=1."""
    if os.environ.get("KCFG_LIVE_PROBES") == "1":
        return {}
    scripts = f"{tree} {version} {(tree / 'scripts').stat().st_mtime_ns}"
    store = root / "replay" / f"{toolchain()}-{hashlib.sha256(scripts.encode()).hexdigest()[:16]}-{arch}"
    store.mkdir(parents=True, exist_ok=True)
    return {"LD_PRELOAD": str(library(root)), "KCFG_REPLAY": str(store)}
