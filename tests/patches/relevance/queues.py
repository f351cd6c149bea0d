"""A small tree with C files, profiles for it, and queues of one-line patches: what `kcfg relevance` is tested on."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from pathlib import Path

from kcfg.answers.judge import Judge
from kcfg.kconfig.kernels import open_kernel
from patches.queues.queue import open_queue
from patches.relevance.data import FileResult, RelevanceReport
from patches.relevance.relevance import RelevanceQuestion, relevance
from tests.kcfg.trees import config_of, write_tree

TREE = {
    "Kconfig": """\
        config MODULES
        \tbool "modules"
        \tdefault y
        \tmodules
        config XEN
        \tbool "xen"
        config XEN_PV
        \tbool "pv"
        \tdepends on XEN
        \tdefault y
        config PVH
        \tbool "pvh"
        \tdepends on XEN
        config NETF
        \ttristate "netf"
        config DEAD
        \tbool "dead"
        \tdepends on ARM || COMPILE_TEST
        config COMPILE_TEST
        \tbool "compile test"
        config TOOL
        \tdef_bool $(shell,false && echo y || echo n)
        source "drivers/Kconfig"
        """,
    "drivers/Kconfig": 'config DRV\n\tbool "drv"\nconfig OTHER\n\tbool "other"\n',
    "Kbuild": "obj-y += init/ drivers/\nobj-$(CONFIG_XEN) += xen/\n",
    "init/Makefile": "obj-y += main.o\n",
    "init/main.c": "#include <linux/all.h>\nint main_line;\n",
    "drivers/Makefile": (
        "obj-$(CONFIG_NETF) += netf.o\nobj-$(CONFIG_DEAD) += dead.o\nobj-$(CONFIG_TOOL) += tool.o\n"
        "obj-$(CONFIG_DRV) += drv.o\ndrv-y := one.o two.o\nhostprogs := gen\n"
    ),
    "drivers/netf.c": '#include "netf.h"\n',
    "drivers/netf.h": "int netf;\n",
    "drivers/dead.c": "int dead;\n",
    "drivers/tool.c": "int tool;\n",
    "drivers/one.c": "int one;\n",
    "drivers/two.c": '#include "part.c"\n',
    "drivers/part.c": "int part;\n",
    "drivers/gen.c": "int gen;\n",
    "drivers/stray.c": "int stray;\n",
    "drivers/stray.h": "int stray;\n",
    "xen/Makefile": "obj-y += core.o\nobj-$(CONFIG_XEN_PV) += pv.o\nobj-$(CONFIG_PVH) += pvh.o\n",
    "xen/core.c": "int core;\n",
    "xen/pv.c": '#include "pv.h"\n',
    "xen/pv.h": '#include "deep.h"\n',
    "xen/deep.h": "int deep;\n",
    "xen/pvh.c": "int pvh;\n",
    "include/linux/all.h": (
        "#ifndef ALL\n#define ALL\n#ifdef CONFIG_XEN_PV\n#include <linux/onlypv.h>\n#endif\n#endif\n"
    ),
    "include/linux/onlypv.h": "int onlypv;\n",
    "arch/arm/foo.c": "int foo;\n",
    "Documentation/x.rst": "text\n",
    "tools/t.c": "int t;\n",
}

PVH = """\
schema = 1
name = "small-pvh"
title = "small PVH"
kind = "mode"
arch = ["x86_64"]

[[rule]]
level = "required"
symbol = "PVH"
value = ["y"]
why = "It is the mode."
source = "Kconfig"

[[rule]]
level = "recommended"
symbol = "DRV"
why = "It is a driver."
source = "Kconfig"

[[essential]]
group = "net"
symbol = "NETF"
why = "The network."
source = "Kconfig"
"""

NO_PV = """\
schema = 1
name = "small-no-pv"
title = "small without PV"
kind = "policy"
arch = ["x86_64"]

[[rule]]
level = "forbidden"
symbol = "XEN_PV"
why = "It is not wanted."
source = "Kconfig"
"""


def small_tree(folder: Path, more: Mapping[str, str] | None = None) -> Path:
    """The tree, with other files besides or instead."""
    return write_tree(folder, {**TREE, **(more or {})})


def change(path: str, old: str = "int a;\n", new: str = "int b;\n") -> str:
    """The diff of one file; "" as `old` makes it new, as `new` removes it."""
    names = [f"a/{path}" if old else "/dev/null", f"b/{path}" if new else "/dev/null"]
    lines = difflib.unified_diff(old.splitlines(True), new.splitlines(True), *names)
    mode = "" if old and new else "new file mode 100644\n" if new else "deleted file mode 100644\n"
    return f"diff --git a/{path} b/{path}\n{mode}" + "".join(lines)


def write_queue(folder: Path, patches: Mapping[str, str]) -> Path:
    """A quilt queue."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in patches.items():
        (folder / name).write_text(f"{name}\n\n{text}", encoding="utf-8")
    (folder / "series").write_text("".join(f"{name}\n" for name in patches), encoding="utf-8")
    return folder


def profiles(folder: Path) -> tuple[str, str]:
    """The files of two profiles of the tree."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "small-pvh.toml").write_text(PVH, encoding="utf-8")
    (folder / "small-no-pv.toml").write_text(NO_PV, encoding="utf-8")
    return str(folder / "small-pvh.toml"), str(folder / "small-no-pv.toml")


def asked(
    tree: Path, queue: Path, config: str | None = None, modes: tuple[str, ...] = (), *, complete: bool = True
) -> RelevanceReport:
    """The report; `config` is lines without CONFIG_."""
    kernel = open_kernel(None, tree=str(tree), arch="x86_64")
    judge = None
    if config is not None:
        head = "# Automatically generated file; DO NOT EDIT.\n" if complete else ""
        judge = Judge(config_of(head + config), kernel)
    return relevance(RelevanceQuestion(open_queue(str(queue)), kernel, judge, modes), "0")


def file_of(report: RelevanceReport, path: str) -> FileResult:
    """The result of a file, of the first patch that has it."""
    return next(file for one in report.patches for file in one.files if file.path == path)
