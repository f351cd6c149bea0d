"""Model x user values -> the values that `make olddefconfig` gives, symbol for symbol.

Follows `sym_calc_value`, `sym_calc_visibility` and `sym_calc_choice` of scripts/kconfig/symbol.c. A symbol is computed
when it is first asked for, so a question about few symbols costs little. Before 6.11 a choice is a symbol with a value
of its own, before 6.10 an out-of-range number is dropped (`Model.choice_values`, `Model.drop_out_of_range`).
"""

from __future__ import annotations

import sys

from kcfg.base.version import KernelVersion
from kcfg.kconfig.assign import UserValues, valid_text
from kcfg.kconfig.model import TOKEN, AtomKind, Model, Op, Range, Type
from kcfg.kconfig.numbers import compare_numbers, number_prefix, parse_number

NO, MOD, YES = 0, 1, 2
LETTER = "nmy"
DEPTH = 200_000  # Python frames; a chain of dependencies takes a few for each link
EMPTY = {Type.INT: "0", Type.HEX: "0x0", Type.STRING: ""}
BUCKETS = 9973  # SYMBOL_HASHSIZE
ZERO_SINCE = (6, 8, 0)  # a number without a value and a default is empty in older kernels


class Resolver:
    """The values of one configuration. `answers` maps probe keys to what they print; those without one count as n
    or empty, and `unanswered` names those that were needed so far."""

    def __init__(self, model: Model, user: UserValues, answers: dict[str, str] | None = None) -> None:
        sys.setrecursionlimit(max(sys.getrecursionlimit(), DEPTH))
        self.model = model
        self.user = user
        self.answers = answers or {}
        self.unmet: list[int] = []  # selected although their dependencies are not met
        count = len(model.symbols)
        self._count = count
        total = count + len(model.atoms)
        self._done = bytearray(total)
        self._tri = [NO] * total
        self._text: list[str] = [""] * total
        self._visible = bytearray(count)
        self._written = bytearray(count)
        self._expr: list[int] = [-1] * len(model.exprs)
        self._expr[0] = YES
        self._cond: list[int] = [-1] * (len(model.conditions) + 1)
        self._cond[-1] = YES  # the empty chain: index -1
        self._choice_tri: dict[int, int] = {}
        self._choice_pick: dict[int, int | None] = {}
        self._choosing = 0
        self._zeros = KernelVersion.parse(model.version).key >= ZERO_SINCE
        self._choice_of = model.choice_of
        self.modules = NO
        self._load_atoms()
        if model.modules >= 0:
            self._calc(model.modules)
            self.modules = self._tri[model.modules]
        if model.drop_out_of_range:
            self._drop_out_of_range()

    # Questions

    def tri(self, symbol: int) -> int:
        """0, 1 or 2 for n, m, y; 0 for a symbol that is no bool or tristate."""
        if not self._done[symbol]:
            self._calc(symbol)
        return self._tri[symbol]

    def text(self, symbol: int) -> str:
        """The value as a .config has it, without quotes: y, m, n, 42, 0x10, some text."""
        if not self._done[symbol]:
            self._calc(symbol)
        return self._string(symbol)

    def visible(self, symbol: int) -> int:
        """What a user may set it to at most: 0, 1 or 2."""
        if not self._done[symbol]:
            self._calc(symbol)
        return self._visible[symbol]

    def written(self, symbol: int) -> bool:
        """Whether the symbol gets a line in .config (SYMBOL_WRITE)."""
        if not self._done[symbol]:
            self._calc(symbol)
        return bool(self._written[symbol])

    def expr(self, expr: int) -> int:
        """The value of an expression."""
        value = self._expr[expr]
        return value if value >= 0 else self._eval(expr)

    def cond(self, condition: int) -> int:
        """The value of a chain of conditions."""
        value = self._cond[condition]
        return value if value >= 0 else self._chain(condition)

    def direct(self, symbol: int) -> int:
        """The direct dependency: the best of its definitions that have one, y where none has (`dir_dep`)."""
        best = -1
        for d in self.model.symbols[symbol].definitions:
            context = self.model.definitions[d].context
            if context >= 0:
                best = max(best, self.cond(context))
                if best == YES:
                    break
        return self._promoted(symbol, YES if best < 0 else best)

    def forced(self, symbol: int, *, imply: bool = False) -> int:
        """The lower bound that selects give (or the suggestion that implies give)."""
        entry = self.model.symbols[symbol]
        best = NO
        for number in entry.implied_by if imply else entry.selected_by:
            value = self.select_value(number)
            if value > best:
                best = value
                if best == YES:
                    break
        return self._promoted(symbol, best)

    def select_value(self, number: int) -> int:
        """What one select or imply asks for."""
        select = self.model.selects[number]
        value = self.tri(select.source)
        if value:
            value = min(value, self.cond(self.model.definitions[select.definition].context), self.expr(select.cond))
        return value

    def choice_value(self, choice: int) -> int:
        """A choice's own value (kernels before 6.11)."""
        if choice not in self._choice_tri:
            self._calc_old_choice(choice)
        return self._choice_tri[choice]

    def choice_pick(self, choice: int) -> int | None:
        """The member that is y, or None."""
        members = self.model.choices[choice].members
        return next((member for member in members if self.tri(member) == YES), None)

    def lines(self) -> list[tuple[int, str]]:
        """(symbol, value) for every line that .config gets, in the order of the symbols."""
        out = []
        for number, symbol in enumerate(self.model.symbols):
            if symbol.definitions and self.written(number):
                out.append((number, self._string(number)))
        return out

    # Atoms

    def _load_atoms(self) -> None:
        for i, atom in enumerate(self.model.atoms, self._count):
            text = atom.text
            if atom.kind == AtomKind.PROBE:
                text = self.answers.get(self.model.probes[int(text)].key, "")
            elif atom.kind == AtomKind.TEMPLATE:
                text = TOKEN.sub(lambda m: self.answers.get(self.model.probes[int(m[1])].key, ""), text)
            self._text[i] = text
            self._tri[i] = {"y": YES, "m": MOD}.get(text, NO)
            self._done[i] = 1

    def _string(self, atom: int) -> str:
        if atom < self._count and self.model.symbols[atom].type in (Type.BOOL, Type.TRISTATE):
            value = self._tri[atom]
            return "n" if value == MOD and not self.modules else LETTER[value]
        return self._text[atom]

    def _type(self, atom: int) -> int:
        if atom < self._count:
            return self.model.symbols[atom].type
        return Type.TRISTATE if self._text[atom] in ("y", "m", "n") else Type.UNKNOWN

    # Expressions

    def _eval(self, expr: int) -> int:
        it = self.model.exprs[expr]
        op, args = it.op, it.args
        memo = self._expr
        if op == Op.ATOM:
            atom = args[0]
            if not self._done[atom]:
                self._calc(atom)
            value = self._tri[atom]
        elif op == Op.AND:
            value = YES
            for arg in args:
                part = memo[arg]
                if part < 0:
                    part = self._eval(arg)
                if part < value:
                    value = part
                    if not value:
                        break
        elif op == Op.OR:
            value = NO
            for arg in args:
                part = memo[arg]
                if part < 0:
                    part = self._eval(arg)
                if part > value:
                    value = part
                    if value == YES:
                        break
        elif op == Op.NOT:
            value = YES - self.expr(args[0])
        elif op == Op.IS_NO:
            value = NO if self.expr(args[0]) else YES
        elif op == Op.CHOICE:
            return self.choice_value(args[0])
        elif op == Op.CHOICE_Y:
            return YES if self.choice_value(args[0]) == YES else NO
        else:
            value = YES if self._relation(op, args[0], args[1]) else NO
        memo[expr] = value
        return value

    def _relation(self, op: int, left: int, right: int) -> bool:
        for atom in (left, right):
            if not self._done[atom]:
                self._calc(atom)
        a, b = self._string(left), self._string(right)
        kinds = self._type(left), self._type(right)
        x = y = None
        if kinds != (Type.STRING, Type.STRING):
            x, y = parse_number(a, kinds[0]), parse_number(b, kinds[1])
        order = (a > b) - (a < b) if x is None or y is None else compare_numbers(x, y, unsigned=Type.HEX in kinds)
        return {
            Op.EQ: order == 0,
            Op.NE: order != 0,
            Op.LT: order < 0,
            Op.LE: order <= 0,
            Op.GT: order > 0,
            Op.GE: order >= 0,
        }[Op(op)]

    def _chain(self, condition: int) -> int:
        links = []
        memo = self._cond
        while memo[condition] < 0:  # a loop: blocks can be nested deeper than Python's stack likes
            links.append(condition)
            condition = self.model.conditions[condition].parent
        value = memo[condition]
        for link in reversed(links):
            if value:
                value = min(value, self.expr(self.model.conditions[link].expr))
            if not self._choosing:
                memo[link] = value
        return value

    def _promoted(self, symbol: int, value: int) -> int:
        """m means y for a bool, and for everything while MODULES is n (sym_get_type)."""
        if value == MOD and (not self.modules or self.model.symbols[symbol].type == Type.BOOL):
            return YES
        return value

    # Symbols

    def _visibility(self, symbol: int) -> int:
        model = self.model
        entry = model.symbols[symbol]
        best = YES if entry.flags & Model.TRANSITIONAL else NO
        for d in entry.definitions:
            definition = model.definitions[d]
            prompt = definition.prompt
            if prompt is None:
                continue
            value = self.cond(definition.context)
            if value:
                value = min(value, self.expr(prompt.cond))
                if value and prompt.visible >= 0:
                    value = min(value, self.cond(prompt.visible))
                if value and model.choice_values and definition.choice >= 0:
                    value = self._old_member_visibility(symbol, definition.choice, value)
                best = max(best, value)
        if best == MOD and (entry.type != Type.TRISTATE or not self.modules):
            best = YES
        self._visible[symbol] = best
        return best

    def _old_member_visibility(self, symbol: int, choice: int, value: int) -> int:
        """A tristate member that is visible at m is not visible at all while its choice is y."""
        if value == MOD and self.model.symbols[symbol].type == Type.TRISTATE and self.choice_value(choice) == YES:
            return NO
        return value

    def _calc(self, symbol: int) -> None:
        self._done[symbol] = 1
        entry = self.model.symbols[symbol]
        kind = entry.type
        if kind == Type.UNKNOWN:
            self._text[symbol] = entry.name
            return
        visible = self._visibility(symbol)
        if visible:
            self._written[symbol] = 1
        choice = self._choice_of.get(symbol)
        if kind > Type.TRISTATE:
            self._calc_text(symbol, kind, visible)
        elif choice is None:
            # sym_calc_visibility leaves the selects of a transitional symbol out, as those of a choice's members
            self._calc_tristate(symbol, visible, member=bool(entry.flags & Model.TRANSITIONAL))
        elif not self.model.choice_values:
            self._calc_choice(choice)
        elif visible == YES:
            self.choice_value(choice)
            self._tri[symbol] = YES if self._choice_pick.get(choice) == symbol else NO
        else:
            self._calc_tristate(symbol, visible, member=True)
        if entry.flags & (Model.NO_WRITE | Model.TRANSITIONAL):
            self._written[symbol] = 0

    def _calc_tristate(self, symbol: int, visible: int, *, member: bool) -> None:
        asked = self.user.tri.get(symbol) if visible else None
        forced = NO if member else self.forced(symbol)
        if asked is not None:
            value = min(asked, visible)
        else:
            value = self._default_tristate(symbol)
            if value or forced:
                self._written[symbol] = 1
            implied = NO if member else self.forced(symbol, imply=True)
            if implied:
                self._written[symbol] = 1
                value = min(max(value, implied), self.direct(symbol))
        if forced and self.direct(symbol) < forced:
            self.unmet.append(symbol)
        self._tri[symbol] = self._promoted(symbol, max(value, forced))

    def _default_tristate(self, symbol: int) -> int:
        """The first default whose condition is not n, even if its value is n."""
        for d in self.model.symbols[symbol].definitions:
            definition = self.model.definitions[d]
            for default in definition.defaults:
                cond = min(self.cond(definition.context), self.expr(default.cond))
                if cond:
                    return min(cond, self.expr(default.value))
        return NO

    def _calc_text(self, symbol: int, kind: int, visible: int) -> None:
        self._text[symbol] = EMPTY[Type(kind)] if self._zeros else ""
        asked = self.user.text.get(symbol) if visible else None
        if asked is not None:
            self._text[symbol] = asked
        else:
            source = self._default_atom(symbol)
            if source is not None:
                self._written[symbol] = 1
                self._text[symbol] = self.raw(source)
        if kind != Type.STRING:
            bound = self.out_of_range(symbol, self._text[symbol])
            if bound is not None:
                self._text[symbol] = self.raw(bound)

    def _default_atom(self, symbol: int) -> int | None:
        for d in self.model.symbols[symbol].definitions:
            definition = self.model.definitions[d]
            for default in definition.defaults:
                if self.cond(definition.context) and self.expr(default.cond):
                    it = self.model.exprs[default.value]
                    return it.args[0] if it.op == Op.ATOM else None
        return None

    def raw(self, atom: int) -> str:
        """`curr.val` of an atom: a bool's is always "n"."""
        if not self._done[atom]:
            self._calc(atom)
        if atom < self._count and self.model.symbols[atom].type in (Type.BOOL, Type.TRISTATE):
            return "n"
        return self._text[atom]

    def range_of(self, symbol: int) -> Range | None:
        """The range that applies: the first whose condition is not n."""
        for d in self.model.symbols[symbol].definitions:
            definition = self.model.definitions[d]
            for limits in definition.ranges:
                if self.cond(definition.context) and self.expr(limits.cond):
                    return limits
        return None

    def out_of_range(self, symbol: int, text: str) -> int | None:
        """The bound (an atom) that a value is clamped to, or None where it is within its range."""
        limits = self.range_of(symbol)
        if limits is None:
            return None
        base = 16 if self.model.symbols[symbol].type == Type.HEX else 10
        value = number_prefix(text, base)
        if value < self._bound(limits.low, base):
            return limits.low
        return limits.high if value > self._bound(limits.high, base) else None

    def _bound(self, atom: int, base: int) -> int:
        kind = self._type(atom)
        base = {Type.INT: 10, Type.HEX: 16}.get(Type(kind), base)
        return number_prefix(self.raw(atom), base)

    def _drop_out_of_range(self) -> None:
        """conf_read before 6.10: after the first pass, numbers out of their range lose their user value; what was
        computed from the clamped value stays. Each sees what is left of those before it, in the order of conf's hash
        table."""
        numbers = [s for s in self.user.text if self.model.symbols[s].type != Type.STRING]
        if not any(self._to_drop(symbol) for symbol in numbers):
            return
        for number, entry in enumerate(self.model.symbols):
            if entry.definitions:
                self.tri(number)
        numbers.sort(key=lambda symbol: (fnv32(self.model.symbols[symbol].name) % BUCKETS, -symbol))
        dropped = []
        for symbol in numbers:
            if self._to_drop(symbol):
                dropped.append(symbol)
                del self.user.text[symbol]
                self._done[symbol] = self._written[symbol] = 0
                self._expr[1:] = [-1] * (len(self._expr) - 1)
                self._cond[:-1] = [-1] * (len(self._cond) - 1)
        for symbol in dropped:
            self.tri(symbol)

    def _to_drop(self, symbol: int) -> bool:
        self.tri(symbol)
        text = self.user.text[symbol]
        return valid_text(self.model.symbols[symbol].type, text) and self.out_of_range(symbol, text) is not None

    # Choices

    def _members_by_priority(self, choice: int) -> list[int]:
        """Members that the configuration names come first, the last named before the others."""
        named = self.user.members.get(choice, [])
        return named + [m for m in self.model.choices[choice].members if m not in named]

    def choice_default(self, choice: int) -> int | None:
        """The member that a choice takes without a user's word."""
        entry = self.model.choices[choice]
        for d in entry.definitions:
            definition = self.model.definitions[d]
            for default in definition.defaults:
                if self.cond(definition.context) and self.expr(default.cond):
                    member = self.model.exprs[default.value].args[0]
                    if member < self._count and self._visible[member]:
                        return member
        return next((m for m in entry.members if self._visible[m]), None)

    def _calc_choice(self, choice: int) -> None:
        """sym_calc_choice since 6.11: exactly one visible member is y."""
        asked = self.user.tri
        members = self.model.choices[choice].members
        order = self._members_by_priority(choice)
        for member in order:
            self._done[member] = 1
        for member in order:
            self._visibility(member)
        shown = [m for m in order if self._visible[m]]
        pick = next((m for m in shown if asked.get(m) == YES), None)
        if pick is None:
            pick = self.choice_default(choice)
            if pick is not None and asked.get(pick) == NO:
                pick = None
        if pick is None:
            pick = next((m for m in members if self._visible[m] and m not in asked), None)
        if pick is None and shown:
            pick = shown[-1]
        for member in members:
            self._tri[member] = YES if member == pick else NO
            self._written[member] = 1 if self._visible[member] else 0

    def _calc_old_choice(self, choice: int) -> None:
        """A choice as a symbol: its value bounds its members, and one member is y while the choice is y."""
        entry = self.model.choices[choice]
        self._choice_tri[choice] = NO
        if entry.type == Type.UNKNOWN:
            return
        visible = NO
        for d in entry.definitions:
            definition = self.model.definitions[d]
            if definition.prompt is not None:
                value = min(self.cond(definition.context), self.expr(definition.prompt.cond))
                if value and definition.prompt.visible >= 0:
                    value = min(value, self.cond(definition.prompt.visible))
                visible = max(visible, value)
        forced = NO if entry.optional else min(visible, MOD)
        only_bool = entry.type != Type.TRISTATE or not self.modules
        if visible == MOD and only_bool:
            visible = YES
        value = NO
        if visible and choice not in self.user.choice_lost:
            value = min(self.user.choice_tri.get(choice, NO), visible)
        value = max(value, forced)
        if value == MOD and only_bool:
            value = YES
        self._choice_tri[choice] = value
        if value != YES:
            return
        self._choosing += 1
        for member in entry.members:
            self._visibility(member)
        self._choosing -= 1
        pick = self.user.choice_pick.get(choice)
        if pick is None or not self._visible[pick]:
            pick = self.choice_default(choice)
        if pick is None:
            self._choice_tri[choice] = NO
        self._choice_pick[choice] = pick


def fnv32(name: str) -> int:
    """strhash of scripts/kconfig/symbol.c."""
    value = 2166136261
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value
