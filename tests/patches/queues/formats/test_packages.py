"""Packages' own files: APKBUILD, PKGBUILD, ebuild, Buildroot's .mk, OpenWrt's Makefile, and what they share."""

from __future__ import annotations

from pathlib import Path

import pytest

from patches.queues.formats import Format, ListedPatch
from patches.queues.formats.apkbuild import FORMAT as APKBUILD
from patches.queues.formats.attachments import flat
from patches.queues.formats.buildroot import FORMAT as BUILDROOT
from patches.queues.formats.buildroot import expand, prefix_of, section
from patches.queues.formats.ebuild import FORMAT as EBUILD
from patches.queues.formats.ebuild import cut_version, versions
from patches.queues.formats.openwrt import FORMAT as OPENWRT
from patches.queues.formats.pkgbuild import FORMAT as PKGBUILD
from patches.queues.formats.recipe import merged, shown
from patches.queues.formats.shellchanges import tail
from patches.queues.formats.shellparse import ShellWord
from patches.queues.formats.shelltest import holds
from patches.queues.formats.shellwords import Expander
from patches.queues.reasons import Never, NeverKind
from tests.patches.queues.formats.folders import files_of, listed, names

DIFF = "--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"


@pytest.mark.parametrize(
    ("form", "path", "text", "found"),
    [
        (
            APKBUILD,
            "p/APKBUILD",
            'pkgname=p\npkgver=1\nsource="x.tar.gz\n\tb.patch\n\ta.patch\n\t"\n',
            ["b.patch", "a.patch"],
        ),
        (
            PKGBUILD,
            "p/PKGBUILD",
            "pkgname=p\nsource=(x.tar.gz a.patch)\nprepare() {\n  patch -p1 -i ../a.patch\n}\n",
            ["a.patch"],
        ),
        (EBUILD, "p/p-1.ebuild", 'PATCHES=( "${FILESDIR}"/a.patch )\ndefault\n', ["a.patch"]),
        (EBUILD, "p/p-1.ebuild", 'EAPI=8\nPATCHES=( "${FILESDIR}"/a.patch )\n', ["a.patch"]),
    ],
)
def test_a_recipe_s_patches_are_in_the_order_of_their_application(
    tmp_path: Path, form: Format, path: str, text: str, found: list[str]
) -> None:
    files: dict[str, str | bytes] = {path: text, "p/a.patch": DIFF, "p/b.patch": DIFF, "p/files/a.patch": DIFF}
    assert [one.rpartition("/")[2] for one in names(listed(form, tmp_path, files, path))][: len(found)] == found


@pytest.mark.parametrize("form", [APKBUILD, PKGBUILD, EBUILD, BUILDROOT, OPENWRT])
def test_another_file_is_no_recipe(tmp_path: Path, form: Format) -> None:
    assert not form.recognises(files_of(tmp_path, {"README": "source=\nPATCHES=\n"}), "README")


def test_a_target_s_patches_come_after_those_of_all_targets(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "linux/x86/Makefile": "KERNEL_PATCHVER:=6.12\n",
        "linux/x86/patches-6.12/001-x.patch": DIFF,
        "linux/generic/hack-6.12/901-h.patch": DIFF,
        "linux/generic/backport-6.12/010-b.patch": DIFF,
        "linux/generic/pending-6.6/020-old.patch": DIFF,
    }
    found = names(listed(OPENWRT, tmp_path, files, "linux/x86/Makefile"))
    assert [one.rpartition("/")[2] for one in found] == ["010-b.patch", "901-h.patch", "001-x.patch"]


def test_buildroot_s_patches_lie_beside_the_package(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "p/my-pack.mk": "MY_PACK_VERSION = 1\n$(eval $(generic-package))\n",
        "p/0002-b.patch": DIFF,
        "p/0001-a.patch": DIFF,
    }
    found = names(listed(BUILDROOT, tmp_path, files, "p/my-pack.mk"))
    assert [one.rpartition("/")[2] for one in found] == ["0001-a.patch", "0002-b.patch"]
    assert (prefix_of("p/my-pack.mk"), section("p/1.2/a.patch", "p"), section("p/a.patch", "p")) == (
        "MY_PACK",
        "1.2",
        "",
    )
    assert expand("$(A)-$(C)", {"A": "x$(B)", "B": "y"}) == "xy-$(C)"


def test_an_ebuild_s_name_says_its_version_and_parts_of_it_can_be_asked_for() -> None:
    found = versions("x/xen-4.17.1-r2.ebuild")
    assert [found[name] for name in ("PN", "PV", "PR", "PVR", "P", "PF")] == [
        "xen",
        "4.17.1",
        "r2",
        "4.17.1-r2",
        "xen-4.17.1",
        "xen-4.17.1-r2",
    ]
    asked = ("ver_cut 1-2", "ver_cut 2", 'ver_rs 1 "_"', "ver_cut 1 5.6", "date")
    assert [cut_version(one, "4.17.1") for one in asked] == ["4.17", "17", "4_17.1", None, None]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../a.patch", "a.patch"),
        ("@srcdir@/a.patch", "a.patch"),
        ("@filesdir@//b/a.patch", "b/a.patch"),
        ("/etc/x", ""),
        ("./a", "a"),
    ],
)
def test_a_file_s_name_is_the_one_in_the_recipe_s_folder(text: str, name: str) -> None:
    assert tail(text) == name


def test_what_is_applied_somewhere_is_not_told_as_never_applied() -> None:
    so = Never(NeverKind.REMOVED)
    once, never = ListedPatch("a", "a", 1), ListedPatch("a", "a", 2, never=so)
    other = ListedPatch("b", "b", 3, never=so)
    assert merged([never, once, other, once]) == [once, other]
    assert shown("@srcdir@/x") == "$srcdir/x"


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("a = a ]", True), ("a != a ]", False), ("1 -lt 2 ]", True), ("3 -le 2 ]", False), ("! a = a ]", False),
        ("-n x ]", True), ("-z x ]", False), ("-f x ]", None), ("-f x -o a = a ]", True), ("-f x -a a = b ]", False),
        ("( a = b ) || a = a ]]", None),
    ],
)  # fmt: skip
def test_a_shell_s_test_is_judged_where_both_sides_are_known(test: str, told: bool | None) -> None:
    expander = Expander({}, lambda *_: None)  # type: ignore[arg-type, return-value]
    words = [ShellWord(one, 1) for one in test.removesuffix("]]").split()]
    assert holds(words, expander) is (True if told is None and "||" in test else told)


def test_a_mail_s_attachment_is_decoded_where_it_holds_a_diff() -> None:
    head = b"From: a\nContent-Type: multipart/mixed; boundary=x\n"
    part = "--x\nContent-Type: text/{}\nContent-Transfer-Encoding: quoted-printable\n\n{}\n"
    whole = head + b"\n" + (part.format("plain", "note") + part.format("x-patch", DIFF) + "--x--\n").encode()
    found = flat(whole, head)
    assert found is not None
    assert found.startswith(head.rstrip())
    assert b"note" in found
    assert b"+++ b/f" in found
    assert flat(b"From: a\n\n" + DIFF.encode(), b"From: a\n") is None
    assert flat(head + b"\n" + part.format("plain", "note").encode() + b"--x--\n", head) is None
