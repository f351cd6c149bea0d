"""Stage 4. In: the files' ways, the conditions to ask, the configurations, the solvers. Out: a `Settled` for each file.

What the solver answers is a fact of the kernel, so that the order of the questions changes nothing but the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kcfg.kbuild.condition import Condition
from kcfg.kbuild.tree import Kbuild, Object
from patches.relevance.conditions import Asked
from patches.relevance.data import FileKind
from patches.relevance.tree import Tree
from patches.relevance.ways import FileWays, Way, Ways
from patches.relevance.worlds import UnknownValue, World, Worlds, without

if TYPE_CHECKING:
    from profiles.fulfil.reach import Reachable as Reachable

Test = Callable[[Condition], bool | None]


class Solvers(NamedTuple):
    """What the configurations of the architecture, and those of each mode, can have. Not a value: they learn."""

    every: Reachable
    modes: tuple[Reachable, ...]


class InMode(NamedTuple):
    """Whether a mode's own configuration has a file, and whether some configuration of the mode can (None: not asked,
    or not to be told).
    """

    needed: bool | None
    can: bool | None = None


class Settled(msgspec.Struct, frozen=True):
    """What is known of a file with ways into the kernel.

    `possible`: whether any configuration of the architecture builds it. `here`: whether this kernel has it, in the
    configuration `world`. `way` is what decides. `able`: of each place that names the way's object, whether any
    configuration can have it, where that decides what is told.
    """

    possible: bool | None
    here: bool | None
    way: Way
    world: World
    modes: tuple[InMode, ...]
    able: tuple[bool, ...] = ()


def settle(
    tree: Tree, files: Iterable[FileWays], asked: Asked, worlds: Worlds, solvers: Solvers
) -> tuple[Settled | None, ...]:
    """What is known of each file; None for one without ways."""
    for solver, conditions in zip((*solvers.modes, solvers.every), (*asked.modes, asked.every), strict=True):
        solver.settle(conditions)
    return tuple(settled(tree, file, worlds, solvers) if file.ways else None for file in files)


def settled(tree: Tree, file: FileWays, worlds: Worlds, solvers: Solvers) -> Settled:
    """What is known of one file."""
    can = asker(solvers.every, tree.own_options)
    possible, first_possible = first(file.ways, can)
    modes = tuple(
        in_mode(file.ways, possible, world, asker(solver, tree.own_options))
        for world, solver in zip(worlds.modes, solvers.modes, strict=True)
    )
    here, way, world = in_kernel(file.ways, worlds.here)
    if here is False:
        way = first_possible or way
    return Settled(possible, here, way, world, modes, able(tree, file.kind, way, world, can))


def asker(solver: Reachable, own_options: UnknownValue) -> Test:
    """Whether any configuration has a condition; None where that hangs on an option of the queue's own."""
    return lambda condition: solver.can(without(condition, own_options))


def first(ways: Ways, test: Test) -> tuple[bool | None, Way | None]:
    """(True and the first way that passes; None and the first that may pass; False)."""
    perhaps: Way | None = None
    for way in ways:
        found = test(way.condition)
        if found:
            return True, way
        if found is None:
            perhaps = perhaps or way
    return (None, perhaps) if perhaps else (False, None)


def in_kernel(ways: Ways, worlds: Sequence[World]) -> tuple[bool | None, Way, World]:
    """(whether this kernel has it, by which way, and in which configuration)."""
    state: bool | None = False
    way = next(iter(ways))
    for world in worlds:
        found, by = first(ways, world.holds)
        if found:
            return True, by or way, world
        if found is None:
            state, way = None, by or way
    return state, way, worlds[0]


def in_mode(ways: Ways, possible: bool | None, world: World, can: Test) -> InMode:
    """What a mode has to do with a file."""
    needed, _ = first(ways, world.holds)
    if needed is not False or possible is False:
        return InMode(needed)
    return InMode(needed, first(ways, can)[0])


def object_of(tree: Tree, kind: FileKind, way: Way) -> tuple[Kbuild, Object] | None:
    """The object that owns a file, and the reading of the Makefiles that names it; None for options and folders."""
    if kind is FileKind.KCONFIG:
        return None
    for kbuild in (tree.kbuild, tree.added):
        if (it := kbuild.objects.get(way.owner)) is not None:
            return kbuild, it
    return None


def value_in(world: World, it: Object) -> str:
    """y or m where a configuration builds an object, "" where it does not, or nobody can tell."""
    return "y" if world.holds(it.builtin) else "m" if world.holds(it.module) else ""


def able(tree: Tree, kind: FileKind, way: Way, world: World, can: Test) -> tuple[bool, ...]:
    """Of an object that several lines name and none of them builds here: those that any configuration can have."""
    found = object_of(tree, kind, way)
    if found is None or len(found[1].listings) < 2 or value_in(world, found[1]):
        return ()
    kbuild, it = found
    return tuple(any(can(kbuild.whole(listing, value)) for value in "ym") for listing in it.listings)
