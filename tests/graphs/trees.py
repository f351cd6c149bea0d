"""Graphs of small trees."""

from __future__ import annotations

from typing import Any


def edges_of(graph: Any, source: str, kind: str = "") -> set[tuple[str, str, int, bool, str]]:
    """(target, kind, sign, alternative, place) of the edges that leave a node."""
    return {
        (target, data["kind"], data["sign"], data["alternative"], data["place"])
        for _, target, data in graph.out_edges(source, data=True)
        if kind in ("", data["kind"])
    }
