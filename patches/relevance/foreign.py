"""Between stages 1 and 2. In: a source and a queue's patches. Out: whether the queue is of another project.

A file is foreign when the tree lacks the folder at the top of its path (of tools/libxl/x.c the second one, since every
project has tools), or lacks the file itself, where that is at the top. New files and documentation do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from kcfg.base.errors import CannotEvaluate, UserError
from kcfg.base.text import plural, visible
from kcfg.sources.source import Source
from patches.relevance.names import TOOL_FOLDERS, is_document
from patches.thresholds import GROUND

if TYPE_CHECKING:
    from patches.queues.queue import QueueEntry

SHOWN = 3


class Foreign(msgspec.Struct, frozen=True):
    """How many of a queue's files the tree should have, and of those in folders that it lacks: folder -> files."""

    counted: int
    folders: Mapping[str, int]

    @property
    def most(self) -> bool:
        """Whether the queue is of another project."""
        return sum(self.folders.values()) > GROUND.foreign * self.counted


def foreign(source: Source, entries: Iterable[QueueEntry], created: Mapping[str, str]) -> Foreign:
    """Counts the files that patches change and none of them creates."""
    paths = {one.old for entry in entries for one in entry.patch.files if one.old and one.old not in created}
    known = top_folders(source)
    counted = 0
    found: dict[str, int] = {}
    for path in sorted(paths):
        top, slash, rest = path.partition("/")
        if is_document(path) or (top in TOOL_FOLDERS and top not in known):
            continue
        counted += 1
        below = rest.partition("/")[0] if top in TOOL_FOLDERS and "/" in rest else ""
        folder = f"{top}/{below}" if below else top
        if folder not in known if slash else not is_there(source, path):
            name = f"{folder}/" if slash else path
            found[name] = found.get(name, 0) + 1
    return Foreign(counted, found)


def top_folders(source: Source) -> frozenset[str]:
    """The folders at the top of a source, and those in them."""
    met: set[str] = set()

    def skip(folder: str) -> bool:
        met.add(folder)
        return "/" in folder

    source.all_files(skip)
    return frozenset(met)


def is_there(source: Source, path: str) -> bool:
    """Whether a source has a file; one outside is not there."""
    try:
        return source.exists(path)
    except UserError:
        return False


def refuse(found: Foreign, queue: str) -> None:
    """CannotEvaluate when the queue is of another project: names that are alike would say nothing."""
    if not found.most:
        return
    lacking = sorted(found.folders, key=lambda name: (-found.folders[name], name))[:SHOWN]
    more = ", ..." if len(found.folders) > SHOWN else ""
    count = sum(found.folders.values())
    raise CannotEvaluate(
        f"this queue is for another source: {count} of {plural(found.counted, 'file')} are in what the tree does not "
        f"have ({', '.join(map(visible, lacking))}{more})",
        where=queue,
        hint="--tree takes the source that the patches are applied to",
    )
