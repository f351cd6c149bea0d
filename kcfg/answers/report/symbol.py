"""How `kcfg show` looks as text; as JSON it is the data itself."""

from __future__ import annotations

from collections.abc import Iterable

from kcfg.answers.describe import SymbolReport, ValuedStatement
from kcfg.answers.report.words import chain, header, kernel_words, place
from kcfg.base.text import command
from kcfg.show.terminal import Line, Look, paint

MAX_LISTED = 12  # of the symbols that select it


def show_text(report: SymbolReport, look: Look, *, everything: bool = False) -> str:
    """Everything about one symbol, for people."""
    lines: list[Line] = [[(report.symbol, "strong"), (f"  {report.type}  ", ""), (kernel_words(report.kernel), "")]]
    if report.kernel.note:
        lines += header("", report.kernel, look)[1:]
    for definition in report.definitions:
        lines += [[], [("  defined at  ", "dim"), place(definition.where)]]
        if definition.prompt is None:
            lines.append([("    no prompt: only defaults and selects set it", "")])
        else:
            lines += statements([definition.prompt], look)
        lines += statements([*definition.depends, *definition.defaults, *definition.ranges, *definition.selects], look)
    for title, found in (("selected by", report.selected_by), ("implied by", report.implied_by)):
        if found:
            shown = found if everything else sorted(found, key=lambda one: one.value not in ("y", "m"))[:MAX_LISTED]
            lines += [[], [(f"  {title}  ", "dim"), (f"{len(found)}", "")], *statements(shown, look)]
            if len(shown) < len(found):
                lines.append([(f"    and {len(found) - len(shown)} more (--all)", "dim")])
    if report.choice:
        lines += [[], [("  one of     ", "dim"), (" ".join(report.choice), "")]]
    if report.config:
        lines += [[], *value_lines(report, look)]
    else:
        again = command("kcfg", "show", report.symbol, "--config", ".config", *report.kernel.options)
        lines += [[], [("next: ", "dim"), (again, "command")]]
    return paint(lines, look)


def value_lines(report: SymbolReport, look: Look) -> list[Line]:
    """The value in a configuration, and why."""
    first: Line = [("  in ", "dim"), (report.config, "strong"), (": ", ""), (report.value or "unset", "strong")]
    if report.at_most:
        first.append((f"  ({bounds(report.at_most, report.at_least)})", "dim"))
    if report.line:
        first += [("  ", ""), place(report.line)]
    return [first, *chain(report.reasons, 4, look)]


def bounds(at_most: str, at_least: str) -> str:
    """What a user and what selects can make of a symbol, each y, m or n."""
    settable = "cannot be set here" if at_most == "n" else f"can be set up to {at_most}"
    return f"{settable}, {'nothing selects it' if at_least == 'n' else f'selected to at least {at_least}'}"


def statements(found: Iterable[ValuedStatement], look: Look) -> list[Line]:
    """Statements, each with its value where there is one, and its place."""
    lines: list[Line] = []
    for one in found:
        line: Line = [(f"    {one.text}", "")]
        if one.value:
            style = {"y": "good", "m": "good", "n": "bad"}[one.value]
            line += [("  ", ""), (f"[{one.value}]", style)]
        lines.append([*line, ("  ", ""), place(one.where)])
    return lines
