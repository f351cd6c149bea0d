from __future__ import annotations

import pickle
import time
from pathlib import Path

import msgspec
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from kcfg.base.errors import UserError
from kcfg.kconfig import snapshot
from kcfg.kconfig.model import Model
from kcfg.kconfig.models import Snapshot, snapshots
from tests.kcfg.trees import MODULES, model_of, values

TEXT = (
    MODULES
    + """\
config A
	tristate "a"
	depends on $(shell,a)
	default m
	select B if MODULES
config B
	int
	range 1 5
choice
	prompt "c"
config C
	bool "c"
endchoice
"""
)


@pytest.fixture
def model(tmp_path: Path) -> Model:
    return model_of(tmp_path / "tree", TEXT)


def test_a_model_comes_back_as_it_was(model: Model) -> None:
    again = snapshot.loads(snapshot.dumps(model), "x")
    assert again == model
    assert values(again, answers={"shell:a": "y"}) == values(model, answers={"shell:a": "y"})


def test_answers_and_toolchain_come_back(model: Model) -> None:
    model = msgspec.structs.replace(model, answers={"shell:a": "y"}, toolchain="gcc 12")
    again = snapshot.loads(snapshot.dumps(model), "x")
    assert (again.answers, again.toolchain) == ({"shell:a": "y"}, "gcc 12")


def test_the_same_model_gives_the_same_bytes(model: Model, tmp_path: Path) -> None:
    assert snapshot.dumps(model) == snapshot.dumps(model_of(tmp_path / "tree", TEXT))


def test_a_model_goes_to_another_process(model: Model) -> None:
    again = pickle.loads(pickle.dumps(model))
    assert again == model
    assert again.index == model.index


def test_every_truncation_is_an_error_that_names_the_file(model: Model) -> None:
    data = snapshot.dumps(model, 1)
    for size in range(0, len(data), 7):
        with pytest.raises(UserError) as caught:
            snapshot.loads(data[:size], "some.kcfg")
        assert caught.value.where == "some.kcfg"


def test_one_flipped_bit_anywhere_is_an_error_or_the_same_model(model: Model) -> None:
    data = snapshot.dumps(model, 1)
    refused = 0
    for at in range(8 * len(data)):
        damaged = bytearray(data)
        damaged[at // 8] ^= 1 << at % 8
        try:
            same = snapshot.loads(bytes(damaged), "x") == model
        except UserError:
            refused += 1
        else:
            assert same, f"bit {at}"
    assert refused > 8 * len(data) - 100


@pytest.mark.parametrize("built_in", snapshots(), ids=lambda one: one.file.name)
def test_a_built_in_snapshot_carries_a_checksum(built_in: Snapshot) -> None:
    frame = built_in.file.read_bytes().partition(b"\n")[2]
    assert zstandard.get_frame_parameters(frame).has_checksum


@given(data=st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_foreign_bytes_are_an_error(data: bytes) -> None:
    for head in (b"", snapshot.MAGIC, snapshot.MAGIC + b"%d\n" % snapshot.FORMAT):
        with pytest.raises(UserError):
            snapshot.loads(head + data, "x")


@given(value=st.recursive(st.none() | st.integers(-9, 9) | st.text(max_size=3), st.lists, max_leaves=5))
@settings(max_examples=100, deadline=None)
def test_a_well_packed_value_that_is_no_model_is_an_error(value: object) -> None:
    packed = zstandard.ZstdCompressor().compress(msgspec.msgpack.encode(value))
    with pytest.raises(UserError):
        snapshot.loads(snapshot.MAGIC + b"%d\n" % snapshot.FORMAT + packed, "x")


def test_a_name_that_is_no_text_is_an_error(model: Model) -> None:
    packed = msgspec.msgpack.encode(model)
    name = model.symbols[0].name.encode()
    assert packed.count(name) > 0
    damaged = zstandard.ZstdCompressor().compress(packed.replace(name, b"\xff" * len(name)))
    with pytest.raises(UserError):
        snapshot.loads(snapshot.MAGIC + b"%d\n" % snapshot.FORMAT + damaged, "x")


@pytest.mark.parametrize("number", [b"0", b"2", b"99999999999999999999999", b"1x", b"", b"\xff"])
def test_another_format_is_an_error_that_says_what_to_do(model: Model, number: bytes) -> None:
    body = snapshot.dumps(model).partition(b"\n")[2]
    with pytest.raises(UserError) as caught:
        snapshot.loads(snapshot.MAGIC + number + b"\n" + body, "x")
    assert "kcfg snapshot" in caught.value.hint


def test_a_snapshot_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.kcfg", tmp_path):
        with pytest.raises(UserError) as caught:
            snapshot.load(path)
        assert caught.value.where == str(path)


def test_the_built_in_snapshots_load_quickly_and_are_small() -> None:
    assert sum(len(one.file.read_bytes()) for one in snapshots()) < 8 << 20
    for one in snapshots():
        data = one.file.read_bytes()
        best = min(timed(data) for _ in range(5))
        assert best < 0.15, one


def timed(data: bytes) -> float:
    start = time.process_time()
    snapshot.loads(data, "x")
    return time.process_time() - start


def test_the_built_in_snapshots_say_what_they_are_and_answer_all_probes() -> None:
    for one in snapshots():
        model = snapshot.loads(one.file.read_bytes(), one.file.name)
        assert (model.version.startswith(f"{one.series}."), model.arch) == (True, one.arch)
        assert model.toolchain
        assert {probe.key for probe in model.probes} <= model.answers.keys()
