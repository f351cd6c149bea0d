"""The picture as SVG: marks that the page and the file share, and the file, which stands alone.

Colours have names in `templates/graph.css`; the page gives them values by custom properties, and the file has them
written in, since not every program that draws SVG knows custom properties.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING

from graphs.build import mode_key
from graphs.failing import FailingOverlay
from graphs.layout import Point, bends
from graphs.picture import AT_FIRST, LEADING, LETTER, MARK, MARKS, Picture, PlacedLink, PlacedNode, picture_of
from graphs.view import ViewLink, ViewNode, view_of_graph
from kcfg.base.errors import UserError
from kcfg.base.text import visible
from kcfg.show.pages import read

if TYPE_CHECKING:
    import networkx as nx

MARGIN = 16.0
HEAD = 58.0
"""Above the picture, for heading and legend."""
LAYERS = {"select": 1, "required": 2, "forbidden": 2}
"""What is drawn over what."""
MOST = 250
"""Nodes of a graph that is drawn as it is."""
VALUE = 8
"""Letters of a value that are shown."""
MODE_COLOURS = 9
"""Colours of modes; further ones start again."""

LIGHT = {
    "bg": "#fbfbfa", "panel": "#ffffff", "ink": "#1c1e21", "soft": "#565c64", "good": "#146c2e", "bad": "#a81e12",
    "edge": "#8a929b", "faint": "#c2c8ce", "rule": "#b4bbc3", "gate": "#e8ecef", "gate-ink": "#3f464d",
    "select": "#0e7f78", "default": "#8c7424", "pale": "#70767d", "on-mode": "#ffffff",
    "m0": "#2f6db5", "m1": "#1b7f5f", "m2": "#b45309", "m3": "#9a3593", "m4": "#5f6f00", "m5": "#0b7c96",
    "m6": "#b0384a", "m7": "#5b50c8", "m8": "#7a5a36",
}  # fmt: skip
DARK = {
    "bg": "#14161a", "panel": "#1f2329", "ink": "#e7e9ec", "soft": "#a5adb7", "good": "#74d28a", "bad": "#ff9a8d",
    "edge": "#6d7783", "faint": "#4a525c", "rule": "#59636e", "gate": "#2a3037", "gate-ink": "#b9c1ca",
    "select": "#4cc3b9", "default": "#c9b25a", "pale": "#858e98", "on-mode": "#14161a",
    "m0": "#7fb2f5", "m1": "#5fcfa5", "m2": "#f0a35e", "m3": "#e396dc", "m4": "#c3cf5a", "m5": "#6ccbe3",
    "m6": "#f2929d", "m7": "#b0a8f7", "m8": "#cdb08f",
}  # fmt: skip
FONT = '"DejaVu Sans Mono","SF Mono","Cascadia Mono",Menlo,Consolas,monospace'
VARIABLE = re.compile(r"var\(--([a-z0-9-]+)\)")


def path(way: Iterable[Point]) -> str:
    """The `d` of a way, to a tenth of a pixel."""
    out = ""
    for start, *rest in bends(tuple(way)):
        if not out:
            out = f"M{number(start[0])} {number(start[1])}"
        (_, y1), (_, y2), (x3, y3) = rest
        if start[1] == y1 == y2 == y3:
            out += f"H{number(x3)}"
        else:
            out += "C" + " ".join(f"{number(x)} {number(y)}" for x, y in rest)
    return out


def number(value: float) -> str:
    """A coordinate, as short as can be."""
    return f"{value:.1f}".removesuffix(".0")


def shown_at_first(link: ViewLink) -> bool:
    """Whether a link is in the picture before anybody asks for more."""
    return link.kind in AT_FIRST and not link.implied


def line_classes(link: ViewLink, modes: Mapping[str, int]) -> str:
    """The classes of a link's line."""
    out = ["line", link.kind]
    if link.source in modes:
        out.append(f"m{modes[link.source] % MODE_COLOURS}")
    if link.alternative and link.kind not in ("default", "imply", "prompt"):
        out.append("loose")
    if link.sign < 0:
        out.append("not")
    if not shown_at_first(link):
        out.append("weak")
    return " ".join(out)


def line_markup(link: PlacedLink, state: ViewLink, modes: Mapping[str, int], more: str = "", also: str = "") -> str:
    """The line of a link in one state; `more` are further attributes, `also` further classes."""
    return f'<path class="{line_classes(state, modes)}{also}"{more} d="{path(link.way)}"/>'


def node_markup(node: PlacedNode, state: ViewNode, modes: Mapping[str, int], more: str = "", also: str = "") -> str:
    """The box of a node in one state, with its marks, and its value where it has one."""
    box = node.box
    colour = f" m{modes[node.key] % MODE_COLOURS}" if node.key in modes else ""
    value = (" off" if state.value == "n" else " on") if state.value else ""
    out = [
        f'<g class="node {state.part}{must(state)}{colour}{value}{also}"{more} ',
        f'transform="translate({number(box.x)} {number(box.y)})">',
        f'<rect class="box" width="{number(box.width)}" height="{number(box.height)}" rx="5"/>',
    ]
    below = MARKS if any(state.levels.values()) else 0.0
    start = (box.height - below - LEADING * len(node.lines)) / 2 + 9.4
    for n, text in enumerate(node.lines):
        out.append(f'<text x="8" y="{number(start + n * LEADING)}">{escape(visible(text))}</text>')
    for n, mode in enumerate(modes):
        level = state.levels.get(mode.partition(":")[2])
        if level:
            out.append(mark(n, 8 + n * MARK, box.height - 8, *level))
    if state.value:
        text = state.value if len(state.value) <= VALUE else f"{state.value[:VALUE]}…"
        out.append(tag(f"={visible(text)}", box.width))
    return "".join([*out, "</g>"])


def must(state: ViewNode) -> str:
    """The class of what a mode cannot do without."""
    return " must" if any(level == "required" for level, _ in state.levels.values()) else ""


def mark(mode: int, x: float, y: float, level: str, sign: int) -> str:
    """What a mode asks for: filled is required, hollow recommended, a cross says that it has to be off."""
    name = f"m{mode % MODE_COLOURS}"
    if sign < 0:
        cross = f"M{number(x + 2)} {number(y - 1)}l6 6m0 -6l-6 6"
        return f'<path class="mark open {name}" d="{cross}"/>'
    if level == "required":
        return f'<rect class="mark full {name}" x="{number(x)}" y="{number(y)}" width="11" height="4" rx="2"/>'
    x, y = x + 0.6, y + 0.6
    return f'<rect class="mark open {name}" x="{number(x)}" y="{number(y)}" width="9.8" height="2.8" rx="1.4"/>'


def tag(text: str, width: float) -> str:
    """A word above a box's right corner, on a ground that hides the lines behind it."""
    wide = len(text) * 5.45 + 3
    ground = f'<rect class="under" x="{number(width - 1.5 - wide)}" y="-9.5" width="{number(wide)}" height="9"/>'
    return f'{ground}<text class="tag" x="{number(width - 3)}" y="-2">{escape(text)}</text>'


def mode_numbers(picture: Picture) -> dict[str, int]:
    """The key of each mode's node -> its number, which is its colour."""
    return {mode_key(mode): n for n, mode in enumerate(picture.view.modes)}


def drawing(picture: Picture, heading: str, overlay: FailingOverlay | None = None) -> str:
    """An SVG file of the kernel that is shown first, with a heading and a legend, for light and dark.

    With an overlay the failing paths of its modes are lit.
    """
    pairs = {pair for one in overlay.paths for pair in one.pairs} if overlay else set()
    failing = {target for _, target in pairs}
    modes = mode_numbers(picture)
    at = picture.current
    lines = []
    for link in picture.links:
        state = link.states[at]
        lit = (link.source, link.target) in pairs and link.sign > 0
        if state is not None and (lit or shown_at_first(state)):
            layer = max(LAYERS.values()) + 1 if lit else LAYERS.get(link.kind, 0)
            lines.append((layer, line_markup(link, state, modes, also=" failing" if lit else "")))
    lines.sort(key=lambda one: one[0])
    nodes = [
        node_markup(node, one, modes, also=" bad" if node.key in failing else "")
        for node in picture.nodes
        if (one := node.states[at]) is not None
    ]
    keys, used = legend(modes=bool(picture.view.modes))
    size = max(picture.width, used) + 2 * MARGIN, picture.height + HEAD + 2 * MARGIN
    sizes = f'width="{number(size[0])}" height="{number(size[1])}"'
    title = escape(visible(heading))
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graph" viewBox="0 0 {number(size[0])} {number(size[1])}" '
        f'{sizes} role="img" aria-label="{title}"><title>{title}</title><style>@STYLE@</style>'
        f'<rect class="ground" {sizes}/><g transform="translate({number(MARGIN)} {number(MARGIN)})">'
        f'<text class="heading" x="0" y="14">{title}</text>{keys}<g transform="translate(0 {number(HEAD)})">'
        + "".join(markup for _, markup in lines)
        + "".join(nodes)
        + "</g></g></svg>\n"
    )
    style = styles(LIGHT) + "@media(prefers-color-scheme:dark){" + styles(DARK) + "}"
    return text.replace("@STYLE@", style, 1)


def drawing_of(graph: nx.MultiDiGraph, heading: str) -> str:
    """An SVG file of a graph as it is, with its kernel and a heading. UserError where it has more than `MOST` nodes."""
    if len(graph) > MOST:
        hint = "a smaller --depth or one --direction shows less; DOT, GraphML and JSON take any size"
        raise UserError(f"a picture of {len(graph)} nodes shows nothing: {MOST} at most", hint=hint)
    view = view_of_graph(graph)
    return drawing(picture_of([view]), f"Linux {view.version} {view.arch}: {heading}")


def styles(colours: Mapping[str, str]) -> str:
    """The rules of graph.css with the colours written in."""
    rules = (
        read("graphs/templates:graph.css") + ".ground{fill:var(--bg)}.graph .heading{font-size:15px;font-weight:700}"
    )
    values = {**colours, "letters": FONT}
    return VARIABLE.sub(lambda match: values[match[1]], rules).replace("\n", "")


def legend(*, modes: bool) -> tuple[str, float]:
    """The legend's markup, and its width; in a graph without modes other things stand for themselves."""
    out = []
    x = 0.0
    for sample, words in LEGEND if modes else LEGEND_WITHOUT_MODES:
        out.append(f'<g transform="translate({number(x)} 34)">{sample}<text x="29">{words}</text></g>')
        x += 29 + len(words) * LETTER + 16
    return "".join(out), x


BOX = '<g class="{}"><rect class="box" y="-9" width="20" height="12" rx="3"/></g>'
WAYS = (
    ('<path class="line depends" d="M0 -3h24"/>', "depends on"),
    ('<path class="line depends loose" d="M0 -3h24"/>', "one of several"),
    ('<path class="line select" d="M0 -3h24"/>', "selects"),
)
LEGEND = (
    (BOX.format("rule"), "named by a mode"),
    (BOX.format("gate"), "needed by those"),
    (BOX.format("follows"), "selected or default"),
    (mark(0, 0, -5, "required", 1) + mark(2, 13, -5, "required", 1), "required by mode"),
    (mark(0, 0, -5, "recommended", 1) + mark(2, 13, -5, "recommended", 1), "recommended"),
    *WAYS,
)
LEGEND_WITHOUT_MODES = ((BOX.format("rule"), "has a prompt"), (BOX.format("follows"), "has none"), *WAYS)
