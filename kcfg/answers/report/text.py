"""Text for people: which function tells which answer."""

from __future__ import annotations

from kcfg.answers.describe import SymbolReport
from kcfg.answers.explain import ExplainReport
from kcfg.answers.facts import ResolveReport
from kcfg.answers.report.explain import explain_text
from kcfg.answers.report.resolve import resolve_text
from kcfg.answers.report.symbol import show_text

RENDERERS = {ResolveReport: resolve_text, SymbolReport: show_text, ExplainReport: explain_text}
