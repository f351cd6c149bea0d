"""CSV: one row a patch, or one a revision; RFC 4180 with a head, in UTF-8."""

from __future__ import annotations

from collections.abc import Sequence

from kcfg.show.csv import written
from kcfg.show.terminal import Look
from patches.findings import StatusReport, TrendReport, Verdict
from patches.report.common import releases
from patches.report.words import claim_words

COLUMNS = (
    "position", "name", "verdict", "score", "certainty", "subject", "author", "commits", "releases", "in_base",
    "in_target", "applies", "follow_ups", "submissions", "claims", "where", "match_has", "target_has",
    "follow_up_weights", "follow_ups_waived",
)  # fmt: skip


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
            "; ".join(f"{claim_words(claim)} {claim.outcome}" for claim in one.claims), one.where,
            one.witnesses.match.has.value if one.witnesses else "",
            one.witnesses.target.has.value if one.witnesses else "",
            " ".join(follow.weight for follow in one.follow_ups),
            " ".join(follow.commit.sha for follow in one.follow_ups if follow.waived),
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
