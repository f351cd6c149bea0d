"""What has become of one patch in one history: from the matcher's candidates to a verdict with its evidence.

A score says that a patch and a commit are the same change; what kind of sameness it is (identical, changed, a part,
several in one, taken back later) is told by the lines themselves, and every threshold is a named constant here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from patches.findings import Certainty, ClaimOutcome, ClaimResult, Evidence, HunkResult, Verdict
from patches.text.lines import line_key
from patches.verdicts.match import Candidate, Keys, Matcher, Query, query, telling_keys

if TYPE_CHECKING:
    from patches.text.headers import Claim, Header
    from patches.text.patch import Patch
    from patches.upstreams.index import Commit

WHOLE = 0.9
"""Share of the lines (by weight, for the patch's) from which one side counts as wholly in the other."""
PART = 0.5
"""A patch that is wholly in a commit, and at most this share of it, is a part of a larger change."""
OWN = 0.7
"""Share of a commit's lines that a patch must hold for the commit to be one of several in it."""
ENOUGH = 1.5
"""Weight of the lines that a further commit in a patch must explain: about two lines that are nowhere else."""
THERE = 0.2
"""Share of the lines, with a header's claim, from which the claimed commit is the change in spite of its look."""
FIX_UP = 0.6
"""Weight of the lines of a fix that are in a patch and not in what the fix mends: about one that is nowhere else."""
FIX_SHARE = 0.25
"""Share of a fix's lines that must be there: those by which it takes away what it mends are gone."""
ALONE = 4.0
"""Weight of the shared lines from which a part is recognised where nothing else is: about six that are nowhere else."""
REPLACED = 0.8
"""Share of the lines that a patch removes, by weight, from which a commit that removes them, too, supersedes it."""
FEW = 0.05
"""Share of the lines, by weight, that a later version of a patch must have kept."""
SAME_TITLE = 0.6
"""Share of words from which two titles are of one patch in two versions."""
LIKE = 0.25
"""Share of words from which two titles may have one purpose."""
ADAPTED = 2
"""How many lines of a backport may stand for one line of the change."""
SQUASH_LIMIT = 24
"""How many commits are looked for in one patch."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found out about a patch: ids are of the index; `commits` has one for each change, mainline's first.

    `changes` is empty for a patch that is not upstream; `commits` then has the one that supersedes it.
    """

    verdict: Verdict
    score: float = 0.0
    certainty: Certainty = Certainty.NONE
    commits: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    claims: tuple[ClaimResult, ...] = ()
    hunks: tuple[HunkResult, ...] = ()
    notes: tuple[str, ...] = ()
    changes: tuple[frozenset[int], ...] = field(default=())


def judge(patch: Patch, header: Header, matcher: Matcher, without: frozenset[int] = frozenset()) -> Judgement:
    """The verdict on a patch from one history; `without` leaves commits out as if they did not exist."""
    if without:
        matcher = matcher.leaving_out(without)
    asked = query(patch, header)
    if not patch.files:
        return Judgement(Verdict.UNKNOWN, notes=("the patch holds no diff",))
    if not len(asked.keys) and not asked.subject and not asked.claims:
        return Judgement(Verdict.UNKNOWN, notes=("no changed line says enough to be compared, and there is no header",))
    ranked = matcher.match(asked)
    best = next((one for one in ranked if one.score >= matcher.threshold(asked)), None)
    notes: tuple[str, ...] = ()
    if best is None:
        best = claimed(asked, ranked, matcher)
        if best is not None:
            notes = ("matched by the header's claim; few of the lines are the same",)
    if best is None:
        best = part(patch, asked, ranked, matcher)
        if best is not None:
            notes = ("matched by the lines alone, of which one side has all",)
    chosen = several(asked, best, matcher)
    found = (
        verdict_of(patch, asked, best, chosen, matcher)
        if best or len(chosen) > 1
        else not_found(patch, asked, ranked, matcher)
    )
    claims = tuple(
        check_claim(claim, asked, found, ranked, matcher) if claim.commit else unchecked(claim)
        for claim in header.claims
    )
    if found.verdict in (Verdict.NOT_UPSTREAM, Verdict.SUPERSEDED) and any(is_wrong(one) for one in claims):
        found = replace(found, verdict=Verdict.CLAIMS_WRONG, commits=(), evidence=())
    return replace(found, claims=claims, hunks=hunk_shares(patch, found, matcher), notes=notes + found.notes)


def unchecked(claim: Claim) -> ClaimResult:
    """A claim that names no commit, or that nothing here can check, as it stands."""
    text = f"{claim.kind} {claim.commit[:12]}" if claim.commit else claim.kind
    return ClaimResult(claim.kind, text, ClaimOutcome.NOT_CHECKED, claim.line, claim.detail)


def is_wrong(claim: ClaimResult) -> bool:
    """Whether a claim names a commit that is missing or another change; `From <sha>` is often a private one."""
    if claim.outcome is ClaimOutcome.NOT_IN_UPSTREAM:
        return claim.kind != "format-patch"
    return claim.outcome is ClaimOutcome.ANOTHER_CHANGE


def claimed(asked: Query, ranked: Sequence[Candidate], matcher: Matcher) -> Candidate | None:
    """The candidate that the header names, where something else speaks for it, too."""
    named = {ident for claim in asked.claims for ident in matcher.index.find_sha(claim)}
    for one in ranked:
        alike = (
            one.feature("patch_in_commit") >= THERE or one.feature("same_subject") or one.feature("near_subject") > 0.8
        )
        if one.ident in named and alike:
            return one
    return None


def part(patch: Patch, asked: Query, ranked: Sequence[Candidate], matcher: Matcher) -> Candidate | None:
    """A commit of the same author that the patch is wholly a part of, or the other way round, by many rare lines.

    A patch that only takes away is in every commit that takes away more; that says nothing.
    """
    weights = matcher.frequencies(asked.keys)[0]
    added = np.isin(asked.keys, telling_keys(line for line in patch.changed if line[:1] == "+"))
    for one in ranked:
        shared = np.isin(asked.keys, matcher.index.lines(one.ident))
        if float(weights[shared].sum()) < ALONE or float(weights[shared & added].sum()) < ALONE / 2:
            continue
        whole = one.feature("patch_in_commit") >= WHOLE or one.feature("commit_in_patch") >= WHOLE
        if whole and (one.feature("same_author") or not (asked.author or asked.email)):
            return one
    return None


def several(asked: Query, best: Candidate | None, matcher: Matcher) -> tuple[Candidate, ...]:
    """The commits whose changes the patch holds, the best match first; more than one is a squash."""
    if best is not None and (parts := told_parts(asked, best, matcher)):
        return parts
    chosen = [best] if best else []
    left = asked.keys
    if best:
        left = without(left, best.ident, matcher)
        chosen += fix_ups(asked, best, left, matcher)
        if best.feature("patch_in_commit") >= WHOLE:
            return tuple(chosen)
        for one in chosen[1:]:
            left = without(left, one.ident, matcher)
    used = {other for one in chosen for other in matcher.index.equivalents(one.ident)}
    whole = float(matcher.frequencies(asked.keys)[0].sum())
    while len(left) and len(chosen) < SQUASH_LIMIT:
        ranked = matcher.match(Query(left), frozenset(used))
        fits = [one for one in ranked if explains(one, left, matcher)]
        if not fits:
            break
        one = max(fits, key=lambda one: (one.feature("patch_in_commit"), -one.ident))
        chosen.append(one)
        used |= matcher.index.equivalents(one.ident)
        left = without(left, one.ident, matcher)
    if best is None and (len(chosen) < 2 or float(matcher.frequencies(left)[0].sum()) > (1 - OWN) * whole):
        return ()
    return tuple(chosen)


def told_parts(asked: Query, best: Candidate, matcher: Matcher) -> tuple[Candidate, ...]:
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
            return described(asked, index.parts(other), matcher)
    return ()


def fix_ups(asked: Query, best: Candidate, left: Keys, matcher: Matcher) -> list[Candidate]:
    """Upstream's own fixes of the change that are in the patch, too; the lines that they mend are gone from it."""
    index = matcher.index
    used = set(index.equivalents(best.ident))
    found: list[Candidate] = []
    for about in sorted(used):
        for ident in index.fixing(about):
            lines = index.lines(ident)
            shared = left[np.isin(left, lines)]
            weight = float(matcher.frequencies(shared)[0].sum()) if len(shared) else 0.0
            if ident in used or weight < FIX_UP or len(shared) < FIX_SHARE * len(lines):
                continue
            used |= index.equivalents(ident)
            found += described(asked, (ident,), matcher)
    return found


def described(asked: Query, idents: Sequence[int], matcher: Matcher) -> tuple[Candidate, ...]:
    """Commits as candidates, with their scores."""
    frequencies = matcher.frequencies(asked.keys)
    features = [matcher.describe(asked, ident, frequencies) for ident in idents]
    scores = matcher.scorer.model(asked).scores(features).tolist()
    return tuple(Candidate(*one) for one in zip(idents, scores, features, strict=True))


def explains(one: Candidate, left: Keys, matcher: Matcher) -> bool:
    """Whether a commit is wholly among the lines that are left, and they say enough."""
    if one.feature("commit_in_patch") < OWN:
        return False
    weights = matcher.frequencies(left)[0]
    return float(weights.sum()) * one.feature("patch_in_commit") >= ENOUGH


def without(keys: Keys, ident: int, matcher: Matcher) -> Keys:
    """The keys that a commit does not have."""
    return keys[~np.isin(keys, matcher.index.lines(ident))]


def verdict_of(
    patch: Patch, asked: Query, best: Candidate | None, chosen: Sequence[Candidate], matcher: Matcher
) -> Judgement:
    """The verdict on a patch for which commits were found."""
    index = matcher.index
    changes = tuple(carriers(one.ident, matcher) for one in chosen)
    commits = tuple(representative(change, one.ident, matcher) for change, one in zip(changes, chosen, strict=True))
    score = best.score if best else min(one.score for one in chosen)
    found = Judgement(kind_of(patch, asked, best, chosen, changes, matcher), score, commits=commits, changes=changes)
    lead = chosen[0]
    found = replace(found, evidence=evidence(asked, lead, matcher), certainty=certainty(lead))
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
    best: Candidate | None,
    chosen: Sequence[Candidate],
    changes: Sequence[frozenset[int]],
    matcher: Matcher,
) -> Verdict:
    """How the patch and what was found are the same."""
    if len(chosen) > 1 or best is None:
        return Verdict.SQUASHED
    if any(identical(asked, ident, matcher) for ident in changes[0]):
        return Verdict.MERGED
    ours, theirs = closest(asked, changes[0], matcher)
    if ours >= WHOLE and theirs < PART:
        return Verdict.SPLIT
    if theirs >= WHOLE and has_more(patch, changes[0], matcher):
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
        shared = np.isin(asked.keys, theirs)
        ours = float(weights[shared].sum()) / whole if whole else 0.0
        found.append((ours, float(shared.sum()) / len(theirs) if len(theirs) else 0.0))
    return max(found, key=lambda pair: min(pair), default=(0.0, 0.0))


def has_more(patch: Patch, change: frozenset[int], matcher: Matcher) -> bool:
    """Whether a whole hunk of the patch is nowhere in the change, and says enough.

    Where the change has nearly as many lines that the patch lacks, the hunk is what became of them in a backport.
    """
    keys = telling_keys(patch.changed)
    lacking = min((len(np.setdiff1d(matcher.index.lines(ident), keys)) for ident in change), default=0)
    theirs = np.unique(np.concatenate([matcher.index.lines(ident) for ident in change]))
    if len(np.setdiff1d(keys, theirs)) <= ADAPTED * lacking:
        return False
    for one in patch.files:
        for hunk in one.hunks:
            keys = telling_keys(hunk.changed)
            weights = matcher.frequencies(keys)[0]
            if float(weights.sum()) >= ENOUGH and float(weights[np.isin(keys, theirs)].sum()) < THERE * weights.sum():
                return True
    return False


def identical(asked: Query, ident: int, matcher: Matcher) -> bool:
    """Whether a commit is the same change: git's patch-id, or all telling lines and the same files."""
    commit = matcher.index.commit(ident)
    if asked.patch_id and commit.patch_id == asked.patch_id:
        return True
    return bool(len(asked.keys)) and np.array_equal(asked.keys, matcher.index.lines(ident))


def representative(change: frozenset[int], matched: int, matcher: Matcher) -> int:
    """The commit to show for a change: mainline's first application, or the matched one where mainline has none."""
    index = matcher.index
    mainline = [ident for ident in change if index.commit(ident).mainline]
    if matched in mainline:
        return matched
    return min(mainline, key=lambda ident: (index.commit(ident).commit_date, ident)) if mainline else matched


def state(change: frozenset[int], matcher: Matcher) -> tuple[bool, str]:
    """Whether mainline has taken the change back, and a note on what happened."""
    index = matcher.index
    events = [(index.commit(ident).commit_date, 1, ident) for ident in change if index.commit(ident).mainline]
    seen: set[int] = set()
    waiting = [(ident, -1) for one in change for ident in index.reverts_of(one)]
    while waiting:
        ident, sign = waiting.pop()
        if ident in seen or ident in change or not index.commit(ident).mainline:
            continue
        seen.add(ident)
        events.append((index.commit(ident).commit_date, sign, ident))
        waiting += [(other, -sign) for other in index.reverts_of(ident)]
    if not seen:
        return False, ""
    events.sort(key=lambda event: (event[0], -event[1]))
    reverts = [index.commit(ident) for _, sign, ident in events if sign < 0]
    if events[-1][1] < 0:
        return True, f"reverted upstream by {short(index.commit(events[-1][2]))}"
    if reverts:
        return False, f"reverted by {short(reverts[-1])} and applied again by {short(index.commit(events[-1][2]))}"
    return False, ""


def not_found(patch: Patch, asked: Query, ranked: Sequence[Candidate], matcher: Matcher) -> Judgement:
    """The verdict when no commit is the change: superseded where a later one takes away the lines that it changes."""
    nearest = ranked[0].score if ranked else 0.0
    certain = Certainty.HIGH if nearest < 0.1 else Certainty.MEDIUM
    other = later_version(asked, ranked, matcher)
    text = "has the author and nearly the title, and few of the lines: another version of the patch"
    if other is None:
        other = replacing(patch, asked, ranked, matcher)
        text = "changes the same lines of the same files in another way"
    if other is None:
        return Judgement(Verdict.NOT_UPSTREAM, nearest, certainty=certain)
    evidence = Evidence("lines", f"{short(matcher.index.commit(other))} {text}")
    return Judgement(Verdict.SUPERSEDED, nearest, Certainty.LOW, (other,), (evidence,))


def later_version(asked: Query, ranked: Sequence[Candidate], matcher: Matcher) -> int | None:
    """A mainline commit, not older than the patch, of its author and nearly its title, with some of its lines."""
    for one in ranked:
        commit = matcher.index.commit(one.ident)
        alike = one.feature("same_author") and one.feature("near_subject") >= SAME_TITLE
        some = one.feature("patch_in_commit") >= FEW and one.feature("paths_in_commit") > 0
        if alike and some and commit.mainline and not (asked.date and commit.commit_date < asked.date):
            return one.ident
    return None


def replacing(patch: Patch, asked: Query, ranked: Sequence[Candidate], matcher: Matcher) -> int | None:
    """A mainline commit, not older than the patch, that removes most of the lines that the patch removes, elsewise.

    Something else has to speak for one purpose: a like title, the author, an advisory. A commit that puts the same
    lines elsewhere, or only indents them, removes nothing.
    """
    index = matcher.index
    lines = [line for line in patch.changed if line[:1] == "-"]
    minus, moved = telling_keys(lines), {key_of(line): key_of(f"+{line[1:]}") for line in lines}
    plus = telling_keys(line for line in patch.changed if line[:1] == "+")
    weights = matcher.frequencies(minus)[0]
    if float(weights.sum()) < ENOUGH:
        return None
    back = np.array([moved[key] for key in minus.tolist()], np.uint32)
    for one in ranked:
        commit = index.commit(one.ident)
        theirs = index.lines(one.ident)
        removed = np.isin(minus, theirs) & ~np.isin(back, theirs)
        gone = float(weights[removed].sum()) / float(weights.sum())
        if gone < REPLACED or not commit.mainline or (asked.date and commit.commit_date < asked.date):
            continue
        purpose = one.feature("near_subject") >= LIKE or one.feature("same_author") or one.feature("same_reference")
        if not purpose or asked.paths.isdisjoint(commit.paths) or index.reverts_of(one.ident):
            continue
        if not len(plus) or float(np.isin(plus, theirs).mean()) < THERE:
            return one.ident
    return None


def key_of(line: str) -> int:
    """The key of one changed line."""
    return line_key(line.encode("utf-8", "surrogateescape"))


def check_claim(
    claim: Claim, asked: Query, found: Judgement, ranked: Sequence[Candidate], matcher: Matcher
) -> ClaimResult:
    """What the upstream says to a commit that the header names."""
    text = f"{claim.kind} {claim.commit[:12]}"
    if claim.foreign:
        return ClaimResult(claim.kind, text, ClaimOutcome.FOREIGN, claim.line, "of another project")
    ids = matcher.index.find_sha(claim.commit)
    if not ids:
        return ClaimResult(claim.kind, text, ClaimOutcome.NOT_IN_UPSTREAM, claim.line)
    commit = matcher.index.commit(ids[0])
    if any(ident in change for ident in ids for change in found.changes):
        return ClaimResult(claim.kind, text, ClaimOutcome.CONFIRMED, claim.line, commit.subject)
    for one in ranked:
        alike = one.feature("patch_in_commit") >= THERE or one.feature("same_subject")
        if one.ident in ids and alike:
            return ClaimResult(claim.kind, text, ClaimOutcome.CONFIRMED, claim.line, commit.subject)
    return ClaimResult(claim.kind, text, ClaimOutcome.ANOTHER_CHANGE, claim.line, commit.subject)


def evidence(asked: Query, one: Candidate, matcher: Matcher) -> tuple[Evidence, ...]:
    """What speaks for a match, the strongest first."""
    commit = matcher.index.commit(one.ident)
    said = []
    if one.feature("same_patch_id"):
        said.append(Evidence("patch-id", f"git's patch-id is the same: {asked.patch_id.hex()[:12]}"))
    theirs = matcher.index.lines(one.ident)
    shared = int(np.isin(asked.keys, theirs).sum())
    if shared:
        said.append(
            Evidence("lines", f"{shared} of the patch's {len(asked.keys)} telling lines, of the commit's {len(theirs)}")
        )
    named = {ident for claim in asked.claims for ident in matcher.index.find_sha(claim)}
    if one.ident in named:
        said.append(Evidence("trailer", "the header names it"))
    if one.feature("same_subject"):
        said.append(Evidence("subject", "the same subject"))
    elif one.feature("near_subject") > 0.5:
        said.append(Evidence("subject", f"a similar subject: {commit.subject}"))
    if one.feature("same_author"):
        said.append(Evidence("author", "the same author"))
    if one.feature("same_date"):
        said.append(Evidence("date", "written at the same second"))
    if one.feature("same_reference"):
        said.append(Evidence("reference", ", ".join(asked.references)))
    return tuple(said)


def certainty(one: Candidate) -> Certainty:
    """A word for the score."""
    if one.feature("same_patch_id") or one.score >= 0.99:
        return Certainty.CERTAIN
    return Certainty.HIGH if one.score >= 0.9 else Certainty.MEDIUM if one.score >= 0.5 else Certainty.LOW


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
            share = float(np.isin(keys, theirs).sum()) / len(keys) if len(keys) else -1.0
            shares.append(HunkResult(one.path, hunk.line, round(share, 3)))
    return tuple(shares)


def short(commit: Commit) -> str:
    """A commit for a sentence."""
    return f"{commit.sha[:12]} ({commit.subject})"
