"""Facts about one configuration under one kernel, as plain data: places, reasons, and what comes out other than asked.

Stable: the JSON reports are these structures, field by field. A change of meaning raises `SCHEMA_VERSION`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kcfg.base.version import KernelUsed
from kcfg.kconfig.config import ConfigWarning

SCHEMA_VERSION = 1


class Status(StrEnum):
    """What became of one rule, of a profile, or of a whole configuration."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"  # cannot be evaluated; the reasons say why
    WAIVED = "waived"


class Location(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place in a file; `line` counts from 1, 0 means the file as a whole."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class ReasonKind(StrEnum):
    """What a step of a chain is about."""

    UNMET_DEPENDENCY = "unmet-dependency"
    SELECTED = "selected"
    CHOICE = "choice"
    NO_PROMPT = "no-prompt"
    INVISIBLE = "invisible"
    NOT_ASKED = "not-asked"
    EXPLICIT = "explicit"
    DEFAULT = "default"
    MODULES_OFF = "modules-off"
    OUT_OF_RANGE = "out-of-range"
    BAD_VALUE = "bad-value"
    DUPLICATE = "duplicate"
    UNKNOWN_SYMBOL = "unknown-symbol"
    NOT_IN_KERNEL = "not-in-kernel"
    RENAMED = "renamed"
    PROBE = "probe"
    OTHER_KERNEL = "other-kernel"
    CORE = "core"
    ARCHITECTURE = "architecture"
    COMPILER = "compiler"


class Basis(StrEnum):
    """The statement that a step rests on: one of the Kconfig files, or a line of the configuration."""

    NONE = ""
    DEPENDS = "depends on"
    IF = "if"
    MENU = "menu depends on"
    VISIBLE = "visible if"
    CHOICE = "choice"
    PROMPT = "prompt"
    DEFAULT = "default"
    SELECT = "select"
    IMPLY = "imply"
    TYPE = "type"
    TRANSITIONAL = "transitional"
    LINE = "line"


class Settable(StrEnum):
    """Whether a line of the configuration could set a symbol."""

    YES = ""
    HIDDEN = "hidden"  # what its prompt depends on fails
    NEVER = "no-prompt"


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """A symbol and its value. `defined`: this kernel has it."""

    symbol: str
    value: str = ""
    defined: bool = True


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step of a chain of reasons. `depth` 0 is the direct cause; a step of depth n explains the last of n-1.

    What it says is in its fields, and `kcfg.answers.report.sentences` puts that into words; what a field is for depends
    on the kind. `symbol` is what the step explains, `value` its value, `wanted` the one that was asked for; `basis` is
    the statement behind it, `expression` what that gives, `condition` its condition, `states` the parts that decide it.
    `others` are the symbols (or probes) that it names besides, and `more` counts those that it does not name.
    """

    kind: ReasonKind
    where: Location | None = None
    depth: int = 0
    basis: Basis = Basis.NONE
    symbol: str = ""
    value: str = ""
    wanted: str = ""
    expression: str = ""
    condition: str = ""
    states: tuple[State, ...] = ()
    others: tuple[str, ...] = ()
    more: int = 0
    settable: Settable = Settable.YES
    type: str = ""
    version: str = ""  # of the kernel that the step speaks of
    arch: str = ""
    note: str = ""  # words that come from the input, such as a rename's cause; JSON has those for `warned` here
    subject: str = ""  # to be named first, for the step stands among those of other symbols
    changed: bool = False  # the step tells what is otherwise in a second configuration, whose values `states` has
    warned: ConfigWarning | None = None  # a line that is not what it seems

    @property
    def step(self) -> Reason:
        """What it says, wherever in a chain that is: the same for two symbols that one statement keeps off."""
        unnamed = self.kind is ReasonKind.UNMET_DEPENDENCY or (
            self.kind is ReasonKind.NOT_ASKED and self.basis is Basis.SELECT
        )
        wanted = "" if self.kind is ReasonKind.EXPLICIT else self.wanted
        symbol = "" if unnamed else self.symbol
        return msgspec.structs.replace(self, depth=0, subject="", symbol=symbol, wanted=wanted)

    def below(self, depth: int) -> Reason:
        """The same step, further down a chain."""
        return msgspec.structs.replace(self, depth=self.depth + depth)


class Difference(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line that does not come out as asked. `asked` and `got` are values as a .config has them."""

    symbol: str
    asked: str
    got: str
    where: Location
    reasons: tuple[Reason, ...] = ()


class ResolveReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg resolve` has to say. `enabled` counts the symbols that are y or m in the result.

    `config` names all `parts` that were merged; one configuration has no parts.
    `warnings` are about lines that change nothing in the result: written twice, malformed, out of place.
    `untold` counts the lines of which it cannot be told whether they come out, each with a warning.
    """

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    kernel: KernelUsed
    config: str
    differences: tuple[Difference, ...]
    enabled: int
    warnings: tuple[Reason, ...] = ()
    parts: tuple[str, ...] = ()
    untold: int = 0
