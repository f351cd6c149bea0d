"""Text for people: aligned, a sign and a word for every verdict, each reason with its place, the next command last.

Functions return lines of (text, style); terminal.paint turns them into plain or coloured text. Lines with a place are
never broken inside it, so that a terminal or an editor can jump to `path:line`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kcfg.answers.facts import Status
from kcfg.answers.report.words import (
    MAX_SYMBOL,
    MAX_VALUE,
    STYLES,
    chain,
    header,
    labelled,
    next_lines,
    place,
    short,
    sign,
    wrapped,
)
from kcfg.base.errors import USAGE
from kcfg.base.text import plural, prose, visible
from kcfg.show.terminal import Line, Look, Span, paint
from profiles.findings import Asks, ConfigResult, Finding, Level, ModeRow, ModesReport, ProfileResult, Report
from profiles.report.common import (
    CHECK_WORDS,
    MODE_WORDS,
    differs,
    fewer,
    fewest,
    modes_next,
    next_commands,
    says_more,
    summary,
    symbol_name,
    tally,
    wanted_got,
    what_is,
)

# --- check ---


def _label(finding: Finding, look: Look) -> Span:
    mark = sign(finding.status, look)
    if finding.status is Status.FAIL and finding.level is Level.RECOMMENDED:
        return f"! {finding.level}", "unsure"
    return f"{mark} {finding.level}", STYLES[finding.status]


def _finding(finding: Finding, symbols: int, values: int, look: Look) -> list[Line]:
    label, style = _label(finding, look)
    first: Line = [("    ", ""), (f"{label:<15}", style), (f"{symbol_name(finding):<{symbols}}", "strong")]
    at = finding.config_line
    if finding.asked:
        wanted = "" if finding.asks is Asks.WAYS else f"wanted {short(finding.wanted, look)}, "
        head = f"  {wanted}asked {short(finding.asked, look)}"
        tail = f", {what_is(finding, lambda value: short(value, look))}"
        lines = [[*first, (f"{head} at ", ""), place(at), (tail, "")]]
    else:
        value = _values(finding, look)
        told = at is None or not at.line or any(reason.where == at for reason in finding.reasons)
        lines = [[*first, (f"  {value:<{values}}", ""), ("  ", ""), ("", "") if told else place(at)]]
    lines += wrapped([(" " * 6, "")], finding.message, "", look) if says_more(finding) else []
    lines += chain(finding.reasons, 6, look)
    for number, fix in enumerate(finding.fix):
        lines.append([(" " * 6 + ("fix    " if number == 0 else " " * 7), "dim"), (visible(fix), "fix")])
    lines += labelled("waiver", finding.waiver, 6, look)
    lines += labelled("why", finding.why, 6, look)
    lines += labelled("source", finding.source, 6, look)
    return lines


def _values(finding: Finding, look: Look) -> str:
    return wanted_got(finding, lambda value: short(value, look))


def _findings(findings: Iterable[Finding], look: Look) -> list[Line]:
    listed = list(findings)
    symbols = max((min(MAX_SYMBOL, len(symbol_name(f))) for f in listed), default=0)
    values = max((min(MAX_VALUE, len(_values(f, look))) for f in listed if not f.asked), default=0)
    lines: list[Line] = []
    for finding in listed:
        lines += _finding(finding, symbols, values, look)
    return lines


def _profile(profile: ProfileResult, own_version: str, look: Look) -> list[Line]:
    verdict = f"{sign(profile.status, look)} {CHECK_WORDS[profile.status]}"
    line: Line = [("  ", ""), (verdict, STYLES[profile.status]), ("  ", ""), (visible(profile.profile), "strong")]
    line += [(f"  {prose(profile.title)}" if profile.title else "", ""), (f"  ({tally(profile)})", "dim")]
    lines = [line]
    lines += wrapped([("    note: ", "unsure")], profile.note, "", look) if profile.note else []
    lines += labelled("series", differs(profile.could_differ, own_version), 4, look)
    lines += _findings(profile.findings, look)
    if profile.mend:
        lines.append([("    mend   ", "dim"), (f"{plural(len(profile.mend), 'line')}, {fewest(profile)}:", "")])
        lines += [[(f"           {text}", "fix")] for text in profile.mend]
        if profile.mend_fewer:
            lines.append([(f"           {fewer(profile)}:", "")])
            lines += [[(f"           {text}", "fix")] for text in profile.mend_fewer]
    return lines


def _result(result: ConfigResult, look: Look) -> list[Line]:
    lines = header(result.config, result.kernel, look)
    if result.error:
        word = "unreadable" if result.error_status == USAGE else CHECK_WORDS[Status.UNKNOWN]
        return lines + wrapped([(f"  {sign(Status.UNKNOWN, look)} {word}  ", "unsure")], result.error, "", look)
    for profile in result.profiles:
        lines += [[], *_profile(profile, result.own_version, look)]
    if result.findings:
        lines += [[], [("  about the input", "strong")], *_findings(result.findings, look)]
    return lines


def check(report: Report, look: Look) -> str:
    """Everything one `kcfg check` has to say."""
    lines: list[Line] = []
    for result in report.results:
        lines += [*_result(result, look), []]
    lines += [[(summary(report), "strong")], *next_lines(next_commands(report))]
    return paint(lines, look)


# --- modes ---


def _mode_lines(rows: Sequence[ModeRow], look: Look, own_version: str = "") -> list[Line]:
    modes = max((min(MAX_SYMBOL, len(visible(r.mode))) for r in rows), default=0)
    verdicts = max((len(MODE_WORDS[r.verdict]) for r in rows), default=0)
    titles = max((len(prose(r.title)) for r in rows), default=0)
    lines: list[Line] = []
    for row in rows:
        word = f"{sign(row.verdict, look)} {MODE_WORDS[row.verdict]:<{verdicts}}"
        lead: Line = [("  ", ""), (f"{visible(row.mode):<{modes}}  ", "strong"), (word, STYLES[row.verdict])]
        if titles and look.width >= 60:
            lead.append((f"  {prose(row.title):<{titles}}", "dim" if row.verdict is Status.PASS else ""))
        lines.append(lead)
        lines += wrapped([("      ", "")], row.note, "", look) if row.note else []
        lines += chain(row.reasons, 6, look)
        lines += labelled("series", differs(row.could_differ, own_version), 6, look) if row.could_differ else []
    return lines


def modes(report: ModesReport, look: Look) -> str:
    """Everything one `kcfg modes` has to say."""
    lines = [*header(report.config, report.kernel, look), [], *_mode_lines(report.rows, look, report.own_version), []]
    can = sum(row.verdict in (Status.PASS, Status.WAIVED) for row in report.rows)
    lines.append([(f"{can} of {plural(len(report.rows), 'mode')} can run", "strong")])
    if report.own_version:
        firm = sum(row.could_differ == () for row in report.rows)
        said = f"the rules are those for Linux {visible(report.own_version)}, the configuration's own; "
        lines.append([(f"{said}{firm} of {len(report.rows)} verdicts cannot differ there", "dim")])
    lines += next_lines(modes_next(report))
    return paint(lines, look)


RENDERERS = {Report: check, ModesReport: modes}
