"""A kernel source in a tarball."""

from __future__ import annotations

import tarfile
import time
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.base.paths import PATH_LIMIT
from kcfg.sources import tar
from kcfg.sources.tar import TarSource, is_skipped, named
from tests.kcfg.sources.sources import FILES, tarball


def test_each_folder_is_asked_for_once_from_the_top() -> None:
    asked: list[str] = []
    known = {"": False}

    def skip(folder: str) -> bool:
        asked.append(folder)
        return folder == "a/b"

    folders = ("a/b/c", "a/b/d", "a", "", "e")
    assert [is_skipped(one, skip, known) for one in folders] == [True, True, False, False, False]
    assert asked == ["a", "a/b", "e"]


def test_each_folder_has_its_names() -> None:
    assert named(["a/b/c", "a/d", "e", "a/b/f"], "t") == {"": ["a", "e"], "a": ["b", "d"], "a/b": ["c", "f"]}


def test_a_pattern_does_not_go_through_all_members_for_each_folder(tmp_path: Path) -> None:
    source = TarSource(str(tarball(tmp_path / "t.tar", {**FILES, **{f"d{n}/x/f.c": b"" for n in range(6000)}})))
    assert source.exists("Kconfig")
    start = time.process_time()
    assert source.glob("*/*/K2") == []
    assert time.process_time() - start < 2


def long_named(at: Path, size: int, kind: bytes = tarfile.GNUTYPE_LONGNAME) -> TarSource:
    """A tarball with a member whose name, or link, has so many bytes."""
    with tarfile.open(tarball(at), "a", format=tarfile.GNU_FORMAT) as archive:
        info = tarfile.TarInfo("linux-6.1/link")
        if kind == tarfile.GNUTYPE_LONGNAME:
            info.name = "linux-6.1/" + "x" * (size - 10)
        else:
            info.type, info.linkname = tarfile.SYMTYPE, "x" * size
        archive.addfile(info)
    return TarSource(str(at))


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
def test_a_name_longer_than_linux_takes_is_refused(tmp_path: Path, kind: bytes) -> None:
    assert long_named(tmp_path / "t.tar", PATH_LIMIT, kind).read("Kconfig") == b"top\n"
    with pytest.raises(UserError, match="a name in this tarball has more than 4,096 bytes"):
        long_named(tmp_path / "u.tar", PATH_LIMIT + 1, kind).read("Kconfig")


def test_a_name_in_an_extended_header_is_no_longer(tmp_path: Path) -> None:
    with tarfile.open(tarball(tmp_path / "t.tar"), "a", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("linux-6.1/" + "x" * PATH_LIMIT))
    with pytest.raises(UserError, match="a name in this tarball has more than 4,096 bytes"):
        TarSource(str(tmp_path / "t.tar")).read("Kconfig")


def test_extended_headers_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tarfile.open(tarball(tmp_path / "t.tar"), "a", format=tarfile.PAX_FORMAT) as archive:
        for number in range(9):
            info = tarfile.TarInfo(f"linux-6.1/{number}")
            info.pax_headers = {"comment": "x" * 20_000}
            archive.addfile(info)
    assert TarSource(str(tmp_path / "t.tar")).exists("8")
    monkeypatch.setattr(tar, "HEADERS_LIMIT", 100_000)
    with pytest.raises(UserError, match="the extended headers in this tarball are too many"):
        TarSource(str(tmp_path / "t.tar")).read("Kconfig")


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("linux/Kconfig", True), ("linux/a/Kconfig.debug", True), ("a/Makefile.build", True), ("a/Kbuild", True),
        ("linux/scripts/x.sh", True), ("linux/arch/x86/configs/xen.config", True), ("kernel/configs/x", True),
        ("linux/a.c", False), ("linux/Kbuild.c", False), ("linux/myscripts/x", False),
    ],
)  # fmt: skip
def test_what_kconfig_needs_is_kept(tmp_path: Path, path: str, kept: bool) -> None:
    assert TarSource(str(tarball(tmp_path / "t.tar"))).keeps(path) is kept


def test_nothing_is_unpacked_before_something_is_read(tmp_path: Path) -> None:
    path = tarball(tmp_path / "t.tar")
    source = TarSource(str(path))
    source.fingerprint(["Kconfig"])
    path.write_bytes(path.read_bytes()[:700])
    with pytest.raises(UserError, match="damaged or truncated tar archive"):
        source.read("Kconfig")


def test_the_one_top_folder_is_stripped(tmp_path: Path) -> None:
    for top in ("linux-6.1/", "", "./linux/"):
        source = TarSource(str(tarball(tmp_path / "t.tar", top=top)))
        assert source.read("sub/Kconfig") == b"sub\n"
        assert source.all_files(lambda path: False) == sorted(FILES)
        assert set(source.names("")) == {"Kconfig", "Makefile", "sub"}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a/Kconfig": b"", "b/Kconfig": b""}, "more than one top folder in it"),
        ({"a/x": b""}, "no Kconfig file in it"),
    ],
)
def test_what_has_no_top_is_no_kernel_source(tmp_path: Path, files: dict[str, bytes], said: str) -> None:
    with pytest.raises(UserError) as caught:
        TarSource(str(tarball(tmp_path / "t.tar", files, top=""))).read("Kconfig")
    assert caught.value.message == f"not a kernel source: {said}"


def test_a_file_that_is_there_and_not_kept_says_so(tmp_path: Path) -> None:
    source = TarSource(str(tarball(tmp_path / "t.tar")))
    assert source.exists("sub/a.c")
    with pytest.raises(UserError) as caught:
        source.read("sub/a.c")
    assert (caught.value.message, "unpack it" in str(caught.value.hint)) == ("not kept", True)
    with pytest.raises(UserError, match="no such file"):
        source.read("sub/b.c")


def test_links_are_followed_inside_and_refused_outside(tmp_path: Path) -> None:
    links = {"in": "sub", "out": "../other", "sub/top": "../Kconfig"}
    source = TarSource(str(tarball(tmp_path / "t.tar", links=links)))
    assert (source.read("in/Kconfig"), source.read("sub/top")) == (b"sub\n", b"top\n")
    with pytest.raises(UserError, match="leads out"):
        source.read("out/x")


def test_members_outside_and_too_much_of_what_is_kept_are_refused(tmp_path: Path) -> None:
    path = tarball(tmp_path / "t.tar", {**FILES, "../Kconfig": b"x"}, top="linux/")
    source = TarSource(str(path))
    assert source.all_files(lambda path: False) == sorted(FILES)
    small = TarSource(str(path))
    small.kept_limit = 3
    with pytest.raises(UserError, match="of the files that are needed"):
        small.read("Kconfig")


def test_the_fingerprint_is_that_of_the_archive(tmp_path: Path) -> None:
    path = tarball(tmp_path / "t.tar")
    before = TarSource(str(path)).fingerprint(["a", "b"])
    assert TarSource(str(path)).fingerprint(["b", "a"]) == before
    tarball(path, {**FILES, "more": b"x" * 20000})
    assert TarSource(str(path)).fingerprint(["a", "b"]) != before


def test_what_is_neither_compressed_nor_a_tar_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"text" * 200)
    for path, said in ((tmp_path / "x", "neither a directory nor a tarball"), (tmp_path / "none", "no such file")):
        with pytest.raises(UserError, match=said):
            TarSource(str(path))


def test_a_compressed_archive_is_known_by_its_first_bytes() -> None:
    assert {kind: len(magic) for kind, magic in tar.MAGICS.items()} == {"gzip": 2, "xz": 6, "zstd": 4, "bzip2": 3}


def test_headers_of_headers_are_damage(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 2
    (tmp_path / "t.tar").write_bytes((info.tobuf(tarfile.GNU_FORMAT) + b"x".ljust(512, b"\0")) * 2000)
    with pytest.raises(UserError, match="damaged or truncated tar archive"):
        TarSource(str(tmp_path / "t.tar")).read("Kconfig")
