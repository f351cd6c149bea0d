"""What the shell completes for every argument and option that takes a name."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from click.shell_completion import CompletionItem, ShellComplete

from kcfg_cli.cli import cli
from kcfg_cli.complete import complete_arch, complete_file, complete_kernel, complete_profile, complete_symbol, named

FREE = {"base", "branch", "essentials", "main_branch", "needs", "patch", "since", "target", "title", "without"}
"""Words that nobody can list."""


def commands(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    if not isinstance(group, click.Group):
        yield " ".join(path), group
        return
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield from commands(found, (*path, name))


def completed(*words: str, incomplete: str = "") -> list[CompletionItem]:
    return ShellComplete(cli, {}, "kcfg", "_KCFG_COMPLETE").get_completions(list(words), incomplete)


def test_every_word_that_can_be_listed_is_completed() -> None:
    left = set()
    for path, command in commands(cli):
        for param in command.params:
            flag = isinstance(param, click.Option) and param.is_flag
            told = isinstance(param.type, (click.Choice, click.types.FloatParamType, click.types.IntParamType))
            if not flag and not told and param._custom_shell_complete is None:
                left.add((path, param.name))
    assert {path for path in left if path[1] not in FREE} == set()
    assert {name for _, name in left} == FREE


@pytest.mark.parametrize(
    "words",
    [
        ("check",), ("check", "a.config"), ("check", "--waivers"), ("resolve",), ("modes",), ("repair",),
        ("explain", "XEN", "--config"), ("generate", "pvh-domu", "-o"), ("patches", "status"), ("patches", "index"),
        ("patches", "status", "q", "-u"), ("patches", "status", "q", "--waivers"),
        ("patches", "show", "q", "p", "--waivers"), ("snapshot",), ("relevance",), ("show", "XEN", "--tree"),
    ],
)  # fmt: skip
def test_where_a_file_is_asked_for_the_shell_lists_files(words: tuple[str, ...]) -> None:
    assert [one.type for one in completed(*words, incomplete="x")] == ["file"]


def test_profiles_kernels_and_architectures_are_listed_and_files_where_none_fits() -> None:
    assert "pvh-domu" in [one.value for one in completed("generate", incomplete="pvh-d")]
    assert "no-pv" in [one.value for one in completed("check", "c", "-p", incomplete="no")]
    assert [one.value for one in completed("show", "XEN", "--kernel", incomplete="6.")] == ["6.1", "6.12"]
    assert [one.value for one in completed("show", "XEN", "--arch", incomplete="arm")] == ["arm64", "arm"]
    assert [(one.value, one.type) for one in completed("generate", incomplete="./own")] == [("./own", "file")]
    assert [(one.value, one.type) for one in named(["a", "ab"], "b")] == [("b", "file")]


@pytest.mark.parametrize("words", [("graph", "picture"), ("graph", "export")])
def test_the_last_of_several_modes_is_completed(words: tuple[str, ...]) -> None:
    def told(start: str) -> list[str]:
        return [one.value for one in completed(*words, "--modes", incomplete=start) if one.type == "plain"]

    assert told("pvh-domu,pvh-") == ["pvh-domu,pvh-dom0"]
    assert told("pv-domu,pvh-") == ["pv-domu,pvh-dom0", "pv-domu,pvh-domu"]
    assert told("pvh-do") == ["pvh-dom0", "pvh-domu"]
    assert told("pv-domu,no-such") == []
    joined = completed("relevance", "q", "--mode", incomplete="pvh-domu+no")
    assert [one.value for one in joined] == ["pvh-domu+no-pv"]


def test_each_function_answers_alone() -> None:
    context, param = click.Context(cli), click.Argument(["x"])
    assert [one.type for one in complete_file(context, param, "a")] == ["file"]
    for function, word in ((complete_arch, "x86_64"), (complete_kernel, "7.3"), (complete_profile, "no-pv")):
        assert word in [one.value for one in function(context, param, "")]
    assert "CONFIG_XEN_PVH" in [one.value for one in complete_symbol(context, param, "CONFIG_XEN_PV")]
