"""What the patch half has to tell, as plain data: every report format renders these values and nothing else.

Stable: the JSON report is these structures, field by field. A change of meaning raises `SCHEMA_VERSION`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

SCHEMA_VERSION = 1


class Verdict(StrEnum):
    """What has become of a patch upstream. The first that holds, in this order, is the patch's."""

    MERGED = "merged"  # the identical change is there; white space and context do not count
    MODIFIED = "modified"  # one upstream change is this one, with differences
    SQUASHED = "squashed"  # the patch holds several upstream changes
    SPLIT = "split"  # the patch is a part of a larger upstream change
    PARTIAL = "partial"  # some hunks are upstream, others are not
    REVERTED = "reverted"  # it was merged, and taken back
    STABLE_ONLY = "stable-only"  # on a stable branch, never on mainline
    SUPERSEDED = "superseded"  # a different change does it
    SUBMITTED = "submitted"  # on a mailing list; the submission tells of a commit notice
    CLAIMS_WRONG = "claims-wrong"  # nothing found, and the commit that the header names is missing or another change
    NOT_UPSTREAM = "not-upstream"
    UNKNOWN = "unknown"  # cannot be told; the notes say why


UPSTREAM = frozenset({Verdict.MERGED, Verdict.MODIFIED, Verdict.SQUASHED, Verdict.SPLIT})
"""Verdicts with which all of the patch is on mainline."""


class FindingKind(StrEnum):
    """What CI may fail on."""

    MERGED = "merged"  # can be dropped: the target, or the newest release, has it
    CLAIMS_WRONG = "claims-wrong"
    FOLLOW_UP = "follow-up"  # upstream fixed or reverted what the patch carries, and the queue lacks that
    STALE = "stale"  # the series file does not fit the folder
    CONFLICT = "conflict"  # it does not apply at the target
    UNREADABLE = "unreadable"  # a part of it could not be parsed


class Release(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first release that has a commit. `branch` is "mainline" or a stable series such as 4.17; `tag` may be ""."""

    branch: str
    tag: str


class UpstreamCommit(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One upstream commit that a patch is matched to. Dates are ISO 8601; `mainline`: the main branch has it."""

    sha: str
    subject: str
    author: str = ""
    date: str = ""
    mainline: bool = True
    releases: tuple[Release, ...] = ()


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that speaks for a match. kind: patch-id, lines, subject, author, date, trailer, reference, content."""

    kind: str
    text: str


class ClaimResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the header says, and what the upstream says to it. `line` is the line of the patch file.

    outcome: confirmed, another-change, not-in-upstream, foreign (of another project), not-checked.
    """

    kind: str
    text: str
    outcome: str
    line: int = 0
    detail: str = ""


class HunkResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One hunk: `upstream` is the share of its telling changed lines that the matched commits have, 0 to 1."""

    file: str
    line: int
    upstream: float


class FollowUp(msgspec.Struct, frozen=True, omit_defaults=True):
    """An upstream commit that mends or takes back what the patch carries. kind: fixes, revert."""

    kind: str
    commit: UpstreamCommit
    about: str  # the commit that it names


class Submission(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A message of a mailing list that carries the patch. `later` are newer versions; `commit` a commit notice's."""

    message_id: str
    subject: str
    date: str = ""
    version: int = 1
    archive: str = ""
    later: tuple[str, ...] = ()
    commit: str = ""
    applied: str = ""


class Applies(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What becomes of the patch at the target, after those before it.

    outcome: applies, offset, fuzz, already-there, partly-there, conflicts, cannot-tell. `where` are file:line of the
    patch's hunks that do not fit.
    """

    outcome: str
    detail: str = ""
    where: tuple[str, ...] = ()


class PatchResult(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One patch of the queue. `score` is the match's, 0 to 1; `position` counts from 1 in the queue's order.

    `in_base` and `in_target`: the revision has the change; None when not asked or not to be told.
    """

    name: str
    position: int
    subject: str
    author: str = ""
    where: str = ""
    condition: str = ""
    section: str = ""
    verdict: Verdict = Verdict.UNKNOWN
    score: float = 0.0
    certainty: str = ""
    commits: tuple[UpstreamCommit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    claims: tuple[ClaimResult, ...] = ()
    hunks: tuple[HunkResult, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    submissions: tuple[Submission, ...] = ()
    applies: Applies | None = None
    in_base: bool | None = None
    in_target: bool | None = None
    references: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class QueueFinding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing to act on. `patch` is a name of the queue, or "" for the queue as a whole; `where` is file:line."""

    kind: FindingKind
    patch: str
    text: str
    where: str = ""


class UpstreamUsed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What judged. `kind`: history, tree, archive. `note` tells what limits it: shallow, partial, no tags, old."""

    name: str
    kind: str
    commits: int = 0
    head: str = ""
    newest_tag: str = ""
    note: str = ""


class StatusReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg patches status` or `plan` has to say."""

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    queue: str
    format: str
    upstream: tuple[UpstreamUsed, ...]
    base: str = ""
    target: str = ""
    patches: tuple[PatchResult, ...] = ()
    findings: tuple[QueueFinding, ...] = ()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The queue's patches by what to do with them, by name and in the queue's order; each is in one list alone.

    drop: the target has it, or it is there already. refresh: it must be carried, and needs work at the target.
    send: not upstream and not known to be submitted. watch: submitted, reverted, superseded, or in doubt.
    keep: upstream later than the target, or never to go there, and it applies as it is.
    """

    drop: tuple[str, ...] = ()
    refresh: tuple[str, ...] = ()
    send: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


class TrendPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One release of the queue: how many patches it carried, by verdict. `date` is ISO 8601.

    `base`: the upstream version that it was made for, "" where the queue does not tell.
    """

    name: str
    rev: str
    date: str
    patches: int
    verdicts: dict[str, int]
    base: str = ""


class TrendReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg patches trend` has to say."""

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    queue: str
    upstream: tuple[UpstreamUsed, ...]
    points: tuple[TrendPoint, ...]


class PatchDetail(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg patches show` has to say. `difference`: lines, "-" only upstream, "+" only in the patch."""

    status: StatusReport
    difference: tuple[str, ...] = ()


class PlanReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg patches plan` has to say."""

    status: StatusReport
    plan: Plan
