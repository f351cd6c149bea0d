"""What all commands have: a name in their table, help with examples, and modules that are quick to import."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from types import ModuleType

import click
import pytest

from kcfg_cli import (
    check,
    completion,
    explain,
    generate,
    graph,
    modes,
    patches,
    profiles,
    relevance,
    repair,
    report,
    resolve,
    show,
    snapshot,
)
from kcfg_cli.cli import COMMANDS
from kcfg_cli.graph import GraphCommands, compare, cycles, dominators, export, history, needed_by, needs, path, picture
from kcfg_cli.graph import options as graph_options
from kcfg_cli.patches import PatchCommands, formats, index, plan, status, trend
from kcfg_cli.patches import options as patch_options
from kcfg_cli.patches import show as show_patch

TOP = (
    modes,
    check,
    resolve,
    show,
    explain,
    generate,
    repair,
    report,
    profiles,
    patches,
    relevance,
    graph,
    snapshot,
    completion,
)
GRAPH = (picture, path, needs, needed_by, dominators, compare, history, cycles, export)
PATCHES = (status, show_patch, plan, index, trend, formats)
TABLES: tuple[tuple[str, tuple[ModuleType, ...], Mapping[str, str]], ...] = (
    ("", TOP, COMMANDS),
    ("graph ", GRAPH, GraphCommands.table),
    ("patches ", PATCHES, PatchCommands.table),
)
EVERY = [
    pytest.param(f"{group}{name}", module, id=f"{group}{name}")
    for group, modules, table in TABLES
    for name, module in zip(table, modules, strict=True)
]
HEAVY = ("pysat", "networkx", "numpy", "rich", "jinja2", "git", "yaml", "unidiff", "kconfiglib")
every = pytest.mark.parametrize(("name", "module"), EVERY)


def help_of(name: str, module: ModuleType) -> str:
    command: click.Command = module.command
    with click.Context(command, info_name=f"kcfg {name}", max_content_width=120) as context:
        return command.get_help(context)


@every
def test_a_command_is_named_as_its_table_and_its_module_are(name: str, module: ModuleType) -> None:
    own = name.rpartition(" ")[2]
    assert isinstance(module.command, click.Command)
    assert module.command.name == own
    assert module.__name__.rpartition(".")[2] == own.replace("-", "_")


@every
def test_help_has_a_summary_and_examples_that_can_be_typed(name: str, module: ModuleType) -> None:
    text = help_of(name, module)
    summary = (module.command.help or "").partition("\n\n")[0].replace("\n", " ").strip()
    assert summary.endswith((".", "?"))
    assert summary in " ".join(text.split())
    head, found, examples = text.partition("Example")
    assert found
    lines = [line.strip() for line in examples.partition("\n\n")[0].splitlines()[1:]]
    typed = [line.removeprefix('eval "$(') for line in lines]
    word = "graph" if name == "graph picture" else name
    assert typed
    assert all(line.startswith("kcfg ") for line in typed)
    assert typed[0] == f"kcfg {word}" or typed[0].startswith(f"kcfg {word} ")
    assert head.startswith(f"Usage: kcfg {name}")


@every
def test_every_option_has_help(name: str, module: ModuleType) -> None:
    silent = [
        one.opts for one in module.command.params if isinstance(one, click.Option) and not one.hidden and not one.help
    ]
    assert silent == []


@every
def test_no_two_options_have_one_name(name: str, module: ModuleType) -> None:
    names = [opt for one in module.command.params for opt in (*one.opts, *one.secondary_opts)]
    assert len(set(names)) == len(names)


def test_importing_every_command_imports_no_heavy_library() -> None:
    names = [module.__name__ for _, modules, _ in TABLES for module in modules]
    ask = f"import sys, {', '.join(names)}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert found.stdout.split() == []


def options_of(decorate: object) -> dict[str, click.Option]:
    """The options that a decorator gives a command, by their long names."""
    assert callable(decorate)

    def nothing(**given: object) -> None:
        """Nothing."""

    command = click.command()(decorate(nothing))
    return {max(one.opts, key=len): one for one in command.params}


def test_the_kernels_of_a_question_can_be_several_and_are_cached_unless_told() -> None:
    found = options_of(graph_options.kernels_options)
    assert list(found) == ["--kernel", "--tree", "--arch", "--no-cache"]
    assert [found[name].multiple for name in ("--kernel", "--tree", "--arch")] == [True, True, False]
    assert (found["--no-cache"].default, found["--no-cache"].flag_value, found["--arch"].default) == (
        True,
        False,
        "x86_64",
    )


def test_an_architecture_without_built_in_models_is_said_so() -> None:
    from kcfg.base.errors import CannotEvaluate

    with pytest.raises(CannotEvaluate, match="there is no built-in model for vax") as caught:
        graph_options.open_kernels((), (), "vax", cache=False)
    assert "--tree" in caught.value.hint


def test_a_mode_of_the_graph_is_a_profile() -> None:
    assert graph_options.mode_of("mode:pvh-domu") == graph_options.mode_of("pvh-domu")


def test_upstreams_are_needed_and_can_be_several() -> None:
    found = options_of(patch_options.upstream_options)
    assert list(found) == ["--upstream", "--archive", "--base", "--target", "--main-branch", "--index", "--jobs"]
    assert [(one.required, one.multiple) for one in found.values()] == [
        (True, True),
        (False, True),
        *[(False, False)] * 5,
    ]


def test_the_options_become_one_question_and_a_queue_is_needed() -> None:
    from kcfg.base.errors import UserError

    asked = patch_options.question("q", ("u",), ("a",), "b", "t", "m", "i", 3)
    assert (
        asked.queue,
        asked.upstreams,
        asked.archives,
        asked.base,
        asked.target,
        asked.index,
        asked.jobs,
        asked.main_branch,
    ) == (
        "q",
        ("u",),
        ("a",),
        "b",
        "t",
        "i",
        3,
        "m",
    )
    with pytest.raises(UserError, match="no queue given"):
        patch_options.question("", ("u",), (), "", "", "", "", 0)


def test_progress_without_a_terminal_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with patch_options.progress() as tell:
        tell("reading", 1, 2)
    assert capfd.readouterr() == ("", "")
