"""What goes when a symbol goes: the symbols that lose their value when it is n, and the line that turns it off.

Closing over edges would not tell: an alternative keeps a symbol alive, a select overrides what is missing, and a
default takes another branch. So the question is put to the resolver, twice: what the kernel's tools make of the
configuration, and of the same one with the symbol turned off. What can be on in no configuration without the symbol is
the solver's answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from graphs.causes import Causes
from graphs.findings import Loss, NeededByReport, SetLine
from graphs.influence import Influence
from graphs.needs import why_never
from graphs.sets import Sets
from graphs.ways import MAX_WAYS, Minimal
from kcfg.answers.unknown import no_such_symbol
from kcfg.base.errors import UserError
from kcfg.kconfig.model import Type
from kcfg.kconfig.resolve import Resolver
from kcfg.kconfig.tristate import LETTER, LEVEL, NO
from kcfg.solver.edits import edited
from kcfg.solver.nearest import nearest
from kcfg.solver.results import Core, Goal
from kcfg.solver.solver import Solver

if TYPE_CHECKING:
    from kcfg.answers.judge import Judge

MAX_TRIED = 400  # symbols whose line alone may turn it off; with more of them the solver looks for the fewest lines
MAX_COMPARED = 6  # of the single lines that do it, how many are resolved to find the one that takes the least with it
MAX_PROVEN = 3000  # symbols that may hang on one, up to which each is put to the solver


def find_needed_by(judge: Judge, solver: Solver, name: str, *, version: str, given: bool) -> NeededByReport:
    """What depends on a bool or tristate in the judge's configuration. `given`: it is a user's, not the defaults.

    Where the symbol is n in the defaults, the fewest lines that turn it on are added first.
    NoSuchSymbol, and UserError for what is no bool or tristate.
    """
    name = name.removeprefix("CONFIG_")
    number = judge.number(name)
    if number is None:
        raise no_such_symbol(judge.model, name)
    if judge.model.symbols[number].type not in (Type.BOOL, Type.TRISTATE):
        raise UserError(f"{name} is no bool or tristate", hint="only those can be off")
    influence = Influence(judge.model)
    report = NeededByReport(
        version=version,
        kernel=judge.kernel.used,
        symbol=name,
        config=judge.config.name if given else "",
        value=judge.value(name),
        never=never_without(solver, influence, number),
        doubt=judge.doubt(name),
    )
    before = judge.resolver
    if not before.tri(number):
        if given:
            return report
        base = turned_on(solver, influence, before, number)
        if not base:
            return msgspec.structs.replace(report, core=why_never(solver, name))
        before = again(solver, before, base)
        report = msgspec.structs.replace(report, base=base, value=before.text(number))
    return with_losses(report, Turner(solver, influence, before, number))


def with_losses(report: NeededByReport, turner: Turner) -> NeededByReport:
    """The report with how the symbol is turned off, and what changes then."""
    off, others, proven = turner.off()
    if not off:
        return msgspec.structs.replace(report, core=why_never(turner.solver, report.symbol, "n"))
    after = again(turner.solver, turner.before, off)
    losses = differences(turner.before, after)
    causes = Causes(turner.before, after)
    told = {line.symbol for line in off}
    losses = [one if one.symbol in told else with_reason(one, causes) for one in losses]
    return msgspec.structs.replace(
        report,
        off=off,
        others=others,
        proven=proven,
        lost=tuple(one for one in losses if weaker(one)),
        gained=tuple(one for one in losses if stronger(one)),
        changed=tuple(one for one in losses if not weaker(one) and not stronger(one)),
    )


def turned_on(solver: Solver, influence: Influence, before: Resolver, number: int) -> tuple[SetLine, ...]:
    """The fewest lines that turn a symbol on; of those, the ones that change the fewest symbols. None: nothing does."""
    model = solver.model
    causes = [one for one in influence.on([number]) if one < len(model.symbols)]
    minimal = Minimal(solver, causes, before.user)
    found = [minimal.values(*one) for one in minimal.sets(solver.encoding.enabled[number], causes, MAX_WAYS)]
    if minimal.more:
        change = nearest(solver, before.user, [Goal(model.symbols[number].name, "enabled")], few_symbols=True)
        return () if isinstance(change, Core) else tuple(SetLine(one.symbol, one.new, one.old) for one in change.lines)
    fewest = min(map(len, found), default=0)
    ways = [
        tuple(sorted(SetLine(model.symbols[one].name, text, old_text(before, one)) for one, text in way.items()))
        for way in found
        if len(way) == fewest
    ]
    if len(ways) > 1:
        ways.sort(key=lambda way: (len(differences(before, again(solver, before, way))), way))
    return ways[0] if ways else ()


def old_text(resolver: Resolver, number: int) -> str:
    """The value of a symbol's line, "" where it has none."""
    return resolver.text(number) if resolver.written(number) else ""


def again(solver: Solver, resolver: Resolver, lines: Iterable[SetLine]) -> Resolver:
    """The same configuration with these lines."""
    index = solver.model.index
    user = edited(solver.model, resolver.user, {index[line.symbol]: line.value for line in lines})
    return Resolver(solver.model, user, resolver.answers)


def differences(before: Resolver, after: Resolver) -> list[Loss]:
    """Every line of .config that differs, in the order of the symbols; "" for no line."""
    old, new = dict(before.lines()), dict(after.lines())
    model = before.model
    return [
        Loss(
            symbol=model.symbols[number].name,
            old=old.get(number, ""),
            new=new.get(number, ""),
            prompt=any(model.definitions[d].prompt is not None for d in model.symbols[number].definitions),
        )
        for number in sorted(old.keys() | new.keys())
        if worth(old.get(number, "")) != worth(new.get(number, ""))
    ]


def worth(value: str) -> str:
    """No line and n are the same value."""
    return "" if value == "n" else value


def weaker(one: Loss) -> bool:
    """Whether a symbol loses its value: y to m or n, m to n, a number or text to no line."""
    if one.old in LEVEL and one.new in LEVEL:
        return LEVEL[one.old] > LEVEL[one.new]
    return worth(one.new) == ""


def stronger(one: Loss) -> bool:
    """Whether it gains one."""
    if one.old in LEVEL and one.new in LEVEL:
        return LEVEL[one.old] < LEVEL[one.new]
    return worth(one.old) == ""


def with_reason(one: Loss, causes: Causes) -> Loss:
    """The change with the statement that it follows from."""
    return msgspec.structs.replace(one, reason=causes.cause(causes.model.index[one.symbol]))


class Turner:
    """Turns a symbol off in one configuration, with as few lines as will do."""

    def __init__(self, solver: Solver, influence: Influence, before: Resolver, number: int) -> None:
        self.solver, self.influence, self.before, self.number = solver, influence, before, number
        self.model = solver.model

    def off(self) -> tuple[tuple[SetLine, ...], tuple[SetLine, ...], bool]:
        """(lines, other single lines that do it too, whether no fewer would do); no lines where nothing does it.

        Of single lines, that one which changes the fewest symbols.
        """
        near = self.candidates()
        if near is not None:
            tried = {number: self.with_n(number) for number in near}
            found = [number for number, resolver in tried.items() if not resolver.tri(self.number)]
            if found:
                return self.gentlest(found, tried)
        name = self.model.symbols[self.number].name
        change = nearest(self.solver, self.before.user, [Goal(name, "n")], few_symbols=True)
        if isinstance(change, Core):
            return (), (), True
        return tuple(SetLine(one.symbol, one.new, one.old) for one in change.lines), (), change.proof.proven

    def candidates(self) -> list[int] | None:
        """The symbols that a user can set to n now and on which the value may hang; None for too many to try."""
        out = []
        for number in self.influence.on([self.number]):
            if number >= len(self.model.symbols) or number in self.model.choice_of:
                continue
            if self.model.symbols[number].type not in (Type.BOOL, Type.TRISTATE):
                continue
            if self.before.tri(number) and self.before.visible(number):
                out.append(number)
                if len(out) > MAX_TRIED:
                    return None
        return out

    def with_n(self, number: int) -> Resolver:
        return again(self.solver, self.before, [self.line(number)])

    def line(self, number: int) -> SetLine:
        return SetLine(self.model.symbols[number].name, "n", LETTER[self.before.tri(number)])

    def gentlest(
        self, found: list[int], tried: Mapping[int, Resolver]
    ) -> tuple[tuple[SetLine, ...], tuple[SetLine, ...], bool]:
        """One line takes more with it than another that it turns off; of those that are left, the one with the fewest
        changes."""
        left = [one for one in found if all(tried[one].tri(other) != NO for other in found if other != one)] or found
        best = min(
            left[:MAX_COMPARED] if len(left) > 1 else left,
            key=lambda one: (len(differences(self.before, tried[one])) if len(left) > 1 else 0, one),
        )
        return (self.line(best),), tuple(self.line(one) for one in found if one != best), True


def never_without(solver: Solver, influence: Influence, number: int) -> tuple[str, ...]:
    """The symbols that are on in some configuration, and in none in which this symbol is n. Each is proven.

    They are looked for among all whose value can hang on the same causes; where these are very many, among those that
    hang on the symbol or on a cause that has to go with it, and at last among what follows clause by clause.
    """
    sets, model = Sets(solver), solver.model
    enabled = solver.encoding.enabled

    def inner(nodes: Iterable[int]) -> list[int]:
        return [one for one in nodes if one < len(model.symbols)]

    absent = [-enabled[number]]
    implied = solver.sat.propagate(absent)
    if implied is None or not sets.possible(absent):
        return ()
    false = set(implied)
    dead = {one for one in range(len(model.symbols)) if -enabled[one] in false}

    causes = inner(influence.on([number]))
    near = inner(influence.of(causes))
    if len(near) > MAX_PROVEN:
        if len(causes) <= MAX_PROVEN:
            dead |= sets.off(absent, causes)
        near = inner(influence.of(dead.intersection(causes)))
    if len(near) <= MAX_PROVEN:
        dead |= sets.off(absent, near)
    dead -= {number}
    dead -= sets.off([], dead)
    return tuple(sorted(model.symbols[one].name for one in dead))
