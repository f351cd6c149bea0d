"""What the texts of all answers share: signs, the header, a chain of reasons with its places, the next command."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from kcfg.answers.facts import Location, Reason, ReasonKind, ResolveReport, Status
from kcfg.answers.report.sentences import sentence
from kcfg.base.text import command, prose, visible
from kcfg.base.version import KernelUsed
from kcfg.show.terminal import Line, Look, Span

AT_THE_END = "   at the end: the last one of a choice counts"
MAX_SYMBOL = 36  # columns; a longer name moves the rest of its own line only
MAX_VALUE = 60  # characters of a string value before it is cut
NO_FILES = ("", "-", "stdin")
ASCII_SIGNS = {Status.PASS: "+", Status.FAIL: "x", Status.UNKNOWN: "?", Status.WAIVED: "~"}
STYLES = {Status.PASS: "good", Status.FAIL: "bad", Status.UNKNOWN: "unsure", Status.WAIVED: "dim"}
SIGNS = {Status.PASS: "✓", Status.FAIL: "✗", Status.UNKNOWN: "?", Status.WAIVED: "~"}


def kernel_words(kernel: KernelUsed) -> str:
    """ "Linux 6.12.48 x86_64 (snapshot linux-6.12)": the model, not the kernel that the configuration is of."""
    by = f"{kernel.origin} {kernel.name}".strip()
    return prose(f"Linux {kernel.version} {kernel.arch} ({by})")


def config_name(config: str) -> str:
    """A configuration's name for a person."""
    return config if is_file(config) else "standard input"


def is_file(config: str) -> bool:
    """Whether a configuration's name can be typed again; standard input's cannot."""
    return config not in NO_FILES


def reason_words(reason: Reason) -> str:
    """The reason and its place: "depends on PCI (drivers/xen/Kconfig:12)"."""
    return prose(sentence(reason)) + (f" ({visible(str(reason.where))})" if reason.where else "")


def resolve_next(report: ResolveReport) -> list[str]:
    """What to type next: the first line that does not come out as asked, of a symbol that the kernel has."""
    asked = [
        one.symbol
        for one in report.differences
        if not any(reason.kind is ReasonKind.UNKNOWN_SYMBOL and not reason.depth for reason in one.reasons)
    ]
    if not asked:
        return []
    parts = [part for part in report.parts or (report.config,) if is_file(part)]
    here = [word for part in parts for word in ("--config", part)]
    return [command("kcfg", "show", asked[0], *here, *report.kernel.options)]


def sign(status: Status, look: Look) -> str:
    """The sign of a verdict, as the stream can show it."""
    return look.sign(SIGNS[status], ASCII_SIGNS[status])


def short(value: str, look: Look) -> str:
    """A value on one line, cut where it is very long."""
    text = visible(value)
    return text if len(text) <= MAX_VALUE else text[:MAX_VALUE] + look.sign("…", "...")


def wrapped(lead: Line, text: str, style: str, look: Look, tail: Span | None = None) -> list[Line]:
    """`text` wrapped after `lead`, further lines indented below the first; `tail` ends the last line if it fits."""
    indent = sum(len(span[0]) for span in lead)
    room = max(20, look.width - indent)
    parts = textwrap.wrap(prose(text), room, break_long_words=False, break_on_hyphens=False) or [""]
    lines: list[Line] = [[*lead, (parts[0], style)]]
    lines += [[(" " * indent, ""), (part, style)] for part in parts[1:]]
    if tail and tail[0]:
        if len(parts[-1]) + 2 + len(tail[0]) <= room or not parts[-1]:
            lines[-1] += [("  " if parts[-1] else "", ""), tail]
        else:
            lines.append([(" " * indent, ""), tail])
    return lines


def place(where: Location | None) -> Span:
    """A place as a span that a terminal can jump to."""
    return (visible(str(where)), "place") if where else ("", "")


def chain(reasons: Sequence[Reason], indent: int, look: Look) -> list[Line]:
    """The reasons, each below the one that it explains, each with its place at its end."""
    lines: list[Line] = []
    hook = look.sign("└ ", "- ")
    for reason in reasons:
        lead: Line = [(" " * (indent + 2 * max(0, reason.depth)), ""), (hook, "dim")]
        lines += wrapped(lead, sentence(reason), "", look, place(reason.where))
    return lines


def labelled(label: str, text: str, indent: int, look: Look) -> list[Line]:
    """A labelled paragraph, nothing when it is empty."""
    return wrapped([(" " * indent + f"{label:<7}", "dim")], text, "dim", look) if text else []


def header(config: str, kernel: KernelUsed | None, look: Look) -> list[Line]:
    """The configuration, the kernel that judges it, and what there is to note about that."""
    name = visible(config) if is_file(config) else "standard input"
    lines: list[Line] = [[(name, "strong")]]
    if kernel:
        lines[0] += [("  judged by ", ""), (kernel_words(kernel), "")]
        if kernel.note:
            lines += wrapped([("  note: ", "unsure")], kernel.note, "", look)
    return lines


def next_lines(commands: Sequence[str]) -> list[Line]:
    """The commands to type next, the first one labelled."""
    return [[("next: " if number == 0 else "      ", "dim"), (line, "command")] for number, line in enumerate(commands)]
