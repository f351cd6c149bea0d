"""What git would wait for in a repository, or read without end: pipes and devices in its own folders."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator

from kcfg.base.errors import UserError

OPENED = ("HEAD", "config", "config.worktree", "commondir", "index")
"""What git opens of a repository before it can tell where that is."""
_PATH = re.compile(r"^\s*path\s*=\s*\"?([^\"\n]*?)\"?\s*$", re.IGNORECASE | re.MULTILINE)
"""Where configuration may be included from."""
LONGEST = 1 << 20
MOST = 100_000
"""Files that links may lead to, and configurations and stores that may be named."""


def refuse_waiting(files: Iterable[str]) -> None:
    """UserError for a file that is a pipe or a device, or a link to one. A socket, such as git's own monitor has, is
    none of them: opening it fails at once."""
    for file in files:
        try:
            kind = stat.S_IFMT(os.stat(file).st_mode)
        except OSError:
            continue
        if kind in (stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK):
            raise UserError("no regular file: git would wait for it", where=file)


def opened(path: str) -> Iterator[str]:
    """What git opens at a path before it can tell where the repository is."""
    own = os.path.join(path, ".git")
    yield own
    for folder in (path, own):
        for name in OPENED:
            yield os.path.join(folder, name)
        yield from included(os.path.join(folder, "config"))


def included(config: str) -> Iterator[str]:
    """The files that a configuration may include, whatever the condition, and those that these may."""
    return followed(config, names_in)


def names_in(config: str) -> list[str]:
    """The files that one configuration names after `path =`."""
    text = text_of(config) if os.path.isfile(config) else ""
    names = _PATH.findall(text) if "include" in text.lower() else []
    return [os.path.join(os.path.dirname(config), os.path.expanduser(name)) for name in names]


def followed(first: str, names: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """What one file names, and what those name, each once."""
    seen = {first}
    waiting = [first]
    while waiting:
        for name in map(os.path.normpath, names(waiting.pop())):
            if name not in seen and len(seen) < MOST:
                seen.add(name)
                waiting.append(name)
                yield name


def text_of(file: str) -> str:
    """The begin of a small file; "" of one that cannot be read."""
    try:
        with open(file, encoding="utf-8", errors="surrogateescape") as stream:
            return stream.read(LONGEST)
    except OSError:
        return ""


def storage(folder: str) -> list[str]:
    """The folders that git keeps a repository in: its own, for a further work tree that of the first one, and stores of
    objects elsewhere."""
    common = text_of(os.path.join(folder, "commondir")).strip("\n")
    out = [folder, *([os.path.join(folder, common)] if common else [])]
    return out + [store for one in out for store in followed(os.path.join(one, "objects"), alternates)]


def alternates(objects: str) -> list[str]:
    """The stores of objects that one names. UserError where git would wait for the file that does."""
    file = os.path.join(objects, "info", "alternates")
    refuse_waiting([file])
    names = text_of(file).split("\n")
    return [os.path.join(objects, name) for name in names if name and not name.startswith("#")]


def irregular(folder: str) -> Iterator[str]:
    """What is no regular file in a folder and below, and where links there to folders lead, each folder once.

    UserError where links lead to more than git is to look through.
    """
    waiting = [(folder, False)]
    seen: set[tuple[int, int]] = set()
    linked = 0
    while waiting:
        one, by_link = waiting.pop()
        try:
            at = os.stat(one)
            entries = [] if (at.st_dev, at.st_ino) in seen else list(os.scandir(one))
        except OSError:  # what cannot be read, git says itself if it needs it
            continue
        seen.add((at.st_dev, at.st_ino))
        linked += len(entries) if by_link else 0
        if linked > MOST:
            raise UserError(f"links lead to more than {MOST:,} files", where=folder)
        for entry in entries:
            if entry.is_dir():
                waiting.append((entry.path, by_link or entry.is_symlink()))
            elif not entry.is_file(follow_symlinks=False):
                yield entry.path
