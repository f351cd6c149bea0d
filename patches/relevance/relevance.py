"""Where the halves meet: which patches of a queue a kernel's configuration, or a Xen mode, has anything to do with.

A patch touches files, files belong to objects (`kcfg.owners`), objects are built by options, options are had by modes
(`kcfg.mode_sets`). docs/relevance.md defines the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from kcfg.base.errors import UserError
from kcfg.kbuild.cache import cached_includes, cached_kbuild
from kcfg.kbuild.condition import Condition
from kcfg.kconfig.kernels import Kernel
from patches.relevance.data import FileResult, Kind, ModeUsed, PatchResult, Reach, RelevanceReport, Verdict
from patches.relevance.deciding import Deciding
from patches.relevance.owner import Owner, Way
from patches.relevance.owners import Owners
from patches.relevance.queue_tree import QueueTree, TreeWith
from patches.relevance.worlds import KernelWorld, ModeWorld, World, without
from profiles.check.check import RuleJudge
from profiles.fulfil.modes import must, open_mode, profiles_of
from profiles.fulfil.reach import Reach as Reachable
from profiles.fulfil.reach import key_of

if TYPE_CHECKING:
    from kcfg.answers.judge import Judge
    from patches.queues.queue import Entry, Queue
    from patches.text.patch import FileDiff

SETTLED_AT_ONCE = 40
"""Ways of a header whose conditions are asked together; the others one by one, until one can be."""

Tell = Callable[[str], None]


class Question(NamedTuple):
    """What is asked: a queue, the kernel with its source, a configuration's judge, modes by name."""

    queue: Queue
    kernel: Kernel
    judge: Judge | None
    modes: tuple[str, ...]
    cache: bool = True


class Joined:
    """One question, answered file by file."""

    def __init__(self, asked: Question, tell: Tell) -> None:
        self.asked = asked
        kernel, cache = asked.kernel, asked.cache
        source, model = kernel.source, kernel.model
        if source is None:
            raise UserError("this needs --tree", hint="which options build a file stands in the tree's Makefiles")
        self.model = model
        tell("reading the queue's Makefiles")
        self.queue = QueueTree(source, asked.queue.entries)
        tell("reading the kernel's Makefiles")
        self.kbuild = cached_kbuild(source, model.arch, cache=cache)
        changed, added_lines = self.queue.makefiles()
        self.added = self.kbuild
        if changed:
            told = self.queue.digest(changed)
            known = self.kbuild.objects.keys()
            self.added = cached_kbuild(TreeWith(source, changed), model.arch, cache=cache, extra=told, without=known)
        tell("reading the kernel's #include lines")
        includes = cached_includes(source, model.arch, cache=cache)
        self.owners = Owners(source, model, self.kbuild, includes, self.queue, self.added)
        own = {name: where for name, (_, where) in self.queue.options.items() if model.defined(name) is None}
        self.own_options = own
        self.lines = Deciding(model, self.kbuild, self.added, changed, added_lines, own, self.can)
        self.kernel_world = KernelWorld(asked.judge, self.queue.options) if asked.judge else None
        key = key_of(kernel, cache)
        self.modes = []
        for name in asked.modes:
            tell(f"the smallest configuration for {name}")
            used = open_mode(kernel, name, key)
            demands = [demand for one in profiles_of(name) for demand in must(one, model)]
            self.modes.append(ModeWorld(used, World(used.values, own), Reachable(kernel, key, demands)))
        self.every = Reachable(kernel, key, ())

    def run(self, tell: Tell) -> list[PatchResult]:
        """Every patch."""
        entries = self.asked.queue.entries
        found = [[(one, self.owners.of(one)) for one in entry.patch.files] for entry in entries]
        tell("asking the solver what can be built")
        self.settle(owner for row in found for _, owner in row)
        out = [self.patch(entry, row) for entry, row in zip(entries, found, strict=True)]
        for reach in self.reaches:
            reach.save()
        return out

    @property
    def reaches(self) -> Iterator[Reachable]:
        """All that the solver is asked about."""
        yield self.every
        yield from (mode.reach for mode in self.modes)

    def settle(self, owners: Iterable[Owner]) -> None:
        """Ask what will be asked, all at once."""
        asked: dict[Reachable, dict[Condition, None]] = {reach: {} for reach in self.reaches}
        for owner in owners:
            conditions: dict[Condition, None] = {}
            for count, way in enumerate(owner.ways()):
                if count >= SETTLED_AT_ONCE or self.answers(way.condition):
                    break
                conditions[without(way.condition, self.own_options)] = None
            for mode in self.modes:
                if not any(mode.world.holds(condition) for condition in conditions):
                    asked[mode.reach].update(conditions)
            asked[self.every].update(conditions)
        for reach, wanted in asked.items():
            reach.settle(wanted)

    def can(self, condition: Condition) -> bool | None:
        """Whether any configuration of this architecture has it; None where an option is the queue's own."""
        return self.every.can(without(condition, self.own_options))

    def answers(self, condition: Condition) -> bool:
        """Whether it holds wherever it is asked for."""
        worlds = [mode.world for mode in self.modes] + ([self.kernel_world] if self.kernel_world else [])
        return all(world.holds(condition) for world in worlds)

    # Patches and files

    def patch(self, entry: Entry, found: Sequence[tuple[FileDiff, Owner]]) -> PatchResult:
        """The strongest of its files."""
        files = tuple(self.file(one, owner) for one, owner in found)
        order, reaches = list(Verdict), list(Reach)
        notes = tuple(problem.text for problem in entry.patch.problems)
        if files:
            best = min(files, key=lambda one: (order.index(one.verdict), *map(reaches.index, one.modes)))
            verdict, decided = best.verdict, best.path
        else:
            verdict, decided = Verdict.UNDECIDABLE, ""
            notes = notes or ("the patch holds no diff",)
        count = len(self.modes)
        modes = tuple(
            min((one.modes[i] for one in files), key=reaches.index, default=Reach.UNDECIDABLE) for i in range(count)
        )
        matters = tuple(any(self.matters(one, i) for one in files) for i in range(count))
        if entry.condition:
            notes = (*notes, f"applied only under {entry.condition}")
        return PatchResult(
            name=entry.name, position=entry.position, subject=entry.header.subject, where=entry.where,
            verdict=verdict, decided_by=decided, modes=modes, matters=matters, files=files, notes=notes,
        )  # fmt: skip

    def matters(self, one: FileResult, mode: int) -> bool:
        """Whether a file counts for a mode."""
        if self.kernel_world is None:
            return one.modes[mode] is Reach.NEEDED
        return one.verdict is Verdict.BUILT and one.modes[mode] in (Reach.NEEDED, Reach.POSSIBLE)

    def file(self, one: FileDiff, owner: Owner) -> FileResult:
        """One file: what this kernel and each mode have to do with it, and the line that decides."""
        kind, reason = owner.kind, owner.reason
        base = FileResult(path=one.path, kind=kind, verdict=Verdict.NEVER, new=owner.new, reason=reason)
        if next(owner.ways(), None) is None:
            unknown = kind in (Kind.UNKNOWN, Kind.GONE)
            reach = Reach.UNDECIDABLE if unknown else Reach.NEVER
            verdict = Verdict.UNDECIDABLE if unknown else Verdict.NEVER
            return msgspec.structs.replace(base, verdict=verdict, modes=(reach,) * len(self.modes))
        possible = self.first(owner, self.can)
        modes = tuple(self.reach(owner, mode, possible[0]) for mode in self.modes)
        state, way, world = self.here(owner)
        if state:
            verdict = Verdict.BUILT
        elif state is None:
            verdict = Verdict.UNDECIDABLE
        else:
            verdict = Verdict.NEVER if possible[0] is False else Verdict.OTHER
            way = possible[1] or way
        result = msgspec.structs.replace(base, verdict=verdict, modes=modes)
        return self.lines.told(result, way, world, state)

    def here(self, owner: Owner) -> tuple[bool | None, Way, World]:
        """(whether this kernel has it, by which way, and in which configuration)."""
        worlds = [self.kernel_world] if self.kernel_world else [mode.world for mode in self.modes]
        state: bool | None = False
        way = next(owner.ways())
        for world in worlds:
            found, by = self.first(owner, world.holds)
            if found:
                return True, by or way, world
            if found is None:
                state, way = None, by or way
        return state, way, worlds[0]

    def first(self, owner: Owner, test: Callable[[Condition], bool | None]) -> tuple[bool | None, Way | None]:
        """(True and the first way that passes; None and the first that may pass; False)."""
        perhaps: Way | None = None
        for way in owner.ways():
            found = test(way.condition)
            if found:
                return True, way
            if found is None:
                perhaps = perhaps or way
        return (None, perhaps) if perhaps else (False, None)

    def reach(self, owner: Owner, mode: ModeWorld, possible: bool | None) -> Reach:
        """What a mode has to do with a file; `possible`: whether any configuration builds it."""
        needed, _ = self.first(owner, mode.world.holds)
        if needed:
            return Reach.NEEDED
        if possible is False:
            return Reach.NEVER if needed is False else Reach.UNDECIDABLE
        can, _ = self.first(owner, lambda condition: mode.reach.can(without(condition, self.own_options)))
        if can is None or (needed is None and not can):
            return Reach.UNDECIDABLE
        if needed is None:
            return Reach.UNDECIDABLE
        return Reach.POSSIBLE if can else Reach.IMPOSSIBLE


def relevance(asked: Question, version: str, tell: Tell = lambda text: None) -> RelevanceReport:
    """The report on a queue. UserError for modes or a source that will not do, CannotEvaluate for impossible modes."""
    if asked.judge is None and not asked.modes:
        raise UserError("nothing says which kernel", hint="--config with a configuration, --mode with a mode, or both")
    joined = Joined(asked, tell)
    patches = joined.run(tell)
    counts = {verdict.value: sum(one.verdict is verdict for one in patches) for verdict in Verdict}
    never: dict[str, int] = {}
    for one in patches:
        if one.verdict is Verdict.NEVER and one.files:
            kinds = dict.fromkeys(file.kind for file in one.files)
            kind = next(iter(kinds)) if len(kinds) == 1 else main_kind(kinds)
            never[kind.value] = never.get(kind.value, 0) + 1
    used = tuple(
        ModeUsed(
            name=mode.used.name,
            title=mode.used.title,
            enabled=mode.used.enabled,
            proven=mode.used.proven,
            left_out=mode.used.left_out,
            counts={reach.value: sum(one.modes[i] is reach for one in patches) for reach in Reach},
            matters=sum(one.matters[i] for one in patches),
        )
        for i, mode in enumerate(joined.modes)
    )
    return RelevanceReport(
        version=version,
        queue=asked.queue.root,
        format=asked.queue.format,
        kernel=asked.kernel.used,
        config=asked.judge.config.name if asked.judge else "",
        modes=used,
        counts=counts,
        never=dict(sorted(never.items(), key=lambda pair: -pair[1])),
        patches=tuple(patches),
        notes=notes_of(asked, joined),
    )


def main_kind(kinds: Iterable[Kind]) -> Kind:
    """Of the kinds of files that are never built, what says most about a patch."""
    order = (
        Kind.SOURCE, Kind.ARCHITECTURE, Kind.HEADER, Kind.KCONFIG, Kind.MAKEFILE, Kind.HELPER, Kind.UNNAMED,
        Kind.TOOLS, Kind.DOCUMENTATION, Kind.GONE, Kind.UNKNOWN,
    )  # fmt: skip
    return min(kinds, key=order.index)


def notes_of(asked: Question, joined: Joined) -> tuple[str, ...]:
    """What to know about the whole."""
    from kcfg.answers.facts import Status

    out = [f"{one.kind}: {one.name} {one.text}".replace("  ", " ") for one in asked.queue.findings]
    if joined.owners.partial:
        out.append("the source has no C files: headers cannot be judged, and no file is said to be gone")
    if asked.judge is not None:
        for mode in joined.modes:
            rows = [RuleJudge(asked.judge).mode_row(one) for one in profiles_of(mode.used.name)]
            failing = [row for row in rows if row.verdict is not Status.PASS]
            if failing:
                out.append(f"the configuration does not fulfil {mode.used.name}: {failing[0].note}")
    for mode in joined.modes:
        if not mode.used.proven:
            out.append(f"the time did not suffice to prove that {mode.used.name}'s configuration is the smallest")
        if mode.used.left_out:
            lacking = ", ".join(mode.used.left_out)
            out.append(f"{mode.used.name} recommends what this kernel cannot have besides: {lacking}")
    return tuple(out)
