"""HTML pages of the patch half: `kcfg patches status`, `show`, `plan` and `trend`, one self-contained file each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from kcfg.base.text import plural
from kcfg.show.charts import Part, bar
from kcfg.show.pages import ALONE, Frame, page
from kcfg.show.terminal import Look
from patches.evidence import ClaimOutcome, ClaimResult
from patches.findings import (
    UPSTREAM,
    Answer,
    FindingKind,
    PatchDetail,
    PatchResult,
    PlanReport,
    QueueFinding,
    StatusReport,
    TrendPoint,
    TrendReport,
    Verdict,
)
from patches.followups import Weight
from patches.report.acts import TITLES, grouped
from patches.report.chart import GROUP_TONES, area
from patches.report.common import (
    SIGNS,
    command,
    counts,
    following_commands,
    how_sure,
    releases,
    style,
    upstream_words,
)
from patches.report.plan import (
    applies_said,
    following_plan,
    match_said,
    nearest_said,
    not_in_plan,
    takes_back,
    target_said,
    why,
)
from patches.report.svg import GROUPS
from patches.report.text import HINTS
from patches.report.words import (
    WEIGHTS,
    claim_detail,
    claim_words,
    evidence_words,
    finding_words,
    note_words,
    waived_words,
)
from patches.verdicts.witnesses import disagree

OUTCOMES = {
    ClaimOutcome.CONFIRMED: ("good", "✓"),
    ClaimOutcome.ANOTHER_CHANGE: ("bad", "✗"),
    ClaimOutcome.NOT_IN_UPSTREAM: ("bad", "✗"),
}
ANSWERS = {
    Answer.YES: ("good", "✓"),
    Answer.PART: ("part", "◐"),
    Answer.NO: ("dim", "✗"),
    Answer.UNKNOWN: ("unsure", "?"),
}
HEAVY = {Weight.REVERT: ("bad", "↶"), Weight.CODE: ("unsure", "!")}
LIST_TONES = {"drop": "good", "refresh": "bad", "send": "unsure", "watch": "part", "keep": "dim"}
LIST_SIGNS = {"drop": "✓", "refresh": "✗", "send": "↑", "watch": "?", "keep": "="}


class Words:
    """The words that the templates ask for."""

    plural = staticmethod(plural)
    releases = staticmethod(releases)
    upstream = staticmethod(upstream_words)

    @staticmethod
    def verdict(verdict: Verdict) -> tuple[str, str, str]:
        """A badge: tone, sign and word."""
        return style(verdict) or "dim", SIGNS[verdict][0], verdict.value

    @staticmethod
    def claim(claim: ClaimResult) -> tuple[str, str, str]:
        """A badge for what became of a header's claim."""
        return (*OUTCOMES.get(claim.outcome, ("dim", "·")), str(claim.outcome))

    @staticmethod
    def answer(answer: Answer) -> tuple[str, str, str]:
        """A badge for what a witness says."""
        return (*ANSWERS[answer], answer.value)

    @staticmethod
    def weight(weight: Weight) -> tuple[str, str, str]:
        """A badge for what a follow-up changes."""
        return (*HEAVY.get(weight, ("dim", "·")), WEIGHTS[weight])

    waived = staticmethod(waived_words)
    said = staticmethod(claim_words)
    detail = staticmethod(claim_detail)
    note = staticmethod(note_words)
    evidence = staticmethod(evidence_words)
    finding = staticmethod(finding_words)
    applies = staticmethod(applies_said)
    match = staticmethod(match_said)
    nearest = staticmethod(nearest_said)
    takes_back = staticmethod(takes_back)
    target = staticmethod(target_said)

    @staticmethod
    def told(one: PatchResult) -> str:
        """What a row has to unfold, in a few words; "" when there is nothing."""
        parts = [
            (len(one.notes) + len(one.takes_back) + one.reverse, "note", ""),
            (int(one.nearest is not None), "nearest commit", ""),
            (len(one.evidence), "piece of evidence", "pieces of evidence"),
            (len(one.claims), "claim", ""),
            (len(one.follow_ups), "follow-up", ""),
            (len(one.submissions), "mail", ""),
        ]
        return ", ".join(plural(number, word, many) for number, word, many in parts if number)


WORDS = Words()


def verdict_bar(patches: Iterable[PatchResult], href: str = "#patches={}") -> str:
    """How many patches have each verdict. `href`: where those of a verdict are listed."""
    found = counts(patches)
    parts = [
        Part(verdict.value, number, tone_of(verdict), SIGNS[verdict][0], href.format(verdict.value) if href else "")
        for verdict, number in found.items()
    ]
    return bar("Patches by verdict", parts)


def tone_of(verdict: Verdict) -> str:
    """A verdict's tone in charts."""
    return next(tone for (_, verdicts, _), tone in zip(GROUPS, GROUP_TONES, strict=True) if verdict in verdicts)


def status_figures(report: StatusReport) -> list[tuple[object, str, str]]:
    """The first things to know of a queue."""
    kinds = [one.kind for one in report.findings if not one.waived]
    upstream = sum(one.verdict in UPSTREAM for one in report.patches)
    out: list[tuple[object, str, str]] = [
        (len(report.patches), plural_word(len(report.patches), "patch", "patches"), "")
    ]
    out += [(upstream, "upstream by now", "good" if upstream else "")]
    drop = kinds.count(FindingKind.MERGED)
    out += [(drop, "can be dropped", "good")] if drop else []
    apart = sum(map(disagree, report.patches))
    out += [(apart, "match and target disagree", "unsure")] if apart else []
    out += [
        (n, TITLES[kind], "unsure")
        for kind in FindingKind
        if kind is not FindingKind.MERGED and (n := kinds.count(kind))
    ]
    return out


def plural_word(number: int, one: str, many: str = "") -> str:
    """The word alone."""
    return one if number == 1 else many or one + "s"


def groups(found: Sequence[QueueFinding]) -> list[tuple[str, str, Sequence[QueueFinding]]]:
    """The findings by kind, what needs work first; what can be dropped comes last, since it is the longest."""
    every = sorted(grouped(found), key=lambda one: one.name == FindingKind.MERGED)
    return [(one.name, one.title.capitalize(), one.found) for one in every]


def status(report: StatusReport, look: Look, frame: Frame = ALONE) -> str:
    """The whole queue."""
    columns = [("#", "number"), ("Patch", "text"), ("Verdict", "text"), ("Upstream", "text"), ("First release", "text")]
    columns += [("At the target", "text")] if report.target else []
    columns += [("More", "none")]
    context = {
        "report": report,
        "title": "Backlog",
        "words": WORDS,
        "figures": status_figures(report),
        "chart": verdict_bar(report.patches),
        "groups": groups(report.findings),
        "rows": {one.name: f"p{one.position}" for one in reversed(report.patches)},
        "columns": columns,
        "facets": (2, 5) if report.target else (2,),
        "next": following_commands(report),
    }
    return page("patches/report/templates:status.html.j2", context, frame)


def show(report: PatchDetail, look: Look, frame: Frame = ALONE) -> str:
    """One patch with all that is known of it."""
    return page("patches/report/templates:show.html.j2", {"report": report, "words": WORDS, "sure": how_sure}, frame)


class PlanList(msgspec.Struct, frozen=True):
    """One of the five lists, its patches with the reason for each."""

    name: str
    hint: str
    tone: str
    rows: tuple[tuple[PatchResult, str], ...]


def plan(report: PlanReport, look: Look, frame: Frame = ALONE) -> str:
    """The five lists."""
    by_name = {one.name: one for one in report.status.patches}
    lists = [
        PlanList(
            name, hint, LIST_TONES[name],
            tuple((by_name[one], why(by_name[one])) for one in getattr(report.plan, name)),
        )
        for name, hint in HINTS.items()
    ]  # fmt: skip
    parts = [Part(one.name, len(one.rows), one.tone, LIST_SIGNS[one.name], f"#{one.name}") for one in lists]
    context = {
        "report": report,
        "words": WORDS,
        "lists": lists,
        "chart": bar("What to do", parts),
        "besides": not_in_plan(report.status),
        "next": [command("kcfg", "patches", *more)] if (more := following_plan(report)) else [],
    }
    return page("patches/report/templates:plan.html.j2", context, frame)


def trend_figures(report: TrendReport) -> list[tuple[object, str, str]]:
    """The first things to know of a trend."""
    last = report.points[-1]
    upstream = counted(last, tuple(UPSTREAM))
    figures: list[tuple[object, str, str]] = [
        (last.patches, f"patches on {last.date[:10]}", ""),
        (upstream, "of them upstream by now", "good"),
    ]
    figures += [
        (max(one.patches for one in report.points), "at most", ""),
        (report.points[0].patches, f"on {report.points[0].date[:10]}", ""),
    ]
    return figures


def trend(report: TrendReport, look: Look, frame: Frame = ALONE) -> str:
    """The chart, and its figures as a table."""
    shown = [(name, verdicts) for name, verdicts, _ in GROUPS if any(counted(one, verdicts) for one in report.points)]
    context = {
        "report": report,
        "words": WORDS,
        "figures": trend_figures(report),
        "chart": area(report),
        "columns": [
            ("Date", "text"),
            ("Revision", "text"),
            ("Patches", "number"),
            *((name, "number") for name, _ in shown),
        ],
        "counts": lambda one: [counted(one, verdicts) for _, verdicts in shown],
    }
    return page("patches/report/templates:trend.html.j2", context, frame)


def counted(one: TrendPoint, verdicts: Sequence[Verdict]) -> int:
    """How many patches of a revision have one of the verdicts."""
    return sum(one.verdicts.get(verdict, 0) for verdict in verdicts)


RENDERERS = {StatusReport: status, PatchDetail: show, PlanReport: plan, TrendReport: trend}
