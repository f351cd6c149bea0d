"""What the oracle on whole configurations draws and tells: symbols, changes, differences, the rows of its table."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kcfg.answers.explain import ChangedLine
from kcfg.kconfig.model import Model, Type
from kcfg.solver.literals import NEVER_ASKED
from kcfg.solver.results import Goal
from profiles.fulfil.demands import Demand
from tests.oracle.real_conf import Values


@dataclass(slots=True)
class Row:
    """The answers of one kind."""

    questions: int = 0
    impossible: int = 0
    unproven: int = 0
    undone: int = 0
    refuted: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def told(self, kind: str) -> str:
        times = sorted(self.seconds) or [0.0]
        middle, most = times[len(times) // 2], times[-1]
        return (
            f"{kind:18} {self.questions:9} {self.impossible:10} {self.undone:7} {self.unproven:8} "
            f"{self.refuted.total():7} {middle:8.2f} {most:8.2f}"
        )


HEAD = f"{'kind':18} questions impossible undoing unproven refuted  p50 (s)  max (s)"


def fulfilled(demand: Demand, values: Values) -> bool:
    """Whether one of a demand's ways holds."""
    wanted = {"enabled": ("y", "m")}
    return any(
        all(values.get(goal.symbol, "n") in wanted.get(goal.value, (goal.value,)) for goal in way)
        for way in demand.ways
    )


def goal_of(model: Model, number: int, value: str) -> Goal:
    """A goal; a bool that is to be m is to be y."""
    symbol = model.symbols[number]
    return Goal(symbol.name, "y" if value == "m" and symbol.type == Type.BOOL else value)


def differing(ours: Values, theirs: Values) -> str:
    names = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    return ", ".join(f"{name} {ours.get(name)} {theirs.get(name)}" for name in names[:4]) + f" ({len(names)})"


def shown(changes: Sequence[ChangedLine]) -> str:
    return " ".join(f"{one.symbol}={one.new}" + "!" * one.undoes for one in changes) or "nothing"


def drawn(model: Model, count: int, seed: int) -> list[int]:
    """Symbols with a prompt, the same for each configuration of a kernel and architecture: every fourth is a member of
    a choice, every fourth is selected by others."""
    asked = [
        number
        for number, symbol in enumerate(model.symbols)
        if symbol.type in (Type.BOOL, Type.TRISTATE) and not symbol.flags & NEVER_ASKED
        and any(model.definitions[d].prompt is not None for d in symbol.definitions)
    ]  # fmt: skip
    rng = random.Random(seed)
    members = [number for number in asked if number in model.choice_of]
    selected = [number for number in asked if model.symbols[number].selected_by]
    quarter = min(count // 4, len(members), len(selected))
    found = [*rng.sample(members, quarter), *rng.sample(selected, quarter), *rng.sample(asked, min(count, len(asked)))]
    return list(dict.fromkeys(found))[:count]
