"""What the patch half has to tell, as plain data: every report format renders these values and nothing else.

Stable: the JSON report is these structures, field by field. A change of meaning raises `SCHEMA_VERSION`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from patches.evidence import ClaimResult, Evidence, Note
from patches.followups import Waived, WaiverFault, Weight
from patches.queues.edits import EditResult
from patches.queues.reasons import Stale
from patches.upstreams.limits import Limit

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


class Certainty(StrEnum):
    """How sure a verdict is. What each is worth stands in docs/patches.md."""

    NONE = ""  # nothing was judged
    CERTAIN = "certain"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ApplyOutcome(StrEnum):
    """What becomes of a patch at the target, after those before it."""

    APPLIES = "applies"
    OFFSET = "offset"
    FUZZ = "fuzz"
    ALREADY_THERE = "already-there"
    PARTLY_THERE = "partly-there"
    CONFLICTS = "conflicts"
    CANNOT_TELL = "cannot-tell"


class Standing(StrEnum):
    """What the target's files say of one hunk, or of a change without lines: a new name, a mode, a binary file."""

    STANDS = "stands"  # its new side is in the file: patch -R would take it out
    STOOD = "stood"  # it stood where upstream applied the change, which the target has; later changes rewrote it
    PICKED = "picked"  # it stands where upstream itself picked the change for an older release
    ADAPTED = "adapted"  # each line is one of upstream's change to that file, or resembles one that the patch lacks
    EXTRA = "extra"  # it has lines of the change, and others for which upstream's change to that file has nothing
    ABSENT = "absent"  # its old side is in the file: patch would put it in
    MISSING = "missing"  # neither side is there
    TRIVIAL = "trivial"  # it stands nowhere, and no line of it tells anything
    UNCLEAR = "unclear"  # nothing here can tell, as with a binary file that is not named by its content


class Answer(StrEnum):
    """What a witness says to "has the target all of this patch"."""

    YES = "yes"
    PART = "part"
    NO = "no"
    UNKNOWN = "unknown"


class FindingKind(StrEnum):
    """What CI may fail on."""

    MERGED = "merged"  # can be dropped: the target, or the newest release, has it
    CLAIMS_WRONG = "claims-wrong"
    FOLLOW_UP = "follow-up"  # upstream fixed or reverted what the patch carries, and the queue lacks that
    STALE = "stale"  # the series file does not fit the folder
    CONFLICT = "conflict"  # it does not apply at the target
    UNREADABLE = "unreadable"  # a part of it could not be parsed
    WAIVER = "waiver"  # a waiver that waives nothing


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


class Nearest(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The upstream commit that is most like a patch and not like enough: its score, and the one that it had to have."""

    commit: UpstreamCommit
    score: float
    threshold: float


class HunkResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """One hunk: `upstream` is the share of its telling changed lines that the matched commits have, 0 to 1."""

    file: str
    line: int
    upstream: float


class HunkPlace(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the target's files say of one hunk, or of a file that has none (`line` is then that of the file's diff)."""

    file: str
    line: int
    standing: Standing


class MatchWitness(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The first witness: the history. `has`: whether the changes that the patch was matched to are in the target.

    `part` where only some of the patch was matched; `no` also where nothing was.
    """

    has: Answer
    certainty: Certainty = Certainty.NONE


class TargetWitness(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The second witness: the files of `revision`. `has`: whether every hunk of the patch is in them.

    `places` has each hunk. `commits`: those in whose files or diffs the hunks were found that do not stand there.
    """

    has: Answer
    revision: str = ""
    places: tuple[HunkPlace, ...] = ()
    commits: tuple[str, ...] = ()


class Witnesses(msgspec.Struct, frozen=True, kw_only=True):
    """Who says that a patch can be dropped. It can be when both say `yes`; where they disagree, a person has to look.

    `agree`: both say the same. The target's `part` and `unknown` agree with nothing but themselves.
    """

    match: MatchWitness
    target: TargetWitness
    agree: bool


class FollowUpKind(StrEnum):
    """What an upstream commit does to what a patch carries."""

    FIXES = "fixes"
    REVERT = "revert"


class FollowUp(msgspec.Struct, frozen=True, omit_defaults=True):
    """An upstream commit that mends or takes back what the patch carries. `about` is the commit that it names."""

    kind: FollowUpKind
    commit: UpstreamCommit
    about: str
    weight: Weight
    waived: Waived | None = None


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

    `where` are file:line of the patch's hunks that do not fit.
    """

    outcome: ApplyOutcome
    detail: str = ""
    where: tuple[str, ...] = ()


class PatchResult(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One patch of the queue. `score` is the match's, 0 to 1; `position` counts from 1 in the queue's order.

    `in_base` and `in_target`: the revision has the change; None when not asked or not to be told. `witnesses` are of
    the target, or of the main branch without one. `reverse`: the queue applies it with -R, and it is judged so.
    `takes_back`: commits that it reverts and upstream has. `undoes`: earlier patches that stay in the queue, and that
    would come into force again without it: it is not dropped.
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
    certainty: Certainty = Certainty.NONE
    commits: tuple[UpstreamCommit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    claims: tuple[ClaimResult, ...] = ()
    hunks: tuple[HunkResult, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    submissions: tuple[Submission, ...] = ()
    applies: Applies | None = None
    witnesses: Witnesses | None = None
    nearest: Nearest | None = None
    takes_back: tuple[UpstreamCommit, ...] = ()
    undoes: tuple[str, ...] = ()
    reverse: bool = False
    in_base: bool | None = None
    in_target: bool | None = None
    references: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


class QueueFinding(msgspec.Struct, frozen=True):
    """One thing to act on. `patch` is a name of the queue, or "" for the queue as a whole; `where` is file:line.

    What it is about stands in the fields after these, by its kind; `commit` and `certainty` are a merged patch's.
    """

    kind: FindingKind
    patch: str
    where: str = ""
    target: str = ""
    commit: UpstreamCommit | None = None
    certainty: Certainty = Certainty.NONE
    claim: ClaimResult | None = None
    follow_up: FollowUp | None = None
    applies: Applies | None = None
    notes: tuple[Note, ...] = ()
    stale: Stale | None = None
    waiver: WaiverFault | None = None

    @property
    def waived(self) -> Waived | None:
        """Who has accepted it: nothing fails by it then."""
        return self.follow_up.waived if self.follow_up else None


class UpstreamKind(StrEnum):
    """What an upstream is."""

    HISTORY = "history"
    TREE = "tree"
    ARCHIVE = "archive"


class UpstreamUsed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What judged. `main`: the branch that counts as mainline, such as "origin/master"."""

    name: str
    kind: UpstreamKind
    commits: int = 0
    head: str = ""
    newest_tag: str = ""
    limits: tuple[Limit, ...] = ()
    main: str = ""


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
    main_branch: str = ""
    index: str = ""
    patches: tuple[PatchResult, ...] = ()
    findings: tuple[QueueFinding, ...] = ()


class Action(StrEnum):
    """What to do with a patch: the lists of a plan."""

    DROP = "drop"  # both witnesses say that the target has it
    REFRESH = "refresh"  # it must be carried, and needs work at the target
    SEND = "send"  # not upstream and not known to be submitted
    WATCH = "watch"  # submitted, reverted, superseded, in doubt, or the witnesses disagree
    KEEP = "keep"  # upstream later than the target, or never to go there, and it applies as it is


class PlanReason(StrEnum):
    """Why a patch is in its list."""

    BOTH = "both-witnesses"  # the match and the target's files say that it is there
    DISAGREE = "witnesses-disagree"
    WORK = "does-not-apply"  # conflicts, needs fuzz, or is partly there
    LATER = "upstream-later"  # upstream, and the target lacks it
    NEVER = "never"  # says its header
    SENT = "sent"  # says its header, or a mailing list
    NOT_SENT = "not-sent"
    TAKES_BACK = "takes-back"  # it reverts what upstream still has
    UNDOES = "undoes"  # it takes back what an earlier patch does, which stays
    VERDICT = "verdict"  # the verdict itself: reverted, superseded, partial, a wrong claim, unknown, or by an address


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with one patch, and why."""

    patch: str
    position: int
    action: Action
    reason: PlanReason


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The queue's patches by what to do with them (see Action), by name and in the queue's order; each in one list."""

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
    """Everything one `kcfg patches plan` has to say. `decisions` are in the queue's order; `written` is the file that
    the new series went to, "" where none was asked for; `edit`: what --edit did, None without it."""

    status: StatusReport
    plan: Plan
    decisions: tuple[Decision, ...] = ()
    written: str = ""
    edit: EditResult | None = None
