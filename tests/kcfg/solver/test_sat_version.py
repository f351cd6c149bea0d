"""A version of python-sat that cannot be stopped is refused at once; what is written anew of it does the same."""

from __future__ import annotations

import importlib

import pytest
from pysat.examples.rc2 import RC2  # type: ignore[import-untyped]
from pysat.formula import WCNF  # type: ignore[import-untyped]

from kcfg.base.errors import CannotEvaluate
from kcfg.solver import sat


def test_python_sat_without_the_hook_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.delattr(RC2, sat.HOOK)
        with pytest.raises(CannotEvaluate, match="cannot be stopped when the time runs out"):
            importlib.reload(sat)


@pytest.mark.parametrize("few", [0, 1000])
def test_what_goes_from_the_assumptions_is_what_rc2_itself_takes_out(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sat, "FEW", few)  # 0: RC2's own way
    formula = WCNF()
    formula.extend([[1, 2], [3, 4]])
    for literal in range(1, 5):
        formula.append([-literal], weight=literal)
    search = sat.Bounded(formula, solver="g4")
    search.sums, search.bnds = [-10, -11, -12], {-10: 1, -11: 2, -12: 3}
    search.wght |= {-10: 1, -11: 1, -12: 1}
    search.garbage = {-2, -11}
    search.filter_assumps()
    assert (search.sels, search.sums, search.sels_set) == ([-1, -3, -4], [-10, -12], {-1, -3, -4})
    assert search.bnds == {-10: 1, -12: 3}
    assert search.wght == {-1: 1, -3: 3, -4: 4, -10: 1, -12: 1}
    assert not search.garbage
    search.delete()
