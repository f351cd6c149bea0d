"""What the configurations that fulfil demands can build: answers of the solver, kept by kernel, answers and demands."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kcfg.answers import CODE
from kcfg.base import caches
from kcfg.kbuild.condition import ALWAYS, NEVER, AllOf, AnyOf, Condition, TextTest, Undecidable
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Model, Type

if TYPE_CHECKING:
    from kcfg.solver.encode import Encoder
    from kcfg.solver.results import Goal
    from kcfg.solver.sat import Sat
    from profiles.fulfil.demands import Demand


NOT_RUN = ("COMPILE_TEST",)
"""Kernels with these options on are built to see whether they compile: drivers of any other machine are in them."""


KEPT = 64
"""Files of the cache, some kilobytes each."""


class Key(msgspec.Struct, frozen=True):
    """What the answers about one kernel depend on."""

    kernel: str
    answers: dict[str, str]
    cache: bool

    def path(self, kind: str, *parts: bytes) -> Path:
        """The cache's file for a question."""
        return caches.cache_folder() / "modes" / f"{caches.key(self.kernel, *parts)}.{kind}"


def key_of(kernel: Kernel, cache: bool = True) -> Key:
    """The key of a kernel whose probes are answered as its model records, as without a configuration."""
    from kcfg.solver.store import key_of as model_key

    code = caches.code_state(*CODE, "profiles")
    answers = {probe.key: "" for probe in kernel.model.probes} | kernel.model.answers
    return Key(f"{model_key(kernel.model, answers)} {code}", answers, cache)


class Reachable:
    """What the configurations that fulfil demands can build. Without demands: all configurations of the kernel.

    `more`: what `with_more` may be asked for besides. Probes that `answers` lacks may be answered in any way: what only
    another compiler can have is possible. What is in NOT_RUN is off.
    """

    def __init__(
        self,
        kernel: Kernel,
        key: Key,
        demands: Sequence[Demand],
        answers: Mapping[str, str] | None = None,
        more: Sequence[Demand] = (),
    ) -> None:
        self.model = kernel.model
        self.key = key
        self.demands = tuple(demands)
        self.more = tuple(more)
        self.answers = dict(answers or {})
        self.path = key.path("reach", msgspec.msgpack.encode((self.demands, sorted(self.answers.items()))))
        self.known: dict[Condition, bool | None] = {}
        self.stored: dict[str, bool | None] = {}
        self._encoder: Encoder | None = None
        self._solver: Sat
        self._own: list[int] = []
        self._sent = 0
        if key.cache:
            with contextlib.suppress(msgspec.DecodeError):
                self.stored = msgspec.json.decode(caches.read_entry(self.path) or b"{}", type=dict[str, bool | None])
        self.grown = False

    def can(self, condition: Condition) -> bool | None:
        """Whether some configuration has it; None where that hangs on what a Makefile asks of the outside."""
        if condition not in self.known:
            self.settle([condition])
        return self.known[condition]

    def settle(self, conditions: Iterable[Condition]) -> None:
        """Answer many at once: each configuration that is found answers for all that it has."""
        open_ones = []
        for condition in dict.fromkeys(conditions):
            if condition in self.known:
                continue
            if condition in (ALWAYS, NEVER) and not self.demands:  # some configuration there is
                self.known[condition] = condition == ALWAYS
            elif (text := repr(condition)) in self.stored:
                self.known[condition] = self.stored[text]
            else:
                open_ones.append(condition)
        if open_ones:
            self._solve(open_ones)
            self.stored.update({repr(condition): self.known[condition] for condition in open_ones})
            self.grown = True

    def save(self) -> None:
        """Keep what was found."""
        if self.key.cache and self.grown:
            caches.keep_entry(self.path, msgspec.json.encode(self.stored), KEPT)
            self.grown = False

    def with_more(self, demands: Sequence[Demand]) -> bool:
        """Whether more demands can be fulfilled besides."""
        literals = [self._demand(demand) for demand in demands]
        return self._sat().holds([*self._own, *literals])

    # The solver

    def _open(self) -> Encoder:
        from kcfg.solver.encode import Encoder
        from kcfg.solver.goals import wanted_lines
        from kcfg.solver.results import Goal
        from kcfg.solver.sat import Sat, split
        from kcfg.solver.store import clauses_of
        from profiles.fulfil.demands import goals_in

        if self._encoder is None:
            lines = wanted_lines(self.model, goals_in((*self.demands, *self.more)))
            encoding = clauses_of(self.model, self.answers, lines, cache=self.key.cache)
            self._solver = Sat(split(encoding.clauses), encoding.variables)
            self._solver.prefer([literal for literal in encoding.enabled if literal > 1])
            self._encoder = Encoder.resume(self.model, encoding)
            self._own = [self._demand(demand) for demand in self.demands]
            self._own += [self._goal(Goal(name, "n")) for name in NOT_RUN if self.model.defined(name)]
        return self._encoder

    def _sat(self) -> Sat:
        """The solver, with all names that were made since the last question."""
        from kcfg.solver.sat import split

        encoder = self._open()
        flat = encoder.out.flat()
        self._solver.extend(split(flat[self._sent :]))
        self._sent = len(flat)
        return self._solver

    def _demand(self, demand: Demand) -> int:
        """The literal of a demand."""
        encoder = self._open()
        return encoder.out.any_of(encoder.out.all_of(self._goal(goal) for goal in way) for way in demand.ways)

    def _goal(self, goal: Goal) -> int:
        """The literal of a goal; FALSE for one that this kernel can never reach."""
        from kcfg.solver.clauses import FALSE
        from kcfg.solver.goals import goal_literals
        from profiles.fulfil.demands import may_hold

        encoder = self._open()
        if not may_hold(goal, self.model):
            return FALSE
        return encoder.out.all_of(goal_literals(self.model, encoder, goal))

    def _solve(self, conditions: Sequence[Condition]) -> None:
        from kcfg.solver.objectives import condition_literal

        encoder = self._open()
        sure = {one: condition_literal(encoder, options_alone(one, self.model, NEVER)) for one in conditions}
        maybe = {
            one: literal
            for one in conditions
            if (literal := condition_literal(encoder, options_alone(one, self.model, ALWAYS))) != sure[one]
        }
        had = self._reached(sure)
        perhaps = self._reached({one: literal for one, literal in maybe.items() if one not in had})
        for one in conditions:
            self.known[one] = True if one in had else None if one in perhaps else False

    def _reached(self, wanted: dict[Condition, int]) -> set[Condition]:
        """Those whose literal can be true."""
        left = dict(wanted)
        out: set[Condition] = set()
        solver = self._sat()
        while left:
            condition, literal = left.popitem()
            if not solver.solve([*self._own, literal]):
                continue
            true = set(solver.model)
            out.add(condition)
            also = [one for one, it in left.items() if it in true]
            out.update(also)
            for one in also:
                del left[one]
        return out


def options_alone(condition: Condition, model: Model, asked: Condition) -> Condition:
    """A condition of options alone: a number or a text may be any, and `asked` stands for what is undecidable."""
    if isinstance(condition, AllOf | AnyOf):
        return type(condition)(tuple(options_alone(part, model, asked) for part in condition.parts))
    if isinstance(condition, Undecidable):
        return asked
    symbol = model.defined(condition.symbol)
    if symbol is not None and symbol.type not in (Type.BOOL, Type.TRISTATE):
        return ALWAYS
    if isinstance(condition, TextTest):
        return NEVER if condition.same else ALWAYS
    return condition
