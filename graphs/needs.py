"""What a symbol needs: the cone of statements below it, and the minimal sets of lines that turn it on."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import msgspec

from graphs.findings import ConeNode, NeedsReport
from graphs.nodes import NEEDS, Relation, find_node
from graphs.paths import Search
from graphs.sets import Sets
from graphs.ways import MAX_WAYS, Minimal
from kcfg.errors import UserError
from kcfg.explain import core_lines
from kcfg.findings import Reason
from kcfg.model import Type
from kcfg.solve import Core, Goal, Solver

if TYPE_CHECKING:
    import networkx as nx

    from kcfg.check import Judge

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
    sets = Sets(solver)
    report = NeedsReport(version=version, kernel=judge.kernel.used, symbol=node, cone=cone(graph, sets, node, depth))
    assumed = [solver.encoding.enabled[number]]
    common = sets.on(assumed) - sets.always - {number}
    if not sets.possible(assumed):
        return NeedsReport(
            version=version, kernel=judge.kernel.used, symbol=node, cone=report.cone, core=why_never(solver, node)
        )
    near = {judge.model.index[one] for one in reachable(graph, node) if one in judge.model.index}
    near |= {-1 - choice for member, choice in judge.model.choice_of.items() if member in near}
    ways, complete = Minimal(solver).ways(number, near, limit)
    return NeedsReport(
        version=version,
        kernel=judge.kernel.used,
        symbol=node,
        cone=report.cone,
        ways=tuple(ways),
        complete=complete,
        common=tuple(sorted(judge.model.symbols[one].name for one in common)),
    )


def why_never(solver: Solver, name: str, value: str = "enabled") -> tuple[Reason, ...]:
    """The statements that forbid a value, as a person follows them."""
    goal = Goal(name, value)
    answer = solver.possible([goal])
    if not isinstance(answer, Core):
        return ()
    lines = core_lines(answer.lines, answer.goals)
    return tuple(Reason(f"{line.symbol or 'block'}: {line.text}", line.outside or "core", line.where) for line in lines)


def reachable(graph: nx.MultiDiGraph, node: str) -> set[str]:
    """Everything that a node leads to along its needs."""
    search = Search(graph, NEEDS)
    seen = {(node, False)}
    queue = deque(seen)
    while queue:
        for other in search.following(queue.popleft()):
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return {one for one, _ in seen}


def cone(graph: nx.MultiDiGraph, sets: Sets, start: str, depth: int) -> tuple[ConeNode, ...]:
    """What a node needs, nearest first. What is on in every configuration is told and not followed."""
    search = Search(graph, NEEDS)
    index = sets.model.index
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
            always = index.get(other) in sets.always
            if sure and best.kind != "select":
                certain.add(other)
            edge = best.as_edge()
            known = other in out
            out[other] = ConeNode(
                name=other,
                depth=out[other].depth if known else level + 1,
                certain=sure,
                prompt=graph.nodes[other]["prompt"],
                state="always" if always else "",
                needed_by=node,
                place=edge.place,
                statement=edge.statement,
            )
            if not always:
                queue.append(((other, ahead[other]), out[other].depth))
    dead = sets.off([], [index[name] for name in out if name in index])
    never = {sets.model.symbols[number].name for number in dead}
    never |= {name for name in out if graph.nodes[name]["type"] == "unknown"}
    found = [msgspec.structs.replace(one, state="never") if one.name in never else one for one in out.values()]
    return tuple(sorted(found, key=lambda one: (one.depth, not one.certain, one.name)))


def rank(relation: Relation) -> tuple[bool, bool]:
    """The statement that says most comes first."""
    return not relation.certain, relation.kind == "select"
