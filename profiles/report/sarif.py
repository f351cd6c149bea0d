"""SARIF 2.1.0 (OASIS standard, with errata 01), as code scanning reads it. Section numbers below are the standard's.

A rule that failed is a result of kind "fail". One that cannot be evaluated is of kind "open", which 3.27.9 keeps for
"insufficient information to decide", and 3.27.10 then wants level "none". A waived one fails with a suppression of
kind "external" (3.35). An unreadable configuration is a tool execution notification (3.20.21), not a result.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import msgspec

from kcfg.answers.facts import Location, Reason, Status
from kcfg.answers.report.sentences import sentence
from kcfg.answers.report.words import kernel_words, reason_words
from kcfg.base.text import below, prose, visible
from kcfg.show.sarif import SCHEMA_URI, message, uri
from kcfg.show.terminal import Look
from profiles.findings import ConfigResult, Finding, Level, Report
from profiles.report.common import all_findings, symbol_name, wanted_got

KERNEL = "KERNEL"  # the base that Kconfig paths are relative to, 3.14.14
FINGERPRINT = "kcfgFinding/v1"

_LEVELS = {Level.REQUIRED: "error", Level.FORBIDDEN: "error", Level.RECOMMENDED: "warning"}
_SEMVER = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
_HELP_URI = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*)?")


def _physical(where: Location, base: str = "") -> dict[str, Any]:
    artifact = {"uri": uri(where.path)}
    if base and not where.path.startswith("/"):
        artifact["uriBaseId"] = base
    place: dict[str, Any] = {"artifactLocation": artifact}
    if where.line > 0:
        place["region"] = {"startLine": where.line}
    return place


def rule_id(finding: Finding) -> str:
    """ "pvh-domu/xen-pvh"."""
    return f"{visible(finding.profile)}/{visible(finding.rule)}"


def _rule(finding: Finding) -> dict[str, Any]:
    short = f"{symbol_name(finding)}: {finding.wanted or finding.rule} ({finding.level})"
    rule: dict[str, Any] = {
        "id": rule_id(finding),
        "shortDescription": {"text": prose(short)},
        "defaultConfiguration": {"level": _LEVELS[finding.level]},
    }
    if finding.why:
        rule["fullDescription"] = {"text": prose(finding.why)}
    told = [prose(finding.why), f"Source: {prose(finding.source)}" if finding.source else ""]
    if any(told):
        rule["help"] = {"text": "\n".join(t for t in told if t)}
    if _HELP_URI.fullmatch(finding.source):
        rule["helpUri"] = finding.source
    rule["properties"] = {"profile": visible(finding.profile), "symbol": visible(finding.symbol)}
    return rule


def _related(number: int, reason: Reason, config: str) -> dict[str, Any]:
    related: dict[str, Any] = {"id": number, "message": message([prose(sentence(reason))])}
    if reason.where:
        base = "" if below(reason.where.path, config) else KERNEL
        related["physicalLocation"] = _physical(reason.where, base)
    return related


def _fingerprint(finding: Finding, config: str) -> str:
    """The same as long as the same rule concerns the same symbol of the same file, wherever its line moves."""
    parts = (uri(config), finding.profile, finding.rule, finding.symbol)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _result(finding: Finding, config: str, index: int, same: dict[str, int]) -> dict[str, Any]:
    told = [prose(finding.message), wanted_got(finding)]
    told += ["  " * (r.depth + 1) + reason_words(r) for r in finding.reasons]
    told += [f"Fix: {visible(fix)}" for fix in finding.fix]
    unknown = finding.status is Status.UNKNOWN
    fingerprint = _fingerprint(finding, config)
    same[fingerprint] = same.get(fingerprint, 0) + 1
    result: dict[str, Any] = {
        "ruleId": rule_id(finding),
        "ruleIndex": index,
        "kind": "open" if unknown else "pass" if finding.status is Status.PASS else "fail",
        "level": "none" if unknown or finding.status is Status.PASS else _LEVELS[finding.level],
        "message": message(told),
        "locations": [{"physicalLocation": _physical(finding.config_line or Location(config))}],
        "partialFingerprints": {FINGERPRINT: f"{fingerprint}:{same[fingerprint]}"},
        "properties": {
            "config": visible(config),
            "profile": visible(finding.profile),
            "symbol": visible(finding.symbol),
            "wanted": visible(finding.wanted),
            "got": visible(finding.got),
            "fix": [visible(fix) for fix in finding.fix],
        },
    }
    if finding.reasons:
        result["relatedLocations"] = [_related(n, r, config) for n, r in enumerate(finding.reasons)]
    if finding.status is Status.WAIVED:
        suppression = {"kind": "external", "status": "accepted"}
        result["suppressions"] = [suppression | ({"justification": prose(finding.waiver)} if finding.waiver else {})]
    return result


def _notification(config: str, text: str) -> dict[str, Any]:
    return {
        "level": "error",
        "message": message([prose(text)]),
        "locations": [{"physicalLocation": _physical(Location(config))}],
    }


def _notifications(result: ConfigResult) -> list[dict[str, Any]]:
    """What could not be read, and each unknown profile that has no finding to say why."""
    said = [_notification(result.config, result.error)] if result.error else []
    return said + [
        _notification(result.config, f"{p.profile}: cannot evaluate. {p.note}")
        for p in result.profiles
        if p.status is Status.UNKNOWN and not p.findings
    ]


def _judged(result: ConfigResult) -> dict[str, Any]:
    """One configuration's verdicts, for the run's property bag: SARIF has results, but no word for a profile."""
    return {
        "config": visible(result.config),
        "kernel": kernel_words(result.kernel) if result.kernel else "",
        "status": result.status.value,
        "profiles": [
            {"profile": visible(p.profile), "status": p.status.value, "passed": p.passed}
            | ({} if p.could_differ is None else {"couldDiffer": [visible(one) for one in p.could_differ]})
            for p in result.profiles
        ],
    }


def _artifacts(report: Report) -> list[dict[str, Any]]:
    uris = dict.fromkeys(uri(r.config) for r in report.results)
    return [{"location": {"uri": u}, "roles": ["analysisTarget"]} for u in uris]


def check(report: Report, look: Look) -> str:
    """One log with one run."""
    rules: dict[str, int] = {}
    described: list[dict[str, Any]] = []
    results: list[dict[str, Any]] = []
    same: dict[str, int] = {}
    for result in report.results:
        for finding in all_findings(result):
            index = rules.setdefault(rule_id(finding), len(rules))
            if index == len(described):
                described.append(_rule(finding))
            results.append(_result(finding, result.config, index, same))
    notifications = [n for result in report.results for n in _notifications(result)]
    driver: dict[str, Any] = {"name": prose(report.tool) or "kcfg", "version": prose(report.version) or "0"}
    if _SEMVER.fullmatch(report.version):
        driver["semanticVersion"] = report.version
    driver["rules"] = described
    run = {
        "tool": {"driver": driver},
        "invocations": [
            {
                "executionSuccessful": not any(r.error for r in report.results),
                "toolExecutionNotifications": notifications,
            }
        ],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {KERNEL: {"description": {"text": "The kernel source of the Kconfig files."}}},
        "artifacts": _artifacts(report),
        "results": results,
        "properties": {"failOn": prose(report.fail_on), "configurations": [_judged(r) for r in report.results]},
    }
    log = {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


RENDERERS = {Report: check}
