"""Stage 5. In: a patch, its files' ways, and what is known of them. Out: its `PatchRelevance`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from patches.relevance.data import (
    FileKind,
    FileResult,
    PatchRelevance,
    Reach,
    Relevance,
    RelevanceNote,
    RelevanceNoteKind,
)
from patches.relevance.lines import decided, open_questions
from patches.relevance.settled import InMode, Settled
from patches.relevance.tree import Tree
from patches.relevance.ways import FileWays
from patches.relevance.worlds import Worlds

if TYPE_CHECKING:
    from patches.queues.queue import QueueEntry

VERDICTS, REACHES = list(Relevance), list(Reach)
KINDS = (
    FileKind.SOURCE, FileKind.ARCHITECTURE, FileKind.HEADER, FileKind.KCONFIG, FileKind.MAKEFILE, FileKind.HELPER,
    FileKind.UNNAMED, FileKind.TOOLS, FileKind.DOCUMENTATION, FileKind.GONE, FileKind.UNKNOWN,
)  # fmt: skip
"""The kinds of files that are never built, first what says most about a patch."""


def patch_result(
    tree: Tree, entry: QueueEntry, files: Sequence[tuple[FileWays, Settled | None]], worlds: Worlds
) -> PatchRelevance:
    """The strongest of its files."""
    results = tuple(file_result(tree, file, it, len(worlds.modes)) for file, it in files)
    notes = tuple(RelevanceNote(RelevanceNoteKind.PROBLEM, problem) for problem in entry.patch.problems)
    if results:
        best = min(results, key=lambda one: (VERDICTS.index(one.verdict), *map(REACHES.index, one.modes)))
        verdict, decided_by = best.verdict, best.path
    else:
        verdict, decided_by = Relevance.UNDECIDABLE, ""
        notes = notes or (RelevanceNote(RelevanceNoteKind.NO_DIFF),)
    if entry.condition:
        notes = (*notes, RelevanceNote(RelevanceNoteKind.CONDITION, text=entry.condition))
    each_mode = range(len(worlds.modes))
    return PatchRelevance(
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
    return one.verdict is Relevance.BUILT and one.modes[mode] in (Reach.NEEDED, Reach.POSSIBLE)


def file_result(tree: Tree, file: FileWays, it: Settled | None, modes: int) -> FileResult:
    """One file: what this kernel and each of so many modes have to do with it, and the line that decides."""
    base = FileResult(path=file.path, kind=file.kind, verdict=Relevance.NEVER, new=file.new, reason=file.reason)
    if it is None:
        unknown = file.kind in (FileKind.UNKNOWN, FileKind.GONE)
        reach = Reach.UNDECIDABLE if unknown else Reach.NEVER
        verdict = Relevance.UNDECIDABLE if unknown else Relevance.NEVER
        return msgspec.structs.replace(base, verdict=verdict, modes=(reach,) * modes)
    reason = file.reason
    if it.here is None:
        reason = (*reason, *open_questions(tree, it.way.condition, it.world))
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


def verdict_of(it: Settled) -> Relevance:
    """What this kernel has to do with a file."""
    if it.here is None:
        return Relevance.UNDECIDABLE
    if it.here:
        return Relevance.BUILT
    return Relevance.NEVER if it.possible is False else Relevance.OTHER


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


def counts_of(patches: Sequence[PatchRelevance]) -> dict[str, int]:
    """Verdict -> patches."""
    return {verdict.value: sum(one.verdict is verdict for one in patches) for verdict in Relevance}


def never_of(patches: Iterable[PatchRelevance]) -> dict[str, int]:
    """Kind -> patches that are never built, the most frequent first."""
    never: dict[str, int] = {}
    for one in patches:
        if one.verdict is Relevance.NEVER and one.files:
            kind = min((file.kind for file in one.files), key=KINDS.index)
            never[kind.value] = never.get(kind.value, 0) + 1
    return dict(sorted(never.items(), key=lambda pair: -pair[1]))
