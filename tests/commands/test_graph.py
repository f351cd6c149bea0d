"""`kcfg graph`."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from graphs.report.json import schema_text
from tests.commands.run import Run
from tests.graphs.trees import XEN
from tests.kcfg.trees import write_tree

COMMANDS = (
    ("path", "XEN_DOM0", "PARAVIRT_XXL"),
    ("needs", "XEN_DOM0"),
    ("needed-by", "PARAVIRT_XXL"),
    ("dominators", "./ours.toml"),
    ("cycles",),
    ("compare", "./ours.toml", "./ours.toml"),
    ("history", "XEN_DOM0"),
)
MARKDOWN = ("needs", "needed-by", "dominators", "compare", "history")


@pytest.fixture
def tree(kcfg: Run) -> Path:
    Path("ours.toml").write_text(
        'schema = 1\nname = "ours"\nkind = "mode"\n[[rule]]\nlevel = "required"\nsymbol = "XEN_PVH"\nwhy = "w"\n'
    )
    return write_tree(Path("tree"), XEN)


def ask(kcfg: Run, *args: str | Path, status: int = 0) -> dict[str, Any]:
    ran = kcfg("graph", *args, "--format", "json")
    assert (ran.status, ran.err) == (status, "")
    made: dict[str, Any] = json.loads(ran.out)
    return made


def test_the_schema_in_the_package_is_the_one_of_the_data() -> None:
    assert files("graphs").joinpath("report/schemas/graph-1.json").read_text() == schema_text()


def test_the_documentation_names_every_field() -> None:
    text = (Path(__file__).parents[2] / "docs" / "json-schema.md").read_text()
    schema = json.loads(schema_text())
    fields = {(name, field) for name, part in schema["$defs"].items() for field in part.get("properties", ())}
    assert [pair for pair in sorted(fields) if f"`{pair[1]}`" not in text] == []
    assert [name for name in schema["$defs"] if name not in text] == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_every_answer_fits_the_schema(kcfg: Run, tree: Path, command: tuple[str, ...]) -> None:
    made = ask(kcfg, *command, "--tree", tree)
    Draft202012Validator(json.loads(schema_text())).validate(made)
    assert (made["schema"], made["tool"]) == (1, "kcfg")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_every_answer_is_told_as_text(kcfg: Run, tree: Path, command: tuple[str, ...]) -> None:
    ran = kcfg("graph", *command, "--tree", tree)
    assert (ran.status, ran.err) == (0, "")
    assert "Kconfig:" in ran.out or command[0] in ("cycles", "compare")


@pytest.mark.parametrize("command", [one for one in COMMANDS if one[0] in MARKDOWN], ids=lambda command: command[0])
def test_tables_come_as_markdown(kcfg: Run, tree: Path, command: tuple[str, ...]) -> None:
    ran = kcfg("graph", *command, "--tree", tree, "--format", "markdown")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("## ")


def test_a_path_that_is_not_there_is_status_1(kcfg: Run, tree: Path) -> None:
    made = ask(kcfg, "path", "XEN", "XEN_DOM0", "--tree", tree, status=1)
    assert (made["length"], made["back"]) == (0, 2)


def test_a_configuration_is_what_needed_by_asks_about(kcfg: Run, tree: Path) -> None:
    Path("some.config").write_text("CONFIG_XEN=y\nCONFIG_ACPI=y\nCONFIG_XEN_PVH=y\nCONFIG_PCI=y\nCONFIG_XEN_DOM0=y\n")
    made = ask(kcfg, "needed-by", "XEN_PV", "--config", "some.config", "--tree", tree, "--arch", "x86_64")
    assert made["config"] == "some.config"
    assert [one["symbol"] for one in made["lost"]] == ["XEN_PV", "PARAVIRT_XXL", "XEN_512GB"]


def test_what_cannot_be_on_is_status_1(kcfg: Run, tree: Path) -> None:
    (tree / "Kconfig").write_text(XEN + 'config DEAD\n\tbool "d"\n\tdepends on !64BIT\n')
    assert ask(kcfg, "needs", "DEAD", "--tree", tree, status=1)["core"]
    assert ask(kcfg, "needed-by", "DEAD", "--tree", tree, status=1)["core"]


def test_kernels_come_oldest_first_and_each_once(kcfg: Run) -> None:
    made = ask(kcfg, "history", "XEN_PVH", "--kernel", "6.12", "--kernel", "5.10", "--kernel", "6.12")
    assert [row["kernel"]["name"] for row in made["rows"]] == ["linux-5.10", "linux-6.12"]


def test_without_a_kernel_every_built_in_one_of_the_architecture_is_asked(kcfg: Run) -> None:
    made = ask(kcfg, "history", "XEN_DOM0", "--arch", "arm64")
    assert [row["kernel"]["arch"] for row in made["rows"]] == ["arm64"] * 4
    assert {row["statements"][-1]["text"] for row in made["rows"]} == {"y"}


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("path", "XEN_PHV", "XEN"), "XEN_PVH"),
        (("needs", "XEN_PHV"), "XEN_PVH"),
        (("needed-by", "XEN_PHV"), "XEN_PVH"),
        (("history", "XEN_PHV"), "XEN_PVH"),
        (("dominators", "pvh-domo"), "pvh-dom0"),
        (("compare", "pvh-domo", "pv-domu"), "pvh-dom0"),
        (("cicles",), "cycles"),
    ],
    ids=lambda part: part[0] if isinstance(part, tuple) else part,
)
def test_a_mistyped_name_gets_near_misses(kcfg: Run, args: tuple[str, ...], hint: str) -> None:
    ran = kcfg("graph", *args, *(["--kernel", "6.12"] if args != ("cicles",) else []))
    assert (ran.status, ran.out) == (2, "")
    assert hint in ran.err


def test_needed_by_keeps_its_dash_and_help_lists_every_question(kcfg: Run) -> None:
    ran = kcfg("graph", "--help")
    assert ran.status == 0
    for name, *_ in COMMANDS:
        assert f"  {name} " in ran.out


@pytest.mark.parametrize("form", ["dot", "graphml", "json", "mermaid"])
def test_a_part_of_the_graph_is_exported(kcfg: Run, tree: Path, form: str) -> None:
    ran = kcfg("graph", "export", "--symbol", "XEN_PVH", "--tree", tree, "--format", form)
    assert (ran.status, ran.err) == (0, "")
    assert "ACPI" in ran.out
    assert "XEN_BACKEND" not in ran.out
    written = kcfg("graph", "export", "--symbol", "XEN_PVH", "--tree", tree, "--format", form, "-o", "graph")
    assert (written.status, written.out) == (0, "")
    assert Path("graph").read_text() == ran.out


def test_the_graph_of_a_mode_has_what_its_rules_ask_for(kcfg: Run, tree: Path) -> None:
    ran = kcfg("graph", "export", "--modes", "./ours.toml", "--tree", tree, "--format", "json")
    made = json.loads(ran.out)
    assert {"mode:ours", "XEN_PVH", "XEN", "ACPI"} <= {node["id"] for node in made["nodes"]}
    assert ("mode:ours", "XEN_PVH") in [(edge["source"], edge["target"]) for edge in made["edges"]]


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--modes", "pvh-dom0"),
        ("export", "--modes", "pv-domu, mode:pvh-dom0"),
        ("compare", "pvh-dom0", "arm64-domu"),
        ("compare", "pv-domu", "pvh-dom0"),
    ],
)
def test_a_mode_that_no_kernel_has_is_the_status(kcfg: Run, words: tuple[str, ...]) -> None:
    ran = kcfg("graph", *words, "--kernel", "5.10")
    assert ran.status == 1
    assert "a PVH dom0 needs Linux 5.15" in " ".join((ran.err + ran.out).split())
    assert (ran.out == "") == (words[0] == "export")


def test_two_modes_that_one_kernel_has_are_compared(kcfg: Run) -> None:
    assert kcfg("graph", "compare", "pv-domu", "pvh-dom0", "--kernel", "5.10", "--kernel", "6.12").status == 0


def test_the_configurations_own_version_chooses_what_is_drawn(kcfg: Run) -> None:
    """As it does where rules are checked: 5.10 has no PVH dom0, whichever model judges."""
    Path("old.config").write_text("# Linux/x86 5.10.200 Kernel Configuration\nCONFIG_64BIT=y\n")
    Path("new.config").write_text("# Linux/x86 6.12.1 Kernel Configuration\nCONFIG_64BIT=y\n")
    for words in (("export", "--format", "json"), ("picture", "--format", "html"), ("picture", "--format", "svg")):
        ran = kcfg("graph", *words, "--modes", "pvh-dom0", "--config", "old.config", "--kernel", "6.12")
        assert (ran.status, ran.out) == (1, "")
        ran = kcfg("graph", *words, "--modes", "pvh-dom0", "--config", "new.config", "--kernel", "5.10")
        assert (ran.status, ran.err) == (0, "")
        assert "XEN_DOM0" in ran.out
        assert "needs Linux 5.15" not in ran.out
        assert ("by the rules for Linux 6.12.1" in ran.out) == (words[0] == "picture")


def test_values_of_a_configuration_are_in_the_export(kcfg: Run, tree: Path) -> None:
    Path("some.config").write_text("CONFIG_PCI=y\n")
    ran = kcfg(
        "graph", "export", "--all", "--tree", tree, "--config", "some.config", "--arch", "x86_64", "--format", "json"
    )
    values = {node["id"]: node["value"] for node in json.loads(ran.out)["nodes"]}
    assert (values["PCI"], values["XEN"], values["64BIT"]) == ("y", "n", "y")


def test_nothing_to_export_is_an_error(kcfg: Run) -> None:
    ran = kcfg("graph", "export", "--kernel", "6.12")
    assert (ran.status, ran.out) == (2, "")


def test_without_a_question_options_are_those_of_the_picture(kcfg: Run) -> None:
    ran = kcfg("graph", "--kernel", "6.12", "--only", "--modes", "pvh-domu", "-o", "x.svg")
    assert (ran.status, ran.err) == (0, "")
    assert Path("x.svg").read_text().startswith(("<?xml", "<svg"))
