"""explain, generate and repair on the built-in models: the answers that their users rely on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.run import Run, run_kcfg
from tests.kcfg.trees import write_tree

GOALS = (
    "XEN_PVH",
    "HVC_XEN",
    "XEN_BLKDEV_FRONTEND=y",
    "XEN_NETDEV_FRONTEND=y",
    "EXT4_FS=y",
    "TTY",
    "BINFMT_ELF",
    "DEVTMPFS",
    "INET",
    "64BIT",
)


def explained(*args: str) -> dict[str, Any]:
    ran = run_kcfg("explain", *args, "--format", "json")
    report: dict[str, Any] = json.loads(ran.out)
    assert ran.status == (0 if report["possible"] else 1)
    return report


@pytest.mark.parametrize(("kernel", "line"), [("6.1", 91), ("6.12", 90)])
def test_dom0_without_pv_and_pvh_is_impossible_by_one_line(kernel: str, line: int) -> None:
    report = explained("XEN_DOM0=y", "XEN_PV=n", "XEN_PVH=n", "--kernel", kernel)
    assert [one["where"] for one in report["core"]] == [{"path": "arch/x86/xen/Kconfig", "line": line}]


def test_dom0_without_pv_takes_seven_lines_from_the_defaults() -> None:
    report = explained("XEN_DOM0=y", "XEN_PV=n", "--kernel", "6.12")
    assert report["proven"]
    assert len(report["changes"]) == 7
    assert ("XEN_PVH", "", "y") in [(one["symbol"], one["old"], one["new"]) for one in report["changes"]]


def test_pvh_needs_pci_on_5_10_and_not_on_6_12() -> None:
    old = explained("XEN_PVH=y", "PCI=n", "--kernel", "5.10")
    assert [(one["symbol"], one["where"]["line"]) for one in old["core"]] == [("XEN_PVH", 80), ("XEN_PVHVM", 44)]
    assert explained("XEN_PVH=y", "PCI=n", "--kernel", "6.12")["possible"]


@pytest.mark.parametrize(("kernel", "optimum"), [("6.12", 445), ("6.1", 401)])
def test_smallest_pvh_guest_is_proven(tmp_path: Path, kernel: str, optimum: int) -> None:
    required = [word for goal in GOALS for word in ("--require", goal)]
    out = tmp_path / "report.json"
    args = ["--kernel", kernel, "--essentials", "none", "--expert", *required, "--forbid", "XEN_PV"]
    ran = run_kcfg("generate", "pvh-domu", *args, "--format", "json", "-o", out)
    assert ran.status == 0
    report = json.loads(out.read_text())
    assert (report["optimum"], report["bound"], report["proven"]) == (optimum, optimum, True)


def test_generated_configuration_passes_its_check_and_turns_nothing_on_to_turn_others_off(tmp_path: Path) -> None:
    out = tmp_path / "pvh.config"
    assert run_kcfg("generate", "pvh-domu", "--kernel", "6.12", "-o", out).status == 0
    text = out.read_text()
    assert run_kcfg("check", out, "-p", "pvh-domu", "--no-fix").status == 0
    assert run_kcfg("resolve", out).status == 0
    for name in ("EXPERT", "DEBUG_KERNEL", "KCSAN"):
        assert f"CONFIG_{name}=y" not in text


def test_pvh_dom0_is_impossible_on_5_10_with_the_line(kcfg: Run) -> None:
    ran = kcfg("generate", "pvh-dom0", "--kernel", "5.10", "--format", "json")
    report = json.loads(ran.out)
    assert (ran.status, report["possible"]) == (1, False)
    assert [(one["symbol"], one["where"]["line"]) for one in report["core"]] == [("XEN_DOM0", 36)]


def test_repair_changes_one_line_where_one_is_enough(tmp_path: Path) -> None:
    config = tmp_path / "a.config"
    lines = ["64BIT=y", "HYPERVISOR_GUEST=y", "PARAVIRT=y", "XEN=y", "XEN_PVH=y", "NET=y"]
    text = "".join(f"CONFIG_{line}\n" for line in lines) + "# CONFIG_ACPI is not set\n# end of mine\n"
    config.write_text(text)
    out = tmp_path / "new.config"
    args = ("repair", config, "--kernel", "6.12", "-p", "pvh-domu", "--format", "json", "-o", out)
    report = json.loads(run_kcfg(*args).out)
    (change,) = report["changes"]
    assert (change["symbol"], change["old"], change["new"], change["needed"]) == ("ACPI", "n", "y", True)
    assert report["proven"]
    assert out.read_text() == text.replace("# CONFIG_ACPI is not set", "CONFIG_ACPI=y")
    assert run_kcfg("check", out, "-p", "pvh-domu", "--kernel", "6.12", "--no-fix").status == 0


def test_a_tree_that_conf_refuses_is_one_line_and_no_traceback(kcfg: Run, tmp_path: Path) -> None:
    tree = write_tree(tmp_path, 'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n\tdepends on A\n')
    ran = kcfg("explain", "A", "--tree", tree)
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (3, "", 1)
    assert "kcfg graph cycles" in ran.err


def test_unknown_goal_names_near_misses(kcfg: Run) -> None:
    ran = kcfg("explain", "XEN_PHV", "--kernel", "6.12")
    assert ran.status == 2
    assert "XEN_PVH" in ran.err


def test_the_next_command_names_a_profiles_file_as_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(
        'schema = 1\nname = "mine"\ntitle = "t"\nkind = "policy"\nextends = ["xen-x86"]\n'
        '[[rule]]\nlevel = "required"\nsymbol = "NET"\nwhy = "w"\nsource = "s"\n'
    )
    ran = run_kcfg("generate", "./mine.toml", "--kernel", "6.12", "-o", "new")
    assert (ran.status, ran.out.splitlines()[-1]) == (0, "next: kcfg check new --profile ./mine.toml")
    assert run_kcfg("check", "new", "--profile", "./mine.toml").status == 0
    ran = run_kcfg("profiles", "mine.toml")
    assert ran.out.splitlines()[-1] == "next: kcfg check .config --profile mine.toml"
