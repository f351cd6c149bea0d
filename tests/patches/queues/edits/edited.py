"""A queue in a folder, and what an edit makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from patches.queues.edit import Drop, QueueEdit, edit_queue
from patches.queues.entries import Queue
from patches.queues.queue import open_queue

BODY = "--- a/{0}\n+++ b/{0}\n@@ -1 +1 @@\n-old\n+new\n"


def put(root: Path, files: Mapping[str, str | bytes], patches: Sequence[str] = ()) -> Path:
    """The files, and patches with a diff of their own, in a folder."""
    every = {**{name: BODY.format(name.rsplit("/", 1)[-1]) for name in patches}, **files}
    for name, text in every.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def drops_of(queue: Queue, names: Sequence[str]) -> list[Drop]:
    """The patches with these names."""
    found = [Drop(one.position, one.name, one.where) for one in queue.entries if one.name in names]
    assert len(found) == len(names)
    return found


def edited(where: Path, *names: str) -> QueueEdit:
    """The queue without these patches."""
    return edit_queue(str(where), drops_of(open_queue(str(where)), names))


def texts(edit: QueueEdit) -> dict[str, str | None]:
    """Path -> new text of each changed file, None for one that goes."""
    return {
        one.path: None if one.after is None else one.after.decode("utf-8", "surrogateescape") for one in edit.changes
    }


def left(edit: QueueEdit) -> list[tuple[str, str, str, str]]:
    """(patch, kind, place, what it is about) of all that is left alone."""
    return [(one.patch, one.kind.value, one.where, one.other) for one in edit.left]
