"""What is built, and what a mode can have, on real kernels: facts read in the Makefiles and Kconfig files of each.

The trees of these tests have Makefiles and no C files; benchmarks/relevance.py compares whole sources with make.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.kbuild.read import read_kbuild
from kcfg.kconfig.kernels import open_kernel
from kcfg.sources.open import open_source
from patches.queues.queue import open_queue
from patches.relevance.data import Reach
from patches.relevance.relevance import RelevanceQuestion, relevance
from tests.conformance import kernels
from tests.patches.relevance.queues import change, write_queue

pytestmark = pytest.mark.skipif(not kernels.available(), reason="no kernels in the test cache")

X86 = (
    ("arch/x86/xen/enlighten_pv.o", "XEN=y XEN_PV=y", "y"),
    ("arch/x86/xen/enlighten_pv.o", "XEN=y XEN_PVH=y", ""),
    ("arch/x86/xen/enlighten_pvh.o", "XEN=y XEN_PVH=y", "y"),
    ("arch/x86/xen/enlighten_pvh.o", "XEN=y XEN_PV=y", ""),
    ("arch/x86/xen/enlighten.o", "XEN=y", "y"),
    ("arch/x86/xen/enlighten.o", "PVH=y", ""),
    ("arch/x86/platform/pvh/enlighten.o", "PVH=y", "y"),
    ("arch/x86/pci/xen.o", "PCI=y PCI_XEN=y", "y"),
    ("drivers/xen/pci.o", "XEN=y XEN_DOM0=y PCI=y", "y"),
    ("drivers/xen/pci.o", "XEN=y XEN_DOM0=y", ""),
    ("drivers/xen/pci.o", "XEN=y PCI=y", ""),
    ("drivers/xen/swiotlb-xen.o", "XEN=y SWIOTLB_XEN=y", "y"),
    ("drivers/xen/gntdev.o", "XEN=y XEN_GNTDEV=m", "m"),
    ("drivers/xen/xenbus/xenbus_probe_backend.o", "XEN=y XEN_BACKEND=y", "y"),
    ("drivers/xen/xen-pciback/pci_stub.o", "XEN=y XEN_PCI_STUB=y XEN_PCIDEV_BACKEND=m", "m"),
    ("drivers/block/xen-blkfront.o", "BLK_DEV=y XEN_BLKDEV_FRONTEND=m", "m"),
    ("drivers/block/xen-blkback/blkback.o", "BLK_DEV=y XEN_BLKDEV_BACKEND=m", "m"),
    ("drivers/net/xen-netfront.o", "NET=y NETDEVICES=y XEN_NETDEV_FRONTEND=y", "y"),
    ("drivers/net/xen-netback/netback.o", "NET=y NETDEVICES=y XEN_NETDEV_BACKEND=m", "m"),
    ("drivers/net/xen-netback/netback.o", "NET=y NETDEVICES=y XEN_NETDEV_FRONTEND=y", ""),
    ("drivers/tty/hvc/hvc_xen.o", "TTY=y HVC_DRIVER=y HVC_XEN=y", "y"),
    ("mm/page_alloc.o", "", "y"),
    ("kernel/smp.o", "SMP=y", "y"),
    ("net/ipv4/tcp.o", "NET=y INET=y", "y"),
    ("net/ipv4/tcp.o", "NET=y", ""),
    ("fs/ext4/super.o", "BLOCK=y EXT4_FS=m", "m"),
    ("arch/x86/entry/vdso/vma.o", "", "y"),
    ("arch/x86/boot/main.o", "", "y"),
)
ARM64 = (
    ("arch/arm/xen/enlighten.o", "XEN=y", "y"),
    ("arch/arm/xen/enlighten.o", "", ""),
    ("arch/arm64/xen/hypercall.o", "XEN=y", "y"),
    ("drivers/xen/gntdev.o", "XEN=y XEN_GNTDEV=y", "y"),
    ("drivers/net/xen-netfront.o", "NET=y NETDEVICES=y XEN_NETDEV_FRONTEND=m", "m"),
)
"""(object, options, what becomes of it), the same in all kernels from 5.10 on."""


def cases() -> list[tuple[kernels.Kernel, str, tuple[tuple[str, str, str], ...]]]:
    """x86_64 on every kernel, arm64 on the oldest and the newest."""
    have = kernels.available()
    return [(one, "x86_64", X86) for one in have] + [
        (one, "arm64", ARM64) for one in dict.fromkeys(have[:1] + have[-1:])
    ]


@pytest.mark.parametrize(("kernel", "arch", "facts"), cases(), ids=lambda it: getattr(it, "name", str(it)[:8]))
def test_what_options_build(kernel: kernels.Kernel, arch: str, facts: tuple[tuple[str, str, str], ...]) -> None:
    read = read_kbuild(open_source(str(kernel.tree)), arch)
    found = []
    for path, options, _ in facts:
        built = read.built(dict(option.split("=") for option in options.split())).objects
        found.append((path, options, built[path].value if path in built else ""))
    assert tuple(found) == facts


def test_what_a_pvh_guest_without_pv_needs_and_cannot_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = kernels.kernel("6.12").tree
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    wanted = {
        "arch/x86/xen/enlighten_pvh.c": Reach.NEEDED,
        "drivers/xen/grant-table.c": Reach.NEEDED,
        "drivers/block/xen-blkfront.c": Reach.NEEDED,
        "drivers/net/xen-netfront.c": Reach.NEEDED,
        "drivers/tty/hvc/hvc_xen.c": Reach.NEEDED,
        "net/ipv4/tcp.c": Reach.NEEDED,
        "drivers/net/xen-netback/netback.c": Reach.POSSIBLE,
        "drivers/xen/pci.c": Reach.POSSIBLE,
        "drivers/net/ethernet/intel/e1000/e1000_main.c": Reach.POSSIBLE,
        "arch/x86/xen/enlighten_pv.c": Reach.IMPOSSIBLE,
        "arch/x86/xen/mmu_pv.c": Reach.IMPOSSIBLE,
        "drivers/xen/swiotlb-xen.c": Reach.IMPOSSIBLE,
        "drivers/xen/mcelog.c": Reach.IMPOSSIBLE,
        "drivers/pci/xen-pcifront.c": Reach.IMPOSSIBLE,
        "arch/arm/xen/enlighten.c": Reach.NEVER,
        "drivers/net/ethernet/ti/cpsw.c": Reach.NEVER,
        "tools/perf/perf.c": Reach.NEVER,
        "include/xen/grant_table.h": Reach.UNDECIDABLE,  # this tree has no C files
    }
    queue = write_queue(tmp_path / "queue", {"a.patch": "".join(map(change, wanted))})
    kernel = open_kernel(None, tree=str(tree), arch="x86_64")
    report = relevance(RelevanceQuestion(open_queue(str(queue)), kernel, None, ("pvh-domu+no-pv",)), "0")
    assert {file.path: file.modes[0] for file in report.patches[0].files} == wanted
