"""Facts of edits in queues with a line a patch: quilt, Debian, series.conf, and folders without a list."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from patches.queues.edit import Drop, edit_queue
from patches.queues.queue import open_queue
from tests.patches.queues.edits.edited import drops_of, edited, left, put, texts


def test_a_quilt_line_goes_with_its_file_and_comments_stay(tmp_path: Path) -> None:
    series = "# ours\na.patch -p0\n\n# of a\nsub/b.patch # why\nc.patch"
    put(tmp_path, {"series": series}, ("a.patch", "sub/b.patch", "c.patch"))
    edit = edited(tmp_path, "sub/b.patch", "c.patch")
    assert texts(edit) == {"series": "# ours\na.patch -p0\n\n# of a\n", "sub/b.patch": None, "c.patch": None}
    assert (edit.removed, edit.left, edit.kept) == (("sub/b.patch", "c.patch"), (), ())


def test_windows_line_ends_and_odd_bytes_stay(tmp_path: Path) -> None:
    put(tmp_path, {"series": b"# caf\xe9\r\na.patch\r\nb.patch\r\n# end"}, ("a.patch", "b.patch"))
    (change, gone) = edited(tmp_path, "a.patch").changes
    assert (change.after, gone.path) == (b"# caf\xe9\r\nb.patch\r\n# end", "a.patch")


def test_a_debian_queue_is_edited_below_its_root(tmp_path: Path) -> None:
    put(tmp_path, {"debian/patches/series": "x/a.diff\nb.diff\n"}, ("debian/patches/x/a.diff", "debian/patches/b.diff"))
    assert texts(edited(tmp_path, "x/a.diff")) == {"debian/patches/series": "b.diff\n", "debian/patches/x/a.diff": None}


def test_guards_go_with_their_line(tmp_path: Path) -> None:
    series = "\t# Xen\n+!x\tpatches.x/a.patch\n\tpatches.x/b.patch # b\n-\tpatches.x/c.patch\n"
    names = ("patches.x/a.patch", "patches.x/b.patch", "patches.x/c.patch")
    put(tmp_path, {"series.conf": series}, names)
    assert texts(edited(tmp_path, "patches.x/a.patch")) == {
        "series.conf": "\t# Xen\n\tpatches.x/b.patch # b\n-\tpatches.x/c.patch\n",
        "patches.x/a.patch": None,
    }


def test_of_a_folder_only_files_go_and_keep_their_numbers(tmp_path: Path) -> None:
    put(tmp_path, {}, ("0001-a.patch", "0002-b c.patch", "sub/0003-d.patch"))
    assert texts(edited(tmp_path, "0002-b c.patch")) == {"0002-b c.patch": None}


def test_openwrt_loses_a_file_or_a_line_of_a_folders_series(tmp_path: Path) -> None:
    root = tmp_path / "target" / "linux"
    files = {"x86/Makefile": "KERNEL_PATCHVER:=6.12\n", "x86/patches-6.12/series": "# s\nb.patch\nc.patch\n"}
    names = ("generic/hack-6.12/a.patch", "x86/patches-6.12/b.patch", "x86/patches-6.12/c.patch")
    put(root, files, names)
    edit = edited(root / "x86", "hack-6.12/a.patch", "patches-6.12/b.patch")
    assert texts(edit) == {
        "x86/patches-6.12/series": "# s\nc.patch\n",
        "generic/hack-6.12/a.patch": None,
        "x86/patches-6.12/b.patch": None,
    }


@pytest.mark.parametrize(
    ("other", "text", "left_alone"),
    [
        ("arm/Makefile", "ARCH:=arm\nKERNEL_PATCHVER:=6.12\n", True),
        ("arm/Makefile", "KERNEL_PATCHVER:=6.6\nKERNEL_TESTING_PATCHVER:=6.12 # soon\n", True),
        ("arm/Makefile", "KERNEL_PATCHVER:=$(NEWEST)\n", True),
        ("arm/config-6.12", "CONFIG_XEN=y\n", True),
        ("arm/Makefile", "KERNEL_PATCHVER:=6.6\n", False),
        ("x86/64/config-6.12", "CONFIG_XEN=y\n", False),
        ("generic/config-6.12", "CONFIG_XEN=y\n", False),
    ],
)
def test_what_all_targets_have_is_left_where_another_one_has_it(
    tmp_path: Path, other: str, text: str, left_alone: bool
) -> None:
    root = tmp_path / "target" / "linux"
    names = ("generic/hack-6.12/a.patch", "generic/hack-6.6/a.patch", "x86/patches-6.12/b.patch")
    put(root, {"x86/Makefile": "KERNEL_PATCHVER:=6.12\n", other: text}, names)
    edit = edited(root / "x86", "hack-6.12/a.patch", "patches-6.12/b.patch")
    theirs = [("hack-6.12/a.patch", "shared", "generic/hack-6.12/a.patch", other)] if left_alone else []
    assert left(edit) == theirs
    assert texts(edit) == {one: None for one in (names[0], names[2]) if one != names[0] or not left_alone}


def test_generic_s_own_files_go_where_it_is_the_queue(tmp_path: Path) -> None:
    root = tmp_path / "target" / "linux"
    put(root, {f"{one}/config-6.12": "" for one in ("generic", "arm")}, ("generic/hack-6.12/a.patch",))
    assert texts(edited(root / "generic", "hack-6.12/a.patch")) == {"generic/hack-6.12/a.patch": None}


def test_buildroot_loses_files_and_an_address_is_left(tmp_path: Path) -> None:
    put(tmp_path, {"xen.mk": "XEN_VERSION = 4.1\n$(eval $(autotools-package))\n"}, ("0001-a.patch", "0002-b.patch"))
    assert texts(edited(tmp_path, "0001-a.patch")) == {"0001-a.patch": None}


def test_a_patch_that_two_lines_list_is_left(tmp_path: Path) -> None:
    put(tmp_path, {"series": "a.patch\nb.patch\na.patch #+arm\n"}, ("a.patch", "b.patch"))
    queue = open_queue(str(tmp_path))
    edit = edit_queue(str(tmp_path), [Drop(1, "a.patch", queue.entries[0].where), *drops_of(queue, ["b.patch"])])
    assert left(edit) == [("a.patch", "twice", "series:1", "series:3")]
    assert texts(edit) == {"series": "a.patch\na.patch #+arm\n", "b.patch": None}


def test_a_patch_that_a_series_applies_and_takes_back_is_no_entry(tmp_path: Path) -> None:
    put(tmp_path, {"series": "a.patch\nb.patch\na.patch -R\n"}, ("a.patch", "b.patch"))
    queue = open_queue(str(tmp_path))
    assert [one.name for one in queue.entries] == ["b.patch"]
    assert [one.where for one in queue.findings] == ["series:1", "series:3"]


def test_a_file_that_another_series_names_stays(tmp_path: Path) -> None:
    put(tmp_path, {"series": "a.patch\nb.patch\n", "series.arm": "b.patch\n"}, ("a.patch", "b.patch"))
    edit = edited(tmp_path / "series", "a.patch", "b.patch")
    assert texts(edit) == {"series": "", "a.patch": None}
    assert [(one.path, one.by) for one in edit.kept] == [("b.patch", "series.arm")]


def test_symbolic_links_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path, {"series": "a.patch\nd/b.patch\nc.patch\n"}, ("real/x.patch", "real/b.patch", "c.patch"))
    os.symlink("real/x.patch", tmp_path / "a.patch")
    os.symlink("real", tmp_path / "d")
    edit = edited(tmp_path, "a.patch", "d/b.patch", "c.patch")
    assert left(edit) == [
        ("a.patch", "link", "series:1", "a.patch"),
        ("d/b.patch", "link", "series:2", "d/b.patch"),
    ]
    assert edit.removed == ("c.patch",)


def test_a_series_that_is_a_link_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, {"real": "a.patch\n"}, ("a.patch",))
    os.symlink("real", tmp_path / "series")
    edit = edited(tmp_path / "series", "a.patch")
    assert (left(edit), edit.changes) == ([("a.patch", "link", "series:1", "series")], ())


def test_patches_outside_are_no_part_of_any_edit(tmp_path: Path) -> None:
    put(tmp_path, {"q/series": "../out.patch\n/etc/x.patch\na.patch\n"}, ("out.patch", "q/a.patch"))
    edit = edited(tmp_path / "q", "a.patch")
    assert texts(edit) == {"series": "../out.patch\n/etc/x.patch\n", "a.patch": None}


def test_formats_without_an_editor_are_left_as_a_whole(tmp_path: Path) -> None:
    mails = "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nFrom: A <a@b>\nSubject: x\n\n"
    mail = mails + "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"
    put(tmp_path, {"x.mbox": mail})
    assert left(edited(tmp_path / "x.mbox")) == [("", "format", str(tmp_path / "x.mbox"), "mailbox")] or left(
        edited(tmp_path / "x.mbox")
    ) == [("", "format", "x.mbox", "mailbox")]


def test_a_queue_in_git_is_left_as_a_whole(tmp_path: Path) -> None:
    assert left(edit_queue(f"{tmp_path}@HEAD:x", [])) == [("", "revision", f"{tmp_path}@HEAD:x", "")]


def test_a_queue_that_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    put(tmp_path, {"series": "a.patch\nb.patch\n"}, ("a.patch", "b.patch"))
    drops = drops_of(open_queue(str(tmp_path)), ["b.patch"])
    (tmp_path / "series").write_text("b.patch\na.patch\n")
    with pytest.raises(UserError, match="has changed since it was judged"):
        edit_queue(str(tmp_path), drops)
