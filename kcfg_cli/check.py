"""`kcfg check`."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import click
import msgspec

from kcfg.base.errors import CannotEvaluate, UserError
from kcfg_cli.complete import complete_file
from kcfg_cli.options import KernelChoice, format_option, kernel_options, open_judge, profiles_option
from profiles.report import CHECK_FORMATS

if TYPE_CHECKING:
    from kcfg.answers.judge import Judge
    from profiles import Profile
    from profiles.check.waivers import Waiver, Waivers
    from profiles.findings import ConfigResult

NOT_WAIVED = (
    "no mend is told: with lines for the other rules, a waived one fails for another symbol, which is not waived"
)
FAIL_ON = ("required", "recommended", "never")


@click.command("check")
@click.argument("configs", nargs=-1, required=True, metavar="CONFIG...", shell_complete=complete_file)
@profiles_option
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="required",
    show_default=True,
    help="The level from which a finding makes the exit status 1; forbidden counts as required.",
)
@click.option(
    "--waivers",
    "waivers_file",
    default="",
    metavar="FILE",
    help="TOML file of accepted findings.",
    shell_complete=complete_file,
)
@click.option("--no-fix", "mended", flag_value=False, default=True, help="Do not look for the cheapest mend.")
@click.option("--jobs", "-j", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes.")
@kernel_options
@format_option(CHECK_FORMATS)
def command(
    configs: tuple[str, ...],
    profiles: tuple[str, ...],
    fail_on: str,
    waivers_file: str,
    mended: bool,
    jobs: int,
    form: str,
    choice: KernelChoice,
) -> None:
    """Check configurations against profiles, and say why what fails does.

    Exit status: 0 clean, 1 findings at or above --fail-on, 2 unreadable configuration, profile or kernel, 3 something
    cannot be evaluated.

    \b
    Examples:
        kcfg check .config --profile pvh-domu
        kcfg check *.config -p pvh-domu -p no-pv --format sarif > xen.sarif
        kcfg check .config -p ./ours.toml --tree ~/src/linux --waivers waivers.toml
    """
    from kcfg import __version__
    from kcfg.base.text import visible
    from kcfg.kconfig.kernels import refuse_unknown
    from profiles import load_profile
    from profiles.check.verdicts import exit_status
    from profiles.check.waivers import leftover, load_waivers
    from profiles.findings import ConfigResult, Report
    from profiles.report import write

    if configs.count("-") > 1:
        raise UserError("standard input can be read only once")
    profiles = tuple(dict.fromkeys(profiles))
    for name in profiles:
        load_profile(name)
    refuse_unknown(choice.tree, choice.kernel, choice.arch)
    waivers = load_waivers(waivers_file) if waivers_file else None
    ran = run(configs, profiles, choice, jobs, waivers, mended=mended)
    results = [result for result, _ in ran]
    if waivers is not None:
        rest = leftover(waivers, frozenset().union(*(used for _, used in ran)))
        if rest:
            results.append(ConfigResult(config=waivers.path, findings=rest))
    report = Report(version=__version__, fail_on=fail_on, results=tuple(results))
    if form != "text" or goes_to_file():  # what cannot be read must not go unseen; a text that is seen says it itself
        for result in results:
            if result.error:
                click.echo(f"kcfg: {visible(result.error)}", err=True)
    write(report, form, sys.stdout)
    sys.exit(exit_status(report))


def goes_to_file() -> bool:
    """Whether standard output is a file, that nobody may look into."""
    try:
        return stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError):
        return False


def run(
    configs: tuple[str, ...],
    profiles: tuple[str, ...],
    choice: KernelChoice,
    jobs: int,
    waivers: Waivers | None,
    *,
    mended: bool,
) -> list[tuple[ConfigResult, frozenset[Waiver]]]:
    """The results in the order of the configurations, each with the waivers that it used."""
    if jobs == 1 or len(configs) == 1:
        return [one(config, profiles, choice, waivers, mended) for config in configs]
    from itertools import repeat

    from kcfg.base.workers import workers

    with workers(min(jobs, len(configs))) as pool:
        return list(pool.map(one, configs, repeat(profiles), repeat(choice), repeat(waivers), repeat(mended)))


def one(
    config: str, profiles: tuple[str, ...], choice: KernelChoice, waivers: Waivers | None, mended: bool
) -> tuple[ConfigResult, frozenset[Waiver]]:
    """One configuration, checked; a bad one is a result that says so, so that the others are still checked.

    What is waived is so before a mend is looked for: nothing asks for it then.
    """
    from kcfg.answers.report.sentences import error_line
    from profiles import load_profile
    from profiles.check.check import check_config
    from profiles.check.verdicts import config_error
    from profiles.check.waivers import apply

    used: frozenset[Waiver] = frozenset()
    try:
        judge = open_judge(config, choice)
        wanted = [load_profile(name) for name in profiles]
        result = check_config(judge, wanted)
        if waivers is not None:
            result, used = apply(waivers, result)
        return (with_mends(judge, wanted, result, choice, waivers) if mended else result), used
    except UserError as error:
        return config_error(config, error_line(error), error.status), frozenset()


def with_mends(
    judge: Judge, profiles: list[Profile], result: ConfigResult, choice: KernelChoice, waivers: Waivers | None
) -> ConfigResult:
    """The result with the cheapest mend for each profile that fails: one that makes it pass with the waivers."""
    from kcfg.answers.facts import Status

    if all(one.status is not Status.FAIL for one in result.profiles):
        return result
    from profiles.check.waivers import still_waived
    from profiles.fulfil.repair import Mend, mend, single_line, with_lines_at_the_end

    out = []
    for profile, found in zip(profiles, result.profiles, strict=True):
        if found.status is Status.FAIL and profile.applicable(judge.own_version, judge.model.arch)[0]:
            try:
                lines = single_line(judge, profile, found)
                way = Mend(lines) if lines else mend(judge, profile, waived=found.waived, cache=choice.cache)
                mended = with_lines_at_the_end(judge, way.lines) if way.lines and found.waived else None
                if mended and waivers and not still_waived(waivers, mended, profile, found.waived):
                    way = Mend(note=NOT_WAIVED)
                found = msgspec.structs.replace(
                    found,
                    mend=way.lines,
                    mend_stays=way.stays,
                    mend_fewer=way.fewer,
                    mend_last=way.last,
                    note=way.note or found.note,
                )
            except CannotEvaluate as error:  # the verdict stands without it
                found = msgspec.structs.replace(found, note=f"no mend can be told: {error}")
        out.append(found)
    return msgspec.structs.replace(result, profiles=tuple(out))
