"""Markdown: tables to paste into an issue or a merge request. Code spans keep names apart from markup."""

from __future__ import annotations

from graphs.findings import CompareReport, DominatorsReport, HistoryReport, NeededByReport, NeedsReport
from graphs.report.compare import BOTH, LEFT, RIGHT, grouped, side
from graphs.report.words import statement_words
from kcfg.answers.report.sentences import sentence
from kcfg.answers.report.words import kernel_words
from kcfg.base.text import prose
from kcfg.show.markdown import code, escape, table
from kcfg.show.terminal import Look


def compare_markdown(report: CompareReport, look: Look) -> str:
    """`kcfg graph compare`."""
    words = {BOTH: "both", LEFT: report.left, RIGHT: report.right, "": ""}
    lines = [f"## {escape(report.left)} and {escape(report.right)}", ""]
    for row in report.rows:
        for mode, why in ((report.left, row.left_why), (report.right, row.right_why)):
            if why:
                lines.append(f"* Linux {row.kernel.version}: no {escape(mode)}: {escape(prose(why))}")
    names = [name for _, found in grouped(report) for name in found]
    heads = ["option", *(f"{row.kernel.version}" for row in report.rows)]
    cells = ([code(name), *(escape(words[side(row, name)]) for row in report.rows)] for name in names)
    return "\n".join([*lines, "", *table(heads, cells)]) + "\n"


def history_markdown(report: HistoryReport, look: Look) -> str:
    """`kcfg graph history`."""
    lines = [f"## {code(report.symbol)}", ""]
    rows = []
    for number, row in enumerate(report.rows):
        where = "<br>".join(code(str(one)) for one in row.places) or "not defined"
        if number == 0 or (row.places and not report.rows[number - 1].places):
            told = [f"{one.kind} {code(statement_words(one))}" for one in row.statements]
        else:
            told = [
                f"{'+' if one.new else '−'} {one.statement.kind} {code(statement_words(one.statement))}"
                for one in row.changes
            ]
        rows.append([row.kernel.version, where, "<br>".join(told) or "as before"])
    return "\n".join([*lines, *table(["Linux", "defined at", "statements, then changes"], rows)]) + "\n"


def needed_by_markdown(report: NeededByReport, look: Look) -> str:
    """`kcfg graph needed-by`."""
    lines = [f"## What goes when {code(report.symbol)} goes", "", escape(kernel_words(report.kernel)), ""]
    if report.off:
        lines += [f"Turned off by {' '.join(code(f'{one.symbol}={one.value}') for one in report.off)}.", ""]
    rows = [
        [
            code(one.symbol),
            code(one.old or "n"),
            code(one.new or "n"),
            escape(prose(sentence(one.reason))) if one.reason else "",
            code(str(one.reason.where)) if one.reason and one.reason.where else "",
        ]
        for one in (*report.lost, *report.gained, *report.changed)
    ]
    return "\n".join([*lines, *table(["option", "before", "after", "why", "where"], rows)]) + "\n"


def needs_markdown(report: NeedsReport, look: Look) -> str:
    """`kcfg graph needs`."""
    lines = [f"## What {code(report.symbol)} needs", "", escape(kernel_words(report.kernel)), ""]
    lines += [
        f"{number}. {' '.join(code(f'{one.symbol}={one.value}') for one in way.lines)}"
        for number, way in enumerate(report.ways, 1)
    ]
    return "\n".join(lines) + "\n"


def dominators_markdown(report: DominatorsReport, look: Look) -> str:
    """`kcfg graph dominators`."""
    lines = [f"## What every way to {escape(report.mode)} passes", "", escape(kernel_words(report.kernel)), ""]
    if report.why_not:
        return "\n".join([*lines, escape(prose(report.why_not))]) + "\n"
    rows = [
        [
            code(one.name),
            "a rule" if one.asked else "",
            code(one.needed_by) if one.needed_by else "",
            code(one.statement) if one.statement else "",
            code(one.place) if one.place else "",
        ]
        for one in report.dominators
    ]
    return "\n".join([*lines, *table(["option", "asked for by", "needed by", "statement", "where"], rows)]) + "\n"


RENDERERS = {
    CompareReport: compare_markdown,
    HistoryReport: history_markdown,
    NeededByReport: needed_by_markdown,
    NeedsReport: needs_markdown,
    DominatorsReport: dominators_markdown,
}
