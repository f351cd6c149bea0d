"""What README quotes: `kcfg check` against the tree's own `conf --olddefconfig` and kconfiglib's parse.

Whole processes, in turn, on the Linux 6.12 tree and its defconfig; medians, and ratios of medians of the same run.
`python benchmarks/check.py [--runs N]`, after `make kernels`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.timing import Contestant, race, table
from tests.conformance.kernels import conf_env, kernel, make_config

KCONFIGLIB = """
import sys
import kconfiglib
kconfiglib.Kconfig._unmodified = kconfiglib._get_keyword
kconfiglib._get_keyword = lambda word: None if word == "modules" else kconfiglib.Kconfig._unmodified(word)
parse = kconfiglib.Kconfig._parse_assignment
kconfiglib.Kconfig._parse_assignment = lambda self, s: None if s.strip() == "modules" else parse(self, s)
kconfiglib.Kconfig("Kconfig", warn=False)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    tree = kernel("6.12")
    kcfg = str(Path(sys.executable).with_name("kcfg"))
    with tempfile.TemporaryDirectory() as folder:
        config = str(Path(folder, "defconfig"))
        Path(config).write_text(make_config(tree, "x86_64", "defconfig").text, encoding="utf-8")
        own = dict(os.environ, XDG_CACHE_HOME=str(Path(folder, "cache")))
        conf = conf_env(tree, "x86_64") | {"KCONFIG_CONFIG": str(Path(folder, ".config"))}
        check = [kcfg, "check", config, "--profile", "pvh-domu"]
        either = (0, 1)  # a check may find something
        contestants = {
            "conf --olddefconfig": Contestant([str(tree.conf), "--olddefconfig", "Kconfig"], conf),
            "kconfiglib, parse only": Contestant([sys.executable, "-c", KCONFIGLIB], conf),
            "kcfg check, snapshot": Contestant([*check, "--kernel", "6.12", "--no-fix"], own, either, 0.2),
            "kcfg check, tree, cached": Contestant([*check, "--tree", str(tree.tree), "--no-fix"], own, either, 0.2),
            "kcfg check, tree, no cache": Contestant(
                [*check, "--tree", str(tree.tree), "--no-cache", "--no-fix"], own, either, 1.0
            ),
            "kcfg check, snapshot, and its mend": Contestant([*check, "--kernel", "6.12"], own, either),
        }
        given = Path(config).read_bytes()

        def prepare() -> None:
            Path(folder, ".config").write_bytes(given)

        figures = race(contestants, runs, folder, prepare)
    print(f"Linux {tree.version} x86_64, defconfig, {runs} runs each, whole processes")
    table(contestants, figures)


if __name__ == "__main__":
    main()
