"""What is true of a small tree, by trying everything with the kernel's own conf.

A *fixpoint* is a configuration that conf keeps line for line. All of them are found unit by unit, in the order of the
ranks: what a unit can become hangs on the units before it and on its own lines, so each different beginning is
continued with every line that can be set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from tests.oracle.conf import Batch, RefusedError, State, line, read_lines
from tests.oracle.trees import LOGIC, Option, Tree, Unit

FIXPOINTS = 4000
"""Trees with more are left out."""
RUNS = 150_000
"""Configurations that one search for a smaller change may try."""
LEVELS = {"n": 0, "m": 1, "y": 2}

Lines = tuple[tuple[str, str], ...]
"""Symbols and plain values, in the order of a .config."""


class TooManyError(Exception):
    """More than is worth trying."""


@dataclass(slots=True)
class Truth:
    """A tree, conf, and all fixpoints. `order` is that of a written .config, by symbol."""

    tree: Tree
    batch: Batch
    order: dict[str, int] = field(default_factory=dict)
    fixpoints: list[State] = field(default_factory=list)
    drifting: int = 0
    """Results of conf that conf changes once more."""

    @property
    def options(self) -> dict[str, Option]:
        return {one.name: one for one in self.tree.options}

    def find(self) -> None:
        """Fills `fixpoints`. Raises TooManyError."""
        names = re.findall(r"^config (\S+)$", self.tree.kconfig, re.M)
        self.order = {name: place for place, name in enumerate(dict.fromkeys(names))}
        options = self.options
        if any(self.batch.types.get(one.name) != one.type for one in self.tree.options):
            raise RefusedError("an option without its type")
        ends: list[tuple[Lines, State]] = [((), self.batch(""))]
        for unit in self.tree.units:
            members = [options[name] for name in unit.names]
            tried = [((*lines, *more), lines) for lines, state in ends for more in self.settings(unit, members, state)]
            states = self.batch.many([self.batch.text(lines) for lines, _ in tried])
            kept: dict[tuple[Lines, tuple[str, ...]], tuple[Lines, State]] = {}
            for (lines, before), state in zip(tried, states, strict=True):
                key = (before, tuple(state.values[name] for name in unit.names))
                kept.setdefault(key, (lines, state))
            ends = list(kept.values())
            if len(ends) > FIXPOINTS:
                raise TooManyError
        written = [self.written(state.lines) for _, state in ends]
        again = self.batch.many(list(dict.fromkeys(written)))
        for text, state in zip(dict.fromkeys(written), again, strict=True):
            if self.written(state.lines) == text:
                self.fixpoints.append(state)
            else:
                self.drifting += 1

    def settings(self, unit: Unit, members: Sequence[Option], state: State) -> Iterator[Lines]:
        """Every way to set a unit in a configuration that says nothing of it so far."""
        yield ()
        if unit.choice:
            # an optional one that is n hides its members
            if self.tree.series < (6, 11) or any(state.limit[one.name] != "n" for one in members):
                values = [["n", *(value for value in self.tree.values(one) if value != "n")] for one in members]
                for chosen in product(*values):
                    yield tuple(zip(unit.names, chosen, strict=True))
        elif members[0].prompted and state.limit[unit.names[0]] != "n":
            for value in self.tree.values(members[0]):
                yield ((unit.names[0], value),)

    def written(self, lines: Mapping[str, str]) -> str:
        """The text of a .config, in conf's own order, without its head."""
        return self.batch.text(sorted(lines.items(), key=lambda one: self.order[one[0]]))

    # Changes

    def edited(self, config: Sequence[str], edits: Iterable[tuple[str, str]]) -> str:
        """A configuration with some symbols' lines replaced; the new ones stand at the end."""
        new = dict(edits)
        left = [one for one in config if symbol_of(one) not in new]
        return "".join(f"{one}\n" for one in left) + self.batch.text(new.items())

    def in_place(self, config: Sequence[str], edits: Iterable[tuple[str, str]]) -> str:
        """A configuration with some symbols' lines changed where they stand; lines that are new stand at the end."""
        new = dict(edits)
        out = []
        last = {symbol_of(one): place for place, one in enumerate(config)}
        for place, one in enumerate(config):
            name = symbol_of(one)
            if name not in new:
                out.append(one)
            elif last[name] == place:
                out.append(line(name, new.pop(name), self.batch.types.get(name, "")))
        return "".join(f"{one}\n" for one in out) + self.batch.text(new.items())

    def changes(
        self, config: Sequence[str], reached: Callable[[State], bool], most: int
    ) -> list[tuple[Lines, State]] | None:
        """All changes with the fewest lines, at most `most`, that lead to what is wanted, and what conf makes of them.

        Empty where so few lines do not do it; None where there are too many to try. In the order of the ranks, a line
        that cannot be set changes nothing, and neither does one that says what holds anyway.
        """
        base = self.batch(self.edited(config, ()))
        if reached(base):
            return [((), base)]
        asked = [(one, self.texts(one, config)) for one in self.tree.options if one.prompted]
        level: list[tuple[Lines, State]] = [((), base)]
        runs = 0
        for _ in range(most):
            tried = list(self.one_more(asked, level))
            runs += len(tried)
            if runs > RUNS:
                return None
            states = self.batch.many([self.edited(config, edits) for edits in tried])
            level = list(zip(tried, states, strict=True))
            found = [(edits, state) for edits, state in level if reached(state)]
            if found:
                return found
        return []

    def texts(self, option: Option, config: Sequence[str]) -> tuple[str, ...]:
        """The values to try for an option, those of a configuration's lines for others of its type too."""
        said = [
            (self.options[name].type, text)
            for name, text in read_lines("\n".join(config)).items()
            if name in self.options
        ]
        more = [text for kind, text in said if kind == option.type and kind not in LOGIC]
        return tuple(dict.fromkeys((*self.tree.values(option), *more)))

    def one_more(
        self, asked: Sequence[tuple[Option, Sequence[str]]], level: Iterable[tuple[Lines, State]]
    ) -> Iterator[Lines]:
        """Each change with one line more, of the same rank or a higher one. `asked`: the values to try for each."""
        options = self.options
        for edits, state in level:
            last = options[edits[-1][0]].rank if edits else -1
            done = {name for name, _ in edits}
            for option, texts in asked:
                if option.rank < last or option.name in done:
                    continue
                if not option.member and state.limit[option.name] == "n":
                    continue
                for value in texts:
                    if option.member or state.values[option.name] != value:
                        yield (*edits, (option.name, value))


def symbol_of(text: str) -> str:
    """The symbol of a .config's line, "" for another line."""
    found = re.match(r"CONFIG_([^=\s]+)=|# CONFIG_(\S+) is not set", text)
    return (found[1] or found[2]) if found else ""


def differing(before: State, after: State, options: Iterable[Option]) -> int:
    """How many of these symbols have another value; a bool or a tristate without a line is n."""
    off = {one.name: "n" if one.type in LOGIC else None for one in options}
    return sum(before.lines.get(name, none) != after.lines.get(name, none) for name, none in off.items())
