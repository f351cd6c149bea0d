"""Facts about the kernels' Xen options, from their Kconfig files: the built-in models answer with them."""

from __future__ import annotations

from functools import cache

import pytest

from graphs.build import build_graph
from graphs.dominators import compare
from graphs.findings import CompareRow, HistoryRow
from graphs.history import find_history
from graphs.needs import find_needs
from kcfg.answers.judge import Judge
from kcfg.kconfig.config import Config
from kcfg.kconfig.kernels import Kernel, open_kernel
from kcfg.solver.solver import Solver
from kcfg.solver.store import open_solver
from profiles import load_profile

SERIES = ("5.10", "6.1", "6.12", "7.3")
pytestmark = pytest.mark.xdist_group("graph-facts")  # so that one process keeps the models


@cache
def opened(series: str) -> tuple[Kernel, Solver]:
    kernel = open_kernel(kernel=series, arch="x86_64")
    return kernel, open_solver(kernel.model, kernel.model.answers, cache=False)


@cache
def rows(left: str, right: str) -> dict[str, CompareRow]:
    report = compare([opened(one) for one in SERIES], load_profile(left), load_profile(right), version="0")
    return dict(zip(SERIES, report.rows, strict=True))


@cache
def history(name: str) -> dict[str, HistoryRow]:
    report = find_history([opened(one) for one in SERIES], name, version="0")
    return dict(zip(SERIES, report.rows, strict=True))


def told(row: HistoryRow, kind: str) -> set[str]:
    return {one.text for one in row.statements if one.kind == kind}


def changes(row: HistoryRow) -> set[str]:
    return {f"{'+' if one.new else '-'} {one.statement.kind} {one.statement.text}" for one in row.changes}


def test_a_dom0_needs_pv_before_5_15_and_pv_or_pvh_since() -> None:
    found = history("XEN_DOM0")
    assert {"XEN_PV", "SWIOTLB_XEN", "PCI_XEN"} <= told(found["5.10"], "depends")
    assert changes(found["6.1"]) == {
        "- depends PCI_XEN",
        "- depends SWIOTLB_XEN",
        "- depends XEN_PV",
        "+ depends (XEN_PV && SWIOTLB_XEN) || (XEN_PVH && X86_64)",
        "- default y",
        "+ default XEN_PV",
        "+ select X86_X2APIC if XEN_PVH && X86_64",
    }
    for series in ("6.12", "7.3"):
        assert {"X86_IO_APIC", "ACPI", "PCI"} <= told(found[series], "depends")
        assert "(XEN_PV && SWIOTLB_XEN) || (XEN_PVH && X86_64)" in told(found[series], "depends")


def test_pvh_depends_on_xen_and_acpi_and_as_long_as_there_is_one_on_pvhvm() -> None:
    found = history("XEN_PVH")
    for series in SERIES:
        assert {"XEN", "ACPI"} <= told(found[series], "depends")
        assert told(found[series], "select") == {"PVH"}
        assert told(found[series], "prompt") == {""}
        assert "PCI" not in told(found[series], "depends")
    assert ["XEN_PVHVM" in told(found[series], "depends") for series in SERIES] == [True, True, True, False]


def test_pvhvm_loses_its_prompt_and_pci() -> None:
    found = history("XEN_PVHVM")
    assert "PCI" in told(found["5.10"], "depends")
    assert changes(found["6.1"]) == {"- prompt ", "- depends PCI"}
    guest = history("XEN_PVHVM_GUEST")
    assert guest["5.10"].places == ()
    assert told(guest["6.1"], "prompt") == {""}
    assert {"PCI", "XEN_PVHVM"} <= told(guest["6.1"], "depends")


def test_only_pv_selects_paravirt_xxl_and_nothing_else_sets_it() -> None:
    for row in history("PARAVIRT_XXL").values():
        assert told(row, "selected-by") == {"XEN_PV"}
        assert told(row, "prompt") == told(row, "default") == set()
        assert row.possible


@pytest.mark.parametrize(
    ("name", "gone"),
    [("XEN_SAVE_RESTORE", "7.3"), ("XEN_STUB", "6.1"), ("XEN_ACPI_HOTPLUG_CPU", "6.1")],
)
def test_what_is_gone_is_gone(name: str, gone: str) -> None:
    found = history(name)
    assert found[gone].places == ()
    assert found["5.10"].places


@pytest.mark.parametrize("series", SERIES)
def test_a_pv_guest_needs_pv_code_and_a_pvh_guest_acpi(series: str) -> None:
    row = rows("pv-domu", "pvh-domu")[series]
    assert (row.left_why, row.right_why, row.together) == ("", "", True)
    assert {"HYPERVISOR_GUEST", "PARAVIRT", "XEN", "PARAVIRT_CLOCK", "X86_HV_CALLBACK_VECTOR"} <= set(row.shared)
    assert {"XEN_PV", "PARAVIRT_XXL", "XEN_HAVE_PVMMU", "XEN_HAVE_VPMU"} <= set(row.only_left)
    assert {"ACPI", "XEN_PVH", "PVH"} <= set(row.only_right)


def test_what_tells_a_pv_guest_from_a_pvh_guest_differs_by_kernel() -> None:
    found = rows("pv-domu", "pvh-domu")
    right = {series: set(found[series].only_right) for series in SERIES}
    assert [{"PCI", "XEN_PVHVM"} <= right[series] for series in SERIES] == [True, False, False, False]
    assert ["PCI" in {*right[series], *found[series].shared} for series in SERIES] == [True, False, False, False]
    assert ["XEN_PVHVM" in found[series].shared for series in SERIES] == [False, True, True, False]
    assert ["SWIOTLB_XEN" in found[series].only_left for series in SERIES] == [False, True, True, True]
    assert ["GUEST_PERF_EVENTS" in found[series].only_left for series in SERIES] == [False, True, True, True]


def test_a_pvh_dom0_exists_since_5_15_and_needs_x2apic() -> None:
    found = rows("pv-dom0", "pvh-dom0")
    assert found["5.10"].right_why
    for series in SERIES[1:]:
        row = found[series]
        assert {"XEN_DOM0", "ACPI", "PCI"} <= set(row.shared)
        assert set(row.only_right) == {"PVH", "X86_X2APIC", "XEN_PVH"}
        assert {"PARAVIRT_XXL", "SWIOTLB_XEN", "XEN_PV", "XEN_PV_DOM0"} <= set(row.only_left)
        assert row.together


LINES = {
    "5.10": {"ACPI", "HYPERVISOR_GUEST", "PARAVIRT", "PCI", "XEN", "XEN_PVH", "XEN_PVHVM"},
    "6.12": {"ACPI", "HYPERVISOR_GUEST", "PARAVIRT", "XEN", "XEN_PVH"},
}


@pytest.mark.parametrize("series", LINES)
def test_the_lines_of_a_pvh_guest_are_those_that_were_measured_with_conf(series: str) -> None:
    kernel, solver = opened(series)
    judge = Judge(Config(name=""), kernel)
    report = find_needs(build_graph(kernel.model), judge, solver, "XEN_PVH", version="0")
    assert report.complete
    assert all(way.verified for way in report.ways)
    assert LINES[series] in [{line.symbol for line in way.lines} for way in report.ways]
    assert LINES[series] - {"PARAVIRT"} <= {"PVH", *report.common, "XEN_PVH"}
