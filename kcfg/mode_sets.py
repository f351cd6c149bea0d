"""What a mode's kernels build: the configuration that the mode needs, and what its other configurations may add.

*Needed*: on in the mode's own configuration, the smallest one that fulfils what its profile requires, its essentials
and as much of what it recommends as this kernel can have (`kcfg generate`). *Possible*: on in some configuration that
fulfils what the profile requires and forbids. *Impossible*: on in none; the solver has proven it.

Both are kept under `$XDG_CACHE_HOME/kcfg/modes`, by kernel, probes' answers and profile. Deleting that loses nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kcfg.atomic import write_atomic
from kcfg.errors import CannotEvaluate, UserError
from kcfg.kbuild_condition import ALWAYS, NEVER, AllOf, AnyOf, Condition, TextTest, Undecidable, ValueTest
from kcfg.kernels import Kernel, cache_folder
from kcfg.model import Model, Type
from profiles import Profile, load_profile

if TYPE_CHECKING:
    from kcfg.demands import Demand
    from kcfg.encode import Encoder
    from kcfg.sat import Sat

CODE = ("mode_sets.py", "generate.py", "demands.py", "solve.py", "minimal.py", "objectives.py", "kbuild_condition.py")
NOT_RUN = ("COMPILE_TEST",)
"""Kernels with these options on are built to see whether they compile: drivers of any other machine are in them."""
KEPT = 64
"""Files of the cache, some kilobytes each."""
TIMEOUT_SECONDS = 120.0


class ModeSet(msgspec.Struct, frozen=True):
    """A mode by name, and the values of its own configuration. `proven`: no smaller one exists."""

    name: str
    title: str
    values: dict[str, str]
    enabled: int
    proven: bool
    left_out: tuple[str, ...] = ()


class Key(msgspec.Struct, frozen=True):
    """What the answers about one kernel depend on."""

    kernel: str
    answers: dict[str, str]
    cache: bool

    def path(self, kind: str, *parts: bytes) -> Path:
        """The cache's file for a question."""
        digest = hashlib.sha256(self.kernel.encode())
        for part in parts:
            digest.update(hashlib.sha256(part).digest())
        return cache_folder() / "modes" / f"{digest.hexdigest()[:24]}.{kind}"


def key_of(kernel: Kernel, cache: bool = True) -> Key:
    """The key of a kernel whose probes are answered as its model records, as without a configuration."""
    from kcfg.solvers import key_of as model_key

    states = [Path(__file__).with_name(name).stat() for name in CODE]
    code = " ".join(f"{state.st_size} {state.st_mtime_ns}" for state in states)
    answers = {probe.key: "" for probe in kernel.model.probes} | kernel.model.answers
    return Key(f"{model_key(kernel.model, answers)} {code}", answers, cache)


def profiles_of(name: str) -> list[Profile]:
    """The profiles of "pvh-domu" or "pvh-domu+no-pv": what all of them ask for."""
    parts = [part for part in name.split("+") if part]
    if not parts:
        raise UserError("no mode given", hint="a profile such as pvh-domu, or several: pvh-domu+no-pv")
    return [load_profile(part) for part in parts]


def open_mode(kernel: Kernel, name: str, key: Key) -> ModeSet:
    """A mode's own configuration, from the cache or made now.

    UserError for an unknown profile, or one that does not exist for this kernel; CannotEvaluate where it has none.
    """
    profiles = profiles_of(name)
    path = key.path("mode", *(msgspec.msgpack.encode(one) for one in profiles))
    if key.cache:
        with contextlib.suppress(OSError, msgspec.DecodeError):
            found = msgspec.json.decode(path.read_bytes(), type=ModeSet)
            path.touch()
            return msgspec.structs.replace(found, name=name)
    made = make_mode(kernel, name, profiles, key)
    if key.cache and made.proven:
        store(path, msgspec.json.encode(made))
    return made


def make_mode(kernel: Kernel, name: str, profiles: Sequence[Profile], key: Key) -> ModeSet:
    """Generate a mode's own configuration."""
    from kcfg import __version__
    from kcfg.demands import ALL, essential_demands
    from kcfg.generate import Options, generate
    from kcfg.solvers import open_solver

    model = kernel.model
    demands = [demand for one in profiles for demand in must(one, model)]
    demands += [demand for one in profiles for demand in essential_demands(one, model, ALL)]
    solver = open_solver(model, key.answers, no_unmet=True, cache=key.cache)
    accepted, refused = compatible(
        Reach(kernel, key, demands, key.answers), [d for one in profiles for d in advised(one, model)]
    )
    made = generate(kernel, solver, profiles[0], [*demands, *accepted], Options(timeout=TIMEOUT_SECONDS), __version__)
    report = made.report
    if made.resolver is None:
        goals = ", ".join(report.core_goals)
        hint = f"kcfg generate {profiles[0].name} says more"
        raise CannotEvaluate(f"this kernel has no configuration for {name}: {goals}", hint=hint)
    values = {model.symbols[number].name: text for number, text in made.resolver.lines() if text != "n"}
    title = ", ".join(one.title for one in profiles)
    return ModeSet(name, title, values, report.enabled, report.proven, tuple(map(str, refused)))


def must(profile: Profile, model: Model) -> list[Demand]:
    """What a profile requires and forbids."""
    from kcfg.demands import rule_demands

    return rule_demands(profile, model)


def advised(profile: Profile, model: Model) -> list[Demand]:
    """What a profile recommends, as far as this kernel has the options."""
    from kcfg.demands import Demand, ways_of
    from kcfg.findings import Level

    out = []
    for rule in profile.rules_for(model.version, model.arch):
        if rule.level == Level.RECOMMENDED:
            known = [way.wants for way in rule.alternatives if all(model.defined(want.symbol) for want in way.wants)]
            ways = ways_of(known, model) if known else ()
            if ways:
                out.append(Demand("need", f"{profile.name}/{rule.id}", ways, rule.why))
    return out


def compatible(reach: Reach, wanted: Sequence[Demand]) -> tuple[list[Demand], list[Demand]]:
    """(what can be had together with the demands, in the order of the profile; the others)."""
    accepted: list[Demand] = []
    refused: list[Demand] = []
    for demand in wanted:
        (accepted if reach.with_more([*accepted, demand]) else refused).append(demand)
    return accepted, refused


class Reach:
    """What the configurations that fulfil demands can build. Without demands: all configurations of the kernel.

    Probes that `answers` lacks may be answered in any way: what only another compiler can have is possible. What is in
    NOT_RUN is off.
    """

    def __init__(
        self, kernel: Kernel, key: Key, demands: Sequence[Demand], answers: Mapping[str, str] | None = None
    ) -> None:
        self.model = kernel.model
        self.key = key
        self.demands = tuple(demands)
        self.answers = dict(answers or {})
        self.path = key.path("reach", msgspec.msgpack.encode((self.demands, sorted(self.answers.items()))))
        self.known: dict[Condition, bool | None] = {}
        self.stored: dict[str, bool | None] = {}
        self._encoder: Encoder | None = None
        self._solver: Sat
        self._own: list[int] = []
        self._sent = 0
        if key.cache:
            with contextlib.suppress(OSError, msgspec.DecodeError):
                self.stored = msgspec.json.decode(self.path.read_bytes(), type=dict[str, bool | None])
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
            store(self.path, msgspec.json.encode(self.stored))
            self.grown = False

    def with_more(self, demands: Sequence[Demand]) -> bool:
        """Whether more demands can be fulfilled besides."""
        literals = [self._demand(demand) for demand in demands]
        return self._sat().holds([*self._own, *literals])

    # The solver

    def _open(self) -> Encoder:
        from kcfg.encode import Encoder
        from kcfg.sat import Sat, split
        from kcfg.solvers import clauses_of

        if self._encoder is None:
            encoding = clauses_of(self.model, self.answers, cache=self.key.cache)
            self._solver = Sat(split(encoding.clauses))
            self._solver.prefer([literal for literal in encoding.enabled if literal > 1])
            self._encoder = Encoder.resume(self.model, encoding)
            self._own = [self._demand(demand) for demand in self.demands]
            self._own += [self._goal(name, "n") for name in NOT_RUN if self.model.defined(name)]
        return self._encoder

    def _sat(self) -> Sat:
        """The solver, with all names that were made since the last question."""
        from kcfg.sat import split

        encoder = self._open()
        flat = encoder.out.flat()
        if len(flat) > self._sent:
            self._solver.extend(split(flat[self._sent :]))
            self._sent = len(flat)
        return self._solver

    def _demand(self, demand: Demand) -> int:
        """The literal of a demand."""
        encoder = self._open()
        return encoder.out.any_of(
            encoder.out.all_of(self._goal(goal.symbol, goal.value) for goal in way) for way in demand.ways
        )

    def _goal(self, symbol: str, value: str) -> int:
        from kcfg.kbuild_condition import M, N, Y
        from kcfg.objectives import value_literal

        return value_literal(self._open(), ValueTest(symbol, {"y": Y, "m": M, "n": N, "enabled": Y | M}[value]))

    def _solve(self, conditions: Sequence[Condition]) -> None:
        from kcfg.objectives import condition_literal

        encoder = self._open()
        sure = {one: condition_literal(encoder, plain(one, self.model, NEVER)) for one in conditions}
        maybe = {
            one: literal
            for one in conditions
            if (literal := condition_literal(encoder, plain(one, self.model, ALWAYS))) != sure[one]
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


def plain(condition: Condition, model: Model, asked: Condition) -> Condition:
    """A condition of options alone: a number or a text may be any, and `asked` stands for what is undecidable."""
    if isinstance(condition, AllOf | AnyOf):
        return type(condition)(tuple(plain(part, model, asked) for part in condition.parts))
    if isinstance(condition, Undecidable):
        return asked
    symbol = model.defined(condition.symbol)
    if symbol is not None and symbol.type not in (Type.BOOL, Type.TRISTATE):
        return ALWAYS
    if isinstance(condition, TextTest):
        return NEVER if condition.same else ALWAYS
    return condition


def store(path: Path, data: bytes) -> None:
    """Write a file of the cache, and remove the oldest ones. A full or read-only disk costs speed, nothing else."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, data)
        entries = sorted(path.parent.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in entries[KEPT:]:
            old.unlink(missing_ok=True)
