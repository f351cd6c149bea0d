"""The kernels that the conformance tests are judged by, and how to run each kernel's own `conf`.

`python -m tests.conformance.kernels fetch` fills a cache outside the checkout with Kconfig trees of real kernels, each
with its `scripts/kconfig/conf` built. The functions here read that cache and never touch the network.

The cache is `$KCFG_TEST_CACHE`, else `$XDG_CACHE_HOME/kcfg-tests`, else `~/.cache/kcfg-tests`:

    kernels.json        one entry a kernel; written last, so that what it names is complete
    linux-6.12/         Kconfig files, Makefiles, scripts and configs of the tree, and scripts/kconfig/conf
    env/6.12.json       for each architecture, the environment in which the tree's Makefile runs conf
    configs/6.12/       configurations that Debian ships, config.ARCH_FEATURESET_FLAVOUR.xz
    extra/              the same for kernels that only `make conformance` asks for: `fetch --extra` gets them
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.conformance import replay

ARCHES = ("x86_64", "i386", "arm64", "arm")
"""What the tests pass to the kernel's Makefile as ARCH."""

STATE_SCHEMA = 1
CONF_TIMEOUT_SECONDS = 300.0
"""One run takes about two seconds; a conf that waits for input or loops must not hang the tests."""

CONFIG_NAMES = (
    "allnoconfig",
    "allyesconfig",
    "allmodconfig",
    "alldefconfig",
    "defconfig",
    "tinyconfig",
    "xen.config",
)
"""What `make_config` can make."""

SINGLE_PASS_MODES = ("allnoconfig", "allyesconfig", "allmodconfig", "alldefconfig")
READING_MODES = ("--olddefconfig", "--oldconfig", "--savedefconfig", "--listnewconfig", "--helpnewconfig")
PRINTING_MODES = ("--listnewconfig", "--helpnewconfig")


class ConfError(Exception):
    """A kernel's conf or merge_config.sh failed, or there is no such kernel in the cache."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """One kernel of the cache."""

    name: str
    """The series, e.g. "6.12"."""
    version: str
    """What the tree's Makefile calls KERNELVERSION, e.g. "6.12.118"."""
    package_version: str
    tree: Path
    conf: Path
    root: Path
    """The folder of its kernels.json."""

    @property
    def series(self) -> tuple[int, int]:
        """The series as numbers, to compare: (6, 12)."""
        major, minor = self.name.split(".")
        return int(major), int(minor)


class ConfRun(NamedTuple):
    """What one run of conf gave."""

    text: str
    """The configuration (for --savedefconfig the minimal one, for --listnewconfig what it printed)."""
    stderr: str
    """Its warnings."""


def cache_root() -> Path:
    """The cache's folder, absolute; it need not exist."""
    if own := os.environ.get("KCFG_TEST_CACHE"):
        return Path(own).absolute()
    if xdg := os.environ.get("XDG_CACHE_HOME"):
        return Path(xdg).absolute() / "kcfg-tests"
    return Path.home() / ".cache" / "kcfg-tests"


def read_state(root: Path) -> dict[str, dict[str, Any]]:
    """The entries of kernels.json by series; empty when the file is absent, damaged or of another schema."""
    try:
        state = json.loads((root / "kernels.json").read_text(encoding="utf-8"))
        if state["schema"] == STATE_SCHEMA:
            return {str(name): dict(entry) for name, entry in state["kernels"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        pass
    return {}


def extra_root() -> Path:
    """Where the kernels are that only `make conformance` asks for."""
    return cache_root() / "extra"


def available(*, extra: bool = False) -> list[Kernel]:
    """The kernels in the cache, oldest first; with `extra` those as well that `make test` does without."""
    kernels = []
    for root in (cache_root(), *([extra_root()] if extra else [])):
        for name, entry in read_state(root).items():
            tree = root / f"linux-{name}"
            conf = tree / "scripts" / "kconfig" / "conf"
            if conf.is_file() and (root / "env" / f"{name}.json").is_file():
                kernels.append(Kernel(name, str(entry["version"]), str(entry["package_version"]), tree, conf, root))
    return sorted(kernels, key=lambda kernel: kernel.series)


def kernel(name: str) -> Kernel:
    """The kernel of that series, e.g. "6.12"; "7.x" is the newest of major version 7. Raises ConfError."""
    found = available(extra=True)
    matching = [k for k in found if k.name == name or (name.endswith(".x") and k.name.startswith(name[:-1]))]
    if not matching:
        have = ", ".join(k.name for k in found) or "none"
        raise ConfError(f"kernel {name} is not in {cache_root()} (there: {have}); run `make kernels`")
    return matching[-1]


def distribution_configs(kernel: Kernel) -> dict[str, Path]:
    """Debian's own configurations of this series: "amd64_none_cloud-amd64" -> the .xz file. Empty if there are none."""
    folder = kernel.root / "configs" / kernel.name
    return {path.stem.removeprefix("config."): path for path in sorted(folder.glob("config.*.xz"))}


@cache
def _recorded_env(root: Path, name: str) -> dict[str, dict[str, str]]:
    recorded = json.loads((root / "env" / f"{name}.json").read_text(encoding="utf-8"))
    return {arch: {key: str(value) for key, value in env.items()} for arch, env in recorded.items()}


def conf_env(kernel: Kernel, arch: str) -> dict[str, str]:
    """The environment in which `make ARCH=arch` runs this kernel's conf, as recorded when it was built.

    Whatever the caller's environment holds besides PATH, HOME and TMPDIR stays out: KCONFIG_*, ARCH or CC there would
    change the answer. Raises ConfError for an architecture that was not recorded.
    """
    recorded = _recorded_env(kernel.root, kernel.name)
    if arch not in recorded:
        raise ConfError(f"no environment was recorded for ARCH={arch} (there: {', '.join(recorded)})")
    env = {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR") if key in os.environ}
    env.update((key, value.replace("{srctree}", str(kernel.tree))) for key, value in recorded[arch].items())
    env["PYTHON3"] = sys.executable  # which has lxml, so that what asks for it is there
    if arch == "arm64":
        env["CROSS_COMPILE_COMPAT"] = "arm-linux-gnueabihf-"
    return env


def _run(command: list[str], env: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs one command without input; raises ConfError with the last line that it printed when it fails."""
    what = " ".join([Path(command[0]).name, *command[1:]])
    try:
        done = subprocess.run(
            command,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=CONF_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ConfError(f"{what}: no answer in {CONF_TIMEOUT_SECONDS:.0f} s") from error
    except OSError as error:
        raise ConfError(f"{what}: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
        raise ConfError(f"{what}: status {done.returncode}: {said[-1]}")
    return done


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "surrogateescape")


def run_conf(
    kernel: Kernel,
    arch: str,
    mode: str,
    config_text: str | None = None,
    seed: int | None = None,
    allconfig: str | None = None,
) -> ConfRun:
    """Runs the kernel's conf once in a private folder, as its Makefile would, and returns the resulting configuration.

    `mode` is conf's option, e.g. "--olddefconfig", "--allnoconfig", "--savedefconfig",
    "--defconfig=arch/x86/configs/i386_defconfig". `config_text` is the .config that it finds; the modes that read one
    get an empty one instead of None, since conf would otherwise look for the machine's own. `seed` is KCONFIG_SEED,
    which --randconfig must have. `allconfig` is the text of the file that KCONFIG_ALLCONFIG names.
    """
    option, _, _ = mode.partition("=")
    if (seed is None) == (option == "--randconfig"):
        raise ValueError("a seed goes with --randconfig and with nothing else")
    env = conf_env(kernel, arch) | replay.environment(cache_root(), kernel.tree, kernel.version, arch)
    with tempfile.TemporaryDirectory(prefix="kcfg-conf-") as name:
        folder = Path(name)
        env["KCONFIG_CONFIG"] = ".config"
        _write(folder / "include" / "config" / "auto.conf", "")  # else old ones touch a file for each symbol
        if config_text is not None or option in READING_MODES:
            _write(folder / ".config", config_text or "")
        if seed is not None:
            env["KCONFIG_SEED"] = str(seed)
        if allconfig is not None:
            _write(folder / "all.config", allconfig)
            env["KCONFIG_ALLCONFIG"] = "all.config"
        result = ".config"
        if option == "--savedefconfig":
            mode, result = "--savedefconfig=defconfig", "defconfig"
        done = _run([str(kernel.conf), mode, "Kconfig"], env, folder)
        text = done.stdout if option in PRINTING_MODES else _read(folder / result)
        return ConfRun(text, done.stderr)


def fragments(kernel: Kernel, arch: str, name: str) -> list[Path]:
    """The files that `make NAME` merges (scripts/kconfig/Makefile, configfiles), in its order."""
    srcarch = conf_env(kernel, arch)["SRCARCH"]
    folders = (kernel.tree / "kernel" / "configs", kernel.tree / "arch" / srcarch / "configs")
    return [folder / name for folder in folders if (folder / name).is_file()]


def merge(kernel: Kernel, arch: str, base: str, files: list[Path]) -> str:
    """What the tree's own merge_config.sh -m makes of `base` and the fragments: input for --olddefconfig."""
    script = kernel.tree / "scripts" / "kconfig" / "merge_config.sh"
    with tempfile.TemporaryDirectory(prefix="kcfg-merge-") as name:
        folder = Path(name)
        _write(folder / ".config", base)
        env = conf_env(kernel, arch) | {"KCONFIG_CONFIG": ".config"}
        _run(["sh", str(script), "-m", ".config", *map(str, files)], env, folder)
        return _read(folder / ".config")


def merge_named(kernel: Kernel, arch: str, base: str, name: str) -> ConfRun:
    """`make NAME` over `base`, e.g. "xen.config". Raises ConfError when this architecture has no such fragment."""
    files = fragments(kernel, arch, name)
    if not files:
        raise ConfError(f"Linux {kernel.version} has no {name} for {arch}")
    return run_conf(kernel, arch, "--olddefconfig", merge(kernel, arch, base, files))


def make_config(kernel: Kernel, arch: str, name: str) -> ConfRun:
    """What `make NAME` gives in an empty output folder, for each of CONFIG_NAMES.

    "xen.config" stands for `make allnoconfig && make xen.config`. As in the tree's Makefile, tinyconfig starts from
    kernel/configs/tiny-base.config where there is such a file.
    """
    if name in SINGLE_PASS_MODES:
        return run_conf(kernel, arch, f"--{name}")
    if name == "defconfig":
        env = conf_env(kernel, arch)
        return run_conf(kernel, arch, f"--defconfig=arch/{env['SRCARCH']}/configs/{env['KBUILD_DEFCONFIG']}")
    if name == "tinyconfig":
        start = kernel.tree / "kernel" / "configs" / "tiny-base.config"
        base = run_conf(kernel, arch, "--allnoconfig", allconfig=_read(start) if start.is_file() else None)
        return merge_named(kernel, arch, base.text, "tiny.config")
    if name == "xen.config":
        return merge_named(kernel, arch, run_conf(kernel, arch, "--allnoconfig").text, name)
    raise ValueError(f"{name!r} is none of {', '.join(CONFIG_NAMES)}")


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.kernels", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    fetching = commands.add_parser("fetch", help="get what the cache lacks; status 1 when something cannot be had")
    fetching.add_argument("--extra", action="store_true", help="the kernels of `make conformance` instead")
    commands.add_parser("list", help="one line a kernel: series, version, Debian version, tree")
    commands.add_parser("path", help="print one tree's folder").add_argument("version", help="e.g. 6.12, 7.x")
    options = parser.parse_args(arguments)
    if options.command == "fetch":
        from tests.conformance import kernels_fetch

        return kernels_fetch.fetch_extra(extra_root()) if options.extra else kernels_fetch.fetch(cache_root())
    if options.command == "list":
        for found in available():
            print(found.name, found.version, found.package_version, found.tree, sep="\t")
        return 0
    try:
        print(kernel(options.version).tree)
    except ConfError as error:
        print(f"kernels: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
