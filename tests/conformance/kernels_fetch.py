"""Fills the cache that tests.conformance.kernels describes: Debian's kernel sources, unpacked in part and built.

Everything is made in a temporary folder of the cache and renamed when it is complete, so an interrupted run leaves
nothing half-made, and the next run goes on with what is missing.
"""

from __future__ import annotations

import fcntl
import json
import lzma
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conformance import debian, kernels
from tests.conformance.debian import FetchError

WANTED = ("6.12", "6.1", "5.10", "7.x")
"""In the order in which they are fetched. 7.x is the newest release of major version 7."""

EXTRA = ("6.18", "7.1")
"""Series for `make conformance` alone. They are upstream's own, from the source packages of Debian."""
SOURCE_SUITES = ("trixie-backports", "sid")

CONFIG_ARCHES = ("amd64", "arm64")

PROGRAMS = {
    "apt-get": "apt",
    "dpkg-deb": "dpkg",
    "make": "make",
    "gcc": "gcc libc6-dev",
    "flex": "flex",
    "bison": "bison",
    "xz": "xz-utils",
    "bc": "bc",
}
"""What a tree's conf needs to be built, and the Debian packages that have it."""

TREE_PATTERNS = (
    "*/Kconfig*",
    "*/scripts/*",
    "*/configs/*",
    "*/arch/*/Makefile*",
    "*/arch/*/Kbuild*",
    "*.sh",
    "linux-*/Makefile",
    "linux-*/Kbuild",
)
"""All that `make *config` opens, out of some 90,000 files. The shell scripts are for $(shell,...) in Kconfig."""
LEFT_OUT = "linux-*/tools/*"

VERSIONED_TOOLS = ("gcc", "ld", "rustc", "bindgen", "pahole")
"""A new version of one of these changes the recorded environment or what conf's probes say."""

OF_THE_RUN = re.compile(
    r"MAKE.*|MFLAGS|GNUMAKEFLAGS|O|PWD|OLDPWD|SHLVL|_|HOME|PATH|TMPDIR|LANG|KCONFIG_CONFIG|KCFG_ENV_DUMP|CURDIR"
)
"""Variables of the recording run itself: they must not be replayed."""


def say(text: str) -> None:
    """One line of progress on standard error."""
    print(f"kernels: {text}", file=sys.stderr, flush=True)


def clean_env() -> dict[str, str]:
    """An environment for make in which nothing of the caller's can change the answer (MAKEFLAGS, ARCH, KCONFIG_*)."""
    return {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR") if key in os.environ}


def toolchain() -> dict[str, str]:
    """The first line of each tool's --version; empty for a tool that is not there."""
    versions = {}
    for tool in VERSIONED_TOOLS:
        try:
            done = subprocess.run([tool, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
            versions[tool] = done.stdout.partition("\n")[0] if done.returncode == 0 else ""
        except OSError:
            versions[tool] = ""
    return versions


def need_programs() -> None:
    """Installs missing programs when that is possible (root and apt), else raises FetchError with their names."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if not missing:
        return
    packages = " ".join(PROGRAMS[name] for name in missing).split()
    if "apt-get" in missing:
        raise FetchError("apt-get is missing: kernel sources come as Debian packages (KCFG_OFFLINE=1 leaves them out)")
    if os.geteuid() == 0:
        say(f"installing {' '.join(packages)}")
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "-q", "install", "-y", "--no-install-recommends", *packages]
        try:
            debian.run(install, env=env)
        except FetchError:
            debian.run(["apt-get", "-q", "update"])
            debian.run(install, env=env)
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        raise FetchError(f"missing: {', '.join(missing)} (apt-get install {' '.join(packages)})")


def pipeline(commands: Sequence[Sequence[str]]) -> None:
    """Runs `a | b | c`; raises FetchError when one of them fails."""
    running: list[subprocess.Popen[bytes]] = []
    with tempfile.TemporaryFile() as errors:
        for number, command in enumerate(commands):
            last = number == len(commands) - 1
            stdin = running[-1].stdout if running else subprocess.DEVNULL
            stdout = subprocess.DEVNULL if last else subprocess.PIPE
            running.append(subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=errors))
            if len(running) > 1 and (previous := running[-2].stdout):
                previous.close()
        failed = [process for process in reversed(running) if process.wait() != 0]
        if failed:
            errors.seek(0)
            text = errors.read().decode(errors="replace")
            raise FetchError(f"unpacking: {debian.complaint(text, failed[0].returncode)}")


def unpack_source(package: Path, tree: Path) -> None:
    """Takes what TREE_PATTERNS names out of a linux-source package, without a copy of the whole in between."""
    inner = ["tar", "-xO", "--wildcards", "*/usr/src/linux-source-*.tar.xz"]
    pipeline([["dpkg-deb", "--fsys-tarfile", str(package)], inner, ["xz", "-dc"], unpacking(tree)])


def unpack_tarball(tarball: Path, tree: Path) -> None:
    """The same from upstream's own tarball."""
    pipeline([["xz", "-dc", str(tarball)], unpacking(tree)])


def unpacking(tree: Path) -> list[str]:
    """The command that takes the wanted files out of a tarball into a new folder."""
    tree.mkdir(parents=True)
    keep = ["--wildcards", "--anchored", f"--exclude={LEFT_OUT}", *TREE_PATTERNS]
    return ["tar", "-x", "-C", str(tree), "--strip-components=1", "--no-same-owner", *keep]


def unpack_configs(package: Path, folder: Path) -> None:
    """Takes the configurations out of a linux-config package and tries that each can be read."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="tmp-") as name:
        debian.run(["dpkg-deb", "-x", str(package), name])
        for path in sorted(Path(name).glob("usr/src/*/config.*.xz")):
            if "CONFIG_" not in lzma.decompress(path.read_bytes()).decode(errors="replace"):
                raise FetchError(f"{package.name}: {path.name} is not a configuration")
            shutil.move(path, folder / path.name)


def make(tree: Path, out: Path, arch: str, target: str, env: dict[str, str] | None = None) -> None:
    """`make ARCH=arch TARGET` in an output folder of its own."""
    jobs = f"-j{os.cpu_count() or 1}"
    command = ["make", "-s", jobs, "-C", str(tree), f"ARCH={arch}", f"O={out}", target]
    debian.run(command, env=clean_env() | (env or {}))


def record_env(tree: Path, out: Path, arch: str) -> dict[str, str]:
    """The environment that the tree's Makefile gives to conf, with {srctree} for the tree's folder.

    `out` holds a built tree whose conf is a script that writes its environment to $KCFG_ENV_DUMP.
    """
    dump = out / "env.dump"
    dump.unlink(missing_ok=True)
    make(tree, out, arch, "allnoconfig", {"KCFG_ENV_DUMP": str(dump)})
    entries = [e.partition("=") for e in dump.read_bytes().decode("utf-8", "surrogateescape").split("\0") if e]
    env = {key: value for key, _, value in entries if not OF_THE_RUN.fullmatch(key)}
    # Only the tree's own defaults: conf must not start from the configuration of the machine that runs the tests.
    if "KCONFIG_DEFCONFIG_LIST" in env:
        own = [word for word in env["KCONFIG_DEFCONFIG_LIST"].split() if not word.startswith("/")]
        env["KCONFIG_DEFCONFIG_LIST"] = " ".join(own)
    return {k: v.replace(str(out), ".").replace(str(tree), "{srctree}") for k, v in sorted(env.items())}


def build(tree: Path, work: Path) -> dict[str, dict[str, str]]:
    """Builds scripts/kconfig/conf into the tree, which stays clean otherwise; returns the environments by ARCH."""
    out = work / "out"
    kconfig = out / "scripts" / "kconfig"
    make(tree, out, kernels.ARCHES[0], "allnoconfig")
    built = work / "conf"
    shutil.copy2(kconfig / "conf", built)
    (kconfig / "conf").write_text('#!/bin/sh\nexec env -0 >"$KCFG_ENV_DUMP"\n', encoding="utf-8")
    envs = {arch: record_env(tree, out, arch) for arch in kernels.ARCHES}
    for arch, env in envs.items():
        if "KERNELVERSION" not in env or "SRCARCH" not in env:
            raise FetchError(f"the Makefile's environment for conf could not be recorded for ARCH={arch}")
    shutil.rmtree(out)
    shutil.copy2(built, tree / "scripts" / "kconfig" / "conf")
    return envs


def write_json(path: Path, value: object) -> None:
    """Writes the file in one step, so that a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    temporary.replace(path)


def put(new: Path, place: Path) -> None:
    """Moves a complete folder to its place; an older one there goes."""
    place.parent.mkdir(parents=True, exist_ok=True)
    old = new.with_name(new.name + ".old")
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def fetch_configs(apt: debian.PrivateApt, name: str, work: Path) -> tuple[Path, list[str]]:
    """Downloads Debian's configurations of a series; returns their folder and what could not be had."""
    folder = work / "configs"
    folder.mkdir()
    lacking = []
    for arch in CONFIG_ARCHES:
        downloads = work / f"config-{arch}"
        downloads.mkdir()
        try:
            package, _ = apt.download(f"linux-config-{name}:{arch}", downloads)
            unpack_configs(package, folder)
        except FetchError as error:
            lacking.append(str(error))
    return folder, lacking


def fetch_one(root: Path, apt: debian.PrivateApt, name: str, work: Path) -> dict[str, Any]:
    """Fetches, unpacks, builds and installs one series; returns its entry for kernels.json."""
    started = time.monotonic()
    package, package_version = apt.download(f"linux-source-{name}", work)
    downloaded = time.monotonic()
    tree = work / "tree"
    unpack_source(package, tree)
    package.unlink()
    unpacked = time.monotonic()
    envs = build(tree, work)
    built = time.monotonic()
    configs, lacking = fetch_configs(apt, name, work)
    for text in lacking:
        say(f"note: {text}")
    put(configs, root / "configs" / name)
    put(tree, root / f"linux-{name}")
    write_json(root / "env" / f"{name}.json", envs)
    version = envs[kernels.ARCHES[0]]["KERNELVERSION"]
    steps = {"download": downloaded - started, "unpack": unpacked - downloaded, "build": built - unpacked}
    spent = ", ".join(f"{step} {seconds:.0f} s" for step, seconds in steps.items())
    say(f"Linux {version} (Debian {package_version}) is in {root / f'linux-{name}'}: {spent}")
    return {"version": version, "package_version": package_version, "toolchain": toolchain(), "lacking": lacking}


def fetch_tarball(root: Path, apt: debian.PrivateApt, name: str, work: Path) -> dict[str, Any]:
    """Fetches, unpacks, builds and installs upstream's own kernel of a series; returns its entry for kernels.json."""
    tarball, package_version = apt.upstream_tarball("linux", name, work)
    tree = work / "tree"
    unpack_tarball(tarball, tree)
    tarball.unlink()
    envs = build(tree, work)
    put(tree, root / f"linux-{name}")
    write_json(root / "env" / f"{name}.json", envs)
    version = envs[kernels.ARCHES[0]]["KERNELVERSION"]
    say(f"Linux {version} (of Debian's source {package_version}) is in {root / f'linux-{name}'}")
    return {"version": version, "package_version": package_version, "toolchain": toolchain(), "lacking": []}


def fetch_extra(root: Path) -> int:
    """Gets the kernels of EXTRA that are not there; returns 0 when all are (or KCFG_OFFLINE=1), else 1."""
    failures: dict[str, str] = {}
    try:
        with locked(root):
            state = kernels.read_state(root)
            missing = [name for name in EXTRA if name not in state or not (root / f"linux-{name}").is_dir()]
            if missing and os.environ.get("KCFG_OFFLINE") == "1":
                say("*** KCFG_OFFLINE=1: NOT TESTED, because it is not in the cache: Linux " + ", ".join(missing))
                return 0
            measure_again(root, state)
            if missing:
                need_programs()
                with tempfile.TemporaryDirectory(dir=root, prefix="tmp-") as name:
                    apt = debian.PrivateApt(Path(name) / "apt", debian.system_mirror())
                    say(f"fetching {', '.join(missing)}")
                    apt.update(SOURCE_SUITES, sources=True)
                    for wanted in missing:
                        work = Path(name) / wanted
                        work.mkdir()
                        try:
                            state[wanted] = fetch_tarball(root, apt, wanted, work)
                            save_state(root, state)
                        except (FetchError, OSError) as error:
                            failures[wanted] = str(error)
                        shutil.rmtree(work, ignore_errors=True)
    except (FetchError, OSError) as error:
        say(f"error: {error}")
        return 1
    for wanted, reason in failures.items():
        say(f"error: Linux {wanted} cannot be had: {reason}")
    return 1 if failures else 0


def measure_again(root: Path, state: dict[str, dict[str, Any]]) -> None:
    """Builds conf and records the environments again for kernels that another compiler built."""
    now = toolchain()
    for name, entry in state.items():
        if entry.get("toolchain") == now or not (root / f"linux-{name}").is_dir():
            continue
        say(f"{name}: the compiler has changed since it was built; building its conf again")
        need_programs()
        with tempfile.TemporaryDirectory(dir=root, prefix="tmp-") as work:
            write_json(root / "env" / f"{name}.json", build(root / f"linux-{name}", Path(work)))
        entry["toolchain"] = now
        save_state(root, state)


def save_state(root: Path, state: dict[str, dict[str, Any]]) -> None:
    """Writes kernels.json."""
    write_json(root / "kernels.json", {"schema": kernels.STATE_SCHEMA, "kernels": state})


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Only one process fills the cache; a second one waits."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("another process is fetching; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def absent(state: dict[str, dict[str, Any]], have: Sequence[str]) -> list[str]:
    """Those of WANTED that the cache lacks."""
    present = [name for name in state if name in have]
    return [w for w in WANTED if not any(n == w or (w.endswith(".x") and n.startswith(w[:-1])) for n in present)]


def fetch_missing(root: Path, state: dict[str, dict[str, Any]], missing: Sequence[str]) -> dict[str, str]:
    """Fetches each and saves the state after each; returns the failures with their reasons."""
    need_programs()
    failures: dict[str, str] = {}
    with tempfile.TemporaryDirectory(dir=root, prefix="tmp-") as name:
        apt = debian.PrivateApt(Path(name) / "apt", debian.system_mirror())
        say(f"fetching {', '.join(missing)}")
        suites = (*debian.SECURITY_SUITES, *debian.SMALL_SUITES)
        apt.update(suites)
        for number, wanted in enumerate(missing):
            work = Path(name) / str(number)
            work.mkdir()
            try:
                if not series_of(apt, wanted) and apt.suites == suites:
                    apt.update((*suites, *debian.MORE_SUITES))
                series = series_of(apt, wanted)
                if not series:
                    raise FetchError(f"linux-source-{wanted} is in none of {', '.join(apt.suites)}{apt.why()}")
                state[series] = fetch_one(root, apt, series, work)
                save_state(root, state)
            except (FetchError, OSError) as error:
                failures[wanted] = str(error)
            shutil.rmtree(work, ignore_errors=True)
    return failures


def series_of(apt: debian.PrivateApt, wanted: str) -> str | None:
    """The series to fetch for an entry of WANTED; None when no suite has it. A release goes before a candidate."""
    if not wanted.endswith(".x"):
        return wanted if apt.newest(f"linux-source-{wanted}") else None
    versions = {name: apt.newest(f"linux-source-{name}") or "" for name in apt.series(int(wanted[:-2]))}
    return next((name for name, version in versions.items() if "~rc" not in version), next(iter(versions), None))


def fetch(root: Path) -> int:
    """Gets what the cache lacks; returns 0 when nothing is lacking any more (or KCFG_OFFLINE=1), else 1."""
    try:
        with locked(root):
            for left in root.glob("tmp-*"):
                shutil.rmtree(left, ignore_errors=True)
            state = kernels.read_state(root)
            missing = absent(state, [k.name for k in kernels.available()])
            if missing and os.environ.get("KCFG_OFFLINE") == "1":
                say("*** KCFG_OFFLINE=1: NOT TESTED, because it is not in the cache: Linux " + ", ".join(missing))
                return 0
            measure_again(root, state)
            failures = fetch_missing(root, state, missing) if missing else {}
    except (FetchError, OSError) as error:
        say(f"error: {error}")
        return 1
    for name, reason in failures.items():
        say(f"error: Linux {name} cannot be had: {reason}")
    return 1 if failures else 0
