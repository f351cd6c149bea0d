"""Markdown tables as GitHub renders them.

User data is neutralised by character references, which are never markup: a pipe is `&#124;`, so that a table keeps
its columns; `@name` and `#1` are split by an empty comment, so that nobody is notified and no issue is linked.
"""

from __future__ import annotations

from collections.abc import Sequence

from kcfg.answers.facts import Location, Reason, ResolveReport, Status
from kcfg.answers.report.words import SIGNS, kernel_words
from kcfg.base.text import plural, visible
from kcfg.base.version import KernelUsed
from kcfg.show.markdown import code, escape, table
from kcfg.show.terminal import Look
from profiles.findings import ConfigResult, Finding, Level, ModesReport, Report
from profiles.report.common import CHECK_WORDS, MODE_WORDS, all_findings, next_commands, summary, symbol_name


def _where(where: Location | None) -> str:
    return code(str(where)) if where else ""


def _verdict(status: Status, words: dict[Status, str]) -> str:
    return f"{SIGNS[status]} {words[status]}"


def _chain(reasons: Sequence[Reason]) -> list[str]:
    """A nested list; a level is never deeper than one below the line before, as Markdown wants it."""
    lines = []
    depth = -1
    for reason in reasons:
        depth = min(max(0, reason.depth), depth + 1)
        place = f" ({_where(reason.where)})" if reason.where else ""
        lines.append(f"{'  ' * depth}- {escape(reason.text) or '&#8203;'}{place}")
    return lines


def _folded(title: str, lines: Sequence[str]) -> list[str]:
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>", ""]


def _kernel(kernel: KernelUsed | None) -> list[str]:
    if not kernel:
        return []
    return [f"Judged by {escape(kernel_words(kernel))}", ""] + ([f"> {escape(kernel.note)}", ""] if kernel.note else [])


def _row(finding: Finding) -> list[str]:
    word = {Status.UNKNOWN: f"{finding.level}: cannot evaluate", Status.WAIVED: "waived"}
    sign = "!" if finding.status is Status.FAIL and finding.level is Level.RECOMMENDED else SIGNS[finding.status]
    told = [escape(finding.message)]
    told += [f"Waiver: {escape(finding.waiver)}"] if finding.waiver else []
    told += [f"Why: {escape(finding.why)}"] if finding.why else []
    told += [f"Source: {escape(finding.source)}"] if finding.source else []
    return [
        f"{sign} {word.get(finding.status, finding.level.value)}",
        code(symbol_name(finding)),
        code(finding.wanted),
        code(finding.got),
        _where(finding.config_line),
        "<br>".join(t for t in told if t),
        "<br>".join(code(fix) for fix in finding.fix),
    ]


def _findings(findings: Sequence[Finding]) -> list[str]:
    if not findings:
        return []
    head = ("Level", "Symbol", "Wanted", "Is", "Where", "What", "Fix")
    lines = [*table(head, map(_row, findings)), ""]
    for finding in findings:
        if finding.reasons:
            lines += _folded(f"Reasons: {code_html(symbol_name(finding))}", _chain(finding.reasons))
    return lines


def code_html(text: str) -> str:
    """A code font where Markdown is not read, as inside <summary>."""
    return f"<code>{''.join(c if c.isalnum() or c in ' _-' else f'&#{ord(c)};' for c in visible(text))}</code>"


def _result(result: ConfigResult) -> list[str]:
    lines = [f"## {code(result.config) or 'configuration'}", "", *_kernel(result.kernel)]
    if result.error:
        return [*lines, f"{_verdict(Status.UNKNOWN, CHECK_WORDS)}: {escape(result.error)}", ""]
    rows = []
    for p in result.profiles:
        by = [sum(f.status is s for f in p.findings) for s in (Status.FAIL, Status.UNKNOWN, Status.WAIVED)]
        note = escape(p.note)
        title = "<br>".join(t for t in (escape(p.title), note) if t)
        rows.append([code(p.profile), title, _verdict(p.status, CHECK_WORDS), str(p.passed), *map(str, by)])
    head = ("Profile", "Title", "Verdict", "Hold", "Unmet", "Unknown", "Waived")
    lines += [*table(head, rows), ""] if rows else []
    for profile in result.profiles:
        if profile.findings:
            lines += [f"### {code(profile.profile)}", "", *_findings(profile.findings)]
    if result.findings:
        lines += ["### About the input", "", *_findings(result.findings)]
    return lines


def _next(commands: Sequence[str]) -> list[str]:
    return ["Next: " + ", ".join(code(line) for line in commands), ""] if commands else []


def check(report: Report, look: Look) -> str:
    """Headings, a table of profiles and one of findings each; reasons fold out."""
    lines = [f"# {escape(report.tool)} check", "", summary(report), ""]
    for result in report.results:
        lines += _result(result)
    if any(all_findings(result) for result in report.results):
        lines += _next(next_commands(report))
    return "\n".join(lines).rstrip("\n") + "\n"


def modes(report: ModesReport, look: Look) -> str:
    """One table; the reasons of what cannot be fold out."""
    head = ("Mode", "Title", "Verdict", "Note")
    rows = [[code(r.mode), escape(r.title), _verdict(r.verdict, MODE_WORDS), escape(r.note)] for r in report.rows]
    lines = [f"# {escape(report.tool)} modes: {code(report.config)}", "", *_kernel(report.kernel)]
    lines += [*table(head, rows), ""]
    for row in report.rows:
        if row.reasons:
            lines += _folded(f"{code_html(row.mode)} {MODE_WORDS[row.verdict]}", _chain(row.reasons))
    return "\n".join(lines).rstrip("\n") + "\n"


def resolve(report: ResolveReport, look: Look) -> str:
    """One table of what does not come out as asked."""
    number = len(report.differences)
    said = f"{plural(number, 'line does', 'lines do')} not come out as asked; "
    said += f"{plural(report.enabled, 'symbol')} enabled"
    lines = [f"# {escape(report.tool)} resolve: {code(report.config)}", "", *_kernel(report.kernel), said, ""]
    rows = [[code(d.symbol), code(d.asked), code(d.got), _where(d.where)] for d in report.differences]
    lines += [*table(("Symbol", "Asked", "Got", "Where"), rows), ""] if rows else []
    for d in report.differences:
        if d.reasons:
            lines += _folded(f"Reasons: {code_html(d.symbol)}", _chain(d.reasons))
    lines += ["Warnings:", "", *_chain(report.warnings)] if report.warnings else []
    return "\n".join(lines).rstrip("\n") + "\n"


RENDERERS = {Report: check, ModesReport: modes, ResolveReport: resolve}
