"""Exact answers about options: can they have these values, why not, what is the smallest change, why is one on.

Reasons come from the solver (what is impossible in every configuration) and from the resolver (what holds in this one).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from kcfg.answers.differences import same, why_text
from kcfg.answers.effects import ChangedSymbol, changed_symbols, lines_lost, lines_raised, symbols_changed
from kcfg.answers.facts import SCHEMA_VERSION, Basis, Location, Reason, ReasonKind
from kcfg.answers.judge import Judge
from kcfg.answers.otherwise import other_change
from kcfg.answers.reasons import location
from kcfg.base.version import KernelUsed
from kcfg.kconfig.dotconfig import dotconfig
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.tristate import LEVEL
from kcfg.solver.nearest import nearest
from kcfg.solver.results import Core, Goal, NearestChange, Why
from kcfg.solver.solver import Solver
from kcfg.solver.statements import Statement


class KeptBy(StrEnum):
    """Who keeps a configuration as it is."""

    UNTOLD = ""
    RESOLVE = "resolve"
    CONF = "resolve, conf"
    NOBODY = "nobody"  # it becomes another one when it is read back


class CoreLine(msgspec.Struct, frozen=True):
    """One statement of a minimal core. `outside`: "architecture" or "compiler" where that decides what it says.

    `source`: not one of those that contradict each other, but where a number or a text in these comes from. `needed`:
    without it the others do not contradict each other; not said of numbers and texts, where it may take fewer.
    """

    symbol: str
    text: str
    where: Location
    outside: str = ""
    source: bool = False
    needed: bool = True


class ChangedLine(msgspec.Struct, frozen=True):
    """A line to change, `old` "" where there is none; symbols have no CONFIG_ prefix.

    `why`: "goal", "dependency" or "other" (see `kcfg.solver.results.Why`). `lost`: the symbols of goals and of other
    changed lines that do not come out without it. `undoes`: the configuration's own line says something else, and no
    goal speaks of it. `needed`: every change with so few lines has one of this symbol, and gives it this value; never
    said of a choice's members. `quoted`: a .config has its value in quotes. `moves`: the configuration has this line
    already, and it counts as the last one of its choice alone. `last`: it goes to the end, since it does not count
    where the symbol's line stands.
    """

    symbol: str
    old: str
    new: str
    why: str = Why.GOAL.value
    lost: tuple[str, ...] = ()
    undoes: bool = False
    needed: bool = False
    quoted: bool = False
    moves: bool = False
    last: bool = False


class OtherChange(msgspec.Struct, frozen=True, kw_only=True):
    """The fewest lines of those that leave `stays` as it is, such as MODULES=y; see `ExplainReport` for the rest.

    Where `stays` is empty they are the fewest of all.
    """

    stays: tuple[str, ...]
    changes: tuple[ChangedLine, ...]
    proven: bool
    bound: int
    out_of_time: bool
    symbols_changed: int
    lines_lost: tuple[str, ...] = ()
    lines_raised: tuple[str, ...] = ()


class ExplainReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg explain` has to say.

    When `possible`, `changes` is the smallest set of lines, in an order in which each can be set, that reaches the
    goals from the configuration, or from the kernel's defaults when none was given. No fewer than `bound` can do
    it: `proven` where these are as many, `out_of_time` where the search stopped before that was known.
    `symbols_changed` counts the symbols of the configuration that get another value, and `symbols` are these where
    they were asked for. `lines_lost`: the symbols whose lines in the configuration came out as asked and do not any
    longer, without being changed themselves; `lines_raised` are those that come out as more. Where those that get
    another value are many because lines of the user are undone, `other` is a change that leaves these lines alone,
    if there is one.
    Otherwise `core` is a set of statements that contradict `core_goals`, each of them needed: the others alone do not.
    `core_more`: without these statements it would be impossible all the same, for other reasons. `reasons` tell why
    each symbol that is not as the goals want it has the value that it has in the configuration; where all are, why
    they are. `carried`: (name asked for, name that takes its line
    over in this kernel, which the answer is about).
    """

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    kernel: KernelUsed
    goals: tuple[str, ...]
    carried: tuple[tuple[str, str], ...] = ()
    config: str = ""
    possible: bool = True
    core: tuple[CoreLine, ...] = ()
    core_goals: tuple[str, ...] = ()
    core_more: bool = False
    changes: tuple[ChangedLine, ...] = ()
    proven: bool = True
    bound: int = 0
    out_of_time: bool = False
    enabled: int = 0
    symbols_changed: int = 0
    symbols: tuple[ChangedSymbol, ...] = ()
    lines_lost: tuple[str, ...] = ()
    lines_raised: tuple[str, ...] = ()
    other: OtherChange | None = None
    values: tuple[tuple[str, str], ...] = ()  # of the goals' symbols, in the configuration
    reasons: tuple[Reason, ...] = ()
    verified_by: KeptBy = KeptBy.UNTOLD
    seconds: float = 0.0


def core_lines(core: Core) -> tuple[CoreLine, ...]:
    """The statements in the order in which a person follows them: from the goals outwards; their sources last."""
    left = list(core.lines)
    known = [goal.symbol for goal in core.goals]
    out: list[Statement] = []
    while left:
        near = next((one for name in known for one in left if one.symbol == name), None)
        if near is None:
            near = next((one for one in left if any(name in one.others for name in known)), left[0])
        left.remove(near)
        out.append(near)
        known += [name for name in (near.symbol, *near.others) if name and name not in known]
    return tuple(
        dict.fromkeys([*(core_line(one) for one in out), *(core_line(one, source=True) for one in core.sources)])
    )


def core_line(one: Statement, *, source: bool = False) -> CoreLine:
    """A statement for a report."""
    where, needed = Location(one.file, one.line), not source and not one.of_text
    return CoreLine(one.symbol, one.text, where, one.outside, source, needed)


def why_now(judge: Judge, goals: Sequence[Goal], *, on: bool = False) -> tuple[Reason, ...]:
    """Why the goals' symbols have their present values, where these are not what is asked for (or, `on`, at all)."""
    out: list[Reason] = []
    for goal in goals:
        number = judge.model.index[goal.symbol]
        value = judge.resolver.tri(number)
        if judge.model.symbols[number].type > Type.TRISTATE:
            if on:
                out += why_this_text(judge, number)
                continue
            out += [] if judge.has(goal.symbol, (goal.word,)) else judge.why_not(goal.symbol, (goal.word,))
            continue
        if on:
            out += judge.explainer.why_above(number, 0) if value else judge.explainer.why_below(number, 1)
        elif goal.value == "enabled":
            out += [] if value else judge.explainer.why_below(number, 1)
        elif value < LEVEL[goal.value]:
            out += judge.explainer.why_below(number, LEVEL[goal.value])
        elif value > LEVEL[goal.value]:
            out += judge.explainer.why_above(number, LEVEL[goal.value])
    return tuple(out)


def why_this_text(judge: Judge, number: int) -> list[Reason]:
    """Why an int, a hex or a string has its value, or no line."""
    resolver, explainer = judge.resolver, judge.explainer
    if not resolver.written(number):
        return explainer.why_below(number, 1)
    line, asked = resolver.user.lines.get(number), resolver.user.text.get(number)
    if line is None or asked is None:
        return explainer.defaulted(number)
    name, kind = judge.model.symbols[number].name, judge.model.symbols[number].type
    if resolver.visible(number) and same(asked, resolver.text(number), kind):
        return [Reason(ReasonKind.EXPLICIT, location(line), basis=Basis.LINE, symbol=name, value=asked)]
    refused = why_text(number, asked, resolver, explainer)
    return refused if resolver.visible(number) else [*refused, *explainer.defaulted(number)]


def explain(
    judge: Judge,
    solver: Solver,
    goals: Sequence[Goal],
    version: str,
    *,
    given: bool,
    conf: Kernel | None = None,
    carried: tuple[tuple[str, str], ...] = (),
    listed: bool = False,
) -> ExplainReport:
    """Whether the goals can be reached, and how or why not. `given`: the judge has a user's configuration.

    `listed`: the symbols that get another value are wanted one by one.

    `carried`: see `carried_names`. `conf`: the kernel whose own conf is to keep the witness. CannotEvaluate where it
    does not, and where what comes of the change is read back as something else.
    """
    start = time.perf_counter()
    report = ExplainReport(
        version=version,
        kernel=judge.kernel.used,
        goals=tuple(map(str, goals)),
        carried=carried,
        config=judge.config.name if given else "",
        values=tuple((goal.symbol, judge.word(goal.symbol)) for goal in goals) if given else (),
        reasons=why_now(judge, goals) if given else (),
    )
    answer = nearest(solver, judge.resolver.user, goals, base=judge.resolver)
    if isinstance(answer, Core):
        return msgspec.structs.replace(
            report,
            possible=False,
            core=core_lines(answer),
            core_goals=tuple(map(str, answer.goals)),
            core_more=answer.more,
            seconds=time.perf_counter() - start,
        )
    answer.check()
    verified = verified_by(judge.model, answer, conf)
    if given:
        symbols = changed_symbols(judge, answer.configuration.values)
        report = msgspec.structs.replace(
            report,
            symbols_changed=len(symbols),
            symbols=symbols if listed else (),
            reasons=report.reasons if answer.lines else why_now(judge, goals, on=True),
            lines_lost=lines_lost(judge, answer, tuple(goals)),
            lines_raised=lines_raised(judge, answer, tuple(goals)),
            other=other(judge, solver, goals, answer),
        )
    return with_change(report, answer, verified, time.perf_counter() - start)


def other(judge: Judge, solver: Solver, goals: Sequence[Goal], first: NearestChange) -> OtherChange | None:
    """A change that leaves alone what the first one undoes, as data; see `other_change`."""
    found = other_change(judge, solver, goals, first)
    if found is None:
        return None
    stays, change = found
    return told_otherwise(judge, change, stays, goals)


def told_otherwise(
    judge: Judge, change: NearestChange, stays: Sequence[Goal] = (), goals: Sequence[Goal] = ()
) -> OtherChange:
    """A change beside another one, for a report."""
    return OtherChange(
        stays=tuple(map(str, stays)),
        changes=changed_lines(change),
        proven=change.proof.proven,
        bound=change.proof.bound,
        out_of_time=change.proof.out_of_time,
        symbols_changed=symbols_changed(judge, change.configuration.values),
        lines_lost=lines_lost(judge, change, tuple(goals)),
        lines_raised=lines_raised(judge, change, tuple(goals)),
    )


def verified_by(model: Model, change: NearestChange, conf: Kernel | None) -> KeptBy:
    """Who keeps the configuration as it is."""
    if not change.settled:
        return KeptBy.NOBODY
    if conf is None:
        return KeptBy.RESOLVE
    from kcfg.kconfig.conf import keeps

    lines = [(model.index[name], value) for name, value in change.configuration.values.items()]
    keeps(conf, dotconfig(model, lines))
    return KeptBy.CONF


def changed_lines(change: NearestChange) -> tuple[ChangedLine, ...]:
    """The lines of a change for a report."""
    return tuple(
        ChangedLine(
            line.symbol,
            line.old,
            line.new,
            line.why.value,
            line.lost,
            line.undoes,
            line.needed,
            line.is_string,
            line.moves,
            line.last,
        )
        for line in change.lines
    )


def with_change(report: ExplainReport, change: NearestChange, verified: KeptBy, seconds: float) -> ExplainReport:
    """The report with a way to reach the goals."""
    return msgspec.structs.replace(
        report,
        changes=changed_lines(change),
        proven=change.proof.proven,
        bound=change.proof.bound,
        out_of_time=change.proof.out_of_time,
        enabled=change.configuration.enabled,
        verified_by=verified,
        seconds=seconds,
    )


def explain_on(
    judge: Judge, goals: Sequence[Goal], version: str, carried: tuple[tuple[str, str], ...] = ()
) -> ExplainReport:
    """Why the symbols are on (or off) in a configuration: who selects them, which default, which line is behind it."""
    start = time.perf_counter()
    return ExplainReport(
        version=version,
        kernel=judge.kernel.used,
        goals=tuple(goal.symbol for goal in goals),
        carried=carried,
        config=judge.config.name,
        values=tuple((goal.symbol, judge.word(goal.symbol)) for goal in goals),
        reasons=why_now(judge, goals, on=True),
        seconds=time.perf_counter() - start,
    )
