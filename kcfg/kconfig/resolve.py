"""Model x user values -> the values that `make olddefconfig` gives, symbol for symbol.

Follows `sym_calc_value`, `sym_calc_visibility` and `sym_calc_choice` of scripts/kconfig/symbol.c. A symbol is computed
when it is first asked for, so a question about few symbols costs little. Before 6.11 a choice is a symbol with a value
of its own, before 6.10 an out-of-range number is dropped (`Model.choice_values`, `Model.drop_out_of_range`).
"""

from __future__ import annotations

from kcfg.base.version import KernelVersion
from kcfg.kconfig.assign import UserValues, valid_text
from kcfg.kconfig.choosing import Choosing
from kcfg.kconfig.evaluate import CircleError
from kcfg.kconfig.model import Model, Op, Type
from kcfg.kconfig.tristate import MOD, NO, YES

EMPTY = {Type.INT: "0", Type.HEX: "0x0", Type.STRING: ""}
BUCKETS = 9973  # SYMBOL_HASHSIZE
ZERO_SINCE = (6, 8, 0)  # a number without a value and a default is empty in older kernels


class Resolver(Choosing):
    """The values of one configuration. `answers` maps probe keys to what they print; those without one count as n
    or empty."""

    def __init__(self, model: Model, user: UserValues, answers: dict[str, str] | None = None) -> None:
        super().__init__(model, user, answers or {})
        self._asked_texts = user.text
        self._lines: list[tuple[int, str]] | None = None
        self._zeros = KernelVersion.parse(model.version).key >= ZERO_SINCE
        self._choice_of = model.choice_of
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

    def direct(self, symbol: int) -> int:
        """The direct dependency: the best of its definitions that have one, y where none has (`dir_dep`)."""
        best = -1
        for d in self._model.symbols[symbol].definitions:
            context = self._model.definitions[d].context
            if context >= 0:
                best = max(best, self.cond(context))
                if best == YES:
                    break
        return self._promoted(symbol, YES if best < 0 else best)

    def forced(self, symbol: int, *, imply: bool = False) -> int:
        """The lower bound that selects give (or the suggestion that implies give)."""
        entry = self._model.symbols[symbol]
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
        select = self._model.selects[number]
        value = self.tri(select.source)
        if value:
            value = min(value, self.cond(self._model.definitions[select.definition].context), self.expr(select.cond))
        return value

    def choice_pick(self, choice: int) -> int | None:
        """The member that is y, or None."""
        members = self._model.choices[choice].members
        return next((member for member in members if self.tri(member) == YES), None)

    def speaker(self, symbol: int) -> int | None:
        """The symbol whose line speaks for this one: itself, or a transitional one whose line its default reads; None:
        no line does."""
        if symbol in self.user:
            return symbol
        olds = self.model.carried_from.get(symbol, ())
        default = self.first_default(symbol) if any(old in self.user for old in olds) else None
        it = None if default is None else self.model.exprs[default[0].value]
        old = it.args[0] if it is not None and it.op == Op.ATOM else -1
        return old if old in olds and old in self.user else None

    def lines(self) -> list[tuple[int, str]]:
        """(symbol, value) for every line that .config gets, in the order of the symbols."""
        if self._lines is not None:
            return self._lines
        done, written = self._done, self._written
        out = []
        for number, symbol in enumerate(self._model.symbols):
            if symbol.definitions:
                if not done[number]:
                    self._calc(number)
                    if done is not self._done:  # it began anew, and what was known is to be asked again
                        return self.lines()
                if written[number]:
                    out.append((number, self._string(number)))
        self._lines = out
        return out

    def enabled(self) -> dict[int, str]:
        """The bools and tristates that are y or m in .config; a text "y" is none of them."""
        symbols = self._model.symbols
        texts = ((number, text) for number, text in self.lines() if symbols[number].type <= Type.TRISTATE)
        return {number: text for number, text in texts if text != "n"}

    def _promoted(self, symbol: int, value: int) -> int:
        """m means y for a bool, and for everything while MODULES is n (sym_get_type)."""
        if value == MOD and (not self.modules or self._model.symbols[symbol].type == Type.BOOL):
            return YES
        return value

    # Symbols

    def _visibility(self, symbol: int) -> int:
        model = self._model
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
        if value == MOD and self._model.symbols[symbol].type == Type.TRISTATE and self.choice_value(choice) == YES:
            return NO
        return value

    def _calc(self, symbol: int) -> None:
        self._depth += 1
        if self._depth >= self._floor:
            return self._elsewhere(self._calc, symbol)
        if self._busy[symbol]:
            self._again()
        else:
            self._busy[symbol] = 1
            depth = self._depth
            try:
                self._settle(symbol)
            except CircleError:
                if not self._is_first(symbol):
                    raise
                self._depth = depth - 1
                self._untangle()
                self._calc(symbol)
                return None
            self._busy[symbol] = 0
            self._done[symbol] = 1
        self._depth -= 1
        return None

    def _settle(self, symbol: int) -> None:
        """sym_calc_value."""
        entry = self._model.symbols[symbol]
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
        elif not self._model.choice_values:
            self._calc_choice(choice)
        elif visible == YES:
            self.choice_value(choice)
            if choice in self._busy_choices:
                self._again()
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
            default = self.first_default(symbol)
            value = NO if default is None else min(default[1], self.expr(default[0].value))
            if value or forced:
                self._written[symbol] = 1
            implied = NO if member else self.forced(symbol, imply=True)
            if implied:
                self._written[symbol] = 1
                value = min(max(value, implied), self.direct(symbol))
        if forced and self.direct(symbol) < forced:
            self.unmet.append(symbol)
        self._tri[symbol] = self._promoted(symbol, max(value, forced))

    def _calc_text(self, symbol: int, kind: int, visible: int) -> None:
        self._text[symbol] = EMPTY[Type(kind)] if self._zeros else ""
        asked = self._asked_texts.get(symbol) if visible else None
        if asked is not None:
            self._text[symbol] = asked
        else:
            default = self.first_default(symbol)
            source = None if default is None else self._model.exprs[default[0].value]
            if source is not None and source.op == Op.ATOM:
                self._written[symbol] = 1
                self._text[symbol] = self.raw(source.args[0])
        if kind != Type.STRING:
            bound = self.out_of_range(symbol, self._text[symbol])
            if bound is not None:
                self._text[symbol] = self.raw(bound)

    def _drop_out_of_range(self) -> None:
        """conf_read before 6.10: after the first pass, numbers out of their range lose their user value; what was
        computed from the clamped value stays. Each sees what is left of those before it, in the order of conf's hash
        table."""
        numbers = [s for s in self._asked_texts if self._model.symbols[s].type != Type.STRING]
        if not any(self._to_drop(symbol) for symbol in numbers):
            return
        for number, entry in enumerate(self._model.symbols):
            if entry.definitions:
                self.tri(number)
        numbers.sort(key=lambda symbol: (fnv32(self._model.symbols[symbol].name) % BUCKETS, -symbol))
        dropped = []
        self._asked_texts = dict(self._asked_texts)
        for symbol in numbers:
            if self._to_drop(symbol):
                dropped.append(symbol)
                del self._asked_texts[symbol]
                self._done[symbol] = self._written[symbol] = 0
                self._expr[1:] = [-1] * (len(self._expr) - 1)
                self._cond[:-1] = [-1] * (len(self._cond) - 1)
        for symbol in dropped:
            self.tri(symbol)

    def _to_drop(self, symbol: int) -> bool:
        self.tri(symbol)
        text = self._asked_texts[symbol]
        return valid_text(self._model.symbols[symbol].type, text) and self.out_of_range(symbol, text) is not None


def fnv32(name: str) -> int:
    """strhash of scripts/kconfig/symbol.c."""
    value = 2166136261
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value
