"""`kcfg generate`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
import msgspec

from kcfg.base.errors import Impossible, UserError
from kcfg_cli.complete import complete_file, complete_profile, complete_symbol
from kcfg_cli.options import SECONDS, KernelChoice, bundled, emit, kernel_options, open_judge, output_option, own_conf
from kcfg_cli.outputs import write_output

if TYPE_CHECKING:
    from kcfg.answers.judge import Judge
    from kcfg.kbuild.condition import Condition
    from kcfg.kconfig.kernels import Kernel
    from profiles import Profile
    from profiles.fulfil.demands import Demand
    from profiles.fulfil.generated import GenerateReport

FORMATS = ("config", "fragment", "savedefconfig", "json", "html")
DOCUMENTS = ("json", "html")
"""Formats of the report on the result, not of the result itself."""


class Wishes(msgspec.Struct, frozen=True):
    """What is asked for besides the profile's rules."""

    essentials: str = "all"
    without: tuple[str, ...] = ()
    needs: str = ""
    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    source: str = ""
    hardware: str = ""


def wishes_options(function: Callable[..., object]) -> Callable[..., object]:
    """The options of Wishes, as one argument: `wishes`."""
    function = bundled(Wishes, "wishes", function)
    for option in (
        click.option(
            "--hardware",
            default="",
            metavar="FILE",
            help="Keep the drivers of these modules: lsmod's output.",
            shell_complete=complete_file,
        ),
        click.option(
            "--from",
            "source",
            default="",
            metavar="CONFIG",
            help="Turn on only what is on in CONFIG.",
            shell_complete=complete_file,
        ),
        click.option(
            "--forbid",
            "forbidden",
            multiple=True,
            metavar="SYMBOL",
            shell_complete=complete_symbol,
            help="A symbol to keep off.",
        ),
        click.option(
            "--require",
            "required",
            multiple=True,
            metavar="SYMBOL[=VALUE]",
            shell_complete=complete_symbol,
            help="Another symbol to have.",
        ),
        click.option(
            "--with", "needs", default="", metavar="NEEDS", help="Needs on top: ext4,xfs,9p,nfs-root,virtio,usb,..."
        ),
        click.option("--without", multiple=True, metavar="GROUP", help="Leave out a group of essentials."),
        click.option(
            "--essentials", default="all", show_default=True, metavar="GROUPS", help="all, none, or groups: a,b."
        ),
    ):
        function = option(function)
    return function


@click.command("generate")
@click.argument("profile", shell_complete=complete_profile)
@output_option("Where to write; without it, to standard output.")
@click.option(
    "--minimise",
    type=click.Choice(("symbols", "prompts", "objects")),
    default="symbols",
    show_default=True,
    help="What to have least of: enabled symbols, lines to own, object files built (needs --tree).",
)
@click.option(
    "--expert/--no-expert",
    default=False,
    show_default=True,
    help="May EXPERT be on, to turn more off? Where a demand needs it, it is.",
)
@click.option("--modules/--no-modules", "modules", default=None, help="Have MODULES on or off; else what is smaller.")
@wishes_options
@click.option(
    "--timeout",
    default=60.0,
    show_default=True,
    type=SECONDS,
    metavar="SECONDS",
    help="For the proof; at the end, the best found so far and the gap are given.",
)
@kernel_options
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default="config", show_default=True, help="What to write."
)
def command(
    profile: str,
    output: str,
    minimise: str,
    expert: bool,
    modules: bool | None,
    timeout: float,
    form: str,
    wishes: Wishes,
    choice: KernelChoice,
) -> None:
    """The smallest configuration that fulfils PROFILE's required rules and its essentials, with its proof.

    The result is verified before it is written: the kernel's tools keep it as it is, no symbol is selected over unmet
    dependencies, and it passes `kcfg check`. Exit status 1 when it is impossible.

    \b
    Examples:
        kcfg generate pvh-domu --kernel 6.12 -o pvh.config
        kcfg generate pvh-domu --kernel 6.12 --with ext4,virtio --format fragment
        kcfg generate pvh-domu --from /boot/config-6.12.43 --with xfs -o trimmed.config
    """
    from kcfg import __version__
    from kcfg.show.terminal import look_of, working
    from kcfg.solver.store import open_solver
    from profiles import load_profile
    from profiles.fulfil.demands import goals_in
    from profiles.fulfil.generate import Options, generate
    from profiles.report.generate import generate_text, rendered

    wanted = load_profile(profile)
    if wanted.arch and not choice.arch and not wishes.source:
        choice = msgspec.structs.replace(choice, arch=wanted.arch[0])
    judge = open_judge(wishes.source, choice)
    if not wanted.applicable(judge.model.version, judge.model.arch)[0]:
        not_here(judge, wanted, form, cache=choice.cache)
    demands = all_demands(judge, wanted, wishes)
    objects = object_files(judge.kernel) if minimise == "objects" else None
    within, lines_before = None, 0
    if wishes.source:
        within = frozenset(judge.model.symbols[n].name for n in judge.resolver.enabled())
        lines_before = len(within)
    options = Options(minimise=minimise, expert=expert, modules=modules, timeout=timeout)
    with working("solving"):
        answers = {probe.key: "" for probe in judge.model.probes} | judge.resolver.answers
        solver = open_solver(judge.model, answers, goals_in(demands), no_unmet=True, cache=choice.cache)
        made = generate(
            judge.kernel,
            solver,
            wanted,
            demands,
            options,
            __version__,
            objects=objects,
            within=within,
            lines_before=lines_before,
            conf=own_conf(judge.kernel, choice),
        )
    report = made.report
    result = document(report, form) if form in DOCUMENTS else rendered(made, form)
    if output and report.possible:
        write_output(output, result.encode("utf-8", "surrogateescape"))
    elif report.possible or form in DOCUMENTS:
        emit(result, form)
    if form not in DOCUMENTS or (output and report.possible):
        stream = sys.stdout if output or not report.possible else sys.stderr
        stream.write(generate_text(report, output, look_of(stream), profile))
    sys.exit(0 if report.possible else 1)


def not_here(judge: Judge, profile: Profile, form: str, *, cache: bool) -> NoReturn:
    """Report a profile that does not exist for this kernel: with the core where the profile names the goals."""
    from kcfg import __version__
    from kcfg.answers.goals import read_goals
    from kcfg.show.terminal import look_of
    from kcfg.solver.store import open_solver
    from profiles.fulfil.generate import out_of_range
    from profiles.report.generate import generate_text

    reason = profile.applicable(judge.model.version, judge.model.arch)[1]
    words = [word for one in profile.ranges for word in one.kernel_goals]
    goals = read_goals(judge, words) if judge.model.arch in profile.arch else []
    solver = open_solver(judge.model, judge.resolver.answers, goals, cache=cache) if goals else None
    report = out_of_range(judge.kernel, solver, profile, goals, reason, __version__)
    emit(document(report, form) if form in DOCUMENTS else generate_text(report, "", look_of(sys.stdout)), form)
    sys.exit(1)


def document(report: GenerateReport, form: str) -> str:
    """The report in one of DOCUMENTS."""
    if form == "json":
        from profiles.report.json import exact_json

        return exact_json(report)
    from kcfg.show.terminal import Look
    from profiles.report.html_exact import generate

    return generate(report, Look())


def all_demands(judge: Judge, profile: Profile, wishes: Wishes) -> list[Demand]:
    """Everything that is asked for."""
    from kcfg.answers.goals import read_goals
    from profiles.fulfil.demands import essential_demands, need_demands, own_demands, rule_demands
    from profiles.needs import find_needs

    model = judge.model
    own = read_goals(judge, [*wishes.required, *(f"!{name.removeprefix('!')}" for name in wishes.forbidden)])
    out = rule_demands(profile, model) + essential_demands(profile, model, wishes.essentials, wishes.without)
    out += need_demands(find_needs(wishes.needs), model) + own_demands(own)
    return out + (hardware_demands(judge.kernel, wishes.hardware) if wishes.hardware else [])


def hardware_demands(kernel: Kernel, path: str) -> list[Demand]:
    """The symbols that build the modules of a list."""
    from kcfg.kbuild.modules import parse_lsmod
    from kcfg.kbuild.read import read_kbuild
    from kcfg.kconfig.model import Type
    from profiles import Want
    from profiles.fulfil.demands import Asker, Demand, ways_of

    if kernel.source is None:
        raise UserError("--hardware needs --tree", hint="which option builds a module stands in the tree's Makefiles")
    try:
        text = Path(path).read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise UserError("not a text", where=path, hint="lsmod's output, /proc/modules, or one name a line") from None
    try:
        names = parse_lsmod(text)
    except UserError as error:
        raise UserError(
            error.message, where=f"{path}: {error.where}" if error.where else path, hint=error.hint
        ) from None
    model = kernel.model
    tristate = {symbol.name for symbol in model.symbols if symbol.definitions and symbol.type == Type.TRISTATE}
    found = read_kbuild(kernel.source, model.arch).module_symbols(names, tristate)
    out = []
    for module, symbols in found.items():
        if symbols is None:
            raise Impossible(f"nothing in this kernel builds the module {module}", where=path)
        ways = ways_of([[Want(name, ("y", "m"))] for name in symbols], model)
        if not ways:
            raise Impossible(f"{module} is built by {', '.join(symbols)}, not an option of {model.arch}", where=path)
        out.append(Demand(Asker.KEEP, module, ways, f"module {module} is loaded"))
    return out


def object_files(kernel: Kernel) -> dict[Condition, int]:
    """How many object files are built under each condition."""
    from kcfg.kbuild.read import read_kbuild

    if kernel.source is None:
        raise UserError("--minimise objects needs --tree", hint="which files an option builds stands in its Makefiles")
    return read_kbuild(kernel.source, kernel.model.arch).conditions()
