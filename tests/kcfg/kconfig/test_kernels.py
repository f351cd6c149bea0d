from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kcfg.base.atomic import write_atomic
from kcfg.base.caches import cache_folder
from kcfg.base.errors import CannotEvaluate, UserError
from kcfg.kconfig import kernels, models, snapshot
from kcfg.kconfig.config import Config, parse_config
from kcfg.kconfig.kernels import open_kernel
from kcfg.kconfig.model import Model
from kcfg.kconfig.models import cached_parse, snapshots
from kcfg.sources.open import open_source
from kcfg.sources.source import Source
from tests.kcfg.trees import write_tree

ROOT = Path(__file__).parents[3]
TREE = 'config A\n\tbool "a"\nsource "sub/Kconfig"\n'


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "kcfg" / "models"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "tree", {"Kconfig": TREE, "sub/Kconfig": 'config B\n\tbool "b"\n'})


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that were really parsed."""
    done: list[str] = []
    real = models.parse_source

    def parse_source(source: Source, arch: str) -> Model:
        done.append(f"{source.name} {arch}")
        return real(source, arch)

    monkeypatch.setattr(models, "parse_source", parse_source)
    return done


def config(version: str = "", lines: str = "CONFIG_X86_64=y\n", arch: str = "x86") -> Config:
    head = f"# Automatically generated file; DO NOT EDIT.\n# Linux/{arch} {version} Kernel Configuration\n"
    return parse_config((head if version else "") + lines, "test.config")


def symbols(tree: Path) -> list[str]:
    return [symbol.name for symbol in cached_parse(open_source(str(tree)), "x86_64").symbols]


# Which kernel judges

NEWEST = snapshots()[-1].series


@pytest.mark.parametrize("series", ["5.10", "6.1", "6.12", NEWEST])
def test_a_configurations_own_series_is_exact(series: str) -> None:
    kernel = open_kernel(config(f"{series}.3"))
    assert (kernel.exact, kernel.used.name, kernel.used.note) == (True, f"linux-{series}", "")
    assert kernel.model.version.startswith(f"{series}.")


def test_a_series_between_two_snapshots_is_judged_by_a_neighbour_and_says_so() -> None:
    kernel = open_kernel(config("6.6.9"))
    assert kernel.exact is False
    assert kernel.used.name in ("linux-6.1", "linux-6.12")
    assert "6.6.9" in kernel.used.note


@pytest.mark.parametrize(("version", "name"), [("4.19.1", "linux-5.10"), ("99.1.0", f"linux-{NEWEST}")])
def test_a_series_outside_all_snapshots_is_judged_by_the_last_on_its_side(version: str, name: str) -> None:
    kernel = open_kernel(config(version))
    assert (kernel.exact, kernel.used.name) == (False, name)


def test_the_neighbour_that_knows_more_of_the_configurations_symbols_judges() -> None:
    assert "EXPERT" in kernels.built_in(snapshots()[0]).index
    old, new = (open_kernel(kernel=series).model.index.keys() for series in ("6.1", "6.12"))
    for name, only in (("linux-6.1", old - new), ("linux-6.12", new - old)):
        lines = "CONFIG_X86_64=y\n" + "".join(f"CONFIG_{symbol}=y\n" for symbol in sorted(only)[:20])
        assert open_kernel(config("6.6.0", lines)).used.name == name


def test_without_a_version_the_newest_judges_and_it_is_not_exact() -> None:
    kernel = open_kernel(config())
    assert (kernel.exact, kernel.used.name) == (False, f"linux-{NEWEST}")
    assert kernel.used.note


def test_a_named_kernel_judges_and_is_exact() -> None:
    kernel = open_kernel(config("6.12.1"), kernel="6.1")
    assert (kernel.exact, kernel.used.name) == (True, "linux-6.1")
    assert "6.12.1" in kernel.used.note


def test_an_unknown_kernel_is_an_error_that_names_those_there_are() -> None:
    with pytest.raises(UserError) as caught:
        open_kernel(config(), kernel="4.4")
    assert "6.12" in caught.value.hint
    assert caught.value.status == 2


def test_the_architecture_comes_from_the_configuration() -> None:
    assert open_kernel(config("6.12.1", "CONFIG_ARM64=y\n", "arm64")).used.arch == "arm64"
    assert open_kernel(config("6.12.1", "CONFIG_ARM64=y\n", "arm64"), arch="x86_64").used.arch == "x86_64"


def test_without_any_hint_it_is_x86_64_and_says_so() -> None:
    kernel = open_kernel(config(lines="CONFIG_XEN=y\n"), kernel="6.12")
    assert kernel.used.arch == "x86_64"
    assert "x86_64" in kernel.used.note


def test_an_architecture_without_a_model_cannot_be_evaluated() -> None:
    with pytest.raises(CannotEvaluate):
        open_kernel(config("6.12.1", "CONFIG_RISCV=y\n", "riscv"))
    with pytest.raises(CannotEvaluate):
        open_kernel(config("6.12.1", "CONFIG_ARM=y\n", "arm"))
    with pytest.raises(UserError) as caught:
        open_kernel(config(), arch="vax")
    assert caught.value.status == 2


def test_a_tree_judges_and_is_exact(tree: Path) -> None:
    kernel = open_kernel(config("5.10.1"), tree=str(tree))
    assert (kernel.exact, kernel.used.origin, kernel.used.version, kernel.tree) == (True, "tree", "6.12.0", tree)


# The cache


def test_a_second_look_at_a_tree_comes_from_the_cache(tree: Path, parses: list[str], cache: Path) -> None:
    first = cached_parse(open_source(str(tree)), "x86_64")
    assert cached_parse(open_source(str(tree)), "x86_64") == first
    assert parses == [f"{tree} x86_64"]
    assert [path.suffix for path in cache.iterdir()] == [".model"]


def test_each_architecture_has_its_own_entry(tree: Path, parses: list[str]) -> None:
    models = [cached_parse(open_source(str(tree)), arch) for arch in ("x86_64", "arm64", "x86_64")]
    assert [model.arch for model in models] == ["x86_64", "arm64", "x86_64"]
    assert len(parses) == 2


@pytest.mark.parametrize("path", ["Kconfig", "sub/Kconfig"])
def test_a_changed_file_is_read_again(tree: Path, path: str) -> None:
    assert symbols(tree) == ["A", "B"]
    with (tree / path).open("a") as stream:
        stream.write('config C\n\tbool "c"\n')
    assert sorted(symbols(tree)) == ["A", "B", "C"]


def test_a_changed_version_is_seen(tree: Path) -> None:
    cached_parse(open_source(str(tree)), "x86_64")
    (tree / "Makefile").write_text("VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 99\n")
    assert cached_parse(open_source(str(tree)), "x86_64").version == "6.1.99"


def test_a_file_of_the_same_size_that_was_replaced_is_read_again(tree: Path) -> None:
    assert symbols(tree) == ["A", "B"]
    other = tree / "other"
    other.write_text((tree / "sub/Kconfig").read_text().replace("B", "D"))
    stat = (tree / "sub/Kconfig").stat()
    os.replace(other, tree / "sub/Kconfig")
    os.utime(tree / "sub/Kconfig", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert symbols(tree) == ["A", "D"]


def test_a_file_that_goes_away_is_seen(tree: Path) -> None:
    symbols(tree)
    (tree / "sub/Kconfig").unlink()
    with pytest.raises(UserError):
        symbols(tree)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "truncated": lambda data: data[: len(data) // 2],
    "foreign": lambda data: b"\x7fELF" + data,
    "noise": lambda data: data[:20] + bytes(len(data)),
    "newer": lambda data: data.replace(b"kcfg-cache 2", b"kcfg-cache 9", 1),
    "one bit": lambda data: data[:-100] + bytes([data[-100] ^ 4]) + data[-99:],
    "longer": lambda data: data + b"x",
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_entry_is_made_anew(tree: Path, parses: list[str], cache: Path, kind: str) -> None:
    assert symbols(tree) == ["A", "B"]
    (path,) = cache.iterdir()
    path.write_bytes(DAMAGE[kind](path.read_bytes()))
    assert symbols(tree) == ["A", "B"]
    assert len(parses) == 2
    assert symbols(tree) == ["A", "B"]
    assert len(parses) == 2, "the entry was not made anew"


def test_deleting_the_cache_loses_nothing(tree: Path, cache: Path) -> None:
    symbols(tree)
    for path in cache.iterdir():
        path.unlink()
    assert symbols(tree) == ["A", "B"]


def test_a_cache_that_is_a_file_is_done_without(tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert symbols(tree) == ["A", "B"]


@pytest.mark.parametrize("call", ["write", "replace", "mkdir"])
def test_a_full_disk_costs_the_cache_only(tree: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        if call == "write":
            patch.setattr(os, "fdopen", full)
        else:
            patch.setattr(os, call, full)
        assert symbols(tree) == ["A", "B"]
    assert not cache.exists() or list(cache.iterdir()) == []
    assert symbols(tree) == ["A", "B"]
    assert len(list(cache.iterdir())) == 1


def test_two_processes_fill_one_cache(tree: Path, cache: Path) -> None:
    code = (
        "import sys; from kcfg.kconfig.models import cached_parse; from kcfg.sources.open import open_source\n"
        "for _ in range(20): print(len(cached_parse(open_source(sys.argv[1]), 'x86_64').symbols))\n"
    )

    def run(_: int) -> str:
        command = [sys.executable, "-c", code, str(tree)]
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(run, range(2))) == {"2\n" * 20}
    assert [path.suffix for path in cache.iterdir()] == [".model"]


@pytest.mark.parametrize("value", ["", "relative/path"])
def test_a_cache_home_that_is_no_absolute_path_is_ignored(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    monkeypatch.setenv("HOME", "/some/home")
    assert cache_folder() == Path("/some/home/.cache/kcfg")


# Writing files


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"before")

    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="out"):
        write_atomic(path, b"after")
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("target")
    write_atomic(tmp_path / "link", b"text")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"text"


def test_a_files_mode_is_kept_and_a_new_one_has_that_of_the_umask(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"")
    (tmp_path / "old").chmod(0o600)
    for name in ("old", "new"):
        write_atomic(tmp_path / name, b"text")
    (tmp_path / "plain").write_bytes(b"")
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("old", "new", "plain")]
    assert modes[0] == 0o600
    assert modes[1] == modes[2]


def test_a_snapshot_in_a_file_is_what_a_tree_gives(tree: Path, tmp_path: Path) -> None:
    model = cached_parse(open_source(str(tree)), "x86_64")
    write_atomic(tmp_path / "own.kcfg", snapshot.dumps(model))
    assert snapshot.load(tmp_path / "own.kcfg") == model


@pytest.mark.parametrize("option", ["tree", "kernel"])
def test_a_snapshot_in_a_file_judges_and_is_exact(tree: Path, tmp_path: Path, option: str) -> None:
    model = cached_parse(open_source(str(tree)), "arm64")
    file = tmp_path / "own.kcfg"
    write_atomic(file, snapshot.dumps(model))
    named = {option: str(file)}
    kernel = open_kernel(config("6.1.3", "CONFIG_ARM64=y\n", "arm64"), **named)
    assert (kernel.model, kernel.exact, kernel.tree) == (model, True, None)
    assert (kernel.used.origin, kernel.used.name, kernel.used.arch) == ("snapshot", str(file), "arm64")
    assert kernel.used.options == (f"--{option}", str(file))
    assert "6.1.3" in kernel.used.note
    with pytest.raises(CannotEvaluate, match="is of arm64, the configuration is of x86_64"):
        open_kernel(config(), **named)
    with pytest.raises(UserError, match="is of arm64, not of arm"):
        open_kernel(config(), arch="arm", **named)


def test_a_file_that_is_named_as_a_snapshot_and_is_none_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "own.kcfg").write_bytes(b"something else")
    with pytest.raises(UserError, match="not a model snapshot"):
        open_kernel(config(), tree=str(tmp_path / "own.kcfg"))
    with pytest.raises(UserError, match="cannot read"):
        open_kernel(config(), kernel=str(tmp_path / "none.kcfg"))


def test_another_architecture_shows_without_a_header() -> None:
    text = "CONFIG_RISCV=y\nCONFIG_64BIT=y\nCONFIG_MMU=y\n"
    with pytest.raises(CannotEvaluate, match="for 'riscv'"):
        open_kernel(parse_config(text, "headless"))


def test_what_another_architecture_makes_of_a_fragment_is_told() -> None:
    note = open_kernel(parse_config("CONFIG_XEN=y\nCONFIG_PVH=y\n", "frag"), kernel="6.12").used.note
    assert "--arch arm64 gives another value to" in note
    assert "PVH" in note
    same = open_kernel(parse_config("CONFIG_NET=y\n# CONFIG_NO_SUCH is not set\n", "frag"), kernel="6.12").used.note
    assert "arm64" not in same
