"""A folder of patches, applied in the order of their names, as git format-patch numbers them."""

from __future__ import annotations

from patches.queues.files import Files
from patches.queues.formats import Format, ListedPatch, QueueListing, is_patch_name


def recognises(files: Files, path: str) -> bool:
    """A folder with patches in it, or below it."""
    return any(is_patch_name(one) for one in files.walk(path))


def read(files: Files, path: str) -> QueueListing:
    """All patches, by name; those of sub-folders stand where the folder's name does."""
    prefix = f"{path}/" if path else ""
    found = sorted(one for one in files.walk(path) if is_patch_name(one))
    items = tuple(
        ListedPatch(one.removeprefix(prefix), one, section=section(one.removeprefix(prefix))) for one in found
    )
    return QueueListing("", items)


def section(name: str) -> str:
    """The sub-folder."""
    return name.rpartition("/")[0]


FORMAT = Format("folder", "a folder of patches without a series: in the order of their names", recognises, read)
