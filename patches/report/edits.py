"""What `plan --edit` did, what it left alone, and what nobody can tell, in words."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from kcfg.base.text import plural, relative, visible
from patches.findings import StatusReport, Verdict
from patches.queues.edits import EditResult, LeftAlone, LeftKind
from patches.report.words import note_words

LEFT: dict[LeftKind, Callable[[str], str]] = {
    LeftKind.FORMAT: lambda form: f"a queue of the format {form} cannot be edited",
    LeftKind.REVISION: lambda _: "what is read from git cannot be edited: check it out first",
    LeftKind.CONDITION: lambda text: f"it stands under a condition: {text}",
    LeftKind.TWICE: lambda place: f"{place} lists it, too",
    LeftKind.KEPT: lambda place: f"{place or 'the queue'} applies it several times, and one of these is kept",
    LeftKind.NAMED: lambda place: f"{place} names it, too",
    LeftKind.LINK: lambda path: f"{path} is a symbolic link, or lies behind one",
    LeftKind.INCLUDED: lambda path: f"{path} only includes that file",
    LeftKind.SHARED: lambda path: f"{path} takes that file, too",
    LeftKind.MACRO: lambda _: "its name is made there, not written",
    LeftKind.SEVERAL: lambda place: f"{place or 'its line'} applies others, too",
    LeftKind.COMMAND: lambda place: f"{place or 'the line'} does more than to apply it",
    LeftKind.EMPTIED: lambda _: "without it, its function would have no command",
    LeftKind.CONTINUED: lambda place: f"{place or 'its line'} is a part of a longer line",
    LeftKind.NUMBERS: lambda _: "without it, others that are applied by number would have another number",
    LeftKind.LIST: lambda _: "the list that has it is built in several steps",
    LeftKind.CHECKSUMS: lambda place: (
        f"the checksums {f'at {place}' if place else 'there'} do not belong to the sources one to one"
    ),
    LeftKind.ADDRESS: lambda _: "it is fetched from an address",
    LeftKind.NOT_PARSED: lambda place: f"the file cannot be read from {place or 'there'} on",
    LeftKind.READ_BACK: lambda text: f"read again, the edited queue would differ in more than what was dropped: {text}",
}
"""Kind -> the words for it. A kind without words is a fault that a test finds."""


PLACES = frozenset(LeftKind) - {
    LeftKind.FORMAT, LeftKind.REVISION, LeftKind.CONDITION, LeftKind.READ_BACK,
}  # fmt: skip
"""Kinds whose `other`, if they have one, is a place in the queue."""
_LINE = re.compile(r"(.*?)((?::\d+)?)", re.DOTALL)


def left_words(one: LeftAlone, root: str | None = None) -> str:
    """Why something is left alone; its own place is not named again. `root`: see `opened`."""
    at = one.kind in PLACES
    other = "" if at and one.other == one.where else one.other
    return visible(LEFT[one.kind](opened(other, root) if at and root is not None else other))


def opened(place: str, root: str) -> str:
    """A file of the queue, maybe with its line, as one opens it from the working directory."""
    found = _LINE.fullmatch(place)
    path = os.path.join(root, found[1]) if found and found[1] else ""
    return f"{relative(os.path.normpath(path))}{found[2]}" if found and path and os.path.lexists(path) else place


def edit_notes(edit: EditResult) -> list[str]:
    """One line each for what is left alone, for files that stay, and for what was written."""
    notes = [
        f"left alone: {f'{visible(one.patch)}  ' if one.patch else ''}"
        f"{visible(opened(one.where, edit.root))}: {left_words(one, edit.root)}"
        for one in edit.left
    ]
    notes += [
        f"stays: {visible(opened(one.path, edit.root))}, which {visible(opened(one.by, edit.root))} names"
        for one in edit.kept
    ]
    if not edit.removed:
        notes.append("nothing to drop that can be taken out" if edit.left else "nothing to drop")
    elif edit.written:
        changed = ", ".join(visible(opened(one, edit.root)) for one in edit.changed)
        done = [f"edited {changed}"] if changed else []
        done += [f"removed {plural(len(edit.deleted), 'file')}"] if edit.deleted else []
        notes.append(f"dropped {plural(len(edit.removed), 'patch', 'patches')}: {', '.join(done)}")
    return notes


def untold_note(report: StatusReport) -> str:
    """The patches that cannot be told, and why, in one line; "" where there are none."""
    untold = [one for one in report.patches if one.verdict is Verdict.UNKNOWN]
    if not untold:
        return ""
    said = "; ".join(f"{one.name}: {', '.join(map(note_words, one.notes)) or one.verdict.value}" for one in untold[:3])
    stay = "stays" if len(untold) == 1 else "stay"
    more = f"; and {len(untold) - 3} more" if len(untold) > 3 else ""
    return visible(f"{plural(len(untold), 'patch', 'patches')} cannot be told, and {stay}: {said}{more}")
