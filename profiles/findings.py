"""What a check has to tell, as plain data: every report format renders these values and nothing else.

Stable: the JSON report is these structures, field by field. A change of meaning raises `SCHEMA_VERSION`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kcfg.answers.facts import SCHEMA_VERSION, Location, Reason, Status
from kcfg.base.version import KernelUsed


class Level(StrEnum):
    """How much a rule weighs. `forbidden` weighs as much as `required`: the mode or policy fails without it."""

    REQUIRED = "required"
    FORBIDDEN = "forbidden"
    RECOMMENDED = "recommended"


SEVERE = (Level.REQUIRED, Level.FORBIDDEN)


class Asks(StrEnum):
    """What a finding's rule asks for: one value of one symbol, of which level, symbol and value tell everything; one of
    several ways, or several symbols; else something that its message tells.
    """

    VALUE = "value"
    WAYS = "ways"
    OTHER = ""


class Finding(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One rule that did not simply pass.

    `rule` is stable and unique within a profile, so that waivers and baselines can name it. `symbol` has no CONFIG_
    prefix. `wanted` and `got` are values as a .config has them (y, m, n, 42, "text"), `wanted` may list
    alternatives ("y or m"). `config_line` is the symbol's line in the configuration, or the file; `asked` is what that
    line asks for, where that is not what comes out.
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
    asked: str = ""
    asks: Asks = Asks.OTHER


class ProfileResult(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One profile against one configuration. `passed` counts the rules that hold.

    `mend` is the cheapest change that makes it pass: the fewest lines, each assignable once those before it are set; of
    those that leave `mend_stays` as it is, where `mend_fewer` would do without it and turn many symbols over. Those of
    its lines that are in `mend_last` go to the end, since the last one of a choice counts.
    `could_differ`: the symbols on account of which the verdict may be another one in the configuration's own kernel.
    An empty one: it is the same there. None: the model is of the same series.
    """

    profile: str
    title: str
    status: Status
    passed: int
    findings: tuple[Finding, ...] = ()
    note: str = ""
    mend: tuple[str, ...] = ()
    mend_stays: tuple[str, ...] = ()
    mend_fewer: tuple[str, ...] = ()
    mend_last: tuple[str, ...] = ()
    could_differ: tuple[str, ...] | None = None

    @property
    def waived(self) -> frozenset[str]:
        """The rules whose findings are accepted."""
        return frozenset(one.rule for one in self.findings if one.status is Status.WAIVED)


class ConfigResult(msgspec.Struct, frozen=True, kw_only=True):
    """One configuration against all asked profiles. `error` is set, and the rest empty, when it could not be read.

    `own_version` is the configuration's, whose rules were asked, where the kernel that judges is of another series.

    Every field is written out, since a reader who asks for `status` must not find it missing when it is "unknown".
    """

    config: str
    kernel: KernelUsed | None = None
    status: Status = Status.UNKNOWN
    profiles: tuple[ProfileResult, ...] = ()
    findings: tuple[Finding, ...] = ()  # about the input itself: waivers that are expired or unused
    error: str = ""
    error_status: int = 0
    own_version: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg check` has to say."""

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    fail_on: str
    results: tuple[ConfigResult, ...]


class ModeRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One mode for one configuration. `verdict` PASS is "can", FAIL "cannot"; `reasons` tell the obstacles.

    `could_differ` is as in ProfileResult.
    """

    mode: str
    title: str
    verdict: Status
    note: str = ""
    reasons: tuple[Reason, ...] = ()
    could_differ: tuple[str, ...] | None = None


class ModesReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg modes` has to say."""

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    config: str
    kernel: KernelUsed
    rows: tuple[ModeRow, ...]
    own_version: str = ""
