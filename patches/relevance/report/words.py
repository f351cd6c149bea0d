"""The words for a verdict of relevance, and for what decides it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kcfg.answers.report.json import Words
from kcfg.base.text import plural, visible
from patches.relevance.data import (
    FileReason,
    FileReasonKind,
    FileResult,
    PatchRelevance,
    Relevance,
    RelevanceNote,
    RelevanceNoteKind,
)
from patches.report.problems import problem_words
from patches.report.queues import stale_words

SHOWN_LOST = 3  # files that cannot be read, by name
SHOWN_OBJECTS = 2  # objects that a Makefile of a patch names

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
    said = reasons_said(file.reason)
    return ", ".join(parts) + (f" ({said})" if parts and said else said)


def at(one: FileReason) -> str:
    """The line of a reason, 0 for a file as a whole."""
    return f"{one.where.path}:{one.where.line}" if one.where else ""


def gone(one: FileReason) -> str:
    """A file that the tree does not have, and those of its name."""
    near = f"; of the same name, with other lines: {', '.join(one.names)}" if one.names else ""
    return f"not in this tree: removed or renamed{near}"


REASONS: dict[FileReasonKind, Callable[[FileReason], str]] = {
    FileReasonKind.UNREADABLE: lambda one: f"the tree cannot be read: {one.text}",
    FileReasonKind.ARCHITECTURE: lambda one: f"of another architecture: {one.text}",
    FileReasonKind.DOCUMENTATION: lambda _: "documentation",
    FileReasonKind.BESIDE: lambda one: f"{one.text} beside the kernel: no part of its image or modules",
    FileReasonKind.EVERY_OBJECT: lambda _: "part of every object",
    FileReasonKind.DEVICE_TREE: lambda _: "device trees are not followed",
    FileReasonKind.TARBALL: lambda _: "what includes it is not known: of a tarball no C file is kept: unpack it",
    FileReasonKind.NO_C_FILES: lambda _: "what includes it is not known: the source has no C files",
    FileReasonKind.PROGRAM: lambda _: "a program that the build of its folder runs",
    FileReasonKind.LINKER_SCRIPT: lambda _: "a linker script of its folder",
    FileReasonKind.NAMED: lambda _: "the Makefile of its folder names it",
    FileReasonKind.NOT_INCLUDED: lambda one: f"nothing that is of {one.text} includes it",
    FileReasonKind.MAY_NAME: lambda one: f"{at(one)} may name it: {one.text}",
    FileReasonKind.NO_MAKEFILE: lambda one: f"no Makefile names it for {one.text}",
    FileReasonKind.NEW_KCONFIG: lambda _: "a Kconfig file that the tree does not have",
    FileReasonKind.NOT_SOURCED: lambda one: f"no Kconfig file of {one.text} sources it",
    FileReasonKind.NO_OPTION: lambda _: "it defines no option",
    FileReasonKind.NEW_MAKEFILE: lambda _: "a Makefile that the tree does not have, and no folder's",
    FileReasonKind.UNKNOWN_OBJECTS: lambda one: (
        f"it names {', '.join(one.names[:SHOWN_OBJECTS])}, which this tree's Makefiles do not know there"
    ),
    FileReasonKind.WHOLE_KERNEL: lambda _: "it builds the whole kernel",
    FileReasonKind.LISTED: lambda _: "what it lists",
    FileReasonKind.NOT_VISITED: lambda one: f"make does not come into this folder for {one.text}",
    FileReasonKind.GONE: gone,
    FileReasonKind.NOT_IN_SOURCE: lambda _: "not in this source, which has no C files",
    FileReasonKind.NO_FILE: lambda _: "no file",
    FileReasonKind.MOVED: lambda one: f"not in this tree; judged as {one.text}, which has its lines",
    FileReasonKind.NEW_SOURCE: lambda _: "a new file, and no Makefile of the tree or the queue names its object",
    FileReasonKind.NEW_HEADER: lambda _: "a new file, and no object is known that includes it",
    FileReasonKind.NEW_OTHER: lambda _: "a new file of which nobody can tell what uses it",
    FileReasonKind.OWN_OPTION: lambda one: (
        f"the queue adds the option {one.text}, which the tree's Kconfig files do not have"
    ),
    FileReasonKind.COMPILER: lambda one: f"{one.text} depends on what a compiler answers",
    FileReasonKind.ASKS: lambda one: f"{at(one)} asks the outside: {one.text}",
}
"""Kind -> the words for it. A kind without words is a fault that a test finds."""


def reasons_said(reasons: Iterable[FileReason]) -> str:
    """What else there is to know of a file."""
    return "; ".join(REASONS[one.kind](one) for one in reasons)


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
        f"{note.mode} wants besides what its rules or this kernel do not admit: {', '.join(note.names)}"
    ),
}
"""Kind -> the words for it. A kind without words is a fault that a test finds."""


def note_words(note: RelevanceNote) -> str:
    """One note."""
    return NOTES[note.kind](note)


TEXTS: Words = {RelevanceNote: note_words}
"""What is a text in JSON."""
