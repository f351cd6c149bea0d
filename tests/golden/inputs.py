"""The corpus: what lies in the folder that the cases run in, and what tells that two records had the same."""

from __future__ import annotations

import hashlib
import lzma
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
OWN = Path(__file__).parent / "corpus"
CONFIGS = {"amd64": "amd64_none_amd64", "cloud-amd64": "amd64_none_cloud-amd64", "arm64": "arm64_none_arm64"}
"""Debian's configurations: the name in the corpus, and in the cache of the tests' kernels."""
SERIES = "6.12"


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the optional parts are; None for those that are not there."""

    kernels: Path | None = None
    """A cache as tests.conformance.kernels keeps it."""
    xen: Path | None = None
    queue: Path | None = None


class CorpusError(Exception):
    """A part of the corpus is not what it should be; the text says what."""


def build(run: Path, inputs: Inputs) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Fill the folder. Returns what identifies each part that is there, and the paths outside that may be printed, with
    the names that stand for them. CorpusError for an input that is missing or incomplete.
    """
    run.mkdir(parents=True)
    shutil.copytree(ROOT / "examples", run / "examples")
    shutil.copytree(OWN, run / "own")
    for name, stream in {"history": "upstream", "history-queue": "queue"}.items():
        repository(run / name, OWN / "history" / f"{stream}.stream")
    parts = {name: digest(run / name) for name in ("examples", "own")}
    outside: list[tuple[str, str]] = []
    if inputs.kernels is not None:
        parts["configs"] = configs(run / "configs", inputs.kernels / "configs" / SERIES)
        tree = inputs.kernels / f"linux-{SERIES}"
        if not (tree / "Kconfig").is_file():
            raise CorpusError(f"{tree}: no kernel tree (make kernels)")
        parts["linux"] = digest(tree)
        outside.append(link(run / "linux", tree))
    for name, clone, wanted in (("xen", inputs.xen, ""), ("xen-queue", inputs.queue, "SPECS/xen.spec")):
        if clone is not None:
            if not (clone / wanted).exists():
                raise CorpusError(f"{clone}: no {wanted or 'such folder'}")
            parts[name] = git(clone, "rev-parse", "HEAD").strip()
            outside.append(link(run / name, clone))
    return parts, outside


def configs(folder: Path, cache: Path) -> str:
    """Unpack Debian's configurations, and keep one packed as well. Returns a digest."""
    folder.mkdir()
    for name, stem in CONFIGS.items():
        packed = cache / f"config.{stem}.xz"
        if not packed.is_file():
            raise CorpusError(f"{packed}: no such file (make kernels)")
        (folder / name).write_bytes(lzma.decompress(packed.read_bytes()))
        if name == "cloud-amd64":
            shutil.copy2(packed, folder / f"{name}.xz")
    return digest(folder)


def repository(folder: Path, stream: Path) -> None:
    """A repository from a stream of `git fast-export`, its main branch checked out."""
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=master")
    git(folder, "fast-import", "--quiet", stdin=stream.read_bytes())
    git(folder, "reset", "--quiet", "--hard", "master")


def git(folder: Path, *args: str, stdin: bytes = b"") -> str:
    """A git command in a folder. CorpusError with git's words when it fails."""
    ran = subprocess.run(["git", "-C", str(folder), *args], input=stdin, capture_output=True, check=False)
    if ran.returncode:
        raise CorpusError(f"{folder}: {ran.stderr.decode(errors='replace').strip()}")
    return ran.stdout.decode()


def link(place: Path, target: Path) -> tuple[str, str]:
    """A symbolic link to a part outside; the real path that it hides, and its name."""
    real = target.resolve()
    place.symlink_to(real)
    return str(real), place.name


def digest(folder: Path) -> str:
    """Of the names and contents of all files below a folder."""
    summed = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = hashlib.sha256(path.read_bytes()).hexdigest()
            summed.update(f"{path.relative_to(folder)} {data}\n".encode("utf-8", "surrogateescape"))
    return summed.hexdigest()
