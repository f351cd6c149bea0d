"""Warnings about a configuration's lines and files in words."""

from __future__ import annotations

from collections.abc import Callable

from kcfg.kconfig.config import ConfigWarning, WarnedOf

SHOWN = 80  # characters of a line


def _line(one: ConfigWarning) -> str:
    return repr(one.text if len(one.text) <= SHOWN else f"{one.text[: SHOWN - 3]}...")


def _not_read(one: ConfigWarning) -> str:
    more = f" and {one.more} more" if one.more else ""
    return f"not read: {', '.join(one.names)}{more} (read are *.config, *.cfg, *.frag, *.fragment)"


WARNINGS: dict[WarnedOf, Callable[[ConfigWarning], str]] = {
    WarnedOf.BLANKS: lambda one: f"blanks after the value of CONFIG_{one.text}",
    WarnedOf.OPEN_STRING: lambda one: f"string of CONFIG_{one.text} has no closing quote: ignored",
    WarnedOf.AFTER_STRING: lambda one: f"text after the string of CONFIG_{one.text}: ignored",
    WarnedOf.OLD_UNSET: lambda one: f"not exactly '# CONFIG_X is not set', a comment since Linux 6.8: {_line(one)}",
    WarnedOf.NOT_UNSET: lambda one: f"not exactly '# CONFIG_X is not set', so only a comment: {_line(one)}",
    WarnedOf.AROUND_EQUALS: lambda one: f"no blanks may be around the '=', so the line is ignored: {_line(one)}",
    WarnedOf.NO_NAME: lambda one: f"no symbol can have this name: {_line(one)}",
    WarnedOf.UNEXPECTED: lambda one: f"unexpected data: {_line(one)}",
    WarnedOf.NOT_UTF8: lambda _: "not UTF-8: the file is read as Latin-1",
    WarnedOf.NOT_READ: _not_read,
}
"""Kind -> the words for it. A kind without words is a fault that a test finds."""


def config_warning(one: ConfigWarning) -> str:
    """What a warning says, without its place."""
    return WARNINGS[one.kind](one)
