"""The hunks of one file: through unidiff where they are well-formed, through a reader that forgives where they are not.

unidiff is the judge of what is well-formed: when it reads a block of hunks to its end, its reading is taken. What it
refuses (wrong or missing counts, a hunk that is cut off) is read by the first characters of the lines, and told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk as UnifiedHunk
from unidiff.patch import PatchSet

from patches.text.patch import Hunk
from patches.text.problems import Problem, ProblemKind

UNIDIFF_LIMIT = 50_000
"""Lines of one block that unidiff gets; it needs about 500 bytes for each, and larger blocks are vendored code."""

_HEAD = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)", re.DOTALL)
_LOOSE = re.compile(r"@@[^0-9+-]{0,8}-(\d{1,9})(?:,(\d{1,9}))?[^0-9]{1,8}(\d{1,9})(?:,(\d{1,9}))?", re.ASCII)
_MAIL_END = re.compile(r"--(?: (?:$|\d[\d.]*(?:\s|$))|-?$)")
_BODY = frozenset(" +-\\\t")
"""How lines of hunks begin. A tab is a context line whose leading blank was eaten, as for patch(1): src/pch.c,
another_hunk, "Assume spaces got eaten"."""


@dataclass(frozen=True, slots=True)
class Block:
    """The hunks that were read, the index of the first line after them, and what was wrong."""

    hunks: tuple[Hunk, ...]
    end: int
    problems: tuple[Problem, ...] = ()


def read_hunks(lines: Sequence[str], at: int) -> Block:
    """The hunks of one file; `at` is the index of the first one's @@ line."""
    end = block_end(lines, at)
    if end - at <= UNIDIFF_LIMIT:
        hunks = by_unidiff(lines[at:end], at + 1)
        if hunks is not None:
            return Block(hunks, end)
    return leniently(lines, at, end)


def is_file_head(lines: Sequence[str], at: int) -> bool:
    """Whether two lines name a file, before and after, and a hunk or the end of the patch follows."""
    if at + 1 >= len(lines) or not (lines[at].startswith("--- ") and lines[at + 1].startswith("+++ ")):
        return False
    return at + 2 >= len(lines) or lines[at + 2].startswith("@@")


def is_indented_diff(lines: Sequence[str], at: int) -> bool:
    """Whether the head of a unified or context diff and a hunk stand here, indented alike: patch(1) takes them."""
    blank = lines[at][: len(lines[at]) - len(lines[at].lstrip(" \t"))]
    near = lines[at : at + 3]
    if not blank or len(near) < 3 or not all(line.startswith(blank) for line in near):
        return False
    bare = [line[len(blank) :] for line in near]
    if bare[0].startswith("*** ") and bare[1].startswith("--- "):
        return bare[2].startswith("********")
    return is_file_head(bare, 0) and _HEAD.match(bare[2]) is not None


def block_end(lines: Sequence[str], at: int) -> int:
    """Where the lines that can be of hunks end: at a line that no hunk has, or where a file is named."""
    total = len(lines)
    while at < total:
        line = lines[at]
        if line and line[0] not in _BODY and not line.startswith("@@"):
            break
        if line.startswith("--- ") and is_file_head(lines, at):
            break
        at += 1
    return at


def by_unidiff(block: Sequence[str], number: int) -> tuple[Hunk, ...] | None:
    """What unidiff makes of a block of hunks whose first line is line `number` of the patch; None when it refuses."""
    heads = [number + i for i, line in enumerate(block) if line.startswith("@@")]
    if any(not _HEAD.fullmatch(block[head - number]) for head in heads):
        return None
    try:
        found = PatchSet(["--- a\n", "+++ b\n", *(f"{whole(line)}\n" for line in block)])
    except UnidiffParseError:
        return None
    if len(found) != 1 or len(found[0]) != len(heads):
        return None
    hunks = found[0]
    read = sum(1 + len(hunk) for hunk in hunks)
    if not is_mail_end(block[read:]):
        return None
    return tuple(from_unidiff(hunk, head) for hunk, head in zip(hunks, heads, strict=True))


def whole(line: str) -> str:
    """A line of a hunk with its leading blank, where that was eaten before a tab."""
    return f" {line}" if line.startswith("\t") else line


def is_mail_end(lines: Sequence[str]) -> bool:
    """Whether what follows a hunk is nothing, or a mail's "-- " and version."""
    first = next((line for line in lines if line), "--")
    return first in ("--", "---") or first.startswith("-- ")


def from_unidiff(hunk: UnifiedHunk, number: int) -> Hunk:
    """Our value of unidiff's hunk."""
    lines: list[str] = []
    old_eof = new_eof = False
    for line in hunk:
        kind = line.line_type
        if kind == "\\":
            before = lines[-1][0] if lines else ""
            old_eof |= before in ("-", " ")
            new_eof |= before in ("+", " ")
        elif kind:
            lines.append(kind + line.value.rstrip("\n"))
    return Hunk(
        hunk.source_start,
        hunk.source_length,
        hunk.target_start,
        hunk.target_length,
        tuple(lines),
        hunk.section_header,
        number,
        old_eof,
        new_eof,
    )


def leniently(lines: Sequence[str], at: int, end: int) -> Block:
    """Hunks whose counts do not hold, or which were cut off. Reads to `end` at least."""
    hunks: list[Hunk] = []
    problems: list[Problem] = []
    skipped = 0
    while at < len(lines) and (at < end or lines[at].startswith("@@")):
        if lines[at].startswith("@@"):
            hunk, at, problem = one_hunk(lines, at)
            if hunk.lines:
                hunks.append(hunk)
            problems += problem
            skipped = 0
            continue
        if is_mail_end(lines[at : at + 1]) and lines[at]:
            at = next((i for i in range(at, end) if lines[i].startswith("@@")), end)
            continue
        if is_indented_diff(lines, at):
            problems.append(Problem(at + 1, ProblemKind.INDENTED))
        if lines[at] and not skipped:
            skipped = at + 1
            problems.append(Problem(skipped, ProblemKind.SKIPPED_LINES))
        at += 1
    return Block(tuple(hunks), at, tuple(problems))


def one_hunk(lines: Sequence[str], at: int) -> tuple[Hunk, int, list[Problem]]:
    """The hunk whose @@ line is at `at`, the index after it, and what is wrong with it."""
    number = at + 1
    exact = _HEAD.fullmatch(lines[at])
    found = exact or _LOOSE.match(lines[at])
    if not found:
        stop = body_end(lines, at + 1)
        hunk = make_hunk(lines[at + 1 : stop], 0, 0, "", number)
        return hunk, stop, [Problem(number, ProblemKind.NO_NUMBERS, lines[at][:60])]
    old, new = (1 if count is None else int(count) for count in found.group(2, 4))
    section = exact[5] if exact else ""
    stop, held = counted_end(lines, at + 1, old, new)
    if not held or goes_on(lines, stop):
        stop = body_end(lines, at + 1)
    hunk = make_hunk(lines[at + 1 : stop], int(found[1]), int(found[3]), section, number)
    if (hunk.old_count, hunk.new_count) != (old, new):
        counts = old, new, hunk.old_count, hunk.new_count
        return hunk, stop, [Problem(number, ProblemKind.COUNTS, "", counts)]
    return hunk, stop, [] if exact else [Problem(number, ProblemKind.ODD_NUMBERS, lines[at][:60])]


def counted_end(lines: Sequence[str], at: int, old: int, new: int) -> tuple[int, bool]:
    """Where a hunk of so many lines ends, and whether it has them."""
    while at < len(lines) and (old > 0 or new > 0):
        first = whole(lines[at])[:1] or " "
        if first not in _BODY:
            break
        old -= first in " -"
        new -= first in " +"
        at += 1
    while at < len(lines) and lines[at].startswith("\\"):
        at += 1
    return at, old == 0 and new == 0


def goes_on(lines: Sequence[str], at: int) -> bool:
    """Whether a changed line follows a hunk that should be over: its counts are too small."""
    while at < len(lines):
        line = lines[at]
        if not line or line[0] not in _BODY or line.startswith("-- ") or ends_body(lines, at):
            return False
        if line[0] in "+-":
            return True
        at += 1
    return False


def body_end(lines: Sequence[str], at: int) -> int:
    """Where a hunk ends by the look of its lines: blank lines at its end are not its own."""
    last = at
    while at < len(lines):
        line = lines[at]
        if (line and line[0] not in _BODY) or ends_body(lines, at):
            break
        at += 1
        if line:
            last = at
    return last


def ends_body(lines: Sequence[str], at: int) -> bool:
    """Whether a line that begins like one of a hunk is a mail's end, or names the next file."""
    line = lines[at]
    return bool(_MAIL_END.match(line)) or (line.startswith("--- ") and is_file_head(lines, at))


def make_hunk(body: Sequence[str], old_start: int, new_start: int, section: str, number: int) -> Hunk:
    """A hunk with the counts that its lines have."""
    lines: list[str] = []
    old_eof = new_eof = False
    for line in body:
        if line.startswith("\\"):
            before = lines[-1][0] if lines else ""
            old_eof |= before in ("-", " ")
            new_eof |= before in ("+", " ")
        else:
            lines.append(whole(line) or " ")
    old = sum(line[0] != "+" for line in lines)
    new = sum(line[0] != "-" for line in lines)
    return Hunk(old_start, old, new_start, new, tuple(lines), section, number, old_eof, new_eof)
