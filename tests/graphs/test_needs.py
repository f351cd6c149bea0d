from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from graphs.findings import NeedsReport
from graphs.needs import find_needs
from graphs.sets import Sets
from graphs.ways import Minimal
from kcfg.base.errors import UserError
from kcfg.kconfig.model import Type
from kcfg.solver.encode import encode
from kcfg.solver.solver import Solver
from tests.graphs.trees import XEN, Small, configurations, on_names
from tests.kcfg.random_trees import trees
from tests.kcfg.trees import MODULES, OLD, model_of


def ask(small: Small, name: str, **more: int) -> NeedsReport:
    return find_needs(small.graph, small.judge, small.solver, name, version="0", **more)


def ways(report: NeedsReport) -> list[str]:
    assert all(way.verified for way in report.ways)
    return [" ".join(f"{line.symbol}={line.value}" for line in way.lines) for way in report.ways]


def test_every_minimal_set_of_lines_is_a_way(tmp_path: Path) -> None:
    report = ask(Small(tmp_path, XEN), "XEN_DOM0")
    assert ways(report) == ["PCI=y XEN=y XEN_DOM0=y XEN_PV=y", "ACPI=y PCI=y XEN=y XEN_DOM0=y XEN_PVH=y"]
    assert report.complete
    assert report.common == ("PCI", "XEN")


def test_a_symbol_without_a_prompt_comes_with_the_lines_that_bring_it(tmp_path: Path) -> None:
    assert ways(ask(Small(tmp_path, XEN), "PARAVIRT_XXL")) == ["XEN=y XEN_PV=y"]


def test_a_symbol_that_is_always_on_needs_no_line(tmp_path: Path) -> None:
    report = ask(Small(tmp_path, XEN), "64BIT")
    assert ways(report) == [""]
    assert report.complete


def test_there_are_more_ways_than_were_asked_for(tmp_path: Path) -> None:
    report = ask(Small(tmp_path, XEN), "XEN_DOM0", limit=1)
    assert len(report.ways) == 1
    assert not report.complete


def test_a_symbol_that_can_never_be_on_has_a_core_and_no_way(tmp_path: Path) -> None:
    small = Small(tmp_path, 'config A\n\tbool "a"\n\tdepends on B && !B\nconfig B\n\tbool "b"\n')
    report = ask(small, "A")
    assert report.ways == ()
    assert [str(reason.where) for reason in report.core] == ["Kconfig:3"]


@pytest.mark.parametrize("version", [OLD, "6.12.0"])
def test_the_member_of_a_choice_that_is_not_its_default_is_a_line(tmp_path: Path, version: str) -> None:
    text = 'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nendchoice\nconfig X\n\tdef_bool B\n'
    small = Small(tmp_path, text, version=version)
    assert ways(ask(small, "X")) == ["B=y"]
    assert ways(ask(small, "A")) == [""]


def test_a_tristate_may_be_enough_as_a_module(tmp_path: Path) -> None:
    text = MODULES + 'config A\n\ttristate "a"\n\tdepends on B\nconfig B\n\ttristate "b"\n'
    report = ask(Small(tmp_path, text), "A")
    assert [[line.symbol for line in way.lines] for way in report.ways] == [["A", "B"]]


def test_the_cone_tells_what_is_certain_always_and_never(tmp_path: Path) -> None:
    text = XEN + 'config DEAD\n\tbool "d"\n\tdepends on !64BIT\nconfig TOP\n\tbool "t"\n\tdepends on XEN_PVH || DEAD\n'
    found = {one.name: one for one in ask(Small(tmp_path, text), "TOP", depth=3).cone}
    assert {name: (one.depth, one.certain, one.state, one.needed_by) for name, one in found.items()} == {
        "DEAD": (1, False, "never", "TOP"),
        "XEN_PVH": (1, False, "", "TOP"),
        "ACPI": (2, False, "", "XEN_PVH"),
        "PVH": (2, False, "", "XEN_PVH"),
        "XEN": (2, False, "", "XEN_PVH"),
        "64BIT": (3, False, "always", "XEN"),
        "HELPER": (3, False, "", "ACPI"),
    }
    sure = {one.name: one.certain for one in ask(Small(tmp_path / "b", text), "XEN_DOM0").cone}
    assert {name for name, certain in sure.items() if certain} == {"PCI"}


def test_an_int_has_no_ways(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        ask(Small(tmp_path, 'config I\n\tint "i"\n'), "I")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=trees(old=False))
def test_ways_are_those_of_all_configurations(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    model = model_of(tmp_path_factory.mktemp("tree"), text)
    solver = Solver(model, encode(model, {}))
    minimal = Minimal(solver)
    settable = [
        number
        for number, symbol in enumerate(model.symbols)
        if symbol.type in (Type.BOOL, Type.TRISTATE)
        and number not in model.choice_of
        and any(model.definitions[d].prompt is not None for d in symbol.definitions)
    ]
    others = any(symbol.type > Type.TRISTATE for symbol in model.symbols) or model.choices
    for number, symbol in enumerate(model.symbols):
        if symbol.definitions and symbol.type in (Type.BOOL, Type.TRISTATE) and solver.encoding.enabled[number] > 1:
            found, complete = minimal.ways(number, settable, 40)
            assert all(way.verified for way in found)
            if complete and not others and len(settable) <= 6:
                assert {frozenset(line.symbol for line in way.lines) for way in found} == brute(
                    minimal, number, settable
                )


def brute(minimal: Minimal, symbol: int, settable: list[int]) -> set[frozenset[str]]:
    """The minimal sets of symbols that turn a symbol on when they are m or y and all others n."""
    names = [one.name for one in minimal.model.symbols]
    found: list[frozenset[int]] = []
    for size in range(len(settable) + 1):
        for chosen in combinations(settable, size):
            if any(one <= set(chosen) for one in found):
                continue
            for bits in range(2**size):
                lines = {number: "ym"[bits >> place & 1] for place, number in enumerate(chosen)}
                if minimal.resolve(lines, {}).tri(symbol):
                    found.append(frozenset(chosen))
                    break
    return {frozenset(names[number] for number in one) for one in found}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=trees(old=True))
def test_always_and_never_are_those_of_all_configurations(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    model = model_of(tmp_path_factory.mktemp("tree"), text, OLD)
    if any(symbol.type > Type.TRISTATE for symbol in model.symbols):
        return
    sets = Sets(Solver(model, encode(model, {})))
    every = [on_names(resolver) for _, resolver in configurations(model)]
    always = frozenset.intersection(*every)
    some = frozenset.union(*every)
    assert {model.symbols[number].name for number in sets.on([])} == always
    defined = [n for n, s in enumerate(model.symbols) if s.definitions and s.type in (Type.BOOL, Type.TRISTATE)]
    off = sets.off([], defined)
    assert {model.symbols[number].name for number in off} == {model.symbols[n].name for n in defined} - some


def test_a_probe_without_an_answer_is_told_with_the_way(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\n\tdepends on $(shell,a) || B\nconfig B\n\tbool "b"\n'
    report = ask(Small(tmp_path, text), "A")
    found = [([line.symbol for line in way.lines], way.verified, way.probes) for way in report.ways]
    assert found == [(["A"], True, ("$(shell,a)",)), (["A", "B"], True, ())]
