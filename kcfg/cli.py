"""The command line: finds the sub-command, and turns errors into one line and an exit status."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from kcfg import __version__
from kcfg.errors import UserError

COMMANDS = {
    "modes": "In which Xen modes a kernel can run, and what keeps it from the others.",
    "check": "Check configurations against profiles.",
    "resolve": "What the kernel's tools make of a configuration, line by line.",
    "show": "Everything about one symbol.",
    "profiles": "List the profiles, or show one.",
    "snapshot": "Make a built-in model from a kernel source.",
    "completion": "Print the shell's completion script.",
}


class Commands(click.Group):
    """Loads a command's module when it is called: `kcfg check` does not pay for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name."""
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"kcfg.commands.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Near misses for a command that does not exist."""
        from profiles.document import nearest

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise UserError(f"no command '{args[0]}'{nearest(args[0], COMMANDS)}", hint="kcfg --help lists them")
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", prog_name="kcfg")
def cli() -> None:
    """Say what a Linux kernel configuration can do under Xen, and why.

    \b
    In which modes can the running kernel run, and why not in the others?
        kcfg modes
    Is this configuration fit for a PVH guest?
        kcfg check .config --profile pvh-domu
    """


def main() -> None:
    """The entry point. Exit status: 0 clean, 1 findings, 2 usage or unreadable input, 3 cannot evaluate."""
    try:
        cli(standalone_mode=True)
    except UserError as error:
        from kcfg.report.common import visible

        print(f"kcfg: {visible(str(error))}", file=sys.stderr)  # noqa: T201
        sys.exit(error.status)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        print(f"kcfg: {name}{(error.strerror or str(error)).lower()}", file=sys.stderr)  # noqa: T201
        sys.exit(2)
