"""A store of clauses: variables, shared gates, and which Kconfig statement each stated clause comes from.

Literals are non-zero integers, variable 1 is always true. Gates only define names for conjunctions, so they belong to
no statement; equal gates are one variable. What a statement says goes through `add`, after `state` has named it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from enum import IntEnum

TRUE = 1
FALSE = -1


class StatementKind(IntEnum):
    """What a clause comes from, and what the group's index means."""

    FIXED = 0  # holds whatever the Kconfig files say; never part of a reason
    DEPENDS = 1  # condition: depends on, if, menu, visible if
    SYMBOL = 2  # definition: nothing else turns it on
    PROMPT = 3  # definition: a user may set it at most to this
    DEFAULT = 4  # definition, number of the default
    RANGE = 5  # definition, number of the range
    SELECT = 6  # select
    IMPLY = 7  # select
    CHOICE = 8  # choice
    MODULES = 9  # definition of MODULES: without it m is y
    PROBE = 10  # probe: what the compiler or the environment answers
    UNMET = 11  # select: it may not select what lacks its dependencies (an option, no rule of Kconfig)


KIND_BITS = 4
PART_BITS = 16


def pack(kind: int, index: int, part: int = 0) -> int:
    """A group as one number."""
    return kind | part << KIND_BITS | index << (KIND_BITS + PART_BITS)


def unpack(group: int) -> tuple[StatementKind, int, int]:
    """(kind, index, part) of a group."""
    return (
        StatementKind(group & (1 << KIND_BITS) - 1),
        group >> (KIND_BITS + PART_BITS),
        group >> KIND_BITS & (1 << PART_BITS) - 1,
    )


class Clauses:
    """Clauses while they are made. `gates` and `stated` are flat, each clause ends with 0.

    `marks` has three numbers for each change of statement: the offset in `stated`, the group, the symbol.
    """

    def __init__(self, variables: int = TRUE) -> None:
        self.variables = variables
        self.gates: list[int] = []
        self.stated: list[int] = []
        self.marks: list[int] = []
        self._shared: dict[tuple[int, ...], int] = {}

    def var(self) -> int:
        self.variables += 1
        return self.variables

    def state(self, kind: int, index: int, symbol: int, part: int = 0) -> None:
        """The clauses added from here on come from this statement."""
        self.marks += (len(self.stated), kind | part << KIND_BITS | index << (KIND_BITS + PART_BITS), symbol)

    def add(self, *literals: int) -> None:
        """A clause of the current statement, without its constants."""
        if TRUE in literals:
            return
        if FALSE in literals:
            self.stated += [literal for literal in literals if literal != FALSE]
        else:
            self.stated += literals
        self.stated.append(0)

    def fix(self, *literals: int) -> None:
        """A clause of no statement."""
        if TRUE not in literals:
            self.gates += [literal for literal in literals if literal != FALSE]
            self.gates.append(0)

    def both(self, a: int, b: int) -> int:
        """a && b."""
        if a == b or b == TRUE:
            return a
        if a == TRUE:
            return b
        if a == FALSE or b == FALSE or a == -b:
            return FALSE
        key = (a, b) if a < b else (b, a)
        out = self._shared.get(key)
        if out is None:
            out = self.variables = self.variables + 1
            self._shared[key] = out
            self.gates += (-out, a, 0, -out, b, 0, out, -a, -b, 0)
        return out

    def all_of(self, literals: Iterable[int]) -> int:
        """The conjunction."""
        wanted = set(literals)
        wanted.discard(TRUE)
        if len(wanted) < 2:
            return wanted.pop() if wanted else TRUE
        if FALSE in wanted:
            return FALSE
        key = tuple(sorted(wanted))
        if len(key) == 2:
            return self.both(*key)
        out = self._shared.get(key)
        if out is None:
            for literal in key:
                if -literal in wanted:
                    return FALSE
            out = self.variables = self.variables + 1
            self._shared[key] = out
            gates = self.gates
            for literal in key:
                gates += (-out, literal, 0)
            gates.append(out)
            gates += [-literal for literal in key]
            gates.append(0)
        return out

    def any_of(self, literals: Iterable[int]) -> int:
        """The disjunction."""
        return -self.all_of([-literal for literal in literals])

    def at_most(self, literals: Sequence[int]) -> int:
        """A literal that can only be true where one of these is; enough for the right side of an implication."""
        if len(literals) < 2:
            return literals[0] if literals else FALSE
        if TRUE in literals:
            return TRUE
        out = self.var()
        self.gates.append(-out)
        self.gates += literals
        self.gates.append(0)
        return out

    def exactly_one(self, literals: Sequence[int]) -> None:
        self.fix(*literals)
        for i, a in enumerate(literals):
            for b in literals[:i]:
                self.fix(-a, -b)

    def flat(self) -> array[int]:
        """All clauses: the gates first."""
        out = array("i", self.gates)
        out.extend(array("i", self.stated))
        return out
