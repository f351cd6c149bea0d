"""The ways of a patch's files into the kernel."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import msgspec
import pytest

from kcfg.base.errors import UserError
from kcfg.kbuild.condition import describe
from kcfg.sources.source import Source
from patches.relevance.absent import absent_ways, moved_to, new_ways
from patches.relevance.data import FileKind, FileReasonKind
from patches.relevance.inclusions import added_inclusions, inclusions, nearness, new_inclusions
from patches.relevance.owners import (
    beside_kernel,
    folder_that_names,
    how_named,
    is_elsewhere,
    judged_path,
    known_ways,
    owners_of,
    ways_of_file,
)
from patches.relevance.touched import gone, kconfig_ways, makefile_ways, named, parts, touched_options, whole_makefile
from patches.relevance.tree import Tree, visited
from patches.relevance.ways import FileWays, because
from tests.patches.relevance.queues import TREE, change
from tests.patches.relevance.small import changed, diff_of, tree_of


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The small tree, and a queue that adds a folder, a source, a header and an option."""
    patches = {
        "1.patch": change("xen/Makefile", TREE["xen/Makefile"], TREE["xen/Makefile"] + "obj-$(CONFIG_NEW) += new.o\n"),
        "2.patch": change("xen/new.c", "", '#include "fresh.h"\n') + change("xen/fresh.h", "", "int fresh;\n"),
        "3.patch": change("xen/Kconfig", "", 'config NEW\n\tbool "new"\n') + change("xen/lost.c", "", "int lost;\n"),
        "4.patch": change("xen/pv.h", '#include "deep.h"\n', '#include "deep.h"\n#include "near.h"\n')
        + change("xen/near.h", "", "int near;\n"),
    }
    return tree_of(tmp_path_factory.mktemp("owners"), patches)


PV = "xen/pv.o when (XEN=y && XEN_PV=y) || (XEN && XEN_PV=m)"


def ways(found: FileWays) -> list[str]:
    """ "owner when condition", with what leads there."""
    return [
        f"{way.owner} when {describe(way.condition)}" + (f" over {' '.join(way.via)}" if way.via else "")
        for way in found.ways
    ]


def test_a_tree_knows_its_folders_files_and_objects(tree: Tree) -> None:
    assert (tree.own_folder, tree.partial, "x86" in tree.arch_folders) == ("x86", False, True)
    assert {"drivers", "xen", "init", "include"} <= tree.tops
    assert tree.names["pv.h"] == ["xen/pv.h"]
    assert [tree.there(path) for path in ("xen/pv.h", "xen/new.c", "../x")] == [True, False, False]
    assert (tree.objects_of("xen/pv.c"), tree.objects_of("xen/new.c")) == (["xen/pv.o"], [])
    assert tree.objects_of("xen/new.c", added=True) == ["xen/new.o"]
    assert "hostprogs" in tree.makefile_text("drivers")
    assert tree.makefile_text("none") == ""
    assert list(tree.own_options) == ["NEW"]
    assert describe(visited(tree.kbuild)["xen"]) == "XEN"


@pytest.mark.parametrize(
    ("path", "kind", "found"),
    [
        ("drivers/netf.c", FileKind.SOURCE, ["drivers/netf.o when NETF"]),
        ("drivers/netf.h", FileKind.HEADER, ["drivers/netf.o when NETF over drivers/netf.c"]),
        ("drivers/part.c", FileKind.HEADER, ["drivers/two.o when DRV over drivers/two.c"]),
        ("xen/deep.h", FileKind.HEADER, [f"{PV} over xen/pv.h xen/pv.c"]),
        ("include/linux/onlypv.h", FileKind.HEADER, ["init/main.o when XEN_PV=y over include/linux/all.h init/main.c"]),
        ("drivers/gen.c", FileKind.HELPER, ["drivers/ when always"]),
        ("drivers/stray.c", FileKind.UNNAMED, []),
        ("drivers/stray.h", FileKind.UNNAMED, []),
        ("arch/arm/foo.c", FileKind.ARCHITECTURE, []),
        ("Documentation/x.rst", FileKind.DOCUMENTATION, []),
        ("tools/t.c", FileKind.TOOLS, []),
        ("drivers/gone.c", FileKind.GONE, []),
        ("nowhere/x.c", FileKind.GONE, []),
        ("xen/new.c", FileKind.SOURCE, ["xen/new.o when (XEN=y && NEW=y) || (XEN && NEW=m)"]),
        ("xen/lost.c", FileKind.UNKNOWN, []),
        ("xen/near.h", FileKind.HEADER, [f"{PV} over xen/pv.h xen/pv.c"]),
    ],
)
def test_a_file_s_ways_into_the_kernel(tree: Tree, path: str, kind: FileKind, found: list[str]) -> None:
    it = ways_of_file(tree, changed(path))
    assert (it.kind, ways(it)) == (kind, found)
    assert bool(it.reason) == (not found or kind is FileKind.HELPER)


@pytest.mark.parametrize(
    ("path", "kind", "text"),
    [
        ("drivers/gen.c", FileReasonKind.PROGRAM, ""),
        ("drivers/stray.c", FileReasonKind.NO_MAKEFILE, "x86_64"),
        ("drivers/stray.h", FileReasonKind.NOT_INCLUDED, "x86_64"),
        ("drivers/x.dts", FileReasonKind.GONE, ""),
        ("arch/arm/foo.c", FileReasonKind.ARCHITECTURE, "arm"),
        ("Documentation/x.rst", FileReasonKind.DOCUMENTATION, ""),
        ("tools/t.c", FileReasonKind.BESIDE, "tools"),
        ("nowhere/x.c", FileReasonKind.GONE, ""),
        ("xen/lost.c", FileReasonKind.NEW_SOURCE, ""),
        ("lib/Makefile", FileReasonKind.GONE, ""),
    ],
)
def test_what_else_there_is_to_know_of_a_file(tree: Tree, path: str, kind: FileReasonKind, text: str) -> None:
    (reason,) = ways_of_file(tree, changed(path)).reason
    assert (reason.kind, reason.text) == (kind, text)


def test_a_patch_s_files_each_have_their_ways(tree: Tree) -> None:
    found = owners_of(tree, [changed("drivers/netf.c"), changed("tools/t.c")])
    assert [(it.path, it.kind) for it in found] == [("drivers/netf.c", FileKind.SOURCE), ("tools/t.c", FileKind.TOOLS)]


def test_a_file_is_judged_under_its_old_name_where_the_tree_has_that(tree: Tree) -> None:
    def renamed(old: str, new: str) -> str:
        text = f"diff --git a/{old} b/{new}\nsimilarity index 100%\nrename from {old}\nrename to {new}\n"
        return judged_path(tree, diff_of(text))

    assert renamed("xen/pv.c", "xen/x.c") == "xen/pv.c"
    assert renamed("xen/gone.c", "xen/x.c") == "xen/x.c"
    assert judged_path(tree, changed("xen/gone.c", new="")) == "xen/gone.c"


def test_a_top_folder_that_the_tree_lacks_is_another_project_s(tree: Tree) -> None:
    assert [is_elsewhere(tree, path) for path in ("libs/a.c", "xen/a.c", "a.c")] == [True, False, False]


def test_what_may_be_of_the_kernel_is_not_beside_it(tree: Tree) -> None:
    assert beside_kernel(tree, "arch/x86/a.c", changed("arch/x86/a.c")) is None
    assert beside_kernel(tree, "arch/Kconfig", changed("arch/Kconfig")) is None
    assert beside_kernel(tree, "xen/pv.c", changed("xen/pv.c")) is None


def test_a_moved_file_s_ways_are_told_under_the_patch_s_name(tree: Tree) -> None:
    found = known_ways(tree, "xen/pvh.c", changed("xen/old.c"))
    assert (found.path, ways(found)[0].split()[0]) == ("xen/old.c", "xen/pvh.o")


@pytest.mark.parametrize(
    ("line", "path", "how"),
    [
        ("hostprogs := gen mk", "d/gen.c", FileReasonKind.PROGRAM),
        ("gen-objs := main.o", "d/main.c", FileReasonKind.PROGRAM),
        ("obj-y += main.o", "d/main.c", None),
        ("hostprogs := generator", "d/gen.c", None),
        ("$(obj)/x: $(src)/table.tbl", "d/table.tbl", FileReasonKind.NAMED),
        ("extra-y += vmlinux.lds", "d/vmlinux.lds.S", None),
    ],
)
def test_how_a_line_makes_something_of_a_file(line: str, path: str, how: FileReasonKind | None) -> None:
    assert how_named(line, path) == how


def test_the_folder_whose_makefile_names_a_file_is_looked_for_two_up(tree: Tree) -> None:
    assert folder_that_names(tree, "drivers/gen.c") == ("drivers", FileReasonKind.PROGRAM)
    assert folder_that_names(tree, "xen/x.lds.S") == ("xen", FileReasonKind.LINKER_SCRIPT)
    assert folder_that_names(tree, "xen/stray.c") is None
    assert folder_that_names(tree, "none/gen.c") is None


# Files that are not there.


def test_a_new_file_that_nothing_uses_says_so(tree: Tree) -> None:
    paths = ("xen/a.c", "xen/a.h", "xen/a.dts", "xen/a.x")
    assert [one.kind for path in paths for one in new_ways(tree, path, changed(path, "")).reason] == [
        FileReasonKind.NEW_SOURCE, FileReasonKind.NEW_HEADER, FileReasonKind.DEVICE_TREE, FileReasonKind.NEW_OTHER,
    ]  # fmt: skip
    assert new_ways(tree, "xen/new.c", changed("xen/new.c", "")).new


LINES = "".join(f"int moved_line_{n}(void);\n" for n in range(5))


def test_a_file_that_moved_is_found_by_its_lines(tmp_path: Path) -> None:
    made = tree_of(tmp_path, more={"drivers/deep/netf.c": LINES, "xen/mod/main.c": LINES})
    assert moved_to(made, "gone/netf.c", changed("gone/netf.c", LINES)) == "drivers/deep/netf.c"
    assert moved_to(made, "xen/mod.c", changed("xen/mod.c", LINES)) == "xen/mod/main.c"
    few = "".join(LINES.splitlines(True)[:2])
    assert moved_to(made, "gone/netf.c", changed("gone/netf.c", few)) == ""
    half = LINES + "".join(f"int other_line_{n}(void);\n" for n in range(5))
    assert moved_to(made, "gone/netf.c", changed("gone/netf.c", half)) == ""
    told = absent_ways(
        made,
        "gone/netf.c",
        changed("gone/netf.c", LINES),
        lambda _, path, one: FileWays(one.path, FileKind.SOURCE, reason=because(FileReasonKind.NAMED, path)),
    )
    assert [(one.kind, one.text) for one in told.reason] == [
        (FileReasonKind.MOVED, "drivers/deep/netf.c"),
        (FileReasonKind.NAMED, "drivers/deep/netf.c"),
    ]


class Unreadable:
    """A source of which one file cannot be read."""

    def __init__(self, source: Source, path: str) -> None:
        self.source, self.path = source, path

    def exists(self, path: str) -> bool:
        return self.source.exists(path)

    def read(self, path: str) -> bytes:
        if path == self.path:
            raise UserError("permission denied", where=f"linux:{path}")
        return self.source.read(path)


def unreadable(tree: Tree, path: str) -> Tree:
    """The tree, a file of which can no more be read."""
    return msgspec.structs.replace(tree, source=cast("Source", Unreadable(tree.source, path)))


def test_a_makefile_that_cannot_be_read_is_told_and_not_taken_for_none(tree: Tree) -> None:
    (found,) = owners_of(unreadable(tree, "drivers/Makefile"), [changed("drivers/gen.c")])
    assert (found.kind, list(found.ways)) == (FileKind.UNKNOWN, [])
    assert found.reason == because(FileReasonKind.UNREADABLE, "linux:drivers/Makefile: permission denied")
    (found,) = owners_of(unreadable(tree, "xen/Makefile"), [changed("drivers/gen.c")])
    assert found.kind is FileKind.HELPER


def test_a_file_that_cannot_be_read_may_be_the_one_that_moved(tmp_path: Path) -> None:
    made = tree_of(tmp_path, more={"drivers/deep/netf.c": LINES, "drivers/more/netf.c": "int other;\n"})
    patch = changed("drivers/gone/netf.c", LINES)
    (found,) = owners_of(unreadable(made, "drivers/deep/netf.c"), [patch])
    assert (found.kind, found.reason) == (
        FileKind.UNKNOWN,
        because(FileReasonKind.UNREADABLE, "linux:drivers/deep/netf.c: permission denied"),
    )
    assert moved_to(unreadable(made, "drivers/more/netf.c"), "drivers/gone/netf.c", patch) == "drivers/deep/netf.c"


def test_a_file_that_is_gone_names_those_of_the_same_name_nearby(tree: Tree) -> None:
    assert gone(tree, "xen/sub/pv.c", changed("x.c")).reason == because(FileReasonKind.GONE, names=("xen/pv.c",))
    assert gone(tree, "a/b.c", changed("a/b.c")).reason == because(FileReasonKind.GONE)


# Inclusions.


def test_a_file_that_nothing_includes_has_no_inclusions(tree: Tree) -> None:
    assert list(inclusions(tree, "drivers/stray.h")) == list(inclusions(tree, "none.h")) == []
    assert list(new_inclusions(tree, "xen/none.h")) == []


def test_a_new_header_comes_in_over_new_and_old_files_and_never_over_itself(tree: Tree) -> None:
    assert [(way.owner, way.via) for way in new_inclusions(tree, "xen/fresh.h")] == [("xen/new.o", ("xen/new.c",))]
    assert list(added_inclusions(tree, "xen/fresh.h", {"xen/new.c"})) == []


def test_includers_of_the_same_folder_and_name_are_nearest(tree: Tree) -> None:
    number = tree.includes.number
    order = sorted(("init/main.c", "xen/pv.c", "xen/core.c"), key=lambda path: nearness(tree, "xen/pv.h", number[path]))
    assert order == ["xen/pv.c", "xen/core.c", "init/main.c"]


# Kconfig files and Makefiles.


def test_the_options_on_touched_lines_are_those_of_their_blocks() -> None:
    old = 'config A\n\tbool "a"\nconfig B\n\tbool "b"\n# said\n'
    assert touched_options(changed("Kconfig", old, old.replace('"b"', '"x"'))) == ("B",)
    assert touched_options(changed("Kconfig", old, old + "config C\n\tbool\n")) == ("C",)
    assert touched_options(changed("Kconfig", old, old + 'source "x"\n')) == ()
    hunk = "--- a/Kconfig\n+++ b/Kconfig\n@@ -9,2 +9,3 @@ config FAR\n \tbool\n+\tdefault y\n \n"
    assert touched_options(diff_of(hunk)) == ("FAR",)


def test_a_kconfig_file_is_its_touched_options_or_all(tree: Tree) -> None:
    old = TREE["drivers/Kconfig"]
    one = changed("drivers/Kconfig", old, old.replace('"drv"', '"driver"'))
    assert ways(kconfig_ways(tree, "drivers/Kconfig", one)) == ["DRV when DRV"]
    other = changed("drivers/Kconfig", old, old + 'comment "x"\n')
    found = kconfig_ways(tree, "drivers/Kconfig", other)
    assert ways(found) == ["DRV when DRV", "OTHER when OTHER"]
    assert [str(way.where) for way in found.ways] == ["drivers/Kconfig:1", "drivers/Kconfig:3"]
    assert kconfig_ways(tree, "gone/Kconfig", changed("gone/Kconfig")).kind is FileKind.GONE


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("obj-y += a.o sub/ b.o # c.o", ["a.o", "sub/", "b.o"]),
        ("CFLAGS_foo.o := -I.", ["foo.o"]),
        ("KASAN_SANITIZE_foo.o := n", ["foo.o"]),
        ("ccflags-y += -I$(src)/x/", []),
        ("x-objs := /a.o", ["a.o"]),
        ("# obj-y += a.o", []),
    ],
)
def test_the_objects_and_folders_that_a_makefile_s_line_names(line: str, names: list[str]) -> None:
    assert list(named(line)) == names


@pytest.mark.parametrize(
    ("more", "kind", "found"),
    [
        ("obj-m += netf.o\n", FileKind.MAKEFILE, ["drivers/netf.o when NETF"]),
        ("CFLAGS_drv.o := -g\n", FileKind.MAKEFILE, ["drivers/one.o when DRV", "drivers/two.o when DRV"]),
        ("ccflags-y += -g\n", FileKind.MAKEFILE, ["drivers/ when always"]),
        ("obj-y += nothing.o\n", FileKind.UNKNOWN, []),
    ],
)
def test_a_makefile_is_the_objects_on_its_touched_lines_or_its_folder(
    tree: Tree, more: str, kind: FileKind, found: list[str]
) -> None:
    old = TREE["drivers/Makefile"]
    it = makefile_ways(tree, "drivers/Makefile", changed("drivers/Makefile", old, old + more))
    assert (it.kind, ways(it)) == (kind, found)
    lost = because(FileReasonKind.UNKNOWN_OBJECTS, names=("nothing.o",))
    assert it.reason == (() if found else lost)


def test_a_makefile_by_its_place(tree: Tree) -> None:
    one = changed("x", "# a\n", "# b\n")
    assert ways(makefile_ways(tree, "Makefile", one)) == ["/ when always"]
    arch = whole_makefile(tree, "arch/x86/Makefile", one)
    assert (ways(arch), arch.reason) == (["arch/x86/Makefile when always"], because(FileReasonKind.WHOLE_KERNEL))
    listed = whole_makefile(tree, "xen/Makefile", one)
    assert (ways(listed), whole_makefile(tree, "lib/Makefile", one).kind) == (["xen/ when XEN"], FileKind.UNNAMED)
    assert whole_makefile(tree, "lib/Makefile", one).reason == because(FileReasonKind.NOT_VISITED, "x86_64")
    assert makefile_ways(tree, "gone/Makefile", one).kind is FileKind.GONE


def test_a_composite_s_parts_are_made_once(tree: Tree) -> None:
    assert parts(tree.kbuild)["drivers/drv.o"] == ["drivers/one.o", "drivers/two.o"]
    assert parts(tree.kbuild) is parts(tree.kbuild)
