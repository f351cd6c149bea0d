"""Context diffs (diff -c) and normal diffs (diff without options), as hunks like all others.

Source: GNU diffutils' manual, "Detailed Description of Context Format" and "of Normal Format". A side of a context hunk
without changes is left out; a normal diff has no lines around its changes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from patches.text.hunks import Block
from patches.text.patch import Hunk
from patches.text.problems import Problem, ProblemKind

_STARS = re.compile(r"\*{8,}(?: .*)?$")
_OLD = re.compile(r"\*\*\* (\d{1,9})(?:,(\d{1,9}))? \*\*\*\*(?:\*| |$)")
_NEW = re.compile(r"--- (\d{1,9})(?:,(\d{1,9}))? ----(?:-| |$)")
_NORMAL = re.compile(r"(\d{1,9})(?:,(\d{1,9}))?([acd])(\d{1,9})(?:,(\d{1,9}))?$")
_NO_END = "\\ No newline"


def is_context_head(lines: Sequence[str], at: int) -> bool:
    """Whether three lines name a file, before and after, and begin a hunk of a context diff."""
    return (
        at + 2 < len(lines)
        and lines[at].startswith("*** ")
        and lines[at + 1].startswith("--- ")
        and is_context_hunk(lines, at + 2)
    )


def is_context_hunk(lines: Sequence[str], at: int) -> bool:
    """Whether a hunk of a context diff begins here."""
    return at < len(lines) and bool(_STARS.match(lines[at][:200]))


def is_normal_hunk(lines: Sequence[str], at: int) -> bool:
    """Whether a hunk of a normal diff begins here."""
    found = _NORMAL.match(lines[at]) if at + 1 < len(lines) and len(lines[at]) < 50 else None
    return found is not None and lines[at + 1].startswith(">" if found[3] == "a" else "<")


def read_context(lines: Sequence[str], at: int) -> Block:
    """The hunks of one file; `at` is the index of the first one's line of stars."""
    hunks: list[Hunk] = []
    problems: list[Problem] = []
    while is_context_hunk(lines, at):
        first = at + 1
        old = _OLD.match(lines[at + 1]) if at + 1 < len(lines) else None
        if not old:
            break
        before, at, old_eof = side(lines, at + 2, counted(old), "-!")
        new = _NEW.match(lines[at]) if at < len(lines) else None
        if not new:
            problems.append(Problem(first, ProblemKind.CUT_OFF))
            break
        after, at, new_eof = side(lines, at + 1, counted(new), "+!")
        merged = together(before, after)
        if merged is None:
            problems.append(Problem(first, ProblemKind.SIDES_DIFFER))
            continue
        counts = sum(one[0] in " -" for one in merged), sum(one[0] in " +" for one in merged)
        wrong = [
            told for told, count in ((old, counts[0]), (new, counts[1])) if told[2] and counted(told) != count
        ]  # fmt: skip
        if wrong:
            problems.append(Problem(first, ProblemKind.OTHER_COUNT))
        starts = int(old[1]), int(new[1])
        # A side that is left out ends as the other one does, where both end with the same line.
        same = bool(merged) and merged[-1][0] == " "
        ends = old_eof or (new_eof and same and not before), new_eof or (old_eof and same and not after)
        hunks.append(Hunk(starts[0], counts[0], starts[1], counts[1], merged, "", first, *ends))
    return Block(tuple(hunks), at, tuple(problems))


def counted(told: re.Match[str]) -> int:
    """How many lines a range has; of a single number, one or none, the lines themselves tell."""
    first, last = int(told[1]), int(told[2] or told[1])
    return max(0, last - first + 1) if first else 0


def side(lines: Sequence[str], at: int, count: int, signs: str) -> tuple[list[str], int, bool]:
    """The lines of one side, the index after them, and whether its last line has no line end."""
    found: list[str] = []
    while at < len(lines) and len(found) < count:
        line = lines[at]
        if line[:2] in ("  ", *(f"{sign} " for sign in signs)) or (line[:1] and line in signs):
            found.append(line[:1] + line[2:])
        elif line[1:2] == "\t" and line[0] in f" {signs}":
            found.append(line[:1] + line[1:])
        elif found and not line.strip():
            found.append(" ")  # blanks at the end of a line were eaten
        else:
            break
        at += 1
    if at < len(lines) and lines[at].startswith(_NO_END):
        return found, at + 1, True
    return found, at, False


def together(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...] | None:
    """Both sides as the lines of one unified hunk; None when what stands around the changes is not the same."""
    if not old:
        old = [line for line in new if line[0] == " "]
    if not new:
        new = [line for line in old if line[0] == " "]
    out: list[str] = []
    i = j = 0
    while i < len(old) or j < len(new):
        begin = len(out)
        while i < len(old) and old[i][0] in "-!":
            out.append(f"-{old[i][1:]}")
            i += 1
        while j < len(new) and new[j][0] in "+!":
            out.append(f"+{new[j][1:]}")
            j += 1
        if i < len(old) and j < len(new) and old[i] == new[j]:
            out.append(old[i])
            i, j = i + 1, j + 1
        elif len(out) == begin:
            return None
    return tuple(out)


def read_normal(lines: Sequence[str], at: int) -> Block:
    """The hunks of one file of a normal diff; `at` is the index of the first one's line of numbers."""
    hunks: list[Hunk] = []
    problems: list[Problem] = []
    while at < len(lines) and is_normal_hunk(lines, at):
        first = at
        found = _NORMAL.match(lines[at])
        assert found
        ranges = [(int(found[one]), int(found[one + 1] or found[one])) for one in (1, 4)]
        removed, at, old_eof = marked(lines, at + 1, "<")
        if found[3] == "c" and at < len(lines) and lines[at] == "---":
            at += 1
        added, at, new_eof = marked(lines, at, ">")
        counts = [0 if found[3] == kind else last - begin + 1 for kind, (begin, last) in zip("ad", ranges, strict=True)]
        if counts != [len(removed), len(added)]:
            problems.append(Problem(first + 1, ProblemKind.OTHER_COUNT))
        body = tuple([f"-{one}" for one in removed] + [f"+{one}" for one in added])
        hunks.append(Hunk(ranges[0][0], len(removed), ranges[1][0], len(added), body, "", first + 1, old_eof, new_eof))
    return Block(tuple(hunks), at, tuple(problems))


def marked(lines: Sequence[str], at: int, sign: str) -> tuple[list[str], int, bool]:
    """The lines behind `<` or `>`, the index after them, and whether the last has no line end."""
    found: list[str] = []
    while at < len(lines) and (lines[at].startswith(f"{sign} ") or lines[at] == sign):
        found.append(lines[at][2:])
        at += 1
    if found and at < len(lines) and lines[at].startswith(_NO_END):
        return found, at + 1, True
    return found, at, False
