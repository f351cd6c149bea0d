"""Which lines a change should rather have than others, when there are as few of them.

A goal's own line is best, then those that the goals' dependencies speak of, then those that these depend on, then what
selects one of these without a prompt from the same file: a subsystem's own switch, not some driver. A line of the user
is not undone in passing, and what opens or closes a whole world is touched last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kcfg.kconfig.assign import UserValues
from kcfg.kconfig.model import Model, Op, Type
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import LEVEL
from kcfg.solver.results import Alternatives, Goal, Why, all_goals

WORLDS = ("EXPERT", "MODULES", "COMPILE_TEST")
OWN, DIRECT, INDIRECT, NEAR, FAR = range(5)


class Fitness:
    """How far each symbol, or -1 - a choice, is from what is asked for.

    `base`: what the user's lines come to; without it a line speaks for its own symbol alone.
    """

    def __init__(
        self,
        model: Model,
        user: UserValues,
        goals: Sequence[Goal],
        either: Sequence[Alternatives] = (),
        base: Resolver | None = None,
    ) -> None:
        self.model = model
        self.user = user
        self.base = base
        asked = all_goals(goals, either)
        self.goals = {model.index[goal.symbol] for goal in asked if goal.symbol in model.index}
        off = {model.index[goal.symbol] for goal in asked if goal.is_off and goal.symbol in model.index}
        self.distance = dict.fromkeys(self.goals, OWN)
        direct = {other for number in self.goals for other in self.spoken_of(number)} | self.causes(off)
        self.distance |= {number: DIRECT for number in direct if number not in self.distance}
        left = list(direct)
        while left:
            for other in self.spoken_of(left.pop()):
                if other not in self.distance:
                    self.distance[other] = INDIRECT
                    left.append(other)
        switches = {other for number in self.distance for other in self.switches(number)}
        self.distance |= {number: NEAR for number in switches if number not in self.distance}

    def spoken_of(self, number: int) -> set[int]:
        """The symbols in a symbol's own dependencies."""
        out: set[int] = set()
        todo: list[int] = []
        for d in self.model.symbols[number].definitions if number < len(self.model.symbols) else ():
            definition = self.model.definitions[d]
            todo += [link.expr for link in self.model.chain(definition.context)]
            if definition.prompt is not None:
                todo += [definition.prompt.cond, *(link.expr for link in self.model.chain(definition.prompt.visible))]
        while todo:
            it = self.model.exprs[todo.pop()]
            if it.op in (Op.AND, Op.OR, Op.NOT):
                todo += it.args
            elif it.op not in (Op.CHOICE, Op.CHOICE_Y):
                out.update(arg for arg in it.args if arg < len(self.model.symbols))
        return out

    def switches(self, number: int) -> set[int]:
        """What selects a symbol without a prompt from the file that it is defined in."""
        model = self.model
        symbol = model.symbols[number]
        if any(model.definitions[d].prompt is not None for d in symbol.definitions):
            return set()
        files = {model.definitions[d].file for d in symbol.definitions}
        selects = [model.selects[one] for one in symbol.selected_by]
        return {one.source for one in selects if model.definitions[one.definition].file in files}

    def causes(self, numbers: Iterable[int]) -> set[int]:
        """What turns symbols on by selecting or implying them, and what these are selected by."""
        found: set[int] = set()
        left = list(numbers)
        while left:
            symbol = self.model.symbols[left.pop()]
            for select in (*symbol.selected_by, *symbol.implied_by):
                source = self.model.selects[select].source
                if source not in found:
                    found.add(source)
                    left.append(source)
        return found

    def of(self, key: int) -> int:
        """A symbol's distance; a choice's is that of its nearest member."""
        if key >= 0:
            return self.distance.get(key, FAR)
        return min((self.distance.get(member, FAR) for member in self.model.choices[-1 - key].members), default=FAR)

    def why(self, number: int) -> Why:
        """Why a line is there."""
        choice = self.model.choice_of.get(number)
        distance = min(self.of(number), FAR if choice is None else self.of(-1 - choice))
        return {OWN: Why.GOAL, NEAR: Why.OTHER, FAR: Why.OTHER}.get(distance, Why.DEPENDENCY)

    def opens_a_world(self, key: int) -> bool:
        """Whether it is one of those that turn hundreds of others on or off."""
        if key < 0 or key in self.goals:
            return False
        return key == self.model.modules or self.model.symbols[key].name in WORLDS

    def line_of(self, number: int) -> int | None:
        """The symbol whose line speaks for this one, if any does."""
        if self.base is not None:
            return self.base.speaker(number)
        return number if number in self.user else None

    def undoes(self, number: int, new: str) -> bool:
        """Whether a line of the user says something else, and no goal speaks of it."""
        if number in self.goals:
            return False
        line = self.line_of(number)
        if line is None:
            return False
        if self.model.symbols[number].type > Type.TRISTATE:
            return self.user.text.get(line, new) != new
        asked = self.user.tri.get(line)
        return asked is not None and asked != LEVEL.get(new, 0)

    def raises(self, key: int) -> bool:
        """Whether a change of it undoes a line of the user that is not y or n, and may lose nothing by it."""
        line = self.line_of(key)
        return self.has_line(key) and (key < 0 or line is None or self.user.tri.get(line, 1) == 1)

    def has_line(self, key: int) -> bool:
        """Whether a change of it undoes a line of the user."""
        if key in self.goals:
            return False
        if key >= 0:
            return self.line_of(key) is not None
        members = self.model.choices[-1 - key].members
        return not self.goals.intersection(members) and any(member in self.user for member in members)

    def tests(self) -> list[Callable[[int], bool]]:
        """What the fewest changed lines should be, the worst first."""
        return [
            self.opens_a_world,
            self.raises,
            lambda key: self.of(key) >= FAR,
            lambda key: self.of(key) >= NEAR,
            lambda key: self.of(key) >= INDIRECT,
            lambda key: self.of(key) >= DIRECT,
        ]
