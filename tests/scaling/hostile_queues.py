"""Queues, mails and patches that somebody made to take long."""

from __future__ import annotations

import gzip
from pathlib import Path

from patches.queues.queue import open_queue
from patches.text.headers import parse_header
from tests.scaling.hostile import doubled, wrapped
from tests.scaling.shapes import (
    DIFF,
    HEAD,
    SPEC,
    Shape,
    archived,
    headers,
    lines,
    patch_text,
    queue_with,
    read_patch,
    written,
)


def chain(n: int) -> str:
    return (
        SPEC
        + "%if 0\n"
        + "".join(f"%elif {number} == 0\nPatch{number}: p{number}.patch\n" for number in range(n))
        + "%endif\n"
    )


def bomb(n: int) -> bytes:
    return gzip.compress(b"--- a/a.c\n+++ b/a.c\n@@ -0,0 +1,%d @@\n" % (n * 100) + b"+int a;\n" * (n * 100), mtime=0)


def queue_with_bomb(n: int, folder: Path) -> str:
    (folder / "a.patch.gz").write_bytes(bomb(n))
    return written("series", lambda n: "a.patch.gz\n")(n, folder)


HOSTILE_QUEUES: dict[str, Shape] = {
    "YAML: aliases that double": Shape(
        written(
            "config.yaml",
            lambda n: (
                "a0: &a0 [x, x]\n"
                + "".join(f"a{one + 1}: &a{one + 1} [*a{one}, *a{one}]\n" for one in range(n))
                + f"patches:\n- patch: a.patch\n  x: *a{n}\n"
            ),
        ),
        open_queue,
        40,
    ),
    "YAML: merged keys that double": Shape(
        written(
            "config.yaml",
            lambda n: (
                "a0: &a0 {x: 1}\n"
                + "".join(f"a{one + 1}: &a{one + 1} {{<<: [*a{one}, *a{one}], y{one}: 1}}\n" for one in range(n))
                + "patches:\n- patch: a.patch\n"
            ),
        ),
        open_queue,
        40,
    ),
    "YAML: brackets": Shape(
        written("config.yaml", lambda n: "patches:\n- patch: a.patch\n  x: " + "[" * n), open_queue, 1000
    ),
    "YAML: mappings in each other": Shape(
        written("config.yaml", lambda n: "".join(" " * one + "patches:\n" for one in range(n))), open_queue, 20
    ),
    "spec: as many patches as autosetups": Shape(
        queue_with("x.spec", lambda n: lines("Patch{0}: p{0}.patch\n", SPEC, "%prep\n")(n) + "%autosetup -p1\n" * n),
        open_queue,
        150,
    ),
    "spec: as many patches as autopatches": Shape(
        queue_with(
            "x.spec", lambda n: lines("Patch{0}: p{0}.patch\n", SPEC, "%prep\n%setup\n")(n) + "%autopatch -p1\n" * n
        ),
        open_queue,
        150,
    ),
    "spec: nested ifs": Shape(
        written("x.spec", wrapped("%if 1\n", "%endif\n", SPEC, inner="Patch1: a.patch\n")), open_queue, 200
    ),
    "spec: a chain of elif": Shape(written("x.spec", chain), open_queue, 200),
    "spec: macros that double": Shape(
        written(
            "x.spec",
            lambda n: (
                SPEC
                + "%global v0 a\n"
                + "".join(f"%global v{one + 1} %{{v{one}}}%{{v{one}}}\n" for one in range(n))
                + f"Patch1: %{{v{n}}}.patch\n"
            ),
        ),
        open_queue,
        40,
    ),
    "spec: late macros that double": Shape(
        written("x.spec", doubled("%define v{0} %{{v{1}}}%{{v{1}}}\n", SPEC, "Patch1: %{v0}.patch\n")), open_queue, 40
    ),
    "spec: braces": Shape(
        written("x.spec", wrapped("%{?a:", "}", SPEC + "Patch1: ", "\n", "b.patch")), open_queue, 200
    ),
    "spec: open braces": Shape(written("x.spec", lambda n: SPEC + "Patch1: " + "%{" * n + "\n"), open_queue, 500),
    "Yocto: variables that double": Shape(
        written("x_1.bb", doubled('V{0} = "${{V{1}}} ${{V{1}}}"\n', tail='SRC_URI = "${V0}"\n')), open_queue, 40
    ),
    "Yocto: overrides": Shape(
        written("x_1.bb", lines('SRC_URI:append:o{0} = " file://a{0}.patch"\n', 'SRC_URI = ""\n')), open_queue, 200
    ),
    "Yocto: python": Shape(
        written("x_1.bb", wrapped("${@bb.utils.contains('a', 'b', ", ", '', d)}", 'SRC_URI = "', '"\n', "'c'")),
        open_queue,
        50,
    ),
    "APKBUILD: variables that double": Shape(
        written("APKBUILD", lambda n: "pkgname=x\nv=a\n" + "v=$v$v\n" * n + 'source="$v.patch"\n'), open_queue, 40
    ),
    "APKBUILD: braces": Shape(written("APKBUILD", lambda n: "pkgname=x\nsource=" + "{a,b}" * n + "\n"), open_queue, 40),
    "APKBUILD: loops in loops": Shape(
        written("APKBUILD", wrapped("for i in 1 2 3; do\n", "done\n", "pkgname=x\n", inner="source=$source$i.patch\n")),
        open_queue,
        20,
    ),
    "APKBUILD: substitutions": Shape(
        written("APKBUILD", wrapped("${a:-", "}", "pkgname=x\nsource=", "\n", "b")), open_queue, 100
    ),
    "Nix: brackets": Shape(
        written("default.nix", wrapped("(", ")", "{ x }: y { patches = ", "; }\n", "a")), open_queue, 200
    ),
    "Buildroot: variables that double": Shape(
        written("xen/xen.mk", doubled("V{0} = $(V{1}) $(V{1})\n", "XEN_VERSION = 1\n", "XEN_PATCH = $(V0)\n")),
        open_queue,
        40,
    ),
    "quilt: one patch often": Shape(queue_with("patches/series", lambda n: "p0.patch\n" * n), open_queue, 200),
    "SUSE: guards": Shape(
        written("series.conf", lambda n: "# Kernel patches\n\t" + "+a " * n + "patches.suse/a.patch\n"),
        open_queue,
        2000,
    ),
    "mailbox: only beginnings": Shape(
        written("x.mbox", lambda n: "From a@b Mon Sep 17 00:00:00 2001\n" * n), open_queue, 1000
    ),
    "archive: replies in a chain": Shape(
        written(
            "x.mbox",
            lambda n: "".join(
                f"From a@b Mon Sep 17 00:00:00 2001\nMessage-Id: <{one}@b>\nIn-Reply-To: <{one - 1}@b>\n"
                f"Subject: Re: [PATCH] x\n\nApplied, thanks.\n\n"
                for one in range(n)
            ),
        ),
        archived,
        200,
    ),
    "archive: one name for all": Shape(
        written(
            "x.mbox",
            lambda n: (
                (
                    "From a@b Mon Sep 17 00:00:00 2001\nMessage-Id: <1@b>\nIn-Reply-To: <1@b>\n"
                    + HEAD
                    + "Subject: [PATCH] x\n\n"
                    + DIFF.format("a")
                    + "\n"
                )
                * n
            ),
        ),
        archived,
        100,
    ),
    "archive: parts in parts": Shape(
        written(
            "x.mbox",
            lambda n: (
                "From a@b Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n"
                + "".join(f'Content-Type: multipart/mixed; boundary="b{one}"\n\n--b{one}\n' for one in range(n))
                + "\n\ntext\n"
            ),
        ),
        archived,
        20,
    ),
    "patch: a packed bomb": Shape(queue_with_bomb, open_queue, 20),
    "patch: hunks of one file": Shape(
        patch_text(lambda n: "--- a/a.c\n+++ b/a.c\n" + lines("@@ -{0},1 +{0},1 @@ f\n-a{0}\n+b{0}\n")(n)),
        read_patch,
        500,
    ),
    "patch: only heads of files": Shape(patch_text(lines("diff --git a/a{0} b/a{0}\n")), read_patch, 500),
    "patch: renamed files": Shape(
        patch_text(lines("diff --git a/a{0} b/a{1}\nsimilarity index 100%\nrename from a{0}\nrename to a{1}\n")),
        read_patch,
        200,
    ),
    "patch: blanks in names": Shape(patch_text(lambda n: "diff --git a/" + "a b/" * n + "\n"), read_patch, 500),
    "patch: lines that are nearly heads": Shape(patch_text(lambda n: "--- a\n" * n + "*** a\n" * n), read_patch, 1000),
    "patch: dates": Shape(patch_text(lambda n: "--- a" + " 2001" * n + "\n+++ b" + "\t" * n + "\n"), read_patch, 2000),
    "patch: ed commands": Shape(patch_text(lines("{0}c{0}\n< a\n---\n> b\n", "diff a.c b.c\n")), read_patch, 500),
    "patch: contexts": Shape(
        patch_text(
            lambda n: (
                "*** a.c\n--- b.c\n" + "***************\n*** 1,3 ****\n  a\n! b\n  c\n--- 1,3 ----\n  a\n! d\n  c\n" * n
            )
        ),
        read_patch,
        200,
    ),
    "patch: a binary": Shape(
        patch_text(
            lambda n: (
                "diff --git a/x b/x\nnew file mode 100644\nGIT binary patch\nliteral 3\n" + "KcmZQzU|<A@00062\n" * n
            )
        ),
        read_patch,
        1000,
    ),
    "header: at after at": Shape(headers(lambda n: "From: " + "a@" * n + "\n\n"), parse_header, 5000),
    "header: words": Shape(headers(lambda n: "Subject: " + "=?utf-8?q?a?= " * n + "\n\n"), parse_header, 500),
    "header: open words": Shape(headers(lambda n: "Subject: " + "=?utf-8?q?" * n + "\n\n"), parse_header, 1000),
    "header: folded": Shape(headers(lambda n: "Subject: a\n" + " b\n" * n + "\n"), parse_header, 1000),
    "header: comments": Shape(headers(lambda n: "From: " + "(" * n + " <a@b>\n\n"), parse_header, 2000),
    "header: quotes": Shape(headers(lambda n: "From: " + '"\\' * n + " <a@b>\n\n"), parse_header, 2000),
    "header: dates": Shape(headers(lambda n: "Date: " + "1 Jan " * n + "\n\n"), parse_header, 1000),
    "header: hex digits": Shape(
        headers(lambda n: "Subject: a\n\n" + "0123456789abcdef" * n + "\n"), parse_header, 1000
    ),
    "header: fixes": Shape(
        headers(lambda n: "Subject: a\n\nFixes: " + '0123456789ab ("' * n + "\n"), parse_header, 500
    ),
    "header: tags": Shape(headers(lambda n: "Subject: " + "[PATCH] " * n + "Re: " * n + "\n\n"), parse_header, 500),
    "header: blanks": Shape(headers(lambda n: "Subject: a\n\ncommit" + " " * n + "x\n" + "\n" * n), parse_header, 3000),
    "header: addresses": Shape(
        headers(lambda n: "Subject: a\n\nLink: https://" + "a/" * n + "\nLink: " + "https://" * n), parse_header, 1000
    ),
    "header: cherries": Shape(
        headers(lambda n: "Subject: a\n\n" + "(cherry picked from commit " * n + "\n"), parse_header, 500
    ),
}
