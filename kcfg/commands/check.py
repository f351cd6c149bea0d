"""`kcfg check`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from kcfg.commands.options import KernelChoice, format_option, kernel_options, open_judge
from kcfg.errors import UserError
from kcfg.report import CHECK_FORMATS

if TYPE_CHECKING:
    from kcfg.findings import ConfigResult

FAIL_ON = ("required", "recommended", "never")


@click.command("check")
@click.argument("configs", nargs=-1, required=True, metavar="CONFIG...")
@click.option("--profile", "-p", "profiles", multiple=True, required=True, help="A profile's name, or a TOML file.")
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="required",
    show_default=True,
    help="The level from which a finding makes the exit status 1; forbidden counts as required.",
)
@click.option("--waivers", "waivers_file", default="", metavar="FILE", help="TOML file of accepted findings.")
@click.option("--jobs", "-j", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes.")
@kernel_options
@format_option(CHECK_FORMATS)
def command(
    configs: tuple[str, ...],
    profiles: tuple[str, ...],
    fail_on: str,
    waivers_file: str,
    jobs: int,
    form: str,
    tree: str,
    kernel: str,
    arch: str,
    probes: bool,
    cache: bool,
) -> None:
    """Check configurations against profiles, and say why what fails does.

    Exit status: 0 clean, 1 findings at or above --fail-on, 2 unreadable input, 3 something cannot be evaluated.

    \b
    Examples:
        kcfg check .config --profile pvh-domu
        kcfg check *.config -p pvh-domu -p no-pv --format sarif > xen.sarif
        kcfg check .config -p ./ours.toml --tree ~/src/linux --waivers waivers.toml
    """
    from kcfg import __version__
    from kcfg.findings import ConfigResult, Report
    from kcfg.report import write
    from kcfg.verdicts import exit_status
    from kcfg.waivers import apply, leftover, load_waivers
    from profiles import load_profile

    if configs.count("-") > 1:
        raise UserError("standard input can be read only once")
    for name in profiles:
        load_profile(name)
    waivers = load_waivers(waivers_file) if waivers_file else None
    results = run(configs, profiles, KernelChoice(tree, kernel, arch, probes, cache), jobs)
    if waivers is not None:
        applied = [apply(waivers, result) for result in results]
        used = frozenset().union(*(one for _, one in applied))
        results = [result for result, _ in applied]
        rest = leftover(waivers, used)
        if rest:
            results.append(ConfigResult(config=waivers.path, findings=rest))
    report = Report(version=__version__, fail_on=fail_on, results=tuple(results))
    write(report, form, sys.stdout)
    sys.exit(exit_status(report))


def run(configs: tuple[str, ...], profiles: tuple[str, ...], choice: KernelChoice, jobs: int) -> list[ConfigResult]:
    """The results in the order of the configurations."""
    if jobs == 1 or len(configs) == 1:
        return [one(config, profiles, choice) for config in configs]
    from concurrent.futures import ProcessPoolExecutor
    from itertools import repeat

    with ProcessPoolExecutor(min(jobs, len(configs))) as pool:
        return list(pool.map(one, configs, repeat(profiles), repeat(choice)))


def one(config: str, profiles: tuple[str, ...], choice: KernelChoice) -> ConfigResult:
    """One configuration, checked; a bad one is a result that says so, so that the others are still checked."""
    from kcfg.check import check_config
    from kcfg.verdicts import config_error
    from profiles import load_profile

    try:
        judge = open_judge(config, choice)
        return check_config(judge, [load_profile(name) for name in profiles])
    except UserError as error:
        return config_error(config, str(error), error.status)
