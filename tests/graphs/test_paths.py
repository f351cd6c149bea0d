from __future__ import annotations

from pathlib import Path

import pytest

from graphs.build import build_graph
from graphs.findings import PathReport
from graphs.nodes import find_node
from graphs.paths import find_paths
from kcfg.base.errors import UserError
from kcfg.base.version import KernelUsed
from tests.graphs.trees import XEN, mode
from tests.kcfg.trees import model_of

USED = KernelUsed(version="6.12.0", arch="x86_64", origin="tree", name="small")


def ask(folder: Path, text: str, source: str, target: str, **more: object) -> PathReport:
    graph = build_graph(model_of(folder, text))
    return find_paths(graph, source, target, kernel=USED, version="0", **more)  # type: ignore[arg-type]


def nodes(report: PathReport) -> list[tuple[str, ...]]:
    return [path.nodes for path in report.paths]


def symbol(name: str, *lines: str) -> str:
    return f'config {name}\n\tbool "x"\n' + "".join(f"\t{line}\n" for line in lines)


def test_a_conjunction_is_certain_and_an_alternative_is_not(tmp_path: Path) -> None:
    sure = ask(tmp_path / "a", XEN, "XEN_PVH", "XEN")
    assert sure.certain is not None
    assert sure.certain.nodes == ("XEN_PVH", "XEN")
    report = ask(tmp_path / "b", XEN, "XEN_DOM0", "XEN_PVH")
    assert nodes(report) == [("XEN_DOM0", "XEN_PVH")]
    assert report.certain is None
    (edge,) = report.paths[0].steps[0].edges
    assert (edge.kind, edge.alternative, edge.place) == ("depends", True, "Kconfig:30")
    assert edge.statement == "depends on XEN_PV || XEN_PVH"


def test_all_shortest_paths_are_counted_and_come_by_name(tmp_path: Path) -> None:
    text = symbol("A", "depends on B || C || D") + symbol("B", "depends on E") + symbol("C", "depends on E")
    text += symbol("D", "depends on F") + symbol("F", "depends on E") + symbol("E")
    report = ask(tmp_path, text, "A", "E")
    assert (report.length, report.count) == (2, 2)
    assert nodes(report) == [("A", "B", "E"), ("A", "C", "E")]
    few = ask(tmp_path, text, "A", "E", limit=1)
    assert (few.count, nodes(few)) == (2, [("A", "B", "E")])


def test_the_certain_path_may_be_longer_than_the_shortest(tmp_path: Path) -> None:
    text = symbol("A", "depends on B", "depends on C || D") + symbol("B", "depends on C") + symbol("C") + symbol("D")
    report = ask(tmp_path, text, "A", "C")
    assert nodes(report) == [("A", "C")]
    assert report.certain is not None
    assert report.certain.nodes == ("A", "B", "C")


def test_a_symbol_without_a_prompt_needs_who_selects_it(tmp_path: Path) -> None:
    report = ask(tmp_path / "a", XEN, "PARAVIRT_XXL", "XEN")
    assert report.certain is not None
    assert report.certain.nodes == ("PARAVIRT_XXL", "XEN_PV", "XEN")
    assert report.certain.steps[0].edges[0].kind == "selected-by"
    assert ask(tmp_path / "b", XEN, "PVH", "XEN").length == 0  # a user can set it without XEN_PVH


def test_one_of_two_that_select_it_is_not_certain(tmp_path: Path) -> None:
    text = symbol("A", "select S") + symbol("B", "select S") + "config S\n\tbool\n"
    assert ask(tmp_path / "a", text, "S", "A").certain is None
    with_default = symbol("A", "select S") + "config S\n\tdef_bool y\n"
    assert ask(tmp_path / "b", with_default, "S", "A").certain is None


def test_what_a_select_turns_on_need_not_have_its_dependencies_met(tmp_path: Path) -> None:
    text = symbol("A", "select S") + "config S\n\tbool\n\tdepends on B\n" + symbol("B") + symbol("C", "select S")
    report = ask(tmp_path / "a", text, "A", "B")
    assert report.length == 2
    assert report.certain is None
    assert not report.paths[0].certain
    assert ask(tmp_path / "b", text, "A", "C").length == 0  # A turns S on by itself, nobody else has to


def test_asking_for_an_absence_is_not_certain(tmp_path: Path) -> None:
    report = ask(tmp_path, symbol("A", "depends on !B") + symbol("B"), "A", "B")
    assert report.certain is None
    assert report.paths[0].steps[0].edges[0].sign == -1


def test_the_way_back_is_told(tmp_path: Path) -> None:
    report = ask(tmp_path, XEN, "XEN", "XEN_DOM0")
    assert (report.length, report.count, report.paths, report.back) == (0, 0, (), 2)


def test_a_mode_leads_to_what_it_requires_and_not_to_what_it_recommends(tmp_path: Path) -> None:
    graph = build_graph(model_of(tmp_path, XEN), profiles=[mode(tmp_path, "XEN_PVH", "(PCI)")])
    report = find_paths(graph, "ours", "ACPI", kernel=USED, version="0")
    assert report.certain is not None
    assert report.certain.nodes == ("mode:ours", "XEN_PVH", "ACPI")
    assert find_paths(graph, "mode:ours", "PCI", kernel=USED, version="0").length == 0


def test_only_the_edges_that_are_asked_for_are_followed(tmp_path: Path) -> None:
    assert ask(tmp_path / "a", XEN, "XEN_DOM0", "PARAVIRT_XXL").length == 2
    assert ask(tmp_path / "b", XEN, "XEN_DOM0", "PARAVIRT_XXL", kinds=("depends",)).length == 0


def test_a_node_that_is_not_there_has_near_misses(tmp_path: Path) -> None:
    graph = build_graph(model_of(tmp_path, XEN), profiles=[mode(tmp_path, "XEN")])
    assert find_node(graph, "CONFIG_XEN_PV") == "XEN_PV"
    for typed, meant in (("XEN_PHV", "XEN_PVH"), ("xen_pvh", "XEN_PVH"), ("our-s", "ours")):
        with pytest.raises(UserError) as caught:
            find_node(graph, typed)
        assert meant in caught.value.hint
