"""Who says that a patch can be dropped: the match with a history, and the files of the target. Both are told."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from kcfg.base.errors import UserError
from patches.findings import UPSTREAM, Answer, Certainty, MatchWitness, PatchResult, TargetWitness, Verdict, Witnesses
from patches.text.patch import Patch
from patches.upstreams.index import Index
from patches.verdicts.commits import undoing
from patches.verdicts.judgement import Judgement
from patches.verdicts.match import among, telling_keys
from patches.verdicts.rewritten import Arrival
from patches.verdicts.standing import Target, look
from patches.verdicts.thresholds import BOUNDS
from patches.verdicts.upstream import History


@dataclass(frozen=True, slots=True)
class Revision:
    """What is asked about: a revision's files, and which commits it has (None: it is no revision of that history)."""

    target: Target
    history: History | None
    has: Callable[[int], bool] | None


def mainline(history: History) -> Revision:
    """The newest of a history's main branch. Where a partial clone lacks its files, the second witness cannot tell."""
    try:
        target = history.target()
    except UserError as error:
        target = Target(history.used.main, Unreadable(error))
    return Revision(target, history, lambda ident: history.index.commit(ident).mainline)


class Unreadable:
    """Files that cannot be read, and why."""

    def __init__(self, error: UserError) -> None:
        self.name, self._error = error.where, error

    def find(self, path: str) -> str:
        raise self._error

    def read(self, path: str) -> bytes:
        raise self._error


def at(history: History, revision: str, reached: frozenset[str]) -> Revision:
    """A revision of a history, of which is known which of the commits in question it has."""
    return Revision(history.target(revision), history, lambda ident: history.index.commit(ident).sha in reached)


def witnesses(
    result: PatchResult, patch: Patch, found: Judgement, history: History | None, asked: Revision
) -> Witnesses:
    """What both say of one patch. `history`: the one that it was matched in, None for none."""
    if asked.history is not None and history is not None and history is not asked.history:
        match = MatchWitness(has=Answer.UNKNOWN, certainty=result.certainty)
        target = look(patch, asked.target)
    else:
        match = MatchWitness(has=matched(result, found, asked), certainty=result.certainty)
        # A commit that little speaks for does not say what its lines, somewhere else, have become of.
        sure = result.certainty is not Certainty.LOW
        target = look(patch, asked.target, arrivals(found, asked), picks(patch, found, asked), sure=sure)
    return Witnesses(match=match, target=target, agree=match.has is target.has)


def matched(result: PatchResult, found: Judgement, asked: Revision) -> Answer:
    """Whether the revision has the changes that the patch was matched to."""
    if result.verdict is Verdict.UNKNOWN:
        return Answer.UNKNOWN
    if is_taken_back(result, found, asked):
        return Answer.NO
    if asked.has is None:  # a tree: its own verdict is by lines that may stand anywhere in a file
        return (
            Answer.YES
            if result.verdict in UPSTREAM
            else Answer.PART
            if result.verdict is Verdict.PARTIAL
            else Answer.NO
        )
    there = [any(map(asked.has, change)) for change in found.changes]
    if not any(there):
        return Answer.NO
    return Answer.YES if all(there) and result.verdict is not Verdict.PARTIAL else Answer.PART


def is_taken_back(result: PatchResult, found: Judgement, asked: Revision) -> bool:
    """Whether the revision has taken a change back; a revert that came later takes nothing from it."""
    if asked.history is None or asked.has is None:
        return result.verdict is Verdict.REVERTED
    return any(is_reverted(change, asked.has, asked.history.index) for change in found.changes)


def is_reverted(change: Collection[int], has: Callable[[int], bool], index: Index) -> bool:
    """Whether the last that a revision has of a change, its reverts, and their reverts, takes it back."""
    events = [(index.commit(one).commit_date, 1) for one in change if has(one)]
    for ident, sign in undoing(change, index):
        if has(ident):
            events.append((index.commit(ident).commit_date, sign))
    return max(events, key=lambda event: (event[0], -event[1]), default=(0, 1))[1] < 0


def arrivals(found: Judgement, asked: Revision) -> list[Arrival]:
    """The commits that brought the changes to the revision: of each change the one that is shown, then mainline's.

    Not one that was taken back itself: what came instead may be under its title, and another.
    """
    if asked.history is None or asked.has is None or not found.changes:
        return []
    index = asked.history.index
    out = []
    for shown, change in zip(found.commits, found.changes, strict=True):
        there = [one for one in change if asked.has(one) and not is_reverted((one,), asked.has, index)]
        there.sort(key=lambda ident: (ident != shown, not index.commit(ident).mainline, ident))
        out += [asked.history.arrival(index.commit(ident).sha) for ident in there[: BOUNDS.arrivals]]
    return out


def picks(patch: Patch, found: Judgement, asked: Revision) -> list[Arrival]:
    """Upstream's own picks of the changes that the revision does not have itself: those most like the patch."""
    if asked.history is None or asked.has is None or not found.changes:
        return []
    index = asked.history.index
    keys = telling_keys(patch.changed)
    out = []
    for change in found.changes:
        if not any(map(asked.has, change)):
            continue
        others = [one for one in change if not asked.has(one)]
        others.sort(key=lambda one: (-int(among(keys, index.lines(one)).sum()), one))
        out += [asked.history.arrival(index.commit(one).sha) for one in others[: BOUNDS.arrivals]]
    return out


def can_be_dropped(one: PatchResult) -> bool:
    """Whether both witnesses say that the target has all of it, and it takes back no patch that stays."""
    told = one.witnesses
    return not one.undoes and told is not None and told.match.has is Answer.YES and told.target.has is Answer.YES


def disagree(one: PatchResult) -> bool:
    """Whether one witness says that the target has all of the patch, and the other one does not."""
    told = one.witnesses
    return told is not None and (told.match.has is Answer.YES) != (told.target.has is Answer.YES)


def counted(target: TargetWitness, *standings: str) -> int:
    """How many places have one of the standings."""
    return sum(place.standing in standings for place in target.places)
