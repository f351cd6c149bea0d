"""Patches of which nothing but a commit's name is known: the queue fetches them, and nothing is fetched here.

That commit is the patch, if it is in the history; no line was compared, so that nothing is ever more than likely.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from patches.evidence import ClaimOutcome, ClaimResult, Evidence, Fact, Note, NoteKind
from patches.findings import Certainty, Verdict
from patches.text.kinds import ClaimKind
from patches.verdicts.checks import unchecked
from patches.verdicts.judgement import Judgement
from patches.verdicts.replaced import named
from patches.verdicts.verdict import carriers, representative, state

if TYPE_CHECKING:
    from patches.text.headers import Header
    from patches.verdicts.match import Matcher


def judge_name(header: Header, matcher: Matcher) -> Judgement:
    """The verdict on a patch without a diff: that of the commit that its address names, else unknown."""
    claim = next((one for one in header.claims if one.kind is ClaimKind.ADDRESS and one.commit), None)
    if claim is None:
        return Judgement(Verdict.UNKNOWN, notes=(Note(NoteKind.NO_DIFF),), claims=tuple(map(unchecked, header.claims)))
    others = tuple(unchecked(one) for one in header.claims if one is not claim)
    index = matcher.index
    found = index.find_sha(claim.commit)
    if len(found) != 1:
        outcome = ClaimResult(claim.kind, ClaimOutcome.NOT_IN_UPSTREAM, claim.commit, claim.line)
        notes = (Note(NoteKind.ADDRESS_AMBIGUOUS if found else NoteKind.ADDRESS_MISSING, sha=claim.commit),)
        return Judgement(Verdict.UNKNOWN, notes=notes, claims=(outcome, *others))
    ident = found[0]
    change = carriers(ident, matcher)
    shown = representative(change, ident, matcher)
    outcome = ClaimResult(claim.kind, ClaimOutcome.CONFIRMED, claim.commit, claim.line, index.commit(ident).subject)
    gone, note = state(change, matcher)
    verdict = Verdict.REVERTED if gone else Verdict.MERGED
    if not any(index.commit(one).mainline for one in change):
        verdict, note = Verdict.STABLE_ONLY, None
    evidence = (Evidence(Fact.ADDRESS_NAMES, commit=named(index.commit(ident))),)
    return Judgement(
        verdict, 0.0, Certainty.MEDIUM, (shown,), evidence, (outcome, *others), (), (note,) if note else (), (change,)
    )
