"""A graph's neighbours as networkx keeps them: node -> neighbour -> key -> the edge's attributes.

`graph.adj` wraps each of the three levels in a view, which takes longer than the questions asked of it. Nothing here
may be changed by whoever reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

Adjacency = Mapping[str, Mapping[str, Mapping[int, Mapping[str, Any]]]]


def successors(graph: nx.MultiDiGraph) -> Adjacency:
    """What each node's edges lead to."""
    found: Adjacency = getattr(graph, "_adj", None) or graph.adj
    return found


def predecessors(graph: nx.MultiDiGraph) -> Adjacency:
    """Where the edges that lead to each node come from."""
    found: Adjacency = getattr(graph, "_pred", None) or graph.pred
    return found
