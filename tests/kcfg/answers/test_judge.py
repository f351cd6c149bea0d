from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kcfg.answers.judge import Judge
from kcfg.base.version import KernelUsed
from kcfg.kconfig.config import parse_config
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Model
from tests.kcfg.trees import config_of, model_of

PROBED = 'config A\n\tbool "a"\n\tdepends on $(shell,a)\nconfig B\n\tbool "b"\n\tdepends on C\nconfig C\n\tbool\n'
HEADER = "# Automatically generated file; DO NOT EDIT.\n# Linux/x86 6.12.0 Kernel Configuration\n"


def judged(model: Model, config: str, *, complete: bool = False, answers: dict[str, str] | None = None) -> Judge:
    recorded = msgspec.structs.replace(model, answers={"shell:a": "n"}, toolchain="gcc 12")
    used = KernelUsed(version=model.version, arch=model.arch, origin="snapshot", name="x")
    text = parse_config(HEADER + config, "own.config") if complete else config_of(config)
    return Judge(text, Kernel(recorded, used, True), answers)


def kind(judge: Judge, name: str) -> str:
    doubt = judge.doubt(name)
    return doubt.kind if doubt is not None else ""


def test_another_compilers_answer_is_not_held_against_a_line(tmp_path: Path) -> None:
    judge = judged(model_of(tmp_path, PROBED), "A=y\nB=y")
    assert judge.value("A") == "n"
    assert kind(judge, "A") == "probe"
    assert "gcc 12" in str(judge.doubt("A"))
    assert kind(judge, "B") == ""


def test_another_compilers_answer_counts_where_no_line_says_otherwise(tmp_path: Path) -> None:
    assert kind(judged(model_of(tmp_path, PROBED), ""), "A") == ""
    assert kind(judged(model_of(tmp_path, PROBED), "# A is not set"), "A") == ""


def test_this_machines_answer_is_held_against_a_line(tmp_path: Path) -> None:
    assert kind(judged(model_of(tmp_path, PROBED), "A=y", answers={"shell:a": "n"}), "A") == ""


def test_a_complete_configuration_records_the_answer_of_its_own_compiler(tmp_path: Path) -> None:
    judge = judged(model_of(tmp_path, PROBED), "CONFIG_A=y\n", complete=True)
    assert (judge.value("A"), kind(judge, "A")) == ("y", "")


def test_a_symbol_that_is_on_by_another_compilers_answer_alone_is_not_held_against_no_line(tmp_path: Path) -> None:
    text = "config A\n\tdef_bool !$(shell,a) || $(shell,b)\n\tdepends on B\nconfig B\n\tdef_bool y\n"
    judge = judged(model_of(tmp_path, text), "CONFIG_B=y\n", complete=True)
    assert judge.value("A") == "n"


def test_a_transitional_symbol_has_the_value_of_the_one_that_takes_it_over(tmp_path: Path) -> None:
    text = 'config OLD\n\tbool\n\ttransitional\nconfig NOW\n\tbool "now"\n\tdefault OLD\n\tdepends on $(shell,a)\n'
    model = model_of(tmp_path, text, "7.3.0")
    assert judged(model, "OLD=y", answers={"shell:a": "y"}).value("OLD") == "y"
    judge = judged(model, "OLD=y", answers={"shell:a": "n"})
    assert (judge.value("OLD"), kind(judge, "OLD")) == ("n", "")
    assert kind(judged(model, "OLD=y"), "OLD") == "probe"


def test_of_a_number_that_no_line_sets_the_default_that_would_is_told_with_what_it_lacks(tmp_path: Path) -> None:
    text = 'config FAST\n\tbool "fast"\nconfig HZ\n\tint\n\tdefault 1000 if FAST\n\tdefault 250\n'
    judge = judged(model_of(tmp_path, text), "# FAST is not set\nHZ=1000\n")
    told = [(one.depth, one.kind.value, one.wanted, str(one.where)) for one in judge.why_not("HZ", ("1000",))]
    assert told == [
        (0, "no-prompt", "1000", "Kconfig:3"),
        (1, "unmet-dependency", "", "Kconfig:5"),
        (2, "explicit", "y", "test.config:1"),
    ]
    assert [one.kind.value for one in judge.why_not("HZ", ("100",))] == ["no-prompt"]


def test_a_line_gives_a_bool_its_value_where_its_prompt_can_be_seen(tmp_path: Path) -> None:
    text = 'config A\n\tbool "a"\nconfig B\n\tbool "b" if A\nconfig C\n\tbool "c"\n\tselect A\nconfig N\n\tint "n"\n'
    judge = judged(model_of(tmp_path, text), "")
    assert judge.lines_for("A", ("y",)) == ["CONFIG_A=y"]
    assert judge.lines_for("A", ("n",)) == ["# CONFIG_A is not set"]
    assert judge.lines_for("B", ("y",)) == []
    assert judge.lines_for("N", ("n", "x", "7")) == ["CONFIG_N=7"]
    assert judged(model_of(tmp_path, text), "C=y").lines_for("A", ("n",)) == []


@pytest.mark.parametrize(("version", "value"), [("6.1.0", "n"), ("6.7.0", "n"), ("6.8.0", "y"), ("6.12.0", "y")])
def test_the_kernel_that_judges_says_what_is_a_line(tmp_path: Path, version: str, value: str) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\n', version)
    used = KernelUsed(version=version, arch="x86_64", origin="tree", name="x")
    text = "CONFIG_A=y\n# CONFIG_A is not set # by hand\n"
    judge = Judge(parse_config(text, "own.config"), Kernel(model, used, True))
    assert (judge.value("A"), len(judge.config.warnings)) == (value, value == "y")
    again = "# CONFIG_A is not set # by hand\nCONFIG_A=y\n"
    assert Judge(parse_config(again, "own.config"), Kernel(model, used, True)).value("A") == "y"
