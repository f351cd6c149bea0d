"""The one way from a report to a stream. Each wing has a table: which formats its reports have.

A format's module is imported when it is asked for: JSON must not pay for a terminal's library. It has a table RENDERERS
from a report's type to a pure function (report, look) -> str, which ends in a newline or is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TextIO

from kcfg.base.errors import UserError
from kcfg.show.terminal import Look, look_of


@dataclass(frozen=True, slots=True)
class Renderers:
    """A wing's reports: `formats` has those of each, by the name of its type; `modules` imports that of a format."""

    modules: Mapping[str, Callable[[], ModuleType]]
    formats: Mapping[str, tuple[str, ...]]

    def render(self, report: object, form: str, look: Look | None = None) -> str:
        """The report in one of its formats. Only `text` heeds `look`; the others are UTF-8.

        Raises UserError when there is no such format, or not for this report.
        """
        every = dict.fromkeys(name for names in self.formats.values() for name in names)
        if form not in every:
            raise UserError(f"no format '{form}'", hint=f"one of {', '.join(every)}")
        known = self.formats[type(report).__name__]
        if form not in known:
            raise UserError(f"this command has no format '{form}'", hint=f"one of {', '.join(known)}")
        renderer = self.modules[form]().RENDERERS[type(report)]
        text: str = renderer(report, look or Look())
        return text

    def write(self, report: object, form: str, stream: TextIO) -> None:
        """Render for `stream` and write."""
        write(lambda look: self.render(report, form, look), form, stream)


def write(rendered: Callable[[Look], str], form: str, stream: TextIO) -> None:
    """Write text as the stream can show it, and every other format in UTF-8."""
    if form == "text":
        stream.write(rendered(look_of(stream)))
    else:
        write_utf8(rendered(Look()), stream)


def write_utf8(text: str, stream: TextIO) -> None:
    """Write in UTF-8, whatever the stream's own encoding is; what UTF-8 cannot write is spelled out."""
    data = text.encode("utf-8", "backslashreplace")
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        stream.write(data.decode())
        return
    stream.flush()
    buffer.write(data)
    buffer.flush()
