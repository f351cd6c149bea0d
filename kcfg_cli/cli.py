"""The command line: finds the sub-command, and turns errors into one line and an exit status."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import ClassVar, NoReturn

import click

from kcfg import __version__
from kcfg.base.errors import UserError

COMMANDS = {
    "modes": "In which Xen modes a kernel can run, and what keeps it from the others.",
    "check": "Check configurations against profiles.",
    "resolve": "What the kernel's tools make of a configuration, line by line.",
    "show": "Everything about one symbol.",
    "explain": "Can options have these values, why not, and what is the smallest change?",
    "generate": "The smallest configuration that fulfils a profile, with its proof.",
    "repair": "The cheapest change that makes a configuration fulfil a profile.",
    "report": "A small site of pages: configurations, modes, findings, graph, backlog.",
    "profiles": "List the profiles, or show one.",
    "patches": "Patch queues against upstream: what is merged, where, and what is left to carry.",
    "relevance": "Which patches of a queue a configuration or a Xen mode has anything to do with.",
    "graph": "What needs what: paths, ways, what goes with an option, modes and kernels side by side.",
    "snapshot": "Make a built-in model from a kernel source.",
    "completion": "Print the shell's completion script.",
}

COLLECTING = (100_000, 20, 100)
"""How rarely garbage is looked for, by generation; with Python's own numbers it takes a fifth of a command's time."""

COMPLETING = "_KCFG_COMPLETE"
"""The variable by which a shell asks for completions."""
FAULT = 70
BROKEN_POOL = "BrokenProcessPool"  # of concurrent.futures, which takes long to import
NO_MEMORY = "not enough memory for this input"
NOT_LOADED = ("failed to map segment", "annot allocate memory", "from 'hashlib'")
"""What is said of a library, such as a module of Python's, for which there is no memory; hashlib hides that it is."""
INTERRUPTED = "Caught keyboard interrupt"  # what PySAT's solvers raise, by an exception of their own


class Commands(click.Group):
    """Loads a command's module when it is called: `kcfg check` does not pay for the others.

    `package` has a module of the same name for each of `table`'s commands; `needed-by` is in needed_by.py.
    """

    table: ClassVar[Mapping[str, str]] = COMMANDS
    package = "kcfg_cli"

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the help."""
        return list(self.table)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name."""
        if name not in self.table:
            return None
        command: click.Command = import_module(f"{self.package}.{name.replace('-', '_')}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Near misses for a command that does not exist."""
        from kcfg.base.text import nearest

        if args and args[0] not in self.table and not args[0].startswith("-"):
            raise UserError(f"no command '{args[0]}'", hint=nearest(args[0], self.table))
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and not isinstance(command, Commands):
            from kcfg_cli.confinement import Confined

            command.context_class = Confined
        return name, command, rest


def tell_version(context: click.Context, option: click.Parameter, asked: bool) -> None:
    """The callback of --version, which comes after --verbose however they are given."""
    if not asked:
        return
    click.echo(f"kcfg, version {__version__}")
    if context.params.get("verbose"):
        from kcfg_cli.confinement import tell_state

        click.echo(tell_state(context))
    context.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", "-V", is_flag=True, expose_value=False, callback=tell_version, help="Show the version and exit."
)
@click.option(
    "--verbose", is_flag=True, is_eager=True, help="With --version: also say how commands are confined on this machine."
)
@click.option(
    "--no-confine",
    "confine",
    flag_value=False,
    default=True,
    help="Do not confine the command: let it write, run and connect as you may. KCFG_CONFINE=0 does so, too.",
)
def cli(verbose: bool, confine: bool) -> None:
    """Say what a Linux kernel configuration can do under Xen, and why.

    \b
    In which modes can the running kernel run, and why not in the others?
        kcfg modes
    Is this configuration fit for a PVH guest?
        kcfg check .config --profile pvh-domu
    """


def main(args: Sequence[str] | None = None) -> NoReturn:
    """The entry point; `args` are the process's own unless given. A process that is not kcfg's own is not confined.

    Exit status: 0 clean, 1 findings or impossible, 2 usage, unreadable input, unwritable output, 3 cannot evaluate, 70
    a fault of this program, 130 interrupted.
    """
    open_streams()
    try:
        status = ended(args)
    except Exception as error:  # to say what went wrong needs memory, too
        status = fail(NO_MEMORY, 3) if of_memory(error) else fault(error)
    if "kcfg_cli.confinement" in sys.modules:
        from kcfg_cli.confinement import end

        end()
    try:
        sys.stdout.flush()
    except OSError:  # what is left goes nowhere; the interpreter must not complain about it at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = status or 2
    sys.exit(status)


def ended(args: Sequence[str] | None) -> int:
    """Run the command; the exit status of the process, after what went wrong was said."""
    try:
        status = run(args)
        sys.stdout.flush()
        return status
    except UserError as error:
        from kcfg.answers.report.sentences import error_line
        from kcfg.base.text import visible

        return fail(visible(error_line(error)), error.status)
    except KeyboardInterrupt:
        return fail("interrupted", 130)
    except BrokenPipeError:  # the reader, such as head, has seen enough
        return 2
    except Exception as error:
        if of_memory(error):
            return fail(NO_MEMORY, 3)
        if isinstance(error, OSError):
            return fail(f"{error.filename or 'standard output'}: {(error.strerror or str(error)).lower()}", 2)
        if str(error) == INTERRUPTED:
            return fail("interrupted", 130)
        if type(error).__name__ == BROKEN_POOL:
            return fail("a worker process was killed, perhaps for want of memory (--jobs 1 takes the least)", 3)
        return fault(error)


def of_memory(error: Exception) -> bool:
    """Whether an error is for want of memory, which also keeps a module from being loaded."""
    if isinstance(error, ImportError):
        return any(words in str(error) for words in NOT_LOADED)
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM)


def run(args: Sequence[str] | None) -> int:
    """Run the command; the exit status that it or click asks for.

    Models, clauses and graphs are many small objects that live as long as the command, and hardly a circle among them:
    looking for garbage among them finds none, so it is done rarely.
    """
    stream = sys.stdout
    before = gc.get_threshold()
    gc.set_threshold(*COLLECTING)
    try:
        if args is None and COMPLETING in os.environ:  # which may read a snapshot's file
            from kcfg_cli.confinement import confine_completion

            confine_completion(cli)
        done = cli.main(args, "kcfg", standalone_mode=False, obj=args is None)
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SystemExit as error:
        if sys.stdout is not stream:  # click met a closed pipe, hid it, and asks for status 1
            sys.stdout = stream
            raise BrokenPipeError from None
        return error.code if isinstance(error.code, int) else 0
    finally:
        gc.set_threshold(*before)
    return done if isinstance(done, int) else 0


def fail(message: str, status: int) -> int:
    """Say on standard error what is wrong."""
    with contextlib.suppress(OSError):
        print(f"kcfg: {message}", file=sys.stderr)  # noqa: T201
    return status


def fault(error: Exception) -> int:
    """Say in one line that this program is at fault, and where; KCFG_DEBUG=1 shows the whole traceback."""
    import traceback

    from kcfg.base.text import visible

    if os.environ.get("KCFG_DEBUG"):
        with contextlib.suppress(OSError):
            traceback.print_exc()
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(last.filename)}:{last.lineno}"
    what = visible(f"{type(error).__name__}: {error}".partition("\n")[0][:200])
    return fail(
        f"a fault of this program, in {where} of version {__version__}: {what} (KCFG_DEBUG=1 shows its way; "
        "please report it with the command and its input)",
        FAULT,
    )


def open_streams() -> None:
    """A stream that the caller closed swallows what is written to it."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
