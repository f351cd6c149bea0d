"""What a command's options allow it when it is confined, and in which words that is said."""

from __future__ import annotations

import os
import sys
from importlib.util import cache_from_source
from pathlib import Path

import click
import pytest

from kcfg.base.confine import Confined
from kcfg.base.errors import UserError
from kcfg_cli import confinement
from kcfg_cli.confinement import (
    SOURCES,
    compiled,
    drawn_as_png,
    index_folders,
    installed,
    passing_folder,
    removed,
    told,
    wanted,
)
from tests.kcfg_cli.test_outputs import command_of, commands

NAMED = ("SOURCE", "QUEUE", "REPO", "INBOX", "REPO[:FOLDER]")
"""What help calls a source that git may have to read."""


def test_whatever_git_reads_may_run_it() -> None:
    metavars = {
        (parameter.name, parameter.metavar or (parameter.name or "").upper())
        for command in commands()
        for parameter in command.params
        if command.name != "path"  # whose SOURCE is a symbol
    }
    assert {name for name, metavar in metavars if metavar in NAMED} == set(SOURCES)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (None, "not confined: this kernel does not allow it"),
        (Confined(), "not confined: this kernel does not allow it"),
        (Confined(5, True, True), "confined: Landlock 5, no_new_privs, no network (seccomp)"),
        (
            Confined(0, True, True),
            "confined in part: no Landlock in this kernel, so files and programs are open; no_new_privs, "
            "no network (seccomp)",
        ),
        (
            Confined(4, True, False),
            "confined in part: no system call filter for this machine: Landlock 4, no_new_privs, no TCP",
        ),
        (
            Confined(3, True, False),
            "confined in part: no system call filter for this machine: Landlock 3, no_new_privs, network open",
        ),
        (
            Confined(2, True, True),
            "confined in part: this kernel's Landlock lets any file be truncated: Landlock 2, no_new_privs, "
            "no network (seccomp)",
        ),
        (
            Confined(1, True, False),
            "confined in part: no system call filter for this machine, this kernel's Landlock lets any file be "
            "truncated: Landlock 1, no_new_privs, network open",
        ),
    ],
)
def test_what_is_in_force_has_its_words(state: Confined | None, words: str) -> None:
    assert told(state) == words


def context(own: bool, *, confine: bool = True) -> click.Context:
    made = click.Context(click.Command("kcfg"), obj=own)
    made.params = {"confine": confine}
    return made


def test_a_process_is_confined_that_is_our_own_and_was_not_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KCFG_CONFINE", raising=False)
    assert wanted(context(True)) == ""
    assert wanted(context(False)) == "called by another program"
    assert wanted(context(True, confine=False)) == "--no-confine"
    for value in ("0", "off", "NO"):
        monkeypatch.setenv("KCFG_CONFINE", value)
        assert wanted(context(True)) == f"KCFG_CONFINE={value.lower()}"
    for value in ("1", "on", "require"):
        monkeypatch.setenv("KCFG_CONFINE", value)
        assert wanted(context(True)) == ""
    monkeypatch.setenv("KCFG_CONFINE", "2")
    with pytest.raises(UserError, match="not a setting"):
        wanted(context(True))


def test_the_passing_folder_is_nobody_elses_and_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "missing"))
    monkeypatch.setenv("TEMP", str(tmp_path))
    (name,) = passing_folder()
    assert (os.path.dirname(name), os.stat(name).st_mode & 0o777) == (str(tmp_path), 0o700)
    Path(name, "file").touch()
    removed((name,))
    assert list(tmp_path.iterdir()) == []


def test_an_index_has_the_folder_of_the_file_and_not_of_a_link_to_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real" / "index")
    assert index_folders(command_of("status"), {"index": ""}) == []
    found = index_folders(command_of("status"), {"index": str(tmp_path / "link")})
    assert found == [str(tmp_path / "real")]
    assert (tmp_path / "real").is_dir()
    assert index_folders(command_of("index"), {"output": str(tmp_path / "a" / "b" / "c")})[0] == str(
        tmp_path / "a" / "b"
    )
    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ({"form": "png"}, True),
        ({"form": None, "output": "x.PNG"}, True),
        ({"form": "svg", "output": "x.svg"}, False),
        ({}, False),
    ],
)
def test_a_drawing_program_may_run_for_a_png(values: dict[str, object], drawn: bool) -> None:
    assert drawn_as_png(values) is drawn


def test_only_installed_modules_are_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", None)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site-packages"), str(tmp_path), *sys.path])
    (tmp_path / "site-packages").mkdir()
    places = []
    for name in ("site-packages/good.py", "site-packages/bad.py", "other.py"):
        path = tmp_path / name
        path.write_text("x = 1\n" if "bad" not in name else "x =\n")
        places.append(cache_from_source(str(path)))
    compiled("\0".join([*places, "nonsense", str(tmp_path / "site-packages" / ".." / "other.py")]).encode())
    assert [os.path.exists(one) for one in places] == [True, False, False]
    assert str(Path(confinement.__file__).parent) + "/" in installed()
