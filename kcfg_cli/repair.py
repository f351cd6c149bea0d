"""`kcfg repair`."""

from __future__ import annotations

import sys

import click

from kcfg_cli.complete import complete_file
from kcfg_cli.options import (
    SECONDS,
    KernelChoice,
    emit,
    kernel_options,
    open_judge,
    output_option,
    own_conf,
    profiles_option,
)
from kcfg_cli.outputs import write_output


@click.command("repair")
@click.argument("config", shell_complete=complete_file)
@profiles_option
@output_option("Write CONFIG with the lines changed to FILE, or - .")
@click.option(
    "--timeout",
    default=60.0,
    show_default=True,
    type=SECONDS,
    metavar="SECONDS",
    help="For the proof that no fewer lines will do.",
)
@click.option("--all", "listed", is_flag=True, help="Name every symbol that gets another value.")
@kernel_options
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "fragment", "json", "html")),
    default="text",
    show_default=True,
    help="text: the lines with reasons; fragment: for merge_config.sh.",
)
def command(
    config: str,
    profiles: tuple[str, ...],
    output: str,
    timeout: float,
    listed: bool,
    form: str,
    choice: KernelChoice,
) -> None:
    """The cheapest change that makes CONFIG fulfil profiles: fewest lines, then fewest symbols.

    Lines of EXPERT, MODULES and COMPILE_TEST stay where their change would turn many symbols over and more lines do
    without. With --output, CONFIG's own text is written there with these lines changed, and nothing else: comments and
    order stay. `kcfg resolve` makes a whole .config of it. Exit status 1 when it is impossible, or a profile does not
    exist for the configuration's kernel.

    \b
    Examples:
        kcfg repair .config --profile pvh-domu
        kcfg repair .config --profile pvh-domu --profile no-pv -o new.config
        kcfg repair .config --profile pvh-domu --format fragment > pvh.fragment
    """
    from kcfg import __version__
    from kcfg.answers.report.explain import changed
    from kcfg.show.terminal import look_of, working
    from kcfg.solver.store import open_solver
    from profiles import load_profile
    from profiles.fulfil.demands import goals_in, rule_demands
    from profiles.fulfil.edit import with_changes
    from profiles.fulfil.repair import elsewhere, repair
    from profiles.report.causes import cause_words
    from profiles.report.generate import repair_text
    from profiles.report.json import exact_json

    wanted = [load_profile(name) for name in profiles]
    judge = open_judge(config, choice)
    absent = elsewhere(judge, wanted, profiles, __version__)
    if absent is not None:
        report, change = absent, None
    else:
        demands = [demand for profile in wanted for demand in rule_demands(profile, judge.model, judge.own_version)]
        with working("solving"):
            solver = open_solver(judge.model, judge.resolver.answers, goals_in(demands), cache=choice.cache)
            conf = own_conf(judge.kernel, choice)
            report, change = repair(judge, solver, demands, profiles, __version__, timeout, conf, listed=listed)
    if change is not None and output:
        data = with_changes(judge, change).data
        if output == "-":
            emit(data.decode("utf-8", "surrogateescape"))
        else:
            write_output(output, data)
    stream = sys.stderr if output == "-" else sys.stdout
    if form == "json":
        stream.write(exact_json(report))
    elif form == "html":
        from kcfg.show.render import write_utf8
        from profiles.report.html_exact import repair as repair_page

        write_utf8(repair_page(report, look_of(stream)), stream)
    elif form == "fragment" and report.possible:
        reasons = zip(report.changes, report.reasons, strict=True)
        stream.write("".join(f"# {cause_words(reason)}\n{changed(one)}\n" for one, reason in reasons))
    else:
        stream.write(repair_text(report, output, look_of(stream)))
    sys.exit(0 if report.possible else 1)
