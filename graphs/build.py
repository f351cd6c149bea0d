"""Model -> networkx graph. Nodes are symbols, choices and modes; an edge goes from who needs or acts to what is needed
or acted on, and carries the line that states it.

Node attributes: `kind` (symbol, choice, mode), `type`, `prompt`, `default` (it has one that is not n), `roles`,
`places`, `value`, `title`.
Edge attributes: `kind`, `sign` (-1: it has to be n), `alternative` (it does not follow by itself), `place`, `word` (the
statement's keyword) and `text` (its expression); edges of modes have `level`, too.

An edge that is no alternative says:
  depends, choice   without the other one the symbol's dependencies are n
  select            the other one is on whenever the symbol is
  default           the symbol cannot be on without the other one (it has no prompt and nobody selects it)
  prompt            without the other one no user can set the symbol
  requires          every way to fulfil the rule asks for it
A select over unmet dependencies overrides a `depends`, so what is always true is the solver's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from graphs.kinds import EdgeKind, NodeKind
from graphs.literals import NEGATIVE, NOTHING, POSITIVE, Literal, LiteralReader
from graphs.roles import Roles, load_roles
from kcfg.base.garbage import uncollected
from kcfg.kconfig.model import WORDS, Choice, Definition, Model, Op, Symbol, Type, Where
from profiles.schema import Profile, Rule

if TYPE_CHECKING:
    import networkx as nx

    from kcfg.kconfig.resolve import Resolver

Needs = frozenset[tuple[int, int]]
GraphEdge = tuple[str, str, dict[str, Any]]  # source, target, attributes


def build_graph(
    model: Model, *, resolver: Resolver | None = None, profiles: Iterable[Profile] = (), rules: str = ""
) -> nx.MultiDiGraph:
    """The graph of a model, with values where a resolver has a configuration, and the modes of these profiles.

    `rules`: the version whose rules the modes have, the model's unless given.

    Symbols that are referenced and never defined are nodes of type "unknown" without places.
    """
    import networkx as nx

    graph = nx.MultiDiGraph(version=model.version, arch=model.arch)
    builder = GraphBuilder(model, load_roles())
    with uncollected():
        graph.add_nodes_from(builder.nodes(resolver))
        insert(graph, builder.edges())
    for profile in profiles:
        graph.add_nodes_from([(mode_key(profile.name), mode_node(profile))])
        graph.add_edges_from(mode_edges(model, profile, rules or model.version))
    return graph


def insert(graph: nx.MultiDiGraph, edges: Iterable[GraphEdge]) -> None:
    """Adds edges between nodes that are there, keyed 0, 1, ... as `add_edge` does, in a quarter of its time.

    networkx keeps its tables in private fields; where a release has them otherwise, its own method adds the edges.
    """
    successors, predecessors = getattr(graph, "_succ", None), getattr(graph, "_pred", None)
    if not (isinstance(successors, dict) and isinstance(predecessors, dict)):
        graph.add_edges_from(edges)
        return
    for source, target, attributes in edges:
        keyed = successors[source].get(target)
        if keyed is None:
            keyed = successors[source][target] = predecessors[target][source] = {}
        keyed[len(keyed)] = attributes


def mode_key(name: str) -> str:
    """The node of a mode."""
    return f"mode:{name}"


def choice_key(model: Model, choice: int) -> str:
    """The node of a choice: its name where it has one, else where it stands."""
    return f"choice:{model.choices[choice].name or model.choice_place(choice)}"


class GraphBuilder:
    """Makes nodes and edges of one model. Conditions and expressions are shared, and read once."""

    def __init__(self, model: Model, roles: Roles) -> None:
        self.model = model
        self.roles = roles
        self.reader = LiteralReader(model)
        self.names = [symbol.name for symbol in model.symbols]
        self.names += [choice_key(model, number) for number in range(len(model.choices))]
        self.never = {number for number in range(len(model.exprs)) if self.is_n(number)}
        self._links: dict[int, tuple[Stated, Needs]] = {}
        self._chains: dict[int, Needs] = {-1: NOTHING}

    def is_n(self, expr: int) -> bool:
        """Whether an expression is the constant n."""
        it = self.model.exprs[expr]
        return it.op == Op.ATOM and it.args[0] >= len(self.model.symbols) and self.model.atom_text(it.args[0]) == "n"

    # Nodes

    def nodes(self, resolver: Resolver | None) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every symbol and choice with its attributes."""
        model = self.model
        for number, symbol in enumerate(model.symbols):
            if number in self.reader.constants:
                continue
            value = resolver.text(number) if resolver is not None and symbol.definitions else ""
            yield symbol.name, self.node(NodeKind.SYMBOL, symbol, value)
        for number, choice in enumerate(model.choices, len(model.symbols)):
            pick = resolver.choice_pick(number - len(model.symbols)) if resolver is not None else None
            yield (
                self.names[number],
                self.node(NodeKind.CHOICE, choice, "" if pick is None else model.symbols[pick].name),
            )

    def node(self, kind: NodeKind, entry: Symbol | Choice, value: str) -> dict[str, Any]:
        definitions = [self.model.definitions[d] for d in entry.definitions]
        places = tuple(self.model.place(one.file, one.line) for one in definitions)
        return {
            "kind": kind,
            "type": Type(entry.type).name.lower(),
            "prompt": any(one.prompt is not None for one in definitions),
            "default": any(one.value not in self.never for definition in definitions for one in definition.defaults),
            "roles": self.roles.of(entry.name, places) if kind == NodeKind.SYMBOL else (),
            "places": places,
            "value": value,
            "title": "",
        }

    # Edges

    def edges(self) -> Iterator[GraphEdge]:
        """Every edge of the model's statements."""
        model = self.model
        for number, symbol in enumerate(model.symbols):
            if symbol.definitions:
                yield from self.dependencies(self.names[number], symbol)
                yield from self.defaults(self.names[number], symbol)
        for number, choice in enumerate(model.choices, len(model.symbols)):
            yield from self.dependencies(self.names[number], choice)
            yield from self.defaults(self.names[number], choice)
            for member in choice.members:
                place = model.choice_place(number - len(model.symbols))
                attributes = edge(EdgeKind.CHOICE, POSITIVE, place, "choice", "", alternative=False)
                yield self.names[member], self.names[number], attributes
        for symbol in model.symbols:
            for kind, word, numbers in (
                (EdgeKind.SELECT, "select", symbol.selected_by),
                (EdgeKind.IMPLY, "imply", symbol.implied_by),
            ):
                for number in numbers:
                    yield self.select(number, kind, word)

    def select(self, number: int, kind: EdgeKind, word: str) -> tuple[str, str, dict[str, Any]]:
        model = self.model
        it = model.selects[number]
        name = self.names[it.target]
        text = f"{name} if {model.expr_text(it.cond)}" if it.cond else name
        # A definition's selects count only where its own dependencies hold, and another definition may turn it on.
        elsewhere = len(model.symbols[it.source].definitions) > 1 and model.definitions[it.definition].context >= 0
        place = model.place(model.definitions[it.definition].file, it.line)
        loose = kind == EdgeKind.IMPLY or it.cond != 0 or elsewhere
        return self.names[it.source], name, edge(kind, POSITIVE, place, word, text, alternative=loose)

    def dependencies(self, name: str, entry: Symbol | Choice) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """`depends`, `prompt` and old choices' edges of all definitions."""
        definitions = [self.model.definitions[d] for d in entry.definitions]
        only = len(definitions) == 1
        needed = NOTHING if only else self.needed_by_all([self.chain(one.context) for one in turning_on(definitions)])
        seen: set[tuple[str, int, str, str, str]] = set()
        for definition in definitions:
            for link in self.model_chain(definition.context):
                stated, _ = self.link(link)
                yield from self.stated(name, stated, None if only else needed, seen)
            if definition.prompt is not None and (definition.prompt.cond or definition.prompt.visible >= 0):
                yield from self.prompt(name, definition, seen, only=only)

    def prompt(
        self, name: str, definition: Definition, seen: set[tuple[str, int, str, str, str]], *, only: bool
    ) -> Iterator[tuple[str, str, dict[str, Any]]]:
        prompt = definition.prompt
        assert prompt is not None
        keep = None if only else NOTHING
        if prompt.cond:
            place = self.model.place(definition.file, prompt.line)
            text = self.model.expr_text(prompt.cond)
            stated = Stated(EdgeKind.PROMPT, place, "prompt if", text, self.reader.literals(prompt.cond))
            yield from self.stated(name, stated, keep, seen)
        for link in self.model_chain(prompt.visible):
            yield from self.stated(name, self.link(link)[0], keep, seen)

    def stated(
        self, name: str, stated: Stated, needed: Needs | None, seen: set[tuple[str, int, str, str, str]]
    ) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """The edges of one condition. `needed`: what every definition needs, None for a single one."""
        for literal in stated.literals:
            target = self.names[literal.target]
            loose = literal.alternative or (needed is not None and (literal.target, literal.sign) not in needed)
            mark = (target, literal.sign, stated.place, stated.text, stated.kind)
            if mark not in seen:
                seen.add(mark)
                yield (
                    name,
                    target,
                    edge(stated.kind, literal.sign, stated.place, stated.word, stated.text, alternative=loose),
                )

    def defaults(self, name: str, entry: Symbol | Choice) -> Iterator[tuple[str, str, dict[str, Any]]]:
        model = self.model
        found: list[tuple[Definition, int, int, int, list[Literal], Needs]] = []
        for d in entry.definitions:
            definition = model.definitions[d]
            for default in definition.defaults:
                literals = [*self.reader.literals(default.value), *self.reader.literals(default.cond)]
                needed = self.reader.needed(default.value) | self.reader.needed(default.cond)
                found.append((definition, default.line, default.value, default.cond, literals, needed))
        if not any(one[4] for one in found):
            return
        needed = NOTHING
        alone = isinstance(entry, Symbol) and not entry.selected_by and not entry.implied_by
        if alone and all(model.definitions[d].prompt is None for d in entry.definitions):
            needed = self.needed_by_all([one[5] for one in found if one[2] not in self.never])
        for definition, line, value, cond, literals, _ in found:
            text = model.expr_text(value) + (f" if {model.expr_text(cond)}" if cond else "")
            place = model.place(definition.file, line)
            for target, sign in dict.fromkeys((literal.target, literal.sign) for literal in literals):
                loose = (target, sign) not in needed
                yield name, self.names[target], edge(EdgeKind.DEFAULT, sign, place, "default", text, alternative=loose)

    # Conditions

    def model_chain(self, condition: int) -> Iterator[int]:
        conditions = self.model.conditions
        while condition >= 0:
            yield condition
            condition = conditions[condition].parent

    def link(self, number: int) -> tuple[Stated, Needs]:
        """One condition of a chain, as its edges are made of it."""
        known = self._links.get(number)
        if known is None:
            it = self.model.conditions[number]
            kind = EdgeKind.PROMPT if it.where == Where.VISIBLE else EdgeKind.DEPENDS
            stated = Stated(
                kind,
                self.model.place(it.file, it.line),
                WORDS[Where(it.where)],
                self.model.expr_text(it.expr),
                self.reader.literals(it.expr),
            )
            known = self._links[number] = stated, self.reader.needed(it.expr)
        return known

    def chain(self, condition: int) -> Needs:
        """What a whole chain needs."""
        known = self._chains.get(condition)
        if known is None:
            known = self.link(condition)[1] | self.chain(self.model.conditions[condition].parent)
            self._chains[condition] = known
        return known

    @staticmethod
    def needed_by_all(ways: list[Needs]) -> Needs:
        return frozenset.intersection(*ways) if ways else NOTHING


class Stated:
    """One condition and its literals."""

    __slots__ = ("kind", "literals", "place", "text", "word")

    def __init__(self, kind: EdgeKind, place: str, word: str, text: str, literals: tuple[Literal, ...]) -> None:
        self.kind, self.place, self.word, self.text, self.literals = kind, place, word, text, literals


def turning_on(definitions: list[Definition]) -> list[Definition]:
    """The definitions that can turn their symbol on by themselves: those with a prompt or a default, else all."""
    return [one for one in definitions if one.prompt is not None or one.defaults] or definitions


def edge(kind: EdgeKind, sign: int, place: str, word: str, text: str, *, alternative: bool) -> dict[str, Any]:
    """An edge's attributes."""
    return {"kind": kind, "sign": sign, "alternative": alternative, "place": place, "word": word, "text": text}


# Modes


def mode_node(profile: Profile) -> Mapping[str, Any]:
    """A mode's attributes."""
    return {
        "kind": NodeKind.MODE,
        "type": "",
        "prompt": False,
        "default": False,
        "roles": (),
        "places": (profile.file,),
        "value": "",
        "title": profile.title,
    }


def mode_edges(model: Model, profile: Profile, version: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What a profile's rules for a version ask for on this kernel, as far as the kernel has the symbols."""
    if profile.applicable(version, model.arch)[0]:
        for rule in profile.rules_for(version, model.arch):
            for name, sign, loose in wanted(rule):
                if model.defined(name) is not None:
                    level = rule.level.value
                    attributes = edge(
                        EdgeKind.REQUIRES, sign, f"{rule.file}:{rule.line}", level, str(rule), alternative=loose
                    )
                    yield mode_key(profile.name), name, attributes | {"level": level}


def wanted(rule: Rule) -> Iterator[tuple[str, int, bool]]:
    """(symbol, sign, whether another way does without it), each once."""
    signs = [
        {want.symbol: NEGATIVE if set(want.value) <= {"n"} else POSITIVE for want in way.wants}
        for way in rule.alternatives
    ]
    for name in rule.symbols:
        sign = next(way[name] for way in signs if name in way)
        yield name, sign, not all(way.get(name) == sign for way in signs)
