"""What `kcfg relevance` has to tell, as plain data: every format renders these values and nothing else.

Stable: the JSON report is these structures, field by field. A change of meaning raises `SCHEMA_VERSION`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kcfg.answers.facts import Location
from kcfg.base.version import KernelUsed
from patches.queues.reasons import Stale
from patches.text.problems import Problem

SCHEMA_VERSION = 1


class Relevance(StrEnum):
    """Where a file or a patch stands. The first that one of its files has, in this order, is the patch's.

    "This kernel" is the configuration's; without one, the own configurations of the modes that were asked for.
    """

    BUILT = "built"  # this kernel has it, built in or as a module
    UNDECIDABLE = "undecidable"  # the reason says why
    OTHER = "other"  # only in other modes or configurations
    NEVER = "never"  # no configuration of this architecture builds it, or it is no part of a kernel


class Reach(StrEnum):
    """What one mode has to do with a file or a patch, the strongest first."""

    NEEDED = "needed"  # the mode's own configuration builds it
    UNDECIDABLE = "undecidable"
    POSSIBLE = "possible"  # some configuration that fulfils the mode's profile builds it
    IMPOSSIBLE = "impossible"  # none does, but some of this architecture does
    NEVER = "never"


class FileKind(StrEnum):
    """What a file of a patch is, as far as it decides how it was judged."""

    SOURCE = "source"  # C or assembler that a Makefile names
    HEADER = "header"  # judged by the files that include it
    KCONFIG = "kconfig"  # judged by the options that the patch touches, or that the file defines
    MAKEFILE = "makefile"  # judged by the objects that the patch names, or by its folder
    HELPER = "helper"  # a program or a table that the build of a folder uses
    ARCHITECTURE = "architecture"  # of another architecture
    DOCUMENTATION = "documentation"
    TOOLS = "tools"  # tools and scripts beside the kernel
    UNNAMED = "unnamed"  # no Makefile names it, and nothing includes it
    GONE = "gone"  # not in this tree: removed or renamed, and nobody can tell which
    UNKNOWN = "unknown"


class FileReasonKind(StrEnum):
    """What else there is to know of a file: why it has no way into the kernel, or by what it has one."""

    UNREADABLE = "unreadable"  # `text`: what the tree cannot be read for
    ARCHITECTURE = "architecture"  # `text`: the folder of the other one
    DOCUMENTATION = "documentation"
    BESIDE = "beside"  # `text`: the folder beside the kernel
    EVERY_OBJECT = "every-object"
    DEVICE_TREE = "device-tree"
    TARBALL = "tarball"  # what includes it is not known: of a tarball no C file is kept
    NO_C_FILES = "no-c-files"  # what includes it is not known
    PROGRAM = "program"  # the build of its folder runs it
    LINKER_SCRIPT = "linker-script"
    NAMED = "named"  # the Makefile of its folder names it
    NOT_INCLUDED = "not-included"  # by anything of the architecture `text`
    MAY_NAME = "may-name"  # the line `where` may name it, and asks the outside for `text`
    NO_MAKEFILE = "no-makefile"  # names it for the architecture `text`
    NEW_KCONFIG = "new-kconfig"
    NOT_SOURCED = "not-sourced"  # by a Kconfig file of the architecture `text`
    NO_OPTION = "no-option"  # it defines none
    NEW_MAKEFILE = "new-makefile"
    UNKNOWN_OBJECTS = "unknown-objects"  # `names`: what the patch names in a Makefile that does not know it
    WHOLE_KERNEL = "whole-kernel"  # it builds all of it
    LISTED = "listed"  # judged by what it lists
    NOT_VISITED = "not-visited"  # make does not come into its folder for the architecture `text`
    GONE = "gone"  # `names`: files of the same name, with other lines
    NOT_IN_SOURCE = "not-in-source"  # which has no C files
    NO_FILE = "no-file"
    MOVED = "moved"  # judged as `text`, which has its lines
    NEW_SOURCE = "new-source"  # no Makefile names its object
    NEW_HEADER = "new-header"  # no object includes it
    NEW_OTHER = "new-other"
    OWN_OPTION = "own-option"  # the queue adds the option `text`
    COMPILER = "compiler"  # the option `text` depends on what a compiler answers
    ASKS = "asks"  # the line `where` asks the outside for `text`


class FileReason(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing to know of a file; the kind says which fields it has."""

    kind: FileReasonKind
    text: str = ""
    names: tuple[str, ...] = ()
    where: Location | None = None


class FileResult(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One file of a patch. `modes` is in the order of the report's.

    `owner` is the object file, option or folder that it was judged by, `via` the files that lead there from a header
    by their #include lines. `where` is the line that decides, `symbols` its options, `condition` the whole of it.
    `value`: y or m where this kernel builds it. `new`: the patch, or another of the queue, adds the file, and the tree
    does not have it. `reason` says what else there is to know.
    """

    path: str
    kind: FileKind
    verdict: Relevance
    owner: str = ""
    value: str = ""
    via: tuple[str, ...] = ()
    where: Location | None = None
    symbols: tuple[str, ...] = ()
    condition: str = ""
    new: bool = False
    reason: tuple[FileReason, ...] = ()
    modes: tuple[Reach, ...] = ()


class RelevanceNoteKind(StrEnum):
    """What there is to know of a patch, or of the whole."""

    PROBLEM = "problem"  # a part of the patch could not be read
    NO_DIFF = "no-diff"
    CONDITION = "condition"  # the queue applies it only under `text`
    STALE = "stale"  # the series does not fit its files
    NO_C_FILES = "no-c-files"  # the source is a part of a tree
    UNREAD = "unread"  # `names`: files whose #include lines cannot be read
    NOT_FULFILLED = "not-fulfilled"  # the configuration does not fulfil `mode`, for `text`
    NOT_PROVEN = "not-proven"  # the time did not suffice to prove that `mode` has the smallest configuration
    LEFT_OUT = "left-out"  # `names`: what `mode` wants besides its rules, and they or this kernel do not admit


class RelevanceNote(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing to know of a patch, or of the whole; the kind says which fields it has."""

    kind: RelevanceNoteKind
    problem: Problem | None = None
    stale: Stale | None = None
    mode: str = ""
    text: str = ""
    names: tuple[str, ...] = ()


class PatchRelevance(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One patch. `decided_by` is the file whose verdict is the patch's. `matters` says for each mode whether the patch
    counts for it: with a configuration, that it is built, by a file that the mode can have; else, that it is needed.
    """

    name: str
    position: int
    subject: str = ""
    where: str = ""
    verdict: Relevance
    decided_by: str = ""
    modes: tuple[Reach, ...] = ()
    matters: tuple[bool, ...] = ()
    files: tuple[FileResult, ...] = ()
    notes: tuple[RelevanceNote, ...] = ()


class ModeUsed(msgspec.Struct, frozen=True, kw_only=True):
    """A mode as it was judged: how many options its own configuration has on, whether that is proven to be the fewest,
    what the profile wants besides its rules (essentials, what it recommends) and they or this kernel do not admit; how
    many patches there are of each reach, and how many matter.
    """

    name: str
    title: str
    enabled: int
    proven: bool
    left_out: tuple[str, ...] = ()
    counts: dict[str, int] = {}
    matters: int = 0


class RelevanceReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg relevance` has to say. `config` is "" when none was given. `counts`: verdict -> patches;
    `never`: kind of the deciding file -> patches, of those that are never built.
    """

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    queue: str
    format: str
    kernel: KernelUsed
    config: str = ""
    modes: tuple[ModeUsed, ...] = ()
    counts: dict[str, int] = {}
    never: dict[str, int] = {}
    patches: tuple[PatchRelevance, ...] = ()
    notes: tuple[RelevanceNote, ...] = ()
