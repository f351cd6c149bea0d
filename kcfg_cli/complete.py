"""What the shell completes: files, symbols, profiles, built-in kernels, architectures."""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem


def complete_file(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """File names, which the shell knows."""
    return [CompletionItem(incomplete, type="file")]


def complete_symbol(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Symbols of the newest built-in model that start like this, or of the one that --kernel names."""
    from kcfg.kconfig.kernels import open_kernel

    prefix = "CONFIG_" if incomplete.startswith("CONFIG_") else ""
    start = incomplete.removeprefix(prefix).upper()
    model = open_kernel(kernel=ctx.params.get("kernel") or "").model
    return [CompletionItem(prefix + s.name) for s in model.symbols if s.definitions and s.name.startswith(start)]


def complete_profile(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The built-in profiles, or a file."""
    from profiles.loader import built_in_names

    return named(built_in_names(), incomplete)


def complete_profiles(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The last of several profiles with commas or "+" between, none twice; the first one may be a file."""
    from profiles.loader import built_in_names

    at = max(incomplete.rfind(","), incomplete.rfind("+")) + 1
    before, start = incomplete[:at], incomplete[at:]
    there = before.replace("+", ",").split(",")
    if not before:
        return named(built_in_names(), start)
    return [CompletionItem(before + name) for name in built_in_names() if name.startswith(start) and name not in there]


def complete_kernel(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The built-in kernels' series, or a file."""
    from kcfg.kconfig.models import snapshots

    return named(dict.fromkeys(one.series for one in snapshots()), incomplete)


def complete_arch(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The architectures."""
    from kcfg.base.version import ARCHES

    return [CompletionItem(name) for name in ARCHES if name.startswith(incomplete)]


def named(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    """The names that start like this; a file where none does."""
    found = [CompletionItem(name) for name in names if name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]
