"""Seeded searches: what is refuted in a number of cases, and the smallest case for each kind of refutation."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from functools import cache

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.conformance import kernels
from tests.conformance.kernels import Kernel
from tests.oracle.questions import Case, cases
from tests.oracle.verdicts import Tally, examine, presented

CHUNK = 25
"""Cases for one seed."""
RECURSION = 200_000
"""What kcfg sets the limit to when it first resolves; hypothesis warns of limits that change while it runs."""


class RefutedError(AssertionError):
    """A claim is refuted; each kind has a class of its own, so that hypothesis shrinks each on its own."""


@cache
def error_of(kind: str) -> type[RefutedError]:
    return type("RefutedError", (RefutedError,), {"kind": kind})


def run(kernel: Kernel, number: int, examined: Callable[[Case], None], *, count: int = CHUNK, shrink: bool) -> None:
    """Calls `examined` for the cases of one seed; `shrink`: and for smaller ones once it raises an error."""
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)

    @seed(number)
    @settings(
        max_examples=count,
        phases=phases,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,
    )
    @given(cases(kernel.series))
    def one(case: Case) -> None:
        examined(case)

    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
    one()


def survey(name: str, number: int, count: int = CHUNK) -> Tally:
    """What the cases of one seed come to, for the kernel of a series."""
    kernel = kernels.kernel(name)
    tally = Tally()

    def examined(case: Case) -> None:
        examine(kernel, case, tally)

    run(kernel, number, examined, count=count, shrink=False)
    return tally


def smallest(name: str, number: int, kinds: Collection[str], count: int = CHUNK) -> str:
    """The smallest case found with a refutation of one of these kinds, for a person; "" where there is none."""
    kernel = kernels.kernel(name)
    last = ""

    def examined(case: Case) -> None:
        nonlocal last
        for refutation in examine(kernel, case, Tally()):
            if refutation.kind in kinds:
                last = presented(kernel, case, refutation)
                raise error_of(refutation.kind)(last)

    try:
        run(kernel, number, examined, count=count, shrink=True)
    except RefutedError as error:
        return str(error)
    return last
