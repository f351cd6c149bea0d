"""Why a symbol has the value that it has: chains of reasons, each with the Kconfig line that states it.

A chain reads from the symbol to what a person can change: a failing dependency, then why that is n, and so on. It
tells what holds in one configuration; whether anything else would be possible is a question for the solver.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from kcfg.answers.facts import Location, Reason
from kcfg.kconfig.config import Assignment
from kcfg.kconfig.model import RELATIONS, Condition, Model, Op, Type, Where
from kcfg.kconfig.resolve import LETTER, MOD, NO, YES, Resolver

MAX_DEPTH = 5
MAX_REASONS = 14
MAX_SHOWN = 3  # selectors, alternatives and definitions that are told one by one
WHERE_TEXT = {
    Where.DEPENDS: "depends on",
    Where.IF: "inside 'if",
    Where.MENU: "in a menu that depends on",
    Where.CHOICE: "in",
    Where.VISIBLE: "in a menu that is visible if",
}


def location(line: Assignment) -> Location:
    """Where a configuration's line stands."""
    return Location(line.path, line.line)


def near_misses(model: Model, name: str, count: int = 3) -> list[str]:
    """Symbols of the model with names like this one."""
    defined = [symbol.name for symbol in model.symbols if symbol.definitions]
    parts = set(name.split("_"))
    close = [other for other in defined if abs(len(other) - len(name)) <= 6 and (parts & set(other.split("_")))]
    found = difflib.get_close_matches(name, close, count, 0.75)
    return found or difflib.get_close_matches(name, defined, count, 0.8)


class Explainer:
    """Explains values of one resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.model = resolver.model
        self.user = resolver.user

    # Small parts

    def shown(self, symbol: int) -> str:
        entry = self.model.symbols[symbol]
        return f"{entry.name}={self.resolver.text(symbol)}" if entry.definitions else f"no {entry.name} here"

    def place(self, file: int, line: int) -> Location:
        return Location(self.model.files[file], line)

    def defined_at(self, symbol: int) -> Location | None:
        definitions = self.model.symbols[symbol].definitions
        if not definitions:
            return None
        first = self.model.definitions[definitions[0]]
        return self.place(first.file, first.line)

    def has_prompt(self, symbol: int) -> bool:
        return any(self.model.definitions[d].prompt is not None for d in self.model.symbols[symbol].definitions)

    # Unknown symbols

    def unknown(self, name: str) -> list[Reason]:
        """A name that the kernel does not define: what became of it, or what it may have meant."""
        from kcfg.answers.renames import load_renames

        version = self.model.version
        renamed = load_renames().get(name)
        if renamed is not None:
            became = f"is now {renamed.new}" if renamed.new else "is gone"
            text = f"{name} {became} since Linux {renamed.since}: {renamed.why}"
            return [Reason(text, "renamed", Location(renamed.source))]
        near = near_misses(self.model, name)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        number = self.model.index.get(name)
        if number is not None:
            return [
                Reason(f"Linux {version} mentions {name} and defines it nowhere ({self.model.arch})", "not-in-kernel")
            ]
        return [Reason(f"Linux {version} has no {name} ({self.model.arch}){hint}", "unknown-symbol")]

    def told_once(self, reasons: list[Reason]) -> list[Reason]:
        """The chain without what it has told before, and without what stands below that."""
        seen: set[tuple[str, Location | None]] = set()
        out: list[Reason] = []
        skip = -1
        for reason in reasons:
            if 0 <= skip < reason.depth:
                continue
            skip = -1
            key = (reason.text, reason.where)
            if key in seen:
                skip = reason.depth
                continue
            seen.add(key)
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
            return [
                reason.__class__(reason.text, reason.kind, reason.where, depth) for reason in self.unknown(entry.name)
            ]
        if symbol in seen or depth > MAX_DEPTH:
            return []
        seen |= {symbol}
        if want == MOD and entry.type == Type.BOOL:
            want = YES
        if resolver.visible(symbol) >= want:
            return self._not_asked(symbol, want, depth)
        if not self.has_prompt(symbol):
            return self._promptless(symbol, want, depth, seen)
        out: list[Reason] = []
        for d in entry.definitions[:MAX_SHOWN]:
            if model.definitions[d].prompt is not None:
                out += self._invisible(d, want, depth, seen)
        return out[:MAX_REASONS]

    def _not_asked(self, symbol: int, want: int, depth: int) -> list[Reason]:
        """A symbol that could be set: why it is not."""
        name = self.model.symbols[symbol].name
        choice = self.model.choice_of.get(symbol)
        if choice is not None:
            return self._choice_lost(symbol, choice, depth)
        line = self.user.lines.get(symbol)
        if line is not None:
            return [Reason(f"{name} is set to {line.value} in the configuration", "explicit", location(line), depth)]
        value = self.resolver.text(symbol)
        if value == "n":
            text = f"{name} can be set to {LETTER[want]}, but nothing asks for it and its default is n"
        else:
            text = f"{name} can be set to {LETTER[want]}, but its default is {value}"
        return [Reason(text, "not-asked", self.defined_at(symbol), depth)]

    def _choice_lost(self, symbol: int, choice: int, depth: int) -> list[Reason]:
        pick = self.resolver.choice_pick(choice)
        definition = self.model.definitions[self.model.choices[choice].definitions[0]]
        where = self.place(definition.file, definition.line)
        name = self.model.symbols[symbol].name
        if pick is None:
            return [Reason(f"the choice of which {name} is one has no value", "choice", where, depth)]
        winner = self.model.symbols[pick].name
        out = [
            Reason(f"of the choice of which {name} is one, {winner} is set: only one can be", "choice", where, depth)
        ]
        line = self.user.lines.get(pick)
        if line is not None and self.user.tri.get(pick) == YES:
            out.append(Reason(f"{winner} is asked for here, and counts", "explicit", location(line), depth + 1))
        else:
            out.append(Reason(f"{winner} is the default of the choice", "default", where, depth + 1))
        return out

    def _promptless(self, symbol: int, want: int, depth: int, seen: frozenset[int]) -> list[Reason]:
        entry = self.model.symbols[symbol]
        out = [
            Reason(
                f"{entry.name} has no prompt: no line can set it, only defaults and selects do",
                "no-prompt",
                self.defined_at(symbol),
                depth,
            )
        ]
        for d in entry.definitions[:MAX_SHOWN]:
            definition = self.model.definitions[d]
            if definition.defaults:
                broken = self._failing_chain(definition.context, want, depth + 1, seen)
                out += broken
                if not broken:
                    out += self._failing_defaults(d, want, depth + 1, seen)
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
        if len(selects) == 1:
            cond = f" if {self.model.expr_text(first.cond)}" if first.cond else ""
            text = f"only {names[0]} selects it{cond}"
            if self.resolver.tri(first.source) < want:
                out = [Reason(f"{text}: {self.shown(first.source)}", "not-asked", where, depth)]
                return out + self._below(first.source, want, depth + 1, seen)
            return self._failing(text, first.cond, want, where, depth, seen)
        more = f" and {len(names) - MAX_SHOWN} more" if len(names) > MAX_SHOWN else ""
        return [Reason(f"{', '.join(names[:MAX_SHOWN])}{more} select it: none does here", "not-asked", where, depth)]

    def _failing_defaults(self, d: int, want: int, depth: int, seen: frozenset[int]) -> list[Reason]:
        definition = self.model.definitions[d]
        out: list[Reason] = []
        for default in definition.defaults[:MAX_SHOWN]:
            where = self.place(definition.file, default.line)
            value = self.model.expr_text(default.value)
            if self.resolver.expr(default.cond) < want:
                text = f"default {value} if {self.model.expr_text(default.cond)}"
                out += self._failing(text, default.cond, want, where, depth, seen)
            else:
                out += self._failing(f"default {value}", default.value, want, where, depth, seen)
                break
        return out

    def _invisible(self, d: int, want: int, depth: int, seen: frozenset[int]) -> list[Reason]:
        definition = self.model.definitions[d]
        out = self._failing_chain(definition.context, want, depth, seen)
        prompt = definition.prompt
        if prompt is not None:
            if self.resolver.expr(prompt.cond) < want:
                text = f"can be set only if {self.model.expr_text(prompt.cond)}"
                out += self._failing(text, prompt.cond, want, self.place(definition.file, prompt.line), depth, seen)
            out += self._failing_chain(prompt.visible, want, depth, seen)
        return out

    def _failing_chain(self, condition: int, want: int, depth: int, seen: frozenset[int]) -> list[Reason]:
        out: list[Reason] = []
        for link in self.model.chain(condition):
            if self.resolver.expr(link.expr) < want:
                out += self._failing_link(link, want, depth, seen)
        return out

    def _failing_link(self, link: Condition, want: int, depth: int, seen: frozenset[int]) -> list[Reason]:
        where = self.place(link.file, link.line)
        it = self.model.exprs[link.expr]
        if it.op in (Op.CHOICE, Op.CHOICE_Y):
            value = LETTER[self.resolver.choice_value(it.args[0])]
            out = [Reason(f"the choice around it is {value}", "choice", where, depth)]
            for d in self.model.choices[it.args[0]].definitions[:MAX_SHOWN]:
                out += self._invisible(d, want, depth + 1, seen)
            return out
        text = f"{WHERE_TEXT[Where(link.where)]} {self.model.expr_text(link.expr)}" + "'" * (link.where == Where.IF)
        return self._failing(text, link.expr, want, where, depth, seen)

    def _failing(
        self, text: str, expr: int, want: int, where: Location, depth: int, seen: frozenset[int]
    ) -> list[Reason]:
        """A statement whose expression is below `want`: the part that fails, then why each symbol in it is so."""
        leaves = list(dict.fromkeys(self.blame(expr, want)))
        states = [state for state in map(self.leaf_state, leaves) if state]
        got = self.resolver.expr(expr)
        tail = f": {', '.join(dict.fromkeys(states))}" if states else f": {LETTER[got]}"
        out = [Reason(text + tail, "unmet-dependency", where, depth)]
        for leaf in leaves[:MAX_SHOWN]:
            it = self.model.exprs[leaf]
            if it.op == Op.ATOM and it.args[0] < len(self.model.symbols):
                out += self._below(it.args[0], want, depth + 1, seen)
            elif it.op == Op.ATOM:
                out.append(Reason(self.probe_text(it.args[0]), "probe", None, depth + 1))
            elif it.op == Op.NOT:
                inner = self.model.exprs[it.args[0]]
                if inner.op == Op.ATOM and inner.args[0] < len(self.model.symbols):
                    out += self._above(inner.args[0], NO, depth + 1, seen)
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

    def leaf_state(self, leaf: int) -> str:
        it = self.model.exprs[leaf]
        count = len(self.model.symbols)
        if it.op == Op.ATOM:
            return self.shown(it.args[0]) if it.args[0] < count else ""
        if it.op == Op.NOT and self.model.exprs[it.args[0]].op == Op.ATOM:
            inner = self.model.exprs[it.args[0]].args[0]
            return self.shown(inner) if inner < count else ""
        if it.op in RELATIONS:
            return ", ".join(self.shown(arg) for arg in it.args if arg < count and self.model.symbols[arg].definitions)
        return ""

    def probe_text(self, atom: int) -> str:
        name = self.model.atom_text(atom)
        if name in ("m", "n", "y"):
            return f"this is the constant {name}"
        return f"the toolchain answers no to {name}"

    # Why (so much)

    def _above(self, symbol: int, want: int, depth: int, seen: frozenset[int]) -> list[Reason]:
        if symbol in seen or depth > MAX_DEPTH:
            return []
        seen |= {symbol}
        model, resolver = self.model, self.resolver
        entry = model.symbols[symbol]
        value = resolver.tri(symbol)
        line = self.user.lines.get(symbol)
        if resolver.forced(symbol) > want and symbol not in model.choice_of:
            return self._selected(symbol, want, depth, seen)
        asked = self.user.tri.get(symbol)
        if asked == MOD and value == YES and resolver.visible(symbol):
            return [self.modules_off(symbol, depth)]
        if asked is not None and asked > want and resolver.visible(symbol):
            text = f"{entry.name}={LETTER[asked]} is asked for in the configuration"
            return [Reason(text, "explicit", location(line) if line else None, depth)]
        choice = model.choice_of.get(symbol)
        if choice is not None:
            first = model.definitions[model.choices[choice].definitions[0]]
            text = f"{entry.name} is what its choice is set to: one member has to be"
            return [Reason(text, "choice", self.place(first.file, first.line), depth)]
        return self._defaulted(symbol, depth)

    def modules_off(self, symbol: int, depth: int) -> Reason:
        entry = self.model.symbols[symbol]
        if entry.type == Type.BOOL:
            return Reason(f"{entry.name} is a bool: m becomes y", "modules-off", self.defined_at(symbol), depth)
        where = self.defined_at(self.model.modules) if self.model.modules >= 0 else None
        return Reason("MODULES is n: m becomes y", "modules-off", where, depth)

    def _selected(self, symbol: int, want: int, depth: int, seen: frozenset[int]) -> list[Reason]:
        model, resolver = self.model, self.resolver
        entry = model.symbols[symbol]
        active = [s for s in entry.selected_by if resolver.select_value(s) > want]
        active.sort(key=lambda s: model.selects[s].source not in self.user)  # what the configuration names comes first
        out: list[Reason] = []
        for number in active[:MAX_SHOWN]:
            select = model.selects[number]
            source = model.symbols[select.source].name
            cond = f" if {model.expr_text(select.cond)}" if select.cond else ""
            text = f"{source} selects {entry.name}{cond}, and {self.shown(select.source)}"
            where = self.place(model.definitions[select.definition].file, select.line)
            out.append(Reason(text, "selected", where, depth))
            if len(out) < MAX_REASONS:
                out += self._above(select.source, NO, depth + 1, seen)
        if len(active) > MAX_SHOWN:
            out.append(
                Reason(f"and {len(active) - MAX_SHOWN} more symbols select {entry.name}", "selected", None, depth)
            )
        return out

    def _defaulted(self, symbol: int, depth: int) -> list[Reason]:
        model, resolver = self.model, self.resolver
        entry = model.symbols[symbol]
        for d in entry.definitions:
            definition = model.definitions[d]
            for default in definition.defaults:
                if resolver.cond(definition.context) and resolver.expr(default.cond):
                    cond = f" if {model.expr_text(default.cond)}" if default.cond else ""
                    text = (
                        f"{entry.name} is not set in the configuration; default {model.expr_text(default.value)}{cond}"
                    )
                    if not self.has_prompt(symbol):
                        text = f"{entry.name} has no prompt; default {model.expr_text(default.value)}{cond}"
                    return [Reason(text, "default", self.place(definition.file, default.line), depth)]
        for number in entry.implied_by:
            if resolver.select_value(number):
                select = model.selects[number]
                text = f"{model.symbols[select.source].name} implies {entry.name}"
                where = self.place(model.definitions[select.definition].file, select.line)
                return [Reason(text, "default", where, depth)]
        return []
