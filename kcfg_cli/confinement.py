"""How a command is confined before it reads a byte: what its options allow, in one place.

A command may write its cache and a passing folder. Its outputs are written by a process beside it (`Keeper`), which
knows them from the options. It may run git if an option names a source that git may have to read, and nothing else.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import machinery
from typing import TYPE_CHECKING, Any

import click

from kcfg.base.errors import UserError
from kcfg_cli import outputs

if TYPE_CHECKING:
    from kcfg.base.confine import Confined as State
    from kcfg.base.keeper import Keeper

VARIABLE = "KCFG_CONFINE"
OFF = ("0", "no", "off", "false")
REQUIRED = ("require", "required")
SOURCES = ("tree", "trees", "queue", "upstream", "upstreams", "archives", "repo")
"""Parameters that name what git may have to read; indexing it has worker processes."""
SEMAPHORES = "/dev/shm"
TEMPORARY = ("TMPDIR", "TEMP", "TMP")

_ending: list[Callable[[], None]] = []


class Confined(click.Context):
    """The context of a command: its callback runs confined."""

    def invoke(self, callback: Any, /, *args: Any, **kwargs: Any) -> Any:
        confine_command(self)
        return super().invoke(callback, *args, **kwargs)


def wanted(root: click.Context) -> str:
    """Why a command is not to be confined, "" where it is. UserError for a variable that says something else."""
    asked = os.environ.get(VARIABLE, "").lower()
    if asked not in ("", "1", "yes", "on", "true", *OFF, *REQUIRED):
        raise UserError(f"{VARIABLE}={asked}: not a setting", hint="0, 1 or require")
    if not root.obj:
        return "called by another program"
    if not root.params.get("confine", True):
        return "--no-confine"
    return f"{VARIABLE}={asked}" if asked in OFF else ""


def confine_command(context: click.Context) -> None:
    """Confine the process for a command whose options are read. UserError where it must be, and cannot."""
    why = wanted(context.find_root())
    if context.params.get("probes"):
        why = why or "--run-probes runs the tree's own commands"
    state = None if why else confined(context.command, context.params)
    if required() and context.find_root().obj and not (state and state.whole):
        raise UserError(f"{VARIABLE}=require: {why or told(state)}")


def confine_completion(cli: click.Command) -> None:
    """Confine the process that completes a word for a shell."""
    if os.environ.get(VARIABLE, "").lower() not in OFF:
        confined(cli, {})


def required() -> bool:
    """Whether nothing is to be read without confinement."""
    return os.environ.get(VARIABLE, "").lower() in REQUIRED


def confined(command: click.Command, values: Mapping[str, Any]) -> State:
    """Confine this process; what is in force."""
    from kcfg.base.confine import Confined as State
    from kcfg.base.confine import Grants, confine, runnable
    from kcfg.base.keeper import Keeper

    passing = passing_folder()
    missed: list[str] = []
    try:
        keeper = Keeper({"bytecode": compiled, **outputs.tasks(command, values)}, partial(removed, passing))
    except OSError as error:
        removed(passing)
        click.echo(f"note: not confined: no process beside this one: {error.strerror}", err=True)
        return State()
    reads = any(values.get(name) for name in SOURCES)
    programs = runnable("git", os.environ.get("PATH", os.defpath)) if reads else ()
    if drawn_as_png(values):
        programs += runnable("rsvg-convert", os.environ.get("PATH", os.defpath))
    folders = [*passing, *cache(), *index_folders(command, values)]
    if reads or values.get("jobs", 1) != 1:
        folders.append(SEMAPHORES)
    state = confine(Grants(tuple(folders), (os.devnull,), programs))
    outputs.use(keeper)
    for name in (*TEMPORARY, "SQLITE_TMPDIR"):
        if passing:
            os.environ[name] = passing[0]
    machinery.SourceFileLoader.set_data = lambda _self, path, _data, **_: missed.append(path)  # type: ignore[method-assign]
    _ending.append(partial(finished, keeper, missed))
    return state


def end() -> None:
    """The command has ended: what the process beside it has to do is done when this returns."""
    while _ending:
        _ending.pop()()


def finished(keeper: Keeper, missed: list[str]) -> None:
    """Have the modules compiled that could not be kept as bytecode, and the passing folder removed."""
    outputs.use(None)
    with contextlib.suppress(UserError, OSError, ValueError):
        if missed:
            keeper.do("bytecode", "\0".join(missed).encode())
    keeper.end()


def compiled(names: bytes) -> None:
    """Compile modules, each known by its bytecode's place, from their own sources: only those that are installed."""
    from importlib.util import source_from_cache
    from py_compile import PyCompileError
    from py_compile import compile as compile_file

    for name in names.decode().split("\0"):
        with contextlib.suppress(ValueError, OSError, PyCompileError):
            source = os.path.realpath(source_from_cache(name))
            if source.startswith(installed()):
                compile_file(source, doraise=True, quiet=2)


def installed() -> tuple[str, ...]:
    """The folders that programs are installed in: this one's, Python's, and those of packages."""
    import kcfg

    packages = [one for one in sys.path if one.endswith("-packages")]
    ours = [os.path.dirname(os.path.dirname(kcfg.__file__))] if kcfg.__file__ else []
    wings = ("kcfg", "kcfg_cli", "patches", "graphs", "profiles")
    below = [os.path.join(one, wing) for one in ours for wing in wings]
    return tuple(os.path.realpath(one) + "/" for one in [os.path.dirname(os.__file__), *packages, *below])


def passing_folder() -> tuple[str, ...]:
    """A new folder for what passes, where Python would have it; none where there is no place."""
    for base in (*filter(None, map(os.environ.get, TEMPORARY)), "/tmp", "/var/tmp", os.getcwd()):
        with contextlib.suppress(OSError):
            name = os.path.join(os.path.abspath(base), f"kcfg-{os.getpid()}-{os.urandom(6).hex()}")
            os.mkdir(name, 0o700)
            return (name,)
    return ()


def removed(folders: tuple[str, ...]) -> None:
    """Remove them with all that is in them."""
    for folder in folders:
        try:
            os.rmdir(folder)
        except OSError:
            from shutil import rmtree  # takes long to import, and most commands leave nothing

            rmtree(folder, ignore_errors=True)


def cache() -> tuple[str, ...]:
    """The cache's folder, which is made; none where it cannot be."""
    from kcfg.base.caches import cache_folder

    folder = cache_folder()
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        return (str(folder),)
    return ()


def index_folders(command: click.Command, values: Mapping[str, Any]) -> list[str]:
    """The folders of the indexes that options name: where the files are, and not the links to them."""
    out = []
    for parameter in command.params:
        value = values.get(parameter.name or "")
        if isinstance(parameter, outputs.IndexFile) and value:
            folder = os.path.dirname(os.path.realpath(value))
            with contextlib.suppress(OSError):
                os.makedirs(folder, exist_ok=True)
            out.append(folder)
    return out


def drawn_as_png(values: Mapping[str, Any]) -> bool:
    """Whether a picture is asked for that a program may have to draw."""
    return values.get("form") == "png" or str(values.get("output", "")).lower().endswith(".png")


def told(state: State | None) -> str:
    """What is in force, in words."""
    from kcfg.base.confine import TCP_VERSION, TRUNCATE_VERSION

    if state is None or not state.no_new_privs:
        return "not confined: this kernel does not allow it"
    network = (
        "no network (seccomp)" if state.filtered else "no TCP" if state.landlock >= TCP_VERSION else "network open"
    )
    if not state.landlock:
        return f"confined in part: no Landlock in this kernel, so files and programs are open; no_new_privs, {network}"
    lacks = [] if state.filtered else ["no system call filter for this machine"]
    lacks += [] if state.landlock >= TRUNCATE_VERSION else ["this kernel's Landlock lets any file be truncated"]
    part = f" in part: {', '.join(lacks)}" if lacks else ""
    return f"confined{part}: Landlock {state.landlock}, no_new_privs, {network}"


def tell_state(context: click.Context) -> str:
    """How commands are confined here, in one line. It is tried, not guessed: this process is confined by it."""
    why = wanted(context.find_root())
    return f"not confined: {why}" if why else told(confined(context.command, {}))
