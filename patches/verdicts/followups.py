"""What upstream did after a change that the queue carries: fixes and reverts, their weight, and who waives them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from kcfg.base.errors import UserError
from patches.findings import FollowUp, FollowUpKind, PatchResult
from patches.followups import Weight
from patches.text.changes import COMPARED, weight_of
from patches.verdicts.commits import upstream_commit
from patches.verdicts.waivers import FollowUpWaiver, FollowUpWaivers, waived

if TYPE_CHECKING:
    from patches.upstreams.index import Commit, Index
    from patches.verdicts.upstream import History


def follow_ups_of(history: History, changes: Iterable[frozenset[int]], have: Collection[int]) -> tuple[FollowUp, ...]:
    """Upstream's fixes and reverts of changes, unless the queue has them (`have`), too; the heaviest first."""
    index = history.index
    found: dict[int, FollowUp] = {}
    known = frozenset(have)
    for change in changes:
        for ident, kind, about in naming(index, change):
            same = index.equivalents(ident)
            if same & (known | found.keys()) or ident in change:
                continue
            weight = Weight.REVERT if kind is FollowUpKind.REVERT else weigh(history, ident)
            found[ident] = FollowUp(kind, upstream_commit(index, ident, same), index.commit(about).sha, weight)
    return tuple(sorted(found.values(), key=lambda one: one.weight.rank))


def naming(index: Index, change: frozenset[int]) -> Iterable[tuple[int, FollowUpKind, int]]:
    """(commit, kind, what it names) for all that mends or takes back a change; mainline's come first.

    What came before mainline applied the change again, and a revert that was itself reverted, count no more. A revert
    that names what it reverts in a Fixes: as well is a revert.
    """
    applied = [index.commit(one).commit_date for one in change if index.commit(one).mainline]
    last = max(applied, default=0) if any(index.reverts_of(one) for one in change) else 0
    every = [
        (ident, kind, about)
        for about in sorted(change)
        for kind, found in ((FollowUpKind.REVERT, index.reverts_of(about)), (FollowUpKind.FIXES, index.fixing(about)))
        for ident in found
        if index.commit(ident).commit_date >= last and not (kind is FollowUpKind.REVERT and index.reverts_of(ident))
    ]
    return sorted(every, key=lambda one: (not index.commit(one[0]).mainline, one[0], one[1] is FollowUpKind.FIXES))


def weigh(history: History, ident: int) -> Weight:
    """The heaviest of what a commit changes, by each file before and after it; what cannot be read is code."""
    commit = history.index.commit(ident)
    heaviest = None
    for path in commit.paths:
        weight = weight_of(path, side(history, f"{commit.sha}^:{path}"), side(history, f"{commit.sha}:{path}"))
        if weight is Weight.CODE:
            return weight
        heaviest = min(heaviest or weight, weight, key=lambda one: one.rank)
    return heaviest or Weight.CODE


def side(history: History, name: str) -> bytes | None:
    """A file of a commit; None where there is none, or one that is too large or cannot be read."""
    try:
        return history.objects().find(name, COMPARED)
    except UserError:
        return None


def family(history: History, sha: str) -> list[Commit]:
    """A commit and its cherry-picks."""
    index = history.index
    return [index.commit(same) for ident in index.find_sha(sha) for same in index.equivalents(ident)]


def waive(
    results: Sequence[PatchResult], histories: Sequence[History | None], waivers: FollowUpWaivers
) -> tuple[list[PatchResult], frozenset[FollowUpWaiver]]:
    """The results with the follow-ups marked that are waived, and the waivers that were used."""
    used: set[FollowUpWaiver] = set()
    out = []
    for result, history in zip(results, histories, strict=True):
        told = []
        for follow_up in result.follow_ups:
            names = {one.sha for one in family(history, follow_up.commit.sha)} if history else {follow_up.commit.sha}
            waiver = waivers.active(result.name, names)
            if waiver:
                used.add(waiver)
                follow_up = msgspec.structs.replace(follow_up, waived=waived(waiver))
            told.append(follow_up)
        out.append(msgspec.structs.replace(result, follow_ups=tuple(told)))
    return out, frozenset(used)
