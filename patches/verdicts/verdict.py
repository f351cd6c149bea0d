"""What has become of one patch in one history: from the matcher's candidates to a verdict with its evidence.

A score says that a patch and a commit are the same change; what kind of sameness it is (identical, changed, a part,
several in one, taken back later) is told by the lines themselves, by the numbers of `thresholds.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from patches.evidence import Evidence, Fact, Note, NoteKind
from patches.findings import Certainty, HunkResult, Verdict
from patches.verdicts.checks import check_claim, claimed, is_wrong, unchecked
from patches.verdicts.commits import undoing
from patches.verdicts.context import misplaced, surrounded
from patches.verdicts.judgement import Judgement
from patches.verdicts.match import Keys, MatchCandidate, Matcher, Query, among, query, same_lines, telling_keys
from patches.verdicts.renamed import by_other_names, same_files
from patches.verdicts.replaced import named, not_found, taken_back
from patches.verdicts.thresholds import BOUNDS

if TYPE_CHECKING:
    from patches.text.headers import Header
    from patches.text.patch import Patch


NAMES = 5
"""How many renamed identifiers a note has."""


def judge(patch: Patch, header: Header, matcher: Matcher, without: frozenset[int] = frozenset()) -> Judgement:
    """The verdict on a patch from one history; `without` leaves commits out as if they did not exist."""
    if without:
        matcher = matcher.leaving_out(without)
    asked = query(patch, header)
    if not patch.files:
        return Judgement(Verdict.UNKNOWN, notes=(Note(NoteKind.NO_DIFF),))
    tells = len(asked.keys) or asked.subject or asked.claims or matcher.index.by_patch_id(asked.patch_id)
    if not tells:
        return Judgement(Verdict.UNKNOWN, notes=(Note(NoteKind.NOTHING_TELLS),))
    ranked = matcher.match(asked)
    likely = (one for one in ranked if one.score >= matcher.threshold(asked))
    best = next((one for one in likely if not misplaced(patch, asked, one, matcher)), None)
    notes: tuple[Note, ...] = ()
    if best is None:
        best = claimed(asked, ranked, matcher)
        if best is not None:
            notes = (Note(NoteKind.BY_CLAIM),)
    if best is None:
        best = same_lines(asked, ranked, matcher)
        if best is not None and misplaced(patch, asked, best, matcher):
            best = None
        if best is not None:
            notes = (Note(NoteKind.BY_LINES),)
    if best is None:
        best = part(patch, asked, ranked, matcher)
        if best is not None:
            notes = (Note(NoteKind.BY_ONE_SIDE),)
    other = by_other_names(patch, asked, ranked, matcher) if best is None else None
    if other is not None:
        best, asked = other.found, other.asked
        notes = (Note(NoteKind.BY_NAMES, renamed=tuple(other.names[:NAMES])),)
    chosen = several(asked, best, matcher)
    found = (
        verdict_of(patch, asked, best, chosen, matcher)
        if best or len(chosen) > 1
        else not_found(patch, asked, ranked, matcher)
    )
    if other is not None and found.verdict is Verdict.MERGED:
        found = replace(found, verdict=Verdict.MODIFIED)  # under its own names it is not the identical change
    claims = tuple(
        check_claim(claim, asked, found, ranked, matcher) if claim.commit else unchecked(claim)
        for claim in header.claims
    )
    if found.verdict in (Verdict.NOT_UPSTREAM, Verdict.SUPERSEDED) and any(is_wrong(one) for one in claims):
        found = replace(found, verdict=Verdict.CLAIMS_WRONG, commits=(), evidence=())
    if found.verdict is Verdict.NOT_UPSTREAM:
        found = replace(found, takes_back=taken_back(patch, header, matcher))
    return replace(found, claims=claims, hunks=hunk_shares(patch, found, matcher), notes=notes + found.notes)


def part(patch: Patch, asked: Query, ranked: Sequence[MatchCandidate], matcher: Matcher) -> MatchCandidate | None:
    """A commit of the same author that the patch is wholly a part of, or the other way round, by many rare lines.

    A patch that only takes away is in every commit that takes away more; that says nothing, and neither does it that a
    few lines are in an import of thousands, in another file, or in another place.
    """
    weights = matcher.frequencies(asked.keys)[0]
    added = among(asked.keys, telling_keys(line for line in patch.changed if line[:1] == "+"))
    for one in ranked:
        if not one.feature("paths_in_commit") or one.feature("commit_in_patch") < BOUNDS.smallest_part:
            continue
        shared = among(asked.keys, matcher.index.lines(one.ident))
        if float(weights[shared].sum()) < BOUNDS.alone or float(weights[shared & added].sum()) < BOUNDS.sure_weight:
            continue
        whole = one.feature("patch_in_commit") >= BOUNDS.whole or one.feature("commit_in_patch") >= BOUNDS.whole
        author = one.feature("same_author") or not (asked.author or asked.email)
        if whole and author and surrounded(patch, one, matcher):
            return one
    return None


def several(asked: Query, best: MatchCandidate | None, matcher: Matcher) -> tuple[MatchCandidate, ...]:
    """The commits whose changes the patch holds, the best match first; more than one is a squash."""
    if best is not None and (parts := told_parts(asked, best, matcher)):
        return parts
    chosen = [best] if best else []
    left = asked.keys
    if best:
        left = without(left, best.ident, matcher)
        chosen += fix_ups(asked, best, left, matcher)
        if best.feature("patch_in_commit") >= BOUNDS.whole:
            return tuple(chosen)
        for one in chosen[1:]:
            left = without(left, one.ident, matcher)
    used = {other for one in chosen for other in matcher.index.equivalents(one.ident)}
    whole = float(matcher.frequencies(asked.keys)[0].sum())
    while len(left) and len(chosen) < BOUNDS.squash:
        ranked = matcher.match(Query(left), frozenset(used))
        fits = [one for one in ranked if explains(one, left, matcher)]
        if not fits:
            break
        one = max(fits, key=lambda one: (one.feature("patch_in_commit"), -one.ident))
        chosen.append(one)
        used |= matcher.index.equivalents(one.ident)
        left = without(left, one.ident, matcher)
    if best is not None:
        return tuple(chosen)
    told = whole - float(matcher.frequencies(left)[0].sum())
    nearly = told >= BOUNDS.own * whole
    mostly = told >= BOUNDS.mostly * whole and told >= BOUNDS.alone
    return tuple(chosen) if len(chosen) > 1 and (nearly or mostly) else ()


def told_parts(asked: Query, best: MatchCandidate, matcher: Matcher) -> tuple[MatchCandidate, ...]:
    """The changes of a stable branch's squash, where the patch is that one rather than a single change.

    A commit may name more changes than it brings: where the patch is a single change as well, it is that.
    """
    index = matcher.index
    family = index.equivalents(best.ident)
    alone = frozenset(one for one in family if not index.parts(one))
    if any(identical(asked, one, matcher) for one in alone):
        return ()
    mine = min(closest(asked, alone, matcher))
    for other in sorted((family - alone) | {pick for one in family for pick in index.squashes_with(one)}):
        if identical(asked, other, matcher) or min(closest(asked, frozenset((other,)), matcher)) > mine:
            return matcher.described(asked, index.parts(other))
    return ()


def fix_ups(asked: Query, best: MatchCandidate, left: Keys, matcher: Matcher) -> list[MatchCandidate]:
    """Upstream's own fixes of the change that are in the patch, too; the lines that they mend are gone from it."""
    index = matcher.index
    used = set(index.equivalents(best.ident))
    found: list[MatchCandidate] = []
    for about in sorted(used):
        for ident in index.fixing(about):
            lines = index.lines(ident)
            shared = left[among(left, lines)]
            weight = float(matcher.frequencies(shared)[0].sum()) if len(shared) else 0.0
            if ident in used or weight < BOUNDS.fix_up or len(shared) < BOUNDS.fix_share * len(lines):
                continue
            used |= index.equivalents(ident)
            found += matcher.described(asked, (ident,))
    return found


def explains(one: MatchCandidate, left: Keys, matcher: Matcher) -> bool:
    """Whether a commit is wholly among the lines that are left, and they say enough."""
    if one.feature("commit_in_patch") < BOUNDS.own:
        return False
    weights = matcher.frequencies(left)[0]
    return float(weights.sum()) * one.feature("patch_in_commit") >= BOUNDS.enough


def without(keys: Keys, ident: int, matcher: Matcher) -> Keys:
    """The keys that a commit does not have."""
    return keys[~among(keys, matcher.index.lines(ident))]


def verdict_of(
    patch: Patch, asked: Query, best: MatchCandidate | None, chosen: Sequence[MatchCandidate], matcher: Matcher
) -> Judgement:
    """The verdict on a patch for which commits were found."""
    index = matcher.index
    changes = tuple(carriers(one.ident, matcher) for one in chosen)
    commits = tuple(representative(change, one.ident, matcher) for change, one in zip(changes, chosen, strict=True))
    score = best.score if best else min(one.score for one in chosen)
    found = Judgement(kind_of(patch, asked, best, chosen, changes, matcher), score, commits=commits, changes=changes)
    lead = chosen[0]
    said = evidence(asked, lead, matcher, commits[0])
    found = replace(found, evidence=said, certainty=certainty(lead, asked, matcher))
    if not any(index.commit(ident).mainline for change in changes for ident in change):
        return replace(found, verdict=Verdict.STABLE_ONLY)
    states = [state(change, matcher) for change in changes]
    notes = tuple(note for _, note in states if note)
    if all(gone for gone, _ in states):
        return replace(found, verdict=Verdict.REVERTED, notes=notes)
    return replace(found, notes=notes)


def carriers(ident: int, matcher: Matcher) -> frozenset[int]:
    """All commits that bring a change: its cherry-picks, and stable branches' squashes that hold it."""
    same = matcher.index.equivalents(ident)
    return same | {squash for one in same for squash in matcher.index.squashes_with(one)}


def kind_of(
    patch: Patch,
    asked: Query,
    best: MatchCandidate | None,
    chosen: Sequence[MatchCandidate],
    changes: Sequence[frozenset[int]],
    matcher: Matcher,
) -> Verdict:
    """How the patch and what was found are the same."""
    if len(chosen) > 1 or best is None:
        return Verdict.PARTIAL if has_more(patch, changes, matcher) else Verdict.SQUASHED
    if any(identical(asked, ident, matcher) or same_files(patch, ident, matcher) for ident in changes[0]):
        return Verdict.MERGED
    ours, theirs = closest(asked, changes[0], matcher)
    if ours >= BOUNDS.whole and theirs < BOUNDS.part:
        return Verdict.SPLIT
    if theirs >= BOUNDS.whole and has_more(patch, changes, matcher):
        return Verdict.PARTIAL
    return Verdict.MODIFIED


def closest(asked: Query, change: frozenset[int], matcher: Matcher) -> tuple[float, float]:
    """(share of the patch's lines, by weight, in a commit; share of the commit's lines in the patch), of the change's
    version that is most like the patch: a backport's may be on a stable branch.
    """
    weights = matcher.frequencies(asked.keys)[0]
    whole = float(weights.sum())
    found = []
    for ident in change:
        theirs = matcher.index.lines(ident)
        shared = among(asked.keys, theirs)
        ours = float(weights[shared].sum()) / whole if whole else 0.0
        found.append((ours, float(shared.sum()) / len(theirs) if len(theirs) else 0.0))
    return max(found, key=lambda pair: min(pair), default=(0.0, 0.0))


def has_more(patch: Patch, changes: Sequence[frozenset[int]], matcher: Matcher) -> bool:
    """Whether a whole hunk of the patch is nowhere in the changes, and says enough.

    Where they have nearly as many lines that the patch lacks, the hunk is what became of them in a backport.
    """
    index = matcher.index
    keys = telling_keys(patch.changed)
    lacking = sum(min(len(np.setdiff1d(index.lines(ident), keys)) for ident in change) for change in changes)
    theirs = np.unique(np.concatenate([index.lines(ident) for change in changes for ident in change]))
    if len(np.setdiff1d(keys, theirs)) <= BOUNDS.adapted_lines * lacking:
        return False
    for one in patch.files:
        for hunk in one.hunks:
            keys = telling_keys(hunk.changed)
            weights = matcher.frequencies(keys)[0]
            shared = float(weights[among(keys, theirs)].sum())
            if float(weights.sum()) >= BOUNDS.enough and shared < BOUNDS.there * weights.sum():
                return True
    return False


def identical(asked: Query, ident: int, matcher: Matcher) -> bool:
    """Whether a commit is the same change: git's patch-id, or all telling lines and the same files in any folders."""
    commit = matcher.index.commit(ident)
    if asked.patch_id and commit.patch_id == asked.patch_id:
        return True
    if not len(asked.keys) or not np.array_equal(asked.keys, matcher.index.lines(ident)):
        return False
    return not asked.paths or bool(file_names(asked.paths) & file_names(commit.paths))


def file_names(paths: Iterable[str]) -> frozenset[str]:
    """The names of files, without their folders."""
    return frozenset(path.rpartition("/")[2] for path in paths)


def representative(change: frozenset[int], matched: int, matcher: Matcher) -> int:
    """The commit to show for a change: mainline's first application, or the matched one where mainline has none."""
    index = matcher.index
    mainline = [ident for ident in change if index.commit(ident).mainline]
    if matched in mainline:
        return matched
    return min(mainline, key=lambda ident: (index.commit(ident).commit_date, ident)) if mainline else matched


def state(change: frozenset[int], matcher: Matcher) -> tuple[bool, Note | None]:
    """Whether mainline has taken the change back, and a note on what happened."""
    index = matcher.index
    undone = undoing(change, index, lambda ident: index.commit(ident).mainline)
    if not undone:
        return False, None
    applied = [(ident, 1) for ident in change if index.commit(ident).mainline]
    events = [(index.commit(ident).commit_date, sign, ident) for ident, sign in (*applied, *undone)]
    events.sort(key=lambda event: (event[0], -event[1]))
    reverts = [index.commit(ident) for _, sign, ident in events if sign < 0]
    if events[-1][1] < 0:
        return True, Note(NoteKind.REVERTED, (named(index.commit(events[-1][2])),))
    if reverts:
        return False, Note(NoteKind.APPLIED_AGAIN, (named(reverts[-1]), named(index.commit(events[-1][2]))))
    return False, None


def evidence(asked: Query, one: MatchCandidate, matcher: Matcher, shown: int) -> tuple[Evidence, ...]:
    """What speaks for a match, the strongest first. `shown`: the commit that the verdict names."""
    commit = matcher.index.commit(one.ident)
    said = []
    if one.feature("same_patch_id"):
        another = one.ident != shown and matcher.index.commit(shown).patch_id != asked.patch_id
        said.append(
            Evidence(Fact.SAME_PATCH_ID, names=(asked.patch_id.hex(),), commit=named(commit) if another else None)
        )
    theirs = matcher.index.lines(one.ident)
    shared = int(among(asked.keys, theirs).sum())
    if shared:
        said.append(Evidence(Fact.SHARED_LINES, shared, len(asked.keys), len(theirs)))
    by_header = {ident for claim in asked.claims for ident in matcher.index.find_claimed(claim)}
    if one.ident in by_header:
        said.append(Evidence(Fact.HEADER_NAMES))
    if one.feature("same_subject"):
        said.append(Evidence(Fact.SAME_SUBJECT))
    elif one.feature("near_subject") > BOUNDS.other_title:
        said.append(Evidence(Fact.LIKE_SUBJECT, names=(commit.subject,)))
    if one.feature("same_author"):
        said.append(Evidence(Fact.SAME_AUTHOR))
    if one.feature("same_date"):
        said.append(Evidence(Fact.SAME_SECOND))
    if one.feature("same_reference"):
        said.append(Evidence(Fact.REFERENCES, names=tuple(asked.references)))
    return tuple(said)


def certainty(one: MatchCandidate, asked: Query, matcher: Matcher) -> Certainty:
    """A word for the score, and for what it is made of: a title proves no content, and a line or two prove little."""
    if one.feature("same_patch_id"):
        return Certainty.CERTAIN
    shared = matcher.shared_weight(asked, one.ident)
    elsewhere = bool(asked.paths) and not one.feature("paths_in_commit") and not is_moved(one, shared)
    if (len(asked.keys) and elsewhere) or one.feature("patch_in_commit") < BOUNDS.few:
        return Certainty.LOW if elsewhere or not shared else Certainty.MEDIUM
    known = bool(asked.author or asked.email)
    if one.score < BOUNDS.medium:
        return Certainty.LOW
    if one.score < BOUNDS.high or (not known and shared < BOUNDS.sure_weight):
        return Certainty.MEDIUM
    return Certainty.CERTAIN if one.score >= BOUNDS.certain else Certainty.HIGH


def is_moved(one: MatchCandidate, shared: float) -> bool:
    """Whether header and lines both say that it is the commit, so that its files have other names by now."""
    header = one.feature("same_subject") and (one.feature("same_author") or one.feature("same_date"))
    return bool(header) and shared >= BOUNDS.sure_weight and one.feature("patch_in_commit") >= BOUNDS.whole


def hunk_shares(patch: Patch, found: Judgement, matcher: Matcher) -> tuple[HunkResult, ...]:
    """For each hunk, the share of its telling lines that the found commits have; -1 where no line tells."""
    if not found.changes:
        return ()
    every = [matcher.index.lines(ident) for change in found.changes for ident in change]
    theirs = np.unique(np.concatenate(every)) if every else np.empty(0, np.uint32)
    shares = []
    for one in patch.files:
        for hunk in one.hunks:
            keys = telling_keys(hunk.changed)
            share = float(among(keys, theirs).sum()) / len(keys) if len(keys) else -1.0
            shares.append(HunkResult(one.path, hunk.line, round(share, 3)))
    return tuple(shares)
