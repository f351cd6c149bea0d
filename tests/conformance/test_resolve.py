"""What `make olddefconfig` makes, on real kernels: a sample here, everything with `make conformance`."""

from __future__ import annotations

import pytest

from tests.conformance.compare import Case, differing, sample
from tests.conformance.kernels import available, run_conf

CASES = sample()


@pytest.mark.parametrize(
    "case", [pytest.param(case, marks=pytest.mark.xdist_group(f"{case.kernel}-{case.arch}")) for case in CASES], ids=str
)
def test_resolver_and_conf_agree_on_every_line(case: Case) -> None:
    count, differences = differing(case)
    assert count > 100
    assert differences == []


def test_sample_has_every_kernel_architecture_kind_and_form() -> None:
    if not CASES:
        pytest.skip("no kernels in the cache (KCFG_OFFLINE)")
    kernels = {case.kernel for case in CASES}
    assert {(case.kernel, case.arch) for case in CASES} == {
        (kernel, arch) for kernel in kernels for arch in ("x86_64", "i386", "arm64", "arm")
    }
    assert {case.form for case in CASES} == {"full", "savedefconfig", "flipped"}
    assert len({case.kind for case in CASES}) == 9


def test_replayed_probes_change_nothing_that_conf_says(monkeypatch: pytest.MonkeyPatch) -> None:
    kernels = available()
    if not kernels:
        pytest.skip("no kernels in the cache (KCFG_OFFLINE)")
    kernel = kernels[-1]
    replayed = run_conf(kernel, "x86_64", "--alldefconfig").text
    monkeypatch.setenv("KCFG_LIVE_PROBES", "1")
    assert run_conf(kernel, "x86_64", "--alldefconfig").text == replayed
