"""`kcfg relevance`."""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from patches.relevance.report import schema_text
from tests.commands.run import Run
from tests.patches.relevance.queues import change, profiles, small_tree, write_queue


@pytest.fixture
def queue(tmp_path: Path) -> Path:
    patches = {
        "main.patch": change("init/main.c"),
        "pv.patch": change("xen/pv.c"),
        "net.patch": change("drivers/netf.c") + change("drivers/netf.h"),
        "arm.patch": change("arch/arm/foo.c"),
        "gone.patch": change("drivers/gone.c"),
    }
    return write_queue(tmp_path / "queue", patches)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return small_tree(tmp_path / "tree")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "one.config"
    path.write_text("# Automatically generated file; DO NOT EDIT.\nCONFIG_XEN=y\nCONFIG_NETF=m\n")
    return path


def report(out: str) -> Any:
    """A report that fits the schema that ships."""
    found = json.loads(out)
    jsonschema.validate(found, json.loads(files("patches").joinpath("relevance/relevance-1.json").read_text()))
    return found


def test_the_schema_that_ships_is_that_of_the_data() -> None:
    assert files("patches").joinpath("relevance/relevance-1.json").read_text() == schema_text()


def test_the_text_has_a_line_a_patch_and_the_counts(kcfg: Run, queue: Path, tree: Path, config: Path) -> None:
    ran = kcfg("relevance", queue, "--tree", tree, "--arch", "x86_64", "--config", config)
    lines = ran.out.splitlines()
    assert (ran.status, ran.err) == (0, "")
    assert [line.split()[2] for line in lines[3:8]] == ["built", "built", "built", "never", "undecidable"]
    assert "xen/Makefile:2" in lines[4]
    assert lines[-1] == (
        "of 5 patches: 3 built into this kernel, 1 not decidable, 0 only in other modes or configurations, "
        "1 never built here (architecture 1)"
    )


def test_modes_have_a_column_and_a_line_of_counts_each(kcfg: Run, queue: Path, tree: Path, tmp_path: Path) -> None:
    pvh, no_pv = profiles(tmp_path / "profiles")
    ran = kcfg("relevance", queue, "--tree", tree, "-m", pvh, "-m", f"{pvh}+{no_pv}", "--files")
    assert ran.status == 0
    assert f"of 5 patches 2 matter for {pvh}+{no_pv} (the mode needs it): 2 needed, 1 undecidable" in ran.out
    row = next(line for line in ran.out.splitlines() if line.endswith("pv.patch    "[:8]) or " pv.patch" in line)
    assert row.split()[2:5] == ["other", "possible", "impossible"]


def test_json_is_the_data(kcfg: Run, queue: Path, tree: Path, config: Path, tmp_path: Path) -> None:
    pvh, _ = profiles(tmp_path / "profiles")
    options = ("--tree", tree, "--arch", "x86_64", "--config", config, "--mode", pvh, "--format", "json")
    found = report(kcfg("relevance", queue, *options).out)
    assert (found["schema"], found["counts"]["built"], found["config"]) == (1, 3, str(config))
    net = found["patches"][2]
    assert net["files"][1] == {
        "path": "drivers/netf.h",
        "kind": "header",
        "verdict": "built",
        "owner": "drivers/netf.o",
        "value": "m",
        "via": ["drivers/netf.c"],
        "where": {"path": "drivers/Makefile", "line": 1},
        "symbols": ["NETF"],
        "condition": "NETF=m",
        "modes": ["needed"],
    }
    assert net["matters"] == [True]


def test_csv_has_a_row_a_patch_or_a_file(kcfg: Run, queue: Path, tree: Path, config: Path) -> None:
    options = ("--tree", tree, "--arch", "x86_64", "--config", config, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(kcfg("relevance", queue, *options).out)))
    assert [row["verdict"] for row in rows] == ["built", "built", "built", "never", "undecidable"]
    assert rows[1]["where"] == "xen/Makefile:2"
    assert len(list(csv.DictReader(io.StringIO(kcfg("relevance", queue, *options, "--files").out)))) == 6


def test_markdown_neutralises_what_comes_from_the_queue(kcfg: Run, tree: Path, config: Path, tmp_path: Path) -> None:
    name = "<b>|`x`.patch"
    make = "obj-y += main.o\n"
    text = change("init/Makefile", make, f"{make}obj-$(CONFIG_XEN) += new.o\n") + change("drivers/<i>|.c")
    queue = write_queue(tmp_path / "queue2", {name: text + change("init/new.c", "", "int new;\n")})
    ran = kcfg("relevance", queue, "--tree", tree, "--arch", "x86_64", "-c", config, "--files", "--format", "markdown")
    rows = [line for line in ran.out.splitlines() if line.startswith("| 1")]
    assert len(rows) == 3
    assert all(row.count("|") == 6 for row in rows)
    assert "<b>" not in ran.out
    assert "<i>" not in ran.out


def test_no_control_character_of_the_queue_reaches_the_terminal(
    kcfg: Run, tree: Path, config: Path, tmp_path: Path
) -> None:
    queue = write_queue(tmp_path / "queue2", {"\x1b[31m.patch": change("init/\x1b]0;x.c")})
    ran = kcfg("relevance", queue, "--tree", tree, "--arch", "x86_64", "-c", config)
    assert "\x1b" not in ran.out


def test_the_exit_status_is_3_only_when_nothing_can_be_decided(
    kcfg: Run, tree: Path, config: Path, tmp_path: Path
) -> None:
    queue = write_queue(tmp_path / "queue2", {"gone.patch": change("drivers/gone.c")})
    assert kcfg("relevance", queue, "--tree", tree, "--arch", "x86_64", "-c", config).status == 3


def test_a_queue_of_another_project_is_one_line_and_status_3(
    kcfg: Run, tree: Path, config: Path, tmp_path: Path
) -> None:
    queue = write_queue(tmp_path / "queue2", {"a.patch": change("xen2/arch/x86/sysctl.c") + change("init/main.c", "")})
    ran = kcfg("relevance", queue, "--tree", tree, "--arch", "x86_64", "-c", config)
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (3, "", 1)
    assert "another source: 1 of 1 file are in what the tree does not have (xen2/)" in ran.err


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ((), "nothing says which kernel"),
        (("--mode", "pvh"), "unknown profile 'pvh'"),
        (("--mode", "+"), "no mode given"),
        (("--config", "nowhere.config"), "nowhere.config"),
    ],
)
def test_bad_input_is_one_line(kcfg: Run, queue: Path, tree: Path, options: tuple[str, ...], text: str) -> None:
    ran = kcfg("relevance", queue, "--tree", tree, *options)
    assert (ran.status, len(ran.err.splitlines())) == (2, 1)
    assert text in ran.err


def test_a_mode_that_does_not_exist_for_the_kernel_leaves_nothing_to_judge_by(
    kcfg: Run, queue: Path, tree: Path
) -> None:
    ran = kcfg("relevance", queue, "--tree", tree, "--mode", "arm64-domu", "--arch", "x86_64")
    assert (ran.status, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert "arm64-domu: " in ran.err


def test_paths_that_lead_out_of_the_tree_are_only_names(kcfg: Run, tree: Path, config: Path, tmp_path: Path) -> None:
    text = change("../../../etc/passwd") + change("drivers/../../x.c") + change("init/main.c")
    queue = write_queue(tmp_path / "queue2", {"a.patch": text})
    options = ("--tree", tree, "--arch", "x86_64", "-c", config, "--format", "json")
    found = report(kcfg("relevance", queue, *options).out)
    assert found["patches"][0]["verdict"] == "built"


def test_a_queue_is_called_as_it_was_named(
    kcfg: Run, queue: Path, tree: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(queue)
    for name in ("main.patch", "."):
        ran = kcfg("relevance", name, "--tree", tree, "--arch", "x86_64", "--config", config, "--format", "json")
        assert report(ran.out)["queue"] == name
