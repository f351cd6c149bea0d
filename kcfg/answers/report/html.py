"""HTML pages of `kcfg resolve` and `explain`: one self-contained file each."""

from __future__ import annotations

from kcfg.answers.explain import ExplainReport
from kcfg.answers.facts import ResolveReport, Status
from kcfg.answers.report.explain import (
    OUTSIDE,
    carried_words,
    changed,
    core_head,
    lost_words,
    moving,
    other_words,
    purpose,
)
from kcfg.answers.report.json import told
from kcfg.answers.report.proof import no_fewer
from kcfg.answers.report.words import config_name, kernel_words, resolve_next
from kcfg.base.text import plural
from kcfg.show.pages import ALONE, Frame, anchor, page
from kcfg.show.terminal import Look
from kcfg.solver.results import Proof

TONES = {Status.PASS: "good", Status.FAIL: "bad", Status.UNKNOWN: "unsure", Status.WAIVED: "dim"}


def resolve(report: ResolveReport, look: Look, frame: Frame = ALONE) -> str:
    """Everything one `kcfg resolve` has to say."""
    ids = [f"s{number}-{anchor(one.symbol)}" for number, one in enumerate(report.differences, 1)]
    here = {one.symbol: f"#{mark}" for one, mark in zip(report.differences, ids, strict=True)}
    number = len(report.differences)
    figures = [(number, f"{plural(number, 'line')[len(str(number)) + 1 :]} not as asked", "bad" if number else "good")]
    figures += [(len(report.warnings), "warnings", "unsure")] if report.warnings else []
    figures += [(report.enabled, "symbols enabled", "")]
    context = {
        "report": report,
        "name": config_name(report.config),
        "ids": ids,
        "hrefs": {**frame.symbols, **here},
        "figures": figures,
        "next": resolve_next(report),
        "kernel_words": kernel_words,
        "said": told,
    }
    return page("kcfg/answers/report:resolve.html.j2", context, frame)


def explain(report: ExplainReport, look: Look, frame: Frame = ALONE) -> str:
    """Everything one `kcfg explain` has to say."""
    context = {
        "report": report, "carried": carried_words(report), "other_words": other_words,
        "outside": OUTSIDE, "changed": changed, "purpose": purpose, "moving": moving, "lost_words": lost_words,
        "plural": plural, "kernel_words": kernel_words, "core_head": core_head(report.core),
        "said": told, "least": no_fewer(Proof(len(report.changes), report.bound, report.out_of_time)),
    }  # fmt: skip
    return page("kcfg/answers/report:explain.html.j2", context, frame)


RENDERERS = {ResolveReport: resolve, ExplainReport: explain}
