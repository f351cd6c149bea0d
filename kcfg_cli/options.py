"""What the sub-commands share: the options that choose a kernel, and how a configuration is opened with them."""

from __future__ import annotations

import dataclasses
import functools
import math
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec
from click.core import ParameterSource

from kcfg.base.errors import CannotEvaluate, UserError
from kcfg_cli.complete import complete_arch, complete_file, complete_kernel, complete_profile
from kcfg_cli.outputs import FileOutput

if TYPE_CHECKING:
    from kcfg.answers.judge import Judge
    from kcfg.kconfig.kernels import Kernel

F = TypeVar("F", bound=Callable[..., object])


def writable(context: click.Context, option: click.Parameter, path: str) -> str:
    """The callback of --output: what cannot be written is said before the work, not after it."""
    from kcfg.base.atomic import need_writable

    if path not in ("", "-"):
        need_writable(path)
    return path


def output_option(told: str, **more: Any) -> Callable[[F], F]:
    """--output FILE, with its help; "" where it is not given."""
    if "required" not in more:
        more.setdefault("default", "")
    return click.option(
        "--output",
        "-o",
        cls=FileOutput,
        metavar="FILE",
        callback=writable,
        help=told,
        **more,
        shell_complete=complete_file,
    )


def configs_option(told: str) -> Callable[[F], F]:
    """--config CONFIG, repeatable, with its help."""
    return click.option(
        "--config", "-c", "configs", multiple=True, metavar="CONFIG", help=told, shell_complete=complete_file
    )


def profiles_option(function: F) -> F:
    """--profile PROFILE, at least once."""
    return click.option(
        "--profile",
        "-p",
        "profiles",
        multiple=True,
        required=True,
        help="A profile's name, or a TOML file.",
        shell_complete=complete_profile,
    )(function)


class Seconds(click.FloatRange):
    """At least one second; "nan" is a number to Python, and no time."""

    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> float:
        seconds = float(super().convert(value, param, context))
        if not math.isfinite(seconds):
            self.fail(f"{value!r} is no number of seconds", param, context)
        return seconds


SECONDS = Seconds(1)


class KernelChoice(msgspec.Struct, frozen=True):
    """The options that say which kernel judges."""

    tree: str = ""
    kernel: str = ""
    arch: str = ""
    probes: bool = False
    cache: bool = True


def bundled(record: type[msgspec.Struct], name: str, function: Callable[..., object]) -> Callable[..., object]:
    """`function` with the parameters that are fields of `record` in one argument of that name."""

    @functools.wraps(function)
    def called(**values: object) -> object:
        fields = {field: values.pop(field) for field in record.__struct_fields__ if field in values}
        return function(**values, **{name: record(**fields)})

    return called


def need_value(context: click.Context, option: click.Parameter, value: str) -> str:
    """UserError for an empty value that was given, as by a shell's variable that is not set: it is no choice."""
    if not value and context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE:
        raise UserError(f"{option.opts[0]} without a value")
    return value


def kernel_options(function: Callable[..., object]) -> Callable[..., object]:
    """--tree, --kernel, --arch, --run-probes, --no-cache, as one argument: `choice`, a KernelChoice."""
    function = bundled(KernelChoice, "choice", function)
    for option in (
        click.option("--no-cache", "cache", flag_value=False, default=True, help="Parse --tree anew."),
        click.option(
            "--run-probes",
            "probes",
            is_flag=True,
            help="Run the tree's own commands to ask this machine's toolchain. Only for a tree that you trust.",
        ),
        click.option(
            "--arch",
            default="",
            callback=need_value,
            metavar="ARCH",
            help="x86_64, i386, arm64 or arm; else the config says.",
            shell_complete=complete_arch,
        ),
        click.option(
            "--kernel",
            default="",
            callback=need_value,
            metavar="VERSION",
            help="A built-in model, such as 6.12, or a snapshot's file.",
            shell_complete=complete_kernel,
        ),
        click.option(
            "--tree",
            default="",
            callback=need_value,
            metavar="SOURCE",
            help="A kernel source: a directory, repository@revision, tarball, or a snapshot's file.",
            shell_complete=complete_file,
        ),
    ):
        function = option(function)
    return function


def format_option(formats: tuple[str, ...]) -> Callable[[F], F]:
    """--format."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default="text", show_default=True, help="How to report."
    )


def open_judge(config: str | tuple[str, ...], choice: KernelChoice) -> Judge:
    """Read a configuration, or several merged in order, and open the kernel that judges it.

    "" or () is none: the kernel's defaults. UserError for whatever is wrong.
    """
    from kcfg.answers.judge import Judge
    from kcfg.answers.report.configs import config_warning
    from kcfg.kconfig.config import Config, read_config
    from kcfg.kconfig.kernels import open_kernel
    from kcfg.show.terminal import working

    if isinstance(config, tuple) and len(config) == 1:
        config = config[0]
    read = read_config(config) if config else None
    with working("reading the kernel's Kconfig"):
        kernel = open_kernel(read, tree=choice.tree, kernel=choice.kernel, arch=choice.arch, cache=choice.cache)
        left_out = [config_warning(one) for one in read.warnings if not one.line] if read else []
        if left_out:
            note = "; ".join(part for part in (kernel.used.note, *left_out) if part)
            kernel = dataclasses.replace(kernel, used=msgspec.structs.replace(kernel.used, note=note))
        answers: dict[str, str] = {}
        if choice.probes:
            answers = machine_answers(kernel)
            used = msgspec.structs.replace(kernel.used, options=(*kernel.used.options, "--run-probes"))
            kernel = dataclasses.replace(kernel, used=used)
    return Judge(read or Config(name=""), kernel, answers)


def own_conf(kernel: Kernel, choice: KernelChoice) -> Kernel | None:
    """The kernel whose own conf is to confirm a result: its tree is trusted (--run-probes) and conf is built there."""
    from kcfg.kconfig.conf import conf_of

    return kernel if choice.probes and conf_of(kernel) else None


def machine_answers(kernel: Kernel) -> dict[str, str]:
    """What this machine answers to the kernel's probes."""
    from kcfg.kconfig.probes import run_probes

    if kernel.tree is None:
        raise CannotEvaluate("--run-probes needs --tree with a directory", hint="the probes run scripts of the tree")
    return run_probes(kernel.model, kernel.tree)


def running_config() -> str:
    """The configuration of the running kernel."""
    from kcfg.kconfig.running import find_running_config

    return str(find_running_config())


def emit(text: str, form: str = "") -> None:
    """Write text to standard output as it is; a page in UTF-8, which it says of itself."""
    if form == "html":
        from kcfg.show.render import write_utf8

        write_utf8(text, sys.stdout)
    else:
        sys.stdout.write(text)
