"""Kernel sources: directories, git revisions, tarballs."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcfg.base.errors import UserError
from kcfg.base.version import ARCHES, KernelVersion
from kcfg.sources.open import open_source
from kcfg.sources.source import Source

FILES = {
    "Kconfig": b'source "init/Kconfig"\n',
    "Makefile": b"# SPDX\nVERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 8\nEXTRAVERSION = -rc3\nNAME = Fish\n",
    "init/Kconfig": b"config XEN\n\tbool\n",
    "drivers/xen/Kconfig": b"# xen\n",
    "drivers/net/Kconfig": b"# net\n",
    "drivers/net/deep/Kconfig": b"# deep\n",
    "drivers/.hidden/Kconfig": b"",
    "arch/x86/configs/xen.config": b"CONFIG_XEN=y\n",
    "kernel/xen.c": b"int main;\n",
}
GIT = [
    "git",
    "-c",
    "user.name=t",
    "-c",
    "user.email=t@t",
    "-c",
    "init.defaultBranch=main",
    "-c",
    "commit.gpgsign=false",
]


def make_tree(top: Path, files: dict[str, bytes] = FILES) -> Path:
    for name, data in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return top


def git(*args: str, at: Path) -> str:
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run([*GIT, *args], cwd=at, check=True, capture_output=True, text=True, env=env).stdout


def make_repository(top: Path) -> Path:
    make_tree(top)
    git("init", "-q", ".", at=top)
    git("add", "-A", at=top)
    git("commit", "-q", "-m", "x", at=top)
    git("tag", "v6.12", at=top)
    return top


def make_tarball(path: Path, kind: str, files: dict[str, bytes] = FILES, top: str = "linux-6.12/") -> Path:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(top + name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    data = raw.getvalue()
    if kind == "gz":
        import gzip

        data = gzip.compress(data)
    elif kind == "xz":
        import lzma

        data = lzma.compress(data)
    elif kind == "bz2":
        import bz2

        data = bz2.compress(data)
    elif kind == "zst":
        import zstandard

        data = zstandard.compress(data)
    path.write_bytes(data)
    return path


KINDS = ["tree", "git", "bare", "tar", "tar.gz", "tar.xz", "tar.bz2", "tar.zst"]


@pytest.fixture(params=KINDS)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    kind: str = request.param
    if kind == "tree":
        return open_source(str(make_tree(tmp_path / "linux")))
    if kind == "git":
        top = make_repository(tmp_path / "linux")
        (top / "init/Kconfig").write_bytes(b"not committed\n")
        return open_source(f"{top}@v6.12")
    if kind == "bare":
        git("clone", "-q", "--bare", str(make_repository(tmp_path / "linux")), str(tmp_path / "a@b.git"), at=tmp_path)
        return open_source(f"{tmp_path}/a@b.git@v6.12^{{commit}}")
    return open_source(str(make_tarball(tmp_path / "x", kind.rpartition(".")[2])))


class TestEveryKindOfSource:
    def test_files_are_read_from_the_top(self, source: Source) -> None:
        assert source.read("Kconfig") == FILES["Kconfig"]
        assert source.read("init/./../init/Kconfig") == FILES["init/Kconfig"]
        assert source.read("arch/x86/configs/xen.config") == b"CONFIG_XEN=y\n"

    def test_the_version_comes_from_the_makefile(self, source: Source) -> None:
        version = source.kernel_version()
        assert (version.full, version.key, version.series) == ("6.12.8-rc3", (6, 12, 8), "6.12")

    def test_only_regular_files_exist(self, source: Source) -> None:
        assert source.exists("drivers/xen/Kconfig")
        assert source.exists("kernel/xen.c")
        assert not source.exists("drivers/xen")
        assert not source.exists("drivers/none/Kconfig")
        assert not source.exists("Kconfig/Kconfig")

    def test_a_star_matches_neither_a_slash_nor_a_leading_dot(self, source: Source) -> None:
        assert source.glob("drivers/*/Kconfig") == ["drivers/net/Kconfig", "drivers/xen/Kconfig"]
        assert source.glob("*/*n/Kcon?ig") == ["drivers/xen/Kconfig"]
        assert source.glob("drivers/*") == []
        assert source.glob("none/*/Kconfig") == []
        assert source.glob("./Kconfig") == ["Kconfig"]

    def test_all_files_leaves_out_the_folders_that_are_skipped(self, source: Source) -> None:
        every = source.all_files(lambda folder: False)
        assert set(every) >= {"Kconfig", "Makefile", "drivers/xen/Kconfig", "kernel/xen.c"}
        assert every == sorted(every)
        assert all(source.exists(path) for path in every)
        assert source.all_files(lambda folder: folder == "drivers/xen" or folder == "kernel") == [
            path for path in every if not path.startswith(("drivers/xen/", "kernel/"))
        ]

    @pytest.mark.parametrize("path", ["/etc/passwd", "../x", "init/../../x", "", ".", "a\0b"])
    def test_a_path_that_leads_out_is_refused(self, source: Source, path: str) -> None:
        for use in (source.read, source.exists, source.glob):
            with pytest.raises(UserError, match="leads out of the kernel source"):
                use(path)

    @pytest.mark.parametrize("path", ["none", "init", "init/none", "Kconfig/x"])
    def test_a_missing_file_is_named(self, source: Source, path: str) -> None:
        with pytest.raises(UserError) as caught:
            source.read(path)
        assert caught.value.where == f"{source.name}:{path}"
        assert "\n" not in str(caught.value)

    def test_the_fingerprint_depends_on_the_files_not_on_their_order(self, source: Source) -> None:
        assert source.fingerprint(["Kconfig", "none"]) == source.fingerprint(["none", "Kconfig", "Kconfig"])
        assert source.fingerprint(["Kconfig"]) != source.fingerprint(["Kconfig", "none"])

    def test_what_a_listing_goes_through_is_counted(self, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
        assert len(source.all_files(lambda folder: False)) >= len(FILES)
        monkeypatch.setattr("kcfg.sources.source.ENTRIES_LIMIT", 8)
        with pytest.raises(UserError, match="more than 8 files and folders"):
            open_source(source.name).all_files(lambda folder: False)
        monkeypatch.setattr("kcfg.sources.source.ENTRIES_LIMIT", 100)
        monkeypatch.setattr("kcfg.sources.source.NAMES_LIMIT", 70)
        with pytest.raises(UserError, match="the names of files have more than 70 characters"):
            open_source(source.name).all_files(lambda folder: False)

    def test_what_patterns_go_through_is_counted(self, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kcfg.sources.source.MATCHED_LIMIT", 20)
        limited = open_source(source.name)
        assert limited.glob("drivers/*/Kconfig") == ["drivers/net/Kconfig", "drivers/xen/Kconfig"]
        with pytest.raises(UserError, match="more than 20 files and folders"):
            all(limited.glob("*/*/Kconfig") for _ in range(9))


class TestTree:
    def test_links_to_their_own_folder_do_not_multiply_a_pattern(self, tmp_path: Path) -> None:
        top = make_tree(tmp_path)
        for number in range(10):
            (top / f"l{number}").symlink_to(".")
        start = time.process_time()
        with pytest.raises(UserError, match="more than 250,000 files and folders"):
            open_source(str(top)).glob("*/*/*/*/*/*/*/*/K2")
        assert time.process_time() - start < 15

    def test_the_fingerprint_changes_with_a_file(self, tmp_path: Path) -> None:
        source = open_source(str(make_tree(tmp_path)))
        before = source.fingerprint(["init/Kconfig", "Kconfig"])
        (tmp_path / "init/Kconfig").write_bytes(b"config XEN\n\tbool\n\n")
        changed = source.fingerprint(["init/Kconfig", "Kconfig"])
        (tmp_path / "init/Kconfig").unlink()
        assert len({before, changed, source.fingerprint(["init/Kconfig", "Kconfig"])}) == 3

    def test_a_link_is_followed_inside_and_refused_outside(self, tmp_path: Path) -> None:
        top = make_tree(tmp_path / "linux")
        (tmp_path / "linux-secret").mkdir()
        (tmp_path / "linux-secret/Kconfig").write_bytes(b"secret")
        (top / "inside").symlink_to("drivers/xen")
        (top / "out").symlink_to("../linux-secret")
        (top / "init/out").symlink_to("../../linux-secret/Kconfig")
        (top / "loop").symlink_to("loop")
        source = open_source(str(top))
        assert source.read("inside/Kconfig") == b"# xen\n"
        for path in ("out/Kconfig", "init/out"):
            for use in (source.read, source.exists, source.glob):
                with pytest.raises(UserError, match="leads out"):
                    use(path)
        with pytest.raises(UserError):
            source.read("loop")

    def test_the_top_may_itself_be_a_link(self, tmp_path: Path) -> None:
        make_tree(tmp_path / "linux")
        (tmp_path / "current").symlink_to("linux")
        assert open_source(str(tmp_path / "current")).read("init/Kconfig") == FILES["init/Kconfig"]

    def test_a_fifo_is_refused_at_once(self, tmp_path: Path) -> None:
        os.mkfifo(make_tree(tmp_path) / "drivers/Kconfig")
        with pytest.raises(UserError, match="not a regular file"):
            open_source(str(tmp_path)).read("drivers/Kconfig")

    def test_a_huge_file_is_refused(self, tmp_path: Path) -> None:
        with open(make_tree(tmp_path) / "drivers/Kconfig", "wb") as file:
            file.truncate(1 << 33)
        with pytest.raises(UserError, match="larger than 16 MB"):
            open_source(str(tmp_path)).read("drivers/Kconfig")

    def test_a_folder_without_kconfig_is_no_kernel_source(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="not a kernel source: no Kconfig file in it"):
            open_source(str(tmp_path))

    def test_a_bare_repository_without_a_revision_gets_a_hint(self, tmp_path: Path) -> None:
        git("clone", "-q", "--bare", str(make_repository(tmp_path / "l")), str(tmp_path / "l.git"), at=tmp_path)
        with pytest.raises(UserError, match=r"l\.git@REVISION"):
            open_source(f"{tmp_path}/l.git/")

    @pytest.mark.parametrize("makefile", [b"", b"VERSION = $(shell touch x)\n", b"VERSION = 6\n"])
    def test_a_makefile_without_a_version_is_an_error(self, tmp_path: Path, makefile: bytes) -> None:
        with pytest.raises(UserError, match="no kernel version"):
            open_source(str(make_tree(tmp_path, {**FILES, "Makefile": makefile}))).kernel_version()


class TestGit:
    def test_the_fingerprint_is_the_content(self, tmp_path: Path) -> None:
        top = make_repository(tmp_path)
        one = open_source(f"{top}@v6.12").fingerprint(["Kconfig", "init/Kconfig"])
        (top / "kernel/xen.c").write_bytes(b"other\n")
        git("commit", "-qam", "y", at=top)
        assert open_source(f"{top}@HEAD").fingerprint(["Kconfig", "init/Kconfig"]) == one
        (top / "init/Kconfig").write_bytes(b"other\n")
        git("commit", "-qam", "z", at=top)
        assert open_source(f"{top}@HEAD").fingerprint(["Kconfig", "init/Kconfig"]) != one
        assert open_source(f"{top}@HEAD~1").fingerprint(["Kconfig", "init/Kconfig"]) == one

    @pytest.mark.parametrize("revision", ["v6.99", "", "--help", "-h", "a b", "HEAD:kernel/xen.c"])
    def test_an_unknown_revision_is_an_error(self, tmp_path: Path, revision: str) -> None:
        with pytest.raises(UserError, match="revision"):
            open_source(f"{make_repository(tmp_path)}@{revision}")

    def test_a_folder_that_is_no_repository_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="not a git repository"):
            open_source(f"{make_tree(tmp_path)}@v6.12")

    def test_links_are_followed_inside_only(self, tmp_path: Path) -> None:
        top = make_tree(tmp_path / "linux")
        (tmp_path / "secret").write_bytes(b"secret")
        for name, target in {"in": "drivers/xen", "out": "../secret", "abs": "/etc/passwd", "loop": "loop"}.items():
            (top / name).symlink_to(target)
        source = open_source(f"{make_repository(top)}@HEAD")
        assert source.read("in/Kconfig") == b"# xen\n"
        assert source.glob("in/*") == ["in/Kconfig"]
        for path in ("out", "abs", "loop", "loop/x"):
            with pytest.raises(UserError, match="leads out"):
                source.read(path)

    def test_a_broken_repository_is_one_line(self, tmp_path: Path) -> None:
        top = make_repository(tmp_path)
        (top / ".git/config").write_bytes(b"[core\n\tbare = \xff\n==\n")
        with pytest.raises(UserError) as caught:
            open_source(f"{top}@HEAD")
        assert "\n" not in str(caught.value)

    def test_a_linked_work_tree_is_a_repository(self, tmp_path: Path) -> None:
        git("worktree", "add", "-q", str(tmp_path / "w"), at=make_repository(tmp_path / "linux"))
        assert open_source(f"{tmp_path}/w@v6.12").read("Kconfig") == FILES["Kconfig"]

    def test_replacement_objects_are_not_used(self, tmp_path: Path) -> None:
        top = make_repository(tmp_path)
        (top / "new").write_bytes(b"replaced\n")
        new = git("hash-object", "-w", "new", at=top).strip()
        git("replace", git("rev-parse", "HEAD:init/Kconfig", at=top).strip(), new, at=top)
        assert open_source(f"{top}@HEAD").read("init/Kconfig") == FILES["init/Kconfig"]

    def test_a_partial_clone_runs_no_remote(self, tmp_path: Path) -> None:
        top = make_repository(tmp_path / "linux")
        proof = tmp_path / "PWNED"
        ident = git("rev-parse", "HEAD:init/Kconfig", at=top).strip()
        for key, value in {
            "core.repositoryFormatVersion": "1",
            "extensions.partialClone": "origin",
            "remote.origin.promisor": "true",
            "remote.origin.url": f"ext::touch {proof}",
            "protocol.ext.allow": "always",
            "core.fsmonitor": f"touch {proof}",
        }.items():
            git("config", key, value, at=top)
        (top / ".git/objects" / ident[:2] / ident[2:]).unlink()
        with pytest.raises(UserError, match="git cannot read"):
            open_source(f"{top}@v6.12").read("init/Kconfig")
        assert not proof.exists()

    def test_a_foreign_git_dir_variable_changes_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        top = make_repository(tmp_path / "linux")
        (tmp_path / "other").mkdir()
        git("init", "-q", ".", at=tmp_path / "other")
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
        assert open_source(f"{top}@v6.12").read("Kconfig") == FILES["Kconfig"]


class TestTarball:
    def test_a_file_that_is_not_kept_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(UserError, match="not kept"):
            open_source(str(make_tarball(tmp_path / "x.tar", "tar"))).read("kernel/xen.c")

    def test_without_a_top_folder_it_reads_the_same(self, tmp_path: Path) -> None:
        source = open_source(str(make_tarball(tmp_path / "x.tar", "tar", top="./")))
        assert source.read("init/Kconfig") == FILES["init/Kconfig"]

    def test_it_is_not_unpacked_for_a_fingerprint(self, tmp_path: Path) -> None:
        path = make_tarball(tmp_path / "x.tar.gz", "gz")
        path.write_bytes(path.read_bytes()[:40])
        source = open_source(str(path))
        assert source.fingerprint(["Kconfig"])
        with pytest.raises(UserError, match="truncated gzip archive"):
            source.read("Kconfig")

    @pytest.mark.parametrize("kind", ["tar", "gz", "xz", "zst", "bz2"])
    def test_a_truncated_archive_is_one_line(self, tmp_path: Path, kind: str) -> None:
        path = make_tarball(tmp_path / "x", kind, {**FILES, "z/Kconfig": os.urandom(60_000)})
        path.write_bytes(path.read_bytes()[:50_000])
        with pytest.raises(UserError, match="damaged or truncated") as caught:
            open_source(str(path)).read("Kconfig")
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("data", [b"", b"CONFIG_XEN=y\n", b"\x7fELF" + bytes(600)])
    def test_another_file_is_no_kernel_source(self, tmp_path: Path, data: bytes) -> None:
        (tmp_path / "x").write_bytes(data)
        with pytest.raises(UserError, match="neither a directory nor a tarball"):
            open_source(str(tmp_path / "x"))

    def test_an_archive_without_kconfig_is_no_kernel_source(self, tmp_path: Path) -> None:
        path = make_tarball(tmp_path / "x.tar", "tar", {"a/b/Kconfig": b"", "Makefile": b""})
        with pytest.raises(UserError, match="no Kconfig file in it"):
            open_source(str(path)).read("Kconfig")

    def test_links_are_followed_inside_only(self, tmp_path: Path) -> None:
        with tarfile.open(tmp_path / "x.tar", "w") as archive:
            for name, data in FILES.items():
                info = tarfile.TarInfo("l/" + name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
            for name, kind, target in (
                ("in", tarfile.SYMTYPE, "drivers/xen"),
                ("init/out", tarfile.SYMTYPE, "../../etc/passwd"),
                ("hard", tarfile.LNKTYPE, "l/drivers/net/Kconfig"),
                ("../../evil", tarfile.REGTYPE, ""),
            ):
                info = tarfile.TarInfo("l/" + name)
                info.type, info.linkname = kind, target
                archive.addfile(info)
        source = open_source(str(tmp_path / "x.tar"))
        assert source.read("in/Kconfig") == b"# xen\n"
        assert source.glob("in/*") == ["in/Kconfig"]
        assert source.read("hard") == b"# net\n"
        with pytest.raises(UserError, match="leads out"):
            source.read("init/out")

    def test_too_many_kept_bytes_are_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kcfg.sources.tar.TarSource.kept_limit", 100)
        with pytest.raises(UserError, match="of the files that are needed"):
            open_source(str(make_tarball(tmp_path / "x", "gz"))).read("Kconfig")

    def test_a_bomb_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kcfg.sources.tar.ARCHIVE_LIMIT", 1 << 20)
        with pytest.raises(UserError, match="unpacks to more than"):
            open_source(str(make_tarball(tmp_path / "x", "gz", {**FILES, "big.c": bytes(1 << 21)}))).read("Kconfig")

    def test_an_extended_header_is_not_read_into_memory_without_limit(self, tmp_path: Path) -> None:
        info = tarfile.TarInfo("././@LongLink")
        info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 21
        (tmp_path / "x").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 21))
        with pytest.raises(UserError, match="a header in this tarball"):
            open_source(str(tmp_path / "x")).read("Kconfig")


def test_a_spec_that_is_nothing_names_the_three_kinds(tmp_path: Path) -> None:
    for spec in (f"{tmp_path}/none", f"{tmp_path}/none@v6.12"):
        with pytest.raises(UserError, match="no such kernel source"):
            open_source(spec)
    with pytest.raises(UserError):
        open_source("")


@given(st.text(max_size=40))
def test_any_spec_is_opened_or_refused(spec: str) -> None:
    try:
        open_source("/nonexistent/" + spec)
    except UserError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("text", "key", "full"),
    [
        ("6.12.43+deb13-amd64", (6, 12, 43), "6.12.43+deb13-amd64"),
        ("7.1-rc2", (7, 1, 0), "7.1-rc2"),
        ("v5.10", (5, 10, 0), "5.10"),
        (" 6.12.0-rc3\n", (6, 12, 0), "6.12.0-rc3"),
    ],
)
def test_a_version_is_read_from_what_kernels_are_called(text: str, key: tuple[int, int, int], full: str) -> None:
    version = KernelVersion.parse(text)
    assert (version.key, str(version)) == (key, full)


@pytest.mark.parametrize("text", ["", "6", "linux", "6.", ".1", "x6.12", "٦.١٢", "6.999999"])
def test_other_text_is_no_version(text: str) -> None:
    with pytest.raises(UserError, match="not a kernel version"):
        KernelVersion.parse(text)


def test_versions_compare_by_number_not_by_text() -> None:
    assert KernelVersion.parse("5.9") < KernelVersion.parse("5.10") <= KernelVersion.parse("5.10-rc1")
    assert KernelVersion.parse("7.0") > KernelVersion.parse("6.18.9") >= KernelVersion.parse("6.18.9-xen")
    assert {KernelVersion.parse("6.12"): 1}[KernelVersion(6, 12)] == 1
    assert KernelVersion(6, 12) != "6.12"
    assert str(KernelVersion(6, 12)) == "6.12.0"


def test_architectures_name_their_folder_and_symbol() -> None:
    assert {(arch.name, arch.srcarch, arch.marker) for arch in ARCHES.values()} == {
        ("x86_64", "x86", "X86_64"),
        ("i386", "x86", "X86_32"),
        ("arm64", "arm64", "ARM64"),
        ("arm", "arm", "ARM"),
    }


def test_git_and_decompressors_are_imported_only_when_needed() -> None:
    code = (
        "import sys, kcfg.sources.open, kcfg.kconfig.config; "
        "print({'kcfg.sources.git','zstandard','lzma','bz2','tarfile'} & set(sys.modules))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=Path(__file__).parents[3]) == "set()\n"
