"""What `kcfg generate` gives: the report, the cause of everything in it, and the configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from kcfg.answers.explain import CoreLine
from kcfg.answers.facts import SCHEMA_VERSION, ReasonKind
from kcfg.base.version import KernelUsed
from kcfg.kconfig.dotconfig import line_of
from kcfg.kconfig.minimal import again, needed_lines, sufficient_lines
from kcfg.kconfig.model import Type
from kcfg.kconfig.resolve import Resolver
from profiles.fulfil.causes import Cause, CauseKind, Warned
from profiles.fulfil.demands import Demand, ways_held

MADE_BY = (ReasonKind.SELECTED, ReasonKind.DEFAULT, ReasonKind.CHOICE)


class EnabledSymbol(msgspec.Struct, frozen=True):
    """An enabled symbol and why it is on: rule, essential, need, require, keep, selected, default, needed."""

    symbol: str
    value: str
    kind: str
    reason: Cause


class OwnedLine(msgspec.Struct, frozen=True):
    """A line that a person has to own: left out, the configuration would be another one.

    `idle`: it turns something on that no demand needs. Its reason says whether it turns others off.
    """

    symbol: str
    line: str
    reason: Cause
    idle: bool = False


class Trial(StrEnum):
    """What a generated configuration is put to."""

    RESOLVE = "resolve"  # it keeps every line
    DEPENDENCIES = "dependencies"  # none is unmet
    PROFILE = "profile"  # the rules of `profile` are fulfilled
    CONF = "conf"  # the tree's own conf keeps every line


class Passed(msgspec.Struct, frozen=True):
    """A test that the result has passed."""

    trial: Trial
    profile: str = ""


class GenerateReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything one `kcfg generate` has to say.

    `optimum` is the cost that was reached, `bound` what no configuration can go below; `proven` when no configuration
    that the question allows costs less, `out_of_time` when the search stopped before that was known. Unless EXPERT is
    allowed, the question allows none in which something is on that no demand needs and that can be off.
    `cost` names what is counted, `kept_off` what was not to be turned on, since it would only turn others off;
    `expert_optimum` is the optimum without that restriction, 0 when it was not asked for.
    """

    schema: int = SCHEMA_VERSION
    tool: str = "kcfg"
    version: str
    kernel: KernelUsed
    profile: str
    possible: bool = True
    cost: str = "symbols"
    optimum: int = 0
    bound: int = 0
    proven: bool = False
    out_of_time: bool = False
    seconds: float = 0.0
    expert_optimum: int = 0
    kept_off: tuple[str, ...] = ()
    enabled: int = 0
    owned: tuple[OwnedLine, ...] = ()
    symbols: tuple[EnabledSymbol, ...] = ()
    verified: tuple[Passed, ...] = ()
    warnings: tuple[Warned, ...] = ()
    lines_before: int = 0
    core: tuple[CoreLine, ...] = ()
    core_goals: tuple[str, ...] = ()


class Generated(msgspec.Struct, frozen=True):
    """A report, and the configuration that it is about (None when there is none)."""

    report: GenerateReport
    resolver: Resolver | None = None


def askers(resolver: Resolver, demands: Iterable[Demand]) -> dict[str, Demand]:
    """Who asks for the value that a symbol has: the first demand that it helps to fulfil."""
    asked: dict[str, Demand] = {}
    for demand in demands:
        for way in ways_held(resolver, demand):
            for goal in way:
                asked.setdefault(goal.symbol, demand)
    return asked


def wanted_values(resolver: Resolver, asked: Iterable[str]) -> list[tuple[int, str]]:
    """The values that are asked for, by symbol."""
    model = resolver.model
    return [(model.index[name], resolver.text(model.index[name])) for name in asked if model.defined(name)]


def owned_lines(resolver: Resolver, demands: Iterable[Demand]) -> tuple[OwnedLine, ...]:
    """The lines that alone give the configuration, none of which can be left out, each with who asks for it or what
    is lost without it."""
    model = resolver.model
    asked = askers(resolver, demands)
    wanted = wanted_values(resolver, asked)
    lines, on = needed_lines(resolver), resolver.enabled()
    out = []
    for symbol, value in lines:
        entry = model.symbols[symbol]
        if entry.name in asked:
            reason = Cause(CauseKind.ASKED, asked[entry.name])
        else:
            reason = without(again(resolver, [line for line in lines if line[0] != symbol]), symbol, wanted, on)
        idle = reason.kind in (CauseKind.TRICK, CauseKind.UNNEEDED)
        out.append(OwnedLine(entry.name, line_of(model, symbol, value), reason, idle))
    return tuple(out)


def without(left: Resolver, symbol: int, wanted: Iterable[tuple[int, str]], on: Mapping[int, str]) -> Cause:
    """Why a line is owned: what is `left` without it has other values than are wanted, or than the symbols that are on.

    What is off was not needed on; that others are lost with it is told of what is on, and of numbers and texts.
    """
    symbols = left.model.symbols
    if symbol in on or symbols[symbol].type > Type.TRISTATE:
        lost = tuple(symbols[n].name for n, before in wanted if left.text(n) != before)
        if lost:
            return Cause(CauseKind.LOST, symbols=lost)
    if symbol not in on or left.tri(symbol):
        return Cause(CauseKind.OTHER_DEFAULT, value=(left.text(symbol) or '""') if left.written(symbol) else "unset")
    more = any(left.tri(n) and left.written(n) for n, one in enumerate(symbols) if one.definitions and n not in on)
    return Cause(CauseKind.TRICK if more else CauseKind.UNNEEDED)


def idle_symbols(resolver: Resolver, demands: Iterable[Demand]) -> list[str]:
    """The symbols of idle lines, without the reasons for all the others."""
    asked = askers(resolver, demands)
    wanted = wanted_values(resolver, asked)
    lines, on, symbols = sufficient_lines(resolver), resolver.enabled(), resolver.model.symbols
    out = []
    for symbol, _ in lines:
        if symbol in on and symbols[symbol].name not in asked:
            left = again(resolver, [line for line in lines if line[0] != symbol])
            if not left.tri(symbol) and all(left.text(n) == before for n, before in wanted):
                out.append(symbols[symbol].name)
    return out


def reasons(resolver: Resolver, demands: Iterable[Demand], owned: Iterable[OwnedLine]) -> Iterable[EnabledSymbol]:
    """Why each enabled symbol is on."""
    from kcfg.answers.reasons import Explainer

    model = resolver.model
    asked = askers(resolver, demands)
    own = {one.line.split("=")[0].removeprefix("CONFIG_"): one.reason for one in owned}
    explainer = Explainer(resolver)
    for symbol, value in resolver.enabled().items():
        name = model.symbols[symbol].name
        if name in asked:
            yield EnabledSymbol(name, value, asked[name].kind, Cause(CauseKind.ASKED, asked[name]))
            continue
        first = next(iter(explainer.why_above(symbol, 0)), None)
        if first is not None and first.kind in MADE_BY and name not in own:
            yield EnabledSymbol(name, value, first.kind.value, Cause(CauseKind.STEP, step=first))
        else:
            yield EnabledSymbol(name, value, "needed", own.get(name, Cause(CauseKind.DEFAULT)))
