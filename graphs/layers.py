"""Columns for a layered picture: every link leads from a column to one further to the right, and links are short.

Kconfig has cycles (by defaults and alternatives); a link that would close one does not count, and leads back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Weighted = tuple[str, str, float]
"""Source, target, and what a column of length costs."""

Ties = dict[str, list[tuple[str, float]]]

ROUNDS = 40
CROWD = 0.5
"""What a node pays for each other one in its column, so that columns are of a length where links do not mind."""


def forward(nodes: Sequence[str], links: Iterable[Weighted]) -> list[Weighted]:
    """The links without those that close a cycle; earlier links win."""
    out: dict[str, list[str]] = {name: [] for name in nodes}
    kept = []
    for link in links:
        source, target, _ = link
        todo, seen = [target], {target}
        while todo:
            for name in out[todo.pop()]:
                if name not in seen:
                    seen.add(name)
                    todo.append(name)
        if source not in seen:
            out[source].append(target)
            kept.append(link)
    return kept


def columns(
    nodes: Sequence[str], links: Iterable[Weighted], loose: Iterable[Weighted] = (), first: Iterable[str] = ()
) -> dict[str, int]:
    """Node -> column, from 0; the nodes of `first` are alone in column 0, if there are any.

    `loose` links want to be short and lead to the right as well, and give way to the others.
    """
    heads = frozenset(first)
    kept = forward(nodes, links)
    before: Ties = {name: [] for name in nodes}
    after: Ties = {name: [] for name in nodes}
    near: Ties = {name: [] for name in nodes}
    for source, target, weight in kept:
        after[source].append((target, weight))
        before[target].append((source, weight))
    for source, target, weight in loose:
        near[source].append((target, -weight))
        near[target].append((source, weight))
    rank = from_right(nodes, after)
    rest = [name for name in nodes if name not in heads]
    last = max((rank[name] for name in rest), default=0) + 1
    column = {name: 0 if name in heads else last - rank[name] for name in nodes}
    shorten(rest, column, (before, after, near), last)
    used = sorted(set(column.values()))
    return {name: used.index(column[name]) for name in nodes}


def from_right(nodes: Sequence[str], after: Ties) -> dict[str, int]:
    """Node -> the length of the longest way on from it."""
    rank: dict[str, int] = {}
    for start in nodes:
        stack = [start]
        while stack:  # a loop: ways can be long
            name = stack[-1]
            open_ = [target for target, _ in after[name] if target not in rank]
            if open_:
                stack += open_
            else:
                rank[name] = max((rank[target] + 1 for target, _ in after[name]), default=0)
                stack.pop()
    return rank


def shorten(nodes: Sequence[str], column: dict[str, int], ties: tuple[Ties, Ties, Ties], last: int) -> None:
    """Move single nodes to where their links are shortest, within what the links before and after them allow."""
    before, after, near = ties
    count: dict[int, int] = {}
    for name in nodes:
        count[column[name]] = count.get(column[name], 0) + 1

    def cost(name: str, at: int) -> float:
        own = sum(weight * (at - column[source]) for source, weight in before[name])
        own += sum(weight * (column[target] - at) for target, weight in after[name])
        for other, weight in near[name]:
            to_right = (column[other] - at) if weight < 0 else (at - column[other])
            own += abs(weight) * (to_right if to_right > 0 else 2 - to_right)
        return own + CROWD * (count.get(at, 0) - (at == column[name]))

    for _ in range(ROUNDS):
        moved = False
        for name in nodes:
            low = max((column[source] + 1 for source, _ in before[name]), default=1)
            high = min((column[target] - 1 for target, _ in after[name]), default=last)
            best = min(range(max(low, 1), high + 1), key=lambda at: (cost(name, at), at), default=column[name])
            if cost(name, best) < cost(name, column[name]) - 1e-9:
                count[column[name]] -= 1
                count[best] = count.get(best, 0) + 1
                column[name] = best
                moved = True
        if not moved:
            return
