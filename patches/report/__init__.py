"""Reports of the patch half: plain data in, text out; one module a format."""

from __future__ import annotations

from kcfg.show.render import Renderers

STATUS_FORMATS = ("text", "json", "markdown", "csv", "sarif", "html")
SHOW_FORMATS = ("text", "json", "html")
PLAN_FORMATS = ("text", "json", "markdown", "html")
TREND_FORMATS = ("text", "json", "csv", "svg", "html")

PATCHES = Renderers(
    __name__,
    {
        "StatusReport": STATUS_FORMATS,
        "PatchDetail": SHOW_FORMATS,
        "PlanReport": PLAN_FORMATS,
        "TrendReport": TREND_FORMATS,
    },
)
render, write = PATCHES.render, PATCHES.write
