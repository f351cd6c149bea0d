"""Functions of a file, as the @@ lines of a diff name them."""

from __future__ import annotations

import re

from patches.text.lines import bytes_of
from patches.text.patch import Hunk
from patches.verdicts.apply import FileLines

_OPENS = re.compile(rb"[A-Za-z_$][^;:]*\([^;:]*$")
"""What a function begins with: a line at the margin that opens a parenthesis, and is no declaration and no label."""
HEADING = 8
"""Lines within which a function's brace comes, at most."""


def is_elsewhere(hunk: Hunk, lines: FileLines, at: int) -> bool:
    """Whether a place for a hunk is in another function than its @@ line names, which the file has, too."""
    section = bytes_of(hunk.section.strip())
    if not _OPENS.match(section) or any(_OPENS.match(bytes_of(line[1:])) for line in hunk.lines if line[:1] == " "):
        return False
    named = [i for i, line in enumerate(lines) if line.startswith(section)]
    last = max((i for i in named if i < at), default=None)
    if last is None:
        return bool(named)
    return any(begins(lines, i) for i in range(last + 1, at))


def body(section: str, lines: FileLines) -> FileLines:
    """The lines of the function that an @@ line names; none where the file has not one of that name."""
    name = bytes_of(section.strip())
    named = [i for i, line in enumerate(lines) if name and line.startswith(name)]
    if len(named) != 1 or not _OPENS.match(name):
        return []
    end = next((i for i in range(named[0] + 1, len(lines)) if begins(lines, i)), len(lines))
    return lines[named[0] : end]


def begins(lines: FileLines, at: int) -> bool:
    """Whether a function begins at a line: a brace follows before a blank line, or one that ends a declaration."""
    if not _OPENS.match(lines[at]):
        return False
    for line in lines[at : at + HEADING]:
        text = line.rstrip()
        if text.startswith(b"{") or text.endswith(b"{"):
            return True
        if not text or text.endswith(b";"):
            return False
    return False
