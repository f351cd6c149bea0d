"""Stage 5. In: a patch, its files' ways, and what is known of them. Out: its `PatchResult`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from patches.relevance.data import FileResult, Kind, PatchResult, Reach, Verdict
from patches.relevance.lines import decided, open_questions
from patches.relevance.settled import InMode, Settled
from patches.relevance.tree import Tree
from patches.relevance.ways import FileWays
from patches.relevance.worlds import Worlds

if TYPE_CHECKING:
    from patches.queues.queue import QueueEntry

VERDICTS, REACHES = list(Verdict), list(Reach)
KINDS = (
    Kind.SOURCE, Kind.ARCHITECTURE, Kind.HEADER, Kind.KCONFIG, Kind.MAKEFILE, Kind.HELPER, Kind.UNNAMED,
    Kind.TOOLS, Kind.DOCUMENTATION, Kind.GONE, Kind.UNKNOWN,
)  # fmt: skip
"""The kinds of files that are never built, first what says most about a patch."""


def patch_result(
    tree: Tree, entry: QueueEntry, files: Sequence[tuple[FileWays, Settled | None]], worlds: Worlds
) -> PatchResult:
    """The strongest of its files."""
    results = tuple(file_result(tree, file, it, len(worlds.modes)) for file, it in files)
    notes = tuple(problem.text for problem in entry.patch.problems)
    if results:
        best = min(results, key=lambda one: (VERDICTS.index(one.verdict), *map(REACHES.index, one.modes)))
        verdict, decided_by = best.verdict, best.path
    else:
        verdict, decided_by = Verdict.UNDECIDABLE, ""
        notes = notes or ("the patch holds no diff",)
    if entry.condition:
        notes = (*notes, f"applied only under {entry.condition}")
    each_mode = range(len(worlds.modes))
    return PatchResult(
        name=entry.name,
        position=entry.position,
        subject=entry.header.subject,
        where=entry.where,
        verdict=verdict,
        decided_by=decided_by,
        modes=tuple(strongest(one.modes[i] for one in results) for i in each_mode),
        matters=tuple(any(matters(one, i, worlds) for one in results) for i in each_mode),
        files=results,
        notes=notes,
    )


def strongest(reaches: Iterable[Reach]) -> Reach:
    """What a mode has to do with a patch of these files."""
    return min(reaches, key=REACHES.index, default=Reach.UNDECIDABLE)


def matters(one: FileResult, mode: int, worlds: Worlds) -> bool:
    """Whether a file counts for a mode."""
    if worlds.kernel is None:
        return one.modes[mode] is Reach.NEEDED
    return one.verdict is Verdict.BUILT and one.modes[mode] in (Reach.NEEDED, Reach.POSSIBLE)


def file_result(tree: Tree, file: FileWays, it: Settled | None, modes: int) -> FileResult:
    """One file: what this kernel and each of so many modes have to do with it, and the line that decides."""
    base = FileResult(path=file.path, kind=file.kind, verdict=Verdict.NEVER, new=file.new, reason=file.reason)
    if it is None:
        unknown = file.kind in (Kind.UNKNOWN, Kind.GONE)
        reach = Reach.UNDECIDABLE if unknown else Reach.NEVER
        verdict = Verdict.UNDECIDABLE if unknown else Verdict.NEVER
        return msgspec.structs.replace(base, verdict=verdict, modes=(reach,) * modes)
    reason = file.reason
    if it.here is None:
        questions = open_questions(tree, it.way.condition, it.world)
        reason = "; ".join(part for part in (reason, questions) if part)
    told = decided(tree, file.kind, it)
    return msgspec.structs.replace(
        base,
        verdict=verdict_of(it),
        modes=tuple(reach_of(one, it.possible) for one in it.modes),
        owner=it.way.owner,
        via=it.way.via,
        value=told.value,
        where=told.where,
        symbols=told.symbols,
        condition=told.condition,
        reason=reason,
    )


def verdict_of(it: Settled) -> Verdict:
    """What this kernel has to do with a file."""
    if it.here is None:
        return Verdict.UNDECIDABLE
    if it.here:
        return Verdict.BUILT
    return Verdict.NEVER if it.possible is False else Verdict.OTHER


def reach_of(one: InMode, possible: bool | None) -> Reach:
    """What a mode has to do with a file; `possible`: whether any configuration builds it."""
    if one.needed:
        return Reach.NEEDED
    if one.needed is None:
        return Reach.UNDECIDABLE
    if possible is False:
        return Reach.NEVER
    if one.can is None:
        return Reach.UNDECIDABLE
    return Reach.POSSIBLE if one.can else Reach.IMPOSSIBLE


def counts_of(patches: Sequence[PatchResult]) -> dict[str, int]:
    """Verdict -> patches."""
    return {verdict.value: sum(one.verdict is verdict for one in patches) for verdict in Verdict}


def never_of(patches: Iterable[PatchResult]) -> dict[str, int]:
    """Kind -> patches that are never built, the most frequent first."""
    never: dict[str, int] = {}
    for one in patches:
        if one.verdict is Verdict.NEVER and one.files:
            kind = min((file.kind for file in one.files), key=KINDS.index)
            never[kind.value] = never.get(kind.value, 0) + 1
    return dict(sorted(never.items(), key=lambda pair: -pair[1]))
