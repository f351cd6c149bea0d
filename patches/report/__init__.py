"""Reports of the patch half: plain data in, text out; one module a format."""

from __future__ import annotations

from importlib import import_module

from kcfg.show.render import Renderers

STATUS_FORMATS = ("text", "json", "markdown", "csv", "sarif", "html")
SHOW_FORMATS = ("text", "json", "html")
PLAN_FORMATS = ("text", "json", "markdown", "html")
TREND_FORMATS = ("text", "json", "csv", "svg", "html")

MODULES = {
    "text": lambda: import_module("patches.report.text"),
    "json": lambda: import_module("patches.report.json"),
    "markdown": lambda: import_module("patches.report.markdown"),
    "csv": lambda: import_module("patches.report.csv"),
    "sarif": lambda: import_module("patches.report.sarif"),
    "svg": lambda: import_module("patches.report.svg"),
    "html": lambda: import_module("patches.report.html"),
}
"""Format -> its module, imported when it is asked for."""

PATCHES = Renderers(
    MODULES,
    {
        "StatusReport": STATUS_FORMATS,
        "PatchDetail": SHOW_FORMATS,
        "PlanReport": PLAN_FORMATS,
        "TrendReport": TREND_FORMATS,
    },
)
render, write = PATCHES.render, PATCHES.write
