"""Kconfig symbols that were renamed or removed, so that a line which is ignored today can be told its new name."""

from __future__ import annotations

import os
from functools import cache

import msgspec

_FILE = os.path.join(os.path.dirname(__file__), "renamed.toml")


class Rename(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"last_seen": "last-seen"}):
    """What became of one symbol; names are without CONFIG_.

    `new` is "" for a symbol that nothing replaced. `since` is the first release known to be without `old`, `last_seen`
    the last one known to have it ("" when not known); the change happened in between.
    """

    old: str
    new: str
    since: str
    why: str
    source: str
    last_seen: str = ""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    renamed: tuple[Rename, ...]


@cache
def load_renames() -> dict[str, Rename]:
    """All known renames by old name. The file is read at the first call and belongs to the program."""
    with open(_FILE, "rb") as stream:
        table = msgspec.toml.decode(stream.read(), type=_Table)
    return {one.old: one for one in table.renamed}
