"""SARIF 2.1.0: what to act on in a queue, for code scanning. Each kind of finding is a rule."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from kcfg.base.text import prose, visible
from kcfg.show.sarif import SCHEMA_URI, message, uri
from kcfg.show.terminal import Look
from patches.findings import FindingKind, QueueFinding, StatusReport
from patches.followups import Weight
from patches.report.acts import TITLES
from patches.report.words import finding_words, waived_words

LEVELS = {
    FindingKind.MERGED: "note",
    FindingKind.STALE: "warning",
    FindingKind.UNREADABLE: "warning",
    FindingKind.FOLLOW_UP: "warning",
    FindingKind.WAIVER: "warning",
}
HEAVY = (Weight.REVERT, Weight.CODE)
"""What of upstream's later changes is more than a note."""


def status(report: StatusReport, look: Look) -> str:
    """One log with one run."""
    kinds = list(FindingKind)
    rules = [
        {
            "id": f"patches/{kind.value}",
            "shortDescription": {"text": TITLES[kind]},
            "defaultConfiguration": {"level": LEVELS.get(kind, "error")},
        }
        for kind in kinds
    ]
    run = {
        "tool": {"driver": {"name": report.tool, "version": report.version, "rules": rules}},
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "results": [result(one, kinds.index(one.kind), report.queue) for one in report.findings],
        "properties": {"queue": visible(report.queue), "upstream": [visible(one.name) for one in report.upstream]},
    }
    log = {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log), indent=2).decode() + "\n"


def result(one: QueueFinding, index: int, queue: str) -> dict[str, Any]:
    """One finding, at the line of the series that lists the patch."""
    path, _, line = one.where.rpartition(":")
    if not line.isdigit():
        path, line = one.where, ""
    place: dict[str, Any] = {"artifactLocation": {"uri": uri(visible(path or one.patch or queue))}}
    if line and int(line) > 0:
        place["region"] = {"startLine": int(line)}
    text = finding_words(one)
    same = f"{one.kind.value}\0{one.patch}\0{text}"
    level = LEVELS.get(one.kind, "error")
    more: dict[str, Any] = {}
    if one.follow_up:
        level = level if one.follow_up.weight in HEAVY else "note"
        more["properties"] = {"weight": one.follow_up.weight}
    if one.waived:
        said = prose(waived_words(one.waived))
        more["suppressions"] = [{"kind": "external", "status": "accepted", "justification": said}]
    return {
        "ruleId": f"patches/{one.kind.value}",
        "ruleIndex": index,
        "kind": "fail",
        "level": level,
        "message": message([prose(f"{one.patch}: {text}" if one.patch else text)]),
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {
            "kcfgPatches/v1": hashlib.sha256(same.encode("utf-8", "backslashreplace")).hexdigest()[:32]
        },
        **more,
    }


RENDERERS = {StatusReport: status}
