"""What is there instead of a patch that is not upstream: another version of it, another way, or the nearest change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from patches.evidence import Evidence, Fact, NamedCommit
from patches.findings import Certainty, Verdict
from patches.text.lines import bytes_of, line_key, subject_key
from patches.verdicts.judgement import Judgement
from patches.verdicts.match import MatchCandidate, Matcher, Query, among, query, same_lines, telling_keys
from patches.verdicts.thresholds import BOUNDS

if TYPE_CHECKING:
    from patches.text.headers import Header
    from patches.text.patch import Patch
    from patches.upstreams.index import Commit


_REVERT = re.compile(r'(?:[Rr]evert|[Bb]ack(?:ed)? out):? "?(.+?)"?$')


def not_found(patch: Patch, asked: Query, ranked: Sequence[MatchCandidate], matcher: Matcher) -> Judgement:
    """The verdict when no commit is the change: superseded where a later one takes away the lines that it changes."""
    nearest = ranked[0].score if ranked else 0.0
    certain = Certainty.HIGH if nearest < BOUNDS.unlikely else Certainty.MEDIUM
    if matcher.index.lacks_diffs:
        certain = Certainty.LOW  # it may be one of those whose diff is not here
    other = later_version(asked, ranked, matcher)
    fact = Fact.OTHER_VERSION
    if other is None:
        other = replacing(patch, asked, ranked, matcher)
        fact = Fact.OTHER_WAY
    if other is None:
        found = Judgement(Verdict.NOT_UPSTREAM, nearest, certainty=certain, threshold=matcher.threshold(asked))
        return replace(found, nearest=(ranked[0].ident, nearest) if ranked and nearest >= BOUNDS.unlikely else None)
    evidence = Evidence(fact, commit=named(matcher.index.commit(other)))
    return Judgement(Verdict.SUPERSEDED, nearest, Certainty.LOW, (other,), (evidence,))


def taken_back(patch: Patch, header: Header, matcher: Matcher) -> tuple[int, ...]:
    """What the patch reverts, of what upstream has and did not take back itself: as it says, or by its lines."""
    index = matcher.index
    back = query(patch.reversed)
    named = {ident for sha in header.reverts for ident in index.find_sha(sha)}
    if not named:
        alike = same_lines(back, matcher.match(back), matcher)
        named = set(index.by_patch_id(back.patch_id)) if back.patch_id else set()
        named |= {alike.ident} if alike else set()
    title = _REVERT.match(header.subject)
    if title:
        named |= set(index.by_subject(subject_key(title[1])))
    if not named:
        return ()
    keys = back.keys
    found: dict[int, None] = {}
    for ident in sorted(named):
        change = index.equivalents(ident)
        mainline = [one for one in change if index.commit(one).mainline]
        living = mainline and not any(index.commit(one).mainline for same in change for one in index.reverts_of(same))
        shares = not len(keys) or any(among(keys, index.lines(one)).mean() >= BOUNDS.there for one in change)
        if living and shares:
            found[min(mainline)] = None
    return tuple(found)


def later_version(asked: Query, ranked: Sequence[MatchCandidate], matcher: Matcher) -> int | None:
    """A mainline commit, not older than the patch, of its author and nearly its title, with some of its lines."""
    for one in ranked:
        commit = matcher.index.commit(one.ident)
        alike = one.feature("same_author") and one.feature("near_subject") >= BOUNDS.same_title
        some = one.feature("patch_in_commit") >= BOUNDS.few and one.feature("paths_in_commit") > 0
        if alike and some and commit.mainline and not (asked.date and commit.commit_date < asked.date):
            return one.ident
    return None


def replacing(patch: Patch, asked: Query, ranked: Sequence[MatchCandidate], matcher: Matcher) -> int | None:
    """A mainline commit, not older than the patch, that removes most of the lines that the patch removes, elsewise.

    Something else has to speak for one purpose: a like title, the author, an advisory. A commit that puts the same
    lines elsewhere, or only indents them, removes nothing.
    """
    index = matcher.index
    lines = [line for line in patch.changed if line[:1] == "-"]
    minus, moved = telling_keys(lines), {key_of(line): key_of(f"+{line[1:]}") for line in lines}
    plus = telling_keys(line for line in patch.changed if line[:1] == "+")
    weights = matcher.frequencies(minus)[0]
    if float(weights.sum()) < BOUNDS.enough:
        return None
    back = np.array([moved[key] for key in minus.tolist()], np.uint32)
    for one in ranked:
        commit = index.commit(one.ident)
        theirs = index.lines(one.ident)
        removed = among(minus, theirs) & ~among(back, theirs)
        gone = float(weights[removed].sum()) / float(weights.sum())
        if gone < BOUNDS.replaced or not commit.mainline or (asked.date and commit.commit_date < asked.date):
            continue
        purpose = (
            one.feature("near_subject") >= BOUNDS.like or one.feature("same_author") or one.feature("same_reference")
        )
        if not purpose or asked.paths.isdisjoint(commit.paths) or index.reverts_of(one.ident):
            continue
        if not len(plus) or float(among(plus, theirs).mean()) < BOUNDS.there:
            return one.ident
    return None


def key_of(line: str) -> int:
    """The key of one changed line."""
    return line_key(bytes_of(line))


def named(commit: Commit) -> NamedCommit:
    """A commit for a sentence."""
    return NamedCommit(commit.sha, commit.subject)
