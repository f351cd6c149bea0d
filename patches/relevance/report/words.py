"""The words for a verdict of relevance, and for what decides it."""

from __future__ import annotations

from collections.abc import Callable

from kcfg.answers.report.json import Words
from kcfg.base.text import plural, visible
from patches.relevance.data import FileResult, PatchRelevance, Relevance, RelevanceNote, RelevanceNoteKind
from patches.report.problems import problem_words
from patches.report.queues import stale_words

SHOWN_LOST = 3  # files that cannot be read, by name

WORDS = {
    Relevance.BUILT: "built into this kernel",
    Relevance.UNDECIDABLE: "not decidable",
    Relevance.OTHER: "only in other modes or configurations",
    Relevance.NEVER: "never built here",
}


SIGNS = {
    Relevance.BUILT: ("✓", "+"),
    Relevance.UNDECIDABLE: ("?", "?"),
    Relevance.OTHER: ("○", "o"),
    Relevance.NEVER: ("✗", "x"),
}


def deciding(one: PatchRelevance) -> FileResult | None:
    """The file whose verdict is the patch's."""
    return next((file for file in one.files if file.path == one.decided_by), None)


def why(file: FileResult | None) -> str:
    """ "XEN_BALLOON, drivers/xen/Makefile:5", or why there is no such line."""
    if file is None:
        return ""
    parts = []
    if file.owner and file.owner.rpartition(".")[0] != file.path.rpartition(".")[0]:
        parts.append(f"{'by' if file.via else 'as'} {file.owner}")
    shown = file.condition if len(file.condition) <= 60 else " ".join(file.symbols)
    if file.where and shown:
        parts.append(shown)
    if file.where:
        parts.append(str(file.where))
    return ", ".join(parts) + (f" ({file.reason})" if parts and file.reason else file.reason)


def series_words(note: RelevanceNote) -> str:
    """What does not fit between the series and its files."""
    one = note.stale
    return f"{one.kind}: {one.name} {stale_words(one)}".replace("  ", " ") if one else ""


def lost_words(note: RelevanceNote) -> str:
    """Files that cannot be read."""
    lost = note.names
    names = ", ".join(map(visible, lost[:SHOWN_LOST])) + (", ..." if len(lost) > SHOWN_LOST else "")
    return f"what {plural(len(lost), 'file')} of the tree may include is not known, for they cannot be read: {names}"


NOTES: dict[RelevanceNoteKind, Callable[[RelevanceNote], str]] = {
    RelevanceNoteKind.PROBLEM: lambda note: problem_words(note.problem) if note.problem else "",
    RelevanceNoteKind.NO_DIFF: lambda _: "the patch holds no diff",
    RelevanceNoteKind.CONDITION: lambda note: f"applied only under {note.text}",
    RelevanceNoteKind.STALE: series_words,
    RelevanceNoteKind.NO_C_FILES: lambda _: (
        "the source has no C files: headers cannot be judged, and no file is said to be gone"
    ),
    RelevanceNoteKind.UNREAD: lost_words,
    RelevanceNoteKind.NOT_FULFILLED: lambda note: f"the configuration does not fulfil {note.mode}: {note.text}",
    RelevanceNoteKind.NOT_PROVEN: lambda note: (
        f"the time did not suffice to prove that {note.mode}'s configuration is the smallest"
    ),
    RelevanceNoteKind.LEFT_OUT: lambda note: (
        f"{note.mode} recommends what this kernel cannot have besides: {', '.join(note.names)}"
    ),
}
"""Kind -> the words for it. A kind without words is a fault that a test finds."""


def note_words(note: RelevanceNote) -> str:
    """One note."""
    return NOTES[note.kind](note)


TEXTS: Words = {RelevanceNote: note_words}
"""What is a text in JSON."""
