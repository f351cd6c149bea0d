"""What README quotes of the exact answers: explain, generate and repair against the tree's `conf --olddefconfig`.

Whole processes, in turn, on the Linux 6.12 tree; medians, and ratios of medians of the same run. Warm: the model and
its clauses are in the cache. `python benchmarks/solve.py [--runs N]`, after `make kernels`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.timing import Contestant, race, table
from tests.conformance.kernels import conf_env, kernel, make_config

GOALS = (
    "XEN_PVH", "HVC_XEN", "XEN_BLKDEV_FRONTEND=y", "XEN_NETDEV_FRONTEND=y", "EXT4_FS=y", "TTY", "BINFMT_ELF",
    "DEVTMPFS", "INET", "64BIT",
)  # fmt: skip
COLD = "generate, PVH guest, cold"


def encode_seconds(tree: str, runs: int) -> list[float]:
    """How long it takes to turn the tree's model into clauses, in this process."""
    from kcfg.kconfig.kernels import open_kernel
    from kcfg.solver.encode import encode

    model = open_kernel(None, tree=tree).model
    out = []
    for _ in range(runs):
        start = time.perf_counter()
        encode(model)
        out.append(time.perf_counter() - start)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    tree = kernel("6.12")
    kcfg = str(Path(sys.executable).with_name("kcfg"))
    with tempfile.TemporaryDirectory() as folder:
        for name in ("defconfig", "tinyconfig"):
            Path(folder, name).write_text(make_config(tree, "x86_64", name).text, encoding="utf-8")
        warm = dict(os.environ, XDG_CACHE_HOME=str(Path(folder, "cache")))
        cold = dict(os.environ, XDG_CACHE_HOME=str(Path(folder, "empty")))
        conf = conf_env(tree, "x86_64") | {"KCONFIG_CONFIG": str(Path(folder, ".config"))}
        at = ["--tree", str(tree.tree), "--arch", "x86_64"]
        goals = [word for goal in GOALS for word in ("--require", goal)]
        guest = [kcfg, "generate", "pvh-domu", *at, "--essentials", "none", "--expert", *goals, "--forbid", "XEN_PV"]
        guest += ["-o", str(Path(folder, "guest"))]
        tiny = [kcfg, "repair", str(Path(folder, "tinyconfig")), "--profile", "pvh-domu", *at]
        contestants = {
            "conf --olddefconfig": Contestant([str(tree.conf), "--olddefconfig", "Kconfig"], conf),
            "explain, warm": Contestant([kcfg, "explain", "XEN_PVH=y", "PCI=n", *at], warm, target=0.6),
            "explain, impossible, warm": Contestant([kcfg, "explain", "XEN_DOM0=y", "ACPI=n", *at], warm, (0, 1), 0.6),
            "generate, PVH guest, warm": Contestant(guest, warm, target=3),
            COLD: Contestant(guest, cold, target=6),
            "repair of tinyconfig, warm": Contestant([*tiny, "-o", str(Path(folder, "new"))], warm, target=1.5),
        }
        given = Path(folder, "defconfig").read_bytes()

        def prepare() -> None:
            Path(folder, ".config").write_bytes(given)
            shutil.rmtree(Path(folder, "empty"), ignore_errors=True)

        figures = race(contestants, runs, folder, prepare)
    print(f"Linux {tree.version} x86_64, {runs} runs each, whole processes; peak memory is to stay below 300 MB")
    table(contestants, figures)
    encoded = encode_seconds(str(tree.tree), runs)
    told = "" if statistics.median(encoded) < 1 else "  missed"
    print(f"encode alone: {statistics.median(encoded):.2f} s (target 1 s){told}")


if __name__ == "__main__":
    main()
