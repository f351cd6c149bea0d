"""Every reader with some nearly right inputs: what is wrong is a UserError, and soon. `make fuzz` goes on longer."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from kcfg.base.errors import UserError
from tests.fuzz import run
from tests.fuzz.mutate import mutated
from tests.fuzz.run import Outcome, fuzz, one
from tests.fuzz.targets import PATCH, Target, targets

ALL = targets()
RUNS = 60


@pytest.mark.parametrize("name", ALL)
def test_a_reader_takes_or_refuses_whatever_it_is_given(name: str) -> None:
    out = fuzz(ALL[name], "1", seconds=60, most=RUNS)
    assert (out.faults, out.runs) == ({}, RUNS)


@pytest.mark.parametrize("name", ALL)
def test_the_seeds_themselves_are_taken(name: str, tmp_path: Path) -> None:
    for data in ALL[name].seeds:
        ALL[name].run(data, tmp_path)


def test_a_fault_is_told_by_its_kind_and_the_smallest_input_of_it_is_kept() -> None:
    def reads(data: bytes, folder: object) -> None:
        if b"!" in data:
            raise KeyError(data)
        raise UserError("no")

    out = fuzz(Target((b"a!b", b"!", b"a"), reads), "1", seconds=60, most=3)
    assert isinstance(out, Outcome)
    ((fault, data),) = out.faults.items()
    assert (fault.split()[0], data, out.refused) == ("KeyError", b"!", 1)


def test_an_input_that_takes_too_long_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def works(data: bytes, folder: object) -> None:
        while True:
            pass

    monkeypatch.setattr(run, "LIMIT", 1)
    refused, fault = one(Target((b"",), works), b"", tmp_path)
    assert not refused
    assert fault.startswith("more than 1 s")


def test_an_input_that_waits_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "WAIT", 1)
    refused, fault = one(Target((b"",), lambda data, folder: time.sleep(30)), b"", tmp_path)
    assert not refused
    assert fault.startswith("more than ")


def test_the_same_seed_makes_the_same_inputs() -> None:
    rngs = random.Random(1), random.Random(1), random.Random(2)
    first, second, other = ([mutated(rng, (PATCH, PATCH[99:])) for _ in range(50)] for rng in rngs)
    assert first == second != other
    assert len(set(first)) > 40
