"""Two modes side by side, as text: one line a symbol, one column a kernel."""

from __future__ import annotations

from graphs.findings import CompareReport, CompareRow
from kcfg.base.text import visible
from kcfg.show.terminal import Line, Look, paint

BOTH, LEFT, RIGHT = "both", "left", "right"


def side(row: CompareRow, name: str) -> str:
    """Which of the modes needs a symbol on one kernel, "" for none."""
    if name in row.shared:
        return BOTH
    return LEFT if name in row.only_left else RIGHT if name in row.only_right else ""


def grouped(report: CompareReport) -> list[tuple[str, list[str]]]:
    """(side on the newest kernel that tells them apart, symbols), those that a user can set first."""
    names = {name for row in report.rows for name in (*row.shared, *row.only_left, *row.only_right)}
    told = [row for row in report.rows if not row.left_why and not row.right_why] or list(report.rows)
    groups: dict[str, list[str]] = {BOTH: [], LEFT: [], RIGHT: []}
    for name in sorted(names, key=lambda one: (one not in report.prompts, one)):
        latest = next((found for row in reversed(told) if (found := side(row, name))), "")
        latest = latest or next(found for row in reversed(report.rows) if (found := side(row, name)))
        groups[latest].append(name)
    return [(where, found) for where, found in groups.items() if found]


def compare_text(report: CompareReport, look: Look) -> str:
    """`kcfg graph compare`."""
    signs = {BOTH: look.sign("●", "*"), LEFT: "<", RIGHT: ">", "": look.sign("·", ".")}
    heads = {BOTH: "both need", LEFT: f"only {report.left} needs", RIGHT: f"only {report.right} needs"}
    columns = [".".join(row.kernel.version.split(".")[:2]) for row in report.rows]
    wide = max([36, *(len(name) for _, names in grouped(report) for name in names)])
    arch = report.rows[0].kernel.arch if report.rows else ""
    lines: list[Line] = [[(f"{report.left} and {report.right}  ", "strong"), (arch, "dim")]]
    for row in report.rows:
        for mode, why in ((report.left, row.left_why), (report.right, row.right_why)):
            if why:
                lines.append([(f"  {row.kernel.version}: no {mode}: ", "unsure"), (visible(why), "")])
        if row.together is False:
            lines.append([(f"  {row.kernel.version}: no kernel can be both", "unsure")])
    for where, names in grouped(report):
        lines += [[], [(f"  {heads[where]:<{wide}}  ", "strong"), ("".join(f"{one:>6}" for one in columns), "dim")]]
        for name in names:
            cells = "".join(f"{signs[side(row, name)]:>6}" for row in report.rows)
            lines.append([(f"    {name:<{wide}}", "strong" if name in report.prompts else ""), (cells, "")])
    key = f"{signs[BOTH]} both, < only {report.left}, > only {report.right}, {signs['']} neither needs it"
    return paint([*lines, [], [(f"  {key}; options that a user can set come first", "dim")]], look)
