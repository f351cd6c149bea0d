"""Reports: findings in, text out.

One module a format, imported when it is asked for: a JSON report must not pay for a terminal's library. Each format
module has a table RENDERERS from a report's type to a pure function (report, look) -> str.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, TextIO

from kcfg.base.errors import UserError

if TYPE_CHECKING:
    from kcfg.answers.facts import ResolveReport
    from kcfg.show.terminal import Look
    from profiles.findings import ModesReport, Report

    AnyReport = Report | ModesReport | ResolveReport

# Format -> what it is for, as `--help` says it. The module of the same name renders it.
FORMATS: dict[str, str] = {
    "text": "for people, in colour on a terminal",
    "json": "for programs, versioned: docs/json-schema.md",
    "sarif": "SARIF 2.1.0, for code scanning",
    "junit": "JUnit XML, for continuous integration",
    "github": "workflow commands, for GitHub Actions",
    "markdown": "tables, for comments and wikis",
    "html": "a page in one file, for a browser",
}

# Which formats each command's report has.
CHECK_FORMATS = tuple(FORMATS)
MODES_FORMATS = ("text", "json", "markdown", "html")
RESOLVE_FORMATS = ("text", "json", "github", "markdown", "html")


def render(report: AnyReport, format: str, look: Look | None = None) -> str:
    """The report in one of FORMATS, ending in a newline (or empty). Only `text` heeds `look`; the others are UTF-8.

    Raises UserError when there is no such format, or not for this report.
    """
    if format not in FORMATS:
        raise UserError(f"no format '{format}'", hint=f"one of {', '.join(FORMATS)}")
    renderers = import_module(f"profiles.report.{format}").RENDERERS
    renderer = renderers.get(type(report))
    if renderer is None:
        name = type(report).__name__
        known = CHECK_FORMATS if name == "Report" else MODES_FORMATS if name == "ModesReport" else RESOLVE_FORMATS
        raise UserError(f"this command has no format '{format}'", hint=f"one of {', '.join(known)}")
    if look is None:
        from kcfg.show.terminal import Look as DefaultLook

        look = DefaultLook()
    text: str = renderer(report, look)
    return text


def write(report: AnyReport, format: str, stream: TextIO) -> None:
    """Render for `stream` and write: text as the stream can show it, every other format in UTF-8."""
    from kcfg.show.terminal import look_of

    if format == "text":
        stream.write(render(report, format, look_of(stream)))
    else:
        write_utf8(render(report, format), stream)


def write_utf8(text: str, stream: TextIO) -> None:
    """Write in UTF-8, whatever the stream's own encoding is."""
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(text)
        return
    stream.flush()
    buffer.write(text.encode("utf-8"))
    buffer.flush()
