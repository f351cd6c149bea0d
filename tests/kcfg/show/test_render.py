"""One way from a report to a stream."""

from __future__ import annotations

import io
import types

import pytest

from kcfg.base.errors import UserError
from kcfg.show.render import Renderers, write_utf8
from kcfg.show.terminal import Look


class Colours:
    """A report."""


class Shapes:
    """Another."""


def round_text(report: Shapes, look: Look) -> str:
    return "round\n"


@pytest.fixture
def wing() -> Renderers:
    tables = {
        "text": {
            Colours: lambda report, look: f"red {look.encoding}\n",
            Shapes: lambda report, look: "round\n",
        },
        "csv": {Colours: lambda report, look: "r\u00f6t,\udc80\n"},
    }
    made = {name: types.ModuleType(name) for name in tables}
    for name, table in tables.items():
        made[name].RENDERERS = table  # type: ignore[attr-defined]
    modules = {"text": lambda: made["text"], "csv": lambda: made["csv"]}
    return Renderers(modules, {"Colours": ("text", "csv"), "Shapes": ("text",)})


def test_the_format_and_the_report_choose_the_function(wing: Renderers) -> None:
    assert wing.render(Colours(), "text", Look(encoding="ascii")) == "red ascii\n"
    assert wing.render(Shapes(), "text") == "round\n"


def test_a_format_that_no_report_has_and_one_that_another_has_are_told_apart(wing: Renderers) -> None:
    with pytest.raises(UserError, match="no format 'xml'") as unknown:
        wing.render(Shapes(), "xml")
    assert unknown.value.hint == "one of text, csv"
    with pytest.raises(UserError, match="this command has no format 'csv'") as other:
        wing.render(Shapes(), "csv")
    assert other.value.hint == "one of text"


def test_text_is_written_as_the_stream_can_show_it_and_others_in_utf_8(wing: Renderers) -> None:
    latin = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    wing.write(Colours(), "text", latin)
    wing.write(Colours(), "csv", latin)
    latin.flush()
    assert latin.buffer.getvalue() == b"red latin-1\nr\xc3\xb6t,\\udc80\n"  # type: ignore[attr-defined]


def test_a_stream_without_bytes_gets_text() -> None:
    stream = io.StringIO()
    write_utf8("r\u00f6t\udc80", stream)
    assert stream.getvalue() == "r\u00f6t\\udc80"
