"""Why a symbol has the value that it has: chains of reasons, each with the Kconfig line that states it.

A chain reads from the symbol to what a person can change: a failing dependency, then why that is n, and so on. It
tells what holds in one configuration; whether anything else would be possible is a question for the solver.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from kcfg.answers.facts import Basis, Location, Reason, ReasonKind, Settable, State
from kcfg.answers.unknown import unknown
from kcfg.kconfig.config import Assignment
from kcfg.kconfig.model import RELATIONS, WORDS, Default, Link, Model, Op, Type, Where
from kcfg.kconfig.numbers import plain
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import LETTER, MOD, NO, YES

MAX_DEPTH = 5
MAX_REASONS = 14
MAX_SHOWN = 3  # selectors, alternatives and definitions that are told one by one


def location(line: Assignment) -> Location:
    """Where a configuration's line stands."""
    return Location(line.path, line.line)


class Explainer:
    """Explains values of one resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.model = resolver.model
        self.user = resolver.user

    # Small parts

    def state(self, symbol: int) -> State:
        entry = self.model.symbols[symbol]
        return State(entry.name, self.resolver.text(symbol)) if entry.definitions else State(entry.name, "", False)

    def place(self, file: int, line: int) -> Location:
        return Location(self.model.files[file], line)

    def defined_at(self, symbol: int) -> Location | None:
        definitions = self.model.symbols[symbol].definitions
        if not definitions:
            return None
        first = self.model.definitions[definitions[0]]
        return self.place(first.file, first.line)

    def condition(self, expr: int) -> str:
        return self.model.expr_text(expr) if expr else ""

    def has_prompt(self, symbol: int) -> bool:
        return any(self.model.definitions[d].prompt is not None for d in self.model.symbols[symbol].definitions)

    # Chains

    def told_once(self, reasons: list[Reason]) -> list[Reason]:
        """The chain without what it has told before, and without what stands below that."""
        seen: set[Reason] = set()
        out: list[Reason] = []
        skip = -1
        for reason in reasons:
            if 0 <= skip < reason.depth:
                continue
            skip = -1
            step = reason.step
            if step in seen:
                skip = reason.depth
                continue
            seen.add(step)
            out.append(reason)
        return out[:MAX_REASONS]

    # Why not (more)

    def why_below(self, symbol: int, want: int) -> list[Reason]:
        """Why a bool or tristate is less than `want` (1 or 2)."""
        return self.told_once(self._below(symbol, want, 0, frozenset()))

    def why_above(self, symbol: int, want: int) -> list[Reason]:
        """Why a bool or tristate is more than `want` (0 or 1)."""
        return self.told_once(self._above(symbol, want, 0, frozenset()))

    def _below(self, symbol: int, want: int, depth: int, seen: frozenset[int]) -> list[Reason]:
        model, resolver = self.model, self.resolver
        entry = model.symbols[symbol]
        if not entry.definitions:
            return [reason.below(depth) for reason in unknown(model, entry.name)]
        if symbol in seen or depth > MAX_DEPTH:
            return []
        seen |= {symbol}
        if want == MOD and entry.type == Type.BOOL:
            want = YES
        if entry.flags & Model.TRANSITIONAL:
            return self._transitional(symbol, want, depth, seen)
        if resolver.visible(symbol) >= want:
            return self._not_asked(symbol, want, depth)
        if entry.type == Type.BOOL:
            want = MOD  # a bool whose conditions come to m is y
        if not self.has_prompt(symbol):
            return self._promptless(symbol, want, depth, seen)
        return self._hidden(symbol, want, depth, seen)

    def _hidden(self, symbol: int, want: int, depth: int, seen: frozenset[int]) -> list[Reason]:
        """Why no prompt lets a symbol be set to `want`."""
        entry = self.model.symbols[symbol]
        said = Reason(ReasonKind.UNMET_DEPENDENCY, depth=depth, symbol=entry.name)
        out: list[Reason] = []
        for d in entry.definitions[:MAX_SHOWN]:
            if self.model.definitions[d].prompt is not None:
                out += self._invisible(d, want, said, seen)
        return out[:MAX_REASONS]

    def _not_asked(self, symbol: int, want: int, depth: int) -> list[Reason]:
        """A symbol that could be set: why it is not."""
        name = self.model.symbols[symbol].name
        choice = self.model.choice_of.get(symbol)
        if choice is not None:
            return self._choice_lost(symbol, choice, depth)
        line = self.user.lines.get(symbol)
        if line is not None:
            where = location(line)
            return [Reason(ReasonKind.EXPLICIT, where, depth, Basis.LINE, name, line.value, LETTER[want])]
        value = self.resolver.text(symbol)
        return [Reason(ReasonKind.NOT_ASKED, self.defined_at(symbol), depth, Basis.LINE, name, value, LETTER[want])]

    def value(self, symbol: int) -> str:
        """What a symbol comes out as. An old name has the value of the symbol that its line is handed on to."""
        if self.model.symbols[symbol].flags & Model.TRANSITIONAL:
            heirs = self.heirs(symbol)
            return self.resolver.text(heirs[0]) if heirs else "n"
        return self.resolver.text(symbol)

    def heirs(self, symbol: int) -> list[int]:
        """The symbols whose defaults read an old name's line: what became of a transitional symbol."""
        return list(self.model.carried_to.get(symbol, ()))

    def _transitional(self, symbol: int, want: int, depth: int, seen: frozenset[int]) -> list[Reason]:
        """An old name that is kept for its line: no .config ever has it, and its heirs have the value instead."""
        heirs = self.heirs(symbol)
        out = [self._old_name(symbol, heirs, depth)]
        for heir in heirs[:MAX_SHOWN]:
            out += self._below(heir, want, depth + 1, seen) if self.resolver.tri(heir) < want else []
        return out

    def _old_name(self, symbol: int, heirs: list[int], depth: int) -> Reason:
        names = tuple(self.model.symbols[heir].name for heir in heirs)
        where, name = self.defined_at(symbol), self.model.symbols[symbol].name
        return Reason(ReasonKind.NO_PROMPT, where, depth, Basis.TRANSITIONAL, name, others=names)

    def _choice_lost(self, symbol: int, choice: int, depth: int) -> list[Reason]:
        pick = self.resolver.choice_pick(choice)
        definition = self.model.definitions[self.model.choices[choice].definitions[0]]
        where = self.place(definition.file, definition.line)
        name = self.model.symbols[symbol].name
        if pick is None:
            return [Reason(ReasonKind.CHOICE, where, depth, Basis.CHOICE, name, "n")]
        winner = self.model.symbols[pick].name
        out = [Reason(ReasonKind.CHOICE, where, depth, Basis.CHOICE, name, "n", others=(winner,))]
        line = self.user.lines.get(pick)
        if line is not None and self.user.tri.get(pick) == YES:
            out.append(Reason(ReasonKind.EXPLICIT, location(line), depth + 1, Basis.CHOICE, winner, line.value))
        else:
            out.append(Reason(ReasonKind.DEFAULT, where, depth + 1, Basis.CHOICE, winner))
        return out

    def _promptless(self, symbol: int, want: int, depth: int, seen: frozenset[int]) -> list[Reason]:
        entry = self.model.symbols[symbol]
        out = [Reason(ReasonKind.NO_PROMPT, self.defined_at(symbol), depth, symbol=entry.name)]
        inner = Reason(ReasonKind.UNMET_DEPENDENCY, depth=depth + 1, symbol=entry.name)
        for d in entry.definitions[:MAX_SHOWN]:
            definition = self.model.definitions[d]
            if definition.defaults:
                broken = self._failing_chain(definition.context, want, inner, seen)
                out += broken or self._failing_defaults(d, want, inner, seen)
        if entry.selected_by:
            out += self._idle_selects(symbol, want, depth + 1, seen)
        return out[:MAX_REASONS]

    def _idle_selects(self, symbol: int, want: int, depth: int, seen: frozenset[int]) -> list[Reason]:
        """The selects of a symbol that no active symbol states; a single one is followed to its cause."""
        selects = [self.model.selects[s] for s in self.model.symbols[symbol].selected_by]
        names = list(dict.fromkeys(self.model.symbols[one.source].name for one in selects))
        first = selects[0]
        definition = self.model.definitions[first.definition]
        where = self.place(definition.file, first.line)
        name = self.model.symbols[symbol].name
        if len(selects) == 1:
            only = Reason(
                ReasonKind.NOT_ASKED, where, depth, Basis.SELECT, name,
                condition=self.condition(first.cond), others=(names[0],),
            )  # fmt: skip
            if self.resolver.tri(first.source) < want:
                only = replace(only, states=(self.state(first.source),))
                return [only, *self._below(first.source, want, depth + 1, seen)]
            return self._failing(replace(only, kind=ReasonKind.UNMET_DEPENDENCY), first.cond, want, seen)
        more = max(0, len(names) - MAX_SHOWN)
        shown = tuple(names[:MAX_SHOWN])
        return [Reason(ReasonKind.NOT_ASKED, where, depth, Basis.SELECT, name, others=shown, more=more)]

    def _failing_defaults(self, d: int, want: int, said: Reason, seen: frozenset[int]) -> list[Reason]:
        definition = self.model.definitions[d]
        out: list[Reason] = []
        for default in definition.defaults[:MAX_SHOWN]:
            value = self.model.expr_text(default.value)
            one = replace(said, basis=Basis.DEFAULT, where=self.place(definition.file, default.line), expression=value)
            if self.resolver.expr(default.cond) < want:
                out += self._failing(replace(one, condition=self.condition(default.cond)), default.cond, want, seen)
            else:
                out += self._failing(one, default.value, want, seen)
                break
        return out

    def why_no_default(self, symbol: int, text: str) -> list[Reason]:
        """Why no default gives a number or a text this value: the condition of the first that would."""
        for d in self.model.symbols[symbol].definitions:
            definition = self.model.definitions[d]
            for default in definition.defaults:
                value = self.model.expr_text(default.value)
                kind = self.model.symbols[symbol].type
                if plain(kind, value.strip('"')) == plain(kind, text) and self.resolver.expr(default.cond) < MOD:
                    where, cond = self.place(definition.file, default.line), self.condition(default.cond)
                    said = Reason(ReasonKind.UNMET_DEPENDENCY, where, 1, Basis.DEFAULT, self.model.symbols[symbol].name)
                    return self._failing(
                        replace(said, expression=value, condition=cond), default.cond, MOD, frozenset({symbol})
                    )
        return []

    def _invisible(self, d: int, want: int, said: Reason, seen: frozenset[int]) -> list[Reason]:
        definition = self.model.definitions[d]
        out = self._failing_chain(definition.context, want, said, seen)
        prompt = definition.prompt
        if prompt is not None:
            if self.resolver.expr(prompt.cond) < want:
                where, cond = self.place(definition.file, prompt.line), self.condition(prompt.cond)
                one = replace(said, basis=Basis.PROMPT, where=where, condition=cond)
                out += self._failing(one, prompt.cond, want, seen)
            out += self._failing_chain(prompt.visible, want, said, seen)
        return out

    def _failing_chain(self, condition: int, want: int, said: Reason, seen: frozenset[int]) -> list[Reason]:
        out: list[Reason] = []
        for link in self.model.chain(condition):
            choice = self.model.exprs[link.expr].op in (Op.CHOICE, Op.CHOICE_Y)
            need = YES if choice else want  # a choice that is m shows no bool
            if self.resolver.expr(link.expr) < need:
                out += self._failing_link(link, need, said, seen)
        return out

    def _failing_link(self, link: Link, want: int, said: Reason, seen: frozenset[int]) -> list[Reason]:
        where = self.place(link.file, link.line)
        it = self.model.exprs[link.expr]
        if it.op in (Op.CHOICE, Op.CHOICE_Y):
            value = LETTER[self.resolver.choice_value(it.args[0])]
            out = [Reason(ReasonKind.CHOICE, where, said.depth, Basis.CHOICE, value=value)]
            inner = Reason(ReasonKind.UNMET_DEPENDENCY, depth=said.depth + 1)
            for d in self.model.choices[it.args[0]].definitions[:MAX_SHOWN]:
                out += self._invisible(d, want, inner, seen)
            return out
        condition = self.model.expr_text(link.expr)
        basis = Basis(WORDS[Where(link.where)])
        return self._failing(replace(said, basis=basis, where=where, condition=condition), link.expr, want, seen)

    def _failing(self, said: Reason, expr: int, want: int, seen: frozenset[int]) -> list[Reason]:
        """A statement whose expression is below `want`: the part that fails, then why each symbol in it is so."""
        leaves = list(dict.fromkeys(self.blame(expr, want)))
        states = tuple(dict.fromkeys(state for leaf in leaves for state in self.leaf_states(leaf)))
        value = "" if states else LETTER[self.resolver.expr(expr)]
        out = [replace(said, states=states, value=value)]
        for leaf in leaves[:MAX_SHOWN]:
            it = self.model.exprs[leaf]
            if it.op == Op.ATOM and it.args[0] < len(self.model.symbols):
                out += self._below(it.args[0], want, said.depth + 1, seen)
            elif it.op == Op.ATOM:
                name = self.model.atom_text(it.args[0])
                out.append(Reason(ReasonKind.PROBE, depth=said.depth + 1, expression=name))
            elif it.op == Op.NOT:
                inner = self.model.exprs[it.args[0]]
                if inner.op == Op.ATOM and inner.args[0] < len(self.model.symbols):
                    out += self._above(inner.args[0], NO, said.depth + 1, seen)
        return out

    def blame(self, expr: int, want: int) -> Iterator[int]:
        """The smallest parts (symbols, negations, comparisons) for which an expression is below `want`."""
        it = self.model.exprs[expr]
        if it.op == Op.AND:
            for arg in it.args:
                if self.resolver.expr(arg) < want:
                    yield from self.blame(arg, want)
        elif it.op == Op.OR:
            for arg in it.args:
                yield from self.blame(arg, want)
        else:
            yield expr

    def leaf_states(self, leaf: int) -> Iterator[State]:
        """The symbols of such a part, with their values."""
        it = self.model.exprs[leaf]
        count = len(self.model.symbols)
        if it.op == Op.NOT:
            it = self.model.exprs[it.args[0]]
        if it.op == Op.ATOM and it.args[0] < count:
            yield self.state(it.args[0])
        elif self.model.exprs[leaf].op in RELATIONS:
            yield from (self.state(arg) for arg in it.args if arg < count and self.model.symbols[arg].definitions)

    # Why (so much)

    def _above(self, symbol: int, want: int, depth: int, seen: frozenset[int]) -> list[Reason]:
        if symbol in seen or depth > MAX_DEPTH:
            return []
        seen |= {symbol}
        model, resolver = self.model, self.resolver
        entry = model.symbols[symbol]
        if entry.flags & Model.TRANSITIONAL:
            heirs = [heir for heir in self.heirs(symbol) if resolver.tri(heir) > want]
            told = [reason for heir in heirs[:MAX_SHOWN] for reason in self._above(heir, want, depth + 1, seen)]
            return [self._old_name(symbol, heirs or self.heirs(symbol), depth), *told]
        value = resolver.tri(symbol)
        line = self.user.lines.get(symbol)
        if resolver.forced(symbol) > want and symbol not in model.choice_of:
            return self._selected(symbol, want, depth, seen)
        asked = self.user.tri.get(symbol)
        if asked == MOD and value == YES and resolver.visible(symbol):
            return [self.modules_off(symbol, depth)]
        if asked is not None and asked > want and resolver.visible(symbol):
            where = location(line) if line else None
            return [Reason(ReasonKind.EXPLICIT, where, depth, Basis.LINE, entry.name, LETTER[asked], LETTER[want])]
        choice = model.choice_of.get(symbol)
        if choice is not None:
            first = model.definitions[model.choices[choice].definitions[0]]
            where = self.place(first.file, first.line)
            return [Reason(ReasonKind.CHOICE, where, depth, Basis.CHOICE, entry.name, "y")]
        out: list[Reason] = []
        if asked is not None and asked < value and not resolver.visible(symbol) and self.has_prompt(symbol):
            out = self._hidden(symbol, MOD, depth, seen)
        return out + self.defaulted(symbol, depth)

    def modules_off(self, symbol: int, depth: int) -> Reason:
        """That without modules a line that says m comes to y."""
        where = self.defined_at(self.model.modules) if self.model.modules >= 0 else None
        return Reason(ReasonKind.MODULES_OFF, where, depth, symbol=self.model.symbols[symbol].name)

    def _selected(self, symbol: int, want: int, depth: int, seen: frozenset[int]) -> list[Reason]:
        model, resolver = self.model, self.resolver
        entry = model.symbols[symbol]
        active = [s for s in entry.selected_by if resolver.select_value(s) > want]
        active.sort(key=lambda s: model.selects[s].source not in self.user)  # what the configuration names comes first
        out: list[Reason] = []
        for number in active[:MAX_SHOWN]:
            select = model.selects[number]
            where = self.place(model.definitions[select.definition].file, select.line)
            said = Reason(ReasonKind.SELECTED, where, depth, Basis.SELECT, entry.name)
            source = self.state(select.source)
            out.append(replace(said, condition=self.condition(select.cond), others=(source.symbol,), states=(source,)))
            if len(out) < MAX_REASONS:
                out += self._above(select.source, NO, depth + 1, seen)
        if len(active) > MAX_SHOWN:
            more = len(active) - MAX_SHOWN
            out.append(Reason(ReasonKind.SELECTED, None, depth, Basis.SELECT, entry.name, more=more))
        return out

    def defaulted(self, symbol: int, depth: int = 0) -> list[Reason]:
        """The default, or the imply, that gives a symbol its value."""
        model, resolver = self.model, self.resolver
        entry = model.symbols[symbol]
        for d in entry.definitions:
            definition = model.definitions[d]
            for default in definition.defaults:
                if resolver.cond(definition.context) and resolver.expr(default.cond):
                    return [self._default(symbol, default, self.place(definition.file, default.line), depth)]
        for number in entry.implied_by:
            if resolver.select_value(number):
                select = model.selects[number]
                where = self.place(model.definitions[select.definition].file, select.line)
                others = (model.symbols[select.source].name,)
                return [Reason(ReasonKind.DEFAULT, where, depth, Basis.IMPLY, entry.name, others=others)]
        return []

    def _default(self, symbol: int, default: Default, where: Location, depth: int) -> Reason:
        settable = Settable.YES
        if not self.has_prompt(symbol):
            settable = Settable.NEVER
        elif symbol in self.user.lines and not self.resolver.visible(symbol):
            settable = Settable.HIDDEN
        said = Reason(ReasonKind.DEFAULT, where, depth, Basis.DEFAULT, self.model.symbols[symbol].name)
        value, cond = self.model.expr_text(default.value), self.condition(default.cond)
        return replace(said, expression=value, condition=cond, settable=settable)
