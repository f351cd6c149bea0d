"""JSON: the findings as they are, field by field in the order of patches/findings.py, with sentences for what is a text
there."""

from __future__ import annotations

from typing import Any

import msgspec

from kcfg.answers.report.json import Words, told
from kcfg.show.json import encoded, schema
from kcfg.show.terminal import Look
from patches.evidence import ClaimOutcome, ClaimResult, Evidence, Note
from patches.findings import (
    SCHEMA_VERSION,
    FindingKind,
    PatchDetail,
    PlanReport,
    QueueFinding,
    StatusReport,
    TrendReport,
    UpstreamKind,
    UpstreamUsed,
)
from patches.followups import Waived, Weight
from patches.queues.edits import LeftAlone, LeftKind
from patches.report.edits import left_words
from patches.report.words import claim_detail, claim_words, evidence_words, finding_words, limits_words, note_words
from patches.text.kinds import ClaimKind

REPORTS = (StatusReport, PatchDetail, PlanReport, TrendReport)


class ToldEvidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that speaks for a match. kind: patch-id, lines, subject, author, date, trailer, reference, content."""

    kind: str
    text: str


class ToldClaim(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the header says, and what the upstream says to it. `line` is the line of the patch file."""

    kind: ClaimKind
    text: str
    outcome: ClaimOutcome
    line: int = 0
    detail: str = ""


class ToldFinding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing to act on. `patch` is a name of the queue, or "" for the queue as a whole; `where` is file:line.

    `weight` is a follow-up's; one that is `waived` is nothing to act on.
    """

    kind: FindingKind
    patch: str
    text: str
    where: str = ""
    weight: Weight | None = None
    waived: Waived | None = None


def told_finding(one: QueueFinding) -> ToldFinding:
    """A finding as JSON has it."""
    weight = one.follow_up.weight if one.follow_up else None
    return ToldFinding(one.kind, one.patch, finding_words(one), one.where, weight, one.waived)


class ToldLeft(msgspec.Struct, frozen=True, omit_defaults=True):
    """A patch that is left as it is, or with "" the whole queue; `where` is file:line."""

    patch: str
    kind: LeftKind
    text: str
    where: str = ""


class ToldUpstream(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What judged. `note` tells what limits it: shallow, partial, no tags, old.

    `main`: the branch that counts as mainline, such as "origin/master".
    """

    name: str
    kind: UpstreamKind
    commits: int = 0
    head: str = ""
    newest_tag: str = ""
    note: str = ""
    main: str = ""


def told_upstream(one: UpstreamUsed) -> ToldUpstream:
    """An upstream as JSON has it."""
    fields = msgspec.structs.asdict(one)
    return ToldUpstream(note=limits_words(fields.pop("limits")), **fields)


WORDS: Words = {
    UpstreamUsed: told_upstream,
    Note: note_words,
    Evidence: lambda one: ToldEvidence(one.kind, evidence_words(one)),
    ClaimResult: lambda one: ToldClaim(one.kind, claim_words(one), one.outcome, one.line, claim_detail(one)),
    QueueFinding: told_finding,
    LeftAlone: lambda one: ToldLeft(one.patch, one.kind, left_words(one), one.where),
}
"""What is a text in JSON, or has one."""
TOLD = {
    UpstreamUsed: ToldUpstream, Evidence: ToldEvidence, ClaimResult: ToldClaim, QueueFinding: ToldFinding,
    LeftAlone: ToldLeft,
}  # fmt: skip
"""A type of data -> the one that JSON has for it."""


def report_json(report: object, look: Look) -> str:
    """The report as indented JSON with a newline at its end."""
    return encoded(told(report, WORDS))


def schema_text() -> str:
    """What schemas/patches-1.json has to contain: the JSON Schema of all reports of the patch half."""
    about = "What kcfg patches prints with --format json, fields in this order."
    as_told = {one.__name__: other for one, other in TOLD.items()}
    made: dict[str, Any] = schema(REPORTS, f"kcfg patches reports, schema {SCHEMA_VERSION}", about, (Note,), as_told)
    return encoded(made)


RENDERERS = dict.fromkeys(REPORTS, report_json)
