"""Relevance: files to owners, owners to options, options to modes; on a tree of a few lines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kcfg.base.errors import CannotEvaluate, Impossible, UserError
from kcfg.sources.source import FILE_LIMIT
from patches.relevance.data import (
    FileKind,
    FileReason,
    FileReasonKind,
    FileResult,
    Reach,
    Relevance,
    RelevanceNote,
    RelevanceNoteKind,
    RelevanceReport,
)
from patches.relevance.variables import TEXT_LIMIT, expanded
from patches.text.problems import Problem, ProblemKind
from tests.patches.relevance.queues import TREE, asked, change, file_of, profiles, small_tree, write_queue


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return small_tree(tmp_path / "tree")


def one(tmp_path: Path, tree: Path, text: str, config: str | None = "", modes: tuple[str, ...] = ()) -> RelevanceReport:
    """The report on a queue of one patch."""
    return asked(tree, write_queue(tmp_path / "queue", {"a.patch": text}), config, modes)


def judged(tmp_path: Path, tree: Path, path: str, config: str = "") -> FileResult:
    return file_of(one(tmp_path, tree, change(path), config), path)


def place(found: FileResult) -> tuple[str, int]:
    assert found.where is not None
    return found.where.path, found.where.line


# One file


def test_a_c_file_is_built_as_its_option_says(tmp_path: Path, tree: Path) -> None:
    found = judged(tmp_path, tree, "drivers/netf.c", "NETF=m")
    assert (found.verdict, found.value, found.symbols, place(found)) == (
        Relevance.BUILT, "m", ("NETF",), ("drivers/Makefile", 1),
    )  # fmt: skip


def test_a_c_file_whose_option_is_off_is_only_elsewhere(tmp_path: Path, tree: Path) -> None:
    found = judged(tmp_path, tree, "drivers/netf.c", "# NETF is not set")
    assert (found.verdict, found.symbols, place(found)) == (Relevance.OTHER, ("NETF",), ("drivers/Makefile", 1))


def test_the_line_of_the_folder_decides_when_it_is_what_fails(tmp_path: Path, tree: Path) -> None:
    found = judged(tmp_path, tree, "xen/core.c", "# XEN is not set")
    assert (found.verdict, found.condition, place(found)) == (Relevance.OTHER, "XEN", ("Kbuild", 2))


def test_of_several_lines_the_one_that_can_be_is_told(tmp_path: Path) -> None:
    tree = small_tree(tmp_path / "two", {"drivers/Makefile": "obj-$(CONFIG_DEAD) += k.o\nobj-$(CONFIG_DRV) += k.o\n"})
    (tree / "drivers/k.c").write_text("int k;\n")
    found = judged(tmp_path, tree, "drivers/k.c", "# DRV is not set")
    assert (found.verdict, found.symbols, place(found)) == (Relevance.OTHER, ("DRV",), ("drivers/Makefile", 2))


def test_an_option_that_cannot_be_on_is_never_built(tmp_path: Path, tree: Path) -> None:
    assert judged(tmp_path, tree, "drivers/dead.c").verdict is Relevance.NEVER


def test_a_kernel_that_only_tests_whether_it_compiles_does_not_count_unless_it_is_given(
    tmp_path: Path, tree: Path
) -> None:
    assert judged(tmp_path, tree, "drivers/dead.c", "COMPILE_TEST=y\nDEAD=y").verdict is Relevance.BUILT
    assert judged(tmp_path, tree, "drivers/dead.c", "COMPILE_TEST=y").verdict is Relevance.NEVER


def test_what_only_another_compiler_can_have_is_not_never(tmp_path: Path, tree: Path) -> None:
    assert judged(tmp_path, tree, "drivers/tool.c", "# TOOL is not set").verdict is Relevance.OTHER


def test_a_c_file_that_another_includes_is_built_with_it(tmp_path: Path, tree: Path) -> None:
    found = judged(tmp_path, tree, "drivers/part.c", "DRV=y")
    assert (found.kind, found.verdict, found.owner, found.via) == (
        FileKind.HEADER, Relevance.BUILT, "drivers/two.o", ("drivers/two.c",),
    )  # fmt: skip


def test_a_c_file_with_an_object_of_its_own_may_be_included_besides(tmp_path: Path) -> None:
    tree = small_tree(tmp_path / "both", {"drivers/netf.c": '#include "two.c"\n'})
    found = judged(tmp_path, tree, "drivers/two.c", "NETF=m\n# DRV is not set")
    assert (found.verdict, found.owner) == (Relevance.BUILT, "drivers/netf.o")


@pytest.mark.parametrize("path", ["drivers/k.c", "drivers/k.asn1", "drivers/k.dtso"])
def test_an_object_may_have_more_than_the_file_s_name(tmp_path: Path, path: str) -> None:
    make = "obj-$(CONFIG_DRV) += k.nvhe.o k.asn1.o k.dtbo.o\n"
    tree = small_tree(tmp_path / "more", {"drivers/Makefile": make, path: ""})
    assert judged(tmp_path, tree, path, "DRV=y").verdict is Relevance.BUILT
    assert judged(tmp_path, tree, path, "# DRV is not set").verdict is Relevance.OTHER


def test_a_c_file_without_a_makefile_line_is_never_built(tmp_path: Path, tree: Path) -> None:
    found = judged(tmp_path, tree, "drivers/stray.c")
    assert (found.kind, found.verdict) == (FileKind.UNNAMED, Relevance.NEVER)


def test_a_c_file_that_a_line_which_nobody_can_read_may_name_is_not_decidable(tmp_path: Path) -> None:
    tree = small_tree(tmp_path / "shell", {"drivers/Makefile": "obj-y += $(shell echo k).o\n", "drivers/k.c": ""})
    found = judged(tmp_path, tree, "drivers/k.c")
    assert (found.kind, found.verdict) == (FileKind.UNKNOWN, Relevance.UNDECIDABLE)
    (reason,) = found.reason
    assert (reason.kind, str(reason.where)) == (FileReasonKind.MAY_NAME, "drivers/Makefile:1")
    assert reason.text.startswith("$(shell")


def test_a_program_that_the_build_runs_belongs_to_its_folder(tmp_path: Path, tree: Path) -> None:
    found = judged(tmp_path, tree, "drivers/gen.c")
    assert (found.kind, found.verdict, found.owner) == (FileKind.HELPER, Relevance.BUILT, "drivers/")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("arch/arm/foo.c", FileKind.ARCHITECTURE),
        ("Documentation/x.rst", FileKind.DOCUMENTATION),
        ("tools/t.c", FileKind.TOOLS),
        ("MAINTAINERS", FileKind.DOCUMENTATION),
    ],
)
def test_what_is_no_part_of_this_kernel_is_never_built(tmp_path: Path, tree: Path, path: str, kind: FileKind) -> None:
    found = judged(tmp_path, tree, path)
    assert (found.kind, found.verdict) == (kind, Relevance.NEVER)


# Headers


def test_a_header_belongs_to_the_object_that_includes_it(tmp_path: Path, tree: Path) -> None:
    found = judged(tmp_path, tree, "drivers/netf.h", "NETF=y")
    assert (found.kind, found.verdict, found.owner, found.via) == (
        FileKind.HEADER, Relevance.BUILT, "drivers/netf.o", ("drivers/netf.c",),
    )  # fmt: skip


def test_a_header_is_followed_over_other_headers(tmp_path: Path, tree: Path) -> None:
    found = judged(tmp_path, tree, "xen/deep.h", "XEN=y")
    assert (found.verdict, found.owner, found.via) == (Relevance.BUILT, "xen/pv.o", ("xen/pv.h", "xen/pv.c"))
    assert judged(tmp_path, tree, "xen/deep.h", "XEN=y\n# XEN_PV is not set").verdict is Relevance.OTHER


def test_an_include_inside_an_ifdef_needs_its_option(tmp_path: Path, tree: Path) -> None:
    assert judged(tmp_path, tree, "include/linux/onlypv.h", "XEN=y").verdict is Relevance.BUILT
    off = judged(tmp_path, tree, "include/linux/onlypv.h", "XEN=y\n# XEN_PV is not set")
    assert off.verdict is Relevance.OTHER


def test_a_header_that_nothing_includes_is_never_built(tmp_path: Path, tree: Path) -> None:
    assert judged(tmp_path, tree, "drivers/stray.h").kind is FileKind.UNNAMED


def test_a_header_is_not_decidable_while_a_file_that_may_include_it_cannot_be_read(tmp_path: Path, tree: Path) -> None:
    os.truncate(tree / "drivers/netf.c", FILE_LIMIT + 1)
    report = one(tmp_path, tree, change("drivers/stray.h"))
    found = file_of(report, "drivers/stray.h")
    assert (found.kind, found.verdict) == (FileKind.HEADER, Relevance.UNDECIDABLE)
    assert report.notes == (RelevanceNote(RelevanceNoteKind.UNREAD, names=("drivers/netf.c",)),)


def test_a_header_of_files_that_are_never_built_is_not_decidable_either(tmp_path: Path, tree: Path) -> None:
    (tree / "drivers/stray.c").write_text('#include "stray.h"\n')
    assert file_of(one(tmp_path, tree, change("drivers/stray.h")), "drivers/stray.h").verdict is Relevance.NEVER
    os.truncate(tree / "drivers/netf.c", FILE_LIMIT + 1)
    report = one(tmp_path / "again", tree, change("drivers/stray.h"))
    assert file_of(report, "drivers/stray.h").verdict is Relevance.UNDECIDABLE


def test_without_c_files_a_header_is_not_decidable_and_nothing_is_gone(tmp_path: Path) -> None:
    partial = small_tree(tmp_path / "partial", {})
    for path in partial.rglob("*.c"):
        path.unlink()
    text = change("drivers/netf.h") + change("drivers/netf.c") + change("lib/away.c")
    report = one(tmp_path, partial, text, "NETF=y")
    assert [file.verdict for file in report.patches[0].files] == [
        Relevance.UNDECIDABLE, Relevance.BUILT, Relevance.UNDECIDABLE,
    ]  # fmt: skip
    assert report.patches[0].files[2].kind is FileKind.UNKNOWN
    assert [note.kind for note in report.notes] == [RelevanceNoteKind.NO_C_FILES]


# Kconfig and Makefiles


def test_a_kconfig_file_is_judged_by_the_options_on_the_touched_lines(tmp_path: Path, tree: Path) -> None:
    old = TREE["drivers/Kconfig"]
    text = change("drivers/Kconfig", old, old.replace('bool "other"', 'bool "another"'))
    found = file_of(one(tmp_path, tree, text, "DRV=y\n# OTHER is not set"), "drivers/Kconfig")
    assert (found.verdict, found.owner, place(found)) == (Relevance.OTHER, "OTHER", ("drivers/Kconfig", 3))
    assert file_of(one(tmp_path, tree, text, "OTHER=y"), "drivers/Kconfig").verdict is Relevance.BUILT


def test_a_kconfig_file_without_a_touched_option_is_judged_by_all_that_it_defines(tmp_path: Path, tree: Path) -> None:
    old = TREE["drivers/Kconfig"]
    text = f"--- a/drivers/Kconfig\n+++ b/drivers/Kconfig\n@@ -1,1 +1,2 @@\n+# a comment\n {old.splitlines()[0]}\n"
    found = file_of(one(tmp_path, tree, text, "OTHER=y\n# DRV is not set"), "drivers/Kconfig")
    assert (found.verdict, found.owner) == (Relevance.BUILT, "OTHER")


def test_a_makefile_is_judged_by_the_objects_on_the_touched_lines(tmp_path: Path, tree: Path) -> None:
    old = TREE["drivers/Makefile"]
    text = change("drivers/Makefile", old, old.replace("obj-$(CONFIG_DRV) += drv.o", "obj-$(CONFIG_DRV)   += drv.o"))
    assert file_of(one(tmp_path, tree, text, "NETF=y"), "drivers/Makefile").verdict is Relevance.OTHER
    assert file_of(one(tmp_path, tree, text, "DRV=y"), "drivers/Makefile").verdict is Relevance.BUILT


def test_a_makefile_whose_flags_change_belongs_to_its_folder(tmp_path: Path, tree: Path) -> None:
    old = TREE["xen/Makefile"]
    text = change("xen/Makefile", old, old + "ccflags-y += -I$(srctree)/drivers/net/\n")
    assert file_of(one(tmp_path, tree, text, "XEN=y"), "xen/Makefile").verdict is Relevance.BUILT
    assert file_of(one(tmp_path, tree, text, ""), "xen/Makefile").verdict is Relevance.OTHER


def test_flags_of_one_object_belong_to_it(tmp_path: Path, tree: Path) -> None:
    old = TREE["xen/Makefile"]
    text = change("xen/Makefile", old, old + "CFLAGS_pvh.o := -O1\n")
    assert file_of(one(tmp_path, tree, text, "XEN=y"), "xen/Makefile").verdict is Relevance.OTHER


# Files that the tree does not have


def new_driver(folder: str = "drivers") -> str:
    """A driver with an option of its own."""
    make, kconfig = TREE["drivers/Makefile"], TREE["drivers/Kconfig"]
    return (
        change("drivers/Makefile", make, f"{make}obj-$(CONFIG_FRESH) += fresh.o\n")
        + change("drivers/Kconfig", kconfig, f'{kconfig}config FRESH\n\tbool "fresh"\n\tdepends on XEN\n')
        + change(f"{folder}/fresh.c", "", '#include "fresh.h"\n')
        + change(f"{folder}/fresh.h", "", "int fresh;\n")
    )


def test_a_new_file_is_judged_by_the_queue_s_makefile_line(tmp_path: Path, tree: Path) -> None:
    found = file_of(one(tmp_path, tree, new_driver(), "XEN=y\nFRESH=y"), "drivers/fresh.c")
    assert (found.verdict, found.new, found.symbols, found.owner) == (
        Relevance.BUILT, True, ("FRESH",), "drivers/fresh.o",
    )  # fmt: skip
    where = place(found)
    assert where[0] == "a.patch"
    assert (tmp_path / "queue/a.patch").read_text().splitlines()[where[1] - 1] == "+obj-$(CONFIG_FRESH) += fresh.o"


def test_an_option_of_the_queue_s_own_is_off_where_a_complete_configuration_lacks_it(
    tmp_path: Path, tree: Path
) -> None:
    queue = write_queue(tmp_path / "queue", {"a.patch": new_driver()})
    assert file_of(asked(tree, queue, "XEN=y"), "drivers/fresh.c").verdict is Relevance.OTHER
    fragment = asked(tree, queue, "XEN=y", complete=False)
    assert file_of(fragment, "drivers/fresh.c").verdict is Relevance.UNDECIDABLE


@pytest.mark.parametrize("turned_on", ["\tdefault y\n", "\tdefault XEN\n"])
def test_an_option_of_the_queue_s_own_with_a_default_is_not_decidable(
    tmp_path: Path, tree: Path, turned_on: str
) -> None:
    text = new_driver().replace("+\tdepends on XEN\n", f"+{turned_on}")
    found = file_of(one(tmp_path, tree, text, "XEN=y"), "drivers/fresh.c")
    assert found.verdict is Relevance.UNDECIDABLE
    assert found.reason == (FileReason(FileReasonKind.OWN_OPTION, "FRESH"),)


def test_an_option_of_the_queue_s_own_that_another_selects_is_not_decidable(tmp_path: Path, tree: Path) -> None:
    old = TREE["Kconfig"].replace(" " * 8, "")
    text = new_driver() + change("Kconfig", old, old.replace('\tbool "xen"\n', '\tbool "xen"\n\tselect FRESH\n'))
    assert file_of(one(tmp_path, tree, text, "XEN=y"), "drivers/fresh.c").verdict is Relevance.UNDECIDABLE


def test_a_new_header_belongs_to_the_new_file_that_includes_it(tmp_path: Path, tree: Path) -> None:
    found = file_of(one(tmp_path, tree, new_driver(), "XEN=y\nFRESH=y"), "drivers/fresh.h")
    assert (found.kind, found.verdict, found.owner) == (FileKind.HEADER, Relevance.BUILT, "drivers/fresh.o")


def test_a_new_file_under_an_option_of_the_tree_needs_no_option_of_the_queue(tmp_path: Path, tree: Path) -> None:
    make = TREE["drivers/Makefile"]
    first = change("drivers/fresh.c", "", "int fresh;\n")
    second = change("drivers/Makefile", make, f"{make}obj-$(CONFIG_OTHER) += fresh.o\n")
    queue = write_queue(tmp_path / "queue", {"1.patch": first, "2.patch": second})
    assert file_of(asked(tree, queue, "OTHER=y"), "drivers/fresh.c").verdict is Relevance.BUILT
    assert file_of(asked(tree, queue, "DRV=y"), "drivers/fresh.c").verdict is Relevance.OTHER


def test_the_added_lines_of_a_makefile_hunk_that_does_not_fit_are_read_all_the_same(tmp_path: Path, tree: Path) -> None:
    old = "obj-y += other.o\nobj-y += far.o\nobj-y += away.o\n"
    text = change("drivers/Makefile", old, f"{old}obj-$(CONFIG_OTHER) += fresh.o\n")
    text += change("drivers/fresh.c", "", "int fresh;\n")
    found = file_of(one(tmp_path, tree, text, "OTHER=y"), "drivers/fresh.c")
    assert (found.verdict, found.symbols) == (Relevance.BUILT, ("OTHER",))


def test_a_new_c_file_that_nothing_names_is_not_decidable(tmp_path: Path, tree: Path) -> None:
    found = file_of(one(tmp_path, tree, change("drivers/fresh.c", "", "int fresh;\n")), "drivers/fresh.c")
    assert (found.verdict, found.new) == (Relevance.UNDECIDABLE, True)


def test_a_file_that_a_later_patch_changes_is_still_the_queue_s(tmp_path: Path, tree: Path) -> None:
    queue = write_queue(tmp_path / "queue", {"1.patch": new_driver(), "2.patch": change("drivers/fresh.c")})
    report = asked(tree, queue, "XEN=y\nFRESH=y")
    assert report.patches[1].verdict is Relevance.BUILT


def test_a_file_that_is_gone_is_said_and_not_decided(tmp_path: Path, tree: Path) -> None:
    found = judged(tmp_path, tree, "drivers/gone.c")
    assert (found.kind, found.verdict) == (FileKind.GONE, Relevance.UNDECIDABLE)


def test_a_renamed_file_is_judged_where_its_lines_are(tmp_path: Path) -> None:
    lines = "".join(f"int value_{number};\n" for number in range(6))
    tree = small_tree(tmp_path / "moved", {"drivers/one.c": lines})
    text = change("drivers/old/one.c", lines, lines.replace("value_5", "value_6"))
    found = file_of(one(tmp_path, tree, text, "DRV=y"), "drivers/old/one.c")
    assert (found.verdict, found.owner) == (Relevance.BUILT, "drivers/one.o")
    assert found.reason == (FileReason(FileReasonKind.MOVED, "drivers/one.c"),)
    half = lines.replace("value_0", "a").replace("value_1", "b").replace("value_2", "c")
    other = change("drivers/old/one.c", half, lines)
    assert file_of(one(tmp_path, tree, other, "DRV=y"), "drivers/old/one.c").kind is FileKind.GONE


def test_a_file_that_has_become_a_folder_is_judged_where_its_lines_are(tmp_path: Path) -> None:
    lines = "".join(f"int value_{number};\n" for number in range(6))
    more = {"xen/Makefile": "obj-y += core/\n", "xen/core/Makefile": "obj-$(CONFIG_PVH) += main.o\n"}
    tree = small_tree(tmp_path / "split", {**more, "xen/core/main.c": lines})
    (tree / "xen/core.c").unlink()
    found = file_of(one(tmp_path, tree, change("xen/core.c", lines, lines + "int b;\n"), "XEN=y\nPVH=y"), "xen/core.c")
    assert (found.verdict, found.owner) == (Relevance.BUILT, "xen/core/main.o")


# Patches


def test_a_patch_has_the_strongest_verdict_of_its_files(tmp_path: Path, tree: Path) -> None:
    text = change("Documentation/x.rst") + change("drivers/netf.c") + change("init/main.c")
    report = one(tmp_path, tree, text, "# NETF is not set")
    assert (report.patches[0].verdict, report.patches[0].decided_by) == (Relevance.BUILT, "init/main.c")
    text = change("drivers/gone.c") + change("drivers/netf.c")
    assert one(tmp_path, tree, text, "# NETF is not set").patches[0].verdict is Relevance.UNDECIDABLE
    assert one(tmp_path, tree, text, "NETF=y").patches[0].verdict is Relevance.BUILT


def test_a_patch_without_a_diff_is_not_decidable(tmp_path: Path, tree: Path) -> None:
    report = one(tmp_path, tree, "no diff\n")
    assert report.patches[0].verdict is Relevance.UNDECIDABLE
    problem = Problem(0, ProblemKind.NO_DIFF)
    assert report.patches[0].notes == (RelevanceNote(RelevanceNoteKind.PROBLEM, problem),)


def test_counts_are_of_patches_and_never_says_why(tmp_path: Path, tree: Path) -> None:
    patches = {f"{i}.patch": change(path) for i, path in enumerate(("init/main.c", "arch/arm/foo.c", "tools/t.c"))}
    report = asked(tree, write_queue(tmp_path / "queue", patches), "")
    assert report.counts == {"built": 1, "undecidable": 0, "other": 0, "never": 2}
    assert report.never == {"architecture": 1, "tools": 1}


# Modes


def reaches(report: RelevanceReport) -> dict[str, list[Reach]]:
    return {file.path: list(file.modes) for patch in report.patches for file in patch.files}


def test_needed_possible_and_impossible_in_a_mode(tmp_path: Path, tree: Path) -> None:
    pvh, no_pv = profiles(tmp_path / "profiles")
    paths = ("xen/pvh.c", "xen/pv.c", "drivers/netf.c", "drivers/one.c", "drivers/dead.c", "xen/deep.h")
    text = "".join(map(change, paths))
    report = one(tmp_path, tree, text, None, (pvh, f"{pvh}+{no_pv}"))
    assert reaches(report) == {
        "xen/pvh.c": [Reach.NEEDED, Reach.NEEDED],
        "xen/pv.c": [Reach.POSSIBLE, Reach.IMPOSSIBLE],
        "drivers/netf.c": [Reach.NEEDED, Reach.NEEDED],  # an essential
        "drivers/one.c": [Reach.NEEDED, Reach.NEEDED],  # recommended
        "drivers/dead.c": [Reach.NEVER, Reach.NEVER],
        "xen/deep.h": [Reach.POSSIBLE, Reach.IMPOSSIBLE],
    }


def test_without_a_configuration_what_a_mode_needs_is_built_and_matters(tmp_path: Path, tree: Path) -> None:
    pvh, _ = profiles(tmp_path / "profiles")
    patches = {"1.patch": change("xen/pvh.c"), "2.patch": change("xen/pv.c")}
    report = asked(tree, write_queue(tmp_path / "queue", patches), None, (pvh,))
    assert [(patch.verdict, patch.matters) for patch in report.patches] == [
        (Relevance.BUILT, (True,)),
        (Relevance.OTHER, (False,)),
    ]
    assert report.modes[0].matters == 1


def test_with_a_configuration_what_it_builds_matters_unless_the_mode_cannot_have_it(tmp_path: Path, tree: Path) -> None:
    pvh, no_pv = profiles(tmp_path / "profiles")
    patches = {"1.patch": change("xen/pv.c"), "2.patch": change("drivers/netf.c")}
    queue = write_queue(tmp_path / "queue", patches)
    report = asked(tree, queue, "XEN=y\n# NETF is not set", (pvh, f"{pvh}+{no_pv}"))
    assert [(patch.verdict, patch.matters) for patch in report.patches] == [
        (Relevance.BUILT, (True, False)),
        (Relevance.OTHER, (False, False)),
    ]
    assert [(note.kind, note.mode) for note in report.notes] == [
        (RelevanceNoteKind.NOT_FULFILLED, pvh),
        (RelevanceNoteKind.NOT_FULFILLED, f"{pvh}+{no_pv}"),
    ]


def test_an_option_of_the_queue_s_own_is_not_decidable_in_a_mode(tmp_path: Path, tree: Path) -> None:
    pvh, _ = profiles(tmp_path / "profiles")
    report = one(tmp_path, tree, new_driver(), "XEN=y\nFRESH=y", (pvh,))
    assert reaches(report)["drivers/fresh.c"] == [Reach.UNDECIDABLE]


def test_a_mode_that_this_kernel_cannot_have_is_an_error(tmp_path: Path, tree: Path) -> None:
    pvh, _ = profiles(tmp_path / "profiles")
    forbids = Path(pvh).with_name("no.toml")
    rule = '[[rule]]\nlevel = "forbidden"\nsymbol = "XEN"\nwhy = "PVH depends on it."\nsource = "Kconfig"\n'
    forbids.write_text(Path(pvh).read_text().replace("small-pvh", "small-no") + rule)
    with pytest.raises(Impossible, match="no configuration for"):
        one(tmp_path, tree, change("init/main.c"), None, (str(forbids),))


def test_something_has_to_say_which_kernel(tmp_path: Path, tree: Path) -> None:
    with pytest.raises(UserError, match="nothing says which kernel"):
        one(tmp_path, tree, change("init/main.c"), None)


def test_answers_from_the_cache_are_the_same(tmp_path: Path, tree: Path) -> None:
    pvh, no_pv = profiles(tmp_path / "profiles")
    text = "".join(map(change, ("xen/pvh.c", "xen/deep.h", "drivers/dead.c"))) + new_driver()
    modes = (pvh, f"{pvh}+{no_pv}")
    first = one(tmp_path, tree, text, "XEN=y", modes)
    assert one(tmp_path, tree, text, "XEN=y", modes) == first
    assert len(list((tmp_path / "cache/kcfg/trees").iterdir())) == 3


# Queues of another project


def foreign_queue(folder: Path, *more: str) -> Path:
    """A queue of the hypervisor's, and changes of other files besides."""
    lines = "".join(f"int value_{number};\n" for number in range(6))
    theirs = change("xen2/arch/x86/one.c", lines, lines + "int more;\n") + change("docs/a.pandoc") + change("Config.mk")
    return write_queue(folder, {"a.patch": theirs, "b.patch": "".join(map(change, more)) or change("stubdom/x.c")})


def test_a_queue_of_another_project_is_not_judged_by_names_that_are_alike(tmp_path: Path) -> None:
    tree = small_tree(tmp_path / "tree", {"drivers/one.c": "".join(f"int value_{number};\n" for number in range(6))})
    with pytest.raises(CannotEvaluate, match=r"4 of 4 files .*Config\.mk, docs/, stubdom/, \.\.\.") as error:
        asked(tree, foreign_queue(tmp_path / "queue"), "DRV=y")
    assert error.value.status == 3


def test_half_of_a_queue_may_be_of_another_project(tmp_path: Path, tree: Path) -> None:
    queue = foreign_queue(tmp_path / "queue", "drivers/one.c", "init/main.c", "drivers/gone.c")
    assert [one.verdict for one in asked(tree, queue, "").patches] == [Relevance.UNDECIDABLE, Relevance.BUILT]


def test_a_file_of_a_top_folder_that_the_tree_lacks_is_not_taken_for_another_of_its_name(tmp_path: Path) -> None:
    lines = "".join(f"int value_{number};\n" for number in range(6))
    tree = small_tree(tmp_path / "tree", {"drivers/one.c": lines})
    queue = foreign_queue(tmp_path / "queue", "drivers/one.c", "init/main.c", "drivers/gone.c")
    found = file_of(asked(tree, queue, "DRV=y"), "xen2/arch/x86/one.c")
    assert (found.kind, found.verdict) == (FileKind.GONE, Relevance.UNDECIDABLE)


def test_tools_are_of_another_project_by_the_folder_below(tmp_path: Path, tree: Path) -> None:
    queue = write_queue(tmp_path / "queue", {"a.patch": change("tools/libxl/x.c")})
    with pytest.raises(CannotEvaluate, match=r"1 of 1 file .*\(tools/libxl/\)"):
        asked(tree, queue, "")
    assert one(tmp_path, tree, change("tools/t.c")).patches[0].verdict is Relevance.NEVER


def test_new_files_and_documentation_do_not_make_a_queue_another_project_s(tmp_path: Path, tree: Path) -> None:
    text = change("fresh/x.c", "", "int x;\n") + change("fresh/Makefile", "", "obj-y += x.o\n") + change("docs/a.rst")
    assert one(tmp_path, tree, text).patches[0].verdict is Relevance.UNDECIDABLE


# Variables of Makefiles

NEW = change("drivers/sub/fresh.c", "", "int fresh;\n")


def test_a_variable_of_the_makefile_is_followed_in_what_a_patch_adds(tmp_path: Path) -> None:
    old = "DIR := sub\nobj-y += netf.o\n"
    tree = small_tree(tmp_path / "tree", {"drivers/Makefile": old})
    text = change("drivers/Makefile", old, f"{old}obj-$(CONFIG_OTHER) += $(DIR)/fresh.o\n") + NEW
    report = one(tmp_path, tree, text, "OTHER=y")
    assert file_of(report, "drivers/sub/fresh.c").verdict is Relevance.BUILT
    assert file_of(report, "drivers/Makefile").owner == "drivers/sub/fresh.o"


@pytest.mark.parametrize("added", ["DIR := sub\n", "BASE = su\nDIR = $(BASE)b\n", "DIR := \\\n\tsub\n"])
def test_a_variable_that_the_queue_s_own_patch_shows_is_followed_where_its_hunk_does_not_fit(
    tmp_path: Path, tree: Path, added: str
) -> None:
    context = "obj-y += other.o\nobj-y += far.o\nobj-y += away.o\n"
    text = change("drivers/Makefile", context, f"{context}{added}obj-$(CONFIG_OTHER) += $(DIR)/fresh.o\n") + NEW
    report = one(tmp_path, tree, text, "OTHER=y")
    found = file_of(report, "drivers/sub/fresh.c")
    assert (found.verdict, found.symbols, found.owner) == (Relevance.BUILT, ("OTHER",), "drivers/sub/fresh.o")
    assert file_of(report, "drivers/Makefile").owner == "drivers/sub/fresh.o"
    assert file_of(one(tmp_path, tree, text, ""), "drivers/sub/fresh.c").verdict is Relevance.OTHER


def test_a_variable_of_a_context_line_counts_and_the_tree_s_own_value_goes_before(tmp_path: Path) -> None:
    context = "DIR := sub\nobj-y += far.o\nobj-y += away.o\n"
    text = change("drivers/Makefile", context, f"{context}obj-$(CONFIG_OTHER) += $(DIR)/fresh.o\n") + NEW
    tree = small_tree(tmp_path / "tree", {})
    assert file_of(one(tmp_path, tree, text, "OTHER=y"), "drivers/sub/fresh.c").verdict is Relevance.BUILT
    tree = small_tree(tmp_path / "other", {"drivers/Makefile": "DIR := elsewhere\n"})
    assert file_of(one(tmp_path, tree, text, "OTHER=y"), "drivers/sub/fresh.c").verdict is Relevance.UNDECIDABLE


def test_variables_that_double_are_not_followed_without_end() -> None:
    values = {f"V{number}": f"$(V{number + 1})" * 2 for number in range(40)}
    assert len(expanded("$(V1) $(V1)" * 100, values)) <= TEXT_LIMIT
    assert expanded("$(A)/x.o $(B)", {"A": "$(A)a"}).endswith("a/x.o $(B)")


# Options of the queue's own that another selects


def selecting(selector: str, fresh: str = '\tbool "fresh"\n') -> str:
    """A driver whose option one of the queue's own selects, and that option's definition."""
    make, kconfig = TREE["drivers/Makefile"], TREE["drivers/Kconfig"]
    return (
        change("drivers/Makefile", make, f"{make}obj-$(CONFIG_FRESH) += fresh.o\n")
        + change("drivers/Kconfig", kconfig, f"{kconfig}config FRESH\n{fresh}{selector}")
        + change("drivers/fresh.c", "", "int fresh;\n")
    )


def test_an_option_whose_only_selector_is_off_is_off(tmp_path: Path, tree: Path) -> None:
    old = TREE["Kconfig"].replace(" " * 8, "")
    text = new_driver() + change("Kconfig", old, old.replace('\tbool "xen"\n', '\tbool "xen"\n\tselect FRESH\n'))
    assert file_of(one(tmp_path, tree, text, "# XEN is not set"), "drivers/fresh.c").verdict is Relevance.OTHER
    assert file_of(one(tmp_path, tree, text, "XEN=y"), "drivers/fresh.c").verdict is Relevance.UNDECIDABLE


@pytest.mark.parametrize(
    ("selector", "config", "verdict"),
    [
        ('config MORE\n\tbool "more"\n\tselect FRESH\n', "", Relevance.OTHER),
        ('config MORE\n\tbool "more"\n\tselect FRESH\n', "MORE=y", Relevance.UNDECIDABLE),
        ("config MORE\n\tbool\n\tdefault y\n\tselect FRESH\n", "", Relevance.UNDECIDABLE),
        ("config MORE\n\tbool\n\tselect FRESH\nconfig LAST\n\tbool\n\tselect MORE\n", "", Relevance.OTHER),
        ("config MORE\n\tbool\n\tselect FRESH\nconfig LAST\n\tbool\n\tselect MORE\n", "LAST=y", Relevance.UNDECIDABLE),
        ("\tselect MORE\nconfig MORE\n\tbool\n\tselect FRESH\n", "", Relevance.OTHER),
    ],
)
def test_an_option_of_the_queue_s_own_selects_as_its_own_value_lets_it(
    tmp_path: Path, tree: Path, selector: str, config: str, verdict: Relevance
) -> None:
    assert file_of(one(tmp_path, tree, selecting(selector), config), "drivers/fresh.c").verdict is verdict


def test_a_select_of_which_the_patch_does_not_show_the_option_may_be_on(tmp_path: Path, tree: Path) -> None:
    hidden = "--- a/Kconfig\n+++ b/Kconfig\n@@ -7,1 +7,2 @@\n \tdepends on XEN\n+\tselect FRESH\n"
    report = one(tmp_path, tree, selecting("") + hidden, "")
    assert file_of(report, "drivers/fresh.c").verdict is Relevance.UNDECIDABLE
    shown = hidden.replace("@@\n", "@@ config XEN_PV\n")
    assert file_of(one(tmp_path, tree, selecting("") + shown, ""), "drivers/fresh.c").verdict is Relevance.OTHER
