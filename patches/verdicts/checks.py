"""Checks what a header claims against what an upstream has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from patches.evidence import ClaimOutcome, ClaimResult, Note, NoteKind
from patches.findings import Verdict
from patches.text.claims import WEAK
from patches.text.kinds import ClaimKind
from patches.text.lines import subject_key
from patches.upstreams.limits import Limit
from patches.verdicts.match import MatchCandidate, Matcher, Query
from patches.verdicts.thresholds import BOUNDS

if TYPE_CHECKING:
    from patches.text.claims import Claim
    from patches.verdicts.judgement import Judgement

WRONG = frozenset({ClaimOutcome.ANOTHER_CHANGE, ClaimOutcome.NOT_IN_UPSTREAM})


def unchecked(claim: Claim) -> ClaimResult:
    """A claim that names no commit, or that nothing here can check, as it stands."""
    return ClaimResult(claim.kind, ClaimOutcome.NOT_CHECKED, claim.commit, claim.line, claim.detail)


def is_wrong(claim: ClaimResult) -> bool:
    """Whether a claim names a commit that is missing or another change; weak claims are never wrong."""
    return claim.outcome in WRONG and claim.kind not in WEAK


def claimed(asked: Query, ranked: Sequence[MatchCandidate], matcher: Matcher) -> MatchCandidate | None:
    """The candidate that the header names, where something else speaks for it, too."""
    named = {ident for claim in asked.claims for ident in matcher.index.find_claimed(claim)}
    return next((one for one in ranked if one.ident in named and speaks_for(one, asked, matcher)), None)


def speaks_for(one: MatchCandidate, asked: Query, matcher: Matcher) -> bool:
    """Whether anything but the claim speaks for a commit: lines, the title, or who wrote it when under what title."""
    if one.feature("patch_in_commit") >= BOUNDS.there or one.feature("near_subject") > BOUNDS.nearly_title:
        return True
    if one.feature("same_subject"):
        return True
    key = subject_key(matcher.index.commit(one.ident).subject)
    return bool(one.feature("same_author") and not one.feature("other_date") and begins_alike(asked.subject, key))


def begins_alike(one: str, other: str) -> bool:
    """Whether one of two titles is the beginning of the other, and long enough to tell: tools cut titles off."""
    short, long = sorted((one.split(), other.split()), key=len)
    return len(short) >= BOUNDS.begins and long[: len(short)] == short


def check_claim(
    claim: Claim, asked: Query, found: Judgement, ranked: Sequence[MatchCandidate], matcher: Matcher
) -> ClaimResult:
    """What the upstream says to a commit that the header names."""
    kind, name, line = claim.kind, claim.commit, claim.line
    if claim.foreign:
        return ClaimResult(kind, ClaimOutcome.FOREIGN, name, line)
    ids = matcher.index.find_claimed(claim.commit)
    if not ids and kind is ClaimKind.CHANGE_ID:  # only where both have it, it says something
        return ClaimResult(kind, ClaimOutcome.NOT_CHECKED, name, line)
    if not ids:
        return ClaimResult(kind, ClaimOutcome.NOT_IN_UPSTREAM, name, line)
    commit = matcher.index.commit(ids[0])
    if any(ident in change for ident in ids for change in found.changes):
        return ClaimResult(kind, ClaimOutcome.CONFIRMED, name, line, commit.subject)
    for one in ranked:
        if one.ident in ids and speaks_for(one, asked, matcher):
            return ClaimResult(kind, ClaimOutcome.CONFIRMED, name, line, commit.subject)
    if len(ids) > 1:
        return ClaimResult(kind, ClaimOutcome.NOT_CHECKED, name, line, ambiguous=len(ids))
    if not matcher.index.has_diff(ids[0]):
        return ClaimResult(kind, ClaimOutcome.NOT_CHECKED, name, line)
    return ClaimResult(kind, ClaimOutcome.ANOTHER_CHANGE, name, line, commit.subject)


def as_far_as_known(found: Judgement, limits: Collection[Limit]) -> Judgement:
    """A judgement by a history with such limits: it has nothing to say of what is missing there."""
    if not {Limit.SHALLOW, Limit.PARTIAL} & set(limits):
        return found
    claims = found.claims
    if Limit.SHALLOW in limits:  # a partial clone has all commits
        claims = tuple(
            msgspec.structs.replace(one, outcome=ClaimOutcome.NOT_CHECKED)
            if one.outcome is ClaimOutcome.NOT_IN_UPSTREAM
            else one
            for one in claims
        )
    found = replace(found, claims=claims)
    wrong = found.verdict is Verdict.CLAIMS_WRONG and not any(map(is_wrong, claims))
    if not wrong and found.verdict is not Verdict.NOT_UPSTREAM:
        return found
    return replace(found, verdict=Verdict.UNKNOWN, notes=(*found.notes, Note(NoteKind.NOT_WHOLE)))
