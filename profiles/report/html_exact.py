"""HTML pages of the exact answers: `kcfg generate` and `repair`. Apart, for they need the solver's data."""

from __future__ import annotations

from collections import Counter

from kcfg.answers.report.explain import OUTSIDE, changed, core_head, lost_words, moving
from kcfg.answers.report.proof import no_fewer, smallest, verdict
from kcfg.answers.report.words import config_name, kernel_words
from kcfg.show.charts import bars
from kcfg.show.pages import ALONE, Frame, anchor, page
from kcfg.show.terminal import Look
from kcfg.solver.results import Proof
from profiles.fulfil.generated import GenerateReport
from profiles.fulfil.repair import RepairReport
from profiles.report.causes import cause_words, passed_words, warning_words
from profiles.report.generate import COUNTED, NOT_FITTEST, absent_head, fewer_words, proof, repair_command


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
        "proof": (*(("good", "✓") if report.proven else ("unsure", "!")), verdict(proof(report))),
        "proof_text": f"{smallest(proof(report)).partition(': ')[2]} ({report.seconds:.1f} s)",
        "chart": bars("Why symbols are on", kinds.most_common(), "symbols"),
        "ids": ids,
        "hrefs": {**frame.symbols, **here},
        "outside": OUTSIDE,
        "core_head": absent_head(report) or core_head(report.core),
        "kernel_words": kernel_words,
        "cause": cause_words,
        "passed": passed_words,
        "warning": warning_words,
    }
    return page("profiles/report/templates:generate.html.j2", context, frame)


def repair(report: RepairReport, look: Look, frame: Frame = ALONE) -> str:
    """The lines to change, with who asks for each."""
    context = {
        "report": report, "name": config_name(report.config), "outside": OUTSIDE, "changed": changed,
        "moving": moving, "lost_words": lost_words, "fewer_words": fewer_words,
        "next": [repair_command(report)], "not_fittest": NOT_FITTEST,
        "core_head": absent_head(report) or core_head(report.core), "kernel_words": kernel_words, "cause": cause_words,
        "least": no_fewer(Proof(len(report.changes), report.bound, report.out_of_time)),
    }  # fmt: skip
    return page("profiles/report/templates:repair.html.j2", context, frame)


RENDERERS = {GenerateReport: generate, RepairReport: repair}
