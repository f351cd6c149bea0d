"""How `kcfg explain` looks as text; as JSON it is the data itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kcfg.answers.effects import ChangedSymbol
from kcfg.answers.explain import ChangedLine, CoreLine, ExplainReport, OtherChange
from kcfg.answers.report.proof import kept_by, no_fewer
from kcfg.answers.report.words import AT_THE_END, chain, header, place
from kcfg.base.text import plural
from kcfg.kconfig.config import format_line
from kcfg.show.terminal import Line, Look, paint
from kcfg.solver.results import Proof, Why

NAMED = 4
"""How many symbols a changed line is said to be for, before they are counted."""
NUMBERS = "what their numbers and texts can be"
LOST = 3
"""How many lost lines are named, before they are counted."""
ENOUGH = {
    True: "Each of these lines is needed for that, and together they are enough",
    False: "Together these lines are enough for that, and it may take fewer",
}
OUTSIDE = {"architecture": "decided by the architecture", "compiler": "decided by the compiler"}


def explain_text(report: ExplainReport, look: Look) -> str:
    """Everything one `kcfg explain` has to say, for people."""
    lines = header(report.config or " ".join(report.goals), report.kernel, look)
    lines += [[(f"  {said}", "unsure")] for said in carried_words(report)]
    for name, value in report.values:
        lines.append([("  now  ", "dim"), (f"{name}={value or 'unset'}", "strong")])
    lines += chain(report.reasons, 4, look)
    if report.verified_by or not report.possible:
        lines += [[], *(possible_lines(report, look) if report.possible else core_text(report, look))]
    return paint(lines, look)


def carried_words(report: ExplainReport) -> list[str]:
    """What to say of goals that were asked for by an old name."""
    return [f"{old} is an old name: its line is {new}'s in this kernel" for old, new in report.carried]


def possible_lines(report: ExplainReport, look: Look) -> list[Line]:
    """That it is possible, and the lines to change."""
    base = "the configuration" if report.config else "the kernel's defaults"
    goals = ", ".join(report.goals)
    if not report.changes:
        return [[(f"{look.sign('✓', '+')} {goals}: ", "good"), (f"so it is in {base}", "")]]
    count = len(report.changes)
    least = no_fewer(Proof(count, report.bound, report.out_of_time))
    head = f"possible with {count} changed line{'s' * (count != 1)} from {base} ({least})"
    lines: list[Line] = [[(f"{look.sign('✓', '+')} {goals}: ", "good"), (head, "")]]
    lines += [changed_line(change) for change in report.changes]
    told = f"{others_changed(report.symbols_changed)}; " if report.config else ""
    then = f"{plural(report.enabled, 'symbol')} {'is' if report.enabled == 1 else 'are'} enabled then"
    kept = f"kept by {kept_by(report.verified_by)} ({report.seconds:.1f} s)"
    lines.append([(f"  {told}{then}; {kept}", "dim")])
    lines += lost_lines(report)
    lines += other_lines(report.other) if report.other else []
    return lines + symbol_lines(report.symbols)


class Effects(Protocol):
    """What says which of the user's other lines no longer come out, and which of them come out as more."""

    @property
    def lines_lost(self) -> tuple[str, ...]: ...

    @property
    def lines_raised(self) -> tuple[str, ...]: ...


def lost_lines(change: Effects) -> list[Line]:
    """The user's other lines that no longer come out as asked."""
    return [[(f"  {words}", "unsure")] for words in lost_words(change)]


def lost_words(change: Effects) -> list[str]:
    """How many of the user's other lines come out no longer, how many as more than they say, and the first of them."""
    lost = tuple(name for name in change.lines_lost if name not in change.lines_raised)
    return [
        f"{plural(len(names), 'other line')} of yours {verbs[len(names) > 1]}: "
        + ", ".join(names[:LOST])
        + ", ..." * (len(names) > LOST)
        for names, verbs in (
            (lost, ("no longer comes out", "no longer come out")),
            (change.lines_raised, ("comes out as more than it says", "come out as more than they say")),
        )
        if names
    ]


def symbol_lines(symbols: tuple[ChangedSymbol, ...]) -> list[Line]:
    """The symbols that get another value, one by one."""
    if not symbols:
        return []
    return [
        [("  the symbols that get another value:", "")],
        *([(f"    {one.symbol}  {one.old} -> {one.new}", "")] for one in symbols),
    ]


def other_words(other: OtherChange) -> str:
    """What another change is for, and what it costs."""
    least = no_fewer(Proof(len(other.changes), other.bound, other.out_of_time))
    count = plural(len(other.changes), "changed line")
    return f"or with {', '.join(other.stays)} as now: {count} ({least}); {others_changed(other.symbols_changed)}"


def others_changed(count: int) -> str:
    """How many symbols get another value."""
    return f"{plural(count, 'symbol')} {'gets' if count == 1 else 'get'} another value"


def other_lines(other: OtherChange) -> list[Line]:
    """The change that leaves more alone."""
    return [
        [(f"  {other_words(other)}", "")],
        *(changed_line(change) for change in other.changes),
        *lost_lines(other),
    ]


def changed_line(change: ChangedLine) -> Line:
    """The line, what it was, what it is for, and whether it undoes a line of the user's own."""
    line: Line = [(f"    {changed(change)}", "fix"), (f"   was {change.old}" if change.old else "", "dim")]
    line.append((f"   for {purpose(change)}" if purpose(change) else "", "dim"))
    return [*line, *undoing(change), (moving(change), "dim")]


def purpose(change: ChangedLine) -> str:
    """What does not come out without a line that is not asked for itself; "" for one that is."""
    if change.why == Why.GOAL or not change.lost:
        return ""
    return ", ".join(change.lost[:NAMED]) + f" and {len(change.lost) - NAMED} more" * (len(change.lost) > NAMED)


def undoing(change: ChangedLine) -> Line:
    """That the line is the user's own, and whether another change would leave it."""
    if not change.undoes:
        return []
    return [(f"   undoes your line{', as every change with so few lines does' * change.needed}", "unsure")]


def moving(change: ChangedLine) -> str:
    """That the line has to stand behind others: what it says does not count in its place."""
    if change.moves:
        return "   your line, moved to the end: the last one of a choice counts"
    return AT_THE_END if change.last else ""


def changed(change: ChangedLine) -> str:
    """The line as a .config has it."""
    return format_line(change.symbol, change.new, quoted=change.quoted)


def core_text(report: ExplainReport, look: Look) -> list[Line]:
    """That it is impossible, and the statements that make it so."""
    goals = ", ".join(report.core_goals)
    head: Line = [(f"{look.sign('✗', 'x')} {goals}: ", "bad"), ("impossible on ", "")]
    head.append((f"{report.kernel.version} {report.kernel.arch}", "strong"))
    lines = [head, *statement_lines(report.core)]
    if report.core_more:
        lines.append([("  There are other reasons besides these lines.", "dim")])
    deciders = {one.outside for one in report.core if one.outside}
    said = [f"  It holds for this {outside}: another one may answer otherwise." for outside in sorted(deciders)]
    return lines + [[(one, "unsure")] for one in said]


def statement_lines(core: Sequence[CoreLine]) -> list[Line]:
    """The statements of a core, and where their numbers come from."""
    needed, sources = ([statement_line(one) for one in core if one.source is source] for source in (False, True))
    if not needed:
        return []
    lines: list[Line] = [[(f"  {core_head(core)}", "")], *needed]
    return [*lines, [(f"  {NUMBERS[0].upper()}{NUMBERS[1:]}:", "")], *sources] if sources else lines


def core_head(core: Sequence[CoreLine]) -> str:
    """What is said before the statements of a core: whether all of them are needed."""
    if len(core) == 1:
        return "This line is enough for that:"
    exact = all(one.needed for one in core if not one.source)
    return f"{ENOUGH[exact]}{f', with {NUMBERS}' * any(one.source for one in core)}:"


def statement_line(one: CoreLine) -> Line:
    """One statement: the symbol, what it says, where."""
    line: Line = [(f"    {one.symbol or 'block':<28}", "strong"), (f" {one.text}  ", ""), place(one.where)]
    if one.outside:
        line.append((f"  ({OUTSIDE[one.outside]})", "unsure"))
    return line
