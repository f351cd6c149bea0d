"""Why a patch that a queue lists is not read, as data: a kind, and the names that belong to it.

`patches/report/queues.py` has the sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NeverKind(StrEnum):
    """Why a patch is never applied."""

    CONDITION = "condition"  # names: a condition that never holds
    NOT_APPLIED = "not-applied"  # names: the step that would apply it
    LIST_NOT_APPLIED = "list-not-applied"  # names: the step, the list that has the patch
    REMOVED = "removed"  # SRC_URI:remove takes it out
    REPLACED = "replaced"  # a later SRC_URI = has another value
    APPLY_NO = "apply-no"  # its address says apply=no
    GUARD_OFF = "guard-off"  # the guard `-`
    GUARDS_OPPOSED = "guards-opposed"  # names: a symbol that has to be, and not to be
    NO_LIMIT_FITS = "no-limit-fits"  # none of its alternatives has a version
    LIMITS_CROSSED = "limits-crossed"  # names: at least this version, at most that one
    SERIES_OUTSIDE = "series-outside"  # names: the series, none of which has a version within the limits


@dataclass(frozen=True, slots=True)
class Never:
    """Why a patch is never applied; `names` are those of the kind."""

    kind: NeverKind
    names: tuple[str, ...] = ()


class ShellFaultKind(StrEnum):
    """What of a shell's text cannot be read."""

    QUOTE = "quote"  # names: a quote that is not closed
    BRACKET = "bracket"  # names: what would close, what is open
    NESTED = "nested"
    OPEN_BLOCK = "open-block"  # names: the word that would end it
    LACKING = "lacking"  # names: the word that should follow, the word before it
    ARITHMETIC = "arithmetic"
    PATTERN = "pattern"
    UNEXPECTED = "unexpected"  # names: a word where none can be
    NO_FILE = "no-file"  # names: a redirection
    FUNCTION = "function"
    TOO_MANY = "too-many"  # more commands than are followed


@dataclass(frozen=True, slots=True)
class ShellFault:
    """What is wrong with a shell's text; `limit` commands are followed."""

    kind: ShellFaultKind
    names: tuple[str, ...] = ()
    limit: int = 0


class UnclearKind(StrEnum):
    """Why the file of a patch, or how it is applied, cannot be told."""

    LINE = "line"  # the line cannot be read
    NO_MATCH = "no-match"  # no file fits the pattern
    NEEDS_RUN = "needs-run"  # the recipe would have to be run
    UNPACKED = "unpacked"  # it is in what the recipe unpacks
    HANDED = "handed"  # names: the command that hands it to patch
    READ = "read"  # names: the command that reads it from somewhere
    NO_COMMIT = "no-commit"  # names: the verb of git whose word is no commit's name
    SHELL = "shell"  # `fault`: the text is not followed from there on
    SHELL_ENDS = "shell-ends"  # `fault`: the text cannot be read from there on
    OWN_STEP = "own-step"  # a step of its own applies it
    NAME_UNSET = "name-unset"  # names: what its name has, who does not tell them
    OPTIONS = "options"  # names: what would tell how it is applied
    FOLDER = "folder"  # names: what would tell in which folder it is applied
    PART = "part"  # names: what takes only a part of it
    CHANGED = "changed"  # names: the command that changes it before
    BY_HAND = "by-hand"  # names: the command that applies it, or takes it back, besides
    BOTH_WAYS = "both-ways"  # it is applied in one place, and taken back in another
    TWO_FILES = "two-files"  # names: another file of its name, which some builds take
    ARCHIVE = "archive"
    EXPRESSION = "expression"  # names: an expression that is not run
    NO_ADDRESS = "no-address"
    ADDRESS_PARTS = "address-parts"  # its address has parts that are not written there
    NAME_PARTS = "name-parts"
    NOT_EVALUATED = "not-evaluated"
    NOT_INCLUDED = "not-included"  # an included file that is not there
    INCLUDED_AGAIN = "included-again"


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why the file of a patch cannot be told; `names` are those of the kind."""

    kind: UnclearKind
    names: tuple[str, ...] = ()
    fault: ShellFault | None = None


class StaleKind(StrEnum):
    """What can be wrong between a series and its files."""

    MISSING = "missing"  # listed, and not there
    UNLISTED = "unlisted"  # there, and not listed
    TWICE = "twice"  # listed twice under the same condition
    NEVER = "never"  # listed under a condition that never holds
    OUTSIDE = "outside"  # a path or a link that leads out of the queue; it was not read
    UNREADABLE = "unreadable"  # there, and cannot be read
    SERIES = "series"  # another series lies beside the one that was read


@dataclass(frozen=True, slots=True)
class OtherSeries:
    """A series that was not read: its format, how many patches it lists, and how many of them are not there."""

    format: str
    patches: int
    missing: int


@dataclass(frozen=True, slots=True)
class Stale:
    """One thing that does not fit. `name` is the patch's, as listed; `where` is file:line.

    `never`, `unclear`: why it is never applied, or its file cannot be told. `error`: what reading it failed with; an
    outside one has none when its own name climbs. `first`: where it is listed before. `commented`: a comment names it,
    at `where`. `series`: the other one.
    """

    kind: StaleKind
    name: str
    where: str = ""
    never: Never | None = None
    unclear: Unclear | None = None
    error: str = ""
    first: str = ""
    commented: bool = False
    series: OtherSeries | None = None
