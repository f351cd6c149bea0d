"""A kernel source in a tarball."""

from __future__ import annotations

from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from kcfg.sources import tar
from kcfg.sources.tar import TarSource, folders_of
from tests.kcfg.sources.sources import FILES, tarball


@pytest.mark.parametrize(("path", "folders"), [("a/b/c", ["a", "a/b"]), ("a/b", ["a"]), ("a", []), ("", [])])
def test_the_folders_of_a_file_come_from_the_top(path: str, folders: list[str]) -> None:
    assert list(folders_of(path)) == folders


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
