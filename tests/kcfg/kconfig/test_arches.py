"""What a fragment comes to on two architectures of one kernel."""

from __future__ import annotations

from pathlib import Path

from kcfg.kconfig.arches import NONE, disagreements, outcomes
from kcfg.kconfig.model import Model
from tests.kcfg.trees import config_of, model_of

BOTH = """
config ARM64
\tdef_bool "$(SRCARCH)" = "arm64"
config SHARED
\tbool "shared"
config ONLY_X86
\tbool "x86"
\tdepends on !ARM64
config SIZE
\tint "size"
\tdefault 4
"""


def both(folder: Path, more: str = "") -> tuple[Model, Model]:
    """The same tree for two architectures; the second one sources a line more."""
    files = {"Kconfig": BOTH + 'source "arch/$(SRCARCH)/Kconfig"\n', "arch/x86/Kconfig": "", "arch/arm64/Kconfig": more}
    return model_of(folder / "a", files), model_of(folder / "b", files, arch="arm64")


def test_an_outcome_is_the_value_under_the_model_not_the_line(tmp_path: Path) -> None:
    x86, arm = both(tmp_path)
    config = config_of("SHARED=y\nONLY_X86=y\nSIZE=7\nGONE=y")
    assert outcomes(config, x86) == {"SHARED": "y", "ONLY_X86": "y", "SIZE": "7", "GONE": NONE}
    assert outcomes(config, arm) == {"SHARED": "y", "ONLY_X86": "n", "SIZE": "7", "GONE": NONE}


def test_a_symbol_that_is_only_mentioned_is_not_there(tmp_path: Path) -> None:
    model = model_of(tmp_path, 'config A\n\tbool "a"\n\tdepends on !MENTIONED\n')
    assert outcomes(config_of("MENTIONED=y\nA=y"), model) == {"MENTIONED": NONE, "A": "y"}


def test_the_symbols_that_come_out_otherwise_are_named(tmp_path: Path) -> None:
    x86, arm = both(tmp_path)
    assert disagreements(config_of("SHARED=y\nONLY_X86=y\nSIZE=7"), x86, arm) == ["ONLY_X86"]
    assert disagreements(config_of("SHARED=y\nSIZE=7"), x86, arm) == []


def test_off_and_not_there_are_one_and_on_and_not_there_are_two(tmp_path: Path) -> None:
    x86, arm = both(tmp_path, 'config ONLY_ARM\n\tbool "arm"\n')
    assert disagreements(config_of("# ONLY_ARM is not set"), x86, arm) == []
    assert disagreements(config_of("ONLY_ARM=y"), x86, arm) == ["ONLY_ARM"]


def test_a_name_that_neither_has_is_no_disagreement(tmp_path: Path) -> None:
    assert disagreements(config_of("GONE=y"), *both(tmp_path)) == []
