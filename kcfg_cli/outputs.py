"""What a command writes: the options that name it, and the functions that write it, from within the confinement.

An option's class says what it names; `kcfg_cli.confinement` has a process beside the command write just that.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kcfg.base.errors import UserError

if TYPE_CHECKING:
    from kcfg.base.keeper import Keeper, Task
    from patches.queues.edit import QueueEdit

IN_PLACE = "\0"
"""The value of a --write that names no file."""


class FileOutput(click.Option):
    """Names a file that is written whole or not at all."""


class NewFile(click.Option):
    """Names a file that must not be there yet, or IN_PLACE: the queue itself."""


class FolderOutput(click.Option):
    """Names a site's folder."""


class IndexFile(click.Option):
    """Names an index, which SQLite writes, with files beside it."""


STAYS, GONE = b"", b"-"
"""Of a file of a queue: whether it has another content, or is removed."""

_keeper: Keeper | None = None


def use(keeper: Keeper | None) -> None:
    """Outputs are written by this process from now on; None: by our own."""
    global _keeper
    _keeper = keeper


def done(name: str, data: bytes, directly: Task) -> None:
    """Have the keeper do it, or do it here."""
    if _keeper is None:
        directly(data)
    else:
        _keeper.do(name, data)


def tasks(command: click.Command, values: Mapping[str, object]) -> dict[str, Task]:
    """What a command with these values of its parameters may write: how to have it done, and by whom it is known."""
    out: dict[str, Task] = {}
    for parameter in command.params:
        value = values.get(parameter.name or "")
        if not isinstance(value, str) or not value:
            continue
        if isinstance(parameter, FileOutput):
            out["output"] = partial(put_file, value)
        elif isinstance(parameter, FolderOutput):
            out["site"] = partial(put_site, value)
        elif isinstance(parameter, NewFile) and values.get("edit"):
            # `--write QUEUE` of --edit: the command takes its value for the queue
            out["queue"] = partial(put_queue, str(values.get("queue") or value), bool(values.get("force")))
        elif isinstance(parameter, NewFile):
            out["series"] = partial(put_new, value)
    return out


def write_output(path: str, data: bytes) -> None:
    """The file of a FileOutput. OSError names it."""
    done("output", data, partial(put_file, path))


def write_series(path: str, data: bytes) -> None:
    """The file of a NewFile."""
    done("series", data, partial(put_new, path))


def write_site(folder: str, files: Mapping[str, bytes]) -> None:
    """The folder of a FolderOutput."""
    from kcfg.base.keeper import joined

    parts = [part for name, data in files.items() for part in (name.encode(), data)]
    done("site", joined(parts), partial(put_site, folder))


def write_queue(queue: str, edit: QueueEdit, *, force: bool) -> None:
    """The files of the queue that the command was given; with `force` those, too, that git could not bring back."""
    from kcfg.base.keeper import joined

    parts = [os.fsencode(edit.root)]
    for one in edit.changes:
        parts += [os.fsencode(one.path), one.before, GONE if one.after is None else STAYS, one.after or b""]
    done("queue", joined(parts), partial(put_queue, queue, force))


def put_file(path: str, data: bytes) -> None:
    """What writes a FileOutput's file."""
    from kcfg.base.atomic import write_atomic

    write_atomic(Path(path), data)


def put_new(path: str, data: bytes) -> None:
    """What writes a NewFile's file."""
    from kcfg.base.atomic import write_new

    write_new(path, data)


def put_site(folder: str, data: bytes) -> None:
    """What writes a FolderOutput's files, by their names, which are no paths."""
    from kcfg.base.keeper import parted
    from kcfg.show.sitefolder import write_folder

    parts = parted(data)
    files = {name.decode(): page for name, page in zip(parts[::2], parts[1::2], strict=True)}
    write_folder(Path(folder), files)


def put_queue(queue: str, force: bool, data: bytes) -> None:
    """Write changes of a queue, below the folder that the command was given and in nothing that is hidden there.

    Nothing is taken on trust from who asks: files keep their modes, and git has to have them unless `force`.
    """
    from kcfg.base.keeper import parted
    from patches.queues.edit import FileChange, QueueEdit
    from patches.queues.queue import root_of
    from patches.queues.writing import need_undo, write_edit

    named, *given = parted(data)
    root = os.fsdecode(named)
    if os.path.realpath(root) != os.path.realpath(root_of(queue)):
        raise UserError("not the queue's folder", where=root)
    changes = []
    for name, before, state, after in zip(*(given[at::4] for at in range(4)), strict=True):
        path = os.fsdecode(name)
        if any(part in ("", "..") or part.startswith(".") for part in path.split("/")):
            raise UserError("no file of a queue", where=os.path.join(root, path))
        mode = os.lstat(os.path.join(root, path)).st_mode & ~(stat.S_ISUID | stat.S_ISGID)
        changes.append(FileChange(path, before, None if state == GONE else after, mode))
    edit = QueueEdit(root, changes=tuple(changes))
    if not force:
        need_undo(edit)
    write_edit(edit)
