"""Facts of recipes in shell: which patches Alpine's, Arch's and Gentoo's apply, in which order and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from patches.queues.queue import Queue, open_queue
from patches.queues.reasons import Unclear, UnclearKind
from tests.patches.queues.test_queues import names, patch, stale, write

SHA = "0123456789abcdef0123456789abcdef01234567"


def told(queue: Queue) -> list[tuple[str, int | None, bool, str, str]]:
    return [(one.name, one.strip, one.reverse, one.condition, one.where) for one in queue.entries]


# Alpine


def test_an_apkbuild_applies_its_sources_in_order(tmp_path: Path) -> None:
    recipe = (
        'pkgname=x\npkgver=4.1\npatch_args="-p2"\nsource="https://e.org/x-$pkgver.tar.gz\n\tb.patch\n'
        "\t$pkgname-a.patch\n"
        f'\tc.patch::https://github.com/o/r/commit/{SHA}.patch\n\tother.diff\n\tx.initd"\n'
        'if [ "$pkgver" = 4.1 ]; then\n\tsource="$source\n\td.patch"\nfi\n'
        'if [ "$CARCH" = x86 ]; then source="$source e.patch"; fi\n'
    )
    files = {"APKBUILD": recipe} | dict.fromkeys(
        ("b.patch", "x-a.patch", "d.patch", "e.patch", "other.diff", "left.patch"), ""
    )
    queue = open_queue(str(write(tmp_path, files)))
    assert (queue.format, queue.version) == ("apkbuild", "4.1")
    assert told(queue) == [
        ("b.patch", 2, False, "", "APKBUILD:5"),
        ("x-a.patch", 2, False, "", "APKBUILD:6"),
        ("c.patch", 2, False, "", "APKBUILD:7"),
        ("d.patch", 2, False, "", "APKBUILD:12"),
        ("e.patch", 2, False, '[ "$CARCH" = x86 ]', "APKBUILD:14"),
    ]
    assert [claim.commit for claim in queue.entries[2].header.claims] == [SHA]
    assert stale(queue) == [("never", "other.diff", "APKBUILD:8"), ("unlisted", "left.patch", "APKBUILD")]


def test_prepare_of_an_apkbuild_decides(tmp_path: Path) -> None:
    recipe = (
        'source="a.patch b.patch.noauto c.patch d.patch"\n'
        'prepare() {\n\t# must come first\n\tpatch -Rp0 -i "$srcdir"/b.patch.noauto || return 1\n'
        '\tfor i in $source; do\n\t\tcase $i in\n\t\tc*.patch) msg $i; patch -p1 -i "$srcdir"/$i || return 1;;\n'
        "\t\tesac\n\tdone\n"
        '\tunxz -c < "$srcdir"/gone.patch.xz | patch -p1\n\tsed s/a/b/ "$srcdir"/a.patch | patch -p1\n'
        '\tcat debian/patches/x.patch | patch -p1\n\tpatch -p1 < "$srcdir"/$(ls)\n}\n'
    )
    files = {"APKBUILD": recipe} | dict.fromkeys(("a.patch", "b.patch.noauto", "c.patch", "d.patch"), "")
    queue = open_queue(str(write(tmp_path, files)))
    assert told(queue) == [("b.patch.noauto", 0, True, "", "APKBUILD:4"), ("c.patch", 1, False, "", "APKBUILD:1")]
    assert queue.entries[0].section == "must come first"
    assert stale(queue) == [
        ("missing", "gone.patch.xz", "APKBUILD:10"),
        ("missing", "patch", "APKBUILD:11"),
        ("missing", "debian/patches/x.patch", "APKBUILD:12"),
        ("missing", "$srcdir/${...}", "APKBUILD:13"),
        ("never", "a.patch", "APKBUILD:1"),
        ("never", "d.patch", "APKBUILD:1"),
    ]


def test_a_recipe_that_cannot_be_read_to_its_end_says_where(tmp_path: Path) -> None:
    recipe = 'source="a.patch"\nprepare() {\n\tdefault_prepare\n}\nfoo() {\n'
    queue = open_queue(str(write(tmp_path, {"APKBUILD": recipe, "a.patch": ""})))
    assert (names(queue), stale(queue)) == (["a.patch"], [("missing", "APKBUILD", "APKBUILD:5")])


def test_no_recipe_leads_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.patch").write_text(patch())
    recipe = 'source="../secret.patch"\nprepare() {\n\tpatch -p1 -i ../../secret.patch; patch -p1 -i /etc/a.patch\n}\n'
    queue = open_queue(str(write(tmp_path / "x", {"APKBUILD": recipe})))
    assert [one.name for one in queue.entries] == []
    assert {one.kind.value for one in queue.findings} <= {"outside", "missing", "never"}


# Arch


def test_a_pkgbuild_s_loop_over_its_sources(tmp_path: Path) -> None:
    recipe = (
        "pkgname=linux-x\npkgver=6.12.1\n_srcname=linux-$pkgver\nsource=(\n  https://e.org/$_srcname.tar.{xz,sign}\n"
        "  config  # the config\n  # Xen needs it\n  0001-a.patch\n  $pkgname-b.patch # until 6.13\n\n"
        f"  n.patch::https://git.kernel.org/linux.git/patch/?id={SHA}\n)\nsource_x86_64=(arch.patch)\n"
        'prepare() {\n  cd $_srcname\n  local src\n  for src in "${source[@]}"; do\n    src="${src%%::*}"\n'
        '    src="${src##*/}"\n    src="${src%.zst}"\n    [[ $src = *.patch ]] || continue\n'
        '    echo "Applying $src"\n'
        '    patch -Np1 < "../$src"\n  done\n}\n'
    )
    files = {"PKGBUILD": recipe} | dict.fromkeys(("0001-a.patch", "linux-x-b.patch", "arch.patch"), "")
    queue = open_queue(str(write(tmp_path, files)))
    assert (queue.format, queue.version) == ("pkgbuild", "6.12.1")
    assert [(one.name, one.strip, one.where, one.section, one.comment) for one in queue.entries] == [
        ("0001-a.patch", 1, "PKGBUILD:8", "Xen needs it", ""),
        ("linux-x-b.patch", 1, "PKGBUILD:9", "Xen needs it", "until 6.13"),
        ("n.patch", 1, "PKGBUILD:11", "", ""),
    ]
    assert stale(queue) == [("never", "arch.patch", "PKGBUILD:13")]


def test_the_ways_in_which_a_pkgbuild_applies_patches(tmp_path: Path) -> None:
    recipe = (
        "source=(a.patch b.patch c.patch d.patch e.patch f-1.patch f-2.patch g.diff)\nprepare() {\n"
        '  patch -Np1 -i ../a.patch\n  patch -p0 --reverse --input="$srcdir/b.patch"\n'
        "  patch --strip=2 < ../c.patch\n"
        '  git apply -3 -p1 ../d.patch\n  git -C x am -p2 < "${srcdir}"/e.patch\n'
        '  for p in ../f-*.patch; do patch -p1 -i "$p"; done\n'
        f"  git cherry-pick -n {SHA} # wanted\n  git revert -n {SHA[::-1]}\n"
        f'  _fix() {{ patch -d sub -p1 -i "$1"; }}\n'
        "  _fix ../g.diff\n  git cherry-pick origin/x\n}\n"
    )
    files = {"PKGBUILD": recipe} | {f"{one}.patch": "" for one in ("a", "b", "c", "d", "e", "f-1", "f-2")}
    queue = open_queue(str(write(tmp_path, files | {"g.diff": ""})))
    assert [(one.name, one.strip, one.reverse) for one in queue.entries] == [
        ("a.patch", 1, False), ("b.patch", 0, True), ("c.patch", 2, False), ("d.patch", 1, False),
        ("e.patch", 2, False),
        ("f-1.patch", 1, False), ("f-2.patch", 1, False), (f"cherry-pick {SHA}", 1, False),
        (f"revert {SHA[::-1]}", 1, True), ("g.diff", 1, False),
    ]  # fmt: skip
    picked = queue.entries[7]
    assert ([claim.commit for claim in picked.header.claims], picked.comment) == ([SHA], "wanted")
    assert stale(queue) == [("missing", "cherry-pick origin/x", "PKGBUILD:13")]


def test_what_makepkg_unpacks_is_the_source_that_is_packed(tmp_path: Path) -> None:
    recipe = (
        "source=(https://e.org/patch-6.1.xz)\nprepare() {\n  patch -p1 < ../patch-6.1\n"
        f"  git revert --mainline 1 {SHA}\n}}\n"
    )
    queue = open_queue(str(write(tmp_path, {"PKGBUILD": recipe})))
    assert [(one.name, one.where, one.reverse) for one in queue.entries] == [
        ("patch-6.1.xz", "PKGBUILD:3", False),
        (f"revert {SHA}", "PKGBUILD:4", True),
    ]


# Gentoo


def test_an_ebuild_s_patches_and_eapply(tmp_path: Path) -> None:
    recipe = (
        'EAPI=8\nMY_PV=${PV/_/-}\nUPSTREAM=\nSRC_URI="https://e.org/${P}.tar.gz\n'
        '\tflask? ( https://e.org/raw -> ${PN}-dist.patch )"\n'
        'PATCHES=(\n\t# bug 1\n\t"${FILESDIR}"/${P}-a.patch\n'
        '\t"${FILESDIR}/${PN}-$(ver_cut 1-2)-b.patch" # gone in 5\n)\n'
        'src_prepare() {\n\t[[ -n ${UPSTREAM} ]] && eapply "${FILESDIR}"/never.patch\n'
        '\teapply "${WORKDIR}"/patches-upstream\n'
        '\teapply -p0 -R "${FILESDIR}"/c.patch\n\tuse flask && eapply "${DISTDIR}"/${PN}-dist.patch\n'
        '\teapply "${FILESDIR}/more"\n'
        "\tdefault\n}\n"
    )
    files = {"xen/xen-4.1.2_rc1-r3.ebuild": recipe, "xen/xen-5.ebuild": 'PATCHES=( "${FILESDIR}"/five.patch )\n'}
    for name in ("xen-4.1.2_rc1-a", "xen-4.1-b", "never", "c", "more/2", "more/1", "five", "left"):
        files[f"xen/files/{name}.patch"] = ""
    write(tmp_path, files)
    queue = open_queue(str(tmp_path / "xen/xen-4.1.2_rc1-r3.ebuild"))
    assert (queue.format, queue.version) == ("ebuild", "4.1.2_rc1")
    where = "xen-4.1.2_rc1-r3.ebuild"
    assert told(queue) == [
        ("c.patch", 0, True, "", f"{where}:14"),
        ("xen-dist.patch", 1, False, "use flask", f"{where}:15"),
        ("more/1.patch", 1, False, "", f"{where}:16"),
        ("more/2.patch", 1, False, "", f"{where}:16"),
        ("xen-4.1.2_rc1-a.patch", 1, False, "", f"{where}:8"),
        ("xen-4.1-b.patch", 1, False, "", f"{where}:9"),
    ]
    assert [(one.section, one.comment) for one in queue.entries[4:]] == [("bug 1", ""), ("bug 1", "gone in 5")]
    assert stale(queue) == [
        ("never", "never.patch", f"{where}:12"),
        ("missing", "$workdir/patches-upstream", f"{where}:13"),
        ("unlisted", "files/left.patch", where),
    ]
    with pytest.raises(UserError, match="several recipes"):
        open_queue(str(tmp_path / "xen"))


def test_an_ebuild_without_src_prepare_applies_patches_and_one_that_never_does_says_so(tmp_path: Path) -> None:
    recipe = 'PATCHES="${FILESDIR}/a.patch\n\t${FILESDIR}/b.patch"\nuse x && PATCHES+=" ${FILESDIR}/c.patch"\n'
    files = {f"files/{one}.patch": "" for one in "abc"}
    queue = open_queue(str(write(tmp_path / "one", files | {"x-1.ebuild": recipe})))
    assert told(queue) == [
        ("a.patch", 1, False, "", "x-1.ebuild:1"),
        ("b.patch", 1, False, "", "x-1.ebuild:2"),
        ("c.patch", 1, False, "use x", "x-1.ebuild:3"),
    ]
    queue = open_queue(
        str(write(tmp_path / "two", files | {"x-1.ebuild": recipe + "src_prepare() {\n\teapply_user\n}\n"}))
    )
    assert (names(queue), [one for one, _, _ in stale(queue)]) == ([], ["never", "never", "never"])


def test_options_of_an_ebuild_turn_a_patch_round_for_the_command_that_has_them(tmp_path: Path) -> None:
    recipe = (
        'PATCHES=( -R -p2 "${FILESDIR}"/e.patch )\n'
        'src_prepare() {\n\tEPATCH_OPTS="-R -p0" epatch "${FILESDIR}"/a.patch\n\tepatch "${FILESDIR}"/b.patch\n'
        '\teapply -R "${FILESDIR}"/c.patch\n\tdefault\n'
        '\tEPATCH_OPTS="$(opts)" epatch "${FILESDIR}"/d.patch\n}\n'
    )
    files = {"x-1.ebuild": recipe} | {f"files/{one}.patch": "" for one in "abcde"}
    queue = open_queue(str(write(tmp_path, files) / "x-1.ebuild"))
    assert [one[:3] for one in told(queue)] == [
        ("a.patch", 0, True),
        ("b.patch", None, False),
        ("c.patch", 1, True),
        ("e.patch", 2, True),
    ]
    assert stale(queue) == [("missing", "d.patch", "x-1.ebuild:7")]
    assert queue.findings[0].unclear == Unclear(UnclearKind.OPTIONS, ("${...}",))


def test_epatch_finds_the_level_itself(tmp_path: Path) -> None:
    recipe = 'src_prepare() {\n\tepatch "${FILESDIR}"/a.patch\n}\n'
    (entry,) = open_queue(str(write(tmp_path, {"x-1.ebuild": recipe, "files/a.patch": patch("a", "f.c", "")}))).entries
    assert (entry.strip, sorted(entry.patch.paths)) == (None, ["f.c"])
