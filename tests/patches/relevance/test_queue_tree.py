"""What a queue adds to a tree."""

from __future__ import annotations

from pathlib import Path

from kcfg.answers.facts import Location
from kcfg.sources.open import open_source
from patches.queues.queue import open_queue
from patches.relevance.queue_tree import (
    QueueOption,
    QueueTree,
    TreeWith,
    added_includes,
    encoded,
    fitting,
    lacking,
    queue_tree,
    shown_variables,
)
from tests.patches.relevance.queues import TREE, change, small_tree, write_queue
from tests.patches.relevance.small import changed, diff_of


def added(folder: Path, patches: dict[str, str]) -> QueueTree:
    source = open_source(str(small_tree(folder / "linux")))
    return queue_tree(source, open_queue(str(write_queue(folder / "queue", patches))).entries)


def test_created_files_are_those_that_are_new_renamed_or_copied(tmp_path: Path) -> None:
    renamed = "diff --git a/x.c b/y.c\nsimilarity index 100%\nrename from x.c\nrename to y.c\n"
    patches = {"1.patch": change("new.c", ""), "2.patch": change("new.c", "") + renamed, "3.patch": change("old.c")}
    assert added(tmp_path, patches).created == {"new.c": "1.patch", "y.c": "2.patch"}


def kconfig(lines: str, section: str = "") -> str:
    count = lines.count("\n")
    return f"--- a/drivers/Kconfig\n+++ b/drivers/Kconfig\n@@ -1,0 +1,{count} @@ {section}\n" + "".join(
        f"+{line}\n" for line in lines.splitlines()
    )


def test_options_are_known_with_their_line_their_default_and_what_selects_them(tmp_path: Path) -> None:
    text = (
        'config NEW\n\tbool "new"\n\tselect OTHER\nconfig ON\n\tdef_bool y\nconfig OFF\n\tdef_bool n\n'
        "menuconfig OTHER\n\ttristate\n\tdefault m if NEW\n"
    )
    found = added(tmp_path, {"1.patch": kconfig(text)}).options
    assert {name: (it.default, it.selectors) for name, it in found.items()} == {
        "NEW": (False, ()),
        "ON": (True, ()),
        "OFF": (False, ()),
        "OTHER": (True, ("NEW",)),
    }
    assert found["NEW"].where.line == 6


def test_a_select_in_a_block_that_the_patch_only_names_is_that_block_s(tmp_path: Path) -> None:
    patches = {
        "1.patch": kconfig("\tselect NEW\n", "config KNOWN"),
        "2.patch": kconfig("\tselect NEW\n"),
        "3.patch": kconfig("config NEW\n"),
    }
    assert added(tmp_path, patches).options["NEW"].selectors == ("KNOWN", "")


def test_the_lines_that_include_a_header_are_known_by_its_name() -> None:
    text = '#include <linux/a.h>\n  #  include "a.h"\nint include;\n'
    assert added_includes([changed("x.c", "", text), changed("y.c", '#include "a.h"\n', "")]) == {"a.h": ["x.c", "x.c"]}


def test_variables_that_a_patch_shows_are_kept_and_removed_ones_are_not() -> None:
    one = changed("d/Makefile", "old := 1\nkept := 2\n", "kept := 2\nnew := 3\n")
    assert shown_variables([one]) == {"d/Makefile": {"kept": "2", "new": "3"}}


def test_a_makefile_is_changed_as_the_patch_says(tmp_path: Path) -> None:
    old = TREE["xen/Makefile"]
    found = added(tmp_path, {"1.patch": change("xen/Makefile", old, old + "obj-y += new.o\n")})
    assert found.makefiles == {"xen/Makefile": (old + "obj-y += new.o\n").encode()}
    assert found.makefile_lines["xen/Makefile"][3] == "obj-y += new.o"
    place = found.added_lines["xen/Makefile", "obj-y += new.o"]
    assert (place.path.rpartition("/")[2], place.line > 0) == ("1.patch", True)


def test_lines_of_a_hunk_that_does_not_fit_go_to_the_end(tmp_path: Path) -> None:
    text = (
        "--- a/xen/Makefile\n+++ b/xen/Makefile\n@@ -1,6 +1,7 @@\n"
        + " other\n" * 3
        + "+obj-y += new.o\n"
        + " line\n" * 3
    )
    found = added(tmp_path, {"1.patch": text})
    assert found.makefiles["xen/Makefile"] == (TREE["xen/Makefile"] + "obj-y += new.o\n").encode()


def test_a_makefile_that_is_not_there_is_what_the_patch_makes_it(tmp_path: Path) -> None:
    found = added(tmp_path, {"1.patch": change("new/Makefile", "", "obj-y += a.o\n")})
    assert found.makefiles == {"new/Makefile": b"obj-y += a.o\n"}


def test_only_whole_lists_are_put_elsewhere_and_a_branch_is_closed() -> None:
    old, new = "x\n", "x\nifdef CONFIG_A\nobj-y += a.o\nx-objs := b.o \\\n c.o\nccflags-y += -I.\nelse\nfoo: bar\n"
    (hunk,) = changed("Makefile", old, new).hunks
    assert fitting(hunk) == ["ifdef CONFIG_A", "obj-y += a.o", "ccflags-y += -I.", "else", "endif"]
    (hunk,) = changed("Makefile", old, "x\nendif\nelse\nobj-$(CONFIG_A) := a.o\n").hunks
    assert fitting(hunk) == ["obj-$(CONFIG_A) := a.o"]


def test_variables_that_the_lines_use_and_the_file_lacks_come_with_them() -> None:
    more = ["obj-y += $(dir)/a.o $(there)/b.o $(nowhere)/c.o"]
    assert list(lacking(more, [b"there := x\n"], {"dir": "$(sub)", "sub": "s", "there": "y", "other": "z"})) == [
        b"dir := s\n"
    ]
    assert list(lacking(["obj-y += a.o"], [], {"dir": "x"})) == []
    assert encoded("a\udcff") == b"a\xff\n"


def test_a_tree_with_other_makefiles_is_the_same_otherwise(tmp_path: Path) -> None:
    source = open_source(str(small_tree(tmp_path)))
    other = TreeWith(source, {"xen/Makefile": b"new", "made/Makefile": b"more"})
    assert (other.read("xen/Makefile"), other.read("Kbuild")) == (b"new", source.read("Kbuild"))
    assert [other.exists(path) for path in ("made/Makefile", "Kbuild", "none")] == [True, True, False]
    assert (other.name, other.kernel_version().series, other.glob("xen/*.h")) == (
        source.name,
        "6.12",
        ["xen/deep.h", "xen/pv.h"],
    )
    assert other.fingerprint(["Kbuild"]) == source.fingerprint(["Kbuild"])
    assert other.all_files(lambda _: False) == source.all_files(lambda _: False)


def test_the_digest_is_of_the_changed_makefiles() -> None:
    trees = [QueueTree({}, {}, {}, makefiles, {}) for makefiles in ({}, {"a": b"b"}, {"a": b"c"}, {"ab": b""})]
    assert len({tree.digest for tree in trees}) == 4
    named = QueueTree({"x": "y"}, {"A": QueueOption(Location("x"))}, {}, {}, {})
    assert named.digest == trees[0].digest
    assert diff_of(change("a.c")).path == "a.c"
