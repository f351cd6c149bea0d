"""Edits of queues with a line for a patch, or a file and no line: quilt, series.conf, folders, OpenWrt, Buildroot."""

from __future__ import annotations

from collections.abc import Sequence

from patches.queues.edits import Editing, LeftAlone, LeftKind
from patches.queues.formats import ListedPatch


def remove(editing: Editing, drops: Sequence[ListedPatch]) -> list[LeftAlone]:
    """Take the lines out; a patch without a line is gone with its file."""
    left = []
    for item in drops:
        if item.url:
            left.append(LeftAlone(item.name, LeftKind.ADDRESS, editing.place(item)))
        elif item.line:
            editing.text(editing.file(item)).drop(item.line)
    return left
