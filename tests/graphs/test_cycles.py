from __future__ import annotations

from pathlib import Path

import pytest

from graphs.build import build_graph
from graphs.cycles import find_cycles
from graphs.findings import CyclesReport
from kcfg.base.version import KernelUsed
from kcfg.kconfig.models import built_in, snapshots
from tests.kcfg.trees import NEW, OLD, model_of

USED = KernelUsed(version="6.12.0", arch="x86_64", origin="tree", name="small")


def ask(folder: Path, text: str, version: str = NEW) -> CyclesReport:
    return find_cycles(build_graph(model_of(folder, text, version)), kernel=USED, version="0")


def test_symbols_that_depend_on_each_other_are_recursive(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n\tdepends on C\nconfig C\n\tbool "c" if A\n'
    (cycle,) = ask(tmp_path, text).recursive
    assert cycle.nodes == ("A", "B", "C")
    assert [(step.source, step.target, step.edges[0].place) for step in cycle.steps] == [
        ("A", "B", "Kconfig:3"),
        ("B", "C", "Kconfig:6"),
        ("C", "A", "Kconfig:8"),
    ]


def test_what_is_recursive_is_no_legal_loop_as_well(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n\tdepends on A\n'
    other = 'config C\n\tbool "c"\n\tselect D\nconfig D\n\tbool "d"\n\tdepends on C\n'
    report = ask(tmp_path, text + other)
    assert [one.nodes for one in report.recursive] == [("A", "B")]
    assert [one.nodes for one in report.loops] == [("C", "D")]


def test_depending_on_what_one_selects_is_recursive(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on B\n\tselect B\nconfig B\n\tbool "b"\n'
    (cycle,) = ask(tmp_path, text).recursive
    assert {edge.kind for step in cycle.steps for edge in step.edges} == {"depends", "selected-by"}


def test_a_default_that_reads_its_own_symbol_is_recursive(tmp_path: Path) -> None:
    (cycle,) = ask(tmp_path, 'config A\n\tbool "a"\n\tdefault A\n').recursive
    assert cycle.nodes == ("A",)
    assert [(step.source, step.target) for step in cycle.steps] == [("A", "A")]


def test_selecting_what_depends_on_one_is_a_loop_and_no_recursion(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tselect B\nconfig B\n\tbool "b"\n\tdepends on A\n'
    report = ask(tmp_path, text)
    assert report.recursive == ()
    (loop,) = report.loops
    assert loop.nodes == ("A", "B")
    assert [(step.source, step.target, step.edges[0].kind) for step in loop.steps] == [
        ("A", "B", "select"),
        ("B", "A", "depends"),
    ]


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_choice_and_its_members_are_no_circle(tmp_path: Path, version: str) -> None:
    text = 'choice\n\tprompt "c"\n\tdefault B\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nendchoice\n'
    report = ask(tmp_path, text, version)
    assert (report.recursive, report.loops) == ((), ())


@pytest.mark.parametrize("series", ["6.1", "7.3"])
def test_no_kernel_has_a_recursive_dependency(series: str) -> None:
    (one,) = [one for one in snapshots() if (one.series, one.arch) == (series, "x86_64")]
    report = find_cycles(build_graph(built_in(one)), kernel=USED, version="0")
    assert report.recursive == ()
    assert ("ACPI", "PNP") in [loop.nodes for loop in report.loops]
