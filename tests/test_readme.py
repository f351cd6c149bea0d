"""README's commands: each is a command that exists, and those on the demo's configuration print what README shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kcfg_cli.cli import COMMANDS, cli

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
ELSEWHERE = ("/boot/", "build/", "configs/", "./ours.toml")  # files that only a reader has


def examples() -> Iterator[tuple[str, list[str]]]:
    """(command line, the lines that README shows below it)."""
    for block in BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8")):
        command, shown = "", []
        for line in block.splitlines():
            if line.startswith("$ "):
                if command:
                    yield command, shown
                command, shown = line[2:].split("   #")[0].strip(), []
            elif line.strip() not in ("...", ""):
                shown.append(line)
        if command:
            yield command, shown


GROUPS: dict[str, list[str]] = {"graph": ["picture"], "patches": []}
"""Commands with sub-commands of their own, and the one that is meant without any."""
EXAMPLES = [(command, shown) for command, shown in examples() if command.startswith("kcfg ")]
RUNNABLE = [
    (command, shown)
    for command, shown in EXAMPLES
    if ("--kernel" in command or "demo.config" in command) and not any(part in command for part in ELSEWHERE)
]


def plain(line: str) -> str:
    """A line without its spacing, and without the seconds that a run took."""
    return " ".join(re.sub(r"; [\d.]+ s\)", ")", line).split())


@pytest.mark.parametrize("command", [command for command, _ in EXAMPLES])
def test_every_command_of_readme_exists_with_its_options(command: str) -> None:
    name, *rest = shlex.split(command.split(">")[0])[1:]
    assert name in COMMANDS
    question = rest[:1] if name in GROUPS and not rest[0].startswith("-") else []
    offered = CliRunner().invoke(cli, [name, *(question or GROUPS.get(name, [])), "--help"]).output
    for option in (word.split("=")[0] for word in rest if word.startswith("--")):
        assert option in offered


@pytest.mark.parametrize(("command", "shown"), RUNNABLE, ids=[command for command, _ in RUNNABLE])
def test_readme_shows_what_is_printed(
    command: str, shown: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    result = CliRunner().invoke(cli, shlex.split(command)[1:])
    assert result.exit_code in (0, 1), result.output
    printed = {plain(line) for line in result.output.splitlines()}
    assert [line for line in shown if plain(line) not in printed] == []


def test_readme_shows_enough_to_be_tested() -> None:
    assert len(RUNNABLE) >= 8
    assert sum(bool(shown) for _, shown in RUNNABLE) >= 4
