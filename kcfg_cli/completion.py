"""`kcfg completion`."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, get_completion_class


class Bash(BashComplete):
    """click's own, without the bash that it starts to ask for its version: nothing is run to print a text."""

    @staticmethod
    def _check_version() -> None:
        """Every bash since 4.4 (2016) will do."""


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of SHELL.

    \b
    Example:
        eval "$(kcfg completion bash)"
    """
    kind = Bash if shell == "bash" else get_completion_class(shell)
    if kind is not None:
        click.echo(kind(ctx.find_root().command, {}, "kcfg", "_KCFG_COMPLETE").source())
