"""Conditions put together, and what a variable is behind a text that may not be run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from patches.queues.formats.shellwords import LIMIT, UNKNOWN, Field, ShellVariable


def joined(*conditions: str) -> str:
    """Conditions that must all hold."""
    return " and ".join(dict.fromkeys(one for one in conditions if one))[:400]


def negated(text: str) -> str:
    """A condition's opposite."""
    return text[5:-1] if text.startswith("not (") and text.endswith(")") else f"not ({text})"


def merged(
    name: str, before: ShellVariable | None, after: ShellVariable, condition: str, lists: Sequence[str]
) -> ShellVariable:
    """A variable that is set under a condition which may hold."""
    old = before.fields if before else ()
    if after.array or (name in lists and before is not None and before.array):
        kept = 0
        while kept < min(len(old), len(after.fields)) and old[kept].text == after.fields[kept].text:
            kept += 1
        gone = [replace(one, condition=joined(one.condition, negated(condition))) for one in old[kept:]]
        new = [replace(one, condition=joined(one.condition, condition)) for one in after.fields[kept:]]
        return ShellVariable((*old[:kept], *gone, *new), True)
    first, last = old[0] if old else Field(""), after.fields[0] if after.fields else Field("")
    if before is not None and first.text == last.text:
        return before
    if name not in lists:
        return ShellVariable((replace(last, text=UNKNOWN),))
    same = last.text.startswith(first.text)
    added = last.text[len(first.text) :] if same else last.text
    kept_text = first.text if same else f"\1{negated(condition)}\2{first.text}\1\2"
    return ShellVariable(
        (replace(last, text=f"{kept_text} \1{condition}\2{added}\1\2"[:LIMIT], line=first.line or last.line),)
    )
