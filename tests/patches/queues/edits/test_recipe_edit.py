"""Facts of edits in recipes in shell: APKBUILD, PKGBUILD, ebuild."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.patches.queues.edits.edited import edited, left, put, texts

APK = (
    'pkgname=x\npkgver=1\nsource="https://e.org/x-$pkgver.tar.gz\n\ta.patch\n\t$pkgname-b.patch\n\n\t# XSA-1\n'
    '\tc.patch\n\tx.initd\n\t"\nbuild() {\n\tmake\n}\nsha512sums="\n0123456789abcdef  x-1.tar.gz\n'
    '0123456789abcde0  a.patch\n0123456789abcde1  x-b.patch\n0123456789abcde2  c.patch\n0123456789abcde3  x.initd\n"\n'
)


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("a.patch", ["\ta.patch\n", "0123456789abcde0  a.patch\n"]),
        ("x-b.patch", ["\t$pkgname-b.patch\n", "0123456789abcde1  x-b.patch\n"]),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_apkbuild_loses_the_source_and_the_checksum(tmp_path: Path, name: str, gone: list[str], end: str) -> None:
    put(tmp_path, {"APKBUILD": APK.replace("\n", end).rstrip()}, ("a.patch", "x-b.patch", "c.patch"))
    want = APK
    for text in gone:
        want = want.replace(text, "")
    edit = edited(tmp_path / "APKBUILD", name)
    assert (edit.left, texts(edit)) == ((), {"APKBUILD": want.replace("\n", end).rstrip(), name: None})


@pytest.mark.parametrize("total", ["0123456789abcde0", "SKIP", "abc"])
@pytest.mark.parametrize("source", ["a.patch\n\t", ""])
def test_a_checksum_goes_whatever_it_is_and_from_wherever_the_patch_is_applied(
    tmp_path: Path, total: str, source: str
) -> None:
    apply = '\tpatch -p1 -i "$startdir"/a.patch\n'
    text = (
        f'source="x.gz\n\t{source}"\nprepare() {{\n{apply}\ttrue\n}}\nsha512sums="\n1234  x.gz\n{total}  a.patch\n"\n'
    )
    put(tmp_path, {"APKBUILD": text}, ("a.patch",))
    edit = edited(tmp_path / "APKBUILD", "a.patch")
    want = text.replace(f"{total}  a.patch\n", "").replace(apply, "").replace("\ta.patch\n", "")
    assert (left(edit), texts(edit)["APKBUILD"]) == ([], want)


def test_words_beside_others_go_alone(tmp_path: Path) -> None:
    text = 'source="a.patch b.patch c.patch"\nsha512sums="0123456789abcde0  a.patch\n0123456789abcde1  b.patch"\n'
    put(tmp_path, {"APKBUILD": text}, ("a.patch", "b.patch", "c.patch"))
    assert texts(edited(tmp_path / "APKBUILD", "a.patch", "c.patch"))["APKBUILD"] == (
        'source="b.patch"\nsha512sums="\n0123456789abcde1  b.patch"\n'
    )


def test_a_loop_over_the_sources_needs_no_edit(tmp_path: Path) -> None:
    text = (
        'source="a.patch\n\tb.patch"\nprepare() {\n\tfor i in $source; do\n\t\tpatch -p1 -i "$srcdir"/$i\n\tdone\n}\n'
    )
    put(tmp_path, {"APKBUILD": text}, ("a.patch", "b.patch"))
    assert texts(edited(tmp_path / "APKBUILD", "b.patch"))["APKBUILD"] == text.replace("\n\tb.patch", "\n\t")


@pytest.mark.parametrize(
    ("text", "kind", "where", "other"),
    [
        (
            'source="b.patch"\nif [ "$CARCH" = x86 ]; then source="$source a.patch"; fi\n',
            "condition", "APKBUILD:2", '[ "$CARCH" = x86 ]',
        ),
        ('source="a.patch"\nsource="$source\n\ta.patch::https://e.org/1"\n', "twice", "APKBUILD:2", "APKBUILD:3"),
        ('_p="a.patch b.patch"\nsource="$_p"\n', "list", "APKBUILD:2", ""),
        ('_p="\n\ta.patch\n\tb.patch\n\t"\nsource="x.tar.gz\n\t$_p"\n', "list", "APKBUILD:2", ""),
        (
            'source="a.patch"\nprepare() {\n\tdefault_prepare\n\tcp "$srcdir"/a.patch x\n}\n',
            "named", "APKBUILD:1", "APKBUILD:4",
        ),
        (
            'source="a.patch"\nprepare() {\n\tpatch -p1 -i "$srcdir"/a.patch || true\n}\n',
            "command", "APKBUILD:3", "APKBUILD:3",
        ),
        ('source="a.patch"\nprepare() {\n\tpatch -p1 -i "$srcdir"/a.patch\n}\n', "emptied", "APKBUILD:3", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_safely_is_left(tmp_path: Path, text: str, kind: str, where: str, other: str) -> None:
    put(tmp_path, {"APKBUILD": text}, ("a.patch", "b.patch"))
    edit = edited(tmp_path / "APKBUILD", "a.patch")
    assert left(edit)[:1] == [("a.patch", kind, where, other)]
    assert edit.changes == ()


PKG = (
    "pkgname=x\npkgver=1\nsource=(https://e.org/x-$pkgver.tar.gz{} # main\n        a.patch\n"
    "        'b.patch' c.patch)\nsha256sums=('00'\n            '11'\n            '22' '33')\nb2sums=(SKIP aa bb cc)\n"
    'prepare() {{\n  cd x\n  patch -Np1 -i "$srcdir/a.patch"\n  patch -Np1 -i ../b.patch\n  git apply ../c.patch\n}}\n'
)


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        (
            ("a.patch",),
            [
                ("        a.patch\n", ""), ("            '11'\n", ""), ("SKIP aa", "SKIP"),
                ('  patch -Np1 -i "$srcdir/a.patch"\n', ""),
            ],
        ),
        (
            ("b.patch", "c.patch"),
            [
                ("        'b.patch' c.patch)", "        )"), (" bb cc", ""),
                ("            '22' '33')", "            )"),
                ("  patch -Np1 -i ../b.patch\n  git apply ../c.patch\n", ""),
            ],
        ),
    ],
)  # fmt: skip
def test_a_pkgbuild_loses_sums_by_place_and_commands(
    tmp_path: Path, names: tuple[str, ...], pairs: list[tuple[str, str]]
) -> None:
    text = want = PKG.format("")
    put(tmp_path, {"PKGBUILD": text}, ("a.patch", "b.patch", "c.patch"))
    for old, new in pairs:
        assert old in want
        want = want.replace(old, new)
    edit = edited(tmp_path / "PKGBUILD", *names)
    assert (edit.left, texts(edit)) == ((), {"PKGBUILD": want, **dict.fromkeys(names)})


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (("{sig}", "{,.sig}"), "checksums"),  # two files for one word, and no checksum for the second
        (("{sig}", '" "${more[@]}'), "list"),  # any number of files for one word
        (("b2sums=(SKIP ", "b2sums=("), "checksums"),
        (("b2sums=(SKIP aa", 'b2sums=(SKIP "$x"'), "checksums"),
        (("b2sums=", "b2sums=(1 2 3 4)\nb2sums="), "checksums"),
        (("b2sums=(SKIP aa bb cc)", "if x; then\nb2sums=(SKIP aa bb cc)\nfi"), "checksums"),
        (("b2sums=", "source+=(d.tar.gz)\nb2sums="), "list"),
        (("b2sums=", "sha256sums+=(44)\nb2sums="), "checksums"),
        (("  patch -Np1 -i \"$srcdir/a.patch\"", "  patch -Np1 -i \"$srcdir/a.patch\" && x"), "command"),
        (("  patch -Np1 -i \"$srcdir/a.patch\"", "  patch -Np1 \\\n    -i \"$srcdir/a.patch\""), "command"),
    ],
)  # fmt: skip
def test_a_pkgbuild_whose_places_are_not_sure_is_left(tmp_path: Path, change: tuple[str, str], kind: str) -> None:
    text = PKG.format("{sig}").replace(*change).replace("{sig}", "")
    put(tmp_path, {"PKGBUILD": text}, ("a.patch", "b.patch", "c.patch"))
    edit = edited(tmp_path / "PKGBUILD", "a.patch")
    assert ([one[:2] for one in left(edit)], edit.changes) == ([("a.patch", kind)], ())


def test_a_word_that_is_two_files_has_two_checksums(tmp_path: Path) -> None:
    text = "source=(x.tar.{xz,sign} git+https://e.org/x?y a.patch\n  b.patch)\nsha1sums=(00\n  SKIP SKIP 11 22)\n"
    text += "prepare() {\n  cd x\n  patch -i ../a.patch\n}\n"
    put(tmp_path, {"PKGBUILD": text}, ("a.patch", "b.patch"))
    want = text.replace(" a.patch\n", "\n").replace(" 11", "").replace("  patch -i ../a.patch\n", "")
    assert texts(edited(tmp_path / "PKGBUILD", "a.patch")) == {"PKGBUILD": want, "a.patch": None}


EBUILD = (
    'EAPI=8\nPATCHES=(\n\t"${FILESDIR}"/${P}-a.patch\n\t# bug 1\n\t"${FILESDIR}/b.patch" "${FILESDIR}"/c.patch\n)\n'
    'src_prepare() {\n\tdefault\n\teapply "${FILESDIR}"/d.patch\n}\n'
)


def test_an_ebuild_loses_entries_and_commands(tmp_path: Path) -> None:
    names = ("x-1-a.patch", "b.patch", "c.patch", "d.patch")
    put(tmp_path, {"x-1.ebuild": EBUILD}, [f"files/{one}" for one in names])
    edit = edited(tmp_path / "x-1.ebuild", "x-1-a.patch", "b.patch", "d.patch")
    want = EBUILD.replace('\t"${FILESDIR}"/${P}-a.patch\n', "").replace('"${FILESDIR}/b.patch" ', "")
    assert texts(edit)["x-1.ebuild"] == want.replace('\teapply "${FILESDIR}"/d.patch\n', "")
    assert edit.left == ()


def test_a_recipe_that_cannot_be_read_to_its_end_is_left(tmp_path: Path) -> None:
    put(tmp_path, {"APKBUILD": 'source="a.patch"\nbuild() {\n'}, ("a.patch",))
    edit = edited(tmp_path / "APKBUILD", "a.patch")
    assert [(one[1], one[3]) for one in left(edit)] == [("not-parsed", "APKBUILD:2")]


def test_a_file_of_another_ebuild_under_a_made_name_stays(tmp_path: Path) -> None:
    other = 'PATCHES=( "${FILESDIR}"/${PN}-b.patch )\n'
    put(tmp_path, {"x-1.ebuild": 'PATCHES=( "${FILESDIR}"/x-b.patch )\n', "x-2.ebuild": other}, ("files/x-b.patch",))
    edit = edited(tmp_path / "x-1.ebuild", "x-b.patch")
    assert texts(edit) == {"x-1.ebuild": "PATCHES=( )\n"}
    assert [(one.path, one.by) for one in edit.kept] == [("files/x-b.patch", "another ebuild")]


def test_a_commit_that_is_picked_goes_with_its_line(tmp_path: Path) -> None:
    sha = "0123456789abcdef0123456789abcdef01234567"
    text = f"source=(git+https://e.org/x)\nsha1sums=(SKIP)\nprepare() {{\n  git -C x cherry-pick -n {sha}\n  cd x\n}}\n"
    put(tmp_path, {"PKGBUILD": text})
    edit = edited(tmp_path / "PKGBUILD", f"cherry-pick {sha}")
    assert texts(edit) == {"PKGBUILD": text.replace(f"  git -C x cherry-pick -n {sha}\n", "")}


def test_a_source_that_is_fetched_goes_with_its_command(tmp_path: Path) -> None:
    text = "source=(x.tar.gz https://e.org/0123456789abcdef0123456789abcdef01234567.patch)\nsha1sums=(00 11)\n"
    text += 'prepare() {\n  cd x\n  patch -p1 -i "$srcdir"/0123456789abcdef0123456789abcdef01234567.patch \n}\n'
    put(tmp_path, {"PKGBUILD": text})
    edit = edited(tmp_path / "PKGBUILD", "0123456789abcdef0123456789abcdef01234567.patch")
    assert texts(edit) == {"PKGBUILD": "source=(x.tar.gz)\nsha1sums=(00)\nprepare() {\n  cd x\n}\n"}


@pytest.mark.parametrize(
    ("text", "want", "kind"),
    [
        ("source=(x\n  a.patch # why\n  b.patch)\n", "source=(x\n  b.patch)\n", ""),
        ('pkgver=1\nif [ "$pkgver" = 1 ]; then\n  source=(x a.patch)\nfi\n', "", "list"),
        ('source=(x "a.pa\\\ntch")\n', "", "macro"),
    ],
)
def test_where_an_entry_stands_decides(tmp_path: Path, text: str, want: str, kind: str) -> None:
    apply = "prepare() {\n  cd x\n  patch -i ../a.patch\n}\n"
    put(tmp_path, {"PKGBUILD": text + apply}, ("a.patch", "b.patch"))
    edit = edited(tmp_path / "PKGBUILD", "a.patch")
    assert [one[1] for one in left(edit)] == ([kind] if kind else [])
    assert texts(edit).get("PKGBUILD", "") == (want + apply.replace("  patch -i ../a.patch\n", "") if want else "")
