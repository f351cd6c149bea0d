"""Markdown whose text stays text: no markup, no mention, no broken table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kcfg.base.text import prose, visible

_MARKUP = re.compile(r"[&<>|`*\[\]\\~$^!{}]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")


_MENTION = re.compile(r"([@#])(?=\w)")


_PLAIN_CODE = re.compile(r"[A-Za-z0-9_./=,:+\"'() -]*[A-Za-z0-9_./=,:+\"'()-][A-Za-z0-9_./=,:+\"'() -]*")


_BLOCK = re.compile(r"^([-+=#]|\d+(?=[.)](?: |$)))")  # would start a list, a heading or a rule at the start of a line


def escape(text: str) -> str:
    """Prose that shows as it is."""
    shown = _MARKUP.sub(lambda m: f"&#{ord(m.group())};", prose(text))
    shown = _BLOCK.sub(lambda m: "".join(f"&#{ord(c)};" for c in m.group()), shown)
    return re.sub(r"(?<!&)" + _MENTION.pattern, r"\1<!-- -->", shown)


def code(text: str) -> str:
    """A value or path in a code font: a code span when nothing in it can end one, else HTML."""
    shown = visible(text)
    if _PLAIN_CODE.fullmatch(shown) and shown == shown.strip():
        return f"`{shown}`"
    return f"<code>{''.join(c if c.isalnum() or c == ' ' else f'&#{ord(c)};' for c in shown)}</code>" if shown else ""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table's lines; the cells are Markdown already."""
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    return lines + [f"| {' | '.join(row)} |" for row in rows]
