"""Which part of the graph the picture shows: the options that speak of the chosen modes, and what stands between them.

    mode     the modes themselves
    rule     what a rule of a mode names: required, recommended or to be off
    gate     what those need in every way, unless it is on anyway
    follows  what those select, or what has no prompt, needs one of them and is on by default; it plays a part under Xen

"On anyway" is what stays on when every prompt is answered with n, as `make allnoconfig` does: such a gate (X86_64)
keeps nobody from anything. Where this gives more nodes than `LIMIT`, what follows is left out, the farthest first, and
then the gates; the view says how many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from graphs.build import build_graph, mode_key
from graphs.kinds import EdgeKind, NodeKind
from kcfg.kconfig.model import Model, Type
from profiles.findings import Level
from profiles.schema import Profile

if TYPE_CHECKING:
    import networkx as nx

    from kcfg.kconfig.resolve import Resolver

LIMIT = 79
"""Nodes of a view at most."""

NEEDS = ("depends", "choice")
LEVELS = tuple(level.value for level in Level)
"""Strongest first."""


class EdgeStatement(msgspec.Struct, frozen=True):
    """The line that states an edge: "arch/x86/xen/Kconfig:90", "depends on", the expression."""

    place: str
    word: str
    text: str


class ViewLink(msgspec.Struct, frozen=True, kw_only=True):
    """An edge of the view; edges of one kind and sign between two nodes are one.

    `kind` is an edge's kind in the graph, but a mode's edges have their level: required, forbidden, recommended.
    `implied`: it follows from other edges of the view, so that a picture without it says the same.
    """

    source: str
    target: str
    kind: str
    sign: int
    alternative: bool
    statements: tuple[EdgeStatement, ...]
    implied: bool = False

    @property
    def key(self) -> tuple[str, str, str, int]:
        return self.source, self.target, self.kind, self.sign


class ViewNode(msgspec.Struct, frozen=True, kw_only=True):
    """A node of the view. `part` is mode, rule, gate or follows; `levels` is mode -> (level, sign).

    `value` is a configuration's, "" without one.
    """

    key: str
    label: str
    part: str
    prompt: bool
    roles: tuple[str, ...]
    levels: Mapping[str, tuple[str, int]]
    title: str = ""
    value: str = ""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What the picture of one kernel shows. `left_out`: nodes that would belong to it and were too many. `rules`: the
    version whose rules the modes have there, where it is not the kernel's own.
    """

    version: str
    arch: str
    modes: tuple[str, ...]
    nodes: tuple[ViewNode, ...]
    links: tuple[ViewLink, ...]
    left_out: int = 0
    rules: str = ""

    @property
    def rules_version(self) -> str:
        """The version whose rules the modes have."""
        return self.rules or self.version


def view_of(
    model: Model,
    profiles: Iterable[Profile],
    *,
    resolver: Resolver | None = None,
    limit: int = LIMIT,
    extra: Iterable[str] = (),
    rules: str = "",
) -> View:
    """The view of a kernel for the modes of these profiles; `extra` names symbols to show as gates in any case.
    `rules`: the version whose rules count, the model's unless given.

    Nodes have values where a resolver has a configuration.
    """
    profiles = tuple(profiles)
    graph = build_graph(model, resolver=resolver, profiles=profiles, rules=rules)
    modes = tuple(profile.name for profile in profiles)
    parts: dict[str, str] = {mode_key(mode): "mode" for mode in modes}
    ruled = [target for key in parts for target in dict.fromkeys(graph.successors(key))]
    parts |= dict.fromkeys(ruled, "rule")
    parts |= {name: "gate" for name in extra if name in graph and name not in parts}
    gates = gates_of(graph, list(parts), on_anyway(model))
    room = limit - len(parts)
    parts |= dict.fromkeys(gates[: max(room, 0)], "gate")
    left_out = max(len(gates) - max(room, 0), 0)
    following = followers(graph, list(parts))
    room = limit - len(parts)
    parts |= dict.fromkeys(following[: max(room, 0)], "follows")
    left_out += max(len(following) - max(room, 0), 0)
    links = reduced(links_of(graph, parts))
    nodes = tuple(node_of(graph, key, part, modes, links) for key, part in parts.items())
    return View(
        version=model.version, arch=model.arch, modes=modes, nodes=nodes, links=links, left_out=left_out, rules=rules
    )


def view_of_graph(graph: nx.MultiDiGraph) -> View:
    """A graph as it is as a view: modes, what their rules name (without modes: what has a prompt), and the rest."""
    modes = tuple(key.partition(":")[2] for key, it in graph.nodes(data=True) if it["kind"] == NodeKind.MODE)
    named = {target for mode in modes for target in graph.successors(mode_key(mode))}
    parts = {}
    for key, it in graph.nodes(data=True):
        first = key in named if modes else it["prompt"]
        parts[key] = (
            "mode" if it["kind"] == NodeKind.MODE else "rule" if first else "gate" if it["prompt"] else "follows"
        )
    links = reduced(links_of(graph, parts))
    nodes = tuple(node_of(graph, key, part, modes, links) for key, part in parts.items())
    return View(version=graph.graph["version"], arch=graph.graph["arch"], modes=modes, nodes=nodes, links=links)


def on_anyway(model: Model) -> frozenset[str]:
    """The symbols that are on when every prompt is answered with n, but for those that allnoconfig itself sets to y."""
    from kcfg.kconfig.assign import UserValues
    from kcfg.kconfig.resolve import Resolver

    user = UserValues()
    for number, symbol in enumerate(model.symbols):
        if symbol.type in (Type.BOOL, Type.TRISTATE) and number not in model.choice_of:
            user.tri[number] = 2 if symbol.flags & Model.ALLNOCONFIG_Y else 0
    resolver = Resolver(model, user, model.answers)
    return frozenset(one.name for n, one in enumerate(model.symbols) if one.definitions and resolver.tri(n))


def gates_of(graph: nx.MultiDiGraph, start: list[str], anyway: frozenset[str]) -> list[str]:
    """What the nodes need in every way and that is not on anyway, nearest first, without the nodes themselves."""
    found: dict[str, None] = {}
    todo = list(start)
    for name in todo:
        for _, target, it in graph.out_edges(name, data=True):
            if (
                it["kind"] in NEEDS
                and it["sign"] > 0
                and not it["alternative"]
                and target not in anyway
                and target not in found
                and target not in start
            ):
                found[target] = None
                todo.append(target)
    return list(found)


def followers(graph: nx.MultiDiGraph, start: list[str]) -> list[str]:
    """What the nodes select, or what comes by default with them, and has a role under Xen; nearest first."""
    known = set(start)
    found: dict[str, None] = {}
    todo = [name for name in start if graph.nodes[name]["kind"] != NodeKind.MODE]
    for name in todo:
        near = [target for _, target, it in graph.out_edges(name, data=True) if it["kind"] == EdgeKind.SELECT]
        near += [
            source
            for source, _, it in graph.in_edges(name, data=True)
            if it["kind"] in (EdgeKind.DEPENDS, EdgeKind.DEFAULT) and not it["alternative"] and it["sign"] > 0
            if by_default(graph, source)
        ]
        for other in near:
            if graph.nodes[other]["roles"] and other not in known:
                known.add(other)
                found[other] = None
                todo.append(other)
    return list(found)


def by_default(graph: nx.MultiDiGraph, name: str) -> bool:
    """Whether a symbol has no prompt and nobody selects it, so that only a default turns it on."""
    selected = any(it["kind"] == EdgeKind.SELECT for _, _, it in graph.in_edges(name, data=True))
    return not graph.nodes[name]["prompt"] and not selected


def links_of(graph: nx.MultiDiGraph, parts: Mapping[str, str]) -> list[ViewLink]:
    """The edges between the nodes; of a mode's rules on a symbol the strongest counts."""
    merged: dict[tuple[str, str, str, int], list[Mapping[str, object]]] = {}
    for source, target, it in graph.edges(parts, data=True):
        if target in parts and source != target:
            kind = str(it["level"]) if it["kind"] == EdgeKind.REQUIRES else it["kind"]
            merged.setdefault((source, target, kind, it["sign"]), []).append(it)
    links = []
    for (source, target, kind, sign), edges in merged.items():
        if kind in LEVELS and any((source, target, other, sign) in merged for other in LEVELS[: LEVELS.index(kind)]):
            continue
        statements = tuple(
            dict.fromkeys(EdgeStatement(str(one["place"]), str(one["word"]), str(one["text"])) for one in edges)
        )
        loose = all(one["alternative"] for one in edges)
        links.append(
            ViewLink(source=source, target=target, kind=kind, sign=sign, alternative=loose, statements=statements)
        )
    return links


def reduced(links: list[ViewLink]) -> tuple[ViewLink, ...]:
    """The links, those marked that follow from others.

    A need is implied when another need of the same node needs the same in any case; so is a rule whose symbol the
    mode's other required options need in any case.
    """
    import networkx as nx

    needs: nx.DiGraph[str] = nx.DiGraph()
    needs.add_edges_from((link.source, link.target) for link in links if firm(link))

    @cache
    def below(name: str) -> set[str]:
        """Everything that a node needs in any case."""
        return set(nx.descendants(needs, name))

    def implied(link: ViewLink) -> bool:
        if not firm(link):
            return False
        later = False  # of two needs that need each other, the first one stands
        for other in needs[link.source]:
            if other == link.target:
                later = True
            elif link.target not in below(other) or link.source in below(other):
                continue
            elif not later or other not in below(link.target):
                return True
        return False

    return tuple(msgspec.structs.replace(link, implied=implied(link)) for link in links)


def firm(link: ViewLink) -> bool:
    """Whether the source cannot be without the target, as far as this link says."""
    return link.kind in (*NEEDS, "required") and link.sign > 0 and not link.alternative


def node_of(graph: nx.MultiDiGraph, key: str, part: str, modes: tuple[str, ...], links: Iterable[ViewLink]) -> ViewNode:
    """The node of a key."""
    it = graph.nodes[key]
    levels: dict[str, tuple[str, int]] = {}
    for mode in modes:
        own = [link for link in links if link.target == key and link.source == mode_key(mode) and link.kind in LEVELS]
        if own:
            best = min(own, key=lambda link: (link.alternative, LEVELS.index(link.kind)))
            levels[mode] = best.kind, best.sign
    return ViewNode(
        key=key,
        label=key.partition(":")[2] or key,
        part=part,
        prompt=it["prompt"],
        roles=it["roles"],
        levels=levels,
        title=it["title"],
        value=it["value"] if it["kind"] == NodeKind.SYMBOL else "",
    )
