"""Another way than a change that undoes lines of the user and gives many symbols another value by that.

The fewest lines to have one driver built in may be one, MODULES off, and it turns thousands of modules into parts of
the kernel; one more line would have done for the driver alone. Both are worth telling.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kcfg.answers.effects import symbols_changed
from kcfg.answers.judge import Judge
from kcfg.base.errors import CannotEvaluate
from kcfg.kconfig.model import Type
from kcfg.kconfig.tristate import LETTER
from kcfg.solver.fitness import WORLDS
from kcfg.solver.goals import text_goal
from kcfg.solver.nearest import nearest
from kcfg.solver.results import Alternatives, Core, Goal, NearestChange, all_goals
from kcfg.solver.sat import Sat
from kcfg.solver.smallest import alternatives
from kcfg.solver.solver import Solver

MANY = 50  # symbols that get another value; a change of fewer is no reason to look for another one


def other_change(
    judge: Judge,
    solver: Solver,
    goals: Sequence[Goal],
    first: NearestChange,
    *,
    either: Sequence[Alternatives] = (),
    among: Collection[str] | None = None,
    few_symbols: bool = False,
    timeout: float = 60.0,
    many: int = MANY,
) -> tuple[tuple[Goal, ...], NearestChange] | None:
    """(what stays as it is, the fewest lines that reach the goals with it). See `nearest` for the rest.

    Of the lines that `first` undoes, or of those `among` them, those that can stay do, EXPERT, MODULES and COMPILE_TEST
    before all others. None where `first` gives fewer symbols than `many` another value, where none of its lines can
    stay, and where the other way changes as many.
    """
    undone = [line.symbol for line in first.lines if line.undoes and (among is None or line.symbol in among)]
    undone.sort(key=lambda name: name not in WORLDS)
    count = symbols_changed(judge, first.configuration.values) if undone else 0
    if count < many:
        return None
    stays = staying(solver, goals, either, [present(judge, name) for name in undone])
    try:
        second = (
            nearest(
                solver,
                judge.resolver.user,
                goals,
                given=stays,
                either=either,
                few_symbols=few_symbols,
                timeout=timeout,
                base=judge.resolver,
            )
            if stays
            else None
        )
    except CannotEvaluate:
        return None
    if second is None or isinstance(second, Core) or not second.settled:
        return None
    return (tuple(stays), second) if symbols_changed(judge, second.configuration.values) < count else None


def present(judge: Judge, name: str) -> Goal:
    """That a symbol is what it is now."""
    number = judge.model.index[name]
    if judge.model.symbols[number].type <= Type.TRISTATE:
        return Goal(name, LETTER[judge.resolver.tri(number)])
    return text_goal(judge.model, number, judge.word(name) or "n")


def staying(
    solver: Solver, goals: Sequence[Goal], either: Sequence[Alternatives], wishes: Sequence[Goal]
) -> list[Goal]:
    """Of the wishes those that can hold with the goals and with all before them."""
    solver = solver.for_goals([*all_goals(goals, either), *wishes])
    known = {goal: solver.literals(goal) for goal in all_goals((), either)}
    clauses, variables = alternatives(known, either, ([], solver.encoding.variables))
    sat = Sat([*solver.clauses, *clauses], variables) if clauses else solver.sat
    out: list[Goal] = []
    try:
        for wish in wishes:
            if sat.holds(solver.all_literals([*goals, *out, wish])):
                out.append(wish)
    finally:
        if clauses:
            sat.close()
    return out
