"""`kcfg generate`: what it keeps of a configuration, what it keeps off, and what it says when time runs out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kcfg.kconfig.config import parse_config
from kcfg.kconfig.kernels import open_kernel
from profiles.fulfil.generate import choosable
from tests.commands.run import run_kcfg
from tests.kcfg.trees import write_tree

QUBES = """\
# a guest that was written for an older kernel
CONFIG_MODULES=y
CONFIG_NET=y
CONFIG_PCI=y
CONFIG_ACPI=y
CONFIG_NETDEVICES=y
CONFIG_BLK_DEV=y
CONFIG_HYPERVISOR_GUEST=y
CONFIG_PARAVIRT=y
CONFIG_XEN=y
CONFIG_XEN_PV=y
CONFIG_XEN_PVH=y
CONFIG_HVC_XEN=y
CONFIG_XEN_BLKDEV_FRONTEND=m
CONFIG_XEN_NETDEV_FRONTEND=m
CONFIG_XEN_SCRUB_PAGES=y
CONFIG_XEN_SAVE_RESTORE=y
"""
ZONE = """\
# a guest that still carries what only a host needs
CONFIG_NET=y
CONFIG_PCI=y
CONFIG_ACPI=y
CONFIG_INET=y
CONFIG_SMP=y
CONFIG_NETDEVICES=y
CONFIG_BLK_DEV=y
CONFIG_HYPERVISOR_GUEST=y
CONFIG_PARAVIRT=y
CONFIG_XEN=y
CONFIG_XEN_PV=y
CONFIG_XEN_PVH=y
CONFIG_XEN_DOM0=y
CONFIG_XEN_BACKEND=y
CONFIG_XEN_BLKDEV_BACKEND=y
CONFIG_XEN_BLKDEV_FRONTEND=y
CONFIG_XEN_NETDEV_FRONTEND=y
CONFIG_HVC_XEN=y
"""


def generated(*args: object, status: int = 0) -> dict[str, Any]:
    """The JSON report of a run."""
    ran = run_kcfg("generate", *map(str, args), "--format", "json")
    assert ran.status == status, ran.err
    report: dict[str, Any] = json.loads(ran.out)
    return report


def written(folder: Path, text: str) -> Path:
    path = folder / "given.config"
    path.write_text(text)
    return path


def values(path: Path) -> dict[str, str]:
    return {one.symbol: one.value for one in parse_config(path.read_text(), str(path)).assignments}


@pytest.mark.parametrize(
    ("kernel", "wanted"),
    [
        ("6.12", {"XEN_SCRUB_PAGES": "renamed"}),
        ("7.3", {"XEN_SCRUB_PAGES": "renamed", "XEN_SAVE_RESTORE": "renamed"}),
    ],
)
def test_options_that_left_the_kernel_are_told_by_what_became_of_them(
    tmp_path: Path, kernel: str, wanted: dict[str, str]
) -> None:
    ran = run_kcfg("resolve", str(written(tmp_path, QUBES)), "--kernel", kernel, "--format", "json")
    lost = {one["symbol"]: one["reasons"][0]["kind"] for one in json.loads(ran.out)["differences"]}
    assert lost == wanted


@pytest.mark.parametrize("kernel", ["6.12", "7.3"])
def test_trimming_a_guest_drops_what_only_a_host_needs(tmp_path: Path, kernel: str) -> None:
    given = written(tmp_path, ZONE)
    out = tmp_path / "new.config"
    ran = run_kcfg("generate", "pvh-domu", "--kernel", kernel, "--from", str(given), "-o", out)
    assert ran.status == 0
    got = values(out)
    assert {
        name for name in ("XEN_PV", "XEN_DOM0", "XEN_BACKEND", "XEN_BLKDEV_BACKEND") if got.get(name) == "y"
    } == set()
    assert {got[name] for name in ("XEN_PVH", "XEN_BLKDEV_FRONTEND", "XEN_NETDEV_FRONTEND", "HVC_XEN")} == {"y"}


def test_trimming_enables_nothing_that_was_off(tmp_path: Path) -> None:
    given = written(tmp_path, ZONE)
    full = tmp_path / "full.config"
    run_kcfg("resolve", str(given), "--kernel", "6.12", "-o", full)
    before = {name for name, value in values(full).items() if value in ("y", "m")}
    out = tmp_path / "new.config"
    assert run_kcfg("generate", "pvh-domu", "--kernel", "6.12", "--from", str(given), "-o", out).status == 0
    after = {name for name, value in values(out).items() if value in ("y", "m")}
    model = open_kernel(None, kernel="6.12").model
    assert not (after - before) & set(choosable(model))
    assert len(after) < len(before)


def test_trimming_says_which_essentials_the_configuration_lacks(tmp_path: Path) -> None:
    report = generated("pvh-domu", "--kernel", "6.12", "--from", written(tmp_path, ZONE))
    assert any(one.startswith("EXT4_FS=y is not in the configuration") for one in report["warnings"])


def test_trimming_what_lacks_the_profile_is_impossible(tmp_path: Path) -> None:
    report = generated("pvh-domu", "--kernel", "6.12", "--from", written(tmp_path, "CONFIG_XEN=y\n"), status=1)
    assert not report["possible"]
    assert any("XEN_PVH" in one for one in report["warnings"])


def test_numbers_and_strings_stay_at_their_defaults(tmp_path: Path) -> None:
    out = tmp_path / "pvh.config"
    assert run_kcfg("generate", "pvh-domu", "--kernel", "6.12", "-o", out).status == 0
    got = values(out)
    assert got["EXTRA_FIRMWARE"] == ""
    assert "EXTRA_FIRMWARE_DIR" not in got


def test_forbidden_symbol_stays_off(tmp_path: Path) -> None:
    free = generated("pvh-domu", "--kernel", "6.12")
    assert "CRYPTO" in {one["symbol"] for one in free["symbols"]}
    kept = generated("pvh-domu", "--kernel", "6.12", "--forbid", "XEN_NETDEV_FRONTEND", status=1)
    assert set(kept["core_goals"]) == {"XEN_NETDEV_FRONTEND=y", "XEN_NETDEV_FRONTEND=n"}
    other = generated("pvh-domu", "--kernel", "6.12", "--forbid", "SMP", "--without", "smp")
    assert "SMP" not in {one["symbol"] for one in other["symbols"]}
    assert other["optimum"] < free["optimum"]


def test_time_that_runs_out_gives_the_best_so_far_with_its_gap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import kcfg.solver.sat

    def never(self: object, *_: object, **__: object) -> bool:
        raise kcfg.solver.sat.OutOfTimeError

    monkeypatch.setattr(kcfg.solver.sat.Bounded, "_call_oracle", never)
    report = generated("pvh-domu", "--kernel", "6.12", "--timeout", "5")
    assert not report["proven"]
    assert report["bound"] < report["optimum"]
    assert any("is the best found in 5 s" in one for one in report["warnings"])


KCONFIG = """\
config MODULES
	bool "modules"
	modules
config XEN
	bool "Xen"
config XEN_PVH
	bool "PVH"
	depends on XEN
	select BIG if !SMALL
config SMALL
	bool "small"
	select HELP1
	select HELP2
config BIG
	bool
config HELP1
	bool
config HELP2
	bool
config NET
	tristate "net"
"""
FILES = {
    "Kconfig": KCONFIG,
    "Kbuild": "obj-$(CONFIG_XEN_PVH) += pvh.o\nobj-$(CONFIG_BIG) += a.o b.o c.o d.o\nobj-$(CONFIG_SMALL) += s.o\n"
    "obj-$(CONFIG_NET) += xen-net.o\nxen-net-y := n1.o n2.o\n",
}
PROFILE = """\
schema = 1
name = "tiny"
title = "Tiny"
kind = "policy"
about = "A profile for a small tree."
arch = ["x86_64"]
kernel = ">=5.10"

[[rule]]
level = "required"
symbol = "XEN_PVH"
value = ["y"]
why = "It is what the test is about."
source = "this test"
"""


@pytest.fixture
def tiny(tmp_path: Path) -> tuple[str, ...]:
    """Arguments for a small tree of which symbols and object files have different optima."""
    (tmp_path / "tiny.toml").write_text(PROFILE)
    tree = write_tree(tmp_path / "tree", FILES)
    return (str(tmp_path / "tiny.toml"), "--tree", str(tree), "--arch", "x86_64", "--essentials", "none")


@pytest.mark.parametrize("form", ["json", "html"])
def test_the_report_of_what_is_impossible_is_printed_alone_and_nothing_is_written(
    tmp_path: Path, tiny: tuple[str, ...], form: str
) -> None:
    out = tmp_path / "out"
    command = ("generate", *tiny, "--forbid", "XEN", "--format", form)
    ran = run_kcfg(*command, "-o", str(out))
    assert (ran.status, out.exists()) == (1, False)
    plain = run_kcfg(*command)
    if form == "json":
        assert json.loads(ran.out)["possible"] is False
        assert json.loads(ran.out) | {"seconds": 0} == json.loads(plain.out) | {"seconds": 0}
    else:
        assert ran.out.rstrip().endswith("</html>")


def test_fewest_object_files_is_another_optimum(tiny: tuple[str, ...]) -> None:
    symbols = generated(*tiny)
    objects = generated(*tiny, "--minimise", "objects", "--expert")
    assert {one["symbol"] for one in symbols["symbols"]} == {"XEN", "XEN_PVH", "BIG"}
    assert {one["symbol"] for one in objects["symbols"]} == {"XEN", "XEN_PVH", "SMALL", "HELP1", "HELP2"}
    assert (objects["optimum"], objects["bound"], objects["cost"]) == (2, 2, "objects")


def test_hardware_keeps_the_drivers_of_loaded_modules(tmp_path: Path, tiny: tuple[str, ...]) -> None:
    listed = tmp_path / "lsmod.txt"
    listed.write_text("Module                  Size  Used by\nxen_net 16384 0\n")
    report = generated(*tiny, "--hardware", listed)
    assert {one["symbol"]: one["kind"] for one in report["symbols"]}["NET"] == "keep"


@pytest.mark.parametrize(
    ("content", "status", "message"),
    [
        (b"nosuch 1 0\n", 1, "nothing in this kernel builds the module nosuch"),
        (b"\xff\xfe\x00", 2, "not a text"),
        (b"this is no list\n", 2, "line 1: not a line of lsmod"),
    ],
)
def test_bad_list_of_modules_is_one_line(
    tmp_path: Path, tiny: tuple[str, ...], content: bytes, status: int, message: str
) -> None:
    listed = tmp_path / "lsmod.txt"
    listed.write_bytes(content)
    ran = run_kcfg("generate", *tiny, "--hardware", str(listed))
    assert ran.status == status
    assert message in ran.err
    assert ran.err.count("\n") == 1


def test_objects_and_hardware_need_a_tree(tmp_path: Path) -> None:
    for option in (("--minimise", "objects"), ("--hardware", str(tmp_path / "x"))):
        ran = run_kcfg("generate", "pvh-domu", "--kernel", "6.12", *option)
        assert (ran.status, "needs --tree" in ran.err) == (2, True)
