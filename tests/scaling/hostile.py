"""Configurations, images and kernel sources that somebody made to take long: small texts that mean much, and what
makes a reader look again and again."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import zstandard

from kcfg.kconfig import snapshot
from profiles.check.waivers import load_waivers
from tests.scaling.shapes import (
    SMALL,
    Shape,
    lines,
    model_of,
    read_config,
    read_includes,
    read_makefiles,
    read_snapshot,
    read_tree,
    tree_with,
    written,
)


def doubled(form: str, head: str = "", tail: str = "") -> Callable[[int], str]:
    """Each line of n means the next one twice."""
    return lines(form, head, tail)


def terms(n: int) -> str:
    """A flat condition with many terms."""
    return (
        'config A\n\tbool "a"\n\tdepends on '
        + " && ".join(["(B || C)"] * n)
        + '\nconfig B\n\tbool "b"\nconfig C\n\tbool "c"\n'
    )


def wrapped(before: str, after: str, head: str = "", tail: str = "", inner: str = "") -> Callable[[int], str]:
    """n of them in each other."""
    return lambda n: head + before * n + inner + after * n + tail


def marks(n: int) -> bytes:
    """An image that seems to have a configuration, or packed data, at every place."""
    return b"MZ" + (b"IKCFG_ST\x1f\x8b\x08\0" + b"\xfd7zXZ\0" + b"\x28\xb5\x2f\xfd" + b"BZh9" + b"\x5d\0\0\0\x01") * n


def streams(n: int) -> bytes:
    """An image of many packed streams, none of which is a kernel."""
    return b"MZ" + b"".join(gzip.compress(bytes(4000), mtime=0) for _ in range(n))


def packed_model(n: int, folder: Path) -> bytes:
    """A snapshot that says that it is n megabytes of zeros."""
    whole = snapshot.dumps(model_of(1, folder))
    return whole[: whole.index(b"\x28\xb5\x2f\xfd")] + zstandard.ZstdCompressor().compress(bytes(n << 20))


HOSTILE_SOURCES: dict[str, Shape] = {
    "Makefile: variables that double": Shape(
        tree_with("Kbuild", doubled("V{0} = $(V{1}) $(V{1})\n", tail="obj-y += $(V0)\n")), read_makefiles, 40
    ),
    "Makefile: a word that grows": Shape(
        tree_with("Kbuild", lambda n: "V := a\n" + "V := $(V)$(V)\n" * n + "obj-y += $(V).o\n"), read_makefiles, 40
    ),
    "Makefile: a rule for everything": Shape(
        tree_with("Kbuild", lines("obj-y += a{0}.o\n", "%: %.c\n\ttrue\n%.o: %.c\n\ttrue\n")), read_makefiles, 100
    ),
    "Makefile: nested functions": Shape(
        tree_with("Kbuild", wrapped("$(sort ", ")", "obj-y += ", "\n", "a.o")), read_makefiles, 100
    ),
    "Makefile: loops in loops": Shape(
        tree_with("Kbuild", wrapped("$(foreach a,1 2 3,", ")", "obj-y += ", "\n", "$(a).o")), read_makefiles, 20
    ),
    "Makefile: nested ifs": Shape(
        tree_with("Kbuild", wrapped("ifdef CONFIG_A\n", "endif\n", inner="obj-y += a.o\n")), read_makefiles, 100
    ),
    "Makefile: a chain of else": Shape(
        tree_with("Kbuild", lines("obj-y += a{0}.o\nelse ifdef CONFIG_A{0}\n", "ifdef CONFIG_B\n", "endif\n")),
        read_makefiles,
        300,
    ),
    "Makefile: folders in each other": Shape(
        tree_with("Kbuild", lines("obj-y += ../d/\nobj-$(CONFIG_A{0}) += ./\n")), read_makefiles, 100
    ),
    "Kconfig: macros that double": Shape(
        tree_with("Kconfig", doubled("V{0} = $(V{1}) $(V{1})\n", tail='config A\n\tdef_bool "$(V0)"\n')), read_tree, 40
    ),
    "Kconfig: a macro that grows": Shape(
        tree_with("Kconfig", lambda n: "V := a\n" + "V := $(V)$(V)\n" * n + 'config A\n\tdef_bool "$(V)"\n'),
        read_tree,
        40,
    ),
    "Kconfig: a macro whose arguments grow": Shape(
        tree_with("Kconfig", lambda n: f'f = $(f,{"$(1)" * n})\nconfig A\n\tdef_bool "$(f,x)"\n'), read_tree, 40
    ),
    "Makefile: a call whose arguments grow": Shape(
        tree_with("Kbuild", lambda n: f"f = $(call f,{'$(1)' * n})\nobj-y += $(call f,x).o\n"), read_makefiles, 40
    ),
    "Kconfig: a flat condition": Shape(tree_with("Kconfig", terms), read_tree, 500),
    "Kconfig: parentheses": Shape(
        tree_with("Kconfig", wrapped("(", ")", "config A\n\tbool\n\tdepends on ", "\n", "A")), read_tree, 200
    ),
    "Kconfig: nested ifs": Shape(
        tree_with("Kconfig", wrapped("if A\n", "endif\n", SMALL, inner="config B\n\tbool\n")), read_tree, 300
    ),
    "Kconfig: nested menus": Shape(
        tree_with("Kconfig", wrapped('menu "m"\n', "endmenu\n", inner=SMALL)), read_tree, 100
    ),
    "Kconfig: menus with conditions, in each other": Shape(
        tree_with(
            "Kconfig",
            lambda n: (
                "".join(f'menu "m"\n\tdepends on A{one}\nconfig B{one}\n\tbool\n' for one in range(n)) + "endmenu\n" * n
            ),
        ),
        read_tree,
        100,
    ),
    "Kconfig: one symbol often": Shape(
        tree_with("Kconfig", lines('config A\n\tbool "a"\n\tdefault y if B{0}\n\tselect C\n')), read_tree, 300
    ),
    "Kconfig: a long choice": Shape(
        tree_with("Kconfig", lines('config A{0}\n\tbool "a"\n', 'choice\n\tprompt "c"\n', "endchoice\n")),
        read_tree,
        300,
    ),
    "Kconfig: a submenu after each": Shape(
        tree_with("Kconfig", lines('config A{1}\n\tbool "a"\n\tdepends on A{0}\n', 'config A0\n\tbool "a"\n')),
        read_tree,
        300,
    ),
    "Kconfig: continued lines": Shape(
        tree_with("Kconfig", lambda n: 'config A\n\tbool "a"\n\tdepends on A \\\n' + "|| A \\\n" * n + "\n"),
        read_tree,
        2000,
    ),
    "Makefile: continued lines": Shape(
        tree_with("Kbuild", lambda n: "obj-y += \\\n" + " a.o \\\n" * n + "\n"), read_makefiles, 2000
    ),
    "Kconfig: sources in each other": Shape(
        tree_with("Kconfig", lambda n: SMALL + 'source "Kconfig"\n' * n), read_tree, 20
    ),
    "includes: a chain of elif": Shape(
        tree_with("x.c", lines('#elif defined(CONFIG_A{0})\n#include "a{0}.h"\n', "#if 0\n", "#endif\n")),
        read_includes,
        100,
    ),
    "includes: nested ifs": Shape(
        tree_with("x.c", wrapped("#ifdef CONFIG_A\n", "#endif\n", inner='#include "a.h"\n')), read_includes, 200
    ),
    "includes: a flat condition": Shape(
        tree_with(
            "x.c",
            lambda n: "#if " + " && ".join(["(defined(A) || defined(CONFIG_B))"] * n) + '\n#include "a.h"\n#endif\n',
        ),
        read_includes,
        100,
    ),
    "includes: parentheses": Shape(
        tree_with("x.c", wrapped("(", ")", "#if ", '\n#include "a.h"\n#endif\n', "A")), read_includes, 200
    ),
    "includes: continued lines": Shape(
        tree_with("x.c", lambda n: "#if A \\\n" + "|| A \\\n" * n + "\n#endif\n"), read_includes, 500
    ),
    "includes: comments that do not end": Shape(
        tree_with("x.c", lambda n: "/* " * n + '#include "a.h"\n' * n), read_includes, 2000
    ),
    "image: marks everywhere": Shape(written("vmlinuz", marks), read_config, 100),
    "image: packed streams": Shape(written("vmlinuz", streams), read_config, 100),
    "image: one bomb": Shape(
        written("vmlinuz", lambda n: b"MZ" + gzip.compress(bytes(n << 20), mtime=0)), read_config, 5
    ),
    "configuration: a bomb": Shape(
        written("x.gz", lambda n: gzip.compress(b"CONFIG_A=y\n" * (n * 1000))), read_config, 40
    ),
    "configuration: one line": Shape(written("x.config", lambda n: "CONFIG_A=" + '"\\' * n), read_config, 20_000),
    "configuration: blanks": Shape(
        written("x.config", lambda n: "# CONFIG_A" + " " * n + "is not set" + " " * n), read_config, 20_000
    ),
    "snapshot: a bomb": Shape(packed_model, read_snapshot, 5),
    "TOML: brackets": Shape(written("w.toml", lambda n: f"a = {'[' * n}"), load_waivers, 2000),
    "TOML: dotted keys": Shape(written("w.toml", lambda n: ".".join(["a"] * n) + " = 1\n"), load_waivers, 500),
    "TOML: dotted tables": Shape(written("w.toml", lines("[a.b.c{0}]\nd = 1\n")), load_waivers, 500),
    "TOML: quotes": Shape(written("w.toml", lambda n: 'a = """' + '\\"' * n), load_waivers, 2000),
    "TOML: a number": Shape(written("w.toml", lambda n: "a = " + "9" * n), load_waivers, 2000),
}
