"""`kcfg show`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.run import Run


def show(kcfg: Run, *args: str | Path) -> dict[str, Any]:
    ran = kcfg("show", *args, "--format", "json")
    assert (ran.status, ran.err) == (0, "")
    made: dict[str, Any] = json.loads(ran.out)
    return made


def test_a_symbol_may_have_config_in_front(kcfg: Run) -> None:
    assert show(kcfg, "CONFIG_XEN_DOM0") == show(kcfg, "XEN_DOM0")


def test_a_symbol_is_shown_with_its_lines_in_kconfig(kcfg: Run) -> None:
    made = show(kcfg, "XEN_PVH", "--kernel", "6.12")
    places = [place["where"]["path"] for place in made["definitions"]]
    assert (made["type"], places) == ("bool", ["arch/x86/xen/Kconfig"])
    assert "select PVH" in [one["text"] for one in made["definitions"][0]["selects"]]
    assert made["config"] == made["value"] == ""


def test_a_symbol_has_the_value_of_a_configuration_and_its_line(kcfg: Run, guest: Path) -> None:
    made = show(kcfg, "XEN_PVH", "--config", guest)
    assert made["value"] == "y"
    assert made["line"] == {"path": str(guest), "line": guest.read_text().splitlines().index("CONFIG_XEN_PVH=y") + 1}


def test_several_configurations_are_merged_in_order(kcfg: Run, guest: Path) -> None:
    Path("off.config").write_text("# CONFIG_XEN_PVH is not set\n")
    assert show(kcfg, "XEN_PVH", "-c", guest, "-c", "off.config")["value"] == "n"
    assert show(kcfg, "XEN_PVH", "-c", "off.config", "-c", guest)["value"] == "y"


def test_who_selects_a_symbol_is_told(kcfg: Run) -> None:
    assert [one["text"] for one in show(kcfg, "PVH", "--kernel", "6.12")["selected_by"]] == ["XEN_PVH"]


def test_all_lists_every_symbol_that_selects_it(kcfg: Run) -> None:
    short, long = kcfg("show", "CRC32").out, kcfg("show", "CRC32", "--all").out
    assert "(--all)" in short
    assert "(--all)" not in long
    assert len(long.splitlines()) > len(short.splitlines())


@pytest.mark.parametrize(
    ("typed", "meant"), [("XEN_PHV", "XEN_PVH"), ("CONFIG_XEN_DOMO", "XEN_DOM0"), ("xen_pvh", "XEN_PVH")]
)
def test_a_mistyped_symbol_gets_near_misses(kcfg: Run, typed: str, meant: str) -> None:
    ran = kcfg("show", typed, "--kernel", "6.12")
    assert (ran.status, ran.out) == (2, "")
    assert meant in ran.err.split("did you mean")[1]


def test_a_symbol_that_has_gone_names_what_became_of_it(kcfg: Run) -> None:
    ran = kcfg("show", "XEN_SAVE_RESTORE", "--kernel", "7.3")
    assert ran.status == 1
    assert "XEN_SAVE_RESTORE is gone since Linux 6.1" in ran.err


def test_the_next_command_keeps_the_kernel(kcfg: Run) -> None:
    assert "--config .config --kernel 6.1\n" in kcfg("show", "XEN", "--kernel", "6.1").out


def test_symbols_complete_with_and_without_config_in_front() -> None:
    import click

    from kcfg_cli.complete import complete_symbol
    from kcfg_cli.show import command

    context = click.Context(command)
    for typed in ("XEN_PVH", "xen_pvh", "CONFIG_XEN_PVH"):
        found = [item.value for item in complete_symbol(context, command.params[0], typed)]
        assert ("CONFIG_" if typed.startswith("CONFIG_") else "") + "XEN_PVHVM_GUEST" in found


@pytest.mark.parametrize(
    "command", [("show", "XEN"), ("graph", "needs", "XEN"), ("graph", "cycles"), ("graph", "--modes", "pvh-domu")]
)
def test_probes_are_asked_of_a_tree_or_refused_with_or_without_a_configuration(
    kcfg: Run, command: tuple[str, ...]
) -> None:
    ran = kcfg(*command, "--kernel", "6.12", "--run-probes")
    assert (ran.status, ran.out) == (3, "")
    assert "--run-probes needs --tree" in ran.err
