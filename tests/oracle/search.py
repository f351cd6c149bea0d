"""Seeded searches: what is refuted in a number of cases, and the smallest case of a refutation."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.conformance import kernels
from tests.conformance.kernels import Kernel
from tests.oracle.questions import Case, cases
from tests.oracle.reduce import alone, reduced
from tests.oracle.verdicts import Refutation, Tally, examine, presented

CHUNK = 25
"""Cases for one seed."""
SHRINK_SECONDS = 10.0
"""How much of a processor's time hypothesis may take to shrink a case, and how much leaving out lines after that."""
RECURSION = 200_000
"""What kcfg sets the limit to when it first resolves; hypothesis warns of limits that change while it runs."""


class RefutedError(AssertionError):
    """A claim is refuted; each kind has a class of its own, which hypothesis tells apart."""


class OutOfTime(BaseException):
    """Enough was shrunk. No Exception, so that it ends hypothesis, too."""


@cache
def error_of(kind: str) -> type[RefutedError]:
    return type("RefutedError", (RefutedError,), {"kind": kind})


def run(kernel: Kernel, number: int, examined: Callable[[Case], None], *, count: int = CHUNK, shrink: bool) -> None:
    """Calls `examined` for the cases of one seed; `shrink`: and for smaller ones once it raises an error."""

    @seed(f"{kernel.name} {number}")
    @settings(
        max_examples=count,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
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
    run(kernel, number, lambda case: void(examine(kernel, case, tally)), count=count, shrink=False)
    return tally


def void(_: object) -> None:
    """Nothing, of anything."""


def smallest(name: str, number: int, kind: str = "", count: int = CHUNK, seconds: float = SHRINK_SECONDS) -> str:
    """The smallest case found with a refutation (of one kind), for a person; "" where there is none."""
    kernel = kernels.kernel(name)
    best: tuple[Case, Refutation] | None = None
    until = 0.0

    def examined(case: Case) -> None:
        nonlocal best, until
        if best is not None and time.process_time() > until:
            raise OutOfTime
        wanted = kind if best is None else best[1].kind
        found = first(kernel, case, wanted)
        if found is not None:
            until = until or time.process_time() + seconds
            best = case, found
            raise error_of(found.kind)

    with contextlib.suppress(RefutedError, OutOfTime):
        run(kernel, number, examined, count=count, shrink=True)
    if best is None:
        return ""
    case, found = best
    small = alone(case, found.question, found.config)
    if first(kernel, small, found.kind) is not None:
        case = reduced(small, lambda one: first(kernel, one, found.kind) is not None, seconds)
    last = first(kernel, case, found.kind)
    return presented(kernel, case, last or found)


def first(kernel: Kernel, case: Case, kind: str) -> Refutation | None:
    """A refutation (of one kind) in a case; only the questions that can lead to it are asked."""
    asked = tuple(one for one in case.questions if kind == "" or kind.startswith(f"{one.kind}:"))
    if kind and not asked and not kind.startswith("parse:"):
        return None
    shared = case.questions if case.shared else asked
    found = examine(kernel, replace(case, questions=shared), Tally())
    return next((one for one in found if kind in ("", one.kind)), None)
