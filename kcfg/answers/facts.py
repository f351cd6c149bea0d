"""Facts about one configuration under one kernel, as plain data: places, reasons, and what comes out other than asked.

Stable: the JSON reports are these structures, field by field. A change of meaning raises `SCHEMA_VERSION`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kcfg.base.version import KernelUsed

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


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """One step of a chain of reasons. `depth` 0 is the direct cause; a step of depth n explains the last of n-1.

    kind: unmet-dependency, selected, choice, no-prompt, not-asked, unknown-symbol, renamed, modules-off, out-of-range,
    duplicate, default, probe, not-in-kernel, explicit, bad-value.
    """

    text: str
    kind: str
    where: Location | None = None
    depth: int = 0


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
