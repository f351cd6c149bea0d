"""What a configuration has to fulfil, with who asks for it: rules, essentials, needs, and the user's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

import msgspec

from kcfg.answers.explain import CoreLine
from kcfg.answers.facts import Location
from kcfg.answers.unknown import is_mistyped, no_such_symbol
from kcfg.base.errors import Impossible, UserError
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.goals import text_goal, wanted_line
from kcfg.solver.nearest import has
from kcfg.solver.results import Goal
from profiles import Profile, Want
from profiles.findings import SEVERE
from profiles.needs import Need

ALL, NONE = "all", "none"
LEVELS: dict[int, tuple[str, ...]] = {Type.BOOL: ("y", "n", "enabled"), Type.TRISTATE: ("y", "m", "n", "enabled")}


class Asker(StrEnum):
    """Who asks for something."""

    RULE = "rule"
    ESSENTIAL = "essential"
    NEED = "need"
    REQUIRE = "require"
    FORBID = "forbid"
    KEEP = "keep"


class Demand(msgspec.Struct, frozen=True):
    """One of `ways` has to hold, each a conjunction of goals. `kind`: who asks for it."""

    kind: Asker
    name: str
    ways: tuple[tuple[Goal, ...], ...]
    why: str = ""

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(goal.symbol for way in self.ways for goal in way))

    def __str__(self) -> str:
        return " or ".join(" and ".join(map(str, way)) for way in self.ways)


def goals_of(want: Want, model: Model) -> tuple[Goal, ...] | None:
    """The goals, any of which fulfils a want; None when it holds anyway (n of what does not exist, unless mistyped)."""
    symbol = model.defined(want.symbol)
    values = set(want.value)
    if symbol is None:
        absent = "n" in values and not is_mistyped(model, want.symbol)
        return None if absent else (Goal(want.symbol, "y" if "y" in values else want.value[0]),)
    now = model.now(model.index[want.symbol])
    name = want.symbol if now is None else model.symbols[now].name  # an old name's line is another symbol's
    if symbol.type > Type.TRISTATE:
        return tuple(text_goal(model, model.index[name], value) for value in want.value)
    if {"y", "m", "n"} <= values or (symbol.type == Type.BOOL and {"y", "n"} <= values):
        return None
    if {"y", "m"} <= values:
        return (Goal(name, "enabled" if symbol.type == Type.TRISTATE else "y"),)
    goals = tuple(Goal(name, value) for value in want.value)
    return tuple(goal for goal in goals if may_hold(goal, model)) or goals


def goals_in(demands: Iterable[Demand]) -> Iterator[Goal]:
    """All goals that demands speak of."""
    return (goal for demand in demands for way in demand.ways for goal in way)


def ways_of(wants: Sequence[Sequence[Want]], model: Model) -> tuple[tuple[Goal, ...], ...]:
    """Alternatives of wants -> alternatives of goals; empty when one of them holds anyway.

    Those of symbols that this kernel does not have are left out, unless no other is there: then they are the reason.
    """
    out: list[tuple[Goal, ...]] = []
    for way in wants:
        combined: list[tuple[Goal, ...]] = [()]
        for want in way:
            goals = goals_of(want, model)
            if goals is not None:
                combined = [(*before, goal) for before in combined for goal in goals]
        if combined == [()]:
            return ()
        out += combined
    there = [way for way in out if all(model.defined(goal.symbol) and may_hold(goal, model) for goal in way)]
    return tuple(there or out)


def may_hold(goal: Goal, model: Model) -> bool:
    """Whether a goal is none that this kernel can never reach: it has the symbol, of a type with such values."""
    symbol = model.defined(goal.symbol)
    if symbol is None:
        return goal.is_off and not is_mistyped(model, goal.symbol)
    if symbol.type > Type.TRISTATE:
        return wanted_line(model, goal) is not None
    return goal.value in LEVELS.get(symbol.type, ("n",))


def rule_demands(
    profile: Profile, model: Model, version: str = "", waived: frozenset[str] = frozenset()
) -> list[Demand]:
    """What a profile requires and forbids. Impossible where it does not exist for this kernel.

    `version`: of the kernel whose rules count, the model's unless given. `waived`: the rules that are accepted as they
    are.
    """
    version = version or model.version
    fits, reason = profile.applicable(version, model.arch)
    if not fits:
        raise Impossible(f"{profile.name}: {reason}")
    out = []
    for rule in profile.rules_for(version, model.arch):
        if rule.level in SEVERE and rule.id not in waived:
            ways = ways_of([way.wants for way in rule.alternatives], model)
            if ways:
                out.append(Demand(Asker.RULE, f"{profile.name}/{rule.id}", ways, rule.why))
    return out


def not_there(demands: Iterable[Demand], model: Model) -> list[Demand]:
    """The rules that this kernel cannot fulfil: it has none of their symbols, or these are never what is wanted."""
    ways = {one: [all(may_hold(goal, model) for goal in way) for way in one.ways] for one in demands}
    return [one for one, may in ways.items() if one.kind is Asker.RULE and not any(may)]


def core_without(demands: Iterable[Demand], model: Model) -> tuple[CoreLine, ...]:
    """What a kernel does not have of demands, or never has so: lines without a place, no statements of a core.

    NoSuchSymbol for a name that shall be off and is mistyped: that it is off is not impossible, it says nothing.
    """
    out: dict[CoreLine, None] = {}
    for demand, goal in ((one, goal) for one in demands for goal in goals_in((one,))):
        if may_hold(goal, model):
            continue
        symbol = model.defined(goal.symbol)
        if symbol is None and goal.is_off:
            raise no_such_symbol(model, goal.symbol, f"{demand.kind} {demand.name}")
        if symbol is None:
            out[CoreLine(goal.symbol, f"is not in Linux {model.version} ({model.arch})", Location(""))] = None
        else:
            text = f"{Type(symbol.type).name.lower()}, never {goal.word}"
            out[CoreLine(goal.symbol, text, Location(""))] = None
    return tuple(out)


def essential_demands(profile: Profile, model: Model, groups: str, without: Iterable[str] = ()) -> list[Demand]:
    """The essentials of the groups asked for ("all", "none", or names). Symbols that this kernel lacks are left out."""
    known = profile.groups
    chosen = known if groups == ALL else () if groups == NONE else tuple(filter(None, groups.split(",")))
    for name in (*chosen, *without):
        if name not in known:
            raise UserError(f"no group of essentials '{name}'", hint=f"{profile.name} has {', '.join(known)}")
    out = []
    for one in profile.essentials_for(model.version, model.arch):
        if one.group in chosen and one.group not in tuple(without) and model.defined(one.symbol):
            ways = ways_of([[one.want]], model)
            if ways:
                out.append(Demand(Asker.ESSENTIAL, one.group, ways, one.why))
    return out


def need_demands(needs: Iterable[Need], model: Model) -> list[Demand]:
    """Needs; Impossible when this kernel has none of a need's symbols."""
    out = []
    for need in needs:
        have = [name for name in need.symbols if model.defined(name)]
        if not have:
            raise Impossible(f"Linux {model.version} {model.arch} has nothing for '{need.name}'")
        for name in have:
            ways = ways_of([[Want(name, ("y", "m"))]], model)
            out.append(Demand(Asker.NEED, need.name, ways, need.why))
    return out


def ways_held(resolver: Resolver, demand: Demand) -> list[tuple[Goal, ...]]:
    """The ways of a demand that a configuration has; none where it does not fulfil it."""
    return [way for way in demand.ways if all(has(resolver, goal) for goal in way)]


def own_demands(goals: Iterable[Goal]) -> list[Demand]:
    """What the user requires or forbids."""
    return [Demand(Asker.FORBID if goal.is_off else Asker.REQUIRE, "", ((goal,),), "asked for") for goal in goals]
