"""A graph's neighbours: what networkx's own views say."""

from __future__ import annotations

import networkx as nx
import pytest

from graphs.adjacency import predecessors, successors


@pytest.fixture
def graph() -> nx.MultiDiGraph:
    made = nx.MultiDiGraph()
    made.add_edge("A", "B", kind="select")
    made.add_edge("A", "B", kind="depends")
    made.add_edge("C", "A", kind="default")
    return made


def test_neighbours_are_those_of_the_public_views(graph: nx.MultiDiGraph) -> None:
    for ours, theirs in ((successors(graph), graph.adj), (predecessors(graph), graph.pred)):
        assert {a: {b: dict(edges) for b, edges in to.items()} for a, to in ours.items()} == {
            a: {b: dict(edges) for b, edges in to.items()} for a, to in theirs.items()
        }
    assert [edge["kind"] for edge in successors(graph)["A"]["B"].values()] == ["select", "depends"]
    assert list(predecessors(graph)["A"]) == ["C"]


def test_a_networkx_that_keeps_them_elsewhere_is_asked_by_its_views(graph: nx.MultiDiGraph) -> None:
    class Other:
        adj, pred = graph.adj, graph.pred

    assert successors(Other())["A"] == graph.adj["A"]  # type: ignore[arg-type]
    assert predecessors(Other())["B"] == graph.pred["B"]  # type: ignore[arg-type]
