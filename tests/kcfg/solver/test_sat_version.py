"""A version of python-sat that cannot be stopped is refused at once."""

from __future__ import annotations

import importlib

import pytest
from pysat.examples.rc2 import RC2  # type: ignore[import-untyped]

from kcfg.base.errors import CannotEvaluate
from kcfg.solver import sat


def test_python_sat_without_the_hook_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.delattr(RC2, sat.HOOK)
        with pytest.raises(CannotEvaluate, match="cannot be stopped when the time runs out"):
            importlib.reload(sat)
