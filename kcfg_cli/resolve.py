"""`kcfg resolve`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kcfg_cli.options import KernelChoice, format_option, kernel_options, open_judge
from profiles.report import RESOLVE_FORMATS


@click.command("resolve")
@click.argument("configs", nargs=-1, required=True, metavar="CONFIG...")
@click.option("--output", "-o", default="", metavar="FILE", help="Write the resulting .config to FILE, or - .")
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
    from kcfg.answers.differences import differences
    from kcfg.answers.facts import Location, Reason, ResolveReport
    from kcfg.base.atomic import write_atomic
    from kcfg.kconfig.dotconfig import dotconfig
    from profiles.report import write

    judge = open_judge(configs, choice)
    resolver = judge.resolver
    found = differences(judge.config, resolver)
    lines = resolver.lines()
    warnings = [Reason(w.text, "duplicate", Location(w.path, w.line)) for w in judge.config.warnings]
    for symbol in resolver.unmet:
        text = f"unmet direct dependencies detected for {judge.model.symbols[symbol].name}"
        warnings.append(Reason(text, "selected", judge.explainer.defined_at(symbol)))
    doubtful = [n for n, _ in lines if judge.unknown.symbol(n)]
    if doubtful:
        names = ", ".join(judge.model.symbols[n].name for n in doubtful[:4])
        text = f"{len(doubtful)} values depend on probes that nothing answers: {names}{', ...' * (len(doubtful) > 4)}"
        warnings.append(Reason(text, "probe"))
    report = ResolveReport(
        version=__version__,
        kernel=judge.kernel.used,
        config=judge.config.name,
        differences=found,
        enabled=sum(value in ("y", "m") for _, value in lines),
        warnings=tuple(warnings),
        parts=configs if len(configs) > 1 else (),
    )
    text = dotconfig(judge.model, lines)
    if output == "-":
        sys.stdout.write(text)
        write(report, form, sys.stderr)
    else:
        if output:
            write_atomic(Path(output), text.encode("utf-8", "surrogateescape"))
        write(report, form, sys.stdout)
    sys.exit(1 if found else 3 if doubtful else 0)
