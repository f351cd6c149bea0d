"""What a check has to tell, as plain data: every report format renders these values and nothing else.

Stable: the JSON report is these structures, field by field. A change of meaning raises `SCHEMA_VERSION`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

SCHEMA_VERSION = 1


class Level(StrEnum):
    """How much a rule weighs. `forbidden` weighs as much as `required`: the mode or policy fails without it."""

    REQUIRED = "required"
    FORBIDDEN = "forbidden"
    RECOMMENDED = "recommended"


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


class Finding(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One rule that did not simply pass.

    `rule` is stable and unique within a profile, so that waivers and baselines can name it. `symbol` has no CONFIG_
    prefix. `wanted` and `got` are values as a .config has them (y, m, n, 42, "text"), `wanted` may list
    alternatives ("y or m"). `config_line` is the line of the configuration that decides, or the file.
    """

    rule: str
    profile: str
    level: Level
    status: Status
    symbol: str
    wanted: str
    got: str
    message: str
    why: str = ""
    source: str = ""
    config_line: Location | None = None
    reasons: tuple[Reason, ...] = ()
    fix: tuple[str, ...] = ()
    waiver: str = ""


class ProfileResult(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One profile against one configuration. `passed` counts the rules that hold.

    `mend` is the cheapest change that makes it pass: the fewest lines, each assignable once those before it are set.
    """

    profile: str
    title: str
    status: Status
    passed: int
    findings: tuple[Finding, ...] = ()
    note: str = ""
    mend: tuple[str, ...] = ()


class KernelUsed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The model that judged. `origin` is "tree", "git", "tarball" or "snapshot".

    `note` says when it is not the config's own version. `options` are those that chose it, to type them again.
    """

    version: str
    arch: str
    origin: str
    name: str
    note: str = ""
    options: tuple[str, ...] = ()


class ConfigResult(msgspec.Struct, frozen=True, kw_only=True):
    """One configuration against all asked profiles. `error` is set, and the rest empty, when it could not be read.

    Every field is written out, since a reader who asks for `status` must not find it missing when it is "unknown".
    """

    config: str
    kernel: KernelUsed | None = None
    status: Status = Status.UNKNOWN
    profiles: tuple[ProfileResult, ...] = ()
    findings: tuple[Finding, ...] = ()  # about the input itself: waivers that are expired or unused
    error: str = ""
    error_status: int = 0


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg check` has to say."""

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    fail_on: str
    results: tuple[ConfigResult, ...]


class ModeRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One mode for one configuration. `verdict` PASS is "can", FAIL "cannot"; `reasons` tell the obstacles."""

    mode: str
    title: str
    verdict: Status
    note: str = ""
    reasons: tuple[Reason, ...] = ()


class ModesReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg modes` has to say."""

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    config: str
    kernel: KernelUsed
    rows: tuple[ModeRow, ...]


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
