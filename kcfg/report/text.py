"""Text for people: aligned, a sign and a word for every verdict, each reason with its place, the next command last.

Functions return lines of (text, style); terminal.paint turns them into plain or coloured text. Lines with a place are
never broken inside it, so that a terminal or an editor can jump to `path:line`.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from kcfg.errors import USAGE
from kcfg.findings import (
    ConfigResult,
    Difference,
    Finding,
    KernelUsed,
    Level,
    Location,
    ModeRow,
    ModesReport,
    ProfileResult,
    Reason,
    Report,
    ResolveReport,
    Status,
)
from kcfg.report.common import (
    CHECK_WORDS,
    MODE_WORDS,
    SIGNS,
    is_file,
    kernel_words,
    modes_next,
    next_commands,
    plural,
    prose,
    resolve_next,
    says_more,
    summary,
    symbol_name,
    tally,
    visible,
    wanted_got,
)
from kcfg.report.terminal import Line, Look, Span, paint

MAX_SYMBOL = 36  # columns; a longer name moves the rest of its own line only
MAX_VALUE = 60  # characters of a string value before it is cut

_STYLE = {Status.PASS: "good", Status.FAIL: "bad", Status.UNKNOWN: "unsure", Status.WAIVED: "dim"}
_ASCII = {Status.PASS: "+", Status.FAIL: "x", Status.UNKNOWN: "?", Status.WAIVED: "~"}


def _sign(status: Status, look: Look) -> str:
    return look.sign(SIGNS[status], _ASCII[status])


def _short(value: str, look: Look) -> str:
    text = visible(value)
    return text if len(text) <= MAX_VALUE else text[:MAX_VALUE] + look.sign("…", "...")


def _wrapped(lead: Line, text: str, style: str, look: Look, tail: Span | None = None) -> list[Line]:
    """`text` wrapped after `lead`, further lines indented below the first; `tail` ends the last line if it fits."""
    indent = sum(len(span[0]) for span in lead)
    room = max(20, look.width - indent)
    parts = textwrap.wrap(prose(text), room, break_long_words=False, break_on_hyphens=False) or [""]
    lines: list[Line] = [[*lead, (parts[0], style)]]
    lines += [[(" " * indent, ""), (part, style)] for part in parts[1:]]
    if tail and tail[0]:
        if len(parts[-1]) + 2 + len(tail[0]) <= room or not parts[-1]:
            lines[-1] += [("  " if parts[-1] else "", ""), tail]
        else:
            lines.append([(" " * indent, ""), tail])
    return lines


def place(where: Location | None) -> Span:
    """A place as a span that a terminal can jump to."""
    return (visible(str(where)), "place") if where else ("", "")


def chain(reasons: Sequence[Reason], indent: int, look: Look) -> list[Line]:
    """The reasons, each below the one that it explains, each with its place at its end."""
    lines: list[Line] = []
    hook = look.sign("└ ", "- ")
    for reason in reasons:
        lead: Line = [(" " * (indent + 2 * max(0, reason.depth)), ""), (hook, "dim")]
        lines += _wrapped(lead, reason.text, "", look, place(reason.where))
    return lines


def labelled(label: str, text: str, indent: int, look: Look) -> list[Line]:
    """A labelled paragraph, nothing when it is empty."""
    return _wrapped([(" " * indent + f"{label:<7}", "dim")], text, "dim", look) if text else []


def header(config: str, kernel: KernelUsed | None, look: Look) -> list[Line]:
    """The configuration, the kernel that judges it, and what there is to note about that."""
    name = visible(config) if is_file(config) else "standard input"
    lines: list[Line] = [[(name, "strong")]]
    if kernel:
        lines[0] += [("  judged by ", ""), (kernel_words(kernel), "")]
        if kernel.note:
            lines += _wrapped([("  note: ", "unsure")], kernel.note, "", look)
    return lines


# --- check ---


def _label(finding: Finding, look: Look) -> Span:
    sign = _sign(finding.status, look)
    if finding.status is Status.FAIL and finding.level is Level.RECOMMENDED:
        return f"! {finding.level}", "unsure"
    return f"{sign} {finding.level}", _STYLE[finding.status]


def _finding(finding: Finding, symbols: int, values: int, look: Look) -> list[Line]:
    label, style = _label(finding, look)
    first: Line = [("    ", ""), (f"{label:<15}", style), (f"{symbol_name(finding):<{symbols}}", "strong")]
    value = _values(finding, look)
    at = finding.config_line
    told = at is None or not at.line or any(reason.where == at for reason in finding.reasons)
    lines = [[*first, (f"  {value:<{values}}", ""), ("  ", ""), ("", "") if told else place(at)]]
    lines += _wrapped([(" " * 6, "")], finding.message, "", look) if says_more(finding) else []
    lines += chain(finding.reasons, 6, look)
    for number, fix in enumerate(finding.fix):
        lines.append([(" " * 6 + ("fix    " if number == 0 else " " * 7), "dim"), (visible(fix), "fix")])
    lines += labelled("waiver", finding.waiver, 6, look)
    lines += labelled("why", finding.why, 6, look)
    lines += labelled("source", finding.source, 6, look)
    return lines


def _values(finding: Finding, look: Look) -> str:
    return wanted_got(finding, lambda value: _short(value, look))


def _findings(findings: Iterable[Finding], look: Look) -> list[Line]:
    listed = list(findings)
    symbols = max((min(MAX_SYMBOL, len(symbol_name(f))) for f in listed), default=0)
    values = max((min(MAX_VALUE, len(_values(f, look))) for f in listed), default=0)
    lines: list[Line] = []
    for finding in listed:
        lines += _finding(finding, symbols, values, look)
    return lines


def _profile(profile: ProfileResult, look: Look) -> list[Line]:
    verdict = f"{_sign(profile.status, look)} {CHECK_WORDS[profile.status]}"
    line: Line = [("  ", ""), (verdict, _STYLE[profile.status]), ("  ", ""), (visible(profile.profile), "strong")]
    line += [(f"  {prose(profile.title)}" if profile.title else "", ""), (f"  ({tally(profile)})", "dim")]
    lines = [line]
    lines += _wrapped([("    note: ", "unsure")], profile.note, "", look) if profile.note else []
    lines += _findings(profile.findings, look)
    if profile.mend:
        lines.append([("    mend   ", "dim"), (f"{plural(len(profile.mend), 'line')}, the fewest that will do:", "")])
        lines += [[(f"           {text}", "fix")] for text in profile.mend]
    return lines


def _result(result: ConfigResult, look: Look) -> list[Line]:
    lines = header(result.config, result.kernel, look)
    if result.error:
        word = "unreadable" if result.error_status == USAGE else CHECK_WORDS[Status.UNKNOWN]
        return lines + _wrapped([(f"  {_sign(Status.UNKNOWN, look)} {word}  ", "unsure")], result.error, "", look)
    for profile in result.profiles:
        lines += [[], *_profile(profile, look)]
    if result.findings:
        lines += [[], [("  about the input", "strong")], *_findings(result.findings, look)]
    return lines


def _next(commands: Sequence[str]) -> list[Line]:
    return [[("next: " if number == 0 else "      ", "dim"), (line, "command")] for number, line in enumerate(commands)]


def check(report: Report, look: Look) -> str:
    """Everything one `kcfg check` has to say."""
    lines: list[Line] = []
    for result in report.results:
        lines += [*_result(result, look), []]
    lines += [[(summary(report), "strong")], *_next(next_commands(report))]
    return paint(lines, look)


# --- modes ---


def _mode_lines(rows: Sequence[ModeRow], look: Look) -> list[Line]:
    modes = max((min(MAX_SYMBOL, len(visible(r.mode))) for r in rows), default=0)
    verdicts = max((len(MODE_WORDS[r.verdict]) for r in rows), default=0)
    titles = max((len(prose(r.title)) for r in rows), default=0)
    lines: list[Line] = []
    for row in rows:
        word = f"{_sign(row.verdict, look)} {MODE_WORDS[row.verdict]:<{verdicts}}"
        lead: Line = [("  ", ""), (f"{visible(row.mode):<{modes}}  ", "strong"), (word, _STYLE[row.verdict])]
        if titles and look.width >= 60:
            lead.append((f"  {prose(row.title):<{titles}}", "dim" if row.verdict is Status.PASS else ""))
        lines.append(lead)
        lines += _wrapped([("      ", "")], row.note, "", look) if row.note else []
        lines += chain(row.reasons, 6, look)
    return lines


def modes_table(rows: Sequence[ModeRow], look: Look | None = None) -> str:
    """The table of modes alone: mode, verdict, title, and below what stands in the way."""
    look = look or Look()
    return paint(_mode_lines(rows, look), look)


def modes(report: ModesReport, look: Look) -> str:
    """Everything one `kcfg modes` has to say."""
    lines = [*header(report.config, report.kernel, look), [], *_mode_lines(report.rows, look), []]
    can = sum(row.verdict in (Status.PASS, Status.WAIVED) for row in report.rows)
    lines.append([(f"{can} of {plural(len(report.rows), 'mode')} can run", "strong")])
    lines += _next(modes_next(report))
    return paint(lines, look)


# --- resolve ---


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


RENDERERS = {Report: check, ModesReport: modes, ResolveReport: resolve}
