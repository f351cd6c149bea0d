"""Writes an edit of a queue: whole or not at all, below the queue's root, through no symbolic link.

What is undone by git has to be there in git: a file that differs from its last commit is refused. git is only asked for
the names of committed contents; no filter, hook or index of the repository comes into it.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kcfg.base.atomic import beside, hold, left
from kcfg.base.errors import UserError
from kcfg.sources.gitrepo import Repo, open_repo
from patches.queues.edit import FileChange, QueueEdit
from patches.queues.files import joined
from patches.queues.gitdiff import blob

ASKED = 200
"""Paths in one command."""
Step = tuple[int, str, str]
"""A folder, the name that a file has beside its place, and the place's."""


@dataclass(frozen=True, slots=True)
class WorkTree:
    """Where a queue lies in a git work tree: its top, and the queue's root below it, with "/" behind, or ""."""

    top: str
    prefix: str


def work_tree(root: str) -> WorkTree | None:
    """The work tree that has a queue's root; None when there is none."""
    real = os.path.realpath(root)
    top = real
    while not os.path.lexists(os.path.join(top, ".git")):
        above = os.path.dirname(top)
        if above == top:
            return None
        top = above
    below = os.path.relpath(real, top)
    return WorkTree(top, "" if below == "." else f"{below}/")


def name_width(root: str) -> int:
    """How many digits names have in the repository of a queue; 40 without one."""
    tree = work_tree(root)
    with contextlib.suppress(UserError):
        return open_repo(tree.top).width if tree else 40
    return 40


def need_undo(edit: QueueEdit) -> None:
    """UserError where git could not bring back a file that is changed or goes."""
    tree = work_tree(edit.root)
    hint = "commit it first; --force writes it nevertheless"
    if tree is None:
        raise UserError("the queue is in no git work tree, so that nothing could undo this", where=edit.root, hint=hint)
    repo = open_repo(tree.top)
    committed = dict(contents(repo, [f"{tree.prefix}{one.path}" for one in edit.changes]))
    for one in edit.changes:
        if committed.get(f"{tree.prefix}{one.path}") != blob(one.before, repo.width):
            raise UserError("the file is not as it was committed", where=joined(edit.root, one.path), hint=hint)


def contents(repo: Repo, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The paths that the last commit has as files, and the names of their contents."""
    try:
        repo.commit("HEAD")
    except UserError:
        return
    for at in range(0, len(paths), ASKED):
        for line in listed(repo, paths[at : at + ASKED]):
            told, _, path = line.partition("\t")
            mode, _, sha = told.partition(" blob ")
            if mode in ("100644", "100755"):
                yield path, sha


def listed(repo: Repo, paths: Sequence[str]) -> list[str]:
    """What ls-tree prints of some paths, which are no patterns."""
    return repo.text("--literal-pathspecs", "ls-tree", "-z", "--full-tree", "HEAD", "--", *paths).split("\0")


def write_edit(edit: QueueEdit) -> None:
    """Write all new texts beside the old ones, then put them in their places, then remove the files that go.

    UserError, with nothing changed, when a file is no longer what was read, or there is no room or no right to write,
    or one of the steps fails: then what was done is undone. What cannot be undone keeps its old content beside it, and
    the error says where. A process that is killed leaves whole files, old or new.
    """
    top = open_folder(edit.root)
    made: list[Step] = []
    folders: dict[str, int] = {}
    done: list[Step] = []
    spare: list[Step] = []
    try:
        for one in edit.changes:
            at, name = placed(top, one.path, folders)
            need_same(at, name, one, edit.root)
            if one.after is not None:
                made.append((at, f"{beside(name)}.new", name))
                write_beside(at, made[-1][1], one)
        for folder, at in folders.items():
            if not os.access(".", os.W_OK | os.X_OK, dir_fd=at):
                raise PermissionError(13, "Permission denied", joined(edit.root, folder))
        try:
            put_all(top, edit, made, folders, done)
            spare = done
        except BaseException as error:
            kept = undo(done)
            spare = [step for step in done if step not in kept]
            if kept:
                raise not_undone(error, kept, edit.root, folders) from None
            raise
    except OSError as error:
        where = error.filename if isinstance(error.filename, str) and "/" in error.filename else edit.root
        raise UserError(f"cannot write it: {error.strerror}", where=where) from None
    finally:
        for at, name, _ in [*made, *spare]:
            with contextlib.suppress(OSError):
                os.unlink(name, dir_fd=at)
        for at in [top, *folders.values()]:
            os.close(at)


def undo(done: Sequence[Step]) -> list[Step]:
    """Put the old files back, the last one first; those that could not be."""
    kept = []
    for step in reversed(done):
        at, old, name = step
        try:
            os.replace(old, name, src_dir_fd=at, dst_dir_fd=at)
        except OSError:
            kept.append(step)
    return kept


def not_undone(error: BaseException, kept: Sequence[Step], root: str, folders: dict[str, int]) -> UserError:
    """What failed, and where the old contents are that are not in their places."""
    of = {at: f"{folder}/" if folder else "" for folder, at in folders.items()}
    lost = ", ".join(f"{joined(root, of[at] + name)} in {spared(at, old, of[at])}" for at, old, name in kept)
    why = getattr(error, "strerror", None) or type(error).__name__
    return UserError(f"cannot write it: {why}; nor undo all of it, and the old content is kept: {lost}", where=root)


def spared(at: int, old: str, folder: str) -> str:
    """Where an old content is from now on: under a name that no later edit takes for what a killed one left."""
    try:
        os.rename(old, f"{old}.kept", src_dir_fd=at, dst_dir_fd=at)
    except OSError:
        return f"{folder}{old}"
    return f"{folder}{old}.kept"


def put_all(top: int, edit: QueueEdit, made: list[Step], folders: dict[str, int], done: list[Step]) -> None:
    """Each new text in its place, and the files that go away; `done` has each old one's present and former name.

    An old text keeps a second name for as long; where a file system has none, what is done is not undone.
    """
    for at, new, name in made:
        old = f"{beside(name)}.old"
        with contextlib.suppress(OSError):
            os.link(name, old, src_dir_fd=at, dst_dir_fd=at, follow_symlinks=False)
            done.append((at, old, name))
        os.replace(new, name, src_dir_fd=at, dst_dir_fd=at)
    for one in edit.changes:
        if one.after is None:
            at, name = placed(top, one.path, folders)
            old = f"{beside(name)}.old"
            os.rename(name, old, src_dir_fd=at, dst_dir_fd=at)
            done.append((at, old, name))


def open_folder(path: str, above: int | None = None) -> int:
    """A folder's handle; below a root, no link is followed."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | (os.O_NOFOLLOW if above is not None else 0)
    try:
        return os.open(path, flags, dir_fd=above)
    except OSError as error:
        raise UserError(f"cannot open the folder: {error.strerror}", where=path) from None


def placed(top: int, path: str, folders: dict[str, int]) -> tuple[int, str]:
    """The folder of a file, opened part by part, and the file's name."""
    folder, _, name = path.rpartition("/")
    if folder not in folders:
        at = os.dup(top)
        for part in folder.split("/") if folder else ():
            try:
                below = open_folder(part, at)
            finally:
                os.close(at)
            at = below
        for old in left(at):
            if old.endswith((".new", ".old")):
                with contextlib.suppress(OSError):
                    os.unlink(old, dir_fd=at)
        folders[folder] = at
    return folders[folder], name


def need_same(at: int, name: str, one: FileChange, root: str) -> None:
    """UserError when a file is a link by now, or has other bytes than were read."""
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=at)
    with open(handle, "rb") as file:
        regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
        if not regular or file.read(len(one.before) + 1) != one.before:
            raise UserError("the file has changed since it was read", where=joined(root, one.path))


def write_beside(at: int, name: str, one: FileChange) -> None:
    """A new file with the new text, and the old one's permissions."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(name, flags, 0o600, dir_fd=at)
    with os.fdopen(handle, "wb") as stream:
        hold(handle)
        stream.write(one.after or b"")
        os.fchmod(stream.fileno(), one.mode)
        stream.flush()
        os.fsync(stream.fileno())
