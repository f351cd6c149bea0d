"""GitHub Actions workflow commands; `kcfg.answers.report.github` says how they are escaped."""

from __future__ import annotations

from kcfg.answers.facts import Location, Status
from kcfg.answers.report.github import because, line
from kcfg.base.text import prose, visible
from kcfg.show.terminal import Look
from profiles.findings import Finding, Level, Report
from profiles.report.common import all_findings, summary, symbol_name, wanted_got


def _kind(finding: Finding) -> str:
    if finding.status in (Status.WAIVED, Status.PASS):
        return "notice"
    return "warning" if finding.level is Level.RECOMMENDED else "error"


def _finding(finding: Finding, config: str) -> str:
    words = {Status.UNKNOWN: "cannot evaluate", Status.WAIVED: "waived"}.get(finding.status, finding.level.value)
    title = f"{prose(finding.profile)}: {symbol_name(finding)} {words}"
    message = [prose(finding.message), wanted_got(finding), *because(finding.reasons)]
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


RENDERERS = {Report: check}
