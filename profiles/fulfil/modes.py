"""What a mode's kernels build: the configuration that the mode needs, and what its other configurations may add.

*Needed*: on in the mode's own configuration, the smallest one that fulfils what its profile requires, and of its
essentials and what it recommends each that those before it admit (`kcfg generate`). *Possible*: on in some
configuration that fulfils what the profile requires and forbids. *Impossible*: on in none; the solver has proven it.

Both are kept under `$XDG_CACHE_HOME/kcfg/modes`, by kernel, probes' answers and profile. Deleting that loses nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import msgspec

from kcfg.base import caches
from kcfg.base.errors import Impossible, UserError
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Model
from profiles import Profile, load_profile
from profiles.fulfil.reach import KEPT, Key, Reachable

if TYPE_CHECKING:
    from profiles.fulfil.demands import Demand

TIMEOUT_SECONDS = 120.0


class ModeSet(msgspec.Struct, frozen=True):
    """A mode by name, and the values of its own configuration. `proven`: no smaller one exists. `left_out`: essentials
    and what is recommended, as far as this kernel and the rules do not admit them."""

    name: str
    title: str
    values: dict[str, str]
    enabled: int
    proven: bool
    left_out: tuple[str, ...] = ()


def profiles_of(name: str) -> list[Profile]:
    """The profiles of "pvh-domu" or "pvh-domu+no-pv": what all of them ask for."""
    parts = [part for part in name.split("+") if part]
    if not parts:
        raise UserError("no mode given", hint="a profile such as pvh-domu, or several: pvh-domu+no-pv")
    return [load_profile(part) for part in parts]


def open_mode(kernel: Kernel, name: str, key: Key) -> ModeSet:
    """A mode's own configuration, from the cache or made now.

    UserError for an unknown profile; Impossible where this kernel has no such configuration.
    """
    profiles = profiles_of(name)
    path = key.path("mode", *(msgspec.msgpack.encode(one) for one in profiles))
    if key.cache:
        with contextlib.suppress(msgspec.DecodeError):
            found = msgspec.json.decode(caches.read_entry(path) or b"", type=ModeSet)
            return msgspec.structs.replace(found, name=name)
    made = make_mode(kernel, name, profiles, key)
    if key.cache and made.proven:
        caches.keep_entry(path, msgspec.json.encode(made), KEPT)
    return made


def make_mode(kernel: Kernel, name: str, profiles: Sequence[Profile], key: Key) -> ModeSet:
    """Generate a mode's own configuration. Impossible where the rules alone contradict each other."""
    from kcfg import __version__
    from kcfg.solver.store import open_solver
    from profiles.fulfil.demands import ALL, essential_demands, goals_in, rule_demands
    from profiles.fulfil.generate import Options, generate

    model = kernel.model
    rules = [demand for one in profiles for demand in rule_demands(one, model)]
    more = [demand for one in profiles for demand in essential_demands(one, model, ALL)]
    more += [demand for one in profiles for demand in advised(one, model)]
    solver = open_solver(model, key.answers, goals_in([*rules, *more]), no_unmet=True, cache=key.cache)
    accepted, refused = compatible(Reachable(kernel, key, rules, key.answers, more), more)
    while True:
        options = Options(timeout=TIMEOUT_SECONDS)
        made = generate(kernel, solver, profiles[0], [*rules, *accepted], options, __version__)
        report = made.report
        blamed = [] if made.resolver else [one for one in accepted if speaks_of(one, report.core_goals)]
        if not blamed:
            break
        accepted.remove(blamed[-1])  # what only a select over unmet dependencies turns on
        refused.append(blamed[-1])
    if made.resolver is None:
        goals = ", ".join(report.core_goals)
        hint = f"kcfg generate {profiles[0].name} says more"
        raise Impossible(f"this kernel has no configuration for {name}: {goals}", hint=hint)
    values = {model.symbols[number].name: text for number, text in made.resolver.lines() if text != "n"}
    title = ", ".join(one.title for one in profiles)
    left_out = tuple(dict.fromkeys(map(str, refused)))
    return ModeSet(name, title, values, report.enabled, report.proven, left_out)


def speaks_of(demand: Demand, goals: Collection[str]) -> bool:
    """Whether any way of a demand has one of these goals."""
    return any(str(goal) in goals for way in demand.ways for goal in way)


def advised(profile: Profile, model: Model) -> list[Demand]:
    """What a profile recommends, as far as this kernel has the options."""
    from profiles.findings import Level
    from profiles.fulfil.demands import Asker, Demand, ways_of

    out = []
    for rule in profile.rules_for(model.version, model.arch):
        if rule.level == Level.RECOMMENDED:
            known = [way.wants for way in rule.alternatives if all(model.defined(want.symbol) for want in way.wants)]
            ways = ways_of(known, model) if known else ()
            if ways:
                out.append(Demand(Asker.NEED, f"{profile.name}/{rule.id}", ways, rule.why))
    return out


def compatible(reach: Reachable, wanted: Sequence[Demand]) -> tuple[list[Demand], list[Demand]]:
    """(what can be had together with the demands, in the order of the profile; the others)."""
    accepted: list[Demand] = []
    refused: list[Demand] = []
    if reach.with_more(wanted):  # as most often, so that they need not be asked for one by one
        return list(wanted), refused
    for demand in wanted:
        (accepted if reach.with_more([*accepted, demand]) else refused).append(demand)
    return accepted, refused
