"""`kcfg explain`."""

from __future__ import annotations

import sys

import click

from kcfg.answers.report import EXPLAIN_FORMATS
from kcfg.base.errors import UserError
from kcfg_cli.complete import complete_symbol
from kcfg_cli.options import KernelChoice, configs_option, format_option, kernel_options, open_judge, own_conf


@click.command("explain")
@click.argument("goals", nargs=-1, required=True, metavar="SYMBOL[=VALUE]...", shell_complete=complete_symbol)
@configs_option("Start from this configuration.")
@click.option("--on", is_flag=True, help="Say why the symbols are what they are in CONFIG.")
@click.option("--all", "listed", is_flag=True, help="Name every symbol of CONFIG that gets another value.")
@kernel_options
@format_option(EXPLAIN_FORMATS)
def command(
    goals: tuple[str, ...],
    configs: tuple[str, ...],
    on: bool,
    listed: bool,
    form: str,
    choice: KernelChoice,
) -> None:
    """Can these options have these values at once? The smallest change that does it, or why it is impossible.

    A symbol alone means on, !SYMBOL means off; a number or a text needs its value, but for --on, and n or !SYMBOL says
    that it has no line: the text n is 'SYMBOL="n"'. With --config: why it is not so there, and the fewest lines to
    change. Exit status 0 when it is possible, 1 when it is not.

    \b
    Examples:
        kcfg explain XEN_DOM0=y XEN_PV=n --kernel 6.12
        kcfg explain XEN_PVH --config .config
        kcfg explain NR_CPUS=512 --config .config
        kcfg explain XEN_XENBUS_FRONTEND --config .config --on
    """
    from kcfg import __version__
    from kcfg.answers.explain import explain, explain_on
    from kcfg.answers.goals import carried_names, read_goals
    from kcfg.answers.report import write
    from kcfg.show.terminal import working
    from kcfg.solver.store import open_solver

    if on and not configs:
        raise UserError("--on needs --config", hint="it says why a symbol is on in a configuration")
    if listed and (on or not configs):
        raise UserError(
            "--all needs --config without --on", hint="it names the symbols of CONFIG that a change touches"
        )
    judge = open_judge(configs, choice)
    wanted, carried = read_goals(judge, goals, on=on), carried_names(judge, goals)
    if on:
        report = explain_on(judge, wanted, __version__, carried)
    else:
        with working("solving"):
            solver = open_solver(judge.model, judge.resolver.answers, wanted, cache=choice.cache)
            conf = own_conf(judge.kernel, choice)
            report = explain(
                judge, solver, wanted, __version__, given=bool(configs), conf=conf, carried=carried, listed=listed
            )
    write(report, form, sys.stdout)
    sys.exit(0 if report.possible else 1)
