"""The collector is off for a while, and as it was afterwards."""

from __future__ import annotations

import gc

import pytest

from kcfg.base.garbage import uncollected


def seen() -> bool:
    with uncollected():
        return gc.isenabled()


def failing() -> None:
    with uncollected():
        raise KeyError


@pytest.mark.parametrize("running", [True, False])
def test_the_collector_is_off_inside_and_as_it_was_outside(running: bool) -> None:
    try:
        if not running:
            gc.disable()
        assert not seen()
        with pytest.raises(KeyError):
            failing()
        assert gc.isenabled() == running
    finally:
        gc.enable()
