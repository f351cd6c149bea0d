"""A case that refutes a claim, without the lines, conditions, goals and options that it does not need.

hypothesis shrinks what was drawn; this is what it leaves: blocks whose inside is enough, and a fixpoint that was the
configuration.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.oracle.questions import Case, Question
from tests.oracle.trees import Tree

SIMPLER = (
    (re.compile(r" if (?!.* if ).+$"), ("",)),
    (re.compile(r"\(([^()]+) (?:&&|\|\|) ([^()]+)\)"), (r"\1", r"\2")),
    (re.compile(r"!(\w+|\([^()]+\))"), (r"\1",)),
    (re.compile(r"\((\w+)\)"), (r"\1",)),
    (re.compile(r"(\w+) (?:=|!=|<|<=|>|>=) \S+"), (r"\1",)),
)
"""What may stand in a line of Kconfig, and what to try instead."""

Fails = Callable[[Case], bool]


def reduced(case: Case, fails: Fails, seconds: float) -> Case:
    """The smallest case found in this time that still fails. `case` has one question."""
    until = time.process_time() + seconds
    better = True
    while better:
        better = False
        for smaller in (*lines_left_out(case), *simpler_lines(case), *simpler_questions(case)):
            if time.process_time() > until:
                return case
            found = smaller(case)
            if found is not None and found != case and fails(found):
                case, better = found, True
    return case


Change = Callable[[Case], Case | None]
"""A case -> a smaller one; None where it does not fit any more."""


def lines_left_out(case: Case) -> Iterator[Change]:
    """Stretches of whole entries, long ones first; blocks without what opens and closes them; single lines."""
    count = len(entries(case))
    size = count // 2
    while size:
        for start in range(0, count, size):
            yield lambda now, start=start, size=size: without_entries(now, start, size)  # type: ignore[misc]
        size //= 2
    count = len(case.tree.kconfig.splitlines())
    for start in range(count):
        for end in range(start + 1, count):
            yield lambda now, start=start, end=end: unwrapped(now, start, end)  # type: ignore[misc]
    for place in range(count):
        yield lambda now, place=place: without_line(now, place)  # type: ignore[misc]


def entries(case: Case) -> list[list[str]]:
    """The lines of a Kconfig file, each with those below it that say what it is."""
    out: list[list[str]] = []
    for one in case.tree.kconfig.splitlines():
        if one.startswith("\t"):
            out[-1].append(one)
        else:
            out.append([one])
    return out


def without_entries(case: Case, start: int, size: int) -> Case | None:
    left = entries(case)
    del left[start : start + size]
    return with_lines(case, [one for entry in left for one in entry])


def without_line(case: Case, place: int) -> Case | None:
    lines = case.tree.kconfig.splitlines()
    if place >= len(lines) or not lines[place].startswith("\t"):
        return None
    return with_lines(case, [*lines[:place], *lines[place + 1 :]])


def unwrapped(case: Case, start: int, end: int) -> Case | None:
    """Without the first and the last line of a block."""
    lines = case.tree.kconfig.splitlines()
    if end >= len(lines) or not re.match(r"if |menu ", lines[start]) or not re.match(r"endif|endmenu", lines[end]):
        return None
    return with_lines(case, [one for place, one in enumerate(lines) if place not in (start, end)])


def with_lines(case: Case, lines: list[str]) -> Case | None:
    """A case with another Kconfig file; options that it does not define are none."""
    text = "".join(f"{one}\n" for one in lines)
    defined = set(re.findall(r"^config (\S+)$", text, re.M))
    if not defined or ("MODULES" in defined and not re.search(r"^\t(?:option )?modules$", text, re.M)):
        return None  # unmarked, it is not what m means: no kernel has that
    options = tuple(one for one in case.tree.options if one.name in defined)
    units = [replace(unit, names=tuple(name for name in unit.names if name in defined)) for unit in case.tree.units]
    tree = Tree(case.tree.series, text, options, tuple(unit for unit in units if unit.names), case.tree.texts)
    return replace(case, tree=tree)


def simpler_lines(case: Case) -> Iterator[Change]:
    for place in range(len(case.tree.kconfig.splitlines())):
        for pattern, others in SIMPLER:
            for other in others:
                yield lambda now, place=place, pattern=pattern, other=other: with_line(now, place, pattern, other)  # type: ignore[misc]


def with_line(case: Case, place: int, pattern: re.Pattern[str], other: str) -> Case | None:
    lines = case.tree.kconfig.splitlines()
    if place >= len(lines):
        return None
    lines[place] = pattern.sub(other, lines[place], count=1)
    return with_lines(case, lines)


def simpler_questions(case: Case) -> Iterator[Change]:
    question = case.questions[0]
    if case.shared:
        yield lambda now: replace(now, shared=False)
    for name, value in (("modules", True), ("no_unmet", False), ("few_symbols", False), ("objective", "symbols")):
        yield lambda now, name=name, value=value: asking(now, **{name: value})  # type: ignore[misc]
    for name in ("goals", "given", "either", "lines", "flips", "objects"):
        for place in range(len(getattr(question, name))):
            yield lambda now, name=name, place=place: shorter(now, name, place)  # type: ignore[misc]
    for i, ways in enumerate(question.either):
        for j in range(len(ways)):
            yield lambda now, i=i, j=j: fewer_ways(now, i, j)  # type: ignore[misc]


def asking(case: Case, **changes: object) -> Case:
    return replace(case, questions=(replace(case.questions[0], **changes),))  # type: ignore[arg-type]


def shorter(case: Case, name: str, place: int) -> Case | None:
    now = getattr(case.questions[0], name)
    return None if place >= len(now) else asking(case, **{name: (*now[:place], *now[place + 1 :])})


def fewer_ways(case: Case, i: int, j: int) -> Case | None:
    either = [list(ways) for ways in case.questions[0].either]
    if i >= len(either) or j >= len(either[i]) or len(either[i]) < 2:
        return None
    del either[i][j]
    return asking(case, either=tuple(map(tuple, either)))


def alone(case: Case, question: Question, config: str) -> Case:
    """The case with one question, whose configuration is written out."""
    if question.kind == "accepts":
        return replace(case, questions=(question,))
    return replace(case, questions=(replace(question, base=-1, lines=tuple(config.splitlines())),))
