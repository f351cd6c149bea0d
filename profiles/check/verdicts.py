"""What findings amount to: a profile's verdict, a configuration's, and the exit status of a whole report."""

from __future__ import annotations

from collections.abc import Iterable

from kcfg.answers.facts import Status
from profiles.findings import SEVERE, ConfigResult, Finding, Level, ProfileResult, Report

CLEAN, FOUND, UNREADABLE, UNEVALUATED = 0, 1, 2, 3


def verdict(findings: Iterable[Finding]) -> Status:
    """A profile's: recommendations do not count."""
    states = {found.status for found in findings if found.level in SEVERE}
    return worst(states)


def overall(results: Iterable[ProfileResult]) -> Status:
    """A configuration's: the worst of its profiles."""
    return worst({result.status for result in results})


def worst(states: set[Status]) -> Status:
    """FAIL before UNKNOWN before PASS."""
    return next((state for state in (Status.FAIL, Status.UNKNOWN) if state in states), Status.PASS)


def exit_status(report: Report) -> int:
    """2 when an input could not be read, else 1 for findings at or above `fail_on`, else 3 for what cannot be told."""
    levels = SEVERE if report.fail_on == Level.REQUIRED else tuple(Level) if report.fail_on == Level.RECOMMENDED else ()
    states: set[Status] = set()
    for result in report.results:
        states |= {found.status for found in result.findings if found.level in levels}
        for profile in result.profiles:
            states |= {found.status for found in profile.findings if found.level in levels}
    errors = {result.error_status for result in report.results if result.error}
    if UNREADABLE in errors:
        return UNREADABLE
    if Status.FAIL in states:
        return FOUND
    return UNEVALUATED if Status.UNKNOWN in states or errors else CLEAN


def config_error(config: str, message: str, status: int) -> ConfigResult:
    """The result of a configuration that could not be checked at all."""
    return ConfigResult(config=config, error=message, error_status=status)
