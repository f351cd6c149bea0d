"""@DOC@"""

from __future__ import annotations

from kcfg.answers.facts import Difference, ResolveReport, Status
from kcfg.answers.report.words import MAX_SYMBOL, _next, _short, _sign, _wrapped, chain, header, place, resolve_next
from kcfg.base.text import plural, visible
from kcfg.show.terminal import Line, Look, paint


def _difference(difference: Difference, symbols: int, look: Look) -> list[Line]:
    change = f"asked {_short(difference.asked, look)}, got {_short(difference.got, look) or 'nothing'}"
    line: Line = [("  ", ""), (_sign(Status.FAIL, look) + " ", "bad")]
    line += [(f"{visible(difference.symbol):<{symbols}}", "strong"), (f"  {change}  ", ""), place(difference.where)]
    return [line, *chain(difference.reasons, 6, look)]


def resolve(report: ResolveReport, look: Look) -> str:
    """Everything one `kcfg resolve` has to say."""
    lines = header(report.config, report.kernel, look)
    if report.differences:
        lines.append([])
    symbols = max((min(MAX_SYMBOL, len(visible(d.symbol))) for d in report.differences), default=0)
    for difference in report.differences:
        lines += _difference(difference, symbols, look)
    if report.warnings:
        lines.append([])
    for warning in report.warnings:
        lines += _wrapped([("  ! warning  ", "unsure")], warning.text, "", look, place(warning.where))
    number = len(report.differences)
    said = plural(number, "line does", "lines do") + " not come out" if number else "every line comes out"
    lines += [[], [(f"{said} as asked; {plural(report.enabled, 'symbol')} enabled", "strong")]]
    lines += _next(resolve_next(report))
    return paint(lines, look)
