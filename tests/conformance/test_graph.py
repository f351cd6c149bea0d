"""What goes when PARAVIRT_XXL goes, against the kernels' own conf with XEN_PV=n."""

from __future__ import annotations

import pytest

from graphs.losses import find_needed_by
from kcfg.answers.judge import Judge
from kcfg.base.version import KernelUsed
from kcfg.kconfig.config import parse_config
from kcfg.kconfig.kernels import Kernel as Judging
from kcfg.kconfig.model import Type
from kcfg.solver.store import open_solver
from tests.conformance.compare import lines_of, model_of
from tests.conformance.kernels import available, make_config, run_conf

SERIES = [kernel.name for kernel in available() if kernel.series >= (6, 1)]
XEN = "".join(
    f"CONFIG_{name}=y\n"
    for name in (
        "HYPERVISOR_GUEST",
        "PARAVIRT",
        "XEN",
        "XEN_PVH",
        "XEN_DOM0",
        "XEN_BACKEND",
        "XEN_MCE_LOG",
        "XEN_BALLOON",
    )
)


@pytest.mark.parametrize("series", SERIES)
def test_what_goes_with_paravirt_xxl_is_what_conf_takes_away_with_xen_pv(series: str) -> None:
    kernel, model, answers = model_of(series, "x86_64")
    base = make_config(kernel, "x86_64", "defconfig").text + XEN
    before = run_conf(kernel, "x86_64", "--olddefconfig", base).text
    assert "CONFIG_PARAVIRT_XXL=y\n" in before
    after = run_conf(kernel, "x86_64", "--olddefconfig", before + "# CONFIG_XEN_PV is not set\n").text
    used = KernelUsed(version=model.version, arch=model.arch, origin="tree", name=str(kernel.tree))
    judge = Judge(parse_config(before, "before.config"), Judging(model, used, True), answers)
    solver = open_solver(model, judge.resolver.answers, cache=False)
    report = find_needed_by(judge, solver, "PARAVIRT_XXL", version="0", given=True)
    assert [(line.symbol, line.value) for line in report.off] == [("XEN_PV", "n")]
    everything = (*report.lost, *report.gained, *report.changed)
    found = {one.symbol: (one.old.replace("n", ""), one.new.replace("n", "")) for one in everything}
    assert found == differing(lines_of(before), lines_of(after))
    assert {"PARAVIRT_XXL", "XEN_PV", "XEN_PV_DOM0", "XEN_MCE_LOG", "SWIOTLB_XEN"} <= {
        one.symbol for one in report.lost
    }
    assert set(report.never) <= {s.name for s in model.symbols if s.type in (Type.BOOL, Type.TRISTATE)}
    assert not set(report.never) & {name for name, line in lines_of(after).items() if value_of(line) in ("y", "m")}


def differing(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The symbols whose lines differ, with both values; n and no line are the same."""
    pairs = {
        name: (value_of(before.get(name, "")), value_of(after.get(name, ""))) for name in before.keys() | after.keys()
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def value_of(line: str) -> str:
    """The value in a line, "" for n and for no line."""
    return line.partition("=")[2].strip('"')
