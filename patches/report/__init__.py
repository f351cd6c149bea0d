"""Reports of the patch half: plain data in, text out; one module a format, imported when it is asked for.

Each format's module has a table RENDERERS from a report's type to a pure function (report, look) -> str.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, TextIO

from kcfg.base.errors import UserError

if TYPE_CHECKING:
    from kcfg.show.terminal import Look
    from patches.findings import PatchDetail, PlanReport, StatusReport, TrendReport

    AnyReport = StatusReport | PatchDetail | PlanReport | TrendReport

STATUS_FORMATS = ("text", "json", "markdown", "csv", "sarif", "html")
SHOW_FORMATS = ("text", "json", "html")
PLAN_FORMATS = ("text", "json", "markdown", "html")
TREND_FORMATS = ("text", "json", "csv", "svg", "html")


def render(report: AnyReport, format: str, look: Look | None = None) -> str:
    """The report in one of the formats, ending in a newline. Only `text` heeds `look`; the others are UTF-8."""
    from kcfg.show.terminal import Look as DefaultLook

    renderer = import_module(f"patches.report.{format}").RENDERERS.get(type(report))
    if renderer is None:
        raise UserError(f"this command has no format '{format}'")
    text: str = renderer(report, look or DefaultLook())
    return text


def write(report: AnyReport, format: str, stream: TextIO) -> None:
    """Render for `stream` and write: text as the stream can show it, every other format in UTF-8."""
    from kcfg.show.terminal import look_of

    if format == "text":
        stream.write(render(report, format, look_of(stream)))
        return
    text = render(report, format)
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(text)
        return
    stream.flush()
    buffer.write(text.encode("utf-8", "backslashreplace"))
    buffer.flush()
