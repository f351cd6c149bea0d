"""CSV: one row a patch, or one a revision; RFC 4180 with a head, in UTF-8."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from kcfg.report.common import visible
from kcfg.report.terminal import Look
from patches.findings import StatusReport, TrendReport, Verdict
from patches.report.common import releases

COLUMNS = (
    "position", "name", "verdict", "score", "certainty", "subject", "author", "commits", "releases", "in_base",
    "in_target", "applies", "follow_ups", "submissions", "claims", "where",
)  # fmt: skip


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


def status(report: StatusReport, look: Look) -> str:
    """One row a patch."""
    rows: list[Sequence[object]] = [COLUMNS]
    rows += [
        (
            one.position, one.name, one.verdict.value, f"{one.score:.4f}", one.certainty, one.subject, one.author,
            " ".join(commit.sha for commit in one.commits), releases(one),
            word(one.in_base), word(one.in_target), one.applies.outcome if one.applies else "",
            " ".join(follow.commit.sha for follow in one.follow_ups),
            " ".join(sent.message_id for sent in one.submissions),
            "; ".join(f"{claim.text} {claim.outcome}" for claim in one.claims), one.where,
        )
        for one in report.patches
    ]  # fmt: skip
    return written(rows)


def word(value: bool | None) -> str:
    """Yes, no, or nothing when it is not known."""
    return "" if value is None else "yes" if value else "no"


def trend(report: TrendReport, look: Look) -> str:
    """One row a revision, one column a verdict."""
    rows: list[Sequence[object]] = [("name", "rev", "date", "base", "patches", *(verdict.value for verdict in Verdict))]
    rows += [
        (one.name, one.rev, one.date, one.base, one.patches, *(one.verdicts.get(verdict, 0) for verdict in Verdict))
        for one in report.points
    ]
    return written(rows)


RENDERERS = {StatusReport: status, TrendReport: trend}
