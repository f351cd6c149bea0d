"""Ten times the input takes at most twenty times the time, and no gigabyte: every reader, and whatever shape it has."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from tests.scaling import measure
from tests.scaling.hostile import HOSTILE_SOURCES
from tests.scaling.hostile_queues import HOSTILE_QUEUES
from tests.scaling.measure import MEMORY, Cost, Growth, growth
from tests.scaling.shapes import SHAPES, Shape

HOSTILE = {**HOSTILE_SOURCES, **HOSTILE_QUEUES}


@pytest.mark.parametrize("name", SHAPES)
def test_ten_times_the_input_takes_at_most_twenty_times_the_time(name: str) -> None:
    found = growth(SHAPES[name])
    assert (found.fault, found.small.refused, found.large.refused) == ("", "", "")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_input_takes_no_more_than_its_size_allows(name: str) -> None:
    assert growth(HOSTILE[name]).fault == ""


def busy(exponent: float) -> Shape:
    """A reader that takes a power of its input's size."""

    def read(size: int) -> None:
        until = time.process_time() + 0.01 * size**exponent
        while time.process_time() < until:
            pass

    return Shape(lambda n, folder: n, read, 1)


def test_what_grows_with_the_square_is_told() -> None:
    assert growth(busy(1)).fault == ""
    assert growth(busy(2)).fault.startswith("10 times the input takes ")


def test_a_gigabyte_is_told() -> None:
    assert Growth(Cost(1, 1), Cost(1, MEMORY + 1)).fault == "takes 1024 MB"


def test_what_is_no_refusal_is_told() -> None:
    def read(size: int) -> None:
        if size == 2:
            raise UserError("no")
        raise KeyError(size)

    assert growth(Shape(lambda n, folder: n, read, 3)).fault == "KeyError(3)"


def test_a_reader_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(size: int) -> None:
        while size > 2:
            pass

    monkeypatch.setattr(measure, "SECONDS", 1)
    assert growth(Shape(lambda n, folder: n, read, 3)).fault == "the reader was stopped: SIGXCPU"


def test_a_refusal_is_no_fault(tmp_path: Path) -> None:
    def read(size: int) -> None:
        raise UserError("no")

    found = growth(Shape(lambda n, folder: n, read, 3))
    assert (found.fault, found.large.refused) == ("", "no")
