"""What is written for a confined command, and what is not even if it asks for it."""

from __future__ import annotations

import dataclasses
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kcfg.base.errors import UserError
from kcfg.base.keeper import joined
from kcfg_cli.cli import cli
from kcfg_cli.outputs import (
    IN_PLACE,
    STAYS,
    FileOutput,
    FolderOutput,
    IndexFile,
    NewFile,
    put_queue,
    put_site,
    tasks,
    use,
    write_output,
    write_queue,
)
from patches.queues.edit import FileChange, QueueEdit

WRITERS = (FileOutput, FolderOutput, IndexFile, NewFile)


def commands(group: click.Group = cli) -> Iterator[click.Command]:
    """Every command that is no group."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command)
        else:
            yield command


def test_every_option_that_names_an_output_says_what_it_is() -> None:
    found = {
        (command.name, option.opts[0]): isinstance(option, WRITERS)
        for command in commands()
        for option in command.params
        if option.name in ("output", "index")
    }
    assert len(found) > 12
    assert [one for one, told in found.items() if not told] == []


def command_of(name: str) -> click.Command:
    return next(one for one in commands() if one.name == name)


@pytest.mark.parametrize(
    ("name", "values", "writes"),
    [
        ("resolve", {"output": ""}, set()),
        ("resolve", {"output": "x", "configs": ("y",)}, {"output"}),
        ("report", {"output": "site"}, {"site"}),
        ("plan", {"output": "series.new", "queue": "q", "edit": False}, {"series"}),
        ("plan", {"output": IN_PLACE, "queue": "q", "edit": True}, {"queue"}),
        ("plan", {"output": "q", "queue": "", "edit": True}, {"queue"}),
        ("plan", {"output": "", "queue": "q", "edit": True}, set()),
        ("index", {"output": "index"}, set()),
        ("show", {"symbol": "XEN"}, set()),
    ],
)
def test_a_commands_options_say_what_is_written(name: str, values: dict[str, object], writes: set[str]) -> None:
    assert set(tasks(command_of(name), values)) == writes


class Recorder:
    """In a keeper's place."""

    def __init__(self) -> None:
        self.done: list[tuple[str, bytes]] = []

    def do(self, name: str, data: bytes) -> None:
        self.done.append((name, data))


def test_an_output_goes_through_the_keeper_where_there_is_one(tmp_path: Path) -> None:
    recorder = Recorder()
    use(recorder)  # type: ignore[arg-type]
    try:
        write_output(str(tmp_path / "out"), b"1")
    finally:
        use(None)
    assert (recorder.done, list(tmp_path.iterdir())) == ([("output", b"1")], [])
    write_output(str(tmp_path / "out"), b"2")
    assert (tmp_path / "out").read_bytes() == b"2"


@pytest.mark.parametrize("name", ["../x", "a/b", "/x", "", ".", ".."])
def test_a_page_has_a_name_and_no_path(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is no page's name"):
        put_site(str(tmp_path / "site"), joined([b"index.html", b"", name.encode(), b"x"]))
    assert list(tmp_path.iterdir()) == []


def change(path: str, mode: int = 0o644) -> FileChange:
    return FileChange(path, b"old", b"new", mode)


def queue(folder: Path) -> Path:
    root = folder / "queue"
    (root / ".git").mkdir(parents=True)
    (root / "inner" / ".git").mkdir(parents=True)
    for name in ("series", ".git/config", "inner/.git/config", "inner/a", "\udcff"):
        (root / name).write_bytes(b"old")
    (folder / "outside").write_bytes(b"old")
    return root


def test_a_queues_files_are_changed_by_any_name_and_keep_their_modes(tmp_path: Path) -> None:
    root = queue(tmp_path)
    (root / "series").chmod(0o6750)
    edit = QueueEdit(str(root), changes=(change("series", 0o6777), change("inner/a"), change("\udcff")))
    write_queue(str(root), edit, force=True)
    assert stat.S_IMODE((root / "series").stat().st_mode) == 0o750
    assert [(root / name).read_bytes() for name in ("series", "inner/a", "\udcff")] == [b"new"] * 3
    write_queue(
        str(root / "series"),
        QueueEdit(str(root), changes=(dataclasses.replace(change("inner/a"), before=b"new", after=None),)),
        force=True,
    )
    assert not (root / "inner" / "a").exists()


@pytest.mark.parametrize(
    "path", [".git/config", "inner/.GIT/config", "inner/.git/config", "../outside", "./series", ".bashrc", "a/.hg/hgrc"]
)
def test_what_is_no_file_of_the_queue_is_not_written(path: str, tmp_path: Path) -> None:
    root = queue(tmp_path)
    with pytest.raises(UserError, match="no file of a queue"):
        write_queue(str(root), QueueEdit(str(root), changes=(change("series"), change(path))), force=True)
    assert {one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()} == {b"old"}


def test_another_folder_is_not_the_queue(tmp_path: Path) -> None:
    root = queue(tmp_path)
    data = joined([os.fsencode(tmp_path), b"outside", b"old", STAYS, b"new"])
    with pytest.raises(UserError, match="not the queue's folder"):
        put_queue(str(root), True, data)
    assert (tmp_path / "outside").read_bytes() == b"old"


def test_what_git_could_not_bring_back_is_refused_by_who_writes_it(tmp_path: Path) -> None:
    root = tmp_path / "queue"
    root.mkdir()
    (root / "series").write_bytes(b"old")
    with pytest.raises(UserError, match="the queue is in no git work tree"):
        put_queue(str(root), False, joined([os.fsencode(root), b"series", b"old", STAYS, b"new"]))
    assert (root / "series").read_bytes() == b"old"
