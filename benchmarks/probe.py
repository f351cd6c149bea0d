"""Thresholds that write down what they are compared with: by that, one run tells which other values change nothing.

A `Probe` stands in the place of a number. Everything that is compared with it, or with what was made of it by adding
and multiplying, narrows the open interval of values with which that computation would have gone the same way. A number
that is used in another way (a slice, a range, a quotient) may change it with every other value.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from patches.thresholds import GROUND
from patches.verdicts.thresholds import BOUNDS

NUMBERS = {one.name: (table, getattr(table, one.name)) for table in (BOUNDS, GROUND) for one in fields(table)}
"""Name -> (where it stands, its value)."""
Trace = dict[str, tuple[float, float]]
"""Name -> the lowest and the highest value between which nothing changes; both are its own where each other may."""
EVERYTHING = (float("-inf"), float("inf"))

_traces: list[Trace] = []


def holder(name: str) -> Any:
    """Where a number stands."""
    if name not in NUMBERS:
        raise SystemExit(f"no threshold {name!r}: {', '.join(NUMBERS)}")
    return NUMBERS[name][0]


def put(name: str, value: Any) -> None:
    """Sets a number."""
    object.__setattr__(holder(name), name, value)


@contextmanager
def other(name: str, value: float) -> Iterator[None]:
    """A number with another value, for a while."""
    before = getattr(holder(name), name)
    put(name, value)
    try:
        yield
    finally:
        put(name, before)


@contextmanager
def probing() -> Iterator[None]:
    """All numbers as probes, for a while."""
    for name, (_, value) in NUMBERS.items():
        put(name, Probe(name, value))
    try:
        yield
    finally:
        for name, (_, value) in NUMBERS.items():
            put(name, value)


@contextmanager
def traced() -> Iterator[Trace]:
    """The trace of what is computed in it; it is part of the outer one's, too."""
    trace: Trace = {}
    _traces.append(trace)
    try:
        yield trace
    finally:
        _traces.pop()
        merge(trace)


def merge(trace: Trace) -> None:
    """What was computed before, and is used again."""
    if _traces:
        for name, (low, high) in trace.items():
            narrow(name, low, high)


def narrow(name: str, low: float, high: float) -> None:
    """Takes note of an interval."""
    now = _traces[-1].get(name, EVERYTHING)
    _traces[-1][name] = (max(now[0], low), min(now[1], high))


def same(trace: Trace, name: str, value: float) -> bool:
    """Whether a computation would have gone the same way with another value."""
    low, high = trace.get(name, EVERYTHING)
    return low < value < high


class Probe:
    """`scale` times the number called `name`, and `more`; `start` is the number's own value."""

    __array_ufunc__ = None
    __slots__ = ("more", "name", "scale", "start")

    def __init__(self, name: str, start: float, scale: float = 1, more: float = 0) -> None:
        self.name, self.start, self.scale, self.more = name, start, scale, more

    @property
    def now(self) -> Any:
        """The number itself."""
        return self.start * self.scale + self.more

    def changed(self, scale: float, more: float) -> Probe:
        return Probe(self.name, self.start, scale, more)

    def any_other(self) -> Any:
        """The number, where each other value may lead elsewhere."""
        if _traces:
            narrow(self.name, self.start, self.start)
        return self.now

    def compared(self, value: Any) -> tuple[Any, Any]:
        """The number and what it is compared with; the value at which the comparison turns is written down."""
        if isinstance(value, Probe):
            return self.any_other(), value.any_other()
        if _traces and self.scale:
            turn = (float(value) - self.more) / self.scale
            close = abs(turn - self.start) < 1e-9
            narrow(
                self.name,
                turn if turn < self.start or close else EVERYTHING[0],
                turn if turn > self.start or close else EVERYTHING[1],
            )
        return self.now, value

    def __bool__(self) -> bool:
        raise TypeError(f"{self.name}: whether a number is nought leaves no trace")

    def __eq__(self, value: object) -> bool:
        raise TypeError(f"{self.name}: whether numbers are equal leaves no trace")

    def __hash__(self) -> int:
        raise TypeError(f"{self.name}: a hash leaves no trace")

    def __lt__(self, value: Any) -> bool:
        one, other_one = self.compared(value)
        return bool(one < other_one)

    def __le__(self, value: Any) -> bool:
        one, other_one = self.compared(value)
        return bool(one <= other_one)

    def __gt__(self, value: Any) -> bool:
        one, other_one = self.compared(value)
        return bool(one > other_one)

    def __ge__(self, value: Any) -> bool:
        one, other_one = self.compared(value)
        return bool(one >= other_one)

    def __mul__(self, value: Any) -> Any:
        return self.changed(self.scale * value, self.more * value)

    def __add__(self, value: Any) -> Any:
        return self.changed(self.scale, self.more + value)

    def __sub__(self, value: Any) -> Any:
        return self.changed(self.scale, self.more - value)

    def __rsub__(self, value: Any) -> Any:
        return self.changed(-self.scale, value - self.more)

    def __rtruediv__(self, value: Any) -> Any:
        return value / self.any_other()

    def __index__(self) -> int:
        return int(self.any_other())

    def __float__(self) -> float:
        return float(self.any_other())

    __rmul__ = __mul__
    __radd__ = __add__
