"""What a symbol's value can hang on, and what can hang on it: closures that leave nothing out, and prove nothing.

Nodes are numbers: symbols, then choices. The graph's edges would not do: the condition of a select is in their text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from graphs.literals import LiteralReader
from kcfg.kconfig.model import Model

Found = frozenset[int]
NOTHING: Found = frozenset()


class Influence:
    """The closures of one model."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.reader = LiteralReader(model)
        self._chains: dict[int, Found] = {-1: NOTHING}

    def on(self, start: Iterable[int]) -> list[int]:
        """Everything that the values of these symbols can hang on, themselves included, the nearest first."""
        modules = [self.model.modules] if self.model.modules >= 0 else []  # it says what m means
        return closure([*start, *modules], self.causes)

    def of(self, start: Iterable[int]) -> list[int]:
        """Everything whose value can hang on that of one of these, themselves included."""
        start = list(start)
        if self.model.modules in start:
            return list(range(len(self.model.symbols) + len(self.model.choices)))
        effects = self.effects
        return closure(start, lambda node: effects.get(node, ()))

    @cached_property
    def effects(self) -> dict[int, list[int]]:
        """Node -> the nodes that it is a cause of. Most share their conditions, which are expanded once."""
        sharing: dict[Found, list[int]] = {}
        for node in range(len(self.model.symbols) + len(self.model.choices)):
            for part in self.parts(node):
                if part:
                    sharing.setdefault(part, []).append(node)
        out: dict[int, list[int]] = {}
        for part, nodes in sharing.items():
            for cause in part:
                out.setdefault(cause, []).extend(nodes)
        return out

    def causes(self, node: int) -> Found:
        """What a value hangs on by one statement."""
        return NOTHING.union(*self.parts(node))

    def parts(self, node: int) -> Iterator[Found]:
        """The same, by statement: conditions, prompts, defaults, ranges, selects and choices."""
        model, count = self.model, len(self.model.symbols)
        entry = model.symbols[node] if node < count else model.choices[node - count]
        for d in entry.definitions:
            definition = model.definitions[d]
            yield self.chain(definition.context)
            if definition.prompt is not None:
                yield self.expr(definition.prompt.cond)
                yield self.chain(definition.prompt.visible)
            for default in definition.defaults:
                yield self.expr(default.value)
                yield self.expr(default.cond)
            for limits in definition.ranges:
                yield self.expr(limits.cond)
                yield frozenset(atom for atom in (limits.low, limits.high) if self.reader.named(atom))
        if node >= count:
            yield frozenset(model.choices[node - count].members)
            return
        for number in (*model.symbols[node].selected_by, *model.symbols[node].implied_by):
            select = model.selects[number]
            yield frozenset((select.source,))
            yield self.expr(select.cond)
            yield self.chain(model.definitions[select.definition].context)
        choice = model.choice_of.get(node)
        if choice is not None:
            yield frozenset((count + choice,))

    def chain(self, condition: int) -> Found:
        """The symbols of a whole chain of conditions."""
        links = []
        while condition not in self._chains:
            links.append(condition)
            condition = self.model.conditions[condition].parent
        found = self._chains[condition]
        for link in reversed(links):
            found = self._chains[link] = found | self.expr(self.model.conditions[link].expr)
        return found

    def expr(self, expr: int) -> Found:
        """The symbols and choices of an expression."""
        return self.reader.targets(expr) if expr else NOTHING


def closure(start: Iterable[int], following: Callable[[int], Iterable[int]]) -> list[int]:
    """All that can be reached, the nearest first."""
    seen = dict.fromkeys(start)
    queue = deque(seen)
    while queue:
        for other in following(queue.popleft()):
            if other not in seen:
                seen[other] = None
                queue.append(other)
    return list(seen)
