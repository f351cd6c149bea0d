"""What a choice is set to: `sym_calc_choice` of scripts/kconfig/symbol.c, since 6.11 and before."""

from __future__ import annotations

from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.evaluate import CircleError, Evaluation
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.tristate import MOD, NO, YES


class Choosing(Evaluation):
    """Choices of one configuration."""

    def __init__(self, model: Model, user: UserValues, answers: dict[str, str]) -> None:
        super().__init__(model, answers)
        self.user = user

    def _begin(self, model: Model) -> None:
        super()._begin(model)
        count = len(model.symbols)
        self._visible = bytearray(count)
        self._written = bytearray(count)
        self._choice_tri: dict[int, int] = {}
        self._choice_pick: dict[int, int | None] = {}
        self._busy_choices: dict[int, bool] = {}  # while it is computed: whether its own value is known

    def _visibility(self, symbol: int) -> int:
        raise NotImplementedError

    def choice_value(self, choice: int) -> int:
        """A choice's own value (kernels before 6.11)."""
        if choice not in self._choice_tri:
            self._busy_choices[choice] = False
            depth = self._depth
            try:
                self._calc_old_choice(choice)
            except CircleError:
                del self._busy_choices[choice]
                if self._busy_choices or any(self._busy):
                    raise
                self._depth = depth
                self._untangle()
                return self.choice_value(choice)
            del self._busy_choices[choice]
        elif not self._busy_choices.get(choice, True):
            self._again()
        return self._choice_tri[choice]

    def _is_first(self, symbol: int) -> bool:
        """Whether nothing else is being computed; a symbol is not from here on, nor what is computed along with it."""
        self._busy[symbol] = 0
        for member in () if self._model.choice_values else self._members_of(symbol):
            self._busy[member] = 0
        return not self._busy_choices and not any(self._busy)

    def _members_of(self, symbol: int) -> tuple[int, ...]:
        """The members of the choice that a symbol is one of."""
        choice = self._model.choice_of.get(symbol)
        return () if choice is None else self._model.choices[choice].members

    def _members_by_priority(self, choice: int) -> list[int]:
        """Members that the configuration names come first, the last named before the others."""
        named = self.user.members.get(choice, [])
        return named + [m for m in self._model.choices[choice].members if m not in named]

    def choice_default(self, choice: int) -> int | None:
        """The member that a choice takes without a user's word."""
        entry = self._model.choices[choice]
        for default, _ in self.defaults_of(entry.definitions):
            member = self._model.exprs[default.value].args[0]
            if member < self._count and self._visible[member]:
                return member
        return next((m for m in entry.members if self._visible[m]), None)

    def _calc_choice(self, choice: int) -> None:
        """sym_calc_choice since 6.11: exactly one visible member is y."""
        asked = self.user.tri
        members = self._model.choices[choice].members
        order = self._members_by_priority(choice)
        for member in order:
            self._busy[member] = 1
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
            self._busy[member] = 0
            self._done[member] = 1

    def _calc_old_choice(self, choice: int) -> None:
        """A choice as a symbol: its value bounds its members, and one member is y while the choice is y."""
        entry = self._model.choices[choice]
        self._choice_tri[choice] = NO
        if entry.type == Type.UNKNOWN:
            return
        visible = shown = NO
        for d in entry.definitions:
            definition = self._model.definitions[d]
            if definition.prompt is not None:
                value = min(self.cond(definition.context), self.expr(definition.prompt.cond))
                if value and definition.prompt.visible >= 0:
                    value = min(value, self.cond(definition.prompt.visible))
                visible = max(visible, value)
                if definition.prompt.line > definition.line:  # else it is an earlier prompt of another definition
                    shown = max(shown, value)
        forced = NO if entry.optional else min(shown, MOD)
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
        self._busy_choices[choice] = True
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
