"""`kcfg resolve`."""

from __future__ import annotations

import json
import os
import stat
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kcfg.answers.report import RESOLVE_FORMATS
from kcfg.kconfig.config import read_config
from tests.commands.run import GUEST, Run, header


def report(out: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(out)
    jsonschema.validate(made, json.loads(files("profiles").joinpath("report/schemas/report-1.json").read_text()))
    return made


def differences(kcfg: Run, text: str, *options: str) -> dict[str, tuple[str, str, list[str]]]:
    """Symbol -> (asked, got, kinds of the reasons)."""
    Path("asked.config").write_text(text)
    ran = kcfg("resolve", "asked.config", "--format", "json", *options)
    made = report(ran.out)["differences"]
    assert ran.status == (1 if made else 0)
    return {d["symbol"]: (d["asked"], d["got"], [reason["kind"] for reason in d.get("reasons", ())]) for d in made}


def test_what_comes_out_as_asked_gives_0(kcfg: Run, guest: Path) -> None:
    assert differences(kcfg, guest.read_text()) == {}


@pytest.mark.parametrize(
    ("lines", "symbol", "asked", "got", "kind"),
    [
        ("CONFIG_XEN=y\n# CONFIG_HYPERVISOR_GUEST is not set\n", "XEN", "y", "n", "unmet-dependency"),
        ("# CONFIG_XEN_PRIVCMD is not set\nCONFIG_XENFS=y\n", "XEN_PRIVCMD", "n", "y", "selected"),
        ("CONFIG_XEN_PVHVM=y\n# CONFIG_XEN is not set\n", "XEN_PVHVM", "y", "n", "no-prompt"),
        ("# CONFIG_MODULES is not set\nCONFIG_EXT4_FS=m\n", "EXT4_FS", "m", "y", "modules-off"),
        ("CONFIG_XEN_PVVH=y\n", "XEN_PVVH", "y", "", "unknown-symbol"),
        ("CONFIG_LOG_BUF_SHIFT=99\n", "LOG_BUF_SHIFT", "99", "25", "out-of-range"),
        ("CONFIG_XEN_PVH=n\nCONFIG_XEN_PVH=y\n", "XEN_PVH", "n", "y", "duplicate"),
        ("CONFIG_XEN_PVH=m\n", "XEN_PVH", "m", "n", "bad-value"),
        ("CONFIG_KERNEL_GZIP=y\nCONFIG_KERNEL_XZ=y\n", "KERNEL_GZIP", "y", "n", "choice"),
    ],
)
def test_each_cause_of_a_line_that_does_not_come_out_is_told(
    kcfg: Run, lines: str, symbol: str, asked: str, got: str, kind: str
) -> None:
    base = "\n".join(line for line in GUEST.splitlines() if f"CONFIG_{symbol}=" not in line)
    if "CONFIG_XEN=y" in lines or "CONFIG_XEN is" in lines:
        base = base.replace("CONFIG_XEN=y\n", "").replace("CONFIG_HYPERVISOR_GUEST=y\n", "")
    found = differences(kcfg, f"{header()}{base}\nCONFIG_EXPERT=y\n{lines}")
    assert found[symbol][:2] == (asked, got)
    assert kind in found[symbol][2]


def test_a_line_for_n_of_what_does_not_exist_gets_what_it_asks_for(kcfg: Run, guest: Path) -> None:
    assert differences(kcfg, guest.read_text() + "# CONFIG_NO_SUCH_SYMBOL is not set\n") == {}


def test_several_configurations_are_merged_and_the_last_one_wins(kcfg: Run, guest: Path) -> None:
    Path("off.config").write_text("# CONFIG_XEN_PVH is not set\n")
    made = report(kcfg("resolve", guest, "off.config", "--format", "json").out)
    assert made["parts"] == [str(guest), "off.config"]
    assert [(d["symbol"], d["where"]["path"]) for d in made["differences"]] == [("XEN_PVH", str(guest))]


def test_the_next_command_of_a_merge_can_be_typed(kcfg: Run, guest: Path) -> None:
    Path("off.config").write_text("# CONFIG_XEN_PVH is not set\n")
    out = kcfg("resolve", guest, "off.config", "--kernel", "6.1").out
    line = next(line for line in out.splitlines() if line.startswith("next: "))
    words = line.removeprefix("next: kcfg ").split()
    assert words == ["show", "XEN_PVH", "--config", str(guest), "--config", "off.config", "--kernel", "6.1"]
    assert kcfg(*words).status == 0


def test_the_result_resolves_to_itself(kcfg: Run, complete_text: str) -> None:
    assert differences(kcfg, complete_text) == {}
    ran = kcfg("resolve", "asked.config", "-o", "-")
    assert ran.out == complete_text
    assert ran.status == 0


def test_the_report_goes_to_standard_error_when_the_result_goes_to_standard_output(kcfg: Run, guest: Path) -> None:
    ran = kcfg("resolve", guest, "-o", "-")
    assert ran.out.startswith("#\n# Automatically generated file")
    assert "every line comes out as asked" in ran.err


def test_the_output_gets_the_mode_that_a_new_file_has(kcfg: Run, guest: Path) -> None:
    old = os.umask(0o027)
    try:
        kcfg("resolve", guest, "-o", "out.config")
    finally:
        os.umask(old)
    assert stat.S_IMODE(os.stat("out.config").st_mode) == 0o640
    assert read_config("out.config").values()["XEN_PVH"].value == "y"
    assert sorted(os.listdir()) == [str(guest), "out.config"]


def test_an_output_that_is_there_keeps_its_mode_and_its_links(kcfg: Run, guest: Path) -> None:
    Path("real.config").write_text("old")
    os.chmod("real.config", 0o604)
    os.symlink("real.config", "link.config")
    kcfg("resolve", guest, "-o", "link.config")
    assert os.readlink("link.config") == "real.config"
    assert stat.S_IMODE(os.stat("real.config").st_mode) == 0o604
    assert read_config("real.config").values()["XEN_PVH"].value == "y"


def test_an_output_that_is_a_pipe_is_written_to(kcfg: Run, guest: Path) -> None:
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        Path("small").write_text('config A\n\tbool "a"\n')
        tree = Path("tree")
        tree.mkdir()
        (tree / "Kconfig").write_text('config A\n\tbool "a"\n')
        (tree / "Makefile").write_text("VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\n")
        Path("a.config").write_text("CONFIG_A=y\n")
        assert kcfg("resolve", "a.config", "--tree", tree, "-o", "pipe").status == 0
        assert b"CONFIG_A=y\n" in os.read(reader, 65536)
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)


@pytest.mark.parametrize("output", ["missing/out.config", "folder"])
def test_an_output_that_cannot_be_written_is_named(kcfg: Run, guest: Path, output: str) -> None:
    Path("folder").mkdir()
    ran = kcfg("resolve", guest, "-o", output)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"kcfg: {output}: ")
    assert sorted(os.listdir()) == ["folder", str(guest)]


def test_a_failure_while_writing_keeps_the_old_output(kcfg: Run, guest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    Path("out.config").write_text("old")
    monkeypatch.setattr("kcfg.base.atomic.os.replace", full)
    ran = kcfg("resolve", guest, "-o", "out.config")
    assert (ran.status, ran.err) == (2, "kcfg: out.config: no space left on device\n")
    assert Path("out.config").read_text() == "old"
    assert sorted(os.listdir()) == [str(guest), "out.config"]


def test_what_cannot_be_read_writes_nothing(kcfg: Run) -> None:
    Path("out.config").write_text("old")
    assert kcfg("resolve", "missing.config", "-o", "out.config").status == 2
    assert Path("out.config").read_text() == "old"


def test_the_configurations_own_compiler_answers_the_probes(kcfg: Run) -> None:
    lines = 'CONFIG_CC_VERSION_TEXT="gcc (x) 14.2.0"\nCONFIG_CC_IS_GCC=y\nCONFIG_GCC_VERSION=140200\nCONFIG_64BIT=y\n'
    assert "GCC_VERSION" not in differences(kcfg, header() + lines)


@pytest.mark.parametrize("form", RESOLVE_FORMATS)
def test_every_format_names_the_line(kcfg: Run, guest: Path, form: str) -> None:
    guest.write_text(guest.read_text() + "CONFIG_XEN_PVVH=y\n")
    ran = kcfg("resolve", guest, "--format", form)
    assert ran.status == 1
    assert "XEN_PVVH" in ran.out


def test_a_line_that_hangs_on_another_compiler_cannot_be_told(kcfg: Run) -> None:
    Path("cfi.config").write_text("CONFIG_X86_64=y\nCONFIG_CFI_CLANG=y\n")
    ran = kcfg("resolve", "cfi.config", "--kernel", "7.3")
    assert ran.status == 3
    assert "every line comes out" not in ran.out
    assert "of 1 line it cannot be told" in ran.out
    made = report(kcfg("resolve", "cfi.config", "--kernel", "7.3", "--format", "json").out)
    assert (made["untold"], made["differences"]) == (1, [])


def test_a_snapshot_that_was_made_can_be_named(kcfg: Run) -> None:
    Path("tree").mkdir()
    Path("tree/Makefile").write_text("VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\n")
    Path("tree/Kconfig").write_text('config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n')
    assert kcfg("snapshot", "tree", "--arch", "x86_64", "-o", "own.kcfg").status == 0
    for option in ("--tree", "--kernel"):
        assert differences(kcfg, "CONFIG_X86_64=n\nCONFIG_A=y\n", option, "own.kcfg").keys() == {"A"}
        assert differences(kcfg, "CONFIG_A=y\nCONFIG_B=y\n", option, "own.kcfg") == {}


def test_a_complete_configuration_of_no_version_says_nothing_by_what_it_leaves_out(kcfg: Run) -> None:
    body = "# CONFIG_XEN is not set\nCONFIG_CC_IS_GCC=y\nCONFIG_HAVE_STACKPROTECTOR=y\nCONFIG_STACKPROTECTOR=y\n"
    marks = "#\n# Automatically generated file; DO NOT EDIT.\n#\nCONFIG_X86_64=y\nCONFIG_64BIT=y\n"
    Path("none.config").write_text(f'{marks}CONFIG_CC_VERSION_TEXT="gcc 15"\nCONFIG_GCC_VERSION=150201\n{body}')
    ran = kcfg("resolve", "none.config", "--kernel", "6.12", "--format", "json")
    assert "STACKPROTECTOR" not in [one["symbol"] for one in report(ran.out)["differences"]]


def test_the_next_command_names_a_symbol_that_the_kernel_has(kcfg: Run) -> None:
    Path("odd.config").write_text("CONFIG_NO_SUCH_THING=y\nCONFIG_PRINTK=n\n")
    ran = kcfg("resolve", "odd.config", "--kernel", "6.12", "--arch", "x86_64")
    assert "kcfg show PRINTK " in ran.out + ran.err
