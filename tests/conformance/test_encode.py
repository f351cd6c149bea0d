"""The clauses admit exactly what each kernel's conf keeps: a sample, or everything with KCFG_CONFORMANCE_N=1.

A larger KCFG_CONFORMANCE_N multiplies the random models (50) and the flipped configurations (100).
"""

from __future__ import annotations

import os

import pytest

from tests.conformance.kernels import ARCHES, available
from tests.conformance.solver_compare import Tally, check

TIMES = int(os.environ.get("KCFG_CONFORMANCE_N", "0"))
ALL = [(kernel.name, arch) for kernel in available() for arch in ARCHES]
SAMPLE = [(kernel.name, ARCHES[i % len(ARCHES)]) for i, kernel in enumerate(available())]


@pytest.mark.parametrize(
    ("kernel", "arch"),
    [pytest.param(*case, marks=pytest.mark.xdist_group("-".join(case))) for case in (ALL if TIMES else SAMPLE)],
)
def test_clauses_and_conf_agree(kernel: str, arch: str) -> None:
    tally = run(kernel, arch)
    print(f"{kernel} {arch}: {tally.made} made, {tally.models} random, {tally.flips} flipped ({tally.flips_kept} kept)")
    assert tally.wrong == []
    assert tally.flips > tally.flips_kept or not TIMES


def run(kernel: str, arch: str) -> Tally:
    if TIMES:
        return check(kernel, arch, models=50 * TIMES, flips=100 * TIMES, randconfigs=20)
    return check(kernel, arch, models=2, flips=6, randconfigs=1, names=3)
