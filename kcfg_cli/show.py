"""`kcfg show`."""

from __future__ import annotations

import sys

import click

from kcfg.answers.report import SHOW_FORMATS
from kcfg_cli.complete import complete_symbol
from kcfg_cli.options import KernelChoice, configs_option, emit, format_option, kernel_options, open_judge


@click.command("show")
@click.argument("symbol", shell_complete=complete_symbol)
@configs_option("Show its value in this configuration, and why. Several are merged in order.")
@click.option("--all", "everything", is_flag=True, help="List every symbol that selects it.")
@kernel_options
@format_option(SHOW_FORMATS)
def command(
    symbol: str,
    configs: tuple[str, ...],
    everything: bool,
    form: str,
    choice: KernelChoice,
) -> None:
    """Where SYMBOL is defined, what governs it, who selects it, and its value in a configuration.

    \b
    Examples:
        kcfg show XEN_DOM0 --kernel 6.12
        kcfg show XEN_PVH --config .config
    """
    from kcfg import __version__
    from kcfg.answers.describe import describe
    from kcfg.answers.report import write

    judge = open_judge(configs, choice)
    report = describe(judge, symbol, __version__, valued=bool(configs))
    if everything and form == "text":
        from kcfg.answers.report.symbol import show_text
        from kcfg.show.terminal import look_of

        emit(show_text(report, look_of(sys.stdout), everything=True))
    else:
        write(report, form, sys.stdout)
