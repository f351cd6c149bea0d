"""`kcfg resolve`."""

from __future__ import annotations

import sys

import click

from kcfg.answers.report import RESOLVE_FORMATS
from kcfg_cli.complete import complete_file
from kcfg_cli.options import KernelChoice, format_option, kernel_options, open_judge, output_option
from kcfg_cli.outputs import write_output


@click.command("resolve")
@click.argument("configs", nargs=-1, required=True, metavar="CONFIG...", shell_complete=complete_file)
@output_option("Write the resulting .config to FILE, or - .")
@kernel_options
@format_option(RESOLVE_FORMATS)
def command(configs: tuple[str, ...], output: str, form: str, choice: KernelChoice) -> None:
    """What `make olddefconfig` makes of CONFIG, and each line that does not come out as asked, with the reason.

    Several configurations are merged in order, as merge_config.sh does. Exit status 1 when a line does not come out.

    \b
    Examples:
        kcfg resolve xen.config --kernel 6.12
        kcfg resolve base.config xen.config --tree ~/src/linux --run-probes -o .config
    """
    from kcfg import __version__
    from kcfg.answers.outcome import is_doubtful, outcome_of
    from kcfg.answers.report import write
    from kcfg.kconfig.dotconfig import dotconfig

    judge = open_judge(configs, choice)
    report = outcome_of(judge, __version__, configs if len(configs) > 1 else ())
    text = dotconfig(judge.model, judge.resolver.lines())
    if output == "-":
        sys.stdout.write(text)
        write(report, form, sys.stderr)
    else:
        if output:
            write_output(output, text.encode("utf-8", "surrogateescape"))
        write(report, form, sys.stdout)
    sys.exit(1 if report.differences else 3 if is_doubtful(report) else 0)
