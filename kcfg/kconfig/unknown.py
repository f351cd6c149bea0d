"""Which values hang on a probe that nobody has answered.

A resolver counts an unanswered probe as n or empty. `Unknown` says for a symbol which unanswered probes could change
its value. It errs on one side only: what it calls known is known.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Container

from kcfg.kconfig.deep import Deep
from kcfg.kconfig.model import TOKEN, AtomKind, Definition, Model, Op, Type
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import NO, YES

NOTHING: frozenset[int] = frozenset()
ALONE = sys.maxsize
"""A depth beyond all: no open node was asked for."""


class Unknown(Deep):
    """The unanswered probes behind values of one resolver; all questions are empty when every probe is answered.

    `doubted` are keys of probes whose answers do not count, such as those of another compiler.
    """

    def __init__(self, resolver: Resolver, doubted: Container[str] = ()) -> None:
        super().__init__()
        self.resolver = resolver
        self.model: Model = resolver.model
        self.missing = frozenset(
            i for i, probe in enumerate(self.model.probes) if probe.key not in resolver.answers or probe.key in doubted
        )
        self._known: dict[tuple[str, int], frozenset[int]] = {}
        self._open: dict[tuple[str, int], int] = {}  # what is being computed, with its depth
        self._guess: dict[tuple[str, int], frozenset[int]] = {}
        self._lowest = ALONE  # the least depth that was asked for while it was open
        self._modules = NOTHING
        if self.model.modules >= 0:
            self._modules = self.symbol(self.model.modules)
            if self._modules:  # what was computed on the way did not count on that
                self._known.clear()

    def names(self, probes: frozenset[int]) -> list[str]:
        return [f"$({self.model.probes[i].name})" for i in sorted(probes)]

    def symbol(self, symbol: int) -> frozenset[int]:
        """The probes that could change a symbol's value."""
        return self._once(("symbol", symbol), self._of_symbol) if self.missing else NOTHING

    def _once(self, node: tuple[str, int], compute: Callable[[int], frozenset[int]]) -> frozenset[int]:
        """`compute` of the node, kept. In a loop (implies and choices make them) a node that is still open counts as
        its last guess, and what came of a guess is not kept, except for the node that the loop was entered by."""
        found = self._known.get(node)
        if found is not None:
            return found
        if node in self._open:
            self._lowest = min(self._lowest, self._open[node])
            return self._guess.get(node, NOTHING)
        self._depth += 1
        if self._depth >= self._floor:
            return self._elsewhere(lambda it: self._once(it, compute), node)
        out = self._computed(node, compute)
        self._depth -= 1
        return out

    def _computed(self, node: tuple[str, int], compute: Callable[[int], frozenset[int]]) -> frozenset[int]:
        depth = self._open[node] = len(self._open) + 1
        outer = self._lowest
        while True:
            self._lowest = ALONE
            out = compute(node[1])
            if self._lowest > depth or out == self._guess.get(node, NOTHING):
                break
            self._guess[node] = out
        del self._open[node]
        self._guess.pop(node, None)
        if self._lowest >= depth:
            self._known[node] = out
        self._lowest = min(outer, self._lowest)
        return out

    def _of_symbol(self, symbol: int) -> frozenset[int]:
        model, resolver = self.model, self.resolver
        entry = model.symbols[symbol]
        if entry.type == Type.UNKNOWN:
            return NOTHING
        modules = self._modules if entry.type in (Type.BOOL, Type.TRISTATE) else NOTHING
        choice = model.choice_of.get(symbol)
        if choice is not None:
            return self._choice(choice) | modules
        selected = self._any_of([self._select(s) for s in entry.selected_by])
        if resolver.forced(symbol) == YES and not selected and not modules:
            return NOTHING
        out = selected | self._visibility(symbol) | modules
        ranges = [limits for d in entry.definitions for limits in model.definitions[d].ranges]
        if symbol in resolver.user and resolver.visible(symbol) and not out and not ranges:
            return NOTHING
        out |= self._defaults(symbol)
        for d in entry.definitions:
            definition = model.definitions[d]
            for limits in definition.ranges:
                out |= self._chain(definition.context) | self.expr(limits.cond)
                out |= self._atom(limits.low) | self._atom(limits.high)
        if entry.implied_by:
            out |= self._any_of([self._select(s) for s in entry.implied_by])
            for d in entry.definitions:
                out |= self._chain(model.definitions[d].context)
        return out

    def _defaults(self, symbol: int) -> frozenset[int]:
        """The probes that decide which default counts, and what it is."""
        out = NOTHING
        for d in self.model.symbols[symbol].definitions:
            definition = self.model.definitions[d]
            context = self._chain(definition.context)
            for default in definition.defaults:
                cond = context | self.expr(default.cond)
                holds = self.resolver.cond(definition.context) and self.resolver.expr(default.cond)
                if cond or holds:
                    out |= cond | self.expr(default.value)
                if holds and not cond:
                    return out
        return out

    def _choice(self, choice: int) -> frozenset[int]:
        """The probes that could change what a choice is set to."""
        return self._once(("choice", choice), self._of_choice)

    def _of_choice(self, choice: int) -> frozenset[int]:
        entry = self.model.choices[choice]
        members = [self.model.definitions[d] for m in entry.members for d in self.model.symbols[m].definitions]
        out = self._modules
        for d in entry.definitions:
            definition = self.model.definitions[d]
            for default in definition.defaults:
                out |= self._chain(definition.context) | self.expr(default.cond)
        if not self.model.choice_values:
            return out.union(*(self._visibility(member) for member in entry.members))
        out = out.union(*(self._defaults(member) for member in entry.members))
        shown = [self._shown(self.model.definitions[d]) for d in entry.definitions if self.model.definitions[d].prompt]
        out |= self._any_of(shown)
        if all(value == NO and not probes for value, probes in shown):
            return out
        # The choice's value is part of what its members depend on, and hangs on them: no part decides alone.
        for definition in members:
            links = [link.expr for link in self.model.chain(definition.context)]
            if definition.prompt is not None:
                links += [link.expr for link in self.model.chain(definition.prompt.visible)]
                links.append(definition.prompt.cond)
            out = out.union(*(self.expr(link) for link in links))
        return out

    def _visibility(self, symbol: int) -> frozenset[int]:
        definitions = [self.model.definitions[d] for d in self.model.symbols[symbol].definitions]
        return NOTHING.union(*(self._shown(d)[1] for d in definitions if d.prompt is not None))

    def _shown(self, definition: Definition) -> tuple[int, frozenset[int]]:
        """(value, probes) of a definition's prompt."""
        parts = [(self.resolver.cond(definition.context), self._chain(definition.context))]
        if definition.prompt is not None:
            cond, visible = definition.prompt.cond, definition.prompt.visible
            parts.append((self.resolver.expr(cond), self.expr(cond)))
            parts.append((self.resolver.cond(visible), self._chain(visible)))
        return self._all_of(parts)

    def _select(self, number: int) -> tuple[int, frozenset[int]]:
        select = self.model.selects[number]
        context = self.model.definitions[select.definition].context
        return self._all_of(
            [
                (self.resolver.tri(select.source), self.symbol(select.source)),
                (self.resolver.cond(context), self._chain(context)),
                (self.resolver.expr(select.cond), self.expr(select.cond)),
            ]
        )

    @staticmethod
    def _all_of(parts: list[tuple[int, frozenset[int]]]) -> tuple[int, frozenset[int]]:
        """(value, probes) of a conjunction: a part that is n for certain decides."""
        value = min((value for value, _ in parts), default=YES)
        if any(value == NO and not probes for value, probes in parts):
            return value, NOTHING
        return value, NOTHING.union(*(probes for _, probes in parts))

    @staticmethod
    def _any_of(parts: list[tuple[int, frozenset[int]]]) -> frozenset[int]:
        """The probes behind a disjunction: a part that is y for certain decides."""
        if any(value == YES and not probes for value, probes in parts):
            return NOTHING
        return NOTHING.union(*(probes for _, probes in parts))

    def _chain(self, condition: int) -> frozenset[int]:
        links = list(self.model.chain(condition))
        return self._all_of([(self.resolver.expr(link.expr), self.expr(link.expr)) for link in links])[1]

    def expr(self, expr: int) -> frozenset[int]:
        """The probes that could change an expression's value."""
        return self._once(("expr", expr), self._of_expr)

    def _of_expr(self, expr: int) -> frozenset[int]:
        it = self.model.exprs[expr]
        if it.op == Op.NOT:
            return self.expr(*it.args)
        if it.op in (Op.AND, Op.OR):
            parts = [(self.resolver.expr(arg), self.expr(arg)) for arg in it.args]
            return self._all_of(parts)[1] if it.op == Op.AND else self._any_of(parts)
        if it.op in (Op.CHOICE, Op.CHOICE_Y):
            return self._choice(*it.args)
        return NOTHING.union(*map(self._atom, it.args))

    def _atom(self, atom: int) -> frozenset[int]:
        count = len(self.model.symbols)
        if atom < count:
            return self.symbol(atom)
        it = self.model.atoms[atom - count]
        if it.kind == AtomKind.PROBE:
            return self.missing & {int(it.text)}
        if it.kind == AtomKind.TEMPLATE:
            return self.missing & {int(token) for token in TOKEN.findall(it.text)}
        return NOTHING
