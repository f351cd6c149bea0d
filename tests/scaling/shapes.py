"""Inputs that grow, for every reader: `make(n, folder)` writes one of size n and gives what `read` takes.

Regular ones have to be read, hostile ones may be refused; both in time and memory that grow no faster than they do.
"""

from __future__ import annotations

import gzip
import io
import lzma
import random
import subprocess
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from kcfg.base.caches import keep_entry, read_entry
from kcfg.kbuild.includes import scan, tree_files
from kcfg.kbuild.read import read_kbuild
from kcfg.kconfig import config, snapshot
from kcfg.kconfig.parse import parse
from kcfg.show.sitefolder import MARK, check_folder
from kcfg.solver import encoding
from kcfg.solver.encode import encode
from kcfg.sources.open import open_source
from patches.queues.queue import open_queue
from patches.text.headers import parse_header
from patches.text.parse import parse_patch
from patches.upstreams.index import Index
from patches.upstreams.indexing import update
from patches.upstreams.scope import IndexScope
from patches.verdicts.archive import update_archive
from patches.verdicts.waivers import load_waivers as load_follow_ups
from profiles import load_profile
from profiles.check.waivers import load_waivers
from tests.kcfg.trees import write_tree

HEAD = "From: Ann Author <ann@example.org>\nDate: Mon, 17 Sep 2001 00:00:00 +0200\n"
DIFF = "--- a/{0}.c\n+++ b/{0}.c\n@@ -1,3 +1,3 @@ int f(void)\n int a;\n-int b{0};\n+int c{0};\n int d;\n"
SMALL = 'config A\n\tbool "a"\n'


class Shape(NamedTuple):
    """`small` is the smaller size; ten times as much is the larger one."""

    make: Callable[[int, Path], Any]
    read: Callable[[Any], object]
    small: int


def patch(number: int, folder: str = "a") -> str:
    """A patch that is like no other."""
    return (
        f"{HEAD}Message-Id: <{number}@example.org>\nSubject: [PATCH] x: change {number}\n\nA text.\n---\n"
        + DIFF.format(f"{folder}{number}")
    )


def written(name: str, text: Callable[[int], str | bytes]) -> Callable[[int, Path], str]:
    """A file of that name with that text."""

    def make(n: int, folder: Path) -> str:
        data = text(n)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)

    return make


def queue_with(name: str, text: Callable[[int], str]) -> Callable[[int, Path], str]:
    """The same with n patches beside it and in ./patches, p0.patch and so on."""

    def make(n: int, folder: Path) -> str:
        path = written(name, text)(n, folder)
        for number in range(n):
            (Path(path).parent / f"p{number}.patch").write_text(patch(number))
        return path

    return make


def lines(form: str, head: str = "", tail: str = "") -> Callable[[int], str]:
    """A line for each number."""
    return lambda n: head + "".join(form.format(number, number + 1) for number in range(n)) + tail


def tree_with(name: str, text: Callable[[int], str]) -> Callable[[int, Path], Any]:
    """A kernel source with that file in it."""

    def make(n: int, folder: Path) -> Any:
        files = {"Kconfig": SMALL, "include/linux/b.h": "int b;\n", name: text(n)}
        return open_source(str(write_tree(folder, files)))

    return make


def read_includes(source: Any) -> object:
    return scan(source, "x86_64", tree_files(source, "x86_64"))


def files_of_tree(n: int, folder: Path) -> Any:
    """Sources that include each other's headers."""
    files = {"Kconfig": SMALL}
    for number in range(n):
        files[f"d{number % 9}/f{number}.c"] = f'#include "h{number}.h"\n#include <linux/h{number // 2}.h>\nint a;\n'
        files[f"include/linux/h{number}.h"] = f"#ifdef CONFIG_A\n#include <linux/h{number + 1}.h>\n#endif\n"
    return open_source(str(write_tree(folder, files)))


def image(n: int) -> bytes:
    """A kernel image with a configuration of n lines at its end."""
    text = "".join(f"CONFIG_A{number}=y\n" for number in range(n)).encode()
    return b"MZ" + bytes(n * 64) + b"IKCFG_ST" + gzip.compress(text, mtime=0) + b"IKCFG_ED" + bytes(n)


def model_of(n: int, folder: Path) -> Any:
    text = 'config MODULES\n\tbool "m"\n\tmodules\n' + lines(
        'config A{0}\n\ttristate "a{0}"\n\tdepends on A{1} || MODULES\n\tselect B{0}\nconfig B{0}\n\tbool\n'
    )(n)
    return parse(open_source(str(write_tree(folder, text))), "x86_64")


def kept(n: int, folder: Path) -> Path:
    keep_entry(folder / "entry", random.Random(1).randbytes(n), 3)
    return folder / "entry"


def tar_of(n: int) -> bytes:
    out = io.BytesIO()
    files = {"Makefile": "VERSION = 6\nPATCHLEVEL = 12\n", "Kconfig": SMALL}
    files |= {f"d{number % 9}/Kconfig.{number}": SMALL for number in range(n)}
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"linux-6.12/{name}")
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return lzma.compress(out.getvalue(), preset=0)


def mails(n: int) -> str:
    return "".join(f"From a@b Mon Sep 17 00:00:00 2001\n{patch(number)}-- \n2.1\n\n" for number in range(n))


def history(n: int, folder: Path) -> Path:
    """A repository with n commits, each of a file that 50 lines are in."""
    subprocess.run(["git", "init", "-q", "--bare", folder], check=True)
    out = []
    for number in range(n):
        text = "".join(f"int f{number}_{line};\n" for line in range(50))
        told = f"x: change {number}\n\nFixes: 0123456789ab (x)\n"
        out.append(
            f"commit refs/heads/master\ncommitter A <a@b> {1_600_000_000 + number} +0000\ndata {len(told)}\n{told}\n"
            f"M 644 inline f{number % 40}.c\ndata {len(text)}\n{text}\n"
        )
    subprocess.run(["git", "-C", folder, "fast-import", "--quiet"], input="".join(out).encode(), check=True)
    subprocess.run(["git", "-C", folder, "tag", "first", f"master~{n - 1}"], check=True)
    return folder


def indexed(repository: Path) -> object:
    file = repository / "index.sqlite"
    file.unlink(missing_ok=True)
    return update(str(repository), file, IndexScope())


def an_index(n: int, folder: Path) -> Path:
    repository = history(n, folder)
    indexed(repository)
    return repository / "index.sqlite"


def read_index(path: Path) -> int:
    """All that an index says of each commit."""
    with closing(Index.open(path)) as index:
        for ident in range(index.count):
            index.fixing(ident), index.parts(ident), index.picks(ident)
        return index.count


def archived(path: str) -> object:
    index = Path(f"{path}.index")
    index.unlink(missing_ok=True)
    return update_archive(path, index)


def marked_site(n: int, folder: Path) -> Path:
    """A site of n pages, whose names are in a JSON file."""
    names = [f"p{number}.html" for number in range(n)]
    (folder / MARK).write_text('{"tool": "kcfg", "schema": 1, "files": ["' + '","'.join(names) + '"]}')
    for name in names:
        (folder / name).touch()
    return folder


def patch_text(text: Callable[[int], str]) -> Callable[[int, Path], bytes]:
    return lambda n, folder: text(n).encode()


def read_patch(data: bytes) -> object:
    return parse_patch("x.patch", data)


def headers(text: Callable[[int], str]) -> Callable[[int, Path], str]:
    return lambda n, folder: text(n)


def read_tree(source: Any) -> object:
    return parse(source, "x86_64")


def read_makefiles(source: Any) -> object:
    return read_kbuild(source, "x86_64")


def read_snapshot(data: bytes) -> object:
    return snapshot.loads(data, "x")


def read_config(path: str) -> object:
    return config.read_config(Path(path))


SPEC = "Name: xen\nVersion: 4.17\nSource0: x.tar.gz\n"
WAIVER = '[[waiver]]\nprofile = "p"\nsymbol = "A{0}"\nreason = "because"\nexpires = 2027-01-01\n'
FOLLOW_UP = '[[waiver]]\npatch = "a{0}.patch"\ncommit = "59d0bf62861f"\nreason = "because"\nexpires = 2027-01-01\n'
RULE = '[[rule]]\nlevel = "required"\nsymbol = "A{0}"\nvalue = ["y"]\nwhy = "it is"\nsource = "us"\n'
PROFILE = 'schema = 1\nname = "p"\ntitle = "P"\nkind = "policy"\nabout = "x"\narch = ["x86_64"]\nkernel = ">=5.10"\n'

SHAPES: dict[str, Shape] = {
    "configuration": Shape(written("x.config", lines("CONFIG_A{0}=y\n# CONFIG_B{0} is not set\n")), read_config, 5000),
    "configuration packed": Shape(
        written("x.gz", lambda n: gzip.compress(lines("CONFIG_A{0}=y\n")(n).encode())), read_config, 5000
    ),
    "kernel image": Shape(written("vmlinuz", image), read_config, 4000),
    "Kconfig": Shape(
        tree_with("Kconfig", lines('config A{0}\n\tbool "a{0}"\n\tdepends on A{1}\n\tselect B\n\thelp\n\t  Text.\n')),
        read_tree,
        400,
    ),
    "Kconfig in files": Shape(
        lambda n, folder: open_source(
            str(
                write_tree(
                    folder,
                    {
                        "Kconfig": lines('source "d/Kconfig.{0}"\n')(n),
                        **{f"d/Kconfig.{number}": f'config A{number}\n\tbool "a"\n' for number in range(n)},
                    },
                )
            )
        ),
        read_tree,
        200,
    ),
    "Makefile": Shape(
        tree_with("Kbuild", lines("obj-$(CONFIG_A{0}) += a{0}.o\na{0}-y := b{0}.o c{0}.o\n")), read_makefiles, 300
    ),
    "Makefile with ifs": Shape(
        tree_with("Kbuild", lines("ifdef CONFIG_A{0}\nobj-y += a{0}.o\nelse\nobj-m += b{0}.o\nendif\n")),
        read_makefiles,
        200,
    ),
    "includes": Shape(files_of_tree, read_includes, 150),
    "snapshot": Shape(lambda n, folder: snapshot.dumps(model_of(n, folder)), read_snapshot, 1000),
    "encoding": Shape(
        lambda n, folder: encoding.dumps(encode(model_of(n, folder))), lambda data: encoding.loads(data, "x"), 500
    ),
    "clauses": Shape(model_of, encode, 200),
    "cache entry": Shape(kept, read_entry, 3_000_000),
    "TOML waivers": Shape(written("w.toml", lines(WAIVER)), load_waivers, 100),
    "TOML follow-up waivers": Shape(written("f.toml", lines(FOLLOW_UP)), lambda path: load_follow_ups(path, ()), 100),
    "TOML profile": Shape(written("p.toml", lines(RULE, PROFILE)), load_profile, 80),
    "JSON": Shape(marked_site, check_folder, 500),
    "quilt": Shape(queue_with("patches/series", lines("p{0}.patch -p1\n")), open_queue, 100),
    "SUSE series.conf": Shape(
        queue_with("series.conf", lines("\tp{0}.patch\n", "# Kernel patches\n")), open_queue, 100
    ),
    "folder": Shape(queue_with("README", lambda n: ""), lambda path: open_queue(str(Path(path).parent)), 100),
    "spec": Shape(
        queue_with("x.spec", lines("Patch{0}: p{0}.patch\n", SPEC, "%prep\n%autosetup -p1\n")), open_queue, 100
    ),
    "Yocto recipe": Shape(
        queue_with("x_4.17.bb", lines(" file://p{0}.patch \\\n", 'SUMMARY = "x"\nSRC_URI = " \\\n', '"\n')),
        open_queue,
        100,
    ),
    "YAML": Shape(queue_with("config.yaml", lines("- patch: p{0}.patch\n", "patches:\n")), open_queue, 60),
    "APKBUILD": Shape(
        queue_with("APKBUILD", lines("\tp{0}.patch\n", 'pkgname=xen\npkgver=4.17\nsource="x.tar.gz\n', '\t"\n')),
        open_queue,
        60,
    ),
    "Nix": Shape(
        queue_with("default.nix", lines(" ./p{0}.patch", "{ x }: y { patches = [", " ]; }\n")), open_queue, 60
    ),
    "Buildroot": Shape(
        queue_with(
            "xen/xen.mk", lines("XEN_PATCH += p{0}.patch\n", "XEN_VERSION = 4.17\n", "$(eval $(generic-package))\n")
        ),
        open_queue,
        60,
    ),
    "mailbox": Shape(written("x.mbox", mails), open_queue, 100),
    "mail archive": Shape(written("x.mbox", mails), archived, 100),
    "git log": Shape(history, indexed, 200),
    "git range": Shape(history, lambda path: open_queue(f"{path}@first..master"), 60),
    "index": Shape(an_index, read_index, 200),
    "patch of many files": Shape(
        patch_text(lambda n: HEAD + "\n" + "".join(DIFF.format(one) for one in range(n))), read_patch, 300
    ),
    "patch of one long hunk": Shape(
        patch_text(lambda n: f"--- a/a.c\n+++ b/a.c\n@@ -1,{n} +1,{2 * n} @@\n" + lines(" int a{0};\n+int b{0};\n")(n)),
        read_patch,
        3000,
    ),
    "header": Shape(
        headers(
            lines('Signed-off-by: A{0} <a{0}@b>\nFixes: {0:012} ("x")\nLink: https://e.org/{0}\n', HEAD + "\nText.\n\n")
        ),
        parse_header,
        300,
    ),
    "tarball": Shape(
        lambda n, folder: written("x.tar.xz", tar_of)(n, folder), lambda path: parse(open_source(path), "x86_64"), 300
    ),
}
