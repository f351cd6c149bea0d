"""`kcfg modes`."""

from __future__ import annotations

import gzip
import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from tests.commands.run import GUEST, Run, header


def verdicts(out: str) -> dict[str, str]:
    return {row["mode"]: row["verdict"] for row in json.loads(out)["rows"]}


def modes(kcfg: Run, *args: str | Path, stdin: bytes = b"") -> dict[str, Any]:
    ran = kcfg("modes", *args, "--format", "json", stdin=stdin)
    assert ran.err == ""
    report: dict[str, Any] = json.loads(ran.out)
    assert ran.status == (3 if "unknown" in {row["verdict"] for row in report["rows"]} else 0)
    return report


def test_a_pvh_guest_can_run_as_pvh_guest_only(kcfg: Run, guest: Path) -> None:
    found = verdicts(kcfg("modes", guest, "--format", "json").out)
    assert {mode for mode, verdict in found.items() if verdict == "pass"} == {"pvh-domu"}


def test_modes_of_other_architectures_are_left_out(kcfg: Run, guest: Path) -> None:
    assert not any(mode.startswith("arm64") for mode in verdicts(kcfg("modes", guest, "--format", "json").out))


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bytes])
def test_a_packed_configuration_gives_what_the_plain_one_gives(kcfg: Run, guest: Path, pack: Any) -> None:
    Path("packed").write_bytes(pack(guest.read_bytes()))
    assert modes(kcfg, "packed")["rows"][0]["verdict"] == modes(kcfg, guest)["rows"][0]["verdict"]
    assert verdicts(json.dumps(modes(kcfg, "packed"))) == verdicts(json.dumps(modes(kcfg, guest)))


def test_standard_input_is_a_configuration(kcfg: Run, guest: Path) -> None:
    assert verdicts(json.dumps(modes(kcfg, "-", stdin=guest.read_bytes())))["pvh-domu"] == "pass"


def test_nothing_suggests_to_type_the_name_of_standard_input(kcfg: Run, guest: Path) -> None:
    out = kcfg("modes", "-", stdin=guest.read_bytes()).out
    assert "next:" not in out
    assert out.startswith("standard input ")


def test_a_folder_of_fragments_is_merged_in_the_order_of_names(kcfg: Run, guest: Path) -> None:
    Path("fragments").mkdir()
    Path("fragments/10-base.config").write_text(guest.read_text())
    Path("fragments/20-off.config").write_text("# CONFIG_XEN_PVH is not set\n")
    assert verdicts(json.dumps(modes(kcfg, "fragments")))["pvh-domu"] == "fail"
    Path("fragments/20-off.config").rename("fragments/05-off.config")
    assert verdicts(json.dumps(modes(kcfg, "fragments")))["pvh-domu"] == "pass"


def test_an_arm64_configuration_is_judged_as_arm64(kcfg: Run) -> None:
    Path("arm.config").write_text(header(arch="arm64") + "CONFIG_ARM64=y\nCONFIG_XEN=y\n")
    report = modes(kcfg, "arm.config")
    assert report["kernel"]["arch"] == "arm64"
    assert {row["mode"] for row in report["rows"]} == {"arm64-domu", "arm64-dom0", "driver-domain"}


def test_an_unknown_architecture_cannot_be_evaluated(kcfg: Run) -> None:
    Path("riscv.config").write_text(header(arch="riscv") + "CONFIG_RISCV=y\nCONFIG_XEN=y\n")
    ran = kcfg("modes", "riscv.config")
    assert (ran.status, ran.out) == (3, "")
    assert ran.err.startswith("kcfg: riscv.config: ")
    assert "'riscv'" in ran.err


@pytest.mark.parametrize(
    ("version", "judge"),
    [
        ("4.18.0-147.el8", "5.10"),
        ("5.10.200", "5.10"),
        ("6.1.0-rc3", "6.1"),
        ("6.12.0-55.el10.x86_64", "6.12"),
        ("9.1.0", "7.3"),
    ],
)
def test_the_judge_of_a_version_that_is_not_between_two_snapshots(kcfg: Run, version: str, judge: str) -> None:
    Path("some.config").write_text(header(version) + GUEST)
    assert modes(kcfg, "some.config")["kernel"]["name"] == f"linux-{judge}"


@pytest.mark.parametrize(
    ("version", "line", "judge"),
    [
        ("5.15.41", "CONFIG_XEN_PVHVM_GUEST=y", "6.1"),  # not in 5.10
        ("5.12.1", "CONFIG_XEN_BALLOON_MEMORY_HOTPLUG_LIMIT=512", "5.10"),  # not in 6.1
        ("6.6.104", "CONFIG_XEN_PRIVCMD_EVENTFD=y", "6.12"),
        ("6.6.104", "", "6.1"),
        ("6.14.0", "CONFIG_XEN_SAVE_RESTORE=y", "6.12"),  # not in 7.3
    ],
)
def test_of_two_neighbours_that_judges_which_knows_more_of_the_symbols(
    kcfg: Run, version: str, line: str, judge: str
) -> None:
    Path("some.config").write_text(f"{header(version)}CONFIG_64BIT=y\nCONFIG_XEN=y\n{line}\n")
    kernel = modes(kcfg, "some.config")["kernel"]
    assert kernel["name"] == f"linux-{judge}"
    assert version in kernel["note"]
    assert judge in kernel["note"]


def test_another_series_than_the_configurations_own_is_told_when_it_was_asked_for(kcfg: Run, guest: Path) -> None:
    kernel = modes(kcfg, guest, "--kernel", "6.1")["kernel"]
    assert kernel["version"].startswith("6.1.")
    assert "6.12.43" in kernel["note"]


def test_a_configuration_of_its_own_series_has_no_note(kcfg: Run, guest: Path) -> None:
    assert "note" not in modes(kcfg, guest)["kernel"]


def test_each_independent_obstacle_of_a_mode_is_told(kcfg: Run) -> None:
    Path("c").write_text(
        header() + GUEST.replace("CONFIG_XEN_PVH=y", "# CONFIG_XEN_PVH is not set") + "# CONFIG_XEN_GNTDEV is not set\n"
    )
    rows = {row["mode"]: row for row in modes(kcfg, "c")["rows"]}
    told = [reason["text"] for reason in rows["pvh-dom0"]["reasons"]]
    assert any(text.startswith("XEN_GNTDEV is set to n") for text in told)
    assert any(text.startswith("XEN_PVH is set to n") for text in told)


def test_one_obstacle_behind_many_symbols_is_told_once(kcfg: Run) -> None:
    Path("c").write_text(header() + GUEST.replace("CONFIG_XEN=y", "# CONFIG_XEN is not set"))
    for row in modes(kcfg, "c")["rows"]:
        texts = [reason["text"] for reason in row["reasons"]]
        assert texts.count("XEN is set to n in the configuration") == 1
        assert not any("XEN=n" in text for text in texts)


def test_the_kernel_that_was_chosen_is_in_the_next_command(kcfg: Run, guest: Path) -> None:
    out = kcfg("modes", guest, "--kernel", "6.1").out
    assert f"kcfg check {guest} --profile pv-domu --kernel 6.1\n" in out


def test_without_argument_the_running_kernels_configuration_is_read(
    kcfg: Run, guest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kcfg_cli.modes.running_config", lambda: str(guest))
    assert verdicts(kcfg("modes", "--format", "json").out)["pvh-domu"] == "pass"


@pytest.mark.parametrize("command", ["modes", "check"])
def test_a_configuration_of_another_architecture_cannot_be_evaluated(kcfg: Run, command: str) -> None:
    Path("headless.config").write_text("CONFIG_RISCV=y\nCONFIG_64BIT=y\nCONFIG_NET=y\n")
    ran = kcfg(command, "headless.config", *(["--profile", "pvh-domu"] if command == "check" else []))
    assert ran.status == 3
    assert "riscv" in ran.out + ran.err


def test_an_architecture_that_no_mode_is_for_cannot_be_evaluated(kcfg: Run) -> None:
    Path("tree").mkdir()
    Path("tree/Makefile").write_text("VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\n")
    Path("tree/Kconfig").write_text("config ARM\n\tdef_bool y\n")
    Path("arm.config").write_text("CONFIG_ARM=y\n")
    ran = kcfg("modes", "arm.config", "--tree", "tree")
    assert (ran.status, ran.out) == (3, "")
    assert "no mode is for arm" in ran.err
