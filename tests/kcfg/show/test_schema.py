"""Schemas are the same whatever Python and msgspec do with the indentation of docstrings."""

from __future__ import annotations

from msgspec import Struct

from kcfg.show.json import schema


class Inner(Struct):
    description: int


class Report(Struct):
    inner: Inner


Report.__doc__ = "What is told.\n\n    More,\n      indented.\n    "


def test_descriptions_are_indented_as_in_no_source() -> None:
    parts = schema((Report,), "", "")["$defs"]
    assert parts["Report"]["description"] == "What is told.\n\nMore,\n  indented."
    assert parts["Inner"]["properties"]["description"] == {"type": "integer"}
