"""What a symbol needs: the cone of statements below it, and the minimal sets of lines that turn it on."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import msgspec

from graphs.findings import ConeNode, NeedsReport
from graphs.influence import Influence
from graphs.kinds import EdgeKind
from graphs.nodes import NEEDS, Relation, find_node
from graphs.paths import PathSearch
from graphs.sets import Sets
from graphs.ways import MAX_WAYS, Minimal
from kcfg.answers.explain import core_lines
from kcfg.answers.facts import Reason, ReasonKind
from kcfg.base.errors import UserError
from kcfg.kconfig.model import Type
from kcfg.solver.results import Core, Goal
from kcfg.solver.solver import Solver

if TYPE_CHECKING:
    import networkx as nx

    from kcfg.answers.judge import Judge

MAX_DEPTH = 3


def find_needs(
    graph: nx.MultiDiGraph,
    judge: Judge,
    solver: Solver,
    name: str,
    *,
    version: str,
    depth: int = MAX_DEPTH,
    limit: int = MAX_WAYS,
) -> NeedsReport:
    """The cone below a bool or tristate, `depth` steps deep, and its ways. UserError for what is no such symbol."""
    node = find_node(graph, name)
    number = judge.number(node)
    if number is None or judge.model.symbols[number].type not in (Type.BOOL, Type.TRISTATE):
        raise UserError(f"{name} is no bool or tristate of this kernel", hint="only those can be on")
    sets, index = Sets(solver), judge.model.index
    assumed = [solver.encoding.enabled[number]]
    common = sets.on(assumed) - {number}
    around = [index[one] for one in reachable(graph, node, depth) if one in index]
    always = sets.on([], {*around, *common})
    names = judge.model.symbols
    report = NeedsReport(
        version=version,
        kernel=judge.kernel.used,
        symbol=node,
        cone=cone(graph, node, depth, {names[one].name for one in always}, never(graph, sets, around)),
        common=tuple(sorted(names[one].name for one in common - always)),
    )
    if not sets.possible(assumed):
        return msgspec.structs.replace(report, core=why_never(solver, node))
    causes = {one for one in Influence(judge.model).on([number]) if one < len(names)}
    near = {index[one] for one in reachable(graph, node) if one in index}
    near |= {-1 - choice for member, choice in judge.model.choice_of.items() if member in near}
    ways, complete = Minimal(solver, causes).ways(number, near, limit)
    return msgspec.structs.replace(report, ways=tuple(ways), complete=complete)


def why_never(solver: Solver, name: str, value: str = "enabled") -> tuple[Reason, ...]:
    """The statements that forbid a value, as a person follows them."""
    goal = Goal(name, value)
    answer = solver.possible([goal])
    if not isinstance(answer, Core):
        return ()
    lines = core_lines(answer)
    return tuple(
        Reason(ReasonKind(line.outside or "core"), line.where, symbol=line.symbol, note=line.text) for line in lines
    )


def never(graph: nx.MultiDiGraph, sets: Sets, among: Iterable[int]) -> set[str]:
    """Those that are on in no configuration, and what nobody defines."""
    names = sets.model.symbols
    among = list(among)
    dead = {names[one].name for one in sets.off([], among)}
    return dead | {names[one].name for one in among if not names[one].definitions}


def reachable(graph: nx.MultiDiGraph, node: str, depth: int = sys.maxsize) -> set[str]:
    """Everything that a node leads to along its needs, in at most so many steps."""
    search = PathSearch(graph, NEEDS)
    first = (node, False)
    levels = {first: 0}
    queue = deque([first])
    while queue:
        state = queue.popleft()
        if levels[state] < depth:
            for other in search.following(state):
                if other not in levels:
                    levels[other] = levels[state] + 1
                    queue.append(other)
    return {one for one, _ in levels}


def cone(
    graph: nx.MultiDiGraph, start: str, depth: int, always: Collection[str], dead: Collection[str]
) -> tuple[ConeNode, ...]:
    """What a node needs, nearest first. What is on in every configuration, or in none, is told and not followed."""
    search = PathSearch(graph, NEEDS)
    out: dict[str, ConeNode] = {}
    certain = {start}
    queue = deque([((start, False), 0)])
    while queue:
        state, level = queue.popleft()
        if level == depth:
            continue
        node = state[0]
        ahead = dict(search.following(state))
        for other, relations in sorted(search.relations(state).items()):
            best = min(relations, key=rank)
            if best.edge["sign"] < 0 or other == start:
                continue
            sure = node in certain and best.certain and not state[1]
            if other in out and not (sure and not out[other].certain):
                continue
            if sure and best.kind != EdgeKind.SELECT:
                certain.add(other)
            edge = best.as_edge()
            level_here = out[other].depth if other in out else level + 1
            out[other] = ConeNode(
                name=other,
                depth=level_here,
                certain=sure,
                prompt=graph.nodes[other]["prompt"],
                state="always" if other in always else "never" if other in dead else "",
                needed_by=node,
                place=edge.place,
                statement=edge.statement,
            )
            if other not in always and other not in dead:
                queue.append(((other, ahead[other]), level_here))
    return tuple(sorted(out.values(), key=lambda one: (one.depth, not one.certain, one.name)))


def rank(relation: Relation) -> tuple[bool, bool]:
    """The statement that says most comes first."""
    return not relation.certain, relation.kind == EdgeKind.SELECT
