"""A folder with a queue in it, as a format's reader sees it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from patches.queues.files import DiskFiles
from patches.queues.formats import Format, QueueListing


def files_of(root: Path, files: Mapping[str, str | bytes]) -> DiskFiles:
    """The files, written."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return DiskFiles(str(root))


def listed(form: Format, root: Path, files: Mapping[str, str | bytes], path: str) -> QueueListing:
    """What a reader lists; the format recognises it."""
    found = files_of(root, files)
    assert form.recognises(found, path)
    return form.read(found, path)


def names(listing: QueueListing) -> list[str]:
    return [item.name for item in listing.items]
