"""The kernel's own `conf` as the last judge of what was solved: does `conf --olddefconfig` keep it line for line?

It runs the tree's own binary and, through it, the tree's own scripts; so it is asked only where `--run-probes` says
that the tree is trusted. It runs outside the tree and writes nothing into it.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from kcfg.base.errors import CannotEvaluate, UserError
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Model
from kcfg.kconfig.probes import machine_environment

CONF = "scripts/kconfig/conf"
TIMEOUT = 300.0  # seconds; a run takes about two
UNMET = "unmet direct dependencies"


def conf_of(kernel: Kernel) -> Path | None:
    """The tree's own conf, where it is built: any of the kernel's configuration targets builds it."""
    if kernel.tree is None:
        return None
    path = kernel.tree / CONF
    return path if os.access(path, os.X_OK) and path.is_file() else None


def keeps(kernel: Kernel, text: str) -> None:
    """Have conf keep a .config unchanged.

    Raises CannotEvaluate where conf changes a line, warns of unmet dependencies or fails, UserError without a conf.
    """
    conf = conf_of(kernel)
    if conf is None or kernel.tree is None:
        raise UserError(f"no {CONF} in the tree", where=kernel.used.name, hint="`make defconfig` there builds it")
    model = kernel.model
    with tempfile.TemporaryDirectory(prefix="kcfg-conf-") as folder:
        config = Path(folder, ".config")
        config.write_bytes(text.encode("utf-8", "surrogateescape"))
        auto = Path(folder, "include", "config", "auto.conf")
        auto.parent.mkdir(parents=True)
        auto.touch()  # else conf of older kernels writes a file for each symbol
        errors = run(conf, environment(model, kernel.tree, folder), folder)
        result = config.read_bytes().decode("utf-8", "surrogateescape")
    changed = differing(text, result)
    if changed:
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        raise CannotEvaluate(f"the tree's conf does not keep the result: {', '.join(changed[:3])}{more}")
    if UNMET in errors:
        raise CannotEvaluate(f"the tree's conf warns: {errors.strip().splitlines()[0]}")


def environment(model: Model, tree: Path, folder: str) -> dict[str, str]:
    """What the kernel's Makefile exports to conf; the caller's own KCONFIG_* settings would steer it elsewhere."""
    _, env = machine_environment(model, tree, folder, dict(os.environ))
    own = {name: value for name, value in env.items() if not name.startswith("KCONFIG_")}
    return own | {"KERNELVERSION": model.version, "KCONFIG_CONFIG": ".config"}


def run(conf: Path, env: dict[str, str], folder: str) -> str:
    """What one `conf --olddefconfig` prints as warnings."""
    try:
        done = subprocess.run(
            [str(conf.resolve()), "--olddefconfig", "Kconfig"],
            env=env,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotEvaluate(f"the tree's conf cannot be run: {error}") from None
    errors = done.stderr.decode("utf-8", "replace")
    if done.returncode:
        lines = errors.strip().splitlines() or [f"status {done.returncode}"]
        raise CannotEvaluate(f"the tree's conf fails: {lines[-1]}")
    return errors


def differing(ours: str, theirs: str) -> list[str]:
    """The lines that two configurations do not share, each side's, sorted; comments are not lines."""
    return sorted(lines_of(ours) ^ lines_of(theirs))


def lines_of(text: str) -> set[str]:
    """The lines that set a symbol, or say that it is not set."""
    return {line for line in text.splitlines() if line.startswith(("CONFIG_", "# CONFIG_"))}
