"""The text of `kcfg resolve`."""

from __future__ import annotations

from kcfg.answers.facts import Difference, ResolveReport, Status
from kcfg.answers.report.sentences import sentence
from kcfg.answers.report.words import MAX_SYMBOL, chain, header, next_lines, place, resolve_next, short, sign, wrapped
from kcfg.base.text import plural, visible
from kcfg.show.terminal import Line, Look, paint


def _difference(difference: Difference, symbols: int, look: Look) -> list[Line]:
    change = f"asked {short(difference.asked, look)}, got {short(difference.got, look) or 'nothing'}"
    line: Line = [("  ", ""), (sign(Status.FAIL, look) + " ", "bad")]
    line += [(f"{visible(difference.symbol):<{symbols}}", "strong"), (f"  {change}  ", ""), place(difference.where)]
    return [line, *chain(difference.reasons, 6, look)]


def resolve_text(report: ResolveReport, look: Look) -> str:
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
        lines += wrapped([("  ! warning  ", "unsure")], sentence(warning), "", look, place(warning.where))
    number = len(report.differences)
    said = plural(number, "line does", "lines do") + " not come out as asked" if number else ""
    if report.untold:
        said += f"{', and ' if number else ''}of {plural(report.untold, 'line')} it cannot be told"
    said = said or "every line comes out as asked"
    lines += [[], [(f"{said}; {plural(report.enabled, 'symbol')} enabled", "strong")]]
    lines += next_lines(resolve_next(report))
    return paint(lines, look)
