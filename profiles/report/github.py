"""GitHub Actions workflow commands, one a line: `::error file=a,line=1,title=t::message`.

Escaping as in actions/toolkit, packages/core/src/command.ts: `%`, CR and LF in the message; `:` and `,` besides in
the properties. Other control characters are spelled out, so that no reader finds a second line.
"""

from __future__ import annotations

from kcfg.answers.facts import Location, Reason, ResolveReport, Status
from kcfg.answers.report.words import is_file, reason_words
from kcfg.base.text import plural, prose, relative, visible
from kcfg.show.terminal import Look
from profiles.findings import Finding, Level, Report
from profiles.report.common import all_findings, summary, symbol_name, wanted_got


def data(lines: list[str]) -> str:
    """A message of several lines, escaped."""
    return "%0A".join(visible(line).replace("%", "%25") for line in lines if line)


def value(text: str) -> str:
    """A property's value, escaped."""
    return visible(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")


def line(kind: str, title: str, message: list[str], where: Location | None = None) -> str:
    """One workflow command. Standard input is no file that GitHub could point at."""
    properties = []
    if where and is_file(where.path):
        properties.append(f"file={value(relative(where.path))}")
        if where.line:
            properties.append(f"line={where.line}")
    properties.append(f"title={value(title)}")
    return f"::{kind} {','.join(properties)}::{data(message) or '-'}\n"


def _kind(finding: Finding) -> str:
    if finding.status in (Status.WAIVED, Status.PASS):
        return "notice"
    return "warning" if finding.level is Level.RECOMMENDED else "error"


def _because(reasons: tuple[Reason, ...]) -> list[str]:
    return ["  " * r.depth + reason_words(r) for r in reasons]


def _finding(finding: Finding, config: str) -> str:
    words = {Status.UNKNOWN: "cannot evaluate", Status.WAIVED: "waived"}.get(finding.status, finding.level.value)
    title = f"{prose(finding.profile)}: {symbol_name(finding)} {words}"
    message = [prose(finding.message), wanted_got(finding), *_because(finding.reasons)]
    message += [f"fix: {visible(fix)}" for fix in finding.fix]
    message += [f"why: {prose(finding.why)}"] if finding.why else []
    message += [f"source: {prose(finding.source)}"] if finding.source else []
    message += [f"waived: {prose(finding.waiver)}"] if finding.waiver else []
    return line(_kind(finding), title, message, finding.config_line or Location(config))


def check(report: Report, look: Look) -> str:
    """One command a finding, one a configuration that could not be read, and a notice with the counts."""
    out = []
    for result in report.results:
        if result.error:
            out.append(line("error", "cannot read the configuration", [prose(result.error)], Location(result.config)))
        out += [_finding(finding, result.config) for finding in all_findings(result)]
        out += [
            line("error", f"{prose(p.profile)}: cannot evaluate", [prose(p.note)], Location(result.config))
            for p in result.profiles
            if p.status is Status.UNKNOWN and not p.findings
        ]
    out.append(line("notice", f"{report.tool} check", [summary(report)]))
    return "".join(out)


def resolve(report: ResolveReport, look: Look) -> str:
    """One warning a line that does not come out as asked."""
    out = []
    for d in report.differences:
        title = f"{visible(d.symbol)} does not come out as asked"
        message = [f"asked {visible(d.asked)}, got {visible(d.got)}", *_because(d.reasons)]
        out.append(line("warning", title, message, d.where))
    out += [line("notice", w.kind, [prose(w.text)], w.where) for w in report.warnings]
    count = plural(len(report.differences), "line does", "lines do")
    out.append(line("notice", f"{report.tool} resolve", [f"{count} not come out as asked"]))
    return "".join(out)


RENDERERS = {Report: check, ResolveReport: resolve}
