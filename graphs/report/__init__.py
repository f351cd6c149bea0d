"""Reports of the graph's answers: plain data in, text out; one module a format."""

from __future__ import annotations

from importlib import import_module

from kcfg.show.render import Renderers

FORMATS = ("text", "json")
TABLE_FORMATS = ("text", "json", "markdown")

MODULES = {
    "text": lambda: import_module("graphs.report.text"),
    "json": lambda: import_module("graphs.report.json"),
    "markdown": lambda: import_module("graphs.report.markdown"),
}
"""Format -> its module, imported when it is asked for."""

GRAPHS = Renderers(
    MODULES,
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
