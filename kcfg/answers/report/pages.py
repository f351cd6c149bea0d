"""The page of `kcfg explain`."""

from __future__ import annotations

from kcfg.answers.explain import ExplainReport
from kcfg.answers.report.explain import OUTSIDE, changed
from kcfg.answers.report.words import kernel_words
from kcfg.base.text import plural
from kcfg.show.pages import ALONE, Frame, page
from kcfg.show.terminal import Look


def explain(report: ExplainReport, look: Look, frame: Frame = ALONE) -> str:
    """Everything one `kcfg explain` has to say."""
    context = {
        "report": report, "outside": OUTSIDE, "changed": changed, "plural": plural, "kernel_words": kernel_words,
    }  # fmt: skip
    return page("kcfg/answers/report:explain.html.j2", context, frame)
