"""Files are whole or not there."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from kcfg.base import atomic
from kcfg.base.atomic import EXCHANGE, beside, left, need_writable, renamed, sweep, write_atomic, write_new
from kcfg.show.sitefolder import write_folder

LIMITED = """
import resource, signal, sys
from pathlib import Path
from kcfg.base.atomic import write_atomic, write_new
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
for write in (lambda: write_new(sys.argv[1], b"x" * 9000), lambda: write_atomic(Path(sys.argv[2]), b"y" * 9000)):
    try:
        write()
    except OSError as error:
        print(error.errno)
"""


def test_a_file_that_does_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_bytes(b"old")
    command = [sys.executable, "-c", LIMITED, str(tmp_path / "new"), str(old)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["27", "27"]  # EFBIG
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert old.read_bytes() == b"old"
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_link_stays_and_its_target_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"old")
    target.chmod(0o640)
    (tmp_path / "link").symlink_to("target")
    write_atomic(tmp_path / "link", b"new")
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o640)
    assert (tmp_path / "link").is_symlink()


def test_a_new_file_replaces_none(tmp_path: Path) -> None:
    write_new(str(tmp_path / "a"), b"one")
    with pytest.raises(FileExistsError):
        write_new(str(tmp_path / "a"), b"two")
    assert (tmp_path / "a").read_bytes() == b"one"


@pytest.mark.parametrize(
    "name",
    ["x" * 252, "x" * 255, "\u20ac" * 84, "\U0001f427" * 63, "x" + "\udcff" * 254],
    ids=["ascii", "longest", "three bytes", "four bytes", "no text"],
)
def test_a_file_may_have_as_long_a_name_as_the_file_system_allows(tmp_path: Path, name: str) -> None:
    assert 252 <= len(os.fsencode(name)) <= 255
    write_new(str(tmp_path / name), b"one")
    write_atomic(tmp_path / name, b"two")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(name, b"two")]
    (tmp_path / beside(name).replace(f".{os.getpid()}.", f".{GONE}.")).touch()
    write_atomic(tmp_path / name, b"three")
    assert [path.name for path in tmp_path.iterdir()] == [name], "what a killed process left"


@pytest.mark.parametrize("write", ["write_atomic", "write_new", "write_folder"])
def test_the_bytes_are_on_the_disk_before_the_name_is_there(
    write: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    flushed: list[str] = []

    def fsync(handle: int) -> None:
        assert not out.exists()
        flushed.append(Path(f"/proc/self/fd/{handle}").read_text())

    monkeypatch.setattr(os, "fsync", fsync)
    if write == "write_folder":
        write_folder(out, {"index.html": b"new"})
        assert "new" in flushed
        assert len(flushed) == 2, "each page, and the mark"
    else:
        write_atomic(out, b"new") if write == "write_atomic" else write_new(str(out), b"new")
        assert flushed == ["new"]
    assert out.exists()


def test_what_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name in ("file", "new", "x" * 255):
        need_writable(str(tmp_path / name))
    need_writable("/dev/null")
    assert os.listdir(tmp_path) == ["file"]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (".", IsADirectoryError),
        ("none/new", FileNotFoundError),
        ("file/new", NotADirectoryError),
        ("x" * 256, OSError),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, name: str, error: type[OSError]) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(error) as caught:
        need_writable(str(tmp_path / name))
    assert caught.value.filename == str(tmp_path / name)


GONE = 4_000_000  # more than the largest process number
HOLDS = """
import os, sys, time
from kcfg.base.atomic import hold
handle = os.open(sys.argv[1], os.O_RDONLY)
hold(handle)
print("held", flush=True)
time.sleep(60)
"""


def test_what_a_killed_process_left_goes_with_the_next_writing(tmp_path: Path) -> None:
    (tmp_path / f".a.{GONE}.0123abcd").write_bytes(b"half")
    (tmp_path / f".b.{GONE}.0123abcd").write_bytes(b"another file's")
    (tmp_path / f".a.{GONE}.0123abcd.txt").write_bytes(b"somebody's")
    write_atomic(tmp_path / "a", b"new")
    assert sorted(os.listdir(tmp_path)) == [f".a.{GONE}.0123abcd.txt", f".b.{GONE}.0123abcd", "a"]
    sweep(str(tmp_path))
    assert sorted(os.listdir(tmp_path)) == [f".a.{GONE}.0123abcd.txt", "a"]


def test_what_somebody_still_writes_stays(tmp_path: Path) -> None:
    own = tmp_path / beside("a")
    own.touch()
    others = tmp_path / f".a.{GONE}.0123abcd"  # of a process that has another number there, as in a container
    others.touch()
    process = subprocess.Popen([sys.executable, "-c", HOLDS, str(others)], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        assert left(str(tmp_path), "a") == []
    finally:
        process.kill()
        process.wait()
    assert left(str(tmp_path), "a") == [others.name]
    assert left(str(tmp_path / "none")) == []


def test_two_names_are_exchanged(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_text(name)
    if renamed(str(tmp_path / "a"), str(tmp_path / "b"), EXCHANGE):
        assert ((tmp_path / "a").read_text(), (tmp_path / "b").read_text()) == ("b", "a")
    with pytest.raises(FileNotFoundError):
        renamed(str(tmp_path / "none"), str(tmp_path / "b"), EXCHANGE)


def test_a_new_file_is_whole_where_names_cannot_be_exchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic, "renamed", lambda *_: False)
    write_new(str(tmp_path / "a"), b"one")
    with pytest.raises(FileExistsError):
        write_new(str(tmp_path / "a"), b"two")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a", b"one")]
