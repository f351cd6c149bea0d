"""A Makefile of a text, read alone."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

import kcfg.kbuild.functions  # noqa: F401 (fills make's table of functions)
from kcfg.kbuild.condition import describe
from kcfg.kbuild.make import Make
from kcfg.kbuild.words import MakePlace, MakeWord

PLACE = MakePlace("asked", 1)


def make_of(text: str, files: Mapping[str, str] | None = None, known: dict[str, int] | None = None) -> Make:
    """The variables and rules of a Makefile; `files` are there to be included."""
    there = {"Makefile": textwrap.dedent(text), **(files or {})}
    make = Make(there.get, known or {})
    assert make.include("Makefile")
    return make


def said(words: list[MakeWord]) -> list[str]:
    """Words, with their condition where they have one: "a.o", "b.o if B=y"."""
    out = []
    for word in words:
        when = describe(word.condition)
        text = "?" if word.text == "\1" else word.text.replace("\0", "'")
        out.append(text if when == "always" else f"{text} if {when}")
    return out


def value(text: str, name: str = "v") -> list[str]:
    """The words of a variable of a Makefile."""
    return said(make_of(text).value(name, PLACE))


def expanded(text: str, before: str = "") -> list[str]:
    """The words that a text expands to."""
    return said(make_of(before).words(text, PLACE))
