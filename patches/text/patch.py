"""A patch as data: its files, hunks and lines. `parse.py` makes it from text, `headers.py` reads its header."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Hunk:
    """One hunk. Starts count from 1 as in the file (0 for an empty side); `line` is where its @@ stands in the patch.

    `lines` keep their first character: space, + or -; they have neither line end nor carriage return.
    `old_eof` and `new_eof`: the side's last line has no line end ("\\ No newline at end of file").
    """

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    lines: tuple[str, ...]
    section: str = ""
    line: int = 0
    old_eof: bool = False
    new_eof: bool = False

    @property
    def changed(self) -> tuple[str, ...]:
        """The lines that are added or removed, each with its sign."""
        return tuple(one for one in self.lines if one[:1] in "+-")


@dataclass(frozen=True, slots=True)
class FileDiff:
    """What a patch does to one file. Paths have no a/ or b/ in front; "" is a side that does not exist (/dev/null).

    `strip` more components were removed than -p1 would. `line` is where it begins in the patch. `binary`: there is a
    change that the hunks do not hold. `old_mode` and `new_mode` are "" when not told, such as "100755".
    """

    old: str
    new: str
    hunks: tuple[Hunk, ...]
    line: int = 0
    binary: bool = False
    renamed: bool = False
    copied: bool = False
    old_mode: str = ""
    new_mode: str = ""

    @property
    def path(self) -> str:
        """The file's name after the change, or before it when it is removed."""
        return self.new or self.old


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read: `line` of the patch file (0: the file as a whole), and why."""

    line: int
    text: str


@dataclass(frozen=True)
class Patch:
    """One patch of a queue.

    `header` is the text before the first diff, as it stands. `sha256` is of the file's bytes. `problems` tell what was
    left out; a patch with problems still has all that could be read.
    """

    name: str
    header: str
    files: tuple[FileDiff, ...]
    problems: tuple[Problem, ...] = ()
    sha256: str = ""

    @cached_property
    def paths(self) -> frozenset[str]:
        """All names that the patch touches, before and after."""
        return frozenset(path for one in self.files for path in (one.old, one.new) if path)

    @cached_property
    def changed(self) -> tuple[str, ...]:
        """All added and removed lines, in order, each with its sign."""
        return tuple(line for one in self.files for hunk in one.hunks for line in hunk.changed)
