"""`kcfg modes`."""

from __future__ import annotations

import sys

import click

from kcfg_cli.complete import complete_file
from kcfg_cli.options import KernelChoice, format_option, kernel_options, open_judge, running_config
from profiles.report import MODES_FORMATS


@click.command("modes")
@click.argument("config", required=False, shell_complete=complete_file)
@kernel_options
@format_option(MODES_FORMATS)
def command(config: str | None, form: str, choice: KernelChoice) -> None:
    """In which Xen modes the kernel of CONFIG can run, and what keeps it from the others.

    CONFIG is a .config, a fragment, a compressed one, a kernel image with its configuration inside, a folder of
    fragments, or - for standard input. Without it, the running kernel's configuration is taken.

    Exit status 0, or 3 when a mode cannot be evaluated.

    \b
    Examples:
        kcfg modes
        kcfg modes /boot/config-6.12.43+deb13-amd64
    """
    from kcfg import __version__
    from kcfg.answers.facts import Status
    from kcfg.base.errors import CannotEvaluate
    from profiles.check.check import mode_rows
    from profiles.findings import ModesReport
    from profiles.report import write

    judge = open_judge(config or running_config(), choice)
    rows = mode_rows(judge)
    if not rows:
        raise CannotEvaluate(f"no mode is for {judge.model.arch}", where=judge.config.name)
    report = ModesReport(
        version=__version__,
        config=judge.config.name,
        kernel=judge.kernel.used,
        rows=rows,
        own_version=judge.own_version if judge.other_series else "",
    )
    write(report, form, sys.stdout)
    sys.exit(3 if any(row.verdict is Status.UNKNOWN for row in rows) else 0)
