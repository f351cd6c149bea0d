"""A patch as data: its files, hunks and lines. `parse.py` makes it from text, `headers.py` reads its header."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from patches.text.problems import Problem


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

    @property
    def reversed(self) -> Hunk:
        """What takes the hunk back; removed lines come before added ones, as diff writes them."""
        lines: list[str] = []
        added: list[str] = []
        for line in self.lines:
            if line[:1] == "-":
                added.append(f"+{line[1:]}")
                continue
            if line[:1] != "+":
                lines += added
                added = []
            lines.append(f"-{line[1:]}" if line[:1] == "+" else line)
        return Hunk(
            self.new_start, self.new_count, self.old_start, self.old_count, tuple(lines + added), self.section,
            self.line, self.new_eof, self.old_eof,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileDiff:
    """What a patch does to one file. Paths have no a/ or b/ in front; "" is a side that does not exist (/dev/null).

    `line` is where it begins in the patch. `binary`: there is a change that the hunks do not hold. `old_mode` and
    `new_mode` are "" when not told, such as "100755"; `old_id` and `new_id` name the contents as git does, in hex,
    maybe short, "" when not told or for a side that does not exist.
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
    old_id: str = ""
    new_id: str = ""

    @property
    def path(self) -> str:
        """The file's name after the change, or before it when it is removed."""
        return self.new or self.old

    @property
    def reversed(self) -> FileDiff:
        """What takes the change back; a copy is taken back by removing it."""
        hunks = tuple(hunk.reversed for hunk in self.hunks)
        if self.copied:
            return replace(self, old=self.new, new="", hunks=hunks, copied=False, old_mode=self.new_mode, new_mode="")
        return replace(
            self, old=self.new, new=self.old, hunks=hunks, old_mode=self.new_mode, new_mode=self.old_mode,
            old_id=self.new_id, new_id=self.old_id,
        )  # fmt: skip


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

    def below(self, folder: str) -> Patch:
        """The patch as it is where it is applied in a folder of the tree."""
        files = tuple(
            replace(one, old=one.old and f"{folder}/{one.old}", new=one.new and f"{folder}/{one.new}")
            for one in self.files
        )
        return replace(self, files=files)

    @property
    def reversed(self) -> Patch:
        """The patch as patch -R applies it: its files from the last to the first."""
        return replace(self, files=tuple(one.reversed for one in reversed(self.files)))

    @cached_property
    def paths(self) -> frozenset[str]:
        """All names that the patch touches, before and after."""
        return frozenset(path for one in self.files for path in (one.old, one.new) if path)

    @cached_property
    def changed(self) -> tuple[str, ...]:
        """All added and removed lines, in order, each with its sign."""
        return tuple(line for one in self.files for hunk in one.hunks for line in hunk.changed)
