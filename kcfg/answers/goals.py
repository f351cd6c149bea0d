"""Goals as users write them on a command line: XEN_PVH=y, !PCI, NR_CPUS=64."""

from __future__ import annotations

from collections.abc import Sequence

from kcfg.answers.judge import Judge
from kcfg.answers.unknown import no_such_symbol
from kcfg.base.errors import CannotEvaluate, UserError
from kcfg.kconfig.model import Model, Type
from kcfg.kconfig.numbers import plain
from kcfg.solver.goals import text_goal, wanted_line
from kcfg.solver.results import Goal


def symbol_of(word: str) -> str:
    """The symbol that a goal as users write it is about."""
    return word.partition("=")[0].removeprefix("!").removeprefix("CONFIG_")


def carried_names(judge: Judge, words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """(name asked for, name that takes its line over), where that is another one."""
    out = []
    for name in dict.fromkeys(map(symbol_of, words)):
        number = judge.now(name)
        if number is not None and judge.model.symbols[number].name != name:
            out.append((name, judge.model.symbols[number].name))
    return tuple(out)


def read_goals(judge: Judge, words: Sequence[str], *, on: bool = False) -> list[Goal]:
    """Goals as users write them: XEN_PVH=y, CONFIG_PCI=n, XEN_DOM0 (on), !PCI (off). NoSuchSymbol, UserError.

    `on`: their symbols are all that counts, so that a number or a text needs no value.
    A transitional symbol is never on itself: the goal is of the one that takes its line over. CannotEvaluate where
    there is none.
    """
    goals: list[Goal] = []
    for word in words:
        value, equals, off = word.partition("=")[2], "=" in word, word.startswith("!")
        name = symbol_of(word)
        if not name:
            raise UserError(f"'{word}' is no goal", hint="such as XEN_PVH=y or XEN_PVH=n")
        if judge.number(name) is None:
            raise no_such_symbol(judge.model, name)
        number = judge.now(name)
        if number is None:
            raise CannotEvaluate(
                f"{name} is an old name in Linux {judge.model.version}, and nothing takes its line over"
            )
        name = judge.model.symbols[number].name
        kind = judge.model.symbols[number].type
        if kind > Type.TRISTATE:
            named = on and not equals and not off
            goals.append(Goal(name, "", is_text=True) if named else read_text(judge.model, number, word))
            continue
        if not equals:
            value = "n" if off else "enabled" if kind == Type.TRISTATE else "y"
        if value not in ("y", "m", "n", "enabled") or (off and equals) or (value == "m" and kind == Type.BOOL):
            type_said = f": {name} is {Type(kind).name.lower()}" if equals and not off else ""
            raise UserError(f"'{word}' is no goal{type_said}", hint=f"such as {name}=y or {name}=n")
        goals.append(Goal(name, value))
    for goal in goals:
        for other in goals:
            kind = judge.model.symbols[judge.model.index[goal.symbol]].type
            one, two = ((plain(kind, it.value), it.is_text) for it in (goal, other))
            if other.symbol == goal.symbol and one != two:
                raise UserError(f"{goal} and {other} at once")
    return goals


def read_text(model: Model, number: int, word: str) -> Goal:
    """A goal on an int, a hex or a string: NR_CPUS=64, DEFAULT_HOSTNAME=xen or with the quotes of a .config.

    DEFAULT_HOSTNAME=n, and !DEFAULT_HOSTNAME, is that it has no line, and only DEFAULT_HOSTNAME="n" the text n.
    """
    symbol = model.symbols[number]
    kind = Type(symbol.type)
    if word.startswith("!") and "=" not in word:
        return Goal(symbol.name, "n")
    goal = text_goal(model, number, word.partition("=")[2])
    if "=" not in word or word.startswith("!") or wanted_line(model, goal) is None:
        example = {Type.INT: "64", Type.HEX: "0x40", Type.STRING: '"text"'}[kind]
        raise UserError(
            f"'{word}' is no goal: {symbol.name} is {kind.name.lower()}", hint=f"such as {symbol.name}={example}"
        )
    return goal
