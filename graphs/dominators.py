"""The options that every way to a mode passes, and two modes side by side.

A dominator of a mode is a symbol that is m or y in every configuration of the kernel that fulfils the mode's required
and forbidden rules, and that is not on in every configuration anyway. That is the solver's answer and exact: it counts
what a rule asks for, what that needs, what it selects, and what both sides of an alternative have in common.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from graphs.adjacency import predecessors
from graphs.build import build_graph, mode_key
from graphs.findings import CompareReport, CompareRow, Dominator, DominatorsReport
from graphs.kinds import EdgeKind
from graphs.nodes import NEEDS
from graphs.paths import PathSearch
from graphs.sets import Sets
from kcfg.base.errors import UserError
from kcfg.base.version import KernelUsed
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Model
from kcfg.solver.goals import check
from kcfg.solver.solver import Solver
from profiles import Profile
from profiles.fulfil.demands import Demand, goals_in, rule_demands

if TYPE_CHECKING:
    import networkx as nx


class Passed(NamedTuple):
    """What a mode passes on one kernel: symbols, besides those that are always on; or why it does not exist there."""

    why_not: str
    symbols: frozenset[int] = frozenset()
    always: frozenset[int] = frozenset()
    demands: tuple[Demand, ...] = ()


def asked_of(model: Model, profile: Profile) -> Passed:
    """What a mode demands of a kernel, or why it does not exist there."""
    fits, reason = profile.applicable(model.version, model.arch)
    if not fits:
        return Passed(reason)
    demands = tuple(rule_demands(profile, model))
    try:
        check(model, goals_in(demands))
    except UserError as error:  # a rule asks for a symbol that this kernel does not have
        return Passed(error.message)
    return Passed("", demands=demands)


def passed(sets: Sets, asked: Passed) -> Passed:
    """The dominators of a mode, as numbers of symbols. `asked`: what it demands; `sets` know these goals."""
    if asked.why_not:
        return asked
    assumed = sets.literals(asked.demands)
    found = sets.on(assumed)
    if not found and not sets.possible(assumed):
        return Passed("its rules contradict each other on this kernel")
    always = sets.on([], found)
    return Passed("", found - always, always, asked.demands)


def find_dominators(
    kernel: Kernel, solver: Solver, profile: Profile, *, version: str, graph: nx.MultiDiGraph | None = None
) -> DominatorsReport:
    """The dominators of one mode, each with the statement that leads to it. `graph`: one that has the mode, if there is
    any."""
    asked = asked_of(kernel.model, profile)
    found = passed(Sets(solver, goals_in(asked.demands)), asked)
    report = DominatorsReport(version=version, kernel=kernel.used, mode=profile.name, why_not=found.why_not)
    if found.why_not:
        return report
    if graph is None:
        graph = build_graph(kernel.model, profiles=[profile])
    return DominatorsReport(
        version=version,
        kernel=kernel.used,
        mode=profile.name,
        dominators=described(graph, kernel.model, profile, found),
        always=len(found.always),
    )


Lead = tuple[str, str, str]  # who leads to it, the place, the statement
NOBODY: Lead = ("", "", "")


def described(graph: nx.MultiDiGraph, model: Model, profile: Profile, found: Passed) -> tuple[Dominator, ...]:
    """Dominators in the order in which one leads to the next, from the mode outwards."""
    asked = {name for demand in found.demands for name in demand.symbols}
    names = {model.symbols[number].name for number in found.symbols}
    out = []
    for name, (needed_by, place, statement) in leads(graph, mode_key(profile.name), names).items():
        node = graph.nodes[name]
        out.append(
            Dominator(
                name=name,
                prompt=node["prompt"],
                asked=name in asked,
                roles=node["roles"],
                needed_by=needed_by.removeprefix("mode:"),
                place=place,
                statement=statement,
            )
        )
    return tuple(out)


def leads(graph: nx.MultiDiGraph, start: str, names: set[str]) -> dict[str, Lead]:
    """What leads to each of these nodes: a certain step from another one of them, else its own default, else a select
    under a condition."""
    search = PathSearch(graph, NEEDS)
    out: dict[str, Lead] = {}
    queue = deque([(start, False)])
    while True:
        while queue:
            state = queue.popleft()
            relations = search.relations(state)
            for other in sorted(relations):
                sure = [one for one in relations[other] if one.certain]
                if other in names and other not in out and sure:
                    edge = sure[0].as_edge()
                    out[other] = (state[0], edge.place, edge.statement)
                    queue.append((other, sure[0].kind == EdgeKind.SELECT))
        left = sorted(names - out.keys())
        if not left:
            return out
        name, lead = next(((one, lead) for one in left if (lead := by_itself(graph, one, names))), (left[0], NOBODY))
        out[name] = lead
        queue.append((name, False))


def by_itself(graph: nx.MultiDiGraph, name: str, names: set[str]) -> Lead | None:
    """A symbol's own default, or a select of another one of these nodes or of what is always on."""
    node = graph.nodes[name]
    if node["default"]:
        return "", node["places"][0], "its own default"
    selects = sorted(
        (source not in names, source, edge["place"], f"{edge['word']} {edge['text']}")
        for source, edges in predecessors(graph)[name].items()
        for edge in edges.values()
        if edge["kind"] == EdgeKind.SELECT
    )
    return selects[0][1:] if selects else None


def compare(kernels: Sequence[tuple[Kernel, Solver]], left: Profile, right: Profile, *, version: str) -> CompareReport:
    """What two modes have in common and what only one of them has, on each kernel."""
    prompts: set[str] = set()
    rows = []
    for kernel, solver in kernels:
        row = compared(kernel.used, solver, left, right)
        rows.append(row)
        for name in (*row.shared, *row.only_left, *row.only_right):
            if has_prompt(kernel.model, name):
                prompts.add(name)
    return CompareReport(
        version=version, left=left.name, right=right.name, rows=tuple(rows), prompts=tuple(sorted(prompts))
    )


def compared(used: KernelUsed, solver: Solver, left: Profile, right: Profile) -> CompareRow:
    """Two modes on one kernel."""
    asked = [asked_of(solver.model, one) for one in (left, right)]
    sets = Sets(solver, goals_in(demand for one in asked for demand in one.demands))
    ours, theirs = (passed(sets, one) for one in asked)
    together: bool | None = None
    if not ours.why_not and not theirs.why_not:
        together = sets.possible([*sets.literals(ours.demands), *sets.literals(theirs.demands)])

    def names(numbers: Iterable[int]) -> tuple[str, ...]:
        return tuple(sorted(sets.model.symbols[number].name for number in numbers))

    return CompareRow(
        kernel=used,
        left_why=ours.why_not,
        right_why=theirs.why_not,
        together=together,
        shared=names(ours.symbols & theirs.symbols),
        only_left=names(ours.symbols - theirs.symbols),
        only_right=names(theirs.symbols - ours.symbols),
    )


def has_prompt(model: Model, name: str) -> bool:
    """Whether a user can set a symbol in some configuration, going by its definitions."""
    symbol = model.defined(name)
    return symbol is not None and any(model.definitions[d].prompt is not None for d in symbol.definitions)
