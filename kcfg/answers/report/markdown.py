"""Markdown tables as GitHub renders them.

User data is neutralised by character references, which are never markup: a pipe is `&#124;`, so that a table keeps
its columns; `@name` and `#1` are split by an empty comment, so that nobody is notified and no issue is linked.
"""

from __future__ import annotations

from collections.abc import Sequence

from kcfg.answers.facts import Location, Reason, ResolveReport
from kcfg.answers.report.sentences import sentence
from kcfg.answers.report.words import kernel_words
from kcfg.base.text import plural, visible
from kcfg.base.version import KernelUsed
from kcfg.show.markdown import code, escape, table
from kcfg.show.terminal import Look


def where_code(where: Location | None) -> str:
    """A place in a code font."""
    return code(str(where)) if where else ""


def chain(reasons: Sequence[Reason]) -> list[str]:
    """A nested list; a level is never deeper than one below the line before, as Markdown wants it."""
    lines = []
    depth = -1
    for reason in reasons:
        depth = min(max(0, reason.depth), depth + 1)
        place = f" ({where_code(reason.where)})" if reason.where else ""
        lines.append(f"{'  ' * depth}- {escape(sentence(reason)) or '&#8203;'}{place}")
    return lines


def folded(title: str, lines: Sequence[str]) -> list[str]:
    """Lines that fold out below a title."""
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>", ""]


def judged_by(kernel: KernelUsed | None) -> list[str]:
    """The kernel that judges, and what there is to note about that."""
    if not kernel:
        return []
    return [f"Judged by {escape(kernel_words(kernel))}", ""] + ([f"> {escape(kernel.note)}", ""] if kernel.note else [])


def code_html(text: str) -> str:
    """A code font where Markdown is not read, as inside <summary>."""
    return f"<code>{''.join(c if c.isalnum() or c in ' _-' else f'&#{ord(c)};' for c in visible(text))}</code>"


def resolve(report: ResolveReport, look: Look) -> str:
    """One table of what does not come out as asked."""
    number = len(report.differences)
    said = f"{plural(number, 'line does', 'lines do')} not come out as asked; "
    said += f"{plural(report.enabled, 'symbol')} enabled"
    lines = [f"# {escape(report.tool)} resolve: {code(report.config)}", "", *judged_by(report.kernel), said, ""]
    rows = [[code(d.symbol), code(d.asked), code(d.got), where_code(d.where)] for d in report.differences]
    lines += [*table(("Symbol", "Asked", "Got", "Where"), rows), ""] if rows else []
    for d in report.differences:
        if d.reasons:
            lines += folded(f"Reasons: {code_html(d.symbol)}", chain(d.reasons))
    lines += ["Warnings:", "", *chain(report.warnings)] if report.warnings else []
    return "\n".join(lines).rstrip("\n") + "\n"


RENDERERS = {ResolveReport: resolve}
