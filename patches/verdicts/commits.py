"""Commits of an index: one for a report, with the releases that have it, and what takes a change back."""

from __future__ import annotations

from collections.abc import Callable, Collection

from kcfg.base.text import iso_date
from patches.findings import Release, UpstreamCommit
from patches.upstreams.index import Index
from patches.upstreams.tags import series, tag_order


def upstream_commit(index: Index, ident: int, change: frozenset[int] = frozenset()) -> UpstreamCommit:
    """A commit for a report, with the first releases that have it on mainline and on each stable branch."""
    commit = index.commit(ident)
    first: dict[str, str] = {}
    for other in (index.commit(one) for one in change or (ident,)):
        branch = "mainline" if other.mainline else series(other.tag) or other.branch
        if branch not in first or (other.tag and tag_order(other.tag) < tag_order(first[branch])) or not first[branch]:
            first[branch] = other.tag
    releases = sorted(first.items(), key=lambda one: (one[0] != "mainline", tag_order(one[0])))
    return UpstreamCommit(
        sha=commit.sha,
        subject=commit.subject,
        author=commit.author,
        date=iso_date(commit.commit_date),
        mainline=commit.mainline,
        releases=tuple(Release(branch, tag) for branch, tag in releases),
    )


def undoing(
    change: Collection[int], index: Index, through: Callable[[int], bool] = lambda ident: True
) -> list[tuple[int, int]]:
    """(commit, -1 where it takes the change back, 1 where it takes that back), of all that count (`through`)."""
    seen: dict[int, int] = {}
    waiting = [(other, -1) for one in change for other in index.reverts_of(one)]
    while waiting:
        ident, sign = waiting.pop()
        if ident not in seen and ident not in change and through(ident):
            seen[ident] = sign
            waiting += [(other, -sign) for other in index.reverts_of(ident)]
    return list(seen.items())
