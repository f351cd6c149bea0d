"""Everyday needs, by name: what `kcfg generate --with ext4,virtio` adds."""

from __future__ import annotations

import os
from functools import cache

import msgspec

from kcfg.base.errors import UserError
from kcfg.base.text import nearest

_FILE = os.path.join(os.path.dirname(__file__), "data", "needs.toml")


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A need and the symbols that have to be on for it; those that a kernel does not have are left out."""

    name: str
    symbols: tuple[str, ...]
    why: str


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    need: tuple[Need, ...]


@cache
def all_needs() -> dict[str, Need]:
    """Every need by name."""
    with open(_FILE, "rb") as stream:
        table = msgspec.toml.decode(stream.read(), type=_Table)
    return {need.name: need for need in table.need}


def find_needs(text: str) -> tuple[Need, ...]:
    """The needs of a list such as "ext4,virtio". UserError with near misses for an unknown one."""
    known = all_needs()
    out = []
    for name in filter(None, (part.strip() for part in text.split(","))):
        if name not in known:
            raise UserError(f"no need '{name}'", hint=nearest(name, known))
        out.append(known[name])
    return tuple(out)
