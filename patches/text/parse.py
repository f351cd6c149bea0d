"""Reads a patch: text into files, hunks and lines.

Heads of files are read here, since patches of queues come from git, Mercurial, quilt, Subversion and CVS, and from
hand; hunks are read in `hunks.py`. Nothing but the size can make a patch unreadable: what is not understood becomes a
`Problem` with its line, and the rest goes on.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from kcfg.base.errors import UserError
from patches.text.hunks import is_file_head, is_indented_diff, read_hunks
from patches.text.names import git_names, guess_strip, is_epoch, is_long, is_outside, side_name, stripped, unquote
from patches.text.otherdiffs import is_context_head, is_context_hunk, is_normal_hunk, read_context, read_normal
from patches.text.patch import FileDiff, Hunk, Patch
from patches.text.problems import Problem, ProblemKind

PATCH_LIMIT = 64 << 20
"""The largest patch that is read, in bytes. The largest of the queues that we know has 5 MB."""
LINES_LIMIT = 2_000_000
"""The most lines of one: each takes a hundred bytes, however short it is."""
PROBLEM_LIMIT = 100

_PLAIN_DIFF = re.compile(r"diff (?:-\S* |\S+ \S+$)")
_BINARY = re.compile(r"(?:Binary )?[Ff]iles? (\S.{0,4096}?) (?:and (\S.{0,4096}?) differ|has changed)$")
_IDS = re.compile(r"([0-9a-fA-F]{7,64})\.\.([0-9a-fA-F]{7,64})")
_FOLLOWS = ("Binary file", "new file mode", "deleted file mode", "old mode", "rename from ", "RCS file:", "*****")
_ED = re.compile(r"\d{1,9}(?:,\d{1,9})?[acdi]\s*$")
_ATTRIBUTES = (
    "index ", "similarity index ", "dissimilarity index ", "=====", "RCS file:", "retrieving revision", "Prereq:",
)  # fmt: skip


@dataclass(slots=True)
class Head:
    """What is said of a file before its hunks. Names are as they stand, with their prefixes."""

    line: int
    git: bool = False
    old: str = ""
    new: str = ""
    told: bool = False
    index: str = ""
    moved: tuple[str, str] = ("", "")
    renamed: bool = False
    copied: bool = False
    added: bool = False
    removed: bool = False
    binary: bool = False
    plain: bool = False  # a normal diff follows
    old_mode: str = ""
    new_mode: str = ""
    ids: tuple[str, str] = ("", "")


def parse_patch(name: str, data: bytes, strip: int | None = None) -> Patch:
    """The patch in `data`; `name` is for messages. UserError when it is larger than PATCH_LIMIT or LINES_LIMIT.

    `strip` is the -p level with which the queue applies it; None guesses it for each file. Bytes that are no UTF-8 are
    kept as surrogates, and line ends of Windows are taken off.
    """
    if len(data) > PATCH_LIMIT:
        size = f"the patch has {len(data) >> 20} MB"
        raise UserError(size, where=name, hint=f"patches of up to {PATCH_LIMIT >> 20} MB are read")
    if data.count(b"\n") > LINES_LIMIT:
        raise UserError(
            "the patch has too many lines", where=name, hint=f"patches of up to {LINES_LIMIT:,} lines are read"
        )
    text = data.decode("utf-8", "surrogateescape").replace("\r\n", "\n")
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    if "\r" in text:
        lines = [line.rstrip("\r") for line in lines]
    reader = PatchReader(lines, strip)
    reader.read()
    header = "".join(f"{line}\n" for line in lines[: reader.header_end])
    return Patch(name, header, tuple(reader.files), tuple(reader.told()), hashlib.sha256(data).hexdigest())


@dataclass(slots=True)
class PatchReader:
    """Goes through the lines of a patch once."""

    lines: Sequence[str]
    strip: int | None = None
    at: int = 0
    header_end: int = -1
    command: int = 0  # the line of a first command of ed, among what is no diff
    indented: int = 0  # the line of an indented diff in the header
    files: list[FileDiff] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> None:
        """Read all of it."""
        while self.at < len(self.lines):
            if is_start(self.lines, self.at):
                if self.header_end < 0:
                    self.header_end = self.at
                self.command = 0
                self.file()
            elif self.files and self.lines[self.at].startswith("@@ "):
                self.stray_hunks()
            else:
                self.other()
                self.at += 1
        if self.command and "d" in self.lines[self.command - 1]:  # it has no lines, and no end
            self.problem(self.command, ProblemKind.ED_SCRIPT)
        if self.header_end < 0:
            self.header_end = len(self.lines)
            if self.indented:
                self.problem(self.indented, ProblemKind.INDENTED)
            elif not self.problems:
                self.problem(0, ProblemKind.NO_DIFF if any(self.lines) else ProblemKind.EMPTY)

    def other(self) -> None:
        """A line that is no part of a diff that is read; where patch(1) would take it for one, that is told.

        Source: GNU patch's src/pch.c, intuit_diff_type. A message may quote an indented diff: one above the first that
        is read is none.
        """
        line = self.lines[self.at]
        if line[:1] in " \t" and is_indented_diff(self.lines, self.at):
            if self.header_end >= 0:
                self.problem(self.at + 1, ProblemKind.INDENTED)
            else:
                self.indented = self.indented or self.at + 1
        bare = line.strip(" \t") if len(line) < 100 else ""
        if bare == "." and self.command:
            self.problem(self.command, ProblemKind.ED_SCRIPT)
            self.command = 0
        elif not self.command and _ED.match(bare):
            self.command = self.at + 1

    def told(self) -> list[Problem]:
        """The problems, in the order of lines, and no more than one wants to read."""
        ordered = sorted(self.problems, key=lambda one: one.line)
        more = len(ordered) - PROBLEM_LIMIT
        return ordered if more <= 0 else [*ordered[:PROBLEM_LIMIT], Problem(0, ProblemKind.MORE, "", (more,))]

    def problem(self, line: int, kind: ProblemKind, text: str = "", *numbers: int) -> None:
        """Note what could not be read."""
        self.problems.append(Problem(line, kind, text, numbers))

    def stray_hunks(self) -> None:
        """Hunks after text: they belong to the file before it, as they do for patch(1)."""
        self.problem(self.at + 1, ProblemKind.TEXT_BEFORE_HUNK)
        block = read_hunks(self.lines, self.at)
        last = self.files[-1]
        self.files[-1] = FileDiff(
            last.old, last.new, last.hunks + block.hunks, last.line, last.binary, last.renamed, last.copied,
            last.old_mode, last.new_mode, last.old_id, last.new_id,
        )  # fmt: skip
        self.problems += block.problems
        self.at = block.end

    def file(self) -> None:
        """One file: its head, and its hunks."""
        head = self.head()
        hunks: tuple[Hunk, ...] = ()
        if self.at < len(self.lines) and self.lines[self.at].startswith("@@ "):
            block = read_hunks(self.lines, self.at)
            self.problems += block.problems
            self.at, hunks = block.end, block.hunks
        elif (head.told and is_context_hunk(self.lines, self.at)) or (head.plain and self.at < len(self.lines)):
            block = (read_normal if head.plain else read_context)(self.lines, self.at)
            self.problems += block.problems
            self.at, hunks = block.end, block.hunks
        elif self.at < len(self.lines) and self.lines[self.at].startswith("@@@ "):
            self.problem(self.at + 1, ProblemKind.MERGE)
            return
        elif head.told and not head.binary:
            self.problem(head.line, ProblemKind.NO_HUNK)
        self.add(head, hunks)

    def add(self, head: Head, hunks: tuple[Hunk, ...]) -> None:
        """Keep a file, unless its name cannot be."""
        old, new = self.names(head, hunks)
        if not old and not new:
            self.problem(head.line, ProblemKind.NO_NAME)
            return
        outside = next((path for path in (old, new) if is_outside(path)), "")
        if outside:
            self.problem(head.line, ProblemKind.OUTSIDE, outside[:200])
            return
        if long := next(filter(is_long, (old, new)), ""):
            self.problem(head.line, ProblemKind.LONG, long[:200])
            return
        self.files.append(
            FileDiff(
                old,
                new,
                hunks,
                head.line,
                head.binary,
                head.renamed,
                head.copied,
                head.old_mode if old else "",
                head.new_mode if new else "",
                head.ids[0] if old else "",
                head.ids[1] if new else "",
            )
        )

    def names(self, head: Head, hunks: tuple[Hunk, ...]) -> tuple[str, str]:
        """A file's names before and after, without prefixes."""
        old, new = head.old, head.new
        if not old and not new:
            old = new = head.index
        if head.git and any(head.moved):
            first, second = head.moved
            level = 1 if self.strip is None else self.strip
            return stripped(first, max(0, level - 1)), stripped(second, max(0, level - 1))
        count = guess_strip(old, new, git=head.git) if self.strip is None else self.strip
        short = stripped(old, count), stripped(new, count)
        if (old and not short[0]) or (new and not short[1]):
            self.problem(head.line, ProblemKind.STRIPPED, (old or new)[:200], count)
            count = guess_strip(old, new, git=head.git)
            short = stripped(old, count), stripped(new, count)
        if self.strip == 0 and guess_strip(old, new, git=head.git) and (old or new)[:2] in ("a/", "b/"):
            self.problem(head.line, ProblemKind.PREFIX, (old or new)[:200], 0)
        old, new = short
        if old and new and old != new and not head.renamed and not head.copied:
            old = new = self.same_file(head, old, new, count)
        alone = len(hunks) == 1 and not head.git and not head.plain
        if head.added or (alone and not hunks[0].old_start and not hunks[0].old_count):
            old = ""
        if head.removed or (alone and not hunks[0].new_start and not hunks[0].new_count):
            new = ""
        return old, new

    @staticmethod
    def same_file(head: Head, old: str, new: str, count: int) -> str:
        """The one file that two names without a rename mean: x.c.orig and x.c are x.c, as for patch(1)."""
        index = stripped(head.index, count)
        if index in (old, new):
            return index
        return old if new.startswith(old) else new

    def head(self) -> Head:
        """Everything up to the first hunk; `at` is left there."""
        lines = self.lines
        head = Head(self.at + 1)
        first = True
        while self.at < len(lines):
            line = lines[self.at]
            if line.startswith("--- ") and not head.told:
                if not self.sides(head):
                    break
            elif not head.told and is_context_head(lines, self.at):
                self.named(head, line, lines[self.at + 1])
                self.at += 1
            elif not head.told and is_normal_hunk(lines, self.at):
                head.plain = True
                break
            elif line.startswith(("diff --cc ", "diff --combined ")) and first:
                head.new = head.old = line.split(" ", 2)[2]
            elif line.startswith("diff --git ") and first:
                head.git = True
                head.old, head.new = git_names(line[11:])
            elif line.startswith("Index: ") and first:
                head.index = unquote(line[7:].strip())
            elif line.startswith("diff ") and (first or (head.index and not head.git and not head.told)):
                self.plain_diff(head, line)
            elif line == "GIT binary patch":
                head.binary = True
                self.at = skip_binary(lines, self.at + 1)
                break
            elif not (self.binary(head, line) or attribute(head, line)):
                break
            first = False
            self.at += 1
        self.at = max(self.at, head.line)
        return head

    def sides(self, head: Head) -> bool:
        """Read "--- " and "+++ "."""
        if self.at + 1 >= len(self.lines) or not self.lines[self.at + 1].startswith("+++ "):
            self.problem(self.at + 1, ProblemKind.ONE_SIDE)
            return False
        self.named(head, self.lines[self.at], self.lines[self.at + 1])
        self.at += 1
        return True

    @staticmethod
    def named(head: Head, before: str, after: str) -> None:
        """Take the names of a file before and after."""
        old, new = side_name(before), side_name(after)
        head.told = True
        if old or new:
            head.added |= not old or is_epoch(before)
            head.removed |= not new or is_epoch(after)
            head.old, head.new = old or new, new or old
            if not old and head.git:
                head.old = head.new = new

    @staticmethod
    def plain_diff(head: Head, line: str) -> None:
        """`diff -r a -r b path` of Mercurial, `diff -urN a/x b/x`."""
        words = line.split()
        names = [word for word in words[1:] if not word.startswith("-")]
        if "-r" in words:
            head.old = head.new = words[-1]
        elif len(names) >= 2:
            head.old, head.new = names[-2:]

    @staticmethod
    def binary(head: Head, line: str) -> bool:
        """Read `Binary files a/x and b/x differ`."""
        found = _BINARY.match(line) if len(line) < 8192 else None
        if not found:
            return False
        head.binary = True
        if not head.old and not head.new:
            head.old, head.new = side_name(f"--- {found[1]}"), side_name(f"+++ {found[2] or found[1]}")
            head.added, head.removed = not head.old, not head.new
            head.old, head.new = head.old or head.new, head.new or head.old
        return True


def attribute(head: Head, line: str) -> bool:
    """Read one line of git's extended header, or one of those that say nothing to us."""
    if line.startswith(("rename from ", "copy from ")):
        head.moved = (unquote(line.split(" from ", 1)[1]), head.moved[1])
    elif line.startswith(("rename to ", "copy to ")):
        head.moved = (head.moved[0], unquote(line.split(" to ", 1)[1]))
        head.renamed, head.copied = line[0] == "r", line[0] == "c"
    elif line.startswith("new file mode "):
        head.added, head.new_mode = True, line[14:].strip()
    elif line.startswith("deleted file mode "):
        head.removed, head.old_mode = True, line[18:].strip()
    elif line.startswith("old mode "):
        head.old_mode = line[9:].strip()
    elif line.startswith("new mode "):
        head.new_mode = line[9:].strip()
    elif line.startswith(_ATTRIBUTES):
        words = line.split()
        if words[0] == "index" and len(words) == 3:
            head.old_mode, head.new_mode = head.old_mode or words[2], head.new_mode or words[2]
        if words[0] == "index" and (ids := _IDS.fullmatch(words[1] if len(words) > 1 else "")):
            head.ids = ids[1].lower(), ids[2].lower()
    else:
        return False
    return True


def is_start(lines: Sequence[str], at: int) -> bool:
    """Whether a file's diff begins here."""
    line = lines[at]
    if line.startswith(("diff --git ", "diff --cc ", "diff --combined ")):
        return True
    if line.startswith("--- "):
        return is_file_head(lines, at)
    after = lines[at + 1 : at + 5]
    if line.startswith("diff "):
        return _PLAIN_DIFF.match(line) is not None and follows(lines, at + 1)
    if line.startswith("Index: "):
        return follows(lines, at + 1) or (bool(after) and after[0].startswith("====="))
    if line.startswith("*** "):
        return is_context_head(lines, at)
    if line[:1].isdigit():
        return is_normal_hunk(lines, at)
    return line.startswith(("Binary file", "Files ")) and len(line) < 8192 and bool(_BINARY.match(line))


def follows(lines: Sequence[str], at: int) -> bool:
    """Whether what makes a line the beginning of a diff stands within the next lines."""
    near = range(at, min(at + 4, len(lines)))
    return any(lines[i].startswith(_FOLLOWS) or is_file_head(lines, i) or is_normal_hunk(lines, i) for i in near)


def skip_binary(lines: Sequence[str], at: int) -> int:
    """The index after git's base85 lines: `literal` and `delta` parts, each closed by an empty line."""
    while at < len(lines) and lines[at].startswith(("literal ", "delta ")):
        while at < len(lines) and lines[at]:
            at += 1
        at += 1
    return min(at, len(lines))
