"""Precision and recall of what is built: `Kbuild.built` against the compiler calls that the kernel's own make would do.

`python benchmarks/relevance.py --tree LINUX --work FOLDER [--arch ARCH] [CONFIG ...]`: for each configuration (default:
defconfig with xen.config, a generated pvh-domu, and Debian's own where `make kernels` has it) the tree is prepared in
an output folder and `make -n -k V=1` is read: with -n, make still descends into every folder and prints each compiler
call. The boot image is asked for once more with `-o vmlinux`, since a dry run has none. LINUX is a whole source,
unpacked, of which nothing is changed; flex, bison, bc, libelf and openssl's headers are needed, as for a real build.

A file counts as built when its object is compiled; all C (and assembler) files of the tree count, but for tools/,
scripts/ and Documentation/, whose programs run on the machine that builds.
"""

from __future__ import annotations

import argparse
import lzma
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kcfg.base.version import ARCHES
from kcfg.kbuild.includes import LEFT_OUT
from kcfg.kbuild.read import read_kbuild
from kcfg.kbuild.text import clean
from kcfg.kbuild.tree import Kbuild
from kcfg.kconfig.config import read_config
from kcfg.sources.open import open_source
from tests.conformance.kernels import available, distribution_configs

COMPILED = re.compile(r" -c -o (\S+\.o) (\S+\.[cS])(?=[\s;'])")
UNSEEN = {"init/version-timestamp.c", "arch/x86/boot/header.S"}
"""What a dry run does not come to: scripts/link-vmlinux.sh makes the one, the other needs the compressed image."""
CROSS = {"arm64": "aarch64-linux-gnu-", "arm": "arm-linux-gnueabihf-"}
IMAGES = {"x86_64": "bzImage", "i386": "bzImage", "arm64": "Image", "arm": "zImage"}


class Counts(NamedTuple):
    """Files that make builds, that we say are built, both; and those that we cannot tell."""

    real: int
    ours: int
    both: int
    unknown: int

    @property
    def precision(self) -> float:
        return self.both / self.ours if self.ours else 1.0

    @property
    def recall(self) -> float:
        return self.both / self.real if self.real else 1.0


def make(tree: Path, out: Path, arch: str, *goals: str) -> str:
    """What `make GOALS` prints, for an output folder; it may fail, as a dry run does at what it lacks."""
    cross = [f"CROSS_COMPILE={CROSS[arch]}"] if arch in CROSS else []
    command = ["make", "-C", str(tree), f"O={out}", f"ARCH={arch}", *cross, *goals]
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode and "-n" not in goals:
        raise SystemExit(f"{' '.join(command)}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout.decode(errors="replace")


def boot(tree: Path, out: Path, arch: str) -> str:
    """The dry run of the boot image, from the place where the top Makefile has called itself already."""
    (out / "vmlinux").touch()
    told = {"sub_make_done": "1", "abs_srctree": str(tree), "abs_objtree": str(out), "abs_output": str(out)}
    env = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | told | {"srcroot": str(tree)}
    cross = [f"CROSS_COMPILE={CROSS[arch]}"] if arch in CROSS else []
    options = [
        "-n",
        "-k",
        "--no-print-directory",
        "-rR",
        "V=1",
        f"-I{tree}",
        "-f",
        str(tree / "Makefile"),
        f"ARCH={arch}",
        *cross,
    ]
    command = ["make", *options, "-o", "vmlinux", IMAGES[arch]]
    done = subprocess.run(command, env=env, cwd=out, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    (out / "vmlinux").unlink()
    return done.stdout.decode(errors="replace")


def configure(tree: Path, out: Path, arch: str, config: str) -> None:
    """Make the .config, and what every compilation needs."""
    if config == "defconfig":
        make(tree, out, arch, "-s", "defconfig", "xen.config")
    else:
        if config == "pvh-domu":
            kcfg = str(Path(sys.executable).with_name("kcfg"))
            subprocess.run([kcfg, "generate", config, "--tree", str(tree), "-o", str(out / ".config")], check=True)
        else:
            data = Path(config).read_bytes()
            data = lzma.decompress(data) if config.endswith(".xz") else data
            # The certificates are not there, and BTF needs pahole, which changes no list of objects.
            lines = [line for line in data.split(b"\n") if b"SYSTEM_TRUSTED_KEYS" not in line and b"_BTF" not in line]
            (out / ".config").write_bytes(b"\n".join([*lines, b'CONFIG_SYSTEM_TRUSTED_KEYS=""', b""]))
        make(tree, out, arch, "-s", "olddefconfig")
    make(tree, out, arch, "-s", "prepare", "modules_prepare")


def compiled(tree: Path, out: Path, arch: str) -> set[str]:
    """The source files of the tree that make would compile."""
    printed = make(tree, out, arch, "-n", "-k", "V=1", "all") + boot(tree, out, arch)
    prefix = f"{tree}/"
    found = set()
    for _, source in COMPILED.findall(printed):
        path = clean(source.removeprefix(prefix))
        if not path.startswith("/") and (tree / path).is_file():
            found.add(path)
    for made in out.rglob("*.o"):  # by the preparation: a vDSO, for one
        stem = str(made.relative_to(out))[:-2]
        found.update(path for end in (".c", ".S") if (tree / (path := f"{stem}{end}")).is_file())
    return found


def compare(
    tree: Path, kbuild: Kbuild, config: Mapping[str, str], real: set[str]
) -> dict[str, tuple[Counts, list[str]]]:
    """Counts by kind of file, and the files on which the two differ."""
    built = kbuild.built(config)
    stems = {one[:-2].removesuffix(".nvhe") for one in built.objects}
    open_stems = {one[:-2].removesuffix(".nvhe") for one in built.undecidable} - stems
    out = {}
    for end, name in ((".c", "C"), (".S", "assembler")):
        ours = {path for one in stems if (tree / (path := f"{one}{end}")).is_file()}
        unknown = {path for one in open_stems if (tree / (path := f"{one}{end}")).is_file()}
        theirs = {path for path in real if path.endswith(end)}
        ours, theirs = ({p for p in some - UNSEEN if p.split("/")[0] not in LEFT_OUT} for some in (ours, theirs))
        counts = Counts(len(theirs), len(ours), len(ours & theirs), len(unknown))
        differ = [f"+ {path}" for path in sorted(ours - theirs)] + [f"- {path}" for path in sorted(theirs - ours)]
        out[name] = (counts, differ)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("configs", nargs="*", metavar="CONFIG")
    parser.add_argument("--tree", required=True, type=Path)
    parser.add_argument("--work", required=True, type=Path)
    parser.add_argument("--arch", default="x86_64", choices=tuple(ARCHES))
    asked = parser.parse_args()
    tree = asked.tree.resolve()
    configs = asked.configs or ["defconfig", "pvh-domu"]
    if not asked.configs:
        for one in available():
            shipped = distribution_configs(one).get("amd64_none_amd64")
            if shipped and one.name == open_source(str(tree)).kernel_version().series:
                configs.append(str(shipped))
    kbuild = read_kbuild(open_source(str(tree)), asked.arch)
    print(f"Linux {open_source(str(tree)).kernel_version()} {asked.arch}: {len(kbuild.objects)} objects in Makefiles")
    print(
        f"{'configuration':<32}{'files':<11}{'make':>7}{'kcfg':>7}{'both':>7}{'precision':>11}{'recall':>9}{'unknown':>9}"
    )
    failed = False
    for config in configs:
        out = (asked.work / f"{asked.arch}-{Path(config).name}").resolve()
        out.mkdir(parents=True, exist_ok=True)
        configure(tree, out, asked.arch, config)
        values = {name: line.value for name, line in read_config(str(out / ".config")).values().items()}
        for name, (counts, differ) in compare(tree, kbuild, values, compiled(tree, out, asked.arch)).items():
            numbers = f"{counts.real:>7}{counts.ours:>7}{counts.both:>7}"
            shares = f"{counts.precision:>11.4f}{counts.recall:>9.4f}{counts.unknown:>9}"
            print(f"{Path(config).name:<32}{name:<11}{numbers}{shares}", flush=True)
            failed |= min(counts.precision, counts.recall) < 0.99
            for line in differ:
                print(f"    {line}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
