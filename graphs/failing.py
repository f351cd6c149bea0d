"""A configuration on the picture: the values of its options, and for each mode that it cannot run in, the failing path.

A path leads from the options that a required rule asks for in vain along what fails of their dependencies, to its
roots: the options that could be set and are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from graphs.build import mode_key
from kcfg.answers.facts import Reason, Status
from kcfg.kconfig.model import Op, Type
from kcfg.kconfig.tristate import levels_of
from profiles.check.check import RuleJudge
from profiles.findings import Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kcfg.answers.judge import Judge
    from profiles.schema import Profile

STEPS = 40
"""Pairs of a path at most: a configuration without PCI and ACPI fails everywhere."""


class FailingPath(msgspec.Struct, frozen=True):
    """A mode's verdict. `pairs` lead from who fails to what fails it, the mode first; `roots` are what to set."""

    mode: str
    status: Status
    note: str
    pairs: tuple[tuple[str, str], ...]
    roots: tuple[str, ...]
    reasons: tuple[Reason, ...]


class FailingOverlay(msgspec.Struct, frozen=True):
    """A configuration as the picture shows it: its name, the version that judged it, and the modes' paths."""

    config: str
    version: str
    paths: tuple[FailingPath, ...]

    @property
    def symbols(self) -> tuple[str, ...]:
        """Every symbol on a path."""
        return tuple(dict.fromkeys(target for path in self.paths for _, target in path.pairs))


def overlay_of(judge: Judge, profiles: Iterable[Profile]) -> FailingOverlay:
    """The overlay of a configuration for these modes."""
    paths = tuple(path_of(judge, profile) for profile in profiles)
    return FailingOverlay(judge.config.name, judge.model.version, paths)


def path_of(judge: Judge, profile: Profile) -> FailingPath:
    """What keeps a configuration from a mode."""
    rules = RuleJudge(judge)
    row = rules.mode_row(profile)
    walk = Walk(judge)
    if row.verdict == Status.FAIL and rules.applicable(profile)[0]:
        for rule in rules.rules(profile):
            holds, way = rules.best(rule)
            if holds is False and rule.level in (Level.REQUIRED, Level.FORBIDDEN):
                for want in way.wants:
                    number = judge.number(want.symbol)
                    if number is not None and rules.holds(want) is False:
                        walk.pairs[mode_key(profile.name), want.symbol] = None
                        levels = levels_of(want.value)
                        walk.below(number, min(levels, default=1))
    pairs = short(leading(tuple(walk.pairs), walk.roots))[:STEPS]
    reached = {target for _, target in pairs}
    roots = tuple(name for name in walk.roots if name in reached)
    return FailingPath(profile.name, row.verdict, row.note, pairs, roots, row.reasons)


def leading(pairs: tuple[tuple[str, str], ...], roots: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The pairs that lead to something that can be set; all, where none does."""
    good = set(roots)
    size = -1
    while len(good) != size:
        size = len(good)
        good |= {source for source, target in pairs if target in good}
    return tuple(pair for pair in pairs if pair[1] in good) or pairs


def short(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The pairs without those that other pairs lead to as well, over something between."""
    after: dict[str, list[str]] = {}
    for source, target in pairs:
        after.setdefault(source, []).append(target)

    def reaches(start: str, goal: str, without: str) -> bool:
        todo, seen = [start], {start, without}
        for name in todo:
            for other in after.get(name, ()):
                if other == goal:
                    return True
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        return False

    return tuple(
        (source, target)
        for source, target in pairs
        if not any(reaches(other, target, source) for other in after[source] if other != target)
    )


class Walk:
    """Follows failing dependencies."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.pairs: dict[tuple[str, str], None] = {}
        self.roots: dict[str, None] = {}
        self.seen: set[int] = set()

    def below(self, symbol: int, want: int) -> None:
        """Why a symbol is less than `want`: its failing conditions, and theirs in turn."""
        if symbol in self.seen or want == 0:
            return
        self.seen.add(symbol)
        model, resolver = self.judge.model, self.judge.resolver
        entry = model.symbols[symbol]
        want = 2 if entry.type == Type.BOOL else want
        found = False
        for definition in (model.definitions[d] for d in entry.definitions):
            for link in model.chain(definition.context):
                if resolver.expr(link.expr) >= want:
                    continue
                for leaf in self.judge.explainer.blame(link.expr, want):
                    it = model.exprs[leaf]
                    if it.op == Op.ATOM and it.args[0] < len(model.symbols) and model.symbols[it.args[0]].definitions:
                        found = True
                        self.pairs[entry.name, model.symbols[it.args[0]].name] = None
                        self.below(it.args[0], want)
        if not found and self.judge.explainer.has_prompt(symbol):
            self.roots[entry.name] = None
