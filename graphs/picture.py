"""The picture as data: the views of several kernels in one layout, so that everything keeps its place between them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from graphs.build import mode_key
from graphs.kinds import EdgeKind
from graphs.layout import Box, DrawnLine, DrawnNode, Point, arrange
from graphs.view import View, ViewLink, ViewNode

LETTER = 6.63
"""Width of a letter of the boxes' font, in pixels: 11 px in any of the usual fonts of one width."""
LONG = 13
"""Letters of a name that stands on one line."""
PADDING = 16.0
LEADING = 12.5
"""From line to line."""
MARK, MARKS = 14.0, 7.0
"""The strip of marks below a name: a mark's width, for each mode, and the strip's height."""

AT_FIRST = (EdgeKind.DEPENDS, EdgeKind.CHOICE, EdgeKind.SELECT, "required", "forbidden")
"""Kinds of lines that the picture shows before anybody asks for more; those that are implied come on demand, too."""
WEIGHT = {EdgeKind.SELECT: 0.9, "required": 0.25, "forbidden": 0.25}
LOOSE = 0.3


class PlacedNode(msgspec.Struct, frozen=True):
    """A node with its box; `states` are the node in each kernel, None where it is not in that kernel's view."""

    key: str
    lines: tuple[str, ...]
    box: Box
    states: tuple[ViewNode | None, ...]


class PlacedLink(msgspec.Struct, frozen=True):
    """A link with its way; `states` are the link in each kernel, None where that kernel has none."""

    source: str
    target: str
    kind: str
    sign: int
    way: tuple[Point, ...]
    states: tuple[ViewLink | None, ...]


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """Nodes and links of all kernels in `views`, of which `views[current]` is the one that is shown first."""

    views: tuple[View, ...]
    current: int
    nodes: tuple[PlacedNode, ...]
    links: tuple[PlacedLink, ...]
    width: float
    height: float

    @property
    def view(self) -> View:
        return self.views[self.current]


def picture_of(views: Sequence[View], current: int = 0) -> Picture:
    """The picture of these views."""
    views = tuple(views)
    sequence = [views[current], *views[:current], *views[current + 1 :]]
    nodes = [{node.key: node for node in view.nodes} for view in views]
    links = [{link.key: link for link in view.links} for view in views]
    keys = dict.fromkeys(node.key for view in sequence for node in view.nodes)
    pairs = dict.fromkeys(link.key for view in sequence for link in view.links)
    seen = {key: next(found[key] for found in (nodes[current], *nodes) if key in found) for key in keys}
    ruled = {node.key for view in views for node in view.nodes if node.part == "rule"}
    items = [item_of(seen[key], len(views[current].modes) if key in ruled else 0) for key in keys]
    lines = [line_of(pair, links[current].get(pair)) for pair in pairs]
    layout = arrange(items, lines)
    return Picture(
        views=views,
        current=current,
        nodes=tuple(
            PlacedNode(key, wrapped(seen[key].label), layout.boxes[key], tuple(found.get(key) for found in nodes))
            for key in keys
        ),
        links=tuple(
            PlacedLink(*pair, way, tuple(found.get(pair) for found in links))
            for pair, way in zip(pairs, layout.ways, strict=True)
        ),
        width=layout.width,
        height=layout.height,
    )


def item_of(node: ViewNode, marks: int) -> DrawnNode:
    """The box of a node, before it has a place; `marks`: for how many it has room."""
    lines = wrapped(node.label)
    width = round(max(map(len, lines)) * LETTER + PADDING, 1)
    if node.part == "mode":
        return DrawnNode(node.key, width + 6, 30.0, first=True)
    return DrawnNode(node.key, max(width, marks * MARK + PADDING), len(lines) * LEADING + 9 + (MARKS if marks else 0))


def wrapped(label: str) -> tuple[str, ...]:
    """A name on one line or, at an underscore, on two of lengths as equal as can be."""
    cuts = [n for n, letter in enumerate(label, 1) if letter == "_" and n < len(label)]
    if len(label) <= LONG or not cuts:
        return (label,)
    cut = min(cuts, key=lambda n: (max(n, len(label) - n), n))
    return label[:cut], label[cut:]


def line_of(pair: tuple[str, str, str, int], state: ViewLink | None) -> DrawnLine:
    """The line of a link; `state` is the link in the kernel that is shown first.

    What that does not show at first has no place of its own. Defaults, which often lead the other way, are kept short.
    """
    source, target, kind, sign = pair
    if (kind not in AT_FIRST and kind != EdgeKind.DEFAULT) or (state is not None and state.implied):
        return DrawnLine(source, target, "", 0.0)
    if state is None or kind not in AT_FIRST:
        return DrawnLine(source, target, "", LOOSE)
    fan = source.startswith(mode_key(""))
    bundle = "mode" if fan else f"{kind if kind == EdgeKind.SELECT else 'needs'}{sign}"
    return DrawnLine(source, target, bundle, WEIGHT.get(kind, 1.0), fan)
