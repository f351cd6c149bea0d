"""Our values of random small trees against those of the kernels' own `conf`: the same lines, for each kernel."""

from __future__ import annotations

import os
import random
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kcfg.base.version import KernelVersion
from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.config import parse_config
from kcfg.kconfig.dotconfig import dotconfig
from kcfg.kconfig.parse import parse
from kcfg.kconfig.resolve import Resolver
from kcfg.sources.open import open_source
from tests.conformance import kernels
from tests.conformance.random_trees import random_config, random_tree
from tests.kcfg.trees import write_tree

TREES = int(os.environ.get("KCFG_SMALL_TREES", "200"))
"""Trees for each kernel."""
CONFIGS = 4
"""Configurations for each tree, the empty one included."""
CHUNKS = 4
"""Tests for each kernel, so that they can run side by side."""

PROBES = ("echo y", "echo n")
NUMBERS = ("echo 5", "echo 64")
ANSWERS = {f"shell:{command}": command.removeprefix("echo ") for command in (*PROBES, *NUMBERS)}

_LINE = re.compile(r"^(?:CONFIG_\S+=.*|# CONFIG_\S+ is not set)$", re.M)
_REFUSED = re.compile(r"recursive dependency|error:")


def lines_of(text: str) -> list[str]:
    return sorted(_LINE.findall(text))


def lines_of_conf(kernel: kernels.Kernel, tree: Path, config: str) -> list[str] | None:
    """What `conf --olddefconfig` writes, None where it refuses the tree."""
    (tree / ".config").write_text(config, encoding="utf-8")
    env = {"PATH": os.environ["PATH"], "srctree": str(tree), "KCONFIG_CONFIG": ".config"}
    done = subprocess.run(
        [kernel.conf, "--olddefconfig", "Kconfig"], cwd=tree, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        assert _REFUSED.search(done.stderr), done.stderr
        return None
    return lines_of((tree / ".config").read_text(encoding="utf-8"))


def our_lines(kernel: kernels.Kernel, tree: Path, configs: list[str]) -> list[list[str]]:
    model = parse(open_source(str(tree)), "x86_64")
    out = []
    for text in configs:
        config = parse_config(text, "test.config", kernel=KernelVersion.parse(kernel.version))
        resolver = Resolver(model, read_user_values(model, config), ANSWERS)
        out.append(lines_of(dotconfig(model, resolver.lines())))
    return out


def difference(kernel: kernels.Kernel, folder: Path, kconfig: str, config: str) -> str:
    """How the two differ for one tree and configuration; "" where they agree or conf refuses the tree."""
    tree = write_tree(folder, kconfig, kernel.version)
    theirs = lines_of_conf(kernel, tree, config)
    if theirs is None:
        return ""
    ours = our_lines(kernel, tree, [config])[0]
    if ours == theirs:
        return ""
    return f"conf: {sorted(set(theirs) - set(ours))}, kcfg: {sorted(set(ours) - set(theirs))}"


def shrink(lines: list[str], fails: Callable[[list[str]], bool]) -> list[str]:
    """Fewer lines that still fail: whole stretches are left out first, then single lines."""
    size = max(len(lines) // 2, 1)
    while size:
        i, before = 0, len(lines)
        while i < len(lines):
            fewer = lines[:i] + lines[i + size :]
            if fails(fewer):
                lines = fewer
            else:
                i += 1
        if size > 1 or len(lines) == before:
            size //= 2
    return lines


def smallest(kernel: kernels.Kernel, folder: Path, kconfig: str, config: str) -> str:
    """A failing case without whatever it does not need, as text for a person."""

    def fails(kconfig: str, config: str) -> bool:
        if "config MODULES" in kconfig and "modules\n" not in kconfig:
            return False  # unmarked, it is not what m means: no kernel has that
        try:
            return difference(kernel, folder, kconfig, config) != ""
        except Exception:  # a piece without its end is no Kconfig
            return False

    text = shrink(config.splitlines(), lambda lines: fails(kconfig, "\n".join([*lines, ""])))
    config = "\n".join([*text, ""])
    for _ in range(2):
        kconfig = "\n".join([*shrink(kconfig.splitlines(), lambda lines: fails("\n".join([*lines, ""]), config)), ""])
    return f"{difference(kernel, folder, kconfig, config)}\n{kconfig}--- .config\n{config}"


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("kernel", kernels.available(), ids=lambda kernel: str(kernel.name))
def test_random_small_trees_come_out_as_with_the_kernels_own_conf(
    kernel: kernels.Kernel, chunk: int, tmp_path: Path
) -> None:
    refused = 0
    for seed in range(chunk, TREES, CHUNKS):
        rng = random.Random(seed)
        commands = {"probes": PROBES, "numbers": NUMBERS} if seed % 3 == 0 else {}
        tree = random_tree(rng, kernel.series, **commands)
        folder = write_tree(tmp_path / str(seed), tree.kconfig, kernel.version)
        configs = ["", *(random_config(rng, tree) for _ in range(CONFIGS - 1))]
        theirs = lines_of_conf(kernel, folder, configs[0])
        if theirs is None:
            refused += 1
            continue
        for config, ours in zip(configs, our_lines(kernel, folder, configs), strict=True):
            if ours != lines_of_conf(kernel, folder, config):
                pytest.fail(f"seed {seed}: {smallest(kernel, folder, tree.kconfig, config)}", pytrace=False)
    assert refused <= TREES // CHUNKS // 5, "the trees are meant to be ones that conf accepts"
