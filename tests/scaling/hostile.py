"""Inputs that somebody made to take long: small texts that mean much, and what makes a reader look again and again."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import zstandard

from kcfg.kconfig import snapshot
from patches.queues.queue import open_queue
from patches.text.headers import parse_header
from profiles.check.waivers import load_waivers
from tests.scaling.shapes import (
    DIFF,
    HEAD,
    SMALL,
    SPEC,
    Shape,
    archived,
    headers,
    lines,
    model_of,
    patch_text,
    queue_with,
    read_config,
    read_includes,
    read_makefiles,
    read_patch,
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


def chain(n: int) -> str:
    return (
        SPEC
        + "%if 0\n"
        + "".join(f"%elif {number} == 0\nPatch{number}: p{number}.patch\n" for number in range(n))
        + "%endif\n"
    )


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


def bomb(n: int) -> bytes:
    return gzip.compress(b"--- a/a.c\n+++ b/a.c\n@@ -0,0 +1,%d @@\n" % (n * 100) + b"+int a;\n" * (n * 100), mtime=0)


def queue_with_bomb(n: int, folder: Path) -> str:
    (folder / "a.patch.gz").write_bytes(bomb(n))
    return written("series", lambda n: "a.patch.gz\n")(n, folder)


def hostile(make: object, read: object, small: int) -> Shape:
    return Shape(make, read, small, hostile=True)  # type: ignore[arg-type]


HOSTILE: dict[str, Shape] = {
    "Makefile: variables that double": hostile(
        tree_with("Kbuild", doubled("V{0} = $(V{1}) $(V{1})\n", tail="obj-y += $(V0)\n")), read_makefiles, 40
    ),
    "Makefile: a word that grows": hostile(
        tree_with("Kbuild", lambda n: "V := a\n" + "V := $(V)$(V)\n" * n + "obj-y += $(V).o\n"), read_makefiles, 40
    ),
    "Makefile: a rule for everything": hostile(
        tree_with("Kbuild", lines("obj-y += a{0}.o\n", "%: %.c\n\ttrue\n%.o: %.c\n\ttrue\n")), read_makefiles, 100
    ),
    "Makefile: nested functions": hostile(
        tree_with("Kbuild", wrapped("$(sort ", ")", "obj-y += ", "\n", "a.o")), read_makefiles, 100
    ),
    "Makefile: loops in loops": hostile(
        tree_with("Kbuild", wrapped("$(foreach a,1 2 3,", ")", "obj-y += ", "\n", "$(a).o")), read_makefiles, 20
    ),
    "Makefile: nested ifs": hostile(
        tree_with("Kbuild", wrapped("ifdef CONFIG_A\n", "endif\n", inner="obj-y += a.o\n")), read_makefiles, 100
    ),
    "Makefile: a chain of else": hostile(
        tree_with("Kbuild", lines("obj-y += a{0}.o\nelse ifdef CONFIG_A{0}\n", "ifdef CONFIG_B\n", "endif\n")), read_makefiles, 300
    ),
    "Makefile: folders in each other": hostile(
        tree_with("Kbuild", lines("obj-y += ../d/\nobj-$(CONFIG_A{0}) += ./\n")), read_makefiles, 100
    ),
    "Kconfig: macros that double": hostile(
        tree_with("Kconfig", doubled("V{0} = $(V{1}) $(V{1})\n", tail='config A\n\tdef_bool "$(V0)"\n')), read_tree, 40
    ),
    "Kconfig: a macro that grows": hostile(
        tree_with("Kconfig", lambda n: "V := a\n" + "V := $(V)$(V)\n" * n + 'config A\n\tdef_bool "$(V)"\n'), read_tree, 40
    ),
    "Kconfig: a flat condition": hostile(tree_with("Kconfig", terms), read_tree, 500),
    "Kconfig: parentheses": hostile(
        tree_with("Kconfig", wrapped("(", ")", "config A\n\tbool\n\tdepends on ", "\n", "A")), read_tree, 200
    ),
    "Kconfig: nested ifs": hostile(tree_with("Kconfig", wrapped("if A\n", "endif\n", SMALL, inner="config B\n\tbool\n")), read_tree, 300),
    "Kconfig: nested menus": hostile(
        tree_with("Kconfig", wrapped('menu "m"\n', "endmenu\n", inner=SMALL)), read_tree, 100
    ),
    "Kconfig: menus with conditions, in each other": hostile(
        tree_with("Kconfig", lambda n: "".join(f'menu "m"\n\tdepends on A{one}\nconfig B{one}\n\tbool\n' for one in range(n)) + "endmenu\n" * n),
        read_tree, 100,
    ),
    "Kconfig: one symbol often": hostile(
        tree_with("Kconfig", lines('config A\n\tbool "a"\n\tdefault y if B{0}\n\tselect C\n')), read_tree, 300
    ),
    "Kconfig: a long choice": hostile(
        tree_with("Kconfig", lines('config A{0}\n\tbool "a"\n', 'choice\n\tprompt "c"\n', "endchoice\n")), read_tree, 300
    ),
    "Kconfig: a submenu after each": hostile(
        tree_with("Kconfig", lines('config A{1}\n\tbool "a"\n\tdepends on A{0}\n', 'config A0\n\tbool "a"\n')), read_tree, 300
    ),
    "Kconfig: continued lines": hostile(
        tree_with("Kconfig", lambda n: 'config A\n\tbool "a"\n\tdepends on A \\\n' + "|| A \\\n" * n + "\n"), read_tree, 2000
    ),
    "Makefile: continued lines": hostile(
        tree_with("Kbuild", lambda n: "obj-y += \\\n" + " a.o \\\n" * n + "\n"), read_makefiles, 2000
    ),
    "Kconfig: sources in each other": hostile(
        tree_with("Kconfig", lambda n: SMALL + 'source "Kconfig"\n' * n), read_tree, 20
    ),
    "includes: a chain of elif": hostile(
        tree_with("x.c", lines('#elif defined(CONFIG_A{0})\n#include "a{0}.h"\n', "#if 0\n", "#endif\n")), read_includes, 100
    ),
    "includes: nested ifs": hostile(
        tree_with("x.c", wrapped("#ifdef CONFIG_A\n", "#endif\n", inner='#include "a.h"\n')), read_includes, 200
    ),
    "includes: a flat condition": hostile(
        tree_with("x.c", lambda n: "#if " + " && ".join(["(defined(A) || defined(CONFIG_B))"] * n) + '\n#include "a.h"\n#endif\n'),
        read_includes, 100,
    ),
    "includes: parentheses": hostile(tree_with("x.c", wrapped("(", ")", "#if ", '\n#include "a.h"\n#endif\n', "A")), read_includes, 200),
    "includes: continued lines": hostile(tree_with("x.c", lambda n: "#if A \\\n" + "|| A \\\n" * n + "\n#endif\n"), read_includes, 500),
    "includes: comments that do not end": hostile(tree_with("x.c", lambda n: "/* " * n + '#include "a.h"\n' * n), read_includes, 2000),
    "image: marks everywhere": hostile(written("vmlinuz", marks), read_config, 100),
    "image: packed streams": hostile(written("vmlinuz", streams), read_config, 100),
    "image: one bomb": hostile(written("vmlinuz", lambda n: b"MZ" + gzip.compress(bytes(n << 20), mtime=0)), read_config, 5),
    "configuration: a bomb": hostile(written("x.gz", lambda n: gzip.compress(b"CONFIG_A=y\n" * (n * 1000))), read_config, 10),
    "configuration: one line": hostile(written("x.config", lambda n: "CONFIG_A=" + '"\\' * n), read_config, 20_000),
    "configuration: blanks": hostile(written("x.config", lambda n: "# CONFIG_A" + " " * n + "is not set" + " " * n), read_config, 20_000),
    "snapshot: a bomb": hostile(
        packed_model, read_snapshot, 5
    ),
    "TOML: brackets": hostile(written("w.toml", lambda n: f"a = {'[' * n}"), load_waivers, 2000),
    "TOML: dotted keys": hostile(written("w.toml", lambda n: ".".join(["a"] * n) + " = 1\n"), load_waivers, 500),
    "TOML: dotted tables": hostile(written("w.toml", lines("[a.b.c{0}]\nd = 1\n")), load_waivers, 500),
    "TOML: quotes": hostile(written("w.toml", lambda n: 'a = """' + '\\"' * n), load_waivers, 2000),
    "TOML: a number": hostile(written("w.toml", lambda n: "a = " + "9" * n), load_waivers, 2000),
    "YAML: aliases that double": hostile(
        written("config.yaml", lambda n: "a0: &a0 [x, x]\n" + "".join(
            f"a{one + 1}: &a{one + 1} [*a{one}, *a{one}]\n" for one in range(n)) + f"patches:\n- patch: a.patch\n  x: *a{n}\n"), open_queue, 40,
    ),
    "YAML: merged keys that double": hostile(
        written("config.yaml", lambda n: "a0: &a0 {x: 1}\n" + "".join(
            f"a{one + 1}: &a{one + 1} {{<<: [*a{one}, *a{one}], y{one}: 1}}\n" for one in range(n)) + "patches:\n- patch: a.patch\n"),
        open_queue, 40,
    ),
    "YAML: brackets": hostile(written("config.yaml", lambda n: "patches:\n- patch: a.patch\n  x: " + "[" * n), open_queue, 1000),
    "YAML: mappings in each other": hostile(
        written("config.yaml", lambda n: "".join(" " * one + "patches:\n" for one in range(n))), open_queue, 20
    ),
    "spec: as many patches as autosetups": hostile(
        queue_with("x.spec", lambda n: lines("Patch{0}: p{0}.patch\n", SPEC, "%prep\n")(n) + "%autosetup -p1\n" * n), open_queue, 60
    ),
    "spec: as many patches as autopatches": hostile(
        queue_with("x.spec", lambda n: lines("Patch{0}: p{0}.patch\n", SPEC, "%prep\n%setup\n")(n) + "%autopatch -p1\n" * n),
        open_queue, 60,
    ),
    "spec: nested ifs": hostile(written("x.spec", wrapped("%if 1\n", "%endif\n", SPEC, inner="Patch1: a.patch\n")), open_queue, 200),
    "spec: a chain of elif": hostile(written("x.spec", chain), open_queue, 200),
    "spec: macros that double": hostile(
        written("x.spec", lambda n: SPEC + "%global v0 a\n" + "".join(
            f"%global v{one + 1} %{{v{one}}}%{{v{one}}}\n" for one in range(n)) + f"Patch1: %{{v{n}}}.patch\n"), open_queue, 40,
    ),
    "spec: late macros that double": hostile(
        written("x.spec", doubled("%define v{0} %{{v{1}}}%{{v{1}}}\n", SPEC, "Patch1: %{v0}.patch\n")), open_queue, 40
    ),
    "spec: braces": hostile(written("x.spec", wrapped("%{?a:", "}", SPEC + "Patch1: ", "\n", "b.patch")), open_queue, 200),
    "spec: open braces": hostile(written("x.spec", lambda n: SPEC + "Patch1: " + "%{" * n + "\n"), open_queue, 500),
    "Yocto: variables that double": hostile(
        written("x_1.bb", doubled('V{0} = "${{V{1}}} ${{V{1}}}"\n', tail='SRC_URI = "${V0}"\n')), open_queue, 40
    ),
    "Yocto: overrides": hostile(
        written("x_1.bb", lines('SRC_URI:append:o{0} = " file://a{0}.patch"\n', 'SRC_URI = ""\n')), open_queue, 200
    ),
    "Yocto: python": hostile(written("x_1.bb", wrapped("${@bb.utils.contains('a', 'b', ", ", '', d)}", 'SRC_URI = "', '"\n', "'c'")), open_queue, 50),
    "APKBUILD: variables that double": hostile(
        written("APKBUILD", lambda n: "pkgname=x\nv=a\n" + "v=$v$v\n" * n + 'source="$v.patch"\n'), open_queue, 40
    ),
    "APKBUILD: braces": hostile(written("APKBUILD", lambda n: "pkgname=x\nsource=" + "{a,b}" * n + "\n"), open_queue, 40),
    "APKBUILD: loops in loops": hostile(
        written("APKBUILD", wrapped("for i in 1 2 3; do\n", "done\n", "pkgname=x\n", inner="source=$source$i.patch\n")), open_queue, 20
    ),
    "APKBUILD: substitutions": hostile(written("APKBUILD", wrapped("${a:-", "}", "pkgname=x\nsource=", "\n", "b")), open_queue, 100),
    "Nix: brackets": hostile(written("default.nix", wrapped("(", ")", "{ x }: y { patches = ", "; }\n", "a")), open_queue, 200),
    "Buildroot: variables that double": hostile(
        written("xen/xen.mk", doubled("V{0} = $(V{1}) $(V{1})\n", "XEN_VERSION = 1\n", "XEN_PATCH = $(V0)\n")), open_queue, 40
    ),
    "quilt: one patch often": hostile(queue_with("patches/series", lambda n: "p0.patch\n" * n), open_queue, 200),
    "SUSE: guards": hostile(written("series.conf", lambda n: "# Kernel patches\n\t" + "+a " * n + "patches.suse/a.patch\n"), open_queue, 2000),
    "mailbox: only beginnings": hostile(written("x.mbox", lambda n: "From a@b Mon Sep 17 00:00:00 2001\n" * n), open_queue, 1000),
    "archive: replies in a chain": hostile(
        written("x.mbox", lambda n: "".join(
            f"From a@b Mon Sep 17 00:00:00 2001\nMessage-Id: <{one}@b>\nIn-Reply-To: <{one - 1}@b>\nSubject: Re: [PATCH] x\n\n"
            f"Applied, thanks.\n\n" for one in range(n))), archived, 200,
    ),
    "archive: one name for all": hostile(
        written("x.mbox", lambda n: ("From a@b Mon Sep 17 00:00:00 2001\nMessage-Id: <1@b>\nIn-Reply-To: <1@b>\n" + HEAD
                                     + "Subject: [PATCH] x\n\n" + DIFF.format("a") + "\n") * n), archived, 100,
    ),
    "archive: parts in parts": hostile(
        written("x.mbox", lambda n: "From a@b Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n" + "".join(
            f'Content-Type: multipart/mixed; boundary="b{one}"\n\n--b{one}\n' for one in range(n)) + "\n\ntext\n"), archived, 20,
    ),
    "patch: a packed bomb": hostile(
        queue_with_bomb, open_queue, 20
    ),
    "patch: hunks of one file": hostile(
        patch_text(lambda n: "--- a/a.c\n+++ b/a.c\n" + lines("@@ -{0},1 +{0},1 @@ f\n-a{0}\n+b{0}\n")(n)), read_patch, 500
    ),
    "patch: only heads of files": hostile(patch_text(lines("diff --git a/a{0} b/a{0}\n")), read_patch, 500),
    "patch: renamed files": hostile(
        patch_text(lines("diff --git a/a{0} b/a{1}\nsimilarity index 100%\nrename from a{0}\nrename to a{1}\n")), read_patch, 200
    ),
    "patch: blanks in names": hostile(patch_text(lambda n: "diff --git a/" + "a b/" * n + "\n"), read_patch, 500),
    "patch: lines that are nearly heads": hostile(patch_text(lambda n: "--- a\n" * n + "*** a\n" * n), read_patch, 1000),
    "patch: dates": hostile(patch_text(lambda n: "--- a" + " 2001" * n + "\n+++ b" + "\t" * n + "\n"), read_patch, 2000),
    "patch: ed commands": hostile(patch_text(lines("{0}c{0}\n< a\n---\n> b\n", "diff a.c b.c\n")), read_patch, 500),
    "patch: contexts": hostile(
        patch_text(lambda n: "*** a.c\n--- b.c\n" + "***************\n*** 1,3 ****\n  a\n! b\n  c\n--- 1,3 ----\n  a\n! d\n  c\n" * n),
        read_patch, 200,
    ),
    "patch: a binary": hostile(
        patch_text(lambda n: "diff --git a/x b/x\nnew file mode 100644\nGIT binary patch\nliteral 3\n" + "KcmZQzU|<A@00062\n" * n),
        read_patch, 1000,
    ),
    "header: at after at": hostile(headers(lambda n: "From: " + "a@" * n + "\n\n"), parse_header, 5000),
    "header: words": hostile(headers(lambda n: "Subject: " + "=?utf-8?q?a?= " * n + "\n\n"), parse_header, 500),
    "header: open words": hostile(headers(lambda n: "Subject: " + "=?utf-8?q?" * n + "\n\n"), parse_header, 1000),
    "header: folded": hostile(headers(lambda n: "Subject: a\n" + " b\n" * n + "\n"), parse_header, 1000),
    "header: comments": hostile(headers(lambda n: "From: " + "(" * n + " <a@b>\n\n"), parse_header, 2000),
    "header: quotes": hostile(headers(lambda n: "From: " + '"\\' * n + " <a@b>\n\n"), parse_header, 2000),
    "header: dates": hostile(headers(lambda n: "Date: " + "1 Jan " * n + "\n\n"), parse_header, 1000),
    "header: hex digits": hostile(headers(lambda n: "Subject: a\n\n" + "0123456789abcdef" * n + "\n"), parse_header, 1000),
    "header: fixes": hostile(headers(lambda n: "Subject: a\n\nFixes: " + '0123456789ab ("' * n + "\n"), parse_header, 500),
    "header: tags": hostile(headers(lambda n: "Subject: " + "[PATCH] " * n + "Re: " * n + "\n\n"), parse_header, 500),
    "header: blanks": hostile(headers(lambda n: "Subject: a\n\ncommit" + " " * n + "x\n" + "\n" * n), parse_header, 3000),
    "header: addresses": hostile(headers(lambda n: "Subject: a\n\nLink: https://" + "a/" * n + "\nLink: " + "https://" * n), parse_header, 1000),
    "header: cherries": hostile(headers(lambda n: "Subject: a\n\n" + "(cherry picked from commit " * n + "\n"), parse_header, 500),
}  # fmt: skip
