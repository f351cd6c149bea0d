"""Whoever trusts a tree (--run-probes) has its own conf keep what was solved; nobody else's conf is run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.run import Run
from tests.conformance.kernels import available
from tests.kcfg.trees import write_tree

KCONFIG = """\
config A
	bool "a"
	depends on B
config B
	bool "b"
"""
KEEPS = "#!/bin/sh\ntouch {ran}\n"
CHANGES = "#!/bin/sh\nsed -i 's/CONFIG_A=y/# CONFIG_A is not set/' \"$KCONFIG_CONFIG\"\n"
WARNS = "#!/bin/sh\necho 'WARNING: unmet direct dependencies detected for A' >&2\n"
FAILS = "#!/bin/sh\necho 'Kconfig:1: syntax error' >&2\nexit 1\n"


def tree_with(folder: Path, script: str) -> Path:
    tree = write_tree(folder / "tree", KCONFIG)
    conf = tree / "scripts/kconfig/conf"
    conf.parent.mkdir(parents=True)
    conf.write_text(script.format(ran=folder / "RAN"))
    conf.chmod(0o755)
    return tree


def test_conf_of_a_trusted_tree_confirms_the_answer(kcfg: Run, tmp_path: Path) -> None:
    ran = kcfg("explain", "A=y", "--tree", tree_with(tmp_path, KEEPS), "--run-probes", "--format", "json")
    assert ran.status == 0
    assert '"verified_by": "resolve, conf"' in ran.out
    assert (tmp_path / "RAN").exists()


def test_conf_of_a_tree_that_nobody_trusts_is_not_run(kcfg: Run, tmp_path: Path) -> None:
    ran = kcfg("explain", "A=y", "--tree", tree_with(tmp_path, KEEPS), "--format", "json")
    assert '"verified_by": "resolve"' in ran.out
    assert not (tmp_path / "RAN").exists()


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (CHANGES, "the tree's conf does not keep the result: # CONFIG_A is not set, CONFIG_A=y"),
        (WARNS, "unmet direct dependencies"),
        (FAILS, "the tree's conf fails: Kconfig:1: syntax error"),
    ],
)
def test_answer_that_conf_does_not_keep_is_not_given(kcfg: Run, tmp_path: Path, script: str, message: str) -> None:
    ran = kcfg("explain", "A=y", "--tree", tree_with(tmp_path, script), "--run-probes")
    assert ran.status == 3
    assert message in ran.err
    assert ran.out == ""


def test_the_callers_kconfig_settings_do_not_reach_conf(
    kcfg: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KCONFIG_ALLCONFIG", "elsewhere")
    tree = tree_with(tmp_path, '#!/bin/sh\ntest -z "$KCONFIG_ALLCONFIG"\n')
    assert kcfg("explain", "A=y", "--tree", tree, "--run-probes").status == 0


def test_probes_are_asked_without_a_configuration_too(kcfg: Run, tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "tree", f"config A\n\tdef_bool $(shell,touch {tmp_path}/ASKED && echo y)\n")
    kcfg("explain", "A=y", "--tree", tree)
    assert not (tmp_path / "ASKED").exists()
    kcfg("explain", "A=y", "--tree", tree, "--run-probes")
    assert (tmp_path / "ASKED").exists()


@pytest.mark.parametrize("tree", [one.tree for one in available() if one.name == "6.12"], ids=str)
def test_real_conf_keeps_the_smallest_guest_and_the_cheapest_mend(kcfg: Run, tmp_path: Path, tree: Path) -> None:
    out = tmp_path / "guest.config"
    ran = kcfg("generate", "pvh-domu", "--tree", tree, "--run-probes", "--essentials", "none", "--expert", "-o", out)
    assert ran.status == 0
    assert "verified: conf --olddefconfig keeps every line" in ran.out
    ran = kcfg("repair", out, "--profile", "pv-domu", "--tree", tree, "--run-probes", "--format", "json")
    assert ran.status == 0
    assert '"verified_by": "resolve, conf"' in ran.out
