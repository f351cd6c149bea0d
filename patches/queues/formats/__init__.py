"""Readers of patch queues, one file a format. A reader lists a queue; `patches.queues.queue` reads the patches.

A reader is a `Format`: `recognises` looks at a file's content (and name), `read` lists what the queue has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from kcfg.base.errors import UserError
from patches.queues.files import Files
from patches.queues.reasons import Never, Unclear

PATCH_ENDS = tuple(kind + end for end in ("", ".gz", ".xz", ".bz2", ".zst") for kind in (".patch", ".diff"))
"""How the names of patches end. A series may list others, too."""


@dataclass(frozen=True, slots=True)
class ListedPatch:
    """One line of a series. `path` is relative to the queue's root; `line` counts from 1 in `QueueListing.file`.

    `strip`: the -p level, None when not told. `condition`: guards or version limits, as told. `never`: why it is
    never applied, None when it is, at least under the condition. `unclear`: why its file cannot be told, None when it
    can. `file`: where the line is, if not in `QueueListing.file`.
    `raw`: the patch itself, where the queue is one file that holds its patches. `reverse`: it is applied with -R.
    `commit`: the queue's own commit, where the queue is a range of git's. `url`: the address from which the queue
    fetches it; it is read where its file lies beside the series, and judged by the commit that this names where not.
    `folder`: the one below the top of what is patched in which it is applied, "" for the top.
    """

    name: str
    path: str
    line: int = 0
    strip: int | None = None
    condition: str = ""
    section: str = ""
    comment: str = ""
    never: Never | None = None
    unclear: Unclear | None = None
    file: str = ""
    raw: bytes | None = None
    reverse: bool = False
    commit: str = ""
    url: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True)
class QueueListing:
    """What a series lists, in the order of application.

    `present`: the patch files that lie where the series takes its own from. `known`: of these, what is named for
    another use. `disabled`: path -> line of a comment that names the patch. `version`: of what is patched, where the
    series tells it.
    """

    file: str
    items: tuple[ListedPatch, ...]
    present: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    disabled: dict[str, int] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of queue. `about` tells users how it is recognised."""

    name: str
    about: str
    recognises: Callable[[Files, str], bool]
    read: Callable[[Files, str], QueueListing]


def text_lines(data: bytes) -> list[str]:
    """The lines of a series file, without line ends."""
    return data.decode("utf-8", "surrogateescape").replace("\r\n", "\n").split("\n")


def is_patch_name(path: str) -> bool:
    """Whether a file's name is one of a patch."""
    return path.lower().endswith(PATCH_ENDS)


def patch_files(files: Files, folder: str, *, deep: bool = True) -> tuple[str, ...]:
    """The patches that lie in a folder."""
    return tuple(path for path in files.walk(folder, deep=deep) if is_patch_name(path))


def patches_in(files: Files, folder: str, *, deep: bool = False) -> tuple[str, ...]:
    """The patches in a folder that a series names: none when it is missing, or outside."""
    try:
        return patch_files(files, folder, deep=deep)
    except UserError:
        return ()


def folder_of(path: str) -> str:
    """The folder of a path, "" for the root."""
    return path.rpartition("/")[0]


def join(folder: str, name: str) -> str:
    """A name in a folder. An absolute name stays one, to be refused where it is read."""
    return f"{folder}/{name}" if folder and not name.startswith("/") else name


_BANNER = re.compile(r"[#=*\s-]{8,}$")


class Sections:
    """Follows the comments of a series: they are its sections, and sometimes patches that were switched off.

    A block of comments with a line of ##### opens a section by its first line of text; another block opens a part of
    the section that it stands in. Source: the series files of xen.pg and of SUSE's kernel.
    """

    def __init__(self) -> None:
        self._top = self._part = ""
        self._block: list[str] = []
        self.disabled: dict[str, int] = {}

    def comment(self, line: str, number: int) -> None:
        """One line of comment, "#" first."""
        self._block.append(line)
        words = line.lstrip("# \t").split()
        if words and is_patch_name(words[0]) and (len(words) == 1 or words[1].startswith(("-p", "#"))):
            self._block.pop()
            self.disabled.setdefault(words[0], number)

    def end(self) -> None:
        """A line that is no comment."""
        if not self._block:
            return
        texts = [text for text in (line.strip("#= \t*-") for line in self._block) if text]
        banner = any(_BANNER.match(line) for line in self._block)
        self._block = []
        if texts and banner:
            self._top, self._part = texts[0], ""
        elif texts:
            self._part = texts[0]

    @property
    def name(self) -> str:
        """The section that the next patch is in."""
        return " / ".join(one for one in (self._top, self._part) if one)[:200]


def disabled_paths(sections: Sections, folder: str) -> dict[str, int]:
    """The patches that comments name, as paths."""
    return {join(folder, name): line for name, line in sections.disabled.items()}


def listed_share(files: Files, paths: Sequence[str]) -> float:
    """The share of paths that are there; paths that lead out are not."""
    return sum(is_there(files, path) for path in paths) / len(paths) if paths else 0.0


def is_there(files: Files, path: str) -> bool:
    """Whether a file is there, inside the queue."""
    try:
        return bool(files.find(path))
    except UserError:
        return False


def first_there(files: Files, paths: Iterable[str]) -> str:
    """The first path that is there, "" when none is."""
    return next((path for path in paths if is_there(files, path)), "")
