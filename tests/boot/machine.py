"""Debian's Xen and QEMU in a folder of their own, initramfs images, and one boot of a kernel in QEMU's emulation."""

from __future__ import annotations

import gzip
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.debian import FetchError, PrivateApt, run, system_mirror

HERE = Path(__file__).resolve().parent
SUITES = ("bookworm", "bookworm-security")
"""Debian 12: Xen 4.17 and QEMU 7.2, with which the results in docs/booting.md were seen."""
PACKAGES = ("qemu-system-x86", "xen-hypervisor-4.17-amd64", "xen-utils-4.17", "xenstore-utils", "busybox-static")
SOURCE = "linux-source-6.12"
XEN_BIN = "usr/lib/xen-4.17/bin"
TOOLS = tuple(
    f"{XEN_BIN}/{name}" for name in ("xl", "xenstored", "xenconsoled", "xen-init-dom0", "libxl-save-helper")
) + tuple(f"usr/bin/xenstore-{name}" for name in ("read", "write", "ls"))
LIBRARIES = ("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu")
LOADER = "lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"

SCRIPTS = {
    "bin/script": "#!/bin/sh\nexit 0\n",
    "bin/session": "#!/bin/sh\ntty >/run/session\n",
    "bin/address": '#!/bin/sh\n[ "$1" != bound ] || ifconfig "$interface" "$ip" netmask "$subnet"\n',
    "etc/passwd": "root::0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
}
DOM0_SCRIPTS = {
    "etc/xen/xl.conf": "",
    "etc/xen/scripts/block": "#!/bin/sh\n"
    '[ "$1" = add ] || exit 0\n'
    'disk=$(xenstore-read "$XENBUS_PATH/params")\n'
    'xenstore-write "$XENBUS_PATH/physical-device" "$(stat -L -c %t:%T "$disk")"\n'
    'xenstore-write "$XENBUS_PATH/hotplug-status" connected\n',
    "etc/xen/scripts/vif-bridge": "#!/bin/sh\n"
    '[ "$1" = online ] || exit 0\n'
    'brctl addif "$(xenstore-read "$XENBUS_PATH/bridge")" "$vif" && ip link set "$vif" up\n'
    'xenstore-write "$XENBUS_PATH/hotplug-status" connected\n',
}

_LIBRARY = re.compile(r"=> (\S+)")
_MILESTONE = re.compile(r"KCFG (\w+) (ok|lost) ([\w-]+)(.*)")


@dataclass(frozen=True, slots=True)
class Boot:
    """What a boot's console said: milestones by role (bare, dom0, guest), in their order, and how long it took.

    `ended`: the machine switched itself off in time, without a panic.
    """

    reached: dict[str, list[str]]
    lost: dict[str, list[str]]
    seconds: float
    ended: bool
    console: str


def unpack_packages(cache: Path) -> Path:
    """The folder with everything that the packages hold, and all that they depend on; nothing is installed."""
    root = cache / "root"
    stamp = cache / "root.complete"
    if stamp.exists():
        return root
    apt = PrivateApt(cache / "apt", system_mirror())
    apt.update(SUITES)
    run(apt.command("apt-get", "--no-install-recommends", "--download-only", "-y", "install", *PACKAGES))
    root.mkdir(exist_ok=True)
    for package in sorted((apt.home / "cache/archives").glob("*.deb")):
        run(["dpkg-deb", "-x", str(package), str(root)])
    stamp.touch()
    return root


def unpack_source(cache: Path) -> Path:
    """Debian's kernel source, unpacked; nothing is installed."""
    folder = cache / "source"
    stamp = cache / "source.complete"
    if stamp.exists():
        return next(folder.glob("linux-source-*"))
    apt = PrivateApt(cache / "apt", system_mirror())
    apt.update(SUITES)
    run(apt.command("apt-get", "--no-install-recommends", "--download-only", "-y", "install", SOURCE))
    package = max((apt.home / "cache/archives").glob(f"{SOURCE}_*.deb"))
    folder.mkdir(exist_ok=True)
    run(["dpkg-deb", "-x", str(package), str(folder / "package")])
    (archive,) = (folder / "package/usr/src").glob("linux-source-*.tar.*")
    run(["tar", "-xf", str(archive), "-C", str(folder)])
    stamp.touch()
    return next(folder.glob("linux-source-*"))


def loader(root: Path) -> list[str]:
    """The command line that runs one of the folder's programs with the folder's own C library."""
    return [str(root / LOADER), "--library-path", ":".join(str(root / folder) for folder in LIBRARIES)]


def libraries(root: Path, programs: Iterable[str]) -> set[str]:
    """The shared libraries that programs need, as paths in the folder; pthread_cancel wants libgcc_s besides."""
    found = {LOADER, "lib/x86_64-linux-gnu/libgcc_s.so.1"}
    for program in programs:
        listed = run([*loader(root), "--list", str(root / program)])
        found |= {str(Path(path).relative_to(root)) for path in _LIBRARY.findall(listed) if path.startswith(str(root))}
    return found


def cpio(files: Mapping[str, tuple[int, bytes]]) -> bytes:
    """An initramfs of files (path -> mode with type, content), packed with gzip; folders are made as needed."""
    entries = {"dev/console": (0o020600, b"")}  # where the kernel opens init's standard input and output
    entries |= {name: (mode, content) for name, (mode, content) in files.items()}
    folders = {str(parent) for name in entries for parent in Path(name).parents if str(parent) != "."}
    ordered = [*((name, 0o040755, b"") for name in sorted(folders)), *((n, *entries[n]) for n in sorted(entries))]
    out = bytearray()
    for number, (name, mode, content) in enumerate([*ordered, ("TRAILER!!!", 0, b"")], 1):
        device = (5, 1) if name == "dev/console" else (0, 0)
        path = name.encode() + b"\0"
        fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, *device, len(path), 0)
        out += b"070701" + b"".join(b"%08X" % field for field in fields) + path
        out += b"\0" * (-len(out) % 4) + content
        out += b"\0" * (-len(out) % 4)
    return gzip.compress(bytes(out), 6, mtime=0)


def common_files(cache: Path, root: Path) -> dict[str, tuple[int, bytes]]:
    """What every role has: busybox, init, and the program that tries system calls."""
    calls = cache / "calls"
    run(["gcc", "-static", "-O", "-Wall", "-o", str(calls), str(HERE / "calls.c")])
    files = {name: (0o100755, text.encode()) for name, text in SCRIPTS.items()}
    files |= {name: (0o100755, (HERE / name).read_bytes()) for name in ("init", "guest", "dom0")}
    applets = run([str(root / "bin/busybox"), "--list"]).split()
    files |= {f"bin/{name}": (0o120777, b"busybox") for name in applets}
    files["bin/busybox"] = (0o100755, (root / "bin/busybox").read_bytes())
    files["bin/calls"] = (0o100755, calls.read_bytes())
    return files


def dom0_files(root: Path) -> dict[str, tuple[int, bytes]]:
    """Xen's toolstack with its libraries."""
    files = {name: (0o100755, text.encode()) for name, text in DOM0_SCRIPTS.items()}
    for name in {*TOOLS, *libraries(root, TOOLS)}:
        files[name] = (0o100755, (root / name).read_bytes())
    files["lib64/ld-linux-x86-64.so.2"] = files[LOADER]
    return files


def guest_files(cache: Path, kernel: Path, initramfs: bytes) -> dict[str, tuple[int, bytes]]:
    """What dom0 needs to start a guest: its kernel, its initramfs and its disk, which is an ext4 file system."""
    content = cache / "disk"
    content.mkdir(exist_ok=True)
    (content / "from-host").write_text("from the host\n")
    image = cache / "disk.img"
    image.unlink(missing_ok=True)
    mke2fs = next((path for path in ("/usr/sbin/mke2fs", "/sbin/mke2fs") if Path(path).exists()), "mke2fs")
    run([mke2fs, "-q", "-t", "ext4", "-d", str(content), str(image), "16M"])
    return {
        "disk.img": (0o100644, image.read_bytes()),
        "guest-kernel": (0o100644, kernel.read_bytes()),
        "guest-initramfs": (0o100644, initramfs),
    }


def qemu(root: Path, arguments: list[str], log: Path, limit: float) -> Boot:
    """One run of QEMU, ended after `limit` seconds when it does not end by itself."""
    command = [*loader(root), str(root / "usr/bin/qemu-system-x86_64"), "-accel", "tcg", "-nographic"]
    for folder in ("usr/share/seabios", "usr/share/qemu"):
        command += ["-L", str(root / folder)]
    command += ["-no-reboot", "-nic", "none", *arguments]
    modules = str(root / "usr/lib/x86_64-linux-gnu/qemu")
    start = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=os.environ | {"QEMU_MODULE_DIR": modules},
        )
        try:
            ended = process.wait(limit) == 0
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            ended = False
    text = log.read_text(errors="replace")
    return read_console(text, time.monotonic() - start, ended and "Kernel panic" not in text)


def read_console(text: str, seconds: float, ended: bool) -> Boot:
    """The milestones that a console's text tells of."""
    told: dict[str, dict[str, list[str]]] = {"ok": {}, "lost": {}}
    for role, state, name, rest in _MILESTONE.findall(text):
        told[state].setdefault(role, []).append(name + (rest.rstrip() if state == "lost" else ""))
    return Boot(told["ok"], told["lost"], seconds, ended, text)


def boot_bare(root: Path, vmlinux: Path, initramfs: Path, log: Path, limit: float = 120) -> Boot:
    """A kernel's PVH entry without a hypervisor: QEMU enters an ELF image that has the PVH note there."""
    append = "console=ttyS0 panic=-1 kcfg=bare cpus=2"
    machine = ["-M", "pc", "-cpu", "max", "-smp", "2", "-m", "512"]
    return qemu(root, [*machine, "-kernel", str(vmlinux), "-initrd", str(initramfs), "-append", append], log, limit)


def boot_dom0(root: Path, cache: Path, bzimage: Path, initramfs: Path, log: Path, limit: float = 900) -> Boot:
    """A kernel as PVH dom0 on Xen, on an emulated AMD machine with nested paging and an IOMMU.

    Of EPYC's features rdtscp, monitor and xsave are off: under SVM, QEMU 7.2 emulates them in a way that Xen or its
    guests do not survive. One processor, because with two, time leaps on a busy host.
    """
    xen = cache / "xen.elf"
    try:
        xen.write_bytes(gzip.decompress((root / "boot/xen-4.17-amd64.gz").read_bytes()))
    except OSError as error:
        raise FetchError(f"the hypervisor's package holds no image: {error}") from error
    machine = ["-M", "q35,kernel-irqchip=split", "-cpu", "EPYC,+svm,+npt,+x2apic,-rdtscp,-monitor,-xsave", "-m", "2048"]
    append = "console=com1 com1=115200,8n1 dom0=pvh dom0_mem=768M cpuidle=0"
    modules = f"{bzimage} console=hvc0 panic=-1 clocksource=xen kcfg=dom0 cpus=1,{initramfs}"
    rest = ["-device", "amd-iommu", "-kernel", str(xen), "-append", append, "-initrd", modules]
    return qemu(root, [*machine, *rest], log, limit)
