"""`kcfg profiles`, `kcfg snapshot`, `kcfg completion`, and every command's help."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kcfg.kconfig import snapshot
from kcfg_cli.cli import COMMANDS
from tests.commands.run import Run
from tests.kcfg.trees import write_tree


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_a_help_with_an_example(kcfg: Run, command: str) -> None:
    ran = kcfg(command, "--help")
    assert (ran.status, ran.err) == (0, "")
    assert (
        f"\n      kcfg {command}" in ran.out.replace('eval "$(', "") or f"kcfg {command}" in ran.out.split("Example")[1]
    )


def test_the_help_lists_every_command(kcfg: Run) -> None:
    out = kcfg("--help").out
    assert all(f"\n  {command} " in out for command in COMMANDS)


def test_the_version_is_told(kcfg: Run) -> None:
    from kcfg import __version__

    assert kcfg("--version").out == f"kcfg, version {__version__}\n"


def test_wrong_usage_gives_2(kcfg: Run) -> None:
    for args in (("check",), ("check", "a"), ("modes", "--formt", "json"), ("modes", "--format", "xml"), ("show",)):
        ran = kcfg(*args)
        assert (ran.status, ran.out) == (2, "")
        assert "Error: " in ran.err


def test_every_mode_and_policy_is_listed(kcfg: Run) -> None:
    listed = {info["name"]: info["kind"] for info in json.loads(kcfg("profiles", "--format", "json").out)}
    modes = {"pv-domu", "pvh-domu", "pvhvm-domu", "pv-dom0", "pvh-dom0", "driver-domain", "xenstore-domain"}
    assert {name for name, kind in listed.items() if kind == "mode"} == modes | {"arm64-domu", "arm64-dom0"}
    assert {"no-pv", "devices-automotive", "devices-sharing"} <= set(listed)
    assert all(name in kcfg("profiles").out for name in listed)


def test_every_profile_can_be_shown(kcfg: Run) -> None:
    for info in json.loads(kcfg("profiles", "--format", "json").out):
        assert kcfg("profiles", info["name"]).status == 0
        shown = json.loads(kcfg("profiles", info["name"], "--format", "json").out)
        assert shown["name"] == info["name"]
        assert all(rule["why"] and rule["source"] for rule in shown["rules"])


def test_a_mistyped_profile_gets_near_misses(kcfg: Run) -> None:
    ran = kcfg("profiles", "no-pvv")
    assert (ran.status, ran.err) == (2, "kcfg: unknown profile 'no-pvv' (did you mean no-pv?)\n")


def test_a_snapshot_holds_the_model_of_its_source(kcfg: Run) -> None:
    tree = write_tree(Path("tree"), 'config A\n\tbool "a"\n', "6.12.0")
    ran = kcfg("snapshot", tree, "-o", "a.kcfg")
    assert (ran.status, ran.err) == (0, "")
    assert "Linux 6.12.0 x86_64, 1 symbols" in ran.out
    model = snapshot.load(Path("a.kcfg"))
    assert [symbol.name for symbol in model.symbols if symbol.definitions] == ["A"]


def test_a_snapshot_that_cannot_be_made_leaves_no_file(kcfg: Run) -> None:
    tree = write_tree(Path("tree"), 'source "missing"\n')
    assert kcfg("snapshot", tree, "-o", "a.kcfg").status == 2
    assert not Path("a.kcfg").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_completion_script(kcfg: Run, shell: str) -> None:
    ran = kcfg("completion", shell)
    assert ran.status == 0
    assert "_KCFG_COMPLETE" in ran.out


def test_a_snapshot_records_no_answer_that_is_of_this_machine_alone(kcfg: Run) -> None:
    Path("tree").mkdir()
    Path("tree/Makefile").write_text("VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\nexport srctree\n")
    text = 'config A\n\tstring\n\tdefault "$(srctree)$(shell,uname -r)$(shell,echo here)"\n'
    Path("tree/Kconfig").write_text(text)
    assert kcfg("snapshot", "tree", "--run-probes", "-o", "own.kcfg").status == 0
    answers = snapshot.load(Path("own.kcfg")).answers
    assert answers == {"env:srctree": "", "shell:uname -r": "", "shell:echo here": "here"}
