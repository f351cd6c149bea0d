"""Another way than a change that undoes lines of the user and gives many symbols another value by that.

The fewest lines to have one driver built in may be one, MODULES off, and it turns thousands of modules into parts of
the kernel; one more line would have done for the driver alone. Both are worth telling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kcfg.answers.judge import Judge
from kcfg.base.errors import CannotEvaluate
from kcfg.kconfig.model import Type
from kcfg.kconfig.tristate import LETTER
from kcfg.solver.fitness import WORLDS
from kcfg.solver.nearest import nearest
from kcfg.solver.results import Core, Goal, NearestChange
from kcfg.solver.solver import Solver

MANY = 50  # symbols that get another value; a change of fewer is no reason to look for another one


def symbols_changed(judge: Judge, values: Mapping[str, str]) -> int:
    """How many symbols have another value in a configuration than in the judge's; no line is n, but of a text."""
    symbols, index = judge.model.symbols, judge.model.index
    before = {symbols[number].name: value for number, value in judge.resolver.lines()}
    absent = {
        name: "n" if symbols[index[name]].type <= Type.TRISTATE else None for name in before.keys() | values.keys()
    }
    return sum(before.get(name, none) != values.get(name, none) for name, none in absent.items())


def other_change(
    judge: Judge, solver: Solver, goals: Sequence[Goal], first: NearestChange
) -> tuple[tuple[Goal, ...], NearestChange] | None:
    """(what stays as it is, the fewest lines that reach the goals with it).

    Of the lines that `first` undoes, those that can stay do, EXPERT, MODULES and COMPILE_TEST before all others. None
    where `first` changes few symbols, where none of its lines can stay, and where the other way changes as many.
    """
    undone = sorted((line.symbol for line in first.lines if line.undoes), key=lambda name: name not in WORLDS)
    count = symbols_changed(judge, first.configuration.values) if undone else 0
    if count < MANY:
        return None
    stays: list[Goal] = []
    for name in undone:
        number = judge.model.index[name]
        if solver.encoding.enabled[number] < 0:
            continue  # a number or a text
        goal = Goal(name, LETTER[judge.resolver.tri(number)])
        if solver.sat.holds(solver.all_literals([*goals, *stays, goal])):
            stays.append(goal)
    try:
        second = nearest(solver, judge.resolver.user, goals, given=stays) if stays else None
    except CannotEvaluate:
        return None
    if second is None or isinstance(second, Core) or not second.settled:
        return None
    return (tuple(stays), second) if symbols_changed(judge, second.configuration.values) < count else None
