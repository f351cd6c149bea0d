"""The terminal: when there is colour, how wide it is, and progress that only a person sees."""

from __future__ import annotations

import io
import os
import pty
import time

import pytest

from kcfg.show.terminal import Look, console, look_of, paint, wants_colour, width_of, working
from profiles.findings import Report
from profiles.report import write


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("terminal", "environment", "colour"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"TERM": "dumb"}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (False, {"FORCE_COLOR": "1"}, True),
        (True, {"FORCE_COLOR": "0"}, False),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour(terminal: bool, environment: dict[str, str], colour: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stream = Terminal() if terminal else io.StringIO()
    assert wants_colour(stream) is colour
    assert look_of(stream).colour is colour


def test_a_closed_stream_has_no_colour() -> None:
    stream = io.StringIO()
    stream.close()
    assert wants_colour(stream) is False


@pytest.mark.parametrize(("columns", "width"), [("", 100), ("80", 80), ("5", 40), ("999", 120), ("x", 100), ("0", 100)])
def test_width(columns: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert width_of(io.StringIO()) == width


def test_a_real_terminal_tells_its_width() -> None:
    leader, follower = pty.openpty()
    try:
        with open(follower, "w", closefd=False) as stream:
            assert 40 <= width_of(stream) <= 120
            assert wants_colour(stream)
    finally:
        os.close(leader)
        os.close(follower)


def test_paint_shows_markup_as_text_and_spells_escapes_out() -> None:
    text = paint([[("[bold]x[/bold]\x1b[2J", "bad")]], Look(colour=True))
    assert "[bold]x[/bold]\\x1b[2J" in text
    assert paint([[("a\x1b[2J", "bad")]], Look()) == "a\\x1b[2J\n"


def test_text_is_written_as_the_stream_can_show_it(report: Report) -> None:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="ascii") as stream:
        write(report, "text", stream)
        stream.flush()
        assert b"x FAIL" in raw.getvalue()


def test_other_formats_are_utf8_whatever_the_stream_says(report: Report) -> None:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding="ascii") as stream:
        write(report, "markdown", stream)
        assert "✗ FAIL".encode() in raw.getvalue()


def test_the_console_reads_no_markup() -> None:
    stream = io.StringIO()
    console(stream).print("[red]a[/red]")
    assert stream.getvalue() == "[red]a[/red]\n"


def test_progress_is_silent_without_a_terminal_or_before_its_time() -> None:
    for stream in (io.StringIO(), Terminal()):
        with working("Reading", stream=stream, after=0.0 if not stream.isatty() else 60.0) as work:
            work.advance()
            time.sleep(0.02)
        assert stream.getvalue() == ""


def test_progress_shows_what_is_worked_on_and_goes_away() -> None:
    stream = Terminal()
    with working("Reading\x1b[2J", total=3, stream=stream, after=0.0) as work:
        deadline = time.monotonic() + 10
        while "Reading" not in stream.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
            work.advance(0)
        work.advance(2, "Solving")
    shown = stream.getvalue()
    assert "Reading\\x1b" in shown
    assert "Solving" in shown
    assert "2/3" in shown
