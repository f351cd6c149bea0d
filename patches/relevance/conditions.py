"""Stage 3. In: the files' ways into the kernel, and the configurations. Out: the conditions to put to the solver.

They are asked together, since each configuration that the solver finds answers for all that it has.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kcfg.kbuild.condition import Condition
from patches.relevance.ways import FileWays
from patches.relevance.worlds import UnknownValue, Worlds, without

ASKED_AT_ONCE = 40
"""Ways of a header whose conditions are asked together; the others one by one, until one can be."""


class Asked(msgspec.Struct, frozen=True):
    """What to ask of all configurations of the architecture, and of those of each mode."""

    every: tuple[Condition, ...]
    modes: tuple[tuple[Condition, ...], ...]


def conditions_of(files: Iterable[FileWays], worlds: Worlds, own_options: UnknownValue) -> Asked:
    """The conditions of all ways up to the first that holds in all configurations. `own_options` are only the queue's:
    tests of them are undecidable for the solver.
    """
    every: dict[Condition, None] = {}
    modes: list[dict[Condition, None]] = [{} for _ in worlds.modes]
    for file in files:
        conditions: dict[Condition, None] = {}
        for count, way in enumerate(file.ways):
            if count >= ASKED_AT_ONCE or all(world.holds(way.condition) for world in worlds.every):
                break
            conditions[without(way.condition, own_options)] = None
        every.update(conditions)
        for world, asked in zip(worlds.modes, modes, strict=True):
            if not any(world.holds(condition) for condition in conditions):
                asked.update(conditions)
    return Asked(tuple(every), tuple(map(tuple, modes)))
