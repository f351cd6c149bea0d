"""Generates the smallest kernels, builds them and boots them under Xen in QEMU: `python -m tests.boot.boot --help`.

A PVH dom0 is booted on Xen and without a hypervisor; a PVH guest is created in that dom0 by xl, with a disk and a
network card. What each of them has to reach is in `init`, `dom0` and `guest`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.boot import machine
from tests.conformance.debian import FetchError, run

DOM0, GUEST = "pvh-dom0", "pvh-domu"
PROFILES = (GUEST, DOM0)


@dataclass(frozen=True, slots=True)
class Image:
    """A kernel that was built. `symbols`: how many are y or m; sizes in bytes; `seconds` of the build."""

    profile: str
    symbols: int
    folder: Path
    seconds: float

    @property
    def vmlinux(self) -> Path:
        return self.folder / "vmlinux"

    @property
    def bzimage(self) -> Path:
        return self.folder / "arch/x86/boot/bzImage"


def generate(profile: str, source: Path, config: Path) -> None:
    """The smallest configuration of a profile, with this machine's toolchain, as `kcfg generate` writes it."""
    kcfg = [sys.executable, "-c", "from kcfg_cli.cli import main; main()"]
    run([*kcfg, "generate", profile, "--tree", str(source), "--run-probes", "-o", str(config)])


def lines(config: Path) -> set[str]:
    """What a .config sets."""
    return {line for line in config.read_text().splitlines() if "CONFIG_" in line}


def build(profile: str, source: Path, config: Path, folder: Path, jobs: int) -> Image:
    """Builds a configuration in a folder of its own; FetchError where the kernel's own conf changes a line of it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".config").write_bytes(config.read_bytes())
    make = ["make", "-s", "-C", str(source), f"O={folder}", "ARCH=x86_64", f"-j{jobs}"]
    run([*make, "olddefconfig"])
    changed = lines(config) ^ lines(folder / ".config")
    if changed:
        raise FetchError(f"{profile}: olddefconfig changes {len(changed)} lines, such as {min(changed)}")
    start = time.monotonic()
    log = folder / "build.log"
    with log.open("wb") as out:
        built = subprocess.run(["nice", *make, "vmlinux", "bzImage"], stdout=out, stderr=subprocess.STDOUT, check=False)
    if built.returncode:
        raise FetchError(f"{profile}: the build failed, see {log}")
    symbols = sum(line.endswith(("=y", "=m")) for line in lines(config))
    return Image(profile, symbols, folder, time.monotonic() - start)


def boots(images: dict[str, Image], cache: Path, root: Path) -> list[tuple[Image, str, machine.Boot]]:
    """Boots everything: (kernel, role, what came of it). A guest needs the dom0 to be started in."""
    common = machine.common_files(cache, root)
    small = cache / "initramfs.gz"
    small.write_bytes(machine.cpio(common))
    dom0, guest = images[DOM0], images.get(GUEST)
    files = common | machine.dom0_files(root)
    if guest:
        files |= machine.guest_files(cache, guest.bzimage, small.read_bytes())
    large = cache / "initramfs-dom0.gz"
    large.write_bytes(machine.cpio(files))
    bare = machine.boot_bare(root, dom0.vmlinux, small, cache / "bare.log")
    xen = machine.boot_dom0(root, cache, dom0.bzimage, large, cache / "dom0.log")
    return [(dom0, "bare", bare), (dom0, "dom0", xen), *([(guest, "guest", xen)] if guest else [])]


def report(found: list[tuple[Image, str, machine.Boot]]) -> bool:
    """Prints the table; whether every boot reached all of its milestones."""
    heads: tuple[str, ...] = (
        "profile",
        "role",
        "symbols",
        "vmlinux MB",
        "bzImage MB",
        "reached",
        "lost",
        "ended",
        "seconds",
    )
    rows = [heads]
    good = True
    for image, role, boot in found:
        reached, lost = boot.reached.get(role, []), boot.lost.get(role, [])
        good &= boot.ended and "end" in reached and not lost
        sizes = (f"{path.stat().st_size / 1e6:.1f}" for path in (image.vmlinux, image.bzimage))
        counts = (str(len(reached)), str(len(lost)), "yes" if boot.ended else "no", f"{boot.seconds:.0f}")
        rows.append((image.profile, role, str(image.symbols), *sizes, *counts))
    widths = [max(len(row[i]) for row in rows) for i in range(len(heads))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    for image, role, boot in found:
        print(f"\n{image.profile} as {role}: reached {' '.join(boot.reached.get(role, [])) or 'nothing'}")
        for name in boot.lost.get(role, []):
            print(f"{image.profile} as {role}: lost {name}")
    return good


def main() -> int:
    """0 when every kernel reached all milestones, 1 when not, 2 when something could not be had or built."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--kernel-source", type=Path, help="a kernel's source tree, clean; else Debian's linux-source-6.12"
    )
    parser.add_argument("--profile", action="append", choices=PROFILES, help="all if missing; pvh-dom0 comes too")
    parser.add_argument("--config", action="append", default=[], metavar="PROFILE=FILE", help="instead of generating")
    parser.add_argument("--cache", type=Path, default=home / "kcfg-boot", help="packages, builds and consoles")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="of make")
    options = parser.parse_args()
    cache = options.cache.resolve()
    own = dict(one.split("=", 1) for one in options.config)
    images = {}
    try:
        cache.mkdir(parents=True, exist_ok=True)
        root = machine.unpack_packages(cache)
        source = options.kernel_source.resolve() if options.kernel_source else machine.unpack_source(cache)
        for profile in dict.fromkeys([*(options.profile or PROFILES), DOM0]):
            config = Path(own.get(profile) or cache / f"{profile}.config")
            if profile not in own:
                generate(profile, source, config)
            images[profile] = build(profile, source, config, cache / f"build-{profile}", options.jobs)
            print(f"{profile}: {images[profile].symbols} symbols, built in {images[profile].seconds:.0f} s", flush=True)
        return 0 if report(boots(images, cache, root)) else 1
    except FetchError as error:
        print(f"boot: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
