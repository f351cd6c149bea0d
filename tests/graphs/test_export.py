from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import networkx as nx
import pydot
import pytest

from graphs.build import build_graph
from graphs.export import dot, graphml, mermaid, neighbourhood, node_link, part, quoted
from tests.graphs.trees import XEN, mode
from tests.kcfg.trees import NEW, model_of

HOSTILE = (
    'config A\n\tbool "a"\n\tdepends on S = "\\"]; x -> y [<script>&--> #quot; |\\\\ end" || B\n'
    'config S\n\tstring "s"\nconfig B\n\tbool "b"\n\tdepends on !A2\nconfig A2\n\tbool "a2"\n'
)
CHOICE = 'choice\n\tprompt "c"\n\tdefault Y\nconfig X\n\tbool "x"\nconfig Y\n\tbool "y"\nendchoice\n'


@pytest.fixture(params=[XEN + CHOICE, HOSTILE], ids=["xen", "hostile"])
def graph(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    profiles = [mode(tmp_path, "XEN_PVH", "!XEN_PV")]
    return build_graph(model_of(tmp_path / "tree", request.param, NEW), profiles=profiles)


def pairs(graph: Any) -> list[tuple[str, str]]:
    return sorted((source, target) for source, target, _ in graph.edges)


def statements(graph: Any) -> list[tuple[object, ...]]:
    keys = ("kind", "sign", "alternative", "place", "word", "text")
    return sorted((source, target, *(edge[key] for key in keys)) for source, target, edge in graph.edges(data=True))


def test_dot_is_read_by_a_parser_with_every_node_and_edge(graph: Any) -> None:
    (read,) = pydot.graph_from_dot_data(dot(graph))
    named = {node.get_name().strip('"') for node in read.get_nodes()} - {"node", "edge"}
    assert named == set(graph.nodes)
    assert sorted((e.get_source().strip('"'), e.get_destination().strip('"')) for e in read.get_edges()) == pairs(graph)


def test_dot_shows_alternatives_and_absences(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on B || C\n\tdepends on !D\n' + "".join(
        f'config {name}\n\tbool "x"\n' for name in "BCD"
    )
    (read,) = pydot.graph_from_dot_data(dot(build_graph(model_of(tmp_path, text))))
    looks = {edge.get_destination().strip('"'): edge.get_attributes() for edge in read.get_edges()}
    assert {name for name, one in looks.items() if one.get("style") == "dashed"} == {"B", "C"}
    assert {name for name, one in looks.items() if one.get("arrowhead") == "tee"} == {"D"}


def test_quotes_and_backslashes_stay_inside_a_dot_string() -> None:
    assert quoted('a\\b"c\n') == '"a\\\\b\\"c\\\\n"'


def test_graphml_loads_again(graph: Any) -> None:
    read = nx.read_graphml(io.BytesIO(graphml(graph).encode()), force_multigraph=True)
    assert set(read.nodes) == set(graph.nodes)
    assert pairs(read) == pairs(graph)
    for name, node in graph.nodes.items():
        assert {**node, "roles": " ".join(node["roles"]), "places": " ".join(node["places"])} == read.nodes[name]
    assert statements(read) == statements(graph)


def test_json_is_networkx_own_node_link_form(graph: Any) -> None:
    data = json.loads(node_link(graph))
    read = nx.node_link_graph(data, edges="edges")
    assert isinstance(read, nx.MultiDiGraph)
    assert pairs(read) == pairs(graph)
    assert {name: node["type"] for name, node in read.nodes.items()} == dict(graph.nodes(data="type"))
    assert data["schema"] == 1


def test_a_control_character_is_spelled_out_in_xml(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on S = "\x1b[31m"\nconfig S\n\tstring "s"\n'
    graph = build_graph(model_of(tmp_path, text))
    written = graphml(graph)
    assert "\x1b" not in written + dot(graph) + mermaid(graph)
    assert nx.read_graphml(io.BytesIO(written.encode())).number_of_edges() == 1


def test_mermaid_labels_hold_no_markup(graph: Any) -> None:
    lines = mermaid(graph).splitlines()
    assert lines[0] == "flowchart LR"
    node = re.compile(r"""  n\d+(\["[^"<>&`|\]\[{}]*"\]|\{"[^"<>&`|\]\[{}]*"\}|\(\["[^"<>&`|\]\[{}]*"\]\))""")
    edge = re.compile(r"  n\d+ (--|-\.-)[>x]\|[a-z]+\| n\d+")
    assert [line for line in lines[1:] if not (node.fullmatch(line) or edge.fullmatch(line))] == []
    assert sum(bool(node.fullmatch(line)) for line in lines) == graph.number_of_nodes()


def test_a_title_with_markup_stays_text_in_mermaid(tmp_path: Path) -> None:
    profile = tmp_path / "p.toml"
    profile.write_text('schema = 1\nname = "p"\ntitle = "<b>\\"x\\" #quot; | end"\nkind = "mode"\n')
    from profiles import load_profile

    graph = build_graph(model_of(tmp_path / "tree", XEN), profiles=[load_profile(profile)])
    (line,) = [line for line in mermaid(graph).splitlines() if "([" in line]
    assert line.split("([")[1] == '"#60;b#62;#34;x#34; #35;quot#59; #124; end"])'


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (build_graph(model_of(tmp_path / name, XEN)) for name in "ab")
    for write in (dot, graphml, mermaid, node_link):
        assert write(first) == write(second)


def test_a_neighbourhood_has_a_depth_and_a_direction(tmp_path: Path) -> None:
    graph = build_graph(model_of(tmp_path, XEN))
    assert neighbourhood(graph, ["XEN_PVH"], 1, "out") == {"XEN_PVH", "XEN", "ACPI", "PVH"}
    assert neighbourhood(graph, ["XEN_PVH"], 1, "in") == {"XEN_PVH", "XEN_DOM0"}
    assert neighbourhood(graph, ["XEN_PVH"], 2, "in") == {"XEN_PVH", "XEN_DOM0", "XEN_BACKEND"}
    assert neighbourhood(graph, ["XEN_PVH"], 0) == {"XEN_PVH"}
    small = part(graph, {"XEN_PVH", "ACPI", "XEN_PV"})
    assert pairs(small) == [("XEN_PVH", "ACPI")]
    small.remove_node("ACPI")
    assert "ACPI" in graph


def test_a_part_has_the_order_of_the_graph_whatever_the_order_of_the_nodes() -> None:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(("d", "a", "c", "b"))
    graph.add_edges_from([("d", "b"), ("a", "d"), ("c", "a"), ("b", "c"), ("d", "c")])
    for nodes in ({"b", "d", "c"}, ["c", "b", "d"], frozenset("dcb")):
        found = part(graph, nodes)
        assert (list(found), list(found.edges())) == (["d", "c", "b"], [("d", "b"), ("d", "c"), ("b", "c")])
