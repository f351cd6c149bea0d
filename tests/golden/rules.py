"""What is not compared: how long something took, and where this machine keeps it. Nothing else.

| what | where it stands | becomes |
| --- | --- | --- |
| seconds of a proof or a search | `(...; 3.9 s)` and `(0.1 s)` at the end of a line or an element | `<time>` |
| the same in JSON | `"seconds": 3.93` | `<time>` |
| what making a model took | `parsed in 2.5 s, probes in 0.0 s, ... loads in 97 ms` | `<time>` |
| paths of the record and of what was recorded | absolute paths, longest first | `<record>`, `<linux>`, ... |
| names in the cache, made of a path | `<record>/cache/kcfg/upstream/0123456789.sqlite` | `<name>.sqlite` |

A database of SQLite is compared as the SQL that it dumps to, and other files that are not UTF-8 text as they are.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple


class Rule(NamedTuple):
    """A pattern of text that may differ, and what stands for it."""

    what: str
    pattern: re.Pattern[str]
    becomes: str


TIMES = (
    Rule("seconds of a proof or a search", re.compile(r"([;(] ?)\d+\.\d s\)"), r"\1<time>)"),
    Rule("the same in JSON", re.compile(r'("seconds": ?)[\d.e+-]+'), r"\1<time>"),
    Rule("what making a model took", re.compile(r"\b(parsed|probes|loads) in [\d.]+ m?s\b"), r"\1 in <time>"),
)
CACHED = Rule("names in the cache, made of a path", re.compile(r"(<record>/cache/\w+/\w+/)[0-9a-f]{20,}"), r"\1<name>")

SQLITE = b"SQLite format 3\0"


def text_of(path: Path) -> str | None:
    """A file as text; None when it is none."""
    data = path.read_bytes()
    try:
        if data.startswith(SQLITE):
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
                return "".join(f"{line}\n" for line in base.iterdump())
        return data.decode()
    except (UnicodeDecodeError, sqlite3.DatabaseError):
        return None


def normalised(text: str, paths: Iterable[tuple[str, str]]) -> str:
    """The text without times and without these paths, each with the name that stands for it."""
    for path, name in sorted(paths, key=lambda one: -len(one[0])):
        text = text.replace(path, f"<{name}>")
    for rule in (*TIMES, CACHED):
        text = rule.pattern.sub(rule.becomes, text)
    return text
