"""The terminal: what a stream can show, colour, and progress on standard error.

Colour: NO_COLOR (not empty) wins over everything; FORCE_COLOR (not empty, not 0) colours a pipe too; otherwise only a
terminal that is not TERM=dumb. rich is imported only when there is colour or progress to show.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from kcfg.base.text import visible, with_tabs

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

DEFAULT_WIDTH = 100  # of what is not a terminal
MIN_WIDTH = 40
MAX_WIDTH = 120  # longer lines of prose are hard to read
PROGRESS_AFTER = 2.0  # seconds of silence before progress shows

# What each kind of text looks like, in the terminal's own sixteen colours.
STYLES = {
    "good": "bold green",
    "bad": "bold red",
    "unsure": "bold yellow",
    "dim": "dim",
    "strong": "bold",
    "place": "cyan",
    "fix": "green",
    "command": "bold cyan",
}

Span = tuple[str, str]  # text, name of a style or ""
Line = list[Span]


@dataclass(frozen=True, slots=True)
class Look:
    """What the reader's side can show; the default is a plain pipe."""

    colour: bool = False
    width: int = DEFAULT_WIDTH
    encoding: str = "utf-8"
    whole: bool = False
    """Nothing has to be cut: a file or a program reads it."""

    def sign(self, sign: str, ascii_sign: str) -> str:
        """The sign when the encoding has it, else its stand-in."""
        try:
            sign.encode(self.encoding)
        except (UnicodeEncodeError, LookupError):
            return ascii_sign
        return sign


def wants_colour(stream: TextIO) -> bool:
    """Whether to colour what goes to this stream."""
    if os.environ.get("NO_COLOR"):
        return False
    force = os.environ.get("FORCE_COLOR", "")
    if force:
        return force not in ("0", "false")
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def is_terminal(stream: TextIO) -> bool:
    """Whether a person looks at this stream; a closed one is nobody's."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def width_of(stream: TextIO) -> int:
    """Columns: COLUMNS, else the terminal's, else DEFAULT_WIDTH; within MIN_WIDTH and MAX_WIDTH."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and len(columns) < 6 and int(columns):
        width = int(columns)
    else:
        try:
            width = os.get_terminal_size(stream.fileno()).columns or DEFAULT_WIDTH
        except (OSError, ValueError, AttributeError):
            width = DEFAULT_WIDTH
    return max(MIN_WIDTH, min(MAX_WIDTH, width))


def look_of(stream: TextIO) -> Look:
    """What `stream` can show."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return Look(wants_colour(stream), width_of(stream), encoding, whole=not is_terminal(stream))


def paint(lines: Iterable[Line], look: Look, *, tabs: bool = False) -> str:
    """The lines as text, each with its newline. Nothing in them is markup, and no control character passes.

    `tabs`: but tabs, which are harmless, and which a diff has to tell from blanks.
    """
    shown = with_tabs if tabs else visible
    if look.colour:
        from rich.color import ColorSystem
        from rich.style import Style

        styles = {name: Style.parse(definition) for name, definition in STYLES.items()}

        def dressed(span: Span) -> str:
            text, style = shown(span[0]), styles.get(span[1])
            return style.render(text, color_system=ColorSystem.STANDARD) if style and text else text
    else:

        def dressed(span: Span) -> str:
            return shown(span[0])

    text = "".join("".join(map(dressed, line)).rstrip(" ") + "\n" for line in lines)
    try:
        return text.encode(look.encoding, "backslashreplace").decode(look.encoding)
    except LookupError:
        return text.encode("ascii", "backslashreplace").decode("ascii")


def console(stream: TextIO | None = None) -> Console:
    """A rich console with the rules above, markup off; on standard error when no stream is given."""
    from rich.console import Console

    stream = stream or sys.stderr
    colour = wants_colour(stream)
    return Console(
        file=stream,
        color_system="standard" if colour else None,
        no_color=not colour,
        force_terminal=is_terminal(stream),
        width=width_of(stream),
        markup=False,
        highlight=False,
        emoji=False,
    )


class Working:
    """Work under way. `advance` may be called from any thread; nothing shows before PROGRESS_AFTER seconds."""

    def __init__(self, what: str, total: int | None, stream: TextIO) -> None:
        self._what, self._total, self._stream = visible(what), total, stream
        self._done = 0
        self._lock = threading.Lock()
        self._ended = False
        self._bar: Progress | None = None

    def advance(self, steps: int = 1, what: str = "") -> None:
        """Count finished steps, and say what is worked on now."""
        with self._lock:
            self._done += steps
            self._what = visible(what) or self._what
            if self._bar:
                task = self._bar.task_ids[0]
                self._bar.update(task, completed=self._done, description=self._what, count=self._count())

    def _count(self) -> str:
        return f"{self._done:,}/{self._total:,}" if self._total else ""

    def set(self, what: str, done: int, total: int) -> None:
        """Say what is worked on now, and how much of it is done; a total of 0 is not known."""
        with self._lock:
            self._what, self._done, self._total = visible(what), done, total or None
            if self._bar:
                task = self._bar.task_ids[0]
                count = self._count()
                self._bar.update(task, completed=done, total=self._total, description=self._what, count=count)

    def show(self) -> None:
        """Start to draw; the timer calls it."""
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = [SpinnerColumn("line"), TextColumn("{task.description}", markup=False)]
        counted = [BarColumn(), TextColumn("{task.fields[count]}", markup=False)]
        with self._lock:
            if self._ended:
                return
            self._bar = Progress(*columns, *counted, TimeElapsedColumn(), console=console(self._stream), transient=True)
            self._bar.add_task(self._what, total=self._total, completed=self._done, count=self._count())
            self._bar.start()

    def stop(self) -> None:
        """Remove what was drawn."""
        with self._lock:
            self._ended = True
            if self._bar:
                self._bar.stop()


@contextmanager
def working(
    what: str, total: int | None = None, *, stream: TextIO | None = None, after: float = PROGRESS_AFTER
) -> Iterator[Working]:
    """Progress for what may take long: `with working("Reading Kconfig") as w: ... w.advance()`.

    Draws to standard error, only on a terminal, only after `after` seconds, and leaves nothing behind.
    """
    stream = stream or sys.stderr
    work = Working(what, total, stream)
    if not is_terminal(stream) or os.environ.get("TERM") == "dumb":
        yield work
        return
    timer = threading.Timer(after, work.show)
    timer.daemon = True
    timer.start()
    try:
        yield work
    finally:
        timer.cancel()
        work.stop()
