"""Markdown tables as GitHub renders them; `kcfg.answers.report.markdown` says how user data is neutralised."""

from __future__ import annotations

from collections.abc import Sequence

from kcfg.answers.facts import Status
from kcfg.answers.report.markdown import chain, code_html, folded, judged_by, where_code
from kcfg.answers.report.words import SIGNS
from kcfg.show.markdown import code, escape, table
from kcfg.show.terminal import Look
from profiles.findings import ConfigResult, Finding, Level, ModeRow, ModesReport, Report
from profiles.report.common import CHECK_WORDS, MODE_WORDS, all_findings, differs, next_commands, summary, symbol_name


def _verdict(status: Status, words: dict[Status, str]) -> str:
    return f"{SIGNS[status]} {words[status]}"


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
        (f"asked {code(finding.asked)} at " if finding.asked else "") + where_code(finding.config_line),
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
            lines += folded(f"Reasons: {code_html(symbol_name(finding))}", chain(finding.reasons))
    return lines


def _result(result: ConfigResult) -> list[str]:
    lines = [f"## {code(result.config) or 'configuration'}", "", *judged_by(result.kernel)]
    if result.error:
        return [*lines, f"{_verdict(Status.UNKNOWN, CHECK_WORDS)}: {escape(result.error)}", ""]
    rows = []
    for p in result.profiles:
        by = [sum(f.status is s for f in p.findings) for s in (Status.FAIL, Status.UNKNOWN, Status.WAIVED)]
        note = "<br>".join(escape(one) for one in (p.note, differs(p.could_differ, result.own_version)) if one)
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


def note_of(row: ModeRow, own_version: str) -> str:
    """The obstacles in a word, and whether the verdict could differ in the configuration's own kernel."""
    told = (row.note, differs(row.could_differ, own_version))
    return "<br>".join(escape(one) for one in told if one)


def modes(report: ModesReport, look: Look) -> str:
    """One table; the reasons of what cannot be fold out."""
    head = ("Mode", "Title", "Verdict", "Note")
    rows = [
        [code(r.mode), escape(r.title), _verdict(r.verdict, MODE_WORDS), note_of(r, report.own_version)]
        for r in report.rows
    ]
    lines = [f"# {escape(report.tool)} modes: {code(report.config)}", "", *judged_by(report.kernel)]
    lines += [*table(head, rows), ""]
    for row in report.rows:
        if row.reasons:
            lines += folded(f"{code_html(row.mode)} {MODE_WORDS[row.verdict]}", chain(row.reasons))
    return "\n".join(lines).rstrip("\n") + "\n"


RENDERERS = {Report: check, ModesReport: modes}
