"""Where everything stands in the picture: columns of boxes from left to right, and the lines between them.

A line that passes a column has a place of its own there, as a box has: it goes through the column level, and bends only
in the empty gap between two columns. So no line touches a box that it does not belong to, whatever the graph. Lines of
one kind to one target become one trunk as soon as they can, and so do a mode's lines to what it asks for.

No program and no library has a part in it, so that the picture is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec

from graphs.layers import columns
from graphs.ordering import order_places

GAP = 36.0
"""Between columns; lines bend here."""
SPACE, LANE = 9.0, 7.0
"""Between neighbours of a column: between two boxes, and beside a line."""
SWEEPS = 60

Point = tuple[float, float]


class DrawnNode(msgspec.Struct, frozen=True):
    """A box to place: its size in pixels; `first`: it belongs into the first column."""

    key: str
    width: float
    height: float
    first: bool = False


class DrawnLine(msgspec.Struct, frozen=True):
    """A line to draw from `source` to `target`. Lines with one `bundle` share their way as far as they can.

    Those whose `bundle` is "" are put in where there is room when all else stands; only the columns heed them.
    """

    source: str
    target: str
    bundle: str
    weight: float = 1.0
    fan: bool = False  # the bundle parts from its source instead of coming together at its target


class Box(msgspec.Struct, frozen=True):
    """A placed item: the upper left corner and the size."""

    x: float
    y: float
    width: float
    height: float
    column: int

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


class Layout(msgspec.Struct, frozen=True):
    """The boxes by key; the ways in the order of the lines: points where a way is level, two a column, so that it
    bends between the second of one pair and the first of the next one."""

    boxes: Mapping[str, Box]
    ways: tuple[tuple[Point, ...], ...]
    width: float
    height: float


def arrange(items: Sequence[DrawnNode], lines: Sequence[DrawnLine]) -> Layout:
    """Place items and lines. The same input gives the same picture."""
    plan = LayoutPlan(items, lines)
    order = order_places(plan.place, plan.weights)
    heights = settle(order, plan)
    lowest = min(heights.values(), default=0.0)
    boxes = plan.boxes({key: y - lowest for key, y in heights.items()})
    levels = {key: heights[key] - lowest + plan.size[key] / 2 for key in heights}
    free = Corridors(boxes, plan)
    ways = tuple(plan.way(line, levels, boxes) if line.bundle else free.way(line) for line in lines)
    bottom = max([box.y + box.height for box in boxes.values()] + [y for way in ways for _, y in way], default=0.0)
    return Layout(boxes=boxes, ways=ways, width=plan.right[-1] if plan.right else 0.0, height=bottom)


class LayoutPlan:
    """The boxes and the places that lines take in columns, before they have heights."""

    def __init__(self, items: Sequence[DrawnNode], lines: Sequence[DrawnLine]) -> None:
        self.items = {item.key: item for item in items}
        # Of a cycle the lighter line leads back.
        bound = sorted((line for line in lines if line.bundle), key=lambda line: -line.weight)
        links = [(line.source, line.target, line.weight) for line in bound]
        loose = [(line.source, line.target, line.weight) for line in lines if not line.bundle and line.weight]
        heads = [item.key for item in items if item.first]
        self.column = columns([item.key for item in items], links, loose, heads)
        count = max(self.column.values(), default=-1) + 1
        widths = [max(item.width for item in items if self.column[item.key] == at) for at in range(count)]
        self.left = [sum(widths[:at]) + GAP * at for at in range(count)]
        self.right = [left + width for left, width in zip(self.left, widths, strict=True)]
        self.size = {item.key: item.height for item in items}
        self.place = dict(self.column)  # boxes' and lines' places -> column
        self.weights: dict[tuple[str, str], float] = {}
        # Where a box belongs that no line with a place of its own leads to.
        self.aside = {line.target: line.source for line in lines if not line.bundle}
        for line in lines:
            if line.bundle and self.column[line.source] != self.column[line.target]:
                for a, b in pairwise(self.stops(line)):
                    self.weights[a, b] = self.weights.get((a, b), 0.0) + line.weight

    def stops(self, line: DrawnLine) -> list[str]:
        """The places that a line passes, from left to right; they are made where they are not yet there."""
        left, right = sorted((line.source, line.target), key=lambda key: self.column[key])
        out = [left]
        for at in range(self.column[left] + 1, self.column[right]):
            end = line.source if line.fan else line.target
            key = f"{line.bundle}\0{end}\0{at}"
            self.place.setdefault(key, at)
            self.size.setdefault(key, 0.0)
            out.append(key)
        return [*out, right]

    def boxes(self, heights: Mapping[str, float]) -> dict[str, Box]:
        return {
            key: Box(self.left[self.column[key]], heights[key], item.width, item.height, self.column[key])
            for key, item in self.items.items()
        }

    def way(self, line: DrawnLine, levels: Mapping[str, float], boxes: Mapping[str, Box]) -> tuple[Point, ...]:
        """The points of a line, from its source to its target."""
        if self.column[line.source] == self.column[line.target]:
            return loop(boxes[line.source], boxes[line.target], self.right[self.column[line.source]])
        points: list[Point] = []
        stops = self.stops(line)
        for key in stops:
            at, y = self.place[key], levels[key]
            ends = (self.left[at], self.right[at])
            if key in boxes:
                box = boxes[key]
                ends = (box.x + box.width, self.right[at]) if key == stops[0] else (box.x, box.x)
            points += [(ends[0], y), (ends[1], y)]
        return tuple(points if stops[0] == line.source else reversed(points))


def loop(source: Box, target: Box, edge: float) -> tuple[Point, ...]:
    """The way between two boxes of one column: out to the right and back."""
    return (
        (source.x + source.width, source.middle),
        (edge, source.middle),
        (edge, target.middle),
        (target.x + target.width, target.middle),
    )


def settle(order: list[list[str]], plan: LayoutPlan) -> dict[str, float]:
    """The upper edge of every place: near its neighbours' middle, in the given order, with room between."""
    near: dict[str, list[tuple[str, float]]] = {}
    for (a, b), weight in plan.weights.items():
        strength = 3.0 * weight if a not in plan.items and b not in plan.items else weight  # trunks run straight
        near.setdefault(a, []).append((b, strength))
        near.setdefault(b, []).append((a, strength))
    gaps = [
        [0.0, *(plan.size[a] + (SPACE if a in plan.items and b in plan.items else LANE) for a, b in pairwise(column))]
        for column in order
    ]
    y: dict[str, float] = {}
    for column, steps in zip(order, gaps, strict=True):
        total = sum(steps)
        at = -total / 2
        for key, step in zip(column, steps, strict=True):
            at += step
            y[key] = at
    for sweep in range(SWEEPS):
        sequence = range(len(order)) if sweep % 2 == 0 else reversed(range(len(order)))
        for c in sequence:
            wanted, force = [], []
            for key in order[c]:
                half = plan.size[key] / 2
                ties = near.get(key, [])
                total = sum(weight for _, weight in ties)
                middle = sum((y[other] + plan.size[other] / 2) * weight for other, weight in ties)
                if not ties and key in plan.aside:
                    ties, total = [(plan.aside[key], 0.01)], 0.01
                    middle = (y[plan.aside[key]] + plan.size[plan.aside[key]] / 2) * total
                wanted.append(middle / total - half if ties else y[key])
                force.append(total or 0.01)
            y |= zip(order[c], spread(wanted, force, gaps[c]), strict=True)
    return y


def spread(wanted: Sequence[float], force: Sequence[float], steps: Sequence[float]) -> list[float]:
    """The positions nearest to the wanted ones (least weighted squares) that are at least `steps` apart.

    With the steps taken off it is isotonic regression: neighbours that are in each other's way merge into blocks.
    """
    offset = 0.0
    blocks: list[tuple[float, float, int]] = []  # mean, weight, members
    offsets = []
    for want, weight, step in zip(wanted, force, steps, strict=True):
        offset += step
        offsets.append(offset)
        block = (want - offset, weight, 1)
        while blocks and blocks[-1][0] > block[0]:
            mean, other, members = blocks.pop()
            total = other + block[1]
            block = ((mean * other + block[0] * block[1]) / total, total, members + block[2])
        blocks.append(block)
    flat = [mean for mean, _, members in blocks for _ in range(members)]
    return [at + offset for at, offset in zip(flat, offsets, strict=True)]


class Corridors:
    """Ways for lines that have no place of their own: they pass columns between two boxes."""

    def __init__(self, boxes: Mapping[str, Box], plan: LayoutPlan) -> None:
        self.boxes, self.plan = boxes, plan
        self.lanes: list[list[float]] = []
        for at in range(len(plan.left)):
            spans = sorted((box.y, box.y + box.height) for box in boxes.values() if box.column == at)
            lanes = [(low + high) / 2 for (_, low), (high, _) in pairwise(spans)]
            self.lanes.append([spans[0][0] - 6, *lanes, spans[-1][1] + 6])

    def way(self, line: DrawnLine) -> tuple[Point, ...]:
        """The points of a line, from its source to its target."""
        source, target = self.boxes[line.source], self.boxes[line.target]
        left, right = sorted((source, target), key=lambda box: box.column)
        if left.column == right.column:
            return loop(source, target, self.plan.right[source.column])
        points = [(left.x + left.width, left.middle), (self.plan.right[left.column], left.middle)]
        for at in range(left.column + 1, right.column):
            share = (at - left.column) / (right.column - left.column)
            ideal = left.middle + (right.middle - left.middle) * share
            y = min(self.lanes[at], key=lambda lane: abs(lane - ideal))
            points += [(self.plan.left[at], y), (self.plan.right[at], y)]
        points += [(right.x, right.middle), (right.x, right.middle)]
        return tuple(points if left is source else reversed(points))


def bends(way: Sequence[Point]) -> Iterable[tuple[Point, Point, Point, Point]]:
    """The cubic curves of a way: level at both ends. Level parts are curves, too, whose points are on a line."""
    for (x0, y0), (x1, y1) in pairwise(way):
        if y0 == y1:
            third = (x1 - x0) / 3
            yield (x0, y0), (x0 + third, y0), (x1 - third, y1), (x1, y1)
        elif x0 == x1:  # a loop at the edge of a column
            yield (x0, y0), (x0 + GAP * 0.6, y0), (x1 + GAP * 0.6, y1), (x1, y1)
        else:
            half = (x0 + x1) / 2
            yield (x0, y0), (half, y0), (half, y1), (x1, y1)
