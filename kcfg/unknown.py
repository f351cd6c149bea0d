"""Which values hang on a probe that nobody has answered.

A resolver counts an unanswered probe as n or empty. `Unknown` says for a symbol which unanswered probes could change
its value. It errs on one side only: what it calls known is known.
"""

from __future__ import annotations

from kcfg.model import TOKEN, AtomKind, Model, Op, Type
from kcfg.resolve import NO, YES, Resolver

NOTHING: frozenset[int] = frozenset()


class Unknown:
    """The unanswered probes behind values of one resolver; all questions are empty when every probe is answered."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.model: Model = resolver.model
        self.missing = frozenset(i for i, probe in enumerate(self.model.probes) if probe.key not in resolver.answers)
        self._symbols: dict[int, frozenset[int]] = {}
        self._exprs: dict[int, frozenset[int]] = {}

    def names(self, probes: frozenset[int]) -> list[str]:
        return [f"$({self.model.probes[i].name})" for i in sorted(probes)]

    def symbol(self, symbol: int) -> frozenset[int]:
        """The probes that could change a symbol's value."""
        if not self.missing:
            return NOTHING
        found = self._symbols.get(symbol)
        if found is None:
            self._symbols[symbol] = NOTHING  # for loops: the symbol adds nothing to itself
            found = self._symbols[symbol] = self._of_symbol(symbol)
        return found

    def _of_symbol(self, symbol: int) -> frozenset[int]:
        model, resolver = self.model, self.resolver
        entry = model.symbols[symbol]
        if entry.type == Type.UNKNOWN:
            return NOTHING
        choice = model.choice_of.get(symbol)
        if choice is not None:
            return self._of_choice(choice)
        selected = self._any_of([self._select(s) for s in entry.selected_by])
        if resolver.forced(symbol) == YES and not selected:
            return NOTHING
        out = selected | self._visibility(symbol)
        if symbol in resolver.user and resolver.visible(symbol) and not out:
            return NOTHING
        for d in entry.definitions:
            definition = model.definitions[d]
            context = self._chain(definition.context)
            for default in definition.defaults:
                cond = context | self.expr(default.cond)
                holds = resolver.cond(definition.context) and resolver.expr(default.cond)
                if cond or holds:
                    out |= cond | self.expr(default.value)
                if holds and not cond:
                    break
            for limits in definition.ranges:
                out |= self.expr(limits.cond) | self._atom(limits.low) | self._atom(limits.high)
        if entry.implied_by:
            out |= self._any_of([self._select(s) for s in entry.implied_by])
            for d in entry.definitions:
                out |= self._chain(model.definitions[d].context)
        return out

    def _of_choice(self, choice: int) -> frozenset[int]:
        out = NOTHING
        entry = self.model.choices[choice]
        for member in entry.members:
            out |= self._visibility(member)
        for d in entry.definitions:
            definition = self.model.definitions[d]
            for default in definition.defaults:
                out |= self.expr(default.cond)
            out |= self._chain(definition.context)
        return out

    def _visibility(self, symbol: int) -> frozenset[int]:
        out = NOTHING
        for d in self.model.symbols[symbol].definitions:
            definition = self.model.definitions[d]
            if definition.prompt is None:
                continue
            parts = [
                (self.resolver.cond(definition.context), self._chain(definition.context)),
                (self.resolver.expr(definition.prompt.cond), self.expr(definition.prompt.cond)),
            ]
            if definition.prompt.visible >= 0:
                visible = definition.prompt.visible
                parts.append((self.resolver.cond(visible), self._chain(visible)))
            out |= self._all_of(parts)[1]
        return out

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
        found = self._exprs.get(expr)
        if found is None:
            found = self._of_expr(expr)
            self._exprs[expr] = found
        return found

    def _of_expr(self, expr: int) -> frozenset[int]:
        it = self.model.exprs[expr]
        if it.op == Op.ATOM:
            return self._atom(it.args[0])
        if it.op in (Op.NOT, Op.IS_NO):
            return self.expr(it.args[0])
        if it.op in (Op.AND, Op.OR):
            parts = [(self.resolver.expr(arg), self.expr(arg)) for arg in it.args]
            return self._all_of(parts)[1] if it.op == Op.AND else self._any_of(parts)
        if it.op in (Op.CHOICE, Op.CHOICE_Y):
            return self._of_choice(it.args[0])
        return self._atom(it.args[0]) | self._atom(it.args[1])

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
