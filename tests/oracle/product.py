"""kcfg as the oracle asks it: the only module here that imports it. Plain values go in and come out."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kcfg.answers import otherwise
from kcfg.answers.effects import lines_lost
from kcfg.answers.judge import Judge
from kcfg.base.version import KernelUsed, KernelVersion
from kcfg.kbuild.condition import AllOf, Condition, M, N, ValueTest, Y
from kcfg.kconfig.assign import read_user_values
from kcfg.kconfig.config import parse_config
from kcfg.kconfig.kernels import Kernel
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.parse import parse
from kcfg.kconfig.resolve import Resolver
from kcfg.solver.encode import encode
from kcfg.solver.encoding import Encoding
from kcfg.solver.goals import text_goal
from kcfg.solver.nearest import nearest
from kcfg.solver.results import Configuration, Core, Goal, NearestChange, Smallest, UnsettledError, all_goals
from kcfg.solver.smallest import smallest as find_smallest
from kcfg.solver.solver import Solver
from kcfg.sources.open import open_source
from profiles.fulfil.demands import Asker, Demand
from profiles.fulfil.edit import with_changes
from profiles.fulfil.repair import repair

ARCH = "x86_64"
TIMEOUT = 20.0

Goals = Sequence[tuple[str, str]]
"""Symbols, each with y, m, n or "enabled"."""
Either = Sequence[Sequence[Goals]]
"""Alternatives: one way of each has to hold."""
Objects = Sequence[tuple[Sequence[tuple[str, str]], int]]
"""Conditions, each a conjunction of symbols with the letters of the values that they may have, and what they weigh."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of one line to change; see `kcfg.solver.results.WantedLine`."""

    symbol: str
    new: str
    lost: tuple[str, ...] = ()
    undoes: bool = False
    needed: bool = False
    last: bool = False


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Another change: `stays` hold in it, and give fewer symbols another value with no fewer lines."""

    stays: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]
    proven: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What kcfg says. Impossible: `core` has the goals that contradict each other. Else `values` has the lines of the
    configuration, `changed` the lines to change; the true minimum is said to lie between `bound` and `cost`. `text`
    is the configuration with the change written into it, and without the lines that are `removed` for it. `lines`:
    what is said of each changed line. `lines_lost`: the user's other lines that are said to come out no longer.

    With `once` it is neither: these lines are said to come to what is read back as something else."""

    possible: bool
    core: tuple[tuple[str, str], ...] = ()
    values: Mapping[str, str] | None = None
    changed: tuple[tuple[str, str], ...] = ()
    cost: int = 0
    bound: int = 0
    proven: bool = True
    unmet: tuple[str, ...] = ()
    symbols_changed: int | None = None
    text: str | None = None
    removed: tuple[str, ...] = ()
    once: tuple[tuple[str, str], ...] = ()
    lines: tuple[Line, ...] = ()
    lines_lost: tuple[str, ...] | None = None
    otherwise: Otherwise | None = None


class Product:
    """One tree, read and encoded. `shared`: all questions go to one solver, else each has its own."""

    def __init__(self, folder: Path, version: str, *, shared: bool = False) -> None:
        self.model: Model = parse(open_source(str(folder)), ARCH)
        self.version = KernelVersion.parse(version)
        self.encoding: Encoding = encode(self.model)
        self.shared = shared
        self._solvers: dict[bool, Solver] = {}

    def solver(self, *, no_unmet: bool = False) -> Solver:
        if not self.shared:
            return Solver(self.model, copy.copy(self.encoding), no_unmet)
        if no_unmet not in self._solvers:
            self._solvers[no_unmet] = Solver(self.model, self.encoding, no_unmet)
        return self._solvers[no_unmet]

    def judge(self, config: str) -> Judge:
        used = KernelUsed(version=self.model.version, arch=ARCH, origin="tree", name="small")
        return Judge(parse_config(config, "test.config", kernel=self.version), Kernel(self.model, used, True))

    def as_goals(self, goals: Goals) -> list[Goal]:
        """Goals as words of a user, of ints, hexes and strings too."""
        numbers = [self.model.index[name] for name, _ in goals]
        return [
            text_goal(self.model, number, value)
            if self.model.symbols[number].type > Type.TRISTATE
            else Goal(name, value)
            for number, (name, value) in zip(numbers, goals, strict=True)
        ]

    def as_ways(self, either: Either) -> list[tuple[tuple[Goal, ...], ...]]:
        return [tuple(tuple(self.as_goals(way)) for way in ways) for ways in either]

    # Questions

    def resolves(self, config: str) -> dict[str, str]:
        """The lines that a configuration comes out with."""
        user = read_user_values(self.model, parse_config(config, "test.config", kernel=self.version))
        return {self.model.symbols[number].name: text for number, text in Resolver(self.model, user).lines()}

    def texts_read(self) -> set[str]:
        """The int, hex and string symbols whose texts the clauses know."""
        return {self.model.symbols[atom].name for atom in self.encoding.domains if atom < len(self.model.symbols)}

    def accepts(self, values: Mapping[str, str]) -> bool:
        """Whether a complete configuration is one that stays as it is."""
        return self.solver().accepts(values)

    def possible(self, goals: Goals, given: Goals = ()) -> Answer:
        found = self.solver().possible(self.as_goals(goals), self.as_goals(given))
        if isinstance(found, Core):
            return impossible(found)
        return Answer(True, values=found.configuration.values, unmet=found.configuration.unmet)

    def smallest(
        self,
        goals: Goals,
        *,
        given: Goals = (),
        either: Either = (),
        objective: str = "symbols",
        modules: bool = True,
        objects: Objects | None = None,
        no_unmet: bool = False,
    ) -> Answer:
        """The configuration with the fewest enabled symbols ("symbols"), enabled and visible ones ("prompts"), or the
        least weight of `objects`."""
        found = find_smallest(
            self.solver(no_unmet=no_unmet),
            self.as_goals(goals),
            given=self.as_goals(given),
            either=self.as_ways(either),
            objective=objective,
            modules=modules,
            objects=None if objects is None else as_objects(objects),
            timeout=TIMEOUT,
        )
        return smallest(found)

    def nearest(
        self, config: str, goals: Goals, *, given: Goals = (), either: Either = (), few_symbols: bool = False
    ) -> Answer:
        """The fewest lines to change in a configuration."""
        judge, wanted = self.judge(config), self.as_goals(goals)
        try:
            found = nearest(
                self.solver(),
                judge.resolver.user,
                wanted,
                given=self.as_goals(given),
                either=self.as_ways(either),
                few_symbols=few_symbols,
                timeout=TIMEOUT,
            )
        except UnsettledError as error:
            return Answer(False, once=error.lines)
        if isinstance(found, Core):
            return impossible(found)
        told = replace(
            change(found), lines_lost=lines_lost(judge, found, tuple(all_goals(wanted, self.as_ways(either))))
        )
        return told if given else replace(told, otherwise=self.otherwise(judge, wanted, found, either, few_symbols))

    def otherwise(
        self, judge: Judge, goals: Sequence[Goal], first: NearestChange, either: Either, few_symbols: bool
    ) -> Otherwise | None:
        """A change that leaves alone what the first one undoes, however few symbols that gives another value."""
        ways = self.as_ways(either)
        found = otherwise.other_change(
            judge, self.solver(), goals, first, either=ways, few_symbols=few_symbols, timeout=TIMEOUT, many=1
        )
        if found is None:
            return None
        stays, second = found
        return Otherwise(
            tuple((goal.symbol, goal.word) for goal in stays),
            tuple((line.symbol, line.new) for line in second.lines),
            second.proof.proven,
        )

    def repair(self, config: str, goals: Goals, either: Either = ()) -> Answer:
        """The report of a repair, for rules with one way and rules with several."""
        demands = [Demand(Asker.RULE, "small/one", (tuple(self.as_goals([goal])),)) for goal in goals]
        demands += [Demand(Asker.RULE, "small/any", ways) for ways in self.as_ways(either)]
        judge = self.judge(config)
        try:
            report, found = repair(judge, self.solver(), demands, ("small",), "0", TIMEOUT)
        except UnsettledError as error:
            return Answer(False, once=error.lines)
        if found is None:
            return Answer(False, core=tuple(read_goal(text) for text in report.core_goals))
        return replace(
            change(found),
            possible=report.possible,
            changed=tuple((one.symbol, one.new) for one in report.changes),
            proven=report.proven,
            symbols_changed=report.symbols_changed,
            text=with_changes(judge, found).data.decode("utf-8", "surrogateescape"),
            removed=tuple(line for lines in report.removed for line in lines),
            lines_lost=report.lines_lost,
        )


def as_objects(objects: Objects) -> dict[Condition, int]:
    values = {"n": N, "m": M, "y": Y}
    return {
        AllOf(tuple(ValueTest(name, sum(values[letter] for letter in letters)) for name, letters in parts)): weight
        for parts, weight in objects
    }


def read_goal(text: str) -> tuple[str, str]:
    """A goal as a report names it."""
    name, _, value = text.partition("=")
    return name, "enabled" if value == "y or m" else value


def impossible(core: Core) -> Answer:
    return Answer(False, core=tuple((goal.symbol, goal.word) for goal in core.goals))


def smallest(found: Smallest | Core) -> Answer:
    if isinstance(found, Core):
        return impossible(found)
    configuration: Configuration = found.configuration
    return Answer(
        True, (), configuration.values, (), found.proof.cost, found.proof.bound, found.proof.proven, configuration.unmet
    )


def change(found: NearestChange | Core) -> Answer:
    if isinstance(found, Core):
        return impossible(found)
    lines = tuple((line.symbol, line.new) for line in found.lines)
    configuration: Configuration = found.configuration
    return Answer(
        True,
        (),
        configuration.values,
        lines,
        found.proof.cost,
        found.proof.bound,
        found.proof.proven,
        configuration.unmet,
        lines=tuple(
            Line(line.symbol, line.new, line.lost, line.undoes, line.needed, line.last) for line in found.lines
        ),
    )
