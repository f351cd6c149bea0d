"""The graph, or a part of it, for other programs: DOT, GraphML, JSON (node-link) and Mermaid.

Nodes and edges come in the order of their names, so that the same graph gives the same bytes. Names and expressions
come from a kernel's files: whatever a format takes for markup is escaped, and control characters are spelled out.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from graphs.adjacency import predecessors, successors
from graphs.findings import SCHEMA_VERSION
from graphs.kinds import EdgeKind, NodeKind
from kcfg.base.text import visible

if TYPE_CHECKING:
    import networkx as nx

SHAPES = {NodeKind.SYMBOL: "box", NodeKind.CHOICE: "diamond", NodeKind.MODE: "house"}
BRACKETS = {NodeKind.SYMBOL: ("[", "]"), NodeKind.CHOICE: ("{", "}"), NodeKind.MODE: ("([", "])")}
COLOURS = {
    EdgeKind.DEPENDS: "#1f5fa8",
    EdgeKind.PROMPT: "#6b7280",
    EdgeKind.SELECT: "#b45309",
    EdgeKind.IMPLY: "#d97706",
    EdgeKind.DEFAULT: "#6d28d9",
    EdgeKind.CHOICE: "#0f766e",
    EdgeKind.REQUIRES: "#b91c1c",
}
MERMAID = re.compile(r"[^A-Za-z0-9 _.,:=()/+-]")


def part(graph: nx.MultiDiGraph, nodes: Collection[str]) -> nx.MultiDiGraph:
    """The nodes and all edges between them, in the graph's order, as a graph of its own."""
    wanted = frozenset(nodes)
    out: nx.MultiDiGraph = graph.__class__(**graph.graph)
    out.add_nodes_from((node, graph.nodes[node]) for node in graph if node in wanted)
    out.add_edges_from(
        (source, target, key, it)
        for source, target, key, it in graph.out_edges(list(out), keys=True, data=True)
        if target in wanted
    )
    return out


def neighbourhood(graph: nx.MultiDiGraph, start: Iterable[str], depth: int, direction: str = "both") -> set[str]:
    """The nodes at most `depth` steps from one of these: "out" is what they lead to, "in" what leads to them."""
    distance = dict.fromkeys(start, 0)
    queue = deque(distance)
    while queue:
        node = queue.popleft()
        if distance[node] == depth:
            continue
        near: list[str] = []
        if direction in ("out", "both"):
            near += successors(graph)[node]
        if direction in ("in", "both"):
            near += predecessors(graph)[node]
        for other in near:
            if other not in distance:
                distance[other] = distance[node] + 1
                queue.append(other)
    return set(distance)


def edges_of(graph: nx.MultiDiGraph) -> Iterator[tuple[str, str, int, Mapping[str, Any]]]:
    """(source, target, key, attributes), by name."""
    return iter(sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3]))


def nodes_of(graph: nx.MultiDiGraph) -> list[str]:
    """The nodes by name."""
    return sorted(graph.nodes)


def text_of(edge: Mapping[str, Any]) -> str:
    """An edge's statement and its place, on one line."""
    return visible(f"{edge['word']} {edge['text']}".rstrip() + f" ({edge['place']})")


def dot(graph: nx.MultiDiGraph) -> str:
    """For Graphviz. Alternatives are dashed, what has to be absent ends in a bar; tooltips have the statements."""
    lines = [
        "digraph kcfg {",
        "  rankdir=LR;",
        '  node [fontname="sans-serif", fontsize=11];',
        "  edge [arrowsize=0.7];",
    ]
    for name in nodes_of(graph):
        node = graph.nodes[name]
        style = "" if node["prompt"] or node["kind"] != NodeKind.SYMBOL else ", style=rounded"
        tip = quoted(", ".join(node["places"]) or "not defined")
        label = quoted(node["title"] or name.removeprefix("choice:"))
        lines.append(f"  {quoted(name)} [label={label}, shape={SHAPES[node['kind']]}, tooltip={tip}{style}];")
    for source, target, _, edge in edges_of(graph):
        looks = [f"color={quoted(COLOURS[edge['kind']])}", f"tooltip={quoted(text_of(edge))}"]
        looks += ["style=dashed"] if edge["alternative"] else []
        looks += ["arrowhead=tee"] if edge["sign"] < 0 else []
        lines.append(f"  {quoted(source)} -> {quoted(target)} [{', '.join(looks)}];")
    return "\n".join([*lines, "}"]) + "\n"


def quoted(text: str) -> str:
    """A DOT string: a backslash would start an escape."""
    return '"' + visible(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def mermaid(graph: nx.MultiDiGraph) -> str:
    """For Markdown that renders Mermaid. Alternatives are dotted, what has to be absent ends in a cross."""
    ids = {name: f"n{number}" for number, name in enumerate(nodes_of(graph))}
    lines = ["flowchart LR"]
    for name, key in ids.items():
        node = graph.nodes[name]
        left, right = BRACKETS[node["kind"]]
        lines.append(f"  {key}{left}{in_mermaid(node['title'] or name.removeprefix('choice:'))}{right}")
    seen = set()
    for source, target, _, edge in edges_of(graph):
        arrow = ("-.-" if edge["alternative"] else "--") + ("x" if edge["sign"] < 0 else ">")
        line = f"  {ids[source]} {arrow}|{edge['kind']}| {ids[target]}"
        if line not in seen:
            seen.add(line)
            lines.append(line)
    return "\n".join(lines) + "\n"


def in_mermaid(text: str) -> str:
    """A label; whatever could be markup is a numeric entity of Mermaid, #60; for <."""
    return '"' + MERMAID.sub(lambda found: f"#{ord(found.group())};", visible(text)) + '"'


def graphml(graph: nx.MultiDiGraph) -> str:
    """For programs that read GraphML; networkx.read_graphml gives the graph back, with lists as texts."""
    import networkx as nx

    plain = nx.MultiDiGraph(**graph.graph)
    for name in nodes_of(graph):
        plain.add_node(visible(name), **{key: flat(value) for key, value in graph.nodes[name].items()})
    for source, target, key, edge in edges_of(graph):
        plain.add_edge(visible(source), visible(target), key, **{name: flat(value) for name, value in edge.items()})
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(nx.generate_graphml(plain)) + "\n"


def flat(value: object) -> object:
    """A value that GraphML has a type for; lists become texts with blanks between."""
    if isinstance(value, tuple):
        return visible(" ".join(value))
    return visible(str(value)) if isinstance(value, str) else value


def node_link(graph: nx.MultiDiGraph) -> str:
    """JSON: graph, nodes and edges; networkx.node_link_graph(data, edges="edges") gives the graph back."""
    data = {
        "schema": SCHEMA_VERSION,
        "tool": "kcfg",
        "directed": True,
        "multigraph": True,
        "graph": dict(graph.graph),
        "nodes": [{"id": name, **graph.nodes[name]} for name in nodes_of(graph)],
        "edges": [
            {"source": source, "target": target, "key": key, **edge} for source, target, key, edge in edges_of(graph)
        ],
    }
    from kcfg.show.json import encoded

    return encoded(data)


FORMATS: dict[str, Callable[[Any], str]] = {"dot": dot, "graphml": graphml, "json": node_link, "mermaid": mermaid}
