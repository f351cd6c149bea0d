"""Reports of the graph's answers: plain data in, text out; one module a format, imported when it is asked for.

Each format's module has a table RENDERERS from a report's type to a pure function (report, look) -> str.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from kcfg.base.errors import UserError

if TYPE_CHECKING:
    from graphs.findings import (
        CompareReport,
        CyclesReport,
        DominatorsReport,
        HistoryReport,
        NeededByReport,
        NeedsReport,
        PathReport,
    )
    from kcfg.show.terminal import Look

    AnyReport = (
        PathReport | NeedsReport | NeededByReport | DominatorsReport | CyclesReport | CompareReport | HistoryReport
    )

FORMATS = ("text", "json")
TABLE_FORMATS = ("text", "json", "markdown")


def render(report: AnyReport, format: str, look: Look | None = None) -> str:
    """The report in one of the formats, ending in a newline. Only `text` heeds `look`; the others are UTF-8."""
    from kcfg.show.terminal import Look as DefaultLook

    renderer = import_module(f"graphs.report.{format}").RENDERERS.get(type(report))
    if renderer is None:
        raise UserError(f"this command has no format '{format}'")
    text: str = renderer(report, look or DefaultLook())
    return text
