"""From what a user types to a node of the graph, and from a node to the ones that it needs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from graphs.adjacency import predecessors, successors
from graphs.findings import GraphEdge
from graphs.kinds import EdgeKind, NodeKind
from kcfg.base.errors import UserError

if TYPE_CHECKING:
    import networkx as nx

NEEDS = (
    EdgeKind.DEPENDS, EdgeKind.CHOICE, EdgeKind.REQUIRES, EdgeKind.SELECT, EdgeKind.SELECTED_BY, EdgeKind.DEFAULT,
)  # fmt: skip
"""Edges along which one node needs or turns on another. `default` only counts where nothing else sets the symbol."""


def find_node(graph: nx.MultiDiGraph, text: str) -> str:
    """The node that a user names: XEN_PVH, CONFIG_XEN_PVH, pvh-domu, mode:pvh-domu, choice:NAME. UserError with near
    misses for one that is not there."""
    name = text.removeprefix("CONFIG_")
    for key in (name, f"mode:{name}", f"choice:{name}"):
        if key in graph:
            return key
    from kcfg.base.text import nearest

    version = f"Linux {graph.graph['version']} ({graph.graph['arch']})"
    modes = [key.removeprefix("mode:") for key, kind in graph.nodes(data="kind") if kind == NodeKind.MODE]
    if name != name.upper() and ("-" in name or not name.upper().isidentifier()):
        raise UserError(f"no mode '{text}'", hint=nearest(name, modes))
    hint = nearest(name.upper(), (key for key, kind in graph.nodes(data="kind") if kind == NodeKind.SYMBOL))
    raise UserError(f"{version} has no {name}", hint=hint if hint.startswith("did you") else "")


class Relation(NamedTuple):
    """That a node needs, or turns on, `other`. `edge` are the attributes of the graph's edge that says so."""

    other: str
    kind: EdgeKind
    alternative: bool
    edge: Mapping[str, Any]

    @property
    def certain(self) -> bool:
        """Whether the other one is on wherever the node's dependencies are met and it is on."""
        return not self.alternative and self.edge["sign"] > 0

    def as_edge(self) -> GraphEdge:
        """The statement as data."""
        edge = self.edge
        return GraphEdge(
            kind=self.kind,
            sign=edge["sign"],
            alternative=self.alternative,
            place=edge["place"],
            statement=f"{edge['word']} {edge['text']}".rstrip(),
        )


def needed(graph: nx.MultiDiGraph, node: str, kinds: Collection[str] = NEEDS) -> Iterator[Relation]:
    """All that a node needs or turns on, along edges of these kinds.

    What a mode only recommends is left out. A symbol without a prompt is turned on by selects and defaults alone: then
    these are what it needs, alternatives of each other unless there is only one.
    """
    attributes = graph.nodes[node]
    settable = attributes["kind"] != NodeKind.SYMBOL or attributes["prompt"]
    for other, edges in successors(graph)[node].items():
        for edge in edges.values():
            kind = edge["kind"]
            if kind in kinds and not (settable and kind == EdgeKind.DEFAULT) and edge.get("level") != "recommended":
                yield Relation(other, kind, edge["alternative"], edge)
    if EdgeKind.SELECTED_BY in kinds and not settable:
        selects = [
            (other, edge)
            for other, edges in predecessors(graph)[node].items()
            for edge in edges.values()
            if edge["kind"] in (EdgeKind.SELECT, EdgeKind.IMPLY)
        ]
        alone = len(selects) == 1 and not attributes["default"]
        for other, edge in selects:
            yield Relation(other, EdgeKind.SELECTED_BY, not alone, edge)
