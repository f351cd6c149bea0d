"""Where a change stands, told by the unchanged lines around it: two places of a tree may get the same few lines.

The index has changed lines alone, so a commit's diff is read for this, and only where the changed lines do not decide.
"""

from __future__ import annotations

import re

from patches.text.patch import Patch
from patches.verdicts.match import MatchCandidate, Matcher, Query
from patches.verdicts.thresholds import BOUNDS

NAME = re.compile(r"[A-Za-z_]\w*")
"""An identifier."""
SHORT = 4
"""Characters, without blanks, from which an unchanged line says where it stands: a brace is everywhere."""


def shared_context(patch: Patch, other: Patch) -> float | None:
    """The share of a patch's unchanged lines that another one has, changed or not; None where it has none."""
    ours = {line for line in lines_of(patch, " ") if len(line) >= SHORT}
    return len(ours & lines_of(other, " +-")) / len(ours) if ours else None


def lines_of(patch: Patch, signs: str) -> set[str]:
    """The lines with one of the signs, without blanks."""
    return {
        "".join(line[1:].split())
        for one in patch.files
        for hunk in one.hunks
        for line in hunk.lines
        if line[:1] in signs
    }


def known_names(patch: Patch) -> frozenset[str]:
    """The identifiers in what was there before the patch: removed and unchanged lines, and what @@ lines tell."""
    texts = [hunk.section for one in patch.files for hunk in one.hunks]
    texts += [line[1:] for one in patch.files for hunk in one.hunks for line in hunk.lines if line[:1] != "+"]
    return frozenset(name for text in texts for name in NAME.findall(text))


def misplaced(patch: Patch, asked: Query, one: MatchCandidate, matcher: Matcher) -> bool:
    """Whether a commit puts the same few lines into another place than the patch does.

    Only asked where the lines say little and neither git's patch-id nor the header says that it is the commit.
    """
    if matcher.read is None or one.feature("same_patch_id") or one.feature("same_subject") or one.feature("same_date"):
        return False
    if matcher.shared_weight(asked, one.ident) >= BOUNDS.sure_weight:
        return False
    around = shared_context(patch, matcher.read(matcher.index.commit(one.ident).sha))
    least = BOUNDS.same_place if one.feature("paths_in_commit") else BOUNDS.other_place
    return around is not None and around < least


def surrounded(patch: Patch, one: MatchCandidate, matcher: Matcher) -> bool:
    """Whether the smaller one of a patch and a commit stands, by its unchanged lines, in the other."""
    if matcher.read is None:
        return True
    commit = matcher.read(matcher.index.commit(one.ident).sha)
    smaller, larger = (
        (patch, commit) if one.feature("patch_in_commit") >= one.feature("commit_in_patch") else (commit, patch)
    )
    around = shared_context(smaller, larger)
    return around is None or around >= BOUNDS.surrounded
