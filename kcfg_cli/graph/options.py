"""What the commands on the graph share: kernels, the graph with its modes, a solver, several kernels, and output."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from kcfg.base.errors import CannotEvaluate
from kcfg_cli.complete import complete_arch, complete_file, complete_kernel

if TYPE_CHECKING:
    import networkx as nx

    from kcfg.answers.judge import Judge
    from kcfg.kconfig.kernels import Kernel
    from kcfg.solver.solver import Solver
    from profiles import Profile

F = TypeVar("F", bound=Callable[..., object])


def kernels_options(function: F) -> F:
    """--kernel and --tree, repeatable, --arch, --no-cache: several kernels."""
    for option in (
        click.option("--no-cache", "cache", flag_value=False, default=True, help="Parse --tree anew."),
        click.option(
            "--arch",
            default="x86_64",
            show_default=True,
            metavar="ARCH",
            help="Of the built-in models.",
            shell_complete=complete_arch,
        ),
        click.option(
            "--tree",
            "trees",
            multiple=True,
            metavar="SOURCE",
            help="A kernel source besides; repeatable.",
            shell_complete=complete_file,
        ),
        click.option(
            "--kernel",
            "kernels",
            multiple=True,
            metavar="VERSION",
            help="A built-in model; repeatable. Else all are.",
            shell_complete=complete_kernel,
        ),
    ):
        function = option(function)
    return function


def open_kernels(
    kernels: tuple[str, ...], trees: tuple[str, ...], arch: str, *, cache: bool
) -> list[tuple[Kernel, Solver]]:
    """The kernels, the oldest first, each with its solver. Without any named: all built-in ones of it."""
    from kcfg.base.version import KernelVersion
    from kcfg.kconfig.kernels import open_kernel
    from kcfg.kconfig.models import snapshots
    from kcfg.show.terminal import working
    from kcfg.solver.store import open_solver

    if not kernels and not trees:
        kernels = tuple(one.series for one in snapshots() if one.arch == arch)
        if not kernels:
            raise CannotEvaluate(f"there is no built-in model for {arch}", hint="name kernel sources with --tree")
    with working("reading kernels"):
        opened = [open_kernel(kernel=one, arch=arch) for one in dict.fromkeys(kernels)]
        opened += [open_kernel(tree=one, arch=arch, cache=cache) for one in dict.fromkeys(trees)]
        opened.sort(key=lambda one: KernelVersion.parse(one.model.version).key)
        return [(one, open_solver(one.model, one.model.answers, cache=cache)) for one in opened]


def mode_of(name: str) -> Profile:
    """A profile by name or path. UserError with near misses."""
    from profiles import load_profile

    return load_profile(name.removeprefix("mode:"))


def graph_of(judge: Judge, *, valued: bool = False) -> nx.MultiDiGraph:
    """The graph of the judge's kernel with every built-in mode of its architecture."""
    from graphs.build import build_graph
    from profiles import load_profile, modes

    profiles = [load_profile(name) for name in modes()]
    fitting = [one for one in profiles if judge.model.arch in one.arch]
    resolver = judge.resolver if valued else None
    return build_graph(judge.model, resolver=resolver, profiles=fitting, rules=judge.own_version)


def tell(report: object, form: str) -> None:
    """Write a report to standard output."""
    from graphs.report import write

    write(report, form, sys.stdout)
