"""Circles in the graph: nodes that all lead to each other."""

from __future__ import annotations

import itertools
from collections import deque
from typing import TYPE_CHECKING

from graphs.adjacency import successors
from graphs.findings import Cycle, CyclesReport, PathStep
from graphs.kinds import EdgeKind, NodeKind
from graphs.nodes import Relation
from kcfg.base.version import KernelUsed

if TYPE_CHECKING:
    import networkx as nx

VALUE = ("depends", "default", "prompt")
NEED = ("depends", "select", "choice")
ACTED = {EdgeKind.SELECT: EdgeKind.SELECTED_BY, EdgeKind.IMPLY: EdgeKind.IMPLIED_BY}
ACTS = tuple(ACTED)

Links = dict[str, set[str]]


def find_cycles(graph: nx.MultiDiGraph, *, kernel: KernelUsed, version: str) -> CyclesReport:
    """Recursive dependencies, as `sym_check_deps` of scripts/kconfig/symbol.c knows them, and loops.

    A value hangs on the symbols of its dependencies, prompts and defaults, and on those that select or imply it; that
    the members of a choice hang on each other is no recursion. A loop is legal: A depends on B and B selects A, so that
    either one brings the other.
    """
    value = Circles(graph, VALUE, against=ACTS)
    recursive = value.cycles()
    refused = [set(one.nodes) for one in recursive]
    loops = [one for one in Circles(graph, NEED).cycles() if not any(nodes.issuperset(one.nodes) for nodes in refused)]
    return CyclesReport(version=version, kernel=kernel, recursive=tuple(recursive), loops=tuple(loops))


class Circles:
    """The circles along edges of some kinds, and against those of others."""

    def __init__(self, graph: nx.MultiDiGraph, along: tuple[str, ...], against: tuple[str, ...] = ()) -> None:
        self.graph = graph
        self.along, self.against = along, against
        self.links: Links = {}
        for source, others in successors(graph).items():
            choice = graph.nodes[source]["kind"] == NodeKind.CHOICE
            for target, edges in others.items():
                kinds = {edge["kind"] for edge in edges.values()}
                if choice:
                    kinds.discard(EdgeKind.DEFAULT)
                if not kinds.isdisjoint(along):
                    self.links.setdefault(source, set()).add(target)
                if not kinds.isdisjoint(against):
                    self.links.setdefault(target, set()).add(source)
        self.trim()

    def trim(self) -> None:
        """Leaves out what cannot be in a circle, since nothing leads to it or from it: nearly everything."""
        links = self.links
        while True:
            reached = set().union(*links.values())
            kept = {node: others & links.keys() for node, others in links.items() if node in reached}
            kept = {node: others for node, others in kept.items() if others}
            if kept == links:
                return
            links = self.links = kept

    def cycles(self) -> list[Cycle]:
        """The strongly connected parts of more than one node, and nodes that lead to themselves; the smallest first."""
        import networkx as nx

        plain = nx.DiGraph()
        plain.add_edges_from((node, other) for node, others in self.links.items() for other in others)
        out = []
        for part in nx.strongly_connected_components(plain):
            start = min(part)
            if len(part) > 1 or start in self.links.get(start, ()):
                nodes = shortest(self.links, part)
                steps = (self.step(node, other) for node, other in itertools.pairwise(nodes))
                out.append(Cycle(tuple(sorted(part)), tuple(steps)))
        return sorted(out, key=lambda cycle: (len(cycle.nodes), cycle.nodes))

    def step(self, node: str, other: str) -> PathStep:
        """The statements that lead from one node to the next."""
        found = [
            Relation(other, edge["kind"], edge["alternative"], edge)
            for edge in successors(self.graph)[node].get(other, {}).values()
            if edge["kind"] in self.along
        ]
        found += [
            Relation(other, ACTED[edge["kind"]], edge["alternative"], edge)
            for edge in successors(self.graph)[other].get(node, {}).values()
            if edge["kind"] in self.against
        ]
        return PathStep(node, other, tuple(one.as_edge() for one in found))


def shortest(found: Links, part: set[str]) -> list[str]:
    """A shortest way round within a part, the first by name, with the same node at both ends."""
    best: list[str] = []
    for start in sorted(part):
        way = round_trip(found, part, start, len(best) or len(part) + 2)
        if way:
            best = way
        if len(best) <= 3:
            break
    return best


def round_trip(found: Links, part: set[str], start: str, below: int) -> list[str]:
    """The shortest way from a node back to it, its nodes with the start at both ends; [] if none is shorter."""
    came: dict[str, str] = {}
    depth = {start: 1}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        if depth[node] + 1 >= below:
            return []
        for other in sorted(found.get(node, ())):
            if other == start:
                way = [start, node]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way[::-1] if node != start else [start, start]
            if other in part and other not in depth:
                depth[other] = depth[node] + 1
                came[other] = node
                queue.append(other)
    return []
