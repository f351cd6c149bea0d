"""How one node depends on another: shortest paths, all of them, and those without an alternative."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from graphs.findings import Path, PathReport, PathStep
from graphs.kinds import EdgeKind
from graphs.nodes import NEEDS, Relation, find_node, needed
from kcfg.base.version import KernelUsed

if TYPE_CHECKING:
    import networkx as nx

MAX_PATHS = 8
TURNS_ON = (EdgeKind.SELECTED_BY, EdgeKind.DEFAULT)

Relations = dict[str, list[Relation]]


def find_paths(
    graph: nx.MultiDiGraph,
    source: str,
    target: str,
    *,
    kernel: KernelUsed,
    version: str,
    kinds: Collection[str] = NEEDS,
    limit: int = MAX_PATHS,
) -> PathReport:
    """The shortest paths from source to target along edges of these kinds. UserError for a node that is not there."""
    start, goal = find_node(graph, source), find_node(graph, target)
    report = PathReport(version=version, kernel=kernel, source=start, target=goal)
    if start == goal:
        return report
    search = PathSearch(graph, kinds)
    count, paths = search.all_shortest(start, goal, limit)
    certain = search.certain(start, goal)
    return PathReport(
        version=version,
        kernel=kernel,
        source=start,
        target=goal,
        length=len(paths[0]) - 1 if paths else 0,
        count=count,
        paths=tuple(search.path(nodes) for nodes in paths),
        certain=search.path(certain) if certain else None,
        back=search.length(goal, start),
    )


SearchState = tuple[str, bool]  # a node, and whether a select turned it on: then nobody else has to


class PathSearch:
    """Searches in one graph; each node's relations are read once."""

    def __init__(self, graph: nx.MultiDiGraph, kinds: Collection[str]) -> None:
        self.graph = graph
        self.kinds = frozenset(kinds)
        self.selected = frozenset(kind for kind in kinds if kind not in TURNS_ON)
        self._known: dict[SearchState, Relations] = {}

    def relations(self, state: SearchState) -> Relations:
        """Other node -> what the node needs of it."""
        known = self._known.get(state)
        if known is None:
            known = self._known[state] = {}
            for relation in needed(self.graph, state[0], self.selected if state[1] else self.kinds):
                known.setdefault(relation.other, []).append(relation)
        return known

    def following(self, state: SearchState) -> Iterator[SearchState]:
        """The states one step on."""
        for other, relations in self.relations(state).items():
            if any(one.kind != EdgeKind.SELECT for one in relations):
                yield other, False
            else:
                yield other, True

    def search(self, start: str, goal: str) -> tuple[dict[SearchState, int], dict[SearchState, list[SearchState]]]:
        """(steps from start to each state that is not farther than the goal, those before it on shortest paths)."""
        first = (start, False)
        levels = {first: 0}
        before: dict[SearchState, list[SearchState]] = {}
        queue = deque([first])
        end = -1
        while queue:
            state = queue.popleft()
            level = levels[state]
            if level == end:
                break
            for other in self.following(state):
                if levels.setdefault(other, level + 1) == level + 1:
                    if other not in before:
                        before[other] = []
                        queue.append(other)
                    before[other].append(state)
                    if other[0] == goal:
                        end = level + 1
        return levels, before

    def length(self, start: str, goal: str) -> int:
        """Steps from start to goal, 0 where there is no way."""
        levels, _ = self.search(start, goal)
        return min((levels[state] for state in ((goal, False), (goal, True)) if state in levels), default=0)

    def all_shortest(self, start: str, goal: str, limit: int) -> tuple[int, list[list[str]]]:
        """(how many shortest paths there are, the first `limit` of them as nodes, in the order of their names)."""
        levels, before = self.search(start, goal)
        ends = [state for state in ((goal, False), (goal, True)) if state in levels]
        length = min((levels[state] for state in ends), default=0)
        ends = [state for state in ends if levels[state] == length]
        forward: dict[SearchState, set[SearchState]] = {}
        layer = set(ends)
        while layer:
            above: set[SearchState] = set()
            for state in layer:
                for one in before.get(state, ()):
                    forward.setdefault(one, set()).add(state)
                    above.add(one)
            layer = above
        counts: dict[SearchState, int] = {}
        for state in sorted(set(forward) | set(ends), key=lambda one: -levels[one]):
            counts[state] = 1 if state in ends else sum(counts[one] for one in forward[state])
        first = (start, False)
        out: list[list[str]] = []
        stack = [[first]] if first in counts else []
        while stack and len(out) < limit:
            path = stack.pop()
            if path[-1] in ends:
                out.append([node for node, _ in path])
            else:
                stack += [[*path, one] for one in sorted(forward[path[-1]], reverse=True)]
        return counts.get(first, 0), out

    def certain(self, start: str, goal: str) -> list[str] | None:
        """A shortest path of certain steps. What a select turns on need not have its dependencies met: it is an end."""
        best: dict[str, list[str]] = {start: [start]}
        queue = deque([start])
        while queue:
            node = queue.popleft()
            for other, relations in self.relations((node, False)).items():
                if other in best or not any(relation.certain for relation in relations):
                    continue
                if other == goal:
                    return [*best[node], other]
                if any(relation.certain and relation.kind != EdgeKind.SELECT for relation in relations):
                    best[other] = [*best[node], other]
                    queue.append(other)
        return None

    def path(self, nodes: list[str]) -> Path:
        """A path with the statements of each step."""
        steps = []
        certain = True
        selected = False
        for node, other in itertools.pairwise(nodes):
            relations = self.relations((node, selected))[other]
            certain &= not selected and any(one.certain for one in relations)
            selected = all(one.kind == EdgeKind.SELECT for one in relations)
            steps.append(PathStep(node, other, tuple(one.as_edge() for one in relations)))
        return Path(tuple(steps), certain)
