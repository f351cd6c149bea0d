from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

from graphs.build import build_graph, insert
from profiles import load_profile
from tests.graphs.trees import edges_of
from tests.kcfg.trees import MODULES, NEW, OLD, model_of, resolver_of

BOOL = 'config {}\n\tbool "x"\n'
TWO = BOOL.format("B") + BOOL.format("C")


def test_every_part_of_a_conjunction_is_needed_and_an_alternative_is_not(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on B && (C || D)\n' + TWO + BOOL.format("D")
    assert edges_of(build_graph(model_of(tmp_path, text)), "A") == {
        ("B", "depends", 1, False, "Kconfig:3"),
        ("C", "depends", 1, True, "Kconfig:3"),
        ("D", "depends", 1, True, "Kconfig:3"),
    }


def test_what_every_alternative_asks_for_is_needed(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on (B && C) || (B && !D)\n' + TWO + BOOL.format("D")
    assert edges_of(build_graph(model_of(tmp_path, text)), "A") == {
        ("B", "depends", 1, False, "Kconfig:3"),
        ("C", "depends", 1, True, "Kconfig:3"),
        ("D", "depends", -1, True, "Kconfig:3"),
    }


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("!B", {("B", -1, False)}),
        ("B=n", {("B", -1, False)}),
        ("B!=n", {("B", 1, False)}),
        ("B=y", {("B", 1, False)}),
        ("B!=y", {("B", -1, False)}),
        ("!(B || C)", {("B", -1, False), ("C", -1, False)}),
        ("!(B && C)", {("B", -1, True), ("C", -1, True)}),
        ("B || !B", {("B", 1, True), ("B", -1, True)}),
        ("B || y", {("B", 1, True)}),
        ("B || n", {("B", 1, False)}),
        ("!(B && y)", {("B", -1, False)}),
        ('I > 3 && S = "x"', {("I", 1, False), ("S", 1, False)}),
        ("I >= J", {("I", 1, False), ("J", 1, False)}),
    ],
)
def test_signs_of_literals(tmp_path: Path, condition: str, found: set[tuple[str, int, bool]]) -> None:
    numbers = 'config I\n\tint "i"\nconfig J\n\tint "j"\nconfig S\n\tstring "s"\n'
    text = f'config A\n\tbool "a"\n\tdepends on {condition}\n{TWO}{numbers}'
    graph = build_graph(model_of(tmp_path, text))
    assert {(target, sign, loose) for target, _, sign, loose, _ in edges_of(graph, "A")} == found


def test_a_conditional_dependency_is_an_alternative_to_its_condition_being_off(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on B if C\n' + TWO
    assert edges_of(build_graph(model_of(tmp_path, text)), "A") == {
        ("B", "depends", 1, True, "Kconfig:3"),
        ("C", "depends", -1, True, "Kconfig:3"),
    }


def test_conditions_of_blocks_are_edges_with_the_line_that_states_them(tmp_path: Path) -> None:
    text = (
        'if B\nmenu "m"\n\tdepends on C\n\tvisible if D\nconfig A\n\tbool "a" if E\n\tdepends on F\n'
        'endmenu\nendif\n' + "".join(BOOL.format(name) for name in "BCDEF")
    )  # fmt: skip
    graph = build_graph(model_of(tmp_path, text))
    assert edges_of(graph, "A") == {
        ("B", "depends", 1, False, "Kconfig:1"),
        ("C", "depends", 1, False, "Kconfig:3"),
        ("D", "prompt", 1, False, "Kconfig:4"),
        ("E", "prompt", 1, False, "Kconfig:6"),
        ("F", "depends", 1, False, "Kconfig:7"),
    }
    words = {target: data["word"] for _, target, data in graph.out_edges("A", data=True)}
    assert words == {"B": "if", "C": "menu depends on", "D": "visible if", "E": "prompt if", "F": "depends on"}


def test_selects_and_implies_go_from_who_acts(tmp_path: Path) -> None:
    text = (
        'config A\n\tbool "a"\n\tselect S\n\tselect T if B\n\timply U\nconfig S\n\tbool\n'
        "config T\n\tbool\nconfig U\n\tbool\n" + TWO
    )
    graph = build_graph(model_of(tmp_path, text))
    assert edges_of(graph, "A") == {
        ("S", "select", 1, False, "Kconfig:3"),
        ("T", "select", 1, True, "Kconfig:4"),
        ("U", "imply", 1, True, "Kconfig:5"),
    }
    assert graph.edges["A", "T", 0]["text"] == "T if B"


def test_the_dependency_of_a_second_definition_is_an_alternative(tmp_path: Path) -> None:
    text = (
        'config A\n\tbool "a"\n\tdepends on B && C\n\tselect S\nconfig A\n\tbool "a"\n\tdepends on C && D\n'
        "config S\n\tbool\n" + TWO + BOOL.format("D")
    )
    assert edges_of(build_graph(model_of(tmp_path, text)), "A") == {
        ("B", "depends", 1, True, "Kconfig:3"),
        ("C", "depends", 1, False, "Kconfig:3"),
        ("C", "depends", 1, False, "Kconfig:7"),
        ("D", "depends", 1, True, "Kconfig:7"),
        ("S", "select", 1, True, "Kconfig:4"),
    }


def test_a_definition_that_cannot_turn_its_symbol_on_is_no_alternative(tmp_path: Path) -> None:
    text = 'config A\n\tbool\n\tselect S\nconfig A\n\tbool "a"\n\tdepends on B\nconfig S\n\tbool\n' + TWO
    assert edges_of(build_graph(model_of(tmp_path, text)), "A", "depends") == {("B", "depends", 1, False, "Kconfig:6")}


def test_a_default_is_needed_only_where_nothing_else_sets_the_symbol(tmp_path: Path) -> None:
    text = (
        'config A\n\tdef_bool y if B\nconfig P\n\tbool "p"\n\tdefault B\nconfig M\n\tbool\n\tdefault n if B\n'
        "\tdefault y if C\nconfig N\n\tbool\n\tdefault B\nconfig Q\n\tbool\n\tselect N\n" + TWO
    )
    graph = build_graph(model_of(tmp_path, text))
    assert edges_of(graph, "A") == {("B", "default", 1, False, "Kconfig:2")}
    assert edges_of(graph, "P") == {("B", "default", 1, True, "Kconfig:5")}
    assert edges_of(graph, "M") == {
        ("B", "default", 1, True, "Kconfig:8"),
        ("C", "default", 1, False, "Kconfig:9"),
    }
    assert edges_of(graph, "N") == {("B", "default", 1, True, "Kconfig:12")}


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_member_leads_to_its_choice(tmp_path: Path, version: str) -> None:
    text = f'choice\n\tprompt "c"\n\tdepends on B\n\tdefault Y\n{BOOL.format("X")}{BOOL.format("Y")}endchoice\n{TWO}'
    graph = build_graph(model_of(tmp_path, text, version))
    choice = "choice:Kconfig:1"
    assert graph.nodes[choice]["kind"] == "choice"
    assert graph.nodes[choice]["prompt"]
    assert (choice, "choice", 1, False, "Kconfig:1") in edges_of(graph, "X")
    assert ("B", "depends", 1, False, "Kconfig:3") in edges_of(graph, choice)
    assert edges_of(graph, choice, "default") == {("Y", "default", 1, True, "Kconfig:4")}


def test_nodes_say_type_prompt_places_and_value(tmp_path: Path) -> None:
    text = (
        MODULES + 'config T\n\ttristate "t"\nconfig I\n\tint "i"\n\tdefault 4\nconfig H\n\tbool\n'
        "config H\n\tdef_bool NOWHERE\n"
    )
    model = model_of(tmp_path, text)
    graph = build_graph(model, resolver=resolver_of(model, "T=m"))
    found = {name: tuple(graph.nodes[name][key] for key in ("type", "prompt", "value", "places")) for name in "TIH"}
    assert found == {
        "T": ("tristate", True, "m", ("Kconfig:5",)),
        "I": ("int", True, "4", ("Kconfig:7",)),
        "H": ("bool", False, "n", ("Kconfig:10", "Kconfig:12")),
    }
    assert graph.nodes["NOWHERE"]["type"] == "unknown"
    assert graph.nodes["NOWHERE"]["places"] == ()
    assert graph.nodes["NOWHERE"]["value"] == ""


def test_a_mode_leads_to_what_its_rules_ask_for(tmp_path: Path) -> None:
    profile = tmp_path / "p.toml"
    profile.write_text(
        'schema = 1\nname = "p"\ntitle = "P"\nkind = "mode"\n'
        '[[rule]]\nlevel = "required"\nsymbol = "B"\nwhy = "w"\n'
        '[[rule]]\nlevel = "forbidden"\nsymbol = "C"\nwhy = "w"\n'
        '[[rule]]\nid = "either"\nlevel = "recommended"\nwhy = "w"\nany-of = [{ symbol = "D" }, { symbol = "E" }]\n'
        '[[rule]]\nlevel = "required"\nsymbol = "ABSENT"\nwhy = "w"\n'
    )
    text = TWO + BOOL.format("D") + BOOL.format("E")
    graph = build_graph(model_of(tmp_path, text), profiles=[load_profile(profile)])
    found = {
        (target, data["level"], data["sign"], data["alternative"], int(data["place"].rpartition(":")[2]))
        for _, target, data in graph.out_edges("mode:p", data=True)
    }
    assert found == {
        ("B", "required", 1, False, 5),
        ("C", "forbidden", -1, False, 9),
        ("D", "recommended", 1, True, 13),
        ("E", "recommended", 1, True, 13),
    }
    assert graph.nodes["mode:p"]["title"] == "P"


def test_edges_are_keyed_and_found_from_both_ends(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on B\n\tdepends on B || C\n\tselect B\n' + TWO
    graph = build_graph(model_of(tmp_path, text))
    assert sorted(graph["A"]["B"]) == [0, 1, 2]
    assert graph.number_of_edges("A", "B") == graph.in_degree("B") == 3
    assert graph.reverse().has_edge("B", "A")
    assert graph.number_of_edges() == len(list(graph.edges)) == 4


def test_edges_are_added_by_networkx_itself_where_its_tables_are_others() -> None:
    class Other(nx.MultiDiGraph):  # type: ignore[misc]
        _pred = None

        def __init__(self) -> None:
            self.added: list[object] = []

        def add_edges_from(self, edges: object) -> None:
            self.added += edges

    edges = [("A", "B", {"kind": "depends"}), ("A", "B", {"kind": "selects"})]
    other = Other()
    insert(other, edges)
    assert other.added == edges
    quick, plain = nx.MultiDiGraph(), nx.MultiDiGraph()
    for graph in (quick, plain):
        graph.add_nodes_from(["A", "B"])
    insert(quick, edges)
    plain.add_edges_from(edges)
    assert nx.utils.graphs_equal(quick, plain)
