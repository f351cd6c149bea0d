"""The cheapest change that makes a configuration fulfil profiles: fewest lines, then fewest symbols; see `cheapest`."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

import msgspec

from kcfg.answers.effects import ChangedSymbol, changed_symbols, lines_lost, lines_raised, symbols_changed
from kcfg.answers.explain import (
    ChangedLine,
    CoreLine,
    KeptBy,
    OtherChange,
    changed_lines,
    core_lines,
    told_otherwise,
    verified_by,
)
from kcfg.answers.facts import SCHEMA_VERSION, Location, Status
from kcfg.answers.judge import Judge
from kcfg.answers.otherwise import other_change
from kcfg.base.version import KernelUsed
from kcfg.kconfig.config import format_line, parse_config
from kcfg.kconfig.kernels import Kernel
from kcfg.solver.fitness import WORLDS
from kcfg.solver.nearest import nearest
from kcfg.solver.results import Core, Goal, NearestChange, WantedLine, is_settled
from kcfg.solver.solver import Solver
from profiles import Profile
from profiles.check.check import RuleJudge
from profiles.check.verdicts import verdict
from profiles.findings import SEVERE, ProfileResult
from profiles.fulfil.causes import Cause, CauseKind
from profiles.fulfil.demands import Demand, core_without, goals_in, not_there, rule_demands, ways_held
from profiles.fulfil.edit import with_changes

MEND_TIMEOUT = 10.0  # seconds: a report must not wait for a proof for long


class RepairReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg repair` has to say.

    `changes` are in an order in which each can be set, `reasons` tells for each why, and `removed` which lines of
    the configuration's text go for it: none where it is new. `bound`: no fewer lines can do it; `proven` where
    these are as many, `fittest` where no others as few give fewer bools and tristates another value, of those that
    change the fewest lines of EXPERT, MODULES and COMPILE_TEST; `out_of_time` where the search stopped before the
    first was known. `symbols_changed` counts all symbols that get another value; `symbols`, `lines_lost` and
    `lines_raised` are those of an ExplainReport. `stays`: what no rule asks for and the fewest lines of all,
    `fewer`, would undo, which turns many symbols over; `bound` and `proven` are of the changes that leave it alone.
    `core` is that of an ExplainReport, or, without places, what the kernel does not have at all, which makes
    `core_goals` impossible.
    """

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    kernel: KernelUsed
    config: str
    profiles: tuple[str, ...]
    possible: bool = True
    changes: tuple[ChangedLine, ...] = ()
    reasons: tuple[Cause, ...] = ()
    removed: tuple[tuple[str, ...], ...] = ()
    proven: bool = True
    fittest: bool = True
    bound: int = 0
    out_of_time: bool = False
    verified_by: KeptBy = KeptBy.UNTOLD
    symbols_changed: int = 0
    symbols: tuple[ChangedSymbol, ...] = ()
    lines_lost: tuple[str, ...] = ()
    lines_raised: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    fewer: OtherChange | None = None
    enabled: int = 0
    seconds: float = 0.0
    core: tuple[CoreLine, ...] = ()
    core_goals: tuple[str, ...] = ()


def elsewhere(judge: Judge, profiles: Sequence[Profile], names: Sequence[str], version: str) -> RepairReport | None:
    """The report of profiles that do not exist for the configuration's kernel; None where all do."""
    missing = []
    for profile in profiles:
        fits, reason = profile.applicable(judge.own_version, judge.model.arch)
        if not fits:
            missing.append(CoreLine(profile.name, reason, Location("")))
    if not missing:
        return None
    return RepairReport(
        version=version,
        kernel=judge.kernel.used,
        config=judge.config.name,
        profiles=tuple(names),
        possible=False,
        core=tuple(missing),
        core_goals=tuple(one.symbol for one in missing),
    )


def split_demands(demands: Sequence[Demand]) -> tuple[list[Goal], list[tuple[tuple[Goal, ...], ...]]]:
    """(goals of demands with one way, the alternatives of the others)."""
    goals: list[Goal] = []
    either: list[tuple[tuple[Goal, ...], ...]] = []
    for demand in demands:
        if len(demand.ways) == 1:
            goals += [goal for goal in demand.ways[0] if goal not in goals]
        else:
            either.append(demand.ways)
    return goals, either


def nearest_change(
    judge: Judge, solver: Solver, demands: Sequence[Demand], *, timeout: float = 60.0
) -> NearestChange | Core:
    """The fewest changed lines that fulfil all demands."""
    goals, either = split_demands(demands)
    user, base = judge.resolver.user, judge.resolver
    return nearest(solver, user, goals, either=either, few_symbols=True, timeout=timeout, base=base)


class Way(NamedTuple):
    """A change that fulfils demands: the fewest lines of those that leave `stays` as it is, as `fewer` would not."""

    change: NearestChange
    stays: tuple[Goal, ...] = ()
    fewer: NearestChange | None = None


def cheapest(judge: Judge, solver: Solver, demands: Sequence[Demand], *, timeout: float = 60.0) -> Way | Core:
    """The change to make: the fewest lines, but none of EXPERT, MODULES and COMPILE_TEST that turns many symbols over.

    Where the fewest lines undo the user's line of one of these, and many symbols get another value by that (see
    `other_change`), it is the fewest lines of those that do not, if there are any.
    """
    start = time.perf_counter()
    first = nearest_change(judge, solver, demands, timeout=timeout)
    if isinstance(first, Core):
        return first
    goals, either = split_demands(demands)
    left = max(1.0, timeout - (time.perf_counter() - start))
    other = other_change(judge, solver, goals, first, either=either, among=WORLDS, few_symbols=True, timeout=left)
    return Way(first) if other is None else Way(other[1], other[0], first)


def repair(
    judge: Judge,
    solver: Solver,
    demands: Sequence[Demand],
    profiles: Sequence[str],
    version: str,
    timeout: float,
    conf: Kernel | None = None,
    *,
    listed: bool = False,
) -> tuple[RepairReport, NearestChange | None]:
    """The report, and the change unless it is impossible. `conf`: the kernel whose own conf is to keep the result.

    `listed`: the symbols that get another value are wanted one by one.

    CannotEvaluate where that does not, and where what comes of the change is read back as something else.
    """
    start = time.perf_counter()
    report = RepairReport(version=version, kernel=judge.kernel.used, config=judge.config.name, profiles=tuple(profiles))
    lacking = not_there(demands, judge.model)
    if lacking:
        return msgspec.structs.replace(
            report, possible=False, core_goals=tuple(map(str, lacking)), core=core_without(lacking, judge.model)
        ), None
    way = cheapest(judge, solver, demands, timeout=timeout)
    if isinstance(way, Core):
        report = msgspec.structs.replace(
            report,
            possible=False,
            core=core_lines(way),
            core_goals=tuple(map(str, way.goals)),
            seconds=time.perf_counter() - start,
        )
        return report, None
    answer = way.change
    answer.check()
    removed = with_changes(judge, answer).removed
    symbols = changed_symbols(judge, answer.configuration.values)
    held = goals_held(judge, answer, demands)
    report = msgspec.structs.replace(
        report,
        changes=changed_lines(answer),
        reasons=tuple(cause_of(line.symbol, demands, judge) for line in answer.lines),
        removed=tuple(removed[judge.model.index[line.symbol]] for line in answer.lines),
        proven=answer.proof.proven,
        bound=answer.proof.bound,
        fittest=answer.fittest,
        out_of_time=answer.proof.out_of_time,
        verified_by=verified_by(judge.model, answer, conf),
        symbols_changed=len(symbols),
        symbols=symbols if listed else (),
        lines_lost=lines_lost(judge, answer, held),
        lines_raised=lines_raised(judge, answer, held),
        stays=tuple(map(str, way.stays)),
        fewer=told_otherwise(judge, way.fewer, goals=goals_held(judge, way.fewer, demands)) if way.fewer else None,
        enabled=answer.configuration.enabled,
        seconds=time.perf_counter() - start,
    )
    return report, answer


def goals_held(judge: Judge, change: NearestChange, demands: Sequence[Demand]) -> tuple[Goal, ...]:
    """The goals of the ways in which a change fulfils demands: those that hold already, where there are any."""
    out: list[Goal] = []
    for demand in demands:
        before, after = ways_held(judge.resolver, demand), ways_held(change.resolver, demand)
        out += chain.from_iterable([way for way in after if way in before] or after)
    return tuple(out)


def single_line(judge: Judge, profile: Profile, found: ProfileResult) -> tuple[str, ...]:
    """The one line that makes the only failing rule hold, if the profile passes with it: no solver is needed then.

    Only where nothing else gets another value, so that no other line would be a cheaper change.
    """
    failing = [one for one in found.findings if one.level in SEVERE and one.status is Status.FAIL]
    if len(failing) != 1 or len(failing[0].fix) != 1:
        return ()
    again = with_lines_at_the_end(judge, failing[0].fix)
    rest = [one for one in RuleJudge(again).profile(profile).findings if one.rule not in found.waived]
    mends = verdict(rest) is Status.PASS
    values = {judge.model.symbols[number].name: text for number, text in again.resolver.lines()} if mends else {}
    alone = mends and symbols_changed(judge, values) == 1
    return failing[0].fix if alone and is_settled(again.resolver) else ()


def with_lines_at_the_end(judge: Judge, lines: Sequence[str]) -> Judge:
    """The configuration with lines for some symbols, and none of its own for these."""
    added = parse_config("".join(f"{line}\n" for line in lines), judge.config.name).assignments
    changed = {one.symbol for one in added}
    kept = (one for one in judge.config.assignments if one.symbol not in changed)
    config = msgspec.structs.replace(judge.config, assignments=(*kept, *added))
    return Judge(config, judge.kernel, judge.resolver.answers)


class Mend(NamedTuple):
    """Lines that make a configuration pass a profile, in order: the fewest of those that leave `stays` as it is.

    `fewer` are lines that would do, and do not leave it. `last`: those of the lines that go to the end. `note`: why
    there are no lines.
    """

    lines: tuple[str, ...] = ()
    stays: tuple[str, ...] = ()
    fewer: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    note: str = ""


NOT_IN_TIME = "no mend is told: the time ran out before it was known that no other lines are better; see kcfg repair"


def mend(
    judge: Judge,
    profile: Profile,
    *,
    waived: frozenset[str] = frozenset(),
    cache: bool = True,
    timeout: float = MEND_TIMEOUT,
) -> Mend:
    """What `repair` would change but for the rules that are waived; no lines where there are none or the time runs out.

    CannotEvaluate where what comes of them is read back as something else.
    """
    from kcfg.solver.store import open_solver

    if judge.unknown.missing:
        return Mend()
    demands = rule_demands(profile, judge.model, judge.own_version, waived)
    if not_there(demands, judge.model):
        return Mend()
    solver = open_solver(judge.model, judge.resolver.answers, goals_in(demands), cache=cache)
    way = cheapest(judge, solver, demands, timeout=timeout)
    if isinstance(way, Core):
        return Mend()
    if not way.change.proof.proven or not way.change.fittest:  # others of as few lines may do less harm
        return Mend(note=NOT_IN_TIME)
    way.change.check()
    lines = way.change.lines
    fewer = texts(way.fewer.lines) if way.fewer else ()
    last = [one for one in lines if one.last or one.moves]
    return Mend(texts(lines), tuple(map(str, way.stays)), fewer, texts(last))


def texts(lines: Iterable[WantedLine]) -> tuple[str, ...]:
    """Changed lines as a .config has them."""
    return tuple(format_line(one.symbol, one.new, quoted=one.is_string) for one in lines)


def cause_of(symbol: str, demands: Sequence[Demand], judge: Judge) -> Cause:
    """Who asks for a changed line: a demand, or the symbols of demands that depend on it."""
    for demand in demands:
        if symbol in demand.symbols:
            return Cause(CauseKind.ASKED, demand)
    wanted = [name for demand in demands for name in demand.symbols]
    users = tuple(name for name in dict.fromkeys(wanted) if symbol in depends_on(judge, name))
    return Cause(CauseKind.USED, symbols=users) if users else Cause(CauseKind.REST)


def depends_on(judge: Judge, name: str) -> set[str]:
    """The symbols in a symbol's own dependencies."""
    model = judge.model
    number = judge.number(name)
    out: set[str] = set()
    if number is None:
        return out
    for d in model.symbols[number].definitions:
        for link in model.chain(model.definitions[d].context):
            out |= {model.symbols[one].name for one in model.symbols_in(link.expr)}
    return out
