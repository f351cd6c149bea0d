"""Plain variables of Makefiles, as far as lines of text show them: pure functions, nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

ASSIGNMENT = re.compile(r"\s*(?:export\s+|override\s+)*([A-Za-z_]\w*)\s*(?:::?|\+|\?)?=\s*(.*)$")
REFERENCE = re.compile(r"\$[({]([A-Za-z_]\w*)[)}]")
ROUNDS = 4
"""Variables in the values of variables are followed so often,"""
TEXT_LIMIT = 4096
"""and to so many characters."""


def assignments(lines: Iterable[str]) -> dict[str, str]:
    """Variable -> value, of the first line that assigns it, its continuation lines joined."""
    found: dict[str, str] = {}
    name, value = "", ""
    for line in lines:
        text = line.partition("#")[0].rstrip()
        if name:
            value = f"{value} {text.strip()}"
        elif match := ASSIGNMENT.match(text):
            name, value = match[1], match[2]
        if name and not value.endswith("\\"):
            found.setdefault(name, value.strip())
            name = ""
        value = value.removesuffix("\\").rstrip()
    if name:  # the text ends within the value
        found.setdefault(name, value.strip())
    return found


def expanded(text: str, values: Mapping[str, str]) -> str:
    """The text with the variables whose values are known."""
    for _ in range(ROUNDS):
        made = REFERENCE.sub(lambda found: values.get(found[1], found[0]), text)
        if made == text or len(made) > TEXT_LIMIT:
            break
        text = made
    return text


def used(lines: Iterable[str]) -> set[str]:
    """The variables that lines refer to."""
    return {name for line in lines for name in REFERENCE.findall(line)}
