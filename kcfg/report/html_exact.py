"""HTML pages of the exact answers: `kcfg generate`, `explain` and `repair`. Apart, for they need the solver's data."""

from __future__ import annotations

from collections import Counter

from kcfg.explain import ExplainReport
from kcfg.generated import GenerateReport
from kcfg.repair import RepairReport
from kcfg.report.charts import bars
from kcfg.report.common import kernel_words, plural
from kcfg.report.explain import OUTSIDE, changed
from kcfg.report.generate import COUNTED, proof, repair_command
from kcfg.report.html import config_name
from kcfg.report.pages import ALONE, Frame, anchor, page
from kcfg.report.terminal import Look


def generate(report: GenerateReport, look: Look, frame: Frame = ALONE) -> str:
    """What was generated, what is proven of it, and why each symbol is on."""
    ids = [f"s-{anchor(one.symbol)}" for one in report.symbols]
    here = {one.symbol: f"#{mark}" for one, mark in zip(report.symbols, ids, strict=True)}
    kinds = Counter(one.kind for one in report.symbols)
    figures: list[tuple[object, str, str]] = [
        (f"{report.optimum:,}", COUNTED[report.cost], "good" if report.proven else "unsure")
    ]
    figures += [(f"{report.bound:,}", "lower bound", "")]
    figures += [(f"{report.enabled:,}", "symbols enabled", "")] if report.cost != "symbols" else []
    figures += [(len(report.owned), "lines to own", "")]
    figures += [(f"{report.lines_before:,}", "enabled before", "")] if report.lines_before else []
    saved = report.optimum - report.expert_optimum
    if report.expert_optimum and saved > 0:
        figures += [(f"{report.expert_optimum:,}", f"with --expert: {saved} fewer", "")]
    context = {
        "report": report,
        "figures": figures,
        "proof": ("good", "✓", "proven smallest") if report.proven else ("unsure", "!", "not proven"),
        "proof_text": f"{proof(report).partition(': ')[2]} ({report.seconds:.1f} s)",
        "chart": bars("Why symbols are on", kinds.most_common(), "symbols"),
        "ids": ids,
        "hrefs": {**frame.symbols, **here},
        "outside": OUTSIDE,
        "kernel_words": kernel_words,
    }
    return page("generate.html.j2", context, frame)


def explain(report: ExplainReport, look: Look, frame: Frame = ALONE) -> str:
    """Everything one `kcfg explain` has to say."""
    context = {
        "report": report, "outside": OUTSIDE, "changed": changed, "plural": plural, "kernel_words": kernel_words,
    }  # fmt: skip
    return page("explain.html.j2", context, frame)


def repair(report: RepairReport, look: Look, frame: Frame = ALONE) -> str:
    """The lines to change, with who asks for each."""
    context = {
        "report": report, "name": config_name(report.config), "outside": OUTSIDE, "changed": changed,
        "next": [repair_command(report)], "kernel_words": kernel_words,
    }  # fmt: skip
    return page("repair.html.j2", context, frame)


RENDERERS = {GenerateReport: generate, ExplainReport: explain, RepairReport: repair}
