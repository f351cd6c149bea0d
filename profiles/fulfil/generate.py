"""The smallest configuration that fulfils demands, with its proof; what is known of it is a `Generated`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import msgspec

from kcfg.answers.explain import core_lines
from kcfg.kbuild.condition import Condition
from kcfg.kconfig.dotconfig import dotconfig
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.results import Core, Goal, Proof, Smallest
from kcfg.solver.smallest import keepable, smallest
from kcfg.solver.solver import Solver
from profiles import Profile
from profiles.fulfil.causes import Warned, WarnedKind, left_on
from profiles.fulfil.demands import Asker, Demand, core_without, not_there
from profiles.fulfil.generated import (
    Generated,
    GenerateReport,
    OwnedLine,
    Passed,
    Trial,
    idle_symbols,
    owned_lines,
    reasons,
)
from profiles.fulfil.repair import split_demands
from profiles.fulfil.verify import default_texts, resolved, verify

SWITCHES = ("EXPERT", "DEBUG_KERNEL", "PARTITION_ADVANCED")  # known to be turned on only to turn others off
ROUNDS = 8  # for those that are not known; two are usual
LATE = 3.0  # seconds after the time is over in which a round without a proof still begins


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How to generate: see `kcfg generate --help`. `modules`: None lets the solver choose."""

    minimise: str = "symbols"
    expert: bool = False
    modules: bool | None = None
    timeout: float = 60.0


def generate(
    kernel: Kernel,
    solver: Solver,
    profile: Profile,
    demands: Sequence[Demand],
    options: Options,
    version: str,
    *,
    objects: Mapping[Condition, int] | None = None,
    within: frozenset[str] | None = None,
    lines_before: int = 0,
    conf: Kernel | None = None,
) -> Generated:
    """The smallest configuration with all demands; `within`: only these bools and tristates may be on.

    `conf`: the kernel whose own conf is to keep the result as well.

    Raises CannotEvaluate where the result does not pass its own verification: nothing unverified is given away.
    """
    start = time.perf_counter()
    model = kernel.model
    report = GenerateReport(
        version=version, kernel=kernel.used, profile=profile.name, cost=options.minimise, lines_before=lines_before
    )
    if options.modules and not any("MODULES" in demand.symbols for demand in demands):
        demands = [*demands, Demand(Asker.REQUIRE, "", ((Goal("MODULES", "y"),),), "--modules")]
    absent = not_there(demands, model)
    if absent:
        return Generated(nowhere(report, absent, model))
    given = policy(model, options, demands, within is not None)
    warnings: list[Warned] = []
    if within is not None:
        texts = (symbol.name for symbol in model.symbols if symbol.type > Type.TRISTATE)
        demands, lacking, dropped = reachable(demands, within.union(texts))
        if lacking:
            return Generated(unreachable(report, lacking, time.perf_counter() - start))
        warnings += [Warned(WarnedKind.NOT_KEPT, one) for one in dropped]
        given += [Goal(name, "n") for name in choosable(model) if name not in within]
    question = GenerateQuestion(solver, demands, options, objects, start + options.timeout)
    best = without_tricks(question, given)
    if isinstance(best, Core) and within is None:
        best = without_switches(question, given, best)
    if isinstance(best, Core):
        return Generated(impossible(report, best, time.perf_counter() - start, demands))
    found, resolver, owned = best.found, best.resolver, best.owned
    verified = verify(kernel, profile, resolver, found, demands)
    if conf is not None:
        from kcfg.kconfig.conf import keeps

        keeps(conf, dotconfig(model, resolver.lines()))
        verified = (*verified, Passed(Trial.CONF))
    proof = best.proof
    if proof.out_of_time and proof.cost != proof.bound:
        warnings.append(Warned(WarnedKind.NOT_PROVEN, cost=proof.cost, bound=proof.bound, seconds=options.timeout))
    report = msgspec.structs.replace(
        report,
        optimum=proof.cost,
        bound=proof.bound,
        proven=proof.proven,
        out_of_time=proof.out_of_time,
        enabled=found.configuration.enabled,
        owned=owned,
        symbols=tuple(reasons(resolver, demands, owned)),
        verified=verified,
        expert_optimum=expert_saving(best.question) if within is None and proof.proven else 0,
        kept_off=tuple(goal.symbol for goal in best.given if kept_off(goal)) if within is None else (),
        warnings=(*warnings, *best.warnings),
        seconds=time.perf_counter() - start,
    )
    return Generated(report, resolver)


class GenerateQuestion(NamedTuple):
    """What is asked of the solver, and until when (of `time.perf_counter`)."""

    solver: Solver
    demands: Sequence[Demand]
    options: Options
    objects: Mapping[Condition, int] | None
    deadline: float

    @property
    def left(self) -> float:
        return self.deadline - time.perf_counter()

    def smallest(self, given: Sequence[Goal], bound: int | None = None) -> Smallest | Core:
        """Demands with one way are goals, the others are alternatives. `bound`: see `smallest`."""
        goals, either = split_demands(self.demands)
        return smallest(
            self.solver,
            goals,
            given=given,
            either=either,
            objective=self.options.minimise,
            objects=self.objects,
            timeout=max(self.left, 0.0),
            bound=bound,
        )

    def keepable(self, wishes: Sequence[Goal], given: Sequence[Goal]) -> list[Goal] | None:
        """The wishes that the demands admit; see `keepable`."""
        goals, either = split_demands(self.demands)
        return keepable(self.solver, goals, wishes, given=given, either=either)


class Best(NamedTuple):
    """The answer to a question, and what had to stay off for it."""

    question: GenerateQuestion
    found: Smallest
    resolver: Resolver
    owned: tuple[OwnedLine, ...]
    given: Sequence[Goal]
    warnings: tuple[Warned, ...]

    @property
    def proof(self) -> Proof:
        """What may be said of it: where something is still on only to turn others off, that it is no proof."""
        found = self.found.proof
        late = any(one.seconds for one in left_on(self.warnings))
        return replace(found, out_of_time=found.out_of_time or late, keeps=not left_on(self.warnings))


def without_tricks(question: GenerateQuestion, given: Sequence[Goal]) -> Best | Core:
    """The smallest configuration in which nothing is on only to turn others off, unless EXPERT is allowed.

    What cannot be off without making the demands impossible stays. So does what the time, or so many rounds, do not
    suffice for: then it is told, and nothing is proven.
    """
    found = question.smallest(given)
    if isinstance(found, Core):
        return found
    needed: set[str] = set()
    for turn in range(ROUNDS + 1):
        resolver = resolved(question.solver, found)
        idle = [] if question.options.expert else idle_symbols(resolver, question.demands)
        tricks = [Goal(name, "n") for name in idle if name not in needed]
        if not tricks or question.left < -LATE or turn == ROUNDS:
            break
        bound = found.proof.bound if found.proof.out_of_time or question.left <= 0 else None
        other = question.smallest([*given, *tricks], bound)
        if isinstance(other, Core) and len(tricks) > 1:
            tricks = tricks[:1]
            other = question.smallest([*given, *tricks], bound)
        if isinstance(other, Core):
            needed.add(tricks[0].symbol)
        else:
            found, given = other, [*given, *tricks]
    late = question.options.timeout if tricks and question.left <= 0 else 0.0
    resolver = default_texts(resolver, question.demands)
    owned = owned_lines(resolver, question.demands)
    idle = [] if question.options.expert else [one.symbol for one in owned if one.idle]
    left, stay = [[name for name in idle if (name in needed) is known] for known in (False, True)]
    warnings = [Warned(WarnedKind.TRICKS, symbols=tuple(stay))] if stay else []
    warnings += [Warned(WarnedKind.TRICKS_LEFT, symbols=tuple(left), seconds=late)] if left else []
    return Best(question, found, resolver, owned, given, tuple(warnings))


def without_switches(question: GenerateQuestion, given: Sequence[Goal], core: Core) -> Best | Core:
    """The answer where `core` says that it is impossible: those of SWITCHES are on that the demands need.

    Where the demands contradict each other by themselves, the core of that.
    """
    off = [goal for goal in given if goal.is_off and goal.symbol in SWITCHES]
    others = [goal for goal in given if goal not in off]
    kept = question.keepable(off, others) if off else None
    if kept is None:
        other = question.smallest(others) if set(off) & set(core.goals) else core
        return other if isinstance(other, Core) else core
    best = without_tricks(question, [*others, *kept])
    if isinstance(best, Core):
        return best
    on = tuple(goal.symbol for goal in off if goal not in kept)
    alone = len(on) == 1 and Goal(on[0], "n") in core.goals  # of several a core does not say which needs which
    asked = ", ".join(str(goal) for goal in core.goals if goal not in given) if alone else ""
    return best._replace(warnings=(Warned(WarnedKind.NEEDED, symbols=on, goal=asked), *best.warnings))


def choosable(model: Model) -> list[str]:
    """The options that a person can turn on; the others follow, and may be on where they were off before."""
    return [
        symbol.name
        for symbol in model.symbols
        if symbol.type in (Type.BOOL, Type.TRISTATE)
        and any(model.definitions[d].prompt is not None for d in symbol.definitions)
    ]


def reachable(demands: Sequence[Demand], within: frozenset[str]) -> tuple[list[Demand], list[Demand], list[Demand]]:
    """(demands that a part of a configuration can fulfil, those that it cannot, essentials that it does without).

    `within`: the symbols that may have another value than n.
    """
    kept: list[Demand] = []
    lacking: list[Demand] = []
    dropped: list[Demand] = []
    for demand in demands:
        ways = tuple(way for way in demand.ways if all(goal.is_off or goal.symbol in within for goal in way))
        if ways:
            kept.append(msgspec.structs.replace(demand, ways=ways))
        else:
            (dropped if demand.kind is Asker.ESSENTIAL else lacking).append(demand)
    return kept, lacking, dropped


def unreachable(report: GenerateReport, lacking: Sequence[Demand], seconds: float) -> GenerateReport:
    """The report of a configuration that lacks what is demanded, so that no part of it will do."""
    return msgspec.structs.replace(
        report,
        possible=False,
        core_goals=tuple(map(str, lacking)),
        warnings=tuple(Warned(WarnedKind.LACKING, one) for one in lacking),
        seconds=seconds,
    )


def nowhere(report: GenerateReport, absent: Sequence[Demand], model: Model) -> GenerateReport:
    """The report of rules whose symbols the kernel does not have."""
    return msgspec.structs.replace(
        report,
        possible=False,
        core=core_without(absent, model),
        core_goals=tuple(map(str, absent)),
        warnings=tuple(Warned(WarnedKind.NOWHERE, one) for one in absent),
    )


def kept_off(goal: Goal) -> bool:
    """Whether a goal of the policy keeps off what would only turn others off."""
    return goal.is_off and goal.symbol != "MODULES"


def out_of_range(
    kernel: Kernel, solver: Solver | None, profile: Profile, goals: Sequence[Goal], reason: str, version: str
) -> GenerateReport:
    """The report of a profile that does not exist for a kernel, with the core of what contradicts it there.

    `solver`: None where the profile names no goals.
    """
    report = GenerateReport(
        version=version, kernel=kernel.used, profile=profile.name, warnings=(Warned(WarnedKind.NOT_HERE, text=reason),)
    )
    answer = solver.possible(goals) if solver is not None else None
    if isinstance(answer, Core):
        return impossible(report, answer, answer.seconds)
    return msgspec.structs.replace(report, possible=False, core_goals=(profile.name,))


def policy(model: Model, options: Options, demands: Sequence[Demand], part: bool = False) -> list[Goal]:
    """What stays off by the options, unless a demand speaks of it.

    A part of a configuration may have to keep its EXPERT, so there only what `without_tricks` finds is turned off.
    """
    asked = {name for demand in demands for name in demand.symbols}
    out = []
    if not options.expert and not part:
        out += [Goal(name, "n") for name in SWITCHES if model.defined(name) and name not in asked]
    if options.modules is False and model.defined("MODULES") and "MODULES" not in asked:
        out.append(Goal("MODULES", "n"))
    return out


def expert_saving(question: GenerateQuestion) -> int:
    """What the optimum would be with EXPERT; 0 when EXPERT is allowed already or the time does not suffice."""
    if question.options.expert or not question.solver.model.defined("EXPERT") or question.left <= 0:
        return 0
    allowed = msgspec.structs.replace(question.options, expert=True)
    found = question.smallest(policy(question.solver.model, allowed, question.demands))
    return found.proof.cost if isinstance(found, Smallest) and found.proof.proven else 0


def impossible(report: GenerateReport, core: Core, seconds: float, demands: Sequence[Demand] = ()) -> GenerateReport:
    """The report of demands that contradict each other; its warnings say who asks for each goal."""
    asked = {goal: demand for demand in reversed(demands) for way in demand.ways for goal in way}
    return msgspec.structs.replace(
        report,
        possible=False,
        core=core_lines(core),
        core_goals=tuple(map(str, core.goals)),
        warnings=(
            *report.warnings,
            *(Warned(WarnedKind.CONTRADICTED, asked[goal], str(goal)) for goal in core.goals if goal in asked),
        ),
        seconds=seconds,
    )
