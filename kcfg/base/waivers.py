"""Files of waivers: what somebody has accepted, with a reason and the last day on which that counts.

    [[waiver]]
    ...
    reason = "the last PV guests move in spring"
    expires = 2027-03-31

What a waiver is about stands in further keys, which whoever reads the file names.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kcfg.base.errors import UserError
from kcfg.base.toml import parse_toml, read_toml
from kcfg.base.toml_lines import TomlLines

ALWAYS = {"reason": str, "expires": datetime.date}


@dataclass(frozen=True)
class WaiverTable:
    """One [[waiver]], checked: `values` by their keys. `line` is where it begins in the file at `path`."""

    path: str
    values: Mapping[str, Any]
    line: int
    lines: TomlLines
    number: int

    def where(self, key: str = "") -> str:
        """file:line of one of its keys, or of its beginning."""
        return f"{self.path}:{self.lines.key(key, 'waiver', self.number) if key else self.line}"


def today() -> datetime.date:
    """The day by which waivers end, the same one everywhere."""
    return datetime.datetime.now(datetime.UTC).date()


def read_waivers(path: str, about: tuple[str, ...], *, every: bool = True) -> tuple[WaiverTable, ...]:
    """The tables of a file of waivers. UserError with file:line and key for whatever is wrong in it.

    `about`: the keys, all of them texts, that say what is waived; all are needed, or one at least unless `every`.
    """
    text = read_toml(path, "file of waivers")
    data = parse_toml(text, path)
    lines = TomlLines(text)
    for key in data:
        if key != "waiver":
            raise UserError(f"unknown key '{key}'", where=path, hint="a file of waivers has [[waiver]] tables only")
    tables = data.get("waiver", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise UserError("'waiver' has to be [[waiver]] tables", where=path)
    made = (WaiverTable(path, table, lines.table("waiver", n), lines, n) for n, table in enumerate(tables))
    return tuple(checked(table, about, every) for table in made)


def checked(table: WaiverTable, about: tuple[str, ...], every: bool) -> WaiverTable:
    """The table, if its keys are known, of the right types, and all there."""
    kinds: dict[str, type] = {**dict.fromkeys(about, str), **ALWAYS}
    for key, value in table.values.items():
        kind = kinds.get(key)
        if kind is None:
            raise UserError(f"unknown key '{key}'", where=table.where(key), hint=f"known are {', '.join(kinds)}")
        if not isinstance(value, kind) or isinstance(value, datetime.datetime):
            wanted = "a date, such as 2027-03-31 without quotes" if kind is datetime.date else "a string"
            raise UserError(f"'{key}' has to be {wanted}", where=table.where(key))
    for key in (*(about if every else ()), *ALWAYS):
        if not table.values.get(key):
            raise UserError(f"'{key}' is missing", where=table.where())
    if not any(table.values.get(key) for key in about):
        raise UserError(f"{' or '.join(repr(key) for key in about)} is missing", where=table.where())
    return table
