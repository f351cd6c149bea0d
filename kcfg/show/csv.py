"""CSV that a spreadsheet does not run."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from kcfg.base.text import visible


def written(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV. A cell that a spreadsheet would run as a formula gets a ' in front."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
    return out.getvalue()


def safe(cell: object) -> object:
    """A cell that does nothing."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    shown = visible(cell)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown
