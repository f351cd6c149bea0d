"""What does not fit between a series and its files, and why a patch is not read, in words: all formats share them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from patches.queues.reasons import (
    Never,
    NeverKind,
    OtherSeries,
    ShellFault,
    ShellFaultKind,
    Stale,
    StaleKind,
    Unclear,
    UnclearKind,
)

CONDITION_SHOWN = 300  # characters of a sentence about a condition

NEVERS: dict[NeverKind, str] = {
    NeverKind.CONDITION: "it stands under a condition that never holds: {}",
    NeverKind.NOT_APPLIED: "{} does not apply it",
    NeverKind.LIST_NOT_APPLIED: "{} does not apply {}",
    NeverKind.REMOVED: "SRC_URI:remove takes it out",
    NeverKind.REPLACED: "a later SRC_URI = has another value",
    NeverKind.APPLY_NO: "apply=no",
    NeverKind.GUARD_OFF: "switched off by the guard -",
    NeverKind.GUARDS_OPPOSED: "the guards ask for {} and for its absence",
    NeverKind.NO_LIMIT_FITS: "no version fits any of its limits",
    NeverKind.LIMITS_CROSSED: "no version fits: at least {} and at most {}",
}
SHELL_FAULTS: dict[ShellFaultKind, str] = {
    ShellFaultKind.QUOTE: "no {} closes the one here",
    ShellFaultKind.BRACKET: "no {} closes the {} here",
    ShellFaultKind.NESTED: "nested too deep",
    ShellFaultKind.OPEN_BLOCK: "no {} ends what begins here",
    ShellFaultKind.LACKING: "no {} follows this {}",
    ShellFaultKind.ARITHMETIC: "no )) ends the arithmetic here",
    ShellFaultKind.PATTERN: "a pattern of this case has no )",
    ShellFaultKind.UNEXPECTED: "{!r} is not expected here",
    ShellFaultKind.NO_FILE: "no file follows {}",
    ShellFaultKind.FUNCTION: "the parentheses of a function hold something",
    ShellFaultKind.TOO_MANY: "more than {limit} commands",
}
UNCLEARS: dict[UnclearKind, str] = {
    UnclearKind.LINE: "the line cannot be read",
    UnclearKind.NO_MATCH: "no file that is here fits this pattern",
    UnclearKind.NEEDS_RUN: "what it stands for cannot be told without running the recipe",
    UnclearKind.UNPACKED: "it is in what the recipe unpacks",
    UnclearKind.HANDED: "what `{}` hands to patch is not made here",
    UnclearKind.READ: "what {} reads here cannot be told",
    UnclearKind.NO_COMMIT: "git {} of what is no commit's name",
    UnclearKind.SHELL: "{fault}",
    UnclearKind.SHELL_ENDS: "the text cannot be read from here on: {fault}",
    UnclearKind.OWN_STEP: "a step of its own applies it",
    UnclearKind.NAME_UNSET: "its name has {} that {} does not {verb}",
    UnclearKind.OPTIONS: "how it is applied cannot be told, forward or in reverse: {}",
    UnclearKind.FOLDER: "in which folder it is applied cannot be told: {}",
    UnclearKind.PART: "only a part of it is applied: {}",
    UnclearKind.CHANGED: "it is changed before it is applied: {}",
    UnclearKind.BOTH_WAYS: "it is applied in one place, and taken back in another",
    UnclearKind.BY_HAND: "a command of its own applies it or takes it back: {}",
    UnclearKind.TWO_FILES: "some builds take another file of its name: {}",
    UnclearKind.ARCHIVE: "an archive of patches that is not here",
    UnclearKind.EXPRESSION: "an expression that is not run: {}",
    UnclearKind.NO_ADDRESS: "the address from which it is fetched is not written here",
    UnclearKind.ADDRESS_PARTS: "its address has parts that are not written here",
    UnclearKind.NAME_PARTS: "its name has parts that are not written here",
    UnclearKind.NOT_EVALUATED: "what this stands for is not evaluated",
    UnclearKind.NOT_INCLUDED: "it is included, and is not there",
    UnclearKind.INCLUDED_AGAIN: "it is included over and over",
}
"""Kind -> the words for it, the kind's names put in. A kind without words is a fault that a test finds."""


def never_words(one: Never) -> str:
    """Why a patch is never applied."""
    if one.kind is NeverKind.SERIES_OUTSIDE:
        return f"no version of {', '.join(one.names)} fits its limits"
    said = NEVERS[one.kind].format(*one.names)
    return said[:CONDITION_SHOWN] if one.kind is NeverKind.CONDITION else said


def fault_words(one: ShellFault) -> str:
    """What is wrong with a shell's text."""
    return SHELL_FAULTS[one.kind].format(*one.names, limit=one.limit)


def unclear_words(one: Unclear) -> str:
    """Why the file of a patch cannot be told."""
    fault = fault_words(one.fault) if one.fault else ""
    verb = "define" if one.names[:1] == ("macros",) else "set"
    return UNCLEARS[one.kind].format(*one.names, fault=fault, verb=verb)


def missing(one: Stale) -> str:
    """A patch whose file is not there, or cannot be told."""
    return unclear_words(one.unclear) if one.unclear else "listed, and there is no such file"


def unlisted(one: Stale) -> str:
    """A patch that lies there; that a comment names it is said."""
    return "there, and only a comment names it" if one.commented else "there, and not listed"


def other(one: OtherSeries) -> str:
    """A series that was not taken."""
    text = f"another series ({one.format}) with {one.patches} patches; it was not read"
    return f"{text}: {one.missing} of them do not exist" if one.missing else text


STALES: dict[StaleKind, Callable[[Stale], str]] = {
    StaleKind.MISSING: missing,
    StaleKind.UNLISTED: unlisted,
    StaleKind.TWICE: lambda one: f"listed twice: first at {one.first}",
    StaleKind.NEVER: lambda one: never_words(one.never) if one.never else "",
    StaleKind.OUTSIDE: lambda one: one.error or "the name climbs out of its folder, and is not read",
    StaleKind.UNREADABLE: lambda one: one.error,
    StaleKind.SERIES: lambda one: other(one.series) if one.series else "",
}


def stale_words(one: Stale) -> str:
    """One thing that does not fit."""
    return STALES[one.kind](one)


ENTRIES: dict[StaleKind, tuple[str, str]] = {
    StaleKind.MISSING: ("entry is listed, and not there", "entries are listed, and not there"),
    StaleKind.UNLISTED: ("patch is there, and not listed", "patches are there, and not listed"),
    StaleKind.TWICE: ("entry is listed twice", "entries are listed twice"),
    StaleKind.NEVER: ("entry is never applied", "entries are never applied"),
    StaleKind.OUTSIDE: ("entry leads out of the queue", "entries lead out of the queue"),
    StaleKind.UNREADABLE: ("entry cannot be read", "entries cannot be read"),
    StaleKind.SERIES: ("series beside it was not read", "series beside it were not read"),
}
"""Kind -> the words for one of them, and for several."""
UNCLEAR = ("entry cannot be told", "entries cannot be told")
FAULT = ("file that is named as a series is none", "files that are named as series are none")
NAMED = 2
"""Names of entries that are said; `status` has all."""


def entries_words(found: Iterable[Stale]) -> list[str]:
    """What does not fit, by how many there are of each kind: a line for each."""
    every = list(found)
    counts = [
        (words, [one for one in every if words == kind_words(one)]) for words in (*ENTRIES.values(), UNCLEAR, FAULT)
    ]
    return [f"{len(those)} {words[len(those) > 1]}{names(those)}" for words, those in counts if those]


def names(found: Sequence[Stale]) -> str:
    """The first names, in brackets; "" where there are none."""
    told = [one.name for one in found if one.name]
    more = f", and {len(told) - NAMED} more" if len(told) > NAMED else ""
    return f" ({', '.join(told[:NAMED])}{more})" if told else ""


def kind_words(one: Stale) -> tuple[str, str]:
    """The words for one of the kind, and for several."""
    if one.unclear:
        return UNCLEAR
    return FAULT if one.kind is StaleKind.UNREADABLE and not one.name else ENTRIES[one.kind]
