"""GitHub Actions workflow commands, one a line: `::error file=a,line=1,title=t::message`.

Escaping as in actions/toolkit, packages/core/src/command.ts: `%`, CR and LF in the message; `:` and `,` besides in
the properties. Other control characters are spelled out, so that no reader finds a second line.
"""

from __future__ import annotations

from kcfg.answers.facts import Location, Reason, ResolveReport
from kcfg.answers.report.sentences import sentence
from kcfg.answers.report.words import is_file, reason_words
from kcfg.base.text import plural, prose, relative, visible
from kcfg.show.terminal import Look


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


def because(reasons: tuple[Reason, ...]) -> list[str]:
    """The chain, a line for each step."""
    return ["  " * r.depth + reason_words(r) for r in reasons]


def resolve(report: ResolveReport, look: Look) -> str:
    """One warning a line that does not come out as asked."""
    out = []
    for d in report.differences:
        title = f"{visible(d.symbol)} does not come out as asked"
        message = [f"asked {visible(d.asked)}, got {visible(d.got)}", *because(d.reasons)]
        out.append(line("warning", title, message, d.where))
    out += [line("notice", w.kind, [prose(sentence(w))], w.where) for w in report.warnings]
    count = plural(len(report.differences), "line does", "lines do")
    out.append(line("notice", f"{report.tool} resolve", [f"{count} not come out as asked"]))
    return "".join(out)


RENDERERS = {ResolveReport: resolve}
