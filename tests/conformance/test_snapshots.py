"""Built-in models against a fresh parse of their trees, and what configurations record against the truth."""

from __future__ import annotations

import lzma

import pytest

from kcfg.answers.differences import differences
from kcfg.answers.judge import Judge
from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.config import parse_config
from kcfg.kconfig.kernels import open_kernel
from kcfg.kconfig.model import Model
from kcfg.kconfig.models import Snapshot, built_in, snapshots
from kcfg.kconfig.parse import parse
from kcfg.kconfig.recorded import SOME_TEXT, recorded_answers
from kcfg.sources.open import open_source
from tests.conformance.compare import made, model_of
from tests.conformance.kernels import available, distribution_configs

TREES = {kernel.version: kernel for kernel in available()}
NAMED = [one for one in snapshots() if any(kernel.name == one.series for kernel in available())]


@pytest.mark.parametrize("one", NAMED, ids=lambda one: f"{one.series}-{one.arch}")
def test_a_built_in_model_is_what_its_tree_says(one: Snapshot) -> None:
    built = built_in(one)
    kernel = TREES.get(built.version)
    if kernel is None:
        pytest.skip(f"the tree of Linux {built.version} is not in the cache: `make snapshots` takes the newer one")
    fresh = parse(open_source(str(kernel.tree)), one.arch)
    for field in Model.__struct_fields__:
        if field not in ("answers", "toolchain"):
            assert getattr(built, field) == getattr(fresh, field), field
    assert {probe.key for probe in fresh.probes} == built.answers.keys()


@pytest.mark.parametrize("one", NAMED, ids=lambda one: f"{one.series}-{one.arch}")
def test_the_configurations_that_debian_ships_come_out_as_asked(one: Snapshot) -> None:
    kernel = next(kernel for kernel in available() if kernel.name == one.series)
    shipped = {name: path for name, path in distribution_configs(kernel).items() if "_none_" in name}
    found = []
    for name, path in shipped.items():
        config = parse_config(lzma.decompress(path.read_bytes()), name)
        if config.arch() == one.arch:
            judge = Judge(config, open_kernel(config))
            lines = differences(config, judge.resolver)
            found += [(name, line.symbol, line.asked, line.got) for line in lines if judge.doubt(line.symbol) is None]
    assert found == []


@pytest.mark.parametrize("kind", ["allnoconfig", "allmodconfig"])
@pytest.mark.parametrize("kernel", available()[-2:], ids=lambda kernel: kernel.name)
def test_what_a_configuration_records_is_what_the_probes_answered(kernel: object, kind: str) -> None:
    name = getattr(kernel, "name", "")
    _, model, answers = model_of(name, "x86_64")
    user = read_user_values(model, parse_config(made(name, "x86_64", kind), kind))
    recorded = recorded_answers(model, user, complete=True)
    wrong = {
        key: (text, answers[key])
        for key, text in recorded.items()
        if text != answers[key] and not (text == SOME_TEXT and answers[key]) and (text, answers[key]) != ("n", "")
    }
    assert wrong == {}
    assert len(recorded) > len(model.probes) // 3
