"""Text for people: the answer first, each statement with its place, the next command last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphs.findings import (
    CompareReport,
    CyclesReport,
    DominatorsReport,
    GraphEdge,
    HistoryReport,
    Loss,
    NeededByReport,
    NeedsReport,
    Path,
    PathReport,
    PathStep,
)
from graphs.findings import SetLine as UserLine
from graphs.report.compare import compare_text
from graphs.report.words import statement_words
from kcfg.answers.facts import Reason
from kcfg.answers.report.sentences import sentence
from kcfg.answers.report.words import kernel_words, place, wrapped
from kcfg.base.text import command, plural, visible
from kcfg.base.version import KernelUsed
from kcfg.show.terminal import Line, Look, paint

MAX_LISTED = 40
MAX_LOOPS = 20
VERBS = {"select": "selects", "selected-by": "is selected by", "implied-by": "is implied by", "choice": "is one of"}


def title(words: str, kernel: KernelUsed) -> list[Line]:
    """The question, and the kernel that it is put to."""
    lines: list[Line] = [[(words, "strong"), ("  ", ""), (kernel_words(kernel), "dim")]]
    if kernel.note:
        lines.append([(f"  note: {visible(kernel.note)}", "unsure")])
    return lines


def at(text: str) -> Line:
    """A place, in its own style."""
    return [("  ", ""), (visible(text), "place")]


def words_of(edge: GraphEdge) -> str:
    """What an edge says of its nodes: "needs", "selects", "needs one of several:"."""
    if edge.kind in VERBS:
        return VERBS[edge.kind]
    word = "defaults to" if edge.kind == "default" else "needs" if edge.sign > 0 else "needs the absence of"
    return f"{word} one of several:" if edge.alternative else word


def step_lines(step: PathStep, depth: int) -> list[Line]:
    """One step of a path: what it is for, then the statement with its place."""
    edge = min(step.edges, key=lambda one: (one.alternative, one.sign < 0))
    head = "  " * depth
    return [
        [(f"{head}{step.source} ", "strong"), (f"{words_of(edge)} ", ""), (step.target, "strong")],
        [(f"{head}  {visible(edge.statement)}", "dim"), *at(edge.place)],
    ]


def path_lines(path: Path) -> list[Line]:
    """Every step of a path."""
    return [line for step in path.steps for line in step_lines(step, 2)]


def path_text(report: PathReport, look: Look) -> str:
    """`kcfg graph path`."""
    arrow = look.sign("→", "->")
    lines = title(f"{report.source} {arrow} {report.target}", report.kernel)
    if report.source == report.target:
        return paint([*lines, [("  they are the same", "")]], look)
    if not report.length:
        lines.append([(f"  {look.sign('✗', 'x')} no path: {report.source} never leads to {report.target}", "")])
        if report.back:
            lines.append([(f"  the other way round there is one, of {plural(report.back, 'step')}", "")])
        return paint(lines, look)
    if report.certain is not None:
        answer = f"{report.source} needs {report.target}, or turns it on"
        lines.append([(f"  {look.sign('✓', '+')} certain: ", "good"), (answer, "")])
        lines += path_lines(report.certain)
    else:
        lines.append([("  ? not certain: ", "unsure"), ("every path has a step that is one of several", "")])
    others = [path for path in report.paths if report.certain is None or path.nodes != report.certain.nodes]
    if others:
        more = f" (of {report.count})" if report.count > len(report.paths) else ""
        lines.append([(f"  shortest: {plural(report.length, 'step')}, {plural(len(others), 'path')}{more}", "strong")])
        for number, path in enumerate(others, 1):
            lines.append([(f"   {number}. ", "dim"), (" - ".join(path.nodes), "")])
            lines += path_lines(path)
    if not report.source.startswith("mode:"):
        ask = command("kcfg", "explain", f"{report.source}", f"{report.target}=n", *report.kernel.options)
        lines += [[], [("  exactly: ", "dim"), (ask, "command")]]
    return paint(lines, look)


def user_lines(lines: Iterable[UserLine]) -> str:
    """ "XEN_PV=n XEN=y"."""
    return " ".join(f"{one.symbol}={one.value}" for one in lines)


def needs_text(report: NeedsReport, look: Look) -> str:
    """`kcfg graph needs`."""
    lines = title(f"what {report.symbol} needs", report.kernel)
    if report.core:
        lines.append([(f"  {look.sign('✗', 'x')} it can never be on:", "bad")])
        lines += reasons(report.core)
    else:
        count = plural(len(report.ways), "way") + ("" if report.complete else " of more")
        lines.append([(f"  {count} to turn it on from nothing, no line of which can be left out:", "strong")])
        for number, way in enumerate(report.ways, 1):
            mark = "" if way.verified else "  (not confirmed by resolving it)"
            lines.append([(f"   {number}. ", "dim"), (user_lines(way.lines), "fix"), (mark, "unsure")])
            if way.probes:
                asked = visible(" ".join(way.probes))
                lines.append([(f"      if {asked} says y, which nothing here answers", "unsure")])
        if report.common:
            lines += wrapped([("  on in every one of them: ", "strong")], " ".join(report.common), "", look)
    lines.append([])
    for one in report.cone:
        state = {"always": " (always on here)", "never": " (never on here)"}.get(one.state, "")
        sure = "" if one.certain else look.sign("┄ ", "~ ")
        lines.append(
            [
                (f"  {'  ' * one.depth}{sure}{one.name}{state}", "strong" if one.certain else ""),
                (f"  {one.needed_by}: {visible(one.statement)}", "dim"),
                *at(one.place),
            ]
        )
    return paint(lines, look)


def reasons(found: Sequence[Reason]) -> list[Line]:
    """One line for each, with its place."""
    return [[(f"    {visible(sentence(one))}  ", ""), place(one.where)] for one in found]


def needed_by_text(report: NeededByReport, look: Look) -> str:
    """`kcfg graph needed-by`."""
    base = visible(report.config) if report.config else "the kernel's defaults"
    lines = title(f"what goes when {report.symbol} goes", report.kernel)
    if report.base:
        lines.append([(f"  {base}, with ", ""), (user_lines(report.base), "fix"), (" so that it is on", "")])
    else:
        lines.append([(f"  {base}: {report.symbol}={report.value}", "")])
    if report.doubt is not None:
        lines.append([(f"  ? {visible(sentence(report.doubt))}", "unsure")])
    if report.core:
        can = "it can never be on:" if not report.value or report.value == "n" else "nothing turns it off:"
        lines += [[(f"  {look.sign('✗', 'x')} {can}", "bad")], *reasons(report.core)]
    elif report.off:
        lines.append([("  it goes with ", ""), (user_lines(report.off), "fix")])
        if report.others:
            lines.append([(f"  also, with more than that: {user_lines(report.others)}", "dim")])
        heads = (("lost", report.lost), ("gained", report.gained), ("changed", report.changed))
        for head, found in heads:
            if found:
                lines += [[], [(f"  {head}: {plural(len(found), 'symbol')}", "strong")], *losses(found, look)]
    else:
        lines.append([("  it is n already, so nothing goes", "")])
    if report.never:
        shown = " ".join(report.never[:MAX_LISTED])
        more = f" and {len(report.never) - MAX_LISTED} more" if len(report.never) > MAX_LISTED else ""
        lines += [[], [("  can never be on without it: ", "strong"), (shown + more, "")]]
    return paint(lines, look)


def losses(found: Sequence[Loss], look: Look) -> list[Line]:
    """One line for each symbol: its values before and after, and the statement behind it."""
    wide = min(36, max(len(one.symbol) for one in found))
    arrow = look.sign("→", "->")
    out: list[Line] = []
    for one in found:
        change = f"{visible(one.old) or 'n'} {arrow} {visible(one.new) or 'n'}"
        line: Line = [(f"    {one.symbol:<{wide}} ", "strong"), (change, "")]
        if one.reason is not None:
            line += [(f"  {visible(sentence(one.reason))}", "dim")]
            if one.reason.where:
                line += [("  ", ""), place(one.reason.where)]
        out.append(line)
    return out


def dominators_text(report: DominatorsReport, look: Look) -> str:
    """`kcfg graph dominators`."""
    lines = title(f"what every way to {report.mode} passes", report.kernel)
    if report.why_not:
        return paint([*lines, [(f"  {look.sign('✗', 'x')} {visible(report.why_not)}", "bad")]], look)
    lines.append([(f"  {plural(len(report.dominators), 'symbol')}, besides {report.always} that are always on", "")])
    wide = min(36, max((len(one.name) for one in report.dominators), default=0))
    for one in report.dominators:
        mark = look.sign("●", "*") if one.asked else look.sign("○", "o") if one.prompt else " "
        why = f"{one.needed_by}: {one.statement}" if one.needed_by else one.statement or "every alternative needs it"
        lines.append(
            [(f"  {mark} {one.name:<{wide}}  ", "strong" if one.prompt else ""), (visible(why), "dim"), *at(one.place)]
        )
    signs = f"{look.sign('●', '*')} a rule asks for it, {look.sign('○', 'o')} a user can set it"
    return paint([*lines, [], [(f"  {signs}", "dim")]], look)


def cycles_text(report: CyclesReport, look: Look) -> str:
    """`kcfg graph cycles`."""
    lines = title("circles", report.kernel)
    if report.recursive:
        count = plural(len(report.recursive), "recursive dependency", "recursive dependencies")
        lines.append([(f"  {count}, which Kconfig refuses:", "bad")])
    else:
        lines.append([(f"  {look.sign('✓', '+')} no recursive dependency", "good")])
    for cycle in report.recursive:
        lines += [[(f"    {', '.join(cycle.nodes)}", "strong")]]
        lines += [line for step in cycle.steps for line in step_lines(step, 3)]
    if report.loops:
        count = plural(len(report.loops), "loop")
        lines += [[], [(f"  {count}: what needs another one is turned on by it (legal)", "strong")]]
    for cycle in report.loops[:MAX_LOOPS]:
        shown = cycle.nodes if len(cycle.nodes) <= 6 else (*cycle.nodes[:5], f"and {len(cycle.nodes) - 5} more")
        lines.append([(f"    {', '.join(shown)}", "strong")])
        lines += [line for step in cycle.steps for line in step_lines(step, 3)]
    if len(report.loops) > MAX_LOOPS:
        lines.append([(f"    and {len(report.loops) - MAX_LOOPS} more (--format json has all)", "dim")])
    return paint(lines, look)


def history_text(report: HistoryReport, look: Look) -> str:
    """`kcfg graph history`."""
    first = report.rows[0].kernel
    count = plural(len(report.rows), "kernel")
    lines: list[Line] = [[(f"{report.symbol}  ", "strong"), (f"{first.arch}, {count}", "dim")]]
    for number, row in enumerate(report.rows):
        places = ", ".join(str(one) for one in row.places) or "not defined"
        never = "  can never be on" if row.possible is False else ""
        lines += [[], [(f"  Linux {row.kernel.version}  ", "strong"), (places, "place"), (never, "bad")]]
        started = number == 0 or (row.places and not report.rows[number - 1].places)
        if started:
            for told in row.statements:
                lines.append([(f"    {told.kind} {visible(statement_words(told))}  ", ""), place(told.where)])
        elif not row.changes:
            lines.append([("    as before", "dim")])
        else:
            for change in row.changes:
                one = change.statement
                text = f"    {'+' if change.new else '-'} {one.kind} {visible(statement_words(one))}"
                lines.append([(text, "good" if change.new else "bad"), ("  ", ""), place(one.where)])
    return paint(lines, look)


RENDERERS = {
    PathReport: path_text,
    NeedsReport: needs_text,
    NeededByReport: needed_by_text,
    DominatorsReport: dominators_text,
    CyclesReport: cycles_text,
    CompareReport: compare_text,
    HistoryReport: history_text,
}
