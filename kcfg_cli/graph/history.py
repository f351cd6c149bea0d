"""`kcfg graph history`."""

from __future__ import annotations

import click

from kcfg_cli.complete import complete_symbol
from kcfg_cli.graph.options import kernels_options, open_kernels, tell
from kcfg_cli.options import format_option


@click.command("history")
@click.argument("symbol", shell_complete=complete_symbol)
@kernels_options
@format_option(("text", "json", "markdown"))
def command(symbol: str, kernels: tuple[str, ...], trees: tuple[str, ...], arch: str, cache: bool, form: str) -> None:
    """How SYMBOL's definition changed from kernel to kernel: prompt, dependencies, defaults, selects.

    \b
    Examples:
        kcfg graph history XEN_DOM0
        kcfg graph history XEN_PVHVM --kernel 5.10 --tree ~/src/linux@v5.15
    """
    from graphs.history import find_history
    from kcfg import __version__

    tell(find_history(open_kernels(kernels, trees, arch, cache=cache), symbol, version=__version__), form)
