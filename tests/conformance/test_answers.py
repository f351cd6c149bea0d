"""What is told of a line against what the kernels' own conf makes of it."""

from __future__ import annotations

import pytest

from kcfg.answers.differences import differences
from kcfg.answers.facts import Basis, Difference
from kcfg.answers.goals import read_goals
from kcfg.answers.judge import Judge
from kcfg.base.version import KernelUsed
from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.config import parse_config
from kcfg.kconfig.kernels import Kernel
from kcfg.solver.encoding import Deferred, Encoding
from kcfg.solver.nearest import nearest
from kcfg.solver.results import Core, NearestChange
from kcfg.solver.solver import Solver
from tests.conformance import kernels
from tests.conformance.compare import lines_of, model_of
from tests.conformance.kernels import run_conf

pytestmark = pytest.mark.skipif(not kernels.available(), reason="no kernels in the test cache")


def told(kernel: str, text: str) -> tuple[dict[str, Difference], dict[str, str], Judge]:
    """(symbol -> difference, symbol -> conf's line, the judge)."""
    found, model, answers = model_of(kernel, "x86_64")
    config = parse_config(text, "case")
    used = KernelUsed(version=model.version, arch=model.arch, origin="tree", name=kernel)
    judge = Judge(config, Kernel(model, used, True), answers)
    conf = lines_of(run_conf(found, "x86_64", "--olddefconfig", text).text)
    return {one.symbol: one for one in differences(config, judge.resolver)}, conf, judge


@pytest.mark.parametrize("kernel", [one.name for one in kernels.available()])
@pytest.mark.parametrize(("line", "symbol"), [("CONFIG_PRINTK=n", "PRINTK"), ("# CONFIG_BLOCK is not set", "BLOCK")])
def test_what_needs_expert_is_told_so(kernel: str, line: str, symbol: str) -> None:
    found, conf, _ = told(kernel, f"{line}\n")
    assert conf[symbol] == f"CONFIG_{symbol}=y"
    first = found[symbol].reasons[0]
    assert (found[symbol].asked, found[symbol].got) == ("n", "y")
    assert (first.basis, first.condition) == (Basis.PROMPT, "EXPERT")
    found, conf, _ = told(kernel, f"{line}\nCONFIG_EXPERT=y\n")
    assert (symbol in found, conf[symbol]) == (False, f"# CONFIG_{symbol} is not set")


@pytest.mark.parametrize("kernel", [one.name for one in kernels.available()])
def test_a_quoted_number_is_shown_with_its_quotes(kernel: str) -> None:
    found, conf, _ = told(kernel, 'CONFIG_SMP=y\nCONFIG_NR_CPUS="65"\n')
    assert found["NR_CPUS"].asked == '"65"'
    assert conf["NR_CPUS"] == f"CONFIG_NR_CPUS={found['NR_CPUS'].got}"


def test_an_old_name_comes_out_as_its_new_name_does() -> None:
    newest = kernels.available()[-1].name
    if "CFI_CLANG" not in model_of(newest, "x86_64")[1].index:
        pytest.skip("this kernel has no CFI_CLANG")
    found, conf, judge = told(newest, "CONFIG_CFI_CLANG=y\n")
    assert "CFI_CLANG" not in conf
    assert (judge.value("CFI_CLANG"), found["CFI_CLANG"].got) == (judge.value("CFI"),) * 2
    assert judge.value("CFI") == ("y" if conf.get("CFI") == "CONFIG_CFI=y" else "n")
    found, conf, judge = told(newest, "CONFIG_RANDOM_KMALLOC_CACHES=y\n")
    assert conf["KMALLOC_PARTITION_CACHES"] == "CONFIG_KMALLOC_PARTITION_CACHES=y"
    assert (judge.value("RANDOM_KMALLOC_CACHES"), found) == ("y", {})


@pytest.mark.parametrize("kernel", [one.name for one in kernels.available()])
def test_the_text_n_is_a_text_that_a_string_can_have(kernel: str) -> None:
    _, conf, judge = told(kernel, 'CONFIG_DEFAULT_HOSTNAME="n"\n')
    assert conf["DEFAULT_HOSTNAME"] == 'CONFIG_DEFAULT_HOSTNAME="n"'
    answers = []
    for word in ('DEFAULT_HOSTNAME="n"', "DEFAULT_HOSTNAME=n"):
        goals = read_goals(judge, [word])
        answers.append(nearest(Solver(judge.model, Deferred(judge.resolver.answers, no_clauses)), UserValues(), goals))
    assert isinstance(answers[0], NearestChange)
    assert [(line.symbol, line.new) for line in answers[0].lines] == [("DEFAULT_HOSTNAME", "n")]
    assert isinstance(answers[1], Core)


def no_clauses() -> Encoding:
    raise AssertionError("the whole kernel is encoded")
