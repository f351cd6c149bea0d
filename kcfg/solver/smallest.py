"""The smallest configuration with all goals."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping, Sequence

from kcfg.base.errors import UserError
from kcfg.kbuild.condition import Condition
from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.clauses import FALSE
from kcfg.solver.encode import Encoder
from kcfg.solver.objectives import object_literals
from kcfg.solver.results import Alternatives, Core, DriftError, Goal, Proof, Smallest, all_goals
from kcfg.solver.sat import Minimum, Sat, SatProblem, improve, minimise, split
from kcfg.solver.solver import Solver

TRIED_WAYS = 16  # combinations of alternatives that are tried for a reason

Named = tuple[list[list[int]], int]
"""Clauses that name things on top of an encoding, and the highest variable: a question's own count."""


def smallest(
    solver: Solver,
    goals: Sequence[Goal],
    *,
    given: Sequence[Goal] = (),
    either: Sequence[Alternatives] = (),
    objective: str = "symbols",
    expert: bool = True,
    modules: bool = True,
    timeout: float = 60.0,
    objects: Mapping[Condition, int] | None = None,
    bound: int | None = None,
) -> Smallest | Core:
    """The configuration with all goals and the fewest enabled symbols, or `prompts` (enabled and visible ones).

    `given` is assumed besides. Of each of `either`, one way has to hold, all its goals. `objects` replaces the
    objective: condition -> how many object files are built under it; those that nobody can tell cost nothing.
    Without `expert` or `modules`, EXPERT or MODULES is n. `bound`: none costs less, as is known already; then no proof
    is sought, only a configuration of which nothing that costs can be left out alone.
    """
    start = time.perf_counter()
    forbidden = [name for name, allowed in (("EXPERT", expert), ("MODULES", modules)) if not allowed]
    given = [*given, *(Goal(name, "n") for name in forbidden if solver.model.defined(name))]
    solver = solver.for_goals(all_goals([*goals, *given], either))
    failed = solver.reason(goals, given, start)
    if failed is not None:
        return failed
    units = solver.all_literals([*goals, *given])
    named, soft = costs(solver, objective, objects)
    literals = {goal: solver.literals(goal) for goal in all_goals((), either)}
    clauses, variables = alternatives(literals, either, named)
    soft, scale = prefer_default_members(solver, soft)
    left = max(1.0, timeout - (time.perf_counter() - start))
    problem = SatProblem([*solver.clauses, *clauses], variables, units, soft)
    found = minimise(problem, left) if bound is None else improve(problem, bound * scale, time.monotonic() + left)
    if found is None:
        return without_way(solver, goals, given, either)
    proof = Proof(found.cost // scale, found.bound // scale, found.out_of_time)
    if objects is not None:
        left = max(1.0, timeout - (time.perf_counter() - start))
        found = with_few_symbols(solver, found, problem, left)
    configuration = solver.values(found.model)
    found.close()
    return Smallest(configuration, proof, time.perf_counter() - start)


def with_few_symbols(solver: Solver, found: Minimum, problem: SatProblem, timeout: float) -> Minimum:
    """Of the configurations that build no object file which this one does not, one with the fewest symbols."""
    true = set(found.model)
    stay = [literal for literal in problem.soft if literal in true]
    _, few = costs(solver, "symbols", None)
    few, _ = prefer_default_members(solver, few)
    second = minimise(problem._replace(units=[*problem.units, *stay], soft=few), timeout)
    return found if second is None else second


def keepable(
    solver: Solver,
    goals: Sequence[Goal],
    wishes: Sequence[Goal],
    *,
    given: Sequence[Goal] = (),
    either: Sequence[Alternatives] = (),
) -> list[Goal] | None:
    """The wishes that can be had together beside the goals, the first before others; None: the goals are impossible."""
    solver = solver.for_goals(all_goals([*goals, *given, *wishes], either))
    literals = {goal: solver.literals(goal) for goal in all_goals((), either)}
    clauses, variables = alternatives(literals, either, ([], solver.encoding.variables))
    sat = Sat([*solver.clauses, *clauses], variables)
    units = solver.all_literals([*goals, *given])
    possible = sat.holds(units)
    kept = []
    for wish in wishes if possible else ():
        wanted = [*units, *solver.literals(wish)]
        if sat.holds(wanted):
            kept.append(wish)
            units = wanted
    sat.close()
    return kept if possible else None


def alternatives(literals: Mapping[Goal, Sequence[int]], either: Sequence[Alternatives], named: Named) -> Named:
    """More names: one way of each of `either` is chosen. `literals`: what is true where a goal is reached."""
    clauses, variables = list(named[0]), named[1]
    for ways in either:
        choosers = list(range(variables + 1, variables + 1 + len(ways)))
        variables += len(ways)
        clauses.append(choosers)
        for chooser, way in zip(choosers, ways, strict=True):
            clauses += [[-chooser, literal] for goal in way for literal in literals[goal]]
    return clauses, variables


def without_way(solver: Solver, goals: Sequence[Goal], given: Sequence[Goal], either: Sequence[Alternatives]) -> Core:
    """Why no choice among alternatives is possible: the core of the last that was tried."""
    core: Core | None = None
    for chosen in itertools.islice(itertools.product(*either), TRIED_WAYS):
        answer = solver.possible([*goals, *(goal for way in chosen for goal in way)], given)
        if isinstance(answer, Core):
            core = answer
    if core is None:
        raise DriftError("the goals are possible and impossible")
    return core


def prefer_default_members(solver: Solver, soft: dict[int, int]) -> tuple[dict[int, int], int]:
    """(soft literals, scale): among the best, one whose choices are at their defaults; costs are times `scale`."""
    choices = solver.model.choices
    scale = sum(len(choice.members) for choice in choices) + 1
    scaled = {literal: weight * scale for literal, weight in soft.items()}
    base = solver.resolve(UserValues(), {})
    for number, choice in enumerate(choices):
        if choice.members:
            usual = first_default(base, number)
            for member in choice.members:
                literal = -solver.encoding.enabled[member]
                if member != usual and literal < -1:
                    scaled[literal] = scaled.get(literal, 0) + 1
    return scaled, scale


def first_default(base: Resolver, choice: int) -> int:
    """The member that a choice will take once it is visible, going by its first default."""
    model = base.model
    for d in model.choices[choice].definitions:
        for default in model.definitions[d].defaults:
            if base.expr(default.cond):
                return model.exprs[default.value].args[0]
    return model.choices[choice].members[0]


def costs(solver: Solver, objective: str, objects: Mapping[Condition, int] | None) -> tuple[Named, dict[int, int]]:
    """(names, soft literals with weights): what is to be few."""
    enabled = solver.encoding.enabled
    if objects is not None:
        encoder = Encoder.resume(solver.model, solver.encoding)
        soft = object_literals(encoder, objects)
        return (split(encoder.out.flat()), encoder.out.variables), soft
    on = [number for number in range(len(solver.model.symbols)) if enabled[number] > 1]
    if objective == "symbols":
        return ([], solver.encoding.variables), {-enabled[number]: 1 for number in on}
    if objective != "prompts":
        raise UserError(f"no objective {objective!r}", hint="symbols or prompts")
    encoder = Encoder.resume(solver.model, solver.encoding)
    soft = {}
    for number in on:
        owned = encoder.out.both(encoder.visibility(number)[0], enabled[number])
        if owned != FALSE:
            soft[-owned] = soft.get(-owned, 0) + 1
    return (split(encoder.out.flat()), encoder.out.variables), soft
