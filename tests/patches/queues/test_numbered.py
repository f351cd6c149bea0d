"""Facts of numbered folders: Buildroot's packages and OpenWrt's kernels, whose folders have an order of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from patches.queues.queue import open_queue
from tests.patches.queues.test_queues import git, names, stale, write

SHA = "0123456789abcdef0123456789abcdef01234567"
END = "$(eval $(generic-package))\n"


def test_a_buildroot_package_applies_downloads_and_then_its_folder(tmp_path: Path) -> None:
    text = (
        "FOO_BAR_VERSION = 1.2\nFOO_BAR_SITE = https://e.org/foo\n"
        "FOO_BAR_PATCH = \\\n\tfix-$(FOO_BAR_VERSION).diff.gz \\\n"
        f"\thttps://github.com/o/r/commit/{SHA}.patch\nifeq ($(BR2_arm),y)\nFOO_BAR_PATCH += https://e.org/arm.patch\nendif\n"
        "FOO_BAR_PATCH += more.tar.xz $(OTHER).patch\n"
    )
    files = {
        "foo-bar.mk": text + END,
        "Config.in": "x",
        "0002-b.patch": "",
        "0001-a.patch": "",
        "1.1/0001-old.patch": "",
    }
    queue = open_queue(str(write(tmp_path, files)))
    assert (queue.format, queue.version) == ("buildroot", "1.2")
    assert [(one.name, one.strip, one.condition, one.where) for one in queue.entries] == [
        ("fix-1.2.diff.gz", 1, "", "foo-bar.mk:4"),
        (f"{SHA}.patch", 1, "", "foo-bar.mk:5"),
        ("arm.patch", 1, "ifeq ($(BR2_arm),y)", "foo-bar.mk:7"),
        ("0001-a.patch", 1, "", "foo-bar.mk"),
        ("0002-b.patch", 1, "", "foo-bar.mk"),
    ]
    assert [(one.header.claims[0].commit, one.patch.files) for one in queue.entries[1:2]] == [(SHA, ())]
    assert stale(queue) == [("missing", "more.tar.xz", "foo-bar.mk:9"), ("missing", "$(OTHER).patch", "foo-bar.mk:9")]


def test_buildroot_takes_the_folder_of_the_version_instead(tmp_path: Path) -> None:
    files = {"0001-a.patch": "", "1.2/0001-b.patch": "", "1.3/0001-c.patch": ""}
    queue = open_queue(str(write(tmp_path / "one", files | {"foo.mk": "FOO_VERSION = 1.2\n" + END})))
    assert [(one.name, one.section) for one in queue.entries] == [("0001-b.patch", "1.2")]
    queue = open_queue(str(write(tmp_path / "two", files | {"foo.mk": "FOO_VERSION = $(call qstrip,$(X))\n" + END})))
    assert [(one.name, one.condition) for one in queue.entries] == [
        ("0001-a.patch", ""), ("1.2/0001-b.patch", "version 1.2"), ("1.3/0001-c.patch", "version 1.3"),
    ]  # fmt: skip


OPENWRT = {
    "generic/backport-6.12/010-a.patch": "", "generic/pending-6.12/001-b.patch": "",
    "generic/hack-6.12/200-c.patch": "",
    "generic/backport-6.6/010-old.patch": "", "generic/hack/900-any.patch": "", "generic/config-6.12": "CONFIG_A=y\n",
    "x86/Makefile": "ARCH:=i386\nKERNEL_PATCHVER:=6.12\nKERNEL_TESTING_PATCHVER:=6.6\n", "x86/config-6.12": "",
    "x86/config-6.6": "CONFIG_B=y\n", "x86/patches-6.12/002-d.patch": "", "x86/patches-6.12/001-e.patch": "",
}  # fmt: skip
ORDER = ["backport-6.12/010-a.patch", "pending-6.12/001-b.patch", "hack-6.12/200-c.patch"]


def test_openwrt_s_order_is_backport_pending_hack_and_the_target(tmp_path: Path) -> None:
    write(tmp_path / "target/linux", OPENWRT)
    queue = open_queue(str(tmp_path / "target/linux/x86"))
    assert (queue.format, queue.version) == ("openwrt", "6.12")
    assert names(queue) == [*ORDER, "patches-6.12/001-e.patch", "patches-6.12/002-d.patch"]
    assert [(one.strip, one.section, one.path) for one in queue.entries[2:4]] == [
        (1, "generic/hack-6.12", "generic/hack-6.12/200-c.patch"),
        (1, "x86/patches-6.12", "x86/patches-6.12/001-e.patch"),
    ]
    assert names(open_queue(str(tmp_path / "target/linux/x86/config-6.6"))) == [
        "backport-6.6/010-old.patch", "hack/900-any.patch",
    ]  # fmt: skip
    assert names(open_queue(str(tmp_path / "target/linux/generic/config-6.12"))) == ORDER
    assert names(open_queue(str(tmp_path / "target/linux/generic"))) == ORDER


def test_openwrt_s_generic_folder_of_two_kernels_must_be_told_apart(tmp_path: Path) -> None:
    write(tmp_path / "target/linux", OPENWRT | {"generic/config-6.6": "CONFIG_A=y\n"})
    with pytest.raises(UserError, match=r"generic/config-6\.12, generic/config-6\.6"):
        open_queue(str(tmp_path / "target/linux/generic"))


def test_openwrt_s_series_and_a_queue_in_git(tmp_path: Path) -> None:
    series = "e.patch -p0 # first\n#d.patch\n"
    files = {f"target/linux/{name}": text for name, text in OPENWRT.items() if "patches-" not in name}
    files |= {"target/linux/x86/patches-6.12/series": series, "target/linux/x86/patches-6.12/e.patch": ""}
    write(tmp_path, files)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "x")
    queue = open_queue(f"{tmp_path}@HEAD:target/linux/x86")
    assert names(queue) == [*ORDER, "patches-6.12/e.patch"]
    last = queue.entries[-1]
    assert (last.strip, last.comment, last.where) == (0, "first", "target/linux/x86/patches-6.12/series:1")
