"""Where the halves meet: which patches of a queue a kernel's configuration, or a Xen mode, has anything to do with.

A patch touches files, files belong to objects, objects are built by options, options are had by modes. The way of a
patch, a module a stage, each handing on frozen values:

    queue_tree  the queue's patches       -> what they add to the tree
    owners      the files of a patch      -> their ways into the kernel
    conditions  ways                      -> what to ask the solver
    settled     ways and conditions       -> what this kernel, any kernel and each mode can have
    verdicts    what is known of a file   -> the results

docs/relevance.md defines the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from kcfg.base.errors import UserError
from kcfg.kconfig.kernels import Kernel
from patches.relevance.conditions import conditions_of
from patches.relevance.data import (
    ModeUsed,
    PatchRelevance,
    Reach,
    RelevanceNote,
    RelevanceNoteKind,
    RelevanceReport,
)
from patches.relevance.foreign import foreign, refuse
from patches.relevance.owners import owners_of
from patches.relevance.queue_tree import queue_tree
from patches.relevance.settled import Solvers, settle
from patches.relevance.tree import Tree, tree_with
from patches.relevance.verdicts import counts_of, never_of, patch_result
from patches.relevance.worlds import World, Worlds, kernel_world
from profiles.check.check import RuleJudge
from profiles.fulfil.modes import ModeSet, open_mode, profiles_of
from profiles.fulfil.reach import Reachable as Reachable
from profiles.fulfil.reach import key_of

if TYPE_CHECKING:
    from kcfg.answers.judge import Judge
    from patches.queues.queue import Queue

Tell = Callable[[str], None]


class RelevanceQuestion(NamedTuple):
    """What is asked: a queue, the kernel with its source, a configuration's judge, modes by name.

    `name` is what the user called the queue.
    """

    queue: Queue
    kernel: Kernel
    judge: Judge | None
    modes: tuple[str, ...]
    cache: bool = True
    name: str = ""


def relevance(asked: RelevanceQuestion, version: str, tell: Tell = lambda text: None) -> RelevanceReport:
    """The report on a queue. UserError for modes or a source that will not do, Impossible for modes that this kernel
    cannot have, CannotEvaluate for a queue that is of another project.
    """
    if asked.judge is None and not asked.modes:
        raise UserError("nothing says which kernel", hint="--config with a configuration, --mode with a mode, or both")
    tree = open_tree(asked, tell)
    kernel = kernel_world(asked.judge, tree.queue.options) if asked.judge else None
    sets, solvers = open_modes(asked, tell)
    worlds = Worlds(kernel, tuple(World(one.values, tree.own_options) for one in sets))
    patches = tuple(judged(asked, tree, worlds, solvers, tell))
    return RelevanceReport(
        version=version,
        queue=asked.name or asked.queue.root,
        format=asked.queue.format,
        kernel=asked.kernel.used,
        config=asked.judge.config.name if asked.judge else "",
        modes=tuple(mode_used(one, i, patches) for i, one in enumerate(sets)),
        counts=counts_of(patches),
        never=never_of(patches),
        patches=patches,
        notes=tuple(notes_of(asked, tree, sets)),
    )


def open_tree(asked: RelevanceQuestion, tell: Tell) -> Tree:
    """The kernel's tree with what the queue adds. CannotEvaluate for a queue of another project."""
    kernel = asked.kernel
    if kernel.source is None:
        raise UserError("this needs --tree", hint="which options build a file stands in the tree's Makefiles")
    tell("reading the queue's Makefiles")
    adds = queue_tree(kernel.source, asked.queue.entries)
    refuse(foreign(kernel.source, asked.queue.entries, adds.created), asked.queue.root)
    return tree_with(kernel.source, kernel.model, adds, cache=asked.cache, tell=tell)


def open_modes(asked: RelevanceQuestion, tell: Tell) -> tuple[list[ModeSet], Solvers]:
    """The modes' own configurations, and what their others, and all of the architecture, can have."""
    from profiles.fulfil.demands import rule_demands

    key = key_of(asked.kernel, asked.cache)
    sets, reaches = [], []
    for name in asked.modes:
        tell(f"the smallest configuration for {name}")
        sets.append(open_mode(asked.kernel, name, key))
        demands = [demand for one in profiles_of(name) for demand in rule_demands(one, asked.kernel.model)]
        reaches.append(Reachable(asked.kernel, key, demands))
    return sets, Solvers(Reachable(asked.kernel, key, ()), tuple(reaches))


def judged(
    asked: RelevanceQuestion, tree: Tree, worlds: Worlds, solvers: Solvers, tell: Tell
) -> Iterator[PatchRelevance]:
    """Every patch, through all stages."""
    entries = asked.queue.entries
    rows = [owners_of(tree, entry.patch.files) for entry in entries]
    tell("asking the solver what can be built")
    files = tuple(chain.from_iterable(rows))
    known = iter(settle(tree, files, conditions_of(files, worlds, tree.own_options), worlds, solvers))
    for solver in (solvers.every, *solvers.modes):
        solver.save()
    for entry, row in zip(entries, rows, strict=True):
        yield patch_result(tree, entry, [(file, next(known)) for file in row], worlds)


def mode_used(one: ModeSet, number: int, patches: Sequence[PatchRelevance]) -> ModeUsed:
    """A mode as it was judged."""
    return ModeUsed(
        name=one.name,
        title=one.title,
        enabled=one.enabled,
        proven=one.proven,
        left_out=one.left_out,
        counts={reach.value: sum(it.modes[number] is reach for it in patches) for reach in Reach},
        matters=sum(it.matters[number] for it in patches),
    )


def notes_of(asked: RelevanceQuestion, tree: Tree, sets: Sequence[ModeSet]) -> Iterator[RelevanceNote]:
    """What to know about the whole."""
    from kcfg.answers.facts import Status

    for one in asked.queue.findings:
        yield RelevanceNote(RelevanceNoteKind.STALE, stale=one)
    if tree.partial:
        yield RelevanceNote(RelevanceNoteKind.NO_C_FILES)
    if lost := tree.includes.lost:
        yield RelevanceNote(RelevanceNoteKind.UNREAD, names=tuple(lost))
    if asked.judge is not None:
        for mode in sets:
            rows = [RuleJudge(asked.judge).mode_row(one) for one in profiles_of(mode.name)]
            failing = [row for row in rows if row.verdict is not Status.PASS]
            if failing:
                yield RelevanceNote(RelevanceNoteKind.NOT_FULFILLED, mode=mode.name, text=failing[0].note)
    for mode in sets:
        if not mode.proven:
            yield RelevanceNote(RelevanceNoteKind.NOT_PROVEN, mode=mode.name)
        if mode.left_out:
            yield RelevanceNote(RelevanceNoteKind.LEFT_OUT, mode=mode.name, names=mode.left_out)
