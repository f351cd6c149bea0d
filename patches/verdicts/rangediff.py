"""How a patch and an upstream change differ: a diff of the two diffs, as git range-diff prints it for commits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import unified_diff

from patches.text.parse import parse_patch
from patches.text.patch import FileDiff, Patch

LIMIT = 20_000
"""Lines of one side that are compared; difflib's time grows with their square."""


def range_diff(patch: Patch, upstream: Sequence[bytes], context: int = 3) -> Iterator[str]:
    """The lines of the difference: "-" is only upstream, "+" only in the patch. `upstream`: diffs as git prints them.

    Positions of hunks do not count; context does, as it tells what the patch was made for.
    """
    theirs = [one for data in upstream for one in parse_patch("upstream", data).files]
    left, right = list(told(theirs)), list(told(patch.files))
    if max(len(left), len(right)) > LIMIT:
        yield f" (more than {LIMIT} lines: not compared)"
        return
    for number, line in enumerate(unified_diff(left, right, "upstream", patch.name, n=context, lineterm="")):
        if number > 1:
            yield "@@" if line.startswith("@@ ") else line


def told(files: Iterable[FileDiff]) -> Iterator[str]:
    """The lines of a diff that do not depend on where its hunks stand: files by name, sections, changes."""
    for one in sorted(files, key=lambda one: one.path):
        yield f" ## {one.path}{attribute(one)} ##"
        for hunk in one.hunks:
            yield f"@@ {hunk.section}".rstrip()
            yield from hunk.lines


def attribute(one: FileDiff) -> str:
    """What happens to a file besides its lines."""
    if not one.old:
        return " (new)"
    if not one.new:
        return " (deleted)"
    return f" (renamed from {one.old})" if one.renamed else " (binary)" if one.binary else ""
