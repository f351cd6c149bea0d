"""Waivers: findings that somebody has accepted, with a reason and a date on which that ends.

    [[waiver]]
    symbol = "XEN_PV"
    profile = "no-pv"
    reason = "the last PV guests move in spring"
    expires = 2027-03-31

A waiver that is past its date waives nothing and is a finding; so is one that no finding used.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection

import msgspec

from kcfg.answers.facts import Location, Status
from kcfg.answers.judge import Judge
from kcfg.base.waivers import read_waivers
from kcfg.base.waivers import today as this_day
from profiles import Profile
from profiles.check.check import check_config
from profiles.check.verdicts import overall, verdict
from profiles.findings import ConfigResult, Finding, Level, ProfileResult


class Waiver(msgspec.Struct, frozen=True):
    """One entry; `line` is where it starts in its file."""

    symbol: str
    profile: str
    reason: str
    expires: datetime.date
    line: int = 0


class Waivers(msgspec.Struct, frozen=True):
    """A file of waivers, as of a day."""

    path: str
    entries: tuple[Waiver, ...]
    today: datetime.date

    def active(self, finding: Finding) -> Waiver | None:
        """The waiver that covers a finding."""
        for waiver in self.entries:
            if (waiver.symbol, waiver.profile) == (finding.symbol, finding.profile) and waiver.expires >= self.today:
                return waiver
        return None


def load_waivers(path: str, today: datetime.date | None = None) -> Waivers:
    """Read a file of waivers. UserError with file:line and key for whatever is wrong in it."""
    entries = []
    for table in read_waivers(path, ("symbol", "profile")):
        made = msgspec.convert(table.values, Waiver)
        symbol = made.symbol.removeprefix("CONFIG_")
        entries.append(msgspec.structs.replace(made, symbol=symbol, line=table.line))
    return Waivers(path, tuple(entries), today or this_day())


def apply(waivers: Waivers, result: ConfigResult) -> tuple[ConfigResult, frozenset[Waiver]]:
    """The result with waived findings marked, and the waivers used."""
    used: set[Waiver] = set()
    profiles: list[ProfileResult] = []
    for profile in result.profiles:
        findings: list[Finding] = []
        for found in profile.findings:
            waiver = waivers.active(found) if found.status is Status.FAIL else None
            if waiver is not None:
                used.add(waiver)
                text = f"{waiver.reason} (until {waiver.expires})"
                found = msgspec.structs.replace(found, status=Status.WAIVED, waiver=text)
            findings.append(found)
        status = verdict(findings)
        profiles.append(msgspec.structs.replace(profile, findings=tuple(findings), status=status))
    changed = msgspec.structs.replace(result, profiles=tuple(profiles), status=overall(profiles))
    return changed, frozenset(used)


def still_waived(waivers: Waivers, judge: Judge, profile: Profile, rules: Collection[str]) -> bool:
    """Whether none of these rules fails in a configuration, but for what is waived."""
    result, _ = apply(waivers, check_config(judge, [profile]))
    found = (one for it in result.profiles for one in it.findings if one.rule in rules)
    return all(one.status is not Status.FAIL for one in found)


def leftover(waivers: Waivers, used: frozenset[Waiver]) -> tuple[Finding, ...]:
    """A finding for every waiver that is past its date or that nothing used."""
    out = []
    for waiver in waivers.entries:
        expired = waiver.expires < waivers.today
        if not expired and waiver in used:
            continue
        text = f"the waiver ended on {waiver.expires}" if expired else "nothing uses this waiver"
        out.append(
            Finding(
                rule="waiver-expired" if expired else "waiver-unused",
                profile=waiver.profile,
                level=Level.RECOMMENDED,
                status=Status.FAIL,
                symbol=waiver.symbol,
                wanted="",
                got="",
                message=text,
                why=waiver.reason,
                config_line=Location(waivers.path, waiver.line),
            )
        )
    return tuple(out)
