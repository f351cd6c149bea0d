"""What is said of a change and of each of its lines, against conf."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from tests.oracle.conf import State, read_lines
from tests.oracle.product import Answer, Line, Otherwise
from tests.oracle.questions import Question
from tests.oracle.trees import LOGIC, Option
from tests.oracle.truth import Truth, differing, symbol_of

TAKEN = {
    "bool": "[yn].*",
    "tristate": "[ymn].*",
    "int": "-?(0|[1-9][0-9]*)",
    "hex": "(0[xX])?[0-9a-fA-F]+",
    "string": '".*"',
}
"""What a line may say, by the symbol's type."""


class Notes(Protocol):
    """Where claims that are not checked are counted."""

    undecided: Counter[str]
    notes: Counter[str]


@dataclass(frozen=True)
class Told:
    """A change that reaches the goals: what it starts from, what was asked, what is said of it."""

    truth: Truth
    config: tuple[str, ...]
    question: Question
    answer: Answer
    reached: Callable[[State, Question], bool]

    @cached_property
    def before(self) -> State:
        return self.truth.batch(self.truth.edited(self.config, ()))

    @cached_property
    def after(self) -> State:
        return self.truth.batch(self.truth.edited(self.config, self.answer.changed))

    @cached_property
    def said(self) -> dict[str, str]:
        """What the configuration's own lines say; of each symbol's lines that conf takes, the last one counts."""
        options, out = self.truth.options, {}
        for line in self.config:
            for name, text in read_lines(line).items():
                taken = "n" if line.startswith("#") else line.partition("=")[2]
                if name in options and is_taken(options[name].type, taken):
                    out[name] = taken[0] if options[name].type in LOGIC else text
        return out

    @cached_property
    def asked(self) -> set[str]:
        """The symbols of goals, and of what may hold instead of something else."""
        return {name for name, _ in self.question.all_goals}


def told_wrongly(told: Told, tally: Notes) -> Iterator[tuple[str, str]]:
    """(kind, what is so) of each statement that is not true."""
    for line in told.answer.lines:
        yield from lost_wrongly(told, line)
        yield from undone_wrongly(told, line)
    yield from placed_wrongly(told, tally)
    yield from needed_wrongly(told, tally)
    yield from lines_lost_wrongly(told)
    if told.answer.otherwise is not None:
        yield from otherwise_wrongly(told, told.answer.otherwise, tally)


def lost_wrongly(told: Told, line: Line) -> Iterator[tuple[str, str]]:
    """Each line does something, and what is lost without it is lost."""
    rest = [(name, value) for name, value in told.answer.changed if name != line.symbol]
    without = told.truth.batch(told.truth.edited(told.config, rest))
    if told.reached(without, told.question) and all(comes_out(told, without, one) for one in rest):
        yield "a line that is not needed", f"without {line.symbol}={line.new} all comes out"
        return
    if not line.lost:
        yield "nothing is said to be lost without a line", f"{line.symbol}={line.new}"
    others = dict(rest)
    for name in line.lost:
        wanted = [one for one in told.question.all_goals if one[0] == name]
        wanted += [(name, others[name])] if name in others else []
        if all(holds(without, one, told.truth.options[name].type) for one in wanted):
            yield "what is said to be lost without a line is not", f"{name}, without {line.symbol}={line.new}"


def comes_out(told: Told, state: State, line: tuple[str, str]) -> bool:
    """Whether a line has the value that it says."""
    option = told.truth.options[line[0]]
    return holds(state, line if option.type in LOGIC else (line[0], text_of(line[1])), option.type)


def text_of(value: str) -> str:
    """A text as a goal says it."""
    return '"n"' if value == "n" else value


def undone_wrongly(told: Told, line: Line) -> Iterator[tuple[str, str]]:
    """Whether the user's own line says something else, and no goal speaks of it."""
    own = told.said.get(line.symbol)
    if own is None:
        return
    undoes = line.symbol not in told.asked and own != line.new
    if undoes != line.undoes:
        yield "whether a line is undone", f"{line.symbol}={line.new}, its line says {own}"


def is_taken(kind: str, text: str) -> bool:
    """Whether conf takes a line with this text, as it stands in the file; the others count for nothing."""
    return re.fullmatch(TAKEN[kind], text) is not None


def placed_wrongly(told: Told, tally: Notes) -> Iterator[tuple[str, str]]:
    """Lines that do not have to stand at the end come out where they stand."""
    last = {line.symbol for line in told.answer.lines if line.last}
    lines = told.answer.changed
    rest = [one for one in told.config if symbol_of(one) not in last]
    ends = [one for one in lines if one[0] in last]
    text = told.truth.in_place(rest, [one for one in lines if one[0] not in last]) + told.truth.batch.text(ends)
    if told.truth.batch(text).lines != told.after.lines:
        yield "lines that do not come out where they stand", text
    if last and told.truth.batch(told.truth.in_place(told.config, lines)).lines == told.after.lines:
        tally.notes["lines for the end that come out where they stand"] += 1


def needed_wrongly(told: Told, tally: Notes) -> Iterator[tuple[str, str]]:
    """Every change with as few lines has a line of a symbol that needs one, and the symbol has that value."""
    needed = {line.symbol: line.new for line in told.answer.lines if line.needed}
    if not needed:
        return
    lines = len(told.answer.changed)
    found = told.truth.changes(told.config, lambda state: told.reached(state, told.question), lines)
    if found is None:
        tally.undecided[f"{told.question.kind}, needed"] += 1
        return
    for edits, state in found:
        if len(edits) < lines or not is_kept(told.truth, state):
            continue
        missing = [one for one in needed.items() if one[0] not in dict(edits) or not comes_out(told, state, one)]
        if missing:
            yield "a line that is needed is not", f"{shown(missing)}: {shown(edits)}"
            return


def is_kept(truth: Truth, state: State) -> bool:
    """Whether conf takes what it has written as it is."""
    return truth.batch(truth.written(state.lines)).lines == state.lines


def lines_lost_wrongly(told: Told) -> Iterator[tuple[str, str]]:
    """The user's lines that came out as asked and do not any longer: all of them are told, and no others."""
    if told.answer.lines_lost is None:
        return
    aside = {line.symbol for line in told.answer.lines}
    for unit in told.truth.tree.units:
        aside |= set(unit.names) if unit.choice and aside & set(unit.names) else set()
    lost = set()
    for name, text in told.said.items():
        option = told.truth.options.get(name)
        if option is None or option.old or not option.prompted or name in aside:
            continue
        if value(told.before, option) == text != value(told.after, option):
            lost.add(name)
    said = {name for name in told.answer.lines_lost if not told.truth.options[name].old}
    if not (lost - told.asked <= said <= lost):
        yield "other lines are lost than are told", f"told: {sorted(said)}, so: {sorted(lost)}"


def value(state: State, option: Option) -> str | None:
    """A symbol's value; a number or a text that has no line has none."""
    return state.lines.get(option.name, "n" if option.type in LOGIC else None)


def otherwise_wrongly(told: Told, other: Otherwise, tally: Notes) -> Iterator[tuple[str, str]]:
    """The other change reaches the goals and leaves alone what it says, with the fewest lines that do."""
    question, types = told.question, {name: one.type for name, one in told.truth.options.items()}

    def reached(state: State) -> bool:
        return told.reached(state, question) and all(holds(state, one, types[one[0]]) for one in other.stays)

    state = told.truth.batch(told.truth.edited(told.config, other.changed))
    text = f"{shown(other.stays)} stays with {shown(other.changed)}"
    if not all(holds(told.before, one, types[one[0]]) for one in other.stays):
        yield "what is said to stay was not so", text
    if not reached(state):
        yield "another change does not reach the goals, or what is said to stay does not", text
        return
    options = told.truth.tree.options
    if differing(told.before, state, options) >= differing(told.before, told.after, options):
        yield "another change gives as many symbols another value", text
    if not other.proven:
        yield "no proof of another change, though the time did not run out", text
        return
    found = told.truth.changes(told.config, reached, len(other.changed) - 1)
    if found is None:
        tally.undecided[f"{question.kind}, another change"] += 1
    elif found:
        yield "another change is proven, but fewer lines do", f"{text}\ntruth: {shown(found[0][0])}"


def shown(lines: Iterable[tuple[str, str]]) -> str:
    return " ".join(f"{name}={text}" for name, text in lines) or "nothing"


def holds(state: State, goal: tuple[str, str], kind: str) -> bool:
    """Whether a symbol of this type has a value, or is m or y ("enabled"); hexes are written with 0x or without.

    n of a string is that it has no line, and "n", in quotes, the text.
    """
    value = state.lines.get(goal[0], "n")
    if kind == "string" and goal[1] in ("n", '"n"'):
        return value == "n" and (goal[0] in state.lines) is (goal[1] != "n")
    if kind == "hex" and goal[1].startswith("0x") and value not in ("", "n"):
        return int(value, 16) == int(goal[1], 16)
    return value in ("m", "y") if goal[1] == "enabled" else value == goal[1]
