"""The HTML page of `kcfg relevance`: how the queue splits, and each patch with the line that decides."""

from __future__ import annotations

from kcfg.answers.report.words import kernel_words
from kcfg.base.text import plural
from kcfg.show.charts import Part, bar, bars
from kcfg.show.pages import ALONE, Frame, page
from kcfg.show.terminal import Look
from patches.relevance.data import ModeUsed, Reach, Relevance, RelevanceReport
from patches.relevance.report.words import SIGNS, WORDS, deciding, note_words, why

TONES = {Relevance.BUILT: "good", Relevance.UNDECIDABLE: "unsure", Relevance.OTHER: "sent", Relevance.NEVER: "dim"}
BADGES = {Relevance.BUILT: "good", Relevance.UNDECIDABLE: "unsure", Relevance.OTHER: "", Relevance.NEVER: "dim"}
REACHES = {
    Reach.NEEDED: ("good", "✓"),
    Reach.UNDECIDABLE: ("unsure", "?"),
    Reach.POSSIBLE: ("sent", "○"),
    Reach.IMPOSSIBLE: ("bad", "✗"),
    Reach.NEVER: ("dim", "–"),
}
"""Tone and sign of what a mode has to do with a patch."""


def relevance(report: RelevanceReport, look: Look, frame: Frame = ALONE) -> str:
    """Everything one `kcfg relevance` has to say."""
    first = [("#", "number"), ("Patch", "text"), ("Verdict", "text")]
    modes = [(mode.name, "text") for mode in report.modes]
    context = {
        "report": report,
        "figures": figures(report),
        "chart": verdict_bar(report),
        "mode_chart": mode_bars(report),
        "mode_charts": [(mode, reach_bar(mode)) for mode in report.modes],
        "never": bars("What is never built, by the file that decides", report.never.items(), "patches", "dim"),
        "columns": [*first, ("What decides", "text"), *modes],
        "facets": (2, *range(4, 4 + len(modes))),
        "word": words(report),
        "badge": lambda verdict: (BADGES[verdict] or "plain", SIGNS[verdict][0], verdict.value),
        "reach": lambda reach: (*REACHES[reach], reach.value),
        "deciding": deciding,
        "why": why,
        "note_words": note_words,
        "kernel_words": kernel_words,
        "plural": plural,
    }
    return page("patches/relevance:relevance.html.j2", context, frame)


def words(report: RelevanceReport) -> dict[Relevance, str]:
    """What each verdict means in this report."""
    return {**WORDS, Relevance.BUILT: WORDS[Relevance.BUILT] if report.config else "needed by these modes"}


def figures(report: RelevanceReport) -> list[tuple[object, str, str]]:
    """The first things to know."""
    out: list[tuple[object, str, str]] = [(len(report.patches), "patches", "")]
    told = words(report)
    out += [
        (count, told[verdict], {"sent": "", "dim": ""}.get(TONES[verdict], TONES[verdict]))
        for verdict in Relevance
        if (count := report.counts.get(verdict.value, 0))
    ]
    return out


def verdict_bar(report: RelevanceReport, href: str = "#patches={}") -> str:
    """How many patches have each verdict."""
    told = words(report)
    parts = [
        Part(told[v], report.counts.get(v.value, 0), TONES[v], SIGNS[v][0], href.format(v.value)) for v in Relevance
    ]
    return bar("Patches by what this kernel builds" if report.config else "Patches by what the modes need", parts)


def mode_bars(report: RelevanceReport) -> str:
    """How many patches matter for each mode."""
    if not report.modes:
        return ""
    because = "built here, and the mode can have it" if report.config else "the mode needs it"
    rows = [(mode.name, mode.matters) for mode in report.modes]
    return bars(f"Patches that matter for each mode: {because}", rows, "patches", "good", most=len(report.patches))


def reach_bar(mode: ModeUsed) -> str:
    """What a mode has to do with the patches."""
    parts = [Part(reach.value, mode.counts.get(reach.value, 0), *REACHES[reach]) for reach in Reach]
    return bar(f"{mode.name}: {mode.title}", parts)
