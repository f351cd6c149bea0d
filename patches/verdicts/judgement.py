"""What was found out about a patch in one history or tree, before it is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from patches.evidence import ClaimResult, Evidence, Note
from patches.findings import Certainty, HunkResult, Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found out about a patch: ids are of the index; `commits` has one for each change, mainline's first.

    `changes` is empty for a patch that is not upstream; `commits` then has the one that supersedes it. `nearest`: the
    best commit below the threshold, with its score. `takes_back`: what upstream has and the patch reverts.
    """

    verdict: Verdict
    score: float = 0.0
    certainty: Certainty = Certainty.NONE
    commits: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    claims: tuple[ClaimResult, ...] = ()
    hunks: tuple[HunkResult, ...] = ()
    notes: tuple[Note, ...] = ()
    changes: tuple[frozenset[int], ...] = field(default=())
    nearest: tuple[int, float] | None = None
    threshold: float = 0.0
    takes_back: tuple[int, ...] = ()
