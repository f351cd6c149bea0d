"""Reports of the graph's answers: plain data in, text out; one module a format."""

from __future__ import annotations

from kcfg.show.render import Renderers

FORMATS = ("text", "json")
TABLE_FORMATS = ("text", "json", "markdown")

GRAPHS = Renderers(
    __name__,
    {
        "PathReport": FORMATS,
        "NeedsReport": TABLE_FORMATS,
        "NeededByReport": TABLE_FORMATS,
        "DominatorsReport": TABLE_FORMATS,
        "CyclesReport": FORMATS,
        "CompareReport": TABLE_FORMATS,
        "HistoryReport": TABLE_FORMATS,
    },
)
render, write = GRAPHS.render, GRAPHS.write
