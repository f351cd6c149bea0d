"""What is fuzzed: every reader of files that a stranger wrote, by name, with seeds of our own.

A target may raise UserError; whatever else it raises is a fault.
"""

from __future__ import annotations

import gzip
import io
import lzma
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from kcfg.base.caches import keep_entry, read_entry
from kcfg.base.version import KernelVersion
from kcfg.kbuild.includes import scan, tree_files
from kcfg.kbuild.read import read_kbuild
from kcfg.kconfig import config, snapshot
from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.parse import parse
from kcfg.kconfig.resolve import Resolver
from kcfg.solver import encoding
from kcfg.solver.encode import encode
from kcfg.sources.open import open_source
from patches.queues.queue import open_queue
from patches.text.changes import weight_of
from patches.text.headers import parse_header
from patches.text.parse import parse_patch
from patches.upstreams.index import Index
from patches.verdicts.archive import update_archive
from patches.verdicts.waivers import load_waivers as load_follow_ups
from profiles import load_profile
from profiles.check.waivers import load_waivers
from tests.kcfg.trees import write_tree

PATCH = b"""\
From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001
From: =?utf-8?q?Ann_=C3=84uthor?= <ann@example.org>
Date: Mon, 17 Sep 2001 00:00:00 +0200
Message-Id: <1@example.org>
Subject: [PATCH v2 3/7] xen: take the lock
 and give it back

commit 0123456789abcdef upstream
Fixes: 0123456789ab ("xen: a lock")
Bug-Debian: https://bugs.debian.org/1
(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)
---
 a.c | 2 +-
 1 file changed, 1 insertion(+), 1 deletion(-)

diff --git a/a.c b/a.c
index 1234567..89abcde 100644
--- a/a.c\t2001-09-17
+++ b/a.c
@@ -1,3 +1,3 @@ int f(void)
 int a;
-int b;
+int c;
 int d;
\\ No newline at end of file
diff --git a/old.c b/new.c
similarity index 100%
rename from old.c
rename to new.c
diff --git a/x.bin b/x.bin
new file mode 100644
GIT binary patch
literal 3
KcmZQzU|<A@00062

--\x20
2.1
"""
CONTEXT = b"*** a.c\n--- b.c\n***************\n*** 1,3 ****\n  a\n! b\n  c\n--- 1,3 ----\n  a\n! d\n  c\n"
NORMAL = b"diff a.c b.c\n2c2\n< b\n---\n> d\n5a6,7\n> e\n> f\n"
CONFIG = b"""\
#
# Automatically generated file; DO NOT EDIT.
# Linux/x86 6.12.0 Kernel Configuration
#
CONFIG_CC_VERSION_TEXT="gcc (GCC) 14.2.0"
CONFIG_MODULES=y
CONFIG_A=y
# CONFIG_B is not set
CONFIG_N=0x10
CONFIG_S="a \\"b\\" \\\\"
"""
KCONFIG = b"""\
mainmenu "Linux/$(ARCH) Configuration"
cc-yes = $(shell,true && echo y || echo n)
config MODULES
\tbool "modules"
\tmodules
menu "m"
\tvisible if MODULES
config A
\ttristate "a" if B || C = m
\tdepends on B && !C
\tdefault y if B
\tdefault $(cc-yes)
\tselect D if N > 3
\timply C
\thelp
\t  Text.

endmenu
choice
\tprompt "c"
\tdefault E
config E
\tbool "e"
config F
\tbool "f"
endchoice
if A
config B
\tbool
config C
\tdef_tristate m
endif
config D
\tbool
config N
\tint "n"
\trange 1 9 if A
\tdefault 3
config S
\tstring "s"
\tdefault "x"
config H
\thex
\tdefault 0x10
source "sub/Kconfig"
"""
MAKE = b"""\
obj-y += a.o dir/
obj-$(CONFIG_A) += b.o
b-y := c.o d.o
b-$(CONFIG_B) += e.o
ifdef CONFIG_C
obj-m += $(addprefix x/, f.o g.o)
else ifeq ($(CONFIG_N),3)
V := $(patsubst %.o,%.c,$(obj-y))
endif
$(foreach o,h i,$(eval obj-$(CONFIG_D) += $(o).o))
include $(src)/more.mk
"""
INCLUDES = b"""\
#include "a.h"
#ifdef CONFIG_A
#include <linux/b.h>
#elif defined(CONFIG_B) && !IS_ENABLED(CONFIG_C)
#include "c.h" // x
#else /* y */
#endif
"""
SPEC = b"""\
Name: xen
%global base 4.17
Version: %{base}.1
Source0: xen-%{version}.tar.gz
Patch1: a.patch
%if 0%{?rhel} >= 8
Patch2: %{name}-b.patch
%else
Patch3: https://example.org/c.patch
%endif
%include more.inc
%patchlist
d.patch
%prep
%autosetup -N -p1
%patch1 -p1 -R
%autopatch -m 2 -M 3
"""
RECIPE = b"""\
SUMMARY = "x"
PV = "4.17+git"
SRC_URI = "git://example.org/x.git;branch=master \\
    file://a.patch;striplevel=1 \\
    ${@bb.utils.contains('F', 'x', 'file://b.patch', '', d)} \\
"
SRC_URI:append:arm = " file://c.patch"
"""
BASH = b"""\
pkgname=xen
pkgver=4.17
_p=(a.patch "b $pkgver.patch")
source="https://example.org/$pkgname-$pkgver.tar.gz
\t${_p[@]}
\t"
for i in "${source[@]}"; do case $i in *.patch) patch -p1 < "$srcdir/${i##*/}";; esac; done
prepare() { cd "$srcdir"; [ -f x ] && patch -Np1 -i ../a.patch || return 1; }
"""
EBUILD = b"""\
EAPI=8
PV=4.17
PATCHES=( "${FILESDIR}"/${P}-a.patch )
src_prepare() { default; eapply "${FILESDIR}/b.patch"; }
"""
NIX = b"""\
{ fetchpatch, lib }: stdenv.mkDerivation rec {
  patches = [ ./a.patch (fetchpatch { url = "https://e.org/b.patch"; }) ] ++ lib.optionals x [ ./c.patch ];
}
"""
YAML = b"""\
patches:
- &a {patch: a.patch, order: 2, series: '6.1'}
- patches: [b.patch, a.patch]
  order: 1
  lower: 5.10
  upper: 6.12
- *a
"""
BUILDROOT = b"""\
XEN_VERSION = 4.17
XEN_SITE = https://example.org/$(XEN_VERSION)
ifeq ($(BR2_PACKAGE_XEN_X),y)
XEN_PATCH += $(XEN_SITE)/a.patch b.patch
endif
$(eval $(autotools-package))
"""
SUSE = b"# Kernel patches\n\tpatches.suse/a.patch\n+guard\tpatches.suse/b.patch # c\n-x patches.fixes/c.patch\n"
PROFILE = b"""\
schema = 1
name = "p"
title = "P"
kind = "policy"
about = "x"
arch = ["x86_64"]
kernel = ">=5.10"
[[rule]]
level = "required"
symbol = "XEN"
value = ["y"]
why = "w"
source = "s"
"""
WAIVERS = b'[[waiver]]\nprofile = "p"\nsymbol = "XEN"\nreason = "because"\nexpires = 2027-01-01\n'
FOLLOW_UPS = b'[[waiver]]\npatch = "a.patch"\ncommit = "59d0bf62861f"\nreason = "because"\nexpires = 2027-01-01\n'
NO_FIX = b"Subject: a\nNo-Fix: 59d0bf62861f until 2027-03-31: off\n here\nChange-Id: I" + b"1" * 40 + b"\n\ntext\n"
CHANGED = b'#define A(x) \\\n\t"b" /* c */\n// d\nint a = \'e\';\n#\ndefine f\n\0#define A(x) "b" /*\n * d */\nint a;\n'
SMALL = {"Kconfig": 'config A\n\tbool "a"\n'}
MAIL = b"From a@b Mon Sep 17 00:00:00 2001\n" + PATCH + b"\n"


class Target(NamedTuple):
    """`run` is given an input and a folder of its own, which it may leave as it likes."""

    seeds: tuple[bytes, ...]
    run: Callable[[bytes, Path], object]


def around(folder: Path, files: dict[str, str]) -> None:
    """A tree of small files, which are written once; no reader changes them."""
    if not (folder / "Makefile").exists():
        write_tree(folder, files)


def kconfig(data: bytes, folder: Path) -> None:
    """The Kconfig of a tree, a configuration under it, and its clauses."""
    around(folder, {"sub/Kconfig": 'config Z\n\tbool "z"\n'})
    (folder / "Kconfig").write_bytes(data)
    model = parse(open_source(str(folder)), "x86_64")
    values = read_user_values(model, config.parse_config(CONFIG, "c"))
    Resolver(model, values, {}).lines()
    encode(model)


def configuration(data: bytes, folder: Path) -> None:
    (folder / "x.config").write_bytes(data)
    config.read_config(folder / "x.config")


def makefile(data: bytes, folder: Path) -> None:
    around(folder, {"Kconfig": 'config A\n\tbool "a"\n', "more.mk": "obj-y += m.o\n", "dir/Makefile": "obj-y += n.o\n"})
    (folder / "Kbuild").write_bytes(data)
    read_kbuild(open_source(str(folder)), "x86_64")


def includes(data: bytes, folder: Path) -> None:
    around(folder, {**SMALL, "include/linux/b.h": "int b;\n"})
    (folder / "x.c").write_bytes(data)
    source = open_source(str(folder))
    scan(source, "x86_64", tree_files(source, "x86_64"))


def queue(name: str) -> Callable[[bytes, Path], object]:
    """A queue by a file of that name."""

    def run(data: bytes, folder: Path) -> None:
        for other in ("a.patch", "SOURCES/b.patch", "xen/0001-c.patch", "linux/generic/pending-6.12/d.patch"):
            if not (folder / other).exists():
                (folder / other).parent.mkdir(parents=True, exist_ok=True)
                (folder / other).write_bytes(PATCH)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        open_queue(str(path))

    return run


def mailbox(data: bytes, folder: Path) -> None:
    path, index = folder / "x.mbox", folder / "index"
    path.write_bytes(data)
    index.unlink(missing_ok=True)
    update_archive(str(path), index)


def old_index(data: bytes, folder: Path) -> None:
    path = folder / "index"
    path.write_bytes(data)
    for side in ("-wal", "-shm"):
        (folder / f"index{side}").unlink(missing_ok=True)
    with closing(Index.open(path)) as index:
        index.newest_tag(), index.newest_mail(), index.by_subject("xen: take the lock"), index.find_sha("01")
        index.by_message_id("1@example.org"), index.by_reference("XSA-1"), index.postings(range(1 << 4))
        for ident in range(index.count + 1):
            index.parts(ident), index.fixing(ident), index.reverts_of(ident), index.mail(ident), index.replies("1")


def tarball(data: bytes, folder: Path) -> None:
    path = folder / "x.tar.xz"
    path.write_bytes(data)
    parse(open_source(str(path)), "x86_64")


def kept(data: bytes, folder: Path) -> None:
    path = folder / "entry"
    path.write_bytes(data)
    read_entry(path)


def text_of(read: Callable[[str], object]) -> Callable[[bytes, Path], object]:
    return lambda data, folder: read(data.decode("utf-8", "surrogateescape"))


def weights(data: bytes, folder: Path) -> None:
    """What a change is of, by both of its sides, in each language."""
    old, _, new = data.partition(b"\0")
    for path in ("a.c", "a.S", "Makefile", "a.py", "README", "a"):
        weight_of(path, old, new)


def file_of(name: str, read: Callable[[str], object]) -> Callable[[bytes, Path], object]:
    def run(data: bytes, folder: Path) -> None:
        (folder / name).write_bytes(data)
        read(str(folder / name))

    return run


def tar_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in files.items():
            entry = tarfile.TarInfo(f"linux-6.12/{name}")
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def binaries() -> dict[str, bytes]:
    """Seeds that have to be computed."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (write_tree(folder, {"sub/Kconfig": ""}) / "Kconfig").write_bytes(KCONFIG)
        model = parse(open_source(str(folder)), "x86_64")
        keep_entry(folder / "entry", b"data" * 10, 3)
        box, index = folder / "x.mbox", folder / "index"
        box.write_bytes(MAIL * 2)
        update_archive(str(box), index)
        with closing(sqlite3.connect(index)) as base:  # small enough to be changed as a whole
            base.execute("PRAGMA journal_mode=DELETE")
            base.execute("PRAGMA page_size=512")
            base.execute("VACUUM")
        return {
            "snapshot": snapshot.dumps(model),
            "encoding": encoding.dumps(encode(model)),
            "entry": (folder / "entry").read_bytes(),
            "index": index.read_bytes(),
        }


def targets() -> dict[str, Target]:
    """Name -> target."""
    made, packed = binaries(), gzip.compress(CONFIG, mtime=0)
    tree = {"Makefile": b"VERSION = 6\nPATCHLEVEL = 12\n", "Kconfig": b"config A\n\tbool\n"}
    return {
        "config": Target((CONFIG, b"CONFIG_A=m\n", packed), configuration),
        "image": Target(
            (b"MZ" + bytes(64) + b"IKCFG_ST" + gzip.compress(CONFIG, mtime=0) + b"IKCFG_ED",), configuration
        ),
        "kconfig": Target((KCONFIG,), kconfig),
        "makefile": Target((MAKE,), makefile),
        "includes": Target((INCLUDES,), includes),
        "snapshot": Target((made["snapshot"],), lambda data, folder: snapshot.loads(data, "x")),
        "encoding": Target((made["encoding"],), lambda data, folder: encoding.loads(data, "x")),
        "cache entry": Target((made["entry"],), kept),
        "index": Target((made["index"],), old_index),
        "tarball": Target((tar_of(tree), lzma.compress(tar_of(tree))), tarball),
        "profile": Target((PROFILE,), file_of("p.toml", load_profile)),
        "waivers": Target((WAIVERS,), file_of("w.toml", load_waivers)),
        "follow-up waivers": Target((FOLLOW_UPS,), file_of("w.toml", lambda path: load_follow_ups(path, ()))),
        "weight": Target((CHANGED,), weights),
        "patch": Target((PATCH, CONTEXT, NORMAL), lambda data, folder: parse_patch("x.patch", data)),
        "header": Target((PATCH[:700], NO_FIX), text_of(parse_header)),
        "version": Target((b"6.12.3-rc1", b"5.10"), text_of(lambda text: KernelVersion.parse(text))),
        "quilt": Target((b"# head\na.patch -p1\nb.patch -R # c\n",), queue("patches/series")),
        "suse": Target((SUSE,), queue("series.conf")),
        "spec": Target((SPEC,), queue("x.spec")),
        "recipe": Target((RECIPE,), queue("x_4.17.bb")),
        "apkbuild": Target((BASH,), queue("APKBUILD")),
        "pkgbuild": Target((BASH,), queue("PKGBUILD")),
        "ebuild": Target((EBUILD,), queue("xen-4.17.ebuild")),
        "nix": Target((NIX,), queue("default.nix")),
        "yaml": Target((YAML,), queue("config.yaml")),
        "buildroot": Target((BUILDROOT,), queue("xen/xen.mk")),
        "openwrt": Target((b"ARCH:=x86_64\nKERNEL_PATCHVER:=6.12\n",), queue("linux/generic/Makefile")),
        "mailbox": Target((MAIL, MAIL * 3), queue("x.mbox")),
        "archive": Target((MAIL, MAIL * 3), mailbox),
    }
